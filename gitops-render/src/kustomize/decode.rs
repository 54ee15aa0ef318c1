//! Typed reading of kustomization files and plugin configurations from a [`Value`].
//!
//! Two modes, as in the original: a kustomization file is [`Mode::Strict`] (an unknown field or a number where a
//! string belongs is an error), the configuration of a built-in plugin is [`Mode::Lenient`] (unknown fields are
//! ignored, numbers and booleans become strings). In both, field names match without regard to case.

use gitops_core::value::{Entry, Map, Place, ScalarKind, Value};
use std::ops::Deref;

/// How to treat what does not fit.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Mode {
    /// Kustomization files: Go's encoding/json with unknown fields disallowed.
    Strict,
    /// Plugin configurations: sigs.k8s.io/yaml, which coerces scalars to strings.
    Lenient,
}

/// A field that does not fit.
#[derive(Clone, Debug, thiserror::Error)]
#[error("{message}")]
pub(crate) struct DecodeError {
    pub(crate) message: String,
    pub(crate) place: Place,
    pub(crate) help: Option<String>,
}

/// Something a [`Value`] can be read into. `null` is the default of every type, as in Go.
pub(crate) trait Decode: Sized + Default {
    fn decode(value: &Value, mode: Mode, field: &str) -> Result<Self, DecodeError>;

    /// Fields in a value that [`Mode::Lenient`] passes over.
    fn unknown(_: &Value, _: &mut Vec<UnknownField>) {}
}

/// A field that no record has.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct UnknownField {
    pub(crate) name: String,
    pub(crate) place: Place,
    /// The field that was probably meant.
    pub(crate) near: Option<&'static str>,
}

/// A struct with named fields; the macro `record!` writes this.
pub(crate) trait Record: Sized + Default {
    const FIELDS: &'static [&'static str];

    fn set(&mut self, field: usize, value: &Value, mode: Mode) -> Result<(), DecodeError>;
    /// Unknown fields within a known one.
    fn unknown_in(field: usize, value: &Value, out: &mut Vec<UnknownField>);
    fn set_place(&mut self, place: Place);
}

