//! What kustomize's way from node to output does to scalars before they are printed.
//!
//! A node is written by go-yaml v3, read again into Go values, written as JSON, and read by go-yaml v2, which prints
//! it. Four things change on that way:
//!
//! * Text without quotes takes the type that its tag and look say, and numbers and times their normal form.
//!   Quotes, `|` and `>` make a string of whatever is inside.
//! * Folded text (`>`) gains a line feed in front of a more indented line and in a kept tail, and loses one between
//!   plain lines where the text begins indented.
//! * U+0085 counts as a line break inside a JSON string: it becomes a space, blanks around it vanish.
//! * Characters that go-yaml v2 does not read are errors.

use super::quoting::{Content, is_printable};
use super::refusal::Refusal;
use super::{Dialect, resolve};
use crate::value::{Number, Scalar, ScalarKind, Style, Timestamp, base64};
use std::borrow::Cow;

/// A scalar on its way to output.
#[derive(Clone, PartialEq, Debug)]
pub(crate) enum Settled<'a> {
    Null,
    Bool(bool),
    /// An integer whose text is in normal form already.
    Digits(&'a str),
    Number(Number),
    Text(Cow<'a, str>, Content),
}

/// The scalar as it is printed.
pub(crate) fn settle(scalar: &Scalar) -> Result<Settled<'_>, Refusal> {
    match decode(scalar)? {
        Settled::Text(text, content) => receive(text, content),
        Settled::Number(Number::Float(x)) => Ok(Settled::Number(through_json(x))),
        settled => Ok(settled),
    }
}

/// A key, or any other text, as it is printed.
pub(super) fn settle_text(text: &str, style: Style) -> Result<Settled<'_>, Refusal> {
    match write(text, style)? {
        Settled::Text(text, content) => receive(text, content),
        settled => Ok(settled),
    }
}

/// Whether a string is printed as it is, which is so for nearly all.
pub(super) fn arrives_unchanged(content: Content, style: Style) -> bool {
    content.is_simple() && style != Style::Folded
}

/// The scalar as a Go value: written and read by go-yaml v3.
pub(crate) fn decode(scalar: &Scalar) -> Result<Settled<'_>, Refusal> {
    let (text, kind) = (scalar.text(), scalar.kind());
    match kind {
        ScalarKind::Str => write(text, scalar.style()),
        ScalarKind::Binary => {
            let text = base64::decode(text).ok_or_else(|| Refusal::Base64(text.to_owned()))?;
            let content = Content::of(&text);
            Ok(Settled::Text(Cow::Owned(text), content))
        }
        _ if scalar.style().is_quoted() => quoted(scalar),
        ScalarKind::Int if is_normal_integer(text) => Ok(Settled::Digits(text)),
        ScalarKind::Bool if text == "true" => Ok(Settled::Bool(true)),
        ScalarKind::Bool if text == "false" => Ok(Settled::Bool(false)),
        _ => typed(text, kind),
    }
}

/// A string, written and read by go-yaml v3.
fn write(text: &str, style: Style) -> Result<Settled<'_>, Refusal> {
    let content = Content::of(text);
    if arrives_unchanged(content, style) {
        return Ok(Settled::Text(Cow::Borrowed(text), content));
    }
    let is_block = match style {
        Style::Plain => content.has_line_feeds(),
        Style::Literal | Style::Folded => true,
        Style::Single | Style::Double => false,
    };
    if !is_block || !fits_block(text) {
        return Ok(Settled::Text(Cow::Borrowed(text), content));
    }
    if text.starts_with('\t') {
        return Err(Refusal::LeadingTab);
    }
    let text = if style == Style::Folded { Cow::Owned(refold(text)) } else { Cow::Borrowed(text) };
    let content = Content::of(&text);
    Ok(Settled::Text(text, content))
}

