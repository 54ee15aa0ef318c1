//! From documents to objects: what kustomize accepts as a resource.
//!
//! Rules of kustomize 5.8.1 (api/resource/factory.go): null and empty documents vanish; anything else must be a map
//! with `kind` and `metadata.name` (the name may be missing where the kind ends in `List`).

use crate::kustomize::error::{Error, code};
use gitops_core::value::Value;

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
    // Without `items` it is an ordinary object.
    let is_list = |object: &Value| {
        let kind = object.get("kind").and_then(Value::as_text);
        kind.is_some_and(|kind| kind.ends_with("List")) && object.get("items").is_some()
    };
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
    check_identity(object).map(drop)
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
