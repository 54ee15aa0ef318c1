//! Why a text could not be read: a kind with a stable code, and where.

use crate::value::Place;

/// A text that is not YAML in the dialect asked for.
///
/// `Display` gives what is wrong in lower case without the place; [`Sources::locate`](crate::Sources::locate) turns
/// the place into file, line and column.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("{kind}")]
pub struct ReadError {
    /// What is wrong.
    pub kind: ErrorKind,
    /// Where reading could not go on.
    pub place: Place,
    /// Where the construct begins that could not be finished: the opening quote, bracket or mapping.
    pub context: Option<Place>,
}

impl ReadError {
    /// An error at one place.
    #[must_use]
    pub fn new(kind: ErrorKind, place: Place) -> Self {
        Self { kind, place, context: None }
    }

    /// Stable identifier of the kind, in kebab-case.
    #[must_use]
    pub fn code(&self) -> &'static str {
        self.kind.code()
    }
}

/// What can be wrong with a text.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ErrorKind {
    /// Longer than [`Limits::file_bytes`](crate::Limits::file_bytes) or 4 GiB.
    #[error("{len} bytes, more than the limit of {limit}")]
    TooLarge {
        /// Bytes of the text.
        len: u64,
        /// The limit.
        limit: u64,
    },
    /// Bytes that are not UTF-8 (nor UTF-16 after its byte order mark).
    #[error("not valid {encoding}")]
    InvalidEncoding {
        /// `UTF-8` or `UTF-16`.
        encoding: &'static str,
    },
    /// A character that YAML forbids even in quotes: NUL, most C0 and C1 controls, DEL, U+FFFE, U+FFFF.
    #[error("control characters are not allowed: U+{:04X}", u32::from(*.0))]
    ControlCharacter(char),
    /// A tab where only spaces may indent.
    #[error("found a tab where only spaces may indent")]
    Tab,
    /// A character that starts nothing: `@`, `` ` ``, `%`.
    #[error("found character {0:?} that cannot start any token")]
    UnexpectedCharacter(char),
    /// A quoted text without its closing quote.
    #[error("found unexpected end of the text inside quotes")]
    UnterminatedQuote,
    /// `---` or `...` at the beginning of a line inside quotes.
    #[error("found a document marker inside quotes")]
    DocumentMarkerInQuotes,
    /// `\` with a character that is no escape; `\/` is none here, although JSON has it.
    #[error("found unknown escape \\{0}")]
    UnknownEscape(char),
    /// `\x`, `\u` or `\U` without enough hexadecimal digits, or naming a surrogate or no character at all.
    #[error("found an invalid Unicode character escape")]
    InvalidEscape,
    /// Something else than indicators and a comment after `|` or `>`.
    #[error("did not find the end of the line after the indicator of a block text")]
    BlockHeader,
    /// `|0`.
    #[error("found an indentation indicator equal to 0")]
    ZeroIndentation,
    /// A line of a block mapping that is indented between two levels or is no key.
    #[error("did not find expected key: bad indentation or a missing `:`")]
    ExpectedKey,
    /// A line of a block sequence that is indented between two levels or does not begin with `-`.
    #[error("did not find expected `-`: bad indentation of a sequence")]
    ExpectedDash,
    /// `: ` where no key can be: `a: b: c`.
    #[error("mapping values are not allowed in this context")]
    UnexpectedValue,
    /// `- ` where no sequence can begin: `a: - b`.
    #[error("block sequence entries are not allowed in this context")]
    UnexpectedDash,
    /// `? ` where no key can be.
    #[error("mapping keys are not allowed in this context")]
    UnexpectedKey,
    /// A line at the level of keys that has no `:`.
    #[error("could not find expected `:`")]
    MissingColon,
    /// `[` without its `]`, or items without a comma between them.
    #[error("did not find expected `,` or `]`")]
    UnclosedSequence,
    /// `{` without its `}`, or entries without a comma between them.
    #[error("did not find expected `,` or `}}`")]
    UnclosedMapping,
    /// An indicator where a value belongs.
    #[error("did not find expected node content")]
    ExpectedContent,
    /// `&` or `*` without a name, or a name with other characters than letters, digits, `-` and `_`.
    #[error("did not find a valid name of an anchor or alias")]
    AnchorName,
    /// A tag that does not follow the grammar.
    #[error("did not find a valid tag")]
    Tag,
    /// `!x!y` without a `%TAG` directive for `!x!`.
    #[error("found undefined tag handle {0}")]
    TagHandle(String),
    /// A directive that is unknown, repeated or malformed.
    #[error("found an invalid directive")]
    Directive,
    /// `%YAML` with another version than 1.1.
    #[error("found incompatible YAML document: only version 1.1 is read")]
    Version,
    /// Directives without a `---` after them.
    #[error("did not find expected document start `---`")]
    ExpectedDocumentStart,
    /// Text on the line of a `---`.
    #[error("invalid document separator: {0}")]
    DocumentSeparator(String),
    /// An alias without an anchor before it in the same document.
    #[error("unknown anchor {0:?} referenced")]
    UnknownAnchor(String),
    /// An alias inside the node that it stands for.
    #[error("anchor {0:?} contains itself")]
    AliasCycle(String),
    /// Aliases would add more nodes than [`Limits::alias_nodes`](crate::Limits::alias_nodes).
    #[error("aliases expand to more than {0} nodes")]
    AliasBudget(usize),
    /// `<<` with something else than a mapping, an alias of one, or a list of those.
    #[error("invalid map merge: `<<` requires a map or a sequence of maps")]
    MergeValue,
    /// `<<` twice in a mapping.
    #[error("duplicate merge key `<<`")]
    DuplicateMerge,
    /// A scalar that its tag does not allow: `!!int x`.
    #[error("cannot decode {text:?} as {tag}")]
    TagMismatch {
        /// The tag, short form.
        tag: String,
        /// The text.
        text: String,
    },
    /// `!!binary` that is not base64.
    #[error("!!binary value contains invalid base64 data")]
    Binary,
    /// A mapping or sequence as a key.
    #[error("invalid map key: a mapping or a sequence")]
    ComplexKey,
    /// A key that JSON has no form for: null or, with the kubectl dialect, an integer above 2⁶³-1.
    #[error("unsupported map key {0:?}")]
    UnsupportedKey(String),
    /// More levels than [`Limits::depth`](crate::Limits::depth).
    #[error("exceeded max depth of {0}")]
    Depth(usize),
    /// `items` of a list kind that is no sequence.
    #[error("expected a sequence in {0}/items")]
    ListItems(String),
}

