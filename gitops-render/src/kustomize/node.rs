//! Writing scalars and map entries into an object as kustomize's setters do.
//!
//! * A scalar that is overwritten keeps its style: `5` written over `"3"` is the string `"5"`.
//! * A value written without a type has the type its text looks like, unless its style makes it a string.
//! * A null takes the place of any kind of node; a map entry written into a null is lost.
//! * New keys are written without quotes, so a key that looks like a number is a number.
//!
//! ```
//! use gitops_core::{Scalar, ScalarKind, Style, Value};
//! use gitops_render::kustomize::node;
//! let mut replicas = Value::from(Scalar::new(ScalarKind::Str, "3", Style::Double));
//! node::set_scalar(&mut replicas, "5", Some(ScalarKind::Int)).unwrap();
//! assert_eq!(replicas.as_str(), Some("5"));
//! ```

use super::plain;
use gitops_core::value::Entry;
use gitops_core::{Key, Map, Place, Scalar, ScalarKind, Seq, Style, Value};
use smol_str::SmolStr;
use std::fmt;

/// The three kinds of nodes.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum NodeKind {
    /// A leaf.
    Scalar,
    /// A sequence.
    Seq,
    /// A mapping.
    Map,
}

impl NodeKind {
    /// The kind of a node.
    #[must_use]
    pub fn of(value: &Value) -> Self {
        match value {
            Value::Scalar(_) => Self::Scalar,
            Value::Seq(_) => Self::Seq,
            Value::Map(_) => Self::Map,
        }
    }

    /// An empty node of this kind. An empty scalar has no type yet, and takes the one that its text looks like once it
    /// is written, see [`Scalar::is_untyped`].
    #[must_use]
    pub fn empty(self) -> Value {
        match self {
            Self::Scalar => {
                let mut scalar = Scalar::string("");
                scalar.set_untyped();
                Value::Scalar(scalar)
            }
            Self::Seq => Value::seq(),
            Self::Map => Value::map(),
        }
    }
}

impl fmt::Display for NodeKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Scalar => "ScalarNode",
            Self::Seq => "SequenceNode",
            Self::Map => "MappingNode",
        })
    }
}

/// A node of another kind than the path or the transformer needs.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("wrong node kind: expected {expected} but got {actual}")]
pub struct WrongKind {
    /// What was needed.
    pub expected: NodeKind,
    /// What was there.
    pub actual: NodeKind,
    /// Where it was read.
    pub place: Place,
}

/// Refuses a node that is neither of this kind nor null.
pub fn expect(value: &Value, expected: NodeKind) -> Result<(), WrongKind> {
    let actual = NodeKind::of(value);
    if actual == expected || value.is_null() {
        return Ok(());
    }
    Err(WrongKind { expected, actual, place: value.place() })
}

/// Overwrites a scalar or null with `text`. The style and place stay; `kind` is `None` for a value without a type.
pub fn set_scalar(
    value: &mut Value,
    text: impl Into<SmolStr>,
    kind: Option<ScalarKind>,
) -> Result<(), WrongKind> {
    expect(value, NodeKind::Scalar)?;
    let (style, place) =
        value.as_scalar().map_or((Style::Plain, value.place()), |old| (old.style(), old.place()));
    let text = text.into();
    let mut scalar = Scalar::placed(typed(&text, style, kind), text, style, place);
    if kind.is_none() {
        scalar.set_untyped();
    }
    *value = Value::Scalar(scalar);
    Ok(())
}

/// Leaves to a scalar only the type that its text looks like.
pub fn forget_type(scalar: &mut Scalar) {
    scalar.set_kind(plain::kind_in_style(scalar.text(), scalar.style()));
    scalar.set_untyped();
}

/// Type of a text that is written in `style` with a type of its own or none. Quotes make everything a string.
#[must_use]
pub fn typed(text: &str, style: Style, kind: Option<ScalarKind>) -> ScalarKind {
    match kind {
        Some(_) if style.is_quoted() => ScalarKind::Str,
        Some(kind) => kind,
        None => plain::kind_in_style(text, style),
    }
}

