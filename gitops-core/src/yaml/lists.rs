//! Lists of objects and the objects in them.

use super::error::{ErrorKind, ReadError};
use super::{Document, ReadPath};
use crate::value::{Key, Number, Scalar, ScalarKind, Style, Timestamp, Value, base64};
use std::collections::VecDeque;

/// Replaces documents whose kind ends in `List` by their `items`, as kustomize does with the resources of a file.
///
/// 1. A `List` or `ResourceList` that is the only part of its text gives its items where it stands, as written.
/// 2. Any other document of a kind that ends in `List` and has `items` gives its items behind all other documents of
///    the text, once through JSON: numbers lose their notation, dates become texts, texts become quoted. Lists in
///    lists are unpacked in turn.
/// 3. Items and documents that are null, `{}` or `[]` are dropped, as is a list whose `items` are null. A list
///    without `items` is an object like any other.
///
/// `items` that are no sequence are an error. Whether the items are objects is for the caller to check.
pub fn unpack_lists(documents: Vec<Document>) -> Result<Vec<Document>, ReadError> {
    let mut queue = VecDeque::with_capacity(documents.len());
    for document in documents {
        if document.alone && matches!(kind(&document.root), Some("List" | "ResourceList")) {
            queue.extend(items(&document)?.unwrap_or_else(|| vec![document]));
        } else {
            queue.push_back(document);
        }
    }
    let mut objects = Vec::with_capacity(queue.len());
    while let Some(document) = queue.pop_front() {
        if !holds_something(&document.root) {
            continue;
        }
        let list = kind(&document.root).is_some_and(|kind| kind.ends_with("List"));
        let Some(items) = (if list { items(&document)? } else { None }) else {
            objects.push(document);
            continue;
        };
        for mut item in items {
            through_json(&mut item.root);
            // Each item is read from its JSON as a text of its own, where a `List` gives its items at once.
            if matches!(kind(&item.root), Some("List" | "ResourceList"))
                && let Some(inner) = self::items(&item)?
            {
                queue.extend(inner);
            } else {
                queue.push_back(item);
            }
        }
    }
    Ok(objects)
}

fn kind(root: &Value) -> Option<&str> {
    root.get("kind")?.as_text()
}

fn holds_something(root: &Value) -> bool {
    match root {
        Value::Scalar(scalar) => scalar.kind() != ScalarKind::Null,
        Value::Seq(seq) => !seq.is_empty(),
        Value::Map(map) => !map.is_empty(),
    }
}

/// The items of a list; nothing where it has no such field.
fn items(list: &Document) -> Result<Option<Vec<Document>>, ReadError> {
    let Some(items) = list.root.get("items") else { return Ok(None) };
    match items {
        Value::Seq(seq) => {
            let objects = seq.iter().filter(|item| holds_something(item));
            let document = |item: &Value| Document {
                root: item.clone(),
                place: item.place(),
                comments: list.comments.clone(),
                path: list.path,
                alone: false,
                duplicates: Vec::new(),
            };
            Ok(Some(objects.map(document).collect()))
        }
        _ if items.is_null() => Ok(Some(Vec::new())),
        _ => {
            let kind = kind(&list.root).unwrap_or_default().to_owned();
            Err(ReadError::new(ErrorKind::ListItems(kind), items.place()))
        }
    }
}

/// What is left of a value that was written as JSON, which is all brackets, and read again.
fn through_json(value: &mut Value) {
    let mut pending = vec![value];
    while let Some(value) = pending.pop() {
        match value {
            Value::Scalar(scalar) => scalar_through_json(scalar),
            Value::Seq(seq) => {
                seq.set_flow(true);
                pending.extend(seq.items_mut().iter_mut());
            }
            Value::Map(map) => {
                map.set_flow(true);
                for entry in map.entries_mut() {
                    if entry.key.style() != Style::Double && entry.key.kind() == ScalarKind::Str {
                        let key = Key::typed(entry.key.as_str(), ScalarKind::Str, Style::Double);
                        entry.key = key.at(entry.key.offset());
                    }
                    pending.push(&mut entry.value);
                }
            }
        }
    }
}

