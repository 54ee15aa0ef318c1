use super::*;
use gitops_core::yaml;
use proptest::prelude::*;

fn parse(text: &str) -> Value {
    yaml::read_first(text.as_bytes(), &yaml::Options::kustomize())
        .unwrap()
        .map(|document| document.root)
        .unwrap_or_default()
}

fn merge(base: &Value, patch: &Value) -> Result<Outcome, MergeError> {
    strategic_merge(base, patch, &Schema::kustomize_5_8_1(), MergeOptions::default(), None)
}

fn merged(base: &Value, patch: &Value) -> Value {
    match merge(base, patch).unwrap() {
        Outcome::Merged(value) => value,
        Outcome::Deleted => panic!("deleted"),
    }
}

/// Wraps the value of `containers` of a Pod.
fn pod(containers: &str) -> Value {
    parse(&format!("{{apiVersion: v1, kind: Pod, spec: {{containers: {containers}}}}}"))
}

fn spec(text: &str) -> Value {
    parse(&format!("{{apiVersion: example.com/v1, kind: Widget, spec: {text}}}"))
}

#[test]
fn maps_and_scalars() {
    for (base, patch, want) in [
        ("{a: 1}", "{b: 2}", "{a: 1, b: 2}"),
        ("{a: 1, b: 2}", "{a: null}", "{b: 2}"),
        ("{a: 1}", "{b: null}", "{a: 1}"),
        ("{a: {b: 1}}", "{a: {b: null}}", "{a: {}}"),
        ("{}", "{a: {b: {c: null, d: 1}}}", "{a: {b: {d: 1}}}"),
        ("{a: ~, b: {c: null}}", "{}", "{a: ~, b: {c: null}}"),
        // In the base's quotes, which are no part of equality.
        ("{a: '1'}", "{a: 5}", "{a: 5}"),
        ("{a: 1}", "{a: '5'}", "{a: !!str 5}"),
        ("{a: ~}", "{a: {b: 1}}", "{a: {b: 1}}"),
        ("{a: [1, 2]}", "{a: [3]}", "{a: [3]}"),
        ("{a: [1]}", "{a: null}", "{}"),
        ("{a: 1, a: 2}", "{a: 3}", "{a: 3, a: 2}"),
        ("{a: 1}", "{b: 1, b: 2}", "{a: 1, b: 1}"),
        ("{a: {b: 1}}", "{a: {$patch: replace, c: 2}}", "{a: {c: 2}}"),
        ("{a: {b: 1}}", "{a: {$patch: delete}}", "{}"),
        ("{a: {b: 1}}", "{a: {$patch: merge, c: 2}}", "{a: {b: 1, c: 2}}"),
        ("{}", "{a: {$patch: bogus, c: 2}}", "{a: {$patch: bogus, c: 2}}"),
        ("{a: [{b: 1}]}", "{a: [{$patch: delete, b: 1}]}", "{a: [{$patch: delete, b: 1}]}"),
        ("{a: 1}", "{$setElementOrder/a: [1]}", "{a: 1, $setElementOrder/a: [1]}"),
        ("{a: 1}", "{$retainKeys: [a]}", "{a: 1, $retainKeys: [a]}"),
    ] {
        assert_eq!(merged(&spec(base), &spec(patch)), spec(want), "{base} + {patch}");
    }
}

#[test]
fn an_empty_value_leaves_the_base() {
    let base = parse("spec:\n  a:\n  b: {c: 1}\n  d:\n    e:\n  f: null\n");
    assert_eq!(merged(&base, &parse("{x: 1}")), parse("{spec: {b: {c: 1}, d: {}, f: null}, x: 1}"));
}

#[test]
fn quotes_of_yaml_1_1_stay_after_the_first_patch() {
    let base = parse("a: yes\nb: x\n");
    let once = merged(&base, &parse("{c: 1}"));
    let written = gitops_core::yaml::to_string(&merged(&once, &parse("{a: 5, b: 5}"))).unwrap();
    assert_eq!(written, "a: \"5\"\nb: 5\nc: 1\n");
    assert_eq!(merged(&base, &parse("{a: 5}")), parse("{a: 5, b: x}"));
}

