//! From text to tokens: the grammar of YAML 1.1 as go-yaml reads it.
//!
//! A scanner works without looking ahead over whole nodes. Where a scalar, a bracket, an anchor or a tag may turn out
//! to be the key of a mapping, its token waits in the queue until a `:` follows, or until it is certain that none can:
//! a key ends on the line where it begins and within 1024 characters.

use super::text::{Cursor, is_blank};
use super::token::{Result, Token, TokenKind};
use crate::yaml::comment::Comment;
use crate::yaml::error::ErrorKind;
use std::collections::VecDeque;

/// A token that becomes a key if a `:` follows.
#[derive(Clone, Copy)]
struct Candidate {
    /// Number of the token, counted from the first of the text.
    token: usize,
    start: usize,
    line_start: usize,
    /// The token stands at the indentation of a block mapping: without `:` it is an error.
    required: bool,
}

/// How many characters a key and the blanks before its `:` may have.
const KEY_CHARACTERS: usize = 1024;

pub(super) struct Scanner<'a> {
    pub(super) cursor: Cursor<'a>,
    depth: usize,
    queue: VecDeque<Token<'a>>,
    /// Tokens that left the queue.
    taken: usize,
    /// The column at which the innermost block collection stands, plus one; 0 outside of all. What continues a scalar
    /// in it stands at this column or deeper.
    least: usize,
    outer: Vec<usize>,
    /// One per flow collection that is open, and one for the block context.
    candidates: Vec<Option<Candidate>>,
    /// Whether a key may begin here.
    key_allowed: bool,
    pub(super) comments: Option<Vec<Comment>>,
}

impl<'a> Scanner<'a> {
    pub(super) fn new(cursor: Cursor<'a>, depth: usize, comments: bool) -> Self {
        Self {
            cursor,
            depth,
            queue: VecDeque::new(),
            taken: 0,
            least: 0,
            outer: Vec::new(),
            candidates: vec![None],
            key_allowed: true,
            comments: comments.then(Vec::new),
        }
    }

