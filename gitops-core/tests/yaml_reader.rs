//! Laws of the reader: both of its paths agree, recorded errors are found, hostile input is survived.

#![allow(clippy::unwrap_used, clippy::print_stdout, clippy::format_push_string, clippy::format_collect)]

use gitops_core::limits::Limits;
use gitops_core::value::{Sources, Value};
use gitops_core::yaml::{ErrorKind, Options, ReadError, ReadPath, read, read_first};
use proptest::prelude::*;
use std::path::PathBuf;

/// The recorded cases of kustomize, if they are here.
fn cases() -> Option<Vec<serde_json::Value>> {
    let folder = std::env::var_os("GITOPS_CONFORMANCE").map_or_else(
        || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../shared/conformance"),
        PathBuf::from,
    );
    match std::fs::read_to_string(folder.join("kustomize/cases.jsonl")) {
        Ok(text) => Some(text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()),
        Err(error) => {
            let required = std::env::var("GITOPS_CONFORMANCE_REQUIRED").is_ok_and(|value| value == "1");
            assert!(!required, "{}: {error}", folder.display());
            println!("skipped: no {}", folder.display());
            None
        }
    }
}

/// Texts of the files of a case with their paths.
fn files(case: &serde_json::Value) -> impl Iterator<Item = (&str, &str)> {
    let files = case["files"].as_object().into_iter().flatten();
    files.filter_map(|(path, text)| Some((path.as_str(), text.as_str()?)))
}

/// Same kinds, texts, styles, places, keys, order.
fn identical(a: &Value, b: &Value) -> bool {
    let mut pending = vec![(a, b)];
    while let Some((a, b)) = pending.pop() {
        if a.place() != b.place() {
            return false;
        }
        match (a, b) {
            (Value::Scalar(a), Value::Scalar(b)) => {
                if (a.kind(), a.text(), a.style()) != (b.kind(), b.text(), b.style()) {
                    return false;
                }
            }
            (Value::Seq(a), Value::Seq(b)) if a.len() == b.len() => pending.extend(a.iter().zip(b)),
            (Value::Map(a), Value::Map(b)) if a.len() == b.len() => {
                for (a, b) in a.entries().iter().zip(b.entries()) {
                    if a.key != b.key || a.key.style() != b.key.style() || a.key.offset() != b.key.offset() {
                        return false;
                    }
                    pending.push((&a.value, &b.value));
                }
            }
            _ => return false,
        }
    }
    true
}

/// Fails where the fast reader gives something else than the complete one; the number of documents it served.
fn agree(text: &[u8], options: &Options) -> usize {
    let complete = read(text, &options.complete_only());
    let text = String::from_utf8_lossy(text);
    match (read(text.as_bytes(), options), complete) {
        (Ok(documents), Ok(complete)) => {
            assert_eq!(documents.len(), complete.len(), "{text:?}");
            for (document, other) in documents.iter().zip(&complete) {
                assert!(identical(&document.root, &other.root), "{text:?}\n{document:?}\n{other:?}");
                assert_eq!(document.place, other.place, "{text:?}");
            }
            documents.iter().filter(|document| document.path == ReadPath::Fast).count()
        }
        (Err(error), Err(other)) => {
            assert_eq!(error, other, "{text:?}");
            0
        }
        (Ok(documents), Err(error)) => panic!("{text:?}\n{documents:?}\n{error}"),
        (Err(error), Ok(documents)) => panic!("{text:?}\n{error}\n{documents:?}"),
    }
}

#[test]
fn paths_agree_on_recorded_files() {
    let Some(cases) = cases() else { return };
    let (mut fast, mut all) = (0, 0);
    for (_, text) in cases.iter().flat_map(files) {
        for options in [Options::kustomize(), Options::kubectl()] {
            // A bomb is refused by both, each in its time; those have a test of their own.
            fast += agree(text.as_bytes(), &options);
            all += read(text.as_bytes(), &options).map_or(0, |documents| documents.len());
        }
    }
    println!("fast reader: {fast} of {all} documents");
    assert!(fast * 100 >= all * 95, "the fast reader serves {fast} of {all}");
}

