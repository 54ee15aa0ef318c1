//! Patches that change nothing, or something else than they say.

use super::super::build::Build;
use super::super::file::Selector;
use super::super::patch::json6902::PatchNote;
use super::super::patch::strategic::{Note, NoteKind};
use super::super::set::ResourceSet;
use super::codes::{
    Code, DIRECTIVE_NOT_IMPLEMENTED, EMPTY_VALUE_DROPPED, INTEGER_IMPRECISE, LIST_ELEMENT_LOST,
    LIST_REPLACED, MERGE_KEY_MISSING, PATCH_DUPLICATE_ELEMENT, PATCH_DUPLICATE_KEY, PATCH_EMPTY,
    PATCH_MATCHED_NOTHING, PATCH_NULL_KEPT, PATCH_REMOVES_NOTHING, PATCH_REPLACE_ADDS, PATCH_REPLACE_IGNORED,
    PATCH_TEST_MISSING, PATCH_VALUE_MISSING, POINTER_WITHOUT_SLASH, RETAIN_KEYS_IGNORED,
};
use super::{nearest_resource, selected_by};
use gitops_core::value::{Map, Place, Value};
use std::collections::HashMap;

/// A target that selects nothing.
pub(crate) fn matched_nothing(build: &mut Build<'_>, selector: &Selector, set: &ResourceSet, place: Place) {
    let diagnostic = PATCH_MATCHED_NOTHING
        .says(format!("the patch changes nothing: no resource has {}", selected_by(selector)));
    let diagnostic = match nearest_resource(&selector.kind, &selector.name, set) {
        Some(near) => diagnostic.with_help(format!("nearest resource: {near}")),
        None => diagnostic,
    };
    build.warn(place, diagnostic);
}

/// A patch without content.
pub(crate) fn empty(build: &mut Build<'_>, label: &str, place: Place) {
    build.warn(place, PATCH_EMPTY.says(format!("the patch {label} is empty and changes nothing")));
}

/// What strategic merges of one patch into its targets did that its author may not expect.
pub(crate) fn merged(build: &mut Build<'_>, notes: &[Note], targets: usize) {
    let mut times: HashMap<(NoteKind, Place), usize> = HashMap::new();
    for note in notes {
        let times = times.entry((note.kind, note.place)).or_default();
        *times += 1;
        // What is there to be removed in one target only is worth the patch.
        if note.kind == NoteKind::RemovesNothing && *times < targets {
            continue;
        }
        let (code, message) = of_note(note);
        build.warn(note.place, code.says(message));
    }
}

fn of_note(note: &Note) -> (Code, String) {
    let field = if note.field.is_empty() { "the object" } else { &note.field };
    match note.kind {
        NoteKind::ListReplaced => (
            LIST_REPLACED,
            format!(
                "{field} is replaced as a whole, because nothing says how lists of this type merge; what the base has is lost"
            ),
        ),
        NoteKind::MissingMergeKey => (
            MERGE_KEY_MISSING,
            format!("an element of {field} lacks its merge key, so the list loses its elements"),
        ),
        NoteKind::ItemLost => (LIST_ELEMENT_LOST, format!("the patch's element of {field} is lost")),
        NoteKind::LiteralDirective => (
            DIRECTIVE_NOT_IMPLEMENTED,
            format!("the directive in {field} is not implemented and becomes an ordinary key"),
        ),
        NoteKind::ReplaceWithoutEffect => {
            (PATCH_REPLACE_IGNORED, format!("'$patch: replace' in {field} does nothing"))
        }
        NoteKind::DuplicateKey => {
            (PATCH_DUPLICATE_KEY, format!("a key occurs twice in {field} of the patch; this one is ignored"))
        }
        NoteKind::DuplicateItem => (
            PATCH_DUPLICATE_ELEMENT,
            format!("an element occurs twice in {field} of the patch; this one is ignored"),
        ),
        NoteKind::RemovesNothing => {
            (PATCH_REMOVES_NOTHING, format!("the patch removes {field}, which does not exist"))
        }
        NoteKind::EmptyDropped => (
            EMPTY_VALUE_DROPPED,
            format!("{field} has an empty value and is dropped, because a patch changes the object"),
        ),
    }
}

