//! Sequences: items behind one shared allocation.

use super::scalar::Meta;
use super::teardown::tear_down;
use super::{Place, ScalarKind, Style, Value};
use std::sync::Arc;

/// A sequence, O(1) to clone, copied on the first write while shared.
///
/// Adding or removing an item costs O(n); use [`Seq::edit`] or collect an iterator to change many at once.
#[derive(Clone, Default)]
pub struct Seq {
    items: Option<Arc<[Value]>>,
    meta: Meta,
}

impl Seq {
    /// An empty sequence.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// A sequence of these items, read from `place`.
    #[must_use]
    pub fn placed(items: Vec<Value>, place: Place) -> Self {
        let items = if items.is_empty() { None } else { Some(Arc::from(items)) };
        Self { items, meta: Meta::new(ScalarKind::Null, Style::Plain, place) }
    }

    /// A sequence of the values of `stack` from `from` on, which leave it, read from `place`.
    pub(crate) fn from_stack(stack: &mut Vec<Value>, from: usize, place: Place) -> Self {
        let items = if stack.len() > from { Some(stack.drain(from..).collect()) } else { None };
        Self { items, meta: Meta::new(ScalarKind::Null, Style::Plain, place) }
    }

    /// Where the sequence begins in its source.
    #[must_use]
    pub fn place(&self) -> Place {
        self.meta.place()
    }

    /// Replaces the place.
    pub fn set_place(&mut self, place: Place) {
        self.meta = Meta::new(ScalarKind::Null, Style::Plain, place).flow(self.is_flow());
    }

    /// Whether the sequence is written in brackets, as [`Map::is_flow`](super::Map::is_flow).
    #[must_use]
    pub fn is_flow(&self) -> bool {
        self.meta.is_flow()
    }

    /// Sets the style.
    pub fn set_flow(&mut self, flow: bool) {
        self.meta = self.meta.flow(flow);
    }

    /// The number of items.
    #[must_use]
    pub fn len(&self) -> usize {
        self.items().len()
    }

    /// Whether there is no item.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.items.is_none()
    }

    /// The items in order.
    #[must_use]
    pub fn items(&self) -> &[Value] {
        self.items.as_deref().unwrap_or_default()
    }

    /// The items for change in place; copies them (not their contents) while they are shared.
    pub fn items_mut(&mut self) -> &mut [Value] {
        match &mut self.items {
            Some(items) => Arc::make_mut(items),
            None => &mut [],
        }
    }

    /// The items in order.
    pub fn iter(&self) -> std::slice::Iter<'_, Value> {
        self.items().iter()
    }

    /// The item at `index`.
    #[must_use]
    pub fn get(&self, index: usize) -> Option<&Value> {
        self.items().get(index)
    }

    /// The item at `index` for change; copies while shared.
    pub fn get_mut(&mut self, index: usize) -> Option<&mut Value> {
        if index >= self.len() {
            return None;
        }
        self.items_mut().get_mut(index)
    }

    /// Adds an item at the end.
    pub fn push(&mut self, value: Value) {
        self.edit(|items| items.push(value));
    }

    /// Changes the items as a vector: any number of additions and removals for one O(n).
    pub fn edit<R>(&mut self, change: impl FnOnce(&mut Vec<Value>) -> R) -> R {
        let mut items = self.take_items();
        let result = change(&mut items);
        self.items = if items.is_empty() { None } else { Some(Arc::from(items)) };
        result
    }

    /// The items as a vector; moved where this sequence is their only owner, else cloned.
    #[must_use]
    pub fn into_items(mut self) -> Vec<Value> {
        self.take_items()
    }

    /// Whether both are the same allocation, which makes them equal without a look inside.
    #[must_use]
    pub fn ptr_eq(&self, other: &Self) -> bool {
        match (&self.items, &other.items) {
            (Some(a), Some(b)) => Arc::ptr_eq(a, b),
            (None, None) => true,
            _ => false,
        }
    }

    fn take_items(&mut self) -> Vec<Value> {
        let Some(mut shared) = self.items.take() else { return Vec::new() };
        let mut owned = Vec::with_capacity(shared.len() + 1);
        match Arc::get_mut(&mut shared) {
            Some(items) => owned.extend(items.iter_mut().map(std::mem::take)),
            None => owned.extend_from_slice(&shared),
        }
        owned
    }

    /// The items if nobody shares them.
    pub(super) fn unique_items(&mut self) -> Option<&mut [Value]> {
        Arc::get_mut(self.items.as_mut()?)
    }
}

impl Drop for Seq {
    fn drop(&mut self) {
        let Some(items) = self.unique_items() else { return };
        if items.iter().any(Value::has_children) {
            tear_down(items.iter_mut());
        }
    }
}

impl FromIterator<Value> for Seq {
    fn from_iter<I: IntoIterator<Item = Value>>(items: I) -> Self {
        Self::placed(items.into_iter().collect(), Place::NONE)
    }
}

impl<'a> IntoIterator for &'a Seq {
    type Item = &'a Value;
    type IntoIter = std::slice::Iter<'a, Value>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl std::fmt::Debug for Seq {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}
