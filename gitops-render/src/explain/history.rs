//! The past of a field: the states of an object side by side, followed from the root down.

use super::elements::Keys;
use crate::kustomize::explain::Step;
use gitops_core::field_path::Step as PathStep;
use gitops_core::schema::TypeRef;
use gitops_core::value::{Map, Place, Seq, Value};
use smol_str::SmolStr;
use std::collections::{HashMap, HashSet};

/// The states in which a node stayed as it was.
#[derive(Clone, Copy)]
struct Run<'a> {
    /// The first of these states; state `n` is the one before step `n`.
    state: usize,
    /// The node; nothing while it was not there.
    node: Option<&'a Value>,
}

/// One node through all states.
#[derive(Clone)]
pub(super) struct Column<'a> {
    runs: Vec<Run<'a>>,
    schema: Option<TypeRef<'a>>,
    /// Where the node, or the nearest one above it that has a place, was read.
    read: Place,
}

/// What happened to a node in one step, or how it began.
pub(super) struct Event<'a> {
    /// The step; nothing for what was read.
    pub(super) step: Option<&'a Step>,
    pub(super) before: Option<&'a Value>,
    pub(super) after: Option<&'a Value>,
    /// Where the new value is written.
    pub(super) written: Place,
}

/// A node with the step that leads to it.
pub(super) struct Child<'a> {
    pub(super) step: PathStep,
    pub(super) column: Column<'a>,
}

impl<'a> Column<'a> {
    /// The object as a whole. A null as a state before a step means that the object was not there.
    pub(super) fn root(steps: &'a [Step], value: &'a Value, schema: Option<TypeRef<'a>>) -> Self {
        let before = steps.iter().map(|step| Some(&step.before).filter(|before| !before.is_null()));
        let nodes: Vec<Option<&Value>> = before.chain([Some(value)]).collect();
        let runs = nodes.into_iter().enumerate().map(|(state, node)| Run { state, node });
        Self::of(runs, schema, Place::NONE)
    }

    fn of(runs: impl IntoIterator<Item = Run<'a>>, schema: Option<TypeRef<'a>>, above: Place) -> Self {
        let mut distinct: Vec<Run<'a>> = Vec::new();
        for run in runs {
            push_distinct(&mut distinct, run);
        }
        let first = distinct.first().filter(|run| run.state == 0).and_then(|run| run.node);
        let read = first.map(Value::place).filter(|place| !place.is_none()).unwrap_or(above);
        Self { runs: distinct, schema, read }
    }