/// Fields of which an object may have one, and keeps the old one beside the new one: the strategy `retainKeys`.
pub(crate) fn retained(build: &mut Build<'_>, patch: &Value, merged: &Value) {
    let spec = |value: &Value| value.get("spec").cloned().unwrap_or_default();
    let (patch, merged) = (spec(patch), spec(merged));
    for field in ["strategy", "updateStrategy"] {
        let Some(kind) = patch.get(field).and_then(|strategy| strategy.get("type")) else { continue };
        let rolling = merged.get(field).and_then(|strategy| strategy.get("rollingUpdate"));
        if kind.as_text() != Some("RollingUpdate") && rolling.is_some_and(Value::is_map) {
            let message = format!(
                "spec.{field}.rollingUpdate stays beside type {}",
                kind.as_text().unwrap_or_default()
            );
            build.warn(kind.place(), RETAIN_KEYS_IGNORED.says(message));
        }
    }
    for path in [&[][..], &["template", "spec"], &["jobTemplate", "spec", "template", "spec"]] {
        let volumes = |value: &Value| {
            let pod = path.iter().try_fold(value.clone(), |value, field| value.get(field).cloned());
            pod.and_then(|pod| pod.get("volumes")?.as_seq().cloned()).unwrap_or_default()
        };
        let (patched, all) = (volumes(&patch), volumes(&merged));
        for volume in &patched {
            let Some(name) = volume.get("name").and_then(Value::as_text) else { continue };
            let result = all.iter().find(|other| other.get("name").and_then(Value::as_text) == Some(name));
            let sources = |volume: &Value| {
                volume.as_map().map_or(0, |map| {
                    map.iter().filter(|(key, value)| key.as_str() != "name" && !value.is_null()).count()
                })
            };
            if sources(volume) == 1 && result.is_some_and(|result| sources(result) > 1) {
                let message = format!("the volume '{name}' keeps its old source beside the new one");
                build.warn(volume.place(), RETAIN_KEYS_IGNORED.says(message));
            }
        }
    }
}

/// Nulls that remove nothing: labels and annotations of a patch with a target are texts.
pub(crate) fn nulls(build: &mut Build<'_>, patch: &Value) {
    for field in ["labels", "annotations"] {
        let Some(texts) = patch.get("metadata").and_then(|metadata| metadata.get(field)) else { continue };
        if texts.is_null() {
            let message = "the null removes nothing: labels and annotations of this patch are texts";
            build.warn(texts.place(), PATCH_NULL_KEPT.says(message));
        }
        for value in texts.as_map().into_iter().flat_map(Map::values).filter(|value| value.is_null()) {
            let text = value.as_text().unwrap_or_default();
            let message =
                format!("the null becomes the text '{text}': labels and annotations of this patch are texts");
            build.warn(value.place(), PATCH_NULL_KEPT.says(message));
        }
    }
}

/// A JSON patch as it was read.
pub(crate) fn operations(build: &mut Build<'_>, document: &Value) {
    for operation in document.as_seq().into_iter().flatten() {
        let text = |field: &str| operation.get(field).and_then(Value::as_text).unwrap_or_default();
        let op = text("op");
        if matches!(op, "add" | "replace" | "test")
            && operation.as_map().is_some_and(|map| !map.contains_key("value"))
        {
            build.warn(
                operation.place(),
                PATCH_VALUE_MISSING.says(format!("{op} of '{}' has no value: it is null", text("path"))),
            );
        }
        for field in ["path", "from"] {
            let Some(pointer) = operation.get(field) else { continue };
            if let Some(text) = pointer.as_str().filter(|text| !text.is_empty() && !text.starts_with('/')) {
                let message = format!("'{text}' does not begin with '/', so its first part is ignored");
                build.warn(pointer.place(), POINTER_WITHOUT_SLASH.says(message));
            }
        }
    }
}

/// What the operations of a JSON patch did that its author may not expect.
pub(crate) fn patched(build: &mut Build<'_>, notes: &[PatchNote]) {
    for note in notes {
        match note {
            PatchNote::Added(place) => {
                build.warn(*place, PATCH_REPLACE_ADDS.says("replace adds the field, which does not exist"));
            }
            PatchNote::TestedNothing(place) => {
                build.warn(
                    *place,
                    PATCH_TEST_MISSING.says("test passes, because neither the field nor the value exists"),
                );
            }
            PatchNote::Imprecise(place) => {
                build.warn(
                    *place,
                    INTEGER_IMPRECISE.says("an integer above 2^53 loses digits by a JSON patch"),
                );
            }
        }
    }
}
