//! The tokens of YAML.

use crate::value::Style;
use std::borrow::Cow;

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