#[test]
fn keyed_lists() {
    for (base, patch, want) in [
        ("[{name: a}, {name: b}]", "[{name: c}]", "[{name: c}, {name: a}, {name: b}]"),
        ("[{name: a}, {name: b}]", "[{name: b, x: 1}]", "[{name: b, x: 1}, {name: a}]"),
        ("[{name: a}, {name: b}]", "[{name: a, $patch: delete}]", "[{name: b}]"),
        ("[{name: a, x: 1}]", "[{name: a, $patch: replace, y: 1}]", "[{name: a, x: 1}]"),
        ("[{name: a}]", "[{name: b}, {$patch: replace}]", "[{name: b}]"),
        ("[{name: a}]", "[{image: b}]", "[]"),
        ("[{name: a}]", "[{image: b}, {name: c}]", "[{name: c}]"),
        ("[{name: a}]", "[{name: b, x: 1}, {name: b, x: 2}]", "[{name: b, x: 1}, {name: a}]"),
        ("[{name: a, x: 1}, {name: b}, {name: a, x: 2}]", "[]", "[{name: a, x: 2}, {name: b}]"),
        ("[{name: a, x: 1}]", "[{name: a, x: null}]", "[{name: a}]"),
        ("[{name: a}, {name: b}]", "[{name: a, $patch: delete}, {name: b, $patch: delete}]", "[]"),
    ] {
        assert_eq!(merged(&pod(base), &pod(patch)), pod(want), "{base} + {patch}");
    }
    assert_eq!(
        merged(&pod("[{name: a}]"), &pod("[{$patch: delete}]")),
        parse("{apiVersion: v1, kind: Pod, spec: {}}")
    );
}

#[test]
fn lists_with_several_keys() {
    let service =
        |ports: &str| parse(&format!("{{apiVersion: v1, kind: Service, spec: {{ports: {ports}}}}}"));
    let (tcp, udp) = ("{port: 80, protocol: TCP}", "{port: 80, protocol: UDP}");
    for (base, patch, want) in [
        (format!("[{tcp}]"), format!("[{udp}]"), format!("[{udp}, {tcp}]")),
        (format!("[{tcp}, {udp}]"), format!("[{udp}]"), format!("[{tcp}, {udp}]")),
        (format!("[{tcp}, {udp}]"), "[{port: 80, name: x}]".to_owned(), format!("[{tcp}, {udp}]")),
        ("[{port: 80}]".to_owned(), "[{port: 80, name: x}]".to_owned(), "[{port: 80, name: x}]".to_owned()),
        (format!("[{tcp}]"), "[{name: x, nodePort: 1}]".to_owned(), "[]".to_owned()),
    ] {
        assert_eq!(merged(&service(&base), &service(&patch)), service(&want), "{base} + {patch}");
    }
}

#[test]
fn lists_of_scalars() {
    let object =
        |list: &str| parse(&format!("{{apiVersion: v1, kind: Pod, metadata: {{finalizers: {list}}}}}"));
    for (base, patch, want) in [
        ("[a, b]", "[c, b]", "[c, b, a]"),
        ("[a, a]", "[]", "[a]"),
        ("[a, null]", "[b]", "[b, a]"),
        ("[]", "[a]", "[a]"),
    ] {
        assert_eq!(merged(&object(base), &object(patch)), object(want), "{base} + {patch}");
    }
}

#[test]
fn embedded_objects_have_types_of_their_own() {
    let raw =
        |list: &str| spec(&format!("{{raw: {{apiVersion: v1, kind: Pod, spec: {{containers: {list}}}}}}}"));
    assert_eq!(merged(&raw("[{name: a}]"), &raw("[{name: b}]")), raw("[{name: b}, {name: a}]"));
    assert_eq!(merged(&spec("{l: [{name: a}]}"), &spec("{l: [{name: b}]}")), spec("{l: [{name: b}]}"));
}

#[test]
fn the_object_itself() {
    let base = spec("{a: 1}");
    assert_eq!(merge(&base, &parse("{$patch: delete}")).unwrap(), Outcome::Deleted);
    assert_eq!(merge(&base, &parse("{$patch: replace, b: 1}")).unwrap(), Outcome::Merged(base));
}

