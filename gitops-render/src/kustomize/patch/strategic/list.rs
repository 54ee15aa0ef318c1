//! Merging lists whose elements have keys.
//!
//! Nearly all lists are regular: every element has every key that any element has. Their result has a closed form,
//! computed here with an index. Others go through [`Simulation`].

use super::simulate::Simulation;
use super::{Engine, Fault, Growth, NoteKind, Pair, Stands, Start, Walked};
use gitops_core::schema::TypeRef;
use gitops_core::value::{ScalarKind, Seq, Value};
use std::borrow::Cow;
use std::collections::HashMap;

/// The names of a list's merge keys; none for a list of scalars.
pub(super) type Keys<'s> = &'s [Cow<'static, str>];

/// A list whose elements are being merged.
pub(super) struct ListFrame<'s> {
    plan: Plan,
    stands: Stands,
    /// The base's list, or the patch's where that is being added.
    dest: Seq,
    origin: Option<Seq>,
    keys: Keys<'s>,
    items: Option<TypeRef<'s>>,
    typed: bool,
}

enum Plan {
    Regular(Regular),
    Irregular(Simulation),
}

/// Elements paired by their keys.
#[derive(Default)]
struct Regular {
    pairs: Vec<ItemPair>,
    next: usize,
    /// What became of the pairs so far.
    walked: Vec<Walked>,
    /// Whether the keys are several, which changes where existing elements go.
    several_keys: bool,
}

#[derive(Clone, Copy)]
struct ItemPair {
    /// First element of the base with this key.
    first: Option<usize>,
    /// Last element of the base with this key.
    last: Option<usize>,
    origin: Option<usize>,
}

impl<'s> ListFrame<'s> {
    pub(super) fn merge(
        engine: &mut Engine<'s>,
        dest: &Seq,
        origin: Option<&Seq>,
        keys: Keys<'s>,
        ty: Option<TypeRef<'s>>,
        typed: bool,
    ) -> Result<Self, Fault> {
        Self::new(engine, dest, origin, Stands::Dest, keys, ty, typed)
    }

    pub(super) fn add(
        engine: &mut Engine<'s>,
        list: &Seq,
        stands: Stands,
        keys: Keys<'s>,
        ty: Option<TypeRef<'s>>,
        typed: bool,
    ) -> Result<Self, Fault> {
        Self::new(engine, list, None, stands, keys, ty, typed)
    }

    fn new(
        engine: &mut Engine<'s>,
        dest: &Seq,
        origin: Option<&Seq>,
        stands: Stands,
        keys: Keys<'s>,
        ty: Option<TypeRef<'s>>,
        typed: bool,
    ) -> Result<Self, Fault> {
        let both = [Some(dest), origin];
        let used = used_keys(&both.into_iter().flatten().flat_map(Seq::iter), keys);
        let growth = engine.options.growth;
        let plan = match Regular::plan(dest, origin, &used, keys.is_empty(), growth) {
            Some(regular) => Plan::Regular(regular),
            None => Plan::Irregular(Simulation::new(dest, origin, stands != Stands::Dest, keys, growth)?),
        };
        engine.note_items(dest, origin, keys);
        let items = ty.and_then(TypeRef::items);
        Ok(Self { plan, stands, dest: dest.clone(), origin: origin.cloned(), keys, items, typed })
    }

