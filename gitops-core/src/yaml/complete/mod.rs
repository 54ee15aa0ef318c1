//! The reader that takes everything go-yaml takes, and refuses what it refuses.
//!
//! Three layers: [`text`] and [`scan`] make tokens, [`compose`] makes values of them. None recurses; the depth of a
//! document is a stack on the heap. The grammar is YAML 1.1 with go-yaml's deviations, which no parser crate follows:
//! parsers of YAML 1.2 refuse flow collections that are not indented, accept `\/`, and so on.

mod compose;
mod merge;
mod property;
mod scan;
mod tag;
mod text;
mod token;

use super::build::Builder;
use super::comment::Comment;
use super::error::ReadError;
use crate::limits::Limits;
use crate::value::Value;
use compose::Composer;
use scan::Scanner;
use text::Cursor;

/// A text to read and how.
pub(super) struct Job<'a> {
    pub(super) text: &'a str,
    /// Offset of the text in its file.
    pub(super) base: usize,
    pub(super) limits: Limits,
    pub(super) comments: bool,
    pub(super) final_break: bool,
}

/// The first document of a text with the comments that hold schemas; nothing where the text holds none.
pub(super) fn read(job: &Job<'_>, builder: Builder<'_>) -> Result<Option<(Value, Vec<Comment>)>, ReadError> {
    let cursor = Cursor::new(job.text, job.base, job.final_break);
    let scanner = Scanner::new(cursor, job.limits.depth, job.comments);
    let mut composer = Composer::new(scanner, builder, job.limits);
    let value = composer.document().map_err(|(kind, at, context)| builder.error(kind, at, context))?;
    Ok(value.map(|value| (value, composer.scanner.comments.take().unwrap_or_default())))
}
