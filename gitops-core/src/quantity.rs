//! Quantities of Kubernetes: `500m`, `1.5Gi`, `129e6`.
//!
//! ```
//! use gitops_core::quantity::Quantity;
//! let cpu = |text: &str| text.parse::<Quantity>().unwrap();
//! assert_eq!(cpu("0.5"), cpu("500m"));
//! assert!(cpu("1Gi") > cpu("1G"));
//! assert_eq!(cpu("0.5").canonical(), "500m");
//! assert_eq!(cpu("5.").to_string(), "5.");
//! ```
//!
//! * A quantity is `[+-]digits[.digits]suffix`. Decimal suffixes are `n u m k M G T P E`, binary ones
//!   `Ki Mi Gi Ti Pi Ei`; `e3` or `E3` is an exponent. No digits at all are zero, as in Kubernetes, but not before
//!   the largest suffixes (`Pi`, `Ei`).
//! * Values are exact decimals of any length. What is below a nano is rounded away from zero, and binary quantities
//!   stop at 2⁶³−1, as in Kubernetes.
//! * Quantities are equal when their values are; notation takes no part.
//! * [`canonical`](Quantity::canonical) is the form that an API server makes of a computed value: a whole number with
//!   the largest fitting suffix. Printed as is ([`Display`](fmt::Display)), a quantity that was read keeps its text
//!   where Kubernetes keeps it, which is where the text is nearly canonical anyway (`5.`, `+1`, `1024`).
//! * One difference: Kubernetes prints 1000E and its multiples without a suffix, as another value; here they keep it.

#![expect(clippy::cast_possible_wrap, reason = "lengths of texts in memory fit 63 bits")]

use smol_str::SmolStr;
use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::str::FromStr;

/// An exact number with the notation that it was written in.
#[derive(Clone, Debug)]
pub struct Quantity {
    negative: bool,
    decimal: Decimal,
    notation: Notation,
    /// The text as it was read, where Kubernetes prints that.
    text: Option<SmolStr>,
}

/// How a quantity is written.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Notation {
    /// Powers of ten by letters: `m`, `k`, `M`.
    Decimal,
    /// Powers of ten by number: `e3`.
    Exponent,
    /// Powers of 1024: `Ki`, `Mi`.
    Binary,
}

/// Why a text is not a quantity.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum QuantityError {
    /// It does not have the form of one.
    #[error("{text:?} is not a quantity: expected a number with an optional suffix, as 1.5Gi, 500m or 2e3")]
    Form {
        /// The text.
        text: String,
    },
    /// The number is fine, its suffix is not.
    #[error("unknown suffix {suffix:?} of quantity {text:?}")]
    Suffix {
        /// The suffix.
        suffix: String,
        /// The text.
        text: String,
    },
}

/// `0.DIGITS × 10^exponent`, with neither leading nor trailing zeros; zero has no digits.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
struct Decimal {
    digits: Vec<u8>,
    exponent: i64,
}

/// Powers of ten, three apart, that have a letter; from nano to exa.
const LETTERS: [(&str, i64); 10] =
    [("n", -9), ("u", -6), ("m", -3), ("", 0), ("k", 3), ("M", 6), ("G", 9), ("T", 12), ("P", 15), ("E", 18)];
const BINARY: [&str; 6] = ["Ki", "Mi", "Gi", "Ti", "Pi", "Ei"];
const NANO: i64 = -9;

impl Quantity {
    /// Whether the value is zero.
    #[must_use]
    pub fn is_zero(&self) -> bool {
        self.decimal.digits.is_empty()
    }

    /// Whether the value is below zero.
    #[must_use]
    pub fn is_negative(&self) -> bool {
        self.negative && !self.is_zero()
    }

    /// The notation.
    #[must_use]
    pub fn notation(&self) -> Notation {
        self.notation
    }

    /// The canonical form: a whole number with the largest suffix that keeps it whole. Binary quantities below 1024
    /// or with a fraction are written with decimal suffixes.
    #[must_use]
    pub fn canonical(&self) -> String {
        if self.is_zero() {
            return "0".to_owned();
        }
        let sign = if self.negative { "-" } else { "" };
        if let Some((number, suffix)) = self.in_binary() {
            return format!("{sign}{number}{suffix}");
        }
        let last = self.decimal.exponent - self.decimal.digits.len() as i64;
        let mut power = last - last.rem_euclid(3);
        if self.notation != Notation::Exponent {
            // There is no letter beyond exa.
            power = power.min(18);
        }
        let suffix = match LETTERS.iter().find(|(_, p)| *p == power) {
            _ if self.notation == Notation::Exponent && power != 0 => format!("e{power}"),
            letter => letter.map_or_else(String::new, |(letter, _)| (*letter).to_owned()),
        };
        let zeros = "0".repeat(usize::try_from(last - power).unwrap_or_default());
        format!("{sign}{}{zeros}{suffix}", self.decimal.text())
    }

