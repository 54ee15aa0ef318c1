//! Maps of texts: what the original leaves of labels, annotations and data once it has set them.

use super::node;
use super::plain;
use gitops_core::value::{Entry, Map, Scalar, ScalarKind, Style, Value};

/// A map of texts, as the original makes of labels and annotations that it sets; nothing where it is one already.
pub(crate) fn as_texts(map: &Map) -> Option<Map> {
    if map.entries().iter().all(is_text) {
        return None;
    }
    Some(Map::placed(map.entries().iter().map(as_text).collect(), map.place()))
}

/// Whether an entry is as [`as_text`] leaves it.
pub(crate) fn is_text(entry: &Entry) -> bool {
    let is_string = |scalar: &Scalar| {
        scalar.kind() == ScalarKind::Str && scalar.style() != Style::Folded && !scalar.is_untyped()
    };
    entry.value.as_scalar().is_some_and(is_string)
        && entry.key.kind() == ScalarKind::Str
        && plain::kind(entry.key.as_str()) == ScalarKind::Str
}

/// The entry as a string under an unquoted key.
pub(crate) fn as_text(entry: &Entry) -> Entry {
    let text = entry.value.as_scalar().map(|scalar| scalar.shared_text().clone()).unwrap_or_default();
    let mut value = if text.is_empty() { Value::from("") } else { Value::from(node::string(text)) };
    value.set_place(entry.value.place());
    Entry { key: plain::key(entry.key.as_str()).at(entry.key.offset()), value }
}
