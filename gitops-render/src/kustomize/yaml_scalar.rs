//! Scalars as go-yaml v3 writes them: in the style they have, or in quotes where that style does not hold them.

use super::plain;
use gitops_core::{Key, Scalar, ScalarKind, Style};
use std::fmt::Write as _;

/// A key as it stands before its colon.
pub(super) fn key_text(key: &Key) -> String {
    let mut out = String::new();
    if key.as_str().is_empty() && !key.style().is_quoted() && key.kind() != ScalarKind::Str {
        return out;
    }
    let style = match key.style() {
        Style::Literal | Style::Folded => Style::Double,
        style => style,
    };
    push_scalar(&mut out, &Scalar::new(key.kind(), key.as_str(), style), 0, true);
    out
}

/// Writes a scalar whose line is indented by `indent`. Text that does not look like its type carries a tag, as go-yaml does.
pub(super) fn push_scalar(out: &mut String, scalar: &Scalar, indent: usize, in_flow: bool) {
    let text = scalar.text();
    let block = matches!(scalar.style(), Style::Literal | Style::Folded) && !in_flow && fits_block(text);
    match scalar.style() {
        Style::Literal if block => push_literal(out, text, indent),
        Style::Folded if block => push_folded(out, text, indent),
        Style::Single if fits_single(text) => push_single(out, text),
        Style::Plain => push_plain(out, scalar, indent, in_flow),
        _ => push_double(out, text),
    }
}

fn push_plain(out: &mut String, scalar: &Scalar, indent: usize, in_flow: bool) {
    let text = scalar.text();
    let looks = plain::kind(text);
    match scalar.kind() {
        ScalarKind::Str if text.contains('\n') && !in_flow && fits_block(text) => {
            push_literal(out, text, indent);
        }
        ScalarKind::Str if looks != ScalarKind::Str => push_double(out, text),
        ScalarKind::Null if text.is_empty() && !in_flow => {}
        kind => {
            if kind != looks && kind != ScalarKind::Str {
                let tag = match kind {
                    ScalarKind::Null => "!!null ",
                    ScalarKind::Bool => "!!bool ",
                    ScalarKind::Int => "!!int ",
                    ScalarKind::Float => "!!float ",
                    _ => "!!timestamp ",
                };
                out.push_str(tag);
            }
            if fits_plain(text, in_flow) {
                out.push_str(text);
            } else if fits_single(text) {
                push_single(out, text);
            } else {
                push_double(out, text);
            }
        }
    }
}

fn push_single(out: &mut String, text: &str) {
    let _ = write!(out, "'{}'", text.replace('\'', "''"));
}

fn push_double(out: &mut String, text: &str) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            '\r' => out.push_str("\\r"),
            '\0' => out.push_str("\\0"),
            '\u{7}' => out.push_str("\\a"),
            '\u{8}' => out.push_str("\\b"),
            '\u{b}' => out.push_str("\\v"),
            '\u{c}' => out.push_str("\\f"),
            '\u{1b}' => out.push_str("\\e"),
            '\u{85}' => out.push_str("\\N"),
            '\u{a0}' => out.push_str("\\_"),
            '\u{2028}' => out.push_str("\\L"),
            '\u{2029}' => out.push_str("\\P"),
            c if is_printable(c) => out.push(c),
            c if (c as u32) < 0x100 => {
                let _ = write!(out, "\\x{:02X}", c as u32);
            }
            c if (c as u32) < 0x1_0000 => {
                let _ = write!(out, "\\u{:04X}", c as u32);
            }
            c => {
                let _ = write!(out, "\\U{:08X}", c as u32);
            }
        }
    }
    out.push('"');
}

/// The header of a block: its mark, `2` if the text begins with a blank, and how it ends.
fn push_header(out: &mut String, text: &str, mark: char) {
    out.push(mark);
    if text.starts_with([' ', '\n']) {
        out.push('2');
    }
    let body = text.trim_end_matches('\n');
    match text.len() - body.len() {
        0 => out.push('-'),
        1 if !body.is_empty() => {}
        _ => out.push('+'),
    }
}

