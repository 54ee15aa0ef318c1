//! Diagnostics drawn like a compiler's.

use super::Shown;
use annotate_snippets::{AnnotationKind, Element, Group, Level, Origin, Renderer, Snippet};
use gitops::Severity;
use std::borrow::Cow;
use std::fmt::Write;
use std::ops::Range;

/// A line that is longer in bytes is not shown.
const LINE_LIMIT: usize = 4_096;
/// Steps on the way to a fault that are shown.
const WAY_LIMIT: usize = 8;
/// Roots that are named.
const ROOT_LIMIT: usize = 5;

/// All diagnostics, an empty line between two.
pub(super) fn drawn(diagnostics: &[Shown<'_>], color: bool) -> String {
    let renderer = if color { Renderer::styled() } else { Renderer::plain() };
    let mut text = String::new();
    for diagnostic in diagnostics {
        text.push_str(&renderer.render(&[group(diagnostic)]));
        text.push_str("\n\n");
    }
    text.truncate(text.trim_end().len());
    text.push('\n');
    text
}

fn group<'a>(shown: &'a Shown<'_>) -> Group<'a> {
    let level = match shown.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Note => Level::NOTE,
    };
    let mut group = level.primary_title(shown.message).id(shown.code).elements(origin(shown));
    for step in shown.way.iter().take(WAY_LIMIT) {
        group = group.element(Level::NOTE.message(format!("while {}", clean(step))));
    }
    if shown.way.len() > WAY_LIMIT {
        group = group.element(Level::NOTE.message(format!("and {} steps more", shown.way.len() - WAY_LIMIT)));
    }
    if !shown.also.is_empty() {
        group = group.element(Level::NOTE.message(also(&shown.also)));
    }
    match shown.help {
        Some(help) => group.element(Level::HELP.message(clean(help))),
        None => group,
    }
}

/// Where it is, with the line where that is known.
fn origin<'a>(shown: &'a Shown<'_>) -> Option<Element<'a>> {
    let file = shown.file.as_deref()?;
    let Some(line) = shown.line else { return Some(Origin::path(file).into()) };
    let text = shown.source.as_deref().and_then(|source| source.lines().nth(line as usize - 1));
    match text.filter(|text| text.len() <= LINE_LIMIT) {
        Some(text) => {
            let mark = AnnotationKind::Primary.span(span(text, shown.column as usize));
            Some(Snippet::source(text).path(file).line_start(line as usize).annotation(mark).into())
        }
        None => Some(Origin::path(file).line(line as usize).char_column(shown.column as usize).into()),
    }
}

/// Bytes of the word that begins in a column, counted from 1.
fn span(line: &str, column: usize) -> Range<usize> {
    let start = line.char_indices().nth(column.saturating_sub(1)).map_or(line.len(), |(at, _)| at);
    let rest = line.get(start..).unwrap_or_default();
    let end = rest.find(char::is_whitespace).unwrap_or(rest.len());
    // The colon behind a key is not of interest.
    let word = rest.get(..end).unwrap_or_default();
    let word = word.strip_suffix(':').filter(|word| !word.is_empty()).unwrap_or(word);
    start..start + word.len().max(rest.chars().next().map_or(0, char::len_utf8))
}

fn also(roots: &[String]) -> String {
    let mut text = String::from("the same in ");
    for (at, root) in roots.iter().take(ROOT_LIMIT).enumerate() {
        // Writing to a string does not fail.
        let _ = write!(text, "{}{}", if at == 0 { "" } else { ", " }, clean(root));
    }
    if roots.len() > ROOT_LIMIT {
        let _ = write!(text, " and {} more", roots.len() - ROOT_LIMIT);
    }
    text
}

/// Keeps texts from files from speaking to the terminal.
fn clean(text: &str) -> Cow<'_, str> {
    let speaks = |c: char| c.is_control() && c != '\n';
    if text.contains(speaks) { text.replace(speaks, "\u{fffd}").into() } else { text.into() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_word_in_a_column_is_marked() {
        for (line, column, word) in [
            ("resources: []", 1, "resources"),
            ("- ../base  # x", 3, "../base"),
            ("a: 'é'", 4, "'é'"),
            ("\tkey: 1", 1, "\t"),
            (": x", 1, ":"),
            ("a:", 3, ""),
            ("a", 9, ""),
            ("", 0, ""),
        ] {
            assert_eq!(&line[span(line, column)], word, "{line:?}:{column}");
        }
    }
}
