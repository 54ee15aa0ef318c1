//! Makes a value of any type.

use super::Error;
use crate::value::{Entry, Key, Map, Place, Scalar, ScalarKind, Seq, Style, Value};
use serde::ser::{self, Serialize};
use std::fmt::Display;

/// Makes a value of a `T`, fields in the order in which `T` gives them.
pub fn to_value<T: Serialize + ?Sized>(value: &T) -> Result<Value, Error> {
    value.serialize(ToValue)
}

/// An integer scalar.
pub(super) fn integer(value: impl Display) -> Value {
    Value::from(Scalar::new(ScalarKind::Int, smol_str::format_smolstr!("{value}"), Style::Plain))
}

/// A float scalar in the shortest form that reads back the same; `1.0` keeps its fraction.
pub(super) fn float(value: f64) -> Value {
    let text = match value {
        value if value.is_nan() => smol_str::SmolStr::new_static(".nan"),
        f64::INFINITY => smol_str::SmolStr::new_static(".inf"),
        f64::NEG_INFINITY => smol_str::SmolStr::new_static("-.inf"),
        value => smol_str::format_smolstr!("{value:?}"),
    };
    Value::from(Scalar::new(ScalarKind::Float, text, Style::Plain))
}

fn variant(name: &str, content: Value) -> Value {
    Value::from(Map::from_iter([(name, content)]))
}

struct ToValue;

macro_rules! integers {
    ($($method:ident $type:ty,)*) => {$(
        fn $method(self, value: $type) -> Result<Value, Error> {
            Ok(integer(value))
        }
    )*};
}

impl ser::Serializer for ToValue {
    type Ok = Value;
    type Error = Error;
    type SerializeSeq = Items;
    type SerializeTuple = Items;
    type SerializeTupleStruct = Items;
    type SerializeTupleVariant = Items;
    type SerializeMap = Entries;
    type SerializeStruct = Entries;
    type SerializeStructVariant = Entries;

    integers! {
        serialize_i8 i8, serialize_i16 i16, serialize_i32 i32, serialize_i64 i64, serialize_i128 i128,
        serialize_u8 u8, serialize_u16 u16, serialize_u32 u32, serialize_u64 u64, serialize_u128 u128,
    }

    fn serialize_bool(self, value: bool) -> Result<Value, Error> {
        Ok(Value::from(value))
    }

    fn serialize_f32(self, value: f32) -> Result<Value, Error> {
        // The digits of the narrow type: 0.1f32 is `0.1`, not `0.10000000149011612`.
        Ok(float(value.to_string().parse().unwrap_or(f64::from(value))))
    }

    fn serialize_f64(self, value: f64) -> Result<Value, Error> {
        Ok(float(value))
    }

    fn serialize_char(self, value: char) -> Result<Value, Error> {
        Ok(Value::from(value.to_string()))
    }

    fn serialize_str(self, value: &str) -> Result<Value, Error> {
        Ok(Value::from(value))
    }

    fn serialize_bytes(self, value: &[u8]) -> Result<Value, Error> {
        Ok(Value::from(value.iter().map(integer).collect::<Seq>()))
    }

