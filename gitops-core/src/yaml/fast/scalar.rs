//! Scalars: plain and quoted over one or more lines, and block texts.

use super::{Reader, Slot, starts_plain};
use crate::value::{Scalar, ScalarKind, Style, Value};
use memchr::{memchr2, memchr3};
use smol_str::SmolStr;

impl Reader<'_, '_> {
    /// A scalar that is a value; the cursor ends at the content behind its last line.
    pub(super) fn value(&mut self, least: usize, slot: Slot) -> Option<()> {
        match self.here() {
            b'"' | b'\'' => {
                let scalar = self.quoted()?;
                self.put(slot, Value::Scalar(scalar));
                self.end_of_line()?;
                self.next_content()
            }
            b'|' | b'>' => self.block_text(least, slot),
            first if starts_plain(first, self.byte(self.at + 1)) => self.plain(least, slot),
            _ => None,
        }
    }

    fn plain(&mut self, least: usize, slot: Slot) -> Option<()> {
        let start = self.at;
        let (end, mut commented) = self.plain_line()?;
        self.next_content()?;
        if self.ended || self.column() < least {
            let scalar = self.builder.scalar(self.text.get(start..end)?, Style::Plain, start);
            self.put(slot, Value::Scalar(scalar));
            return Some(());
        }
        let mut scratch = std::mem::take(&mut self.workspace.scratch);
        scratch.clear();
        scratch.push_str(self.text.get(start..end)?);
        while !self.ended && self.column() >= least {
            // A comment ends the text; what is as deep behind it is wrong.
            if commented || self.commented {
                return None;
            }
            fold(self.breaks, &mut scratch);
            let from = self.at;
            let (end, comment) = self.plain_line()?;
            commented = comment;
            scratch.push_str(self.text.get(from..end)?);
            self.next_content()?;
        }
        let scalar = self.builder.scalar(&scratch, Style::Plain, start);
        self.workspace.scratch = scratch;
        self.put(slot, Value::Scalar(scalar));
        Some(())
    }

    /// One line of a plain text; gives the end of the text and whether a comment follows, and leaves the cursor at
    /// the line end.
    fn plain_line(&mut self) -> Option<(usize, bool)> {
        let mut at = self.at;
        let mut comment = false;
        let end = loop {
            at = self.special(at);
            match self.byte(at) {
                b'\n' => break at,
                b':' if self.blank(at + 1) => return None,
                b'#' if self.bytes[at - 1] == b' ' => {
                    let end = at;
                    comment = true;
                    at = self.line_end(at);
                    break end;
                }
                b'\t' => return None,
                _ => at += 1,
            }
        };
        let text = &self.bytes[self.at..end];
        let blanks = text.iter().rev().take_while(|&&byte| byte == b' ').count();
        self.at = at;
        Some((end - blanks, comment))
    }

    /// A quoted scalar; the cursor ends behind the closing quote.
    pub(super) fn quoted(&mut self) -> Option<Scalar> {
        let start = self.at;
        let double = self.here() == b'"';
        let (quote, other, style) =
            if double { (b'"', b'\\', Style::Double) } else { (b'\'', b'\n', Style::Single) };
        let from = start + 1;
        let rest = self.bytes.get(from..)?;
        // The usual case: one line without escapes.
        let found = from + memchr3(quote, other, b'\n', rest)?;
        if self.bytes[found] == quote && (double || self.byte(found + 1) != b'\'') {
            self.at = found + 1;
            let text = self.text.get(from..found)?;
            return Some(Scalar::placed(ScalarKind::Str, text, style, self.builder.place(start)));
        }
        let mut scratch = std::mem::take(&mut self.workspace.scratch);
        scratch.clear();
        self.at = from;
        if double {
            self.double_quoted(&mut scratch)?;
        } else {
            self.single_quoted(&mut scratch)?;
        }
        let text = SmolStr::new(&scratch);
        self.workspace.scratch = scratch;
        Some(Scalar::placed(ScalarKind::Str, text, style, self.builder.place(start)))
    }

    fn single_quoted(&mut self, text: &mut String) -> Option<()> {
        loop {
            let found = self.at + memchr2(b'\'', b'\n', self.bytes.get(self.at..)?)?;
            if self.bytes[found] == b'\n' {
                self.quoted_break(found, text)?;
                continue;
            }
            text.push_str(self.text.get(self.at..found)?);
            self.at = found + 1;
            if self.here() != b'\'' || self.at >= self.bytes.len() {
                return Some(());
            }
            text.push('\'');
            self.at += 1;
        }
    }

    fn double_quoted(&mut self, text: &mut String) -> Option<()> {
        loop {
            let found = self.at + memchr3(b'"', b'\\', b'\n', self.bytes.get(self.at..)?)?;
            match self.bytes[found] {
                b'\n' => self.quoted_break(found, text)?,
                b'"' => {
                    text.push_str(self.text.get(self.at..found)?);
                    self.at = found + 1;
                    return Some(());
                }
                _ => {
                    text.push_str(self.text.get(self.at..found)?);
                    self.at = found;
                    self.escape(text)?;
                }
            }
        }
    }

