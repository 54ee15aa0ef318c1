//! Durations as Go reads and prints them: `1h30m`, `500ms`, `-1.5s`.
//!
//! ```
//! use gitops_core::duration::Duration;
//! let duration: Duration = "90m".parse().unwrap();
//! assert_eq!(duration.to_string(), "1h30m0s");
//! assert_eq!(duration.nanoseconds(), 5_400_000_000_000);
//! ```
//!
//! * A duration is a whole number of nanoseconds that fits 64 bits, about 292 years either way.
//! * Units are `ns`, `us` (or `µs`), `ms`, `s`, `m` and `h`, in any order and any number of times; each number may
//!   have a fraction, and what is below a nanosecond is dropped. Only `0` needs no unit.
//! * Printing leaves no zero unit at the front and uses one unit below a second: `1h0m0s`, `1.5ms`.

use std::fmt;
use std::str::FromStr;

/// A signed span of time in nanoseconds.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Debug)]
pub struct Duration(i64);

/// Why a text is not a duration.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DurationError {
    /// No number where one must stand, or nothing at all.
    #[error("invalid duration {text:?}")]
    Invalid {
        /// The text.
        text: String,
    },
    /// A number without a unit.
    #[error("missing unit in duration {text:?}")]
    MissingUnit {
        /// The text.
        text: String,
    },
    /// A unit that there is none of.
    #[error("unknown unit {unit:?} in duration {text:?}")]
    UnknownUnit {
        /// The unit.
        unit: String,
        /// The text.
        text: String,
    },
    /// More than 64 bits of nanoseconds.
    #[error("duration {text:?} is too long")]
    TooLong {
        /// The text.
        text: String,
    },
}

const MICROSECOND: u64 = 1_000;
const MILLISECOND: u64 = 1_000_000;
const SECOND: u64 = 1_000_000_000;

impl Duration {
    /// No time at all.
    pub const ZERO: Self = Self(0);

    /// A duration of so many nanoseconds.
    #[must_use]
    pub const fn from_nanoseconds(nanoseconds: i64) -> Self {
        Self(nanoseconds)
    }

    /// A duration of so many seconds; the longest one there is where they are too many.
    #[must_use]
    pub const fn from_seconds(seconds: i64) -> Self {
        Self(seconds.saturating_mul(SECOND.cast_signed()))
    }

    /// The nanoseconds.
    #[must_use]
    pub const fn nanoseconds(self) -> i64 {
        self.0
    }

    /// The seconds with their fraction.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "a float of seconds is what was asked for")]
    pub fn as_seconds(self) -> f64 {
        self.0 as f64 / SECOND as f64
    }
}

/// Nothing where the duration is negative.
impl TryFrom<Duration> for std::time::Duration {
    type Error = std::num::TryFromIntError;

    fn try_from(duration: Duration) -> Result<Self, Self::Error> {
        u64::try_from(duration.0).map(Self::from_nanos)
    }
}

impl FromStr for Duration {
    type Err = DurationError;

    fn from_str(text: &str) -> Result<Self, DurationError> {
        let (negative, mut rest) = match text.as_bytes().first() {
            Some(b'-') => (true, &text[1..]),
            Some(b'+') => (false, &text[1..]),
            _ => (false, text),
        };
        if rest == "0" {
            return Ok(Self::ZERO);
        }
        let own = || text.to_owned();
        if rest.is_empty() {
            return Err(DurationError::Invalid { text: own() });
        }
        let mut total: u64 = 0;
        while !rest.is_empty() {
            let (term, next) = Term::read(rest);
            if term.whole.is_empty() && term.fraction.is_empty() {
                return Err(DurationError::Invalid { text: own() });
            }
            let unit = match term.unit {
                "" => return Err(DurationError::MissingUnit { text: own() }),
                unit => nanoseconds_of(unit)
                    .ok_or_else(|| DurationError::UnknownUnit { unit: unit.to_owned(), text: own() })?,
            };
            let sum = term.nanoseconds(unit).and_then(|nanoseconds| total.checked_add(nanoseconds));
            // One more than the greatest 64-bit number may still be negative.
            total =
                sum.filter(|&sum| sum <= 1 << 63).ok_or_else(|| DurationError::TooLong { text: own() })?;
            rest = next;
        }
        let signed = if negative { 0_i64.checked_sub_unsigned(total) } else { i64::try_from(total).ok() };
        signed.map(Self).ok_or_else(|| DurationError::TooLong { text: own() })
    }
}

/// One number with its unit.
struct Term<'a> {
    whole: &'a str,
    fraction: &'a str,
    unit: &'a str,
}

impl<'a> Term<'a> {
    fn read(text: &'a str) -> (Self, &'a str) {
        let digits =
            |text: &'a str| text.split_at(text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len()));
        let (whole, rest) = digits(text);
        let (fraction, rest) = rest.strip_prefix('.').map_or(("", rest), digits);
        let (unit, rest) =
            rest.split_at(rest.find(|c: char| c == '.' || c.is_ascii_digit()).unwrap_or(rest.len()));
        (Self { whole, fraction, unit }, rest)
    }

    fn nanoseconds(&self, unit: u64) -> Option<u64> {
        let whole: u64 = if self.whole.is_empty() { 0 } else { self.whole.parse().ok()? };
        whole.checked_mul(unit)?.checked_add(self.fraction_of(unit))
    }

