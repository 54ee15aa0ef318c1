//! Paths of fields as people write them: `spec.template.spec.containers[name=app].image`.
//!
//! ```
//! use gitops_core::field_path::FieldPath;
//! use gitops_core::value::{Map, Seq, Value};
//! let app = Map::from_iter([("name", Value::from("app")), ("image", Value::from("nginx"))]);
//! let mut object = Value::map();
//! let containers: FieldPath = "spec.containers".parse().unwrap();
//! containers.set(&mut object, Value::from(Seq::from_iter([Value::from(app)]))).unwrap();
//! let image: FieldPath = "spec.containers[name=app].image".parse().unwrap();
//! assert_eq!(image.get(&object).and_then(Value::as_str), Some("nginx"));
//! assert_eq!(image.locate(&object).unwrap().to_string(), "/spec/containers/0/image");
//! ```
//!
//! The grammar:
//!
//! * `.` separates keys; one may lead. `\` takes the next character as it is.
//! * `[3]` is an element by its index, from 0; `[-]` is the place after the last one.
//! * `[key=text]` is the first element of a list whose field `key` has that text; the first `=` divides.
//! * `["a.b"]` and `['a.b']` are keys, with `\` as escape; so is any other text in brackets, as
//!   `[app.kubernetes.io/name]`.
//! * A dot before a bracket may be left out, and the one after it too. The empty path is the root.
//!
//! kustomize reads its paths by rules of its own: [`split_escaped`] and [`split_bracketed`].

mod parse;
mod split;

pub use split::{split_bracketed, split_escaped};

use crate::pointer::Pointer;
use crate::value::{Seq, Value};
use smol_str::SmolStr;
use std::fmt;

/// One step of a [`FieldPath`].
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Step {
    /// A key of a map.
    Key(SmolStr),
    /// An element of a sequence.
    Index(usize),
    /// The place after the last element of a sequence.
    End,
    /// The first element that is a map whose field has this text.
    Where {
        /// The field.
        key: SmolStr,
        /// Its text.
        text: SmolStr,
    },
}

/// A path of fields, parsed once. See the [module](self) for the grammar.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Debug)]
pub struct FieldPath {
    steps: Vec<Step>,
}

/// Why a text is not a field path, or a field path can't be used.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum FieldPathError {
    /// A key is empty, as in `a..b`.
    #[error("empty key at byte {offset} of the path")]
    EmptyKey {
        /// Where, in bytes.
        offset: usize,
    },
    /// `[` without its `]`.
    #[error("bracket at byte {offset} of the path is not closed")]
    Unclosed {
        /// Where, in bytes.
        offset: usize,
    },
    /// `]` without its `[`.
    #[error("bracket at byte {offset} of the path was never opened")]
    Unopened {
        /// Where, in bytes.
        offset: usize,
    },
    /// The path leads through a node of another shape, or an element that is not there.
    #[error("no place for {step} in {path}")]
    NoPlace {
        /// The step that failed, as written.
        step: String,
        /// The whole path.
        path: String,
    },
}

impl FieldPath {
    /// A path of these steps.
    #[must_use]
    pub fn new(steps: Vec<Step>) -> Self {
        Self { steps }
    }

    /// The steps from the root.
    #[must_use]
    pub fn steps(&self) -> &[Step] {
        &self.steps
    }

