//! Dates and times as go-yaml reads them from plain text, and as Go prints them.
//!
//! ```
//! use gitops_core::value::Timestamp;
//! let time = Timestamp::parse("2001-12-14 21:59:43.10").unwrap();
//! assert_eq!(time.to_string(), "2001-12-14T21:59:43.1Z");
//! assert!(Timestamp::parse("2001-02-30").is_none());
//! ```
//!
//! Four forms: a date; a date, spaces and a time without zone; a date, `T` or `t`, a time and a zone (`Z` or
//! `±hh:mm`). The year has four digits, other fields one or two; a fraction of a second may follow `.` or `,` and
//! keeps nine digits. Days are checked against their month.

use std::fmt;

/// A point in time with its zone; `Display` writes it as RFC 3339 with a fraction only where there is one.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Timestamp {
    year: u16,
    month: u8,
    day: u8,
    hour: u8,
    minute: u8,
    second: u8,
    nanosecond: u32,
    zone_minutes: i16,
}

impl Timestamp {
    /// Reads one of the four forms; nothing where the text has another form or names a day that is not.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let bytes = text.as_bytes();
        if bytes.len() < 8 || bytes[4] != b'-' || !bytes[..4].iter().all(u8::is_ascii_digit) {
            return None;
        }
        let mut fields = Fields { rest: &bytes[5..] };
        let year = bytes[..4].iter().fold(0u16, |year, digit| year * 10 + u16::from(digit - b'0'));
        let month = fields.number()?;
        fields.expect(b'-')?;
        let day = fields.number()?;
        if !(1..=12).contains(&month) || day == 0 || day > days_in(month, year) {
            return None;
        }
        let date = Self { year, month, day, hour: 0, minute: 0, second: 0, nanosecond: 0, zone_minutes: 0 };
        let Some((&separator, rest)) = fields.rest.split_first() else { return Some(date) };
        fields.rest = rest;
        if separator == b' ' {
            let spaces = rest.iter().take_while(|byte| **byte == b' ').count();
            fields.rest = &rest[spaces..];
        }
        let hour = fields.number()?;
        fields.expect(b':')?;
        let minute = fields.number()?;
        fields.expect(b':')?;
        let second = fields.number()?;
        if hour > 23 || minute > 59 || second > 59 {
            return None;
        }
        let nanosecond = fields.fraction();
        let zone_minutes = match separator {
            b' ' => 0,
            b'T' | b't' => fields.zone()?,
            _ => return None,
        };
        fields.rest.is_empty().then_some(Self { hour, minute, second, nanosecond, zone_minutes, ..date })
    }

    /// The text of `Display`, as Go marshals a time; nothing where the zone exceeds 23 hours, which Go reads but does
    /// not write.
    #[must_use]
    pub fn to_rfc3339(self) -> Option<String> {
        (self.zone_minutes.unsigned_abs() < 24 * 60).then(|| self.to_string())
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { year, month, day, hour, minute, second, nanosecond, zone_minutes } = self;
        write!(f, "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}")?;
        if *nanosecond > 0 {
            write!(f, ".{}", format!("{nanosecond:09}").trim_end_matches('0'))?;
        }
        if *zone_minutes == 0 {
            return f.write_str("Z");
        }
        let sign = if *zone_minutes < 0 { '-' } else { '+' };
        let minutes = zone_minutes.unsigned_abs();
        write!(f, "{sign}{:02}:{:02}", minutes / 60, minutes % 60)
    }
}

struct Fields<'a> {
    rest: &'a [u8],
}