    /// The number before a binary suffix and the suffix; nothing where the binary form does not apply.
    fn in_binary(&self) -> Option<(u64, &'static str)> {
        let mut number = self.decimal.to_integer().filter(|_| self.notation == Notation::Binary)?;
        let mut suffix = "";
        if number < 1024 {
            return None;
        }
        for larger in BINARY {
            if number % 1024 != 0 {
                break;
            }
            number /= 1024;
            suffix = larger;
        }
        Some((number, suffix))
    }
}

impl FromStr for Quantity {
    type Err = QuantityError;

    fn from_str(text: &str) -> Result<Self, QuantityError> {
        let written = Written::split(text).ok_or_else(|| QuantityError::Form { text: text.to_owned() })?;
        let suffix = || QuantityError::Suffix { suffix: written.suffix.to_owned(), text: text.to_owned() };
        let (mut notation, power) = read_suffix(written.suffix).ok_or_else(suffix)?;
        if !written.has_digits && !written.is_short(notation, power) {
            return Err(QuantityError::Form { text: text.to_owned() });
        }
        let places = written.fraction.len() as i64;
        let digits = written.whole.bytes().chain(written.fraction.bytes());
        let decimal = match notation {
            Notation::Binary => {
                let digits = multiply(digits, 1 << power);
                let mut decimal = Decimal::new(digits, -places);
                decimal.round_to_nano();
                let cap = Decimal::new(i64::MAX.to_string().into_bytes(), 0);
                if decimal > cap { cap } else { decimal }
            }
            Notation::Decimal | Notation::Exponent => {
                let mut decimal = Decimal::new(digits.collect(), power - places);
                decimal.round_to_nano();
                decimal
            }
        };
        if notation == Notation::Binary && decimal.exponent <= 0 {
            notation = Notation::Decimal;
        }
        let text = written.is_kept(notation, power).then(|| SmolStr::new(text));
        Ok(Self { negative: written.negative, decimal, notation, text })
    }
}

/// The parts of a quantity's text.
struct Written<'a> {
    negative: bool,
    has_digits: bool,
    /// Without leading zeros.
    whole: &'a str,
    fraction: &'a str,
    suffix: &'a str,
}

impl<'a> Written<'a> {
    fn split(text: &'a str) -> Option<Self> {
        if text.is_empty() {
            return None;
        }
        let digits =
            |text: &'a str| text.split_at(text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len()));
        let negative = text.starts_with('-');
        let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
        let (whole, rest) = digits(unsigned.trim_start_matches('0'));
        let (fraction, suffix) = rest.strip_prefix('.').map_or(("", rest), digits);
        let number = suffix.trim_start_matches(['e', 'E', 'i', 'n', 'u', 'm', 'k', 'K', 'M', 'G', 'T', 'P']);
        let (_, end) = digits(number.strip_prefix(['+', '-']).unwrap_or(number));
        let has_digits = unsigned.starts_with('0') || !whole.is_empty() || !fraction.is_empty();
        end.is_empty().then_some(Self { negative, has_digits, whole, fraction, suffix })
    }

    /// Whether Kubernetes reads the number as a 64-bit integer, by an estimate of its length.
    fn is_short(&self, notation: Notation, power: i64) -> bool {
        let whole = self.whole.len().max(1) as i64;
        let places = self.fraction.len() as i64;
        match notation {
            Notation::Binary => places == 0 && whole + power * 3 / 10 <= 14,
            Notation::Decimal | Notation::Exponent => whole + places <= 18 && power - places >= NANO,
        }
    }

    /// Whether Kubernetes prints the text as it was read: it does for short numbers that it takes for canonical by a
    /// glance at their digits.
    fn is_kept(&self, notation: Notation, power: i64) -> bool {
        let looks_canonical = || match notation {
            Notation::Binary => self.whole.parse::<u64>().is_ok_and(|number| number % 8 != 0),
            Notation::Decimal | Notation::Exponent => {
                let digits = format!("{}{}", self.whole, self.fraction);
                (power - self.fraction.len() as i64) % 3 == 0
                    && !self.whole.is_empty()
                    && !digits.ends_with("000")
            }
        };
        self.is_short(notation, power) && looks_canonical()
    }
}

