use super::*;
use crate::value::{Entry, Key, Map, Place, Scalar, ScalarKind, Seq, SourceId, Style, Value};
use crate::{Limits, json};
use proptest::prelude::*;

fn error(text: &str) -> String {
    from_str(text).unwrap_err().to_string()
}

#[test]
fn what_is_read_is_printed_again() {
    for text in [
        "null",
        "true",
        "false",
        "0",
        "-0",
        "1.50",
        "1E+2",
        "123456789012345678901234567890.123456789012345678901234567890e-7",
        "\"\"",
        "\"a\\\"b\\\\c\\n\\u0001é🎉\"",
        "[]",
        "{}",
        "[[],{},[[1]]]",
        "{\"b\":1,\"a\":{\"b\":[2,3]},\"b\":4}",
    ] {
        assert_eq!(to_string(&from_str(text).unwrap()).unwrap(), text);
        let spaced = format!(" \t\r\n{text}\n ");
        assert_eq!(to_string(&from_str(&spaced).unwrap()).unwrap(), text);
    }
    let spaced =
        from_str("{ \"a\" : [ 1 , { \"b\" : null } ] , \"c\\u0064\" : \"\\/\\u00e9\\ud83c\\udf89\" }")
            .unwrap();
    assert_eq!(to_string(&spaced).unwrap(), "{\"a\":[1,{\"b\":null}],\"cd\":\"/é🎉\"}");
}

#[test]
fn errors_name_the_place() {
    for (text, want) in [
        ("", "unexpected end of JSON at byte 0"),
        ("  ", "unexpected end of JSON at byte 2"),
        ("{", "unexpected end of JSON at byte 1"),
        ("[1", "unexpected end of JSON at byte 2"),
        ("\"a", "unexpected end of JSON at byte 2"),
        ("\"a\\", "unexpected end of JSON at byte 2"),
        ("[1,]", "expected a value at byte 3"),
        ("[1 2]", "expected `,` or `]` at byte 3"),
        ("{\"a\":1,}", "expected a key in double quotes at byte 7"),
        ("{a:1}", "expected a key in double quotes at byte 1"),
        ("{\"a\" 1}", "expected `:` at byte 5"),
        ("{\"a\":1]", "expected `,` or `}` at byte 6"),
        ("nul", "expected a value at byte 0"),
        ("'a'", "expected a value at byte 0"),
        ("1 1", "unexpected text after the value at byte 2"),
        ("nullx", "unexpected text after the value at byte 4"),
        ("01", "invalid number at byte 1"),
        ("-x", "invalid number at byte 1"),
        ("-", "unexpected end of JSON at byte 1"),
        ("1.", "unexpected end of JSON at byte 2"),
        ("1.e", "invalid number at byte 2"),
        ("1e+x", "invalid number at byte 3"),
        ("+1", "expected a value at byte 0"),
        (".5", "expected a value at byte 0"),
        ("\"\\x\"", "invalid escape at byte 1"),
        ("\"\\u12g4\"", "invalid escape at byte 1"),
        ("\"\\u12\"", "invalid escape at byte 1"),
        ("\"\\ud800\"", "lone surrogate in an escape at byte 1"),
        ("\"\\ud800\\u0041\"", "lone surrogate in an escape at byte 1"),
        ("\"\\udc00\"", "lone surrogate in an escape at byte 1"),
        ("\"a\tb\"", "control character in a string at byte 2"),
        ("\u{feff}1", "expected a value at byte 0"),
    ] {
        assert_eq!(error(text), want, "{text}");
    }
    assert_eq!(from_slice(b"\"a\xff\"").unwrap_err().to_string(), "invalid UTF-8 at byte 2");
}

#[test]
fn limits_hold() {
    let limits = Limits { depth: 3, file_bytes: 20, ..Limits::default() };
    let read = |text: &str| json::read(text, SourceId::NONE, &limits).map_err(|error| error.to_string());
    assert!(read("[[[1]]]").is_ok());
    assert_eq!(read("[[[[1]]]]").unwrap_err(), "more than 3 levels at byte 3");
    assert_eq!(read(&" ".repeat(21)).unwrap_err(), "more than 20 bytes at byte 0");
    assert_eq!(error(&"[".repeat(100_000)), "more than 10000 levels at byte 10000");
    let deep = format!("{}{}", "[".repeat(10_000), "]".repeat(10_000));
    assert_eq!(to_string(&from_str(&deep).unwrap()).unwrap(), deep);
}

#[test]
fn places_types_and_styles() {
    let source = SourceId::new(7);
    let value = json::read("{\"a\": [\"x\", 1, 1.0]}", source, &Limits::default()).unwrap();
    let entry = value.as_map().unwrap().get_entry("a").unwrap();
    assert_eq!((entry.key.offset(), entry.key.style()), (1, Style::Double));
    let items = entry.value.as_seq().unwrap();
    assert_eq!(items.place(), Place::new(source, 6));
    let scalars: Vec<_> = items.iter().filter_map(Value::as_scalar).map(|s| (s.kind(), s.style())).collect();
    assert_eq!(
        scalars,
        [
            (ScalarKind::Str, Style::Double),
            (ScalarKind::Int, Style::Plain),
            (ScalarKind::Float, Style::Plain)
        ]
    );
}

