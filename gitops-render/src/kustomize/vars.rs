//! `vars`: collected by layer, read and put in at the very end.
//!
//! The object is chosen when the layer that defines the variable is finished, the field is read after hash suffixes
//! and name references (api/internal/accumulator/resaccumulator.go of kustomize 5.8.1).

use super::build::Build;
use super::config::Config;
use super::error::{Error, code};
use super::file::{ObjectReference, Var};
use super::gvk::GvkRef;
use super::lint::replacements as lint;
use super::resource::Resource;
use super::set::ResourceSet;
use super::variables::{self, Variables};
use gitops_core::object::{Gvk, ResId};
use gitops_core::value::Value;
use smol_str::SmolStr;
use std::sync::Arc;

/// Marks the object of each variable.
pub(crate) fn collect(vars: &[Arc<Var>], set: &mut ResourceSet) -> Result<(), Error> {
    for var in vars {
        let gvk = reference_gvk(&var.objref);
        let positions: Vec<u32> = set.named(&var.objref.name).to_vec();
        let matches = |id: &ResId| {
            let same = id.gvk == gvk && id.name == var.objref.name;
            // What is referred to counts as namespaced, whatever its kind.
            same && (var.objref.namespace.is_empty() || id.effective_namespace() == var.objref.namespace)
        };
        let matched: Vec<u32> = positions
            .into_iter()
            .filter(|index| {
                set.get(*index as usize).is_some_and(|resource| {
                    matches(resource.id()) || resource.previous_ids().any(|id| matches(&id))
                })
            })
            .collect();
        match matched.as_slice() {
            [] => {}
            [index] => {
                if let Some(resource) = set.contents_mut().get_mut(*index as usize) {
                    resource.variables.push(var.name.as_str().into());
                }
            }
            several => {
                return Err(Error::new(
                    code::VARIABLE,
                    format!(
                        "found {} resId matches for var {} (unable to disambiguate)",
                        several.len(),
                        var.name
                    ),
                )
                .at(var.place));
            }
        }
    }
    Ok(())
}

fn reference_gvk(reference: &ObjectReference) -> Gvk {
    if reference.api_version.is_empty() {
        return Gvk::new(reference.group.as_str(), reference.version.as_str(), reference.kind.as_str());
    }
    Gvk::from_api_version(&reference.api_version, reference.kind.as_str())
}

/// Reads all variables and puts them in where `$(NAME)` stands.
pub(crate) fn resolve(
    build: &mut Build<'_>,
    set: &mut ResourceSet,
    vars: &[Arc<Var>],
    config: &Config,
) -> Result<(), Error> {
    if vars.is_empty() {
        return Ok(());
    }
    let mut sorted: Vec<&Arc<Var>> = vars.iter().collect();
    sorted.sort_by(|a, b| a.name.cmp(&b.name));
    let mut values = Vec::with_capacity(sorted.len());
    for var in &sorted {
        values.push((SmolStr::from(var.name.as_str()), read(var, set)?));
    }
    let mut variables = Variables::new(values);
    let specs = config.var_reference.compiled();
    for resource in set.contents_mut() {
        let gvk = resource.gvk().clone();
        let gvk = GvkRef { group: &gvk.group, version: &gvk.version, kind: &gvk.kind };
        for spec in specs.matching(gvk) {
            variables::apply(spec, resource.value_mut(), &mut variables).map_err(|error| {
                Error::new(code::VARIABLE, error.to_string()).at(resource.value().place())
            })?;
        }
        lint::unknown_variables(build, resource.value(), &variables.take_unknown());
    }
    lint::variables(build, &sorted, &variables);
    Ok(())
}

fn read(var: &Var, set: &ResourceSet) -> Result<Value, Error> {
    let owner = set
        .iter()
        .find(|resource: &&Resource| resource.variables.iter().any(|name| name == var.name.as_str()));
    let Some(owner) = owner else {
        return Err(Error::new(
            code::VARIABLE,
            format!("var '{}' cannot be mapped to a field in the set of known resources", var.name),
        )
        .at(var.place)
        .help("`objref` must name an object of this layer by kind, name and apiVersion"));
    };
    let path = if var.fieldref.field_path.is_empty() { "metadata.name" } else { &var.fieldref.field_path };
    variables::field(owner.value(), path).map_err(|_| {
        Error::new(
            code::VARIABLE,
            format!("field specified in var '{}' not found in corresponding resource: '{path}'", var.name),
        )
        .at(var.place)
    })
}
