//! Paths of replacement targets: one path, any number of fields.
//!
//! ```
//! use gitops_core::{Map, Seq, Value};
//! use gitops_render::kustomize::path_match::TargetPath;
//! let named = |name| Value::from(Map::from_iter([("name", Value::from(name))]));
//! let mut list = Value::from(["db", "db-2"].map(named).into_iter().collect::<Seq>());
//! let found = TargetPath::new("[name=db].name").each(&mut list, |name| {
//!     *name = Value::from("x");
//!     Ok(())
//! });
//! assert_eq!(found.unwrap().fields, 2);
//! ```
//!
//! Parts of a path, separated by dots:
//! * a name: the field of a map;
//! * a number: the item of a list, which must be there;
//! * `*`: every item of a list;
//! * `[name=pattern]`: every item whose field matches the pattern; `[=pattern]`: every item that does, whatever
//!   follows in the path. Patterns are regular expressions and match anywhere in the value's YAML text, quotes
//!   included: `[name=db]` finds `db-2`, and `[name=^db$]` does not find `"db"`.
//!
//! A missing field ends the search there; a node of the wrong kind, or a missing number, is an error. A path that
//! goes on inside a scalar is followed in the YAML or JSON text that the scalar is, but what is found there is a copy.

use super::go_regexp::{self, GoRegexpError};
use super::lookup::{child_mut, is_bracket, kind_before, new_item, split_item};
use super::node::{NodeKind, WrongKind, expect};
use super::plain;
use super::route::{Guide, Route, Step};
use super::yaml_text;
use gitops_core::field_path::split_bracketed;
use gitops_core::yaml::{Options, ReadError, read_first};
use gitops_core::{Key, Place, Value};
use regex::Regex;
use std::cell::Cell;