    /// The node that the path leads to.
    #[must_use]
    pub fn get<'a>(&self, root: &'a Value) -> Option<&'a Value> {
        self.steps.iter().try_fold(root, |node, step| match step {
            Step::Key(key) => node.get(key),
            step => {
                let seq = node.as_seq()?;
                seq.get(step.index(seq)?)
            }
        })
    }

    /// The node that the path leads to, for change. Copies what is shared on the way, even where the path then
    /// leads nowhere.
    pub fn get_mut<'a>(&self, root: &'a mut Value) -> Option<&'a mut Value> {
        self.steps.iter().try_fold(root, |node, step| match step {
            Step::Key(key) => node.get_mut(key),
            step => {
                let seq = node.as_seq_mut()?;
                seq.get_mut(step.index(seq)?)
            }
        })
    }

    /// Puts a value at the path and gives back what stood there.
    ///
    /// Maps that are missing or null on the way are made; a list element is made only by `[-]` and by the index
    /// after the last one. Fails, with nothing changed but maps made on the way, where a node has another shape.
    pub fn set(&self, root: &mut Value, value: Value) -> Result<Option<Value>, FieldPathError> {
        let mut node = root;
        let mut made = false;
        for (i, step) in self.steps.iter().enumerate() {
            let next_is_key = self.steps.get(i + 1).is_none_or(|next| matches!(next, Step::Key(_)));
            node = step.enter(node, next_is_key, &mut made).ok_or_else(|| self.no_place(step))?;
        }
        let old = std::mem::replace(node, value);
        Ok(if made { None } else { Some(old) })
    }

    /// Takes away what the path leads to; nothing where it leads nowhere, and then nothing is copied.
    pub fn remove(&self, root: &mut Value) -> Option<Value> {
        self.get(root)?;
        let (last, parents) = self.steps.split_last()?;
        let parent = Self::new(parents.to_vec());
        match (last, parent.get_mut(root)?) {
            (Step::Key(key), Value::Map(map)) => map.remove(key),
            (step, Value::Seq(seq)) => {
                let index = step.index(seq)?;
                Some(seq.edit(|items| items.remove(index)))
            }
            _ => None,
        }
    }

    /// The JSON pointer of the node that the path leads to in this very tree; nothing where it leads nowhere.
    #[must_use]
    pub fn locate(&self, root: &Value) -> Option<Pointer> {
        let mut node = root;
        let mut tokens = Vec::with_capacity(self.steps.len());
        for step in &self.steps {
            if let Step::Key(key) = step {
                node = node.get(key)?;
                tokens.push(key.clone());
            } else {
                let seq = node.as_seq()?;
                let index = step.index(seq)?;
                node = seq.get(index)?;
                tokens.push(smol_str::format_smolstr!("{index}"));
            }
        }
        Some(Pointer::new(tokens))
    }

    fn no_place(&self, step: &Step) -> FieldPathError {
        FieldPathError::NoPlace { step: step.to_string(), path: self.to_string() }
    }
}

impl Step {
    /// The index that the step means in this sequence; for [`Step::End`] one that is not there.
    fn index(&self, seq: &Seq) -> Option<usize> {
        match self {
            Self::Key(_) => None,
            Self::Index(index) => Some(*index),
            Self::End => Some(seq.len()),
            Self::Where { key, text } => {
                seq.iter().position(|item| item.get(key).and_then(Value::as_text) == Some(text))
            }
        }
    }

    /// Goes down one step, making what may be made.
    fn enter<'a>(&self, node: &'a mut Value, next_is_key: bool, made: &mut bool) -> Option<&'a mut Value> {
        let empty = || if next_is_key { Value::map() } else { Value::seq() };
        if node.is_null() {
            *node = if matches!(self, Self::Key(_)) { Value::map() } else { Value::seq() };
        }
        match (self, node) {
            (Self::Key(key), Value::Map(map)) => Some(map.get_or_insert_with(key, || {
                *made = true;
                empty()
            })),
            (step, Value::Seq(seq)) => {
                let index = step.index(seq)?;
                if index == seq.len() && !matches!(step, Self::Where { .. }) {
                    *made = true;
                    seq.push(empty());
                }
                seq.get_mut(index)
            }
            _ => None,
        }
    }
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Key(key) if parse::is_bare(key) => f.write_str(key),
            Self::Key(key) => write!(f, "[\"{}\"]", key.replace('\\', "\\\\").replace('"', "\\\"")),
            Self::Index(index) => write!(f, "[{index}]"),
            Self::End => f.write_str("[-]"),
            Self::Where { key, text } => {
                let escape = |text: &str| text.replace('\\', "\\\\").replace(']', "\\]");
                // A quote at the front would make it a quoted key.
                let key = escape(key).replace('=', "\\=").replace('"', "\\\"").replace('\'', "\\'");
                write!(f, "[{key}={}]", escape(text))
            }
        }
    }
}

/// The path as a person would write it; parsing gives the same path again.
impl fmt::Display for FieldPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, step) in self.steps.iter().enumerate() {
            if i > 0 && matches!(step, Step::Key(key) if parse::is_bare(key)) {
                f.write_str(".")?;
            }
            step.fmt(f)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