#[test]
fn errors_name_the_field() {
    for (base, patch, want) in [
        (
            "{a: {b: [1]}}",
            "{a: {b: foo}}",
            "wrong node kind: expected SequenceNode but got ScalarNode at `spec.a.b`: foo",
        ),
        (
            "{a: 1}",
            "{a: {x: [y, {}]}}",
            "wrong node kind: expected ScalarNode but got MappingNode at `spec.a`: {x: [y, {}]}",
        ),
        ("{a: {}}", "{a: {$patch: bogus}}", "unknown patch strategy 'bogus' at `spec.a`"),
    ] {
        assert_eq!(merge(&spec(base), &spec(patch)).unwrap_err().to_string(), want);
    }
    let error = merge(
        &pod("[{name: a, env: [{name: x}]}]"),
        &pod("[{name: a, env: [{name: x, value: {$patch: y}}]}]"),
    );
    assert!(error.is_ok());
    let error = merge(&pod("[{name: a, env: {}}]"), &pod("[{name: a, env: [x]}]")).unwrap_err();
    assert!(error.to_string().contains("`spec.containers.[name=a].env`"), "{error}");
}

#[test]
fn notes_tell_what_was_lost() {
    let notes = |base: &Value, patch: &Value| {
        let mut notes = Vec::new();
        strategic_merge(base, patch, &Schema::kustomize_5_8_1(), MergeOptions::default(), Some(&mut notes))
            .unwrap();
        notes.into_iter().map(|note| (note.kind, note.field)).collect::<Vec<_>>()
    };
    let containers = "spec.containers".to_owned();
    for (base, patch, want) in [
        (spec("{l: [{name: a}]}"), spec("{l: [{name: b}]}"), (NoteKind::ListReplaced, "spec.l".to_owned())),
        (
            spec("{l: [{name: a, b: 1}]}"),
            spec("{l: [{name: a}]}"),
            (NoteKind::ListReplaced, "spec.l".to_owned()),
        ),
        (spec("{a: 1}"), spec("{b: null}"), (NoteKind::RemovesNothing, "spec.b".to_owned())),
        (spec("{a: 1}"), spec("{b: {$patch: delete}}"), (NoteKind::RemovesNothing, "spec.b".to_owned())),
        (pod("[{name: a}]"), pod("[{image: b}]"), (NoteKind::MissingMergeKey, containers.clone())),
        (
            pod("[{name: a}]"),
            pod("[{name: a, $patch: replace}]"),
            (NoteKind::ReplaceWithoutEffect, containers.clone()),
        ),
        (pod("[{name: a}]"), pod("[{name: b}, {name: b}]"), (NoteKind::DuplicateItem, containers)),
        (spec("{a: 1}"), spec("{a: 1, a: 2}"), (NoteKind::DuplicateKey, "spec".to_owned())),
        (spec("{a: 1}"), spec("{$retainKeys: [a]}"), (NoteKind::LiteralDirective, "spec".to_owned())),
        (
            spec("{l: [1]}"),
            spec("{l: [{$patch: replace}]}"),
            (NoteKind::LiteralDirective, "spec.l".to_owned()),
        ),
        (spec("{a: 1}"), parse("{$patch: replace}"), (NoteKind::ReplaceWithoutEffect, String::new())),
    ] {
        assert_eq!(notes(&base, &patch), [want], "{base:?} + {patch:?}");
    }
    let ports = |list: &str| parse(&format!("{{apiVersion: v1, kind: Service, spec: {{ports: {list}}}}}"));
    let lost = notes(&ports("[{port: 80, protocol: TCP}]"), &ports("[{port: 80, name: x}]"));
    assert_eq!(lost, [(NoteKind::ItemLost, "spec.ports".to_owned())]);
    assert_eq!(notes(&pod("[{name: a}]"), &pod("[{name: a, image: b}]")), []);
}

#[test]
fn untouched_parts_are_shared() {
    let base = pod("[{name: a, image: x}, {name: b, args: [c]}]");
    assert!(merged(&base, &parse("{apiVersion: v1, kind: Pod}")).ptr_eq(&base));
    let changed = merged(&base, &pod("[{name: a, image: y}]"));
    let item = |value: &Value| {
        value.get("spec").unwrap().get("containers").unwrap().as_seq().unwrap().get(1).cloned()
    };
    assert!(item(&changed).unwrap().ptr_eq(&item(&base).unwrap()));
}

