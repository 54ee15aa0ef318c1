//! Dates and times as go-yaml reads them from plain text, and as Go prints them (RFC 3339, no needless digits).
//!
//! Four notations: a date; a date, spaces and a time (which is UTC); a date, `T` or `t` and a time with `Z` or an
//! offset. Months, days, hours, minutes and seconds may have one digit; fractions follow `.` or `,` and count to
//! nanoseconds. An offset keeps its place in the output; Go cannot put hours above 23 there.

/// A point in time as text gave it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Timestamp {
    year: u32,
    month: u32,
    day: u32,
    hour: u32,
    minute: u32,
    second: u32,
    nanoseconds: u32,
    /// Minutes east of UTC.
    offset: i32,
}

impl Timestamp {
    /// Reads one of the four notations.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let bytes = text.as_bytes();
        if bytes.len() < 8 || bytes[4] != b'-' {
            return None;
        }
        let mut rest = Cursor(bytes);
        let year = rest.digits(4, 4)?;
        rest.expect(b'-')?;
        let month = rest.digits(1, 2).filter(|month| (1..=12).contains(month))?;
        rest.expect(b'-')?;
        let day = rest.digits(1, 2).filter(|day| (1..=days_in(month, year)).contains(day))?;
        let date = Self { year, month, day, hour: 0, minute: 0, second: 0, nanoseconds: 0, offset: 0 };
        let separator = match rest.0 {
            [] => return Some(date),
            [b'T' | b't' | b' ', ..] => rest.next()?,
            _ => return None,
        };
        if separator == b' ' {
            while rest.0.first() == Some(&b' ') {
                rest.next();
            }
        }
        let hour = rest.digits(1, 2).filter(|hour| *hour < 24)?;
        rest.expect(b':')?;
        let minute = rest.digits(1, 2).filter(|minute| *minute < 60)?;
        rest.expect(b':')?;
        let second = rest.digits(1, 2).filter(|second| *second < 60)?;
        let nanoseconds = rest.fraction();
        let offset = if separator == b' ' { 0 } else { rest.offset()? };
        rest.0.is_empty().then_some(Self { hour, minute, second, nanoseconds, offset, ..date })
    }

    /// RFC 3339 with as many digits of the fraction as it needs; nothing where the offset exceeds 23 hours.
    pub(crate) fn to_rfc3339(self) -> Option<String> {
        use std::fmt::Write;
        let Self { year, month, day, hour, minute, second, .. } = self;
        let mut text = format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}");
        if self.nanoseconds > 0 {
            let digits = format!("{:09}", self.nanoseconds);
            text.push('.');
            text.push_str(digits.trim_end_matches('0'));
        }
        if self.offset == 0 {
            text.push('Z');
            return Some(text);
        }
        let sign = if self.offset < 0 { '-' } else { '+' };
        let (hours, minutes) = (self.offset.abs() / 60, self.offset.abs() % 60);
        write!(text, "{sign}{hours:02}:{minutes:02}").ok()?;
        (hours < 24).then_some(text)
    }
}

struct Cursor<'a>(&'a [u8]);

impl Cursor<'_> {
    fn next(&mut self) -> Option<u8> {
        let (first, rest) = self.0.split_first()?;
        self.0 = rest;
        Some(*first)
    }

    fn expect(&mut self, byte: u8) -> Option<()> {
        (self.next()? == byte).then_some(())
    }

    fn digits(&mut self, least: usize, most: usize) -> Option<u32> {
        let count = self.0.iter().take(most).take_while(|b| b.is_ascii_digit()).count();
        let (digits, rest) = self.0.split_at(count);
        self.0 = rest;
        (count >= least).then(|| digits.iter().fold(0, |n, b| n * 10 + u32::from(b - b'0')))
    }

    /// A fraction in nanoseconds, 0 where there is none; digits beyond the ninth are dropped.
    fn fraction(&mut self) -> u32 {
        let [b'.' | b',', rest @ ..] = self.0 else { return 0 };
        let count = rest.iter().take_while(|b| b.is_ascii_digit()).count();
        if count == 0 {
            return 0;
        }
        let digits = rest.iter().take(count).copied().chain(std::iter::repeat(b'0'));
        self.0 = &rest[count..];
        digits.take(9).fold(0, |n, b| n * 10 + u32::from(b - b'0'))
    }

    /// `Z` or `±hh:mm`, in minutes. Go accepts 24 hours and 60 minutes here.
    fn offset(&mut self) -> Option<i32> {
        let sign = match self.next()? {
            b'Z' => return Some(0),
            b'+' => 1,
            b'-' => -1,
            _ => return None,
        };
        let hours = self.digits(2, 2).filter(|hours| *hours <= 24)?;
        self.expect(b':')?;
        let minutes = self.digits(2, 2).filter(|minutes| *minutes <= 60)?;
        Some(sign * i32::try_from(hours * 60 + minutes).ok()?)
    }
}

fn days_in(month: u32, year: u32) -> u32 {
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
    fn text_becomes_the_time_that_go_prints() {
        for (text, want) in [
            ("2020-01-02", Some("2020-01-02T00:00:00Z")),
            ("2020-1-2", Some("2020-01-02T00:00:00Z")),
            ("2001-12-14 21:59:43.10", Some("2001-12-14T21:59:43.1Z")),
            ("2001-12-14   1:2:3", Some("2001-12-14T01:02:03Z")),
            ("2001-12-14t21:59:43.10-05:00", Some("2001-12-14T21:59:43.1-05:00")),
            ("2001-12-14T21:59:43,1234567891Z", Some("2001-12-14T21:59:43.123456789Z")),
            ("2001-12-14T21:59:43+00:00", Some("2001-12-14T21:59:43Z")),
            ("2001-12-14T21:59:43+01:60", Some("2001-12-14T21:59:43+02:00")),
            ("2001-12-14T21:59:43+24:00", None),
            ("2001-12-14T21:59:43+25:00", None),
            ("2001-12-14T21:59:43", None),
            ("2001-12-14 21:59:43Z", None),
            ("2001-12-14 24:00:00", None),
            ("2001-02-29", None),
            ("2000-02-29", Some("2000-02-29T00:00:00Z")),
            ("1900-02-29", None),
            ("2020-13-01", None),
            ("2020-01-32", None),
            ("2020-01-02x", None),
            ("2020-01-02T1:2:3.Z", None),
            ("20200102", None),
            ("é020-01-02", None),
        ] {
            assert_eq!(Timestamp::parse(text).and_then(Timestamp::to_rfc3339).as_deref(), want, "{text}");
        }
    }
}
