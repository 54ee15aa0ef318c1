//! The end of a build, at the root only: hashes, name references, variables, what stays local, order, labels, cleaning.

use super::build::{Build, traced};
use super::error::{Error, code};
use super::explain::Step;
use super::layer::Accumulated;
use super::lint::transformers as lint;
use super::node::StringEntries;
use super::order;
use super::origin::{ORIGIN_ANNOTATION, TRANSFORMATIONS_ANNOTATION, transformations_text};
use super::plain;
use super::reference_plan::Plan;
use super::references;
use super::resource::Resource;
use super::set::ResourceSet;
use super::target::Target;
use super::texts::{as_text, is_text};
use super::transformers::{StringFields, Transformer, Work};
use super::vars;
use gitops_core::value::{Entry, Map, Place, Value};

/// Does what remains after the last transformer and gives the resources in their final order.
pub(crate) fn finish(
    build: &mut Build<'_>,
    target: &Target<'_>,
    accumulated: Accumulated,
) -> Result<ResourceSet, Error> {
    let config = accumulated.config();
    let Accumulated { resources: mut set, vars, .. } = accumulated;
    let step = |action: &str, work: Work| Transformer {
        action: action.into(),
        place: Place::NONE,
        origin: None,
        work,
    };
    build.run_transformer(&step("name suffix hash", Work::Hash), &mut set)?;
    traced(
        build,
        &mut set,
        || Step::new("name reference", Place::NONE),
        |build, set| {
            let plan = config.reference_plan.get_or_init(Plan::default);
            references::fix(build, set, &config.name_reference, plan)
        },
    )?;
    let variables = || Step { variables: Some(vars.as_slice().into()), ..Step::new("vars", Place::NONE) };
    traced(build, &mut set, variables, |build, set| vars::resolve(build, set, &vars, &config))?;
    drop_local(&mut set)?;
    let session = build.session;
    order::sort(&mut set, target.kustomization.sort_options.as_ref(), session.options.reorder)?;
    if session.options.managed_by_label || build.metadata.managed_by {
        let fields = StringFields {
            entries: StringEntries::new([("app.kubernetes.io/managed-by", "kustomize-v5.8.1")]),
            specs: super::config::Specs::new(vec![super::field_spec::FieldSpec {
                path: "metadata/labels".into(),
                create: true,
                ..super::field_spec::FieldSpec::default()
            }]),
        };
        build.run_transformer(&step("managedByLabel", Work::Labels(fields)), &mut set)?;
    }
    for resource in set.contents_mut() {
        clean(build, resource)?;
    }
    Ok(set)
}

/// Drops what is marked for the use of tools only: any value of the annotation but exactly "false".
fn drop_local(set: &mut ResourceSet) -> Result<(), Error> {
    let annotation = |resource: &Resource| {
        let annotations = resource.value().get("metadata").and_then(|metadata| metadata.get("annotations"));
        annotations
            .and_then(|annotations| annotations.get("config.kubernetes.io/local-config"))
            .and_then(Value::as_text)
            .is_some_and(|value| value != "false")
    };
    for resource in set.iter() {
        crate::manifests::check_identity(resource.value())?;
    }
    if set.iter().any(annotation) {
        set.resources_mut().retain(|resource| !annotation(resource));
    }
    Ok(())
}

/// Rewrites annotations as the original does at the end: texts only, none left means no field.
fn clean(build: &mut Build<'_>, resource: &mut Resource) -> Result<(), Error> {
    let (origins, transformations) = (build.metadata.origins, build.metadata.transformations);
    let origin = resource.origin.clone().filter(|_| origins);
    let history = if transformations { std::mem::take(&mut resource.transformations) } else { Vec::new() };
    // Where there is none the original makes one to look for annotations.
    if resource
        .value()
        .get("metadata")
        .is_none_or(|metadata| metadata.is_null() && (origin.is_some() || !history.is_empty()))
        && let Some(object) = resource.value_mut().as_map_mut()
    {
        object.insert("metadata", Value::map());
    }
    let metadata = resource.value().get("metadata");
    let annotations = metadata.and_then(|metadata| metadata.get("annotations"));
    if annotations.is_none() && origin.is_none() && history.is_empty() {
        return Ok(());
    }
    let map = match annotations {
        None => Map::new(),
        Some(Value::Map(map)) => map.clone(),
        Some(value) if value.is_null() => Map::new(),
        Some(Value::Seq(seq)) => {
            return Err(Error::new(
                code::NOT_AN_OBJECT,
                format!("annotations of {} are a list, not a map", resource.id()),
            )
            .at(seq.place()));
        }
        Some(Value::Scalar(scalar)) => {
            return Err(Error::new(
                code::NOT_AN_OBJECT,
                format!("annotations of {} are not a map", resource.id()),
            )
            .at(scalar.place()));
        }
    };
    let keep = |key: &str| match key {
        ORIGIN_ANNOTATION => origins && origin.is_none(),
        TRANSFORMATIONS_ANNOTATION => transformations && history.is_empty(),
        _ => true,
    };
    let is_clean = |entry: &Entry| is_text(entry) && keep(entry.key.as_str());
    if !map.is_empty() && map.entries().iter().all(is_clean) && origin.is_none() && history.is_empty() {
        return Ok(());
    }
    for entry in map.entries().iter().filter(|entry| keep(entry.key.as_str()) && entry.value.has_children()) {
        lint::annotation_emptied(build, entry.key.as_str(), entry.value.place());
    }
    let mut entries: Vec<Entry> = map
        .into_entries()
        .into_iter()
        .filter(|entry| keep(entry.key.as_str()))
        .map(|entry| as_text(&entry))
        .collect();
    let mut add = |key: &str, text: String| {
        let value = Value::from(text);
        entries.push(Entry { key: plain::key(key), value });
    };
    if let Some(origin) = origin {
        add(ORIGIN_ANNOTATION, origin.text());
    }
    if !history.is_empty() {
        add(TRANSFORMATIONS_ANNOTATION, transformations_text(history.iter().map(AsRef::as_ref)));
    }
    let place =
        resource.value().get("metadata").and_then(|metadata| metadata.get("annotations")).map(Value::place);
    let Some(metadata) = resource.value_mut().get_mut("metadata").and_then(Value::as_map_mut) else {
        return Ok(());
    };
    if entries.is_empty() {
        metadata.remove("annotations");
    } else {
        metadata.insert("annotations", Value::Map(Map::placed(entries, place.unwrap_or_default())));
    }
    Ok(())
}
