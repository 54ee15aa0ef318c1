//! `namePrefix` and `nameSuffix`.
//!
//! Not for CustomResourceDefinitions, APIServices and Namespaces of any group; the first identity of a resource
//! decides. The affix is kept with the resource, because name references compare affixes.

use super::super::config::Specs;
use super::super::error::{Error, code};
use super::super::field_spec::Create;
use super::super::gvk::GvkRef;
use super::super::id::selected;
use super::super::layer::Build;
use super::super::node;
use super::super::set::ResourceSet;
use gitops_core::object::Gvk;
use gitops_core::value::Value;
use smol_str::SmolStr;

/// A text before or after names.
#[derive(Clone, Debug)]
pub(crate) struct Affix {
    pub(crate) text: SmolStr,
    pub(crate) specs: Specs,
}

impl Affix {
    pub(crate) fn apply_prefix(&self, build: &Build<'_>, set: &mut ResourceSet) -> Result<(), Error> {
        self.apply(build, set, true)
    }

    pub(crate) fn apply_suffix(&self, build: &Build<'_>, set: &mut ResourceSet) -> Result<(), Error> {
        self.apply(build, set, false)
    }

    fn apply(&self, build: &Build<'_>, set: &mut ResourceSet, prefix: bool) -> Result<(), Error> {
        let specs = self.specs.compiled();
        let schema = build.schema();
        for resource in set.resources_mut() {
            let original = resource.original_gvk();
            if is_skipped(&original) {
                continue;
            }
            let gvk = GvkRef { group: &original.group, version: &original.version, kind: &original.kind };
            for spec in specs.matching(gvk) {
                let renames = spec.path() == "metadata/name";
                if renames && !self.text.is_empty() {
                    let affixes = if prefix { &mut resource.prefixes } else { &mut resource.suffixes };
                    affixes.push(self.text.clone());
                    resource.store_previous_id();
                }
                let set_name = |value: &mut Value| {
                    let text = value.as_text().unwrap_or_default();
                    let new = if prefix { format!("{}{text}", self.text) } else { format!("{text}{}", self.text) };
                    node::set_scalar(value, &new, None)
                };
                spec.apply(resource.value_mut(), Some(Create::STRING), set_name)
                    .map_err(|error| Error::new(code::FIELD, error.to_string()).at(error.place()))?;
                if renames {
                    resource.refresh_id(schema);
                }
            }
        }
        Ok(())
    }
}

fn is_skipped(gvk: &Gvk) -> bool {
    selected(gvk, "", "", "CustomResourceDefinition")
        || selected(gvk, "apiregistration.k8s.io", "", "APIService")
        || selected(gvk, "", "", "Namespace")
}