/// Declares structs whose fields are read by name; each also keeps its place.
macro_rules! record {
    ($($(#[$meta:meta])* pub(crate) struct $name:ident { $($(#[$fmeta:meta])* $field:ident : $type:ty = $text:literal,)* })*) => {$(
        $(#[$meta])*
        #[derive(Clone, Debug, Default)]
        pub(crate) struct $name {
            $($(#[$fmeta])* pub(crate) $field: $type,)*
            /// Where the record begins.
            #[allow(dead_code, reason = "diagnostics use it for some records")]
            pub(crate) place: gitops_core::value::Place,
        }

        impl $crate::kustomize::decode::Record for $name {
            const FIELDS: &'static [&'static str] = &[$($text),*];

            fn set(
                &mut self,
                field: usize,
                value: &gitops_core::value::Value,
                mode: $crate::kustomize::decode::Mode,
            ) -> Result<(), $crate::kustomize::decode::DecodeError> {
                let name = Self::FIELDS.get(field).copied().unwrap_or_default();
                $(if name == $text {
                    self.$field = $crate::kustomize::decode::Decode::decode(value, mode, name)?;
                    return Ok(());
                })*
                Ok(())
            }

            fn unknown_in(
                field: usize,
                value: &gitops_core::value::Value,
                out: &mut Vec<$crate::kustomize::decode::UnknownField>,
            ) {
                let name = Self::FIELDS.get(field).copied().unwrap_or_default();
                $(if name == $text {
                    return <$type as $crate::kustomize::decode::Decode>::unknown(value, out);
                })*
            }

            fn set_place(&mut self, place: gitops_core::value::Place) {
                self.place = place;
            }
        }
    )*};
}
pub(crate) use record;

/// Reads a whole document into a record.
pub(crate) fn decode_document<T: Record>(value: &Value, mode: Mode) -> Result<T, DecodeError> {
    T::decode(value, mode, "")
}

impl<T: Record> Decode for T {
    fn decode(value: &Value, mode: Mode, field: &str) -> Result<Self, DecodeError> {
        let mut record = T::default();
        record.set_place(value.place());
        if value.is_null() {
            return Ok(record);
        }
        let Value::Map(map) = value else { return Err(wrong_type(value, "a map", field)) };
        for entry in in_json_order(map) {
            match find_field(T::FIELDS, entry.key.as_str()) {
                Some(index) if !entry.value.is_null() => record.set(index, &entry.value, mode)?,
                Some(_) => {}
                None if mode == Mode::Lenient => {}
                None => return Err(unknown_field(map, entry, T::FIELDS)),
            }
        }
        Ok(record)
    }

    fn unknown(value: &Value, out: &mut Vec<UnknownField>) {
        let Value::Map(map) = value else { return };
        for entry in map.entries() {
            let name = entry.key.as_str();
            match find_field(T::FIELDS, name) {
                Some(index) => T::unknown_in(index, &entry.value, out),
                None => out.push(UnknownField {
                    name: name.to_owned(),
                    place: Place::new(map.place().source, entry.key.offset()),
                    near: nearest(name, T::FIELDS.iter().copied()),
                }),
            }
        }
    }
}

/// Entries in the order in which the original's JSON has them: by key, bytewise. The last of equal fields wins.
fn in_json_order(map: &Map) -> Vec<&Entry> {
    let mut entries: Vec<&Entry> = map.entries().iter().collect();
    entries.sort_by(|a, b| a.key.as_str().cmp(b.key.as_str()));
    entries
}

fn find_field(fields: &[&str], key: &str) -> Option<usize> {
    let exact = fields.iter().position(|field| *field == key);
    exact.or_else(|| fields.iter().position(|field| field.eq_ignore_ascii_case(key)))
}

fn unknown_field(map: &Map, entry: &Entry, fields: &[&str]) -> DecodeError {
    let key = entry.key.as_str();
    let help = nearest(key, fields.iter().copied()).map(|near| format!("did you mean `{near}`?"));
    DecodeError {
        message: format!("unknown field \"{key}\""),
        place: Place::new(map.place().source, entry.key.offset()),
        help,
    }
}

/// The candidate that a person most likely meant.
pub(crate) fn nearest<'a>(wanted: &str, candidates: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let wanted_lower = wanted.to_lowercase();
    candidates
        .map(|candidate| (edit_distance(&wanted_lower, &candidate.to_lowercase()), candidate))
        .filter(|(distance, candidate)| *distance <= 1 + candidate.len().min(wanted.len()) / 4)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// Levenshtein distance in characters, with long texts cut, since only near misses matter.
fn edit_distance(a: &str, b: &str) -> usize {
    let a: Vec<char> = a.chars().take(64).collect();
    let b: Vec<char> = b.chars().take(64).collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, ca) in a.iter().enumerate() {
        let mut diagonal = i;
        let mut left = i + 1;
        for (j, cb) in b.iter().enumerate() {
            let above = row.get(j + 1).copied().unwrap_or(usize::MAX - 1);
            let next = (diagonal + usize::from(ca != cb)).min(above + 1).min(left + 1);
            diagonal = above;
            if let Some(cell) = row.get_mut(j) {
                *cell = left;
            }
            left = next;
        }
        if let Some(cell) = row.last_mut() {
            *cell = left;
        }
    }
    row.last().copied().unwrap_or(a.len())
}

fn wrong_type(value: &Value, expected: &str, field: &str) -> DecodeError {
    let found = kind_name(value);
    let message = match field {
        "" => format!("expected {expected}, found {found}"),
        field => format!("field \"{field}\": expected {expected}, found {found}"),
    };
    DecodeError { message, place: value.place(), help: string_help(value, expected) }
}

fn string_help(value: &Value, expected: &str) -> Option<String> {
    let scalar = value.as_scalar()?;
    (expected == "a string" && scalar.kind() != ScalarKind::Null)
        .then(|| format!("write it in quotes: \"{}\"", scalar.text()))
}

fn kind_name(value: &Value) -> &'static str {
    match value {
        Value::Map(_) => "a map",
        Value::Seq(_) => "a list",
        Value::Scalar(scalar) => match scalar.kind() {
            ScalarKind::Null => "null",
            ScalarKind::Bool => "a boolean",
            ScalarKind::Int | ScalarKind::Float => "a number",
            ScalarKind::Str | ScalarKind::Timestamp | ScalarKind::Binary => "a string",
        },
    }
}

impl Decode for String {
    fn decode(value: &Value, mode: Mode, field: &str) -> Result<Self, DecodeError> {
        let Some(scalar) = value.as_scalar() else { return Err(wrong_type(value, "a string", field)) };
        match scalar.kind() {
            ScalarKind::Str | ScalarKind::Timestamp | ScalarKind::Binary => Ok(scalar.text().to_owned()),
            ScalarKind::Null => Ok(Self::new()),
            _ if mode == Mode::Lenient => Ok(coerced(value)),
            _ => Err(wrong_type(value, "a string", field)),
        }
    }
}

/// The text of a number or boolean as it would be printed.
fn coerced(value: &Value) -> String {
    gitops_core::yaml::to_string(value).unwrap_or_default().trim_end().to_owned()
}

impl Decode for bool {
    fn decode(value: &Value, _: Mode, field: &str) -> Result<Self, DecodeError> {
        if value.is_null() {
            return Ok(false);
        }
        value.as_bool().ok_or_else(|| wrong_type(value, "a boolean", field))
    }
}

impl Decode for i64 {
    fn decode(value: &Value, _: Mode, field: &str) -> Result<Self, DecodeError> {
        if value.is_null() {
            return Ok(0);
        }
        let number =
            value.as_scalar().filter(|scalar| matches!(scalar.kind(), ScalarKind::Int | ScalarKind::Float));
        let text = number.map(|scalar| scalar.text().to_owned());
        text.and_then(|text| text.parse().ok()).ok_or_else(|| wrong_type(value, "an integer", field))
    }
}

impl<T: Decode> Decode for Option<T> {
    fn decode(value: &Value, mode: Mode, field: &str) -> Result<Self, DecodeError> {
        if value.is_null() { Ok(None) } else { T::decode(value, mode, field).map(Some) }
    }

    fn unknown(value: &Value, out: &mut Vec<UnknownField>) {
        T::unknown(value, out);
    }
}

impl<T: Decode> Decode for Vec<T> {
    fn decode(value: &Value, mode: Mode, field: &str) -> Result<Self, DecodeError> {
        if value.is_null() {
            return Ok(Self::new());
        }
        let Value::Seq(items) = value else { return Err(wrong_type(value, "a list", field)) };
        items.iter().map(|item| T::decode(item, mode, field)).collect()
    }

    fn unknown(value: &Value, out: &mut Vec<UnknownField>) {
        value.as_seq().into_iter().flatten().for_each(|item| T::unknown(item, out));
    }
}

/// A string that knows where it stands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Text {
    pub(crate) text: String,
    pub(crate) place: Place,
}

