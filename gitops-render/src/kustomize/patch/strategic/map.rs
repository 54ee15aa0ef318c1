//! Merging maps.

use super::tidy::{quote, wants_quotes};
use super::{Engine, Fault, Pair, Stands, Start, Walked};
use gitops_core::schema::TypeRef;
use gitops_core::value::{Entry, Key, Map, Place, ScalarKind, Style, Value};
use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

/// Maps with more keys than this are paired through an index.
const LARGE: usize = 24;

/// One key that needs work: its positions in the two maps.
#[derive(Clone, Copy)]
struct Step {
    dest: Option<usize>,
    origin: Option<usize>,
}

/// A map whose fields are being merged.
pub(super) struct MapFrame<'s> {
    /// The base's map, or the patch's where that is being added.
    dest: Map,
    origin: Option<Map>,
    stands: Stands,
    ty: Option<TypeRef<'s>>,
    typed: bool,
    steps: Vec<Step>,
    next: usize,
    /// New values by position, nothing for what goes.
    edits: Vec<(usize, Option<Value>)>,
    inserts: Vec<Entry>,
}

impl<'s> MapFrame<'s> {
    pub(super) fn merge(
        engine: &mut Engine<'s>,
        dest: &Map,
        origin: &Map,
        ty: Option<TypeRef<'s>>,
        typed: bool,
    ) -> Self {
        engine.note_keys(origin);
        let mut touched = vec![false; dest.len()];
        let mut steps = pair_keys(dest, origin, &mut touched);
        for (position, entry) in dest.entries().iter().enumerate() {
            if touched[position] {
                continue;
            }
            let tidy = match &entry.value {
                Value::Scalar(scalar) => !scalar.is_left_out() && !wants_quotes(scalar),
                child => engine.is_tidy(child, engine.field_type(ty, Some((dest, entry)), None), typed),
            };
            if !tidy && dest.position(entry.key.as_str()) == Some(position) {
                steps.push(Step { dest: Some(position), origin: None });
            }
        }
        let mut merged = dest.clone();
        if dest.is_empty() {
            merged.set_flow(origin.is_flow());
        }
        Self::new(merged, Some(origin.clone()), Stands::Dest, ty, typed, steps)
    }

    pub(super) fn add(
        engine: &mut Engine<'s>,
        map: Map,
        stands: Stands,
        ty: Option<TypeRef<'s>>,
        typed: bool,
    ) -> Self {
        engine.note_keys(&map);
        let steps = first_keys(&map).map(|position| Step { dest: Some(position), origin: None }).collect();
        Self::new(map, None, stands, ty, typed, steps)
    }

    pub(super) fn tidy(map: &Map, ty: Option<TypeRef<'s>>, typed: bool) -> Self {
        let steps = first_keys(map).map(|position| Step { dest: Some(position), origin: None }).collect();
        Self::new(map.clone(), None, Stands::Dest, ty, typed, steps)
    }

    fn new(
        dest: Map,
        origin: Option<Map>,
        stands: Stands,
        ty: Option<TypeRef<'s>>,
        typed: bool,
        mut steps: Vec<Step>,
    ) -> Self {
        // Fields are visited in order of their names: it decides which of several errors is reported.
        let name = |step: &Step| key_of(step, &dest, origin.as_ref());
        steps.sort_by(|a, b| name(a).cmp(name(b)));
        Self { dest, origin, stands, ty, typed, steps, next: 0, edits: Vec::new(), inserts: Vec::new() }
    }

    pub(super) fn advance(&mut self, engine: &mut Engine<'s>) -> Result<Option<Start<'s>>, Fault> {
        while let Some(step) = self.steps.get(self.next).copied() {
            let dest = step.dest.and_then(|position| self.dest.entries().get(position));
            let origin = step.origin.and_then(|position| self.origin.as_ref()?.entries().get(position));
            let added = self.stands != Stands::Dest;
            let ty = engine.field_type(
                self.ty,
                dest.map(|entry| (&self.dest, entry)),
                self.origin.as_ref().zip(origin),
            );
            let value = |entry: Option<&Entry>| entry.map(|entry| entry.value.clone());
            let (dest, origin) = (value(dest), value(origin));
            let pair = Pair {
                dest: dest.as_ref(),
                origin: if added { dest.as_ref() } else { origin.as_ref() },
                added: added && dest.as_ref().is_some_and(|dest| !dest.is_null()),
                ty,
                typed: self.typed,
                untidy: origin.is_none(),
            };
            let noted = engine.noted();
            let start = engine.start(pair)?;
            engine.put_below(noted, self.segment().as_deref());
            match start {
                Start::Done(walked) => self.receive(walked),
                enter @ Start::Enter(_) => return Ok(Some(enter)),
            }
        }
        Ok(None)
    }

    /// Takes what became of the field that was asked for.
    pub(super) fn receive(&mut self, walked: Walked) {
        let Some(step) = self.steps.get(self.next).copied() else { return };
        self.next += 1;
        match (step.dest, walked) {
            (None, Walked::Gone | Walked::Same) => {}
            (Some(position), Walked::Gone) => self.edits.push((position, None)),
            (Some(position), Walked::Same) => {
                let old = self.dest.entries().get(position).map(|entry| &entry.value);
                if let Some(Value::Scalar(scalar)) = old
                    && wants_quotes(scalar)
                {
                    let mut quoted = scalar.clone();
                    quote(&mut quoted);
                    self.edits.push((position, Some(Value::Scalar(quoted))));
                }
            }
            (Some(position), Walked::Dest(value)) => self.edits.push((position, Some(value))),
            (Some(position), Walked::Origin(value)) => {
                let old = self.dest.entries().get(position).map(|entry| &entry.value);
                if let Some(value) = in_place_of(old, value) {
                    self.edits.push((position, Some(value)));
                }
            }
            (None, Walked::Dest(mut value) | Walked::Origin(mut value)) => {
                if let Value::Scalar(scalar) = &mut value
                    && wants_quotes(scalar)
                {
                    quote(scalar);
                }
                let key = step.origin.and_then(|position| self.origin.as_ref()?.entries().get(position));
                if let Some(entry) = key {
                    // An offset counts in the source of the map that holds the key.
                    self.inserts.push(Entry { key: entry.key.clone().at(0), value });
                }
            }
        }
    }

    pub(super) fn finish(&mut self) -> Walked {
        let mut dest = std::mem::take(&mut self.dest);
        let (edits, inserts) = (std::mem::take(&mut self.edits), std::mem::take(&mut self.inserts));
        let changed = !edits.is_empty() || !inserts.is_empty();
        if inserts.is_empty() && edits.iter().all(|(_, value)| value.is_some()) {
            if changed {
                let entries = dest.entries_mut();
                for (position, value) in edits {
                    if let (Some(entry), Some(value)) = (entries.get_mut(position), value) {
                        entry.value = value;
                    }
                }
            }
        } else {
            let mut gone = vec![false; dest.len()];
            dest.edit(|entries| {
                for (position, value) in edits {
                    match (entries.get_mut(position), value) {
                        (Some(entry), Some(value)) => entry.value = value,
                        (Some(_), None) => gone[position] = true,
                        (None, _) => {}
                    }
                }
                let mut position = 0;
                entries.retain(|_| {
                    position += 1;
                    !gone[position - 1]
                });
                entries.extend(inserts);
            });
        }
        self.stands.walked(changed, Value::Map(dest))
    }

    /// The key that is being merged.
    pub(super) fn segment(&self) -> Option<Cow<'_, str>> {
        let step = self.steps.get(self.next)?;
        Some(Cow::Borrowed(key_of(step, &self.dest, self.origin.as_ref())))
    }
}

