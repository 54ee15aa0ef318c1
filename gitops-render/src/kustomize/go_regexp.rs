//! Regular expressions as Go reads them, for Rust's engine.
//!
//! ```
//! use gitops_render::kustomize::go_regexp;
//! assert!(go_regexp::compile(r"^my\d{2}{x}$").unwrap().is_match("my42{x}"));
//! let error = go_regexp::compile("a**").unwrap_err();
//! assert_eq!(error.to_string(), "error parsing regexp: invalid nested repetition operator: `**`");
//! ```
//!
//! Both engines descend from RE2 and mean the same by nearly everything. The differences that are translated:
//! `\d`, `\s`, `\w` and `\b` are ASCII in Go; a brace that is no repetition is a brace; brackets inside a class are
//! just characters; `\Q…\E` and octal escapes exist; a repetition of a repetition is an error, as is a count
//! above 1000.

use regex::Regex;
use std::fmt::Write as _;

/// Why Go would refuse the expression.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("error parsing regexp: {reason}: `{fragment}`")]
pub struct GoRegexpError {
    /// The reason in Go's words where it is a common one.
    pub reason: String,
    /// The part of the expression that is wrong.
    pub fragment: String,
}

/// Compiles an expression in Go's syntax. The result is not anchored unless the expression is.
pub fn compile(pattern: &str) -> Result<Regex, GoRegexpError> {
    let translated = translate(pattern)?;
    Regex::new(&translated).map_err(|error| {
        // The engine's message repeats the expression over several lines; its last one is the reason.
        let text = error.to_string();
        let reason = text.lines().last().unwrap_or_default().trim_start_matches("error: ");
        refused(reason, pattern)
    })
}

/// The expression in the syntax of Rust's engine.
pub fn translate(pattern: &str) -> Result<String, GoRegexpError> {
    let mut translation =
        Translation { rest: pattern, out: String::with_capacity(pattern.len() + 16), before: None };
    while !translation.rest.is_empty() {
        translation.item()?;
    }
    Ok(translation.out)
}

fn refused(reason: &str, fragment: &str) -> GoRegexpError {
    GoRegexpError { reason: reason.to_owned(), fragment: fragment.to_owned() }
}

const ASCII_DIGIT: &str = "0-9";
const ASCII_SPACE: &str = r"\t\n\f\r ";
const ASCII_WORD: &str = "0-9A-Za-z_";

/// What stands before the next repetition operator.
#[derive(Clone, Copy)]
enum Before<'p> {
    Atom,
    /// A repetition, with the expression from its operator on.
    Repetition(&'p str),
}

struct Translation<'p> {
    rest: &'p str,
    out: String,
    before: Option<Before<'p>>,
}

impl<'p> Translation<'p> {
    fn item(&mut self) -> Result<(), GoRegexpError> {
        let start = self.rest;
        let Some(c) = self.take() else { return Ok(()) };
        self.before = match c {
            '*' | '+' | '?' => {
                self.out.push(c);
                return self.repeated(start, start.len() - self.rest.len());
            }
            '{' => match repetition(start)? {
                Some(length) => {
                    self.rest = &start[length..];
                    self.out.push_str(&start[..length]);
                    return self.repeated(start, length);
                }
                None => Some(self.literal('{')),
            },
            '}' | ']' | '#' | '&' | '~' | '-' => Some(self.literal(c)),
            '(' => self.group(start)?,
            '|' => {
                self.out.push('|');
                None
            }
            '[' => self.class(start)?,
            '\\' => self.escape(start)?,
            _ => {
                self.out.push(c);
                Some(Before::Atom)
            }
        };
        Ok(())
    }

    fn take(&mut self) -> Option<char> {
        let c = self.rest.chars().next()?;
        self.rest = &self.rest[c.len_utf8()..];
        Some(c)
    }

