//! JSON merge patch (RFC 7396).

use super::{Entry, Key, Map, Value};
use std::collections::HashMap;

impl Value {
    /// Applies a JSON merge patch: maps merge key by key, null takes a key away, anything else replaces.
    ///
    /// Merged maps keep their order and place; new keys come at the end. Keys are the same when their text is. What
    /// the patch does not name stays shared with copies of this value. Costs the patch's size plus the number of
    /// keys of each map on its way.
    ///
    /// ```
    /// use gitops_core::value::{Map, Value};
    /// let map = |pairs: &[(&str, i32)]| Map::from_iter(pairs.iter().map(|&(k, v)| (k, Value::from(v))));
    /// let mut value = Value::from(map(&[("a", 1), ("b", 2)]));
    /// let mut patch = map(&[("b", 3), ("c", 4)]);
    /// patch.insert("a", Value::null());
    /// value.merge_patch(&patch.into());
    /// assert_eq!(value, Value::from(map(&[("b", 3), ("c", 4)])));
    /// ```
    pub fn merge_patch(&mut self, patch: &Self) {
        let Self::Map(patch) = patch else {
            *self = patch.clone();
            return;
        };
        let mut open = vec![Merge::new(std::mem::take(self), patch)];
        while let Some(merge) = open.last_mut() {
            if let Some((target, patch)) = merge.advance() {
                open.push(Merge::new(target, patch));
                continue;
            }
            let Some(done) = open.pop().map(Merge::finish) else { break };
            match open.last_mut() {
                Some(parent) => parent.put_back(done),
                None => *self = done,
            }
        }
    }
}

/// One map while it is merged; those above wait on the stack.
struct Merge<'a> {
    /// The map itself, for its place; its entries are taken out.
    target: Map,
    /// `None` where an entry was taken away.
    entries: Vec<Option<Entry>>,
    /// Positions by key, for maps that are too long to be searched for each key of the patch.
    index: Option<HashMap<Key, usize>>,
    rest: std::slice::Iter<'a, Entry>,
    /// Position of the entry whose value is being merged.
    below: usize,
}

impl<'a> Merge<'a> {
    fn new(target: Value, patch: &'a Map) -> Self {
        const LONG: usize = 32;
        // What is no map counts as an empty one.
        let target = if let Value::Map(map) = target { map } else { Map::new() };
        let place = target.place();
        let entries: Vec<_> = target.into_entries().into_iter().map(Some).collect();
        let index = (entries.len() > LONG || patch.len() > LONG).then(|| {
            // From the end, so that the first of several equal keys remains.
            let keys = entries.iter().enumerate().rev();
            keys.filter_map(|(i, entry)| entry.as_ref().map(|entry| (by_text(&entry.key), i))).collect()
        });
        Self {
            target: Map::placed(Vec::new(), place),
            entries,
            index,
            rest: patch.entries().iter(),
            below: 0,
        }
    }

    /// Applies entries of the patch up to one that must be merged below, and gives that one.
    fn advance(&mut self) -> Option<(Value, &'a Map)> {
        while let Some(Entry { key, value }) = self.rest.next() {
            let position = self.position(key);
            match (value, position) {
                (value, Some(position)) if value.is_null() => self.entries[position] = None,
                (value, None) if value.is_null() => {}
                (Value::Map(patch), position) => {
                    self.below = position.unwrap_or_else(|| self.push(key));
                    let slot = self.entries[self.below].as_mut()?;
                    return Some((std::mem::take(&mut slot.value), patch));
                }
                (value, position) => {
                    let position = position.unwrap_or_else(|| self.push(key));
                    if let Some(entry) = &mut self.entries[position] {
                        entry.value = value.clone();
                    }
                }
            }
        }
        None
    }

    fn put_back(&mut self, value: Value) {
        if let Some(Some(entry)) = self.entries.get_mut(self.below) {
            entry.value = value;
        }
    }

    fn finish(mut self) -> Value {
        let place = self.target.place();
        self.target = Map::placed(self.entries.into_iter().flatten().collect(), place);
        Value::Map(self.target)
    }

    fn position(&self, key: &Key) -> Option<usize> {
        let found = match &self.index {
            Some(index) => index.get(&by_text(key)).copied(),
            None => self
                .entries
                .iter()
                .position(|entry| entry.as_ref().is_some_and(|entry| entry.key.as_str() == key.as_str())),
        };
        found.filter(|&position| self.entries[position].is_some())
    }

    fn push(&mut self, key: &Key) -> usize {
        let position = self.entries.len();
        self.entries.push(Some(Entry { key: key.clone(), value: Value::null() }));
        if let Some(index) = &mut self.index {
            index.insert(by_text(key), position);
        }
        position
    }
}

