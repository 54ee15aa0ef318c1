//! `namePrefix` and `nameSuffix`.
//!
//! Not for CustomResourceDefinitions, APIServices and Namespaces of any group; the first identity of a resource
//! decides. The affix is kept with the resource, because name references compare affixes.

use super::super::build::Build;
use super::super::config::Specs;
use super::super::error::{Error, code};
use super::super::field_spec::{Create, FieldSpecs};
use super::super::gvk::{GvkRef, GvkSelector};
use super::super::lint::transformers as lint;
use super::super::node;
use super::super::resource::Resource;
use super::super::set::ResourceSet;
use crate::parallel;
use crate::session::Tally;
use gitops_core::schema::Schema;
use gitops_core::value::{Place, Value};
use smol_str::{SmolStr, format_smolstr};

/// A text before or after names.
#[derive(Clone, Debug)]
pub(crate) struct Affix {
    pub(crate) text: SmolStr,
    pub(crate) specs: Specs,
}

impl Affix {
    pub(crate) fn apply_prefix(
        &self,
        build: &mut Build<'_>,
        set: &mut ResourceSet,
        place: Place,
    ) -> Result<(), Error> {
        self.apply(build, set, true, place)
    }

    pub(crate) fn apply_suffix(
        &self,
        build: &mut Build<'_>,
        set: &mut ResourceSet,
        place: Place,
    ) -> Result<(), Error> {
        self.apply(build, set, false, place)
    }

    fn apply(
        &self,
        build: &mut Build<'_>,
        set: &mut ResourceSet,
        prefix: bool,
        place: Place,
    ) -> Result<(), Error> {
        let specs = self.specs.compiled();
        let schema = build.schema();
        let act = |resource: &mut Resource, _: &mut Vec<()>| self.apply_to(resource, specs, schema, prefix);
        let visited = parallel::each(set.resources_mut(), act).1?;
        Tally::add(&build.session.tally.nodes, visited);
        if visited == 0 && !self.text.is_empty() {
            lint::renamed_nothing(build, if prefix { "namePrefix" } else { "nameSuffix" }, &self.text, place);
        }
        Ok(())
    }

    /// Answers how many nodes were visited.
    fn apply_to(
        &self,
        resource: &mut Resource,
        specs: &FieldSpecs,
        schema: &Schema,
        prefix: bool,
    ) -> Result<u64, Error> {
        let original = resource.original_gvk();
        let gvk = GvkRef { group: &original.group, version: &original.version, kind: &original.kind };
        if SKIPPED.iter().any(|skipped| skipped.selects(gvk)) {
            return Ok(0);
        }
        let mut visited = 0;
        for spec in specs.matching(gvk) {
            let renames = spec.path() == "metadata/name";
            if renames && !self.text.is_empty() {
                let affixes = if prefix { &mut resource.prefixes } else { &mut resource.suffixes };
                affixes.push(self.text.clone());
                resource.store_previous_id();
            }
            let set_name = |value: &mut Value| {
                let text = value.as_text().unwrap_or_default();
                let new = if prefix {
                    format_smolstr!("{}{text}", self.text)
                } else {
                    format_smolstr!("{text}{}", self.text)
                };
                node::set_scalar(value, new, None)
            };
            visited += spec
                .apply(resource.value_mut(), Some(Create::STRING), set_name)
                .map_err(|error| Error::new(code::FIELD, error.to_string()).at(error.place()))?;
            if renames {
                resource.refresh_id(schema);
            }
        }
        Ok(visited)
    }
}

/// Types whose names are not for affixes.
const SKIPPED: [GvkSelector; 3] = [
    GvkSelector::of("", "", "CustomResourceDefinition"),
    GvkSelector::of("apiregistration.k8s.io", "", "APIService"),
    GvkSelector::of("", "", "Namespace"),
];
