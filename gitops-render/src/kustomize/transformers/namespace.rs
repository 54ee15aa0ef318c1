//! `namespace`: every namespaced object goes into one namespace, and some fields that name it follow.
//!
//! Rules of kustomize 5.8.1 (api/filters/namespace): `metadata.namespace` of what is not known to be cluster-scoped;
//! the name of every `v1` Namespace; fields of the configuration; in RoleBindings and ClusterRoleBindings the
//! namespace of subjects by [`SubjectMode`]. Two objects that thereby become one are an error.

use super::super::build::Build;
use super::super::config::Specs;
use super::super::error::{Error, code};
use super::super::field_spec::{Create, FieldCause, FieldSpec, FieldSpecs};
use super::super::gvk::GvkRef;
use super::super::node::{self, NodeKind, WrongKind};
use super::super::resource::Resource;
use super::super::set::ResourceSet;
use crate::parallel;
use crate::session::Tally;
use gitops_core::value::{Key, ScalarKind, Value};
use smol_str::SmolStr;
use std::sync::Arc;

/// Which subjects of role bindings get the namespace.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(crate) enum SubjectMode {
    /// Those named `default`, of whatever kind.
    #[default]
    DefaultOnly,
    /// None.
    None,
    /// All of kind ServiceAccount.
    AllServiceAccounts,
}

/// A namespace with the fields that it goes to.
#[derive(Clone, Debug)]
pub(crate) struct Namespace {
    pub(crate) name: SmolStr,
    pub(crate) unset_only: bool,
    pub(crate) subjects: SubjectMode,
    specs: Arc<FieldSpecs>,
    without_names: Arc<FieldSpecs>,
}

impl Namespace {
    pub(crate) fn new(name: &str, specs: &Specs, unset_only: bool, subjects: SubjectMode) -> Self {
        // metadata.namespace has its own rule, and metadata.name is for `v1` Namespaces only.
        let but = |excluded: &[&str]| -> Arc<FieldSpecs> {
            let list: Vec<FieldSpec> =
                specs.list().iter().filter(|spec| !excluded.contains(&spec.path.as_str())).cloned().collect();
            Arc::new(FieldSpecs::new(&list))
        };
        Self {
            name: name.into(),
            unset_only,
            subjects,
            specs: but(&["metadata/namespace"]),
            without_names: but(&["metadata/namespace", "metadata/name"]),
        }
    }

    pub(crate) fn apply(&self, build: &Build<'_>, set: &mut ResourceSet) -> Result<(), Error> {
        if self.name.is_empty() {
            return Ok(());
        }
        let schema = build.schema();
        let act = |resource: &mut Resource, _: &mut Vec<()>| {
            if resource.is_empty() || resource.helm_generated {
                return Ok(0);
            }
            resource.store_previous_id();
            let visited = self.apply_to(resource)?;
            resource.refresh_id(schema);
            Ok(visited)
        };
        let visited = parallel::each(set.resources_mut(), act).1?;
        Tally::add(&build.session.tally.nodes, visited);
        match set.find_duplicate() {
            None => Ok(()),
            Some((first, all)) => {
                let originals: Vec<String> =
                    all.iter().map(|resource| resource.original_id().to_string()).collect();
                Err(Error::new(
                    code::NAMESPACE_CONFLICT,
                    format!(
                        "namespace transformation produces ID conflict: {} from {}",
                        first.id(),
                        originals.join(" and ")
                    ),
                )
                .at(first.value().place())
                .help("give them different names, or keep one of them out of this namespace"))
            }
        }
    }

    /// Answers how many nodes were visited.
    pub(super) fn apply_to(&self, resource: &mut Resource) -> Result<u64, Error> {
        let id = resource.id().clone();
        let mut visited = 0;
        if !id.cluster_scoped {
            self.set_metadata(resource.value_mut())?;
            visited += 1;
        }
        let is_binding = matches!(id.gvk.kind.as_str(), "RoleBinding" | "ClusterRoleBinding");
        if is_binding {
            visited += self.set_subjects(resource.value_mut())?;
        }
        let is_v1 = id.gvk.group.is_empty() && id.gvk.version == "v1";
        let specs = if is_v1 { &self.specs } else { &self.without_names };
        let gvk = GvkRef { group: &id.gvk.group, version: &id.gvk.version, kind: &id.gvk.kind };
        for spec in specs.matching(gvk) {
            let of_bindings =
                matches!(spec.spec().selector.kind.as_str(), "RoleBinding" | "ClusterRoleBinding");
            if is_binding && of_bindings && spec.path() == "subjects/namespace" {
                continue;
            }
            visited += spec
                .apply(resource.value_mut(), Some(Create::STRING), |value| self.set(value))
                .map_err(|error| {
                    let not_scalar =
                        matches!(&error.cause, FieldCause::Set(wrong) if wrong.actual != NodeKind::Scalar);
                    let message = if not_scalar {
                        format!("namespace field specs must target scalar nodes: {error}")
                    } else {
                        format!("namespace transformation failed: {error}")
                    };
                    Error::new(code::FIELD, message).at(error.place())
                })?;
        }
        Ok(visited)
    }

    fn set_metadata(&self, object: &mut Value) -> Result<(), Error> {
        let set = |object: &mut Value| -> Result<(), WrongKind> {
            let Some(map) = object.as_map_mut() else { return Ok(()) };
            let metadata = map.get_or_insert_with("metadata", Value::map);
            if metadata.is_null() {
                *metadata = Value::map();
            }
            self.set_entry(metadata)
        };
        set(object).map_err(|error| Error::new(code::FIELD, error.to_string()).at(error.place))
    }

    fn set_entry(&self, map: &mut Value) -> Result<(), WrongKind> {
        let Some(map) = map.as_map_mut() else { return Ok(()) };
        match map.get("namespace") {
            Some(old) if old.as_str() == Some(self.name.as_str()) => Ok(()),
            Some(_) => match map.get_mut("namespace") {
                Some(value) => self.set(value),
                None => Ok(()),
            },
            None => {
                map.push(Key::new("namespace"), Value::Scalar(node::string(self.name.clone())));
                Ok(())
            }
        }
    }

    fn set(&self, value: &mut Value) -> Result<(), WrongKind> {
        if self.unset_only && value.as_text().is_some_and(|text| !value.is_null() && !text.is_empty()) {
            return Ok(());
        }
        node::set_scalar(value, self.name.clone(), Some(ScalarKind::Str))
    }

    fn set_subjects(&self, object: &mut Value) -> Result<u64, Error> {
        let wanted = |subject: &Value| match self.subjects {
            SubjectMode::None => false,
            SubjectMode::DefaultOnly => subject.get("name").and_then(Value::as_text) == Some("default"),
            SubjectMode::AllServiceAccounts => {
                subject.get("kind").and_then(Value::as_text) == Some("ServiceAccount")
            }
        };
        let Some(subjects) = object.get("subjects").filter(|subjects| !subjects.is_null()) else {
            return Ok(0);
        };
        let Some(list) = subjects.as_seq() else {
            return Err(Error::new(code::FIELD, "wrong node kind: expected SequenceNode: field 'subjects'")
                .at(subjects.place()));
        };
        let visited = list.len() as u64;
        if !list.iter().any(wanted) {
            return Ok(visited);
        }
        let Some(list) = object.get_mut("subjects").and_then(Value::as_seq_mut) else { return Ok(visited) };
        for subject in list.items_mut().iter_mut().filter(|subject| wanted(subject)) {
            self.set_entry(subject)
                .map_err(|error| Error::new(code::FIELD, error.to_string()).at(error.place))?;
        }
        Ok(visited)
    }
}