impl ErrorKind {
    /// Stable identifier in kebab-case.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::TooLarge { .. } => "yaml-too-large",
            Self::InvalidEncoding { .. } => "yaml-encoding",
            Self::ControlCharacter(_) => "yaml-control-character",
            Self::Tab => "yaml-tab",
            Self::UnexpectedCharacter(_) => "yaml-unexpected-character",
            Self::UnterminatedQuote => "yaml-unterminated-quote",
            Self::DocumentMarkerInQuotes => "yaml-document-marker-in-quotes",
            Self::UnknownEscape(_) | Self::InvalidEscape => "yaml-escape",
            Self::BlockHeader | Self::ZeroIndentation => "yaml-block-header",
            Self::ExpectedKey | Self::ExpectedDash => "yaml-indentation",
            Self::UnexpectedValue | Self::UnexpectedDash | Self::UnexpectedKey => "yaml-unexpected-indicator",
            Self::MissingColon => "yaml-missing-colon",
            Self::UnclosedSequence | Self::UnclosedMapping => "yaml-unclosed",
            Self::ExpectedContent => "yaml-expected-content",
            Self::AnchorName => "yaml-anchor-name",
            Self::Tag | Self::TagHandle(_) => "yaml-tag",
            Self::Directive | Self::Version => "yaml-directive",
            Self::ExpectedDocumentStart => "yaml-document-start",
            Self::DocumentSeparator(_) => "yaml-document-separator",
            Self::UnknownAnchor(_) => "yaml-unknown-anchor",
            Self::AliasCycle(_) => "yaml-alias-cycle",
            Self::AliasBudget(_) => "yaml-alias-budget",
            Self::MergeValue | Self::DuplicateMerge => "yaml-merge",
            Self::TagMismatch { .. } => "yaml-tag-mismatch",
            Self::Binary => "yaml-binary",
            Self::ComplexKey | Self::UnsupportedKey(_) => "yaml-key",
            Self::Depth(_) => "yaml-depth",
            Self::ListItems(_) => "list-items",
        }
    }
}
