//! What a scalar means, whatever its notation.

use super::{Number, Scalar, ScalarKind, Timestamp, base64};
use std::borrow::Cow;

/// The meaning of a scalar: the types that JSON has.
#[derive(Clone, PartialEq, Debug)]
pub enum Resolved<'a> {
    /// Nothing.
    Null,
    /// A boolean.
    Bool(bool),
    /// A number; integers beyond 64 bits are floats, as in Go.
    Number(Number),
    /// Text. Times are RFC 3339.
    Text(Cow<'a, str>),
}

impl Scalar {
    /// What the scalar means by its type, text and style.
    ///
    /// Quotes and blocks make text of any type, and so does text that the type does not fit (`abc` as an integer).
    ///
    /// ```
    /// use gitops_core::value::{Number, Resolved, Scalar, ScalarKind, Style};
    /// let mode = Scalar::new(ScalarKind::Int, "0644", Style::Plain);
    /// assert_eq!(mode.resolved(), Resolved::Number(Number::Int(420)));
    /// ```
    #[must_use]
    pub fn resolved(&self) -> Resolved<'_> {
        let text = self.text();
        if self.kind() == ScalarKind::Binary {
            return Resolved::Text(base64::decode(text).map_or(Cow::Borrowed(text), Cow::Owned));
        }
        if self.style().is_quoted() {
            return Resolved::Text(Cow::Borrowed(text));
        }
        match self.kind() {
            ScalarKind::Null => Resolved::Null,
            ScalarKind::Bool => Resolved::Bool(is_true(text)),
            ScalarKind::Int | ScalarKind::Float => {
                Number::parse(text).map_or(Resolved::Text(Cow::Borrowed(text)), Resolved::Number)
            }
            ScalarKind::Timestamp => {
                let time = Timestamp::parse(text).and_then(Timestamp::to_rfc3339);
                Resolved::Text(time.map_or(Cow::Borrowed(text), Cow::Owned))
            }
            ScalarKind::Str | ScalarKind::Binary => Resolved::Text(Cow::Borrowed(text)),
        }
    }
}

/// Whether a boolean in any spelling is true.
pub(crate) fn is_true(text: &str) -> bool {
    matches!(text.as_bytes().first(), Some(b't' | b'T' | b'y' | b'Y')) || text.eq_ignore_ascii_case("on")
}