/// The key as a string, whatever its type.
fn by_text(key: &Key) -> Key {
    if key.is(key.as_str()) { key.clone() } else { Key::new(key.as_str()) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::Seq;
    use proptest::prelude::*;

    fn value(json: &serde_json::Value) -> Value {
        match json {
            serde_json::Value::Null => Value::null(),
            serde_json::Value::Bool(bool) => Value::from(*bool),
            serde_json::Value::Number(number) => Value::from(number.as_i64().unwrap()),
            serde_json::Value::String(text) => Value::from(text.as_str()),
            serde_json::Value::Array(items) => Value::from(items.iter().map(value).collect::<Seq>()),
            serde_json::Value::Object(map) => {
                Value::from(map.iter().map(|(key, json)| (key, value(json))).collect::<Map>())
            }
        }
    }

    fn json(text: &str) -> serde_json::Value {
        serde_json::from_str(text).unwrap()
    }

    /// The table of RFC 7396, appendix A, and a few more.
    #[test]
    fn examples_of_the_rfc() {
        for (target, patch, expected) in [
            (r#"{"a":"b"}"#, r#"{"a":"c"}"#, r#"{"a":"c"}"#),
            (r#"{"a":"b"}"#, r#"{"b":"c"}"#, r#"{"a":"b","b":"c"}"#),
            (r#"{"a":"b"}"#, r#"{"a":null}"#, r"{}"),
            (r#"{"a":"b","b":"c"}"#, r#"{"a":null}"#, r#"{"b":"c"}"#),
            (r#"{"a":["b"]}"#, r#"{"a":"c"}"#, r#"{"a":"c"}"#),
            (r#"{"a":"c"}"#, r#"{"a":["b"]}"#, r#"{"a":["b"]}"#),
            (r#"{"a":{"b":"c"}}"#, r#"{"a":{"b":"d","c":null}}"#, r#"{"a":{"b":"d"}}"#),
            (r#"{"a":[{"b":"c"}]}"#, r#"{"a":[1]}"#, r#"{"a":[1]}"#),
            (r#"["a","b"]"#, r#"["c","d"]"#, r#"["c","d"]"#),
            (r#"{"a":"b"}"#, r#"["c"]"#, r#"["c"]"#),
            (r#"{"a":"foo"}"#, "null", "null"),
            (r#"{"a":"foo"}"#, r#""bar""#, r#""bar""#),
            (r#"{"e":null}"#, r#"{"a":1}"#, r#"{"e":null,"a":1}"#),
            ("[1,2]", r#"{"a":"b","c":null}"#, r#"{"a":"b"}"#),
            ("{}", r#"{"a":{"bb":{"ccc":null}}}"#, r#"{"a":{"bb":{}}}"#),
            ("{}", r#"{"a":[{"b":null}]}"#, r#"{"a":[{"b":null}]}"#),
            ("{}", "{}", "{}"),
            ("1", "{}", "{}"),
        ] {
            let mut merged = value(&json(target));
            merged.merge_patch(&value(&json(patch)));
            assert_eq!(merged, value(&json(expected)), "{target} and {patch}");
        }
    }

    #[test]
    fn what_the_patch_does_not_name_stays_shared() {
        let mut target = value(&json(r#"{"a":{"x":1},"b":{"y":{"z":2}}}"#));
        let copy = target.clone();
        target.merge_patch(&value(&json(r#"{"b":{"w":3}}"#)));
        let at = |value: &Value, path: [&str; 2]| {
            path.iter().try_fold(value.clone(), |v, key| v.get(key).cloned())
        };
        assert!(target.get("a").unwrap().ptr_eq(copy.get("a").unwrap()));
        assert!(at(&target, ["b", "y"]).unwrap().ptr_eq(&at(&copy, ["b", "y"]).unwrap()));
        assert_eq!(copy, value(&json(r#"{"a":{"x":1},"b":{"y":{"z":2}}}"#)));
    }

    #[test]
    fn deep_and_wide_patches() {
        let deep = |leaf: &str| {
            (0..100_000).fold(Value::from(leaf), |below, _| Value::from(Map::from_iter([("k", below)])))
        };
        let mut target = deep("a");
        target.merge_patch(&deep("b"));
        assert_eq!(target, deep("b"));
        let entry = |i: i32| (Key::new(&format!("k{i}")), Value::from(i));
        let wide = |start: i32| Value::from((start..start + 50_000).map(entry).collect::<Map>());
        let mut target = wide(0);
        target.merge_patch(&wide(25_000));
        let merged = target.as_map().unwrap();
        assert_eq!((merged.len(), merged.entries()[74_999].key.as_str()), (75_000, "k74999"));
    }

    fn any_json() -> impl Strategy<Value = serde_json::Value> {
        let leaf = prop_oneof![
            Just(serde_json::Value::Null),
            (0..3).prop_map(serde_json::Value::from),
            "[xy]?".prop_map(serde_json::Value::from),
        ];
        leaf.prop_recursive(4, 24, 4, |inner| {
            prop_oneof![
                proptest::collection::vec(inner.clone(), 0..3).prop_map(serde_json::Value::from),
                proptest::collection::btree_map("[a-d]", inner, 0..4)
                    .prop_map(|map| serde_json::Value::Object(map.into_iter().collect())),
            ]
        })
    }

    /// The pseudo code of the RFC.
    fn by_the_rfc(target: &mut serde_json::Value, patch: &serde_json::Value) {
        let serde_json::Value::Object(patch) = patch else {
            *target = patch.clone();
            return;
        };
        if !target.is_object() {
            *target = serde_json::Value::Object(serde_json::Map::new());
        }
        let map = target.as_object_mut().unwrap();
        for (key, patch) in patch {
            if patch.is_null() {
                map.remove(key);
            } else {
                by_the_rfc(map.entry(key).or_insert(serde_json::Value::Null), patch);
            }
        }
    }

    proptest! {
        #[test]
        fn agrees_with_the_rfc(mut target in any_json(), patch in any_json()) {
            let mut merged = value(&target);
            merged.merge_patch(&value(&patch));
            by_the_rfc(&mut target, &patch);
            prop_assert_eq!(merged, value(&target));
        }
    }
}
