use super::*;
use proptest::prelude::*;

fn value(text: &str) -> Value {
    json::from_str(text).unwrap()
}

fn apply(object: &str, patch: &str) -> Result<String, String> {
    let patch = JsonPatch::compile(&value(patch), PatchSyntax::Json).map_err(|error| error.to_string())?;
    let patched = patch.apply(&value(object)).map_err(|error| error.to_string())?;
    Ok(json::to_string(&patched).unwrap())
}

#[test]
fn operations() {
    for (object, patch, want) in [
        ("{}", r#"[{"op": "add", "path": "/a", "value": 1}]"#, r#"{"a":1}"#),
        ("{}", r#"[{"op": "add", "path": "/a"}]"#, r#"{"a":null}"#),
        (r#"{"a": [1, 2]}"#, r#"[{"op": "add", "path": "/a/-", "value": 3}]"#, r#"{"a":[1,2,3]}"#),
        (r#"{"a": [1, 2]}"#, r#"[{"op": "add", "path": "/a/-1", "value": 3}]"#, r#"{"a":[1,2,3]}"#),
        (r#"{"a": [1, 2]}"#, r#"[{"op": "add", "path": "/a/-3", "value": 3}]"#, r#"{"a":[3,1,2]}"#),
        (r#"{"a": [1, 2]}"#, r#"[{"op": "add", "path": "/a/+01", "value": 3}]"#, r#"{"a":[1,3,2]}"#),
        (r#"{"a": [1, 2]}"#, r#"[{"op": "remove", "path": "/a/-1"}]"#, r#"{"a":[1]}"#),
        (r#"{"a": 1}"#, r#"[{"op": "replace", "path": "/b", "value": 2}]"#, r#"{"a":1,"b":2}"#),
        (r#"{"a": 1}"#, r#"[{"op": "replace", "path": "", "value": {"c": 1}}]"#, r#"{"c":1}"#),
        (r#"{"a": 1}"#, r#"[{"op": "copy", "from": "/b", "path": "/c"}]"#, r#"{"a":1,"c":null}"#),
        (r#"{"a": {"b": 1}}"#, r#"[{"op": "move", "from": "/a/b", "path": "/c"}]"#, r#"{"a":{},"c":1}"#),
        (r#"{"a": 1}"#, r#"[{"op": "test", "path": "/b", "value": null}]"#, r#"{"a":1}"#),
        (r#"{"a": 1}"#, r#"[{"op": "test", "path": "/b"}]"#, r#"{"a":1}"#),
        (r#"{"a": 1.0}"#, r#"[{"op": "test", "path": "/a", "value": 1}]"#, r#"{"a":1}"#),
        (r#"{"a/b": 1}"#, r#"[{"op": "replace", "path": "ignored/a~1b", "value": 2}]"#, r#"{"a/b":2}"#),
        (r#"{"a": 9007199254740993}"#, "[]", r#"{"a":9.007199254740992e+15}"#),
    ] {
        assert_eq!(apply(object, patch), Ok(want.to_owned()), "{patch}");
    }
}

#[test]
fn failures() {
    for (object, patch, want) in [
        ("{}", r#"{"op": "add"}"#, "a JSON patch must be a list of operations"),
        ("{}", "[5]", "operation 0 of the JSON patch must be a map"),
        ("{}", "[{}]", "unexpected kind: unknown"),
        ("{}", r#"[{"op": "bogus"}]"#, "unexpected kind: bogus"),
        ("{}", r#"[{"op": "add"}]"#, "add operation failed to decode path: missing value"),
        ("{}", r#"[{"op": "add", "path": 5}]"#, "add operation failed to decode path: must be a string"),
        ("{}", r#"[{"op": "copy", "path": "/a"}]"#, "copy operation failed to decode from: missing value"),
        (
            "{}",
            r#"[{"op": "add", "path": "/spec/no/such", "value": 1}]"#,
            r#"add operation does not apply: doc is missing path: "/spec/no/such""#,
        ),
        (
            "{}",
            r#"[{"op": "remove", "path": "/a"}]"#,
            "error in remove for path: '/a': unable to remove nonexistent key: a",
        ),
        (
            r#"{"a": [1]}"#,
            r#"[{"op": "replace", "path": "/a/x", "value": 1}]"#,
            "error in replace for path: '/a/x': value was not a proper array index: 'x'",
        ),
        (
            r#"{"a": [1]}"#,
            r#"[{"op": "remove", "path": "/a/1"}]"#,
            "error in remove for path: '/a/1': unable to access invalid index: 1",
        ),
        (r#"{"a": 1}"#, r#"[{"op": "test", "path": "/a", "value": 1.0}]"#, "testing value /a failed"),
        (r#"{"a": "<"}"#, r#"[{"op": "test", "path": "/a", "value": "<"}]"#, "testing value /a failed"),
        (
            "{}",
            r#"[{"op": "replace", "path": "", "value": []}]"#,
            "the value that replaces the whole object must be a map",
        ),
    ] {
        assert_eq!(apply(object, patch), Err(want.to_owned()), "{patch}");
    }
}

#[test]
fn depth_costs_no_stack() {
    let object =
        (0..50_000).fold(Value::from(1), |value, _| Value::from(gitops_core::Map::from_iter([("a", value)])));
    let path = "/a".repeat(50_000);
    let patch = value(&format!(
        r#"[{{"op": "test", "path": "", "value": null}}, {{"op": "replace", "path": "{path}"}}]"#
    ));
    let operations = patch.as_seq().unwrap().items()[1..].to_vec();
    let patch = Value::from(operations.into_iter().collect::<gitops_core::Seq>());
    let patch = JsonPatch::compile(&patch, PatchSyntax::Yaml).unwrap();
    assert!(patch.apply(&object).is_ok());
}

fn json_tree() -> impl Strategy<Value = serde_json::Value> {
    let leaf = prop_oneof![
        (0..100i64).prop_map(serde_json::Value::from),
        "[ab]".prop_map(serde_json::Value::from),
        any::<bool>().prop_map(serde_json::Value::from),
    ];
    leaf.prop_recursive(3, 16, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..3).prop_map(serde_json::Value::from),
            prop::collection::btree_map("[abc]", inner, 0..3)
                .prop_map(|map| serde_json::Value::Object(map.into_iter().collect())),
        ]
    })
}

fn operation() -> impl Strategy<Value = serde_json::Value> {
    let pointer = || {
        prop::collection::vec(prop_oneof!["[abc]", "[012]"], 1..4)
            .prop_map(|parts| format!("/{}", parts.join("/")))
    };
    (prop::sample::select(vec!["add", "remove", "replace", "test", "copy", "move"]), pointer(), pointer(), json_tree())
        .prop_map(|(op, path, from, value)| serde_json::json!({"op": op, "path": path, "from": from, "value": value}))
}

proptest! {
    /// Where the RFC's reference applies a patch, so do we, with the same result.
    #[test]
    fn well_formed_patches_apply_as_the_rfc_says(
        object in prop::collection::btree_map("[abc]", json_tree(), 0..4),
        operations in prop::collection::vec(operation(), 1..4),
    ) {
        let object = serde_json::Value::Object(object.into_iter().collect());
        let operations = serde_json::Value::Array(operations);
        let parsed: json_patch::Patch = serde_json::from_value(operations.clone()).unwrap();
        let mut want = object.clone();
        // The variant without undoing: the other one gives up where it cannot undo.
        if json_patch::patch_unsafe(&mut want, &parsed).is_err() {
            return Ok(());
        }
        let compiled = JsonPatch::compile(&value(&operations.to_string()), PatchSyntax::Json).unwrap();
        let found = compiled.apply(&value(&object.to_string())).unwrap();
        let found: serde_json::Value = serde_json::from_str(&json::to_string(&found).unwrap()).unwrap();
        prop_assert_eq!(found, want);
    }

    #[test]
    fn no_patch_panics(object in json_tree(), operations in prop::collection::vec(json_tree(), 0..4)) {
        let operations = value(&serde_json::Value::Array(operations).to_string());
        if let Ok(patch) = JsonPatch::compile(&operations, PatchSyntax::Yaml) {
            let _ = patch.apply(&value(&object.to_string()));
        }
    }
}
