use super::super::testing::{json, show};
use super::*;

fn options(delimiter: &str, index: i64, create: bool) -> FieldOptions {
    FieldOptions { delimiter: delimiter.into(), index, create, ..FieldOptions::default() }
}

fn put(object: &str, path: &str, value: &Value, options: FieldOptions) -> (String, Vec<ReplacementNote>) {
    let mut object = json(object);
    let mut notes = Vec::new();
    let result = Target::new(&[path], options).apply(&mut object, value, &mut |note| notes.push(note));
    (result.map_or_else(|error| error.to_string(), |()| show(&object)), notes)
}

fn put_text(object: &str, path: &str, text: &str, create: bool) -> String {
    put(object, path, &literal_value(text), options("", 0, create)).0
}

#[test]
fn sources_have_a_value() {
    let object =
        json(r#"{"metadata":{"name":"n"},"a":{"b":"x.y.z","n":5,"e":{},"l":[],"z":null,"m":{"k":1}}}"#);
    for (path, delimiter, index, expected) in [
        ("", "", 0, r#""n""#),
        ("a.b", "", 0, r#""x.y.z""#),
        ("a.b", ".", 1, r#""y""#),
        ("a.n", "", 0, "5"),
        ("a.m", "", 0, r#"{"k":1}"#),
        ("a.b", ".", 3, "options.index 3 is out of bounds for value x.y.z"),
        ("a.b", ".", -1, "options.index -1 is out of bounds for value x.y.z"),
        ("a.m", ".", 0, "delimiter option can only be used with scalar nodes"),
        ("a.q", "", 0, "fieldPath `a.q` is missing for replacement source"),
        ("a.z", "", 0, "fieldPath `a.z` is missing for replacement source"),
        ("a.e", "", 0, "fieldPath `a.e` is missing for replacement source"),
        ("a.l", "", 0, "fieldPath `a.l` is missing for replacement source"),
        ("a.*", "", 0, "error looking up replacement source: wildcard is not supported in PathGetter"),
    ] {
        let value = source_value(&object, path, &options(delimiter, index, false));
        assert_eq!(value.map_or_else(|error| error.to_string(), |value| show(&value)), expected, "{path}");
    }
}

#[test]
fn scalars_keep_their_type() {
    for (object, text, expected) in [
        (r#"{"a":"x"}"#, "5", r#"{"a":"5"}"#),
        (r#"{"a":1}"#, "5", r#"{"a":5}"#),
        (r#"{"a":[1]}"#, "5", r#"{"a":5}"#),
        (r#"{"a":{}}"#, "true", r#"{"a":true}"#),
        (r#"{"b":1}"#, "5", "unable to find field \"a\" in replacement target"),
    ] {
        assert_eq!(put_text(object, "a", text, false), expected, "{object}");
    }
    assert_eq!(put_text("{}", "a.b", "5", true), r#"{"a":{"b":5}}"#);
    assert_eq!(put_text("{}", "a.b", "yes", true), r#"{"a":{"b":"yes"}}"#);
}

#[test]
fn delimiters_choose_a_piece() {
    for (index, expected) in [(0, "N.y.z"), (1, "x.N.z"), (3, "x.y.z.N"), (9, "x.y.z.N"), (-1, "N.x.y.z")] {
        let (object, _) = put(r#"{"a":"x.y.z"}"#, "a", &Value::from("N"), options(".", index, false));
        assert_eq!(object, format!(r#"{{"a":"{expected}"}}"#), "{index}");
    }
    for (index, expected) in [(3, "/N"), (-1, "N/"), (0, "N")] {
        let (object, _) = put("{}", "a.b", &Value::from("N"), options("/", index, true));
        assert_eq!(object, format!(r#"{{"a":{{"b":"{expected}"}}}}"#), "{index}");
    }
    let (error, _) = put(r#"{"a":{"x":1}}"#, "a", &Value::from("N"), options("/", 0, false));
    assert_eq!(error, "delimiter option can only be used with scalar nodes");
}

#[test]
fn maps_replace_maps_and_empty_scalars() {
    let map = json(r#"{"k":1}"#);
    assert_eq!(put(r#"{"a":[]}"#, "a", &map, options("", 0, false)).0, r#"{"a":{"k":1}}"#);
    assert_eq!(put("{}", "a", &map, options("", 0, true)).0, r#"{"a":{"k":1}}"#);
    let (object, notes) = put(r#"{"a":"x"}"#, "a", &map, options("", 0, false));
    assert_eq!(object, r#"{"a":""}"#);
    assert_eq!(notes, [ReplacementNote::EmptiedScalar(0, Place::NONE)]);
}

#[test]
fn errors_name_the_path() {
    for (object, path, create, expected) in [
        (
            r#"{"a":[{}]}"#,
            "a.-.b",
            false,
            "unable to find field \"a.-.b\" in replacement target: wrong node kind: expected MappingNode but got SequenceNode",
        ),
        (
            r#"{"a":[{}]}"#,
            "a.5.b",
            false,
            "unable to find field \"a.5.b\" in replacement target: index 5 specified but only 1 elements found",
        ),
        (
            r#"{"a":"x.y"}"#,
            "a.b",
            true,
            "unable to find or create field \"a.b\" in replacement target: wrong node kind: expected MappingNode but got ScalarNode",
        ),
    ] {
        assert_eq!(put_text(object, path, "N", create), expected);
    }
}

fn put_in_text(text: &str, path: &str, value: &str, create: bool) -> (String, bool) {
    let mut object = Value::from(gitops_core::Map::from_iter([("t", Value::from(text))]));
    let mut lost = false;
    let note = &mut |note| lost |= matches!(note, ReplacementNote::Lost(_));
    let target = Target::new(&[format!("t.{path}")], options("", 0, create));
    target.apply(&mut object, &literal_value(value), note).unwrap();
    (object.get("t").and_then(Value::as_text).unwrap().to_owned(), lost)
}

#[test]
fn texts_are_written_anew() {
    for (text, path, value, create, expected) in [
        (r#"{"k": {"z": "old", "n": 3}, "a": [1]}"#, "k.z", "N", false, r#"{"a":[1],"k":{"n":3,"z":"N"}}"#),
        ("{\n  \"k\": {\"z\": \"old\"}\n}\n", "k.z", "N", false, "{\n  \"k\": {\n    \"z\": \"N\"\n  }\n}"),
        (
            r#"{"k": 1.5, "f": 1e3, "h": "<&>", "d": 2020-01-01}"#,
            "k",
            "5",
            false,
            r#"{"d":"2020-01-01T00:00:00Z","f":1000,"h":"\u003c\u0026\u003e","k":5}"#,
        ),
        (r#"{"a": 1}"#, "k.l", "N", true, r#"{"a":1,"k":{"l":"N"}}"#),
        (r#"[{"v": "x"}, {"v": "y"}]"#, "*.v", "N", false, r#"[{"v":"N"},{"v":"N"}]"#),
        (
            "k:\n    z:   old # why\n    n: 3\nl:\n  - a\n",
            "k.z",
            "N",
            false,
            "k:\n  z: N # why\n  n: 3\nl:\n- a",
        ),
        ("k: {z: old, n: [1, 2]}\n", "k.z", "git:", false, "k: {z: 'git:', n: [1, 2]}"),
        ("k: 'x'\n", "n.m", "5", true, "k: 'x'\nn:\n  m: 5"),
        ("k: 1\n", "k", "N", false, "k: !!int N"),
        ("k:\n  z: |\n    {\"x\": 1}\n", "k.z", "N", false, "k:\n  z: |-\n    N"),
    ] {
        assert_eq!(put_in_text(text, path, value, create), (expected.to_owned(), false), "{path} in {text}");
    }
}

#[test]
fn some_texts_silently_stay() {
    for (text, path, create) in [
        (r#"{"k": 1}"#, "k", false),
        (r#"{"k": null}"#, "k", false),
        (r#"[{"name": "p", "v": 1}]"#, "[name=p].v", false),
        ("null", "k", true),
    ] {
        assert_eq!(put_in_text(text, path, "N", create), (text.to_owned(), true), "{path} in {text}");
    }
    let list = r#"{"a":[{"j":"{k: x}"}]}"#;
    let (object, notes) = put(list, "a.*.j.k", &Value::from("N"), options("", 0, false));
    assert_eq!((object.as_str(), notes.as_slice()), (list, &[ReplacementNote::Lost(0)][..]));
}
