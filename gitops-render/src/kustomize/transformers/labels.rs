//! `labels`, `commonLabels` and `commonAnnotations`: string entries put into maps of many objects.

use super::super::build::Build;
use super::super::config::Specs;
use super::super::error::{Error, code};
use super::super::field_spec::{Create, FieldSpecError};
use super::super::gvk::GvkRef;
use super::super::lint::transformers as lint;
use super::super::node::{StringEntries, WrongKind};
use super::super::set::ResourceSet;
use crate::parallel;
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
        let selects = self.specs.list().iter().any(|spec| spec.create && spec.path == "spec/selector");
        let (warnings, visited) = parallel::each(set.contents_mut(), |resource, warnings| {
            let gvk = resource.gvk().clone();
            let gvk = GvkRef { group: &gvk.group, version: &gvk.version, kind: &gvk.kind };
            let lacks_selector = selects && lint::lacks_selector(resource);
            let (mut visited, mut maps) = (0, 0);
            for spec in specs.matching(gvk) {
                let set = |map: &mut Value| {
                    maps += 1;
                    if !self.entries.set_in(map)? {
                        warnings.push(lint::labels_lost(spec.path(), map.place()));
                    }
                    Ok(())
                };
                visited += spec.apply(resource.value_mut(), Some(Create::MAP), set).map_err(
                    |error: FieldSpecError<WrongKind>| {
                        Error::new(code::FIELD, error.to_string()).at(error.place())
                    },
                )?;
            }
            if lacks_selector && !lint::lacks_selector(resource) {
                warnings.push(lint::selector_added(resource));
            }
            if maps > 1 {
                resource.share();
            }
            Ok(visited)
        });
        build.warn_all(warnings);
        Tally::add(&build.session.tally.nodes, visited?);
        Ok(())
    }
}
