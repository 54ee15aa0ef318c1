//! Name references: where a resource names another one that was renamed, the new name is put in.
//!
//! Rules of kustomize 5.8.1 (api/filters/nameref). Of the resources that once had the name in the field, those are
//! candidates whose former kind the rule selects, in the same namespace (or either side cluster-scoped, a
//! ServiceAccount, or a namespace that a RoleBinding's subjects name). If more than one is left, those whose prefixes
//! and suffixes end like the referrer's; then the same without regard for empty ones. One is taken, none leaves the
//! field alone, several of the same name are as good as one, and several names are an error.
//!
//! Only renamed resources have former names, so the index holds only those: a build that renames nothing costs a walk
//! of the fields and no look-ups.

use super::error::{Error, code};
use super::field_spec::{CompiledSpec, FieldSpec, NameReference};
use super::gvk::GvkRef;
use super::id::Id;
use super::layer::Build;
use super::lint::transformers as lint;
use super::node;
use super::resource::Resource;
use super::set::ResourceSet;
use gitops_core::object::Gvk;
use gitops_core::value::{Key, Place, Scalar, Value};
use smol_str::SmolStr;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

/// The fields to look at, by type of the referrer.
#[derive(Debug, Default)]
pub(crate) struct Plan {
    by_type: Mutex<HashMap<Gvk, Arc<[Field]>>>,
}

/// A field and what it may name, in the order of the rules.
#[derive(Debug)]
struct Field {
    path: CompiledSpec,
    is_role_ref: bool,
    targets: Vec<super::gvk::GvkSelector>,
}

impl Plan {
    fn fields(&self, rules: &[NameReference], gvk: &Gvk) -> Arc<[Field]> {
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

/// A resource that was renamed, as references see it.
#[derive(Debug)]
struct Candidate {
    index: usize,
    id: Id,
    original_namespace: SmolStr,
    previous: Vec<Id>,
}

/// Renamed resources by their former names.
struct Candidates<'a> {
    list: Vec<Candidate>,
    by_name: HashMap<SmolStr, Vec<usize>>,
    all: &'a [Resource],
}

impl<'a> Candidates<'a> {
    fn new(all: &'a [Resource]) -> Self {
        let mut candidates = Self { list: Vec::new(), by_name: HashMap::new(), all };
        for (index, resource) in all.iter().enumerate().filter(|(_, resource)| !resource.previous.is_empty()) {
            let previous: Vec<Id> = resource.previous_ids().collect();
            let position = candidates.list.len();
            for id in &previous {
                let positions = candidates.by_name.entry(id.name.clone()).or_default();
                if positions.last() != Some(&position) {
                    positions.push(position);
                }
            }
            candidates.list.push(Candidate {
                index,
                id: resource.id().clone(),
                original_namespace: resource.original_id().effective_namespace().into(),
                previous,
            });
        }
        candidates
    }

    fn named(&self, name: &str) -> impl Iterator<Item = &Candidate> {
        self.by_name.get(name).into_iter().flatten().filter_map(|position| self.list.get(*position))
    }

