//! What the way through JSON and back does to an object.

use gitops_core::json;
use gitops_core::value::Number;
use gitops_core::value::{Key, Place, Resolved, Scalar, ScalarKind, Style, Value};
use gitops_core::yaml::{Dialect, resolve, settle_styles};

/// Leaves in an object the traces of a way from node to JSON, to Go's `float64`, and back to node.
///
/// * Numbers are printed as Go's shortest `%g`: from 1e6 up in exponent form (`1000000` is `1e+06`), integers above
///   2⁵³ lose digits, notations (`0644`, `1_000`, `1.0`) are spent. The output shows only the lost digits, but the
///   text is what replacements and variables see.
/// * Styles are those that go-yaml v3 chooses: text that needs no quotes has none. So a later strategic merge patch
///   finds no quotes to keep.
/// * An empty value is an explicit `null`, which a later strategic merge patch keeps. Times are strings.
/// * What is written in brackets comes back as a block; see [`settle_styles`] for what becomes of its contents.
/// * Folded text takes the line feeds now that it would have gained at output.
///
/// Costs one read of the object; copies only where something changes. What JSON cannot hold (keys of other types
/// below the top, infinities) stays as it is, for the writer to refuse.
pub fn through_json(object: &mut Value) {
    through_json_noting(object, &mut |_| ());
}

/// As [`through_json`], telling the places of integers that lost digits.
pub(super) fn through_json_noting(object: &mut Value, imprecise: &mut dyn FnMut(Place)) {
    stringify_keys(object);
    settle_styles(object);
    if !differs(object) {
        return;
    }
    let mut pending = vec![object];
    while let Some(value) = pending.pop() {
        match value {
            Value::Scalar(scalar) => {
                if let Some(changed) = changed(scalar) {
                    if loses_digits(scalar) {
                        imprecise(scalar.place());
                    }
                    *scalar = changed;
                }
            }
            // Looking before touching keeps what is shared shared.
            Value::Seq(list) => {
                list.set_flow(false);
                if list.iter().any(differs_here) {
                    pending.extend(list.items_mut().iter_mut());
                }
            }
            Value::Map(map) => {
                map.set_flow(false);
                if map.values().any(differs_here) {
                    pending.extend(map.entries_mut().iter_mut().map(|entry| &mut entry.value));
                }
            }
        }
    }
}

/// Keys at the top are strings, whatever they look like.
fn stringify_keys(object: &mut Value) {
    let Value::Map(map) = object else { return };
    if map.keys().all(|key| key.kind() == ScalarKind::Str) {
        return;
    }
    for entry in map.entries_mut() {
        if entry.key.kind() != ScalarKind::Str {
            entry.key = Key::typed(entry.key.as_str(), ScalarKind::Str, Style::Double).at(entry.key.offset());
        }
    }
}

fn differs(value: &Value) -> bool {
    let mut pending = vec![value];
    while let Some(value) = pending.pop() {
        match value {
            Value::Scalar(scalar) if changed(scalar).is_some() => return true,
            Value::Scalar(_) => {}
            container if is_filled_flow(container) => return true,
            Value::Seq(list) => pending.extend(list.iter()),
            Value::Map(map) => pending.extend(map.values()),
        }
    }
    false
}

/// What is not empty has the block style afterwards.
fn is_filled_flow(value: &Value) -> bool {
    match value {
        Value::Scalar(_) => false,
        Value::Seq(list) => list.is_flow() && !list.is_empty(),
        Value::Map(map) => map.is_flow() && !map.is_empty(),
    }
}

/// Whether a child may differ: a scalar does, or it is a container and has to be entered.
fn differs_here(value: &Value) -> bool {
    match value {
        Value::Scalar(scalar) => changed(scalar).is_some(),
        container => container.has_children(),
    }
}

/// The scalar behind the way, where it is another one.
fn changed(scalar: &Scalar) -> Option<Scalar> {
    if is_plain_word(scalar) && !scalar.is_untyped() {
        return None;
    }
    let (kind, text, style) = match scalar.resolved() {
        Resolved::Null => (ScalarKind::Null, "null".to_owned(), Style::Plain),
        Resolved::Bool(value) => (ScalarKind::Bool, value.to_string(), Style::Plain),
        Resolved::Number(number) => {
            let x = number.as_f64();
            if !x.is_finite() {
                return None;
            }
            let text = shortest(x);
            let integral = text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-');
            (if integral { ScalarKind::Int } else { ScalarKind::Float }, text, Style::Plain)
        }
        Resolved::Text(text) => {
            let text = if scalar.style() == Style::Folded { refolded(scalar) } else { text.into_owned() };
            let style = style_of(&text);
            (ScalarKind::Str, text, style)
        }
    };
    if kind == scalar.kind() && style == scalar.style() && text == scalar.text() && !scalar.is_untyped() {
        return None;
    }
    Some(Scalar::placed(kind, text, style, scalar.place()))
}

/// Whether an integer is none that `f64` holds.
fn loses_digits(scalar: &Scalar) -> bool {
    scalar.kind() == ScalarKind::Int
        && Number::parse(scalar.text()).is_some_and(|number| number != Number::Float(number.as_f64()))
}

/// The usual case, decided without a copy: an unquoted word that no type claims.
fn is_plain_word(scalar: &Scalar) -> bool {
    scalar.kind() == ScalarKind::Str
        && scalar.style() == Style::Plain
        && scalar
            .text()
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'/' | b'_'))
        && scalar.text().len() > 5
        && scalar.text().as_bytes().first().is_some_and(u8::is_ascii_alphabetic)
}

