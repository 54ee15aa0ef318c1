//! `labels`, `commonLabels` and `commonAnnotations`: string entries put into maps of many objects.

use super::super::config::Specs;
use super::super::error::{Error, code};
use super::super::field_spec::Create;
use super::super::gvk::GvkRef;
use super::super::layer::Build;
use super::super::node::StringEntries;
use super::super::set::ResourceSet;
use crate::session::Tally;
use gitops_core::value::Value;

/// Entries with the fields that they go to.
#[derive(Clone, Debug)]
pub(crate) struct StringFields {
    pub(crate) entries: StringEntries,
    pub(crate) specs: Specs,
}

impl StringFields {
    pub(crate) fn apply(&self, build: &Build<'_>, set: &mut ResourceSet) -> Result<(), Error> {
        if self.entries.is_empty() {
            return Ok(());
        }
        let specs = self.specs.compiled();
        let mut visited = 0;
        for resource in set.contents_mut() {
            let gvk = resource.gvk().clone();
            let gvk = GvkRef { group: &gvk.group, version: &gvk.version, kind: &gvk.kind };
            let mut maps = 0;
            for spec in specs.matching(gvk) {
                visited += 1;
                let set = |map: &mut Value| {
                    maps += 1;
                    self.entries.set_in(map).map(drop)
                };
                spec.apply(resource.value_mut(), Some(Create::MAP), set)
                    .map_err(|error| Error::new(code::FIELD, error.to_string()).at(error.place()))?;
            }
            if maps > 1 {
                resource.share();
            }
        }
        Tally::add(&build.session.tally.nodes, visited);
        Ok(())
    }
}