/// A string as kustomize's setters make it: in double quotes where YAML 1.1 would read something else.
#[must_use]
pub fn string(text: impl Into<SmolStr>) -> Scalar {
    let text = text.into();
    let quoted = text.is_empty() || plain::is_other_in_yaml_1_1(&text);
    Scalar::new(ScalarKind::Str, text, if quoted { Style::Double } else { Style::Plain })
}

/// Whether this is the empty scalar of [`NodeKind::empty`].
#[must_use]
pub fn is_empty(scalar: &Scalar) -> bool {
    scalar.kind() == ScalarKind::Str && scalar.style() == Style::Plain && scalar.text().is_empty()
}

/// Text of a scalar; lists and maps have none.
#[must_use]
pub fn text(value: &Value) -> &str {
    value.as_text().unwrap_or_default()
}

/// String entries that are written into many maps: labels, annotations.
///
/// ```
/// use gitops_core::Value;
/// use gitops_render::kustomize::node::StringEntries;
/// let labels = StringEntries::new([("app", "shop"), ("1", "x")]);
/// let mut map = Value::map();
/// labels.set_in(&mut map).unwrap();
/// assert_eq!(map.get("app").and_then(Value::as_str), Some("shop"));
/// assert_eq!(labels.typed_keys().next(), Some("1"));
/// ```
#[derive(Clone, Debug, Default)]
pub struct StringEntries {
    entries: Vec<Entry>,
}

impl StringEntries {
    /// Sorts the pairs by key; of pairs with the same key the last stays.
    pub fn new<K: AsRef<str>, V: AsRef<str>>(pairs: impl IntoIterator<Item = (K, V)>) -> Self {
        Self::placed(pairs.into_iter().map(|(key, text)| (key, text, Place::NONE)))
    }

    /// As [`StringEntries::new`], with the places where the values are written.
    pub fn placed<K: AsRef<str>, V: AsRef<str>>(pairs: impl IntoIterator<Item = (K, V, Place)>) -> Self {
        let pairs: std::collections::BTreeMap<SmolStr, (SmolStr, Place)> =
            pairs.into_iter().map(|(k, v, place)| (k.as_ref().into(), (v.as_ref().into(), place))).collect();
        let entry = |(key, (text, place)): (SmolStr, (SmolStr, Place))| {
            let mut value = string(text);
            value.set_place(place);
            value.set_marked(true);
            Entry { key: plain::key(&key), value: Value::Scalar(value) }
        };
        Self { entries: pairs.into_iter().map(entry).collect() }
    }

    /// Whether there is nothing to set.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Keys that are not strings once written, which fails the whole build at its end.
    pub fn typed_keys(&self) -> impl Iterator<Item = &str> {
        self.entries
            .iter()
            .map(|entry| &entry.key)
            .filter(|key| key.kind() != ScalarKind::Str)
            .map(Key::as_str)
    }

    /// Values that this adds carry a [mark](Scalar::is_marked), which those that it overwrites do not.
    ///
    /// Sets every entry: in place where its key is present (the value keeps its style), at the end in order of keys
    /// otherwise. Costs at most one copy of the map's list of entries, and none where all are set already.
    ///
    /// A null is left alone: kustomize writes the entry where it is never seen again. The answer is whether the
    /// entries are in the node now.
    pub fn set_in(&self, node: &mut Value) -> Result<bool, WrongKind> {
        let Value::Map(map) = node else {
            return expect(node, NodeKind::Map).map(|()| false);
        };
        let mut missing = 0;
        for entry in &self.entries {
            let Some(position) = map.position(entry.key.as_str()) else {
                missing += 1;
                continue;
            };
            let old = &map.entries()[position].value;
            let new = in_style_of(entry, old);
            if !matches!((old, &new), (Value::Scalar(a), Value::Scalar(b)) if a.same(b)) {
                map.entries_mut()[position].value = new;
            }
        }
        if missing == self.entries.len() && map.is_empty() {
            *map = Map::placed(self.entries.clone(), map.place());
        } else if missing > 0 {
            map.edit(|entries| {
                entries.reserve(missing);
                for entry in &self.entries {
                    if !entries.iter().any(|old| old.key.as_str() == entry.key.as_str()) {
                        entries.push(entry.clone());
                    }
                }
            });
        }
        Ok(true)
    }
}

