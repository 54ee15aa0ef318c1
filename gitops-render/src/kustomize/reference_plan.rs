//! Which fields of a type may name another resource: the configured rules, by referrer.

use super::field_spec::{CompiledSpec, FieldSpec, NameReference};
use super::gvk::{GvkRef, GvkSelector};
use gitops_core::object::Gvk;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

/// The fields to look at, by type of the referrer.
#[derive(Debug, Default)]
pub(crate) struct Plan {
    by_type: Mutex<HashMap<Gvk, Arc<[Field]>>>,
}

/// A field and what it may name, in the order of the rules.
#[derive(Debug)]
pub(crate) struct Field {
    pub(crate) path: CompiledSpec,
    pub(crate) is_role_ref: bool,
    pub(crate) targets: Vec<GvkSelector>,
}

impl Plan {
    pub(crate) fn fields(&self, rules: &[NameReference], gvk: &Gvk) -> Arc<[Field]> {
        let mut known = self.by_type.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(fields) = known.get(gvk) {
            return Arc::clone(fields);
        }
        let fields: Arc<[Field]> = fields_of(rules, gvk).into();
        known.insert(gvk.clone(), Arc::clone(&fields));
        fields
    }
}

fn fields_of(rules: &[NameReference], gvk: &Gvk) -> Vec<Field> {
    let wanted = GvkRef { group: &gvk.group, version: &gvk.version, kind: &gvk.kind };
    let mut fields: Vec<Field> = Vec::new();
    for rule in rules {
        for spec in rule.referrers.iter().filter(|spec| spec.selector.selects(wanted)) {
            match fields.iter_mut().find(|field| field.path.path() == spec.path) {
                Some(field) => field.targets.push(rule.referral.clone()),
                None => fields.push(Field {
                    path: CompiledSpec::new(&FieldSpec { create: false, ..spec.clone() }),
                    is_role_ref: spec.path.ends_with("roleRef/name"),
                    targets: vec![rule.referral.clone()],
                }),
            }
        }
    }
    fields
}
