//! What stands before a node or a document: names of anchors, tags, directives.

use super::text::{Cursor, is_blank};
use super::token::Result;
use super::token::TokenKind;
use crate::yaml::error::ErrorKind;

impl<'a> Cursor<'a> {
    /// Name of an anchor or alias; the cursor is at its `&` or `*`.
    pub(super) fn anchor_name(&mut self) -> Result<&'a str> {
        let start = self.at;
        self.at += 1;
        let from = self.at;
        while is_name(self.byte(0)) {
            self.at += 1;
        }
        let ended = self.is_blank_or_break(0)
            || matches!(self.byte(0), b'?' | b':' | b',' | b']' | b'}' | b'%' | b'@' | b'`');
        if self.at == from || !ended {
            return self.fail(ErrorKind::AnchorName, start);
        }
        Ok(self.slice(from))
    }

    /// A tag; the cursor is at its `!`.
    pub(super) fn tag(&mut self) -> Result<TokenKind<'a>> {
        let start = self.at;
        let (handle, suffix) = if self.byte(1) == b'<' {
            self.at += 2;
            let suffix = self.tag_uri("", start)?;
            if self.byte(0) != b'>' {
                return self.fail(ErrorKind::Tag, start);
            }
            self.at += 1;
            ("", suffix)
        } else {
            let handle = self.tag_handle();
            if handle.len() > 1 && handle.ends_with('!') {
                (handle, self.tag_uri("", start)?)
            } else {
                // No handle but the beginning of the suffix.
                let suffix = self.tag_uri(handle, start)?;
                if suffix.is_empty() { ("", "!".to_owned()) } else { ("!", suffix) }
            }
        };
        if !self.is_blank_or_break(0) {
            return self.fail(ErrorKind::Tag, start);
        }
        Ok(TokenKind::Tag { handle, suffix })
    }

    /// `!`, `!name` or `!name!`.
    fn tag_handle(&mut self) -> &'a str {
        let from = self.at;
        self.at += 1;
        while is_name(self.byte(0)) {
            self.at += 1;
        }
        if self.byte(0) == b'!' {
            self.at += 1;
        }
        self.slice(from)
    }

    /// Characters of a URI with `%xx` undone, after `head` without its `!`.
    fn tag_uri(&mut self, head: &str, start: usize) -> Result<String> {
        let mut uri = head.get(1..).unwrap_or_default().as_bytes().to_vec();
        let from = self.at;
        loop {
            match self.byte(0) {
                b'%' => {
                    let octet = self.text.get(self.at + 1..self.at + 3);
                    let octet = octet.filter(|octet| octet.bytes().all(|byte| byte.is_ascii_hexdigit()));
                    let octet = octet.and_then(|octet| u8::from_str_radix(octet, 16).ok());
                    let Some(octet) = octet else { return self.fail(ErrorKind::Tag, start) };
                    uri.push(octet);
                    self.at += 3;
                }
                byte if is_name(byte) || b";/?:@&=+$,.!~*'()[]".contains(&byte) => {
                    uri.push(byte);
                    self.at += 1;
                }
                _ => break,
            }
        }
        if self.at == from && head.is_empty() {
            return self.fail(ErrorKind::Tag, start);
        }
        String::from_utf8(uri).map_err(|_| self.failure(ErrorKind::Tag, start))
    }

    /// `%YAML` or `%TAG` up to the end of the line; the cursor is at its `%`.
    pub(super) fn directive(&mut self) -> Result<TokenKind<'a>> {
        let start = self.at;
        self.at += 1;
        let from = self.at;
        while is_name(self.byte(0)) {
            self.at += 1;
        }
        let kind = match self.slice(from) {
            "YAML" if self.is_blank_or_break(0) => {
                self.skip_blanks();
                let major = self.version_number(start)?;
                if self.byte(0) != b'.' {
                    return self.fail(ErrorKind::Directive, start);
                }
                self.at += 1;
                TokenKind::Version { major, minor: self.version_number(start)? }
            }
            "TAG" if self.is_blank_or_break(0) => {
                self.skip_blanks();
                let handle = if self.byte(0) == b'!' { self.tag_handle() } else { "" };
                if !(handle == "!" || handle.len() > 1 && handle.ends_with('!')) || !is_blank(self.byte(0)) {
                    return self.fail(ErrorKind::Directive, start);
                }
                self.skip_blanks();
                TokenKind::TagHandle { handle, prefix: self.tag_uri("", start)? }
            }
            _ => return self.fail(ErrorKind::Directive, start),
        };
        self.skip_blanks();
        if self.byte(0) == b'#' {
            self.skip_line();
        }
        if !self.is_break_or_end() {
            return self.fail(ErrorKind::Directive, start);
        }
        self.skip_break();
        Ok(kind)
    }

    fn version_number(&mut self, start: usize) -> Result<u8> {
        let from = self.at;
        while self.byte(0).is_ascii_digit() && self.at - from < 2 {
            self.at += 1;
        }
        self.slice(from).parse().map_err(|_| self.failure(ErrorKind::Directive, start))
    }
}

fn is_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-'
}
