//! Why a text is no JSON, or a value cannot be written as JSON.

use crate::value::Place;
use crate::yaml::Refusal;
use std::io;

/// A text that is no JSON.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("{kind} at byte {}", .place.offset)]
pub struct ReadError {
    /// Where reading stopped.
    pub place: Place,
    /// Why.
    pub kind: ErrorKind,
}

/// What is wrong with a text.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The text ends inside a value.
    #[error("unexpected end of JSON")]
    UnexpectedEnd,
    /// No value begins so.
    #[error("expected a value")]
    ExpectedValue,
    /// A key must be a string.
    #[error("expected a key in double quotes")]
    ExpectedKey,
    /// Between a key and its value.
    #[error("expected `:`")]
    ExpectedColon,
    /// Behind an element of an object.
    #[error("expected `,` or `}}`")]
    ExpectedCommaOrBrace,
    /// Behind an element of an array.
    #[error("expected `,` or `]`")]
    ExpectedCommaOrBracket,
    /// Something follows the value.
    #[error("unexpected text after the value")]
    Trailing,
    /// A leading zero, a lone sign, a missing digit.
    #[error("invalid number")]
    Number,
    /// A backslash that begins no escape of JSON.
    #[error("invalid escape")]
    Escape,
    /// Half of a surrogate pair, which is no character.
    #[error("lone surrogate in an escape")]
    Surrogate,
    /// A character below U+0020 inside a string.
    #[error("control character in a string")]
    ControlCharacter,
    /// Bytes that are no UTF-8.
    #[error("invalid UTF-8")]
    Utf8,
    /// More levels than [`Limits::depth`](crate::Limits::depth).
    #[error("more than {0} levels")]
    TooDeep(usize),
    /// More bytes than [`Limits::file_bytes`](crate::Limits::file_bytes), or than places can count.
    #[error("more than {0} bytes")]
    TooLarge(u64),
}

/// A value that JSON cannot hold, or an output that failed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum WriteError {
    /// The output could not take the bytes.
    #[error("cannot write the value")]
    Io(#[from] io::Error),
    /// JSON knows no infinity and no NaN.
    #[error("json: unsupported value: {0}")]
    NotFinite(String),
    /// A key occurs twice or is no string where Go needs one, or a scalar does not read as its type.
    #[error("{0}")]
    Refused(Box<Refusal>),
}