/// Why a path can't be followed or its field not be set.
#[derive(Clone, Debug, thiserror::Error)]
pub enum MatchError {
    /// A node of another kind than the part needs.
    #[error(transparent)]
    Kind(#[from] WrongKind),
    /// A list is shorter.
    #[error("index {index} specified but only {len} elements found")]
    Index {
        /// The number in the path.
        index: usize,
        /// The length of the list.
        len: usize,
        /// The list.
        place: Place,
    },
    /// Brackets without `=`.
    #[error("list path element must contain fieldName=fieldValue for element to match")]
    Bracket,
    /// A pattern that is no regular expression.
    #[error(transparent)]
    Pattern(#[from] GoRegexpError),
    /// An item that was made for `[name=pattern]` does not match the pattern. The original never ends.
    #[error("`{0}` can't be created, as it does not match itself")]
    Endless(String),
    /// The path goes on inside a scalar that is no YAML.
    #[error("the text that the path leads into is not YAML")]
    Text(#[from] ReadError),
    /// The path goes on inside a scalar that is empty.
    #[error("wrong node kind: expected MappingNode but got an empty text")]
    EmptyText(Place),
    /// The delimiter option on a list or map.
    #[error("delimiter option can only be used with scalar nodes")]
    Delimiter(Place),
}

/// What a path found.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Found {
    /// Fields that were found and set, in the object or in copies.
    pub fields: usize,
    /// Fields among them that are in a copy, so that setting them changed nothing: below a null where something was
    /// to be created, or in a text.
    pub lost: usize,
    /// Items that a pattern without any special character chose although they only contain its text.
    pub inexact: usize,
}

/// A compiled path.
#[derive(Clone, Debug)]
pub struct TargetPath {
    text: String,
    pieces: Vec<String>,
    parts: Vec<Part>,
}

#[derive(Clone, Debug)]
enum Part {
    Field { name: String, key: Key },
    Index(usize),
    Every,
    Items { field: String, text: String, pattern: Result<Regex, GoRegexpError> },
    Bracket,
}

impl TargetPath {
    /// Takes a path apart. What is wrong with it is told when it is followed that far.
    #[must_use]
    pub fn new(path: &str) -> Self {
        let pieces = split_bracketed(path, '.');
        let parts = pieces.iter().map(|piece| Part::new(piece)).collect();
        Self { text: path.to_owned(), pieces, parts }
    }

    /// The path as it was written.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Calls `set` for every field that the path finds, in document order. Objects in which it finds none stay shared.
    pub fn each(
        &self,
        object: &mut Value,
        mut set: impl FnMut(&mut Value) -> Result<(), MatchError>,
    ) -> Result<Found, MatchError> {
        each(&self.parts, object, None, &mut set, 0)
    }

    /// As [`TargetPath::each`] after making what is missing: fields, items for `[name=pattern]`, and the item after
    /// the last for a number; at the end of the path a node of `kind`.
    pub fn each_or_create(
        &self,
        object: &mut Value,
        kind: NodeKind,
        mut set: impl FnMut(&mut Value) -> Result<(), MatchError>,
    ) -> Result<Found, MatchError> {
        each_created(&self.parts, object, kind, &mut set, 0)
    }

    /// The parts as they were written.
    pub(super) fn pieces(&self) -> &[String] {
        &self.pieces
    }

    /// The path from part `from` on.
    pub(super) fn tail(&self, from: usize) -> Self {
        let tail = |pieces: &[String]| pieces.get(from..).unwrap_or_default().to_vec();
        let parts = self.parts.get(from..).unwrap_or_default().to_vec();
        Self { text: self.text.clone(), pieces: tail(&self.pieces), parts }
    }
}

impl Part {
    fn new(text: &str) -> Self {
        match text.parse::<i64>().ok().and_then(|index| usize::try_from(index).ok()) {
            Some(index) => Self::Index(index),
            None if text == "*" => Self::Every,
            None if is_bracket(text) => match split_item(text) {
                None => Self::Bracket,
                Some((field, pattern)) => Self::Items {
                    field: field.to_owned(),
                    text: pattern.to_owned(),
                    pattern: go_regexp::compile(pattern),
                },
            },
            None => Self::Field { key: plain::key(text), name: text.to_owned() },
        }
    }

    /// The part as [`kind_before`] looks at it.
    fn kind_hint(&self) -> &str {
        match self {
            Self::Field { name, .. } => name,
            Self::Index(_) => "0",
            Self::Every => "*",
            Self::Items { .. } | Self::Bracket => "[]",
        }
    }

    /// Whether `[name=pattern]` holds for an item. A bad pattern holds for none.
    fn holds(&self, item: &Value) -> bool {
        let Self::Items { field, pattern, .. } = self else { return true };
        let value = if field.is_empty() { Some(item) } else { item.get(field) };
        match (value, pattern) {
            (Some(value), Ok(pattern)) => pattern.is_match(yaml_text::of(value).trim()),
            _ => false,
        }
    }

    /// Whether an item for which the part holds only contains what reads like its whole value.
    fn is_inexact(&self, item: &Value) -> bool {
        let Self::Items { field, text, .. } = self else { return false };
        let value = if field.is_empty() { Some(item) } else { item.get(field) };
        let literal = text.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | '/' | ':' | '.'));
        literal && value.and_then(Value::as_text).is_none_or(|value| value != text)
    }

    /// Whether the items that the part finds are the end of the path, whatever follows.
    fn is_last(&self) -> bool {
        matches!(self, Self::Items { field, .. } if field.is_empty())
    }
}

/// What is to be done where a path leads.
#[derive(Clone)]
enum End {
    Set,
    /// The rest of the path is in the text in this slot.
    Text {
        slot: usize,
    },
    Fail(MatchError),
}

struct Search<'p> {
    parts: &'p [Part],
    /// Whether the first item of a null was counted as made.
    created: bool,
    inexact: Cell<usize>,
}