    /// The node in the end.
    pub(super) fn last(&self) -> Option<&'a Value> {
        self.runs.last().and_then(|run| run.node)
    }

    /// Whether the node was there in any state.
    pub(super) fn ever(&self) -> bool {
        self.runs.iter().any(|run| run.node.is_some())
    }

    /// The latest state in which this was a list or a map.
    fn container(&self) -> Option<&'a Value> {
        self.runs.iter().rev().filter_map(|run| run.node).find(|node| !matches!(node, Value::Scalar(_)))
    }

    /// The node under a key or at an index of whatever the node is, or was.
    pub(super) fn child(&self, step: &PathStep) -> Option<Child<'a>> {
        let child = match (step, self.container()?) {
            (PathStep::Key(key), Value::Map(_)) => self.field(key),
            (_, Value::Seq(_)) => self.element(step)?,
            _ => return None,
        };
        Some(child).filter(|child| child.column.ever())
    }

    /// The node under a token of a JSON pointer.
    pub(super) fn child_by_token(&self, token: &SmolStr) -> Option<Child<'a>> {
        match self.container()? {
            Value::Seq(_) => self.child(&PathStep::Index(token.parse().ok()?)),
            _ => self.child(&PathStep::Key(token.clone())),
        }
    }

    fn field(&self, key: &SmolStr) -> Child<'a> {
        let runs = self.runs.iter().map(|run| Run { node: run.node.and_then(|node| node.get(key)), ..*run });
        Child {
            step: PathStep::Key(key.clone()),
            column: self.below(runs, self.schema.and_then(|schema| schema.field(key))),
        }
    }

    fn below(&self, runs: impl IntoIterator<Item = Run<'a>>, schema: Option<TypeRef<'a>>) -> Self {
        Self::of(runs, schema, self.read)
    }

    /// Everything below, in the order of the end; what is gone comes last.
    pub(super) fn children(&self) -> Vec<Child<'a>> {
        match self.container() {
            Some(Value::Map(_)) => self.fields(),
            Some(Value::Seq(_)) => self.elements(),
            _ => Vec::new(),
        }
    }

    fn fields(&self) -> Vec<Child<'a>> {
        let mut index: HashMap<&str, usize> = HashMap::new();
        let mut fields: Vec<(&str, Thread<'a>)> = Vec::new();
        let entries = |run: &Run<'a>| run.node.and_then(Value::as_map).map(Map::entries).unwrap_or_default();
        // The last map comes first for its order.
        for entry in self.runs.last().map(entries).unwrap_or_default() {
            index.entry(entry.key.as_str()).or_insert_with(|| {
                fields.push((entry.key.as_str(), Thread::default()));
                fields.len() - 1
            });
        }
        for (position, run) in self.runs.iter().enumerate() {
            for entry in entries(run) {
                let key = entry.key.as_str();
                let field = *index.entry(key).or_insert_with(|| {
                    fields.push((key, Thread::default()));
                    fields.len() - 1
                });
                if let Some((_, thread)) = fields.get_mut(field) {
                    thread.see(&self.runs, position, &entry.value);
                }
            }
        }
        let child = |(key, thread): (&str, Thread<'a>)| Child {
            step: PathStep::Key(key.into()),
            column: self.below(thread.end(&self.runs), self.schema.and_then(|schema| schema.field(key))),
        };
        fields.into_iter().map(child).collect()
    }

    fn element(&self, wanted: &PathStep) -> Option<Child<'a>> {
        let tracks = Tracks::of(&self.runs, self.schema);
        let track = tracks.find(wanted)?;
        let step = tracks.step(track, &mut HashMap::new());
        let runs = tracks.list.into_iter().nth(track)?.thread.end(&self.runs);
        Some(Child { step, column: self.below(runs, self.schema.and_then(TypeRef::items)) })
    }

    fn elements(&self) -> Vec<Child<'a>> {
        let tracks = Tracks::of(&self.runs, self.schema);
        let mut names = HashMap::new();
        let order = tracks.order();
        let steps: Vec<PathStep> = order.iter().map(|track| tracks.step(*track, &mut names)).collect();
        let mut runs: Vec<Vec<Run<'a>>> =
            tracks.list.into_iter().map(|track| track.thread.end(&self.runs)).collect();
        let mut take = |track: usize| runs.get_mut(track).map(std::mem::take).unwrap_or_default();
        let items = self.schema.and_then(TypeRef::items);
        order
            .into_iter()
            .zip(steps)
            .map(|(track, step)| Child { step, column: self.below(take(track), items) })
            .collect()
    }

    /// How the node began and every step that changed it, oldest first.
    pub(super) fn events(&self, steps: &'a [Step], places: &mut Places) -> Vec<Event<'a>> {
        let mut events: Vec<Event<'a>> = Vec::new();
        let mut now: Option<&'a Value> = None;
        for run in &self.runs {
            if now == run.node && run.state > 0 {
                continue;
            }
            let step = run.state.checked_sub(1).and_then(|index| steps.get(index));
            let written = match (run.node, step) {
                (None, None) => continue,
                (Some(_), None) => self.read,
                (Some(node), Some(step)) => places.written(node.place(), now, run.state, step),
                (None, Some(_)) => Place::NONE,
            };
            events.push(Event { step, before: now, after: run.node, written });
            now = run.node;
        }
        events
    }
}

/// The places that occur in each state, gathered when first asked for.
#[derive(Default)]
pub(super) struct Places {
    before: HashMap<usize, HashSet<Place>>,
}

impl Places {
    /// The place of a new node, unless the object had it before: then the step moved the node, or wrote another value
    /// into it.
    fn written(&mut self, place: Place, old: Option<&Value>, state: usize, step: &Step) -> Place {
        if place.is_none() || old.is_some_and(|old| old.place() == place) {
            return Place::NONE;
        }
        let before = self.before.entry(state).or_insert_with(|| places_of(&step.before));
        if before.contains(&place) { Place::NONE } else { place }
    }
}

fn places_of(root: &Value) -> HashSet<Place> {
    let mut places = HashSet::new();
    let mut pending = vec![root];
    while let Some(value) = pending.pop() {
        places.insert(value.place());
        match value {
            Value::Map(map) => pending.extend(map.values()),
            Value::Seq(seq) => pending.extend(seq),
            Value::Scalar(_) => {}
        }
    }
    places
}

/// A child gathered from one state of its parent after the other; costs nothing for states in which it stays.
#[derive(Default)]
struct Thread<'a> {
    runs: Vec<Run<'a>>,
    /// How many of the parent's runs are behind.
    passed: usize,
}