impl<'s> Engine<'s> {
    /// The type of a field: from a comment beside it, else from the map's type.
    pub(super) fn field_type(
        &self,
        ty: Option<TypeRef<'s>>,
        dest: Option<(&Map, &Entry)>,
        origin: Option<(&Map, &Entry)>,
    ) -> Option<TypeRef<'s>> {
        if let Some(comments) = self.options.comments {
            for (map, entry) in [dest, origin].into_iter().flatten() {
                let key = Place::new(map.place().source, entry.key.offset());
                if let Some(ty) = comments(entry.value.place()).or_else(|| comments(key)) {
                    return Some(ty);
                }
            }
        }
        let (_, entry) = dest.or(origin)?;
        ty?.field(entry.key.as_str())
    }
}

/// The patch's value where the base has one: its text and type, in the base's quotes; its elements, in brackets where
/// those of the base were. Nothing where that changes nothing.
///
/// A number in quotes is written as text, but keeps its type: another text cannot take its place.
fn in_place_of(old: Option<&Value>, mut new: Value) -> Option<Value> {
    match (&mut new, old) {
        (Value::Map(new), Some(Value::Map(old))) if !old.is_empty() => new.set_flow(old.is_flow()),
        (Value::Seq(new), Some(Value::Seq(old))) if !old.is_empty() => new.set_flow(old.is_flow()),
        _ => {}
    }
    let Value::Scalar(scalar) = &mut new else { return Some(new) };
    let Some(Value::Scalar(old)) = old else { return Some(new) };
    let style = if old.kind() == ScalarKind::Null { Style::Plain } else { old.style() };
    scalar.set_style(style);
    // What is marked is written even where it is the same: others may have to follow.
    if scalar.kind() == old.kind() && scalar.text() == old.text() && !old.is_marked() {
        return None;
    }
    Some(new)
}

fn key_of<'a>(step: &Step, dest: &'a Map, origin: Option<&'a Map>) -> &'a str {
    let key = |map: &'a Map, position: usize| map.entries().get(position).map(|entry| entry.key.as_str());
    match (step.dest, step.origin) {
        (Some(position), _) => key(dest, position),
        (None, Some(position)) => origin.and_then(|origin| key(origin, position)),
        (None, None) => None,
    }
    .unwrap_or_default()
}

/// Positions of keys whose text did not occur before.
fn first_keys(map: &Map) -> impl Iterator<Item = usize> + '_ {
    let mut seen: HashSet<&str> = HashSet::new();
    let large = map.len() > LARGE;
    map.keys().enumerate().filter_map(move |(position, key)| {
        let first = if large {
            seen.insert(key.as_str())
        } else {
            !map.keys().take(position).any(|other| same(other, key))
        };
        first.then_some(position)
    })
}

/// One step for each key of the patch; marks what it touches in the base.
fn pair_keys(dest: &Map, origin: &Map, touched: &mut [bool]) -> Vec<Step> {
    let index: Option<HashMap<&str, usize>> = (dest.len() > LARGE && origin.len() > 1)
        .then(|| dest.keys().enumerate().rev().map(|(position, key)| (key.as_str(), position)).collect());
    let mut steps = Vec::with_capacity(origin.len());
    for position in first_keys(origin) {
        let Some(entry) = origin.entries().get(position) else { continue };
        let found = match &index {
            Some(index) => index.get(entry.key.as_str()).copied(),
            None => dest.keys().position(|other| same(other, &entry.key)),
        };
        if let Some(touched) = found.and_then(|found| touched.get_mut(found)) {
            *touched = true;
        }
        steps.push(Step { dest: found, origin: Some(position) });
    }
    steps
}

/// Keys pair by their text, whatever their type.
fn same(a: &Key, b: &Key) -> bool {
    a == b || a.as_str() == b.as_str()
}
