//! The one value that all crates speak: a shared, immutable tree of scalars, sequences and maps.
//!
//! ```
//! use gitops_core::value::{Map, Value};
//! let mut object = Value::from(Map::from_iter([("kind", Value::from("Service"))]));
//! let copy = object.clone(); // O(1)
//! object.as_map_mut().unwrap().insert("apiVersion", Value::from("v1"));
//! assert_eq!(object.get("apiVersion").and_then(Value::as_str), Some("v1"));
//! assert_eq!(copy.get("apiVersion"), None);
//! ```
//!
//! * Cloning shares; the first write to a shared node copies that node's own list of children and nothing below,
//!   so an edit costs the path from the root to the place that changes.
//! * Maps keep source order and may hold duplicate and typed keys (`1:` is not `"1":`); what to make of those is
//!   the business of the writer and of schemas.
//! * A scalar is a type, a text and a style. The reader resolves the type by its dialect; the text stays as it was
//!   written, so `0644` can be printed as one tool or another would.
//! * Every node carries a [`Place`]; places take no part in equality or hash.
//! * Nothing here recurses per level: reading, comparing, hashing, writing and dropping use stacks of their own.

pub(crate) mod base64;
pub(crate) mod common_keys;
mod equality;
mod key;
mod map;
mod merge;
pub(crate) mod number;
mod place;
mod resolved;
mod scalar;
mod seq;
mod serde;
mod stable_hash;
mod teardown;
mod timestamp;

pub use self::serde::{Error as ConvertError, from_value, to_value};
pub use key::Key;
pub use map::{Entry, Map};
pub use number::Number;
pub use place::{Location, Place, SourceId, Sources};
pub use resolved::Resolved;
pub use scalar::{Scalar, ScalarKind, Style};
pub use seq::Seq;
pub use timestamp::Timestamp;

use smol_str::SmolStr;

/// The names in the table of common keys.
#[cfg(test)]
pub(crate) fn common_names() -> impl Iterator<Item = &'static str> {
    common_keys::NAMES.iter().copied()
}

/// A node of a manifest. 32 bytes; texts of up to 23 bytes are stored inside.
#[derive(Clone)]
pub enum Value {
    /// A leaf.
    Scalar(Scalar),
    /// A sequence.
    Seq(Seq),
    /// A mapping.
    Map(Map),
}

const _: () = assert!(size_of::<Value>() == 32 && size_of::<Key>() == 16 && size_of::<Entry>() == 48);

impl Value {
    /// `null`.
    #[must_use]
    pub const fn null() -> Self {
        Self::Scalar(Scalar::null())
    }

    /// A string.
    #[must_use]
    pub fn string(text: impl Into<SmolStr>) -> Self {
        Self::Scalar(Scalar::string(text))
    }

    /// An empty map.
    #[must_use]
    pub fn map() -> Self {
        Self::Map(Map::new())
    }

    /// An empty sequence.
    #[must_use]
    pub fn seq() -> Self {
        Self::Seq(Seq::new())
    }

    /// Where the node was read.
    #[must_use]
    pub fn place(&self) -> Place {
        match self {
            Self::Scalar(scalar) => scalar.place(),
            Self::Seq(seq) => seq.place(),
            Self::Map(map) => map.place(),
        }
    }

    /// Replaces the place of this node, not of those below.
    pub fn set_place(&mut self, place: Place) {
        match self {
            Self::Scalar(scalar) => scalar.set_place(place),
            Self::Seq(seq) => seq.set_place(place),
            Self::Map(map) => map.set_place(place),
        }
    }

    /// The scalar, if this is one.
    #[must_use]
    pub fn as_scalar(&self) -> Option<&Scalar> {
        match self {
            Self::Scalar(scalar) => Some(scalar),
            _ => None,
        }
    }

    /// The map, if this is one.
    #[must_use]
    pub fn as_map(&self) -> Option<&Map> {
        match self {
            Self::Map(map) => Some(map),
            _ => None,
        }
    }