    /// The fraction in nanoseconds, by the float arithmetic that Go uses, so that the last digit agrees.
    #[expect(clippy::cast_precision_loss, clippy::cast_sign_loss, reason = "the arithmetic of the original")]
    fn fraction_of(&self, unit: u64) -> u64 {
        let mut digits: u64 = 0;
        let mut scale = 1.0_f64;
        for digit in self.fraction.bytes() {
            // Digits beyond 63 bits no longer count.
            let next = digits.checked_mul(10).and_then(|d| d.checked_add(u64::from(digit - b'0')));
            let Some(next) = next.filter(|&next| next <= 1 << 63) else { break };
            digits = next;
            scale *= 10.0;
        }
        (digits as f64 * (unit as f64 / scale)) as u64
    }
}

fn nanoseconds_of(unit: &str) -> Option<u64> {
    Some(match unit {
        "ns" => 1,
        // The micro sign and the Greek letter.
        "us" | "\u{b5}s" | "\u{3bc}s" => MICROSECOND,
        "ms" => MILLISECOND,
        "s" => SECOND,
        "m" => 60 * SECOND,
        "h" => 3600 * SECOND,
        _ => return None,
    })
}

impl fmt::Display for Duration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0 < 0 {
            f.write_str("-")?;
        }
        let nanoseconds = self.0.unsigned_abs();
        match nanoseconds {
            0 => f.write_str("0s"),
            1..MICROSECOND => write!(f, "{nanoseconds}ns"),
            MICROSECOND..MILLISECOND => with_fraction(f, nanoseconds, MICROSECOND, "\u{b5}s"),
            MILLISECOND..SECOND => with_fraction(f, nanoseconds, MILLISECOND, "ms"),
            _ => {
                let (minutes, rest) = (nanoseconds / (60 * SECOND), nanoseconds % (60 * SECOND));
                if minutes >= 60 {
                    write!(f, "{}h", minutes / 60)?;
                }
                if minutes > 0 {
                    write!(f, "{}m", minutes % 60)?;
                }
                with_fraction(f, rest, SECOND, "s")
            }
        }
    }
}

/// A number of units with as many decimals as it needs.
fn with_fraction(f: &mut fmt::Formatter<'_>, nanoseconds: u64, unit: u64, name: &str) -> fmt::Result {
    let (whole, rest) = (nanoseconds / unit, nanoseconds % unit);
    if rest == 0 {
        return write!(f, "{whole}{name}");
    }
    let digits = unit.ilog10() as usize;
    let fraction = format!("{rest:0digits$}");
    write!(f, "{whole}.{}{name}", fraction.trim_end_matches('0'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn reading_and_printing() {
        for (text, nanoseconds, printed) in [
            ("0", 0, "0s"),
            ("-0", 0, "0s"),
            ("0h", 0, "0s"),
            ("5s", 5_000_000_000, "5s"),
            ("+5s", 5_000_000_000, "5s"),
            ("-5s", -5_000_000_000, "-5s"),
            ("3600s", 3_600_000_000_000, "1h0m0s"),
            ("1h", 3_600_000_000_000, "1h0m0s"),
            ("60m", 3_600_000_000_000, "1h0m0s"),
            ("1h30m", 5_400_000_000_000, "1h30m0s"),
            ("1.5h", 5_400_000_000_000, "1h30m0s"),
            ("2h45m30.5s", 9_930_500_000_000, "2h45m30.5s"),
            (".5s", 500_000_000, "500ms"),
            ("5.s", 5_000_000_000, "5s"),
            ("1ns", 1, "1ns"),
            ("1.9ns", 1, "1ns"),
            ("1500ns", 1_500, "1.5\u{b5}s"),
            ("12\u{b5}s", 12_000, "12\u{b5}s"),
            ("12\u{3bc}s", 12_000, "12\u{b5}s"),
            ("1us1us", 2_000, "2\u{b5}s"),
            ("1.001ms", 1_001_000, "1.001ms"),
            ("39h9m14.425s", 140_954_425_000_000, "39h9m14.425s"),
            ("0.3333333333333333333h", 1_200_000_000_000, "20m0s"),
            ("9223372036854775807ns", i64::MAX, "2562047h47m16.854775807s"),
            ("-9223372036854775808ns", i64::MIN, "-2562047h47m16.854775808s"),
        ] {
            let duration: Duration = text.parse().unwrap_or_else(|error| panic!("{text}: {error}"));
            assert_eq!(
                (duration.nanoseconds(), duration.to_string().as_str()),
                (nanoseconds, printed),
                "{text}"
            );
        }
    }

    #[test]
    fn refused() {
        for (text, words) in [
            ("", "invalid"),
            ("-", "invalid"),
            ("abc", "invalid"),
            (".", "invalid"),
            (".s", "invalid"),
            ("+-5s", "invalid"),
            ("3", "missing unit"),
            ("1h3", "missing unit"),
            ("1 s", "unknown unit \" s\""),
            ("1d", "unknown unit \"d\""),
            ("1µ", "unknown unit"),
            ("9223372036854775808ns", "too long"),
            ("3000000h", "too long"),
            ("99999999999999999999s", "too long"),
        ] {
            let error = text.parse::<Duration>().unwrap_err().to_string();
            assert!(error.contains(words), "{text}: {error}");
        }
    }

    proptest! {
        #[test]
        fn text_form_reads_back(nanoseconds: i64) {
            let duration = Duration::from_nanoseconds(nanoseconds);
            prop_assert_eq!(duration.to_string().parse(), Ok(duration));
        }

        #[test]
        fn any_text_is_read_or_refused(text in "[+-]?[0-9.hmsnuµ]{0,12}") {
            let _ = text.parse::<Duration>();
        }
    }
}