/// The code that stands for a clause of go-yaml's errors.
fn code(clause: &str) -> Option<&'static str> {
    let table = [
        ("control characters are not allowed", "yaml-control-character"),
        ("UTF-8", "yaml-encoding"),
        ("unknown anchor", "yaml-unknown-anchor"),
        ("did not find expected key", "yaml-indentation"),
        ("did not find expected '-' indicator", "yaml-indentation"),
        ("found character that cannot start any token", "yaml-tab"),
        ("did not find expected ',' or", "yaml-unclosed"),
        ("found unexpected end of stream", "yaml-unterminated-quote"),
        ("mapping values are not allowed", "yaml-unexpected-indicator"),
        ("could not find expected ':'", "yaml-missing-colon"),
        ("invalid Unicode character escape code", "yaml-escape"),
        ("found unknown escape character", "yaml-escape"),
        ("did not find expected <document start>", "yaml-document-start"),
        ("found incompatible YAML document", "yaml-directive"),
        ("invalid document separator", "yaml-document-separator"),
        ("invalid map merge", "yaml-merge"),
    ];
    table.iter().find(|(text, _)| clause.contains(text)).map(|(_, code)| *code)
}

/// Lines that an error names; go-yaml names the line of one of them or the one before.
fn lines(error: &ReadError, text: &str) -> Vec<u32> {
    let mut sources = Sources::default();
    let source = sources.add("r.yaml", text);
    let options = Options::kustomize().source(source);
    let error = read(text.as_bytes(), &options).err().unwrap_or_else(|| error.clone());
    let places = [Some(error.place), error.context];
    places
        .into_iter()
        .flatten()
        .filter_map(|place| sources.locate(place))
        .map(|location| location.line)
        .collect()
}

#[test]
fn recorded_errors_have_their_cause_and_line() {
    let Some(cases) = cases() else { return };
    let mut compared = 0;
    for case in cases.iter().filter(|case| case["corpus"] == "cases_yaml") {
        let Some(recorded) = case["reference_error.txt"].as_str() else { continue };
        let Some(code) = code(recorded) else { continue };
        let Some((_, text)) = files(case).find(|(path, _)| path.ends_with("r.yaml")) else { continue };
        let Err(error) = read(text.as_bytes(), &Options::kustomize()) else { continue };
        assert_eq!(error.code(), code, "{}: {error} for {recorded}", case["name"]);
        if let Some(line) = recorded.split("yaml: line ").nth(1).and_then(|rest| rest.split(':').next()) {
            let line: u32 = line.parse().unwrap();
            let found = lines(&error, text);
            assert!(
                found.contains(&line) || found.contains(&(line + 1)),
                "{}: {found:?} {recorded}",
                case["name"]
            );
        }
        compared += 1;
    }
    assert!(compared >= 10, "only {compared} recorded errors were compared");
}

/// Pieces of YAML that are legal, illegal and odd together.
fn soup() -> impl Strategy<Value = String> {
    let pieces = [
        ": ",
        ":",
        "- ",
        "-",
        "\n",
        "\n  ",
        "\n    ",
        "\n- ",
        "\n  - ",
        " ",
        "\t",
        "\"",
        "'",
        "{",
        "}",
        "[",
        "]",
        ", ",
        ",",
        "&x ",
        "*x",
        "!!str ",
        "#",
        " # c",
        "|",
        ">",
        "|-\n",
        "|\n  ",
        ">\n  ",
        "? ",
        "a",
        "b",
        "key",
        "1",
        "0x1",
        "true",
        "null",
        "~",
        "<<",
        "---\n",
        "...\n",
        "%",
        "@",
        "\\n",
        "\r\n",
        "\u{85}",
        "é",
        "a: ",
        "b: ",
        "\"a\": ",
        "{a: b}",
        "[a, b]",
        "\n\n",
        "2001-01-01",
        "- - ",
        "|2\n",
        "|+\n  ",
        "a:\n",
        "a: b\n",
        "  b: c\n",
        "- a: b\n",
    ];
    prop::collection::vec(prop::sample::select(pieces.to_vec()), 1..16).prop_map(|pieces| pieces.concat())
}