    /// The map for change, if this is one.
    pub fn as_map_mut(&mut self) -> Option<&mut Map> {
        match self {
            Self::Map(map) => Some(map),
            _ => None,
        }
    }

    /// The sequence, if this is one.
    #[must_use]
    pub fn as_seq(&self) -> Option<&Seq> {
        match self {
            Self::Seq(seq) => Some(seq),
            _ => None,
        }
    }

    /// The sequence for change, if this is one.
    pub fn as_seq_mut(&mut self) -> Option<&mut Seq> {
        match self {
            Self::Seq(seq) => Some(seq),
            _ => None,
        }
    }

    /// The text of a string scalar.
    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        self.as_scalar().filter(|scalar| scalar.kind() == ScalarKind::Str).map(Scalar::text)
    }

    /// The text of a scalar of any type.
    #[must_use]
    pub fn as_text(&self) -> Option<&str> {
        self.as_scalar().map(Scalar::text)
    }

    /// The boolean, if this is one in any spelling.
    #[must_use]
    pub fn as_bool(&self) -> Option<bool> {
        let scalar = self.as_scalar().filter(|scalar| scalar.kind() == ScalarKind::Bool)?;
        Some(resolved::is_true(scalar.text()))
    }

    /// Whether this is a null scalar.
    #[must_use]
    pub fn is_null(&self) -> bool {
        self.as_scalar().is_some_and(|scalar| scalar.kind() == ScalarKind::Null)
    }

    /// Whether this is a map.
    #[must_use]
    pub fn is_map(&self) -> bool {
        matches!(self, Self::Map(_))
    }

    /// Whether this is a sequence.
    #[must_use]
    pub fn is_seq(&self) -> bool {
        matches!(self, Self::Seq(_))
    }

    /// Value under a key of a map; nothing for other nodes.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Self> {
        self.as_map()?.get(key)
    }

    /// Value under a key of a map, for change.
    pub fn get_mut(&mut self, key: &str) -> Option<&mut Self> {
        self.as_map_mut()?.get_mut(key)
    }

    /// Whether this is a container with something in it.
    #[must_use]
    pub fn has_children(&self) -> bool {
        match self {
            Self::Scalar(_) => false,
            Self::Seq(seq) => !seq.is_empty(),
            Self::Map(map) => !map.is_empty(),
        }
    }

    /// Whether both share one allocation (or are equal scalars), which makes them equal at no cost.
    #[must_use]
    pub fn ptr_eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Map(a), Self::Map(b)) => a.ptr_eq(b),
            (Self::Seq(a), Self::Seq(b)) => a.ptr_eq(b),
            (Self::Scalar(a), Self::Scalar(b)) => a.same(b),
            _ => false,
        }
    }
}

impl Default for Value {
    fn default() -> Self {
        Self::null()
    }
}

impl From<Scalar> for Value {
    fn from(scalar: Scalar) -> Self {
        Self::Scalar(scalar)
    }
}

impl From<Map> for Value {
    fn from(map: Map) -> Self {
        Self::Map(map)
    }
}

impl From<Seq> for Value {
    fn from(seq: Seq) -> Self {
        Self::Seq(seq)
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::string(text)
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::string(text)
    }
}

impl From<SmolStr> for Value {
    fn from(text: SmolStr) -> Self {
        Self::string(text)
    }
}

impl From<bool> for Value {
    fn from(value: bool) -> Self {
        let text = SmolStr::new_static(if value { "true" } else { "false" });
        Self::Scalar(Scalar::new(ScalarKind::Bool, text, Style::Plain))
    }
}

impl From<i64> for Value {
    fn from(value: i64) -> Self {
        Self::Scalar(Scalar::new(ScalarKind::Int, smol_str::format_smolstr!("{value}"), Style::Plain))
    }
}

impl From<i32> for Value {
    fn from(value: i32) -> Self {
        Self::from(i64::from(value))
    }
}

impl std::fmt::Debug for Value {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Scalar(scalar) => scalar.fmt(f),
            Self::Seq(seq) => seq.fmt(f),
            Self::Map(map) => map.fmt(f),
        }
    }
}
