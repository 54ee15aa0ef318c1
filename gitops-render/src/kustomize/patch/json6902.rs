//! JSON patches (RFC 6902) with the habits of the library that kustomize applies them with.
//!
//! ```
//! use gitops_core::{Value, json};
//! use gitops_render::kustomize::patch::{JsonPatch, PatchSyntax};
//! let ops = json::from_str(r#"[{"op": "replace", "path": "/spec/replicas", "value": 3}]"#).unwrap();
//! let patch = JsonPatch::compile(&ops, PatchSyntax::Json).unwrap();
//! let object = json::from_str(r#"{"spec": {}}"#).unwrap();
//! let patched = patch.apply(&object).unwrap();
//! assert_eq!(patched.get("spec").unwrap().get("replicas").and_then(Value::as_text), Some("3"));
//! ```
//!
//! Where it differs from the RFC:
//!
//! * `replace` of a key that is not there adds it; `copy` of one adds a null. `remove` and `move` of one are errors.
//! * Indices may be negative and count from the end (`-1` adds at the very end), and may have a sign and zeros.
//! * A missing `value` is null. `test` of a key that is not there passes where the value is null or missing.
//! * Whatever stands before a pointer's first `/` is ignored; a pointer without `/` leads nowhere.
//! * An unknown operation, a missing path or a path of the wrong type is an error when its turn comes, not before.
//! * Strings and numbers compare by their JSON text: in a patch written in JSON, `1.0` is not `1`, and a string with
//!   `<`, `>` or `&` is never what the object has.
//!
//! The object travels as JSON, which leaves traces all over it, touched or not; see [`through_json`]. What has none
//! is shared with the object given.

mod pointer;
mod through;

pub use through::through_json;

use gitops_core::json;
use gitops_core::value::{Key, Place, ScalarKind, Style, Value};
use pointer::Pointer;
use std::fmt;

/// How a patch was written, which `test` can tell.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum PatchSyntax {
    /// As JSON: the text begins with `[`.
    Json,
    /// As YAML 1.1.
    Yaml,
}

/// A JSON patch, ready to be applied to any number of objects.
#[derive(Clone, Debug)]
pub struct JsonPatch {
    operations: Vec<(Operation, Place)>,
    syntax: PatchSyntax,
}

#[derive(Clone, Debug)]
enum Operation {
    Add {
        path: Pointer,
        value: Value,
    },
    Remove {
        path: Pointer,
    },
    Replace {
        path: Pointer,
        value: Option<Value>,
    },
    Move {
        from: Pointer,
        path: Result<Pointer, Problem>,
    },
    Copy {
        from: Pointer,
        path: Result<Pointer, Problem>,
    },
    Test {
        path: Pointer,
        value: Option<Value>,
    },
    /// Fails when its turn comes.
    Broken(Problem),
}

/// The name of an operation.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum OperationKind {
    /// `add`
    Add,
    /// `remove`
    Remove,
    /// `replace`
    Replace,
    /// `move`
    Move,
    /// `copy`
    Copy,
    /// `test`
    Test,
}

impl OperationKind {
    fn parse(text: &str) -> Option<Self> {
        Some(match text {
            "add" => Self::Add,
            "remove" => Self::Remove,
            "replace" => Self::Replace,
            "move" => Self::Move,
            "copy" => Self::Copy,
            "test" => Self::Test,
            _ => return None,
        })
    }
}

impl fmt::Display for OperationKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Add => "add",
            Self::Remove => "remove",
            Self::Replace => "replace",
            Self::Move => "move",
            Self::Copy => "copy",
            Self::Test => "test",
        })
    }
}

/// Why a value is not a JSON patch.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CompileError {
    /// It is not a list.
    #[error("a JSON patch must be a list of operations")]
    NotAList,
    /// An element is not a map.
    #[error("operation {index} of the JSON patch must be a map")]
    NotAnOperation {
        /// Position in the list, from 0.
        index: usize,
        /// Where the element was read.
        place: Place,
    },
}

/// Why an operation failed.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("{problem}")]
pub struct ApplyError {
    /// What is wrong.
    pub problem: Problem,
    /// Position of the operation in the patch, from 0.
    pub index: usize,
    /// Where the operation was read.
    pub place: Place,
}

/// What an operation did, unlike what its author may have meant.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub enum PatchNote {
    /// A `replace` added a key that was not there; at the operation.
    Added(Place),
    /// A `test` compared a key that is not there with null, and passed; at the operation.
    TestedNothing(Place),
    /// An integer lost digits; where it was read.
    Imprecise(Place),
}

