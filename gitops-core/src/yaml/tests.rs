//! What the reader makes of texts, in tables.

use super::*;
use crate::value::{ScalarKind, Sources, Style};

fn root(text: &str, options: &Options) -> Value {
    let documents = read(text.as_bytes(), options).unwrap_or_else(|error| panic!("{text:?}: {error}"));
    documents.into_iter().next().map(|document| document.root).unwrap_or_default()
}

fn failure(text: &[u8], options: &Options) -> ErrorKind {
    match read(text, options) {
        Err(error) => error.kind,
        Ok(documents) => panic!("{:?} reads as {documents:?}", String::from_utf8_lossy(text)),
    }
}

/// Kind, text and style of the value under `v`.
fn scalar(text: &str, options: &Options) -> (ScalarKind, String, Style) {
    let root = root(text, options);
    let scalar = root.get("v").and_then(Value::as_scalar).unwrap_or_else(|| panic!("{text:?}"));
    (scalar.kind(), scalar.text().to_owned(), scalar.style())
}

#[test]
fn scalars_keep_text_and_style() {
    use ScalarKind::{Binary, Bool, Float, Int, Null, Str, Timestamp};
    use Style::{Double, Folded, Literal, Plain, Single};
    let table: [(&str, ScalarKind, &str, Style); 44] = [
        ("v: 0644", Int, "0644", Plain),
        ("v: 2020-01-02", Timestamp, "2020-01-02", Plain),
        ("v: yes", Str, "yes", Plain),
        ("v: True", Bool, "True", Plain),
        ("v: 1e3", Float, "1e3", Plain),
        ("v:", Null, "", Plain),
        ("v: ~", Null, "~", Plain),
        ("v: a # b", Str, "a", Plain),
        ("v: a#b", Str, "a#b", Plain),
        ("v: a\n b\n\n c", Str, "a b\nc", Plain),
        ("v:\n  a\n b", Str, "a b", Plain),
        ("v: a - b", Str, "a - b", Plain),
        ("v: a\n - b", Str, "a - b", Plain),
        ("v: http://x:80", Str, "http://x:80", Plain),
        ("v: 'it''s'", Str, "it's", Single),
        ("v: 'a\n\n  b'", Str, "a\nb", Single),
        ("v: \"a\\tb\\x41\\u00e9\\U0001F389\"", Str, "a\tbAé🎉", Double),
        ("v: \"a \\\n   b\"", Str, "a b", Double),
        ("v: \"a\n \t b\"", Str, "a b", Double),
        ("v: \"1\"", Str, "1", Double),
        ("v: |\n  a\n  b\n", Str, "a\nb\n", Literal),
        ("v: |-\n  a\n\n", Str, "a", Literal),
        ("v: |+\n  a\n\n", Str, "a\n\n", Literal),
        ("v: |2\n    a\n", Str, "  a\n", Literal),
        ("v: |\n\n  a\n", Str, "\na\n", Literal),
        ("v: |\n  a", Str, "a", Literal),
        ("v: |+\n  a", Str, "a", Literal),
        ("v: |", Str, "", Literal),
        ("v: | # note\n  a\n", Str, "a\n", Literal),
        ("v: |\n  a\n   b\n  \tc\n", Str, "a\n b\n\tc\n", Literal),
        ("v: >\n  a\n  b\n\n  c\n", Str, "a b\nc\n", Folded),
        ("v: >\n  a\n    b\n  c\n", Str, "a\n  b\nc\n", Folded),
        ("v: !!str 1", Str, "1", Double),
        ("v: !!int \"1\"", Int, "1", Plain),
        ("v: !!float 0x10", Float, "16", Plain),
        ("v: !x 1", Str, "1", Double),
        ("v: ! 1", Int, "1", Plain),
        ("v: !!binary aGk=", Binary, "aGk=", Plain),
        ("v: !!null", Null, "", Plain),
        ("v: !!timestamp \"2020-01-02\"", Timestamp, "2020-01-02", Plain),
        ("v: &a x", Str, "x", Plain),
        ("u: &a 1\nv: *a", Int, "1", Plain),
        ("v: \u{feff}x", Str, "\u{feff}x", Plain),
        ("v: a\u{2028} b", Str, "a\u{2028}b", Plain),
    ];
    for (text, kind, value, style) in table {
        for options in [Options::kustomize(), Options::kustomize().complete_only()] {
            assert_eq!(scalar(text, &options), (kind, value.to_owned(), style), "{text:?}");
        }
    }
}