/// A string, written as JSON and read by go-yaml v2.
fn receive(text: Cow<'_, str>, content: Content) -> Result<Settled<'_>, Refusal> {
    if content.is_simple() {
        return Ok(Settled::Text(text, content));
    }
    if let Some(refused) = text.chars().find(|c| is_refused(*c)) {
        return Err(Refusal::ControlCharacter(refused));
    }
    if !text.contains(NEXT_LINE) {
        return Ok(Settled::Text(text, content));
    }
    let text = fold_next_lines(&text)?;
    let content = Content::of(&text);
    Ok(Settled::Text(Cow::Owned(text), content))
}

/// U+0085, a line break to YAML 1.1.
pub(super) const NEXT_LINE: char = '\u{85}';

/// Characters that JSON leaves alone and go-yaml v2 does not read.
fn is_refused(c: char) -> bool {
    matches!(c, '\u{7f}'..='\u{9f}' | '\u{fffe}' | '\u{ffff}') && c != NEXT_LINE
}

/// `-?[1-9][0-9]*` of up to 18 digits, or `0`.
fn is_normal_integer(text: &str) -> bool {
    match text.strip_prefix('-').unwrap_or(text).as_bytes() {
        [b'0'] => text.len() == 1,
        digits @ [b'1'..=b'9', ..] => digits.len() <= 18 && digits.iter().all(u8::is_ascii_digit),
        _ => false,
    }
}

/// What plain text without a tag is to go-yaml v3.
fn plain_kind(text: &str) -> ScalarKind {
    resolve(text, Dialect::Kustomize)
}

/// A quoted scalar with a type: a string where the type is what the text looks like, for then go-yaml v3 drops the
/// tag; otherwise the tag decides.
fn quoted(scalar: &Scalar) -> Result<Settled<'_>, Refusal> {
    match plain_kind(scalar.text()) {
        found if found == scalar.kind() => write(scalar.text(), scalar.style()),
        _ => typed(scalar.text(), scalar.kind()),
    }
}

/// A scalar of the type that its tag says.
fn typed(text: &str, kind: ScalarKind) -> Result<Settled<'_>, Refusal> {
    match (kind, plain_kind(text)) {
        (ScalarKind::Null, ScalarKind::Null) => Ok(Settled::Null),
        (ScalarKind::Bool, ScalarKind::Bool) => Ok(Settled::Bool(text.starts_with(['t', 'T']))),
        (ScalarKind::Int, ScalarKind::Int) => Ok(Number::parse(text).map_or(Settled::Null, Settled::Number)),
        (ScalarKind::Float, ScalarKind::Int | ScalarKind::Float) => match Number::parse(text) {
            Some(number) => finite(number.as_f64()),
            None => Ok(Settled::Null),
        },
        (ScalarKind::Timestamp, ScalarKind::Timestamp) => {
            let normal = Timestamp::parse(text).and_then(Timestamp::to_rfc3339);
            let normal = normal.ok_or_else(|| Refusal::OffsetTooLarge(text.to_owned()))?;
            let content = Content::of(&normal);
            Ok(Settled::Text(Cow::Owned(normal), content))
        }
        (ScalarKind::Str, _) => write(text, Style::Plain),
        (_, found) => Err(Refusal::OtherType { text: text.to_owned(), found, wanted: kind }),
    }
}

fn finite<'a>(x: f64) -> Result<Settled<'a>, Refusal> {
    match x {
        x if x.is_nan() => Err(Refusal::NotFinite("NaN")),
        f64::INFINITY => Err(Refusal::NotFinite("+Inf")),
        f64::NEG_INFINITY => Err(Refusal::NotFinite("-Inf")),
        x => Ok(Settled::Number(Number::Float(x))),
    }
}

/// A float after JSON: JSON prints it without a fraction where it has none, and go-yaml v2 reads an integer then.
fn through_json(x: f64) -> Number {
    if x.fract() != 0.0 || x.abs() >= 1e21 {
        return Number::Float(x);
    }
    let mut digits = Vec::with_capacity(24);
    crate::value::number::push_go_json(&mut digits, x);
    let integer = std::str::from_utf8(&digits).ok().and_then(Number::parse_v2);
    integer.unwrap_or(Number::Float(x))
}

