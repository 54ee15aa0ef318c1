use crate::json;
use crate::value::{Map, Scalar, ScalarKind, Seq, Style, Value, from_value, to_value};
use k8s_openapi::api::apps::v1::Deployment;
use k8s_openapi::api::core::v1::{ResourceRequirements, Secret, ServicePort};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

#[derive(Serialize, Deserialize, PartialEq, Debug)]
#[serde(rename_all = "camelCase")]
struct Probe<'a> {
    name: &'a str,
    period_seconds: Option<i32>,
    ratio: f64,
    small: f32,
    wide: u64,
    handler: Handler,
    ports: BTreeMap<u16, bool>,
    pair: (i8, char),
    nothing: (),
    #[serde(default)]
    more: Vec<Handler>,
}

#[derive(Serialize, Deserialize, PartialEq, Debug)]
#[serde(rename_all = "camelCase")]
enum Handler {
    None,
    Exec(Vec<String>),
    Http { path: String },
    Tcp(String, u16),
}

fn probe() -> Probe<'static> {
    Probe {
        name: "live",
        period_seconds: Some(10),
        ratio: 1.0,
        small: 0.1,
        wide: u64::MAX,
        handler: Handler::Http { path: "/healthz".to_owned() },
        ports: BTreeMap::from([(80, true), (443, false)]),
        pair: (-1, 'é'),
        nothing: (),
        more: vec![
            Handler::None,
            Handler::Exec(vec!["true".to_owned()]),
            Handler::Tcp("localhost".to_owned(), 1),
        ],
    }
}

