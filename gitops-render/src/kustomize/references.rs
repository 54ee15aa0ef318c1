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

use super::build::Build;
use super::error::{Error, code};
use super::field_spec::NameReference;
use super::gvk::GvkSelector;
use super::lint::{Warning, transformers as lint};
use super::node;
use super::reference_plan::{Field, Plan};
use super::resource::Resource;
use super::set::ResourceSet;
use crate::parallel;
use crate::session::Tally;
use gitops_core::object::effective_namespace;
use gitops_core::value::{Key, Place, Scalar, Value};
use smol_str::SmolStr;
use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Arc, OnceLock};

/// Renamed resources by their former names.
struct Candidates<'a> {
    by_name: HashMap<&'a str, Vec<u32>>,
    all: &'a [Resource],
    /// Namespaces of namespaced resources today, by the one that each was first in.
    moved: OnceLock<BTreeMap<&'a str, BTreeSet<&'a str>>>,
}

impl<'a> Candidates<'a> {
    fn new(all: &'a [Resource]) -> Self {
        let mut by_name: HashMap<&str, Vec<u32>> = HashMap::with_capacity(all.len());
        for (index, resource) in (0u32..).zip(all) {
            for previous in &resource.previous {
                let indexes = by_name.entry(&previous.name).or_default();
                if indexes.last() != Some(&index) {
                    indexes.push(index);
                }
            }
        }
        Self { by_name, all, moved: OnceLock::new() }
    }

    fn named(&self, name: &str) -> impl Iterator<Item = &'a Resource> {
        let indexes = self.by_name.get(name).into_iter().flatten();
        indexes.filter_map(|index| self.all.get(*index as usize))
    }

    /// Namespaces of the namespaced resources that once were in this one.
    fn moved_from(&self, namespace: &str) -> impl Iterator<Item = &'a str> {
        let moved = self.moved.get_or_init(|| {
            let mut moved: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
            for resource in self.all.iter().filter(|resource| !resource.id().cluster_scoped) {
                moved.entry(resource.original_namespace()).or_default().insert(&resource.id().namespace);
            }
            moved
        });
        moved.get(namespace).into_iter().flatten().copied()
    }
}

/// The object of one resource, out of the set while its references are repaired.
struct Job<'a> {
    index: usize,
    referrer: &'a Resource,
    fields: Arc<[Field]>,
    object: Value,
}

/// Repairs every reference in the set.
pub(crate) fn fix(
    build: &mut Build<'_>,
    set: &mut ResourceSet,
    rules: &[NameReference],
    plan: &Plan,
) -> Result<(), Error> {
    let mut objects: Vec<Value> =
        set.contents_mut().iter_mut().map(|resource| std::mem::take(resource.value_mut())).collect();
    let all = set.as_slice();
    let candidates = Candidates::new(all);
    let mut jobs: Vec<Job<'_>> = Vec::with_capacity(all.len());
    for (index, (referrer, object)) in all.iter().zip(&mut objects).enumerate() {
        let fields = plan.fields(rules, &referrer.original_gvk());
        if !fields.is_empty() {
            jobs.push(Job { index, referrer, fields, object: std::mem::take(object) });
        }
    }
    let (warnings, visited) = parallel::each(&mut jobs, |job, warnings| job.run(&candidates, warnings));
    build.warn_all(warnings);
    Tally::add(&build.session.tally.nodes, visited?);
    for job in jobs {
        if let Some(slot) = objects.get_mut(job.index) {
            *slot = job.object;
        }
    }
    for (resource, object) in set.contents_mut().iter_mut().zip(objects) {
        *resource.value_mut() = object;
    }
    Ok(())
}

impl<'a> Job<'a> {
    /// Answers how many nodes were visited, and resources considered.
    fn run(&mut self, candidates: &Candidates<'a>, warnings: &mut Vec<Warning>) -> Result<u64, Error> {
        let repair = Repair::new(self.referrer, &self.object, candidates)?;
        let mut ambiguous = Vec::new();
        let stale = repair.stale(&self.object);
        let mut visited = 0;
        for field in self.fields.iter() {
            visited += repair.field(field, &mut self.object, &mut ambiguous).map_err(|error| {
                error.context(format!(
                    "updating name reference in '{}' field of '{}'",
                    field.path.path(),
                    self.referrer.id()
                ))
            })?;
        }
        warnings.extend(stale);
        warnings.extend(
            ambiguous.iter().map(|(name, place)| lint::ambiguous_reference(name, self.referrer, *place)),
        );
        Ok(visited + repair.considered.get())
    }
}

