//! Finding places in an object by reading, then changing just those.
//!
//! A change of one node in a shared object copies the lists of children that lead to it. So the way is found first,
//! over shared references, and only nodes on the way to something to do are then taken for change. Neither pass
//! recurses, and both visit a node once.

use super::lookup::child;
use gitops_core::value::Entry;
use gitops_core::{Key, Value};

/// Says where to look.
pub(super) trait Guide {
    /// What the guide knows at a node.
    type State: Copy;
    /// What is to be done at a node.
    type End: Clone;

    /// What to do at a node.
    fn step(&self, node: &Value, state: Self::State) -> Step<Self::State, Self::End>;

    /// The state at a child, or nothing to pass it by. `key` is `None` for items of lists.
    fn child(&self, parent: Self::State, key: Option<&Key>, child: &Value) -> Option<Self::State>;
}

/// What to do at a node.
pub(super) enum Step<S, E> {
    /// Pass it by.
    Nothing,
    /// Do this, here.
    End(E),
    /// Look at the same node again.
    Stay(S),
    /// Go on to the child in this slot of a map or list.
    Field { slot: usize, state: S },
    /// Go on to all children.
    Children,
}

/// The ways to everything that is to be done in an object.
pub(super) struct Route<S, E> {
    visits: Vec<Visit<S, E>>,
}

struct Visit<S, E> {
    parent: u32,
    /// Position in the parent; unused where the node is the parent itself.
    slot: u32,
    state: S,
    live: bool,
    way: Way<E>,
}

enum Way<E> {
    Nothing,
    End(E),
    Stay { child: u32 },
    Children { first: u32, count: u32 },
}

impl<S: Copy, E: Clone> Route<S, E> {
    /// Follows the guide from `root`.
    pub(super) fn survey<G: Guide<State = S, End = E>>(guide: &G, root: &Value, state: S) -> Self {
        let mut visits = Vec::with_capacity(32);
        visits.push(Visit { parent: u32::MAX, slot: 0, state, live: false, way: Way::Nothing });
        let mut stack = vec![(root, 0usize)];
        while let Some((node, id)) = stack.pop() {
            let state = visits[id].state;
            let first = visits.len();
            let mut push = |node, slot: usize, state| {
                stack.push((node, visits.len()));
                visits.push(Visit {
                    parent: id as u32,
                    slot: slot as u32,
                    state,
                    live: false,
                    way: Way::Nothing,
                });
            };
            let step = guide.step(node, state);
            match &step {
                Step::Stay(state) => push(node, 0, *state),
                Step::Field { slot, state } => {
                    if let Some(child) = child(node, *slot) {
                        push(child, *slot, *state);
                    }
                }
                Step::Children => {
                    for (slot, entry) in entries(node).iter().enumerate() {
                        if let Some(state) = guide.child(state, Some(&entry.key), &entry.value) {
                            push(&entry.value, slot, state);
                        }
                    }
                    for (slot, item) in node.as_seq().into_iter().flatten().enumerate() {
                        if let Some(state) = guide.child(state, None, item) {
                            push(item, slot, state);
                        }
                    }
                }
                Step::Nothing | Step::End(_) => {}
            }
            let count = (visits.len() - first) as u32;
            visits[id].way = match step {
                Step::Nothing => Way::Nothing,
                Step::End(end) => Way::End(end),
                Step::Stay(_) => Way::Stay { child: first as u32 },
                Step::Field { .. } | Step::Children => Way::Children { first: first as u32, count },
            };
            if matches!(visits[id].way, Way::End(_)) {
                enliven(&mut visits, id);
            }
        }
        Self { visits }
    }

    /// Whether there is anything to do.
    pub(super) fn is_live(&self) -> bool {
        self.visits.first().is_some_and(|visit| visit.live)
    }

    /// How many nodes were visited.
    pub(super) fn visited(&self) -> u64 {
        self.visits.len() as u64
    }

    /// Does everything, in document order. `root` must be what was surveyed.
    pub(super) fn carry_out<F>(
        &self,
        root: &mut Value,
        mut act: impl FnMut(&mut Value, S, E) -> Result<(), F>,
    ) -> Result<(), F> {
        let mut stack = vec![(root, 0u32)];
        while let Some((node, id)) = stack.pop() {
            let Some(visit) = self.visits.get(id as usize).filter(|visit| visit.live) else { continue };
            match &visit.way {
                Way::Nothing => {}
                Way::End(end) => act(node, visit.state, end.clone())?,
                Way::Stay { child } => stack.push((node, *child)),
                Way::Children { first, count } => {
                    let from = stack.len();
                    self.push_live(node, *first..*first + *count, &mut stack);
                    stack[from..].reverse();
                }
            }
        }
        Ok(())
    }

    fn push_live<'v>(
        &self,
        node: &'v mut Value,
        ids: std::ops::Range<u32>,
        stack: &mut Vec<(&'v mut Value, u32)>,
    ) {
        let visit = |id: u32| self.visits.get(id as usize);
        let mut live = ids.filter(|id| visit(*id).is_some_and(|visit| visit.live)).peekable();
        let mut offer = |slot: usize, value: &'v mut Value| {
            if let Some(id) = live.next_if(|id| visit(*id).is_some_and(|visit| visit.slot as usize == slot)) {
                stack.push((value, id));
            }
        };
        match node {
            Value::Map(map) => {
                map.entries_mut()
                    .iter_mut()
                    .enumerate()
                    .for_each(|(slot, entry)| offer(slot, &mut entry.value));
            }
            Value::Seq(items) => {
                items.items_mut().iter_mut().enumerate().for_each(|(slot, item)| offer(slot, item));
            }
            Value::Scalar(_) => {}
        }
    }
}

fn entries(node: &Value) -> &[Entry] {
    node.as_map().map_or(&[], |map| map.entries())
}

/// Marks a visit and those above it; stops at the first that is marked, so all marks cost one pass.
fn enliven<S, E>(visits: &mut [Visit<S, E>], id: usize) {
    let mut id = id;
    while let Some(visit) = visits.get_mut(id).filter(|visit| !visit.live) {
        visit.live = true;
        id = visit.parent as usize;
    }
}
