//! The three sources of generated data: literals, files, and files of `KEY=value` lines.
//!
//! ```
//! use gitops_render::kustomize::generate::key_values::{env_file, file_source, literal};
//! assert_eq!(literal("a=\"b=c\"").unwrap(), ("a", "b=c"));
//! assert_eq!(file_source("conf/app.ini").unwrap(), ("app.ini", "conf/app.ini"));
//! let pairs = env_file(b"# database\nUSER=admin\n", &mut |_| ()).unwrap();
//! assert_eq!(pairs, [("USER".into(), "admin".into())]);
//! ```
//!
//! Lines of an env file: leading white space is dropped and trailing is kept; `#` begins a comment only where the
//! line begins; quotes are part of the value, `export` of the key; without `=` the value is empty. A byte order mark
//! is dropped from the first line. A line of 64 KiB or more ends the file silently, as it overflows the original's
//! buffer.

use smol_str::SmolStr;

/// A source that is not of the form it must have.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum SourceError {
    /// A literal without a key or `=`.
    #[error("invalid literal source {0}, expected key=value")]
    Literal(SmolStr),
    /// `=path`.
    #[error("missing key name for file path \"{path}\" in source \"{source_text}\"")]
    NoKey {
        /// The path.
        path: SmolStr,
        /// The whole source.
        source_text: SmolStr,
    },
    /// `key=`.
    #[error("missing file path for key name \"{key}\" in source \"{source_text}\"")]
    NoPath {
        /// The key.
        key: SmolStr,
        /// The whole source.
        source_text: SmolStr,
    },
    /// More than one `=`.
    #[error("source \"{0}\" key name or file path contains '='")]
    Ambiguous(SmolStr),
    /// A line of an env file that is not UTF-8; lines count from 1.
    #[error("line {0} has invalid utf8 bytes")]
    NotUtf8(usize),
}

/// What became of a line of an env file, unlike what its author may have meant; lines count from 1.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum EnvNote {
    /// The line is too long: it and all after it are dropped.
    TooLong(usize),
    /// The line has a value without a key, and is dropped.
    NoKey(usize),
    /// The line has no `=`: its value is empty.
    NoValue(usize),
    /// The key begins with `export`, which becomes part of it.
    Export(usize),
    /// The value is in quotes, which become part of it.
    Quoted(usize),
}

/// Splits `key=value` at the first `=`, and takes one pair of equal quotes off the value.
pub fn literal(source: &str) -> Result<(&str, &str), SourceError> {
    match source.split_once('=') {
        Some((key, value)) if !key.is_empty() => Ok((key, without_quotes(value))),
        _ => Err(SourceError::Literal(source.into())),
    }
}

fn without_quotes(text: &str) -> &str {
    let inside = |quote| text.strip_prefix(quote).and_then(|rest| rest.strip_suffix(quote));
    inside('"').or_else(|| inside('\'')).unwrap_or(text)
}

/// Key and path of `path` (the key is its last part) or `key=path`.
pub fn file_source(source: &str) -> Result<(&str, &str), SourceError> {
    let Some((key, path)) = source.split_once('=') else { return Ok((base_name(source), source)) };
    if path.contains('=') {
        return Err(SourceError::Ambiguous(source.into()));
    }
    match (key.is_empty(), path.is_empty()) {
        (true, _) => Err(SourceError::NoKey { path: path.into(), source_text: source.into() }),
        (_, true) => Err(SourceError::NoPath { key: key.into(), source_text: source.into() }),
        _ => Ok((key, path)),
    }
}

/// Go's `path.Base`.
fn base_name(path: &str) -> &str {
    let trimmed = path.trim_end_matches('/');
    match (path.is_empty(), trimmed.is_empty()) {
        (true, _) => ".",
        (_, true) => "/",
        _ => trimmed.rsplit_once('/').map_or(trimmed, |(_, base)| base),
    }
}

/// The longest line that the original's scanner holds, without its end.
const MAX_LINE: usize = 64 * 1024 - 1;

