//! Prints values as JSON.

use super::error::WriteError;
use crate::value::number::push_go_json;
use crate::value::{Entry, Key, Number, Resolved, Scalar, ScalarKind, Value};
use crate::yaml::Refusal;
use crate::yaml::settle::{Settled, decode};
use std::io;

/// Bytes after which output is handed over.
const BLOCK: usize = 32 << 10;

/// How JSON is laid out.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Flavour {
    /// Without blanks, keys in the order of the value.
    Compact,
    /// One element a line, indented by two spaces, keys in the order of the value.
    Pretty,
    /// As Go's `encoding/json` prints a decoded map: without blanks, keys sorted by bytes, `<`, `>`, `&`, U+2028 and
    /// U+2029 escaped, numbers in Go's form.
    Go,
}

/// The value without blanks.
pub fn to_string(value: &Value) -> Result<String, WriteError> {
    string(value, Flavour::Compact)
}

/// The value with one element a line.
pub fn to_string_pretty(value: &Value) -> Result<String, WriteError> {
    string(value, Flavour::Pretty)
}

/// The value as Go prints it after kustomize decoded it; see [`Flavour::Go`].
///
/// What kustomize refuses is refused: keys that occur twice or, below the root, are no strings; text that does not
/// read as its scalar's type; infinities.
pub fn to_go_string(value: &Value) -> Result<String, WriteError> {
    string(value, Flavour::Go)
}

fn string(value: &Value, flavour: Flavour) -> Result<String, WriteError> {
    let mut bytes = Vec::new();
    write(value, flavour, &mut bytes)?;
    String::from_utf8(bytes)
        .map_err(|error| WriteError::Io(io::Error::new(io::ErrorKind::InvalidData, error)))
}

/// Writes the value to an output, in blocks of some 32 KiB.
///
/// After an error the output holds a part of the value.
pub fn write(value: &Value, flavour: Flavour, mut out: impl io::Write) -> Result<(), WriteError> {
    let mut emitter = Emitter { buffer: Vec::with_capacity(256), flavour, order: Vec::new() };
    let mut frames = Vec::new();
    emitter.value(value, &mut frames)?;
    while let Some(frame) = frames.last_mut() {
        frame.begun += 1;
        match frame.child(&emitter.order) {
            Some((key, child)) => {
                if frame.begun > 1 {
                    emitter.buffer.push(b',');
                }
                emitter.line(frames.len());
                if let Some(key) = key {
                    emitter.key(key, frames.len() == 1)?;
                }
                emitter.value(child, &mut frames)?;
            }
            None => {
                emitter.order.truncate(frame.order);
                let close = if matches!(frame.children, Children::Map(_)) { b'}' } else { b']' };
                frames.pop();
                emitter.line(frames.len());
                emitter.buffer.push(close);
            }
        }
        if emitter.buffer.len() >= BLOCK {
            out.write_all(&emitter.buffer)?;
            emitter.buffer.clear();
        }
    }
    out.write_all(&emitter.buffer)?;
    Ok(())
}

/// An object or array that is being written.
struct Frame<'v> {
    children: Children<'v>,
    begun: usize,
    /// Where the order of its keys begins; only Go's flavour has one.
    order: usize,
}

