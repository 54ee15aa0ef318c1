//! Splitting the two spellings of field paths: `spec/template` of field specs and `spec.template` of replacements.
//!
//! ```
//! use gitops_render::kustomize::field_path::{split, split_brackets};
//! assert_eq!(split(r"metadata/annotations/a.io\/b", '/'), ["metadata", "annotations", "a.io/b"]);
//! assert_eq!(split_brackets("data.[a.b].[name=x.y]"), ["data", "a.b", "[name=x.y]"]);
//! ```

/// Splits at `delimiter`; a backslash before it keeps it. One leading delimiter is dropped.
#[must_use]
pub fn split(path: &str, delimiter: char) -> Vec<String> {
    let mut pieces = path.split(delimiter).peekable();
    if path.starts_with(delimiter) {
        pieces.next();
    }
    let mut parts: Vec<String> = Vec::new();
    for piece in pieces {
        match parts.last_mut() {
            Some(last) if last.ends_with('\\') => {
                last.pop();
                last.push(delimiter);
                last.push_str(piece);
            }
            _ => parts.push(piece.to_owned()),
        }
    }
    parts
}

/// Splits at dots except inside brackets. `[name=x]` keeps its brackets, `[a.b/c]` names a key and loses them.
///
/// A bracket is open only while its piece does not end with `]`, and an unclosed one takes the rest of the path.
#[must_use]
pub fn split_brackets(path: &str) -> Vec<String> {
    let mut parts = Vec::new();
    let mut pieces = split(path, '.').into_iter();
    while let Some(piece) = pieces.next() {
        if !piece.starts_with('[') || piece.ends_with(']') {
            parts.push(piece);
            continue;
        }
        let mut whole = piece;
        for next in pieces.by_ref() {
            whole.push('.');
            whole.push_str(&next);
            if next.ends_with(']') {
                break;
            }
        }
        let name = whole.trim_matches(['[', ']']);
        parts.push(if whole.contains('=') { whole } else { name.to_owned() });
    }
    parts
}

/// Splits off list indices: `ports[0]` becomes `ports` and `0`, as field paths of variables spell them.
#[must_use]
pub fn split_indices(path: &str) -> Vec<String> {
    let mut parts = Vec::new();
    for part in split_brackets(path) {
        let index = part.strip_suffix(']').and_then(|rest| rest.rsplit_once('['));
        match index {
            Some((name, digits)) if !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit()) => {
                if !name.is_empty() {
                    parts.push(name.to_owned());
                }
                parts.push(digits.to_owned());
            }
            _ => parts.push(part),
        }
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn indices_are_split_off() {
        for (path, parts) in [
            ("a.b[0].c", &["a", "b", "0", "c"][..]),
            ("a.[2]", &["a", "2"]),
            ("a[0][1]", &["a[0]", "1"]),
            ("a[x].b", &["a[x]", "b"]),
            ("", &[""]),
        ] {
            assert_eq!(split_indices(path), parts, "{path}");
        }
    }
}
