use super::*;
use crate::kustomize::node;
use crate::kustomize::testing::{json, show};

const KEEP: Option<Create> = None;

fn spec(path: &str, create: bool) -> CompiledSpec {
    CompiledSpec::new(&FieldSpec { selector: GvkSelector::default(), path: path.into(), create })
}

fn applied(path: &str, create: Option<Create>, object: &str) -> String {
    let mut object = json(object);
    let result = spec(path, create.is_some()).apply(&mut object, create, |field| match field {
        Value::Map(map) => {
            map.insert("e", Value::from("e"));
            Ok(())
        }
        field => node::set_scalar(field, "e", None),
    });
    result.map_or_else(|error| error.cause.to_string(), |_| show(&object))
}

#[test]
fn paths_lead_where_kustomize_takes_them() {
    let scalar = Some(Create::STRING);
    let map = Some(Create::MAP);
    for (path, create, object, expected) in [
        ("a/b", KEEP, r#"{"x":null}"#, r#"{"x":null}"#),
        ("a/b", KEEP, r#"{"a":{"b":"c"}}"#, r#"{"a":{"b":"e"}}"#),
        ("/a/b", KEEP, r#"{"a":{"b":"c"}}"#, r#"{"a":{"b":"e"}}"#),
        ("a/b", KEEP, r#"{"a":{"b":null}}"#, r#"{"a":{"b":"e"}}"#),
        ("a/b", KEEP, r#"{"a":null}"#, r#"{"a":null}"#),
        ("a/b/c/d", scalar, r#"{"a":{}}"#, r#"{"a":{"b":{"c":{"d":"e"}}}}"#),
        ("a/b/c/d", scalar, r#"{"a":null}"#, r#"{"a":{"b":{"c":{"d":"e"}}}}"#),
        ("a/b", map, r#"{"a":{"b":null}}"#, r#"{"a":{"b":{"e":"e"}}}"#),
        ("a/b", map, "{}", r#"{"a":{"b":{"e":"e"}}}"#),
        ("a/b", scalar, r#"{"a":[{},{"b":1},null]}"#, r#"{"a":[{"b":"e"},{"b":"e"},null]}"#),
        ("a/b[]/c", KEEP, r#"{"a":{"b":[{"c":1},{"x":1}]}}"#, r#"{"a":{"b":[{"c":"e"},{"x":1}]}}"#),
        ("a/b[]/c", scalar, r#"{"a":{}}"#, r#"{"a":{}}"#),
        ("a/b[]/c", scalar, r#"{"a":{"b":[{}]}}"#, r#"{"a":{"b":[{"c":"e"}]}}"#),
        ("a/b[]/c", scalar, "{}", r#"{"a":{}}"#),
        ("a/b[]/c", KEEP, r#"{"a":{"b":null}}"#, r#"{"a":{"b":[]}}"#),
        ("a/b", KEEP, r#"[[{"a":{"b":1}}],{"a":[{"b":2}]}]"#, r#"[[{"a":{"b":"e"}}],{"a":[{"b":"e"}]}]"#),
        (r"a/b\/c", KEEP, r#"{"a":{"b/c":1}}"#, r#"{"a":{"b/c":"e"}}"#),
        ("a/ /b", KEEP, r#"{"a":{"b":1}}"#, r#"{"a":{"b":"e"}}"#),
        ("a/b/c", KEEP, r#"{"a":{"b":"a"}}"#, "expected sequence or mapping node"),
        ("", KEEP, r#"{"a":1}"#, "cannot set or create an empty field name"),
        ("a//b", KEEP, r#"{"a":{"b":1}}"#, "cannot set or create an empty field name"),
        (
            "a/0",
            KEEP,
            r#"{"a":{"b":1}}"#,
            "fieldName: 0: wrong node kind: expected SequenceNode but got MappingNode",
        ),
        ("a/*", KEEP, r#"{"a":{"b":1}}"#, "fieldName: *: wildcard is not supported in PathGetter"),
        (
            "a/b",
            KEEP,
            r#"{"a":[{"b":{"x":1}},{"b":[]}]}"#,
            "wrong node kind: expected ScalarNode but got SequenceNode",
        ),
    ] {
        assert_eq!(applied(path, create, object), expected, "{path} in {object}");
    }
}

#[test]
fn a_null_that_becomes_a_scalar_keeps_its_text() {
    let mut object = json(r#"{"name":null}"#);
    let mut seen = String::new();
    let see = |field: &mut Value| {
        seen = format!("{:?}", field.as_str());
        Ok::<_, WrongKind>(())
    };
    spec("name", true).apply(&mut object, Some(Create::STRING), see).unwrap();
    assert_eq!(seen, r#"Some("null")"#);
}

#[test]
fn errors_name_the_field_and_the_object() {
    let mut object = json(
        r#"{"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"d"},"spec":{"selector":"x"}}"#,
    );
    let error = spec("spec/selector/matchLabels", true)
        .apply(&mut object, Some(Create::MAP), |_| Ok::<_, WrongKind>(()))
        .unwrap_err();
    assert_eq!(
        error.to_string(),
        "considering field 'spec/selector/matchLabels' of object Deployment.v1.apps/d.[noNs]: \
         expected sequence or mapping node"
    );
}

#[test]
fn what_is_not_wanted_stays_shared() {
    let original = json(r#"{"a":[{"b":"x"},{"b":"y"}],"c":{"d":"x"}}"#);
    for path in ["a/b", "c/d", "c/x", "a/x/y"] {
        let mut copy = original.clone();
        spec(path, false)
            .apply_where(&mut copy, KEEP, |field| field.as_str() == Some("z"), |_| Ok::<_, WrongKind>(()))
            .unwrap();
        assert!(copy.ptr_eq(&original), "{path}");
    }
    let mut copy = original.clone();
    spec("a/b", false)
        .apply_where(
            &mut copy,
            KEEP,
            |field| field.as_str() == Some("y"),
            |field| node::set_scalar(field, "z", None),
        )
        .unwrap();
    assert_eq!(show(&copy), r#"{"a":[{"b":"x"},{"b":"z"}],"c":{"d":"x"}}"#);
    let first =
        |value: &Value| value.get("a").and_then(Value::as_seq).and_then(|items| items.get(0)).cloned();
    assert!(first(&copy).unwrap().ptr_eq(&first(&original).unwrap()));
}

#[test]
fn deep_lists_need_no_stack() {
    let mut object = json(r#"{"a":1}"#);
    for _ in 0..100_000 {
        object = Value::from([object].into_iter().collect::<gitops_core::Seq>());
    }
    let mut visited = 0;
    let count = |_: &mut Value| {
        visited += 1;
        Ok::<_, WrongKind>(())
    };
    spec("a", false).apply(&mut object, KEEP, count).unwrap();
    assert_eq!(visited, 1);
}

#[test]
fn matching_specs_come_in_order() {
    let of = |group, kind, path: &str| FieldSpec {
        selector: GvkSelector::of(group, "", kind),
        path: path.into(),
        create: false,
    };
    let specs = FieldSpecs::new(&[
        of("", "", "1"),
        of("", "Pod", "2"),
        of("", "Job", "3"),
        of("apps", "", "4"),
        of("", "Pod", "5"),
        of("", "", "6"),
    ]);
    for (api_version, kind, expected) in
        [("v1", "Pod", "1256"), ("batch/v1", "Job", "136"), ("apps/v1", "Pod", "12456"), ("v1", "X", "16")]
    {
        let found: String =
            specs.matching(GvkRef::parse(api_version, kind)).map(CompiledSpec::path).collect();
        assert_eq!(found, expected, "{kind}");
    }
}

#[test]
fn merging_ignores_what_is_there_and_refuses_conflicts() {
    let of = |kind, create| FieldSpec { selector: GvkSelector::of("", "", kind), path: "a".into(), create };
    let mut specs = vec![of("Pod", false)];
    merge(&mut specs, &[of("Pod", false), of("Job", true), of("", true)]).unwrap_err();
    assert_eq!(specs, [of("Pod", false), of("Job", true)]);
    merge(&mut specs, &[of("", false)]).unwrap();
    assert_eq!(specs.len(), 2);
}
