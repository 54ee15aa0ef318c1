//! Types of objects: group, version and kind.

use super::{compare_joined, or};
use crate::value::Value;
use smol_str::{SmolStr, format_smolstr};
use std::cmp::Ordering;
use std::fmt;

const NO_GROUP: &str = "[noGrp]";
const NO_VERSION: &str = "[noVer]";
const NO_KIND: &str = "[noKind]";

/// Kinds that kustomize's legacy order puts first, in this order.
pub const ORDER_FIRST: [&str; 22] = [
    "Namespace",
    "ResourceQuota",
    "StorageClass",
    "CustomResourceDefinition",
    "ServiceAccount",
    "PodSecurityPolicy",
    "Role",
    "ClusterRole",
    "RoleBinding",
    "ClusterRoleBinding",
    "ConfigMap",
    "Secret",
    "Endpoints",
    "Service",
    "LimitRange",
    "PriorityClass",
    "PersistentVolume",
    "PersistentVolumeClaim",
    "Deployment",
    "StatefulSet",
    "CronJob",
    "PodDisruptionBudget",
];

/// Kinds that kustomize's legacy order puts last, in this order.
pub const ORDER_LAST: [&str; 2] = ["MutatingWebhookConfiguration", "ValidatingWebhookConfiguration"];

/// Rank of a kind in kustomize's legacy order: negative for [`ORDER_FIRST`], positive for [`ORDER_LAST`], else 0.
/// Looks through both lists; who sorts many objects asks once for each.
#[must_use]
pub fn kind_rank(kind: &str) -> i32 {
    let place = |(place, k): (i32, &&str)| (*k == kind).then_some(place);
    let first = (1..).zip(ORDER_FIRST.iter().rev()).find_map(place);
    let last = (1..).zip(&ORDER_LAST).find_map(place);
    last.or_else(|| first.map(std::ops::Neg::neg)).unwrap_or_default()
}

/// Group, version and kind of an object; the core group is the empty text.
///
/// The derived order is by field and means nothing to kustomize; see [`Gvk::legacy_cmp`].
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Debug)]
pub struct Gvk {
    /// The API group, as `apps`.
    pub group: SmolStr,
    /// The version, as `v1`.
    pub version: SmolStr,
    /// The kind, as `Deployment`.
    pub kind: SmolStr,
}

impl Gvk {
    /// A type from its parts.
    #[must_use]
    pub fn new(group: impl Into<SmolStr>, version: impl Into<SmolStr>, kind: impl Into<SmolStr>) -> Self {
        Self { group: group.into(), version: version.into(), kind: kind.into() }
    }

    /// A type from the two fields that an object states.
    ///
    /// ```
    /// use gitops_core::object::Gvk;
    /// assert_eq!(Gvk::from_api_version("apps/v1", "Deployment"), Gvk::new("apps", "v1", "Deployment"));
    /// assert_eq!(Gvk::from_api_version("v1", "Service"), Gvk::new("", "v1", "Service"));
    /// ```
    #[must_use]
    pub fn from_api_version(api_version: &str, kind: impl Into<SmolStr>) -> Self {
        let (group, version) = split_api_version(api_version);
        Self::new(group, version, kind)
    }

    /// The type that an object states; what it does not state is empty.
    #[must_use]
    pub fn of(object: &Value) -> Self {
        let kind = object.kind().map_or_else(SmolStr::default, SmolStr::new);
        Self::from_api_version(object.api_version().unwrap_or_default(), kind)
    }

