//! From documents to objects: what kustomize accepts as a resource.
//!
//! Rules of kustomize 5.8.1 (api/resource/factory.go): null and empty documents vanish; anything else must be a map
//! with `kind` and `metadata.name` (the name may be missing where the kind ends in `List`).

use crate::kustomize::error::{Error, code};
use gitops_core::value::Value;

/// Fails for documents that are no objects.
pub(crate) fn objects(documents: Vec<Value>) -> Result<Vec<Value>, Error> {
    documents.iter().try_for_each(|document| check_identity(document).map(drop))?;
    Ok(documents)
}

/// Fails for an object without kind or name; gives the name.
pub(crate) fn check_identity(object: &Value) -> Result<&str, Error> {
    let fault = |message: String| Error::new(code::NOT_AN_OBJECT, message).at(object.place());
    let Value::Map(map) = object else {
        return Err(fault("missing Resource metadata".to_owned())
            .help("a manifest is a map with `kind` and `metadata.name`"));
    };
    let kind = map.get("kind").and_then(Value::as_text).unwrap_or_default();
    if kind.is_empty() && map.get("metadata").is_none() && map.get("apiVersion").is_none() {
        return Err(fault("missing Resource metadata".to_owned())
            .help("a manifest is a map with `kind` and `metadata.name`"));
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
