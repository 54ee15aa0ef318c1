//! Maps: entries in source order behind one shared allocation.

use super::scalar::Meta;
use super::teardown::tear_down;
use super::{Key, Place, ScalarKind, Style, Value};
use std::sync::Arc;

/// One key with its value.
#[derive(Clone, PartialEq, Debug)]
pub struct Entry {
    /// The key.
    pub key: Key,
    /// The value.
    pub value: Value,
}

/// A mapping in source order, O(1) to clone, copied on the first write while shared.
///
/// Look-ups walk the entries: manifests' maps have a handful. A map may hold the same key twice, as the source
/// did; [`Map::get`] answers the first, and the writer refuses such a map. Adding or removing a key costs O(n);
/// use [`Map::edit`] or collect an iterator to change many at once.
///
/// ```
/// use gitops_core::value::{Map, Value};
/// let mut map = Map::from_iter([("a", Value::from(1)), ("b", Value::from("x"))]);
/// map.insert("c", Value::null());
/// map.remove("a");
/// assert_eq!(map.keys().map(|k| k.as_str()).collect::<Vec<_>>(), ["b", "c"]);
/// ```
#[derive(Clone, Default)]
pub struct Map {
    entries: Option<Arc<[Entry]>>,
    meta: Meta,
}

impl Map {
    /// An empty map.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// A map of these entries, read from `place`.
    #[must_use]
    pub fn placed(entries: Vec<Entry>, place: Place) -> Self {
        let entries = if entries.is_empty() { None } else { Some(Arc::from(entries)) };
        Self { entries, meta: Meta::new(ScalarKind::Null, Style::Plain, place) }
    }

    /// A map of the entries of `stack` from `from` on, which leave it, read from `place`. Readers keep one stack for
    /// all maps, so that a map costs one allocation.
    pub(crate) fn from_stack(stack: &mut Vec<Entry>, from: usize, place: Place) -> Self {
        let entries = if stack.len() > from { Some(stack.drain(from..).collect()) } else { None };
        Self { entries, meta: Meta::new(ScalarKind::Null, Style::Plain, place) }
    }

    /// Where the map begins in its source.
    #[must_use]
    pub fn place(&self) -> Place {
        self.meta.place()
    }

    /// Replaces the place.
    pub fn set_place(&mut self, place: Place) {
        self.meta = Meta::new(ScalarKind::Null, Style::Plain, place).flow(self.is_flow());
    }

    /// Whether the map is written in brackets, which decides what becomes of some of its values when kustomize writes
    /// them: see [`settle_styles`](crate::yaml::settle_styles). It takes no part in equality; a map that a program
    /// makes is not.
    #[must_use]
    pub fn is_flow(&self) -> bool {
        self.meta.is_flow()
    }

    /// Sets the style.
    pub fn set_flow(&mut self, flow: bool) {
        self.meta = self.meta.flow(flow);
    }

    /// The number of entries.
    #[must_use]
    pub fn len(&self) -> usize {
        self.entries().len()
    }