fn scalar_through_json(scalar: &mut Scalar) {
    let number = || Number::parse(scalar.text());
    let (kind, text) = match scalar.kind() {
        ScalarKind::Null => (ScalarKind::Null, Some("null".to_owned())),
        ScalarKind::Bool => (ScalarKind::Bool, Some(scalar.text().to_ascii_lowercase())),
        ScalarKind::Int => (ScalarKind::Int, number().and_then(Number::to_go_json)),
        ScalarKind::Float => {
            let text = number().and_then(Number::to_go_json);
            let integral = text.as_deref().and_then(Number::parse).is_some_and(Number::is_integer);
            (if integral { ScalarKind::Int } else { ScalarKind::Float }, text)
        }
        ScalarKind::Timestamp => {
            (ScalarKind::Str, Timestamp::parse(scalar.text()).map(|time| time.to_string()))
        }
        ScalarKind::Binary => (ScalarKind::Str, base64::decode(scalar.text())),
        ScalarKind::Str => (ScalarKind::Str, None),
    };
    if let Some(text) = text {
        scalar.set_text(text);
    }
    scalar.set_kind(kind);
    scalar.set_style(if kind == ScalarKind::Str { Style::Double } else { Style::Plain });
}

/// A document made of a value that no text holds.
impl From<Value> for Document {
    fn from(root: Value) -> Self {
        let place = root.place();
        Self {
            root,
            place,
            comments: Vec::new(),
            path: ReadPath::Complete,
            alone: false,
            duplicates: Vec::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::yaml::{Options, read};

    /// Names of the objects in order.
    fn names(text: &str) -> Vec<String> {
        let documents = read(text.as_bytes(), &Options::kustomize()).unwrap();
        let name =
            |document: Document| document.root.get("n").and_then(Value::as_text).unwrap_or("-").to_owned();
        unpack_lists(documents).unwrap().into_iter().map(name).collect()
    }

    #[test]
    fn order_of_items() {
        let table: [(&str, &[&str]); 9] = [
            ("kind: List\nitems: [{n: a}, {n: b}]", &["a", "b"]),
            ("kind: FooList\nitems: [{n: a}]\n---\n{n: c}\n", &["c", "a"]),
            ("kind: List\nitems: [{n: a}]\n---\n{n: c}\n", &["c", "a"]),
            ("kind: List\nitems: [{kind: FooList, items: [{n: a}]}, {n: b}]", &["b", "a"]),
            ("kind: FooList\nitems: [{kind: List, items: [{n: a}]}, {n: b}]", &["a", "b"]),
            ("kind: FooList\nn: x", &["x"]),
            ("kind: FooList\nitems:\n", &[]),
            ("kind: List\nitems: [null, {}, [], {n: a}]", &["a"]),
            ("kind: List\nitems: null\n", &[]),
        ];
        for (text, expected) in table {
            assert_eq!(names(text), expected, "{text}");
        }
    }

    #[test]
    fn items_must_be_a_sequence() {
        let documents = read(b"kind: FooList\nitems: {a: b}\n", &Options::kustomize()).unwrap();
        assert_eq!(unpack_lists(documents).unwrap_err().kind, ErrorKind::ListItems("FooList".to_owned()));
    }

    #[test]
    fn json_destroys_notation_and_style() {
        let text = "kind: FooList\nitems:\n- {n: 0x10, f: 1.0, g: 1e21, d: 2020-01-02, s: x}\n";
        let documents = read(text.as_bytes(), &Options::kustomize()).unwrap();
        let objects = unpack_lists(documents).unwrap();
        let scalar = |key| objects[0].root.get(key).and_then(Value::as_scalar).unwrap();
        let table = [
            ("n", ScalarKind::Int, "16", Style::Plain),
            ("f", ScalarKind::Int, "1", Style::Plain),
            ("g", ScalarKind::Float, "1e+21", Style::Plain),
            ("d", ScalarKind::Str, "2020-01-02T00:00:00Z", Style::Double),
            ("s", ScalarKind::Str, "x", Style::Double),
        ];
        for (key, kind, text, style) in table {
            let scalar = scalar(key);
            assert_eq!((scalar.kind(), scalar.text(), scalar.style()), (kind, text, style), "{key}");
        }
    }
}
