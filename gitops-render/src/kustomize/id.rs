//! What ids are compared by, and what selects them.

use gitops_core::object::{DEFAULT_NAMESPACE, Gvk};

/// What the namespace of a namespaced object is compared by.
pub(crate) fn effective_namespace(written: &str) -> &str {
    if written.is_empty() { DEFAULT_NAMESPACE } else { written }
}

/// Whether `gvk` is chosen by a field specification or reference rule: empty parts choose anything.
pub(crate) fn selected(gvk: &Gvk, group: &str, version: &str, kind: &str) -> bool {
    fn fits(wanted: &str, given: &str) -> bool {
        wanted.is_empty() || wanted == given
    }
    fits(group, &gvk.group) && fits(version, &gvk.version) && fits(kind, &gvk.kind)
}
