//! Name suffixes made of the content's hash, for generated config maps and secrets.
//!
//! An annotation can ask for the suffix on objects of other kinds, too. Their hash covers where each node stands in
//! its document, as in the original; without that the names would differ.

use super::super::build::Build;
use super::super::error::{Error, code};
use super::super::generate::{hash, node_hash};
use super::super::resource::Resource;
use super::super::set::ResourceSet;
use gitops_core::value::{Place, Value};
use gitops_core::yaml::settle_styles;

/// Adds `-<hash>` to the name of every resource that wants one.
pub(crate) fn add_hashes(build: &Build<'_>, set: &mut ResourceSet) -> Result<(), Error> {
    if set.iter().all(|resource| !resource.needs_hash) {
        return Ok(());
    }
    for resource in set.resources_mut().iter_mut().filter(|resource| resource.needs_hash) {
        let suffix = match resource.gvk().kind.as_str() {
            "ConfigMap" | "Secret" => hash::name_suffix(&written(resource.value())).map_err(|error| {
                Error::new(code::GENERATOR, error.to_string()).at(resource.value().place())
            })?,
            _ => suffix_with_marks(build, resource),
        };
        resource.store_previous_id();
        let name = format!("{}-{suffix}", resource.id().name);
        if let Some(metadata) = resource.value_mut().get_mut("metadata").and_then(Value::as_map_mut) {
            metadata.insert("name", Value::from(name));
        }
        resource.refresh_id(build.schema());
    }
    Ok(())
}

/// The object as it comes back where the original writes it out.
fn written(object: &Value) -> Value {
    let mut object = object.clone();
    settle_styles(&mut object);
    object
}

fn suffix_with_marks(build: &Build<'_>, resource: &Resource) -> String {
    let place = resource.value().place();
    let text = build.session.text(place.source).unwrap_or_default();
    let before = text.get(..place.offset as usize).unwrap_or_default();
    // The document begins behind the separator before the object.
    let start =
        before.rfind("\n---").and_then(|at| before[at + 1..].find('\n').map(|end| at + end + 2)).unwrap_or(0);
    let marks = node_hash::Marks::new(&text, start);
    let mut object = resource.value().clone();
    if let (Some(annotations), Some(metadata)) =
        (&resource.annotations_as_read, object.get_mut("metadata").and_then(Value::as_map_mut))
    {
        metadata.insert("annotations", annotations.clone());
    }
    node_hash::name_suffix(&object, &|node: Place| {
        if node.source == place.source { marks.at(node.offset as usize) } else { None }
    })
}
