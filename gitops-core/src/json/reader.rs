//! Reads JSON into values.

use super::error::{ErrorKind, ReadError};
use super::shared::{Keys, Texts};
use crate::limits::Limits;
use crate::value::{Entry, Key, Map, Place, Scalar, ScalarKind, Seq, SourceId, Style, Value};
use memchr::memchr2;
use smol_str::SmolStr;

/// Reads a text without a source under the default limits.
pub fn from_str(text: &str) -> Result<Value, ReadError> {
    read(text, SourceId::NONE, &Limits::default())
}

/// As [`from_str`] for bytes, which must be UTF-8.
pub fn from_slice(bytes: &[u8]) -> Result<Value, ReadError> {
    match std::str::from_utf8(bytes) {
        Ok(text) => from_str(text),
        Err(error) => Err(ReadError {
            place: Place::new(SourceId::NONE, error.valid_up_to() as u32),
            kind: ErrorKind::Utf8,
        }),
    }
}

/// Reads a text; places of the value point into `source`.
///
/// Costs one pass and one allocation for each object and array, and for each string of more than 23 bytes and each
/// uncommon name that was not read shortly before.
pub fn read(text: &str, source: SourceId, limits: &Limits) -> Result<Value, ReadError> {
    let reader = Reader {
        text,
        at: 0,
        source,
        depth: limits.depth,
        keys: Keys::new(text.len()),
        texts: Texts::new(text.len()),
        unescaped: String::new(),
    };
    let most = limits.file_bytes.min(u64::from(u32::MAX));
    if text.len() as u64 > most {
        return Err(reader.error(ErrorKind::TooLarge(most)));
    }
    reader.document()
}

struct Reader<'t> {
    text: &'t str,
    at: usize,
    source: SourceId,
    depth: usize,
    keys: Keys,
    texts: Texts,
    /// The last string with escapes.
    unescaped: String,
}

/// An object or array that has not ended.
enum Open {
    /// Where its entries begin among all entries, the key that waits for its value, and where it began.
    Object(usize, Option<Key>, Place),
    /// Where its items begin among all items, and where it began.
    Array(usize, Place),
}

/// What stands where a value is expected.
enum Begun {
    Value(Value),
    Object(Place),
    Array(Place),
}