    pub(super) fn advance(&mut self, engine: &mut Engine<'s>) -> Result<Option<Start<'s>>, Fault> {
        loop {
            let (dest, origin) = match &self.plan {
                Plan::Regular(regular) => {
                    let Some(pair) = regular.pairs.get(regular.next) else { return Ok(None) };
                    let origin = pair.origin.and_then(|position| self.origin.as_ref()?.get(position));
                    (pair.first.and_then(|position| self.dest.get(position)).cloned(), origin.cloned())
                }
                Plan::Irregular(simulation) => match simulation.next_pair() {
                    Some((dest, origin)) => (dest.cloned(), origin.cloned()),
                    None => return Ok(None),
                },
            };
            let added = self.stands != Stands::Dest;
            let pair = Pair {
                dest: dest.as_ref(),
                origin: if added { dest.as_ref() } else { origin.as_ref() },
                added,
                ty: self.items,
                typed: self.typed,
                untidy: false,
            };
            let noted = engine.noted();
            let start = engine.start(pair)?;
            engine.put_below(noted, self.segment().as_deref());
            match start {
                Start::Done(walked) => self.receive(walked)?,
                enter @ Start::Enter(_) => return Ok(Some(enter)),
            }
        }
    }

    /// Takes what became of the pair that was asked for.
    pub(super) fn receive(&mut self, walked: Walked) -> Result<(), Fault> {
        match &mut self.plan {
            Plan::Regular(regular) => {
                regular.next += 1;
                regular.walked.push(walked);
                Ok(())
            }
            Plan::Irregular(simulation) => simulation.receive(walked),
        }
    }

    pub(super) fn finish(&mut self, engine: &mut Engine<'s>) -> Result<Walked, Fault> {
        let plan = std::mem::replace(&mut self.plan, Plan::Regular(Regular::default()));
        let items = match plan {
            Plan::Regular(regular) => {
                if self.stands == Stands::Dest {
                    regular.note_replaced(&self.dest, self.origin.as_ref(), engine);
                }
                regular.finish(&self.dest, self.stands, engine.options.growth)
            }
            Plan::Irregular(simulation) => {
                let (items, lost) = simulation.finish()?;
                for place in lost {
                    engine.note(NoteKind::ItemLost, place);
                }
                Some(items)
            }
        };
        let changed = items.is_some();
        let value = match items {
            Some(items) => {
                let mut merged = Seq::placed(items, self.dest.place());
                let styled = self.origin.as_ref().filter(|_| self.dest.is_empty()).unwrap_or(&self.dest);
                merged.set_flow(styled.is_flow());
                merged
            }
            None => self.dest.clone(),
        };
        Ok(self.stands.walked(changed, Value::Seq(value)))
    }

    /// The element that is being merged.
    pub(super) fn segment(&self) -> Option<Cow<'_, str>> {
        let value = match &self.plan {
            Plan::Regular(regular) => {
                let pair = regular.pairs.get(regular.next)?;
                match pair.origin {
                    Some(position) => self.origin.as_ref()?.get(position),
                    None => self.dest.get(pair.first?),
                }
            }
            Plan::Irregular(simulation) => {
                let (dest, origin) = simulation.next_pair()?;
                origin.or(dest)
            }
        }?;
        Some(Cow::Owned(match self.keys.first() {
            Some(key) => format!("[{key}={}]", value.get(key).and_then(Value::as_text).unwrap_or_default()),
            None => format!("[={}]", value.as_text().unwrap_or_default()),
        }))
    }
}

impl Regular {
    /// Pairs the elements; nothing where some element lacks one of the keys in use.
    fn plan(dest: &Seq, origin: Option<&Seq>, used: &[&str], scalars: bool, growth: Growth) -> Option<Self> {
        let texts = |list: &Seq| -> Option<Vec<String>> {
            list.iter().map(|item| identity(item, used, scalars).map(Cow::into_owned)).collect()
        };
        let dest_texts: Vec<String> = texts(dest)?;
        let origin_texts: Vec<String> = match origin {
            Some(origin) => texts(origin)?,
            None => Vec::new(),
        };
        let mut pairs: Vec<ItemPair> = Vec::with_capacity(dest_texts.len() + origin_texts.len());
        let mut index: HashMap<&str, usize> = HashMap::with_capacity(pairs.capacity());
        let order: [(&[String], bool); 2] = match growth {
            Growth::Prepend => [(&origin_texts, true), (&dest_texts, false)],
            Growth::Append => [(&dest_texts, false), (&origin_texts, true)],
        };
        for (texts, from_origin) in order {
            for (position, text) in texts.iter().enumerate() {
                let next = pairs.len();
                let slot = *index.entry(text).or_insert(next);
                if slot == next {
                    pairs.push(ItemPair { first: None, last: None, origin: None });
                }
                let Some(pair) = pairs.get_mut(slot) else { continue };
                if from_origin {
                    pair.origin.get_or_insert(position);
                } else {
                    pair.first.get_or_insert(position);
                    pair.last = Some(position);
                }
            }
        }
        // Appending keeps duplicates of the base apart.
        if growth == Growth::Append && pairs.iter().any(|pair| pair.first != pair.last) {
            return None;
        }
        let walked = Vec::with_capacity(pairs.len());
        Some(Self { pairs, next: 0, walked, several_keys: used.len() > 1 })
    }

