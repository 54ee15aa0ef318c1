//! The hash of objects other than ConfigMaps and Secrets that ask for one by an internal annotation.
//!
//! The original takes it of its parser's own structures, so line, column and quotes of every node count. That is
//! repeated here as far as a [`Value`] knows: comments and anchors are not part of one, so objects that have them get
//! another hash.
//!
//! ```
//! use gitops_core::yaml::{Options, read};
//! use gitops_render::kustomize::generate::node_hash::{Marks, name_suffix};
//! let text = "\napiVersion: test/v1\nkind: TestResource\nmetadata:\n  name: my-resource";
//! let document = read(text.as_bytes(), &Options::kustomize()).unwrap().remove(0);
//! let marks = Marks::new(text, 0);
//! assert_eq!(name_suffix(&document.root, &|place| marks.at(place.offset as usize)), "244782mkb7");
//! ```

use super::hash::shorten;
use crate::kustomize::go_json::write_string;
use gitops_core::{Key, Place, ScalarKind, Style, Value};
use sha2::{Digest as _, Sha256};
use std::fmt::Write as _;

/// Where a node stands in its document, both counted from 1, and whether it is in brackets or braces.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Mark {
    /// Line; 0 for what a program made.
    pub line: usize,
    /// Column in characters; 0 for what a program made.
    pub column: usize,
    /// Whether the node begins with `[` or `{`.
    pub flow: bool,
}

/// Marks of one document of a text.
#[derive(Clone, Debug)]
pub struct Marks<'t> {
    text: &'t str,
    lines: Vec<usize>,
}

impl<'t> Marks<'t> {
    /// Marks of the document that begins at byte `start`.
    #[must_use]
    pub fn new(text: &'t str, start: usize) -> Self {
        let breaks = text.bytes().enumerate().skip(start).filter(|(_, b)| *b == b'\n').map(|(at, _)| at + 1);
        Self { text, lines: std::iter::once(start).chain(breaks).collect() }
    }

    /// Mark of the character at a byte offset; nothing outside of the document.
    #[must_use]
    pub fn at(&self, offset: usize) -> Option<Mark> {
        let line = self.lines.partition_point(|start| *start <= offset);
        let start = *self.lines.get(line.checked_sub(1)?)?;
        let column = self.text.get(start..offset)?.chars().count() + 1;
        Some(Mark { line, column, flow: matches!(self.text.as_bytes().get(offset), Some(b'[' | b'{')) })
    }
}

enum Pending<'v> {
    Value(&'v Value),
    /// A key of a map that was read at this place.
    Key(&'v Key, Place),
    Comma,
    /// What follows the children of a collection.
    Close(Mark),
}

/// The ten characters that follow the name. `mark` tells where nodes are that were read, nothing for others.
pub fn name_suffix(object: &Value, mark: &dyn Fn(Place) -> Option<Mark>) -> String {
    let mark = |place: Place| mark(place).unwrap_or_default();
    let mut out = String::new();
    let mut pending = vec![Pending::Value(object)];
    while let Some(next) = pending.pop() {
        match next {
            Pending::Comma => out.push(','),
            Pending::Close(mark) => {
                out.push(']');
                close(&mut out, mark);
            }
            Pending::Key(key, map) => {
                let at = Place::new(map.source, key.offset());
                // The first key of a file is at offset 0, as are keys that were not read.
                let read = key.offset() > 0 || map.offset == 0;
                let mark = if read { mark(at) } else { Mark::default() };
                let tag = if mark.line == 0 { "" } else { tag(key.kind()) };
                open(&mut out, 8, style(key.style()), tag, key.as_str());
                out.push_str("null");
                close(&mut out, mark);
            }
            Pending::Value(value) => {
                let mark = mark(value.place());
                let flow = if mark.flow { 32 } else { 0 };
                match value {
                    Value::Scalar(scalar) => {
                        open(&mut out, 8, style(scalar.style()), tag(scalar.kind()), scalar.text());
                        out.push_str("null");
                        close(&mut out, mark);
                        continue;
                    }
                    Value::Seq(_) => open(&mut out, 2, flow, "!!seq", ""),
                    Value::Map(_) => open(&mut out, 4, flow, "!!map", ""),
                }
                if !value.has_children() {
                    out.push_str("null");
                    close(&mut out, mark);
                    continue;
                }
                out.push('[');
                pending.push(Pending::Close(mark));
                let from = pending.len();
                for (key, child) in value.as_map().into_iter().flat_map(gitops_core::Map::iter) {
                    pending.extend([
                        Pending::Key(key, value.place()),
                        Pending::Comma,
                        Pending::Value(child),
                        Pending::Comma,
                    ]);
                }
                for child in value.as_seq().into_iter().flatten() {
                    pending.extend([Pending::Value(child), Pending::Comma]);
                }
                pending.pop();
                pending[from..].reverse();
            }
        }
    }
    shorten(&Sha256::digest(out.as_bytes()))
}

fn open(out: &mut String, kind: u8, style: u8, tag: &str, text: &str) {
    let _ = write!(out, r#"{{"Kind":{kind},"Style":{style},"Tag":"{tag}","Value":"#);
    write_string(out, text);
    out.push_str(r#","Anchor":"","Alias":null,"Content":"#);
}

fn close(out: &mut String, Mark { line, column, .. }: Mark) {
    let comments = r#","HeadComment":"","LineComment":"","FootComment":"""#;
    let _ = write!(out, r#"{comments},"Line":{line},"Column":{column}}}"#);
}

fn tag(kind: ScalarKind) -> &'static str {
    match kind {
        ScalarKind::Null => "!!null",
        ScalarKind::Bool => "!!bool",
        ScalarKind::Int => "!!int",
        ScalarKind::Float => "!!float",
        ScalarKind::Str => "!!str",
        ScalarKind::Timestamp => "!!timestamp",
        ScalarKind::Binary => "!!binary",
    }
}

fn style(style: Style) -> u8 {
    match style {
        Style::Plain => 0,
        Style::Double => 2,
        Style::Single => 4,
        Style::Literal => 8,
        Style::Folded => 16,
    }
}
