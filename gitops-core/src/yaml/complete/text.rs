//! A place in the text, and the scalars that begin there.
//!
//! Line ends are `\n`, `\r\n`, a lone `\r` and NEL, all read as `\n`, and the separators U+2028 and U+2029, which are
//! kept. Columns count bytes: what stands before a block collection on its line is ASCII.

use super::token::TokenKind;
use super::token::{Failure, Result};
use crate::value::Style;
use crate::yaml::error::ErrorKind;
use std::borrow::Cow;

#[derive(Clone)]
pub(super) struct Cursor<'a> {
    pub(super) text: &'a str,
    pub(super) at: usize,
    pub(super) line_start: usize,
    /// Offset of the text in its file.
    pub(super) base: usize,
    /// Whether the text counts as ending with a line feed, present or not.
    pub(super) final_break: bool,
}

pub(super) fn is_blank(byte: u8) -> bool {
    byte == b' ' || byte == b'\t'
}

impl<'a> Cursor<'a> {
    pub(super) fn new(text: &'a str, base: usize, final_break: bool) -> Self {
        Self { text, at: 0, line_start: 0, base, final_break }
    }

    /// The byte `ahead` of the cursor; 0 behind the end, which stands nowhere in a text.
    pub(super) fn byte(&self, ahead: usize) -> u8 {
        self.text.as_bytes().get(self.at + ahead).copied().unwrap_or(0)
    }

    pub(super) fn character(&self) -> Option<char> {
        self.text.get(self.at..)?.chars().next()
    }

    pub(super) fn is_end(&self) -> bool {
        self.at >= self.text.len()
    }

    pub(super) fn column(&self) -> usize {
        self.at - self.line_start
    }