/// Keys and values of an env file, in order.
pub fn env_file(
    content: &[u8],
    note: &mut dyn FnMut(EnvNote),
) -> Result<Vec<(SmolStr, SmolStr)>, SourceError> {
    let mut pairs = Vec::new();
    for (index, line) in content.split(|b| *b == b'\n').enumerate() {
        let number = index + 1;
        if line.len() > MAX_LINE {
            note(EnvNote::TooLong(number));
            break;
        }
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        let line = std::str::from_utf8(line).map_err(|_| SourceError::NotUtf8(number))?;
        let line = if index == 0 { line.strip_prefix('\u{feff}').unwrap_or(line) } else { line };
        let line = line.trim_start();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let (key, value) = match line.split_once('=') {
            Some(("", _)) => {
                note(EnvNote::NoKey(number));
                continue;
            }
            Some(pair) => pair,
            None => {
                note(EnvNote::NoValue(number));
                (line, "")
            }
        };
        if key.starts_with("export ") {
            note(EnvNote::Export(number));
        }
        if without_quotes(value).len() < value.len() {
            note(EnvNote::Quoted(number));
        }
        pairs.push((key.into(), value.into()));
    }
    Ok(pairs)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn literals_lose_one_pair_of_quotes() {
        for (source, expected) in [
            ("a=b", Some(("a", "b"))),
            ("a=", Some(("a", ""))),
            ("a=b=c", Some(("a", "b=c"))),
            ("a=\"b\"", Some(("a", "b"))),
            ("a='b'", Some(("a", "b"))),
            ("a=''b''", Some(("a", "'b'"))),
            ("a='b\"", Some(("a", "'b\""))),
            ("a='", Some(("a", "'"))),
            ("a=''", Some(("a", ""))),
            ("=b", None),
            ("a", None),
            ("", None),
        ] {
            assert_eq!(literal(source).ok(), expected, "{source}");
        }
    }

    #[test]
    fn file_sources_name_a_key_and_a_path() {
        for (source, expected) in [
            ("./path/myfile", Ok(("myfile", "./path/myfile"))),
            ("a/b/", Ok(("b", "a/b/"))),
            ("/", Ok(("/", "/"))),
            ("", Ok((".", ""))),
            ("k=p/f", Ok(("k", "p/f"))),
            ("k==f", Err("source \"k==f\" key name or file path contains '='")),
            ("=f", Err("missing key name for file path \"f\" in source \"=f\"")),
            ("k=", Err("missing file path for key name \"k\" in source \"k=\"")),
        ] {
            let actual = file_source(source).map_err(|error| error.to_string());
            assert_eq!(actual, expected.map_err(str::to_owned), "{source}");
        }
    }

    fn env(content: &str) -> (String, Vec<EnvNote>) {
        let mut notes = Vec::new();
        let pairs = env_file(content.as_bytes(), &mut |note| notes.push(note)).unwrap();
        let shown: Vec<_> = pairs.iter().map(|(key, value)| format!("{key}:{value};")).collect();
        (shown.concat(), notes)
    }

    #[test]
    fn env_lines_are_taken_as_they_are() {
        for (content, expected, notes) in [
            ("\u{feff}A=1\n# c\n\n  B=2  \r\n", "A:1;B:2  ;", &[][..]),
            ("A=1\n\u{feff}B=2", "A:1;\u{feff}B:2;", &[]),
            (
                "C=\"q\"\nexport D=3\nE\n",
                "C:\"q\";export D:3;E:;",
                &[EnvNote::Quoted(1), EnvNote::Export(2), EnvNote::NoValue(3)],
            ),
            ("=x\nF=a=b\n\tG=t\u{a0}\nH = s\n", "F:a=b;G:t\u{a0};H : s;", &[EnvNote::NoKey(1)]),
            ("J=x # no\rcomment", "J:x # no\rcomment;", &[]),
        ] {
            assert_eq!(env(content), (expected.to_owned(), notes.to_vec()), "{content:?}");
        }
    }

    #[test]
    fn a_long_line_ends_the_file() {
        for (length, pairs) in [(65_535, 3), (65_536, 1)] {
            let content = format!("A=1\nB={}\nC=1\n", "x".repeat(length - 2));
            let mut notes = Vec::new();
            let found = env_file(content.as_bytes(), &mut |note| notes.push(note)).unwrap();
            assert_eq!(found.len(), pairs, "{length}");
            assert_eq!(notes.contains(&EnvNote::TooLong(2)), pairs == 1);
        }
        assert_eq!(env_file(b"A=1\nB=\xff", &mut |_| ()), Err(SourceError::NotUtf8(2)));
    }
}