    fn resource(&self, candidate: &Candidate) -> Option<&Resource> {
        self.all.get(candidate.index)
    }
}

/// Repairs every reference in the set.
pub(crate) fn fix(
    build: &mut Build<'_>,
    set: &mut ResourceSet,
    rules: &[NameReference],
    plan: &Plan,
) -> Result<(), Error> {
    let before: Vec<Resource> = set.iter().cloned().collect();
    let candidates = Candidates::new(&before);
    for (resource, referrer) in set.contents_mut().iter_mut().zip(&before) {
        let fields = plan.fields(rules, &referrer.original_gvk());
        if fields.is_empty() {
            continue;
        }
        let repair = Repair::new(referrer, &candidates)?;
        let mut ambiguous = Vec::new();
        for field in fields.iter() {
            repair.field(field, resource.value_mut(), &mut ambiguous).map_err(|error| {
                error.context(format!("updating name reference in '{}' field of '{}'", field.path.path(), referrer.id()))
            })?;
        }
        for (name, place) in ambiguous {
            lint::ambiguous_reference(build, &name, referrer, place);
        }
    }
    for referrer in &before {
        warn_of_stale(build, referrer, &candidates);
    }
    Ok(())
}

/// References that the original has no rule for, or a wrong one: its rule for IngressClasses names a group with a
/// version in it.
fn warn_of_stale(build: &mut Build<'_>, referrer: &Resource, candidates: &Candidates<'_>) {
    let kind = referrer.gvk().kind.as_str();
    let (target, names): (&str, Vec<&Value>) = match kind {
        _ if candidates.list.is_empty() => return,
        "Ingress" => {
            let name = referrer.value().get("spec").and_then(|spec| spec.get("ingressClassName"));
            ("IngressClass", name.into_iter().collect())
        }
        "ServiceAccount" => {
            let secrets = referrer.value().get("secrets").and_then(Value::as_seq);
            ("Secret", secrets.into_iter().flatten().filter_map(|secret| secret.get("name")).collect())
        }
        _ => return,
    };
    for name in names {
        let Some(text) = name.as_text() else { continue };
        let renamed = candidates.named(text).any(|candidate| {
            let id = &candidate.id;
            id.gvk.kind == target
                && id.name != text
                && (id.cluster || id.effective_namespace() == referrer.id().effective_namespace())
        });
        if renamed {
            lint::stale_reference(build, target, name);
        }
    }
}

/// The references of one resource.
struct Repair<'a> {
    referrer: &'a Resource,
    candidates: &'a Candidates<'a>,
    role_ref: Option<(SmolStr, SmolStr)>,
    subject_namespaces: Vec<SmolStr>,
}

/// What one reference turned out to be.
enum Referral<'a> {
    None,
    Ambiguous,
    One(&'a Candidate),
}

impl<'a> Repair<'a> {
    fn new(referrer: &'a Resource, candidates: &'a Candidates<'a>) -> Result<Self, Error> {
        Ok(Self { referrer, candidates, role_ref: role_ref(referrer.value()), subject_namespaces: subject_namespaces(referrer)? })
    }

    fn field(&self, field: &Field, object: &mut Value, ambiguous: &mut Vec<(String, Place)>) -> Result<(), Error> {
        let nothing_renamed = self.candidates.list.is_empty();
        let wants = |value: &Value| match value {
            // Errors in the shape of a field are errors even where nothing was renamed.
            Value::Scalar(scalar) => !nothing_renamed && self.candidates.by_name.contains_key(scalar.text()),
            Value::Map(_) => true,
            Value::Seq(seq) => seq.iter().any(|item| match item {
                Value::Scalar(scalar) => !nothing_renamed && self.candidates.by_name.contains_key(scalar.text()),
                _ => true,
            }),
        };
        let set = |value: &mut Value| -> Result<(), Fault> {
            for target in &field.targets {
                self.set(field, target, value, ambiguous)?;
            }
            Ok(())
        };
        field
            .path
            .apply_where(object, None, wants, set)
            .map_err(|error| Error::new(code::NAME_REFERENCE, error.to_string()).at(self.referrer.value().place()))
    }