    /// The elements of the result; nothing where it is the base's list.
    fn finish(self, dest: &Seq, stands: Stands, growth: Growth) -> Option<Vec<Value>> {
        let mut kept: Vec<(ItemPair, Option<Value>)> = Vec::with_capacity(self.pairs.len());
        for (pair, walked) in self.pairs.into_iter().zip(self.walked) {
            let element = |position: Option<usize>| position.and_then(|position| dest.get(position)).cloned();
            let value = match walked {
                Walked::Gone => continue,
                Walked::Same => element(pair.first),
                Walked::Dest(value) | Walked::Origin(value) if is_nothing(&value) => continue,
                // A replaced element gives way to the base's, which is put in last.
                Walked::Origin(_)
                    if growth == Growth::Prepend && pair.first.is_some() && stands == Stands::Dest =>
                {
                    element(pair.first)
                }
                Walked::Dest(value) | Walked::Origin(value) => Some(value),
            };
            // Of several the last one is put in last, as it stands.
            let value =
                if pair.last != pair.first && growth == Growth::Prepend { element(pair.last) } else { value };
            kept.push((pair, value));
        }
        if growth == Growth::Prepend && self.several_keys {
            kept.sort_by_key(|(pair, _)| pair.last.map_or(0, |last| last + 1));
        }
        let same = kept.len() == dest.len()
            && kept
                .iter()
                .zip(dest)
                .all(|((_, value), old)| value.as_ref().is_some_and(|value| value.ptr_eq(old)));
        if same { None } else { Some(kept.into_iter().filter_map(|(_, value)| value).collect()) }
    }

    /// Notes elements whose `$patch: replace` had no effect.
    fn note_replaced(&self, dest: &Seq, origin: Option<&Seq>, engine: &mut Engine<'_>) {
        if engine.notes.is_none() || engine.options.growth == Growth::Append {
            return;
        }
        for (pair, walked) in self.pairs.iter().zip(&self.walked) {
            let patched = pair.first.is_some_and(|first| dest.get(first).is_some_and(Value::is_map));
            let element = pair.origin.and_then(|position| origin?.get(position));
            if let (true, Walked::Origin(_), Some(element)) = (patched, walked, element) {
                engine.note(NoteKind::ReplaceWithoutEffect, element.place());
            }
        }
    }
}

/// Nulls and empty maps are no elements.
pub(super) fn is_nothing(value: &Value) -> bool {
    value.is_null() || value.as_map().is_some_and(gitops_core::Map::is_empty)
}

/// The keys that have a value in some element.
pub(super) fn used_keys<'v, 's>(
    items: &(impl Iterator<Item = &'v Value> + Clone),
    keys: Keys<'s>,
) -> Vec<&'s str> {
    let used = |key: &&str| items.clone().any(|item| !item.get(key).map_or("", key_text).is_empty());
    let mut found: Vec<&str> = keys.iter().map(|key| &**key).filter(used).collect();
    if found.is_empty() {
        found = keys.iter().map(|key| &**key).collect();
    }
    found
}

/// What counts as the value of a key: a scalar's text; nothing for nulls and containers.
pub(super) fn key_text(value: &Value) -> &str {
    match value {
        Value::Scalar(scalar) if scalar.kind() != ScalarKind::Null => scalar.text(),
        _ => "",
    }
}

/// Lists of up to this length are searched without an index.
const FEW: usize = 12;

/// Whether all elements have all keys in use, and none occurs twice.
pub(super) fn is_regular(list: &Seq, keys: Keys<'_>) -> bool {
    let used = used_keys(&list.iter(), keys);
    let identities = list.iter().map(|item| identity(item, &used, keys.is_empty()));
    let Some(identities) = identities.collect::<Option<Vec<_>>>() else { return false };
    if identities.len() <= FEW {
        return identities
            .iter()
            .enumerate()
            .all(|(n, text)| !identities.iter().take(n).any(|other| other == text));
    }
    let mut seen = std::collections::HashSet::with_capacity(identities.len());
    identities.iter().all(|text| seen.insert(text))
}

/// What an element of a regular list is known by.
fn identity<'v>(item: &'v Value, used: &[&str], scalars: bool) -> Option<Cow<'v, str>> {
    if scalars {
        let text = key_text(item);
        return (!text.is_empty()).then_some(Cow::Borrowed(text));
    }
    let map = item.as_map()?;
    let mut texts = used.iter().map(|key| map.get(key).map(key_text).filter(|text| !text.is_empty()));
    let first = texts.next()??;
    if used.len() == 1 {
        return Some(Cow::Borrowed(first));
    }
    let mut all = first.to_owned();
    for text in texts {
        all.push('\0');
        all.push_str(text?);
    }
    Some(Cow::Owned(all))
}
