//! Diagnostics for programs: JSON lines, SARIF, workflow commands of GitHub Actions.

use super::Shown;
use gitops::Severity;
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;
use std::fmt::Write;

/// One object a line.
pub(super) fn json_lines(diagnostics: &[Shown<'_>]) -> String {
    diagnostics.iter().fold(String::new(), |mut text, shown| {
        // Writing to a string does not fail.
        let _ = writeln!(text, "{}", object(shown));
        text
    })
}

fn object(shown: &Shown<'_>) -> Value {
    let mut object = Map::new();
    object.insert("severity".into(), severity(shown).into());
    object.insert("code".into(), shown.code.into());
    object.insert("message".into(), shown.message.into());
    if let Some(file) = &shown.file {
        object.insert("file".into(), file.as_str().into());
    }
    if let Some(line) = shown.line {
        object.insert("line".into(), line.into());
        object.insert("column".into(), shown.column.into());
    }
    if let Some(help) = shown.help {
        object.insert("help".into(), help.into());
    }
    if !shown.way.is_empty() {
        object.insert("while".into(), shown.way.clone().into());
    }
    if !shown.also.is_empty() {
        object.insert("also".into(), shown.also.clone().into());
    }
    Value::Object(object)
}

fn severity(shown: &Shown<'_>) -> &'static str {
    match shown.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "note",
    }
}

/// A log of the Static Analysis Results Interchange Format, version 2.1.0.
pub(super) fn sarif(diagnostics: &[Shown<'_>]) -> String {
    let codes: BTreeSet<&str> = diagnostics.iter().map(|shown| shown.code).collect();
    let rules: Vec<Value> = codes.into_iter().map(|code| json!({ "id": code })).collect();
    let results: Vec<Value> = diagnostics.iter().map(sarif_result).collect();
    let log = json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "gitops",
                "version": env!("CARGO_PKG_VERSION"),
                "informationUri": env!("CARGO_PKG_REPOSITORY"),
                "rules": rules,
            }},
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    });
    format!("{log:#}\n")
}

fn sarif_result(shown: &Shown<'_>) -> Value {
    let mut result = json!({
        "ruleId": shown.code,
        "level": severity(shown),
        "message": { "text": with_help(shown) },
    });
    if let (Some(file), Some(result)) = (&shown.file, result.as_object_mut()) {
        let mut location = json!({ "artifactLocation": { "uri": uri(file) } });
        if let (Some(line), Some(location)) = (shown.line, location.as_object_mut()) {
            location.insert("region".into(), json!({ "startLine": line, "startColumn": shown.column }));
        }
        result.insert("locations".into(), json!([{ "physicalLocation": location }]));
    }
    result
}

/// A path as a reference of RFC 3986.
fn uri(path: &str) -> String {
    let mut uri = String::with_capacity(path.len());
    for byte in path.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => {
                uri.push(byte.into());
            }
            // Writing to a string does not fail.
            _ => drop(write!(uri, "%{byte:02X}")),
        }
    }
    uri
}

/// Workflow commands, which show as annotations of the lines.
pub(super) fn github(diagnostics: &[Shown<'_>]) -> String {
    let mut text = String::new();
    for shown in diagnostics {
        let command = if shown.severity == Severity::Note { "notice" } else { severity(shown) };
        let mut properties = String::new();
        if let Some(file) = &shown.file {
            properties = format!("file={},", property(file));
        }
        if let Some(line) = shown.line {
            // Writing to a string does not fail.
            let _ = write!(properties, "line={line},col={},", shown.column);
        }
        let title = property(shown.code);
        let _ = writeln!(text, "::{command} {properties}title={title}::{}", escaped(&with_help(shown)));
    }
    text
}

fn with_help(shown: &Shown<'_>) -> String {
    match shown.help {
        Some(help) => format!("{}\nhelp: {help}", shown.message),
        None => shown.message.to_owned(),
    }
}

fn escaped(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    escaped(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown() -> Shown<'static> {
        Shown {
            severity: Severity::Warning,
            code: "a-code",
            message: "50% of\nit",
            way: Vec::new(),
            help: Some("help"),
            file: Some("a b,c.yaml".to_owned()),
            line: Some(2),
            column: 3,
            source: None,
            also: Vec::new(),
        }
    }

    #[test]
    fn commands_are_escaped() {
        let expected = "::warning file=a b%2Cc.yaml,line=2,col=3,title=a-code::50%25 of%0Ait%0Ahelp: help\n";
        assert_eq!(github(&[shown()]), expected);
    }

    #[test]
    fn paths_become_references() {
        assert_eq!(uri("a b,é.yaml"), "a%20b%2C%C3%A9.yaml");
    }
}