    fn serialize_none(self) -> Result<Value, Error> {
        Ok(Value::null())
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<Value, Error> {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result<Value, Error> {
        Ok(Value::null())
    }

    fn serialize_unit_struct(self, _: &'static str) -> Result<Value, Error> {
        Ok(Value::null())
    }

    fn serialize_unit_variant(self, _: &'static str, _: u32, name: &'static str) -> Result<Value, Error> {
        Ok(Value::from(name))
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        value: &T,
    ) -> Result<Value, Error> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        name: &'static str,
        value: &T,
    ) -> Result<Value, Error> {
        Ok(variant(name, value.serialize(self).map_err(|error| error.below_key(name))?))
    }

    fn serialize_seq(self, length: Option<usize>) -> Result<Items, Error> {
        Ok(Items { variant: None, items: Vec::with_capacity(length.unwrap_or(0)) })
    }

    fn serialize_tuple(self, length: usize) -> Result<Items, Error> {
        self.serialize_seq(Some(length))
    }

    fn serialize_tuple_struct(self, _: &'static str, length: usize) -> Result<Items, Error> {
        self.serialize_seq(Some(length))
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        name: &'static str,
        length: usize,
    ) -> Result<Items, Error> {
        Ok(Items { variant: Some(name), items: Vec::with_capacity(length) })
    }

    fn serialize_map(self, length: Option<usize>) -> Result<Entries, Error> {
        Ok(Entries { variant: None, done: Vec::with_capacity(length.unwrap_or(0)), key: None })
    }

    fn serialize_struct(self, _: &'static str, length: usize) -> Result<Entries, Error> {
        self.serialize_map(Some(length))
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        name: &'static str,
        length: usize,
    ) -> Result<Entries, Error> {
        Ok(Entries { variant: Some(name), done: Vec::with_capacity(length), key: None })
    }
}

/// A sequence in the making.
struct Items {
    variant: Option<&'static str>,
    items: Vec<Value>,
}

impl Items {
    fn push<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
        let item = value.serialize(ToValue).map_err(|error| error.below_index(self.items.len()))?;
        self.items.push(item);
        Ok(())
    }

    fn finish(self) -> Value {
        let items = Value::from(Seq::placed(self.items, Place::NONE));
        match self.variant {
            Some(name) => variant(name, items),
            None => items,
        }
    }
}

macro_rules! sequences {
    ($($trait:ident $method:ident,)*) => {$(
        impl ser::$trait for Items {
            type Ok = Value;
            type Error = Error;

            fn $method<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
                self.push(value)
            }

            fn end(self) -> Result<Value, Error> {
                Ok(self.finish())
            }
        }
    )*};
}

sequences! {
    SerializeSeq serialize_element,
    SerializeTuple serialize_element,
    SerializeTupleStruct serialize_field,
    SerializeTupleVariant serialize_field,
}

/// A map in the making.
struct Entries {
    variant: Option<&'static str>,
    done: Vec<Entry>,
    key: Option<Key>,
}

impl Entries {
    fn push<T: Serialize + ?Sized>(&mut self, key: Key, value: &T) -> Result<(), Error> {
        let value = value.serialize(ToValue).map_err(|error| error.below_key(key.as_str()))?;
        self.done.push(Entry { key, value });
        Ok(())
    }

    fn finish(self) -> Value {
        let entries = Value::from(Map::placed(self.done, Place::NONE));
        match self.variant {
            Some(name) => variant(name, entries),
            None => entries,
        }
    }
}

impl ser::SerializeMap for Entries {
    type Ok = Value;
    type Error = Error;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), Error> {
        match key.serialize(ToValue)? {
            // JSON's keys are text, and so become numbers and booleans.
            Value::Scalar(scalar) if scalar.kind() != ScalarKind::Null => {
                self.key = Some(Key::new(scalar.text()));
                Ok(())
            }
            _ => Err(Error::new("a key is neither text nor a number nor a boolean")),
        }
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
        let key = self.key.take().ok_or_else(|| Error::new("a value without its key"))?;
        self.push(key, value)
    }

    fn end(self) -> Result<Value, Error> {
        Ok(self.finish())
    }
}

macro_rules! structs {
    ($($trait:ident)*) => {$(
        impl ser::$trait for Entries {
            type Ok = Value;
            type Error = Error;

            fn serialize_field<T: Serialize + ?Sized>(&mut self, key: &'static str, value: &T) -> Result<(), Error> {
                self.push(Key::new(key), value)
            }

            fn end(self) -> Result<Value, Error> {
                Ok(self.finish())
            }
        }
    )*};
}

structs! { SerializeStruct SerializeStructVariant }
