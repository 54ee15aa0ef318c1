//! `replicas`: the number of replicas of a workload by name.

use super::super::build::Build;
use super::super::config::Specs;
use super::super::error::{Error, code};
use super::super::field_spec::{CompiledSpec, Create};
use super::super::file::Replica;
use super::super::gvk::GvkRef;
use super::super::node;
use super::super::set::ResourceSet;
use gitops_core::ScalarKind;
use gitops_core::object::ResId;

/// A count for every workload of this name, now or before.
#[derive(Clone, Debug)]
pub(crate) struct Replicas {
    name: String,
    count: String,
    specs: Specs,
}

impl Replicas {
    pub(crate) fn new(replica: &Replica, specs: &Specs) -> Self {
        Self { name: replica.name.clone(), count: replica.count.to_string(), specs: specs.clone() }
    }

    pub(crate) fn apply(&self, _: &Build<'_>, set: &mut ResourceSet) -> Result<(), Error> {
        let named: Vec<u32> = set.named(&self.name).to_vec();
        let specs = self.specs.compiled();
        let mut found = false;
        for spec in specs.iter() {
            for index in &named {
                let Some(resource) = set.contents_mut().get_mut(*index as usize) else { continue };
                let selects = |id: &ResId| {
                    id.name == self.name
                        && spec.spec().selector.selects(GvkRef {
                            group: &id.gvk.group,
                            version: &id.gvk.version,
                            kind: &id.gvk.kind,
                        })
                };
                if resource.is_empty()
                    || !(selects(resource.id()) || resource.previous_ids().any(|id| selects(&id)))
                {
                    continue;
                }
                found = true;
                spec.apply(resource.value_mut(), Some(Create::INT), |value| {
                    node::set_scalar(value, &self.count, Some(ScalarKind::Int))
                })
                .map_err(|error| Error::new(code::FIELD, error.to_string()).at(error.place()))?;
            }
        }
        if found {
            return Ok(());
        }
        let kinds: Vec<String> =
            specs.iter().map(|spec: &CompiledSpec| spec.spec().selector.to_string()).collect();
        Err(Error::new(
            code::REPLICAS,
            format!(
                "resource with name {} does not match a config with the following GVK [{}]",
                self.name,
                kinds.join(" ")
            ),
        )
        .help("`replicas` looks for the name before any prefix or suffix"))
    }
}
