//! Prints values as `kubectl kustomize` prints resources, byte for byte.
//!
//! ```
//! use gitops_core::value::{Map, Value};
//! use gitops_core::yaml::to_string;
//! let object = Value::from(Map::from_iter([
//!     ("kind", Value::from("ConfigMap")),
//!     ("data", Value::from(Map::from_iter([("b", Value::from("two\nlines\n")), ("a", Value::from("on"))]))),
//! ]));
//! assert_eq!(to_string(&object).unwrap(), "data:\n  a: \"on\"\n  b: |\n    two\n    lines\nkind: ConfigMap\n");
//! ```
//!
//! * Keys come in go-yaml v2's natural order; sequences are not indented below their key.
//! * Numbers, booleans, nulls and times are printed in their normal form (`0644` as `420`), whatever their text says;
//!   a quoted scalar is a string.
//! * Keys of more than 128 bytes or several lines are written with `? `, and what follows them behind `: `.
//! * Documents are separated by `---`; nothing stands before the first or after the last.
//! * Any depth is written with a stack of its own.

use super::emitter::Emitter;
use super::key_order::push_order;
use super::quoting::{Content, is_break};
use super::refusal::{Refusal, WriteError};
use super::settle::{NEXT_LINE, Settled, arrives_unchanged, settle, settle_text};
use crate::value::{Entry, Key, Scalar, ScalarKind, Style, Value};
use std::borrow::Cow;
use std::io;

/// The text of one document.
pub fn to_string(value: &Value) -> Result<String, WriteError> {
    let mut writer = Writer::new(Vec::new());
    writer.document(value)?;
    let bytes = writer.finish()?;
    String::from_utf8(bytes)
        .map_err(|error| WriteError::Io(io::Error::new(io::ErrorKind::InvalidData, error)))
}

/// Writes a stream of documents.
///
/// Output is gathered in blocks of some 32 KiB; [`Writer::finish`] hands over the last one.
#[derive(Debug)]
pub struct Writer<W> {
    emitter: Emitter<W>,
    order: Vec<u32>,
    documents: usize,
}

/// A container that is being written.
struct Frame<'v> {
    children: Children<'v>,
    /// How many children have been begun.
    begun: usize,
    /// Column of the children.
    indent: usize,
    /// Whether the first child stands on the line of its container's `- ` or `: `.
    compact: bool,
}