/// The references of one resource.
struct Repair<'r, 'a> {
    referrer: &'r Resource,
    candidates: &'r Candidates<'a>,
    place: Place,
    /// How many resources were considered.
    considered: Cell<u64>,
    role_ref: Option<(SmolStr, SmolStr)>,
    subject_namespaces: Vec<SmolStr>,
}

/// What one reference turned out to be.
enum Referral<'a> {
    None,
    Ambiguous,
    One(&'a Resource),
}

impl<'r, 'a> Repair<'r, 'a> {
    fn new(referrer: &'r Resource, object: &Value, candidates: &'r Candidates<'a>) -> Result<Self, Error> {
        let subject_namespaces = subject_namespaces(referrer, object)?;
        let (place, role_ref) = (object.place(), role_ref(object));
        Ok(Self { referrer, candidates, place, considered: Cell::new(0), role_ref, subject_namespaces })
    }

    /// References that the original has no rule for, or a wrong one: its rule for IngressClasses names a group with a
    /// version in it.
    fn stale(&self, object: &Value) -> Vec<Warning> {
        let (target, names): (&str, Vec<&Value>) = match self.referrer.gvk().kind.as_str() {
            _ if self.candidates.by_name.is_empty() => return Vec::new(),
            "Ingress" => {
                let name = object.get("spec").and_then(|spec| spec.get("ingressClassName"));
                ("IngressClass", name.into_iter().collect())
            }
            "ServiceAccount" => {
                let secrets = object.get("secrets").and_then(Value::as_seq);
                ("Secret", secrets.into_iter().flatten().filter_map(|secret| secret.get("name")).collect())
            }
            _ => return Vec::new(),
        };
        let is_stale = |name: &&Value| {
            let Some(text) = name.as_text() else { return false };
            self.candidates.named(text).any(|candidate| {
                let id = candidate.id();
                let near =
                    id.cluster_scoped || id.effective_namespace() == self.referrer.id().effective_namespace();
                id.gvk.kind == target && id.name != text && near
            })
        };
        names.into_iter().filter(is_stale).map(|name| lint::stale_reference(target, name)).collect()
    }

