//! The ConfigMaps and Secrets that generators make.
//!
//! ```
//! use gitops_core::Value;
//! use gitops_render::kustomize::generate::objects::{ObjectSettings, config_map};
//! let settings = ObjectSettings { name: "app".into(), ..Default::default() };
//! let object = config_map(&settings, [("port", &b"80"[..])]).unwrap();
//! assert_eq!(object.get("data").and_then(|data| data.get("port")).and_then(Value::as_str), Some("80"));
//! ```
//!
//! * Data of a ConfigMap that is not UTF-8 goes to `binaryData`. All data of a Secret is base64.
//! * Base64 of 70 characters and more is broken after every 70, also at its end, so it is printed as a block.
//! * A Secret without data has an empty `data`, a ConfigMap none.
//! * Keys are written without quotes: a key `1` or `true` is no string and fails the build at its end.

use super::super::node;
use super::super::plain;
use super::options::GeneratorOptions;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use gitops_core::value::Entry;
use gitops_core::{Key, Map, Place, Scalar, ScalarKind, Style, Value};
use smol_str::SmolStr;
use std::collections::BTreeMap;

/// Name and options of a generated object.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct ObjectSettings {
    /// Name, without prefix, suffix and hash.
    pub name: SmolStr,
    /// Namespace, or empty.
    pub namespace: SmolStr,
    /// Options, already completed by those of the kustomization.
    pub options: GeneratorOptions,
}

/// Why an object can't be made.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum ObjectError {
    /// No name.
    #[error("a configmap must have a name")]
    NoName,
    /// Two sources give one key. The original says "configmap" of Secrets, too.
    #[error("configmap {name} illegally repeats the key `{key}`")]
    RepeatedKey {
        /// Name of the object.
        name: SmolStr,
        /// The key.
        key: SmolStr,
    },
}

/// A ConfigMap of these keys and values.
pub fn config_map<'p>(
    settings: &ObjectSettings,
    pairs: impl IntoIterator<Item = (&'p str, &'p [u8])>,
) -> Result<Value, ObjectError> {
    let mut fields = base(settings, "ConfigMap")?;
    let (mut data, mut binary) = (Vec::new(), Vec::new());
    for (key, value) in sorted(settings, pairs)? {
        match std::str::from_utf8(value) {
            Ok(text) => data.push(entry(plain::key(key), text_value(text))),
            Err(_) => binary.push(entry(plain::key(key), text_value(&base64_lines(value)))),
        }
    }
    for (field, entries) in [("data", data), ("binaryData", binary)] {
        if !entries.is_empty() {
            fields.push(entry(Key::new(field), Value::Map(Map::placed(entries, Place::NONE))));
        }
    }
    Ok(finish(fields, settings))
}

/// A Secret of these keys and values; an empty type is `Opaque`.
pub fn secret<'p>(
    settings: &ObjectSettings,
    secret_type: &str,
    pairs: impl IntoIterator<Item = (&'p str, &'p [u8])>,
) -> Result<Value, ObjectError> {
    let mut fields = base(settings, "Secret")?;
    let secret_type = if secret_type.is_empty() { "Opaque" } else { secret_type };
    fields.push(entry(Key::new("type"), Value::Scalar(node::string(secret_type))));
    let data = sorted(settings, pairs)?
        .into_iter()
        .map(|(key, value)| entry(plain::key(key), text_value(&base64_lines(value))))
        .collect();
    fields.push(entry(Key::new("data"), Value::Map(Map::placed(data, Place::NONE))));
    Ok(finish(fields, settings))
}

fn entry(key: Key, value: Value) -> Entry {
    Entry { key, value }
}

fn base(settings: &ObjectSettings, kind: &'static str) -> Result<Vec<Entry>, ObjectError> {
    if settings.name.is_empty() {
        return Err(ObjectError::NoName);
    }
    let mut metadata = vec![entry(Key::new("name"), Value::Scalar(node::string(settings.name.clone())))];
    if !settings.namespace.is_empty() {
        metadata.push(entry(Key::new("namespace"), Value::Scalar(node::string(settings.namespace.clone()))));
    }
    for (field, pairs) in
        [("labels", &settings.options.labels), ("annotations", &settings.options.annotations)]
    {
        if !pairs.is_empty() {
            let quoted = |(key, value): (&SmolStr, &SmolStr)| {
                let value = Scalar::new(ScalarKind::Str, value.clone(), Style::Single);
                entry(plain::key(key), Value::Scalar(value))
            };
            let map = Map::placed(pairs.iter().map(quoted).collect(), Place::NONE);
            metadata.push(entry(Key::new(field), Value::Map(map)));
        }
    }
    Ok(vec![
        entry(Key::new("apiVersion"), Value::from("v1")),
        entry(Key::new("kind"), Value::from(kind)),
        entry(Key::new("metadata"), Value::Map(Map::placed(metadata, Place::NONE))),
    ])
}

