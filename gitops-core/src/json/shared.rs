//! Keys and long texts that recur share their memory.

use crate::value::{Key, ScalarKind, Style};
use smol_str::SmolStr;
use xxhash_rust::xxh3::xxh3_64;

/// Slots for a text of so many bytes: few for a small object, so that they cost little beside it.
fn slots(length: usize) -> usize {
    (length / 16).next_power_of_two().clamp(32, 1024)
}

/// The keys that were read last, one for each small hash: a hit costs a comparison, a miss a look into the table of
/// common names and mostly an allocation.
pub(super) struct Keys {
    slots: Vec<Option<Key>>,
}

impl Keys {
    /// For a text of so many bytes.
    pub(super) fn new(length: usize) -> Self {
        Self { slots: vec![None; slots(length)] }
    }

    pub(super) fn key(&mut self, text: &str, offset: usize) -> Key {
        let at = slot(text.as_bytes()) & (self.slots.len() - 1);
        let slot = &mut self.slots[at];
        let key = match slot {
            Some(key) if key.as_str() == text => key.clone(),
            _ => slot.insert(Key::typed(text, ScalarKind::Str, Style::Double)).clone(),
        };
        key.at(offset as u32)
    }
}

/// The long texts that were read last, one for each hash. Custom resource definitions hold the descriptions of pods
/// once for each version and each place of a pod.
pub(super) struct Texts {
    slots: Vec<SmolStr>,
    length: usize,
}

impl Texts {
    /// Texts of so many bytes are stored inside a value.
    const INLINE: usize = 23;

    /// For a text of so many bytes.
    pub(super) fn new(length: usize) -> Self {
        Self { slots: Vec::new(), length }
    }

    pub(super) fn text(&mut self, text: &str) -> SmolStr {
        if text.len() <= Self::INLINE {
            return SmolStr::new(text);
        }
        if self.slots.is_empty() {
            self.slots.resize(slots(self.length), SmolStr::default());
        }
        let at = xxh3_64(text.as_bytes()) as usize & (self.slots.len() - 1);
        let slot = &mut self.slots[at];
        if slot != text {
            *slot = SmolStr::new(text);
        }
        slot.clone()
    }
}

/// Length and three bytes tell most names of fields apart.
fn slot(text: &[u8]) -> usize {
    let byte = |at: usize| usize::from(text.get(at).copied().unwrap_or_default());
    let last = text.len().wrapping_sub(1);
    let mixed = text.len().wrapping_mul(31) ^ byte(0).wrapping_mul(7) ^ byte(text.len() / 2).wrapping_mul(29);
    mixed ^ byte(last).wrapping_mul(113)
}
