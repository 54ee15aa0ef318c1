//! Group, version and kind: of objects, and as selectors where an empty part means any.
//!
//! ```
//! use gitops_render::kustomize::gvk::{GvkRef, GvkSelector};
//! let deployments = GvkSelector::of("", "", "Deployment");
//! assert!(deployments.selects(GvkRef::parse("apps/v1", "Deployment")));
//! assert_eq!(deployments.to_string(), "Deployment.[noVer].[noGrp]");
//! ```

use gitops_core::Value;
use gitops_core::object::kind_rank;
use smol_str::SmolStr;
use std::cmp::Ordering;
use std::fmt;

/// Group, version and kind of one object, borrowed from it.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub struct GvkRef<'a> {
    /// API group; empty for the core group.
    pub group: &'a str,
    /// API version.
    pub version: &'a str,
    /// Kind.
    pub kind: &'a str,
}

impl<'a> GvkRef<'a> {
    /// Splits `apiVersion` at its first slash; without one it is all version.
    #[must_use]
    pub fn parse(api_version: &'a str, kind: &'a str) -> Self {
        let (group, version) = api_version.split_once('/').unwrap_or(("", api_version));
        Self { group, version, kind }
    }

    /// What `apiVersion` and `kind` of an object say; absent fields are empty.
    #[must_use]
    pub fn of(object: &'a Value) -> Self {
        let text = |field| object.get(field).and_then(Value::as_text).unwrap_or_default();
        Self::parse(text("apiVersion"), text("kind"))
    }
}

impl fmt::Display for GvkRef<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_gvk(f, self.group, self.version, self.kind)
    }
}

/// A selector by group, version and kind.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
pub struct GvkSelector {
    /// Group, or empty for any (so the core group alone can't be selected).
    pub group: SmolStr,
    /// Version, or empty for any.
    pub version: SmolStr,
    /// Kind, or empty for any.
    pub kind: SmolStr,
}

impl GvkSelector {
    /// A selector from its parts.
    #[must_use]
    pub const fn of(group: &'static str, version: &'static str, kind: &'static str) -> Self {
        Self {
            group: SmolStr::new_static(group),
            version: SmolStr::new_static(version),
            kind: SmolStr::new_static(kind),
        }
    }

    /// Whether every part that is given equals the object's.
    #[must_use]
    pub fn selects(&self, gvk: GvkRef<'_>) -> bool {
        let part = |wanted: &str, actual: &str| wanted.is_empty() || wanted == actual;
        part(&self.kind, gvk.kind) && part(&self.group, gvk.group) && part(&self.version, gvk.version)
    }

    /// The parts, borrowed.
    #[must_use]
    pub fn as_ref(&self) -> GvkRef<'_> {
        GvkRef { group: &self.group, version: &self.version, kind: &self.kind }
    }

    /// The order in which kustomize keeps its configuration: by the rank of the kind, then by group, version and kind.
    #[must_use]
    pub fn order(&self, other: &Self) -> Ordering {
        let sort_key = |gvk: &Self| {
            let or =
                |text: &str, empty: &str| if text.is_empty() { empty.to_owned() } else { text.to_owned() };
            format!("{}_{}_{}", or(&gvk.group, "~G"), or(&gvk.version, "~V"), or(&gvk.kind, "~K"))
        };
        kind_rank(&self.kind).cmp(&kind_rank(&other.kind)).then_with(|| sort_key(self).cmp(&sort_key(other)))
    }
}

impl fmt::Display for GvkSelector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_gvk(f, &self.group, &self.version, &self.kind)
    }
}

fn write_gvk(f: &mut fmt::Formatter<'_>, group: &str, version: &str, kind: &str) -> fmt::Result {
    let or =
        |text: &'_ str, empty: &'static str| if text.is_empty() { empty.to_owned() } else { text.to_owned() };
    write!(f, "{}.{}.{}", or(kind, "[noKind]"), or(version, "[noVer]"), or(group, "[noGrp]"))
}

/// An object as kustomize names it in messages: `Deployment.v1.apps/name.namespace`.
#[must_use]
pub fn object_id(object: &Value) -> String {
    let metadata = |field| object.get("metadata").and_then(|m| m.get(field)).and_then(Value::as_text);
    let name = metadata("name").filter(|text| !text.is_empty()).unwrap_or("[noName]");
    let namespace = metadata("namespace").filter(|text| !text.is_empty()).unwrap_or("[noNs]");
    format!("{}/{name}.{namespace}", GvkRef::of(object))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn empty_parts_select_anything() {
        let apps = GvkRef::parse("apps/v1", "Deployment");
        for (group, version, kind, selected) in [
            ("", "", "", true),
            ("apps", "", "", true),
            ("", "v1", "Deployment", true),
            ("apps", "v2", "", false),
            ("batch", "", "Deployment", false),
        ] {
            assert_eq!(
                GvkSelector::of(group, version, kind).selects(apps),
                selected,
                "{group}/{version} {kind}"
            );
        }
    }
}
