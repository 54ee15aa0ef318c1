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

use gitops_core::yaml::{Dialect, Options, read_first, resolve};
use gitops_core::{Key, ScalarKind, Style};

/// Type of an unquoted scalar under go-yaml v3's rules.
#[must_use]
pub fn kind(text: &str) -> ScalarKind {
    resolve(text, Dialect::Kustomize)
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
///
/// Costs a look at each character for words and numbers, and a parse of texts with YAML's own characters.
#[must_use]
pub fn is_other_in_yaml_1_1(text: &str) -> bool {
    if text.is_empty() || text.contains('\n') {
        return false;
    }
    if resolve(text, Dialect::Kubectl) != ScalarKind::Str {
        return true;
    }
    let indicator =
        |b: u8| !(b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.' | b'/') || b >= 0x80);
    if !text.bytes().any(indicator) && !text.starts_with('-') {
        return false;
    }
    match read_first(text.as_bytes(), &Options::kubectl()) {
        Ok(document) => document.is_none_or(|document| document.root.as_str().is_none()),
        Err(_) => false,
    }
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

    #[test]
    fn what_yaml_1_1_reads_as_something_else_is_quoted() {
        for (text, other) in [
            ("a", false),
            ("yes", true),
            ("1", true),
            ("0x1", true),
            ("2020-01-01", false),
            ("1:30", false),
            ("a b", false),
            ("a: b", true),
            ("[a]", true),
            ("- a", true),
            ("# a", true),
            ("'1'", false),
            ("-", true),
            ("nginx:1.0", false),
            (" 1", true),
            ("~", true),
            ("", false),
            ("1\n", false),
        ] {
            assert_eq!(is_other_in_yaml_1_1(text), other, "{text:?}");
        }
    }
}
