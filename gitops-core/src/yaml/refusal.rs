//! Why a value cannot be printed.

use crate::value::ScalarKind;
use std::{fmt, io};

/// A value was refused, or the output failed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum WriteError {
    /// The output could not take the bytes.
    #[error("cannot write the manifest")]
    Io(#[from] io::Error),
    /// A field cannot be printed.
    #[error("{0}")]
    Refused(Box<Refused>),
}

/// The field that cannot be printed, and why.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Refused {
    /// Path of the field, such as `spec.containers[0].image`; empty for the document as a whole. Names that hold
    /// a dot stand in brackets: `metadata.labels[app.kubernetes.io/name]`.
    pub path: String,
    /// What is wrong with it.
    pub reason: Refusal,
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.path.as_str() {
            "" => self.reason.fmt(f),
            path => write!(f, "{path}: {}", self.reason),
        }
    }
}

/// What kustomize cannot print. Messages quote its own where it has one.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Refusal {
    /// A map holds a key twice; the types of both do not matter.
    #[error("mapping key \"{0}\" already defined")]
    DuplicateKey(String),
    /// A map below the root holds a key that is no string, such as `1` or `true` without quotes.
    #[error(
        "json: unsupported type: map[interface {{}}]interface {{}} (the key `{0}` is not a string; quote it)"
    )]
    KeyNotString(String),
    /// The root holds a null key, which go-yaml reports as a duplicate.
    #[error("mapping key \"{0}\" already defined (a null key)")]
    NullKey(String),
    /// A key's JSON text, quotes and escapes included, has more than 1024 characters.
    #[error("a key of more than 1024 characters")]
    KeyTooLong,
    /// A key holds U+0085, which go-yaml v2 takes for a line break.
    #[error("the key {0:?} holds a line break (U+0085)")]
    KeyWithLineBreak(String),
    /// The text of a `!!binary` scalar is no base64.
    #[error("!!binary value contains invalid base64 data: `{0}`")]
    Base64(String),
    /// The text does not read as the scalar's type.
    #[error("cannot decode !!{} `{text}` as a !!{}", tag(*found), tag(*wanted))]
    OtherType {
        /// The text.
        text: String,
        /// What the text reads as.
        found: ScalarKind,
        /// The scalar's type.
        wanted: ScalarKind,
    },
    /// Infinity or NaN, which JSON does not know.
    #[error("json: unsupported value: {0}")]
    NotFinite(&'static str),
    /// A timestamp whose offset from UTC is 24 hours or more.
    #[error("the offset of the timestamp `{0}` is outside of 23 hours")]
    OffsetTooLarge(String),
    /// U+007F, U+0080 to U+009F other than U+0085, U+FFFE or U+FFFF.
    #[error("control characters are not allowed (U+{:04X})", *.0 as u32)]
    ControlCharacter(char),
    /// A block scalar begins with a tab, which go-yaml cannot read back.
    #[error("found a tab character where an indentation space is expected (the text begins with a tab)")]
    LeadingTab,
    /// `---` or `...` behind U+0085, which go-yaml v2 takes for a line break.
    #[error("found unexpected document indicator (behind U+0085)")]
    DocumentIndicator,
}

/// The name that YAML has for a type.
fn tag(kind: ScalarKind) -> &'static str {
    match kind {
        ScalarKind::Null => "null",
        ScalarKind::Bool => "bool",
        ScalarKind::Int => "int",
        ScalarKind::Float => "float",
        ScalarKind::Str => "str",
        ScalarKind::Timestamp => "timestamp",
        ScalarKind::Binary => "binary",
    }
}

impl WriteError {
    pub(super) fn refused(path: String, reason: Refusal) -> Self {
        Self::Refused(Box::new(Refused { path, reason }))
    }

    /// The field at fault; nothing for failures of the output.
    #[must_use]
    pub fn refusal(&self) -> Option<&Refused> {
        match self {
            Self::Refused(refused) => Some(refused),
            Self::Io(_) => None,
        }
    }
}