    /// Answers how many nodes were visited.
    fn field(
        &self,
        field: &Field,
        object: &mut Value,
        ambiguous: &mut Vec<(String, Place)>,
    ) -> Result<u64, Error> {
        let nothing_renamed = self.candidates.by_name.is_empty();
        let wants = |value: &Value| match value {
            // Errors in the shape of a field are errors even where nothing was renamed.
            Value::Scalar(scalar) => !nothing_renamed && self.candidates.by_name.contains_key(scalar.text()),
            Value::Map(_) => true,
            Value::Seq(seq) => seq.iter().any(|item| match item {
                Value::Scalar(scalar) => {
                    !nothing_renamed && self.candidates.by_name.contains_key(scalar.text())
                }
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
            .map_err(|error| Error::new(code::NAME_REFERENCE, error.to_string()).at(self.place))
    }

    fn set(
        &self,
        field: &Field,
        target: &GvkSelector,
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
        target: &GvkSelector,
        scalar: &mut Scalar,
        ambiguous: &mut Vec<(String, Place)>,
    ) -> Result<(), Fault> {
        match self.select(field, target, scalar.text(), None, false)? {
            Referral::None => {}
            Referral::Ambiguous => ambiguous.push((scalar.text().to_owned(), scalar.place())),
            Referral::One(candidate) if candidate.id().name == scalar.text() => {}
            Referral::One(candidate) => {
                let mut value = Value::Scalar(scalar.clone());
                node::set_scalar(&mut value, candidate.id().name.clone(), None)
                    .map_err(|error| Fault(error.to_string()))?;
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
        target: &GvkSelector,
        value: &mut Value,
        ambiguous: &mut Vec<(String, Place)>,
    ) -> Result<(), Fault> {
        let Some(name) = value.get("name") else {
            return Err(Fault("path config error; no 'name' field in node".to_owned()));
        };
        let place = name.place();
        let name = name.as_text().unwrap_or_default().to_owned();
        let namespace =
            value.get("namespace").map(|namespace| SmolStr::from(namespace.as_text().unwrap_or_default()));
        let candidate = match self.select(field, target, &name, namespace.as_deref(), true)? {
            Referral::None => return Ok(()),
            Referral::Ambiguous => {
                ambiguous.push((name, place));
                return Ok(());
            }
            Referral::One(candidate) => candidate,
        };
        let new_namespace = &candidate.id().namespace;
        if candidate.id().name == name && new_namespace.is_empty() {
            return Ok(());
        }
        set_field(value, "name", &candidate.id().name)?;
        if !new_namespace.is_empty() {
            set_field(value, "namespace", new_namespace)?;
        }
        Ok(())
    }

    /// The resource that a name refers to. `namespace` is what stands beside the name in a mapping.
    fn select(
        &self,
        field: &Field,
        target: &GvkSelector,
        name: &str,
        namespace: Option<&str>,
        mapping: bool,
    ) -> Result<Referral<'a>, Fault> {
        let mut found: Vec<&Resource> = self
            .candidates
            .named(name)
            .inspect(|_| self.considered.set(self.considered.get() + 1))
            .filter(|candidate| self.reachable(candidate))
            .filter(|candidate| candidate.previous_gvks().any(|gvk| target.selects(gvk)))
            .filter(|candidate| !field.is_role_ref || self.fits_role_ref(candidate))
            .filter(|candidate| self.same_namespace(candidate))
            .collect();
        if let Some(namespace) = namespace.filter(|_| !found.is_empty()) {
            let by_original = self
                .candidates
                .moved_from(namespace)
                .any(|today| self.is_reachable_in(effective_namespace(today), today));
            found.retain(|candidate| {
                let id = candidate.id();
                let stated =
                    if by_original { candidate.original_namespace() } else { id.effective_namespace() };
                !id.cluster_scoped && stated == namespace
            });
        }
        if let [only] = found.as_slice() {
            return Ok(Referral::One(only));
        }
        let several = found.len() > 1;
        let alike = |candidate: &Resource, allow_empty| candidate.same_affixes(self.referrer, allow_empty);
        found.retain(|candidate| alike(candidate, true));
        if found.len() > 1 {
            found.retain(|candidate| alike(candidate, false));
        }
        let Some(first) = found.first() else {
            return Ok(if several { Referral::Ambiguous } else { Referral::None });
        };
        let identical = found.iter().all(|other| {
            let (other, first) = (other.id(), first.id());
            other.name == first.name && (!mapping || other.namespace == first.namespace)
        });
        if !identical {
            let ids: Vec<String> = found.iter().map(|candidate| candidate.id().to_string()).collect();
            return Err(Fault(format!("found multiple possible referrals: {}", ids.join(", "))));
        }
        Ok(Referral::One(first))
    }

    /// Whether the referrer could name the candidate at all.
    fn reachable(&self, candidate: &Resource) -> bool {
        let id = candidate.id();
        id.cluster_scoped || self.is_reachable_in(id.effective_namespace(), &id.namespace)
    }

    /// The same for a namespaced candidate by its namespace, in effect and as written.
    fn is_reachable_in(&self, effective: &str, written: &str) -> bool {
        let referrer = self.referrer.id();
        referrer.cluster_scoped
            || effective == referrer.effective_namespace()
            || self.subject_namespaces.iter().any(|namespace| namespace == written)
    }

    fn same_namespace(&self, candidate: &Resource) -> bool {
        let (referrer, id) = (self.referrer.id(), candidate.id());
        referrer.cluster_scoped
            || id.cluster_scoped
            || id.gvk.kind == "ServiceAccount"
            || id.effective_namespace() == referrer.effective_namespace()
    }

    fn fits_role_ref(&self, candidate: &Resource) -> bool {
        let Some((group, kind)) = &self.role_ref else { return true };
        let wanted = GvkSelector { group: group.clone(), version: SmolStr::default(), kind: kind.clone() };
        candidate.previous_gvks().any(|gvk| wanted.selects(gvk))
    }
}

/// What is wrong with a reference.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
struct Fault(String);

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
fn subject_namespaces(referrer: &Resource, object: &Value) -> Result<Vec<SmolStr>, Error> {
    if referrer.gvk().kind != "RoleBinding" {
        return Ok(Vec::new());
    }
    let subjects = object.get("subjects").and_then(Value::as_seq);
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
