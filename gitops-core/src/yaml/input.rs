//! From bytes to the text that both readers work on: encoding, line ends, forbidden characters.
//!
//! * UTF-8 with or without byte order mark, or UTF-16 with one.
//! * `\r\n` becomes `\n`; the places of what is read still count bytes of the text as it came.
//! * Characters that YAML forbids are refused wherever they stand: C0 controls but tab and line ends, DEL, C1 controls
//!   but NEL, U+FFFE and U+FFFF.

use super::error::{ErrorKind, ReadError};
use super::{Dialect, Options};
use crate::value::Place;
use std::borrow::Cow;

const BOM: &str = "\u{feff}";

/// A text with the way back to offsets of the original.
#[derive(Debug)]
pub(super) struct Input<'a> {
    pub(super) text: Cow<'a, str>,
    /// Whether the text came as UTF-16, in which kustomize finds no document separators.
    pub(super) utf16: bool,
    /// Whether all line ends are line feeds.
    pub(super) plain_breaks: bool,
    offsets: Offsets,
}

/// Maps offsets of the text without carriage returns to offsets of the original.
#[derive(Default, Debug)]
pub(super) struct Offsets {
    /// Offsets, in the text, of the line feeds that lost their carriage return.
    removed: Vec<u32>,
}

impl Offsets {
    /// The offset in the original. O(log n) in texts with `\r\n`, else free.
    pub(super) fn original(&self, offset: u32) -> u32 {
        if self.removed.is_empty() {
            return offset;
        }
        offset + self.removed.partition_point(|&removed| removed < offset) as u32
    }
}

impl<'a> Input<'a> {
    /// Decodes and checks `bytes`.
    pub(super) fn new(bytes: &'a [u8], options: &Options) -> Result<Self, ReadError> {
        let limit = options.limits.file_bytes.min(u64::from(u32::MAX));
        let error = |kind, offset: usize| ReadError::new(kind, Place::new(options.source, offset as u32));
        if bytes.len() as u64 > limit {
            return Err(error(ErrorKind::TooLarge { len: bytes.len() as u64, limit }, 0));
        }
        let (text, utf16) = match bytes {
            [0xFF, 0xFE, rest @ ..] => (Cow::Owned(decode_utf16(rest, u16::from_le_bytes)), true),
            [0xFE, 0xFF, rest @ ..] => (Cow::Owned(decode_utf16(rest, u16::from_be_bytes)), true),
            _ => match std::str::from_utf8(bytes) {
                Ok(text) => (Cow::Borrowed(text), false),
                // kubectl decodes files before it parses them, and replaces what is not UTF-8.
                Err(_) if options.replaces_invalid_utf8 => (String::from_utf8_lossy(bytes), false),
                Err(invalid) => {
                    let kind = ErrorKind::InvalidEncoding { encoding: "UTF-8" };
                    return Err(error(kind, invalid.valid_up_to()));
                }
            },
        };
        if utf16 && text.contains('\0') {
            return Err(error(ErrorKind::InvalidEncoding { encoding: "UTF-16" }, 0));
        }
        let Traits { carriage_return, suspicious, rare_break } = Traits::of(text.as_bytes());
        if suspicious && let Some((offset, character)) = forbidden(&text) {
            return Err(error(ErrorKind::ControlCharacter(character), offset));
        }
        let rare_break = rare_break && text.contains(['\u{85}', '\u{2028}', '\u{2029}']);
        let plain_breaks = !carriage_return && !rare_break;
        let mut input = Self { text, utf16, plain_breaks, offsets: Offsets::default() };
        // kubectl joins nothing beforehand, which `\r\r\n` alone can tell.
        let joins = options.dialect == Dialect::Kustomize
            || memchr::memmem::find(input.text.as_bytes(), b"\r\r\n").is_none();
        if carriage_return && joins {
            input.join_line_ends();
        }
        Ok(input)
    }

    /// The way back to offsets of the original.
    pub(super) fn offsets(&self) -> &Offsets {
        &self.offsets
    }

    /// An error at an offset of the text.
    pub(super) fn error(&self, kind: ErrorKind, offset: usize, options: &Options) -> ReadError {
        ReadError::new(kind, Place::new(options.source, self.offsets.original(offset as u32)))
    }

    fn join_line_ends(&mut self) {
        let mut joined = String::with_capacity(self.text.len());
        let mut copied = 0;
        for at in memchr::memmem::find_iter(self.text.as_bytes(), b"\r\n") {
            joined.push_str(&self.text[copied..at]);
            self.offsets.removed.push(joined.len() as u32);
            copied = at + 1;
        }
        if copied > 0 {
            joined.push_str(&self.text[copied..]);
            self.plain_breaks = !joined.contains(['\r', '\u{85}', '\u{2028}', '\u{2029}']);
            self.text = Cow::Owned(joined);
        }
    }
}