#[test]
fn a_struct_becomes_a_value_and_back() {
    let value = to_value(&probe()).unwrap();
    assert_eq!(
        json::to_string(&value).unwrap(),
        "{\"name\":\"live\",\"periodSeconds\":10,\"ratio\":1.0,\"small\":0.1,\"wide\":18446744073709551615,\
         \"handler\":{\"http\":{\"path\":\"/healthz\"}},\"ports\":{\"80\":true,\"443\":false},\"pair\":[-1,\"é\"],\
         \"nothing\":null,\"more\":[\"none\",{\"exec\":[\"true\"]},{\"tcp\":[\"localhost\",1]}]}"
    );
    assert_eq!(from_value::<Probe<'_>>(&value).unwrap(), probe());
    assert_eq!(to_value(&value).unwrap(), value);
    assert_eq!(from_value::<Value>(&value).unwrap(), value);
}

#[test]
fn json_values_convert_both_ways() {
    let text = r#"{"a":[null,true,-1,1.5,18446744073709551615,"x"],"b":{"c":{}}}"#;
    let theirs: serde_json::Value = serde_json::from_str(text).unwrap();
    let ours: Value = serde_json::from_value(theirs.clone()).unwrap();
    assert_eq!(json::to_string(&ours).unwrap(), text);
    assert_eq!(serde_json::to_value(&ours).unwrap(), theirs);
    assert_eq!(from_value::<serde_json::Value>(&ours).unwrap(), theirs);
    assert_eq!(to_value(&theirs).unwrap(), ours);
    assert_eq!(serde_json::from_str::<Value>(text).unwrap(), ours);
}

fn plain(kind: ScalarKind, text: &str) -> Value {
    Value::from(Scalar::new(kind, text, Style::Plain))
}

#[test]
fn scalars_count_by_their_meaning() {
    for (kind, text, want) in [
        (ScalarKind::Int, "0644", serde_json::json!(420)),
        (ScalarKind::Int, "9999999999999999999999", serde_json::json!(1e22)),
        (ScalarKind::Float, "1_0.5", serde_json::json!(10.5)),
        (ScalarKind::Float, ".inf", serde_json::Value::Null),
        (ScalarKind::Bool, "yes", serde_json::json!(true)),
        (ScalarKind::Bool, "FALSE", serde_json::json!(false)),
        (ScalarKind::Null, "~", serde_json::Value::Null),
        (ScalarKind::Timestamp, "2020-1-2", serde_json::json!("2020-01-02T00:00:00Z")),
        (ScalarKind::Str, "5", serde_json::json!("5")),
        (ScalarKind::Int, "abc", serde_json::json!("abc")),
    ] {
        let value = plain(kind, text);
        assert_eq!(serde_json::to_value(&value).unwrap(), want, "{text}");
        assert_eq!(from_value::<serde_json::Value>(&value).unwrap(), want, "{text}");
    }
    assert_eq!(from_value::<i32>(&plain(ScalarKind::Float, "3.0")), Ok(3));
    assert_eq!(from_value::<f32>(&plain(ScalarKind::Int, "0x10")), Ok(16.0));
    assert_eq!(from_value::<Option<bool>>(&plain(ScalarKind::Null, "")), Ok(None));
}

#[test]
fn errors_name_the_path() {
    #[derive(Deserialize, Debug)]
    struct Outer {
        #[allow(dead_code)]
        inner: Vec<BTreeMap<String, Handler>>,
    }
    let inner =
        |handler: &str| json::from_str(&format!("{{\"inner\":[{{}},{{\"a.b\":{handler}}}]}}")).unwrap();
    for (value, want) in [
        (inner("5"), "inner[1][a.b]: invalid type: integer `5`, expected text or a map with one key"),
        (inner("{\"http\":{}}"), "inner[1][a.b].http: missing field `path`"),
        (
            inner("{\"http\":{\"path\":1}}"),
            "inner[1][a.b].http.path: invalid type: integer `1`, expected a string",
        ),
        (
            inner("{\"http\":{},\"tcp\":{}}"),
            "inner[1][a.b]: invalid length 2, expected a map with one key, the variant",
        ),
        (
            inner("\"other\""),
            "inner[1][a.b]: unknown variant `other`, expected one of `none`, `exec`, `http`, `tcp`",
        ),
        (inner("\"exec\""), "inner[1][a.b]: invalid type: unit variant, expected a variant with content"),
        (Value::map(), "missing field `inner`"),
        (Value::from("x"), "invalid type: string \"x\", expected struct Outer"),
    ] {
        assert_eq!(from_value::<Outer>(&value).unwrap_err().to_string(), want);
    }
    assert_eq!(
        from_value::<BTreeMap<u8, bool>>(&json::from_str("{\"300\":true}").unwrap()).unwrap_err().to_string(),
        "300: invalid type: string \"300\", expected u8"
    );
}

#[test]
fn kubernetes_types_work() {
    let text = r#"{"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"web","labels":{"app":"web"}},
        "spec":{"replicas":3,"selector":{"matchLabels":{"app":"web"}},"strategy":{"rollingUpdate":{"maxSurge":"25%"}},
        "template":{"spec":{"containers":[{"name":"web","image":"web:1","ports":[{"containerPort":80}],
        "resources":{"limits":{"cpu":2,"memory":"1Gi"}},"livenessProbe":{"httpGet":{"port":80}}}]}}}}"#;
    let value = json::from_str(text).unwrap();
    let deployment: Deployment = from_value(&value).unwrap();
    let container = &deployment.spec.as_ref().unwrap().template.spec.as_ref().unwrap().containers[0];
    assert_eq!(container.image.as_deref(), Some("web:1"));
    assert_eq!(container.resources.as_ref().unwrap().limits.as_ref().unwrap()["cpu"].0, "2");
    let again = to_value(&deployment).unwrap();
    assert_eq!(from_value::<Deployment>(&again).unwrap(), deployment);
    assert_eq!(serde_json::to_value(&again).unwrap(), serde_json::to_value(&deployment).unwrap());

    let secret: Secret =
        from_value(&json::from_str("{\"metadata\":{},\"data\":{\"a\":\"aGk=\"}}").unwrap()).unwrap();
    assert_eq!(secret.data.unwrap()["a"].0, b"hi");
    let wrong = json::from_str("{\"limits\":{\"cpu\":[]}}").unwrap();
    let error = from_value::<ResourceRequirements>(&wrong).unwrap_err();
    assert_eq!(error.path, "limits.cpu");
    let port = from_value::<ServicePort>(&json::from_str("{\"name\":80,\"port\":80}").unwrap()).unwrap_err();
    assert_eq!(port.path, "name");
}

#[derive(Deserialize)]
struct Named<'a> {
    name: &'a str,
}

#[test]
fn depth_is_an_error_unless_ignored() {
    let deep = (0..10_000).fold(Value::null(), |inner, _| Value::from(Seq::from_iter([inner])));
    let too_deep = |error: String| assert!(error.ends_with("more than 256 levels"), "{error}");
    too_deep(serde_json::to_string(&deep).unwrap_err().to_string());
    too_deep(from_value::<serde_json::Value>(&deep).unwrap_err().to_string());
    too_deep(to_value(&deep).unwrap_err().to_string());
    let object = Value::from(Map::from_iter([("name", Value::from("x")), ("deep", deep)]));
    assert_eq!(from_value::<Named<'_>>(&object).unwrap().name, "x");
    let shallow = (0..250).fold(Value::null(), |inner, _| Value::from(Seq::from_iter([inner])));
    assert_eq!(from_value::<Value>(&shallow).unwrap(), shallow);
}
