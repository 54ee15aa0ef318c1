//! What an unquoted text is: the type that go-yaml v3 gives it, and whether go-yaml v2 would read a string.
//!
//! kustomize's transformers write scalars and keys without a type; the type is what the text looks like when the
//! object is read back. `yes` stays text there, `0644` becomes a number.
//!
//! ```
//! use gitops_core::ScalarKind;
//! use gitops_render::kustomize::plain;
//! assert_eq!(plain::kind("0o17"), ScalarKind::Int);
//! assert_eq!(plain::kind("yes"), ScalarKind::Str);
//! assert!(plain::is_other_in_yaml_1_1("yes"));
//! ```

use gitops_core::{Key, ScalarKind, Style};

/// Type of an unquoted scalar under go-yaml v3's rules.
#[must_use]
pub fn kind(text: &str) -> ScalarKind {
    let Some(first) = text.bytes().next() else { return ScalarKind::Null };
    match first {
        b'~' | b'n' | b'N' if matches!(text, "~" | "null" | "Null" | "NULL") => ScalarKind::Null,
        b't' | b'T' if matches!(text, "true" | "True" | "TRUE") => ScalarKind::Bool,
        b'f' | b'F' if matches!(text, "false" | "False" | "FALSE") => ScalarKind::Bool,
        b'.' if is_special_float(text) || is_float(text) => ScalarKind::Float,
        b'+' | b'-' | b'0'..=b'9' => number_kind(text),
        _ => ScalarKind::Str,
    }
}

/// Type of a scalar that is written with this style and no type of its own.
#[must_use]
pub fn kind_in_style(text: &str, style: Style) -> ScalarKind {
    if style.is_quoted() || text.contains('\n') { ScalarKind::Str } else { kind(text) }
}

/// A key written without quotes. An empty one can only be written in quotes.
#[must_use]
pub fn key(text: &str) -> Key {
    let kind = if text.is_empty() || text.contains('\n') { ScalarKind::Str } else { kind(text) };
    Key::typed(text, kind, Style::Plain)
}

/// Whether go-yaml v2 reads something else than a string from the unquoted text, which makes kustomize quote it.
#[must_use]
pub fn is_other_in_yaml_1_1(text: &str) -> bool {
    if text.is_empty() || text.contains('\n') {
        return false;
    }
    let trimmed = text.trim_matches([' ', '\t']);
    kind(trimmed) != ScalarKind::Str
        || is_yaml_1_1_bool(trimmed)
        || trimmed == "<<"
        || starts_collection(trimmed)
        || trimmed.starts_with('#')
}

fn is_yaml_1_1_bool(text: &str) -> bool {
    matches!(
        text,
        "y" | "Y"
            | "yes"
            | "Yes"
            | "YES"
            | "on"
            | "On"
            | "ON"
            | "n"
            | "N"
            | "no"
            | "No"
            | "NO"
            | "off"
            | "Off"
            | "OFF"
    )
}

/// A text that begins a list or a map. Texts that do so and are not YAML at all are strings to kustomize;
/// quoting them as well changes nothing, since they can't be written without quotes.
fn starts_collection(text: &str) -> bool {
    let opens = |mark: &str| text == mark || text.starts_with(&format!("{mark} "));
    let quoted = text.starts_with(['"', '\'']);
    (text.starts_with('[') && text.ends_with(']'))
        || (text.starts_with('{') && text.ends_with('}'))
        || opens("-")
        || opens("?")
        || (!quoted && !text.contains(" #") && (text.contains(": ") || text.ends_with(':')))
}

fn is_special_float(text: &str) -> bool {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    matches!(unsigned, ".inf" | ".Inf" | ".INF") || matches!(text, ".nan" | ".NaN" | ".NAN")
}

fn number_kind(text: &str) -> ScalarKind {
    if is_special_float(text) {
        return ScalarKind::Float;
    }
    if is_timestamp(text) {
        return ScalarKind::Timestamp;
    }
    let digits = text.replace('_', "");
    if is_int(&digits) {
        ScalarKind::Int
    } else if is_float(&digits) {
        ScalarKind::Float
    } else {
        ScalarKind::Str
    }
}

/// An integer of 64 bits, signed or not, with Go's prefixes. A leading zero means octal, so `08` is none.
fn is_int(text: &str) -> bool {
    let (negative, unsigned) = match text.as_bytes().first() {
        Some(b'-') => (true, &text[1..]),
        Some(b'+') => (false, &text[1..]),
        _ => (false, text),
    };
    let (radix, digits) = match unsigned.as_bytes() {
        [b'0', b'x' | b'X', ..] => (16, &unsigned[2..]),
        [b'0', b'o' | b'O', ..] => (8, &unsigned[2..]),
        [b'0', b'b' | b'B', ..] => (2, &unsigned[2..]),
        [b'0', _, ..] => (8, &unsigned[1..]),
        _ => (10, unsigned),
    };
    if digits.starts_with(['+', '-']) {
        return false;
    }
    match u64::from_str_radix(digits, radix) {
        // A sign makes it a signed integer, whose range is half as large.
        Ok(value) if negative => value <= 1 << 63,
        Ok(value) if unsigned.len() < text.len() => i64::try_from(value).is_ok(),
        Ok(_) => true,
        Err(_) => false,
    }
}

