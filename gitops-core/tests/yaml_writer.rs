//! Every recorded output of kustomize, read and printed again, gives the same bytes.

#![allow(clippy::unwrap_used, clippy::print_stdout)]
use gitops_core::value::{Entry, Key, Map, Number, Place, Scalar, ScalarKind, Seq, Style, Value};
use gitops_core::yaml::Writer;
use saphyr_parser::{Event, Parser, ScalarStyle};
use std::path::PathBuf;

#[test]
fn references_survive_reading_and_printing() {
    let Some(cases) = cases() else { return };
    let (mut equal, mut different) = (0, Vec::new());
    for line in cases.lines() {
        let case: serde_json::Value = serde_json::from_str(line).unwrap();
        for (field, text) in case.as_object().unwrap() {
            let is_reference =
                matches!(field.split_once('.'), Some((name, "yaml")) if name.starts_with("reference"));
            let (true, Some(text)) = (is_reference, text.as_str()) else { continue };
            let name = case["name"].as_str().unwrap_or_default();
            // The reader below follows YAML 1.2, to which U+2028 is no line break.
            if text.contains('\u{2028}') {
                continue;
            }
            let variants =
                case["reference_variants"].as_array().into_iter().flatten().filter_map(|v| v.as_str());
            match print(&read(text)) {
                Ok(printed) if variants.clone().any(|variant| variant == printed) => equal += 1,
                Ok(printed) if printed == text => equal += 1,
                Ok(printed) => different.push(format!("{name}: {}", first_difference(text, &printed))),
                Err(error) => different.push(format!("{name}: {error}")),
            }
        }
    }
    println!("writer: {equal}/{} references equal", equal + different.len());
    assert!(different.is_empty(), "{} differ:\n{}", different.len(), different.join("\n"));
    assert!(equal > 500);
}

fn print(documents: &[Value]) -> Result<String, Box<dyn std::error::Error>> {
    let mut writer = Writer::new(Vec::new());
    for document in documents {
        writer.document(document)?;
    }
    Ok(String::from_utf8(writer.finish()?)?)
}

fn first_difference(want: &str, got: &str) -> String {
    let mut lines = want.lines().zip(got.lines()).enumerate();
    match lines.find(|(_, (want, got))| want != got) {
        Some((at, (want, got))) => format!("line {}\n  want {want:?}\n  got  {got:?}", at + 1),
        None => format!("lengths {} and {}", want.len(), got.len()),
    }
}

/// The recorded cases; nothing where they are absent and not required.
fn cases() -> Option<String> {
    let folder = std::env::var_os("GITOPS_CONFORMANCE").map_or_else(
        || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../shared/conformance"),
        PathBuf::from,
    );
    let found = std::fs::read_to_string(folder.join("kustomize/cases.jsonl")).ok();
    if found.is_none() {
        let required = std::env::var_os("GITOPS_CONFORMANCE_REQUIRED").is_some_and(|v| v == "1");
        assert!(!required, "no kustomize/cases.jsonl in {}", folder.display());
        println!("writer: skipped, no conformance folder");
    }
    found
}

enum Open {
    Seq(Vec<Value>),
    Map(Vec<Entry>, Option<Key>),
}

/// A reader of kustomize's own output only: no anchors, no tags.
fn read(text: &str) -> Vec<Value> {
    let (mut documents, mut open) = (Vec::new(), Vec::new());
    for event in Parser::new_from_str(text) {
        let value = match event.unwrap().0 {
            Event::SequenceStart(..) => {
                open.push(Open::Seq(Vec::new()));
                continue;
            }
            Event::MappingStart(..) => {
                open.push(Open::Map(Vec::new(), None));
                continue;
            }
            Event::SequenceEnd | Event::MappingEnd => match open.pop().unwrap() {
                Open::Seq(items) => Value::from(Seq::placed(items, Place::NONE)),
                Open::Map(entries, _) => Value::from(Map::placed(entries, Place::NONE)),
            },
            Event::Scalar(text, style, ..) => scalar(&text, style),
            _ => continue,
        };
        match open.last_mut() {
            None => documents.push(value),
            Some(Open::Seq(items)) => items.push(value),
            Some(Open::Map(entries, key)) => match key.take() {
                Some(key) => entries.push(Entry { key, value }),
                None => *key = value.as_scalar().map(|s| Key::typed(s.text(), s.kind(), s.style())),
            },
        }
    }
    documents
}

fn scalar(text: &str, style: ScalarStyle) -> Value {
    let kind = match text {
        "null" => ScalarKind::Null,
        "true" | "false" => ScalarKind::Bool,
        _ => match Number::parse(text) {
            Some(number) if number.is_integer() => ScalarKind::Int,
            Some(_) => ScalarKind::Float,
            None => ScalarKind::Str,
        },
    };
    let (kind, style) = match style {
        ScalarStyle::Plain => (kind, Style::Plain),
        ScalarStyle::SingleQuoted => (ScalarKind::Str, Style::Single),
        ScalarStyle::DoubleQuoted => (ScalarKind::Str, Style::Double),
        ScalarStyle::Literal => (ScalarKind::Str, Style::Literal),
        ScalarStyle::Folded => (ScalarKind::Str, Style::Folded),
    };
    Value::from(Scalar::new(kind, text, style))
}
