//! Facts about a merge that its author may not expect.

use super::directive::{literal_directives, literal_patch};
use super::list::{Keys, key_text};
use super::{Engine, Frame, Pair};
use gitops_core::value::{Map, Place, Seq, Value};
use std::collections::{HashMap, HashSet};

/// What happened.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[non_exhaustive]
pub enum NoteKind {
    /// A list was replaced because the object's type is not known, and lost something that merging by names would
    /// have kept; at the patch's list.
    ListReplaced,
    /// An element of a merge list lacks its key, so elements are lost; at the element.
    MissingMergeKey,
    /// An element of a patch did not make it into the list; at the element.
    ItemLost,
    /// A directive that kustomize does not know stays as an ordinary key; at its value.
    LiteralDirective,
    /// `$patch: replace` on an element of a keyed list or on the object did nothing; at the element.
    ReplaceWithoutEffect,
    /// A key occurs twice in a map of the patch and the first one counts; at the second one's value.
    DuplicateKey,
    /// An element's key occurs twice in a list of the patch and the first one counts; at the second one.
    DuplicateItem,
    /// A null or `$patch: delete` for what is not there; at the null or the element.
    RemovesNothing,
    /// A key with an empty value vanished from the base; at the empty value, in the base.
    EmptyDropped,
}

/// One fact.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Note {
    /// What happened.
    pub kind: NoteKind,
    /// Where, in the patch unless the kind says otherwise.
    pub place: Place,
    /// Path of the field, as `spec.template.spec.containers.[name=web].image`.
    pub field: String,
}

impl Engine<'_> {
    /// The number of notes so far; [`Self::put_below`] and [`Self::put_under`] complete the paths of later ones.
    pub(super) fn noted(&self) -> usize {
        self.notes.as_ref().map_or(0, Vec::len)
    }

    fn fresh(&mut self, noted: usize) -> &mut [Note] {
        self.notes.as_mut().and_then(|notes| notes.get_mut(noted..)).unwrap_or_default()
    }

    /// Puts notes below a field of the frame that they came from.
    pub(super) fn put_below(&mut self, noted: usize, segment: Option<&str>) {
        for note in self.fresh(noted) {
            segment.unwrap_or_default().clone_into(&mut note.field);
        }
    }

    /// Puts notes under the frame at the top of the stack.
    pub(super) fn put_under(&mut self, noted: usize, stack: &[Frame<'_>]) {
        let fresh = self.fresh(noted);
        let Some((_, above)) = stack.split_last().filter(|_| !fresh.is_empty()) else { return };
        let mut prefix = path(above);
        if !prefix.is_empty() {
            prefix.push('.');
        }
        for note in fresh {
            note.field.insert_str(0, &prefix);
            note.field.truncate(note.field.trim_end_matches('.').len());
        }
    }

    pub(super) fn note(&mut self, kind: NoteKind, place: Place) {
        if let Some(notes) = &mut self.notes {
            notes.push(Note { kind, place, field: String::new() });
        }
    }

    pub(super) fn note_removes_nothing(&mut self, node: &Value, pair: Pair<'_, '_>) {
        if pair.dest.is_none() && !pair.added {
            self.note(NoteKind::RemovesNothing, node.place());
        }
    }

    pub(super) fn note_replaced(&mut self, dest: &Seq, origin: &Seq, typed: bool) {
        if self.notes.is_none() {
            return;
        }
        if !typed && loses_named(dest, origin) {
            self.note(NoteKind::ListReplaced, origin.place());
        }
        self.note_literal_directives(&Value::Seq(origin.clone()));
    }

    /// Notes directives in what is taken over as it stands.
    pub(super) fn note_literal_directives(&mut self, value: &Value) {
        if self.notes.is_none() {
            return;
        }
        let mut pending = vec![value];
        while let Some(value) = pending.pop() {
            match value {
                Value::Scalar(_) => {}
                Value::Seq(list) => pending.extend(list.iter()),
                Value::Map(map) => {
                    let places: Vec<Place> = literal_directives(map).chain(literal_patch(map)).collect();
                    for place in places {
                        self.note(NoteKind::LiteralDirective, place);
                    }
                    pending.extend(map.values());
                }
            }
        }
    }

    /// Notes elements without merge keys and elements of a patch that hide behind equal ones.
    pub(super) fn note_items(&mut self, dest: &Seq, origin: Option<&Seq>, keys: Keys<'_>) {
        if self.notes.is_none() || keys.is_empty() {
            return;
        }
        let keyless = |item: &&Value| keys.iter().all(|key| item.get(key).map_or("", key_text).is_empty());
        let both = [origin, Some(dest)];
        let places: Vec<Place> =
            both.into_iter().flatten().flat_map(Seq::iter).filter(keyless).map(Value::place).collect();
        for place in places {
            self.note(NoteKind::MissingMergeKey, place);
        }
        let mut seen = HashSet::new();
        for item in origin.into_iter().flatten().filter(|item| !keyless(item)) {
            let texts: Vec<&str> = keys.iter().map(|key| item.get(key).map_or("", key_text)).collect();
            if !seen.insert(texts) {
                self.note(NoteKind::DuplicateItem, item.place());
            }
        }
    }

    /// Notes what is odd about the keys of one map of the patch.
    pub(super) fn note_keys(&mut self, map: &Map) {
        if self.notes.is_none() {
            return;
        }
        let places: Vec<Place> = literal_directives(map).chain(literal_patch(map)).collect();
        for place in places {
            self.note(NoteKind::LiteralDirective, place);
        }
        let mut seen = HashSet::new();
        for (key, value) in map.iter() {
            if !seen.insert(key.as_str()) {
                self.note(NoteKind::DuplicateKey, value.place());
            }
        }
    }
}

/// Whether a list that takes the place of another one lacks a named element of it, or a field of such an element.
fn loses_named(dest: &Seq, origin: &Seq) -> bool {
    fn names(list: &Seq) -> Option<Vec<(&str, &Map)>> {
        list.iter().map(|item| Some((item.get("name")?.as_text()?, item.as_map()?))).collect()
    }
    let (Some(old), Some(new)) = (names(dest), names(origin)) else { return false };
    let new: HashMap<&str, &Map> = new.into_iter().collect();
    !new.is_empty()
        && old.iter().any(|(name, old)| {
            new.get(name).is_none_or(|new| old.keys().any(|key| !new.contains_key(key.as_str())))
        })
}

/// The path that the frames stand at.
pub(super) fn path(stack: &[Frame<'_>]) -> String {
    let mut path = String::new();
    for frame in stack {
        let segment = match frame {
            Frame::Map(map) => map.segment(),
            Frame::List(list) => list.segment(),
        };
        if let Some(segment) = segment {
            if !path.is_empty() {
                path.push('.');
            }
            path.push_str(&segment);
        }
    }
    path
}