#[test]
fn kubectl_reads_otherwise() {
    use ScalarKind::{Bool, Str};
    let table = [
        ("v: yes", Bool, "yes"),
        ("v: 2020-01-02", Str, "2020-01-02"),
        ("v: 1\nv: a", Str, "a"),
        ("v: ! 1", Str, "1"),
        // Its line reader ends the last line.
        ("v: |\n  a", Str, "a\n"),
        ("v: >+\n  a", Str, "a\n"),
        // Keys are set in the order of the text.
        ("u: &a {v: b}\nv: c\n<<: *a", Str, "b"),
    ];
    for (text, kind, value) in table {
        let (found, text, _) = scalar(text, &Options::kubectl());
        assert_eq!((found, text.as_str()), (kind, value));
    }
    let root = root("on: 1\n0x10: 2\n1.50: 3\n1e-7: 4\n1234567.5: 5\n", &Options::kubectl());
    let keys: Vec<_> = root.as_map().unwrap().keys().map(|key| (key.as_str(), key.kind())).collect();
    assert_eq!(keys, [("true", Str), ("16", Str), ("1.5", Str), ("1e-07", Str), ("1.2345675e+06", Str)]);
    assert_eq!(failure(b"~: 1", &Options::kubectl()), ErrorKind::UnsupportedKey("~".to_owned()));
    let latin = read(b"v: \xe9", &Options::kubectl().replacing_invalid_utf8()).unwrap();
    assert_eq!(latin[0].root.get("v").and_then(Value::as_str), Some("\u{FFFD}"));
}

#[test]
fn kustomize_keeps_keys_and_duplicates() {
    use ScalarKind::{Int, Str};
    let root = root("1: a\n\"1\": b\n1: c\n? d\n", &Options::kustomize());
    let keys: Vec<_> = root.as_map().unwrap().keys().map(|key| (key.as_str(), key.kind())).collect();
    assert_eq!(keys, [("1", Int), ("1", Str), ("1", Int), ("d", Str)]);
}