enum Children<'v> {
    Seq(&'v [Value]),
    Map(&'v [Entry]),
}

impl<'v> Frame<'v> {
    /// The child begun last, with its key.
    fn child(&self, order: &[u32]) -> Option<(Option<&'v Key>, &'v Value)> {
        let at = self.begun.checked_sub(1)?;
        match self.children {
            Children::Seq(items) => items.get(at).map(|item| (None, item)),
            Children::Map(entries) => {
                let sorted = order.get(self.order..).filter(|order| !order.is_empty());
                let at = if at >= entries.len() { at } else { sorted.map_or(at, |order| order[at] as usize) };
                entries.get(at).map(|entry| (Some(&entry.key), &entry.value))
            }
        }
    }
}

struct Emitter {
    buffer: Vec<u8>,
    flavour: Flavour,
    /// The orders of all open objects, one behind the other.
    order: Vec<u32>,
}

impl Emitter {
    /// Writes a scalar or an empty container, or begins a container.
    fn value<'v>(&mut self, value: &'v Value, frames: &mut Vec<Frame<'v>>) -> Result<(), WriteError> {
        let order = self.order.len();
        let children = match value {
            Value::Scalar(scalar) if self.flavour == Flavour::Go => return self.go_scalar(scalar),
            Value::Scalar(scalar) => return self.scalar(scalar),
            Value::Map(map) if map.is_empty() => {
                self.buffer.extend_from_slice(b"{}");
                return Ok(());
            }
            Value::Seq(seq) if seq.is_empty() => {
                self.buffer.extend_from_slice(b"[]");
                return Ok(());
            }
            Value::Map(map) => {
                if self.flavour == Flavour::Go {
                    self.sort(map.entries())?;
                }
                self.buffer.push(b'{');
                Children::Map(map.entries())
            }
            Value::Seq(seq) => {
                self.buffer.push(b'[');
                Children::Seq(seq.items())
            }
        };
        frames.push(Frame { children, begun: 0, order });
        Ok(())
    }

    fn sort(&mut self, entries: &[Entry]) -> Result<(), WriteError> {
        let key = |at: u32| entries.get(at as usize).map_or("", |entry| entry.key.as_str());
        let start = self.order.len();
        self.order.extend(0..entries.len() as u32);
        let order = &mut self.order[start..];
        order.sort_by(|a, b| key(*a).cmp(key(*b)));
        match order.windows(2).find(|pair| key(pair[0]) == key(pair[1])) {
            Some(pair) => Err(refused(Refusal::DuplicateKey(key(pair[0]).to_owned()))),
            None => Ok(()),
        }
    }

    /// A line break and indentation where the flavour has them.
    fn line(&mut self, depth: usize) {
        if self.flavour == Flavour::Pretty {
            self.buffer.push(b'\n');
            self.buffer.resize(self.buffer.len() + 2 * depth, b' ');
        }
    }

    fn key(&mut self, key: &Key, root_level: bool) -> Result<(), WriteError> {
        let is_string = key.kind() == ScalarKind::Str || key.style().is_quoted();
        if self.flavour == Flavour::Go && !is_string {
            if !root_level {
                return Err(refused(Refusal::KeyNotString(key.as_str().to_owned())));
            }
            if key.kind() == ScalarKind::Null {
                return Err(refused(Refusal::NullKey(key.as_str().to_owned())));
            }
        }
        self.text(key.as_str());
        self.buffer.extend_from_slice(if self.flavour == Flavour::Pretty { b": " } else { b":" });
        Ok(())
    }

    fn scalar(&mut self, scalar: &Scalar) -> Result<(), WriteError> {
        match scalar.resolved() {
            Resolved::Null => self.buffer.extend_from_slice(b"null"),
            Resolved::Bool(value) => self.boolean(value),
            Resolved::Number(_) if is_json_number(scalar.text()) => {
                self.buffer.extend_from_slice(scalar.text().as_bytes());
            }
            Resolved::Number(Number::Float(x)) if !x.is_finite() => {
                return Err(WriteError::NotFinite(scalar.text().to_owned()));
            }
            Resolved::Number(number) => self.number(number),
            Resolved::Text(text) => self.text(&text),
        }
        Ok(())
    }

    fn go_scalar(&mut self, scalar: &Scalar) -> Result<(), WriteError> {
        match decode(scalar).map_err(refused)? {
            Settled::Null => self.buffer.extend_from_slice(b"null"),
            Settled::Bool(value) => self.boolean(value),
            Settled::Digits(digits) => self.buffer.extend_from_slice(digits.as_bytes()),
            Settled::Number(number) => self.number(number),
            Settled::Text(text, _) => self.text(&text),
        }
        Ok(())
    }

    fn boolean(&mut self, value: bool) {
        self.buffer.extend_from_slice(if value { b"true" } else { b"false" });
    }

    fn number(&mut self, number: Number) {
        match number {
            Number::Int(n) => self.buffer.extend_from_slice(n.to_string().as_bytes()),
            Number::Uint(n) => self.buffer.extend_from_slice(n.to_string().as_bytes()),
            Number::Float(x) => push_go_json(&mut self.buffer, x),
        }
    }

    fn text(&mut self, text: &str) {
        let bytes = text.as_bytes();
        let wanted = if self.flavour == Flavour::Go { ESCAPED | ESCAPED_IN_GO } else { ESCAPED };
        self.buffer.push(b'"');
        let mut start = 0;
        for (at, byte) in bytes.iter().enumerate() {
            if ESCAPES[*byte as usize] & wanted == 0 || (*byte == 0xe2 && !is_line_separator(&bytes[at..])) {
                continue;
            }
            self.buffer.extend_from_slice(&bytes[start..at]);
            start = at + if *byte == 0xe2 { 3 } else { 1 };
            self.escape(&bytes[at..start]);
        }
        self.buffer.extend_from_slice(&bytes[start..]);
        self.buffer.push(b'"');
    }

    fn escape(&mut self, character: &[u8]) {
        let short = match character {
            b"\"" => b"\\\"",
            b"\\" => b"\\\\",
            b"\n" => b"\\n",
            b"\r" => b"\\r",
            b"\t" => b"\\t",
            b"\x08" => b"\\b",
            b"\x0c" => b"\\f",
            _ => {
                let code = match character {
                    [_, _, last] => 0x2000 | u32::from(last & 0x3f),
                    _ => character.first().map_or(0, |byte| u32::from(*byte)),
                };
                self.buffer.extend_from_slice(format!("\\u{code:04x}").as_bytes());
                return;
            }
        };
        self.buffer.extend_from_slice(short);
    }
}

