//! What both readers make values and keys with.

use super::error::{ErrorKind, ReadError};
use super::input::Offsets;
use super::resolve::resolve;
use super::{Dialect, Options};
use crate::value::{Entry, Key, Map, Number, Place, Scalar, ScalarKind, SourceId, Style, Value};
use std::cell::RefCell;
use std::collections::HashMap;
use std::collections::hash_map::Entry as Slot;

/// Maps with more entries are searched by hash.
const LARGE: usize = 16;

/// Dialect and source of a text, and the way from offsets in the text to places.
#[derive(Clone, Copy)]
pub(super) struct Builder<'a> {
    pub(super) dialect: Dialect,
    source: SourceId,
    /// Offset of the part that is being read in the whole text.
    base: usize,
    offsets: &'a Offsets,
    /// Keys that occurred before in their map, where the last one counts.
    duplicates: &'a RefCell<Vec<Place>>,
}

impl<'a> Builder<'a> {
    pub(super) fn new(
        options: &Options,
        base: usize,
        offsets: &'a Offsets,
        duplicates: &'a RefCell<Vec<Place>>,
    ) -> Self {
        Self { dialect: options.dialect, source: options.source, base, offsets, duplicates }
    }

    pub(super) fn offset(&self, offset: usize) -> u32 {
        self.offsets.original((self.base + offset) as u32)
    }

    pub(super) fn place(&self, offset: usize) -> Place {
        Place::new(self.source, self.offset(offset))
    }

    pub(super) fn error(&self, kind: ErrorKind, offset: usize, context: Option<usize>) -> ReadError {
        ReadError { kind, place: self.place(offset), context: context.map(|context| self.place(context)) }
    }

    /// An untagged scalar.
    pub(super) fn scalar(&self, text: &str, style: Style, offset: usize) -> Scalar {
        let kind = if style == Style::Plain { resolve(text, self.dialect) } else { ScalarKind::Str };
        Scalar::placed(kind, text, style, self.place(offset))
    }

    /// Whether a collection is one in brackets from here on; only kustomize keeps styles.
    pub(super) fn keeps_flow(&self, flow: bool) -> bool {
        flow && self.dialect == Dialect::Kustomize
    }

    /// The value of nothing.
    pub(super) fn nothing(&self, offset: usize) -> Value {
        Value::Scalar(Scalar::placed(ScalarKind::Null, "", Style::Plain, self.place(offset)))
    }

    /// The key that a scalar makes; with the kubectl dialect all keys become strings.
    pub(super) fn key(&self, scalar: &Scalar) -> Result<Key, ErrorKind> {
        let text = scalar.text();
        let key = match (self.dialect, scalar.kind()) {
            // kustomize sets every key once more by its text, for which null stands for nothing: a null with a text
            // appears twice then, and one without becomes an empty string.
            (Dialect::Kustomize, ScalarKind::Null) if text.is_empty() => {
                Key::typed("", ScalarKind::Str, Style::Double)
            }
            (Dialect::Kustomize, ScalarKind::Null) => return Err(ErrorKind::UnsupportedKey(text.to_owned())),
            (Dialect::Kustomize, kind) => Key::typed(text, kind, scalar.style()),
            (Dialect::Kubectl, ScalarKind::Str | ScalarKind::Timestamp | ScalarKind::Binary) => {
                Key::typed(text, ScalarKind::Str, scalar.style())
            }
            (Dialect::Kubectl, kind) => {
                let text = json_key(kind, text).ok_or_else(|| ErrorKind::UnsupportedKey(text.to_owned()))?;
                Key::typed(&text, ScalarKind::Str, Style::Plain)
            }
        };
        Ok(key.at(scalar.place().offset))
    }

    /// A map of these entries; with the kubectl dialect the last of equal keys wins, at the place of the first.
    pub(super) fn map(&self, entries: Vec<Entry>, offset: usize) -> Map {
        let entries = match self.dialect {
            Dialect::Kubectl => last_wins(entries, |entry| {
                self.duplicates.borrow_mut().push(Place::new(self.source, entry.key.offset()));
            }),
            Dialect::Kustomize => entries,
        };
        Map::placed(entries, self.place(offset))
    }
}

/// Text of a key that is no string, as sigs.k8s.io/yaml writes it.
fn json_key(kind: ScalarKind, text: &str) -> Option<String> {
    match kind {
        ScalarKind::Bool => {
            let on =
                matches!(text.as_bytes(), [b't' | b'T' | b'y' | b'Y', ..]) || text.eq_ignore_ascii_case("on");
            Some(if on { "true" } else { "false" }.to_owned())
        }
        ScalarKind::Int => match Number::parse(text)? {
            Number::Int(value) => Some(value.to_string()),
            _ => None,
        },
        ScalarKind::Float => match text.trim_start_matches('+') {
            ".inf" | ".Inf" | ".INF" => Some(".inf".to_owned()),
            "-.inf" | "-.Inf" | "-.INF" => Some("-.inf".to_owned()),
            ".nan" | ".NaN" | ".NAN" => Some(".nan".to_owned()),
            text => Number::parse(text).map(|value| shortest_f32(value.as_f64() as f32)),
        },
        ScalarKind::Null => None,
        ScalarKind::Str | ScalarKind::Timestamp | ScalarKind::Binary => Some(text.to_owned()),
    }
}

/// Go's `strconv.FormatFloat(value, 'g', -1, 32)` of a finite value, or its words for an infinite one.
fn shortest_f32(value: f32) -> String {
    if value.is_infinite() {
        return if value > 0.0 { ".inf" } else { "-.inf" }.to_owned();
    }
    let scientific = format!("{value:e}");
    let (digits, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    if !(-4..6).contains(&exponent) {
        let sign = if exponent < 0 { '-' } else { '+' };
        return format!("{digits}e{sign}{:02}", exponent.abs());
    }
    format!("{value}")
}

/// Of equal keys the last stays; `repeated` sees every one but the first.
fn last_wins(entries: Vec<Entry>, repeated: impl Fn(&Entry)) -> Vec<Entry> {
    let has_duplicates = if entries.len() <= LARGE {
        entries
            .iter()
            .enumerate()
            .any(|(index, entry)| entries[..index].iter().any(|other| other.key == entry.key))
    } else {
        let mut seen = std::collections::HashSet::with_capacity(entries.len());
        !entries.iter().all(|entry| seen.insert(&entry.key))
    };
    if !has_duplicates {
        return entries;
    }
    let mut kept: Vec<Entry> = Vec::with_capacity(entries.len());
    let mut positions: HashMap<Key, usize> = HashMap::with_capacity(entries.len());
    for entry in entries {
        match positions.entry(entry.key.clone()) {
            Slot::Occupied(slot) => {
                repeated(&entry);
                kept[*slot.get()] = entry;
            }
            Slot::Vacant(slot) => {
                slot.insert(kept.len());
                kept.push(entry);
            }
        }
    }
    kept
}