impl Guide for Search<'_> {
    /// Number of the next part.
    type State = usize;
    type End = End;

    fn step(&self, node: &Value, part: usize) -> Step<usize, End> {
        let Some(step) = self.parts.get(part) else { return Step::End(End::Set) };
        let fail = |error| Step::End(End::Fail(error));
        if matches!(step, Part::Bracket) {
            return fail(MatchError::Bracket);
        }
        let needed = if matches!(step, Part::Field { .. }) { NodeKind::Map } else { NodeKind::Seq };
        if let Err(error) = expect(node, needed) {
            return fail(error.into());
        }
        match (step, node) {
            (Part::Index(0), node) if self.created && node.is_null() => Step::Nothing,
            (Part::Index(index), _) => match node.as_seq().map_or(0, gitops_core::Seq::len) {
                len if *index < len => Step::Field { slot: *index, state: part + 1 },
                len => fail(MatchError::Index { index: *index, len, place: node.place() }),
            },
            (Part::Field { name, .. }, Value::Map(map)) => match map.position(name) {
                None => Step::Nothing,
                Some(slot) => match map.entries().get(slot).map(|entry| &entry.value) {
                    Some(Value::Scalar(_)) if part + 1 < self.parts.len() => Step::End(End::Text { slot }),
                    _ => Step::Field { slot, state: part + 1 },
                },
            },
            (Part::Every | Part::Items { .. }, _) => Step::Children,
            _ => Step::Nothing,
        }
    }

    fn child(&self, part: usize, _: Option<&Key>, item: &Value) -> Option<usize> {
        let step = self.parts.get(part)?;
        if !step.holds(item) {
            return None;
        }
        if step.is_inexact(item) {
            self.inexact.set(self.inexact.get() + 1);
        }
        Some(if step.is_last() { self.parts.len() } else { part + 1 })
    }
}

type Set<'s> = &'s mut dyn FnMut(&mut Value) -> Result<(), MatchError>;

/// Texts inside of texts that a path is followed into.
const MAX_TEXTS: usize = 50;

fn bad_pattern(parts: &[Part]) -> Result<(), MatchError> {
    let error = parts.iter().find_map(|part| match part {
        Part::Items { pattern: Err(error), .. } => Some(error),
        _ => None,
    });
    error.map_or(Ok(()), |error| Err(error.clone().into()))
}

/// `create` is for texts only.
fn each(
    parts: &[Part],
    object: &mut Value,
    create: Option<NodeKind>,
    set: Set<'_>,
    texts: usize,
) -> Result<Found, MatchError> {
    bad_pattern(parts)?;
    let search = Search { parts, created: create.is_some(), inexact: Cell::default() };
    let route = Route::survey(&search, object, 0);
    let mut found = Found { inexact: search.inexact.get(), ..Found::default() };
    if !route.is_live() {
        return Ok(found);
    }
    route.carry_out(object, |node, part, end| match end {
        End::Fail(error) => Err(error),
        End::Set => {
            found.fields += 1;
            set(node)
        }
        End::Text { slot } => {
            let Some(text) = child_mut(node, slot) else { return Ok(()) };
            let tail = parts.get(part + 1..).unwrap_or_default();
            let in_copy = each_in_copy(tail, text, create, set, texts + 1)?;
            found.fields += in_copy.fields;
            found.lost += in_copy.fields;
            found.inexact += in_copy.inexact;
            Ok(())
        }
    })?;
    Ok(found)
}

fn each_in_copy(
    parts: &[Part],
    text: &Value,
    create: Option<NodeKind>,
    set: Set<'_>,
    texts: usize,
) -> Result<Found, MatchError> {
    if texts > MAX_TEXTS {
        return Ok(Found::default());
    }
    let document = read_first(text.as_text().unwrap_or_default().as_bytes(), &Options::kustomize())?;
    let mut root = document.ok_or(MatchError::EmptyText(text.place()))?.root;
    match create {
        Some(kind) => each_created(parts, &mut root, kind, set, texts),
        None => each(parts, &mut root, None, set, texts),
    }
}

fn each_created(
    parts: &[Part],
    object: &mut Value,
    kind: NodeKind,
    set: Set<'_>,
    texts: usize,
) -> Result<Found, MatchError> {
    bad_pattern(parts)?;
    let lost = create_all(parts, object, kind)?;
    let found = each(parts, object, Some(kind), set, texts)?;
    Ok(Found { fields: found.fields + lost, lost: found.lost + lost, ..found })
}

