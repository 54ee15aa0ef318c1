//! Comments that carry a schema for the field on their line.

use smol_str::SmolStr;

/// A comment that holds a JSON object, such as `# {"items":{"$ref":"#/definitions/…"}}`.
///
/// kustomize reads such a comment behind a field as the field's schema; the node it belongs to is the one whose place
/// lies on the same line.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Comment {
    /// Byte offset of the `#` in the source.
    pub offset: u32,
    /// The text after `#` without blanks around it.
    pub text: SmolStr,
}

impl Comment {
    /// The comment, if it holds `{"`. `comment` begins with `#`.
    pub(super) fn with_schema(comment: &str, offset: usize) -> Option<Self> {
        let text = comment.trim_start_matches('#').trim();
        text.contains("{\"").then(|| Self { offset: offset as u32, text: SmolStr::new(text) })
    }
}

/// Whether some line of a text has a `#` and behind it `{"`.
pub(super) fn may_hold_schema(text: &str) -> bool {
    let bytes = text.as_bytes();
    memchr::memmem::find_iter(bytes, b"{\"").any(|found| {
        let line = memchr::memrchr(b'\n', &bytes[..found]).map_or(0, |line_end| line_end + 1);
        memchr::memchr(b'#', &bytes[line..found]).is_some()
    })
}
