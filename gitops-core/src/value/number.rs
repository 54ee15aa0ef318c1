//! Numbers as go-yaml reads them from text, and as Go prints them.
//!
//! ```
//! use gitops_core::value::Number;
//! assert_eq!(Number::parse("0644"), Some(Number::Int(420)));
//! assert_eq!(Number::parse("1_000"), Some(Number::Int(1000)));
//! assert_eq!(Number::parse("1e3"), Some(Number::Float(1000.0)));
//! assert_eq!(Number::parse("1.2.3"), None);
//! ```
//!
//! * Underscores between digits are ignored, except in numbers that begin with a dot, where each must stand between
//!   two digits.
//! * `0x`, `0o`, `0b` and a leading `0` choose the base; `08` is no octal number and therefore the float 8.
//! * Integers beyond 64 bits are floats when decimal and text in any other base.
//! * Floats too large for 64 bits are text.

use std::cmp::Ordering;

/// A number in one of the three forms that Go's decoders tell apart.
#[derive(Clone, Copy, Debug)]
pub enum Number {
    /// An integer that fits an `i64`.
    Int(i64),
    /// An integer above `i64::MAX` that fits a `u64`.
    Uint(u64),
    /// Anything else, infinities and NaN included.
    Float(f64),
}

impl Number {
    /// Reads a number as go-yaml v3 does; nothing where that would read something else.
    ///
    /// Costs one pass over the text; numbers with underscores or dots cost an allocation at most.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        match text.as_bytes().first()? {
            b'.' => dotted(text),
            b'+' | b'-' | b'0'..=b'9' => {
                signed_infinity(text).or_else(|| from_digits(text, Octal::Version12))
            }
            _ => None,
        }
    }

    /// Reads a number as go-yaml v2 does, which knows one notation less (`0o` before a sign).
    pub(crate) fn parse_v2(text: &str) -> Option<Self> {
        match text.as_bytes().first()? {
            b'.' => dotted(text),
            b'+' | b'-' | b'0'..=b'9' => {
                signed_infinity(text).or_else(|| from_digits(text, Octal::Version11))
            }
            _ => None,
        }
    }

    /// The number as a float; integers above 2^53 lose digits.
    #[must_use]
    #[allow(clippy::cast_precision_loss)]
    pub fn as_f64(self) -> f64 {
        match self {
            Self::Int(n) => n as f64,
            Self::Uint(n) => n as f64,
            Self::Float(x) => x,
        }
    }

    /// The digits that Go's `encoding/json` writes: floats plain from 1e-6 to 1e21, else with an exponent. Nothing for
    /// infinities and NaN, which JSON has no form for.
    #[must_use]
    pub fn to_go_json(self) -> Option<String> {
        match self {
            Self::Int(n) => Some(n.to_string()),
            Self::Uint(n) => Some(n.to_string()),
            Self::Float(x) if x.is_finite() => {
                let mut digits = Vec::new();
                push_go_json(&mut digits, x);
                String::from_utf8(digits).ok()
            }
            Self::Float(_) => None,
        }
    }

    /// The digits that Go's `fmt` prints in a text (`%v`): floats plain from 1e-4 to 1e6, else with an exponent of two
    /// digits or more. Nothing for infinities and NaN.
    #[must_use]
    pub fn to_go_text(self) -> Option<String> {
        match self {
            Self::Float(x) if x.is_finite() => {
                let mut digits = Vec::new();
                push_go_g(&mut digits, x);
                String::from_utf8(digits).ok()
            }
            Self::Float(_) => None,
            integer => integer.to_go_json(),
        }
    }

    /// Whether this is an integer in form, not only in value: `1.0` is not.
    #[must_use]
    pub fn is_integer(self) -> bool {
        !matches!(self, Self::Float(_))
    }

    /// The same number in the form that its value allows: an integral float that fits 64 bits exactly becomes
    /// an integer, and negative zero becomes zero.
    #[must_use]
    pub fn canonical(self) -> Self {
        const TWO_63: f64 = 9_223_372_036_854_775_808.0;
        match self {
            Self::Uint(n) => i64::try_from(n).map_or(self, Self::Int),
            Self::Float(x) if x.fract() == 0.0 && (-TWO_63..TWO_63).contains(&x) => Self::Int(x as i64),
            Self::Float(x) if x.fract() == 0.0 && (TWO_63..2.0 * TWO_63).contains(&x) =>
            {
                #[allow(clippy::cast_sign_loss)]
                Self::Uint(x as u64)
            }
            other => other,
        }
    }
}