/// `[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?` within the range of a double.
fn is_float(text: &str) -> bool {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent.strip_prefix(['+', '-']).unwrap_or(exponent))),
        None => (unsigned, None),
    };
    let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, "0"));
    digits(whole)
        && digits(fraction)
        && !(whole.is_empty() && fraction.is_empty())
        && (!whole.is_empty() || mantissa.contains('.'))
        && exponent.is_none_or(|e| !e.is_empty() && digits(e))
        && text.parse::<f64>().is_ok_and(f64::is_finite)
}

/// `2006-1-2`, alone or with a time after `T`, `t` (then with a zone) or a space (then without).
fn is_timestamp(text: &str) -> bool {
    let bytes = text.as_bytes();
    if bytes.len() < 8 || bytes[4] != b'-' || !bytes[..4].iter().all(u8::is_ascii_digit) {
        return false;
    }
    let (date, time) = match text.find(['T', 't', ' ']) {
        Some(at) => (&text[..at], Some((text.as_bytes()[at], &text[at + 1..]))),
        None => (text, None),
    };
    is_date(date)
        && match time {
            None => true,
            Some((b' ', clock)) => is_clock(clock),
            Some((_, zoned)) => is_zoned_clock(zoned),
        }
}

fn is_date(text: &str) -> bool {
    let mut parts = text.split('-');
    let (Some(year), Some(month), Some(day), None) = (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return false;
    };
    let (Ok(year), Some(month), Some(day)) = (year.parse::<u32>(), up_to_two(month), up_to_two(day)) else {
        return false;
    };
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let days = match month {
        2 if leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => return false,
    };
    (1..=days).contains(&day)
}

fn is_clock(text: &str) -> bool {
    let (clock, fraction) = text.split_once(['.', ',']).map_or((text, None), |(a, b)| (a, Some(b)));
    let mut parts = clock.split(':');
    let (Some(hour), Some(minute), Some(second), None) =
        (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return false;
    };
    up_to_two(hour).is_some_and(|h| h < 24)
        && up_to_two(minute).is_some_and(|m| m < 60)
        && up_to_two(second).is_some_and(|s| s < 60)
        && fraction.is_none_or(|f| !f.is_empty() && f.bytes().all(|b| b.is_ascii_digit()))
}

fn is_zoned_clock(text: &str) -> bool {
    if let Some(clock) = text.strip_suffix('Z') {
        return is_clock(clock);
    }
    let Some(at) = text.rfind(['+', '-']) else { return false };
    let zone = &text[at + 1..];
    let digits = |text: &str| text.len() == 2 && text.bytes().all(|b| b.is_ascii_digit());
    is_clock(&text[..at])
        && zone.split_once(':').is_some_and(|(hours, minutes)| digits(hours) && digits(minutes))
}

fn up_to_two(text: &str) -> Option<u32> {
    let plain = (1..=2).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
    plain.then(|| text.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;
    use ScalarKind::{Bool, Float, Int, Null, Str, Timestamp};

    #[test]
    fn texts_have_the_type_that_go_yaml_gives_them() {
        for (text, expected) in [
            ("", Null),
            ("~", Null),
            ("null", Null),
            ("nUll", Str),
            ("true", Bool),
            ("True", Bool),
            ("yes", Str),
            ("y", Str),
            ("1", Int),
            ("-0", Int),
            ("+1", Int),
            ("0644", Int),
            ("0o644", Int),
            ("0x1F", Int),
            ("0b11", Int),
            ("-0b11", Int),
            ("1_000", Int),
            ("18446744073709551615", Int),
            ("+18446744073709551615", Float),
            ("18446744073709551616", Float),
            ("-9223372036854775808", Int),
            ("-9223372036854775809", Float),
            ("08", Float),
            ("1.0", Float),
            ("5.", Float),
            (".5", Float),
            (".", Str),
            ("-.5e3", Float),
            ("1e3", Float),
            ("1e", Str),
            ("1e400", Str),
            (".inf", Float),
            ("-.Inf", Float),
            (".nan", Float),
            ("-.nan", Str),
            ("2020-01-02", Timestamp),
            ("2020-1-2", Timestamp),
            ("2020-13-02", Str),
            ("2021-02-29", Str),
            ("2001-12-14 21:59:43.10", Timestamp),
            ("2001-12-14t21:59:43.10-05:00", Timestamp),
            ("2001-12-14T21:59:43Z", Timestamp),
            ("2001-12-14T21:59:43", Str),
            ("1:30", Str),
            ("1.2.3", Str),
            ("-", Str),
            ("+", Str),
            ("a", Str),
            ("1a", Str),
            ("é", Str),
            ("0x", Str),
            ("--1", Str),
        ] {
            assert_eq!(kind(text), expected, "{text:?}");
        }
    }

    #[test]
    fn keys_have_the_type_of_their_text() {
        for (text, expected) in
            [("a", Str), ("1", Int), ("true", Bool), ("null", Null), ("", Str), ("yes", Str)]
        {
            assert_eq!(key(text).kind(), expected, "{text:?}");
        }
    }
}
