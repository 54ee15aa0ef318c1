//! JSON as Go writes it after reading YAML: for the hash of a name, and for JSON texts inside of fields.
//!
//! Keys are sorted by bytes; `<`, `>`, `&` and the Unicode line separators are escaped in strings; times are written
//! as RFC 3339.

use super::plain;
use gitops_core::value::{Number, Resolved, Timestamp};
use gitops_core::{Key, Scalar, ScalarKind, Value};
use std::fmt::Write as _;

/// A value that has no JSON in Go.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum GoJsonError {
    /// A map with a key that is no string.
    #[error("json: unsupported type: map[interface {{}}]interface {{}} (key `{0}` is not a string)")]
    Key(String),
    /// An infinity, or text that is not of its scalar's type.
    #[error("json: unsupported value: {0}")]
    Scalar(String),
    /// A key twice in one map.
    #[error("mapping key \"{0}\" already defined")]
    RepeatedKey(String),
}

/// How Go held the numbers.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Numbers {
    /// All as 64-bit floats, as after reading JSON. Keys of the outermost map may be of any type.
    Floats,
    /// Whole ones as such, as after reading YAML.
    AsWritten,
}

enum Pending<'v> {
    Value(&'v Value, usize),
    Key(&'v Key),
    Text(&'static str),
    Line(usize),
}

/// Writes a value without blanks.
pub(super) fn write(out: &mut String, value: &Value, numbers: Numbers) -> Result<(), GoJsonError> {
    Writer { out, numbers, indented: false }.value(value)
}

/// Writes a value over several lines, indented by two.
pub(super) fn write_indented(out: &mut String, value: &Value) -> Result<(), GoJsonError> {
    Writer { out, numbers: Numbers::AsWritten, indented: true }.value(value)
}

struct Writer<'o> {
    out: &'o mut String,
    numbers: Numbers,
    indented: bool,
}

impl Writer<'_> {
    fn value(&mut self, value: &Value) -> Result<(), GoJsonError> {
        let mut any_key = self.numbers == Numbers::Floats;
        let mut pending = vec![Pending::Value(value, 0)];
        while let Some(next) = pending.pop() {
            match next {
                Pending::Text(text) => self.out.push_str(text),
                Pending::Line(depth) if self.indented => {
                    self.out.push('\n');
                    self.out.extend(std::iter::repeat_n("  ", depth));
                }
                Pending::Line(_) => {}
                Pending::Key(key) => {
                    write_string(self.out, key.as_str());
                    self.out.push_str(if self.indented { ": " } else { ":" });
                }
                Pending::Value(Value::Scalar(scalar), _) => self.scalar(scalar)?,
                Pending::Value(Value::Seq(items), depth) => {
                    let items = items.iter().map(|item| (None, item)).collect();
                    self.container(["[", "]"], items, depth, &mut pending);
                }
                Pending::Value(Value::Map(map), depth) => {
                    let mut entries: Vec<_> = map.iter().collect();
                    entries.sort_by_key(|(key, _)| key.as_str());
                    check_keys(&entries, any_key)?;
                    let entries = entries.into_iter().map(|(key, value)| (Some(key), value)).collect();
                    self.container(["{", "}"], entries, depth, &mut pending);
                }
            }
            any_key = false;
        }
        Ok(())
    }

    fn container<'v>(
        &mut self,
        [open, close]: [&'static str; 2],
        children: Vec<(Option<&'v Key>, &'v Value)>,
        depth: usize,
        pending: &mut Vec<Pending<'v>>,
    ) {
        self.out.push_str(open);
        pending.push(Pending::Text(close));
        if children.is_empty() {
            return;
        }
        pending.push(Pending::Line(depth));
        for (index, (key, value)) in children.into_iter().enumerate().rev() {
            pending.push(Pending::Value(value, depth + 1));
            pending.extend(key.map(Pending::Key));
            pending.push(Pending::Line(depth + 1));
            if index > 0 {
                pending.push(Pending::Text(","));
            }
        }
    }

    fn scalar(&mut self, scalar: &Scalar) -> Result<(), GoJsonError> {
        let text = scalar.text();
        let refused = || GoJsonError::Scalar(text.to_owned());
        let looks = plain::kind(text);
        match scalar.kind() {
            // The type of a quoted text is dropped where the text looks like it, and a string is left.
            kind if kind == looks && scalar.style().is_quoted() => write_string(self.out, text),
            ScalarKind::Str => write_string(self.out, text),
            ScalarKind::Binary => match scalar.resolved() {
                Resolved::Text(text) => write_string(self.out, &text),
                _ => return Err(refused()),
            },
            ScalarKind::Null if looks == ScalarKind::Null => self.out.push_str("null"),
            ScalarKind::Bool if looks == ScalarKind::Bool => {
                self.out.push_str(if text.starts_with(['t', 'T']) { "true" } else { "false" });
            }
            ScalarKind::Int | ScalarKind::Float => {
                let number = Number::parse(text).map(|number| match self.numbers {
                    Numbers::AsWritten if scalar.kind() == ScalarKind::Int => number,
                    // Large integers lose digits, as they do in Go.
                    _ => Number::Float(number.as_f64()),
                });
                self.out.push_str(&number.and_then(Number::to_go_json).ok_or_else(refused)?);
            }
            ScalarKind::Timestamp => {
                write_string(self.out, &Timestamp::parse(text).ok_or_else(refused)?.to_string());
            }
            ScalarKind::Null | ScalarKind::Bool => return Err(refused()),
        }
        Ok(())
    }
}