enum Children<'v> {
    Seq(&'v [Value]),
    /// Entries, and where their printing order begins in `Writer::order`; nothing where they are in order.
    Map(&'v [Entry], Option<usize>),
}

enum Child<'v> {
    Item(&'v Value),
    Entry(&'v Entry),
}

impl<'v> Frame<'v> {
    /// The child begun last.
    fn child(&self, order: &[u32]) -> Option<Child<'v>> {
        let at = self.begun.checked_sub(1)?;
        match self.children {
            Children::Seq(items) => items.get(at).map(Child::Item),
            Children::Map(entries, None) => entries.get(at).map(Child::Entry),
            Children::Map(entries, Some(start)) => {
                let at = order[start..].get(at).filter(|_| at < entries.len())?;
                entries.get(*at as usize).map(Child::Entry)
            }
        }
    }
}

/// Where a value is about to be written.
#[derive(Clone, Copy, PartialEq)]
enum Spot {
    /// The start of a document.
    Root,
    /// Behind `key:`
    Key,
    /// Behind `-` or the `:` of a `? ` key: a container begins on the same line.
    Indicator,
}

impl<W: io::Write> Writer<W> {
    /// A writer of a stream without documents.
    pub fn new(out: W) -> Self {
        Self { emitter: Emitter::new(out), order: Vec::new(), documents: 0 }
    }

    /// Adds a document, behind `---` unless it is the first.
    ///
    /// After an error the document is taken back as far as it was still in the buffer, so that small documents are
    /// written whole or not at all. Costs one pass over the value and the sorting of keys that are out of order.
    pub fn document(&mut self, value: &Value) -> Result<(), WriteError> {
        let start = self.emitter.position();
        if self.documents > 0 {
            self.emitter.push(b"---");
            self.emitter.end_line()?;
        }
        let mut frames = Vec::with_capacity(16);
        let written = self.write(value, &mut frames);
        let failed_at = written.is_err().then(|| path(&frames, &self.order));
        self.order.clear();
        match written {
            Ok(()) => {
                self.documents += 1;
                Ok(())
            }
            Err(Failure::Io(error)) => Err(error.into()),
            Err(Failure::Refused(reason)) => {
                self.emitter.take_back(start);
                Err(WriteError::refused(failed_at.unwrap_or_default(), reason))
            }
        }
    }

    /// Hands the rest of the stream to the output, flushes it and gives it back.
    pub fn finish(mut self) -> io::Result<W> {
        self.emitter.drain()?;
        self.emitter.get_mut().flush()?;
        Ok(self.emitter.into_inner())
    }

    fn write<'v>(&mut self, root: &'v Value, frames: &mut Vec<Frame<'v>>) -> Result<(), Failure> {
        self.value(root, Spot::Root, 0, frames)?;
        while let Some(frame) = frames.last_mut() {
            let (indent, compact) = (frame.indent, frame.compact && frame.begun == 0);
            frame.begun += 1;
            match frame.child(&self.order) {
                Some(Child::Item(item)) => {
                    self.indent(indent, compact);
                    self.emitter.push(b"-");
                    self.value(item, Spot::Indicator, indent, frames)?;
                }
                Some(Child::Entry(entry)) => {
                    self.indent(indent, compact);
                    let spot = self.key(&entry.key, frames.len() == 1, indent)?;
                    self.value(&entry.value, spot, indent, frames)?;
                }
                None => {
                    if let Children::Map(_, Some(start)) = frame.children {
                        self.order.truncate(start);
                    }
                    frames.pop();
                }
            }
        }
        Ok(())
    }

    fn indent(&mut self, indent: usize, compact: bool) {
        if !compact {
            self.emitter.spaces(indent);
        }
    }

    /// Writes a scalar or an empty container to the end of its line, or begins a container.
    fn value<'v>(
        &mut self,
        value: &'v Value,
        spot: Spot,
        indent: usize,
        frames: &mut Vec<Frame<'v>>,
    ) -> Result<(), Failure> {
        let children = match value {
            Value::Scalar(scalar) => return self.scalar(scalar, spot, indent + 2),
            Value::Map(map) if map.is_empty() => return self.empty(spot, b"{}"),
            Value::Seq(seq) if seq.is_empty() => return self.empty(spot, b"[]"),
            Value::Map(map) => {
                let entries = map.entries();
                let start = self.order.len();
                push_order(entries, &mut self.order).map_err(|key| Refusal::DuplicateKey(key.to_owned()))?;
                Children::Map(entries, (self.order.len() > start).then_some(start))
            }
            Value::Seq(seq) => Children::Seq(seq.items()),
        };
        let (indent, compact) = match (spot, &children) {
            (Spot::Root, _) => (0, true),
            (Spot::Key, Children::Seq(_)) => (indent, false),
            (Spot::Key, Children::Map(..)) => (indent + 2, false),
            (Spot::Indicator, _) => (indent + 2, true),
        };
        match spot {
            Spot::Root => {}
            Spot::Key => self.emitter.end_line()?,
            Spot::Indicator => self.emitter.push(b" "),
        }
        frames.push(Frame { children, begun: 0, indent, compact });
        Ok(())
    }

    fn scalar(&mut self, scalar: &Scalar, spot: Spot, indent: usize) -> Result<(), Failure> {
        if spot != Spot::Root {
            self.emitter.push(b" ");
        }
        let content = Content::of(scalar.text());
        let is_open = if scalar.kind() == ScalarKind::Str && arrives_unchanged(content, scalar.style()) {
            self.emitter.text(scalar.text(), content, indent)?
        } else {
            self.emitter.scalar(&settle(scalar)?, indent)?
        };
        if is_open {
            self.emitter.end_line()?;
        }
        Ok(())
    }

    fn empty(&mut self, spot: Spot, brackets: &[u8]) -> Result<(), Failure> {
        if spot != Spot::Root {
            self.emitter.push(b" ");
        }
        self.emitter.push(brackets);
        self.emitter.end_line()?;
        Ok(())
    }

    /// Writes a key with its colon.
    fn key(&mut self, key: &Key, root_level: bool, indent: usize) -> Result<Spot, Failure> {
        const LONGEST: usize = 128;
        let text = key.as_str();
        check_key_type(key, root_level)?;
        if key.is_common() {
            self.emitter.push(text.as_bytes());
            self.emitter.push(b":");
            return Ok(Spot::Key);
        }
        let content = Content::of(text);
        if text.len() <= LONGEST && content.is_simple() && !content.has_line_feeds() {
            self.emitter.simple_key(text, content)?;
            self.emitter.push(b":");
            return Ok(Spot::Key);
        }
        let settled = settle_key(key)?;
        let Settled::Text(text, content) = &settled else { return Ok(Spot::Key) };
        if text.len() <= LONGEST && !text.contains(is_break) {
            self.emitter.simple_key(text, *content)?;
            self.emitter.push(b":");
            return Ok(Spot::Key);
        }
        self.emitter.push(b"? ");
        if self.emitter.text(text, *content, indent + 2)? {
            self.emitter.end_line()?;
        }
        self.emitter.spaces(indent);
        self.emitter.push(b":");
        Ok(Spot::Indicator)
    }
}

