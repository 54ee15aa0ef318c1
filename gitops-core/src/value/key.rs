//! Keys of maps: common names come from a compiled-in table, others are shared strings.

use super::common_keys;
use super::{ScalarKind, Style};
use smol_str::SmolStr;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

const NOT_COMMON: u16 = u16::MAX;

/// A key of a [`Map`](super::Map): 16 bytes, O(1) to clone.
///
/// A key has a type like any scalar, because `1:` is not `"1":`; nearly all are strings.
/// Two keys are equal when type and text are.
#[derive(Clone)]
pub struct Key {
    shared: Option<Arc<SmolStr>>,
    offset: u32,
    common: u16,
    kind: ScalarKind,
    style: Style,
}

impl Key {
    /// A string key. One table lookup; names outside the table cost an allocation.
    #[must_use]
    pub fn new(text: &str) -> Self {
        Self::typed(text, ScalarKind::Str, Style::Plain)
    }

    /// A key of any type.
    #[must_use]
    pub fn typed(text: &str, kind: ScalarKind, style: Style) -> Self {
        Self::common(text, kind, style)
            .unwrap_or_else(|| Self::from_shared(Arc::new(SmolStr::new(text)), kind, style))
    }

    /// A key with a name from the table of common ones.
    pub(crate) fn common(text: &str, kind: ScalarKind, style: Style) -> Option<Self> {
        let common = common_keys::find(text)?;
        Some(Self { shared: None, offset: 0, common, kind, style })
    }

    /// A key whose text is shared with other keys, for readers that meet the same name again and again.
    /// The text must not be in the table of common names; [`Key::new`] looks there.
    pub(crate) fn from_shared(text: Arc<SmolStr>, kind: ScalarKind, style: Style) -> Self {
        Self { shared: Some(text), offset: 0, common: NOT_COMMON, kind, style }
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match &self.shared {
            Some(text) => text,
            None => common_keys::name(self.common),
        }
    }

    /// Whether the text stands in the table of common names, which are all short, plain and ASCII.
    pub(crate) fn is_common(&self) -> bool {
        self.shared.is_none()
    }

    /// The type.
    #[must_use]
    pub fn kind(&self) -> ScalarKind {
        self.kind
    }

    /// The style in the source.
    #[must_use]
    pub fn style(&self) -> Style {
        self.style
    }

    /// Byte offset in the source of the map that the key was read with; 0 where unknown.
    #[must_use]
    pub fn offset(&self) -> u32 {
        self.offset
    }

    /// The same key at another offset.
    #[must_use]
    pub fn at(mut self, offset: u32) -> Self {
        self.offset = offset;
        self
    }

    /// Whether this is the string key `text`.
    #[must_use]
    pub fn is(&self, text: &str) -> bool {
        self.as_str() == text && self.kind == ScalarKind::Str
    }
}

impl PartialEq for Key {
    fn eq(&self, other: &Self) -> bool {
        self.kind == other.kind
            && match (&self.shared, &other.shared) {
                (None, None) => self.common == other.common,
                (Some(a), Some(b)) => Arc::ptr_eq(a, b) || a == b,
                _ => false,
            }
    }
}

impl Eq for Key {}

impl Hash for Key {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.as_str().hash(state);
        self.kind.hash(state);
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.as_str())
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl From<&str> for Key {
    fn from(text: &str) -> Self {
        Self::new(text)
    }
}

impl From<&String> for Key {
    fn from(text: &String) -> Self {
        Self::new(text)
    }
}

impl From<SmolStr> for Key {
    fn from(text: SmolStr) -> Self {
        Self::new(&text)
    }
}
