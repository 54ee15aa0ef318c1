//! Warnings: what the original passes over in silence although its author hardly meant it.
//!
//! Each has one code, described with its help in `docs/diagnostics.md`.

use super::decode::nearest;
use super::file::{Kustomization, Selector};
use super::layer::Build;
use super::patch::strategic::Note;
use super::select::described;
use super::set::ResourceSet;
use gitops_core::diagnostic::Diagnostic;
use gitops_core::value::{Place, Value};

/// Looks at a kustomization file as a whole.
pub(crate) fn kustomization(build: &mut Build<'_>, document: &Value, file: &Kustomization) {
    let place = |field: &str| document.get(field).map(Value::place).unwrap_or_default();
    for (old, new) in file.deprecated_fields() {
        build.warn(
            place(old),
            Diagnostic::warning("deprecated-field", format!("'{old}' is deprecated"))
                .with_help(format!("use '{new}' instead")),
        );
    }
}

/// A target that selects nothing.
pub(crate) fn patch_matched_nothing(build: &mut Build<'_>, selector: &Selector, set: &ResourceSet, place: Place) {
    let diagnostic = Diagnostic::warning(
        "patch-matched-nothing",
        format!("the patch changes nothing: no resource matches {}", described(selector)),
    );
    let diagnostic = match nearest_resource(&selector.kind, &selector.name, set) {
        Some(near) => diagnostic.with_help(format!("nearest resource: {near}")),
        None => diagnostic.with_help("check kind, name and namespace of the target"),
    };
    build.warn(place, diagnostic);
}

/// The resource that a person most likely meant by kind and name.
pub(crate) fn nearest_resource(kind: &str, name: &str, set: &ResourceSet) -> Option<String> {
    let ids: Vec<_> = set.iter().take(10_000).map(super::resource::Resource::original_id).collect();
    let same_kind: Vec<_> = ids.iter().filter(|id| kind.is_empty() || id.gvk.kind == kind).collect();
    let by_name = nearest(name, same_kind.iter().map(|id| id.name.as_str()));
    let found = match by_name {
        Some(name) => same_kind.into_iter().find(|id| id.name == name),
        None => ids.iter().find(|id| id.name == name),
    };
    found.map(ToString::to_string)
}

/// What a strategic merge did that its author may not expect.
pub(crate) fn merge_notes(build: &mut Build<'_>, notes: &[Note]) {
    let _ = (build, notes);
}

/// What an entry of `images` did not do, or did twice.
pub(crate) fn image(build: &mut Build<'_>, rule: &super::images::ImageRule, rewritten: bool, twice: bool, place: Place) {
    let name = &rule.settings().name;
    if !rewritten {
        build.warn(
            place,
            Diagnostic::warning("image-matched-nothing", format!("no container uses an image named '{name}'"))
                .with_help("`name` is the image as it stands in the manifests, without its tag"),
        );
    }
    if twice {
        build.warn(
            place,
            Diagnostic::warning("tag-suffix-twice", format!("the suffix '{}' was added twice", rule.settings().tag_suffix))
                .with_help("use `newTag` with the whole tag"),
        );
    }
    if rule.suffix_is_ignored() {
        build.warn(
            place,
            Diagnostic::warning("tag-suffix-ignored", "tagSuffix has no effect beside newTag or digest")
                .with_help("write the suffix into `newTag`"),
        );
    }
}

/// What the reader of env files skipped.
pub(crate) fn env_notes(build: &mut Build<'_>, file: &crate::session::File, notes: &[super::generate::key_values::EnvNote]) {
    let _ = (build, file, notes);
}

/// A patch without content.
pub(crate) fn empty_patch(build: &mut Build<'_>, label: &str, place: Place) {
    let diagnostic = Diagnostic::warning("patch-empty", format!("the patch {label} is empty and changes nothing"));
    build.warn(place, diagnostic.with_help("remove the entry, or give the patch content"));
}

/// A target of a replacement that selects nothing.
pub(crate) fn replacement_matched_nothing(build: &mut Build<'_>, selector: &str, place: Place) {
    let diagnostic = Diagnostic::warning(
        "replacement-matched-nothing",
        format!("the replacement has no effect: no resource matches {selector}"),
    );
    build.warn(place, diagnostic.with_help("check kind, name and namespace of `select`, and `reject`"));
}

/// What a replacement did not do.
pub(crate) fn replacement_notes(
    build: &mut Build<'_>,
    target: &super::replacement::Target,
    notes: &[super::replacement::ReplacementNote],
    place: Place,
) {
    let _ = (build, target, notes, place);
}