/// What is wrong with an operation.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Problem {
    /// `op` names no operation.
    #[error("unexpected kind: {name}")]
    UnknownOperation {
        /// What stands there; `unknown` where nothing or no string does.
        name: String,
    },
    /// `path` or `from` is missing.
    #[error("{operation} operation failed to decode {field}: missing value")]
    MissingField {
        /// The operation.
        operation: OperationKind,
        /// `path` or `from`.
        field: &'static str,
    },
    /// `path` or `from` is no string.
    #[error("{operation} operation failed to decode {field}: must be a string")]
    NotAString {
        /// The operation.
        operation: OperationKind,
        /// `path` or `from`.
        field: &'static str,
    },
    /// The container that a pointer leads to does not exist.
    #[error("{operation} operation does not apply: doc is missing path: \"{path}\"")]
    MissingPath {
        /// The operation.
        operation: OperationKind,
        /// The pointer as written.
        path: String,
    },
    /// There is no such key to remove.
    #[error("error in {operation} for path: '{path}': unable to remove nonexistent key: {key}")]
    MissingKey {
        /// The operation.
        operation: OperationKind,
        /// The pointer as written.
        path: String,
        /// Its last part.
        key: String,
    },
    /// The last part of a pointer into a list is no number.
    #[error("error in {operation} for path: '{path}': value was not a proper array index: '{index}'")]
    NotAnIndex {
        /// The operation.
        operation: OperationKind,
        /// The pointer as written.
        path: String,
        /// Its last part.
        index: String,
    },
    /// The list is not that long.
    #[error("error in {operation} for path: '{path}': unable to access invalid index: {index}")]
    OutOfRange {
        /// The operation.
        operation: OperationKind,
        /// The pointer as written.
        path: String,
        /// Its last part.
        index: String,
    },
    /// A `test` found something else.
    #[error("testing value {path} failed")]
    TestFailed {
        /// The pointer as written.
        path: String,
    },
    /// The object as a whole would be replaced by what is no object.
    #[error("the value that replaces the whole object must be a map")]
    NotAnObject,
}

impl JsonPatch {
    /// Takes a patch that was parsed as JSON, or as YAML 1.1 where its text does not begin with `[`.
    pub fn compile(patch: &Value, syntax: PatchSyntax) -> Result<Self, CompileError> {
        let list = patch.as_seq().ok_or(CompileError::NotAList)?;
        let mut operations = Vec::with_capacity(list.len());
        for (index, item) in list.iter().enumerate() {
            if !item.is_map() && !item.is_null() {
                return Err(CompileError::NotAnOperation { index, place: item.place() });
            }
            operations.push((compile(item).unwrap_or_else(Operation::Broken), item.place()));
        }
        Ok(Self { operations, syntax })
    }

    /// The number of operations.
    #[must_use]
    pub fn len(&self) -> usize {
        self.operations.len()
    }

    /// Whether there is no operation.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.operations.is_empty()
    }

    /// The object with all operations applied in order. Costs the paths that change, and one read of the object.
    pub fn apply(&self, object: &Value) -> Result<Value, ApplyError> {
        self.apply_noting(object, &mut |_| ())
    }

    /// As [`JsonPatch::apply`], telling what a person may want to be warned of.
    pub fn apply_noting(&self, object: &Value, note: &mut dyn FnMut(PatchNote)) -> Result<Value, ApplyError> {
        let mut document = object.clone();
        for (index, (operation, place)) in self.operations.iter().enumerate() {
            self.step(&mut document, operation, *place, note).map_err(|problem| ApplyError {
                problem,
                index,
                place: *place,
            })?;
            if !document.is_map() {
                return Err(ApplyError { problem: Problem::NotAnObject, index, place: *place });
            }
        }
        through::through_json_noting(&mut document, &mut |place| note(PatchNote::Imprecise(place)));
        Ok(document)
    }

    fn step(
        &self,
        document: &mut Value,
        operation: &Operation,
        place: Place,
        note: &mut dyn FnMut(PatchNote),
    ) -> Result<(), Problem> {
        match operation {
            Operation::Add { path, value } => path.add(document, OperationKind::Add, value.clone()),
            Operation::Remove { path } => path.remove(document, OperationKind::Remove).map(drop),
            Operation::Replace { path, value: None } if path.is_root() => {
                let _ = document;
                Err(Problem::NotAnObject)
            }
            Operation::Replace { path, value } => {
                if path.replace(document, value.clone().unwrap_or_default())? {
                    note(PatchNote::Added(place));
                }
                Ok(())
            }
            Operation::Move { from, path } => {
                let value = from.remove(document, OperationKind::Move)?;
                path.as_ref().map_err(Clone::clone)?.add(document, OperationKind::Move, value)
            }
            Operation::Copy { from, path } => {
                let value = from.get(document, OperationKind::Copy)?.cloned().unwrap_or_default();
                path.as_ref().map_err(Clone::clone)?.add(document, OperationKind::Copy, value)
            }
            Operation::Test { path, value } => {
                let found =
                    if path.is_root() { Some(&*document) } else { path.get(document, OperationKind::Test)? };
                let value = value.as_ref().filter(|value| !value.is_null());
                if found.is_none() && value.is_none() {
                    note(PatchNote::TestedNothing(place));
                }
                let equal = match (found.filter(|found| !found.is_null()), value) {
                    (None, None) => true,
                    (Some(found), Some(value)) => self.equal(found, value),
                    _ => false,
                };
                if equal { Ok(()) } else { Err(Problem::TestFailed { path: path.to_string() }) }
            }
            Operation::Broken(problem) => Err(problem.clone()),
        }
    }

    /// Whether a part of the object is what a patch wants: containers by content, scalars by their JSON text.
    fn equal(&self, found: &Value, wanted: &Value) -> bool {
        let mut pending = vec![(found, wanted)];
        while let Some((found, wanted)) = pending.pop() {
            match (found, wanted) {
                (Value::Map(a), Value::Map(b)) if a.len() == b.len() => {
                    for (key, value) in a.iter() {
                        let Some(other) = b.get(key.as_str()) else { return false };
                        pending.push((value, other));
                    }
                }
                (Value::Seq(a), Value::Seq(b)) if a.len() == b.len() => pending.extend(a.iter().zip(b)),
                (Value::Scalar(_), Value::Scalar(_)) if self.same_text(found, wanted) => {}
                _ => return false,
            }
        }
        true
    }

    fn same_text(&self, found: &Value, wanted: &Value) -> bool {
        let raw = |value: &Value| match (self.syntax, value.as_scalar()) {
            (PatchSyntax::Json, Some(scalar)) => match scalar.kind() {
                ScalarKind::Int | ScalarKind::Float => Some(scalar.text().to_owned()),
                // Escapes are spent by now; nearly nobody writes these characters as such.
                ScalarKind::Str if scalar.text().contains(['<', '>', '&', '\u{2028}', '\u{2029}']) => None,
                _ => json::to_go_string(value).ok(),
            },
            _ => json::to_go_string(value).ok(),
        };
        json::to_go_string(found).is_ok_and(|found| raw(wanted).is_some_and(|wanted| wanted == found))
    }
}

