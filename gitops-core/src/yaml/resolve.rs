//! Types of plain scalars in both dialects.
//!
//! ```
//! use gitops_core::ScalarKind;
//! use gitops_core::yaml::{Dialect, resolve};
//! assert_eq!(resolve("yes", Dialect::Kubectl), ScalarKind::Bool);
//! assert_eq!(resolve("yes", Dialect::Kustomize), ScalarKind::Str);
//! assert_eq!(resolve("08", Dialect::Kustomize), ScalarKind::Float);
//! ```
//!
//! After the words for null and booleans, a text that begins with a digit or a sign is a date (kustomize only; kubectl
//! keeps dates as strings), else a number if [`Number`] reads one, else a string: `1e400`, `.`, `1:30`, `0x` and so on.

use crate::value::{Number, ScalarKind, Style, Timestamp, Value};

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

/// The type of a plain, untagged scalar with this text.
#[must_use]
pub fn resolve(text: &str, dialect: Dialect) -> ScalarKind {
    let bytes = text.as_bytes();
    let Some(&first) = bytes.first() else { return ScalarKind::Null };
    match first {
        b'0'..=b'9' | b'+' | b'-' => resolve_number(text, dialect),
        b'.' => kind_of(Number::parse(text)),
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
    kind_of(match dialect {
        Dialect::Kustomize => Number::parse(text),
        Dialect::Kubectl => Number::parse_v2(text),
    })
}

fn kind_of(number: Option<Number>) -> ScalarKind {
    match number {
        Some(number) if number.is_integer() => ScalarKind::Int,
        Some(_) => ScalarKind::Float,
        None => ScalarKind::Str,
    }
}

/// Whether a byte may stand in a number that begins with a digit or sign: `+.inf` is one.
fn may_be_in_number(byte: u8) -> bool {
    byte.is_ascii_hexdigit() || b"+-._xXoOiInN".contains(&byte)
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
