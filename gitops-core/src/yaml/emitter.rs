//! Writes scalars: folding at column 80, escapes, literal blocks.

use super::quoting::{Content, Quoting, is_break, is_printable, quoting};
use super::settle::Settled;
use crate::value::{Number, number};
use memchr::{memchr, memchr_iter};
use std::io;

/// Column behind which a space becomes a line break.
const WIDTH: usize = 80;
/// Bytes after which complete lines are handed to the output.
const BLOCK: usize = 32 << 10;

/// Text on its way to the output. Lines of any length are kept whole until they end.
#[derive(Debug)]
pub(super) struct Emitter<W> {
    out: W,
    buffer: Vec<u8>,
    /// Where the current line begins in the buffer.
    line: usize,
    /// Bytes handed over so far.
    handed_over: u64,
}

impl<W: io::Write> Emitter<W> {
    pub(super) fn new(out: W) -> Self {
        Self { out, buffer: Vec::with_capacity(BLOCK + BLOCK / 4), line: 0, handed_over: 0 }
    }

    pub(super) fn push(&mut self, text: &[u8]) {
        self.buffer.extend_from_slice(text);
    }

    pub(super) fn spaces(&mut self, count: usize) {
        self.buffer.resize(self.buffer.len() + count, b' ');
    }

    /// Ends the line; hands over what has gathered.
    pub(super) fn end_line(&mut self) -> io::Result<()> {
        self.buffer.push(b'\n');
        self.begin_line()
    }

    /// Bytes written so far, handed over or not.
    pub(super) fn position(&self) -> u64 {
        self.handed_over + self.buffer.len() as u64
    }

    /// Takes back what was written since `position`, as far as it has not been handed over.
    pub(super) fn take_back(&mut self, position: u64) {
        let keep = position.saturating_sub(self.handed_over);
        self.buffer.truncate(usize::try_from(keep).unwrap_or(usize::MAX));
        self.line = self.buffer.len();
    }

    /// Hands over everything.
    pub(super) fn drain(&mut self) -> io::Result<()> {
        self.out.write_all(&self.buffer)?;
        self.handed_over += self.buffer.len() as u64;
        self.buffer.clear();
        self.line = 0;
        Ok(())
    }

    pub(super) fn get_mut(&mut self) -> &mut W {
        &mut self.out
    }

    pub(super) fn into_inner(self) -> W {
        self.out
    }

    fn begin_line(&mut self) -> io::Result<()> {
        self.line = self.buffer.len();
        if self.line >= BLOCK { self.drain() } else { Ok(()) }
    }

    fn begin_folded_line(&mut self, indent: usize) -> io::Result<()> {
        self.end_line()?;
        self.spaces(indent);
        Ok(())
    }

    /// Characters on the current line.
    fn column(&self) -> usize {
        count_characters(&self.buffer[self.line..])
    }

    /// Writes a scalar, without the end of its line. `indent` is where its further lines begin.
    ///
    /// Gives whether the line is still open: a literal block ends its last line itself.
    pub(super) fn scalar(&mut self, scalar: &Settled<'_>, indent: usize) -> io::Result<bool> {
        match scalar {
            Settled::Null => self.push(b"null"),
            Settled::Bool(true) => self.push(b"true"),
            Settled::Bool(false) => self.push(b"false"),
            Settled::Digits(digits) => self.push(digits.as_bytes()),
            Settled::Number(Number::Float(x)) => number::push_go_g(&mut self.buffer, *x),
            Settled::Number(Number::Int(n)) => self.push(n.to_string().as_bytes()),
            Settled::Number(Number::Uint(n)) => self.push(n.to_string().as_bytes()),
            Settled::Text(text, content) => return self.text(text, *content, indent),
        }
        Ok(true)
    }

    /// Writes a string as [`Emitter::scalar`] does.
    pub(super) fn text(&mut self, text: &str, content: Content, indent: usize) -> io::Result<bool> {
        match quoting(text, content) {
            Quoting::Plain if !content.has_spaces() => self.push(text.as_bytes()),
            Quoting::Plain => self.plain(text.as_bytes(), indent)?,
            Quoting::Single => self.single_quoted(text, content, indent)?,
            Quoting::Double => self.double_quoted(text, indent)?,
            Quoting::Literal => return self.literal(text, content, indent),
        }
        Ok(true)
    }

    /// A key on the line of its value: never folded.
    pub(super) fn simple_key(&mut self, text: &str, content: Content) -> io::Result<()> {
        match quoting(text, content) {
            Quoting::Plain => self.push(text.as_bytes()),
            Quoting::Single => self.single_quoted(text, content, usize::MAX)?,
            Quoting::Double | Quoting::Literal => self.double_quoted(text, usize::MAX)?,
        }
        Ok(())
    }

    fn plain(&mut self, text: &[u8], indent: usize) -> io::Result<()> {
        // Bytes are no fewer than characters, so that a short line needs no counting.
        if self.buffer.len() - self.line + text.len() <= WIDTH {
            self.push(text);
            return Ok(());
        }
        let mut start = 0;
        for space in memchr_iter(b' ', text) {
            if is_single_space(text, space) && self.is_beyond_width(&text[start..space]) {
                self.push(&text[start..space]);
                self.begin_folded_line(indent)?;
                start = space + 1;
            }
        }
        self.push(&text[start..]);
        Ok(())
    }

    /// Whether the line would end behind column 80 with this text.
    fn is_beyond_width(&self, text: &[u8]) -> bool {
        self.buffer.len() - self.line + text.len() > WIDTH && self.column() + count_characters(text) > WIDTH
    }