/// The text after a byte order mark, and the bytes of the mark.
pub(super) fn strip_bom(text: &str) -> (&str, usize) {
    match text.strip_prefix(BOM) {
        Some(rest) => (rest, BOM.len()),
        None => (text, 0),
    }
}

/// What a first pass over the bytes finds.
#[derive(Default)]
struct Traits {
    carriage_return: bool,
    /// Some byte may belong to a forbidden character.
    suspicious: bool,
    /// Some byte may belong to NEL, U+2028 or U+2029.
    rare_break: bool,
}

impl Traits {
    // Without branches, so that the compiler makes vectors of it.
    #[allow(clippy::needless_bitwise_bool)]
    fn of(bytes: &[u8]) -> Self {
        let mut traits = Self::default();
        for chunk in bytes.chunks(64) {
            let mut found = Self::default();
            for &byte in chunk {
                let control = (byte < 0x20) & (byte != b'\n') & (byte != b'\t') & (byte != b'\r');
                found.carriage_return |= byte == b'\r';
                found.suspicious |= control | (byte == 0x7F) | (byte == 0xC2) | (byte == 0xEF);
                found.rare_break |= (byte == 0xC2) | (byte == 0xE2);
            }
            traits.carriage_return |= found.carriage_return;
            traits.suspicious |= found.suspicious;
            traits.rare_break |= found.rare_break;
        }
        traits
    }
}

/// The first character that YAML forbids.
fn forbidden(text: &str) -> Option<(usize, char)> {
    text.char_indices().find(|&(_, c)| {
        matches!(c,
            '\0'..='\x08' | '\x0B' | '\x0C' | '\x0E'..='\x1F' | '\x7F'..='\u{84}' | '\u{86}'..='\u{9F}'
            | '\u{FFFE}' | '\u{FFFF}')
    })
}

/// Text of UTF-16; what is not UTF-16 becomes NUL, which no text may hold.
fn decode_utf16(bytes: &[u8], unit: impl Fn([u8; 2]) -> u16) -> String {
    let (pairs, rest) = bytes.as_chunks::<2>();
    let units = pairs.iter().map(|&pair| unit(pair));
    let mut text: String = char::decode_utf16(units).map(|c| c.unwrap_or('\0')).collect();
    if !rest.is_empty() {
        text.push('\0');
    }
    text
}

/// A document of a text: where it begins and what it says.
pub(super) struct Part<'a> {
    pub(super) text: &'a str,
    pub(super) start: usize,
}

/// Splits as kustomize does, by the pattern `\n---.*\n` and before any parsing: also inside quotes and block texts.
/// A separator consumes the line feeds on both of its sides, so that of two in a row the second is no separator.
fn split_kustomize(text: &str) -> Result<Vec<Part<'_>>, (ErrorKind, usize)> {
    let bytes = text.as_bytes();
    let mut parts = Vec::new();
    let (mut start, mut search) = (0, 0);
    while let Some(found) = memchr::memmem::find(&bytes[search..], b"\n---") {
        let line = search + found + 1;
        let Some(length) = memchr::memchr(b'\n', &bytes[line..]) else { break };
        check_separator(&text[line + 3..line + length], &text[line..line + length], line)?;
        parts.push(Part { text: &text[start..line], start });
        start = line + length + 1;
        search = start;
    }
    parts.push(Part { text: &text[start..], start });
    Ok(parts)
}

/// Splits as kubectl does: at lines that begin with `---`, the first and the last included.
fn split_kubectl(text: &str) -> Result<Vec<Part<'_>>, (ErrorKind, usize)> {
    let mut parts = Vec::new();
    let (mut start, mut at) = (0, 0);
    for line in text.split_inclusive('\n') {
        if let Some(rest) = line.strip_prefix("---") {
            check_separator(rest, line, at)?;
            if at > start {
                parts.push(Part { text: &text[start..at], start });
            }
            start = at + line.len();
        }
        at += line.len();
    }
    parts.push(Part { text: &text[start..], start });
    Ok(parts)
}

/// Behind `---` on its line only a comment may stand.
fn check_separator(rest: &str, line: &str, at: usize) -> Result<(), (ErrorKind, usize)> {
    let rest = rest.trim();
    if rest.is_empty() || rest.starts_with('#') {
        return Ok(());
    }
    Err((ErrorKind::DocumentSeparator(line.trim().chars().take(80).collect()), at))
}

/// Splits in the way of `dialect`.
pub(super) fn split<'a>(input: &'a Input<'_>, dialect: Dialect) -> Result<Vec<Part<'a>>, (ErrorKind, usize)> {
    let text = &*input.text;
    match dialect {
        Dialect::Kustomize if input.utf16 => Ok(vec![Part { text, start: 0 }]),
        Dialect::Kustomize => split_kustomize(text),
        Dialect::Kubectl => split_kubectl(text),
    }
}
