//! The resources of a build in order, with look-ups by identity.

use super::absorb::Absorbed;
use super::error::{Error, code};
use super::resource::{Behavior, Resource};
use gitops_core::object::ResId;
use smol_str::SmolStr;
use std::collections::{HashMap, HashSet};

/// Resources in the order in which they were added.
///
/// Adding checks that no two have the same identity; the check is a hash look-up. Names are indexed on demand, and
/// the index is dropped by whatever may change names.
#[derive(Clone, Debug, Default)]
pub(crate) struct ResourceSet {
    list: Vec<Resource>,
    ids: Option<HashSet<ResId>>,
    names: Option<HashMap<SmolStr, Vec<u32>>>,
}

impl ResourceSet {
    pub(crate) fn len(&self) -> usize {
        self.list.len()
    }

    pub(crate) fn iter(&self) -> std::slice::Iter<'_, Resource> {
        self.list.iter()
    }

    pub(crate) fn as_slice(&self) -> &[Resource] {
        &self.list
    }

    /// All resources for change. Forgets the indexes.
    pub(crate) fn resources_mut(&mut self) -> &mut Vec<Resource> {
        self.ids = None;
        self.names = None;
        &mut self.list
    }

    /// All resources, for changes that touch no identity, now or former.
    pub(crate) fn contents_mut(&mut self) -> &mut [Resource] {
        &mut self.list
    }

    pub(crate) fn get(&self, index: usize) -> Option<&Resource> {
        self.list.get(index)
    }

    /// Adds a resource; one of the same identity is an error.
    pub(crate) fn append(&mut self, resource: Resource) -> Result<(), Error> {
        let list = &self.list;
        let ids = self.ids.get_or_insert_with(|| list.iter().map(|resource| resource.id().clone()).collect());
        if !ids.insert(resource.id().clone()) {
            return Err(Error::new(
                code::DUPLICATE_ID,
                format!("may not add resource with an already registered id: {}", resource.id()),
            )
            .at(resource.value().place())
            .help("rename one of the two, or remove one from `resources`"));
        }
        self.names = None;
        self.list.push(resource);
        Ok(())
    }

    /// Adds all of another set.
    pub(crate) fn append_all(&mut self, other: impl IntoIterator<Item = Resource>) -> Result<(), Error> {
        other.into_iter().try_for_each(|resource| self.append(resource))
    }

    /// Drops what transformers emptied.
    pub(crate) fn drop_empties(&mut self) {
        if self.list.iter().any(Resource::is_empty) {
            self.resources_mut().retain(|resource| !resource.is_empty());
        }
    }

    /// Fails if two resources share an identity.
    pub(crate) fn find_duplicate(&self) -> Option<(&Resource, Vec<&Resource>)> {
        let mut seen = HashMap::with_capacity(self.list.len());
        for resource in &self.list {
            if let Some(first) = seen.insert(resource.id().clone(), resource) {
                let key = first.id().clone();
                return Some((first, self.list.iter().filter(|other| *other.id() == key).collect()));
            }
        }
        None
    }

    /// Positions of resources that have or had this name, in order.
    pub(crate) fn named(&mut self, name: &str) -> &[u32] {
        let list = &self.list;
        let names = self.names.get_or_insert_with(|| index_names(list));
        names.get(name).map(Vec::as_slice).unwrap_or_default()
    }

    /// Positions of non-empty resources that have or had this identity.
    pub(crate) fn matching_any_id(&mut self, id: &ResId) -> Vec<usize> {
        let candidates = self.named(&id.name).to_vec();
        candidates
            .into_iter()
            .map(|index| index as usize)
            .filter(|index| {
                self.list.get(*index).is_some_and(|resource| !resource.is_empty() && resource.has_or_had(id))
            })
            .collect()
    }

    /// The only resource that has or had this identity.
    pub(crate) fn by_any_id(&mut self, id: &ResId) -> Result<usize, Error> {
        match self.matching_any_id(id).as_slice() {
            [index] => Ok(*index),
            [] => Err(Error::new(
                code::PATCH_TARGET_MISSING,
                format!("no matches for Id {id}; failed to find unique target for patch {id}"),
            )),
            _ => Err(Error::new(
                code::PATCH_TARGET_AMBIGUOUS,
                format!("multiple matches for Id {id}; failed to find unique target for patch {id}"),
            )),
        }
    }

    /// Adds a generated resource, or merges it into or replaces the one of the same identity; then tells what became
    /// of that.
    pub(crate) fn absorb(&mut self, mut generated: Resource) -> Result<Option<Absorbed>, Error> {
        let id = generated.id().clone();
        let matches = self.matching_any_id(&id);
        match (matches.as_slice(), generated.behavior) {
            ([], Behavior::Merge | Behavior::Replace) => Err(Error::new(
                code::GENERATOR_TARGET_MISSING,
                format!("id {id} does not exist; cannot merge or replace"),
            )),
            ([], _) => self.append(generated).map(|()| None),
            ([index], behavior @ (Behavior::Merge | Behavior::Replace)) => {
                let Some(old) = self.list.get(*index) else { return Ok(None) };
                let absorbed = super::absorb::inherit(&mut generated, old, behavior == Behavior::Merge);
                let index = *index;
                if let Some(slot) = self.resources_mut().get_mut(index) {
                    *slot = generated;
                }
                Ok(Some(absorbed))
            }
            ([_], behavior) => Err(Error::new(
                code::GENERATOR_CONFLICT,
                format!(
                    "id {id} exists; can not use behavior: '{}', behavior must be merge or replace",
                    behavior.name()
                ),
            )),
            _ => Err(Error::new(
                code::GENERATOR_CONFLICT,
                format!("found multiple objects that could accept merge of {id}"),
            )),
        }
    }

    pub(crate) fn into_list(self) -> Vec<Resource> {
        self.list
    }
}

fn index_names(list: &[Resource]) -> HashMap<SmolStr, Vec<u32>> {
    let mut names: HashMap<SmolStr, Vec<u32>> = HashMap::with_capacity(list.len());
    for (index, resource) in list.iter().enumerate() {
        let mut add = |name: &SmolStr| {
            let positions = names.entry(name.clone()).or_default();
            if positions.last() != Some(&(index as u32)) {
                positions.push(index as u32);
            }
        };
        add(&resource.id().name);
        for previous in &resource.previous {
            add(&previous.name);
        }
    }
    names
}
