//! Types of plain scalars in both dialects, and the grammar of numbers.
//!
//! ```
//! use gitops_core::ScalarKind;
//! use gitops_core::yaml::{Dialect, Int, parse_int, resolve};
//! assert_eq!(resolve("yes", Dialect::Kubectl), ScalarKind::Bool);
//! assert_eq!(resolve("yes", Dialect::Kustomize), ScalarKind::Str);
//! assert_eq!(parse_int("0644"), Some(Int::I64(420)));
//! assert_eq!(resolve("08", Dialect::Kustomize), ScalarKind::Float);
//! ```
//!
//! The order of the rules matters. After the words for null, booleans and special floats:
//!
//! 1. A text that begins with a digit or a sign is a date (kustomize only; kubectl keeps dates as strings), else an
//!    integer once `_` is removed, in Go's notations: decimal, `0x`, `0b`, `0o`, and octal after a leading `0`, as far
//!    as it fits in 64 bits, signed or unsigned.
//! 2. Else a float, if it is finite: so `08`, which is no octal, is the float 8, as are integers beyond 64 bits.
//! 3. A text that begins with `.` can only be a float, and keeps its `_` unless they stand between digits.
//! 4. All else is a string: `1e400`, `.`, `1:30`, `0x` and so on.

use super::timestamp::Timestamp;
use crate::value::{ScalarKind, Style, Value};

/// Whose rules decide the type of a plain scalar.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Dialect {
    /// kubectl, the API machinery, kustomization files and JSON patches: go-yaml v2 through sigs.k8s.io/yaml.
    /// `yes`, `no`, `on`, `off`, `y`, `n` are booleans, also as keys; keys become strings; the last of equal keys wins.
    Kubectl,
    /// Resources as kustomize reads them: go-yaml v3. Only `true` and `false` are booleans, dates are dates, keys keep
    /// their types and may repeat.
    Kustomize,
}

/// The value of an integer scalar.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Int {
    /// Fits in 64 bits with a sign.
    I64(i64),
    /// Above 2⁶³-1.
    U64(u64),
}

impl std::fmt::Display for Int {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::I64(value) => value.fmt(f),
            Self::U64(value) => value.fmt(f),
        }
    }
}

/// The type of a plain, untagged scalar with this text.
#[must_use]
pub fn resolve(text: &str, dialect: Dialect) -> ScalarKind {
    let bytes = text.as_bytes();
    let Some(&first) = bytes.first() else { return ScalarKind::Null };
    match first {
        b'+' | b'-' if is_special_float(text) => ScalarKind::Float,
        b'0'..=b'9' | b'+' | b'-' => resolve_number(text, dialect),
        b'.' if is_special_float(text) || parse_dotted(text).is_some() => ScalarKind::Float,
        b'~' if bytes.len() == 1 => ScalarKind::Null,
        b'n' | b'N' | b't' | b'T' | b'f' | b'F' | b'y' | b'Y' | b'o' | b'O' if bytes.len() <= 5 => {
            resolve_word(text, dialect)
        }
        _ => ScalarKind::Str,
    }
}

fn resolve_word(text: &str, dialect: Dialect) -> ScalarKind {
    match text {
        "null" | "Null" | "NULL" => ScalarKind::Null,
        "true" | "True" | "TRUE" | "false" | "False" | "FALSE" => ScalarKind::Bool,
        "y" | "Y" | "yes" | "Yes" | "YES" | "on" | "On" | "ON" | "n" | "N" | "no" | "No" | "NO" | "off"
        | "Off" | "OFF"
            if dialect == Dialect::Kubectl =>
        {
            ScalarKind::Bool
        }
        _ => ScalarKind::Str,
    }
}

