//! The reader for what manifests look like: block collections, scalars of all styles, flow collections, comments.
//!
//! It works line by line, descends by recursion to a fixed depth, and gives up (`None`) on whatever is unusual or
//! wrong: anchors, aliases, tags, merge keys, directives, `? ` keys, tabs between tokens, rare line ends, keys that
//! are no strings in doubtful places, a second document behind the first. The complete reader then reads the document
//! from its beginning; it alone reports errors. Where this reader gives a value, the complete one gives the same.

mod flow;
mod scalar;

use super::build::Builder;
use crate::value::common_keys::hash;
use crate::value::{Entry, Key, Map, Scalar, ScalarKind, Seq, Style, Value};
use crate::yaml::resolve::{Dialect, resolve};
use memchr::memchr;
use smol_str::SmolStr;
use std::sync::Arc;

/// Levels that recursion goes; deeper documents are for the complete reader, which has a stack of its own.
const DEPTH: usize = 100;
/// Room for what is open at a time in most manifests.
const ENTRIES: usize = 64;
const ITEMS: usize = 32;
/// Slots of the cache of keys that are not common.
const CACHE: usize = 256;

/// What one text leaves for the next: memory, and the names of keys.
#[derive(Default, Debug)]
pub(super) struct Workspace {
    /// Entries of all maps that are open, and items of all sequences.
    entries: Vec<Entry>,
    items: Vec<Value>,
    /// Text of the scalar that is being put together.
    scratch: String,
    /// Uncommon names by hash; empty or [`CACHE`] slots.
    keys: Vec<Option<Arc<SmolStr>>>,
}

/// What a text holds.
pub(super) enum Content {
    Nothing,
    Document(Value),
}

/// The first document of `text`; nothing if it is not for this reader.
pub(super) fn read(
    text: &str,
    builder: Builder<'_>,
    depth: usize,
    final_break: bool,
    workspace: &mut Workspace,
) -> Option<Content> {
    workspace.entries.clear();
    workspace.items.clear();
    workspace.entries.reserve(ENTRIES);
    workspace.items.reserve(ITEMS);
    let mut reader = Reader {
        text,
        bytes: text.as_bytes(),
        at: 0,
        line: 0,
        ended: false,
        breaks: 0,
        commented: false,
        depth: depth.min(DEPTH),
        final_break,
        builder,
        workspace,
    };
    reader.document()
}

struct Reader<'a, 'b> {
    text: &'a str,
    bytes: &'a [u8],
    at: usize,
    /// Where the line of the cursor begins.
    line: usize,
    /// The document is over: the end of the text, or a marker.
    ended: bool,
    /// Line ends and comments that [`Reader::next_content`] last skipped.
    breaks: usize,
    commented: bool,
    /// Levels that may still be entered.
    depth: usize,
    final_break: bool,
    builder: Builder<'b>,
    workspace: &'b mut Workspace,
}

/// What a line begins with.
enum Beginning {
    Key(Key),
    /// Something that is no key; the cursor is at it.
    Scalar,
}

/// Where a value goes: into the map that is open, under this key, or into the sequence.
type Slot = Option<Key>;

