//! Objects from JSON and back for the tests of this module.

use gitops_core::{Map, Scalar, ScalarKind, Seq, Style, Value};

/// A value from JSON; strings are plain.
pub(crate) fn json(text: &str) -> Value {
    from_json(&serde_json::from_str(text).unwrap())
}

fn from_json(json: &serde_json::Value) -> Value {
    let scalar = |kind, text: String| Value::from(Scalar::new(kind, text, Style::Plain));
    match json {
        serde_json::Value::Null => scalar(ScalarKind::Null, "null".into()),
        serde_json::Value::Bool(value) => Value::from(*value),
        serde_json::Value::Number(number) if number.is_f64() => scalar(ScalarKind::Float, number.to_string()),
        serde_json::Value::Number(number) => scalar(ScalarKind::Int, number.to_string()),
        serde_json::Value::String(text) => Value::from(text.as_str()),
        serde_json::Value::Array(items) => Value::from(items.iter().map(from_json).collect::<Seq>()),
        serde_json::Value::Object(map) => {
            Value::from(map.iter().map(|(k, v)| (k, from_json(v))).collect::<Map>())
        }
    }
}

/// The value in JSON, keys sorted, for comparison in tests.
pub(crate) fn show(value: &Value) -> String {
    to_json(value).to_string()
}

fn to_json(value: &Value) -> serde_json::Value {
    match value {
        Value::Scalar(scalar) => match scalar.kind() {
            ScalarKind::Null => serde_json::Value::Null,
            ScalarKind::Bool => (scalar.text() == "true").into(),
            ScalarKind::Int | ScalarKind::Float => serde_json::from_str(scalar.text()).unwrap(),
            ScalarKind::Str | ScalarKind::Timestamp | ScalarKind::Binary => scalar.text().into(),
        },
        Value::Seq(items) => items.iter().map(to_json).collect(),
        Value::Map(map) => map.iter().map(|(key, value)| (key.to_string(), to_json(value))).collect(),
    }
}