/// A manifest as people write them: block collections of scalars in all styles.
fn manifest() -> impl Strategy<Value = String> {
    let leaf = prop::sample::select(vec![
        " a",
        " 1",
        " \"a\\tb\"",
        " 'it''s'",
        " a b # c",
        "",
        " |\nI  x\nI\nI   y",
        " >-\nI  x\nI  y",
        " a\nI  b",
        " [a, {b: c}]",
        " {}",
        " \"a\nI  b\"",
        " http://x",
        " {\"a\": [1, true, null]}",
        " -1",
        " |\nI  x\n\nI  y\n",
        " # c\nI  a",
    ]);
    let tree = leaf.prop_map(|text| (text.to_owned(), false));
    let tree = tree.prop_recursive(6, 40, 4, |inner| {
        let children =
            prop::collection::vec((prop::sample::select(vec!["a", "kind", "\"b c\"", "x.y/z"]), inner), 1..4);
        (children, prop::sample::select(vec!["map", "seq", "same"])).prop_map(|(children, shape)| {
            let mut text = String::new();
            for (key, (child, _)) in children {
                let (head, deeper) = match shape {
                    "map" => (format!("\nI  {key}:"), "I  "),
                    "seq" => ("\nI  -".to_owned(), "I    "),
                    _ => ("\nI-".to_owned(), "I  "),
                };
                text += &head;
                text += &child.replace('I', deeper);
            }
            (text, true)
        })
    });
    tree.prop_map(|(text, _)| format!("root:{}\n", text.replace('I', "")))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]

    #[test]
    fn paths_agree_on_soup(text in soup()) {
        agree(text.as_bytes(), &Options::kustomize());
        agree(text.as_bytes(), &Options::kubectl());
    }

    #[test]
    fn paths_agree_on_manifests(text in manifest()) {
        agree(text.as_bytes(), &Options::kustomize());
        agree(text.as_bytes(), &Options::kubectl());
        agree(text.replace('\n', "\r\n").as_bytes(), &Options::kustomize());
    }

    #[test]
    fn a_parser_of_another_hand_agrees(text in manifest()) {
        let ours = kustomize(&text);
        let theirs = events(&text);
        if let (Ok(root), Some(theirs)) = (ours, theirs) {
            prop_assert_eq!(shape(&root), theirs, "{:?}", text);
        }
    }

    #[test]
    fn no_bytes_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        for options in [Options::kustomize(), Options::kubectl().replacing_invalid_utf8()] {
            let _ = read(&bytes, &options);
            let _ = read_first(&bytes, &options);
        }
    }
}

/// Structure and texts of a value.
fn shape(value: &Value) -> String {
    match value {
        Value::Scalar(scalar) => format!("{:?}", scalar.text()),
        Value::Seq(seq) => format!("[{}]", seq.iter().map(|item| shape(item) + ",").collect::<String>()),
        Value::Map(map) => {
            let pairs = map.iter().map(|(key, value)| format!("{:?},{},", key.as_str(), shape(value)));
            format!("{{{}}}", pairs.collect::<String>())
        }
    }
}

/// The same of the events that saphyr-parser finds, which gives `~` where nothing stands; nothing where it refuses the
/// text.
fn events(text: &str) -> Option<String> {
    let mut shape = String::new();
    for event in saphyr_parser::Parser::new_from_str(text) {
        match event.ok()?.0 {
            saphyr_parser::Event::Scalar(text, saphyr_parser::ScalarStyle::Plain, ..) if text == "~" => {
                shape += "\"\",";
            }
            saphyr_parser::Event::Scalar(text, ..) => shape += &format!("{text:?},"),
            saphyr_parser::Event::SequenceStart(..) => shape.push('['),
            saphyr_parser::Event::SequenceEnd => shape += "],",
            saphyr_parser::Event::MappingStart(..) => shape.push('{'),
            saphyr_parser::Event::MappingEnd => shape += "},",
            _ => {}
        }
    }
    Some(shape.trim_end_matches(',').to_owned())
}

fn kustomize(text: &str) -> Result<Value, ReadError> {
    let documents = read(text.as_bytes(), &Options::kustomize())?;
    Ok(documents.into_iter().next().map(|document| document.root).unwrap_or_default())
}

#[test]
fn alias_bombs_are_refused() {
    let mut text = "a: &a [x, x, x, x, x, x, x, x, x]\n".to_owned();
    for (name, before) in ('b'..='j').zip('a'..) {
        text += &format!("{name}: &{name} [{}]\n", vec![format!("*{before}"); 9].join(", "));
    }
    assert!(matches!(kustomize(&text).unwrap_err().kind, ErrorKind::AliasBudget(_)));
    let kubectl = read_first(text.as_bytes(), &Options::kubectl()).unwrap_err();
    assert!(matches!(kubectl.kind, ErrorKind::AliasBudget(_)));
    let merges: String = (1..2_000).map(|n| format!("m{n}: &m{n} {{<<: *m{}, k{n}: 1}}\n", n - 1)).collect();
    let text = format!("m0: &m0 {{k: 1}}\n{merges}");
    let limits = Limits { alias_nodes: 100_000, ..Limits::default() };
    assert!(read(text.as_bytes(), &Options::kustomize().limits(limits)).is_err());
}

