//! Warnings: what the original passes over in silence although its author hardly meant it.
//!
//! Each has one code with one help, see [`codes`], described in `docs/diagnostics.md`. Two rules hold for all:
//!
//! * A warning stands where its cause stands, and its message does not depend on the overlay from which the cause was
//!   reached: no prefix, namespace or hash is in it. So a fault in a base is one warning, however many overlays use it.
//! * Input that does what it says gives no warning. A target that matches nothing deserves one, the placeholder name
//!   in a patch with a target does not.

pub(crate) mod codes;
pub(crate) mod config;
pub(crate) mod document;
pub(crate) mod generators;
pub(crate) mod images;
pub(crate) mod manifests;
pub(crate) mod patches;
pub(crate) mod replacements;
mod text;
pub(crate) mod transformers;

use super::decode::nearest;
use super::file::Selector;
use super::resource::Resource;
use super::set::ResourceSet;
use gitops_core::diagnostic::Diagnostic;
use gitops_core::value::Place;

/// A warning with the place of its cause.
pub(crate) type Warning = (Place, Diagnostic);

/// The resource that a person most likely meant by kind and name.
pub(crate) fn nearest_resource(kind: &str, name: &str, set: &ResourceSet) -> Option<String> {
    let ids: Vec<_> = set.iter().take(10_000).map(Resource::original_id).collect();
    let same_kind: Vec<_> = ids.iter().filter(|id| kind.is_empty() || id.gvk.kind == kind).collect();
    let by_name = nearest(name, same_kind.iter().map(|id| id.name.as_str()));
    let found = match by_name {
        Some(name) => same_kind.into_iter().find(|id| id.name == name),
        None => ids.iter().find(|id| id.name == name),
    };
    found.map(|id| format!("{}/{}", id.gvk.kind, id.name))
}

/// A selector in words: `kind Deployment, name web`.
pub(crate) fn selected_by(selector: &Selector) -> String {
    let parts = [
        ("group", &selector.group),
        ("version", &selector.version),
        ("kind", &selector.kind),
        ("name", &selector.name),
        ("namespace", &selector.namespace),
        ("labels", &selector.label_selector),
        ("annotations", &selector.annotation_selector),
    ];
    let given =
        parts.into_iter().filter(|(_, text)| !text.is_empty()).map(|(part, text)| format!("{part} {text}"));
    given.collect::<Vec<_>>().join(", ")
}