impl Text {
    /// The text as a shared string.
    pub(crate) fn shared(&self) -> smol_str::SmolStr {
        self.text.as_str().into()
    }
}

impl Deref for Text {
    type Target = str;

    fn deref(&self) -> &str {
        &self.text
    }
}

impl Decode for Text {
    fn decode(value: &Value, mode: Mode, field: &str) -> Result<Self, DecodeError> {
        Ok(Self { text: String::decode(value, mode, field)?, place: value.place() })
    }
}

/// `map[string]string`, sorted by key as the original applies such maps.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct StringMap(pub(crate) Vec<(String, Text)>);

impl StringMap {
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(crate) fn get(&self, key: &str) -> Option<&str> {
        self.0.iter().find(|(k, _)| k == key).map(|(_, value)| value.text.as_str())
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, &Text)> {
        self.0.iter().map(|(key, value)| (key.as_str(), value))
    }
}

impl Decode for StringMap {
    fn decode(value: &Value, mode: Mode, field: &str) -> Result<Self, DecodeError> {
        decode_map(value, mode, field).map(Self)
    }
}

/// `map[string]bool`.
#[derive(Clone, Debug, Default)]
pub(crate) struct BoolMap(Vec<(String, bool)>);

impl BoolMap {
    pub(crate) fn is_set(&self, key: &str) -> bool {
        self.0.iter().any(|(k, value)| k == key && *value)
    }
}

impl Decode for BoolMap {
    fn decode(value: &Value, mode: Mode, field: &str) -> Result<Self, DecodeError> {
        decode_map(value, mode, field).map(Self)
    }
}

fn decode_map<T: Decode>(value: &Value, mode: Mode, field: &str) -> Result<Vec<(String, T)>, DecodeError> {
    if value.is_null() {
        return Ok(Vec::new());
    }
    let Value::Map(map) = value else { return Err(wrong_type(value, "a map", field)) };
    let mut pairs: Vec<(String, T)> = Vec::with_capacity(map.len());
    for entry in in_json_order(map) {
        let decoded = T::decode(&entry.value, mode, field)?;
        match pairs.last_mut() {
            Some((key, last)) if key == entry.key.as_str() => *last = decoded,
            _ => pairs.push((entry.key.as_str().to_owned(), decoded)),
        }
    }
    Ok(pairs)
}

/// Any value, kept as it is.
#[derive(Clone, Debug, Default)]
pub(crate) struct Any(pub(crate) Value);

impl Decode for Any {
    fn decode(value: &Value, _: Mode, _: &str) -> Result<Self, DecodeError> {
        Ok(Self(value.clone()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_name_is_close_or_nothing() {
        for (wanted, near) in [
            ("resource", Some("resources")),
            ("nameprefix", Some("namePrefix")),
            ("patchs", Some("patches")),
            ("frobnicate", None),
        ] {
            assert_eq!(nearest(wanted, ["resources", "namePrefix", "patches"].into_iter()), near, "{wanted}");
        }
    }
}