    /// The escapes of JSON and some more; others are for the complete reader.
    fn escape(&mut self, text: &mut String) -> Option<()> {
        let digits = match self.byte(self.at + 1) {
            b'x' => 2,
            b'u' => 4,
            b'U' => 8,
            byte => {
                text.push(match byte {
                    b'n' => '\n',
                    b't' => '\t',
                    b'"' => '"',
                    b'\\' => '\\',
                    b'r' => '\r',
                    b'0' => '\0',
                    b'a' => '\x07',
                    b'b' => '\x08',
                    b'e' => '\x1B',
                    b'f' => '\x0C',
                    b'v' => '\x0B',
                    _ => return None,
                });
                self.at += 2;
                return Some(());
            }
        };
        let code = self.text.get(self.at + 2..self.at + 2 + digits)?;
        if !code.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return None;
        }
        text.push(char::from_u32(u32::from_str_radix(code, 16).ok()?)?);
        self.at += 2 + digits;
        Some(())
    }

    /// The end of a line inside quotes, and blank lines behind it.
    fn quoted_break(&mut self, line_end: usize, text: &mut String) -> Option<()> {
        text.push_str(self.text.get(self.at..line_end)?.trim_end_matches([' ', '\t']));
        self.at = line_end;
        let mut breaks = 0;
        while self.here() == b'\n' {
            if self.at >= self.bytes.len() {
                return None;
            }
            self.at += 1;
            self.line = self.at;
            breaks += 1;
            while matches!(self.here(), b' ' | b'\t') {
                self.at += 1;
            }
        }
        if self.at == self.line && self.is_marker() {
            return None;
        }
        fold(breaks, text);
        Some(())
    }

    /// A text in block style; the cursor is at its `|` or `>`.
    fn block_text(&mut self, least: usize, slot: Slot) -> Option<()> {
        let start = self.at;
        let literal = self.here() == b'|';
        self.at += 1;
        let (mut chomp, mut level) = (0, 0);
        loop {
            match self.here() {
                sign @ (b'+' | b'-') if chomp == 0 => chomp = sign,
                digit @ b'1'..=b'9' if level == 0 => level = least - 1 + usize::from(digit - b'0'),
                _ => break,
            }
            self.at += 1;
        }
        self.end_of_line()?;
        let mut scratch = std::mem::take(&mut self.workspace.scratch);
        scratch.clear();
        let breaks = self.block_lines(least, level, literal, &mut scratch)?;
        match chomp {
            b'-' => {}
            b'+' => scratch.extend(std::iter::repeat_n('\n', breaks)),
            _ if breaks > 0 && !scratch.is_empty() => scratch.push('\n'),
            _ => {}
        }
        let style = if literal { Style::Literal } else { Style::Folded };
        let scalar =
            Scalar::placed(ScalarKind::Str, SmolStr::new(&scratch), style, self.builder.place(start));
        self.workspace.scratch = scratch;
        self.put(slot, Value::Scalar(scalar));
        // The cursor is at the last line end of the text.
        self.next_content()
    }

    /// The lines of a block text; gives the number of line ends behind the last one, and leaves the cursor at the
    /// line end before the first line that does not belong to the text.
    fn block_lines(&mut self, least: usize, level: usize, literal: bool, text: &mut String) -> Option<usize> {
        let mut level = level;
        // Line ends since the last line of text; that of the header counts for none.
        let mut breaks = 0;
        let mut deepest = 0;
        let (mut first, mut blank_before) = (true, false);
        while self.at < self.bytes.len() {
            let line = self.at + 1;
            let mut at = line;
            while (level == 0 || at - line < level) && self.bytes.get(at) == Some(&b' ') {
                at += 1;
            }
            let indentation = at - line;
            let at_end = at >= self.bytes.len();
            if at_end || self.bytes[at] == b'\n' {
                deepest = deepest.max(indentation);
                self.at = at;
                if !at_end {
                    breaks += 1;
                }
                continue;
            }
            if level == 0 {
                if self.bytes[at] == b'\t' {
                    return None;
                }
                level = indentation.max(least).max(1);
                if deepest > level {
                    return None;
                }
            }
            if indentation < level {
                if self.bytes[at] == b'\t' {
                    return None;
                }
                break;
            }
            let end = self.line_end(at);
            let blank = matches!(self.bytes[at], b' ' | b'\t');
            if literal || first || blank || blank_before {
                text.extend(std::iter::repeat_n('\n', breaks));
            } else {
                fold(breaks, text);
            }
            text.push_str(self.text.get(at..end)?);
            first = false;
            blank_before = blank;
            self.at = end;
            breaks = usize::from(end < self.bytes.len() || self.final_break);
        }
        Some(breaks)
    }
}

/// One line end becomes a space, more lose the first.
fn fold(breaks: usize, text: &mut String) {
    if breaks == 1 {
        text.push(' ');
    }
    text.extend(std::iter::repeat_n('\n', breaks.saturating_sub(1)));
}
