//! Following a compiled field path into an object: first reading, to find what is to be changed, then writing there.

use super::field_spec::{Create, FieldCause, Part, PartError};
use super::node::{NodeKind, replace_null};
use gitops_core::{Place, ScalarKind, Value};

/// One application of a path to an object.
pub(super) struct Edit<'a, W, S> {
    pub(super) parts: &'a [Part],
    pub(super) create: Option<Create>,
    pub(super) wants: W,
    pub(super) set: S,
}

/// Where a path leads from one node by one part.
enum Next<'v> {
    /// Nowhere, without an error.
    Nothing,
    /// The same node, one part later.
    Same,
    /// The value of an entry of this map.
    Field { slot: usize, child: &'v Value },
    /// The rest of the path, for each item.
    Items(&'v [Value]),
    /// Something to be done at this very node.
    End(End),
}

/// What is to be done at a node.
#[derive(Clone)]
enum End {
    /// The field is here.
    Set,
    /// The rest of the path is to be created here.
    Create,
    /// The null in this slot becomes a node of this kind, and the path goes on from there.
    Convert {
        slot: usize,
        kind: NodeKind,
    },
    Scalar(Place),
    Refused(PartError),
}

/// A node that a path with lists leads through. `live` are those with something to do at or below them.
struct Visit {
    parent: u32,
    part: u32,
    live: bool,
    way: Way,
}

enum Way {
    Nothing,
    Same { child: u32 },
    Field { slot: usize, child: u32 },
    Items { first: u32 },
    End(End),
}

/// Slots of the maps on the way; longer paths are followed with a stack on the heap.
const MAX_SLOTS: usize = 16;

impl<E, W, S> Edit<'_, W, S>
where
    E: std::error::Error + 'static,
    W: Fn(&Value) -> bool,
    S: FnMut(&mut Value) -> Result<(), E>,
{
    /// Applies the path to `root`.
    pub(super) fn run(&mut self, root: &mut Value) -> Result<(), FieldCause<E>> {
        // The usual path crosses maps only, and needs no more than the slots of their entries.
        let mut slots = [0usize; MAX_SLOTS];
        let mut used = 0;
        let mut part = 0;
        let mut node: &Value = root;
        let end = loop {
            match self.next(node, part) {
                Next::Nothing => return Ok(()),
                Next::Same => part += 1,
                Next::Field { slot, child } if used < MAX_SLOTS => {
                    slots[used] = slot;
                    (used, part, node) = (used + 1, part + 1, child);
                }
                Next::Field { .. } | Next::Items(_) => break None,
                Next::End(end) => break Some(end),
            }
        };
        let visits = match &end {
            Some(_) => Vec::new(),
            None => self.survey(node, part),
        };
        if end.is_none() && !visits.first().is_some_and(|visit| visit.live) {
            return Ok(());
        }
        let mut node = root;
        for slot in &slots[..used] {
            let Some(child) = child_at(node, *slot) else { return Ok(()) };
            node = child;
        }
        match end {
            Some(end) => self.finish(node, part, end),
            None => self.carry_out(node, &visits),
        }
    }

    /// One step from `node` at `part`.
    fn next<'v>(&self, node: &'v Value, part: usize) -> Next<'v> {
        let Some(step) = self.parts.get(part) else {
            return if (self.wants)(node) { Next::End(End::Set) } else { Next::Nothing };
        };
        match node {
            Value::Scalar(scalar) if scalar.kind() == ScalarKind::Null => Next::Nothing,
            Value::Scalar(scalar) => Next::End(End::Scalar(scalar.place())),
            Value::Seq(items) => Next::Items(items.items()),
            Value::Map(map) => match step {
                Part::Refused(error) => Next::End(End::Refused(error.clone())),
                Part::Here => Next::Same,
                Part::Field { key, list } => {
                    let made = self.made_at(part, *list);
                    match map.position(key.as_str()) {
                        Some(slot) => {
                            let child = &map.entries()[slot].value;
                            match made {
                                Some(kind) if child.is_null() => Next::End(End::Convert { slot, kind }),
                                _ => Next::Field { slot, child },
                            }
                        }
                        None if made.is_some() && !list => Next::End(End::Create),
                        None => Next::Nothing,
                    }
                }
            },
        }
    }

    /// Kind of node that stands in place of a null at `part`; unless the part is a list, a missing one is made too.
    fn made_at(&self, part: usize, list: bool) -> Option<NodeKind> {
        match self.create {
            _ if list => Some(NodeKind::Seq),
            None => None,
            Some(create) if part + 1 >= self.parts.len() => Some(create.kind),
            Some(_) => Some(NodeKind::Map),
        }
    }

    /// Does what is to be done at `node`.
    fn finish(&mut self, node: &mut Value, part: usize, end: End) -> Result<(), FieldCause<E>> {
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
    fn create_rest(&mut self, node: &mut Value, mut part: usize) -> Result<(), FieldCause<E>> {
        let mut node = node;
        while let Some(step) = self.parts.get(part) {
            let key = match step {
                _ if !node.is_map() => return Ok(()),
                Part::Refused(error) => return Err(FieldCause::Part(error.clone())),
                Part::Field { list: true, .. } => return Ok(()),
                Part::Field { key, list: false } => Some(key),
                Part::Here => None,
            };
            if let Some(key) = key {
                let kind = self.made_at(part, false).unwrap_or(NodeKind::Map);
                let Value::Map(map) = node else { return Ok(()) };
                map.push(key.clone(), kind.empty());
                let Some(entry) = map.entries_mut().last_mut() else { return Ok(()) };
                node = &mut entry.value;
            }
            part += 1;
        }
        (self.set)(node).map_err(FieldCause::Set)
    }

    /// Finds everything to be done at and below `root`. The first visit is `root`'s; the items of a list have
    /// consecutive visits.
    fn survey(&self, root: &Value, part: usize) -> Vec<Visit> {
        let mut visits = vec![Visit { parent: u32::MAX, part: part as u32, live: false, way: Way::Nothing }];
        let mut stack = vec![(root, 0usize)];
        while let Some((node, id)) = stack.pop() {
            let part = visits[id].part;
            let first = visits.len() as u32;
            let mut push = |node, part| {
                stack.push((node, visits.len()));
                visits.push(Visit { parent: id as u32, part, live: false, way: Way::Nothing });
            };
            let way = match self.next(node, part as usize) {
                Next::Nothing => Way::Nothing,
                Next::Same => {
                    push(node, part + 1);
                    Way::Same { child: first }
                }
                Next::Field { slot, child } => {
                    push(child, part + 1);
                    Way::Field { slot, child: first }
                }
                Next::Items(items) => {
                    items.iter().for_each(|item| push(item, part));
                    Way::Items { first }
                }
                Next::End(end) => Way::End(end),
            };
            if matches!(way, Way::End(_)) {
                enliven(&mut visits, id);
            }
            visits[id].way = way;
        }
        visits
    }

    /// Does what a survey of `root` found, in document order.
    fn carry_out(&mut self, root: &mut Value, visits: &[Visit]) -> Result<(), FieldCause<E>> {
        let mut stack = vec![(root, 0u32)];
        while let Some((node, id)) = stack.pop() {
            let Some(visit) = visits.get(id as usize).filter(|visit| visit.live) else { continue };
            match &visit.way {
                Way::Nothing => {}
                Way::Same { child } => stack.push((node, *child)),
                Way::Field { slot, child } => {
                    if let Some(value) = child_at(node, *slot) {
                        stack.push((value, *child));
                    }
                }
                Way::Items { first } => {
                    let Value::Seq(items) = node else { continue };
                    let from = stack.len();
                    let live = |id: u32| visits.get(id as usize).is_some_and(|visit| visit.live);
                    stack.extend(items.items_mut().iter_mut().zip(*first..).filter(|(_, id)| live(*id)));
                    stack[from..].reverse();
                }
                Way::End(end) => self.finish(node, visit.part as usize, end.clone())?,
            }
        }
        Ok(())
    }
}

fn child_at(node: &mut Value, slot: usize) -> Option<&mut Value> {
    let Value::Map(map) = node else { return None };
    map.entries_mut().get_mut(slot).map(|entry| &mut entry.value)
}

/// Marks a visit and those above it; stops at the first that is marked, so all marks cost one pass.
fn enliven(visits: &mut [Visit], id: usize) {
    let mut id = id;
    while let Some(visit) = visits.get_mut(id).filter(|visit| !visit.live) {
        visit.live = true;
        id = visit.parent as usize;
    }
}