impl Reader<'_> {
    fn document(mut self) -> Result<Value, ReadError> {
        let (mut open, mut entries, mut items) = (Vec::new(), Vec::new(), Vec::new());
        self.skip_blanks();
        loop {
            let mut value = match self.begin()? {
                Begun::Value(value) => value,
                Begun::Object(place) | Begun::Array(place) if open.len() >= self.depth => {
                    return Err(ReadError { place, kind: ErrorKind::TooDeep(self.depth) });
                }
                Begun::Object(place) => {
                    open.push(Open::Object(entries.len(), Some(self.key()?), place));
                    continue;
                }
                Begun::Array(place) => {
                    open.push(Open::Array(items.len(), place));
                    continue;
                }
            };
            // Ends what ends here.
            loop {
                self.skip_blanks();
                match open.last_mut() {
                    None if self.at == self.text.len() => return Ok(value),
                    None => return Err(self.error(ErrorKind::Trailing)),
                    Some(Open::Object(start, key, place)) => {
                        entries.extend(key.take().map(|key| Entry { key, value }));
                        if self.goes_on(b'}', ErrorKind::ExpectedCommaOrBrace)? {
                            let next = self.key()?;
                            if let Some(Open::Object(_, key, _)) = open.last_mut() {
                                *key = Some(next);
                            }
                            break;
                        }
                        value = Value::Map(Map::from_stack(&mut entries, *start, *place));
                    }
                    Some(Open::Array(start, place)) => {
                        items.push(value);
                        if self.goes_on(b']', ErrorKind::ExpectedCommaOrBracket)? {
                            break;
                        }
                        value = Value::Seq(Seq::from_stack(&mut items, *start, *place));
                    }
                }
                open.pop();
            }
        }
    }

    /// Reads a scalar, an empty object or array, or the bracket of another.
    fn begin(&mut self) -> Result<Begun, ReadError> {
        let place = self.place();
        let scalar = match self.peek() {
            Some(b'"') => Scalar::placed(ScalarKind::Str, self.string()?, Style::Double, place),
            Some(b'-' | b'0'..=b'9') => self.number(place)?,
            Some(b'{') => {
                self.at += 1;
                self.skip_blanks();
                if !self.skip(b'}') {
                    return Ok(Begun::Object(place));
                }
                return Ok(Begun::Value(Value::Map(Map::placed(Vec::new(), place))));
            }
            Some(b'[') => {
                self.at += 1;
                self.skip_blanks();
                if !self.skip(b']') {
                    return Ok(Begun::Array(place));
                }
                return Ok(Begun::Value(Value::Seq(Seq::placed(Vec::new(), place))));
            }
            Some(b't') => self.word("true", ScalarKind::Bool, place)?,
            Some(b'f') => self.word("false", ScalarKind::Bool, place)?,
            Some(b'n') => self.word("null", ScalarKind::Null, place)?,
            Some(_) => return Err(self.error(ErrorKind::ExpectedValue)),
            None => return Err(self.error(ErrorKind::UnexpectedEnd)),
        };
        Ok(Begun::Value(Value::Scalar(scalar)))
    }

    /// Reads a comma, which means that more follows, or the closing bracket.
    fn goes_on(&mut self, close: u8, otherwise: ErrorKind) -> Result<bool, ReadError> {
        if self.skip(b',') {
            self.skip_blanks();
            return Ok(true);
        }
        if self.skip(close) { Ok(false) } else { Err(self.error_or_end(otherwise)) }
    }

    /// Reads a key and its colon.
    fn key(&mut self) -> Result<Key, ReadError> {
        if self.peek() != Some(b'"') {
            return Err(self.error_or_end(ErrorKind::ExpectedKey));
        }
        let offset = self.at;
        let (start, end, escaped) = self.quoted()?;
        let text = if escaped { self.unescaped.as_str() } else { &self.text[start..end] };
        let key = self.keys.key(text, offset);
        self.skip_blanks();
        if !self.skip(b':') {
            return Err(self.error_or_end(ErrorKind::ExpectedColon));
        }
        self.skip_blanks();
        Ok(key)
    }

    fn string(&mut self) -> Result<SmolStr, ReadError> {
        let (start, end, escaped) = self.quoted()?;
        Ok(self.texts.text(if escaped { self.unescaped.as_str() } else { &self.text[start..end] }))
    }

    /// Reads a string: its place in the text, and whether it has escapes and so stands in `unescaped`.
    fn quoted(&mut self) -> Result<(usize, usize, bool), ReadError> {
        let start = self.at + 1;
        let mut escaped = false;
        self.at = start;
        loop {
            let rest = &self.text.as_bytes()[self.at..];
            let Some(length) = memchr2(b'"', b'\\', rest) else {
                self.at = self.text.len();
                return Err(self.error(ErrorKind::UnexpectedEnd));
            };
            let literal = self.at..self.at + length;
            if let Some(control) = rest[..length].iter().position(|byte| *byte < b' ') {
                self.at += control;
                return Err(self.error(ErrorKind::ControlCharacter));
            }
            let ends = rest[length] == b'"';
            if !ends && !escaped {
                escaped = true;
                self.unescaped.clear();
            }
            if escaped {
                self.unescaped.push_str(&self.text[literal.clone()]);
            }
            self.at = literal.end;
            if ends {
                self.at += 1;
                return Ok((start, literal.end, escaped));
            }
            let c = self.escape()?;
            self.unescaped.push(c);
        }
    }

    fn escape(&mut self) -> Result<char, ReadError> {
        let c = match self.text.as_bytes().get(self.at + 1) {
            Some(b'"') => '"',
            Some(b'\\') => '\\',
            Some(b'/') => '/',
            Some(b'b') => '\x08',
            Some(b'f') => '\x0c',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => return self.unicode_escape(),
            Some(_) => return Err(self.error(ErrorKind::Escape)),
            None => return Err(self.error(ErrorKind::UnexpectedEnd)),
        };
        self.at += 2;
        Ok(c)
    }

    fn unicode_escape(&mut self) -> Result<char, ReadError> {
        let unit = self.code_unit(self.at)?;
        let (code, length) = match unit {
            0xd800..=0xdbff => match self.code_unit(self.at + 6) {
                Ok(low @ 0xdc00..=0xdfff) => (0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00), 12),
                _ => return Err(self.error(ErrorKind::Surrogate)),
            },
            unit => (unit, 6),
        };
        let c = char::from_u32(code).ok_or_else(|| self.error(ErrorKind::Surrogate))?;
        self.at += length;
        Ok(c)
    }

    /// The number of an escape `\uXXXX` at `at`.
    fn code_unit(&self, at: usize) -> Result<u32, ReadError> {
        match self.text.as_bytes().get(at..at + 6) {
            Some([b'\\', b'u', digits @ ..]) if digits.iter().all(u8::is_ascii_hexdigit) => Ok(digits
                .iter()
                .fold(0, |code, digit| code * 16 + (*digit as char).to_digit(16).unwrap_or(0))),
            _ => Err(self.error(ErrorKind::Escape)),
        }
    }

    fn number(&mut self, place: Place) -> Result<Scalar, ReadError> {
        let start = self.at;
        self.skip(b'-');
        if self.skip(b'0') {
            if self.peek().is_some_and(|byte| byte.is_ascii_digit()) {
                return Err(self.error(ErrorKind::Number));
            }
        } else {
            self.digits()?;
        }
        let mut kind = ScalarKind::Int;
        if self.skip(b'.') {
            kind = ScalarKind::Float;
            self.digits()?;
        }
        if self.skip(b'e') || self.skip(b'E') {
            kind = ScalarKind::Float;
            let _ = self.skip(b'+') || self.skip(b'-');
            self.digits()?;
        }
        let text = &self.text[start..self.at];
        // As in YAML, integers beyond 64 bits are floats.
        if text.len() > 18 && kind == ScalarKind::Int && !is_64_bits(text) {
            kind = ScalarKind::Float;
        }
        Ok(Scalar::placed(kind, text, Style::Plain, place))
    }

    fn digits(&mut self) -> Result<(), ReadError> {
        let count = self.text.as_bytes()[self.at..].iter().take_while(|byte| byte.is_ascii_digit()).count();
        self.at += count;
        if count == 0 { Err(self.error_or_end(ErrorKind::Number)) } else { Ok(()) }
    }

    fn word(&mut self, word: &'static str, kind: ScalarKind, place: Place) -> Result<Scalar, ReadError> {
        if !self.text[self.at..].starts_with(word) {
            return Err(self.error(ErrorKind::ExpectedValue));
        }
        self.at += word.len();
        Ok(Scalar::placed(kind, SmolStr::new_static(word), Style::Plain, place))
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn skip(&mut self, byte: u8) -> bool {
        let is_next = self.peek() == Some(byte);
        self.at += usize::from(is_next);
        is_next
    }

    fn skip_blanks(&mut self) {
        while let Some(b' ' | b'\t' | b'\n' | b'\r') = self.peek() {
            self.at += 1;
        }
    }

    fn place(&self) -> Place {
        Place::new(self.source, self.at as u32)
    }

    fn error(&self, kind: ErrorKind) -> ReadError {
        ReadError { place: self.place(), kind }
    }

    fn error_or_end(&self, kind: ErrorKind) -> ReadError {
        self.error(if self.at < self.text.len() { kind } else { ErrorKind::UnexpectedEnd })
    }
}

fn is_64_bits(digits: &str) -> bool {
    digits.parse::<u64>().is_ok() || digits.parse::<i64>().is_ok()
}
