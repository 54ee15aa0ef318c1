//! What the text of a file says beyond its first document.

/// Where something follows the first document of a text that is read no further; comments do not count.
pub(super) fn after_first_document(text: &str) -> Option<usize> {
    let mut state = State::Before;
    let mut offset = 0;
    let flow_end = end_of_flow(text);
    for line in text.split_inclusive('\n') {
        let start = offset;
        offset += line.len();
        if flow_end.is_some_and(|end| start < end) {
            state = State::Inside;
            if offset < flow_end.unwrap_or_default() {
                continue;
            }
            // Whatever is behind the closing bracket on its line.
            state = State::After;
            let end = flow_end.unwrap_or_default();
            if let Some(found) = content(text.get(end..offset).unwrap_or_default()) {
                return Some(end + found);
            }
            continue;
        }
        let marker = ["---", "..."].into_iter().find(|marker| is_marker(line, marker));
        let rest = marker.map_or(line, |marker| line.strip_prefix(marker).unwrap_or_default());
        match (state, marker) {
            (State::Before, Some("---")) => state = State::Inside,
            (State::Inside, Some(_)) => state = State::After,
            (State::Before, None) if content(line).is_some() && !line.starts_with('%') => {
                state = State::Inside;
            }
            _ => {}
        }
        if state == State::After
            && let Some(found) = content(rest)
        {
            return Some(start + line.len() - rest.len() + found);
        }
    }
    None
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Before,
    Inside,
    After,
}

/// Whether a line is a document marker, with or without something behind it.
pub(super) fn is_marker(line: &str, marker: &str) -> bool {
    line.strip_prefix(marker).is_some_and(|rest| rest.is_empty() || rest.starts_with(char::is_whitespace))
}

/// Where a line has content: neither blank nor a comment.
fn content(line: &str) -> Option<usize> {
    let trimmed = line.trim_start();
    (!trimmed.is_empty() && !trimmed.starts_with('#')).then(|| line.len() - trimmed.len())
}

/// The end of a text's flow collection, where it begins with one, as JSON does.
fn end_of_flow(text: &str) -> Option<usize> {
    let begin = text.len() - text.trim_start().len();
    let bytes = text.as_bytes();
    if !matches!(bytes.get(begin), Some(b'{' | b'[')) {
        return None;
    }
    let (mut depth, mut quote, mut escaped) = (0_usize, None::<u8>, false);
    for (position, byte) in bytes.iter().enumerate().skip(begin) {
        match (quote, byte) {
            (Some(_), _) if escaped => escaped = false,
            (Some(b'"'), b'\\') => escaped = true,
            (Some(open), close) => quote = Some(open).filter(|open| open != close),
            (None, b'"') => quote = Some(b'"'),
            // An apostrophe opens quotes only where a scalar begins.
            (None, b'\'') if bytes.get(position.wrapping_sub(1)).is_none_or(|b| b" ,[{:\n".contains(b)) => {
                quote = Some(b'\'');
            }
            (None, b'{' | b'[') => depth += 1,
            (None, b'}' | b']') => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    return Some(position + 1);
                }
            }
            (None, _) => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::after_first_document;

    #[test]
    fn what_follows_the_first_document() {
        for (text, rest) in [
            ("a: 1\n", None),
            ("# x\n---\na: 1\n", None),
            ("%YAML 1.1\n---\na: 1\n", None),
            ("---\na: 1\n---\n", None),
            ("a: 1\n---\n# x\n", None),
            ("a: 1\n---\nb: 2\n", Some("b: 2")),
            ("---\n---\n  b: 2\n", Some("b: 2")),
            ("a: 1\n--- {b: 2}\n", Some("{b: 2}")),
            ("a: 1\n...\nb: 2\n", Some("b: 2")),
            ("a: |\n  ---\n  b\n", None),
            ("a: 1\n----\n", None),
            ("{\"a\": \"}\"}\n", None),
            ("{\"a\": \"\\\"}\"}\n{\"b\": 1}\n", Some("{\"b\": 1}")),
            ("{a: 1} # x\n", None),
            ("{a: it's}\n---\n", None),
            ("[\n1]\n---\nx\n", Some("x")),
            ("", None),
        ] {
            let found = after_first_document(text).map(|offset| text[offset..].trim_end());
            assert_eq!(found, rest, "{text:?}");
        }
    }
}
