//! `labels`, `commonLabels` and `commonAnnotations`: string entries put into maps of many objects.

use super::super::config::Specs;
use super::super::error::{Error, code};
use super::super::field_spec::Create;
use super::super::gvk::GvkRef;
use super::super::layer::Build;
use super::super::node::StringEntries;
use super::super::set::ResourceSet;
use crate::parallel;
use crate::session::Tally;

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
        let visited = parallel::sum(set.contents_mut(), |resource| {
            let gvk = resource.gvk().clone();
            let gvk = GvkRef { group: &gvk.group, version: &gvk.version, kind: &gvk.kind };
            let mut visited = 0;
            for spec in specs.matching(gvk) {
                visited += spec
                    .apply(resource.value_mut(), Some(Create::MAP), |map| self.entries.set_in(map).map(drop))
                    .map_err(|error| Error::new(code::FIELD, error.to_string()).at(error.place()))?;
            }
            Ok(visited)
        })?;
        Tally::add(&build.session.tally.nodes, visited);
        Ok(())
    }
}