/// Folded text as go-yaml v3 writes it and reads it again.
fn refolded(scalar: &Scalar) -> String {
    let value = Value::Scalar(scalar.clone());
    let text = json::to_go_string(&value).ok().and_then(|text| json::from_str(&text).ok());
    text.as_ref().and_then(Value::as_text).unwrap_or(scalar.text()).to_owned()
}

/// The style that go-yaml v3 chooses for a string.
fn style_of(text: &str) -> Style {
    let unprintable =
        |c: char| (c.is_control() && c != '\n') || matches!(c, '\u{feff}' | '\u{fffe}' | '\u{ffff}');
    if text.contains(unprintable) || text.contains(" \n") || (text.contains('\n') && text.ends_with(' ')) {
        return Style::Double;
    }
    if text.contains('\n') {
        return Style::Literal;
    }
    if resolve(text, Dialect::Kustomize) != ScalarKind::Str || is_old_boolean(text) || is_base_60(text) {
        return Style::Double;
    }
    let bytes = text.as_bytes();
    let indicator = match bytes {
        [] | [b' ', ..] | [.., b' ' | b':'] => true,
        [b'-' | b'?' | b':', rest @ ..] => rest.first().is_none_or(|byte| *byte == b' '),
        [first, ..] => b"#,[]{}&*!|>'\"%@`".contains(first),
    };
    let reserved = text.starts_with("---") || text.starts_with("...");
    if indicator || reserved || text.contains(": ") || text.contains(" #") {
        Style::Single
    } else {
        Style::Plain
    }
}

fn is_old_boolean(text: &str) -> bool {
    text.len() <= 3 && resolve(text, Dialect::Kubectl) == ScalarKind::Bool
}

/// `[-+]?[0-9][0-9_]*(:[0-5]?[0-9])+(\.[0-9_]*)?`, a number in YAML 1.1.
fn is_base_60(text: &str) -> bool {
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    let (digits, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let number = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'_');
    let mut parts = digits.split(':');
    let first = parts.next().unwrap_or_default();
    if !first.starts_with(|c: char| c.is_ascii_digit()) || !number(first) || !number(fraction) {
        return false;
    }
    let mut sixtieths = parts.peekable();
    sixtieths.peek().is_some()
        && sixtieths.all(|part| match part.as_bytes() {
            [digit] => digit.is_ascii_digit(),
            [tens, digit] => (b'0'..=b'5').contains(tens) && digit.is_ascii_digit(),
            _ => false,
        })
}

/// A finite number in the fewest digits, in exponent form below 1e-4 and from 1e6 up.
fn shortest(x: f64) -> String {
    let scientific = format!("{x:e}");
    let (mantissa, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    if (-4..6).contains(&exponent) || x == 0.0 {
        return format!("{x}");
    }
    let sign = if exponent < 0 { '-' } else { '+' };
    format!("{mantissa}e{sign}{:02}", exponent.unsigned_abs())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scalars_on_their_way() {
        use ScalarKind::{Bool, Float, Int, Null, Str, Timestamp};
        use Style::{Double, Folded, Literal, Plain, Single};
        for (kind, text, style, want) in [
            (Int, "0644", Plain, Some((Int, "420", Plain))),
            (Int, "999999", Plain, None),
            (Int, "1000000", Plain, Some((Float, "1e+06", Plain))),
            (Int, "-1234567", Plain, Some((Float, "-1.234567e+06", Plain))),
            (Int, "9007199254740993", Plain, Some((Float, "9.007199254740992e+15", Plain))),
            (Float, "1.0", Plain, Some((Int, "1", Plain))),
            (Float, "1.10", Plain, Some((Float, "1.1", Plain))),
            (Float, "0.00001", Plain, Some((Float, "1e-05", Plain))),
            (Float, "0.0001", Plain, None),
            (Float, "-0.0", Plain, Some((Int, "-0", Plain))),
            (Float, ".inf", Plain, None),
            (Bool, "TRUE", Plain, Some((Bool, "true", Plain))),
            (Null, "", Plain, Some((Null, "null", Plain))),
            (Null, "null", Plain, None),
            (Timestamp, "2020-01-02", Plain, Some((Str, "2020-01-02T00:00:00Z", Double))),
            (Str, "abc", Double, Some((Str, "abc", Plain))),
            (Str, "1", Double, None),
            (Str, "yes", Plain, Some((Str, "yes", Double))),
            (Str, "1:30", Double, None),
            (Str, "99:99", Double, Some((Str, "99:99", Plain))),
            (Str, "a: b", Double, Some((Str, "a: b", Single))),
            (Str, "a\nb\n", Double, Some((Str, "a\nb\n", Literal))),
            (Str, "a \nb", Literal, Some((Str, "a \nb", Double))),
            (Str, "a b\n", Folded, Some((Str, "a b\n", Literal))),
            (Str, "", Double, None),
        ] {
            let scalar = Scalar::new(kind, text, style);
            let found = changed(&scalar);
            let found = found.as_ref().map(|found| (found.kind(), found.text(), found.style()));
            assert_eq!(found, want, "{kind:?} {text:?} {style:?}");
        }
    }

    #[test]
    fn what_does_not_change_is_shared() {
        let object = json::from_str(r#"{"a": {"b": {"c": 1}}, "d": [true]}"#).unwrap();
        let mut copy = object.clone();
        through_json(&mut copy);
        assert!(copy.ptr_eq(&object));
    }
}