impl<'a> Thread<'a> {
    /// The child as it stands in the parent's run at `position`; the first of equal keys counts.
    fn see(&mut self, parent: &[Run<'a>], position: usize, node: &'a Value) {
        if self.passed > position {
            return;
        }
        self.miss(parent, position);
        if let Some(run) = parent.get(position) {
            push_distinct(&mut self.runs, Run { node: Some(node), ..*run });
        }
        self.passed = position + 1;
    }

    /// Notes that the child was not there in the runs up to `position`.
    fn miss(&mut self, parent: &[Run<'a>], position: usize) {
        if let Some(run) = parent.get(self.passed).filter(|_| self.passed < position) {
            push_distinct(&mut self.runs, Run { node: None, ..*run });
        }
    }

    fn end(mut self, parent: &[Run<'a>]) -> Vec<Run<'a>> {
        self.miss(parent, parent.len());
        self.runs
    }
}

/// Adds a run unless it goes on with the last one.
fn push_distinct<'a>(runs: &mut Vec<Run<'a>>, run: Run<'a>) {
    let same = runs.last().is_some_and(|last| match (last.node, run.node) {
        (None, None) => true,
        (Some(a), Some(b)) => a.ptr_eq(b),
        _ => false,
    });
    if !same {
        runs.push(run);
    }
}

/// The elements of a list through all its states.
struct Tracks<'a> {
    list: Vec<Track<'a>>,
    /// For each run the list and the tracks of its elements.
    runs: Vec<Option<(&'a Seq, Vec<usize>)>>,
    keys: Keys<'a>,
}

#[derive(Default)]
struct Track<'a> {
    thread: Thread<'a>,
    /// The last run in which the element was there, and its index then.
    seen: (usize, usize),
}

impl<'a> Tracks<'a> {
    fn of(runs: &[Run<'a>], schema: Option<TypeRef<'a>>) -> Self {
        let mut tracks = Self { list: Vec::new(), runs: Vec::new(), keys: Keys::of(schema) };
        for (position, run) in runs.iter().enumerate() {
            let Some(seq) = run.node.and_then(Value::as_seq) else {
                tracks.runs.push(None);
                continue;
            };
            let assigned = tracks.assign(seq);
            for (index, (item, track)) in seq.iter().zip(&assigned).enumerate() {
                let Some(track) = tracks.list.get_mut(*track) else { continue };
                track.seen = (position, index);
                track.thread.see(runs, position, item);
            }
            tracks.runs.push(Some((seq, assigned)));
        }
        tracks
    }

    /// The tracks of a list's elements: those of the elements that they were in the run before, else new ones.
    fn assign(&mut self, seq: &'a Seq) -> Vec<usize> {
        let previous = self.runs.last().and_then(Option::as_ref);
        let known: Vec<Option<usize>> = match previous {
            None => vec![None; seq.len()],
            Some((before, assigned)) => {
                let matched = self.keys.matched(before, seq);
                matched.into_iter().map(|index| assigned.get(index?).copied()).collect()
            }
        };
        let new = |list: &mut Vec<Track<'a>>| {
            list.push(Track::default());
            list.len() - 1
        };
        known.into_iter().map(|track| track.unwrap_or_else(|| new(&mut self.list))).collect()
    }

    /// The track that a step means: in the last state that knows it.
    fn find(&self, step: &PathStep) -> Option<usize> {
        self.runs.iter().rev().flatten().find_map(|(seq, assigned)| {
            let index = match step {
                PathStep::Index(index) => Some(*index),
                PathStep::Key(key) => key.parse().ok(),
                PathStep::Where { key, text } => {
                    seq.iter().position(|item| item.get(key).and_then(Value::as_text) == Some(text))
                }
                PathStep::End => None,
            };
            assigned.get(index?).copied()
        })
    }

    /// Tracks in the order of the last list, then those that are gone.
    fn order(&self) -> Vec<usize> {
        let mut order: Vec<usize> = self
            .runs
            .last()
            .and_then(Option::as_ref)
            .map(|(_, assigned)| assigned.clone())
            .unwrap_or_default();
        let alive: HashSet<usize> = order.iter().copied().collect();
        order.extend((0..self.list.len()).filter(|track| !alive.contains(track)));
        order
    }

    /// The step that leads to an element in the last list that held it.
    fn step(&self, track: usize, names: &mut HashMap<usize, Vec<PathStep>>) -> PathStep {
        let (run, index) = self.list.get(track).map(|track| track.seen).unwrap_or_default();
        let list = || self.runs.get(run).and_then(Option::as_ref).map(|(seq, _)| self.keys.steps(seq));
        let names = names.entry(run).or_insert_with(|| list().unwrap_or_default());
        names.get(index).cloned().unwrap_or(PathStep::Index(index))
    }
}