/// Text that begins with a digit or a sign.
fn resolve_number(text: &str, dialect: Dialect) -> ScalarKind {
    let bytes = text.as_bytes();
    // Most are small decimals, versions (`1.2.3`) or quantities (`10Gi`).
    if bytes.len() <= 18 && bytes.iter().all(u8::is_ascii_digit) && (bytes[0] != b'0' || bytes.len() == 1) {
        return ScalarKind::Int;
    }
    if Timestamp::parse(text).is_some() {
        return match dialect {
            Dialect::Kustomize => ScalarKind::Timestamp,
            Dialect::Kubectl => ScalarKind::Str,
        };
    }
    if !bytes.iter().all(|&byte| may_be_in_number(byte)) {
        return ScalarKind::Str;
    }
    match parse_int(text) {
        // go-yaml v3 alone strips `0o` itself, which lets a second sign through.
        Some(_) if dialect == Dialect::Kubectl && text.contains("0o-") | text.contains("0o+") => {
            ScalarKind::Str
        }
        Some(_) => ScalarKind::Int,
        None if is_float(text) => ScalarKind::Float,
        None => ScalarKind::Str,
    }
}

fn may_be_in_number(byte: u8) -> bool {
    byte.is_ascii_hexdigit() || matches!(byte, b'+' | b'-' | b'.' | b'_' | b'x' | b'X' | b'o' | b'O')
}

/// `.inf`, `.nan` and their spellings, which JSON has no form for.
#[must_use]
pub fn is_special_float(text: &str) -> bool {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    matches!(unsigned, ".inf" | ".Inf" | ".INF") || matches!(text, ".nan" | ".NaN" | ".NAN")
}

/// The integer that a text denotes: `_` is dropped; `0x`, `0b`, `0o` and a leading `0` (octal) give the base.
///
/// Nothing where the text is no integer of 64 bits.
#[must_use]
pub fn parse_int(text: &str) -> Option<Int> {
    let stripped: String;
    let text = if text.contains('_') {
        stripped = text.replace('_', "");
        stripped.as_str()
    } else {
        text
    };
    if let Some(value) = parse_go_int(text) {
        return Some(value);
    }
    // go-yaml reads these two once more by itself, and so lets `0b-1` be -1.
    let (prefix, base) = match text.strip_prefix('-').unwrap_or(text).get(..2)? {
        "0b" => ("0b", 2),
        "0o" => ("0o", 8),
        _ => return None,
    };
    let (negative, digits) = match text.strip_prefix('-') {
        Some(rest) => (true, rest.strip_prefix(prefix)?),
        None => (false, text.strip_prefix(prefix)?),
    };
    if negative {
        return signed(true, digits, base).map(Int::I64);
    }
    let (minus, digits) = split_sign(digits);
    signed(minus, digits, base).map(Int::I64)
}

/// `strconv.ParseInt(text, 0, 64)`, then `ParseUint`.
fn parse_go_int(text: &str) -> Option<Int> {
    let (negative, digits) = split_sign(text);
    let bytes = digits.as_bytes();
    let (base, digits) = match bytes {
        [b'0', b'x' | b'X', ..] => (16, &digits[2..]),
        [b'0', b'b' | b'B', ..] => (2, &digits[2..]),
        [b'0', b'o' | b'O', ..] => (8, &digits[2..]),
        [b'0', _, ..] => (8, &digits[1..]),
        _ => (10, digits),
    };
    match signed(negative, digits, base) {
        Some(value) => Some(Int::I64(value)),
        None if text.len() == bytes.len() => unsigned(digits, base).map(Int::U64),
        None => None,
    }
}

fn split_sign(text: &str) -> (bool, &str) {
    match text.as_bytes().first() {
        Some(b'-') => (true, &text[1..]),
        Some(b'+') => (false, &text[1..]),
        _ => (false, text),
    }
}

fn signed(negative: bool, digits: &str, base: u32) -> Option<i64> {
    let magnitude = unsigned(digits, base)?;
    if negative { 0i64.checked_sub_unsigned(magnitude) } else { i64::try_from(magnitude).ok() }
}

