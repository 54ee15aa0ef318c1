//! What is odd about the text of a configuration, whatever it configures: read once, by a reader that says what it saw.

use super::Warning;
use super::codes::{DUPLICATE_KEY, SEVERAL_DOCUMENTS, YAML_1_1_BOOLEAN};
use super::manifests::{is_old_boolean, number};
use super::text::after_first_document;
use gitops_core::diagnostic::Diagnostic;
use gitops_core::value::{Entry, Map, Place, ScalarKind, SourceId, Style, Value};
use gitops_core::yaml::Document;
use memchr::memmem;

/// What is odd about the text of a configuration, whatever it configures.
pub(crate) fn warnings(bytes: &[u8], source: SourceId, document: &Document) -> Vec<Warning> {
    let mut warnings = Vec::new();
    if let Some(offset) = rest(bytes) {
        let place = Place::new(source, offset as u32);
        warnings
            .push((place, SEVERAL_DOCUMENTS.says("only the first document is read; this one is ignored")));
    }
    for place in &document.duplicates {
        warnings.push((*place, duplicate(key_at(bytes, place.offset))));
    }
    values(bytes, &document.root, &mut warnings);
    warnings
}

/// Where a second document begins.
fn rest(bytes: &[u8]) -> Option<usize> {
    let marked = ["---", "...", "{", "["].iter().any(|start| bytes.starts_with(start.as_bytes()))
        || memmem::find(bytes, b"\n---").is_some()
        || memmem::find(bytes, b"\n...").is_some();
    after_first_document(std::str::from_utf8(bytes).ok().filter(|_| marked)?)
}

/// The key at an offset, as it is written but for quotes.
fn key_at(bytes: &[u8], offset: u32) -> &str {
    let rest = bytes.get(offset as usize..).unwrap_or_default();
    let (rest, ends): (_, &[u8]) = match rest {
        [b'"' | b'\'', quoted @ ..] => (quoted, b"\"'\n"),
        plain => (plain, b":\n"),
    };
    let end = rest.iter().position(|byte| ends.contains(byte)).unwrap_or(rest.len());
    std::str::from_utf8(rest.get(..end).unwrap_or_default()).unwrap_or_default().trim_end()
}

pub(super) fn duplicate(key: &str) -> Diagnostic {
    DUPLICATE_KEY.says(format!("'{key}' occurs twice; only one of the two counts"))
}

fn values(bytes: &[u8], root: &Value, warnings: &mut Vec<Warning>) {
    let mut pending = vec![(root, "")];
    while let Some((value, key)) = pending.pop() {
        match value {
            Value::Scalar(scalar) => match (scalar.style(), scalar.kind()) {
                (Style::Plain, ScalarKind::Int | ScalarKind::Float) => warnings.extend(number(scalar, key)),
                (Style::Plain, ScalarKind::Bool)
                    if is_old_boolean(scalar.text()) && !BOOLEAN_FIELDS.contains(&key) =>
                {
                    warnings.push((scalar.place(), old_boolean(scalar.text())));
                }
                _ => {}
            },
            Value::Seq(list) => pending.extend(list.iter().map(|item| (item, key))),
            Value::Map(map) => {
                old_boolean_keys(bytes, map, warnings);
                pending.extend(map.entries().iter().map(|entry| (&entry.value, entry.key.as_str())));
            }
        }
    }
}

/// Keys that are booleans; the reader has made strings of them.
fn old_boolean_keys(bytes: &[u8], map: &Map, warnings: &mut Vec<Warning>) {
    for entry in map.entries().iter().filter(|entry| matches!(entry.key.as_str(), "true" | "false")) {
        let word = key_at(bytes, entry.key.offset());
        if is_old_boolean(word) {
            warnings.push((key_place(map, entry), old_boolean(word)));
        }
    }
}

/// Fields in which `yes` and `no` mean what they say.
const BOOLEAN_FIELDS: [&str; 8] = [
    "includeSelectors",
    "includeTemplates",
    "create",
    "immutable",
    "disableNameSuffixHash",
    "allowNameChange",
    "allowKindChange",
    "unsetOnly",
];

fn old_boolean(text: &str) -> Diagnostic {
    let value = text.starts_with(['y', 'Y']) || text.eq_ignore_ascii_case("on");
    YAML_1_1_BOOLEAN.says(format!("'{text}' is the boolean {value} here"))
}

pub(super) fn key_place(map: &Map, entry: &Entry) -> Place {
    Place::new(map.place().source, entry.key.offset())
}