#[test]
fn what_stands_in_brackets_is_settled_with_its_style() {
    // Text of `v`, and what it is once its style is settled.
    for (text, settled) in [
        ("v: {a: , b}", r#"{"a":"","b":""}"#),
        ("v: [{a: }]", r#"[{"a":""}]"#),
        ("v:\n  a:\n  b: ~\n", r#"{"a":null,"b":null}"#),
        ("v: {a: ~}", r#"{"a":null}"#),
        (
            "v: {a: 2001-12-14 21:59:43, b: 2001-12-14}",
            r#"{"a":"2001-12-14 21:59:43","b":"2001-12-14T00:00:00Z"}"#,
        ),
        ("v:\n  a: 2001-12-14 21:59:43\n", r#"{"a":"2001-12-14T21:59:43Z"}"#),
        ("v: !!binary aGk=", r#""hi""#),
    ] {
        let mut root = root(text, &Options::kustomize());
        crate::yaml::settle_styles(&mut root);
        assert_eq!(crate::json::to_string(root.get("v").unwrap()).unwrap(), settled, "{text:?}");
    }
}

#[test]
fn merges() {
    // Text and the pairs of `v`, sorted.
    let table = [
        ("a: &x {p: 1, q: 2}\nv: {<<: *x, q: 3}", "p=1 q=3"),
        ("a: &x {p: 1}\nb: &y {p: 2, q: 2}\nv: {<<: [*x, *y]}", "p=1 q=2"),
        ("v: {<<: [{p: 1}, {p: 2, r: 4}], q: 3}", "p=1 q=3 r=4"),
        ("v: {\"<<\": {p: 1}, q: 3}", "q=3"),
        ("v: {\"<<\": {p: 1}, <<: {q: 2}}", "q=2"),
        ("v: {<<: {q: 2}, \"<<\": 1}", "<<=1 q=2"),
        ("a: &x {<<: {p: 1}, q: 2}\nv: {<<: *x}", "p=1 q=2"),
    ];
    for (text, pairs) in table {
        let root = root(text, &Options::kustomize());
        let map = root.get("v").and_then(Value::as_map).unwrap();
        let mut found: Vec<_> =
            map.iter().map(|(key, value)| format!("{key}={}", value.as_text().unwrap())).collect();
        found.sort();
        assert_eq!(found.join(" "), pairs, "{text:?}");
    }
    let options = Options::kustomize();
    assert_eq!(failure(b"v: {<<: 1}", &options), ErrorKind::MergeValue);
    assert_eq!(failure(b"a: &x [{p: 1}]\nv: {<<: *x}", &options), ErrorKind::MergeValue);
    assert_eq!(failure(b"v: {<<: {p: 1}, <<: {q: 1}}", &options), ErrorKind::DuplicateMerge);
    assert_eq!(failure(b"v: &x {a: *x}", &options), ErrorKind::AliasCycle("x".to_owned()));
    assert_eq!(failure(b"v: *x", &options), ErrorKind::UnknownAnchor("x".to_owned()));
}

#[test]
fn errors_name_their_cause() {
    use ErrorKind::*;
    let table: [(&[u8], ErrorKind); 36] = [
        (b"a:\n\t- b", Tab),
        (b"a: |\n\tb", Tab),
        (b"a: b\n\tc", Tab),
        (b"a: @b", UnexpectedCharacter('@')),
        (b"a: 'b", UnterminatedQuote),
        (b"a: \"b\n... \nc\"", DocumentMarkerInQuotes),
        (b"a: \"\\/\"", UnknownEscape('/')),
        (b"a: \"\\ud83c\\udf89\"", InvalidEscape),
        (b"a: \"\\x4\"", InvalidEscape),
        (b"a: |x\n b", BlockHeader),
        (b"a: |0\n b", ZeroIndentation),
        (b"a:\n  b: c\n d: e", ExpectedKey),
        (b"a: b\n  c: d", UnexpectedValue),
        (b"- b\nc", MissingColon),
        (b"- b\n]", ExpectedDash),
        (b"a: b: c", UnexpectedValue),
        (b"a: - b", UnexpectedDash),
        (b"a: ? b", UnexpectedKey),
        (b"a: b\nc", MissingColon),
        (b"a: [b, c", UnclosedSequence),
        (b"a: {b: c", UnclosedMapping),
        (b"a: [,b]", ExpectedContent),
        (b"a: &\n", AnchorName),
        (b"a: !<x\n", Tag),
        (b"a: !x!y b", TagHandle("!x!".to_owned())),
        (b"%FOO\n", Directive),
        (b"%YAML 1.2\n---", Version),
        (b"%YAML 1.1\na: b", ExpectedDocumentStart),
        (b"a: b\n--- c\n", DocumentSeparator("--- c".to_owned())),
        (b"a: b\n----\n", DocumentSeparator("----".to_owned())),
        (b"a: !!int x", TagMismatch { tag: "!!int".to_owned(), text: "x".to_owned() }),
        (b"a: !!binary x", Binary),
        (b"? [a]\n: b", ComplexKey),
        (b"a: \x00", ControlCharacter('\0')),
        (b"a: \x7f", ControlCharacter('\x7f')),
        (b"a: \xff", InvalidEncoding { encoding: "UTF-8" }),
    ];
    for (text, kind) in table {
        assert_eq!(failure(text, &Options::kustomize()), kind, "{:?}", String::from_utf8_lossy(text));
    }
}

#[test]
fn splitting() {
    let table: [(&str, usize, usize); 14] = [
        // text, documents for kustomize, documents for kubectl
        ("a: 1\n---\nb: 2\n", 2, 2),
        ("---\na: 1\n---\n---\nb: 2\n", 2, 2),
        ("a: 1\n---", 1, 1),
        ("a: 1\n--- # note\nb: 2\n", 2, 2),
        ("# note\n---\n# note\n", 0, 0),
        ("", 0, 0),
        ("---\n", 0, 0),
        ("null\n---\n~\n", 0, 0),
        ("a: 1\n...\nb: 2\n", 1, 1),
        ("a: 1\r\n---\r\nb: 2\r\n", 2, 2),
        ("\u{feff}a: 1\n---\n\u{feff}b: 2\n", 2, 2),
        ("{\"a\": 1}\n{\"b\": 2}\n", 1, 1),
        ("a: 1\n---\n{}\n", 2, 2),
        ("a: 1\n--- \t \nb: 2\n", 2, 2),
    ];
    for (text, kustomize, kubectl) in table {
        assert_eq!(read(text.as_bytes(), &Options::kustomize()).unwrap().len(), kustomize, "{text:?}");
        assert_eq!(read(text.as_bytes(), &Options::kubectl()).unwrap().len(), kubectl, "{text:?}");
    }
    // The pattern cuts block texts and quotes in two.
    let documents = read(b"a: |\n  x\n---\nb: 1\n", &Options::kustomize()).unwrap();
    assert_eq!(documents[0].root.get("a").and_then(Value::as_str), Some("x\n"));
    assert_eq!(failure(b"a: \"x\n---\ny\"\n", &Options::kustomize()), ErrorKind::UnterminatedQuote);
}

#[test]
fn places_count_bytes_of_the_original() {
    let text = "\u{feff}a: 1\r\nb:\r\n- é: [x,\r\n   y]\r\n---\r\nc: |\r\n  d\r\n";
    for complete in [false, true] {
        let mut sources = Sources::default();
        let source = sources.add("f.yaml", text);
        let options = Options { complete_only: complete, ..Options::kustomize().source(source) };
        let documents = read(text.as_bytes(), &options).unwrap();
        let at = |needle: &str| text.find(needle).unwrap() as u32;
        let first = documents[0].root.as_map().unwrap();
        let item = first.get("b").and_then(Value::as_seq).unwrap();
        let pair = item.items()[0].as_map().unwrap();
        let flow = pair.get("é").and_then(Value::as_seq).unwrap();
        assert_eq!(first.place().offset, 3);
        assert_eq!(first.get("a").unwrap().place().offset, at("1"));
        assert_eq!(first.entries()[1].key.offset(), at("b:"));
        assert_eq!(item.place().offset, at("- é"));
        assert_eq!(pair.entries()[0].key.offset(), at("é"));
        assert_eq!(flow.place().offset, at("[x"));
        assert_eq!(flow.items()[1].place().offset, at("y]"));
        let second = &documents[1];
        assert_eq!((second.place.offset, second.root.place().offset), (at("c:"), at("c:")));
        let value = second.root.get("c").unwrap();
        assert_eq!(value.place().offset, at("|"));
        assert_eq!(sources.locate(value.place()).unwrap().to_string(), "f.yaml:6:4");
    }
}

#[test]
fn utf16_is_one_part() {
    let text = "a: é\n---\nb: 1\n";
    for little in [true, false] {
        let unit = |unit: u16| if little { unit.to_le_bytes() } else { unit.to_be_bytes() };
        let bytes: Vec<u8> = "\u{feff}".encode_utf16().chain(text.encode_utf16()).flat_map(unit).collect();
        let documents = read(&bytes, &Options::kustomize()).unwrap();
        assert_eq!(documents.len(), 1);
        assert_eq!(documents[0].root.get("a").and_then(Value::as_str), Some("é"));
    }
    let odd = failure(b"\xff\xfea", &Options::kustomize());
    assert_eq!(odd, ErrorKind::InvalidEncoding { encoding: "UTF-16" });
}

#[test]
fn comments_with_schemas() {
    let text = "a: 1 # {\"type\":\"integer\"}\nb: '# {\"x\":1}' # plain\n# {\"y\":1}\n";
    let documents = read(text.as_bytes(), &Options::kustomize().comments()).unwrap();
    let comments: Vec<_> = documents[0].comments.iter().map(|c| (c.offset, c.text.as_str())).collect();
    assert_eq!(comments, [(5, "{\"type\":\"integer\"}"), (text.rfind('#').unwrap() as u32, "{\"y\":1}")]);
    assert_eq!(read(b"a: 1 # note\n", &Options::kustomize().comments()).unwrap()[0].path, ReadPath::Fast);
}

#[test]
fn which_reader_serves() {
    let fast = [
        "a: 1\n",
        "---\na: 1\n",
        "{\"a\": [1, 2]}\n",
        "- a\n-\n  - b\n",
        "a: >-\n  b\n  c\n",
        "a: \"b\n  c\"\n",
        "a: b\n  c\n",
        "1: a\nb: {c: d, e: [f]} # g\n",
        "a:\r\n  b: c\r\n",
        "a: 'it''s'\n",
        "a: []\nb: {}\n",
    ];
    for text in fast {
        assert_eq!(read(text.as_bytes(), &Options::kustomize()).unwrap()[0].path, ReadPath::Fast, "{text:?}");
    }
    let complete =
        ["a: &x 1\n", "a: !!str 1\n", "? a\n: b\n", "a: {b: }\n", "a\u{2028}: b\n", "a:\tb\n", "x"];
    for text in complete {
        assert_eq!(
            read(text.as_bytes(), &Options::kustomize()).unwrap()[0].path,
            ReadPath::Complete,
            "{text:?}"
        );
    }
}
