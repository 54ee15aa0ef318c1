//! Kustomization files and what else is read as one: configurations, JSON patches, files of replacements.

use super::super::decode::{Decode, StringMap, UnknownField, nearest};
use super::super::file::Kustomization;
use super::super::layer::Build;
use super::Warning;
use super::codes::{
    BEHAVIOR_UNKNOWN, BUILD_METADATA_IGNORED, BUILD_METADATA_UNKNOWN, CONFIG_FIELD_UNKNOWN, DEPRECATED_FIELD,
    DUPLICATE_KEY, GENERATOR_OPTIONS_UNUSED, OPENAPI_KEY_IGNORED, PATCH_OPTION_UNKNOWN,
    REPLICA_COUNT_MISSING, SEVERAL_DOCUMENTS, SORT_OPTIONS_IGNORED, YAML_1_1_BOOLEAN,
};
use super::manifests::{is_old_boolean, number};
use super::text::after_first_document;
use gitops_core::value::{Entry, Map, Place, ScalarKind, SourceId, Style, Value};
use gitops_core::yaml::{self, Options};
use std::collections::HashSet;

/// What is odd about the text of a configuration, whatever it configures.
///
/// Reads it once more in kustomize's dialect, which keeps the keys that the other one drops.
pub(crate) fn text(bytes: &[u8], source: SourceId) -> Vec<Warning> {
    let mut warnings = Vec::new();
    let Ok(text) = std::str::from_utf8(bytes) else { return warnings };
    if let Some(offset) = after_first_document(text) {
        let place = Place::new(source, offset as u32);
        warnings
            .push((place, SEVERAL_DOCUMENTS.says("only the first document is read; this one is ignored")));
    }
    if let Ok(Some(document)) = yaml::read_first(bytes, &Options::kustomize().source(source)) {
        values(&document.root, &mut warnings);
    }
    warnings
}

fn values(root: &Value, warnings: &mut Vec<Warning>) {
    let mut pending = vec![(root, "")];
    let mut top = true;
    while let Some((value, key)) = pending.pop() {
        match value {
            Value::Scalar(scalar) if scalar.style() != Style::Plain => {}
            Value::Scalar(scalar) if matches!(scalar.kind(), ScalarKind::Int | ScalarKind::Float) => {
                warnings.extend(number(scalar, key));
            }
            Value::Scalar(scalar) => {
                if is_old_boolean(scalar.text()) && !BOOLEAN_FIELDS.contains(&key) {
                    warnings.push((scalar.place(), old_boolean(scalar.text())));
                }
            }
            Value::Seq(list) => pending.extend(list.iter().map(|item| (item, key))),
            Value::Map(map) => {
                keys(map, std::mem::take(&mut top), warnings);
                pending.extend(map.entries().iter().map(|entry| (&entry.value, entry.key.as_str())));
            }
        }
        top = false;
    }
}

/// Fields in which `yes` and `no` mean what they say.
const BOOLEAN_FIELDS: [&str; 8] = [
    "includeSelectors",
    "includeTemplates",
    "create",
    "immutable",
    "disableNameSuffixHash",
    "allowNameChange",
    "allowKindChange",
    "unsetOnly",
];

fn old_boolean(text: &str) -> gitops_core::diagnostic::Diagnostic {
    let value = text.starts_with(['y', 'Y']) || text.eq_ignore_ascii_case("on");
    YAML_1_1_BOOLEAN.says(format!("'{text}' is the boolean {value} here"))
}

/// Keys that occur twice, and those that are booleans. Fields of a kustomization file are the same in any case.
fn keys(map: &Map, fields: bool, warnings: &mut Vec<Warning>) {
    let mut seen = HashSet::with_capacity(map.len());
    for entry in map.entries() {
        let key = entry.key.as_str();
        let place = key_place(map, entry);
        let name = if fields { key.to_ascii_lowercase() } else { key.to_owned() };
        if !seen.insert(name) {
            warnings.push((
                place,
                DUPLICATE_KEY.says(format!("'{key}' occurs twice; only one of the two counts")),
            ));
        }
        if entry.key.style() == Style::Plain && is_old_boolean(key) {
            warnings.push((place, old_boolean(key)));
        }
    }
}

fn key_place(map: &Map, entry: &Entry) -> Place {
    Place::new(map.place().source, entry.key.offset())
}