/// The notation of a suffix and its power: of two in the binary notation, else of ten.
fn read_suffix(suffix: &str) -> Option<(Notation, i64)> {
    if let Some((_, power)) = LETTERS.iter().find(|(letter, _)| *letter == suffix) {
        return Some((Notation::Decimal, *power));
    }
    if let Some(place) = BINARY.iter().position(|binary| *binary == suffix) {
        return Some((Notation::Binary, 10 * (place as i64 + 1)));
    }
    let exponent: i32 = suffix.strip_prefix(['e', 'E'])?.parse().ok()?;
    Some((Notation::Exponent, exponent.into()))
}

/// The decimal digits of a product.
fn multiply(digits: impl DoubleEndedIterator<Item = u8>, factor: u64) -> Vec<u8> {
    let mut product = Vec::new();
    let mut carry: u128 = 0;
    for digit in digits.rev() {
        carry += u128::from(digit - b'0') * u128::from(factor);
        product.push(b'0' + (carry % 10) as u8);
        carry /= 10;
    }
    while carry > 0 {
        product.push(b'0' + (carry % 10) as u8);
        carry /= 10;
    }
    product.reverse();
    product
}

impl Decimal {
    /// The whole number of these digits times a power of ten.
    fn new(mut digits: Vec<u8>, power: i64) -> Self {
        let exponent = digits.len() as i64 + power;
        let zeros = digits.iter().take_while(|&&digit| digit == b'0').count();
        digits.drain(..zeros);
        let mut decimal = Self { digits, exponent: exponent - zeros as i64 };
        decimal.trim();
        decimal
    }

    fn trim(&mut self) {
        let kept = self.digits.iter().rposition(|&digit| digit != b'0').map_or(0, |last| last + 1);
        self.digits.truncate(kept);
        if self.digits.is_empty() {
            self.exponent = 0;
        }
    }

    /// Rounds away from zero.
    fn round_to_nano(&mut self) {
        let kept = self.exponent - NANO;
        if self.digits.is_empty() || self.digits.len() as i64 <= kept {
            return;
        }
        if kept <= 0 {
            *self = Self::new(vec![b'1'], NANO);
            return;
        }
        self.digits.truncate(usize::try_from(kept).unwrap_or_default());
        // The next number up: nines at the end become zeros, the digit before them one more.
        let nines = self.digits.iter().rev().take_while(|&&digit| digit == b'9').count();
        self.digits.truncate(self.digits.len() - nines);
        if let Some(last) = self.digits.last_mut() {
            *last += 1;
        } else {
            self.digits.push(b'1');
            self.exponent += 1;
        }
        self.trim();
    }

    /// The number, where it is whole and fits.
    fn to_integer(&self) -> Option<u64> {
        let zeros =
            usize::try_from(self.exponent - self.digits.len() as i64).ok().filter(|&zeros| zeros < 20)?;
        format!("{}{}", self.text(), "0".repeat(zeros)).parse().ok()
    }

    fn text(&self) -> String {
        self.digits.iter().map(|&digit| char::from(digit)).collect()
    }
}

impl PartialOrd for Decimal {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Decimal {
    fn cmp(&self, other: &Self) -> Ordering {
        match (self.digits.is_empty(), other.digits.is_empty()) {
            (false, false) => self.exponent.cmp(&other.exponent).then_with(|| self.digits.cmp(&other.digits)),
            (self_zero, other_zero) => other_zero.cmp(&self_zero),
        }
    }
}

impl PartialEq for Quantity {
    fn eq(&self, other: &Self) -> bool {
        self.is_negative() == other.is_negative() && self.decimal == other.decimal
    }
}

impl Eq for Quantity {}

impl Hash for Quantity {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.is_negative().hash(state);
        self.decimal.hash(state);
    }
}

impl PartialOrd for Quantity {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Quantity {
    fn cmp(&self, other: &Self) -> Ordering {
        match (self.is_negative(), other.is_negative()) {
            (false, false) => self.decimal.cmp(&other.decimal),
            (true, true) => other.decimal.cmp(&self.decimal),
            (self_negative, other_negative) => other_negative.cmp(&self_negative),
        }
    }
}

/// The text as Kubernetes prints it back; see the [module](self).
impl fmt::Display for Quantity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.text {
            Some(text) => f.write_str(text),
            None => f.write_str(&self.canonical()),
        }
    }
}

#[cfg(test)]
mod tests;