fn compile(item: &Value) -> Result<Operation, Problem> {
    let name = field(item, "op").and_then(Value::as_str).unwrap_or("unknown");
    let Some(kind) = OperationKind::parse(name) else {
        return Err(Problem::UnknownOperation { name: name.to_owned() });
    };
    let pointer = |field_name: &'static str| match field(item, field_name) {
        Some(Value::Scalar(text)) if text.kind() == ScalarKind::Str => Ok(Pointer::new(text.text())),
        None => Err(Problem::MissingField { operation: kind, field: field_name }),
        Some(value) if value.is_null() => Err(Problem::MissingField { operation: kind, field: field_name }),
        Some(_) => Err(Problem::NotAString { operation: kind, field: field_name }),
    };
    let value = field(item, "value").cloned().map(unfolded);
    Ok(match kind {
        OperationKind::Add => Operation::Add { path: pointer("path")?, value: value.unwrap_or_default() },
        OperationKind::Remove => Operation::Remove { path: pointer("path")? },
        OperationKind::Replace => Operation::Replace { path: pointer("path")?, value },
        OperationKind::Move => Operation::Move { from: pointer("from")?, path: pointer("path") },
        OperationKind::Copy => Operation::Copy { from: pointer("from")?, path: pointer("path") },
        OperationKind::Test => Operation::Test { path: pointer("path")?, value },
    })
}

/// A value without folded texts and values left out: the patch is JSON by the time it is read, and JSON has neither.
fn unfolded(mut value: Value) -> Value {
    let has_no_json = |value: &Value| {
        value.as_scalar().is_some_and(|scalar| scalar.style() == Style::Folded || scalar.is_left_out())
    };
    let mut pending = vec![&mut value];
    while let Some(node) = pending.pop() {
        match node {
            Value::Scalar(scalar) if scalar.style() == Style::Folded => scalar.set_style(Style::Double),
            Value::Scalar(scalar) if scalar.is_left_out() => scalar.set_text("null"),
            Value::Scalar(_) => {}
            Value::Seq(list) => {
                if list.iter().any(|item| item.has_children() || has_no_json(item)) {
                    pending.extend(list.items_mut().iter_mut());
                }
            }
            Value::Map(map) => {
                if map.values().any(|item| item.has_children() || has_no_json(item)) {
                    pending.extend(map.iter_mut().map(|(_, item)| item));
                }
            }
        }
    }
    value
}

/// A field of an operation; of several with one name the last, as JSON decoders have it.
fn field<'v>(item: &'v Value, name: &str) -> Option<&'v Value> {
    item.as_map()?.iter().rev().find(|(key, _): &(&Key, _)| key.as_str() == name).map(|(_, value)| value)
}

#[cfg(test)]
mod tests;