    fn set(
        &self,
        field: &Field,
        target: &super::gvk::GvkSelector,
        value: &mut Value,
        ambiguous: &mut Vec<(String, Place)>,
    ) -> Result<(), Fault> {
        match value {
            Value::Scalar(scalar) => self.set_scalar(field, target, scalar, ambiguous),
            Value::Map(_) => self.set_map(field, target, value, ambiguous),
            Value::Seq(seq) => {
                let changes: Vec<(usize, Value)> = seq
                    .iter()
                    .enumerate()
                    .map(|(index, item)| {
                        let mut changed = item.clone();
                        match &mut changed {
                            Value::Scalar(scalar) => self.set_scalar(field, target, scalar, ambiguous)?,
                            Value::Map(_) => self.set_map(field, target, &mut changed, ambiguous)?,
                            Value::Seq(_) => return Err(Fault("unknown type".to_owned())),
                        }
                        Ok((index, changed))
                    })
                    .filter(|change| {
                        !matches!(change, Ok((index, changed)) if seq.get(*index).is_some_and(|old| old.ptr_eq(changed)))
                    })
                    .collect::<Result<_, Fault>>()?;
                for (index, changed) in changes {
                    if let Some(item) = seq.get_mut(index) {
                        *item = changed;
                    }
                }
                Ok(())
            }
        }
    }

    fn set_scalar(
        &self,
        field: &Field,
        target: &super::gvk::GvkSelector,
        scalar: &mut Scalar,
        ambiguous: &mut Vec<(String, Place)>,
    ) -> Result<(), Fault> {
        match self.select(field, target, scalar.text(), None, false)? {
            Referral::None => {}
            Referral::Ambiguous => ambiguous.push((scalar.text().to_owned(), scalar.place())),
            Referral::One(candidate) if candidate.id.name == scalar.text() => {}
            Referral::One(candidate) => {
                let mut value = Value::Scalar(scalar.clone());
                node::set_scalar(&mut value, candidate.id.name.clone(), None).map_err(|error| Fault(error.to_string()))?;
                if let Value::Scalar(changed) = value {
                    *scalar = changed;
                }
            }
        }
        Ok(())
    }

    fn set_map(
        &self,
        field: &Field,
        target: &super::gvk::GvkSelector,
        value: &mut Value,
        ambiguous: &mut Vec<(String, Place)>,
    ) -> Result<(), Fault> {
        let Some(name) = value.get("name") else {
            return Err(Fault("path config error; no 'name' field in node".to_owned()));
        };
        let place = name.place();
        let name = name.as_text().unwrap_or_default().to_owned();
        let namespace = value.get("namespace").map(|namespace| SmolStr::from(namespace.as_text().unwrap_or_default()));
        let candidate = match self.select(field, target, &name, namespace.as_deref(), true)? {
            Referral::None => return Ok(()),
            Referral::Ambiguous => {
                ambiguous.push((name, place));
                return Ok(());
            }
            Referral::One(candidate) => candidate,
        };
        let new_namespace = &candidate.id.namespace;
        if candidate.id.name == name && new_namespace.is_empty() {
            return Ok(());
        }
        set_field(value, "name", &candidate.id.name)?;
        if !new_namespace.is_empty() {
            set_field(value, "namespace", new_namespace)?;
        }
        Ok(())
    }