/// Whether go-yaml v3 writes this as a block; otherwise as a double quoted string, which nothing changes.
fn fits_block(text: &str) -> bool {
    !text.is_empty()
        && !text.ends_with(' ')
        && !text.contains(" \n")
        && text.chars().all(|c| c == '\t' || is_printable(c))
}

/// Folded text after go-yaml v3 wrote and read it.
///
/// The writer doubles the first line feed behind each line that does not begin with a blank, if the *whole text*
/// does not begin with a blank (it should look at the next line). The reader drops one line feed of each run
/// between two lines that do not begin with blanks, and makes a space of a single one.
fn refold(text: &str) -> String {
    let is_indented = |line: &str| line.starts_with([' ', '\t']);
    let body = text.trim_start_matches('\n');
    let doubles = !body.is_empty() && !is_indented(body);
    let mut folded = String::with_capacity(text.len() + 8);
    folded.push_str(&text[..text.len() - body.len()]);
    let mut rest = body;
    while let Some(end) = rest.find('\n') {
        let (line, tail) = rest.split_at(end);
        let next = tail.trim_start_matches('\n');
        let feeds = tail.len() - next.len();
        let written = feeds + usize::from(doubles && !is_indented(line));
        let read = match (next.is_empty(), is_indented(line) || is_indented(next)) {
            // The end of the text: kept as written, but one final line feed stays one.
            (true, _) => {
                if feeds == 1 {
                    1
                } else {
                    written
                }
            }
            (false, true) => written,
            (false, false) => written - 1,
        };
        folded.push_str(line);
        if read == 0 {
            folded.push(' ');
        }
        folded.extend(std::iter::repeat_n('\n', read));
        rest = next;
    }
    folded.push_str(rest);
    folded
}

/// Text with U+0085 after go-yaml v2 read it from a JSON string, where it folds as a line break does.
fn fold_next_lines(text: &str) -> Result<String, Refusal> {
    let mut folded = String::with_capacity(text.len());
    let mut lines = text.split(NEXT_LINE);
    folded.push_str(lines.next().unwrap_or_default());
    let mut breaks = 0;
    let mut lines = lines.peekable();
    while let Some(line) = lines.next() {
        if breaks == 0 {
            folded.truncate(folded.trim_end_matches(' ').len());
        }
        breaks += 1;
        if is_document_indicator(line, lines.peek().is_none()) {
            return Err(Refusal::DocumentIndicator);
        }
        let content = line.trim_start_matches(' ');
        if content.is_empty() && lines.peek().is_some() {
            continue;
        }
        if breaks == 1 {
            folded.push(' ');
        }
        folded.extend(std::iter::repeat_n('\n', breaks - 1));
        folded.push_str(content);
        breaks = 0;
    }
    Ok(folded)
}