fn finish(mut fields: Vec<Entry>, settings: &ObjectSettings) -> Value {
    if settings.options.immutable {
        fields.push(entry(Key::new("immutable"), Value::from(true)));
    }
    Value::Map(Map::placed(fields, Place::NONE))
}

fn sorted<'p>(
    settings: &ObjectSettings,
    pairs: impl IntoIterator<Item = (&'p str, &'p [u8])>,
) -> Result<BTreeMap<&'p str, &'p [u8]>, ObjectError> {
    let mut map = BTreeMap::new();
    for (key, value) in pairs {
        if map.insert(key, value).is_some() {
            return Err(ObjectError::RepeatedKey { name: settings.name.clone(), key: key.into() });
        }
    }
    Ok(map)
}

/// A string in the style that kustomize gives data: a block where there is a line break.
#[must_use]
pub fn text_value(text: &str) -> Value {
    if text.contains('\n') {
        return Value::Scalar(Scalar::new(ScalarKind::Str, text, Style::Literal));
    }
    Value::Scalar(node::string(text))
}

/// Base64 with a line break after every 70 characters and at the end, if there are at least 70.
#[must_use]
pub fn base64_lines(bytes: &[u8]) -> String {
    const LINE: usize = 70;
    let encoded = STANDARD.encode(bytes);
    if encoded.len() < LINE {
        return encoded;
    }
    let mut lines = String::with_capacity(encoded.len() + encoded.len() / LINE + 1);
    let mut rest = encoded.as_str();
    while !rest.is_empty() {
        let (line, more) = rest.split_at(rest.len().min(LINE));
        lines.push_str(line);
        lines.push('\n');
        rest = more;
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::super::super::testing::show;
    use super::*;

    fn settings(name: &str) -> ObjectSettings {
        ObjectSettings { name: name.into(), ..Default::default() }
    }

    #[test]
    fn binary_data_goes_its_own_way() {
        let object = config_map(&settings("a"), [("t", &b"x"[..]), ("b", b"\xff\xfe\0")]).unwrap();
        assert_eq!(
            show(&object),
            r#"{"apiVersion":"v1","binaryData":{"b":"//4A"},"data":{"t":"x"},"kind":"ConfigMap","metadata":{"name":"a"}}"#
        );
        assert_eq!(
            show(&config_map(&settings("a"), []).unwrap()),
            r#"{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a"}}"#
        );
    }

    #[test]
    fn secrets_have_a_type_and_data() {
        let object = secret(&settings("a"), "", [("k", &b"v"[..])]).unwrap();
        assert_eq!(
            show(&object),
            r#"{"apiVersion":"v1","data":{"k":"dg=="},"kind":"Secret","metadata":{"name":"a"},"type":"Opaque"}"#
        );
        assert!(secret(&settings("a"), "x", []).unwrap().get("data").is_some_and(Value::is_map));
    }

    #[test]
    fn options_are_added() {
        let options = GeneratorOptions {
            labels: [("1".into(), "true".into())].into(),
            annotations: [("x".into(), "y".into())].into(),
            immutable: true,
            ..Default::default()
        };
        let with = ObjectSettings { options, namespace: "ns".into(), ..settings("a") };
        let object = config_map(&with, []).unwrap();
        assert_eq!(
            show(&object),
            r#"{"apiVersion":"v1","immutable":true,"kind":"ConfigMap","metadata":{"annotations":{"x":"y"},"labels":{"1":"true"},"name":"a","namespace":"ns"}}"#
        );
        let labels = object.get("metadata").and_then(|m| m.get("labels")).and_then(Value::as_map).unwrap();
        assert_eq!(labels.keys().next().unwrap().kind(), ScalarKind::Int);
    }

    #[test]
    fn base64_is_broken_from_70_characters_on() {
        for (bytes, expected) in [(51, "68"), (52, "70\n2\n"), (53, "70\n2\n"), (105, "70\n70\n")] {
            let lines = base64_lines(&vec![b'x'; bytes]);
            let shape: String = lines
                .split_inclusive('\n')
                .map(|line| line.trim_end().len().to_string() + if line.ends_with('\n') { "\n" } else { "" })
                .collect();
            assert_eq!(shape, expected, "{bytes}");
        }
    }

    #[test]
    fn a_name_is_needed_and_keys_are_unique() {
        assert_eq!(config_map(&settings(""), []), Err(ObjectError::NoName));
        let error = secret(&settings("s"), "", [("a", &b""[..]), ("a", b"")]).unwrap_err();
        assert_eq!(error.to_string(), "configmap s illegally repeats the key `a`");
    }
}