fn check_keys(sorted: &[(&Key, &Value)], any_type: bool) -> Result<(), GoJsonError> {
    let typed = sorted.iter().find(|(key, _)| key.kind() != ScalarKind::Str && !any_type);
    if let Some((key, _)) = typed {
        return Err(GoJsonError::Key(key.to_string()));
    }
    match sorted.windows(2).find(|pair| matches!(pair, [(a, _), (b, _)] if a.as_str() == b.as_str())) {
        Some([(key, _), ..]) => Err(GoJsonError::RepeatedKey(key.to_string())),
        _ => Ok(()),
    }
}

/// A string, with `<`, `>`, `&` and the two line separators escaped.
pub(super) fn write_string(out: &mut String, text: &str) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\u{8}' => out.push_str("\\b"),
            '\u{c}' => out.push_str("\\f"),
            '\0'..='\u{1f}' | '<' | '>' | '&' | '\u{2028}' | '\u{2029}' => {
                let _ = write!(out, "\\u{:04x}", c as u32);
            }
            _ => out.push(c),
        }
    }
    out.push('"');
}

#[cfg(test)]
mod tests {
    use super::super::testing::json;
    use super::*;
    use gitops_core::Style;

    #[test]
    fn numbers_have_their_value() {
        for (text, as_float, as_written) in [
            ("1", "1", "1"),
            ("-0", "0", "0"),
            ("0644", "420", "420"),
            ("0x1F", "31", "31"),
            ("1_000", "1000", "1000"),
            ("9007199254740993", "9007199254740992", "9007199254740993"),
            ("1e20", "100000000000000000000", "100000000000000000000"),
            ("1e21", "1e+21", "1e+21"),
            ("1.5e-7", "1.5e-7", "1.5e-7"),
            ("0.000001", "0.000001", "0.000001"),
            ("1.10", "1.1", "1.1"),
        ] {
            let value = Value::from(Scalar::new(super::super::plain::kind(text), text, Style::Plain));
            for (numbers, expected) in [(Numbers::Floats, as_float), (Numbers::AsWritten, as_written)] {
                let mut out = String::new();
                write(&mut out, &value, numbers).unwrap();
                assert_eq!(out, expected, "{text}");
            }
        }
    }

    #[test]
    fn strings_are_safe_in_html() {
        let mut out = String::new();
        write_string(&mut out, "a<b>&\u{2028}\"\\\u{1}\u{7f}é");
        assert_eq!(out, "\"a\\u003cb\\u003e\\u0026\\u2028\\\"\\\\\\u0001\u{7f}é\"");
    }

    #[test]
    fn lines_are_indented_by_two() {
        let mut out = String::new();
        write_indented(&mut out, &json(r#"{"b":[1,{"c":{}}],"a":[]}"#)).unwrap();
        assert_eq!(out, "{\n  \"a\": [],\n  \"b\": [\n    1,\n    {\n      \"c\": {}\n    }\n  ]\n}");
    }
}
