//! Looking up one field by its path, as sources of replacements, variables and `ValueAddTransformer` do.
//!
//! ```
//! use gitops_core::{Map, Seq, Value};
//! use gitops_core::field_path::split_bracketed;
//! use gitops_render::kustomize::lookup::lookup;
//! let named = |name| Value::from(Map::from_iter([("name", Value::from(name))]));
//! let list = Value::from(["a", "b"].map(named).into_iter().collect::<Seq>());
//! let object = Value::from(Map::from_iter([("list", list)]));
//! let found = |path| lookup(&object, &split_bracketed(path, '.')).unwrap().and_then(Value::as_str);
//! assert_eq!(found("list.[name=b].name"), Some("b"));
//! assert_eq!(found("list.-.name"), Some("b"));
//! assert_eq!(found("list.7.name"), None);
//! ```
//!
//! Parts of a path: a name for a field of a map; a number for an item of a list, `-` for its last one; `[name=text]`
//! for the first item whose field has exactly this text, `[=text]` for the first that is this text. Wildcards are
//! refused. A part of the wrong kind of node is an error, anything missing or null on the way is simply not there.

use super::node::{NodeKind, WrongKind, expect, text};
use super::plain;
use gitops_core::{Map, Place, Scalar, Style, Value};

/// Why a path can't be looked up.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum LookupError {
    /// A node of another kind than the part needs.
    #[error(transparent)]
    Kind(#[from] WrongKind),
    /// A negative number.
    #[error("array index {0} cannot be negative")]
    NegativeIndex(i64),
    /// `*`.
    #[error("wildcard is not supported in PathGetter")]
    Wildcard,
    /// Brackets without `=`.
    #[error("list path element must contain fieldName=fieldValue for element to match")]
    Bracket,
    /// `-` of a list without items. The original crashes.
    #[error("`-` asks for the last item of an empty list")]
    EmptyList(Place),
}

/// One part of a path.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Part<'p> {
    Field(&'p str),
    Index(usize),
    Last,
    Item { field: &'p str, value: &'p str },
}

impl<'p> Part<'p> {
    fn parse(text: &'p str) -> Result<Self, LookupError> {
        match text.parse::<i64>() {
            Ok(index) => {
                usize::try_from(index).map(Self::Index).map_err(|_| LookupError::NegativeIndex(index))
            }
            Err(_) if text == "-" => Ok(Self::Last),
            Err(_) if text == "*" => Err(LookupError::Wildcard),
            Err(_) if is_bracket(text) => {
                let (field, value) = split_item(text).ok_or(LookupError::Bracket)?;
                Ok(Self::Item { field, value })
            }
            Err(_) => Ok(Self::Field(text)),
        }
    }

    /// Position of the part in a node, if it is there.
    fn position(&self, node: &Value) -> Result<Option<usize>, LookupError> {
        let needed = if matches!(self, Self::Field(_)) { NodeKind::Map } else { NodeKind::Seq };
        expect(node, needed)?;
        let items = node.as_seq().map_or(&[][..], |seq| seq.items());
        Ok(match self {
            Self::Field(name) => node.as_map().and_then(|map| map.position(name)),
            Self::Index(index) => Some(*index).filter(|index| *index < items.len()),
            Self::Last => Some(items.len().checked_sub(1).ok_or(LookupError::EmptyList(node.place()))?),
            Self::Item { field: "", value } => items.iter().position(|item| text(item) == *value),
            Self::Item { field, value } => {
                items.iter().position(|item| item.get(field).is_some_and(|found| text(found) == *value))
            }
        })
    }

    /// A node for this part where it is missing, if such a part can be made.
    fn create(&self, kind: NodeKind, parent: &mut Value) -> bool {
        match (self, parent) {
            (Self::Field(name), Value::Map(map)) => map.push(plain::key(name), kind.empty()),
            (Self::Item { field, value }, Value::Seq(items)) => items.push(new_item(field, value)),
            _ => return false,
        }
        true
    }
}

/// Whether a part is in brackets.
pub(super) fn is_bracket(part: &str) -> bool {
    part.starts_with('[') && part.ends_with(']')
}

/// Field and value of `[field=value]`.
pub(super) fn split_item(part: &str) -> Option<(&str, &str)> {
    let inner = part.strip_suffix(']').unwrap_or(part);
    inner.strip_prefix('[').unwrap_or(inner).split_once('=')
}

/// An item that `[field=value]` finds; its value has the type it looks like.
pub(super) fn new_item(field: &str, value: &str) -> Value {
    let value = Value::Scalar(Scalar::new(plain::kind(value), value, Style::Plain));
    match field {
        "" => value,
        _ => Value::Map(Map::from_iter([(plain::key(field), value)])),
    }
}

/// Kind of a node that is made before the part `next`, or at the end of the path.
pub(super) fn kind_before(next: Option<&str>, at_end: NodeKind) -> NodeKind {
    match next {
        None | Some("") => at_end,
        Some(next) if is_bracket(next) || next.parse::<i64>().is_ok_and(|index| index >= 0) => NodeKind::Seq,
        Some(_) => NodeKind::Map,
    }
}

fn clean<S: AsRef<str>>(path: &[S]) -> impl Iterator<Item = &str> {
    path.iter().map(|part| part.as_ref().trim()).filter(|part| !part.is_empty())
}

