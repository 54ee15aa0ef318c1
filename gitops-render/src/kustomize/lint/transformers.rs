//! Names, labels, annotations and references.

use super::super::build::Build;
use super::super::resource::Resource;
use super::Warning;
use super::codes::{
    ANNOTATION_EMPTIED, FIELD_SPECS_MISSING, LABELS_LOST, OPENAPI_IGNORED, REFERENCE_AMBIGUOUS,
    REFERENCE_STALE, RENAME_MATCHED_NOTHING, SELECTOR_ADDED,
};
use gitops_core::value::{Place, Value};

/// A prefix or suffix that no name got.
pub(crate) fn renamed_nothing(build: &mut Build<'_>, field: &str, text: &str, place: Place) {
    build.warn(place, RENAME_MATCHED_NOTHING.says(format!("{field} '{text}' renames nothing")));
}

/// Labels or annotations that went into a null, where they are never seen again.
pub(crate) fn labels_lost(path: &str, place: Place) -> Warning {
    let path = path.replace('/', ".");
    (
        place,
        LABELS_LOST.says(format!("labels and annotations do not get into {path}, which has an empty value")),
    )
}

/// Whether an object is a Service that selects no pods: an ExternalName, or one with endpoints of its own.
pub(crate) fn lacks_selector(resource: &Resource) -> bool {
    resource.gvk().kind == "Service"
        && resource
            .value()
            .get("spec")
            .and_then(|spec| spec.get("selector"))
            .is_none_or(|selector| !selector.has_children())
}

/// Labels that became the selector of such a Service.
pub(crate) fn selector_added(resource: &Resource) -> Warning {
    let place = resource.value().get("spec").unwrap_or(resource.value()).place();
    (
        place,
        SELECTOR_ADDED
            .says(format!("labels become the selector of {}, which has none", resource.kind_and_name())),
    )
}

/// A built-in transformer of labels or annotations that has no fields to write to.
pub(crate) fn no_field_specs(build: &mut Build<'_>, kind: &str, place: Place) {
    build.warn(place, FIELD_SPECS_MISSING.says(format!("{kind} changes nothing: it has no fieldSpecs")));
}

/// A schema beside the one that holds already.
pub(crate) fn openapi_ignored(build: &mut Build<'_>, path: &str, place: Place) {
    build.warn(
        place,
        OPENAPI_IGNORED.says(format!("the schema '{path}' is ignored: another one was read before it")),
    );
}

/// A reference that several renamed resources could be meant by.
pub(crate) fn ambiguous_reference(name: &str, referrer: &Resource, place: Place) -> Warning {
    let message = format!(
        "'{name}' in {} could name several renamed resources, so it was left as it is",
        referrer.kind_and_name()
    );
    (place, REFERENCE_AMBIGUOUS.says(message))
}

/// A reference that kustomize has no rule for.
pub(crate) fn stale_reference(kind: &str, name: &Value) -> Warning {
    let text = name.as_text().unwrap_or_default();
    (
        name.place(),
        REFERENCE_STALE.says(format!("{kind} '{text}' was renamed, but this reference is not updated")),
    )
}

/// An annotation that is no text.
pub(crate) fn annotation_emptied(build: &mut Build<'_>, key: &str, place: Place) {
    build.warn(
        place,
        ANNOTATION_EMPTIED.says(format!("the annotation '{key}' is a list or map and becomes an empty text")),
    );
}
