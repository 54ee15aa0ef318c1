//! Which style go-yaml v2 gives a string: plain, single or double quoted, or a literal block.
//!
//! 1. Text with a line feed asks for a literal block; text that a YAML 1.1 reader would take for something else
//!    (`yes`, `1e3`, `2020-01-01`, `1:30`) asks for double quotes; all other text asks to be plain.
//! 2. Plain text that begins with an indicator or a blank, ends with a blank, or holds `: ` or ` #` becomes single
//!    quoted.
//! 3. Single quoted text with a blank beside a line break, or with an unprintable character, becomes double quoted.
//! 4. A literal block with a trailing blank, a blank before a line break or an unprintable character becomes double
//!    quoted. Unprintable are tabs, controls, the byte order mark and every character beyond U+FFFF.

use crate::value::{Number, Timestamp};
use memchr::{memchr_iter, memmem};

/// How a string is printed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Quoting {
    Plain,
    Single,
    Double,
    Literal,
}

/// What kinds of bytes a text holds.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Content(u8);

const SPACE: u8 = 1;
const COLON_OR_HASH: u8 = 2;
const LINE_FEED: u8 = 4;
const CONTROL: u8 = 8;
const WIDE: u8 = 16;
/// Means something to YAML at the start of a plain scalar; no matter elsewhere.
const INDICATOR: u8 = 32;
/// A plain scalar beginning so may be read as something else than a string.
const HINT: u8 = 64;

static CLASSES: [u8; 256] = classes();

const fn classes() -> [u8; 256] {
    let mut table = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        table[byte] = match byte as u8 {
            b' ' => SPACE,
            b'\n' => LINE_FEED,
            0..0x20 | 0x7f => CONTROL,
            0x80.. => WIDE,
            b'#' => COLON_OR_HASH | INDICATOR,
            b':' => COLON_OR_HASH,
            b',' | b'[' | b']' | b'{' | b'}' | b'&' | b'*' | b'!' | b'|' | b'>' | b'\'' | b'"' | b'%'
            | b'@' | b'`' => INDICATOR,
            b'0'..=b'9'
            | b'+'
            | b'-'
            | b'.'
            | b'~'
            | b'y'
            | b'Y'
            | b'n'
            | b'N'
            | b't'
            | b'T'
            | b'f'
            | b'F'
            | b'o'
            | b'O' => HINT,
            _ => 0,
        };
        byte += 1;
    }
    table
}

impl Content {
    /// One pass over the text.
    pub(super) fn of(text: &str) -> Self {
        Self(text.bytes().fold(0, |all, byte| all | CLASSES[byte as usize]))
    }

    /// Nothing but ASCII without controls other than line feeds.
    pub(super) fn is_simple(self) -> bool {
        self.0 & (CONTROL | WIDE) == 0
    }

    pub(super) fn has_spaces(self) -> bool {
        self.0 & SPACE != 0
    }

    pub(super) fn has_line_feeds(self) -> bool {
        self.0 & LINE_FEED != 0
    }

    fn is_one_word(self) -> bool {
        self.0 & (SPACE | COLON_OR_HASH | LINE_FEED | CONTROL | WIDE) == 0
    }
}

/// The style of a text with this content.
pub(super) fn quoting(text: &str, content: Content) -> Quoting {
    let Some(&first) = text.as_bytes().first() else { return Quoting::Double };
    let hinted = CLASSES[first as usize] & HINT != 0;
    if content.is_one_word() {
        return match CLASSES[first as usize] {
            class if class & INDICATOR != 0 => Quoting::Single,
            class if class & HINT == 0 => match first {
                b'?' if text.len() == 1 => Quoting::Single,
                _ => Quoting::Plain,
            },
            _ if reads_as_other(text) => Quoting::Double,
            _ if text == "-" || text.starts_with("---") || text.starts_with("...") => Quoting::Single,
            _ => Quoting::Plain,
        };
    }
    let allowed = if content.is_simple() { simple(text, content) } else { Allowed::of(text) };
    let wanted = match text {
        _ if content.has_line_feeds() => Quoting::Literal,
        _ if hinted && reads_as_other(text) => Quoting::Double,
        _ => Quoting::Plain,
    };
    match wanted {
        Quoting::Literal if allowed.block => Quoting::Literal,
        Quoting::Plain if allowed.plain => Quoting::Plain,
        Quoting::Plain if allowed.single => Quoting::Single,
        _ => Quoting::Double,
    }
}

