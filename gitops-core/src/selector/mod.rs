//! Label selectors of Kubernetes: the text grammar and the `LabelSelector` object, compiled once.
//!
//! ```
//! use gitops_core::selector::Selector;
//! let selector: Selector = "app=web, tier in (front, back), !canary".parse().unwrap();
//! let labels = [("app", "web"), ("tier", "back")];
//! assert!(selector.matches_by(|key| labels.iter().find(|(k, _)| *k == key).map(|(_, v)| *v)));
//! ```
//!
//! Requirements are separated by `,` and all must hold:
//!
//! | text | holds where |
//! |---|---|
//! | `key` | the label is there |
//! | `!key` | it is not |
//! | `key=value`, `key==value` | it has this value |
//! | `key!=value` | it has another value, or is not there |
//! | `key in (a, b)` | it has one of these values |
//! | `key notin (a, b)` | it has none of these values, or is not there |
//! | `key>1`, `key<1` | it is an integer above or below |
//!
//! A value may be empty (`key=`, `key in (,a)`). Keys are `[prefix/]name` with a DNS subdomain before the slash;
//! names and values have at most 63 characters, letters, digits, `-`, `_` and `.`, with a letter or a digit at
//! either end. The empty selector holds for everything. Annotations are selected by the same grammar.

mod label;
mod object;
mod parse;

pub use label::{LabelError, check_label_key, check_label_value};

use crate::value::{Map, Scalar, Value};
use smol_str::SmolStr;
use std::fmt;

/// How a requirement looks at a label.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum Operator {
    /// The label has one of these values; written `=` where there is one.
    In(Vec<SmolStr>),
    /// The label has none of these values, or is not there; written `!=` where there is one.
    NotIn(Vec<SmolStr>),
    /// The label is there.
    Exists,
    /// The label is not there.
    DoesNotExist,
    /// The label is an integer above this.
    GreaterThan(i64),
    /// The label is an integer below this.
    LessThan(i64),
}

/// What one label must be.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Requirement {
    key: SmolStr,
    operator: Operator,
}

impl Requirement {
    /// A requirement; fails where the key or a value is not one that a label can have, or where `In` or `NotIn`
    /// name no value.
    pub fn new(key: impl Into<SmolStr>, operator: Operator) -> Result<Self, SelectorError> {
        let key = key.into();
        check_label_key(&key).map_err(|source| SelectorError::Key { key: key.to_string(), source })?;
        if let Operator::In(values) | Operator::NotIn(values) = &operator {
            if values.is_empty() {
                return Err(SelectorError::NoValues { key: key.to_string() });
            }
            for value in values {
                check_label_value(value).map_err(|source| SelectorError::Value {
                    key: key.to_string(),
                    value: value.to_string(),
                    source,
                })?;
            }
        }
        Ok(Self { key, operator })
    }

    /// The label that the requirement looks at.
    #[must_use]
    pub fn key(&self) -> &str {
        &self.key
    }

    /// How it looks at it.
    #[must_use]
    pub fn operator(&self) -> &Operator {
        &self.operator
    }

    /// Whether it holds for a label of this value, or for a missing one.
    #[must_use]
    pub fn matches(&self, value: Option<&str>) -> bool {
        let number = || value.and_then(parse::integer);
        match &self.operator {
            Operator::In(values) => value.is_some_and(|value| values.iter().any(|v| v == value)),
            Operator::NotIn(values) => value.is_none_or(|value| values.iter().all(|v| v != value)),
            Operator::Exists => value.is_some(),
            Operator::DoesNotExist => value.is_none(),
            Operator::GreaterThan(bound) => number().is_some_and(|number| number > *bound),
            Operator::LessThan(bound) => number().is_some_and(|number| number < *bound),
        }
    }
}

/// A compiled selector: requirements that must all hold.
///
/// Made by parsing a text, from a `LabelSelector` object ([`Selector::from_object`]) or from requirements.
#[derive(Clone, PartialEq, Eq, Hash, Default, Debug)]
pub struct Selector {
    requirements: Vec<Requirement>,
}

