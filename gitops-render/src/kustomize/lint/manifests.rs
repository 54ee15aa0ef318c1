//! What is odd about manifests as they are read: once per file, whoever uses it.
//!
//! Cost: one look at every scalar, and two searches through the text.

use super::codes::{
    DATE_REWRITTEN, EMPTY_IN_FLOW, FOLDED_TEXT_CHANGED, INTEGER_IMPRECISE, QUOTED_MERGE_KEY,
    TEXT_AFTER_DOCUMENT, VERSION_AS_NUMBER, YAML_1_1_STRING,
};
use super::text::{after_first_document, is_marker};
use super::{Warning, codes::Code};
use gitops_core::value::{Key, Place, Scalar, ScalarKind, SourceId, Style, Value};
use gitops_core::yaml::{Dialect, resolve};
use gitops_core::{json, yaml};
use memchr::memmem;

/// Everything odd about the text of a file or patch that holds some objects.
pub(crate) fn of_text(bytes: &[u8], source: SourceId, objects: &[Value]) -> Vec<Warning> {
    let mut warnings = Vec::new();
    let is_flow = |object: &Value| bytes.get(object.place().offset as usize) == Some(&b'{');
    let ends = memmem::find(bytes, b"\n...").is_some() || objects.iter().any(is_flow);
    let merges = memmem::find(bytes, b"<<").is_some();
    if (ends || merges)
        && let Ok(text) = std::str::from_utf8(bytes)
    {
        if ends {
            behind_documents(text, source, &mut warnings);
        }
        if merges {
            quoted_merges(text, source, &mut warnings);
        }
    }
    warnings
}

/// Text behind documents, where some may end before the next begins.
fn behind_documents(text: &str, source: SourceId, warnings: &mut Vec<Warning>) {
    for (start, part) in parts(text) {
        if let Some(found) = after_first_document(part) {
            let message = "text after the end of a document is ignored";
            warnings.push(warning(TEXT_AFTER_DOCUMENT, source, start + found, message));
        }
    }
}

/// Merge keys in quotes.
fn quoted_merges(text: &str, source: SourceId, warnings: &mut Vec<Warning>) {
    let mut offset = 0;
    for line in text.split_inclusive('\n') {
        let key = line.trim_start_matches([' ', '-', '{', ',']);
        if ["\"<<\":", "'<<':"].iter().any(|merge| key.starts_with(merge)) {
            let at = offset + line.len() - key.len();
            let message = "the key '<<' is a merge even in quotes, and is removed";
            warnings.push(warning(QUOTED_MERGE_KEY, source, at, message));
        }
        offset += line.len();
    }
}

fn warning(code: Code, source: SourceId, offset: usize, message: &str) -> Warning {
    (Place::new(source, offset as u32), code.says(message))
}

/// The documents of a text as it is split before it is read.
fn parts(text: &str) -> Vec<(usize, &str)> {
    let mut parts = Vec::new();
    let (mut start, mut offset) = (0, 0);
    for line in text.split_inclusive('\n') {
        if is_marker(line, "---") {
            parts.push((start, text.get(start..offset).unwrap_or_default()));
            start = offset + line.len();
        }
        offset += line.len();
    }
    parts.push((start, text.get(start..).unwrap_or_default()));
    parts
}

/// Everything odd about the scalars of objects that stand in such a text.
pub(crate) fn of_objects(objects: &[Value]) -> Vec<Warning> {
    let mut warnings = Vec::new();
    let mut pending: Vec<(&Value, Option<&Key>, bool)> =
        objects.iter().map(|object| (object, None, false)).collect();
    while let Some((value, key, in_flow)) = pending.pop() {
        match value {
            Value::Map(map) => {
                let in_flow = in_flow || map.is_flow();
                for entry in map.entries() {
                    match &entry.value {
                        Value::Scalar(scalar) if is_candidate(scalar) => {
                            warnings.extend(scalar_of(scalar, Some(&entry.key), key, in_flow));
                        }
                        child if child.has_children() => pending.push((child, Some(&entry.key), in_flow)),
                        _ => {}
                    }
                }
            }
            Value::Seq(list) => {
                let in_flow = in_flow || list.is_flow();
                for item in list {
                    match item {
                        Value::Scalar(scalar) if is_candidate(scalar) => {
                            warnings.extend(scalar_of(scalar, None, key, in_flow));
                        }
                        Value::Scalar(_) => {}
                        child => pending.push((child, key, in_flow)),
                    }
                }
            }
            Value::Scalar(_) => {}
        }
    }
    warnings
}