/// The entry's value in the style of the one it replaces, and at its place where the entry has none.
fn in_style_of(entry: &Entry, old: &Value) -> Value {
    let text = entry.value.as_scalar().map(|scalar| scalar.shared_text().clone()).unwrap_or_default();
    let style = old.as_scalar().map_or(Style::Plain, Scalar::style);
    let place = Some(entry.value.place()).filter(|place| !place.is_none()).unwrap_or(old.place());
    Value::Scalar(Scalar::placed(ScalarKind::Str, text, style, place))
}

/// Turns a null into an empty node of `kind`. A null that becomes a scalar keeps the text it was written with.
pub(super) fn replace_null(value: &mut Value, kind: NodeKind, scalar: ScalarKind) {
    let place = value.place();
    match kind {
        NodeKind::Map => *value = Value::Map(Map::placed(Vec::new(), place)),
        NodeKind::Seq => *value = Value::Seq(Seq::placed(Vec::new(), place)),
        NodeKind::Scalar => {
            if let Value::Scalar(null) = value {
                null.set_kind(scalar);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ScalarKind::{Bool, Int, Null, Str};

    #[test]
    fn a_written_scalar_keeps_its_style_and_takes_its_type_from_it() {
        for (style, text, kind, expected) in [
            (Style::Plain, "5", Some(Int), Int),
            (Style::Double, "5", Some(Int), Str),
            (Style::Plain, "5", None, Int),
            (Style::Plain, "true", None, Bool),
            (Style::Plain, "true", Some(Str), Str),
            (Style::Single, "true", None, Str),
            (Style::Plain, "nginx:1", None, Str),
            (Style::Plain, "", None, Null),
        ] {
            let mut value = Value::from(Scalar::new(Str, "old", style));
            set_scalar(&mut value, text, kind).unwrap();
            let scalar = value.as_scalar().unwrap();
            assert_eq!((scalar.text(), scalar.kind(), scalar.style()), (text, expected, style));
        }
    }

    #[test]
    fn entries_keep_the_style_of_those_they_replace() {
        let mut map = Value::from(Map::from_iter([
            ("z", Value::from(Scalar::new(Str, "old", Style::Double))),
            ("b", Value::from(3)),
        ]));
        StringEntries::new([("z", "1"), ("b", "2"), ("y", "true"), ("a", "x")]).set_in(&mut map).unwrap();
        let shown: Vec<_> = map
            .as_map()
            .unwrap()
            .iter()
            .map(|(key, value)| {
                let scalar = value.as_scalar().unwrap();
                (key.as_str(), scalar.text(), scalar.kind(), scalar.style())
            })
            .collect();
        assert_eq!(
            shown,
            [
                ("z", "1", Str, Style::Double),
                ("b", "2", Str, Style::Plain),
                ("a", "x", Str, Style::Plain),
                ("y", "true", Str, Style::Double),
            ]
        );
    }

    #[test]
    fn setting_what_is_there_copies_nothing() {
        let original = Value::from(Map::from_iter([("a", Value::from("x"))]));
        let mut copy = original.clone();
        assert!(StringEntries::new([("a", "x")]).set_in(&mut copy).unwrap());
        assert!(copy.ptr_eq(&original));
    }

    #[test]
    fn entries_in_a_null_are_lost_and_in_a_list_refused() {
        let labels = StringEntries::new([("a", "x")]);
        assert!(!labels.set_in(&mut Value::null()).unwrap());
        assert_eq!(
            labels.set_in(&mut Value::seq()).unwrap_err().to_string(),
            "wrong node kind: expected MappingNode but got SequenceNode"
        );
    }
}