/// Refuses the keys that kustomize cannot make text of.
fn check_key_type(key: &Key, root_level: bool) -> Result<(), Refusal> {
    if key.kind() == ScalarKind::Str || key.style().is_quoted() {
        return Ok(());
    }
    match (root_level, key.kind()) {
        (false, _) => Err(Refusal::KeyNotString(key.as_str().to_owned())),
        (true, ScalarKind::Null) => Err(Refusal::NullKey(key.as_str().to_owned())),
        (true, _) => Ok(()),
    }
}

/// The key as text, or why kustomize refuses it.
fn settle_key(key: &Key) -> Result<Settled<'_>, Refusal> {
    const LONGEST: usize = 1024;
    let text = key.as_str();
    let settled = settle_text(text, if text.contains('\n') { key.style() } else { Style::Double })?;
    if text.len() > LONGEST / 6 && json_length(text) > LONGEST {
        return Err(Refusal::KeyTooLong);
    }
    if matches!(&settled, Settled::Text(Cow::Owned(_), _)) && text.contains(NEXT_LINE) {
        return Err(Refusal::KeyWithLineBreak(text.to_owned()));
    }
    Ok(settled)
}

/// Characters of the text as Go's JSON string.
fn json_length(text: &str) -> usize {
    let length = |c| match c {
        '"' | '\\' | '\n' | '\r' | '\t' | '\x08' | '\x0c' => 2,
        '\0'..=' ' if c != ' ' => 6,
        '<' | '>' | '&' | '\u{2028}' | '\u{2029}' => 6,
        _ => 1,
    };
    2 + text.chars().map(length).sum::<usize>()
}

