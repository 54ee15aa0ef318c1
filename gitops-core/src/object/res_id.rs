//! kustomize's identity of a resource.

use super::{Gvk, compare_joined, or};
use crate::value::Value;
use smol_str::SmolStr;
use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};

/// The effective namespace of a namespaced object that states none.
pub const DEFAULT_NAMESPACE: &str = "default";
/// The effective namespace of a cluster-scoped object; no real namespace has this name.
pub const NOT_NAMESPACED: &str = "_non_namespaceable_";

/// The namespace that counts where an object states this one: [`DEFAULT_NAMESPACE`] for none.
#[must_use]
pub fn effective_namespace(stated: &str) -> &str {
    if stated.is_empty() { DEFAULT_NAMESPACE } else { stated }
}

const NO_NAMESPACE: &str = "[noNs]";
const NO_NAME: &str = "[noName]";

/// Type, name and namespace of a resource as kustomize tells resources apart.
///
/// Two ids are equal when type, name and [effective namespace](Self::effective_namespace) are. Ids made from
/// selectors and patches are never cluster-scoped, those of objects are as the schema says.
///
/// ```
/// use gitops_core::object::{Gvk, ResId};
/// let service = Gvk::new("", "v1", "Service");
/// assert_eq!(ResId::new(service.clone(), "web", ""), ResId::new(service.clone(), "web", "default"));
/// assert_ne!(ResId::new(service.clone(), "web", ""), ResId::new(service, "web", "shop"));
/// let role = Gvk::new("rbac.authorization.k8s.io", "v1", "ClusterRole");
/// let id = |namespace| ResId { cluster_scoped: true, ..ResId::new(role.clone(), "admin", namespace) };
/// assert_eq!(id("a"), id("b"));
/// ```
#[derive(Clone, Default, Debug)]
pub struct ResId {
    /// The type.
    pub gvk: Gvk,
    /// The name.
    pub name: SmolStr,
    /// The namespace as stated; empty where none is.
    pub namespace: SmolStr,
    /// Whether the schema knows the type as cluster-scoped.
    pub cluster_scoped: bool,
}

impl ResId {
    /// The id of a namespaced resource, or of one whose scope is unknown.
    #[must_use]
    pub fn new(gvk: Gvk, name: impl Into<SmolStr>, namespace: impl Into<SmolStr>) -> Self {
        Self { gvk, name: name.into(), namespace: namespace.into(), cluster_scoped: false }
    }

    /// The id that an object states.
    #[must_use]
    pub fn of(object: &Value, cluster_scoped: bool) -> Self {
        Self {
            gvk: Gvk::of(object),
            name: object.name().unwrap_or_default().into(),
            namespace: object.namespace().unwrap_or_default().into(),
            cluster_scoped,
        }
    }

    /// Reads `Kind.version.group/name.namespace` with `[noNs]` and the like for what is empty. The name may hold
    /// dots, the namespace may not. Scope is not part of the text and comes out as namespaced.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (gvk, rest) = text.split_once('/')?;
        let (name, namespace) = rest.rsplit_once('.').unwrap_or(("", rest));
        let unless = |text, stand_in| if text == stand_in { "" } else { text };
        Some(Self::new(Gvk::parse(gvk)?, unless(name, NO_NAME), unless(namespace, NO_NAMESPACE)))
    }

    /// The namespace that counts: [`NOT_NAMESPACED`] for cluster-scoped types, else the stated one, else
    /// [`DEFAULT_NAMESPACE`].
    #[must_use]
    pub fn effective_namespace(&self) -> &str {
        if self.cluster_scoped { NOT_NAMESPACED } else { effective_namespace(&self.namespace) }
    }

    /// Whether the resource is namespaced and lives in the default namespace.
    #[must_use]
    pub fn is_in_default_namespace(&self) -> bool {
        self.effective_namespace() == DEFAULT_NAMESPACE
    }

    /// Whether both have the same effective namespace.
    #[must_use]
    pub fn same_namespace(&self, other: &Self) -> bool {
        self.effective_namespace() == other.effective_namespace()
    }

    /// Whether both have the same type and name, in whatever namespace.
    #[must_use]
    pub fn same_type_and_name(&self, other: &Self) -> bool {
        self.name == other.name && self.gvk == other.gvk
    }

    /// Whether every part that the selector states is the same here; namespaces compare by effect.
    #[must_use]
    pub fn is_selected_by(&self, selector: &Self) -> bool {
        (selector.name.is_empty() || selector.name == self.name)
            && (selector.namespace.is_empty() || selector.same_namespace(self))
            && self.gvk.is_selected_by(&selector.gvk)
    }

    /// Whether nothing is stated.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.gvk == Gvk::default()
            && self.name.is_empty()
            && self.namespace.is_empty()
            && !self.cluster_scoped
    }

    /// Bytewise order of `Kind.version.group|namespace|name`, where `~X` stands for no namespace and `~N` for no
    /// name: the last word in kustomize's legacy order.
    #[must_use]
    pub fn text_cmp(&self, other: &Self) -> Ordering {
        compare_joined(&self.sort_pieces(), &other.sort_pieces())
    }

    fn sort_pieces(&self) -> [&str; 9] {
        let [kind, _, version, _, group] = self.gvk.pieces();
        [kind, ".", version, ".", group, "|", or(&self.namespace, "~X"), "|", or(&self.name, "~N")]
    }
}

impl PartialEq for ResId {
    fn eq(&self, other: &Self) -> bool {
        self.same_type_and_name(other) && self.same_namespace(other)
    }
}

impl Eq for ResId {}

impl Hash for ResId {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.gvk.hash(state);
        self.name.hash(state);
        self.effective_namespace().hash(state);
    }
}

/// `Kind.version.group/name.namespace`, as kustomize prints ids; [`ResId::parse`] reads it.
impl fmt::Display for ResId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}.{}", self.gvk, or(&self.name, NO_NAME), or(&self.namespace, NO_NAMESPACE))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_form_reads_back() {
        for text in [
            "k.v.g/nm.ns",
            "[noKind].[noVer].[noGrp]/[noName].[noNs]",
            "ClusterRole.v1.rbac.authorization.k8s.io/my.name.[noNs]",
        ] {
            assert_eq!(ResId::parse(text).unwrap().to_string(), text);
        }
        for text in ["", "k.v.g", "k.v/n.ns"] {
            assert!(ResId::parse(text).is_none(), "{text}");
        }
    }

    #[test]
    fn legacy_text_order_puts_the_core_group_and_no_namespace_where_their_stand_ins_sort() {
        let id = |group: &str, name: &str, namespace: &str| {
            ResId::new(Gvk::new(group, "v1", "K"), name, namespace)
        };
        let sorted =
            [id("", "z", "a"), id("", "c10", ""), id("", "c2", ""), id("apps", "", "a"), id("apps", "a", "")];
        for pair in sorted.windows(2) {
            assert_eq!(pair[0].text_cmp(&pair[1]), Ordering::Less, "{} and {}", pair[0], pair[1]);
        }
    }
}
