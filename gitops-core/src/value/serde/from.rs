//! Reads any type from a value.

use super::key::KeyText;
use super::{Error, LEVELS};
use crate::value::{Entry, Number, Resolved, Scalar, Value};
use serde::Deserialize;
use serde::de::{
    DeserializeSeed, Deserializer, EnumAccess, Error as _, MapAccess, SeqAccess, Unexpected, VariantAccess,
    Visitor,
};
use serde::forward_to_deserialize_any;
use std::borrow::Cow;

/// Reads a `T` from the value; text in `T` may borrow from it.
///
/// Fields that `T` does not know cost nothing, however deep they are.
pub fn from_value<'de, T: Deserialize<'de>>(value: &'de Value) -> Result<T, Error> {
    T::deserialize(Node { value, level: 0, numbers_are_text: false })
}

/// A value as a source.
#[derive(Clone, Copy)]
struct Node<'de> {
    value: &'de Value,
    level: usize,
    /// Set inside a `Quantity`.
    numbers_are_text: bool,
}

impl<'de> Node<'de> {
    fn below(self, value: &'de Value) -> Result<Self, Error> {
        if self.level >= LEVELS {
            return Err(Error::too_deep());
        }
        Ok(Self { value, level: self.level + 1, numbers_are_text: false })
    }

    fn visit_scalar<V: Visitor<'de>>(self, scalar: &'de Scalar, visitor: V) -> Result<V::Value, Error> {
        match scalar.resolved() {
            Resolved::Null => visitor.visit_unit(),
            Resolved::Bool(value) => visitor.visit_bool(value),
            Resolved::Number(_) if self.numbers_are_text => visitor.visit_borrowed_str(scalar.text()),
            Resolved::Number(number) => visit_number(number, visitor),
            Resolved::Text(Cow::Borrowed(text)) => visitor.visit_borrowed_str(text),
            Resolved::Text(Cow::Owned(text)) => visitor.visit_string(text),
        }
    }

    fn unexpected(self) -> Unexpected<'de> {
        match self.value {
            Value::Map(_) => Unexpected::Map,
            Value::Seq(_) => Unexpected::Seq,
            Value::Scalar(scalar) => match scalar.resolved() {
                Resolved::Null => Unexpected::Unit,
                Resolved::Bool(value) => Unexpected::Bool(value),
                Resolved::Number(Number::Int(n)) => Unexpected::Signed(n),
                Resolved::Number(Number::Uint(n)) => Unexpected::Unsigned(n),
                Resolved::Number(Number::Float(x)) => Unexpected::Float(x),
                Resolved::Text(_) => Unexpected::Str(scalar.text()),
            },
        }
    }
}

fn visit_number<'de, V: Visitor<'de>>(number: Number, visitor: V) -> Result<V::Value, Error> {
    match number {
        Number::Int(n) => match u64::try_from(n) {
            Ok(n) => visitor.visit_u64(n),
            Err(_) => visitor.visit_i64(n),
        },
        Number::Uint(n) => visitor.visit_u64(n),
        Number::Float(x) => visitor.visit_f64(x),
    }
}

macro_rules! integers {
    ($($method:ident)*) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
            match self.value.as_scalar().map(Scalar::resolved) {
                Some(Resolved::Number(number)) => visit_number(number.canonical(), visitor),
                _ => self.deserialize_any(visitor),
            }
        }
    )*};
}

impl<'de> Deserializer<'de> for Node<'de> {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.value {
            Value::Scalar(scalar) => self.visit_scalar(scalar, visitor),
            Value::Seq(seq) => visitor.visit_seq(Items { node: self, rest: seq.items(), next: 0 }),
            Value::Map(map) => visitor.visit_map(Entries { node: self, rest: map.entries(), value: None }),
        }
    }

    integers! {
        deserialize_i8 deserialize_i16 deserialize_i32 deserialize_i64 deserialize_i128
        deserialize_u8 deserialize_u16 deserialize_u32 deserialize_u64 deserialize_u128
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        if self.value.is_null() { visitor.visit_none() } else { visitor.visit_some(self) }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Error> {
        visitor.visit_newtype_struct(Self { numbers_are_text: name == "Quantity", ..self })
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        match self.value {
            Value::Map(map) => match map.entries() {
                [Entry { key, value }] => visitor
                    .visit_enum(Variant { name: key.as_str(), content: Some(self.below(value)?) })
                    .map_err(|error| error.below_key(key.as_str())),
                entries => Err(Error::invalid_length(entries.len(), &"a map with one key, the variant")),
            },
            Value::Scalar(scalar) if matches!(scalar.resolved(), Resolved::Text(_)) => {
                visitor.visit_enum(Variant { name: scalar.text(), content: None })
            }
            _ => Err(Error::invalid_type(self.unexpected(), &"text or a map with one key")),
        }
    }

    fn deserialize_unit_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Error> {
        self.deserialize_unit(visitor)
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_unit()
    }

    forward_to_deserialize_any! {
        bool f32 f64 char str string bytes byte_buf unit seq tuple tuple_struct map struct identifier
    }
}

struct Items<'de> {
    node: Node<'de>,
    rest: &'de [Value],
    next: usize,
}

impl<'de> SeqAccess<'de> for Items<'de> {
    type Error = Error;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, Error> {
        let Some((item, rest)) = self.rest.split_first() else { return Ok(None) };
        let index = self.next;
        self.rest = rest;
        self.next += 1;
        let read = self.node.below(item).and_then(|item| seed.deserialize(item));
        read.map(Some).map_err(|error| error.below_index(index))
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.rest.len())
    }
}

struct Entries<'de> {
    node: Node<'de>,
    rest: &'de [Entry],
    /// The entry whose key was given last.
    value: Option<&'de Entry>,
}

impl<'de> MapAccess<'de> for Entries<'de> {
    type Error = Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Error> {
        let Some((entry, rest)) = self.rest.split_first() else { return Ok(None) };
        self.rest = rest;
        self.value = Some(entry);
        let key = entry.key.as_str();
        seed.deserialize(KeyText(key)).map(Some).map_err(|error| error.below_key(key))
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Error> {
        let Some(entry) = self.value.take() else { return Err(Error::new("a value without its key")) };
        let read = self.node.below(&entry.value).and_then(|value| seed.deserialize(value));
        read.map_err(|error| error.below_key(entry.key.as_str()))
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.rest.len())
    }
}

/// A variant of an enum: its name, and what stands below it.
struct Variant<'de> {
    name: &'de str,
    content: Option<Node<'de>>,
}

impl<'de> EnumAccess<'de> for Variant<'de> {
    type Error = Error;
    type Variant = Self;

    fn variant_seed<V: DeserializeSeed<'de>>(self, seed: V) -> Result<(V::Value, Self), Error> {
        Ok((seed.deserialize(KeyText(self.name))?, self))
    }
}

impl<'de> Variant<'de> {
    fn content(self) -> Result<Node<'de>, Error> {
        self.content.ok_or_else(|| Error::invalid_type(Unexpected::UnitVariant, &"a variant with content"))
    }
}

impl<'de> VariantAccess<'de> for Variant<'de> {
    type Error = Error;

    fn unit_variant(self) -> Result<(), Error> {
        match self.content {
            None => Ok(()),
            Some(content) => <()>::deserialize(content),
        }
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value, Error> {
        seed.deserialize(self.content()?)
    }

    fn tuple_variant<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, Error> {
        self.content()?.deserialize_seq(visitor)
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        self.content()?.deserialize_map(visitor)
    }
}