/// Whether go-yaml v2 would not read the plain text as a string, or prints it quoted because YAML 1.1 has
/// numbers in base 60.
pub(super) fn reads_as_other(text: &str) -> bool {
    match text {
        "" | "~" | "null" | "Null" | "NULL" | "true" | "True" | "TRUE" | "false" | "False" | "FALSE"
        | "y" | "Y" | "yes" | "Yes" | "YES" | "n" | "N" | "no" | "No" | "NO" | "on" | "On" | "ON" | "off"
        | "Off" | "OFF" => true,
        _ => {
            matches!(text.as_bytes()[0], b'0'..=b'9' | b'+' | b'-' | b'.')
                && (Number::parse_v2(text).is_some() || Timestamp::parse(text).is_some() || is_base60(text))
        }
    }
}

/// `[-+]? digit [digits_]* (: [0-5]? digit)+ (. [digits_]*)?`
fn is_base60(text: &str) -> bool {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    if !unsigned.starts_with(|c: char| c.is_ascii_digit()) {
        return false;
    }
    let is_digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit() || b == b'_');
    let mut parts = unsigned.split(':').peekable();
    if !parts.next().is_some_and(is_digits) || parts.peek().is_none() {
        return false;
    }
    while let Some(part) = parts.next() {
        let sixty = match (part.split_once('.'), parts.peek()) {
            (Some((sixty, fraction)), None) if is_digits(fraction) => sixty,
            (Some(_), _) => return false,
            (None, _) => part,
        };
        let in_range = match sixty.as_bytes() {
            [one] | [b'0'..=b'5', one] => one.is_ascii_digit(),
            _ => false,
        };
        if !in_range {
            return false;
        }
    }
    true
}

/// The styles that can hold a text, and whether it has line breaks.
struct Allowed {
    plain: bool,
    single: bool,
    block: bool,
    breaks: bool,
}

fn simple(text: &str, content: Content) -> Allowed {
    let bytes = text.as_bytes();
    let blank_end = bytes.last() == Some(&b' ');
    if content.has_line_feeds() {
        let block = !blank_end && memmem::find(bytes, b" \n").is_none();
        return Allowed { plain: false, single: false, block, breaks: true };
    }
    let plain =
        bytes[0] != b' ' && !blank_end && !begins_with_indicator(bytes) && !holds_indicator(bytes, content);
    Allowed { plain, single: true, block: !blank_end, breaks: false }
}

fn begins_with_indicator(bytes: &[u8]) -> bool {
    CLASSES[bytes[0] as usize] & INDICATOR != 0
        || (matches!(bytes[0], b'?' | b':' | b'-') && is_blank(bytes.get(1)))
        || bytes.starts_with(b"---")
        || bytes.starts_with(b"...")
}

/// `: `, a colon at the end, or ` #`.
fn holds_indicator(bytes: &[u8], content: Content) -> bool {
    content.0 & COLON_OR_HASH != 0
        && (memchr_iter(b':', bytes).any(|at| is_blank(bytes.get(at + 1)))
            || memchr_iter(b'#', bytes).any(|at| at == 0 || bytes[at - 1] == b' '))
}

fn is_blank(byte: Option<&u8>) -> bool {
    matches!(byte, None | Some(b' ' | b'\t'))
}