/// The node at the end of a path, which may be null.
pub fn lookup<'v, S: AsRef<str>>(object: &'v Value, path: &[S]) -> Result<Option<&'v Value>, LookupError> {
    let mut node = object;
    for part in clean(path) {
        let part = Part::parse(part)?;
        let Some(position) = part.position(node)? else { return Ok(None) };
        let Some(child) = child(node, position) else { return Ok(None) };
        node = child;
    }
    Ok(Some(node))
}

/// The node at the end of a path for change. Missing fields and `[name=text]` items are made on the way, and a node
/// of `kind` at the end; missing numbered items, and fields of nulls, are not.
pub fn lookup_or_create<'v, S: AsRef<str>>(
    object: &'v mut Value,
    path: &[S],
    kind: NodeKind,
) -> Result<Option<&'v mut Value>, LookupError> {
    let mut node = object;
    let mut parts = clean(path).peekable();
    while let Some(text) = parts.next() {
        let part = Part::parse(text)?;
        let position = match part.position(node)? {
            Some(position) => position,
            None if part.create(kind_before(parts.peek().copied(), kind), node) => {
                count(node).saturating_sub(1)
            }
            None => return Ok(None),
        };
        let Some(child) = child_mut(node, position) else { return Ok(None) };
        node = child;
    }
    Ok(Some(node))
}

fn count(node: &Value) -> usize {
    match node {
        Value::Scalar(_) => 0,
        Value::Seq(items) => items.len(),
        Value::Map(map) => map.len(),
    }
}

/// The child at a position of a list or map.
pub(super) fn child(node: &Value, position: usize) -> Option<&Value> {
    match node {
        Value::Scalar(_) => None,
        Value::Seq(items) => items.get(position),
        Value::Map(map) => map.entries().get(position).map(|entry| &entry.value),
    }
}

/// The child at a position of a list or map, for change.
pub(super) fn child_mut(node: &mut Value, position: usize) -> Option<&mut Value> {
    match node {
        Value::Scalar(_) => None,
        Value::Seq(items) => items.get_mut(position),
        Value::Map(map) => map.entries_mut().get_mut(position).map(|entry| &mut entry.value),
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{json, show};
    use super::*;
    use gitops_core::field_path::split_bracketed;

    #[test]
    fn paths_find_one_node() {
        let object = json(
            r#"{"a":{"b":[{"n":"x","v":1},null,{"n":"y","v":2},{"n":"y","v":3}],"e":[],"t":["p","q"],"z":null},"k.l":5}"#,
        );
        for (path, expected) in [
            ("a.b.0.v", "1"),
            ("a.b.-.v", "3"),
            ("a.b.[n=y].v", "2"),
            ("a.b.[n=n].v", "nothing"),
            ("a.b.9", "nothing"),
            ("a.b.1.v", "nothing"),
            ("a.t.[=q]", "\"q\""),
            ("a.t.[=z]", "nothing"),
            ("a.z", "null"),
            ("a.z.y", "nothing"),
            ("a. .t.0", "\"p\""),
            (r"k\.l", "5"),
            ("[k.l]", "5"),
            (
                "",
                r#"{"a":{"b":[{"n":"x","v":1},null,{"n":"y","v":2},{"n":"y","v":3}],"e":[],"t":["p","q"],"z":null},"k.l":5}"#,
            ),
            ("a.b.n", "wrong node kind: expected MappingNode but got SequenceNode"),
            ("a.0", "wrong node kind: expected SequenceNode but got MappingNode"),
            ("a.b.*.v", "wildcard is not supported in PathGetter"),
            ("a.b.-3", "array index -3 cannot be negative"),
            ("a.b.[n]", "list path element must contain fieldName=fieldValue for element to match"),
            ("a.e.-", "`-` asks for the last item of an empty list"),
        ] {
            let found = match lookup(&object, &split_bracketed(path, '.')) {
                Ok(found) => found.map_or("nothing".to_owned(), show),
                Err(error) => error.to_string(),
            };
            assert_eq!(found, expected, "{path}");
        }
    }

    #[test]
    fn missing_fields_and_items_are_made() {
        for (object, path, expected) in [
            ("{}", "a.b", r#"{"a":{"b":"!"}}"#),
            ("{}", "a.[n=x].v", r#"{"a":[{"n":"x","v":"!"}]}"#),
            (r#"{"a":[{"n":"y"}]}"#, "a.[n=5].v", r#"{"a":[{"n":"y"},{"n":5,"v":"!"}]}"#),
            (r#"{"a":["p"]}"#, "a.[=q]", r#"{"a":["p","!"]}"#),
            (r#"{"a":["p"]}"#, "a.0", r#"{"a":["!"]}"#),
            (r#"{"a":["p"]}"#, "a.1", r#"{"a":["p"]}"#),
            ("{}", "a.0.b", r#"{"a":[]}"#),
            (r#"{"a":null}"#, "a.b", r#"{"a":null}"#),
        ] {
            let mut object = json(object);
            if let Some(node) =
                lookup_or_create(&mut object, &split_bracketed(path, '.'), NodeKind::Scalar).unwrap()
            {
                *node = Value::from("!");
            }
            assert_eq!(show(&object), expected, "{path}");
        }
    }
}
