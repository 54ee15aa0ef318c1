//! Flow collections: `[a, b]`, `{a: b}` and JSON.

use super::{KEY_BYTES, Reader, Slot};
use crate::value::{Key, Style, Value};

impl Reader<'_, '_> {
    /// The flow node at the cursor, which ends behind it. `depth` levels may be entered.
    pub(super) fn flow(&mut self, depth: usize, slot: Slot) -> Option<()> {
        match self.here() {
            b'[' => self.flow_sequence(depth.checked_sub(1)?, slot),
            b'{' => self.flow_mapping(depth.checked_sub(1)?, slot),
            b'"' | b'\'' => {
                let scalar = self.quoted()?;
                self.put(slot, Value::Scalar(scalar));
                Some(())
            }
            _ => {
                let start = self.at;
                let end = self.flow_plain()?;
                let scalar = self.builder.scalar(self.text.get(start..end)?, Style::Plain, start);
                self.put(slot, Value::Scalar(scalar));
                Some(())
            }
        }
    }

    fn flow_sequence(&mut self, depth: usize, slot: Slot) -> Option<()> {
        let start = self.at;
        let from = self.workspace.items.len();
        self.at += 1;
        self.flow_blanks()?;
        while self.here() != b']' {
            self.flow(depth, None)?;
            self.flow_blanks()?;
            self.flow_comma(b']')?;
        }
        self.at += 1;
        self.close_sequence(from, start, true, slot);
        Some(())
    }

    fn flow_mapping(&mut self, depth: usize, slot: Slot) -> Option<()> {
        let start = self.at;
        let from = self.workspace.entries.len();
        self.at += 1;
        self.flow_blanks()?;
        while self.here() != b'}' {
            let key = self.flow_key()?;
            self.flow_blanks()?;
            // Nothing as a value is for the complete reader.
            self.flow(depth, Some(key))?;
            self.flow_blanks()?;
            self.flow_comma(b'}')?;
        }
        self.at += 1;
        self.close_map(from, start, true, slot);
        Some(())
    }

    /// A comma and what blanks follow it, or the closing bracket.
    fn flow_comma(&mut self, close: u8) -> Option<()> {
        if self.here() == b',' {
            self.at += 1;
            return self.flow_blanks();
        }
        (self.here() == close).then_some(())
    }

    /// A key and its `:`, which stand on one line.
    fn flow_key(&mut self) -> Option<Key> {
        let (start, line) = (self.at, self.line);
        if matches!(self.here(), b'"' | b'\'') {
            let scalar = self.quoted()?;
            self.skip_spaces();
            return if self.here() == b':' { self.quoted_key(&scalar, start, line) } else { None };
        }
        let end = self.flow_plain()?;
        if self.here() != b':' || self.at - start > KEY_BYTES {
            return None;
        }
        self.at += 1;
        self.key(self.text.get(start..end)?, start)
    }

    /// A plain text on one line; gives its end and leaves the cursor behind it and the blanks that follow.
    fn flow_plain(&mut self) -> Option<usize> {
        let start = self.at;
        let mut at = start;
        loop {
            match self.byte(at) {
                b',' | b']' | b'}' => break,
                b'\n' => {
                    self.plain_ends_with_line(at)?;
                    break;
                }
                b':' if self.blank(at + 1) => break,
                b'[' | b'{' | b'?' | b'#' | b'\t' => return None,
                b'-' if at == start && self.blank(at + 1) => return None,
                b':' | b'&' | b'*' | b'!' | b'|' | b'>' | b'%' | b'@' | b'`' | b'\'' | b'"'
                    if at == start =>
                {
                    return None;
                }
                _ => at += 1,
            }
        }
        let blanks = self.bytes[start..at].iter().rev().take_while(|&&byte| byte == b' ').count();
        self.at = at;
        if at - blanks == start { None } else { Some(at - blanks) }
    }

    /// A plain text may go on in the next line; only a comma or a closing bracket is sure to end it.
    fn plain_ends_with_line(&self, line_end: usize) -> Option<()> {
        let rest = self.bytes.get(line_end..)?;
        let next = rest.iter().find(|byte| !matches!(byte, b' ' | b'\n'))?;
        matches!(next, b',' | b']' | b'}').then_some(())
    }

    /// Blanks, line ends and comments between tokens.
    fn flow_blanks(&mut self) -> Option<()> {
        loop {
            match self.here() {
                b' ' | b'\t' => self.at += 1,
                b'\n' => {
                    if self.at >= self.bytes.len() {
                        return None;
                    }
                    self.at += 1;
                    self.line = self.at;
                    if self.is_marker() {
                        return None;
                    }
                }
                b'#' if self.at > 0 && self.blank(self.at - 1) => self.at = self.line_end(self.at),
                b'#' => return None,
                _ => return Some(()),
            }
        }
    }
}
