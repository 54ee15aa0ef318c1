//! YAML as go-yaml v3 writes a node: order, quotes, blocks, flow style and comments kept, blanks made regular.
//!
//! kustomize prints objects in another way; this one is for texts inside of fields that a replacement changes, and
//! for what patterns of paths are matched against.
//!
//! ```
//! use gitops_render::kustomize::yaml_text::{self, Text};
//! let source = "a:   x   # why\nlist:\n    - {k: [1,2]}\n";
//! let text = Text::read(source).unwrap();
//! assert_eq!(text.write(), "a: x # why\nlist:\n- {k: [1, 2]}\n");
//! assert_eq!(yaml_text::of(&gitops_core::Value::from("yes")), "yes");
//! ```
//!
//! Two spaces per level, lists not indented below their key, no folding of long lines. Comments on lines of their own
//! stay in front of the line that follows them. Not kept: anchors and aliases, which are written out; comments inside
//! of flow collections; blank lines.

use super::plain;
use super::yaml_scalar::{key_text, push_scalar};
use gitops_core::yaml::{Options, ReadError, read_first};
use gitops_core::{Key, Scalar, Style, Value};
use std::borrow::Cow;
use std::fmt::Write as _;

/// A value with the text that it was read from.
#[derive(Clone, Debug)]
pub struct Text<'t> {
    /// What the text says.
    pub root: Value,
    source: &'t str,
}

impl<'t> Text<'t> {
    /// Reads the first document of a text; nothing where it holds none.
    pub fn read_opt(source: &'t str) -> Result<Option<Self>, ReadError> {
        let document = read_first(source.as_bytes(), &Options::kustomize())?;
        Ok(document.map(|document| Self { root: document.root, source }))
    }

    /// As [`Text::read_opt`]; an empty text is null.
    pub fn read(source: &'t str) -> Result<Self, ReadError> {
        Ok(Self::read_opt(source)?.unwrap_or(Self { root: Value::null(), source }))
    }

    /// Writes the value, which may have been changed since it was read.
    #[must_use]
    pub fn write(&self) -> String {
        let mut writer = Writer::new(self.source);
        writer.document(&self.root);
        writer.out
    }
}

/// A node as go-yaml writes it, without comments and the final line break.
#[must_use]
pub fn of(value: &Value) -> Cow<'_, str> {
    match value {
        Value::Scalar(scalar) if is_bare(scalar) => Cow::Borrowed(scalar.text()),
        value => {
            let mut writer = Writer::new("");
            writer.document(value);
            writer.out.pop();
            Cow::Owned(writer.out)
        }
    }
}

/// The usual scalar: a word without quotes.
fn is_bare(scalar: &Scalar) -> bool {
    scalar.style() == Style::Plain
        && !scalar.text().is_empty()
        && scalar.text().bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'.' | b'/'))
        && plain::kind(scalar.text()) == scalar.kind()
}

enum Pending<'v> {
    /// An entry of a block map at this indentation; `inline` if it goes on in the line of a list's dash.
    Entry {
        key: &'v Key,
        value: &'v Value,
        indent: usize,
        inline: bool,
    },
    Item {
        item: &'v Value,
        indent: usize,
        inline: bool,
    },
}

