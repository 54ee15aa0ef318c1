//! From text to [`FieldPath`].

use super::{FieldPath, FieldPathError, Step};
use smol_str::SmolStr;
use std::iter::Peekable;
use std::str::{CharIndices, FromStr};

/// Whether a key may stand in a path without brackets or escapes.
pub(super) fn is_bare(key: &str) -> bool {
    !key.is_empty() && !key.contains(['.', '[', ']', '\\'])
}

impl FromStr for FieldPath {
    type Err = FieldPathError;

    fn from_str(text: &str) -> Result<Self, FieldPathError> {
        let mut steps = Vec::new();
        let mut chars = text.char_indices().peekable();
        // A dot must be followed by a step; one at the very start may be left alone (`.`), which is the root.
        let mut after_dot = false;
        while let Some(&(offset, c)) = chars.peek() {
            match c {
                '.' if after_dot => return Err(FieldPathError::EmptyKey { offset }),
                '.' => {
                    chars.next();
                    after_dot = true;
                    continue;
                }
                ']' => return Err(FieldPathError::Unopened { offset }),
                '[' => {
                    chars.next();
                    steps.push(bracket(&mut chars, offset)?);
                }
                _ => steps.push(Step::Key(bare_key(&mut chars))),
            }
            after_dot = false;
        }
        if after_dot && text.len() > 1 {
            return Err(FieldPathError::EmptyKey { offset: text.len() });
        }
        Ok(Self::new(steps))
    }
}

fn bare_key(chars: &mut Peekable<CharIndices<'_>>) -> SmolStr {
    let mut key = String::new();
    while let Some((_, c)) = chars.next_if(|(_, c)| !matches!(c, '.' | '[' | ']')) {
        match c {
            '\\' => key.extend(chars.next().map_or(Some('\\'), |(_, c)| Some(c))),
            c => key.push(c),
        }
    }
    key.into()
}

/// What stands in brackets; the opening one at `open` is read already.
fn bracket(chars: &mut Peekable<CharIndices<'_>>, open: usize) -> Result<Step, FieldPathError> {
    let unclosed = FieldPathError::Unclosed { offset: open };
    if let Some((_, quote)) = chars.next_if(|(_, c)| matches!(c, '"' | '\'')) {
        let Some((key, _)) = until(chars, quote) else { return Err(unclosed) };
        return match chars.next() {
            Some((_, ']')) => Ok(Step::Key(key.into())),
            _ => Err(unclosed),
        };
    }
    let Some((text, divider)) = until(chars, ']') else { return Err(unclosed) };
    if let Some((key, text)) = divider.and_then(|at| text.split_at_checked(at)) {
        // The divider is one byte, `=`.
        return Ok(Step::Where { key: key.into(), text: text.get(1..).unwrap_or_default().into() });
    }
    Ok(match text.as_str() {
        "" => return Err(FieldPathError::EmptyKey { offset: open }),
        "-" => Step::End,
        text => match text.parse() {
            Ok(index) if text.bytes().all(|b| b.is_ascii_digit()) => Step::Index(index),
            _ => Step::Key(text.into()),
        },
    })
}

/// The text up to `end`, without escapes, and the offset in it of the first `=` that was not escaped.
fn until(chars: &mut Peekable<CharIndices<'_>>, end: char) -> Option<(String, Option<usize>)> {
    let mut text = String::new();
    let mut divider = None;
    loop {
        match chars.next()?.1 {
            c if c == end => return Some((text, divider)),
            '\\' => text.push(chars.next()?.1),
            '=' => {
                divider = divider.or(Some(text.len()));
                text.push('=');
            }
            c => text.push(c),
        }
    }
}
