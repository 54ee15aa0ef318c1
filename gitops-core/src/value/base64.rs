//! Texts of `!!binary`, decoded as Go does: line ends are skipped, padding is required.

/// The decoded text; each byte that is not UTF-8 becomes U+FFFD. Nothing where this is no base64.
pub(crate) fn decode(text: &str) -> Option<String> {
    let mut digits = text.bytes().filter(|byte| !matches!(byte, b'\r' | b'\n'));
    let mut bytes = Vec::with_capacity(text.len() / 4 * 3);
    let mut padded = false;
    while let Some(first) = digits.next() {
        if padded {
            return None;
        }
        let group = [first, digits.next()?, digits.next()?, digits.next()?];
        let length = match group {
            [_, _, b'=', b'='] => 2,
            [_, _, _, b'='] => 3,
            _ => 4,
        };
        padded = length < 4;
        let mut bits = 0u32;
        for &byte in &group[..length] {
            bits = bits << 6 | u32::from(digit(byte)?);
        }
        bits <<= 6 * (4 - length as u32);
        bytes.extend_from_slice(&bits.to_be_bytes()[1..length]);
    }
    Some(lossy(&bytes))
}

fn digit(byte: u8) -> Option<u8> {
    Some(match byte {
        b'A'..=b'Z' => byte - b'A',
        b'a'..=b'z' => byte - b'a' + 26,
        b'0'..=b'9' => byte - b'0' + 52,
        b'+' => 62,
        b'/' => 63,
        _ => return None,
    })
}

/// Go replaces byte by byte where Rust replaces the longest beginning of a character.
fn lossy(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        text.extend(std::iter::repeat_n('\u{FFFD}', chunk.invalid().len()));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::decode;

    #[test]
    fn decoding() {
        let table = [
            ("aGk=", Some("hi")),
            ("aGVs\nbG8=", Some("hello")),
            ("", Some("")),
            ("gIE=", Some("\u{FFFD}\u{FFFD}")),
            ("aGk", None),
            ("aG k=", None),
            ("aGk=aGk=", None),
            ("a===", None),
        ];
        for (text, decoded) in table {
            assert_eq!(decode(text).as_deref(), decoded, "{text:?}");
        }
    }
}