/// Makes what is missing, and counts what would be made below a null, where it has no place.
fn create_all(parts: &[Part], object: &mut Value, kind: NodeKind) -> Result<usize, MatchError> {
    let mut lost = 0;
    let mut stack = vec![(object, 0)];
    while let Some((node, part)) = stack.pop() {
        let Some(step) = parts.get(part) else { continue };
        let made = || kind_before(parts.get(part + 1).map(Part::kind_hint), kind).empty();
        match (step, node) {
            (Part::Bracket, _) => return Err(MatchError::Bracket),
            (Part::Every, node) if node.is_null() => {}
            (Part::Index(index), node) if node.is_null() && *index > 0 => {
                return Err(MatchError::Index { index: *index, len: 0, place: node.place() });
            }
            (_, node) if node.is_null() => lost += 1,
            (Part::Field { name, key }, Value::Map(map)) => {
                if !map.contains_key(name) {
                    map.push(key.clone(), made());
                }
                // The rest of a path into a text is made where the text is read.
                let child = map.get_mut(name).filter(|child| child.as_scalar().is_none());
                stack.extend(child.map(|child| (child, part + 1)));
            }
            (Part::Index(index), Value::Seq(items)) => {
                if items.len() == *index {
                    items.push(made());
                }
                let (len, place) = (items.len(), items.place());
                let item = items.get_mut(*index).ok_or(MatchError::Index { index: *index, len, place })?;
                stack.push((item, part + 1));
            }
            (Part::Every, Value::Seq(items)) => {
                stack.extend(items.items_mut().iter_mut().map(|item| (item, part + 1)));
            }
            (Part::Items { field, text, .. }, Value::Seq(items)) => {
                if !items.iter().any(|item| step.holds(item)) {
                    let item = new_item(field, text);
                    if !step.holds(&item) {
                        return Err(MatchError::Endless(format!("[{field}={text}]")));
                    }
                    items.push(item);
                }
                if !step.is_last() {
                    let items = items.items_mut().iter_mut().filter(|item| step.holds(item));
                    stack.extend(items.map(|item| (item, part + 1)));
                }
            }
            (step, node) => {
                let needed = if matches!(step, Part::Field { .. }) { NodeKind::Map } else { NodeKind::Seq };
                expect(node, needed)?;
            }
        }
    }
    Ok(lost)
}

#[cfg(test)]
mod tests {
    use super::super::testing::{json, show};
    use super::*;

    fn set(object: &str, path: &str, create: bool) -> String {
        let mut object = json(object);
        let put = |field: &mut Value| {
            *field = Value::from("!");
            Ok(())
        };
        let path = TargetPath::new(path);
        let found = if create {
            path.each_or_create(&mut object, NodeKind::Scalar, put)
        } else {
            path.each(&mut object, put)
        };
        match found {
            Ok(found) => format!("{} {} {}", found.fields, found.lost, show(&object)),
            Err(error) => error.to_string(),
        }
    }