    /// Reads `Kind.version.group` with `[noKind]`, `[noVer]` and `[noGrp]` for what is empty; nothing where there
    /// are fewer than three parts.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = text.splitn(3, '.');
        let (kind, version, group) = (parts.next()?, parts.next()?, parts.next()?);
        let unless =
            |text: &str, stand_in| if text == stand_in { SmolStr::default() } else { SmolStr::new(text) };
        Some(Self {
            group: unless(group, NO_GROUP),
            version: unless(version, NO_VERSION),
            kind: unless(kind, NO_KIND),
        })
    }

    /// The `apiVersion`: `group/version`, or the version alone in the core group.
    #[must_use]
    pub fn api_version(&self) -> SmolStr {
        if self.group.is_empty() {
            self.version.clone()
        } else {
            format_smolstr!("{}/{}", self.group, self.version)
        }
    }

    /// `group_version_kind` without what is empty, as in names of files.
    #[must_use]
    pub fn underscored(&self) -> String {
        let parts = [&*self.group, &*self.version, &*self.kind];
        parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("_")
    }

    /// Whether every part that the selector states is the same here; an empty part selects anything.
    #[must_use]
    pub fn is_selected_by(&self, selector: &Self) -> bool {
        let allows = |wanted: &SmolStr, actual: &SmolStr| wanted.is_empty() || wanted == actual;
        allows(&selector.group, &self.group)
            && allows(&selector.version, &self.version)
            && allows(&selector.kind, &self.kind)
    }

    /// kustomize's order of types: rank of the kind, then [`Gvk::text_cmp`].
    #[must_use]
    pub fn legacy_cmp(&self, other: &Self) -> Ordering {
        kind_rank(&self.kind).cmp(&kind_rank(&other.kind)).then_with(|| self.text_cmp(other))
    }

    /// Bytewise order of `group_version_kind`, where `~G`, `~V` and `~K` stand for what is empty. Hence the core
    /// group comes after all others.
    #[must_use]
    pub fn text_cmp(&self, other: &Self) -> Ordering {
        compare_joined(&self.sort_pieces(), &other.sort_pieces())
    }

    fn sort_pieces(&self) -> [&str; 5] {
        [or(&self.group, "~G"), "_", or(&self.version, "~V"), "_", or(&self.kind, "~K")]
    }

    /// The pieces of `Kind.version.group`.
    pub(super) fn pieces(&self) -> [&str; 5] {
        [or(&self.kind, NO_KIND), ".", or(&self.version, NO_VERSION), ".", or(&self.group, NO_GROUP)]
    }
}

/// kustomize's form, `Kind.version.group`; [`Gvk::parse`] reads it.
impl fmt::Display for Gvk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.pieces().into_iter().try_for_each(|piece| f.write_str(piece))
    }
}

/// Splits at the first `/`; without one, all of it is the version.
pub(super) fn split_api_version(api_version: &str) -> (&str, &str) {
    api_version.split_once('/').unwrap_or(("", api_version))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn api_versions_split_at_the_first_slash() {
        for (text, group, version) in [
            ("", "", ""),
            ("v1", "", "v1"),
            ("apps/v1", "apps", "v1"),
            ("a/b/c", "a", "b/c"),
            ("/v1", "", "v1"),
        ] {
            assert_eq!(Gvk::from_api_version(text, "K"), Gvk::new(group, version, "K"), "{text}");
        }
        assert_eq!(Gvk::new("apps", "v1", "K").api_version(), "apps/v1");
        assert_eq!(Gvk::new("", "v1", "K").api_version(), "v1");
    }

    #[test]
    fn text_form_names_what_is_missing_and_reads_back() {
        for (gvk, text) in [
            (Gvk::default(), "[noKind].[noVer].[noGrp]"),
            (Gvk::new("", "v1", "Pod"), "Pod.v1.[noGrp]"),
            (Gvk::new("rbac.authorization.k8s.io", "v1", "Role"), "Role.v1.rbac.authorization.k8s.io"),
        ] {
            assert_eq!(gvk.to_string(), text);
            assert_eq!(Gvk::parse(text), Some(gvk));
        }
        assert_eq!(Gvk::parse("Role.v1"), None);
    }

    #[test]
    fn legacy_order_ranks_kinds_then_compares_texts() {
        let sorted = [
            ("", "v1", "Namespace"),
            ("apps", "v1", "Deployment"),
            ("policy", "v1", "PodDisruptionBudget"),
            ("a", "v10", "X"),
            ("a", "v1", "X"),
            ("a", "v2", "X"),
            ("a_v", "v1", "X"),
            ("", "v1", "Pod"),
            ("", "", "Pod"),
            ("x", "v1", "MutatingWebhookConfiguration"),
            ("a", "v1", "ValidatingWebhookConfiguration"),
        ]
        .map(|(group, version, kind)| Gvk::new(group, version, kind));
        for (i, a) in sorted.iter().enumerate() {
            for (j, b) in sorted.iter().enumerate() {
                assert_eq!(a.legacy_cmp(b), i.cmp(&j), "{a} and {b}");
            }
        }
    }
}
