//! Field paths of variables, which spell list indices in a way of their own.

use gitops_core::field_path::split_bracketed;

/// Splits at dots and splits off list indices: `ports[0].name` becomes `ports`, `0` and `name`.
pub(super) fn split_indices(path: &str) -> Vec<String> {
    let mut parts = Vec::new();
    for part in split_bracketed(path, '.') {
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
