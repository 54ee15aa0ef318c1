//! Replacements: the value of one field put into others.
//!
//! ```
//! use gitops_core::{Map, Value};
//! use gitops_render::kustomize::replacement::{FieldOptions, Target, source_value};
//! let object = |image| Value::from(Map::from_iter([("image", Value::from(image))]));
//! let tag = FieldOptions { delimiter: ":".into(), index: 1, ..FieldOptions::default() };
//! let value = source_value(&object("nginx:1.9"), "image", &tag).unwrap();
//! let mut target = object("redis:6");
//! Target::new(&["image"], tag).apply(&mut target, &value, &mut |_| ()).unwrap();
//! assert_eq!(target.get("image").and_then(Value::as_str), Some("redis:1.9"));
//! ```
//!
//! * A scalar that is a target keeps its type and style and gets only the text; a list or map put into one leaves
//!   empty text. Anything else that is a target is replaced as a whole.
//! * With a delimiter, one piece of the target's text is replaced: a negative index adds a piece in front, an index
//!   beyond the last one at the end. Of the source, the index must be there.
//! * A path that leads into a scalar goes on in the YAML or JSON text that the scalar is, and the text is written
//!   anew: JSON sorted and compact (or indented, if it had a line break and two spaces), YAML without blank lines and
//!   final line break. There, delimiters are ignored. If the new text does not fit the type of the old one, or the
//!   way to the text needs a pattern, nothing changes, without an error.

use super::go_json::{self, Numbers};
use super::lookup::{LookupError, lookup, lookup_or_create};
use super::node::{self, NodeKind};
use super::path_match::{Found, MatchError, TargetPath};
use super::plain;
use super::yaml_text::Text;
use gitops_core::{Place, Scalar, ScalarKind, Style, Value};
use smol_str::SmolStr;

/// Path of the field where none is given.
pub const DEFAULT_FIELD_PATH: &str = "metadata.name";

/// Options of a source or target.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct FieldOptions {
    /// Text that separates the pieces of the field, or empty.
    pub delimiter: SmolStr,
    /// Number of the piece.
    pub index: i64,
    /// Accepted and ignored, as in the original.
    pub encoding: SmolStr,
    /// Makes the target where it is missing.
    pub create: bool,
}

/// Why a source has no value.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum SourceError {
    /// The path does not fit the object.
    #[error("error looking up replacement source: {0}")]
    Lookup(#[from] LookupError),
    /// The field is absent, null, or an empty list or map. The original goes on with the source's id.
    #[error("fieldPath `{0}` is missing for replacement source")]
    Missing(String),
    /// A delimiter on a list or map.
    #[error("delimiter option can only be used with scalar nodes")]
    Delimiter,
    /// The text has no such piece.
    #[error("options.index {index} is out of bounds for value {value}")]
    Index {
        /// The index asked for.
        index: i64,
        /// The text of the field.
        value: String,
    },
}

/// Value of the field at `path` of the source; an empty path is [`DEFAULT_FIELD_PATH`].
pub fn source_value(object: &Value, path: &str, options: &FieldOptions) -> Result<Value, SourceError> {
    let path = if path.is_empty() { DEFAULT_FIELD_PATH } else { path };
    let found = lookup(object, &gitops_core::field_path::split_bracketed(path, '.'))?;
    let Some(found) = found.filter(|value| !is_empty(value)) else {
        return Err(SourceError::Missing(path.to_owned()));
    };
    if options.delimiter.is_empty() {
        return Ok(found.clone());
    }
    let Value::Scalar(scalar) = found else { return Err(SourceError::Delimiter) };
    let piece = usize::try_from(options.index).ok();
    let piece = piece.and_then(|index| scalar.text().split(options.delimiter.as_str()).nth(index));
    let piece =
        piece.ok_or_else(|| SourceError::Index { index: options.index, value: scalar.text().to_owned() })?;
    let mut value = scalar.clone();
    value.set_text(piece);
    Ok(Value::Scalar(value))
}

/// The value of `sourceValue`: a text without a type.
#[must_use]
pub fn literal_value(text: &str) -> Value {
    Value::Scalar(Scalar::new(plain::kind_in_style(text, Style::Plain), text, Style::Plain))
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Scalar(scalar) => scalar.kind() == ScalarKind::Null,
        Value::Seq(items) => items.is_empty(),
        Value::Map(map) => map.is_empty(),
    }
}