impl PartialEq for Number {
    /// Exact: `1 == 1.0`, and 2^53 + 1 differs from 2^53 as a float. NaN equals NaN.
    fn eq(&self, other: &Self) -> bool {
        match (self.canonical(), other.canonical()) {
            (Self::Int(a), Self::Int(b)) => a == b,
            (Self::Uint(a), Self::Uint(b)) => a == b,
            (Self::Float(a), Self::Float(b)) => {
                a.total_cmp(&b) == Ordering::Equal || (a.is_nan() && b.is_nan())
            }
            _ => false,
        }
    }
}

#[derive(Clone, Copy, PartialEq)]
enum Octal {
    Version11,
    Version12,
}

fn signed_infinity(text: &str) -> Option<Number> {
    match text {
        "+.inf" | "+.Inf" | "+.INF" => Some(Number::Float(f64::INFINITY)),
        "-.inf" | "-.Inf" | "-.INF" => Some(Number::Float(f64::NEG_INFINITY)),
        _ => None,
    }
}

fn dotted(text: &str) -> Option<Number> {
    match text {
        ".inf" | ".Inf" | ".INF" => return Some(Number::Float(f64::INFINITY)),
        ".nan" | ".NaN" | ".NAN" => return Some(Number::Float(f64::NAN)),
        _ => {}
    }
    if !is_decimal(text.as_bytes(), true) || !underscores_separate_digits(text.as_bytes()) {
        return None;
    }
    if text.contains('_') { finite(&text.replace('_', "")) } else { finite(text) }
}

fn from_digits(text: &str, octal: Octal) -> Option<Number> {
    if text.contains('_') { from_plain(&text.replace('_', ""), octal) } else { from_plain(text, octal) }
}

fn from_plain(plain: &str, octal: Octal) -> Option<Number> {
    if let Some(integer) = integer(plain) {
        return Some(integer);
    }
    if is_decimal(plain.as_bytes(), false) {
        return finite(plain);
    }
    after_prefix(plain, 'b', 2).or_else(|| match octal {
        Octal::Version12 => after_prefix(plain, 'o', 8),
        Octal::Version11 => None,
    })
}

/// An integer in Go's notations (`strconv.ParseInt` with base 0), without underscores.
fn integer(plain: &str) -> Option<Number> {
    let (negative, signed, unsigned) = match plain.as_bytes().first()? {
        b'-' => (true, true, &plain[1..]),
        b'+' => (false, true, &plain[1..]),
        _ => (false, false, plain),
    };
    let (digits, base) = match unsigned.as_bytes() {
        [b'0', b'x' | b'X', _, ..] => (&unsigned[2..], 16),
        [b'0', b'o' | b'O', _, ..] => (&unsigned[2..], 8),
        [b'0', b'b' | b'B', _, ..] => (&unsigned[2..], 2),
        [b'0', _, ..] => (&unsigned[1..], 8),
        _ => (unsigned, 10),
    };
    if !digits.bytes().next()?.is_ascii_hexdigit() {
        return None;
    }
    let magnitude = u64::from_str_radix(digits, base).ok()?;
    if negative {
        return 0i64.checked_sub_unsigned(magnitude).map(Number::Int);
    }
    match i64::try_from(magnitude) {
        Ok(n) => Some(Number::Int(n)),
        // Go parses signed text as a signed number only.
        Err(_) => (!signed).then_some(Number::Uint(magnitude)),
    }
}

/// What go-yaml accepts after `0b` (and v3 after `0o`) beyond Go's own notation: a sign behind the prefix.
fn after_prefix(plain: &str, letter: char, base: u32) -> Option<Number> {
    if let Some(digits) = plain.strip_prefix('0').and_then(|rest| rest.strip_prefix(letter)) {
        return i64::from_str_radix(digits, base).ok().map(Number::Int);
    }
    let digits = plain.strip_prefix("-0")?.strip_prefix(letter)?;
    let magnitude = u64::from_str_radix(digits.strip_prefix(['+', '-']).map_or(digits, |_| ""), base).ok()?;
    0i64.checked_sub_unsigned(magnitude).map(Number::Int)
}

