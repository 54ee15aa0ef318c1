//! `crds`: OpenAPI definitions that tell which fields of custom resources hold names, labels and annotations.
//!
//! These files are not CustomResourceDefinition manifests, which are refused as in the original
//! (api/internal/accumulator/loadconfigfromcrds.go of kustomize 5.8.1). Only properties reached through `$ref` count.

use super::build::Build;
use super::config::{Config, Specs, selector};
use super::error::{Error, code};
use super::field_spec::{self, FieldSpec, NameReference};
use super::gvk::GvkSelector;
use super::lint::codes::CRDS_WITHOUT_EFFECT;
use super::target::Target;
use gitops_core::value::Value;
use std::borrow::Cow;
use std::sync::{Arc, OnceLock};

#[derive(Default)]
struct Found {
    annotations: Vec<FieldSpec>,
    labels: Vec<FieldSpec>,
    prefixes: Vec<FieldSpec>,
    references: Vec<NameReference>,
}

/// The rules in all files of `crds`.
pub(crate) fn load(build: &mut Build<'_>, target: &Target<'_>) -> Result<Option<Arc<Config>>, Error> {
    let mut found = Found::default();
    let Some(paths) = &target.kustomization.crds else { return Ok(None) };
    for path in paths {
        let file = target.loader.file(path, &mut build.reads)?;
        let document = build.session.parse_config(&file.bytes, file.source).map_err(|error| {
            error
                .in_file(file.path.as_str())
                .context(format!("parsing the OpenAPI definition '{}'", path.text))
        })?;
        let Some(definitions) = document.as_map() else {
            return Err(Error::new(
                code::OPENAPI,
                format!("unable to parse open API definition from '{}'", path.text),
            )
            .in_file(file.path.as_str()));
        };
        if let Some(value) = definitions.values().find(|value| !value.is_map() && !value.is_null()) {
            return Err(Error::new(
                code::OPENAPI,
                format!("unable to parse open API definition from '{}'", path.text),
            )
            .at(value.place())
            .help("`crds` wants OpenAPI definitions; list a CustomResourceDefinition under `resources`"));
        }
        let before =
            found.annotations.len() + found.labels.len() + found.prefixes.len() + found.references.len();
        for (name, definition) in definitions.iter() {
            if !properties(definition).is_some_and(is_kubernetes_type) {
                continue;
            }
            let kind = name.as_str().rsplit('.').next().unwrap_or_default();
            walk(&mut found, &selector("", "", kind), &document, name.as_str())?;
        }
        let after =
            found.annotations.len() + found.labels.len() + found.prefixes.len() + found.references.len();
        if before == after {
            build.warn(
                path.place,
                CRDS_WITHOUT_EFFECT.says(format!("`crds` takes nothing from '{}'", path.text)),
            );
        }
    }
    let Found { annotations, labels, prefixes, references } = found;
    Ok(Some(Arc::new(Config {
        common_annotations: Specs::new(annotations),
        common_labels: Specs::new(labels),
        name_prefix: Specs::new(prefixes),
        name_reference: Cow::Owned(references),
        reference_plan: OnceLock::new(),
        ..Config::default()
    })))
}

fn properties(definition: &Value) -> Option<&Value> {
    definition.get("Schema").or_else(|| definition.get("schema")).unwrap_or(definition).get("properties")
}

fn is_kubernetes_type(properties: &Value) -> bool {
    ["kind", "apiVersion", "metadata"].iter().all(|field| properties.get(field).is_some())
}

/// Follows `$ref`s from a type, a stack of type and path at a time.
fn walk(found: &mut Found, kind: &GvkSelector, document: &Value, start: &str) -> Result<(), Error> {
    let conflict = |error: field_spec::ConflictingFieldSpecs| Error::new(code::CONFIG, error.to_string());
    let mut pending: Vec<(String, Vec<String>)> = vec![(start.to_owned(), Vec::new())];
    while let Some((name, path)) = pending.pop() {
        let Some(properties) = document.get(&name).and_then(properties).and_then(Value::as_map) else {
            continue;
        };
        for (property, schema) in properties.iter() {
            let mut here = path.clone();
            here.push(property.as_str().to_owned());
            let text = |extension: &str| schema.get(extension).and_then(Value::as_str);
            let spec = |path: &[String]| FieldSpec {
                selector: kind.clone(),
                path: path.join("/").into(),
                create: false,
            };
            if text("x-kubernetes-annotation").is_some() {
                field_spec::merge(&mut found.annotations, &[spec(&here)]).map_err(conflict)?;
            }
            if text("x-kubernetes-label-selector").is_some() {
                field_spec::merge(&mut found.labels, &[spec(&here)]).map_err(conflict)?;
            }
            if text("x-kubernetes-identity").is_some() {
                field_spec::merge(&mut found.prefixes, &[spec(&here)]).map_err(conflict)?;
            }
            let reference =
                (text("x-kubernetes-object-ref-api-version"), text("x-kubernetes-object-ref-kind"));
            if let (Some(version), Some(referred)) = reference {
                let mut field = here.clone();
                field.push(text("x-kubernetes-object-ref-name-key").unwrap_or("name").to_owned());
                let rule = NameReference {
                    referral: selector("", version, referred),
                    referrers: vec![spec(&field)].into(),
                };
                field_spec::merge_name_references(&mut found.references, &[rule]).map_err(conflict)?;
            }
            if let Some(reference) = text("$ref") {
                // A type that leads back to itself has no finite set of fields; the original would never end.
                if here.len() < 64 {
                    pending.push((reference.to_owned(), here));
                }
            }
        }
    }
    Ok(())
}