impl Selector {
    /// A selector of these requirements; none at all holds for everything.
    #[must_use]
    pub fn new(requirements: Vec<Requirement>) -> Self {
        Self { requirements }
    }

    /// The requirements, in source order.
    #[must_use]
    pub fn requirements(&self) -> &[Requirement] {
        &self.requirements
    }

    /// Whether the selector holds for everything.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.requirements.is_empty()
    }

    /// Whether all requirements hold, with `get` to look labels up.
    pub fn matches_by<'a>(&self, mut get: impl FnMut(&str) -> Option<&'a str>) -> bool {
        self.requirements.iter().all(|requirement| requirement.matches(get(&requirement.key)))
    }

    /// Whether all requirements hold for this map of labels or annotations; a value that is no string is taken by
    /// its text.
    #[must_use]
    pub fn matches(&self, labels: Option<&Map>) -> bool {
        self.matches_by(|key| labels?.get(key).and_then(Value::as_scalar).map(Scalar::text))
    }
}

/// Why a text or an object is not a selector.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SelectorError {
    /// Something else was expected.
    #[error("found {found:?} at byte {offset} of the selector, expected {expected}")]
    Unexpected {
        /// What stands there; empty at the end.
        found: String,
        /// Where, in bytes.
        offset: usize,
        /// What may stand there.
        expected: &'static str,
    },
    /// No label can have this key.
    #[error("invalid label key {key:?}")]
    Key {
        /// The key.
        key: String,
        /// The rule that it breaks.
        source: LabelError,
    },
    /// No label can have this value.
    #[error("invalid value {value:?} of label {key:?}")]
    Value {
        /// The key.
        key: String,
        /// The value.
        value: String,
        /// The rule that it breaks.
        source: LabelError,
    },
    /// `in` or `notin` without values.
    #[error("label {key:?} is compared with no value at all")]
    NoValues {
        /// The key.
        key: String,
    },
    /// `Exists` or `DoesNotExist` with values.
    #[error("label {key:?} has values, which its operator takes none of")]
    UnwantedValues {
        /// The key.
        key: String,
    },
    /// `>` or `<` with something else than an integer.
    #[error("label {key:?} is compared with {value:?}, which is not an integer")]
    NotANumber {
        /// The key.
        key: String,
        /// The value.
        value: String,
    },
    /// A `LabelSelector` with an operator that there is none of.
    #[error("unknown operator {operator:?} for label {key:?}, expected In, NotIn, Exists or DoesNotExist")]
    Operator {
        /// The key.
        key: String,
        /// The operator.
        operator: String,
    },
    /// A `LabelSelector` of another shape.
    #[error("{field} of a label selector must be {expected}")]
    Shape {
        /// The field.
        field: &'static str,
        /// What it must be.
        expected: &'static str,
    },
}

/// The text form; parsing gives an equal requirement again, with its values sorted.
impl fmt::Display for Requirement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let key = &self.key;
        match &self.operator {
            Operator::Exists => f.write_str(key),
            Operator::DoesNotExist => write!(f, "!{key}"),
            Operator::GreaterThan(bound) => write!(f, "{key}>{bound}"),
            Operator::LessThan(bound) => write!(f, "{key}<{bound}"),
            Operator::In(values) if values.len() == 1 => write!(f, "{key}={}", values.concat()),
            Operator::NotIn(values) if values.len() == 1 => write!(f, "{key}!={}", values.concat()),
            Operator::In(values) => write!(f, "{key} in ({})", values.join(",")),
            Operator::NotIn(values) => write!(f, "{key} notin ({})", values.join(",")),
        }
    }
}

/// The text form; parsing gives an equal selector again, with values sorted.
impl fmt::Display for Selector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.requirements.iter().enumerate().try_for_each(|(i, requirement)| {
            let comma = if i == 0 { "" } else { "," };
            write!(f, "{comma}{requirement}")
        })
    }
}

#[cfg(test)]
mod tests;