const ESCAPED: u8 = 1;
/// `<`, `>`, `&`, and the first byte of U+2028 and U+2029.
const ESCAPED_IN_GO: u8 = 2;

static ESCAPES: [u8; 256] = escapes();

const fn escapes() -> [u8; 256] {
    let mut table = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        table[byte] = match byte as u8 {
            0..0x20 | b'"' | b'\\' => ESCAPED,
            b'<' | b'>' | b'&' | 0xe2 => ESCAPED_IN_GO,
            _ => 0,
        };
        byte += 1;
    }
    table
}

/// Whether the bytes begin with U+2028 or U+2029.
fn is_line_separator(bytes: &[u8]) -> bool {
    matches!(bytes, [0xe2, 0x80, 0xa8 | 0xa9, ..])
}

fn refused(reason: Refusal) -> WriteError {
    match reason {
        Refusal::NotFinite(number) => WriteError::NotFinite(number.to_owned()),
        reason => WriteError::Refused(Box::new(reason)),
    }
}

/// `-? (0 | [1-9] digits*) (. digits)? ([eE] [+-]? digits)?`
fn is_json_number(text: &str) -> bool {
    fn digits(text: &[u8]) -> Option<&[u8]> {
        let count = text.iter().take_while(|byte| byte.is_ascii_digit()).count();
        (count > 0).then(|| &text[count..])
    }
    let parse = || {
        let mut rest = match text.strip_prefix('-').unwrap_or(text).as_bytes() {
            [b'0', rest @ ..] => rest,
            rest => digits(rest)?,
        };
        if let [b'.', fraction @ ..] = rest {
            rest = digits(fraction)?;
        }
        if let [b'e' | b'E', b'+' | b'-', exponent @ ..] | [b'e' | b'E', exponent @ ..] = rest {
            rest = digits(exponent)?;
        }
        Some(rest.is_empty())
    };
    parse().unwrap_or(false)
}
