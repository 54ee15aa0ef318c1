//! Scalars: a type, the text that stood in the source, and how it was written.

use super::Place;
use smol_str::SmolStr;

/// The type that a reader gave a scalar.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
#[repr(u8)]
pub enum ScalarKind {
    /// `null`, `~` or nothing at all.
    Null = 0,
    /// A boolean; which words are booleans depends on the dialect.
    Bool = 1,
    /// An integer in any notation (`0644`, `0x1F`, `1_000`); the text keeps the notation.
    Int = 2,
    /// A floating point number.
    Float = 3,
    /// Text.
    Str = 4,
    /// A date or time that go-yaml v3 reads as a timestamp.
    Timestamp = 5,
    /// Bytes in base64 (`!!binary`); the text is the base64, the meaning is what it stands for.
    Binary = 6,
}

/// How a scalar was written. Matters where kustomize keeps a base's quotes, and for folded text.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
#[repr(u8)]
pub enum Style {
    /// Without quotes.
    #[default]
    Plain = 0,
    /// `'…'`
    Single = 1,
    /// `"…"`
    Double = 2,
    /// `|`
    Literal = 3,
    /// `>`
    Folded = 4,
}

impl Style {
    /// Whether text written this way is a string whatever it looks like.
    #[must_use]
    pub fn is_quoted(self) -> bool {
        self != Self::Plain
    }
}

/// Type, style and place of a node in eight bytes: `source:24 | kind:3 style:3 spare:2 | offset:32`.
#[derive(Clone, Copy, Default)]
pub(super) struct Meta(u64);

impl Meta {
    pub(super) const fn new(kind: ScalarKind, style: Style, place: Place) -> Self {
        Self(
            (place.source.number() as u64) << 40
                | (kind as u64) << 37
                | (style as u64) << 34
                | place.offset as u64,
        )
    }

    pub(super) const fn place(self) -> Place {
        Place::new(super::SourceId::new((self.0 >> 40) as u32), self.0 as u32)
    }

    /// The two bits between offset and style.
    const MARK: u64 = 1 << 33;
    const UNTYPED: u64 = 1 << 32;
    /// The same bit of a collection.
    const FLOW: u64 = Self::UNTYPED;

    fn is_marked(self) -> bool {
        self.0 & Self::MARK != 0
    }

    fn marked(self, marked: bool) -> Self {
        Self(if marked { self.0 | Self::MARK } else { self.0 & !Self::MARK })
    }

    fn is_untyped(self) -> bool {
        self.0 & Self::UNTYPED != 0
    }

    fn untyped(self) -> Self {
        Self(self.0 | Self::UNTYPED)
    }

    pub(super) fn is_flow(self) -> bool {
        self.0 & Self::FLOW != 0
    }

    pub(super) fn flow(self, flow: bool) -> Self {
        Self(if flow { self.0 | Self::FLOW } else { self.0 & !Self::FLOW })
    }

    pub(super) fn kind(self) -> ScalarKind {
        match (self.0 >> 37) & 7 {
            0 => ScalarKind::Null,
            1 => ScalarKind::Bool,
            2 => ScalarKind::Int,
            3 => ScalarKind::Float,
            5 => ScalarKind::Timestamp,
            6 => ScalarKind::Binary,
            _ => ScalarKind::Str,
        }
    }

    pub(super) fn style(self) -> Style {
        match (self.0 >> 34) & 7 {
            1 => Style::Single,
            2 => Style::Double,
            3 => Style::Literal,
            4 => Style::Folded,
            _ => Style::Plain,
        }
    }
}

/// A leaf: text with its type and style.
///
/// The text is what the source says once quotes, escapes and folds are undone: `0644` stays `0644`
/// with type [`ScalarKind::Int`]. A null made from nothing has empty text.
#[derive(Clone)]
pub struct Scalar {
    text: SmolStr,
    meta: Meta,
}

impl Scalar {
    /// A scalar of this type, text and style, without a place.
    #[must_use]
    pub fn new(kind: ScalarKind, text: impl Into<SmolStr>, style: Style) -> Self {
        Self::placed(kind, text, style, Place::NONE)
    }

    /// A scalar read from `place`.
    #[must_use]
    pub fn placed(kind: ScalarKind, text: impl Into<SmolStr>, style: Style, place: Place) -> Self {
        Self { text: text.into(), meta: Meta::new(kind, style, place) }
    }

    /// `null`.
    #[must_use]
    pub const fn null() -> Self {
        Self {
            text: SmolStr::new_static("null"),
            meta: Meta::new(ScalarKind::Null, Style::Plain, Place::NONE),
        }
    }

    /// A string; plain style, which the writer quotes where that is needed.
    #[must_use]
    pub fn string(text: impl Into<SmolStr>) -> Self {
        Self::new(ScalarKind::Str, text, Style::Plain)
    }

    /// The type.
    #[must_use]
    pub fn kind(&self) -> ScalarKind {
        self.meta.kind()
    }

    /// The style in the source.
    #[must_use]
    pub fn style(&self) -> Style {
        self.meta.style()
    }

    /// The text.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The text as a shared string; O(1).
    #[must_use]
    pub fn shared_text(&self) -> &SmolStr {
        &self.text
    }

    /// Where it was read.
    #[must_use]
    pub fn place(&self) -> Place {
        self.meta.place()
    }

    /// Replaces the text; type, style and place stay.
    pub fn set_text(&mut self, text: impl Into<SmolStr>) {
        self.text = text.into();
    }

    /// Replaces the type; text, style and place stay.
    pub fn set_kind(&mut self, kind: ScalarKind) {
        self.meta = Meta::new(kind, self.style(), self.place());
    }

    /// Replaces the style; text, type and place stay.
    pub fn set_style(&mut self, style: Style) {
        self.meta = Meta::new(self.kind(), style, self.place());
    }

    /// Replaces the place.
    pub fn set_place(&mut self, place: Place) {
        let untyped = self.is_untyped();
        self.meta = Meta::new(self.kind(), self.style(), place);
        if untyped {
            self.set_untyped();
        }
    }

    /// Whether the scalar carries a mark. Readers set none; what it means is up to whoever set it.
    #[must_use]
    pub fn is_marked(&self) -> bool {
        self.meta.is_marked()
    }

    /// Sets or takes away the mark. It takes no part in equality, and a new type, style or place takes it away.
    pub fn set_marked(&mut self, marked: bool) {
        self.meta = self.meta.marked(marked);
    }

    /// Whether the type is only what the text looks like, so that who sets another text should look again. Readers
    /// never leave a type open.
    #[must_use]
    pub fn is_untyped(&self) -> bool {
        self.meta.is_untyped()
    }

    /// Leaves the type open. It takes no part in equality, and a new type or style settles it.
    pub fn set_untyped(&mut self) {
        self.meta = self.meta.untyped();
    }

    /// Whether this is a value that was left out: the null that is made from nothing, not one that is written.
    #[must_use]
    pub fn is_left_out(&self) -> bool {
        self.kind() == ScalarKind::Null && self.text.is_empty()
    }

    /// Same type and text, whatever the style and place.
    #[must_use]
    pub fn same(&self, other: &Self) -> bool {
        self.kind() == other.kind() && (self.kind() == ScalarKind::Null || self.text == other.text)
    }
}

impl std::fmt::Debug for Scalar {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.kind() {
            ScalarKind::Str => write!(f, "{:?}", self.text),
            kind => write!(f, "{kind:?}({})", self.text),
        }
    }
}