    /// The next token, left in place.
    pub(super) fn peek(&mut self) -> Result<&Token<'a>> {
        while self.must_fetch()? {
            self.fetch()?;
        }
        Ok(self.queue.front().unwrap_or(&Token::END))
    }

    /// Removes the token that [`Scanner::peek`] gave.
    pub(super) fn next(&mut self) -> Result<Token<'a>> {
        self.peek()?;
        self.taken += 1;
        Ok(self.queue.pop_front().unwrap_or(Token::END))
    }

    /// Makes sure that `count` tokens can be had, or the end of the text.
    pub(super) fn look_ahead(&mut self, count: usize) -> Result<()> {
        self.peek()?;
        while self.queue.len() < count
            && !matches!(self.queue.back(), Some(Token { kind: TokenKind::End, .. }))
        {
            self.fetch()?;
        }
        Ok(())
    }

    /// Whether the head of the queue is missing or may still become a key.
    fn must_fetch(&mut self) -> Result<bool> {
        let Some(head) = self.queue.front() else { return Ok(true) };
        let Some(level) = head.candidate else { return Ok(false) };
        match self.candidates.get(level) {
            Some(Some(candidate)) if candidate.token == self.taken => self.candidate_is_valid(level),
            _ => Ok(false),
        }
    }

    fn flow(&self) -> bool {
        self.candidates.len() > 1
    }

    fn fetch(&mut self) -> Result<()> {
        self.skip_to_token();
        self.unroll(self.cursor.column() + 1);
        let at = self.cursor.at;
        if self.cursor.is_end() {
            return self.fetch_end();
        }
        if self.cursor.column() == 0 {
            if self.cursor.byte(0) == b'%' {
                self.leave_block_context()?;
                let kind = self.cursor.directive()?;
                self.push(kind, at);
                return Ok(());
            }
            if self.cursor.is_document_marker() {
                let start = self.cursor.byte(0) == b'-';
                self.leave_block_context()?;
                self.cursor.at += 3;
                self.push(if start { TokenKind::DocumentStart } else { TokenKind::DocumentEnd }, at);
                return Ok(());
            }
        }
        let flow = self.flow();
        let blank_follows = self.cursor.is_blank_or_break(1);
        match self.cursor.byte(0) {
            b'[' => self.open_flow(TokenKind::FlowSequence),
            b'{' => self.open_flow(TokenKind::FlowMapping),
            b']' => self.close_flow(TokenKind::FlowSequenceEnd),
            b'}' => self.close_flow(TokenKind::FlowMappingEnd),
            b',' => {
                self.drop_candidate()?;
                self.key_allowed = true;
                self.indicator(TokenKind::FlowEntry);
                Ok(())
            }
            b'-' if blank_follows => self.fetch_block_entry(),
            b'?' if flow || blank_follows => self.fetch_key(),
            b':' if flow || blank_follows => self.fetch_value(),
            b'*' => self.fetch_name(TokenKind::Alias),
            b'&' => self.fetch_name(TokenKind::Anchor),
            b'!' => {
                let candidate = self.offer_candidate()?;
                self.key_allowed = false;
                let kind = self.cursor.tag()?;
                self.push_candidate(kind, at, candidate);
                Ok(())
            }
            b'|' | b'>' if !flow => {
                self.drop_candidate()?;
                self.key_allowed = true;
                let scalar = self.cursor.block_scalar(self.least)?;
                self.push(scalar, at);
                Ok(())
            }
            b'\'' | b'"' => {
                let candidate = self.offer_candidate()?;
                self.key_allowed = false;
                let scalar = self.cursor.quoted()?;
                self.push_candidate(scalar, at, candidate);
                Ok(())
            }
            byte if self.starts_plain(byte) => {
                let candidate = self.offer_candidate()?;
                let (scalar, breaks) = self.cursor.plain(self.least, flow)?;
                self.key_allowed = breaks;
                self.push_candidate(scalar, at, candidate);
                Ok(())
            }
            b'\t' => Err((ErrorKind::Tab, at, None)),
            _ => {
                let character = self.cursor.character().unwrap_or_default();
                Err((ErrorKind::UnexpectedCharacter(character), at, None))
            }
        }
    }

    fn starts_plain(&self, byte: u8) -> bool {
        match byte {
            b'-' => !is_blank(self.cursor.byte(1)),
            b'?' | b':' => !self.flow() && !self.cursor.is_blank_or_break(1),
            b',' | b'[' | b']' | b'{' | b'}' | b'#' | b'&' | b'*' | b'!' | b'|' | b'>' | b'\'' | b'"'
            | b'%' | b'@' | b'`' => false,
            _ => !self.cursor.is_blank_or_break(0),
        }
    }

    /// Skips blanks, comments and line ends. Tabs may separate tokens, but not indent.
    fn skip_to_token(&mut self) {
        loop {
            while self.cursor.byte(0) == b' '
                || (self.cursor.byte(0) == b'\t' && (self.flow() || !self.key_allowed))
            {
                self.cursor.at += 1;
            }
            if self.cursor.byte(0) == b'#' {
                let start = self.cursor.at;
                self.cursor.skip_line();
                if let Some(comments) = &mut self.comments {
                    let text = &self.cursor.text[start..self.cursor.at];
                    comments.extend(Comment::with_schema(text, self.cursor.base + start));
                }
            }
            if !self.cursor.skip_break() {
                return;
            }
            if !self.flow() {
                self.key_allowed = true;
            }
        }
    }

    fn push(&mut self, kind: TokenKind<'a>, start: usize) {
        self.queue.push_back(Token { kind, start, candidate: None });
    }

    fn push_candidate(&mut self, kind: TokenKind<'a>, start: usize, candidate: Option<usize>) {
        self.queue.push_back(Token { kind, start, candidate });
    }

    /// A token of one character.
    fn indicator(&mut self, kind: TokenKind<'a>) {
        let start = self.cursor.at;
        self.cursor.at += 1;
        self.push(kind, start);
    }

    /// Enters a block collection at `column` if that is deeper; its token goes to position `index` of the queue.
    fn roll(&mut self, column: usize, index: usize, kind: TokenKind<'a>, start: usize) -> Result<()> {
        if self.flow() || self.least > column {
            return Ok(());
        }
        self.outer.push(self.least);
        self.least = column + 1;
        if self.outer.len() > self.depth {
            return Err((ErrorKind::Depth(self.depth), start, None));
        }
        self.queue.insert(index.min(self.queue.len()), Token { kind, start, candidate: None });
        Ok(())
    }

    /// Leaves the block collections that stand at the column `least` or deeper; 0 leaves all.
    fn unroll(&mut self, least: usize) {
        if self.flow() {
            return;
        }
        while self.least > least {
            self.push(TokenKind::BlockEnd, self.cursor.at);
            self.least = self.outer.pop().unwrap_or(0);
        }
    }

    fn leave_block_context(&mut self) -> Result<()> {
        self.unroll(0);
        self.drop_candidate()?;
        self.key_allowed = false;
        Ok(())
    }

    fn fetch_end(&mut self) -> Result<()> {
        // The end ends the line too, so that no candidate waits for a `:` any longer.
        self.cursor.line_start = self.cursor.at;
        self.leave_block_context()?;
        self.push(TokenKind::End, self.cursor.at);
        Ok(())
    }

    /// Whether the candidate of this level may still become a key; forgets it otherwise.
    fn candidate_is_valid(&mut self, level: usize) -> Result<bool> {
        let Some(candidate) = self.candidates.get(level).copied().flatten() else { return Ok(false) };
        let near = self.cursor.characters_since(candidate.start, KEY_CHARACTERS);
        if candidate.line_start == self.cursor.line_start && near {
            return Ok(true);
        }
        if candidate.required {
            return Err((ErrorKind::MissingColon, self.cursor.at, Some(candidate.start)));
        }
        self.candidates[level] = None;
        Ok(false)
    }

    /// The next token may be a key, if one may begin here.
    fn offer_candidate(&mut self) -> Result<Option<usize>> {
        if !self.key_allowed {
            return Ok(None);
        }
        let required = !self.flow() && self.least == self.cursor.column() + 1;
        self.drop_candidate()?;
        let level = self.candidates.len() - 1;
        self.candidates[level] = Some(Candidate {
            token: self.taken + self.queue.len(),
            start: self.cursor.at,
            line_start: self.cursor.line_start,
            required,
        });
        Ok(Some(level))
    }

    fn drop_candidate(&mut self) -> Result<()> {
        match self.candidates.last_mut().and_then(Option::take) {
            Some(candidate) if candidate.required => {
                Err((ErrorKind::MissingColon, self.cursor.at, Some(candidate.start)))
            }
            _ => Ok(()),
        }
    }

    fn open_flow(&mut self, kind: TokenKind<'a>) -> Result<()> {
        let candidate = self.offer_candidate()?;
        self.candidates.push(None);
        let start = self.cursor.at;
        if self.candidates.len() > self.depth + 1 {
            return Err((ErrorKind::Depth(self.depth), start, None));
        }
        self.key_allowed = true;
        self.cursor.at += 1;
        self.push_candidate(kind, start, candidate);
        Ok(())
    }

    fn close_flow(&mut self, kind: TokenKind<'a>) -> Result<()> {
        self.drop_candidate()?;
        if self.flow() {
            self.candidates.pop();
        }
        self.key_allowed = false;
        self.indicator(kind);
        Ok(())
    }

    fn fetch_block_entry(&mut self) -> Result<()> {
        // In a flow collection the parser complains, which knows what the entry is in.
        if !self.flow() {
            if !self.key_allowed {
                return Err((ErrorKind::UnexpectedDash, self.cursor.at, None));
            }
            self.roll(self.cursor.column(), self.queue.len(), TokenKind::BlockSequence, self.cursor.at)?;
        }
        self.drop_candidate()?;
        self.key_allowed = true;
        self.indicator(TokenKind::BlockEntry);
        Ok(())
    }

    fn fetch_key(&mut self) -> Result<()> {
        if !self.flow() {
            if !self.key_allowed {
                return Err((ErrorKind::UnexpectedKey, self.cursor.at, None));
            }
            self.roll(self.cursor.column(), self.queue.len(), TokenKind::BlockMapping, self.cursor.at)?;
        }
        self.drop_candidate()?;
        self.key_allowed = !self.flow();
        self.indicator(TokenKind::Key);
        Ok(())
    }

    fn fetch_value(&mut self) -> Result<()> {
        let level = self.candidates.len() - 1;
        if self.candidate_is_valid(level)?
            && let Some(candidate) = self.candidates[level].take()
        {
            let index = candidate.token - self.taken;
            let key = Token { kind: TokenKind::Key, start: candidate.start, candidate: None };
            self.queue.insert(index.min(self.queue.len()), key);
            let column = candidate.start - candidate.line_start;
            self.roll(column, index, TokenKind::BlockMapping, candidate.start)?;
            // No key follows a key on the same line.
            self.key_allowed = false;
        } else {
            if !self.flow() {
                if !self.key_allowed {
                    return Err((ErrorKind::UnexpectedValue, self.cursor.at, None));
                }
                self.roll(self.cursor.column(), self.queue.len(), TokenKind::BlockMapping, self.cursor.at)?;
            }
            self.key_allowed = !self.flow();
        }
        self.indicator(TokenKind::Value);
        Ok(())
    }

    fn fetch_name(&mut self, kind: fn(&'a str) -> TokenKind<'a>) -> Result<()> {
        let start = self.cursor.at;
        let candidate = self.offer_candidate()?;
        self.key_allowed = false;
        let name = self.cursor.anchor_name()?;
        self.push_candidate(kind(name), start, candidate);
        Ok(())
    }
}
