//! From documents to objects: what kustomize accepts as a resource.
//!
//! Rules of kustomize 5.8.1 (api/resource/factory.go): null and empty documents vanish; anything else must be a map
//! with `kind` and `metadata.name` (the name may be missing where the kind ends in `List`); a list must not hold an
//! empty item.

use crate::kustomize::error::{Error, code};
use gitops_core::value::{Seq, Value};

/// Checks documents as the original does and unpacks lists; order is that of the original.
pub(crate) fn objects(documents: Vec<Value>) -> Result<Vec<Value>, Error> {
    let mut kept = Vec::with_capacity(documents.len());
    for document in documents {
        if is_nothing(&document) {
            continue;
        }
        check(&document)?;
        kept.push(document);
    }
    unpack(kept)
}

/// Replaces `*List` objects by their items, which queue up behind the other objects.
fn unpack(objects: Vec<Value>) -> Result<Vec<Value>, Error> {
    let is_list = |object: &Value| object.get("kind").and_then(Value::as_text).is_some_and(|kind| kind.ends_with("List"));
    if !objects.iter().any(is_list) {
        return Ok(objects);
    }
    let mut queue: std::collections::VecDeque<Value> = objects.into();
    let mut unpacked = Vec::with_capacity(queue.len());
    while let Some(mut object) = queue.pop_front() {
        if !is_list(&object) {
            unpacked.push(object);
            continue;
        }
        match object.get_mut("items").map(std::mem::take) {
            None => {}
            Some(items) if items.is_null() => {}
            Some(Value::Seq(items)) => {
                for item in items.into_items() {
                    if is_nothing(&item) {
                        continue;
                    }
                    check(&item)?;
                    queue.push_back(item);
                }
            }
            Some(other) => {
                let kind = object.get("kind").and_then(Value::as_text).unwrap_or_default();
                return Err(Error::new(code::NOT_AN_OBJECT, format!("expected array in {kind}/items")).at(other.place()));
            }
        }
    }
    Ok(unpacked)
}

fn is_nothing(document: &Value) -> bool {
    match document {
        Value::Scalar(_) => document.is_null(),
        Value::Map(map) => map.is_empty(),
        Value::Seq(seq) => seq.is_empty(),
    }
}

/// Fails for what cannot be a resource.
pub(crate) fn check(object: &Value) -> Result<(), Error> {
    let name = check_identity(object)?;
    match nil_item(object) {
        Some((path, place)) => Err(Error::new(
            code::NOT_AN_OBJECT,
            format!("empty item at {path} in object {}", described(object, name)),
        )
        .at(place)),
        None => Ok(()),
    }
}

/// Fails for an object without kind or name; gives the name.
pub(crate) fn check_identity(object: &Value) -> Result<&str, Error> {
    let fault = |message: String| Error::new(code::NOT_AN_OBJECT, message).at(object.place());
    let Value::Map(map) = object else {
        return Err(fault("missing Resource metadata".to_owned()).help("a manifest is a map with `kind` and `metadata.name`"));
    };
    let kind = map.get("kind").and_then(Value::as_text).unwrap_or_default();
    if kind.is_empty() && map.get("metadata").is_none() && map.get("apiVersion").is_none() {
        return Err(fault("missing Resource metadata".to_owned()).help("a manifest is a map with `kind` and `metadata.name`"));
    }
    let name = map.get("metadata").and_then(|metadata| metadata.get("name"));
    let name = name.filter(|name| !name.is_null()).and_then(Value::as_text).unwrap_or_default();
    if kind.is_empty() {
        return Err(fault(format!("missing kind in object {}", described(object, name))));
    }
    if name.is_empty() && !kind.ends_with("List") {
        return Err(fault(format!("missing metadata.name in object {}", described(object, name))));
    }
    Ok(name)
}

fn described(object: &Value, name: &str) -> String {
    let text = |key: &str| object.get(key).and_then(Value::as_text).unwrap_or_default().to_owned();
    format!("{{{} {} {name}}}", text("apiVersion"), text("kind"))
}

/// The first null item of a list, depth first, with its path.
fn nil_item(object: &Value) -> Option<(String, gitops_core::value::Place)> {
    fn has_null(seq: &Seq) -> bool {
        seq.iter().any(Value::is_null)
    }
    let mut pending: Vec<&Value> = vec![object];
    while let Some(value) = pending.pop() {
        match value {
            Value::Scalar(_) => {}
            Value::Seq(seq) if has_null(seq) => {
                let place = seq.iter().find(|item| item.is_null()).map(Value::place).unwrap_or_default();
                return Some((path_to(object, value), place));
            }
            Value::Seq(seq) => pending.extend(seq.iter().filter(|item| item.has_children())),
            Value::Map(map) => pending.extend(map.values().filter(|item| item.has_children())),
        }
    }
    None
}

/// Dotted path from `root` to the node `wanted`, found by walking; used for messages only.
fn path_to(root: &Value, wanted: &Value) -> String {
    let mut pending: Vec<(String, &Value)> = vec![(String::new(), root)];
    while let Some((path, value)) = pending.pop() {
        if std::ptr::eq(value, wanted) {
            return path;
        }
        match value {
            Value::Scalar(_) => {}
            Value::Seq(seq) => {
                pending.extend(seq.iter().enumerate().map(|(index, item)| (format!("{path}[{index}]"), item)));
            }
            Value::Map(map) => pending.extend(map.iter().map(|(key, item)| {
                let dot = if path.is_empty() { "" } else { "." };
                (format!("{path}{dot}{key}"), item)
            })),
        }
    }
    String::new()
}