/// Looks at a kustomization file as a whole.
pub(crate) fn kustomization(build: &mut Build<'_>, document: &Value, file: &Kustomization) {
    let place = |field: &str| document.get(field).map(Value::place).unwrap_or_default();
    for (old, new) in file.deprecated_fields() {
        let diagnostic = DEPRECATED_FIELD.says(format!("'{old}' is deprecated"));
        build.warn(place(old), diagnostic.with_help(format!("use '{new}' instead")));
    }
    for word in file.build_metadata.iter().flatten().filter(|word| !BUILD_METADATA.contains(&&***word)) {
        build.warn(
            word.place,
            BUILD_METADATA_UNKNOWN.says(format!("unknown word '{}' in buildMetadata", word.text)),
        );
    }
    for (key, text) in file.openapi.iter().flat_map(StringMap::iter) {
        if !matches!(key, "path" | "version") {
            build.warn(text.place, OPENAPI_KEY_IGNORED.says(format!("'{key}' in openapi has no effect")));
        }
    }
    let generators =
        file.config_map_generator.iter().flatten().count() + file.secret_generator.iter().flatten().count();
    if file.generator_options.is_some() && generators == 0 {
        let message = "generatorOptions have no effect: this kustomization generates no ConfigMap or Secret";
        build.warn(place("generatorOptions"), GENERATOR_OPTIONS_UNUSED.says(message));
    }
    for entry in entries(document, &["configMapGenerator", "secretGenerator"]) {
        let Some(behavior) = entry.get("behavior") else { continue };
        let text = behavior.as_text().unwrap_or_default();
        if !matches!(text, "" | "create" | "merge" | "replace" | "unspecified") {
            build.warn(
                behavior.place(),
                BEHAVIOR_UNKNOWN.says(format!("unknown behavior '{text}' acts as create")),
            );
        }
    }
    for entry in
        entries(document, &["replicas"]).filter(|entry| entry.get("count").is_none_or(Value::is_null))
    {
        let name = entry.get("name").and_then(Value::as_text).unwrap_or_default();
        build.warn(
            entry.place(),
            REPLICA_COUNT_MISSING.says(format!("'{name}' is scaled to 0: there is no count")),
        );
    }
    for options in entries(document, &["patches"]).filter_map(|entry| entry.get("options")?.as_map()) {
        for entry in options.entries().iter().filter(|entry| !PATCH_OPTIONS.contains(&entry.key.as_str())) {
            let key = entry.key.as_str();
            let diagnostic =
                PATCH_OPTION_UNKNOWN.says(format!("unknown option '{key}' of a patch has no effect"));
            let diagnostic = match nearest(key, PATCH_OPTIONS.into_iter()) {
                Some(near) => diagnostic.with_help(format!("did you mean `{near}`?")),
                None => diagnostic,
            };
            build.warn(key_place(options, entry), diagnostic);
        }
    }
}

const BUILD_METADATA: [&str; 3] = ["originAnnotations", "transformerAnnotations", "managedByLabel"];
const PATCH_OPTIONS: [&str; 2] = ["allowNameChange", "allowKindChange"];

fn entries<'v>(document: &'v Value, fields: &'v [&str]) -> impl Iterator<Item = &'v Value> {
    fields.iter().filter_map(|field| document.get(field)?.as_seq()).flat_map(|list| list.iter())
}

/// What only a root may say, in a layer below it.
pub(crate) fn below_root(build: &mut Build<'_>, file: &Kustomization) {
    if let Some(options) = &file.sort_options {
        build.warn(
            options.place,
            SORT_OPTIONS_IGNORED.says("sortOptions have no effect below another kustomization"),
        );
    }
    let root = build.metadata;
    for word in file.build_metadata.iter().flatten() {
        let asked = match &**word {
            "originAnnotations" => root.origins,
            "transformerAnnotations" => root.transformations,
            "managedByLabel" => root.managed_by,
            _ => true,
        };
        if !asked {
            let message = format!("'{}' has no effect below another kustomization", word.text);
            build.warn(word.place, BUILD_METADATA_IGNORED.says(message));
        }
    }
}

/// Fields of a configuration that nothing reads.
pub(crate) fn unknown_fields<T: Decode>(build: &mut Build<'_>, config: &Value) {
    let mut found = Vec::new();
    T::unknown(config, &mut found);
    let header: Vec<Place> = ["apiVersion", "kind", "metadata"]
        .iter()
        .filter_map(|field| config.as_map()?.get_entry(field).zip(config.as_map()))
        .map(|(entry, map)| key_place(map, entry))
        .collect();
    for UnknownField { name, place, near } in found {
        if header.contains(&place) {
            continue;
        }
        let diagnostic = CONFIG_FIELD_UNKNOWN.says(format!("unknown field '{name}' is ignored"));
        let diagnostic = match near {
            Some(near) => diagnostic.with_help(format!("did you mean `{near}`?")),
            None => diagnostic,
        };
        build.warn(place, diagnostic);
    }
}