    fn literal(&mut self, c: char) -> Before<'p> {
        if c.is_ascii() && regex_meta(c) {
            self.out.push('\\');
        }
        self.out.push(c);
        Before::Atom
    }

    /// After a repetition operator of `length` bytes at `start`.
    fn repeated(&mut self, start: &'p str, length: usize) -> Result<(), GoRegexpError> {
        let mut length = length;
        if self.rest.starts_with('?') {
            self.take();
            self.out.push('?');
            length += 1;
        }
        match self.before {
            None => return Err(refused("missing argument to repetition operator", &start[..length])),
            Some(Before::Repetition(first)) => {
                let end = first.len() - start.len() + length;
                return Err(refused("invalid nested repetition operator", &first[..end]));
            }
            Some(Before::Atom) => self.before = Some(Before::Repetition(start)),
        }
        Ok(())
    }

    /// A group's opening; its end is just a character to the caller.
    fn group(&mut self, start: &'p str) -> Result<Option<Before<'p>>, GoRegexpError> {
        self.out.push('(');
        let Some(head) = self.rest.strip_prefix('?') else { return Ok(None) };
        let named = head.starts_with("P<") || head.starts_with('<');
        let end = if named { head.find('>') } else { head.find([':', ')']) };
        let end = end.ok_or_else(|| refused("missing closing )", start))?;
        if !named && !head[..end].chars().all(|c| matches!(c, 'i' | 'm' | 's' | 'U' | '-')) {
            return Err(refused("invalid or unsupported Perl syntax", &start[..end + 3]));
        }
        let (head, rest) = self.rest.split_at(end + 2);
        self.out.push_str(head);
        self.rest = rest;
        Ok(None)
    }

    fn escape(&mut self, start: &'p str) -> Result<Option<Before<'p>>, GoRegexpError> {
        let atom = Ok(Some(Before::Atom));
        let Some(c) = self.take() else { return Err(refused("trailing backslash at end of expression", "")) };
        match c {
            'Q' => {
                let (text, rest) = self.rest.split_once(r"\E").unwrap_or((self.rest, ""));
                text.chars().for_each(|c| {
                    self.literal(c);
                });
                self.rest = rest;
                return Ok(if text.is_empty() { self.before } else { Some(Before::Atom) });
            }
            'C' => self.out.push_str("(?s:.)"),
            'b' => self.out.push_str(r"(?-u:\b)"),
            'A' | 'B' | 'z' => self.out.extend(['\\', c]),
            _ => {
                if let Some((set, negated)) = perl_class(c) {
                    let _ = write!(self.out, "[{}{set}]", if negated { "^" } else { "" });
                } else if matches!(c, 'p' | 'P') {
                    self.property(c);
                } else {
                    let c = self.escaped_char(start, c)?;
                    return Ok(Some(self.literal(c)));
                }
            }
        }
        atom
    }

    /// `\pN`, `\p{Greek}`, `\p{^Greek}`.
    fn property(&mut self, c: char) {
        let mut negated = c == 'P';
        let name = match self.rest.strip_prefix('{').and_then(|rest| rest.split_once('}')) {
            Some((name, rest)) => {
                self.rest = rest;
                name
            }
            None => {
                let length = self.rest.chars().next().map_or(0, char::len_utf8);
                let (name, rest) = self.rest.split_at(length);
                self.rest = rest;
                name
            }
        };
        let name = name.strip_prefix('^').map_or(name, |name| {
            negated = !negated;
            name
        });
        let _ = write!(self.out, r"\{}{{{name}}}", if negated { 'P' } else { 'p' });
    }

    /// The character that an escape other than a class stands for. `c` is the one after the backslash at `start`.
    fn escaped_char(&mut self, start: &'p str, c: char) -> Result<char, GoRegexpError> {
        let wrong = |rest: &str| refused("invalid escape sequence", &start[..start.len() - rest.len()]);
        let code = match c {
            'a' => 7,
            'f' => 12,
            'n' => 10,
            'r' => 13,
            't' => 9,
            'v' => 11,
            'x' => match self.rest.strip_prefix('{').and_then(|rest| rest.split_once('}')) {
                Some((digits, rest)) => {
                    self.rest = rest;
                    u32::from_str_radix(digits, 16).map_err(|_| wrong(rest))?
                }
                None => {
                    let digits = self.rest.get(..2).ok_or_else(|| wrong(self.rest))?;
                    self.rest = &self.rest[2..];
                    u32::from_str_radix(digits, 16).map_err(|_| wrong(self.rest))?
                }
            },
            // A single digit other than zero would be a back reference.
            '0'..='7' if c == '0' || self.rest.starts_with(|c| matches!(c, '0'..='7')) => {
                let more = self.rest.bytes().take(2).take_while(|b| matches!(b, b'0'..=b'7')).count();
                let digits = &start[1..2 + more];
                self.rest = &self.rest[more..];
                u32::from_str_radix(digits, 8).map_err(|_| wrong(self.rest))?
            }
            _ if c.is_ascii() && !c.is_ascii_alphanumeric() => return Ok(c),
            _ => return Err(wrong(self.rest)),
        };
        char::from_u32(code).ok_or_else(|| wrong(self.rest))
    }

    fn class(&mut self, start: &'p str) -> Result<Option<Before<'p>>, GoRegexpError> {
        self.out.push('[');
        if let Some(rest) = self.rest.strip_prefix('^') {
            self.rest = rest;
            self.out.push('^');
        }
        let mut first = true;
        loop {
            if self.rest.is_empty() {
                return Err(refused("missing closing ]", start));
            }
            if self.rest.starts_with(']') && !first {
                self.take();
                self.out.push(']');
                return Ok(Some(Before::Atom));
            }
            first = false;
            self.class_item(start)?;
        }
    }

    fn class_item(&mut self, class: &'p str) -> Result<(), GoRegexpError> {
        if let Some((name, rest)) = self.rest.strip_prefix("[:").and_then(|rest| rest.split_once(":]")) {
            let plain = name.strip_prefix('^').unwrap_or(name);
            if !POSIX_CLASSES.contains(&plain) {
                return Err(refused("invalid character class range", &format!("[:{name}:]")));
            }
            let _ = write!(self.out, "[:{name}:]");
            self.rest = rest;
            return Ok(());
        }
        let start = self.rest;
        if let Some(c) = self.rest.strip_prefix('\\').and_then(|rest| rest.chars().next()) {
            if let Some((set, negated)) = perl_class(c) {
                let _ = if negated { write!(self.out, "[^{set}]") } else { write!(self.out, "{set}") };
                self.rest = &self.rest[2..];
                return Ok(());
            }
            if matches!(c, 'p' | 'P') {
                self.rest = &self.rest[2..];
                self.property(c);
                return Ok(());
            }
        }
        let low = self.class_char(class)?;
        let mut high = low;
        if self.rest.starts_with('-') && !self.rest.starts_with("-]") && self.rest.len() > 1 {
            self.take();
            high = self.class_char(class)?;
            if high < low {
                let range = &start[..start.len() - self.rest.len()];
                return Err(refused("invalid character class range", range));
            }
        }
        push_class_char(&mut self.out, low);
        if high != low {
            self.out.push('-');
            push_class_char(&mut self.out, high);
        }
        Ok(())
    }

    fn class_char(&mut self, class: &'p str) -> Result<char, GoRegexpError> {
        let start = self.rest;
        match self.take() {
            None => Err(refused("missing closing ]", class)),
            Some('\\') => match self.take() {
                None => Err(refused("missing closing ]", class)),
                Some(c) => self.escaped_char(start, c),
            },
            Some(c) => Ok(c),
        }
    }
}

const POSIX_CLASSES: [&str; 14] = [
    "alnum", "alpha", "ascii", "blank", "cntrl", "digit", "graph", "lower", "print", "punct", "space",
    "upper", "word", "xdigit",
];

/// Characters of `\d`, `\s`, `\w` or their opposites, and whether it is the opposite.
fn perl_class(c: char) -> Option<(&'static str, bool)> {
    let set = match c.to_ascii_lowercase() {
        'd' => ASCII_DIGIT,
        's' => ASCII_SPACE,
        'w' => ASCII_WORD,
        _ => return None,
    };
    Some((set, c.is_ascii_uppercase()))
}

fn regex_meta(c: char) -> bool {
    matches!(
        c,
        '\\' | '.'
            | '+'
            | '*'
            | '?'
            | '('
            | ')'
            | '|'
            | '['
            | ']'
            | '{'
            | '}'
            | '^'
            | '$'
            | '#'
            | '&'
            | '-'
            | '~'
    )
}

fn push_class_char(out: &mut String, c: char) {
    if matches!(c, '[' | ']' | '\\' | '^' | '-' | '&' | '~') {
        out.push('\\');
    }
    out.push(c);
}

/// Length of a `{n}`, `{n,}` or `{n,m}` at the start of `text`; nothing if the brace is just a brace.
fn repetition(text: &str) -> Result<Option<usize>, GoRegexpError> {
    let Some((inner, _)) = text[1..].split_once('}') else { return Ok(None) };
    let number = |digits: &str| {
        let plain = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
        (plain && (digits.len() == 1 || !digits.starts_with('0')))
            .then(|| digits.parse::<u32>().unwrap_or(u32::MAX))
    };
    let (low, high) = inner.split_once(',').map_or((inner, inner), |(low, high)| (low, high));
    let Some(low) = number(low) else { return Ok(None) };
    let high = if high.is_empty() { Some(low) } else { number(high) };
    let Some(high) = high else { return Ok(None) };
    let whole = &text[..inner.len() + 2];
    if low > 1000 || high > 1000 || low > high {
        return Err(refused("invalid repeat count", whole));
    }
    Ok(Some(whole.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn expressions_match_what_they_match_in_go() {
        for (pattern, text, matches) in [
            ("^a.c$", "abc", true),
            ("^a.c$", "a\nc", false),
            (r"^\d+$", "12", true),
            (r"^\d+$", "١", false),
            (r"^\w$", "é", false),
            (r"\bé", "é", false),
            ("^a{$", "a{", true),
            ("^a{,2}$", "a{,2}", true),
            ("^a{2}$", "aa", true),
            ("^a{01}$", "a{01}", true),
            ("^[[]$", "[", true),
            ("^[]a]+$", "]a", true),
            ("^[^]a]$", "b", true),
            ("^[a&&b]+$", "a&b", true),
            ("^[a-]+$", "a-", true),
            (r"^[\d-]+$", "1-", true),
            (r"^[\D]+$", "ab", true),
            ("^[[:alpha:]_]+$", "a_", true),
            (r"^\Qa.b\E+$", "a.bb", true),
            (r"^\101$", "A", true),
            (r"^\x41\x{42}$", "AB", true),
            (r"^\pL+$", "é", true),
            (r"^\p{^L}+$", "é", false),
            (r"^\/\-\_\<$", "/-_<", true),
            ("(?i)^ABC$", "abc", true),
            ("^(?:a|b)*?c$", "abac", true),
            ("^(?P<x>a)$", "a", true),
            ("x#y ~&-", "x#y ~&-", true),
        ] {
            assert_eq!(compile(pattern).unwrap().is_match(text), matches, "{pattern} on {text:?}");
        }
    }

    #[test]
    fn what_go_refuses_is_refused() {
        for (pattern, message) in [
            ("[", "missing closing ]: `[`"),
            ("a[b", "missing closing ]: `[b`"),
            ("*", "missing argument to repetition operator: `*`"),
            ("(*a)", "missing argument to repetition operator: `*`"),
            ("a|+b", "missing argument to repetition operator: `+`"),
            ("a**", "invalid nested repetition operator: `**`"),
            ("a+?*", "invalid nested repetition operator: `+?*`"),
            ("a{2}{3}", "invalid nested repetition operator: `{2}{3}`"),
            ("a{1001}", "invalid repeat count: `{1001}`"),
            ("a{3,2}", "invalid repeat count: `{3,2}`"),
            ("[z-a]", "invalid character class range: `z-a`"),
            ("[[:nope:]]", "invalid character class range: `[:nope:]`"),
            (r"\y", r"invalid escape sequence: `\y`"),
            (r"\1", r"invalid escape sequence: `\1`"),
            (r"a\", "trailing backslash at end of expression: ``"),
            ("(?=a)", "invalid or unsupported Perl syntax: `(?=a)`"),
            ("(?x:a)", "invalid or unsupported Perl syntax: `(?x:`"),
        ] {
            let error = compile(pattern).unwrap_err().to_string();
            assert_eq!(error, format!("error parsing regexp: {message}"), "{pattern}");
        }
        for pattern in ["(", ")", "(a", "a)", "(?P<n", r"\pX"] {
            assert!(compile(pattern).is_err(), "{pattern}");
        }
    }
}