/// `---` or `...` before a blank or a line break; behind the last line stand the quotes.
fn is_document_indicator(line: &str, is_last: bool) -> bool {
    match line.strip_prefix("---").or_else(|| line.strip_prefix("...")) {
        Some("") => !is_last,
        Some(rest) => rest.starts_with(' '),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settled(kind: ScalarKind, text: &str, style: Style) -> String {
        match settle(&Scalar::new(kind, text, style)) {
            Ok(Settled::Text(text, _)) => format!("{text:?}"),
            Ok(Settled::Digits(text)) => text.to_owned(),
            Ok(Settled::Number(number)) => format!("{number:?}"),
            Ok(Settled::Bool(value)) => value.to_string(),
            Ok(Settled::Null) => "null".to_owned(),
            Err(error) => error.to_string(),
        }
    }

    #[test]
    fn type_text_and_style_decide() {
        use ScalarKind::{Bool, Float, Int, Null, Str, Timestamp};
        use Style::{Double, Literal, Plain, Single};
        for (kind, text, style, want) in [
            (Int, "5", Plain, "5"),
            (Int, "-5", Plain, "-5"),
            (Int, "-0", Plain, "Int(0)"),
            (Int, "0644", Plain, "Int(420)"),
            (Int, "18446744073709551615", Plain, "Uint(18446744073709551615)"),
            (Int, "5", Double, "\"5\""),
            (Int, "abc", Plain, "cannot decode !!str `abc` as a !!int"),
            (Int, "abc", Double, "cannot decode !!str `abc` as a !!int"),
            (Int, "5\n", Literal, "cannot decode !!str `5\n` as a !!int"),
            (Int, "1.5", Plain, "cannot decode !!float `1.5` as a !!int"),
            (Int, "", Plain, "cannot decode !!null `` as a !!int"),
            (Float, "5", Plain, "Int(5)"),
            (Float, "5", Double, "Int(5)"),
            (Float, "1.0", Plain, "Int(1)"),
            (Float, "1.0", Single, "\"1.0\""),
            (Float, "1e3", Plain, "Int(1000)"),
            (Float, "0.5", Plain, "Float(0.5)"),
            (Float, "-0.0", Plain, "Int(0)"),
            (Float, "1e19", Plain, "Uint(10000000000000000000)"),
            (Float, "12345678901234567890.0", Plain, "Uint(12345678901234567000)"),
            (Float, "-1e19", Plain, "Float(-1e19)"),
            (Float, "18446744073709551616", Plain, "Float(1.8446744073709552e19)"),
            (Float, ".inf", Plain, "json: unsupported value: +Inf"),
            (Float, ".nan", Plain, "json: unsupported value: NaN"),
            (Bool, "TRUE", Plain, "true"),
            (Bool, "yes", Plain, "cannot decode !!str `yes` as a !!bool"),
            (Bool, "true", Double, "\"true\""),
            (Null, "~", Plain, "null"),
            (Null, "", Plain, "null"),
            (Null, "~", Double, "\"~\""),
            (Timestamp, "2020-01-02", Plain, "\"2020-01-02T00:00:00Z\""),
            (Timestamp, "2020-01-02", Double, "\"2020-01-02\""),
            (Str, "5", Plain, "\"5\""),
            (Str, "\tx\n", Plain, &Refusal::LeadingTab.to_string()),
            (Str, "\tx\n", Double, "\"\\tx\\n\""),
            (Str, "\tx \n", Plain, "\"\\tx \\n\""),
            (Str, "a\u{7f}", Double, "control characters are not allowed (U+007F)"),
            (Str, "a \u{85}  b", Double, "\"a b\""),
            (Str, "c\u{85}\u{85}d\n", Double, "\"c\\nd\\n\""),
            (Str, "\u{85}foo\u{85}", Double, "\" foo \""),
            (Str, "b\u{85}--- c", Double, &Refusal::DocumentIndicator.to_string()),
            (Str, "b\u{85}...\u{85}c", Double, &Refusal::DocumentIndicator.to_string()),
            (Str, "b\u{85}...", Double, "\"b ...\""),
        ] {
            assert_eq!(settled(kind, text, style), want, "{kind:?} {text:?} {style:?}");
        }
    }

    #[test]
    fn folded_text_changes_as_in_go_yaml() {
        for (text, want) in [
            ("one\ntwo\n", "one\ntwo\n"),
            ("\nfoo bar\n baz\n\nqux\nquux\n", "\nfoo bar\n\n baz\n\nqux\nquux\n"),
            (" ind\naa\nbb\n", " ind\naa bb\n"),
            ("foo\nbar\n\n", "foo\nbar\n\n\n"),
            ("foo\n\n\nbar", "foo\n\n\nbar"),
            ("foo \n bar\n", "foo \n bar\n"),
            ("foo", "foo"),
            ("\n\n", "\n\n"),
            ("", ""),
        ] {
            assert_eq!(settled(ScalarKind::Str, text, Style::Folded), format!("{want:?}"));
        }
    }
}
