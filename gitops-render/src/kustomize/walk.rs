//! Following a compiled field path into an object.

use super::field_spec::{Create, FieldCause, Part, PartError};
use super::node::{NodeKind, replace_null};
use super::route::{Guide, Route, Step};
use gitops_core::{Key, Place, ScalarKind, Value};

/// One application of a path to an object.
pub(super) struct Edit<'a, W, S> {
    pub(super) parts: &'a [Part],
    pub(super) create: Option<Create>,
    pub(super) wants: W,
    pub(super) set: S,
}

/// What is to be done at a node.
#[derive(Clone)]
pub(super) enum End {
    /// The field is here.
    Set,
    /// The rest of the path is to be created here.
    Create,
    /// The null in this slot becomes a node of this kind, and the path goes on from there.
    Convert { slot: usize, kind: NodeKind },
    /// The path goes on below a scalar.
    Scalar(Place),
    /// The path can't be followed.
    Refused(PartError),
}

/// Slots of the maps on a way that needs no [`Route`].
const MAX_SLOTS: usize = 16;

impl<W: Fn(&Value) -> bool, S> Guide for Edit<'_, W, S> {
    /// Number of the path's next part.
    type State = u32;
    type End = End;

    fn step(&self, node: &Value, part: u32) -> Step<u32, End> {
        let Some(step) = self.parts.get(part as usize) else {
            return if (self.wants)(node) { Step::End(End::Set) } else { Step::Nothing };
        };
        let map = match node {
            Value::Scalar(scalar) if scalar.kind() == ScalarKind::Null => return Step::Nothing,
            Value::Scalar(scalar) => return Step::End(End::Scalar(scalar.place())),
            Value::Seq(_) => return Step::Children,
            Value::Map(map) => map,
        };
        let (key, list) = match step {
            Part::Refused(error) => return Step::End(End::Refused(error.clone())),
            Part::Here => return Step::Stay(part + 1),
            Part::Field { key, list } => (key, *list),
        };
        let kind = self.kind_at(part, list);
        match (map.position(key.as_str()), kind) {
            (Some(slot), Some(kind)) if map.entries().get(slot).is_some_and(|e| e.value.is_null()) => {
                Step::End(End::Convert { slot, kind })
            }
            (Some(slot), _) => Step::Field { slot, state: part + 1 },
            (None, Some(_)) if !list => Step::End(End::Create),
            (None, _) => Step::Nothing,
        }
    }

    fn child(&self, part: u32, _: Option<&Key>, _: &Value) -> Option<u32> {
        Some(part)
    }
}

impl<E, W, S> Edit<'_, W, S>
where
    E: std::error::Error + 'static,
    W: Fn(&Value) -> bool,
    S: FnMut(&mut Value) -> Result<(), E>,
{
    /// Applies the path to `root`. The usual path crosses maps only and needs no more than the slots of their
    /// entries; from the first list on, a route is surveyed. Answers how many nodes were visited.
    pub(super) fn run(&mut self, root: &mut Value) -> Result<u64, FieldCause<E>> {
        let mut slots = [0usize; MAX_SLOTS];
        let mut used = 0;
        let mut part = 0;
        let mut node: &Value = root;
        let mut visited = 0;
        let end = loop {
            visited += 1;
            match self.step(node, part) {
                Step::Nothing => return Ok(visited),
                Step::Stay(state) => part = state,
                Step::Field { slot, state } if used < MAX_SLOTS => {
                    let Some(entry) = node.as_map().and_then(|map| map.entries().get(slot)) else {
                        return Ok(visited);
                    };
                    slots[used] = slot;
                    (used, part, node) = (used + 1, state, &entry.value);
                }
                Step::Field { .. } | Step::Children => break None,
                Step::End(end) => break Some(end),
            }
        };
        let route = end.is_none().then(|| Route::survey(self, node, part));
        visited += route.as_ref().map_or(0, Route::visited);
        if route.as_ref().is_some_and(|route| !route.is_live()) {
            return Ok(visited);
        }
        let mut node = root;
        for slot in &slots[..used] {
            let Some(child) = child_at(node, *slot) else { return Ok(visited) };
            node = child;
        }
        match (end, route) {
            (Some(end), _) => self.finish(node, part, end)?,
            (None, Some(route)) => route.carry_out(node, |node, part, end| self.finish(node, part, end))?,
            (None, None) => {}
        }
        Ok(visited)
    }

    /// Does what is to be done at `node`.
    fn finish(&mut self, node: &mut Value, part: u32, end: End) -> Result<(), FieldCause<E>> {
        match end {
            End::Set => (self.set)(node).map_err(FieldCause::Set),
            End::Create => self.create_rest(node, part),
            End::Scalar(place) => Err(FieldCause::Scalar(place)),
            End::Refused(error) => Err(FieldCause::Part(error)),
            End::Convert { slot, kind } => {
                let Some(child) = child_at(node, slot) else { return Ok(()) };
                replace_null(child, kind, self.create.map_or(ScalarKind::Null, |create| create.scalar));
                self.create_rest(child, part + 1)
            }
        }
    }

    /// Makes the rest of the path in a node that has none of it, and sets the field at its end.
    fn create_rest(&mut self, node: &mut Value, mut part: u32) -> Result<(), FieldCause<E>> {
        let mut node = node;
        while let Some(step) = self.parts.get(part as usize) {
            let key = match step {
                _ if !node.is_map() => return Ok(()),
                Part::Refused(error) => return Err(FieldCause::Part(error.clone())),
                Part::Field { list: true, .. } => return Ok(()),
                Part::Field { key, list: false } => Some(key),
                Part::Here => None,
            };
            if let Some(key) = key {
                let kind = self.kind_at(part, false).unwrap_or(NodeKind::Map);
                let Value::Map(map) = node else { return Ok(()) };
                map.push(key.clone(), kind.empty());
                let Some(entry) = map.entries_mut().last_mut() else { return Ok(()) };
                node = &mut entry.value;
            }
            part += 1;
        }
        (self.set)(node).map_err(FieldCause::Set)
    }
}

impl<W, S> Edit<'_, W, S> {
    /// Kind of the node that takes the place of a null at `part`. Unless that is a list, a missing one is made too.
    fn kind_at(&self, part: u32, list: bool) -> Option<NodeKind> {
        match self.create {
            _ if list => Some(NodeKind::Seq),
            None => None,
            Some(create) if part as usize + 1 >= self.parts.len() => Some(create.kind),
            Some(_) => Some(NodeKind::Map),
        }
    }
}

fn child_at(node: &mut Value, slot: usize) -> Option<&mut Value> {
    let Value::Map(map) = node else { return None };
    map.entries_mut().get_mut(slot).map(|entry| &mut entry.value)
}
