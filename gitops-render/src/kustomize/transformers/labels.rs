//! `labels`, `commonLabels` and `commonAnnotations`: string entries put into maps of many objects.

use super::super::config::Specs;
use super::super::error::{Error, code};
use super::super::field_spec::{Create, FieldSpecError};
use super::super::gvk::GvkRef;
use super::super::layer::Build;
use super::super::lint::transformers as lint;
use super::super::node::{StringEntries, WrongKind};
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
    pub(crate) fn apply(&self, build: &mut Build<'_>, set: &mut ResourceSet) -> Result<(), Error> {
        if self.entries.is_empty() {
            return Ok(());
        }
        let specs = self.specs.compiled();
        let mut visited = 0;
        let selects = self.specs.list().iter().any(|spec| spec.create && spec.path == "spec/selector");
        for resource in set.contents_mut() {
            let gvk = resource.gvk().clone();
            let gvk = GvkRef { group: &gvk.group, version: &gvk.version, kind: &gvk.kind };
            let lacks_selector = selects && lint::lacks_selector(resource);
            for spec in specs.matching(gvk) {
                visited += 1;
                let set = |map: &mut Value| {
                    if !self.entries.set_in(map)? {
                        lint::labels_lost(build, spec.path(), map.place());
                    }
                    Ok(())
                };
                spec.apply(resource.value_mut(), Some(Create::MAP), set)
                    .map_err(|error: FieldSpecError<WrongKind>| Error::new(code::FIELD, error.to_string()).at(error.place()))?;
            }
            if lacks_selector && !lint::lacks_selector(resource) {
                lint::selector_added(build, resource);
            }
        }
        Tally::add(&build.session.tally.nodes, visited);
        Ok(())
    }
}