fn unsigned(digits: &str, base: u32) -> Option<u64> {
    if digits.starts_with(['+', '-']) { None } else { u64::from_str_radix(digits, base).ok() }
}

/// Whether a text that is no integer is a finite float: digits with an optional fraction and exponent, `_` dropped.
#[must_use]
pub fn is_float(text: &str) -> bool {
    parse_float(text).is_some()
}

/// The finite number that a text denotes as a float, by go-yaml's grammar.
#[must_use]
pub fn parse_float(text: &str) -> Option<f64> {
    if text.starts_with('.') {
        return parse_dotted(text);
    }
    let stripped: String;
    let text = if text.contains('_') {
        stripped = text.replace('_', "");
        stripped.as_str()
    } else {
        text
    };
    parse_decimal(text)
}

/// A float that begins with `.`: go-yaml leaves it to Go, where `_` may stand between digits only.
fn parse_dotted(text: &str) -> Option<f64> {
    if !text.contains('_') {
        return parse_decimal(text);
    }
    let between_digits = text.split('_').enumerate().all(|(index, part)| {
        (index == 0 || part.starts_with(|c: char| c.is_ascii_digit()))
            && (part.ends_with(|c: char| c.is_ascii_digit()))
    });
    if between_digits { parse_decimal(&text.replace('_', "")) } else { None }
}

/// `[-+]?(\.\d+|\d+(\.\d*)?)([eE][-+]?\d+)?`, finite.
fn parse_decimal(text: &str) -> Option<f64> {
    let bytes = text.as_bytes();
    let digits_from = |start: usize| bytes[start..].iter().take_while(|byte| byte.is_ascii_digit()).count();
    let mut at = usize::from(matches!(bytes.first(), Some(b'+' | b'-')));
    let whole = digits_from(at);
    at += whole;
    if bytes.get(at) == Some(&b'.') {
        let fraction = digits_from(at + 1);
        if whole == 0 && fraction == 0 {
            return None;
        }
        at += 1 + fraction;
    } else if whole == 0 {
        return None;
    }
    if matches!(bytes.get(at), Some(b'e' | b'E')) {
        at += 1;
        at += usize::from(matches!(bytes.get(at), Some(b'+' | b'-')));
        let exponent = digits_from(at);
        if exponent == 0 {
            return None;
        }
        at += exponent;
    }
    if at != bytes.len() {
        return None;
    }
    text.parse::<f64>().ok().filter(|value| value.is_finite())
}

/// Whether kustomize reads a plain scalar with this text as a date or time.
#[must_use]
pub fn is_timestamp(text: &str) -> bool {
    Timestamp::parse(text).is_some()
}

/// Gives every plain scalar below `value` the type that its text has in `dialect`; keys stay.
///
/// Costs one visit of every node and copies what is shared and holds a scalar whose type changes.
pub fn reresolve(value: &mut Value, dialect: Dialect) {
    if !differs(value, dialect) {
        return;
    }
    let mut pending = vec![value];
    while let Some(value) = pending.pop() {
        match value {
            Value::Scalar(scalar) => {
                if scalar.style() == Style::Plain {
                    scalar.set_kind(resolve(scalar.text(), dialect));
                }
            }
            Value::Seq(seq) => pending.extend(seq.items_mut().iter_mut()),
            Value::Map(map) => pending.extend(map.entries_mut().iter_mut().map(|entry| &mut entry.value)),
        }
    }
}