    fn single_quoted(&mut self, text: &str, content: Content, indent: usize) -> io::Result<()> {
        self.push(b"'");
        let bytes = text.as_bytes();
        let fits = indent == usize::MAX || self.buffer.len() - self.line + 2 * bytes.len() <= WIDTH;
        if content.is_simple() && fits {
            for (at, part) in text.split('\'').enumerate() {
                self.push(if at > 0 { b"''" } else { b"" });
                self.push(part.as_bytes());
            }
            self.push(b"'");
            return Ok(());
        }
        let mut after_break = false;
        for (at, c) in text.char_indices() {
            if is_break(c) {
                // Only U+2028 and U+2029 come here; the next line's indentation follows them, no line feed.
                self.push_char(c);
                self.line = self.buffer.len();
                after_break = true;
                continue;
            }
            if std::mem::take(&mut after_break) && indent != usize::MAX {
                self.spaces(indent);
            }
            match c {
                '\'' => self.push(b"''"),
                ' ' if at > 0
                    && at + 1 < bytes.len()
                    && indent != usize::MAX
                    && is_single_space(bytes, at)
                    && self.is_beyond_width(b"") =>
                {
                    self.begin_folded_line(indent)?;
                }
                c => self.push_char(c),
            }
        }
        self.push(b"'");
        Ok(())
    }

    fn double_quoted(&mut self, text: &str, indent: usize) -> io::Result<()> {
        self.push(b"\"");
        let bytes = text.as_bytes();
        // go-yaml looks for the byte order mark at the start of the text, whichever character it is about to write.
        let escapes_all = text.starts_with('\u{feff}');
        for (at, c) in text.char_indices() {
            if escapes_all || !is_printable(c) || is_break(c) || c == '"' || c == '\\' {
                self.escape(c);
            } else if c == ' '
                && at > 0
                && at + 1 < bytes.len()
                && indent != usize::MAX
                && !follows_space(bytes, at)
                && self.is_beyond_width(b"")
            {
                self.begin_folded_line(indent)?;
                if bytes[at + 1] == b' ' {
                    self.push(b"\\");
                }
            } else {
                self.push_char(c);
            }
        }
        self.push(b"\"");
        Ok(())
    }

    fn escape(&mut self, c: char) {
        let short = match c {
            '\0' => b'0',
            '\x07' => b'a',
            '\x08' => b'b',
            '\t' => b't',
            '\n' => b'n',
            '\x0b' => b'v',
            '\x0c' => b'f',
            '\r' => b'r',
            '\x1b' => b'e',
            '"' => b'"',
            '\\' => b'\\',
            '\u{85}' => b'N',
            '\u{a0}' => b'_',
            '\u{2028}' => b'L',
            '\u{2029}' => b'P',
            _ => {
                let code = c as u32;
                let escape = match code {
                    0..=0xff => format!("\\x{code:02X}"),
                    0x100..=0xffff => format!("\\u{code:04X}"),
                    _ => format!("\\U{code:08X}"),
                };
                self.push(escape.as_bytes());
                return;
            }
        };
        self.push(&[b'\\', short]);
    }

    fn literal(&mut self, text: &str, content: Content, indent: usize) -> io::Result<bool> {
        self.push(b"|");
        if text.starts_with(|c| c == ' ' || is_break(c)) {
            self.push(b"2");
        }
        let mut from_end = text.chars().rev();
        match (from_end.next().is_some_and(is_break), from_end.next().is_none_or(is_break)) {
            (false, _) => self.push(b"-"),
            (true, true) => self.push(b"+"),
            (true, false) => {}
        }
        self.end_line()?;
        if content.is_simple() {
            self.literal_lines(text.as_bytes(), indent)
        } else {
            self.literal_text(text, indent)
        }
    }

    fn literal_lines(&mut self, text: &[u8], indent: usize) -> io::Result<bool> {
        let mut rest = text;
        while let Some(end) = memchr(b'\n', rest) {
            if end > 0 {
                self.spaces(indent);
                self.push(&rest[..end]);
            }
            self.end_line()?;
            rest = &rest[end + 1..];
        }
        if !rest.is_empty() {
            self.spaces(indent);
            self.push(rest);
        }
        Ok(!rest.is_empty())
    }

    /// As above where U+2028 and U+2029 end lines as well, which they do without a line feed.
    fn literal_text(&mut self, text: &str, indent: usize) -> io::Result<bool> {
        let mut open = false;
        for c in text.chars() {
            if c == '\n' {
                self.end_line()?;
                open = false;
            } else if is_break(c) {
                self.push_char(c);
                self.line = self.buffer.len();
                open = false;
            } else {
                if !open {
                    self.spaces(indent);
                }
                self.push_char(c);
                open = true;
            }
        }
        Ok(open)
    }

    fn push_char(&mut self, c: char) {
        let mut bytes = [0; 4];
        self.buffer.extend_from_slice(c.encode_utf8(&mut bytes).as_bytes());
    }
}

/// Characters of UTF-8: bytes that do not continue one.
fn count_characters(text: &[u8]) -> usize {
    text.iter().filter(|byte| **byte & 0xc0 != 0x80).count()
}

/// Whether the space at `at` has no other beside it.
fn is_single_space(text: &[u8], at: usize) -> bool {
    !follows_space(text, at) && text.get(at + 1) != Some(&b' ')
}

fn follows_space(text: &[u8], at: usize) -> bool {
    at.checked_sub(1).is_some_and(|before| text[before] == b' ')
}