    #[test]
    fn paths_find_fields() {
        for (object, path, expected) in [
            (r#"{"a":{"b":1}}"#, "a.b", r#"1 0 {"a":{"b":"!"}}"#),
            (r#"{"a":{"b":1}}"#, "a.c", r#"0 0 {"a":{"b":1}}"#),
            (r#"{"a":[1,2]}"#, "a.1", r#"1 0 {"a":[1,"!"]}"#),
            (r#"{"a":[1,2]}"#, "a.2", "index 2 specified but only 2 elements found"),
            (r#"{"a":[{"b":1},{"c":1},{"b":2}]}"#, "a.*.b", r#"2 0 {"a":[{"b":"!"},{"c":1},{"b":"!"}]}"#),
            (
                r#"{"a":[{"n":"x","b":1},{"n":"xy","b":2},{"n":"z"}]}"#,
                "a.[n=x].b",
                r#"2 0 {"a":[{"b":"!","n":"x"},{"b":"!","n":"xy"},{"n":"z"}]}"#,
            ),
            (
                r#"{"a":[{"n":"x","b":1},{"n":"xy","b":2}]}"#,
                "a.[n=^x$].b",
                r#"1 0 {"a":[{"b":"!","n":"x"},{"b":2,"n":"xy"}]}"#,
            ),
            (r#"{"a":["x","xy","z"]}"#, "a.[=x].foo", r#"2 0 {"a":["!","!","z"]}"#),
            (
                r#"{"a":[{"p":[{"q":80},{"q":81}]}]}"#,
                "a.*.p.[q=8.*].q",
                r#"2 0 {"a":[{"p":[{"q":"!"},{"q":"!"}]}]}"#,
            ),
            (r#"{"a":null}"#, "a.0", "index 0 specified but only 0 elements found"),
            (r#"{"a":null}"#, "a.[n=x]", r#"0 0 {"a":null}"#),
            (r#"{"a":{"b":1}}"#, "a.*.c", "wrong node kind: expected SequenceNode but got MappingNode"),
            (r#"{"a":[{"b":1}]}"#, "a.-.b", "wrong node kind: expected MappingNode but got SequenceNode"),
            (
                r#"{"a":[1]}"#,
                "a.[x]",
                "list path element must contain fieldName=fieldValue for element to match",
            ),
            (r#"{"a":[1]}"#, "a.[=*]", "error parsing regexp: missing argument to repetition operator: `*`"),
            (r#"{"a":"{b: 1}"}"#, "a.b", r#"1 1 {"a":"{b: 1}"}"#),
            (r#"{"a":"{b: 1}"}"#, "a.c", r#"0 0 {"a":"{b: 1}"}"#),
            (r#"{"a":"x.y"}"#, "a.b", "wrong node kind: expected MappingNode but got ScalarNode"),
            (r#"{"a":"b: [}"}"#, "a.b", "the text that the path leads into is not YAML"),
            (r#"{"a":"b: '{c: 1}'"}"#, "a.b.c", r#"1 1 {"a":"b: '{c: 1}'"}"#),
        ] {
            assert_eq!(set(object, path, false), expected, "{path} in {object}");
        }
    }

    #[test]
    fn paths_make_what_is_missing() {
        for (object, path, expected) in [
            ("{}", "a.b", r#"1 0 {"a":{"b":"!"}}"#),
            ("{}", "a.0.b", r#"1 0 {"a":[{"b":"!"}]}"#),
            ("{}", "a.1", "index 1 specified but only 0 elements found"),
            (r#"{"a":[1]}"#, "a.1", r#"1 0 {"a":[1,"!"]}"#),
            (r#"{"a":[]}"#, "a.[n=x].e.[k=y].v", r#"1 0 {"a":[{"e":[{"k":"y","v":"!"}],"n":"x"}]}"#),
            (r#"{"a":[]}"#, "a.[=x]", r#"1 0 {"a":["!"]}"#),
            (
                r#"{"a":[{"n":"x"},{"n":"xy"}]}"#,
                "a.[n=x].v",
                r#"2 0 {"a":[{"n":"x","v":"!"},{"n":"xy","v":"!"}]}"#,
            ),
            (r#"{"a":[{},{"v":1}]}"#, "a.*.v", r#"2 0 {"a":[{"v":"!"},{"v":"!"}]}"#),
            (r#"{"a":[]}"#, "a.*.v", r#"0 0 {"a":[]}"#),
            (r#"{"a":null}"#, "a.b", r#"1 1 {"a":null}"#),
            (r#"{"a":null}"#, "a.0", r#"1 1 {"a":null}"#),
            (r#"{"a":null}"#, "a", r#"1 0 {"a":"!"}"#),
            (r#"{"a":"{b: 1}"}"#, "a.c", r#"1 1 {"a":"{b: 1}"}"#),
            (r#"{"a":""}"#, "a.c", "wrong node kind: expected MappingNode but got an empty text"),
            (r#"{"a":[]}"#, "a.[n=^x+$].v", "`[n=^x+$]` can't be created, as it does not match itself"),
            (r#"{"a":1}"#, "a.b", "wrong node kind: expected MappingNode but got ScalarNode"),
        ] {
            assert_eq!(set(object, path, true), expected, "{path} in {object}");
        }
    }
}