impl Allowed {
    /// For text of any content.
    fn of(text: &str) -> Self {
        let bytes = text.as_bytes();
        let mut allowed = Self { plain: true, single: true, block: true, breaks: false };
        let (mut after_space, mut after_break, mut after_white) = (false, false, true);
        for (at, c) in text.char_indices() {
            let last = at + c.len_utf8() == bytes.len();
            match c {
                ':' if at > 0 && is_blank(bytes.get(at + 1)) => allowed.plain = false,
                '#' if after_white => allowed.plain = false,
                _ => {}
            }
            if !is_printable(c) {
                allowed.forbid_all();
            }
            if c == ' ' {
                if after_break {
                    (allowed.plain, allowed.single) = (false, false);
                }
                if last {
                    allowed.block = false;
                }
            } else if is_break(c) {
                allowed.breaks = true;
                if after_space {
                    allowed.forbid_all();
                }
            }
            (after_space, after_break) = (c == ' ', is_break(c));
            after_white = matches!(c, ' ' | '\t' | '\0') || is_break(c);
            if (at == 0 || last) && (c == ' ' || is_break(c)) {
                allowed.plain = false;
            }
        }
        allowed.plain &= !allowed.breaks && !begins_with_indicator(bytes);
        allowed
    }

    fn forbid_all(&mut self) {
        (self.plain, self.single, self.block) = (false, false, false);
    }
}

/// A line break of YAML 1.1.
pub(super) fn is_break(c: char) -> bool {
    matches!(c, '\n' | '\r' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

/// A character that go-yaml writes without an escape.
pub(super) fn is_printable(c: char) -> bool {
    matches!(c, '\n' | ' '..='~' | '\u{a0}'..='\u{d7ff}' | '\u{e000}'..='\u{fffd}') && c != '\u{feff}'
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn style_of_a_string() {
        use Quoting::{Double, Literal, Plain, Single};
        for (text, want) in [
            ("nginx", Plain),
            ("nginx:1.27", Plain),
            ("a b", Plain),
            ("a#b", Plain),
            ("http://x/#y", Plain),
            ("1e", Plain),
            (".", Plain),
            ("+", Plain),
            ("=", Plain),
            ("<<", Plain),
            ("..", Plain),
            ("?x", Plain),
            (":x", Plain),
            ("-x", Plain),
            ("99:99", Plain),
            ("0xFFFFFFFFFFFFFFFFFFFF", Plain),
            ("1e400", Plain),
            ("_1", Plain),
            ("a\"b'c", Plain),
            ("é", Plain),
            ("-", Single),
            ("?", Single),
            (":", Single),
            ("- a", Single),
            ("---", Single),
            ("---x", Single),
            ("...", Single),
            ("a: b", Single),
            ("a:", Single),
            ("a #b", Single),
            ("#a", Single),
            ("*", Single),
            ("'a'", Single),
            ("{a}", Single),
            (" a", Single),
            ("a ", Single),
            ("é: ", Single),
            ("é\u{2028}a", Single),
            ("", Double),
            ("yes", Double),
            ("n", Double),
            ("~", Double),
            ("null", Double),
            ("1", Double),
            ("1e3", Double),
            ("0x10", Double),
            ("0b+101", Double),
            (".5_0", Double),
            ("1_000", Double),
            ("1:30", Double),
            ("-1:30", Double),
            ("12:30:45.5", Double),
            ("2020-01-01", Double),
            ("2001-12-14   21:59:43", Double),
            (".inf", Double),
            ("a\tb", Double),
            ("\u{1F389}", Double),
            ("\u{feff}a", Double),
            ("é \u{2028}a", Double),
            ("é\u{2028} a", Double),
            ("a\nb", Literal),
            ("é\n b", Literal),
            (" a\n", Literal),
            ("\n", Literal),
            ("a \nb", Double),
            ("a\nb ", Double),
            ("é \nb", Double),
            ("a\nb\t", Double),
        ] {
            assert_eq!(quoting(text, Content::of(text)), want, "{text:?}");
        }
    }

    #[test]
    fn short_and_long_way_agree() {
        for text in
            ["a b", "a: b", " a", "a ", "a:", "a #b", "#", "- a", "?", "a\nb", "a \nb", "\na", "a\n ", ": a"]
        {
            let (short, long) = (simple(text, Content::of(text)), Allowed::of(text));
            assert_eq!(
                (short.plain, short.block, short.breaks),
                (long.plain, long.block, long.breaks),
                "{text:?}"
            );
        }
    }
}
