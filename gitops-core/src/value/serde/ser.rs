//! `Serialize` for values.

use super::LEVELS;
use crate::value::{Number, Resolved, Value};
use serde::ser::{Error, SerializeMap, SerializeSeq};
use serde::{Serialize, Serializer};

impl Serialize for Value {
    /// Maps in the order of the value; scalars by what they mean.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Node { value: self, level: 0 }.serialize(serializer)
    }
}

struct Node<'a> {
    value: &'a Value,
    level: usize,
}

impl Serialize for Node<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.level > LEVELS {
            return Err(S::Error::custom(super::Error::too_deep()));
        }
        let below = |value| Node { value, level: self.level + 1 };
        match self.value {
            Value::Scalar(scalar) => match scalar.resolved() {
                Resolved::Null => serializer.serialize_unit(),
                Resolved::Bool(value) => serializer.serialize_bool(value),
                Resolved::Number(Number::Int(n)) => serializer.serialize_i64(n),
                Resolved::Number(Number::Uint(n)) => serializer.serialize_u64(n),
                Resolved::Number(Number::Float(x)) => serializer.serialize_f64(x),
                Resolved::Text(text) => serializer.serialize_str(&text),
            },
            Value::Seq(seq) => {
                let mut items = serializer.serialize_seq(Some(seq.len()))?;
                for item in seq {
                    items.serialize_element(&below(item))?;
                }
                items.end()
            }
            Value::Map(map) => {
                let mut entries = serializer.serialize_map(Some(map.len()))?;
                for (key, value) in map.iter() {
                    entries.serialize_entry(key.as_str(), &below(value))?;
                }
                entries.end()
            }
        }
    }
}