fn push_literal(out: &mut String, text: &str, indent: usize) {
    push_header(out, text, '|');
    for line in text.strip_suffix('\n').unwrap_or(text).split('\n') {
        out.push('\n');
        if !line.is_empty() {
            out.extend(std::iter::repeat_n(' ', indent + 2));
            out.push_str(line);
        }
    }
    out.push('\n');
}

/// Folded text gets one more line break at each break behind a line that begins with no blank. go-yaml looks at the
/// first character of the whole text to find that out for the next line, so the last break is doubled as well.
fn push_folded(out: &mut String, text: &str, indent: usize) {
    push_header(out, text, '>');
    out.push('\n');
    let doubles = !text.starts_with([' ', '\t', '\n']);
    let (mut after_break, mut leading_blank) = (true, true);
    for c in text.chars() {
        if c == '\n' {
            if doubles && !after_break && !leading_blank {
                out.push('\n');
            }
            out.push('\n');
            after_break = true;
            continue;
        }
        if after_break {
            out.extend(std::iter::repeat_n(' ', indent + 2));
            leading_blank = matches!(c, ' ' | '\t');
        }
        out.push(c);
        after_break = false;
    }
    if !after_break {
        out.push('\n');
    }
}

/// Characters that need no escape.
fn is_printable(c: char) -> bool {
    matches!(c, '\n' | ' '..='~' | '\u{a0}'..='\u{d7ff}' | '\u{e000}'..='\u{fffd}') && c != '\u{feff}'
}

fn fits_block(text: &str) -> bool {
    text.chars().all(is_printable) && !text.contains(" \n") && !text.ends_with(' ')
}

fn fits_single(text: &str) -> bool {
    !text.contains('\n') && text.chars().all(is_printable)
}

/// Whether a text can stand without quotes.
fn fits_plain(text: &str, in_flow: bool) -> bool {
    let mut chars = text.chars();
    let Some(first) = chars.next() else { return false };
    let second_blank = chars.next().is_none_or(char::is_whitespace);
    let bad_start = match first {
        '#' | ',' | '[' | ']' | '{' | '}' | '&' | '*' | '!' | '|' | '>' | '\'' | '"' | '%' | '@' | '`' => {
            true
        }
        '?' | ':' => in_flow || second_blank,
        '-' => second_blank,
        _ => false,
    };
    let flow_mark = |c| matches!(c, ',' | '?' | '[' | ']' | '{' | '}' | ':');
    !(bad_start
        || text.starts_with("---")
        || text.starts_with("...")
        || text.starts_with(' ')
        || text.ends_with([' ', ':'])
        || text.contains(": ")
        || text.contains(" #")
        || text.contains(":\t")
        || (in_flow && text.contains(flow_mark)))
        && fits_single(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scalars_are_quoted_where_needed() {
        for (kind, text, style, expected) in [
            (ScalarKind::Str, "a", Style::Plain, "a"),
            (ScalarKind::Str, "1", Style::Plain, "\"1\""),
            (ScalarKind::Str, "yes", Style::Plain, "yes"),
            (ScalarKind::Str, "git:", Style::Plain, "'git:'"),
            (ScalarKind::Str, "a: b", Style::Plain, "'a: b'"),
            (ScalarKind::Str, "-a", Style::Plain, "-a"),
            (ScalarKind::Str, "", Style::Plain, "\"\""),
            (ScalarKind::Str, "c", Style::Double, "\"c\""),
            (ScalarKind::Str, "it's", Style::Single, "'it''s'"),
            (ScalarKind::Int, "NEW", Style::Plain, "!!int NEW"),
            (ScalarKind::Null, "", Style::Plain, ""),
            (ScalarKind::Str, "a\nb", Style::Plain, "|-\n  a\n  b\n"),
            (ScalarKind::Str, "a\n\n", Style::Literal, "|+\n  a\n\n"),
            (ScalarKind::Str, "a\nb", Style::Folded, ">-\n  a\n\n  b\n"),
            (ScalarKind::Str, "a\tb", Style::Literal, "\"a\\tb\""),
        ] {
            assert_eq!(written(kind, text, style), expected);
        }
    }

    fn written(kind: ScalarKind, text: &str, style: Style) -> String {
        let mut out = String::new();
        push_scalar(&mut out, &Scalar::new(kind, text, style), 0, false);
        out
    }
}