/// A cheap look that nearly all scalars fail.
#[inline]
fn is_candidate(scalar: &Scalar) -> bool {
    match (scalar.style(), scalar.kind()) {
        (Style::Folded, _) | (Style::Plain, ScalarKind::Float | ScalarKind::Timestamp) => true,
        (Style::Plain, ScalarKind::Int) => scalar.text().len() > 1 && scalar.text().starts_with('0'),
        (Style::Plain, ScalarKind::Str) => scalar.text().len() <= 3 && is_old_boolean(scalar.text()),
        (Style::Plain, ScalarKind::Null) => scalar.is_left_out(),
        _ => false,
    }
}

/// What is odd about a scalar under `key` of a map, or of a list under `parent`.
fn scalar_of(scalar: &Scalar, key: Option<&Key>, parent: Option<&Key>, in_flow: bool) -> Option<Warning> {
    let parent = parent.map(Key::as_str).unwrap_or_default();
    let found = match (scalar.style(), scalar.kind()) {
        (Style::Folded, _) => {
            let value = Value::Scalar(scalar.clone());
            let written = json::from_str(&json::to_go_string(&value).ok()?).ok()?;
            (written.as_text() != Some(scalar.text()))
                .then(|| FOLDED_TEXT_CHANGED.says("the folded text gains line breaks when it is written"))
        }
        (_, ScalarKind::Null) => {
            in_flow.then(|| EMPTY_IN_FLOW.says("an empty value between braces becomes an empty text"))
        }
        (_, ScalarKind::Timestamp) if in_flow && scalar.text().contains(':') => None,
        (_, ScalarKind::Timestamp) => changed(scalar).map(|printed| {
            DATE_REWRITTEN.says(format!("'{}' is a date and becomes '{printed}'", scalar.text()))
        }),
        (_, ScalarKind::Int | ScalarKind::Float) => {
            return number(scalar, key.map_or(parent, Key::as_str));
        }
        (_, ScalarKind::Str) => {
            (!holds_strings(parent) && !key.is_some_and(|key| key.is("value") || key.is("name"))).then(|| {
                YAML_1_1_STRING.says(format!("'{}' is a text here, but a boolean to kubectl", scalar.text()))
            })
        }
        _ => None,
    };
    found.map(|diagnostic| (scalar.place(), diagnostic))
}

/// A number whose text tells more than its value.
pub(super) fn number(scalar: &Scalar, key: &str) -> Option<Warning> {
    let text = scalar.text();
    let printed = changed(scalar)?;
    let warning = if scalar.kind() == ScalarKind::Float
        && text.bytes().all(|byte| byte.is_ascii_digit())
        && !text.starts_with('0')
    {
        INTEGER_IMPRECISE.says(format!("the integer {text} is too large and becomes {printed}"))
    } else if names_version(key) || is_version(text) {
        VERSION_AS_NUMBER.says(format!("'{text}' is a number and becomes {printed}"))
    } else {
        return None;
    };
    Some((scalar.place(), warning))
}

/// What is printed for a scalar, where it is not what was written.
fn changed(scalar: &Scalar) -> Option<String> {
    let printed = yaml::to_string(&Value::Scalar(scalar.clone())).ok()?;
    let printed = printed.trim_end().trim_matches('"');
    (printed != scalar.text()).then(|| printed.to_owned())
}

/// `1.10`, but not `1.5`, `0.10` or `1.1000`.
fn is_version(text: &str) -> bool {
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    text.split_once('.').is_some_and(|(major, minor)| {
        digits(major)
            && digits(minor)
            && !major.starts_with('0')
            && minor.len() == 2
            && minor.ends_with('0')
            && minor != "00"
    })
}

/// Whether values under a key are versions rather than numbers.
fn names_version(key: &str) -> bool {
    let key = key.to_ascii_lowercase();
    ["version", "tag", "revision", "release", "commit", "sha"].iter().any(|word| key.ends_with(word))
}

/// `yes`, `no`, `on`, `off`, `y`, `n` in their spellings.
pub(super) fn is_old_boolean(text: &str) -> bool {
    text.starts_with(['y', 'Y', 'n', 'N', 'o', 'O']) && resolve(text, Dialect::Kubectl) == ScalarKind::Bool
}

/// Fields whose values are texts whatever they look like, so that a boolean cannot be meant.
fn holds_strings(field: &str) -> bool {
    matches!(
        field,
        "data"
            | "stringData"
            | "labels"
            | "annotations"
            | "matchLabels"
            | "nodeSelector"
            | "selector"
            | "args"
            | "command"
            | "parameters"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_and_numbers() {
        for (text, version) in [
            ("1.10", true),
            ("12.30", true),
            ("1.5", false),
            ("1.0", false),
            ("2.00", false),
            ("0.10", false),
            ("1.100", false),
            ("-1.10", false),
            ("1.1e0", false),
        ] {
            assert_eq!(is_version(text), version, "{text}");
        }
    }
}