#[test]
fn aliases_within_the_budget_are_shared() {
    let text = "a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n";
    let root = kustomize(text).unwrap();
    let c = root.get("c").and_then(Value::as_seq).unwrap();
    assert!(c.items()[0].ptr_eq(&c.items()[1]));
    let chain: String = (1..3_000).map(|n| format!("a{n}: &a{n} [*a{}]\n", n - 1)).collect();
    assert!(matches!(kustomize(&format!("a0: &a0 x\n{chain}")).unwrap_err().kind, ErrorKind::AliasBudget(_)));
}

#[test]
fn deep_flow_collections() {
    for (open, close) in [("[", "]"), ("{a: ", "}")] {
        let nested = |levels: usize| open.repeat(levels) + "x" + &close.repeat(levels);
        assert!(kustomize(&nested(9_000)).is_ok());
        assert!(kustomize(&nested(10_000)).is_ok());
        assert_eq!(kustomize(&nested(10_001)).unwrap_err().kind, ErrorKind::Depth(10_000));
        assert!(kustomize(&open.repeat(9_000)).is_err());
    }
    assert_eq!(kustomize(&"[".repeat(100_000)).unwrap_err().kind, ErrorKind::Depth(10_000));
    assert_eq!(kustomize(&"{".repeat(100_000)).unwrap_err().kind, ErrorKind::Depth(10_000));
}

#[test]
fn many_empty_collections() {
    let root = kustomize(&format!("[{}[]]", "[],".repeat(50_000))).unwrap();
    assert_eq!(root.as_seq().map(gitops_core::Seq::len), Some(50_001));
    assert!(kustomize(&"[[],".repeat(50_000)).is_err());
}

#[test]
fn large_maps() {
    let text: String = (0..200_000).map(|n| format!("key-{n}: value-{n}\n")).collect();
    let root = kustomize(&text).unwrap();
    assert_eq!(root.as_map().map(gitops_core::Map::len), Some(200_000));
    let twice = text.clone() + &text;
    let file = read_first(twice.as_bytes(), &Options::kubectl()).unwrap().unwrap();
    assert_eq!(file.root.as_map().map(gitops_core::Map::len), Some(200_000));
    let merged = format!("a: &a\n  {}b:\n  <<: *a\n", text.trim_end().replace('\n', "\n  ") + "\n");
    assert_eq!(
        kustomize(&merged).unwrap().get("b").and_then(Value::as_map).map(gitops_core::Map::len),
        Some(200_000)
    );
}

#[test]
fn deep_block_collections() {
    for levels in [1_000, 2_000] {
        let text: String = (0..levels).map(|level| format!("{}a:\n", " ".repeat(level))).collect();
        let mut root = kustomize(&text).unwrap();
        for _ in 0..levels {
            root = root.get("a").unwrap().clone();
        }
        assert!(root.is_null());
    }
    assert!(kustomize(&("- ".repeat(10_000) + "x")).is_ok());
    assert_eq!(kustomize(&("- ".repeat(10_001) + "x")).unwrap_err().kind, ErrorKind::Depth(10_000));
    assert!(kustomize(&("? ".repeat(20_000) + "x")).is_err());
}

#[test]
fn long_lines_and_keys() {
    let long = "x".repeat(1 << 20);
    assert_eq!(
        kustomize(&format!("a: {long}")).unwrap().get("a").and_then(Value::as_str),
        Some(long.as_str())
    );
    assert!(kustomize(&format!("{long}: a")).is_err());
    assert!(kustomize(&"\"a\": ".repeat(50_000)).is_err());
    assert!(kustomize(&"&a ".repeat(50_000)).is_ok_and(|root| root.is_null()));
    assert!(kustomize(&"!a ".repeat(50_000)).is_ok_and(|root| !root.is_map()));
    assert!(kustomize(&("a: >\n".to_owned() + &" x\n\n".repeat(50_000))).is_ok());
    assert!(kustomize(&("a: |".to_owned() + &"\n".repeat(200_000))).is_ok());
    assert!(kustomize(&("a: b".to_owned() + &"\n".repeat(200_000) + " c")).is_ok());
    assert!(read(b"a\n---\n".repeat(20_000).as_slice(), &Options::kustomize()).is_ok());
}

#[test]
fn texts_beyond_the_limit_are_refused() {
    let limits = Limits { file_bytes: 4, ..Limits::default() };
    let error = read(b"a: bc", &Options::kustomize().limits(limits)).unwrap_err();
    assert_eq!(error.kind, ErrorKind::TooLarge { len: 5, limit: 4 });
}