/// Why a target can't be set.
#[derive(Clone, Debug, thiserror::Error)]
pub enum TargetError {
    /// The path finds nothing.
    #[error("unable to find{} field \"{path}\" in replacement target", if *create { " or create" } else { "" })]
    NotFound {
        /// The path.
        path: String,
        /// Whether it was to be created.
        create: bool,
    },
    /// The path does not fit the object.
    #[error("unable to find{} field \"{path}\" in replacement target: {source}", if *create { " or create" } else { "" })]
    Path {
        /// The path.
        path: String,
        /// Whether it was to be created.
        create: bool,
        /// What is wrong.
        source: MatchError,
    },
    /// The field can't be set.
    #[error(transparent)]
    Set(MatchError),
}

/// What a replacement did, unlike what its author may have meant. The number is that of the path.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ReplacementNote {
    /// All fields that the path found are in copies, and nothing changed.
    Lost(usize),
    /// The delimiter was ignored, because the path leads into a text.
    DelimiterIgnored(usize),
    /// A list or map was put into the scalar read at this place, which is empty now.
    EmptiedScalar(usize, Place),
    /// A pattern that reads like a whole value found items that only contain it.
    Inexact(usize),
}

/// Fields of one target, compiled.
#[derive(Clone, Debug)]
pub struct Target {
    paths: Vec<TargetPath>,
    options: FieldOptions,
}

impl Target {
    /// Compiles paths; without any there is [`DEFAULT_FIELD_PATH`].
    #[must_use]
    pub fn new<P: AsRef<str>>(paths: &[P], options: FieldOptions) -> Self {
        let mut paths: Vec<_> = paths.iter().map(|path| TargetPath::new(path.as_ref())).collect();
        if paths.is_empty() {
            paths.push(TargetPath::new(DEFAULT_FIELD_PATH));
        }
        Self { paths, options }
    }

    /// The paths in order.
    #[must_use]
    pub fn paths(&self) -> &[TargetPath] {
        &self.paths
    }

    /// Puts `value` into every field of the target that the object has.
    pub fn apply(
        &self,
        object: &mut Value,
        value: &Value,
        note: &mut dyn FnMut(ReplacementNote),
    ) -> Result<(), TargetError> {
        (0..self.paths.len()).try_for_each(|number| self.apply_path(number, object, value, note))
    }

    /// As [`Target::apply`] for the fields of one path.
    pub(crate) fn apply_path(
        &self,
        number: usize,
        object: &mut Value,
        value: &Value,
        note: &mut dyn FnMut(ReplacementNote),
    ) -> Result<(), TargetError> {
        let Some(path) = self.paths.get(number) else { return Ok(()) };
        let create = self.options.create.then(|| NodeKind::of(value));
        if let Some(found) = set_in_text(object, path, value, create) {
            if found.inexact > 0 {
                note(ReplacementNote::Inexact(number));
            }
            if found.lost == found.fields {
                note(ReplacementNote::Lost(number));
            } else if !self.options.delimiter.is_empty() {
                note(ReplacementNote::DelimiterIgnored(number));
            }
            return Ok(());
        }
        let set = |field: &mut Value| {
            if value.as_scalar().is_none() && field.as_scalar().is_some() && !field.is_null() {
                note(ReplacementNote::EmptiedScalar(number, field.place()));
            }
            set_field(field, value, &self.options)
        };
        let found = match create {
            Some(kind) => path.each_or_create(object, kind, set),
            None => path.each(object, set),
        };
        let (path, create) = (|| path.text().to_owned(), create.is_some());
        let found = found.map_err(|source| match source {
            MatchError::Delimiter(_) => TargetError::Set(source),
            source => TargetError::Path { path: path(), create, source },
        })?;
        if found.fields == 0 {
            return Err(TargetError::NotFound { path: path(), create });
        }
        if found.inexact > 0 {
            note(ReplacementNote::Inexact(number));
        }
        if found.lost == found.fields {
            note(ReplacementNote::Lost(number));
        }
        Ok(())
    }
}

