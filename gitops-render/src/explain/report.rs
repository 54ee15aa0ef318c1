//! Explanations as text and as JSON.

use super::{Change, Explanation, Field};
use gitops_core::json;
use gitops_core::value::{Location, Map, ScalarKind, Seq, Value};
use std::borrow::Cow;
use std::fmt::{self, Write};

/// Columns that a value may take before it is cut.
const VALUE_WIDTH: usize = 60;
/// Columns that values are padded to at most.
const PAD_WIDTH: usize = 48;

/// The object, then each field with its value and its past. A field that nothing changed takes one line.
impl fmt::Display for Explanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", title(self))?;
        let several = self.fields.len() > 1;
        let heads: Vec<String> = self.fields.iter().map(head).collect();
        let single = |field: &Field| several && field.chain.len() == 1;
        let width =
            widest(self.fields.iter().zip(&heads).filter(|(field, _)| single(field)).map(|(_, head)| head));
        for (field, head) in self.fields.iter().zip(&heads) {
            match field.chain.as_slice() {
                [only] if several => line(f, 2, head, width, only)?,
                chain => {
                    writeln!(f, "  {head}")?;
                    write_chain(f, chain)?;
                }
            }
        }
        Ok(())
    }
}

/// `Deployment.apps shop/web (from web)`.
fn title(explanation: &Explanation) -> String {
    let key = &explanation.key;
    let mut title = key.kind.to_string();
    if !key.group.is_empty() {
        title.extend([".", &key.group]);
    }
    title.push(' ');
    if !key.namespace.is_empty() {
        title.extend([&key.namespace, "/"]);
    }
    title.push_str(&key.name);
    if let Some(original) = &explanation.original_name {
        title.extend([" (from ", original, ")"]);
    }
    printable(&title).into_owned()
}

fn head(field: &Field) -> String {
    format!("{}: {}", printable(&field.path.to_string()), shown(field.value.as_ref()))
}

/// Keys and names may hold control characters, which a terminal would obey.
fn printable(text: &str) -> Cow<'_, str> {
    if text.contains(char::is_control) { text.escape_debug().to_string().into() } else { text.into() }
}

fn write_chain(f: &mut fmt::Formatter<'_>, chain: &[Change]) -> fmt::Result {
    let values: Vec<String> = chain.iter().map(|change| shown(change.after.as_ref())).collect();
    let width = widest(values.iter());
    chain.iter().zip(&values).try_for_each(|(change, value)| line(f, 4, value, width, change))
}

fn widest<'a>(texts: impl Iterator<Item = &'a String>) -> usize {
    texts.map(|text| text.chars().count()).filter(|width| *width <= PAD_WIDTH).max().unwrap_or_default()
}

/// A text, padded, and where a change was made.
fn line(f: &mut fmt::Formatter<'_>, indent: usize, text: &str, width: usize, change: &Change) -> fmt::Result {
    write!(f, "{:indent$}{text:width$}", "")?;
    if let Some(location) = change.location() {
        write!(f, "  {location}")?;
    }
    if let Some(action) = &change.action {
        match change.written.as_ref().filter(|_| change.copied) {
            Some(written) => write!(f, "  ({action}, copied from {written})")?,
            None => write!(f, "  ({action})")?,
        }
    }
    f.write_char('\n')
}

/// A value on one line, cut where it is long.
fn shown(value: Option<&Value>) -> String {
    let Some(value) = value else { return "(removed)".to_owned() };
    let text = match value.as_str() {
        Some(text) if is_plain(text) => text.to_owned(),
        _ => json::to_string(value).unwrap_or_else(|_| "…".to_owned()),
    };
    if text.chars().count() <= VALUE_WIDTH {
        return text;
    }
    text.chars().take(VALUE_WIDTH - 1).chain(['…']).collect()
}

/// Whether a string can't be taken for anything else when it is shown without quotes.
fn is_plain(text: &str) -> bool {
    let scalar = crate::kustomize::plain::kind(text);
    scalar == ScalarKind::Str
        && text.trim() == text
        && !text.starts_with(['{', '[', '"'])
        && !text.contains(char::is_control)
}

impl Explanation {
    /// The explanation as data: `object`, and `fields` with `path`, `pointer`, `value`, `masked` and `chain`. An
    /// absent value omits its member.
    ///
    /// ```
    /// # use gitops_render::{MemoryTree, Session};
    /// let session = Session::new(MemoryTree::from_iter([
    ///     ("a.yaml", "apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: a}\n"),
    /// ]));
    /// let answers = session.explain("a.yaml", &"ServiceAccount/a:kind".parse().unwrap()).unwrap();
    /// let json = gitops_core::json::to_string(&answers[0].to_value()).unwrap();
    /// assert_eq!(json, r#"{"object":{"group":"","kind":"ServiceAccount","namespace":"","name":"a"},"fields":[{"path":"kind","pointer":"/kind","value":"ServiceAccount","masked":false,"chain":[{"after":"ServiceAccount","written":{"file":"a.yaml","line":2,"column":7}}]}]}"#);
    /// ```
    #[must_use]
    pub fn to_value(&self) -> Value {
        let mut object = Map::new();
        object.insert("group", text(&self.key.group));
        object.insert("kind", text(&self.key.kind));
        object.insert("namespace", text(&self.key.namespace));
        object.insert("name", text(&self.key.name));
        if let Some(original) = &self.original_name {
            object.insert("originalName", text(original));
        }
        let fields: Seq = self.fields.iter().map(field).collect();
        Value::from(Map::from_iter([("object", Value::from(object)), ("fields", Value::from(fields))]))
    }
}

fn field(field: &Field) -> Value {
    let mut map = Map::from_iter([("path", Value::from(field.path.to_string()))]);
    insert(&mut map, "pointer", field.pointer.as_ref().map(|pointer| Value::from(pointer.to_string())));
    insert(&mut map, "value", field.value.clone());
    map.insert("masked", Value::from(field.masked));
    map.insert("chain", Value::from(field.chain.iter().map(change).collect::<Seq>()));
    Value::from(map)
}

fn change(change: &Change) -> Value {
    let mut map = Map::new();
    insert(&mut map, "action", change.action.as_deref().map(text));
    insert(&mut map, "before", change.before.clone());
    insert(&mut map, "after", change.after.clone());
    insert(&mut map, "configured", change.configured.as_ref().map(location));
    insert(
        &mut map,
        if change.copied { "copiedFrom" } else { "written" },
        change.written.as_ref().map(location),
    );
    Value::from(map)
}

fn location(location: &Location) -> Value {
    Value::from(Map::from_iter([
        ("file", text(&location.file)),
        ("line", Value::from(i64::from(location.line))),
        ("column", Value::from(i64::from(location.column))),
    ]))
}

fn text(text: &str) -> Value {
    Value::from(text)
}

fn insert(map: &mut Map, key: &str, value: Option<Value>) {
    if let Some(value) = value {
        map.insert(key, value);
    }
}
