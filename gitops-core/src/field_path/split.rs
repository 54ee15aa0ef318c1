//! How kustomize cuts paths into parts, which is not how [`FieldPath`](super::FieldPath) reads them.

/// Cuts a path at `delimiter`, where `\` before a delimiter keeps it; one leading delimiter is dropped.
///
/// Field specs are cut this way at `/`. The empty path is one empty part.
///
/// ```
/// use gitops_core::field_path::split_escaped;
/// assert_eq!(split_escaped(r"metadata/annotations/a.b\/c", '/'), ["metadata", "annotations", "a.b/c"]);
/// assert_eq!(split_escaped("/spec/ports[]", '/'), ["spec", "ports[]"]);
/// ```
#[must_use]
pub fn split_escaped(path: &str, delimiter: char) -> Vec<String> {
    let path = path.strip_prefix(delimiter).unwrap_or(path);
    let mut parts: Vec<String> = Vec::new();
    for piece in path.split(delimiter) {
        match parts.last_mut().filter(|part| part.ends_with('\\')) {
            Some(part) => {
                part.pop();
                part.push(delimiter);
                part.push_str(piece);
            }
            None => parts.push(piece.to_owned()),
        }
    }
    parts
}

/// Cuts a path as [`split_escaped`] does, but keeps together what stands in brackets.
///
/// Replacements and vars cut their field paths this way at `.`. A part that begins with `[` runs on to the next
/// part that ends with `]`, or to the end. Where several parts were joined so, the brackets stay if the text holds
/// a `=` (an element of a list) and go if not (a key of a map). A bracket inside one part is left as it is.
///
/// ```
/// use gitops_core::field_path::split_bracketed;
/// assert_eq!(split_bracketed("spec.env.[name=a.b].value", '.'), ["spec", "env", "[name=a.b]", "value"]);
/// assert_eq!(split_bracketed("metadata.labels.[a.b/c]", '.'), ["metadata", "labels", "a.b/c"]);
/// ```
#[must_use]
pub fn split_bracketed(path: &str, delimiter: char) -> Vec<String> {
    let mut parts = Vec::new();
    let mut open: Option<String> = None;
    for part in split_escaped(path, delimiter) {
        let closes = part.ends_with(']');
        let joined = match open.take() {
            Some(mut text) => {
                text.push(delimiter);
                text.push_str(&part);
                text
            }
            None if part.starts_with('[') && !closes => {
                open = Some(part);
                continue;
            }
            None => {
                parts.push(part);
                continue;
            }
        };
        if closes {
            parts.push(unwrap_key(joined));
        } else {
            open = Some(joined);
        }
    }
    parts.extend(open.map(unwrap_key));
    parts
}

fn unwrap_key(text: String) -> String {
    if text.contains('=') { text } else { text.trim_matches(['[', ']']).to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escaped() {
        for (path, parts) in [
            ("", &[""][..]),
            ("/", &[""]),
            ("//a", &["", "a"]),
            ("a/", &["a", ""]),
            (r"a\/b\/c", &["a/b/c"]),
            (r"a\\/b", &[r"a\/b"]),
            (r"a\", &[r"a\"]),
        ] {
            assert_eq!(split_escaped(path, '/'), parts, "{path}");
        }
    }

    #[test]
    fn bracketed() {
        for (path, parts) in [
            ("a.[b]", &["a", "[b]"][..]),
            ("a.[b.c].d", &["a", "b.c", "d"]),
            ("a.[b.c", &["a", "b.c"]),
            ("a.[", &["a", ""]),
            ("a.[x=b.c", &["a", "[x=b.c"]),
            (r"a.[b\.c]", &["a", "[b.c]"]),
            ("[a.[b].c]", &["a.[b", "c]"]),
        ] {
            assert_eq!(split_bracketed(path, '.'), parts, "{path}");
        }
    }
}