    /// The resource that a name refers to. `namespace` is what stands beside the name in a mapping.
    fn select(
        &self,
        field: &Field,
        target: &super::gvk::GvkSelector,
        name: &str,
        namespace: Option<&str>,
        mapping: bool,
    ) -> Result<Referral<'_>, Fault> {
        let mut found: Vec<&Candidate> = self
            .candidates
            .named(name)
            .filter(|candidate| self.reachable(candidate))
            .filter(|candidate| candidate.previous.iter().any(|id| target.selects(gvk_ref(&id.gvk))))
            .filter(|candidate| !field.is_role_ref || self.fits_role_ref(candidate))
            .filter(|candidate| self.same_namespace(candidate))
            .collect();
        if let Some(namespace) = namespace.filter(|_| !found.is_empty()) {
            let by_original = self.candidates.all.iter().any(|resource| {
                let id = resource.original_id();
                !id.cluster && id.effective_namespace() == namespace && self.resource_reachable(resource.id())
            });
            found.retain(|candidate| {
                !candidate.id.cluster
                    && if by_original {
                        candidate.original_namespace == namespace
                    } else {
                        candidate.id.effective_namespace() == namespace
                    }
            });
        }
        if let [only] = found.as_slice() {
            return Ok(Referral::One(only));
        }
        let several = found.len() > 1;
        let alike = |candidate: &Candidate, allow_empty: bool| {
            self.candidates.resource(candidate).is_some_and(|resource| resource.same_affixes(self.referrer, allow_empty))
        };
        found.retain(|candidate| alike(candidate, true));
        if found.len() > 1 {
            found.retain(|candidate| alike(candidate, false));
        }
        let Some(first) = found.first() else {
            return Ok(if several { Referral::Ambiguous } else { Referral::None });
        };
        let identical = found.iter().all(|other| {
            other.id.name == first.id.name && (!mapping || other.id.namespace == first.id.namespace)
        });
        if !identical {
            let ids: Vec<String> = found.iter().map(|candidate| candidate.id.to_string()).collect();
            return Err(Fault(format!("found multiple possible referrals: {}", ids.join(", "))));
        }
        Ok(Referral::One(first))
    }

    /// Whether the referrer could name the candidate at all.
    fn reachable(&self, candidate: &Candidate) -> bool {
        self.resource_reachable(&candidate.id)
    }

    fn resource_reachable(&self, id: &Id) -> bool {
        let referrer = self.referrer.id();
        referrer.cluster
            || id.cluster
            || id.effective_namespace() == referrer.effective_namespace()
            || self.subject_namespaces.contains(&id.namespace)
    }

    fn same_namespace(&self, candidate: &Candidate) -> bool {
        let referrer = self.referrer.id();
        referrer.cluster
            || candidate.id.cluster
            || candidate.id.gvk.kind == "ServiceAccount"
            || candidate.id.effective_namespace() == referrer.effective_namespace()
    }

    fn fits_role_ref(&self, candidate: &Candidate) -> bool {
        let Some((group, kind)) = &self.role_ref else { return true };
        candidate.previous.iter().any(|id| super::id::selected(&id.gvk, group, "", kind))
    }
}

/// What is wrong with a reference.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
struct Fault(String);

fn gvk_ref(gvk: &Gvk) -> GvkRef<'_> {
    GvkRef { group: &gvk.group, version: &gvk.version, kind: &gvk.kind }
}

fn set_field(value: &mut Value, field: &str, text: &str) -> Result<(), Fault> {
    let Some(map) = value.as_map_mut() else { return Ok(()) };
    match map.get_mut(field) {
        Some(old) => node::set_scalar(old, text, None).map_err(|error| Fault(error.to_string())),
        None => {
            map.push(Key::new(field), Value::Scalar(node::string(text)));
            Ok(())
        }
    }
}

fn role_ref(object: &Value) -> Option<(SmolStr, SmolStr)> {
    let role_ref = object.get("roleRef")?;
    let text = |field: &str| role_ref.get(field).and_then(Value::as_text).map(SmolStr::from);
    Some((text("apiGroup")?, text("kind")?))
}

/// Namespaces of the ServiceAccounts that a RoleBinding names.
fn subject_namespaces(referrer: &Resource) -> Result<Vec<SmolStr>, Error> {
    if referrer.gvk().kind != "RoleBinding" {
        return Ok(Vec::new());
    }
    let subjects = referrer.value().get("subjects").and_then(Value::as_seq);
    let mut namespaces = Vec::new();
    for subject in subjects.into_iter().flatten() {
        if subject.get("kind").and_then(Value::as_str) != Some("ServiceAccount") {
            continue;
        }
        match subject.get("namespace") {
            None => {}
            Some(namespace) => match namespace.as_str() {
                Some(namespace) => namespaces.push(namespace.into()),
                None => {
                    return Err(Error::new(
                        code::NAME_REFERENCE,
                        format!("Invalid Input: namespace is blank for resource \"{}\"", referrer.id()),
                    )
                    .at(namespace.place()));
                }
            },
        }
    }
    Ok(namespaces)
}