/// Whether the bytes are `[-+]? (digits [. digits?] | . digits) ([eE] [-+]? digits)?`.
fn is_decimal(bytes: &[u8], underscores: bool) -> bool {
    let digit = |b: &u8| b.is_ascii_digit() || (underscores && *b == b'_');
    let count = |bytes: &[u8]| bytes.iter().take_while(|b| digit(b)).count();
    let mut rest = match bytes {
        [b'+' | b'-', rest @ ..] => rest,
        _ => bytes,
    };
    let whole = count(rest);
    rest = &rest[whole..];
    let mut fraction = 0;
    if let [b'.', after @ ..] = rest {
        fraction = count(after);
        rest = &after[fraction..];
    }
    if whole + fraction == 0 {
        return false;
    }
    match rest {
        [] => true,
        [b'e' | b'E', b'+' | b'-', digits @ ..] | [b'e' | b'E', digits @ ..] => {
            !digits.is_empty() && count(digits) == digits.len()
        }
        _ => false,
    }
}

fn underscores_separate_digits(bytes: &[u8]) -> bool {
    bytes.iter().enumerate().filter(|(_, b)| **b == b'_').all(|(i, _)| {
        let digit = |at: Option<usize>| at.and_then(|at| bytes.get(at)).is_some_and(u8::is_ascii_digit);
        digit(i.checked_sub(1)) && digit(i.checked_add(1))
    })
}

fn finite(text: &str) -> Option<Number> {
    text.parse::<f64>().ok().filter(|x| x.is_finite()).map(Number::Float)
}

/// The shortest decimal digits that read back as `x`, and the place of the decimal point relative to their start.
fn shortest(x: f64) -> (String, i32) {
    let x = x.abs();
    let text = format!("{x:e}");
    let places = text.find('e').unwrap_or(text.len()).saturating_sub(2);
    // Where two texts of that length are as near, Go takes the even one, as the rounding of formats does.
    let even = format!("{x:.places$e}");
    let text = if even.parse() == Ok(x) { even } else { text };
    let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    let digits = mantissa.replace('.', "");
    (digits, exponent.parse::<i32>().unwrap_or(0) + 1)
}

/// Prints a finite float as Go's `strconv.FormatFloat(x, 'g', -1, 64)` does.
///
/// Exponent form below 1e-4 and from 1e6 up, else plain digits.
pub(crate) fn push_go_g(out: &mut Vec<u8>, x: f64) {
    if x.is_sign_negative() {
        out.push(b'-');
    }
    if x == 0.0 {
        out.push(b'0');
        return;
    }
    let (digits, point) = shortest(x);
    if (-3..=6).contains(&point) {
        push_fixed(out, &digits, point);
    } else {
        push_exponent(out, &digits, point - 1, 2);
    }
}

/// Prints a finite float as Go's `encoding/json` does: plain digits from 1e-6 to 1e21, else exponent form.
pub(crate) fn push_go_json(out: &mut Vec<u8>, x: f64) {
    if x.is_sign_negative() {
        out.push(b'-');
    }
    if x == 0.0 {
        out.push(b'0');
        return;
    }
    let (digits, point) = shortest(x);
    if (1e-6..1e21).contains(&x.abs()) {
        push_fixed(out, &digits, point);
    } else {
        push_exponent(out, &digits, point - 1, if point <= 0 { 1 } else { 2 });
    }
}

fn push_fixed(out: &mut Vec<u8>, digits: &str, point: i32) {
    let digits = digits.as_bytes();
    match usize::try_from(point) {
        Ok(0) | Err(_) => {
            out.extend_from_slice(b"0.");
            out.resize(out.len() + point.unsigned_abs() as usize, b'0');
            out.extend_from_slice(digits);
        }
        Ok(point) if point >= digits.len() => {
            out.extend_from_slice(digits);
            out.resize(out.len() + point - digits.len(), b'0');
        }
        Ok(point) => {
            out.extend_from_slice(&digits[..point]);
            out.push(b'.');
            out.extend_from_slice(&digits[point..]);
        }
    }
}

