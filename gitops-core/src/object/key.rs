//! The identity of an object, whatever version of its API a manifest states.

use super::gvk::split_api_version;
use crate::value::Value;
use smol_str::SmolStr;
use std::fmt;

/// Group, kind, namespace and name: what every index of objects is keyed by.
///
/// The namespace is as the object states it: only a schema knows whether an object without one lives in the
/// default namespace or in none.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Debug)]
pub struct ObjectKey {
    /// The API group; empty for the core group.
    pub group: SmolStr,
    /// The kind.
    pub kind: SmolStr,
    /// The namespace; empty where none is stated.
    pub namespace: SmolStr,
    /// The name.
    pub name: SmolStr,
}

impl ObjectKey {
    /// A key from its parts.
    #[must_use]
    pub fn new(
        group: impl Into<SmolStr>,
        kind: impl Into<SmolStr>,
        namespace: impl Into<SmolStr>,
        name: impl Into<SmolStr>,
    ) -> Self {
        Self { group: group.into(), kind: kind.into(), namespace: namespace.into(), name: name.into() }
    }

    /// The key that an object states; what it does not state is empty.
    #[must_use]
    pub fn of(object: &Value) -> Self {
        let (group, _) = split_api_version(object.api_version().unwrap_or_default());
        Self::new(
            group,
            object.kind().unwrap_or_default(),
            object.namespace().unwrap_or_default(),
            object.name().unwrap_or_default(),
        )
    }
}

/// `[namespace/]Kind[.group]/name`, the form that people write on the command line.
impl fmt::Display for ObjectKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.namespace.is_empty() {
            write!(f, "{}/", self.namespace)?;
        }
        f.write_str(&self.kind)?;
        if !self.group.is_empty() {
            write!(f, ".{}", self.group)?;
        }
        write!(f, "/{}", self.name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_form_leaves_out_what_is_empty() {
        for (key, text) in [
            (ObjectKey::new("apps", "Deployment", "shop", "web"), "shop/Deployment.apps/web"),
            (ObjectKey::new("", "Service", "shop", "web"), "shop/Service/web"),
            (ObjectKey::new("", "Namespace", "", "shop"), "Namespace/shop"),
        ] {
            assert_eq!(key.to_string(), text);
        }
    }

    #[test]
    fn an_object_without_anything_has_an_empty_key() {
        assert_eq!(ObjectKey::of(&Value::null()), ObjectKey::default());
    }
}