    /// Whether there is no entry.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_none()
    }

    /// The entries in order.
    #[must_use]
    pub fn entries(&self) -> &[Entry] {
        self.entries.as_deref().unwrap_or_default()
    }

    /// The entries for change in place; copies them (not their values' contents) while they are shared.
    pub fn entries_mut(&mut self) -> &mut [Entry] {
        match &mut self.entries {
            Some(entries) => Arc::make_mut(entries),
            None => &mut [],
        }
    }

    /// The entries as pairs.
    #[must_use]
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = (&Key, &Value)> + ExactSizeIterator {
        self.entries().iter().map(|entry| (&entry.key, &entry.value))
    }

    /// The entries as pairs, values for change; copies while shared.
    pub fn iter_mut(&mut self) -> impl DoubleEndedIterator<Item = (&Key, &mut Value)> + ExactSizeIterator {
        self.entries_mut().iter_mut().map(|entry| (&entry.key, &mut entry.value))
    }

    /// The keys in order.
    #[must_use]
    pub fn keys(&self) -> impl DoubleEndedIterator<Item = &Key> + ExactSizeIterator {
        self.entries().iter().map(|entry| &entry.key)
    }

    /// The values in order.
    #[must_use]
    pub fn values(&self) -> impl DoubleEndedIterator<Item = &Value> + ExactSizeIterator {
        self.entries().iter().map(|entry| &entry.value)
    }

    /// Position of the first entry whose key has this text, of whatever type.
    #[must_use]
    pub fn position(&self, key: &str) -> Option<usize> {
        self.entries().iter().position(|entry| entry.key.as_str() == key)
    }

    /// Value of the first entry whose key has this text, of whatever type.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Value> {
        self.entries().iter().find(|entry| entry.key.as_str() == key).map(|entry| &entry.value)
    }

    /// The entry of [`Map::get`] with its key.
    #[must_use]
    pub fn get_entry(&self, key: &str) -> Option<&Entry> {
        self.entries().iter().find(|entry| entry.key.as_str() == key)
    }

    /// As [`Map::get`] for change; copies the entries while shared, and only when the key is there.
    pub fn get_mut(&mut self, key: &str) -> Option<&mut Value> {
        let position = self.position(key)?;
        Some(&mut self.entries_mut()[position].value)
    }

    /// Whether some key has this text.
    #[must_use]
    pub fn contains_key(&self, key: &str) -> bool {
        self.position(key).is_some()
    }

    /// Sets a value: in place where the key is present, at the end otherwise. Gives what it replaced.
    pub fn insert(&mut self, key: impl Into<Key>, value: Value) -> Option<Value> {
        let key = key.into();
        match self.position(key.as_str()) {
            Some(position) => Some(std::mem::replace(&mut self.entries_mut()[position].value, value)),
            None => {
                self.push(key, value);
                None
            }
        }
    }

    /// The value under `key`, made by `default` at the end of the map where it is absent.
    pub fn get_or_insert_with(&mut self, key: &str, default: impl FnOnce() -> Value) -> &mut Value {
        let position = self.position(key).unwrap_or_else(|| {
            self.push(Key::new(key), default());
            self.len() - 1
        });
        &mut self.entries_mut()[position].value
    }

    /// Adds an entry at the end, even where the key is present.
    pub fn push(&mut self, key: Key, value: Value) {
        self.edit(|entries| entries.push(Entry { key, value }));
    }

    /// Removes the first entry whose key has this text.
    pub fn remove(&mut self, key: &str) -> Option<Value> {
        let position = self.position(key)?;
        Some(self.edit(|entries| entries.remove(position).value))
    }

    /// Keeps the entries for which `keep` holds.
    pub fn retain(&mut self, mut keep: impl FnMut(&Key, &Value) -> bool) {
        if self.iter().all(|(key, value)| keep(key, value)) {
            return;
        }
        self.edit(|entries| entries.retain(|entry| keep(&entry.key, &entry.value)));
    }

    /// Changes the entries as a vector: any number of additions and removals for one O(n).
    pub fn edit<R>(&mut self, change: impl FnOnce(&mut Vec<Entry>) -> R) -> R {
        let mut entries = self.take_entries();
        let result = change(&mut entries);
        self.entries = if entries.is_empty() { None } else { Some(Arc::from(entries)) };
        result
    }

    /// The entries as a vector; moved where this map is their only owner, else cloned.
    #[must_use]
    pub fn into_entries(mut self) -> Vec<Entry> {
        self.take_entries()
    }

    /// Whether both are the same allocation, which makes them equal without a look inside.
    #[must_use]
    pub fn ptr_eq(&self, other: &Self) -> bool {
        match (&self.entries, &other.entries) {
            (Some(a), Some(b)) => Arc::ptr_eq(a, b),
            (None, None) => true,
            _ => false,
        }
    }

    fn take_entries(&mut self) -> Vec<Entry> {
        let Some(mut shared) = self.entries.take() else { return Vec::new() };
        match Arc::get_mut(&mut shared) {
            // One spare slot: the usual edit adds a key.
            Some(entries) => {
                let mut owned = Vec::with_capacity(entries.len() + 1);
                owned.extend(
                    entries.iter_mut().map(|entry| Entry {
                        key: entry.key.clone(),
                        value: std::mem::take(&mut entry.value),
                    }),
                );
                owned
            }
            None => {
                let mut owned = Vec::with_capacity(shared.len() + 1);
                owned.extend_from_slice(&shared);
                owned
            }
        }
    }

    /// The entries if nobody shares them.
    pub(super) fn unique_entries(&mut self) -> Option<&mut [Entry]> {
        Arc::get_mut(self.entries.as_mut()?)
    }
}

impl Drop for Map {
    fn drop(&mut self) {
        let Some(entries) = self.unique_entries() else { return };
        if entries.iter().any(|entry| entry.value.has_children()) {
            tear_down(entries.iter_mut().map(|entry| &mut entry.value));
        }
    }
}

impl<K: Into<Key>> FromIterator<(K, Value)> for Map {
    fn from_iter<I: IntoIterator<Item = (K, Value)>>(pairs: I) -> Self {
        let entries = pairs.into_iter().map(|(key, value)| Entry { key: key.into(), value }).collect();
        Self::placed(entries, Place::NONE)
    }
}

impl std::fmt::Debug for Map {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_map().entries(self.iter()).finish()
    }
}