/// Path of the field that was begun last.
fn path(frames: &[Frame<'_>], order: &[u32]) -> String {
    frames.iter().fold(String::new(), |mut path, frame| {
        let (open, name, close) = match frame.child(order) {
            Some(Child::Item(_)) => ("[", Cow::Owned((frame.begun - 1).to_string()), "]"),
            Some(Child::Entry(Entry { key, .. })) if key.as_str().contains('.') => {
                ("[", Cow::Borrowed(key.as_str()), "]")
            }
            Some(Child::Entry(Entry { key, .. })) => {
                (if path.is_empty() { "" } else { "." }, Cow::Borrowed(key.as_str()), "")
            }
            None => ("", Cow::Borrowed(""), ""),
        };
        path.extend([open, &name, close]);
        path
    })
}

enum Failure {
    Io(io::Error),
    Refused(Refusal),
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

impl From<Refusal> for Failure {
    fn from(reason: Refusal) -> Self {
        Self::Refused(reason)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::{Map, Seq};

    fn map<const N: usize>(entries: [(&str, Value); N]) -> Value {
        Value::from(Map::from_iter(entries))
    }

    fn seq<const N: usize>(items: [Value; N]) -> Value {
        Value::from(Seq::from_iter(items))
    }

    fn int(text: &str) -> Value {
        Value::from(Scalar::new(ScalarKind::Int, text, Style::Plain))
    }

    fn typed_key(kind: ScalarKind, text: &str) -> Value {
        Value::from(Map::placed(
            vec![Entry { key: Key::typed(text, kind, Style::Plain), value: int("1") }],
            crate::value::Place::NONE,
        ))
    }

    #[test]
    fn layout() {
        let long = "k".repeat(129);
        let prose = "word ".repeat(30);
        for (value, want) in [
            (map([]), "{}\n".to_owned()),
            (seq([]), "[]\n".to_owned()),
            (Value::from("x"), "x\n".to_owned()),
            (
                map([("a", map([])), ("b", seq([])), ("c", Value::null())]),
                "a: {}\nb: []\nc: null\n".to_owned(),
            ),
            (map([("a", seq([int("1"), int("0x10")]))]), "a:\n- 1\n- 16\n".to_owned()),
            (seq([seq([int("1"), seq([int("2")])]), map([])]), "- - 1\n  - - 2\n- {}\n".to_owned()),
            (seq([map([("b", seq([int("1")])), ("a", int("2"))])]), "- a: 2\n  b:\n  - 1\n".to_owned()),
            (map([("a", Value::from("x\n\n y"))]), "a: |-\n  x\n\n   y\n".to_owned()),
            (seq([Value::from("\n"), Value::from(" a\n\n")]), "- |2+\n\n- |2+\n   a\n\n".to_owned()),
            (
                map([("n", Value::from("no")), ("", Value::from(""))]),
                "\"\": \"\"\n\"n\": \"no\"\n".to_owned(),
            ),
            (map([("a: b", int("1"))]), "'a: b': 1\n".to_owned()),
            (map([(&long, seq([map([("a", int("1"))])]))]), format!("? {long}\n: - a: 1\n")),
            (map([(&long, map([("a", int("1")), ("b", int("2"))]))]), format!("? {long}\n: a: 1\n  b: 2\n")),
            (map([("a\nb", Value::from("c"))]), "? |-\n  a\n  b\n: c\n".to_owned()),
            (
                map([("a", Value::from(prose.trim_end()))]),
                format!("a: {}\n  {}\n", "word ".repeat(16).trim_end(), "word ".repeat(14).trim_end()),
            ),
            (
                map([("a", Value::from(format!("{prose}\u{e9}: ")))]),
                format!("a: '{}\n  {}\u{e9}: '\n", "word ".repeat(16).trim_end(), "word ".repeat(14)),
            ),
            (
                map([("a", Value::from(format!("\t{}  b", "c".repeat(90))))]),
                format!("a: \"\\t{}\n  \\ b\"\n", "c".repeat(90)),
            ),
            (
                map([("a", Value::from("\u{1F389}\u{1}\u{feff}"))]),
                "a: \"\\U0001F389\\x01\\uFEFF\"\n".to_owned(),
            ),
            (map([("a", Value::from("\u{feff}a b"))]), "a: \"\\uFEFF\\x61\\x20\\x62\"\n".to_owned()),
            // U+2028 ends lines without a line feed.
            (
                map([("a", Value::from("x\ny\u{2028}")), ("b", Value::from("a\u{2028}b"))]),
                "a: |\n  x\n  y\u{2028}b: 'a\u{2028}  b'\n".to_owned(),
            ),
            (map([("a", Value::from("x\ny\u{2028}"))]), "a: |\n  x\n  y\u{2028}".to_owned()),
        ] {
            assert_eq!(to_string(&value).unwrap(), want, "{value:?}");
        }
    }

    #[test]
    fn common_names_need_no_quotes_and_have_a_plain_order() {
        use crate::yaml::key_order::is_plain;
        use crate::yaml::quoting::{Quoting, quoting};
        for name in crate::value::common_names() {
            assert!(name.len() <= 128 && is_plain(name), "{name}");
            assert_eq!(quoting(name, Content::of(name)), Quoting::Plain, "{name}");
        }
    }

    #[test]
    fn refusals_name_the_field() {
        let doubled = Map::from_iter([("a", int("1")), ("b", int("2")), ("a", int("3"))]);
        for (value, want) in [
            (
                map([("spec", seq([map([("x", Value::from(doubled))])]))]),
                "spec[0].x: mapping key \"a\" already defined",
            ),
            (
                map([("b", int("1")), ("a", map([("x.y/z", int("abc"))]))]),
                "a[x.y/z]: cannot decode !!str `abc` as a !!int",
            ),
            (
                map([("a", typed_key(ScalarKind::Int, "7"))]),
                "a.7: json: unsupported type: map[interface {}]interface {} (the key `7` is not a string; quote it)",
            ),
            (typed_key(ScalarKind::Null, "~"), "~: mapping key \"~\" already defined (a null key)"),
            (int("abc"), "cannot decode !!str `abc` as a !!int"),
            (
                map([(&"k".repeat(1023), int("1"))]),
                &format!("{}: a key of more than 1024 characters", "k".repeat(1023)),
            ),
        ] {
            let error = to_string(&value).unwrap_err();
            assert_eq!(error.to_string(), want);
        }
        assert_eq!(to_string(&typed_key(ScalarKind::Int, "0x1F")).unwrap(), "\"0x1F\": 1\n");
        assert!(to_string(&map([(&"k".repeat(1022), int("1"))])).is_ok());
    }

    #[test]
    fn documents_are_separated_and_refused_ones_leave_nothing() {
        let mut writer = Writer::new(Vec::new());
        writer.document(&map([("a", int("1"))])).unwrap();
        writer.document(&map([("b", int("1")), ("c", int("x"))])).unwrap_err();
        writer.document(&map([("d", int("1"))])).unwrap();
        assert_eq!(writer.finish().unwrap(), b"a: 1\n---\nd: 1\n");
        assert_eq!(Writer::new(Vec::new()).finish().unwrap(), b"");
    }

    #[test]
    fn depth_costs_no_stack() {
        let deep = (0..10_000).fold(int("1"), |inner, _| seq([inner]));
        assert_eq!(to_string(&deep).unwrap(), format!("{}1\n", "- ".repeat(10_000)));
        let deep = (0..2_000).fold(int("x"), |inner, _| map([("a", inner)]));
        assert!(to_string(&deep).unwrap_err().to_string().starts_with("a.a.a"));
    }

    struct Full;

    impl io::Write for Full {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            Err(io::Error::from(io::ErrorKind::StorageFull))
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn failing_output_is_told_apart() {
        let mut writer = Writer::new(Full);
        assert!(matches!(writer.document(&Value::from("x\n".repeat(40_000))), Err(WriteError::Io(_))));
    }
}