enum Flow<'v> {
    Value(&'v Value),
    Text(&'static str),
    Key(&'v Key),
}

struct Writer<'t> {
    out: String,
    source: &'t str,
    /// Offsets of the starts of the source's lines.
    lines: Vec<usize>,
    /// First line of the source whose comments are not written yet.
    next_line: usize,
    /// Columns in the source of what is being written, outermost first, with their indentation now.
    open: Vec<(usize, usize)>,
}

impl<'t> Writer<'t> {
    fn new(source: &'t str) -> Self {
        let lines = line_starts(source);
        Self { out: String::new(), source, lines, next_line: 0, open: Vec::new() }
    }

    fn document(&mut self, root: &Value) {
        let mut pending = Vec::new();
        if self.is_block(root) {
            push_children(&mut pending, root, 0, false);
        } else {
            self.scalar_or_flow(root, 0, false);
            self.end_line(root, None);
        }
        while let Some(next) = pending.pop() {
            match next {
                Pending::Entry { key, value, indent, inline } => {
                    // A key at offset 0 is the first one of the text, or was not read.
                    let read = key.offset() > 0 || start_of(value).is_some();
                    self.begin_line(read.then_some(key.offset() as usize), indent, inline);
                    self.out.push_str(&key_text(key));
                    self.out.push(':');
                    // A list stands below its key, a map two further in.
                    let inner = if value.is_seq() { indent } else { indent + 2 };
                    self.value(value, inner, indent, Some(key), &mut pending);
                }
                Pending::Item { item, indent, inline } => {
                    self.begin_line(start_of(item), indent, inline);
                    self.out.push('-');
                    if self.is_block(item) {
                        self.out.push(' ');
                        push_children(&mut pending, item, indent + 2, true);
                    } else {
                        self.value(item, indent + 2, indent, None, &mut pending);
                    }
                }
            }
        }
        self.comments_before(self.lines.len(), 0);
    }

    /// What follows a key or dash.
    fn value<'v>(
        &mut self,
        value: &'v Value,
        inner: usize,
        indent: usize,
        key: Option<&Key>,
        pending: &mut Vec<Pending<'v>>,
    ) {
        if self.is_block(value) {
            self.end_line(value, key);
            push_children(pending, value, inner, false);
            return;
        }
        let before = self.out.len();
        self.out.push(' ');
        self.scalar_or_flow(value, indent, false);
        if self.out.len() == before + 1 {
            self.out.pop();
        }
        self.end_line(value, key);
    }

    /// Whether a node is written as a block: a collection with something in it that was not in brackets or braces.
    fn is_block(&self, value: &Value) -> bool {
        let flow = || {
            let at = value.place().offset as usize;
            matches!(self.source.as_bytes().get(at), Some(b'[' | b'{'))
        };
        value.has_children() && !(value.place().offset as usize > 0 && flow())
    }

    fn scalar_or_flow(&mut self, value: &Value, indent: usize, in_flow: bool) {
        if let Value::Scalar(scalar) = value {
            push_scalar(&mut self.out, scalar, indent, in_flow);
            return;
        }
        let mut stack = vec![Flow::Value(value)];
        while let Some(next) = stack.pop() {
            match next {
                Flow::Text(text) => self.out.push_str(text),
                Flow::Key(key) => self.out.push_str(&key_text(key)),
                Flow::Value(Value::Scalar(scalar)) => push_scalar(&mut self.out, scalar, indent, true),
                Flow::Value(Value::Seq(items)) => {
                    self.out.push('[');
                    stack.push(Flow::Text("]"));
                    for (index, item) in items.iter().enumerate().rev() {
                        stack.push(Flow::Value(item));
                        stack.extend((index > 0).then_some(Flow::Text(", ")));
                    }
                }
                Flow::Value(Value::Map(map)) => {
                    self.out.push('{');
                    stack.push(Flow::Text("}"));
                    for (index, (key, value)) in map.iter().enumerate().rev() {
                        stack.extend([Flow::Value(value), Flow::Text(": "), Flow::Key(key)]);
                        stack.extend((index > 0).then_some(Flow::Text(", ")));
                    }
                }
            }
        }
    }

    fn begin_line(&mut self, start: Option<usize>, indent: usize, inline: bool) {
        if inline {
            return;
        }
        let column = start.map_or(indent, |start| leading_blanks(self.line(self.line_of(start))));
        if let Some(start) = start {
            self.comments_before(self.line_of(start), indent);
        }
        while self.open.pop_if(|(outer, _)| *outer >= column).is_some() {}
        self.open.push((column, indent));
        self.out.extend(std::iter::repeat_n(' ', indent));
    }

    /// Ends a line with the comment that stands behind `value` (or behind the key, if the value is a block).
    fn end_line(&mut self, value: &Value, key: Option<&Key>) {
        let key_end = key.map(|key| key.offset() as usize + key.as_str().len()).filter(|end| *end > 0);
        let at = start_of(value).filter(|_| !self.is_block(value)).or(key_end);
        if let Some(at) = at {
            let line = self.line_of(at);
            let style = value.as_scalar().map_or(Style::Plain, Scalar::style);
            if let Some(comment) = self.comment_behind(at, line) {
                // A block scalar's header carries its comment; it stands before the text here.
                match style {
                    Style::Literal | Style::Folded => {}
                    _ => {
                        let _ = write!(self.out, " {comment}");
                    }
                }
            }
            self.next_line = self.next_line.max(line + 1);
            if matches!(style, Style::Literal | Style::Folded) {
                self.skip_block(line);
            }
        }
        if !self.out.ends_with('\n') {
            self.out.push('\n');
        }
    }

    fn line_of(&self, offset: usize) -> usize {
        self.lines.partition_point(|start| *start <= offset).saturating_sub(1)
    }

    fn line(&self, line: usize) -> &'t str {
        let start = self.lines.get(line).copied().unwrap_or(self.source.len());
        let end = self.lines.get(line + 1).copied().unwrap_or(self.source.len());
        self.source.get(start..end).unwrap_or_default()
    }

    /// Writes the comments on lines of their own before `line`, which is written at `indent`. Those further in belong
    /// to what is written already. Blank lines stay between comments, and at the very beginning behind them.
    fn comments_before(&mut self, line: usize, indent: usize) {
        let following = leading_blanks(self.line(line));
        let (mut seen, mut blank) = (false, false);
        while self.next_line < line.min(self.lines.len()) {
            let whole = self.line(self.next_line);
            let text = whole.trim();
            if text.starts_with('#') {
                if blank {
                    self.out.push('\n');
                }
                let column = leading_blanks(whole);
                let open = self.open.iter().rev().find(|(outer, _)| *outer <= column);
                let indent = open.filter(|_| column > following).map_or(indent, |(_, indent)| *indent);
                self.out.extend(std::iter::repeat_n(' ', indent));
                self.out.push_str(text);
                self.out.push('\n');
                (seen, blank) = (true, false);
            } else {
                blank = seen;
            }
            self.next_line += 1;
        }
        if blank && self.open.is_empty() {
            self.out.push('\n');
        }
    }

    /// The comment at the end of a line, looked for from `offset` on, outside of quotes.
    fn comment_behind(&self, offset: usize, line: usize) -> Option<&'t str> {
        let end = self.lines.get(line + 1).copied().unwrap_or(self.source.len());
        let rest = self.source.get(offset..end)?;
        let mut quote = None;
        let mut before = ' ';
        for (at, c) in rest.char_indices() {
            match (quote, c) {
                (None, '#') if at > 0 && before.is_whitespace() => return Some(rest[at..].trim_end()),
                (None, '\'' | '"') if matches!(before, ' ' | ',' | '[' | '{' | ':') => quote = Some(c),
                (Some(open), c) if open == c && !(c == '"' && before == '\\') => quote = None,
                _ => {}
            }
            before = c;
        }
        None
    }

    /// Passes the lines of a block scalar: those further in than the line that it begins on.
    fn skip_block(&mut self, header: usize) {
        let outer = leading_blanks(self.line(header));
        while self.next_line < self.lines.len() {
            let line = self.line(self.next_line);
            if !line.trim().is_empty() && leading_blanks(line) <= outer {
                break;
            }
            self.next_line += 1;
        }
    }
}

