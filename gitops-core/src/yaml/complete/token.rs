//! The tokens of YAML, and how a text fails to be any.

use crate::value::Style;
use crate::yaml::error::ErrorKind;
use std::borrow::Cow;

/// An error with the offset where it was found and the offset where its construct begins.
pub(super) type Failure = (ErrorKind, usize, Option<usize>);
pub(super) type Result<T> = std::result::Result<T, Failure>;

/// A token and where it begins.
pub(super) struct Token<'a> {
    pub(super) kind: TokenKind<'a>,
    pub(super) start: usize,
    /// The flow level whose candidate for a key this token is.
    pub(super) candidate: Option<usize>,
}

impl Token<'_> {
    /// What follows the last token.
    pub(super) const END: Self = Self { kind: TokenKind::End, start: 0, candidate: None };
}

pub(super) enum TokenKind<'a> {
    End,
    Version {
        major: u8,
        minor: u8,
    },
    TagHandle {
        handle: &'a str,
        prefix: String,
    },
    DocumentStart,
    DocumentEnd,
    BlockSequence,
    BlockMapping,
    BlockEnd,
    FlowSequence,
    FlowSequenceEnd,
    FlowMapping,
    FlowMappingEnd,
    BlockEntry,
    FlowEntry,
    Key,
    Value,
    Alias(&'a str),
    Anchor(&'a str),
    /// An empty handle stands for a tag in full; the tag `!` has the suffix `!`.
    Tag {
        handle: &'a str,
        suffix: String,
    },
    Scalar {
        text: Cow<'a, str>,
        style: Style,
    },
}
