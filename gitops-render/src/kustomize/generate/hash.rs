//! The hash that is added to the names of generated objects, so that a change of their data is a change of name.
//!
//! ```
//! use gitops_render::kustomize::generate::hash::name_suffix;
//! use gitops_render::kustomize::generate::objects::{ObjectSettings, config_map};
//! let settings = ObjectSettings { name: "a".into(), ..Default::default() };
//! let object = config_map(&settings, [("a", &b"b"[..])]).unwrap();
//! assert_eq!(name_suffix(&object).unwrap(), "4h2mbtbbt6");
//! ```
//!
//! It is taken of a JSON text with the kind, the data, the type of a Secret, and a name that is always empty, because
//! the original looks for a field called `metadata/name`. Absent data is an empty string in that text; absent binary
//! data is left out.

use crate::kustomize::go_json::{self, Numbers};
use crate::kustomize::gvk::GvkRef;
use gitops_core::Value;
use sha2::{Digest as _, Sha256};

pub use crate::kustomize::go_json::GoJsonError;

/// Why an object has no hash.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum HashError {
    /// The data can't be written as JSON.
    #[error(transparent)]
    Json(#[from] GoJsonError),
}

/// The ten characters that follow the name.
///
/// Objects other than ConfigMaps and Secrets, which ask for a hash by an internal annotation, get one of all their
/// fields here; the original's is in [`super::node_hash`].
pub fn name_suffix(object: &Value) -> Result<String, HashError> {
    let text = match GvkRef::of(object).kind {
        "ConfigMap" => encode_config_map(object)?,
        "Secret" => encode_secret(object)?,
        _ => {
            let mut text = String::new();
            go_json::write(&mut text, object, Numbers::Floats)?;
            text
        }
    };
    Ok(shorten(&Sha256::digest(text.as_bytes())))
}

/// The text that a ConfigMap's hash is taken of.
pub fn encode_config_map(object: &Value) -> Result<String, HashError> {
    let mut text = String::from("{");
    if object.get("binaryData").is_some_and(is_container) {
        push_field(&mut text, "binaryData", object)?;
        text.push(',');
    }
    push_field(&mut text, "data", object)?;
    text.push_str(r#","kind":"ConfigMap","name":""}"#);
    Ok(text)
}

/// The text that a Secret's hash is taken of.
pub fn encode_secret(object: &Value) -> Result<String, HashError> {
    let mut text = String::from("{");
    push_field(&mut text, "data", object)?;
    text.push_str(r#","kind":"Secret","name":"","#);
    if object.get("stringData").is_some_and(is_container) {
        push_field(&mut text, "stringData", object)?;
        text.push(',');
    }
    push_field(&mut text, "type", object)?;
    text.push('}');
    Ok(text)
}

fn is_container(value: &Value) -> bool {
    !matches!(value, Value::Scalar(_))
}

/// One field of the text: a map as such, a scalar as its text, nothing as empty text. A list becomes null.
fn push_field(text: &mut String, field: &str, object: &Value) -> Result<(), HashError> {
    go_json::write_string(text, field);
    text.push(':');
    match object.get(field) {
        Some(map @ Value::Map(_)) => go_json::write(text, map, Numbers::Floats)?,
        Some(Value::Seq(_)) => text.push_str("null"),
        Some(Value::Scalar(scalar)) => go_json::write_string(text, scalar.text()),
        None => go_json::write_string(text, ""),
    }
    Ok(())
}

/// The first ten hex digits, without vowels and look-alikes, so that no words come out.
pub(super) fn shorten(digest: &[u8]) -> String {
    let digits = digest.iter().take(5).flat_map(|byte| [byte >> 4, byte & 15]);
    let letter = |digit: u8| match digit {
        0 => 'g',
        1 => 'h',
        3 => 'k',
        10 => 'm',
        14 => 't',
        other => char::from_digit(u32::from(other), 16).unwrap_or('x'),
    };
    digits.map(letter).collect()
}

#[cfg(test)]
mod tests {
    use super::super::super::testing::json;
    use super::*;

    #[test]
    fn hashes_are_those_of_kustomize() {
        for (object, expected) in [
            (r#"{"kind":"ConfigMap"}"#, "6ct58987ht"),
            (r#"{"kind":"ConfigMap","data":{"one":""}}"#, "9g67k2htb6"),
            (r#"{"kind":"ConfigMap","data":{"two":2,"one":"","three":3}}"#, "7757f9kkct"),
            (r#"{"kind":"ConfigMap","binaryData":{"two":2,"one":"","three":3}}"#, "9th7kc28dg"),
            (r#"{"kind":"Secret","type":"my-type"}"#, "5gmgkf8578"),
            (r#"{"kind":"Secret","type":"my-type","data":{"one":""},"stringData":{"two":2}}"#, "c4h4264gdb"),
            (r#"{"kind":"Secret","type":"Opaque","data":{}}"#, "46f8b28mk5"),
            (r#"{"kind":"ConfigMap","data":{"a":"<&>","b":"\u2028"}}"#, "tbmmgb6b55"),
        ] {
            assert_eq!(name_suffix(&json(object)).unwrap(), expected, "{object}");
        }
    }
}