impl Fields<'_> {
    /// One or two digits.
    fn number(&mut self) -> Option<u8> {
        let digits = self.rest.iter().take(2).take_while(|byte| byte.is_ascii_digit()).count();
        if digits == 0 {
            return None;
        }
        let (number, rest) = self.rest.split_at(digits);
        self.rest = rest;
        Some(number.iter().fold(0, |value, digit| value * 10 + (digit - b'0')))
    }

    fn expect(&mut self, byte: u8) -> Option<()> {
        let (&first, rest) = self.rest.split_first()?;
        self.rest = rest;
        (first == byte).then_some(())
    }

    /// Nanoseconds after `.` or `,`; digits beyond the ninth are dropped.
    fn fraction(&mut self) -> u32 {
        let Some((b'.' | b',', digits)) = self.rest.split_first() else { return 0 };
        let count = digits.iter().take_while(|byte| byte.is_ascii_digit()).count();
        if count == 0 {
            return 0;
        }
        self.rest = &digits[count..];
        let nine = digits[..count].iter().copied().chain(std::iter::repeat(b'0')).take(9);
        nine.fold(0, |value, digit| value * 10 + u32::from(digit - b'0'))
    }

    /// Minutes east of UTC.
    fn zone(&mut self) -> Option<i16> {
        let (&sign, rest) = self.rest.split_first()?;
        if sign == b'Z' {
            self.rest = rest;
            return Some(0);
        }
        let &[h1, h2, b':', m1, m2, ..] = rest else { return None };
        if ![h1, h2, m1, m2].iter().all(u8::is_ascii_digit) {
            return None;
        }
        let hours = i16::from((h1 - b'0') * 10 + (h2 - b'0'));
        let minutes = i16::from((m1 - b'0') * 10 + (m2 - b'0'));
        // Go takes offsets of 24 hours and of 60 minutes, because people write them.
        if hours > 24 || minutes > 60 {
            return None;
        }
        self.rest = &rest[5..];
        match sign {
            b'+' => Some(hours * 60 + minutes),
            b'-' => Some(-(hours * 60 + minutes)),
            _ => None,
        }
    }
}

fn days_in(month: u8, year: u16) -> u8 {
    match month {
        2 if year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400)) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_and_their_canonical_text() {
        let table = [
            ("2020-01-02", "2020-01-02T00:00:00Z"),
            ("2001-1-2", "2001-01-02T00:00:00Z"),
            ("2001-12-14t21:59:43.10-05:00", "2001-12-14T21:59:43.1-05:00"),
            ("2001-12-14 21:59:43.10", "2001-12-14T21:59:43.1Z"),
            ("2001-12-14T21:59:43Z", "2001-12-14T21:59:43Z"),
            ("2001-12-14T1:2:3+00:00", "2001-12-14T01:02:03Z"),
            ("2001-12-14T1:2:3,5Z", "2001-12-14T01:02:03.5Z"),
            ("2001-12-14T21:59:43.123456789123Z", "2001-12-14T21:59:43.123456789Z"),
            ("2001-12-14T21:59:43.000Z", "2001-12-14T21:59:43Z"),
            ("2000-02-29", "2000-02-29T00:00:00Z"),
            ("2001-12-14   1:2:3", "2001-12-14T01:02:03Z"),
            ("2001-12-14T21:59:43+01:60", "2001-12-14T21:59:43+02:00"),
        ];
        for (text, canonical) in table {
            assert_eq!(
                Timestamp::parse(text).map(|time| time.to_string()).as_deref(),
                Some(canonical),
                "{text}"
            );
        }
    }

    #[test]
    fn zones_of_a_day_are_read_but_not_written() {
        assert_eq!(Timestamp::parse("2001-12-14T21:59:43+24:00").map(Timestamp::to_rfc3339), Some(None));
    }

    #[test]
    fn other_texts_are_no_timestamps() {
        for text in [
            "",
            "2001",
            "2001-",
            "20011-01-01",
            "2001-13-14",
            "2001-02-30",
            "1900-02-29",
            "2001-12-14T",
            "2001-12-14 ",
            "2001-12-14T21:59:43",
            "2001-12-14 21:59:43.10 -5",
            "2001-12-14T25:00:00Z",
            "2001-12-14T21:59:60Z",
            "2001-12-14T21:59Z",
            "2001-12-14T21:59:43.Z",
            "2001-12-14T21:59:43z",
            "2001-12-14 21:59:43Z",
            "2001-12-1x",
            "2001-12-14T21:59:43+25:00",
            "2001-12-14T21:59:43+1:00",
        ] {
            assert_eq!(Timestamp::parse(text), None, "{text}");
        }
    }
}