fn leading_blanks(line: &str) -> usize {
    line.len() - line.trim_start_matches(' ').len()
}

fn line_starts(source: &str) -> Vec<usize> {
    let starts = source.bytes().enumerate().filter(|(_, b)| *b == b'\n').map(|(at, _)| at + 1);
    std::iter::once(0).chain(starts).filter(|start| *start < source.len()).collect()
}

/// Offset of a node that was read; what a program made has none.
fn start_of(value: &Value) -> Option<usize> {
    Some(value.place().offset as usize).filter(|at| *at > 0)
}

fn push_children<'v>(pending: &mut Vec<Pending<'v>>, value: &'v Value, indent: usize, inline: bool) {
    match value {
        Value::Map(map) => pending.extend(map.iter().enumerate().rev().map(|(index, (key, value))| {
            Pending::Entry { key, value, indent, inline: inline && index == 0 }
        })),
        Value::Seq(items) => {
            pending.extend(items.iter().enumerate().rev().map(|(index, item)| Pending::Item {
                item,
                indent,
                inline: inline && index == 0,
            }));
        }
        Value::Scalar(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_made_regular() {
        for (source, expected) in [
            ("a: 1\n", "a: 1\n"),
            ("a:   'x'\nb: \"y\"\n\nc: z", "a: 'x'\nb: \"y\"\nc: z\n"),
            ("k:\n    z:   old # why\n    n: 3\n", "k:\n  z: old # why\n  n: 3\n"),
            (
                "l:\n  - a\n  -   - b\n      - c\n  - d: 1\n    e: 2\n",
                "l:\n- a\n- - b\n  - c\n- d: 1\n  e: 2\n",
            ),
            (
                "# head\na: 1\n# foot\nb:\n  # in\n  c: 1\n# end\n",
                "# head\na: 1\n# foot\nb:\n  # in\n  c: 1\n# end\n",
            ),
            ("a: {b: 1,   c: [1,2], d: {}, e: 'x,y'}\n", "a: {b: 1, c: [1, 2], d: {}, e: 'x,y'}\n"),
            ("a: {\n  b: \"x\",\n  c: y,\n}\n", "a: {b: \"x\", c: y}\n"),
            (
                "a: |\n  x\n   # no comment\n\n  y\nb: >-\n  f\n",
                "a: |\n  x\n   # no comment\n\n  y\nb: >-\n  f\n",
            ),
            ("a: # why\n  b: 1\n", "a: # why\n  b: 1\n"),
            ("a:\nb: ~\nc: ''\nd: []\n", "a:\nb: ~\nc: ''\nd: []\n"),
            ("- 1\n- a: 1\n", "- 1\n- a: 1\n"),
            ("s: \"a\\tb\"\nt: it's # x\n", "s: \"a\\tb\"\nt: it's # x\n"),
            ("x.y", "x.y\n"),
            ("a:\n  # c1\n  b: 1 # c2\n  # c3\nd: x\n", "a:\n  # c1\n  b: 1 # c2\n  # c3\nd: x\n"),
            ("# a\n\n# b\nc: 1\n\n# d\n", "# a\n\n# b\nc: 1\n# d\n"),
        ] {
            assert_eq!(Text::read(source).unwrap().write(), expected, "{source:?}");
        }
    }
}
