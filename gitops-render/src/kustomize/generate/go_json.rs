//! JSON as Go writes it after reading YAML: what the hash of a name is taken of.

use gitops_core::{Key, Scalar, ScalarKind, Value};
use std::fmt::Write as _;

/// A value that has no JSON in Go.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum GoJsonError {
    /// A map with a key that is no string, below another map.
    #[error("json: unsupported type: map[interface {{}}]interface {{}} (key `{0}` is not a string)")]
    Key(String),
    /// An infinity or no number at all.
    #[error("json: unsupported value: {0}")]
    Number(String),
    /// A key twice in one map.
    #[error("mapping key \"{0}\" already defined")]
    RepeatedKey(String),
}

enum Pending<'v> {
    Value(&'v Value),
    Key(&'v Key),
    Text(&'static str),
}

/// Writes a value: keys sorted by bytes, numbers as 64-bit floats. Keys of the outermost map may be of any type.
pub(super) fn write(out: &mut String, value: &Value) -> Result<(), GoJsonError> {
    let mut pending = vec![Pending::Value(value)];
    let mut outermost = true;
    while let Some(next) = pending.pop() {
        match next {
            Pending::Text(text) => out.push_str(text),
            Pending::Key(key) => {
                write_string(out, key.as_str());
                out.push(':');
            }
            Pending::Value(Value::Scalar(scalar)) => write_scalar(out, scalar)?,
            Pending::Value(Value::Seq(items)) => {
                out.push('[');
                pending.push(Pending::Text("]"));
                for (index, item) in items.iter().enumerate().rev() {
                    pending.push(Pending::Value(item));
                    if index > 0 {
                        pending.push(Pending::Text(","));
                    }
                }
            }
            Pending::Value(Value::Map(map)) => {
                let mut entries: Vec<_> = map.iter().collect();
                entries.sort_by_key(|(key, _)| key.as_str());
                check_keys(&entries, outermost)?;
                out.push('{');
                pending.push(Pending::Text("}"));
                for (index, (key, value)) in entries.into_iter().enumerate().rev() {
                    pending.extend([Pending::Value(value), Pending::Key(key)]);
                    if index > 0 {
                        pending.push(Pending::Text(","));
                    }
                }
            }
        }
        outermost = false;
    }
    Ok(())
}

fn check_keys(sorted: &[(&Key, &Value)], outermost: bool) -> Result<(), GoJsonError> {
    let typed = sorted.iter().find(|(key, _)| key.kind() != ScalarKind::Str && !outermost);
    if let Some((key, _)) = typed {
        return Err(GoJsonError::Key(key.to_string()));
    }
    match sorted.windows(2).find(|pair| matches!(pair, [(a, _), (b, _)] if a.as_str() == b.as_str())) {
        Some([(key, _), ..]) => Err(GoJsonError::RepeatedKey(key.to_string())),
        _ => Ok(()),
    }
}

fn write_scalar(out: &mut String, scalar: &Scalar) -> Result<(), GoJsonError> {
    let text = scalar.text();
    match scalar.kind() {
        ScalarKind::Null => out.push_str("null"),
        ScalarKind::Bool => out.push_str(if text.starts_with(['t', 'T']) { "true" } else { "false" }),
        ScalarKind::Int | ScalarKind::Float => {
            let number = number(text).filter(|number| number.is_finite());
            write_number(out, number.ok_or_else(|| GoJsonError::Number(text.to_owned()))?);
        }
        ScalarKind::Str | ScalarKind::Timestamp => write_string(out, text),
    }
    Ok(())
}

/// A number in any notation of YAML; large ones lose digits, as they do in Go.
#[allow(clippy::cast_precision_loss)]
fn number(text: &str) -> Option<f64> {
    let text = text.replace('_', "");
    let (sign, unsigned) = match text.strip_prefix('-') {
        Some(rest) => (-1.0, rest),
        None => (1.0, text.strip_prefix('+').unwrap_or(&text)),
    };
    let radix = |prefix: [&str; 2], radix| {
        let digits = prefix.iter().find_map(|prefix| unsigned.strip_prefix(prefix))?;
        u64::from_str_radix(digits, radix).ok().map(|value| value as f64)
    };
    let octal = || {
        let all =
            unsigned.len() > 1 && unsigned.starts_with('0') && unsigned.bytes().all(|b| b.is_ascii_digit());
        all.then(|| u64::from_str_radix(unsigned, 8).ok()).flatten().map(|value| value as f64)
    };
    let value = radix(["0x", "0X"], 16)
        .or_else(|| radix(["0o", "0O"], 8))
        .or_else(|| radix(["0b", "0B"], 2))
        .or_else(octal)
        .or_else(|| unsigned.parse().ok())?;
    Some(sign * value)
}

/// A 64-bit float: shortest digits, with an exponent below 1e-6 and from 1e21 on.
fn write_number(out: &mut String, value: f64) {
    let magnitude = value.abs();
    if magnitude != 0.0 && !(1e-6..1e21).contains(&magnitude) {
        let text = format!("{value:e}");
        let (digits, exponent) = text.split_once('e').unwrap_or((&text, "0"));
        let sign = if exponent.starts_with('-') { "" } else { "+" };
        let _ = write!(out, "{digits}e{sign}{exponent}");
    } else {
        let _ = write!(out, "{value}");
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
    use super::*;

    #[test]
    fn numbers_are_floats_in_go() {
        for (text, expected) in [
            ("1", "1"),
            ("-0", "-0"),
            ("0644", "420"),
            ("0x1F", "31"),
            ("-0b11", "-3"),
            ("1_000", "1000"),
            ("9007199254740993", "9007199254740992"),
            ("1e20", "100000000000000000000"),
            ("1e21", "1e+21"),
            ("1.5e-7", "1.5e-7"),
            ("0.000001", "0.000001"),
            ("1.10", "1.1"),
            ("08", "8"),
        ] {
            let mut out = String::new();
            write_scalar(&mut out, &Scalar::new(ScalarKind::Int, text, gitops_core::Style::Plain)).unwrap();
            assert_eq!(out, expected, "{text}");
        }
    }

    #[test]
    fn strings_are_safe_in_html() {
        let mut out = String::new();
        write_string(&mut out, "a<b>&\u{2028}\"\\\u{1}\u{7f}é");
        assert_eq!(out, "\"a\\u003cb\\u003e\\u0026\\u2028\\\"\\\\\\u0001\u{7f}é\"");
    }
}
