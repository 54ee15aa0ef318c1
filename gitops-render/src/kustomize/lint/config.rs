//! Kustomization files and what else is read as one: configurations, JSON patches, files of replacements.

use super::super::build::Build;
use super::super::decode::{Decode, StringMap, UnknownField, nearest};
use super::super::file::Kustomization;
use super::codes::{
    BEHAVIOR_UNKNOWN, BUILD_METADATA_IGNORED, BUILD_METADATA_UNKNOWN, CONFIG_FIELD_UNKNOWN, DEPRECATED_FIELD,
    GENERATOR_OPTIONS_UNUSED, OPENAPI_KEY_IGNORED, PATCH_OPTION_UNKNOWN, REPLICA_COUNT_MISSING,
    SORT_OPTIONS_IGNORED,
};
use super::document::{duplicate, key_place};
use gitops_core::value::{Place, Value};

/// Looks at a kustomization file as a whole.
pub(crate) fn kustomization(build: &mut Build<'_>, document: &Value, file: &Kustomization) {
    let place = |field: &str| document.get(field).map(Value::place).unwrap_or_default();
    same_field_twice(build, document);
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

/// Fields of a kustomization file are the same in any case.
fn same_field_twice(build: &mut Build<'_>, document: &Value) {
    let Some(map) = document.as_map() else { return };
    for (position, entry) in map.entries().iter().enumerate() {
        let key = entry.key.as_str();
        if map.keys().take(position).any(|other| other.as_str().eq_ignore_ascii_case(key)) {
            build.warn(key_place(map, entry), duplicate(key));
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