impl<'a> Reader<'a, '_> {
    /// The byte at an offset; the end reads as a line feed.
    fn byte(&self, at: usize) -> u8 {
        self.bytes.get(at).copied().unwrap_or(b'\n')
    }

    fn here(&self) -> u8 {
        self.byte(self.at)
    }

    fn column(&self) -> usize {
        self.at - self.line
    }

    /// A blank, a line end, or the end.
    fn blank(&self, at: usize) -> bool {
        matches!(self.byte(at), b' ' | b'\n' | b'\t')
    }

    fn skip_spaces(&mut self) {
        while self.here() == b' ' {
            self.at += 1;
        }
    }

    /// As [`Reader::skip_spaces`], for the many at the beginning of a line.
    fn skip_indentation(&mut self) {
        while let Some(word) = self.word(self.at) {
            let others = word ^ (ONES * u64::from(b' '));
            if others != 0 {
                self.at += others.trailing_zeros() as usize / 8;
                return;
            }
            self.at += 8;
        }
        self.skip_spaces();
    }

    /// The eight bytes at an offset, if there are as many.
    fn word(&self, at: usize) -> Option<u64> {
        self.bytes.get(at..)?.first_chunk::<8>().map(|bytes| u64::from_le_bytes(*bytes))
    }

    fn document(&mut self) -> Option<Content> {
        self.first_content()?;
        if self.ended {
            return Some(Content::Nothing);
        }
        if self.column() == 0 && self.is_marker() {
            if self.here() == b'.' {
                return None;
            }
            self.at += 3;
            self.end_of_line()?;
            self.next_content()?;
        }
        if self.ended {
            return None;
        }
        self.node(0, None)?;
        if !self.ended {
            return None;
        }
        self.workspace.items.pop().map(Content::Document)
    }

    /// Goes to the first content of the text, be it a marker.
    fn first_content(&mut self) -> Option<()> {
        loop {
            self.skip_spaces();
            match self.here() {
                b'\n' | b'#' => self.at = self.line_end(self.at),
                b'\t' => return None,
                _ => return Some(()),
            }
            if self.at >= self.bytes.len() {
                self.ended = true;
                return Some(());
            }
            self.at += 1;
            self.line = self.at;
        }
    }

    /// Offset of the line end at or behind `from`.
    fn line_end(&self, from: usize) -> usize {
        let rest = self.bytes.get(from..).unwrap_or_default();
        memchr(b'\n', rest).map_or(self.bytes.len(), |found| from + found)
    }

    /// Behind a token: nothing else may stand on the line but a comment after a space.
    fn end_of_line(&mut self) -> Option<()> {
        self.skip_spaces();
        match self.here() {
            b'\n' => Some(()),
            b'#' if self.bytes[self.at - 1] == b' ' => {
                self.at = self.line_end(self.at);
                Some(())
            }
            _ => None,
        }
    }

    /// From a line end to the first content behind it.
    fn next_content(&mut self) -> Option<()> {
        self.breaks = 0;
        self.commented = false;
        loop {
            if self.at >= self.bytes.len() {
                self.line = self.at;
                self.ended = true;
                return Some(());
            }
            self.at += 1;
            self.line = self.at;
            self.breaks += 1;
            self.skip_indentation();
            match self.here() {
                b'\n' => {}
                b'#' => {
                    self.commented = true;
                    self.at = self.line_end(self.at);
                }
                b'\t' => return None,
                b'-' | b'.' if self.at == self.line && self.is_marker() => return self.end_at_marker(),
                _ => return Some(()),
            }
        }
    }

    fn is_marker(&self) -> bool {
        let rest = &self.bytes[self.at..];
        (rest.starts_with(b"---") || rest.starts_with(b"...")) && self.blank(self.at + 3)
    }

    /// Ends the document at a marker, if what follows cannot matter: kustomize's reader looks some tokens ahead.
    fn end_at_marker(&mut self) -> Option<()> {
        let followed = match self.builder.dialect {
            Dialect::Kubectl => false,
            Dialect::Kustomize => !self.bytes[self.at + 3..].iter().all(|byte| matches!(byte, b' ' | b'\n')),
        };
        if followed {
            return None;
        }
        self.line = self.at;
        self.ended = true;
        Some(())
    }

    /// Values are put where they belong as soon as they are made: moving them up call by call costs more than making
    /// them.
    #[inline]
    fn put(&mut self, slot: Slot, value: Value) {
        match slot {
            Some(key) => self.workspace.entries.push(Entry { key, value }),
            None => self.workspace.items.push(value),
        }
    }

    /// The node that begins at the cursor; `least` is the column that further lines of a scalar need. Leaves the
    /// cursor at the content behind the node's last line.
    fn node(&mut self, least: usize, slot: Slot) -> Option<()> {
        let start = self.at;
        let column = self.column();
        match self.here() {
            b'-' if self.blank(start + 1) => self.sequence(column, slot),
            b'{' | b'[' => self.flow_node(slot),
            b'"' | b'\'' => {
                let line = self.line;
                let scalar = self.quoted()?;
                let end = self.at;
                self.skip_spaces();
                if self.here() == b':' && self.blank(self.at + 1) {
                    let key = self.quoted_key(&scalar, start, line)?;
                    return self.mapping(column, key, slot);
                }
                self.at = end;
                self.put(slot, Value::Scalar(scalar));
                self.end_of_line()?;
                self.next_content()
            }
            _ => match self.plain_key()? {
                Beginning::Key(key) => self.mapping(column, key, slot),
                Beginning::Scalar if least == 0 => None,
                Beginning::Scalar => self.value(least, slot),
            },
        }
    }

    fn flow_node(&mut self, slot: Slot) -> Option<()> {
        self.flow(self.depth, slot)?;
        self.end_of_line()?;
        self.next_content()
    }

    /// A block mapping whose first key was read; the cursor is behind its `:`.
    fn mapping(&mut self, column: usize, first: Key, slot: Slot) -> Option<()> {
        self.depth = self.depth.checked_sub(1)?;
        let start = self.line + column;
        let from = self.workspace.entries.len();
        let mut key = first;
        loop {
            self.mapped_value(column, key)?;
            if self.ended || self.column() < column {
                break;
            }
            if self.column() > column {
                return None;
            }
            key = self.next_key()?;
        }
        self.depth += 1;
        self.close_map(from, start, false, slot);
        Some(())
    }

    fn close_map(&mut self, from: usize, start: usize, flow: bool, slot: Slot) {
        let entries = &mut self.workspace.entries;
        let mut map = if self.builder.dialect == Dialect::Kubectl && entries.len() > from + 1 {
            self.builder.map(entries.drain(from..).collect(), start)
        } else {
            Map::from_stack(entries, from, self.builder.place(start))
        };
        map.set_flow(self.builder.keeps_flow(flow));
        self.put(slot, Value::Map(map));
    }

    fn close_sequence(&mut self, from: usize, start: usize, flow: bool, slot: Slot) {
        let mut seq = Seq::from_stack(&mut self.workspace.items, from, self.builder.place(start));
        seq.set_flow(self.builder.keeps_flow(flow));
        self.put(slot, Value::Seq(seq));
    }

    /// The value behind a key's `:`.
    fn mapped_value(&mut self, column: usize, key: Key) -> Option<()> {
        let colon = self.at - 1;
        self.skip_spaces();
        match self.here() {
            b'\n' | b'#' => {
                self.end_of_line()?;
                self.next_content()?;
                if !self.ended && self.column() > column {
                    return self.node(column + 1, Some(key));
                }
                if !self.ended && self.column() == column && self.here() == b'-' && self.blank(self.at + 1) {
                    return self.sequence(column, Some(key));
                }
                let nothing = self.builder.nothing(colon + 1);
                self.put(Some(key), nothing);
                Some(())
            }
            b'{' | b'[' => self.flow_node(Some(key)),
            _ => self.value(column + 1, Some(key)),
        }
    }

    /// A key of a mapping that is open; the cursor ends behind its `:`.
    fn next_key(&mut self) -> Option<Key> {
        match self.here() {
            b'"' | b'\'' => {
                let (start, line) = (self.at, self.line);
                let scalar = self.quoted()?;
                self.skip_spaces();
                if self.here() != b':' || !self.blank(self.at + 1) {
                    return None;
                }
                self.quoted_key(&scalar, start, line)
            }
            b'{' | b'[' => None,
            b'-' if self.blank(self.at + 1) => None,
            _ => match self.plain_key()? {
                Beginning::Key(key) => Some(key),
                Beginning::Scalar => None,
            },
        }
    }

    /// The key of a quoted scalar that began at `start`; the cursor is at its `:` and ends behind it.
    fn quoted_key(&mut self, scalar: &Scalar, start: usize, line: usize) -> Option<Key> {
        if self.line != line || self.at - start > KEY_BYTES || scalar.text() == "<<" {
            return None;
        }
        self.at += 1;
        self.builder.key(scalar).ok()
    }

    /// A plain key and its `:`, if the line begins with one; otherwise the cursor stays.
    fn plain_key(&mut self) -> Option<Beginning> {
        let start = self.at;
        if !starts_plain(self.here(), self.byte(start + 1)) {
            // Block texts are the one kind of value that may begin a line without being plain or quoted.
            return matches!(self.here(), b'|' | b'>').then_some(Beginning::Scalar);
        }
        let mut at = start;
        loop {
            at = self.special_in_key(at);
            match self.byte(at) {
                b':' if self.blank(at + 1) => break,
                b'#' if at > start && self.bytes[at - 1] == b' ' => return Some(Beginning::Scalar),
                b'\n' => return Some(Beginning::Scalar),
                b'\t' => return None,
                _ => at += 1,
            }
        }
        let mut end = at;
        while end > start && self.bytes[end - 1] == b' ' {
            end -= 1;
        }
        if at - start > KEY_BYTES {
            return None;
        }
        let key = self.key(self.text.get(start..end)?, start)?;
        self.at = at + 1;
        Some(Beginning::Key(key))
    }

    /// The key of a plain text.
    fn key(&mut self, text: &'a str, start: usize) -> Option<Key> {
        let offset = self.builder.offset(start);
        if let Some(key) = Key::common(text, ScalarKind::Str, Style::Plain) {
            return Some(key.at(offset));
        }
        if resolve(text, self.builder.dialect) != ScalarKind::Str {
            return self.builder.key(&self.builder.scalar(text, Style::Plain, start)).ok();
        }
        if text == "<<" {
            return None;
        }
        let keys = &mut self.workspace.keys;
        if keys.is_empty() {
            keys.resize(CACHE, None);
        }
        let slot = &mut keys[hash(text.as_bytes()) as usize % CACHE];
        let shared = match slot {
            Some(shared) if shared.as_str() == text => Arc::clone(shared),
            _ => Arc::clone(slot.insert(Arc::new(SmolStr::new(text)))),
        };
        Some(Key::from_shared(shared, ScalarKind::Str, Style::Plain).at(offset))
    }

    /// A block sequence; the cursor is at its first `-`.
    fn sequence(&mut self, column: usize, slot: Slot) -> Option<()> {
        self.depth = self.depth.checked_sub(1)?;
        let start = self.at;
        let from = self.workspace.items.len();
        loop {
            let dash = self.at;
            self.at += 1;
            self.skip_spaces();
            if matches!(self.here(), b'\n' | b'#') {
                self.end_of_line()?;
                self.next_content()?;
                if self.ended || self.column() <= column {
                    let nothing = self.builder.nothing(dash + 1);
                    self.put(None, nothing);
                } else {
                    self.node(column + 1, None)?;
                }
            } else {
                self.node(column + 1, None)?;
            }
            if self.ended || self.column() < column {
                break;
            }
            if self.column() > column {
                return None;
            }
            if self.here() != b'-' || !self.blank(self.at + 1) {
                break;
            }
        }
        self.depth += 1;
        self.close_sequence(from, start, false, slot);
        Some(())
    }

    /// Offset of the next byte, at or behind `from`, that may end a plain text: `:`, `#`, a tab or a line end.
    fn special(&self, from: usize) -> usize {
        let mut at = from;
        while let Some(word) = self.word(at) {
            let found = find(word, b':') | find(word, b'\n') | find(word, b'#') | find(word, b'\t');
            if found != 0 {
                return at + found.trailing_zeros() as usize / 8;
            }
            at += 8;
        }
        while !matches!(self.byte(at), b':' | b'#' | b'\t' | b'\n') {
            at += 1;
        }
        at
    }

    /// As [`Reader::special`], but stops at more bytes that keys seldom hold: all below `-`.
    fn special_in_key(&self, from: usize) -> usize {
        let mut at = from;
        while let Some(word) = self.word(at) {
            let below = word.wrapping_sub(ONES * u64::from(b'-')) & !word & (ONES << 7);
            let found = find(word, b':') | below;
            if found != 0 {
                return at + found.trailing_zeros() as usize / 8;
            }
            at += 8;
        }
        at
    }
}

/// Eight bytes at once: each one is 1.
const ONES: u64 = 0x0101_0101_0101_0101;

/// Sets the highest bit of the lowest byte of `word` that equals `byte`; bits above it are not to be relied on.
fn find(word: u64, byte: u8) -> u64 {
    let difference = word ^ (ONES * u64::from(byte));
    difference.wrapping_sub(ONES) & !difference & (ONES << 7)
}

/// A key ends within 1024 characters; longer ones, which bytes do not tell apart, are for the complete reader.
const KEY_BYTES: usize = 1000;

/// Whether a plain text may begin with `first` in a block collection.
fn starts_plain(first: u8, second: u8) -> bool {
    match first {
        b'-' | b'?' | b':' => !matches!(second, b' ' | b'\n' | b'\t'),
        b',' | b'[' | b']' | b'{' | b'}' | b'#' | b'&' | b'*' | b'!' | b'|' | b'>' | b'\'' | b'"' | b'%'
        | b'@' | b'`' | b' ' | b'\n' | b'\t' => false,
        _ => true,
    }
}
