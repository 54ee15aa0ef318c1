//! Name suffixes made of the content's hash, for generated config maps and secrets.

use super::super::error::{Error, code};
use super::super::generate::hash;
use super::super::layer::Build;
use super::super::set::ResourceSet;
use gitops_core::value::Value;

/// Adds `-<hash>` to the name of every resource that wants one.
pub(crate) fn add_hashes(build: &Build<'_>, set: &mut ResourceSet) -> Result<(), Error> {
    if set.iter().all(|resource| !resource.needs_hash) {
        return Ok(());
    }
    for resource in set.resources_mut().iter_mut().filter(|resource| resource.needs_hash) {
        let suffix = hash::name_suffix(resource.value())
            .map_err(|error| Error::new(code::GENERATOR, error.to_string()).at(resource.value().place()))?;
        resource.store_previous_id();
        let name = format!("{}-{suffix}", resource.id().name);
        if let Some(metadata) = resource.value_mut().get_mut("metadata").and_then(Value::as_map_mut) {
            metadata.insert("name", Value::from(name));
        }
        resource.refresh_id(build.schema());
    }
    Ok(())
}