fn plain(kind: ScalarKind, text: &str) -> Value {
    Value::from(Scalar::new(kind, text, Style::Plain))
}

#[test]
fn flavours() {
    let value = Value::from(Map::from_iter([
        ("z", Value::from("<a>&\u{2028}\u{2029}\u{2030}\u{8}\u{c}\u{7f}\"")),
        ("Z", Value::from(Seq::from_iter([plain(ScalarKind::Int, "0644"), plain(ScalarKind::Float, "1.0")]))),
        ("a", Value::map()),
        ("t", plain(ScalarKind::Timestamp, "2020-1-2")),
        ("n", plain(ScalarKind::Null, "~")),
        ("b", plain(ScalarKind::Bool, "TRUE")),
        ("f", plain(ScalarKind::Float, "1e-7")),
    ]));
    assert_eq!(
        to_string(&value).unwrap(),
        "{\"z\":\"<a>&\u{2028}\u{2029}\u{2030}\\b\\f\u{7f}\\\"\",\"Z\":[420,1.0],\"a\":{},\
         \"t\":\"2020-01-02T00:00:00Z\",\"n\":null,\"b\":true,\"f\":1e-7}"
    );
    assert_eq!(
        to_go_string(&value).unwrap(),
        "{\"Z\":[420,1],\"a\":{},\"b\":true,\"f\":1e-7,\"n\":null,\"t\":\"2020-01-02T00:00:00Z\",\
         \"z\":\"\\u003ca\\u003e\\u0026\\u2028\\u2029\u{2030}\\b\\f\u{7f}\\\"\"}"
    );
    let small = from_str("{\"a\":[1,{\"b\":[]}]}").unwrap();
    assert_eq!(
        to_string_pretty(&small).unwrap(),
        "{\n  \"a\": [\n    1,\n    {\n      \"b\": []\n    }\n  ]\n}"
    );
}

#[test]
fn refusals() {
    let infinite = plain(ScalarKind::Float, ".inf");
    assert_eq!(to_string(&infinite).unwrap_err().to_string(), "json: unsupported value: .inf");
    assert_eq!(to_go_string(&infinite).unwrap_err().to_string(), "json: unsupported value: +Inf");
    let doubled = from_str("{\"a\":1,\"a\":2}").unwrap();
    assert_eq!(to_go_string(&doubled).unwrap_err().to_string(), "mapping key \"a\" already defined");
    let entry = Entry { key: Key::typed("1", ScalarKind::Int, Style::Plain), value: Value::null() };
    let typed = Value::from(Map::placed(vec![entry], Place::NONE));
    assert_eq!(to_go_string(&typed).unwrap(), "{\"1\":null}");
    assert!(to_go_string(&Value::from(Seq::from_iter([typed]))).is_err());
}

#[test]
fn order_of_go_keys_survives_nesting() {
    let value =
        from_str("{\"c\":{\"b\":{\"z\":1,\"y\":2},\"a\":3},\"b\":[{\"d\":1,\"c\":2}],\"a\":{}}").unwrap();
    assert_eq!(
        to_go_string(&value).unwrap(),
        "{\"a\":{},\"b\":[{\"c\":2,\"d\":1}],\"c\":{\"a\":3,\"b\":{\"y\":2,\"z\":1}}}"
    );
}

fn any_json() -> impl Strategy<Value = serde_json::Value> {
    let leaf = prop_oneof![
        Just(serde_json::Value::Null),
        any::<bool>().prop_map(Into::into),
        any::<i64>().prop_map(Into::into),
        any::<f64>().prop_map(Into::into),
        any::<String>().prop_map(Into::into),
    ];
    leaf.prop_recursive(4, 40, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Into::into),
            prop::collection::btree_map("[a-z\"\u{e9}]{0,3}", inner, 0..6)
                .prop_map(|map| serde_json::Value::Object(map.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn agrees_with_another_reader(value in any_json(), pretty: bool) {
        let text = if pretty { serde_json::to_string_pretty(&value) } else { serde_json::to_string(&value) }.unwrap();
        let ours = from_str(&text).unwrap();
        let printed = if pretty { to_string_pretty(&ours) } else { to_string(&ours) }.unwrap();
        prop_assert_eq!(printed, text);
    }

    #[test]
    fn accepts_what_another_reader_accepts(text in "[\\[\\]{}:,\"\\\\truefalsnu0-9.eE+ -]{0,24}") {
        // The other one refuses numbers beyond 64 bits as floats too large; ours keeps them.
        let theirs = serde_json::from_str::<serde_json::Value>(&text);
        let too_large = theirs.as_ref().is_err_and(|error| error.to_string().starts_with("number out of range"));
        prop_assert!(from_str(&text).is_ok() == theirs.is_ok() || too_large, "{:?}", theirs);
    }
}