fn push_exponent(out: &mut Vec<u8>, digits: &str, exponent: i32, least_digits: usize) {
    let (first, rest) = digits.split_at(1);
    out.extend_from_slice(first.as_bytes());
    if !rest.is_empty() {
        out.push(b'.');
        out.extend_from_slice(rest.as_bytes());
    }
    out.extend_from_slice(if exponent < 0 { b"e-" } else { b"e+" });
    out.extend_from_slice(format!("{:0least_digits$}", exponent.unsigned_abs()).as_bytes());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_becomes_the_number_that_go_yaml_reads() {
        let int = |n| Some(Number::Int(n));
        let float = |x| Some(Number::Float(x));
        for (text, want) in [
            ("0", int(0)),
            ("-0", int(0)),
            ("0644", int(420)),
            ("0o644", int(420)),
            ("0x1F", int(31)),
            ("+0x1f", int(31)),
            ("0b11", int(3)),
            ("-0b101", int(-5)),
            ("0b+101", int(5)),
            ("0o+7", int(7)),
            ("1_000", int(1000)),
            ("1_", int(1)),
            ("-9223372036854775808", int(i64::MIN)),
            ("18446744073709551615", Some(Number::Uint(u64::MAX))),
            ("18446744073709551616", float(18_446_744_073_709_551_616.0)),
            ("+18446744073709551615", float(18_446_744_073_709_551_615.0)),
            ("08", float(8.0)),
            ("5.", float(5.0)),
            (".5", float(0.5)),
            (".5_0", float(0.5)),
            (".5e3_0", float(0.5e30)),
            ("1e3", float(1000.0)),
            ("1e400", None),
            ("._5", None),
            (".5_", None),
            (".", None),
            ("+", None),
            ("-", None),
            ("1e", None),
            ("--1", None),
            ("0b", None),
            ("0x", None),
            ("0x+1", None),
            ("-0b-1", None),
            ("0xFFFFFFFFFFFFFFFFF", None),
            ("1.2.3", None),
            ("1:30", None),
            ("", None),
            ("é", None),
            ("-.INF", float(f64::NEG_INFINITY)),
            (".nan", float(f64::NAN)),
        ] {
            assert_eq!(Number::parse(text), want, "{text}");
        }
    }

    #[test]
    fn floats_print_as_go_prints_them() {
        for (x, g, json) in [
            (0.5, "0.5", "0.5"),
            (-0.0, "-0", "-0"),
            (1.0, "1", "1"),
            (123_456.5, "123456.5", "123456.5"),
            (1_000_000.5, "1.0000005e+06", "1000000.5"),
            (0.0001, "0.0001", "0.0001"),
            (0.00001, "1e-05", "0.00001"),
            (1e-7, "1e-07", "1e-7"),
            (1e-10, "1e-10", "1e-10"),
            (1.5e-100, "1.5e-100", "1.5e-100"),
            (1e20, "1e+20", "100000000000000000000"),
            (1e21, "1e+21", "1e+21"),
            (-1.9e19, "-1.9e+19", "-19000000000000000000"),
            (1.855_741_083_977_380_2e15, "1.8557410839773802e+15", "1855741083977380.2"),
            (1.855_741_083_977_380_8e15, "1.8557410839773808e+15", "1855741083977380.8"),
            (5e-324, "5e-324", "5e-324"),
            (12_345_678_901_234_567_890.0, "1.2345678901234567e+19", "12345678901234567000"),
        ] {
            let (mut a, mut b) = (Vec::new(), Vec::new());
            push_go_g(&mut a, x);
            push_go_json(&mut b, x);
            assert_eq!(
                (String::from_utf8(a).unwrap().as_str(), String::from_utf8(b).unwrap().as_str()),
                (g, json)
            );
        }
    }

    #[test]
    fn equality_looks_at_the_value() {
        assert_eq!(Number::Int(1), Number::Float(1.0));
        assert_eq!(Number::Float(1e19), Number::Uint(10_000_000_000_000_000_000));
        assert_ne!(Number::Int((1 << 53) + 1), Number::Float(9_007_199_254_740_992.0));
        assert_eq!(Number::Float(f64::NAN), Number::Float(f64::NAN));
        assert_eq!(Number::Int(0), Number::Float(-0.0));
        assert_ne!(Number::Int(i64::MAX), Number::Float(9_223_372_036_854_775_808.0));
    }
}
