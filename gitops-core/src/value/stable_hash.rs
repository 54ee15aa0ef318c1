//! A hash of what a value holds that is the same in every run and on every machine.
//!
//! Built bottom up from XXH3-128 (seed 0), numbers little-endian:
//!
//! * a scalar: the byte 1, its type ([`ScalarKind`] as a byte), its text; a null has no text;
//! * a sequence: the byte 2, the hashes of its items in order;
//! * a map: the byte 3, the hashes of its entries sorted as numbers, where an entry is the byte 4, the type and the text
//!   of its key, and the hash of its value.
//!
//! So equal values have equal hashes, whatever the order of keys, the styles and the places.

use super::{Entry, Key, Scalar, ScalarKind, Value};
use xxhash_rust::xxh3::xxh3_128;

impl Value {
    /// A hash that equal values share, in every run and on every machine; see the rules in the source of this module.
    ///
    /// Not cryptographic: where the values come from strangers who gain from a collision, compare them as well.
    /// Costs one visit of every node and the sorting of each map's entries.
    ///
    /// ```
    /// use gitops_core::json::from_str;
    /// let a = from_str(r#"{"a": [1, "x"], "b": null}"#).unwrap();
    /// let b = from_str(r#"{"b": null, "a": [1, "x"]}"#).unwrap();
    /// assert_eq!(a.stable_hash(), b.stable_hash());
    /// ```
    #[must_use]
    pub fn stable_hash(&self) -> u128 {
        let mut state = State::default();
        state.enter(self);
        while let Some(frame) = state.frames.last_mut() {
            match frame.next() {
                Some(child) => state.enter(child),
                None => state.leave(),
            }
        }
        state.done.pop().unwrap_or_default()
    }
}

/// A container whose children are being hashed.
struct Frame<'v> {
    children: Children<'v>,
    begun: usize,
    /// Where the hashes of its children begin.
    start: usize,
}

enum Children<'v> {
    Seq(&'v [Value]),
    Map(&'v [Entry]),
}

impl<'v> Frame<'v> {
    fn next(&mut self) -> Option<&'v Value> {
        let at = self.begun;
        self.begun += 1;
        match self.children {
            Children::Seq(items) => items.get(at),
            Children::Map(entries) => entries.get(at).map(|entry| &entry.value),
        }
    }
}

#[derive(Default)]
struct State<'v> {
    frames: Vec<Frame<'v>>,
    /// Hashes that wait for their container to end.
    done: Vec<u128>,
    bytes: Vec<u8>,
}

impl<'v> State<'v> {
    fn enter(&mut self, value: &'v Value) {
        let start = self.done.len();
        let children = match value {
            Value::Scalar(scalar) => {
                let hash = self.scalar(scalar);
                self.done.push(hash);
                return;
            }
            Value::Seq(seq) => Children::Seq(seq.items()),
            Value::Map(map) => Children::Map(map.entries()),
        };
        self.frames.push(Frame { children, begun: 0, start });
    }

    fn leave(&mut self) {
        let Some(frame) = self.frames.pop() else { return };
        let tag = match frame.children {
            Children::Seq(_) => 2,
            Children::Map(entries) => {
                for (at, entry) in entries.iter().enumerate() {
                    let value = self.done[frame.start + at];
                    self.done[frame.start + at] = self.entry(&entry.key, value);
                }
                self.done[frame.start..].sort_unstable();
                3
            }
        };
        self.bytes.clear();
        self.bytes.push(tag);
        self.bytes.extend(self.done[frame.start..].iter().flat_map(|hash| hash.to_le_bytes()));
        self.done.truncate(frame.start);
        self.done.push(xxh3_128(&self.bytes));
    }

    fn scalar(&mut self, scalar: &Scalar) -> u128 {
        let text = if scalar.kind() == ScalarKind::Null { "" } else { scalar.text() };
        self.bytes.clear();
        self.bytes.extend_from_slice(&[1, scalar.kind() as u8]);
        self.bytes.extend_from_slice(text.as_bytes());
        xxh3_128(&self.bytes)
    }

    fn entry(&mut self, key: &Key, value: u128) -> u128 {
        self.bytes.clear();
        self.bytes.extend_from_slice(&[4, key.kind() as u8]);
        self.bytes.extend_from_slice(key.as_str().as_bytes());
        self.bytes.extend_from_slice(&value.to_le_bytes());
        xxh3_128(&self.bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::from_str;
    use crate::value::{Seq, Style};

    #[test]
    fn hashes_are_fixed() {
        // Stored hashes must stay valid: a change here is a change of format.
        let value =
            from_str(r#"{"kind":"Pod","spec":{"n":1,"list":[true,null,"x",1.5]},"empty":[{},[]]}"#).unwrap();
        assert_eq!(format!("{:032x}", value.stable_hash()), "726aeaead733aa0f270096afa608bdfd");
    }

    #[test]
    fn what_differs_hashes_differently() {
        let texts = [
            "null",
            "true",
            "1",
            "1.0",
            "\"1\"",
            "\"\"",
            "[]",
            "{}",
            "[[]]",
            "[{}]",
            "[1,2]",
            "[2,1]",
            "[[1],2]",
            "{\"a\":1}",
            "{\"b\":1}",
            "{\"a\":\"1\"}",
            "{\"a\":{\"b\":1}}",
            "{\"a\":1,\"b\":2}",
            "{\"a\":2,\"b\":1}",
            "{\"a\":1,\"a\":1}",
        ];
        let hashes: std::collections::BTreeSet<_> =
            texts.map(|text| from_str(text).unwrap().stable_hash()).into();
        assert_eq!(hashes.len(), texts.len());
    }

    #[test]
    fn order_style_and_place_do_not_count() {
        let a = from_str(r#"{"a":1,"b":{"c":"x","d":null}}"#).unwrap();
        let b = from_str(r#"   {"b":{"d":null,"c":"x"},"a":1}"#).unwrap();
        assert_eq!((a == b, a.stable_hash()), (true, b.stable_hash()));
        let single = Value::from(Scalar::new(ScalarKind::Str, "x", Style::Single));
        assert_eq!(single.stable_hash(), Value::from("x").stable_hash());
        assert_eq!(
            Value::from(Scalar::new(ScalarKind::Null, "~", Style::Plain)).stable_hash(),
            Value::null().stable_hash()
        );
    }

    #[test]
    fn depth_costs_no_stack() {
        let deep = (0..100_000).fold(Value::null(), |inner, _| Value::from(Seq::from_iter([inner])));
        assert_ne!(deep.stable_hash(), Value::null().stable_hash());
    }
}
