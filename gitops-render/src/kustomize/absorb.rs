//! What a generated resource takes over from the one that it merges into or replaces.
//!
//! The result is the new object with metadata of the old one; every other field of the old object (its type, whether
//! it is immutable, whatever a patch added) is gone, as in the original (api/resource/resource.go of kustomize 5.8.1).

use super::explain::Step;
use super::resource::Resource;
use super::texts::as_text;
use gitops_core::value::{Entry, Map, Place, Style, Value};

/// What became of the existing object, for warnings.
#[derive(Debug, Default)]
pub(crate) struct Absorbed {
    /// Kind and name of the existing object.
    pub(crate) name: String,
    /// Its fields that are gone.
    pub(crate) lost: Vec<String>,
    /// Whether the generated object would have a hash, had the existing one.
    pub(crate) hash_dropped: bool,
    /// Keys that are in `data` and in `binaryData` now.
    pub(crate) twice: Vec<String>,
}

/// Takes labels, annotations, name and namespace over from `old`; with `merge` also data.
pub(crate) fn inherit(new: &mut Resource, old: &Resource, merge: bool) -> Absorbed {
    let mut absorbed = Absorbed { name: old.kind_and_name(), ..Absorbed::default() };
    absorbed.hash_dropped = new.needs_hash && !old.needs_hash;
    let old_value = old.value().clone();
    let value = new.value_mut();
    merge_metadata(value, &old_value, "labels");
    merge_metadata(value, &old_value, "annotations");
    for field in ["name", "namespace"] {
        let text = old_value.get("metadata").and_then(|metadata| metadata.get(field)).cloned();
        let Some(metadata) = value.get_mut("metadata").and_then(Value::as_map_mut) else { continue };
        match text {
            Some(text) => drop(metadata.insert(field, text)),
            None => drop(metadata.remove(field)),
        }
    }
    if merge {
        merge_strings(value, &old_value, "data");
        merge_strings(value, &old_value, "binaryData");
    }
    absorbed.lost = lost_fields(value, &old_value, merge);
    absorbed.twice = keys_twice(value);
    // A former identity is what references to the old object are found by.
    new.previous.clone_from(&old.previous);
    new.prefixes.clone_from(&old.prefixes);
    new.suffixes.clone_from(&old.suffixes);
    new.variables.clone_from(&old.variables);
    // A plain object has no hash, and the generator's wish for one is lost.
    new.needs_hash = new.needs_hash && old.needs_hash;
    let step = new.steps.pop().map(|step| Step { before: old_value.clone(), ..step });
    new.steps = old.steps.iter().cloned().chain(step).collect();
    if new.transformations.is_empty() {
        new.transformations.clone_from(&old.transformations);
    }
    if old.origin.is_some() && merge {
        new.origin.clone_from(&old.origin);
    }
    new.adopt_id_of(old);
    absorbed
}

/// Fields of the old object that the new one lacks, and a type that is no longer what it was. What `replace` is asked
/// to replace is not lost.
fn lost_fields(new: &Value, old: &Value, merge: bool) -> Vec<String> {
    let keys = |value: &Value| -> Vec<String> {
        value.as_map().into_iter().flat_map(Map::keys).map(|key| key.as_str().to_owned()).collect()
    };
    let is_data = |field: &str| matches!(field, "data" | "binaryData" | "stringData");
    let missing = |field: &String| new.get(field).is_none() && (merge || !is_data(field));
    let mut lost: Vec<String> = keys(old).into_iter().filter(missing).collect();
    let kind = |value: &Value| value.get("type").and_then(Value::as_text).map(str::to_owned);
    if let (Some(old), Some(new)) = (kind(old), kind(new))
        && new == "Opaque"
        && old != new
    {
        lost.push(format!("type: {old}"));
    }
    let (old, new) = (old.get("metadata"), new.get("metadata"));
    let gone = |field: &String| new.is_none_or(|new| new.get(field).is_none());
    lost.extend(
        old.map(keys).unwrap_or_default().into_iter().filter(gone).map(|field| format!("metadata.{field}")),
    );
    lost
}

fn keys_twice(value: &Value) -> Vec<String> {
    let map = |field: &str| value.get(field).and_then(Value::as_map);
    let (Some(data), Some(binary)) = (map("data"), map("binaryData")) else { return Vec::new() };
    binary.keys().filter(|key| data.contains_key(key.as_str())).map(|key| key.as_str().to_owned()).collect()
}

fn merge_metadata(value: &mut Value, old: &Value, field: &str) {
    let Some(old) = old.get("metadata").and_then(|metadata| metadata.get(field)).and_then(Value::as_map)
    else {
        return;
    };
    let Some(metadata) = value.get_mut("metadata").and_then(Value::as_map_mut) else { return };
    let new = metadata.get(field).and_then(Value::as_map).cloned().unwrap_or_default();
    let merged = merged(old, &new, as_text);
    if !merged.is_empty() {
        metadata.insert(field, Value::from(merged));
    }
}

fn merge_strings(value: &mut Value, old: &Value, field: &str) {
    let Some(map) = value.as_map_mut() else { return };
    let Some(old) = old.get(field).and_then(Value::as_map) else { return };
    let new = map.get(field).and_then(Value::as_map).cloned().unwrap_or_default();
    let merged = merged(old, &new, as_datum);
    if merged.is_empty() {
        map.remove(field);
    } else {
        map.insert(field, Value::from(merged));
    }
}

/// Entries of both, those of `new` winning; every value becomes text.
fn merged(old: &Map, new: &Map, text: impl Fn(&Entry) -> Entry) -> Map {
    let kept = old.entries().iter().filter(|entry| !new.contains_key(entry.key.as_str()));
    Map::placed(kept.chain(new.entries()).map(text).collect(), Place::NONE)
}

/// As [`as_text`]; a null in data is nothing, however it is spelled, and text of several lines is in quotes.
fn as_datum(entry: &Entry) -> Entry {
    if !entry.value.is_null() {
        let mut entry = as_text(entry);
        if let Value::Scalar(scalar) = &mut entry.value
            && scalar.text().contains('\n')
        {
            scalar.set_style(Style::Double);
        }
        return entry;
    }
    let mut value = Value::from("");
    value.set_place(entry.value.place());
    as_text(&Entry { key: entry.key.clone(), value })
}