fn differs(value: &Value, dialect: Dialect) -> bool {
    let mut pending = vec![value];
    while let Some(value) = pending.pop() {
        match value {
            Value::Scalar(scalar) => {
                if scalar.style() == Style::Plain && scalar.kind() != resolve(scalar.text(), dialect) {
                    return true;
                }
            }
            Value::Seq(seq) => pending.extend(seq.iter()),
            Value::Map(map) => pending.extend(map.values()),
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;
    use ScalarKind::{Bool, Float, Int as Integer, Null, Str, Timestamp as Time};

    #[test]
    fn types_by_dialect() {
        // text, kubectl, kustomize
        let table = [
            ("", Null, Null),
            ("~", Null, Null),
            ("null", Null, Null),
            ("NULL", Null, Null),
            ("nULL", Str, Str),
            ("true", Bool, Bool),
            ("tRUE", Str, Str),
            ("yes", Bool, Str),
            ("Off", Bool, Str),
            ("n", Bool, Str),
            ("0", Integer, Integer),
            ("-0", Integer, Integer),
            ("0644", Integer, Integer),
            ("0o644", Integer, Integer),
            ("0O17", Integer, Integer),
            ("0x1F", Integer, Integer),
            ("0X1F", Integer, Integer),
            ("0b11", Integer, Integer),
            ("1_000", Integer, Integer),
            ("1_", Integer, Integer),
            ("_1", Str, Str),
            ("0b-1", Integer, Integer),
            ("0o-7", Str, Integer),
            ("18446744073709551615", Integer, Integer),
            ("18446744073709551616", Float, Float),
            ("-9223372036854775809", Float, Float),
            ("0xFFFFFFFFFFFFFFFF", Integer, Integer),
            ("0x1FFFFFFFFFFFFFFFF", Str, Str),
            ("08", Float, Float),
            ("012e4", Float, Float),
            ("1e3", Float, Float),
            ("1e", Str, Str),
            ("1.", Float, Float),
            (".5", Float, Float),
            (".5_0", Float, Float),
            ("._5", Str, Str),
            (".5_", Str, Str),
            (".5__0", Str, Str),
            ("1_0.5", Float, Float),
            (".", Str, Str),
            ("1.2.3", Str, Str),
            ("1e400", Str, Str),
            (".inf", Float, Float),
            ("-.INF", Float, Float),
            ("+.nan", Str, Str),
            ("NaN", Str, Str),
            ("10Gi", Str, Str),
            ("1:30", Str, Str),
            ("+", Str, Str),
            ("-", Str, Str),
            ("2001-12-14", Str, Time),
            ("2001-12-14T21:59:43Z", Str, Time),
            ("2001-02-30", Str, Str),
            ("<<", Str, Str),
        ];
        for (text, kubectl, kustomize) in table {
            assert_eq!(resolve(text, Dialect::Kubectl), kubectl, "kubectl {text:?}");
            assert_eq!(resolve(text, Dialect::Kustomize), kustomize, "kustomize {text:?}");
        }
    }

    #[test]
    fn integers() {
        let table = [
            ("0644", Some(Int::I64(420))),
            ("-017", Some(Int::I64(-15))),
            ("1_000", Some(Int::I64(1000))),
            ("+0x1F", Some(Int::I64(31))),
            ("-0b11", Some(Int::I64(-3))),
            ("-9223372036854775808", Some(Int::I64(i64::MIN))),
            ("9223372036854775808", Some(Int::U64(1 << 63))),
            ("+9223372036854775808", None),
            ("0o-7", Some(Int::I64(-7))),
            ("0x", None),
            ("08", None),
            ("é0", None),
        ];
        for (text, value) in table {
            assert_eq!(parse_int(text), value, "{text}");
        }
    }

    #[test]
    fn reresolving_changes_plain_scalars_only() {
        let mut value = Value::from(crate::Seq::from_iter([
            Value::from(crate::Scalar::new(Str, "yes", Style::Plain)),
            Value::from(crate::Scalar::new(Str, "yes", Style::Double)),
        ]));
        reresolve(&mut value, Dialect::Kubectl);
        let kinds =
            value.as_seq().unwrap().iter().map(|item| item.as_scalar().unwrap().kind()).collect::<Vec<_>>();
        assert_eq!(kinds, [Bool, Str]);
    }
}