/// Sets one field: the text of a scalar, or a part of it, or the whole node.
fn set_field(field: &mut Value, value: &Value, options: &FieldOptions) -> Result<(), MatchError> {
    let written_at = if value.place().is_none() { field.place() } else { value.place() };
    if options.delimiter.is_empty() {
        set_whole(field, value);
        field.set_place(written_at);
        return Ok(());
    }
    let Value::Scalar(scalar) = field else { return Err(MatchError::Delimiter(field.place())) };
    let mut pieces: Vec<&str> = scalar.text().split(options.delimiter.as_str()).collect();
    match usize::try_from(options.index) {
        Err(_) => pieces.insert(0, node::text(value)),
        Ok(index) => match pieces.get_mut(index) {
            Some(piece) => *piece = node::text(value),
            None => pieces.push(node::text(value)),
        },
    }
    let text = pieces.join(&options.delimiter);
    set_text(scalar, text.into());
    scalar.set_place(written_at);
    Ok(())
}

fn set_whole(field: &mut Value, value: &Value) {
    match field {
        Value::Scalar(scalar) => {
            let text = value.as_scalar().map(|value| value.shared_text().clone()).unwrap_or_default();
            set_text(scalar, text);
        }
        Value::Seq(_) | Value::Map(_) => *field = value.clone(),
    }
}

/// Replaces the text; type and style stay, unless the scalar has no type of its own.
fn set_text(scalar: &mut Scalar, text: SmolStr) {
    let untyped = scalar.is_untyped();
    scalar.set_text(text);
    if untyped {
        node::forget_type(scalar);
    }
}

/// Follows a path into the text of a scalar and writes that text anew. Nothing if the path leads into no text, or
/// finds nothing there, or the result is no JSON: then the path is followed in the usual way.
fn set_in_text(
    object: &mut Value,
    path: &TargetPath,
    value: &Value,
    create: Option<NodeKind>,
) -> Option<Found> {
    let (parts, source) = text_on_the_way(object, path)?;
    let mut text = Text::read_opt(&source).ok()??;
    let tail = path.tail(parts);
    let value = without_places(value);
    let set = |field: &mut Value| {
        set_whole(field, &value);
        Ok(())
    };
    let found = match create {
        Some(kind) => tail.each_or_create(&mut text.root, kind, set),
        None => tail.each(&mut text.root, set),
    };
    let found = found.ok().filter(|found| found.fields > 0)?;
    let written = if source.trim_start().starts_with(['{', '[']) {
        write_json(&text.root, source.contains('\n') && source.contains("  "))?
    } else {
        text.write().trim().to_owned()
    };
    if written != source
        && let Some(Value::Scalar(scalar)) =
            lookup_or_create(object, path.pieces().get(..parts)?, NodeKind::Scalar).ok()?
    {
        scalar.set_text(written);
    }
    Some(found)
}

/// The first scalar on the way of a path that goes on behind it, if it is YAML, with the number of parts up to it.
fn text_on_the_way(object: &Value, path: &TargetPath) -> Option<(usize, SmolStr)> {
    let mut node = object;
    let pieces = path.pieces();
    for parts in 1..pieces.len() {
        node = lookup(node, pieces.get(parts - 1..parts)?).ok()??;
        if let Value::Scalar(scalar) = node {
            return Some((parts, scalar.shared_text().clone()));
        }
    }
    None
}

fn write_json(root: &Value, indented: bool) -> Option<String> {
    let mut out = String::new();
    let written = if indented {
        go_json::write_indented(&mut out, root)
    } else {
        go_json::write(&mut out, root, Numbers::AsWritten)
    };
    written.ok().map(|()| out)
}

/// A copy whose places do not mix with those of a text.
fn without_places(value: &Value) -> Value {
    let mut copy = value.clone();
    let mut stack = vec![&mut copy];
    while let Some(node) = stack.pop() {
        node.set_place(Place::NONE);
        match node {
            Value::Scalar(_) => {}
            Value::Seq(items) => stack.extend(items.items_mut()),
            Value::Map(map) => stack.extend(map.entries_mut().iter_mut().map(|entry| {
                entry.key = entry.key.clone().at(0);
                &mut entry.value
            })),
        }
    }
    copy
}

#[cfg(test)]
#[path = "replacement_tests.rs"]
mod tests;
