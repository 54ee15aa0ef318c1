//! `Deserialize` for values.

use super::LEVELS;
use super::to::{float, integer};
use crate::value::{Entry, Key, Map, Place, ScalarKind, Seq, Style, Value};
use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use std::fmt;

impl<'de> serde::Deserialize<'de> for Value {
    /// Reads whatever the source holds.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Node { level: 0 }.deserialize(deserializer)
    }
}

/// Reads a value at a level.
#[derive(Clone, Copy)]
struct Node {
    level: usize,
}

impl<'de> DeserializeSeed<'de> for Node {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        if self.level > LEVELS {
            return Err(D::Error::custom(super::Error::too_deep()));
        }
        deserializer.deserialize_any(self)
    }
}

/// At most so many elements are reserved on the word of a source.
const RESERVED: usize = 1024;

impl<'de> Visitor<'de> for Node {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::null())
    }

    fn visit_none<E>(self) -> Result<Value, E> {
        Ok(Value::null())
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        self.deserialize(deserializer)
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        self.deserialize(deserializer)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::from(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(integer(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(integer(value))
    }

    fn visit_i128<E>(self, value: i128) -> Result<Value, E> {
        Ok(integer(value))
    }

    fn visit_u128<E>(self, value: u128) -> Result<Value, E> {
        Ok(integer(value))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(float(value))
    }

    fn visit_str<E>(self, text: &str) -> Result<Value, E> {
        Ok(Value::string(text))
    }

    fn visit_string<E>(self, text: String) -> Result<Value, E> {
        Ok(Value::string(text))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Value, A::Error> {
        let mut items = Vec::with_capacity(seq.size_hint().unwrap_or(0).min(RESERVED));
        while let Some(item) = seq.next_element_seed(Node { level: self.level + 1 })? {
            items.push(item);
        }
        Ok(Value::Seq(Seq::placed(items, Place::NONE)))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
        let mut entries = Vec::with_capacity(map.size_hint().unwrap_or(0).min(RESERVED));
        while let Some(key) = map.next_key_seed(KeySeed)? {
            let value = map.next_value_seed(Node { level: self.level + 1 })?;
            entries.push(Entry { key, value });
        }
        Ok(Value::Map(Map::placed(entries, Place::NONE)))
    }
}

/// Reads a key; sources that have other keys than text keep their types.
struct KeySeed;

impl<'de> DeserializeSeed<'de> for KeySeed {
    type Value = Key;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Key, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl Visitor<'_> for KeySeed {
    type Value = Key;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key")
    }

    fn visit_str<E>(self, text: &str) -> Result<Key, E> {
        Ok(Key::new(text))
    }

    fn visit_bool<E>(self, value: bool) -> Result<Key, E> {
        Ok(Key::typed(if value { "true" } else { "false" }, ScalarKind::Bool, Style::Plain))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Key, E> {
        Ok(Key::typed(&value.to_string(), ScalarKind::Int, Style::Plain))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Key, E> {
        Ok(Key::typed(&value.to_string(), ScalarKind::Int, Style::Plain))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Key, E> {
        let text = float(value);
        Ok(Key::typed(text.as_text().unwrap_or_default(), ScalarKind::Float, Style::Plain))
    }
}
