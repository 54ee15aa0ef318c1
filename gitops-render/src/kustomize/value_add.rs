//! `ValueAddTransformer`: one value put into fields of many objects, or between the parts of paths that they hold.
//!
//! ```
//! use gitops_render::kustomize::value_add::insert_path_part;
//! assert_eq!(insert_path_part("/a/nice/warm/pie", 3, "PEACH"), "/a/nice/warm/PEACH/pie");
//! assert_eq!(insert_path_part("pie", 0, "PEACH"), "PEACH/pie");
//! ```

use super::lookup::{LookupError, lookup_or_create};
use super::node::{self, NodeKind, WrongKind};
use gitops_core::Value;

/// Why a value can't be added.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum ValueAddError {
    /// The target has no path.
    #[error("fieldPath cannot be empty")]
    NoPath,
    /// A negative position.
    #[error("value of FilePathPosition ({0}) cannot be negative")]
    NegativePosition(i64),
    /// The path does not fit the object.
    #[error(transparent)]
    Lookup(#[from] LookupError),
    /// The field is no scalar.
    #[error(transparent)]
    Kind(#[from] WrongKind),
}

/// A field to add a value to.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ValueAddTarget {
    parts: Vec<String>,
    position: usize,
}

impl ValueAddTarget {
    /// A field by its path, parts separated by `/`. A position above 0 says that the field holds a file path, and
    /// before which of its parts the value goes, counted from 1; with 0 the value takes the field's place.
    pub fn new(path: &str, position: i64) -> Result<Self, ValueAddError> {
        if path.is_empty() {
            return Err(ValueAddError::NoPath);
        }
        let position = usize::try_from(position).map_err(|_| ValueAddError::NegativePosition(position))?;
        Ok(Self { parts: gitops_core::field_path::split_escaped(path, '/'), position })
    }

    /// Adds the value, making the field where it is missing. The answer is whether the object has the field now:
    /// items of lists and fields of nulls are not made.
    pub fn apply(&self, object: &mut Value, value: &str) -> Result<bool, ValueAddError> {
        let Some(field) = lookup_or_create(object, &self.parts, NodeKind::Scalar)? else { return Ok(false) };
        node::expect(field, NodeKind::Scalar)?;
        let value = match self.position {
            0 => value.to_owned(),
            position => insert_path_part(node::text(field), position - 1, value),
        };
        if !value.is_empty() {
            node::set_scalar(field, value, None)?;
        }
        Ok(true)
    }
}

/// A file path with one more part at `position`, counted from 0 behind a leading slash; beyond the last at the end.
#[must_use]
pub fn insert_path_part(path: &str, position: usize, part: &str) -> String {
    if part.is_empty() {
        return path.to_owned();
    }
    let absolute = path.starts_with('/');
    let mut parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
    parts.insert(position.min(parts.len()), part);
    format!("{}{}", if absolute { "/" } else { "" }, parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::super::testing::{json, show};
    use super::*;

    #[test]
    fn values_are_added() {
        for (object, path, position, expected) in [
            (r#"{"a":{"b":"x"}}"#, "a/b", 0, r#"{"a":{"b":"V"}}"#),
            ("{}", "a/b", 0, r#"{"a":{"b":"V"}}"#),
            ("{}", r"a/b\/c", 0, r#"{"a":{"b/c":"V"}}"#),
            (r#"{"a":"/x/y"}"#, "a", 1, r#"{"a":"/V/x/y"}"#),
            (r#"{"a":"x/y"}"#, "a", 9, r#"{"a":"x/y/V"}"#),
            ("{}", "a", 2, r#"{"a":"V"}"#),
            (r#"{"a":[{"n":"x"}]}"#, "a/[n=x]/v", 0, r#"{"a":[{"n":"x","v":"V"}]}"#),
            (r#"{"a":["x"]}"#, "a/0", 0, r#"{"a":["V"]}"#),
            (r#"{"a":null}"#, "a/b", 0, r#"{"a":null}"#),
            (r#"{"a":{}}"#, "a", 0, "wrong node kind: expected ScalarNode but got MappingNode"),
        ] {
            let mut object = json(object);
            let result = ValueAddTarget::new(path, position).unwrap().apply(&mut object, "V");
            assert_eq!(result.map_or_else(|error| error.to_string(), |_| show(&object)), expected, "{path}");
        }
    }
}