    pub(super) fn slice(&self, from: usize) -> &'a str {
        self.text.get(from..self.at).unwrap_or_default()
    }

    /// Bytes of the line end `ahead` of the cursor; 0 where there is none.
    fn break_length(&self, ahead: usize) -> usize {
        match self.byte(ahead) {
            b'\r' if self.byte(ahead + 1) == b'\n' => 2,
            b'\n' | b'\r' => 1,
            0xC2 if self.byte(ahead + 1) == 0x85 => 2,
            0xE2 if self.byte(ahead + 1) == 0x80 && matches!(self.byte(ahead + 2), 0xA8 | 0xA9) => 3,
            _ => 0,
        }
    }

    pub(super) fn is_blank_or_break(&self, ahead: usize) -> bool {
        let byte = self.byte(ahead);
        byte == 0 || is_blank(byte) || self.break_length(ahead) > 0
    }

    pub(super) fn is_break_or_end(&self) -> bool {
        self.is_end() || self.break_length(0) > 0
    }

    /// Whether at most `count` characters lie between `start` and the cursor.
    pub(super) fn characters_since(&self, start: usize, count: usize) -> bool {
        let bytes = self.at - start;
        bytes <= count || (bytes <= 4 * count && self.slice(start).chars().count() <= count)
    }

    /// `---` or `...`, ended by a blank.
    pub(super) fn is_document_marker(&self) -> bool {
        let marker = (self.byte(0), self.byte(1), self.byte(2));
        matches!(marker, (b'-', b'-', b'-') | (b'.', b'.', b'.')) && self.is_blank_or_break(3)
    }

    fn advance(&mut self) {
        self.at += self.character().map_or(1, char::len_utf8);
    }

    pub(super) fn skip_blanks(&mut self) {
        while is_blank(self.byte(0)) {
            self.at += 1;
        }
    }

    /// Goes to the end of the line.
    pub(super) fn skip_line(&mut self) {
        while !self.is_break_or_end() {
            self.advance();
        }
    }

    /// Skips one line end, if the cursor is at one.
    pub(super) fn skip_break(&mut self) -> bool {
        let length = self.break_length(0);
        if length == 0 {
            return false;
        }
        self.at += length;
        self.line_start = self.at;
        true
    }

    /// Skips one line end and gives what it reads as; nothing at the end of the text.
    fn read_break(&mut self) -> &'static str {
        let text = match (self.byte(0), self.byte(2)) {
            (0xE2, 0xA8) => "\u{2028}",
            (0xE2, _) => "\u{2029}",
            _ => "\n",
        };
        if self.skip_break() { text } else { "" }
    }

    pub(super) fn fail<T>(&self, kind: ErrorKind, context: usize) -> Result<T> {
        Err(self.failure(kind, context))
    }

    pub(super) fn failure(&self, kind: ErrorKind, context: usize) -> Failure {
        (kind, self.at, Some(context))
    }

    /// A text in block style; the cursor is at its `|` or `>`, `least` the column that the collection
    /// around demands.
    pub(super) fn block_scalar(&mut self, least: usize) -> Result<TokenKind<'a>> {
        let start = self.at;
        let literal = self.byte(0) == b'|';
        self.at += 1;
        let (chomp, increment) = self.block_header(start)?;
        let mut level = increment.map_or(0, |increment| least.saturating_sub(1) + increment);
        let mut text = String::new();
        let mut breaks = String::new();
        self.block_breaks(&mut level, least, &mut breaks, start)?;
        let mut line_break = "";
        let mut blank_before = false;
        while self.column() == level && !self.is_end() {
            let blank = is_blank(self.byte(0));
            if !literal && !blank_before && !blank && line_break == "\n" {
                if breaks.is_empty() {
                    text.push(' ');
                }
            } else {
                text.push_str(line_break);
            }
            text.push_str(&breaks);
            breaks.clear();
            blank_before = blank;
            let line = self.at;
            self.skip_line();
            text.push_str(self.slice(line));
            line_break = if self.is_end() && self.final_break { "\n" } else { self.read_break() };
            self.block_breaks(&mut level, least, &mut breaks, start)?;
        }
        if chomp != b'-' {
            text.push_str(line_break);
        }
        if chomp == b'+' {
            text.push_str(&breaks);
        }
        let style = if literal { Style::Literal } else { Style::Folded };
        Ok(TokenKind::Scalar { text: Cow::Owned(text), style })
    }

    /// Chomping indicator (0 for none) and indentation indicator in either order, then the end of the line.
    fn block_header(&mut self, start: usize) -> Result<(u8, Option<usize>)> {
        let (mut chomp, mut increment) = (0, None);
        for _ in 0..2 {
            match self.byte(0) {
                sign @ (b'+' | b'-') if chomp == 0 => chomp = sign,
                b'0' if increment.is_none() => return self.fail(ErrorKind::ZeroIndentation, start),
                digit @ b'1'..=b'9' if increment.is_none() => increment = Some(usize::from(digit - b'0')),
                _ => break,
            }
            self.at += 1;
        }
        self.skip_blanks();
        if self.byte(0) == b'#' {
            self.skip_line();
        }
        if !self.is_break_or_end() {
            return self.fail(ErrorKind::BlockHeader, start);
        }
        self.skip_break();
        Ok((chomp, increment))
    }

    /// Blank lines and the indentation of the next line. A level of 0 is settled here: that of the deepest line so
    /// far, and at least one deeper than the collection around.
    fn block_breaks(
        &mut self,
        level: &mut usize,
        least: usize,
        breaks: &mut String,
        start: usize,
    ) -> Result<()> {
        let mut deepest = 0;
        loop {
            while (*level == 0 || self.column() < *level) && self.byte(0) == b' ' {
                self.at += 1;
            }
            deepest = deepest.max(self.column());
            if (*level == 0 || self.column() < *level) && self.byte(0) == b'\t' {
                return self.fail(ErrorKind::Tab, start);
            }
            if self.break_length(0) == 0 {
                break;
            }
            breaks.push_str(self.read_break());
        }
        if *level == 0 {
            *level = deepest.max(least).max(1);
        }
        Ok(())
    }

    /// A text in quotes; the cursor is at the opening one.
    pub(super) fn quoted(&mut self) -> Result<TokenKind<'a>> {
        let start = self.at;
        let quote = self.byte(0);
        self.at += 1;
        let mut text = String::new();
        loop {
            if self.column() == 0 && self.is_document_marker() {
                return self.fail(ErrorKind::DocumentMarkerInQuotes, start);
            }
            if self.is_end() {
                return self.fail(ErrorKind::UnterminatedQuote, start);
            }
            let escaped_break = self.quoted_word(quote, &mut text, start)?;
            if self.byte(0) == quote {
                break;
            }
            self.quoted_blanks(escaped_break, &mut text);
        }
        self.at += 1;
        let style = if quote == b'"' { Style::Double } else { Style::Single };
        Ok(TokenKind::Scalar { text: Cow::Owned(text), style })
    }

    /// Characters up to a blank, a line end or the closing quote. True after an escaped line end.
    fn quoted_word(&mut self, quote: u8, text: &mut String, start: usize) -> Result<bool> {
        while !self.is_blank_or_break(0) {
            match self.byte(0) {
                b'\'' if quote == b'\'' && self.byte(1) == b'\'' => {
                    text.push('\'');
                    self.at += 2;
                }
                byte if byte == quote => break,
                b'\\' if quote == b'"' && self.break_length(1) > 0 => {
                    self.at += 1;
                    self.skip_break();
                    return Ok(true);
                }
                b'\\' if quote == b'"' => text.push(self.escape(start)?),
                _ => {
                    let from = self.at;
                    self.advance();
                    text.push_str(self.slice(from));
                }
            }
        }
        Ok(false)
    }

    fn escape(&mut self, start: usize) -> Result<char> {
        let digits = match self.byte(1) {
            b'x' => 2,
            b'u' => 4,
            b'U' => 8,
            byte => {
                let Some(character) = simple_escape(byte) else {
                    self.at += 1;
                    let character = self.character().unwrap_or_default();
                    return self.fail(ErrorKind::UnknownEscape(character), start);
                };
                self.at += 2;
                return Ok(character);
            }
        };
        let code = self.text.get(self.at + 2..self.at + 2 + digits);
        let code = code.filter(|code| code.bytes().all(|byte| byte.is_ascii_hexdigit()));
        let character = code.and_then(|code| u32::from_str_radix(code, 16).ok()).and_then(char::from_u32);
        let Some(character) = character else { return self.fail(ErrorKind::InvalidEscape, start) };
        self.at += 2 + digits;
        Ok(character)
    }

    /// Blanks and line ends between two words; `escaped` when the line end before was escaped.
    fn quoted_blanks(&mut self, escaped: bool, text: &mut String) {
        let from = self.at;
        self.skip_blanks();
        if self.break_length(0) == 0 {
            if !escaped {
                text.push_str(self.slice(from));
            }
            return;
        }
        let line_break = if escaped { "" } else { self.read_break() };
        let mut breaks = String::new();
        loop {
            self.skip_blanks();
            if self.break_length(0) == 0 {
                break;
            }
            breaks.push_str(self.read_break());
        }
        fold(line_break, &breaks, text);
    }

    /// A text without quotes, and whether it ended on a later line than its last word.
    pub(super) fn plain(&mut self, least: usize, flow: bool) -> Result<(TokenKind<'a>, bool)> {
        let start = self.at;
        let mut end = self.at;
        let mut folded: Option<String> = None;
        // Line end and further line ends since the last word.
        let mut gap: Option<(&'static str, String)> = None;
        loop {
            if (self.column() == 0 && self.is_document_marker()) || self.byte(0) == b'#' {
                break;
            }
            let word = self.at;
            self.plain_word(flow);
            if self.at > word {
                match (gap.take(), &mut folded) {
                    (Some((line_break, breaks)), folded) => {
                        let text = folded.get_or_insert_with(|| self.text[start..end].to_owned());
                        fold(line_break, &breaks, text);
                        text.push_str(&self.text[word..self.at]);
                    }
                    // With the blanks before the word.
                    (None, Some(text)) => text.push_str(&self.text[end..self.at]),
                    (None, None) => {}
                }
                end = self.at;
            }
            if !(is_blank(self.byte(0)) || self.break_length(0) > 0) {
                break;
            }
            self.plain_blanks(least, &mut gap, start)?;
            if !flow && self.column() < least {
                break;
            }
        }
        let text = folded.map_or_else(|| Cow::Borrowed(&self.text[start..end]), Cow::Owned);
        Ok((TokenKind::Scalar { text, style: Style::Plain }, gap.is_some()))
    }

    /// Characters up to a blank, a line end or an indicator that ends a plain text.
    fn plain_word(&mut self, flow: bool) {
        while !self.is_blank_or_break(0) {
            match self.byte(0) {
                b':' if self.is_blank_or_break(1) => return,
                b',' | b'?' | b'[' | b']' | b'{' | b'}' if flow => return,
                _ => self.advance(),
            }
        }
    }

    fn plain_blanks(
        &mut self,
        least: usize,
        gap: &mut Option<(&'static str, String)>,
        start: usize,
    ) -> Result<()> {
        loop {
            if self.break_length(0) > 0 {
                let line_break = self.read_break();
                match gap {
                    Some((_, breaks)) => breaks.push_str(line_break),
                    None => *gap = Some((line_break, String::new())),
                }
            } else if self.byte(0) == b'\t' && gap.is_some() && self.column() < least {
                return self.fail(ErrorKind::Tab, start);
            } else if is_blank(self.byte(0)) {
                self.at += 1;
            } else {
                return Ok(());
            }
        }
    }
}

/// Joins two lines: one line end becomes a space, more lose the first.
fn fold(line_break: &str, breaks: &str, text: &mut String) {
    if line_break != "\n" {
        text.push_str(line_break);
    } else if breaks.is_empty() {
        text.push(' ');
    }
    text.push_str(breaks);
}

fn simple_escape(byte: u8) -> Option<char> {
    Some(match byte {
        b'0' => '\0',
        b'a' => '\x07',
        b'b' => '\x08',
        b't' | b'\t' => '\t',
        b'n' => '\n',
        b'v' => '\x0B',
        b'f' => '\x0C',
        b'r' => '\r',
        b'e' => '\x1B',
        b' ' => ' ',
        b'"' => '"',
        b'\'' => '\'',
        b'\\' => '\\',
        b'N' => '\u{85}',
        b'_' => '\u{A0}',
        b'L' => '\u{2028}',
        b'P' => '\u{2029}',
        _ => return None,
    })
}
