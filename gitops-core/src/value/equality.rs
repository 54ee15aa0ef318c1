//! Equality of values: same types and texts, or same meaning, keys in any order, whatever the style and place.
//!
//! A map that holds a key twice equals only maps with the same keys in the same order.

use super::{Map, Resolved, Scalar, Value};
use std::collections::HashMap;

impl PartialEq for Value {
    fn eq(&self, other: &Self) -> bool {
        equal_by(self, other, Scalar::same)
    }
}

impl PartialEq for Map {
    fn eq(&self, other: &Self) -> bool {
        equal_by(&Value::Map(self.clone()), &Value::Map(other.clone()), Scalar::same)
    }
}

impl Value {
    /// Whether both mean the same: numbers by value, whatever their notation, all else by text.
    ///
    /// ```
    /// use gitops_core::json::from_str;
    /// let (a, b) = (from_str(r#"{"a": 1, "b": [1e3]}"#).unwrap(), from_str(r#"{"b": [1000], "a": 1.0}"#).unwrap());
    /// assert!(a.eq_numeric(&b) && a != b);
    /// assert!(!from_str("1").unwrap().eq_numeric(&from_str("\"1\"").unwrap()));
    /// ```
    ///
    /// Costs one visit of every node of which the values do not share the memory.
    #[must_use]
    pub fn eq_numeric(&self, other: &Self) -> bool {
        equal_by(self, other, means_same)
    }
}

/// Whether two scalars mean the same.
fn means_same(a: &Scalar, b: &Scalar) -> bool {
    if a.kind() == b.kind() && a.text() == b.text() && a.style().is_quoted() == b.style().is_quoted() {
        return true;
    }
    match (a.resolved(), b.resolved()) {
        // As floats these would lose the digits in which they may differ.
        (Resolved::Number(x), Resolved::Number(y))
            if is_long_integer(a.text()) && is_long_integer(b.text()) =>
        {
            x == y && a.text().trim_start_matches('+') == b.text().trim_start_matches('+')
        }
        (a, b) => a == b,
    }
}

/// Whether the text is a decimal integer that may exceed 64 bits.
fn is_long_integer(text: &str) -> bool {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    digits.len() > 18 && !digits.starts_with('0') && digits.bytes().all(|byte| byte.is_ascii_digit())
}

/// Compares two trees with `same` for scalars. Shared parts are equal without a look inside.
pub(super) fn equal_by(a: &Value, b: &Value, same: impl Fn(&Scalar, &Scalar) -> bool) -> bool {
    let mut pending = vec![(a, b)];
    while let Some((a, b)) = pending.pop() {
        match (a, b) {
            (Value::Scalar(a), Value::Scalar(b)) if same(a, b) => {}
            (Value::Seq(a), Value::Seq(b)) if a.ptr_eq(b) => {}
            (Value::Seq(a), Value::Seq(b)) if a.len() == b.len() => pending.extend(a.iter().zip(b)),
            (Value::Map(a), Value::Map(b)) if a.ptr_eq(b) => {}
            (Value::Map(a), Value::Map(b)) if a.len() == b.len() => {
                if !pair_up(a, b, &mut pending) {
                    return false;
                }
            }
            _ => return false,
        }
    }
    true
}

/// Pairs the values of equal keys; false where the keys differ.
fn pair_up<'a>(a: &'a Map, b: &'a Map, pending: &mut Vec<(&'a Value, &'a Value)>) -> bool {
    const LARGE: usize = 16;
    if a.keys().eq(b.keys()) {
        pending.extend(a.values().zip(b.values()));
        return true;
    }
    if a.len() > LARGE {
        let mut index: HashMap<_, _> = b.iter().collect();
        let unique = index.len() == b.len();
        return unique
            && a.iter().all(|(key, value)| match index.remove(key) {
                Some(other) => {
                    pending.push((value, other));
                    true
                }
                None => false,
            });
    }
    let mut paired = 0u32;
    a.entries().iter().all(|entry| {
        let Some(at) = b.entries().iter().position(|other| other.key == entry.key) else { return false };
        let first_time = paired & (1 << at) == 0;
        paired |= 1 << at;
        pending.push((&entry.value, &b.entries()[at].value));
        first_time
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::from_str;
    use crate::value::{Key, ScalarKind, Style};

    fn plain(kind: ScalarKind, text: &str) -> Value {
        Value::from(Scalar::new(kind, text, Style::Plain))
    }

    #[test]
    fn numbers_are_equal_by_value() {
        use ScalarKind::{Bool, Float, Int, Null, Str, Timestamp};
        for (a, b, same) in [
            ((Int, "1"), (Float, "1.0"), true),
            ((Int, "1"), (Int, "0x1"), true),
            ((Int, "1"), (Int, "2"), false),
            ((Int, "1"), (Str, "1"), false),
            ((Float, "1e3"), (Int, "1_000"), true),
            ((Float, "0.1"), (Float, "0.10"), true),
            ((Float, ".nan"), (Float, ".NaN"), true),
            ((Float, "12345678901234567890123"), (Float, "12345678901234567890124"), false),
            ((Float, "12345678901234567890123"), (Float, "+12345678901234567890123"), true),
            ((Float, "1e22"), (Float, "10000000000000000000000"), true),
            ((Int, "9223372036854775807"), (Int, "9223372036854775806"), false),
            ((Null, "~"), (Null, ""), true),
            ((Bool, "true"), (Bool, "TRUE"), true),
            ((Bool, "true"), (Str, "true"), false),
            ((Timestamp, "2020-1-2"), (Timestamp, "2020-01-02"), true),
            ((Str, "a"), (Str, "a"), true),
        ] {
            assert_eq!(plain(a.0, a.1).eq_numeric(&plain(b.0, b.1)), same, "{a:?} {b:?}");
        }
        let quoted = Value::from(Scalar::new(Int, "1", Style::Double));
        assert!(!quoted.eq_numeric(&plain(Int, "1")) && quoted.eq_numeric(&Value::from("1")));
    }

    #[test]
    fn order_of_keys_matters_only_for_doubles() {
        let wide = |range: &mut dyn Iterator<Item = u32>| {
            Value::from(range.map(|n| (Key::new(&n.to_string()), Value::null())).collect::<Map>())
        };
        let equal = |a: &str, b: &str| from_str(a).unwrap() == from_str(b).unwrap();
        assert!(equal(r#"{"a":1,"b":{"c":2,"d":3}}"#, r#"{"b":{"d":3,"c":2},"a":1}"#));
        assert!(!equal(r#"{"a":1,"b":2}"#, r#"{"b":2,"c":1}"#));
        assert!(!equal(r#"{"a":1,"a":1,"b":2}"#, r#"{"a":1,"b":2,"c":3}"#));
        assert!(!equal(r#"{"a":1,"b":2,"c":3}"#, r#"{"a":1,"a":1,"b":2}"#));
        assert!(equal(r#"{"a":1,"a":2}"#, r#"{"a":1,"a":2}"#));
        assert!(wide(&mut (0..50)) == wide(&mut (0..50).rev()));
        assert!(wide(&mut (0..50)) != wide(&mut (1..51)));
        assert!(wide(&mut (0..50).chain(0..1)) != wide(&mut (0..51).rev()));
        assert!(wide(&mut (0..51).rev()) != wide(&mut (0..50).chain(0..1)));
    }
}