#[test]
fn depth_costs_no_stack() {
    let deep = |leaf: Value| {
        (0..50_000).fold(leaf, |value, _| Value::from(gitops_core::Map::from_iter([("a", value)])))
    };
    let (base, patch) = (deep(parse("{x: 1, y:}")), deep(parse("{x: 2}")));
    assert!(merge(&base, &patch).is_ok());
    assert!(merge(&base, &parse("{b: 1}")).is_ok());
    assert!(merge(&parse("{b: 1}"), &patch).is_ok());
    assert!(merge(&deep(parse("{x: []}")), &patch).unwrap_err().to_string().contains("a.a.a"));
}

fn to_map(map: std::collections::BTreeMap<String, Value>) -> gitops_core::Map {
    map.into_iter().map(|(key, value)| (smol_str::SmolStr::from(key), value)).collect()
}

fn scalar() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::null()),
        any::<bool>().prop_map(Value::from),
        (0..3i64).prop_map(Value::from),
        "[abc]".prop_map(Value::from),
    ]
}

fn tree() -> impl Strategy<Value = Value> {
    scalar().prop_recursive(4, 24, 4, |inner| {
        let key = prop_oneof!["[abc]", Just("name".to_owned()), Just("containers".to_owned()), Just("spec".to_owned())];
        prop_oneof![
            3 => prop::collection::btree_map(key, inner.clone(), 0..4)
                .prop_map(|map| Value::from(to_map(map))),
            1 => prop::collection::vec(inner, 0..4).prop_map(|list| Value::from(list.into_iter().collect::<Seq>())),
        ]
    })
}

fn object() -> impl Strategy<Value = Value> {
    tree().prop_map(|spec| {
        let mut object = parse("{apiVersion: v1, kind: Pod}");
        object.as_map_mut().unwrap().insert("spec", spec);
        object
    })
}

fn maps_only() -> impl Strategy<Value = Value> {
    let leaf =
        prop_oneof![any::<bool>().prop_map(Value::from), "[abc]".prop_map(Value::from), Just(Value::null())];
    leaf.prop_recursive(4, 24, 4, |inner| {
        prop::collection::btree_map("[abcd]", inner, 0..4).prop_map(|map| Value::from(to_map(map)))
    })
    .prop_filter("a map", Value::is_map)
}

proptest! {
    #[test]
    fn an_empty_patch_changes_nothing_twice(base in object()) {
        let empty = parse("{apiVersion: v1, kind: Pod}");
        if let Ok(Outcome::Merged(once)) = merge(&base, &empty) {
            prop_assert_eq!(merged(&once, &empty), once);
        }
    }

    #[test]
    fn an_empty_patch_of_an_untyped_object_is_identity(base in maps_only()) {
        prop_assert_eq!(merged(&base, &Value::map()), base);
    }

    #[test]
    fn a_patch_on_maps_is_idempotent(base in maps_only(), patch in maps_only()) {
        if let Ok(Outcome::Merged(once)) = merge(&base, &patch) {
            prop_assert_eq!(merged(&once, &patch), once);
        }
    }

    #[test]
    fn no_input_panics(base in object(), patch in object(), append in any::<bool>(), infer_lists in any::<bool>()) {
        let growth = if append { Growth::Append } else { Growth::Prepend };
        let options = MergeOptions { growth, infer_lists, replace_root: append, comments: None };
        let mut notes = Vec::new();
        let schema = Schema::kustomize_5_8_1();
        let noted = strategic_merge(&base, &patch, &schema, options, Some(&mut notes));
        let plain = strategic_merge(&base, &patch, &schema, options, None);
        prop_assert_eq!(noted, plain);
    }

    /// On maps without nulls in the base, strategic merge is RFC 7396.
    #[test]
    fn maps_merge_as_rfc_7396(base in maps_only(), patch in maps_only()) {
        let to_json = |value: &Value| -> serde_json::Value {
            serde_json::from_str(&gitops_core::json::to_string(value).unwrap()).unwrap()
        };
        let Ok(Outcome::Merged(found)) = merge(&base, &patch) else { return Ok(()) };
        let mut want = to_json(&base);
        json_patch::merge(&mut want, &to_json(&patch));
        prop_assert_eq!(to_json(&found), want);
    }
}
