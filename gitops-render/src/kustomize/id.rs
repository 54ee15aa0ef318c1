//! Identity of a resource during a build: group, version, kind, name and effective namespace.

use gitops_core::object::Gvk;
use smol_str::SmolStr;
use std::fmt;

/// The namespace that stands for "none possible" in selectors, as the original spells it.
pub(crate) const CLUSTER: &str = "_non_namespaceable_";
const DEFAULT_NAMESPACE: &str = "default";

/// Group, version, kind, name and namespace as written; compared by effective namespace.
#[derive(Clone, Debug)]
pub(crate) struct Id {
    pub(crate) gvk: Gvk,
    pub(crate) name: SmolStr,
    pub(crate) namespace: SmolStr,
    pub(crate) cluster: bool,
}

impl Id {
    /// What namespaces are compared by: no namespace is `default`, a cluster-scoped kind has none.
    pub(crate) fn effective_namespace(&self) -> &str {
        if self.cluster { CLUSTER } else { effective_namespace(&self.namespace) }
    }

    /// The key under which equal ids meet.
    pub(crate) fn key(&self) -> IdKey {
        IdKey { gvk: self.gvk.clone(), name: self.name.clone(), namespace: self.effective_namespace().into() }
    }

    /// Same kind (group and version included), name and effective namespace.
    pub(crate) fn equals(&self, other: &Self) -> bool {
        self.gvk == other.gvk
            && self.name == other.name
            && self.effective_namespace() == other.effective_namespace()
    }
}

/// What the namespace of a namespaced object is compared by.
pub(crate) fn effective_namespace(written: &str) -> &str {
    if written.is_empty() { DEFAULT_NAMESPACE } else { written }
}

impl fmt::Display for Id {
    /// `Deployment.v1.apps/name.namespace`, with `[noGrp]`, `[noVer]`, `[noKind]`, `[noName]`, `[noNs]` for gaps.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fn or<'a>(text: &'a str, none: &'a str) -> &'a str {
            if text.is_empty() { none } else { text }
        }
        write!(
            f,
            "{}.{}.{}/{}.{}",
            or(&self.gvk.kind, "[noKind]"),
            or(&self.gvk.version, "[noVer]"),
            or(&self.gvk.group, "[noGrp]"),
            or(&self.name, "[noName]"),
            or(&self.namespace, "[noNs]"),
        )
    }
}

/// An [`Id`] with the effective namespace, for look-ups.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub(crate) struct IdKey {
    gvk: Gvk,
    name: SmolStr,
    namespace: SmolStr,
}

/// Whether `gvk` is chosen by a field specification or reference rule: empty parts choose anything.
pub(crate) fn selected(gvk: &Gvk, group: &str, version: &str, kind: &str) -> bool {
    fn fits(wanted: &str, given: &str) -> bool {
        wanted.is_empty() || wanted == given
    }
    fits(group, &gvk.group) && fits(version, &gvk.version) && fits(kind, &gvk.kind)
}
