//! Globs as Argo CD reads them: of files in a folder, of repositories and destinations in a project.
//!
//! ```
//! use gitops_core::glob::Glob;
//! let glob = Glob::new("{config.json,env-*/**.yaml}").unwrap();
//! assert!(glob.matches("env-prod/apps/web.yaml") && !glob.matches("web.yaml"));
//! let glob = Glob::with_separator("https://github.com/acme/*", '/').unwrap();
//! assert!(glob.matches("https://github.com/acme/shop") && !glob.matches("https://github.com/acme/a/b"));
//! ```
//!
//! | pattern | matches |
//! |---|---|
//! | `*` | any text without the separator |
//! | `**` | any text |
//! | `?` | one character that is not the separator |
//! | `[abc]`, `[!abc]` | one of these characters, or another one |
//! | `[a-z]`, `[!a-z]` | one character of this range, or another one; only one range stands in brackets |
//! | `{a,b*}` | one of these patterns, which may hold braces themselves |
//! | `\` | the next character as it is |
//!
//! A pattern matches the whole text; a brace that is left open closes at its end. Without a separator `*` crosses slashes, which is how Argo CD matches the files
//! of a directory source. Matching costs at most the product of both lengths, whatever the pattern.
//!
//! Argo CD's library strays from its own table for `?` against the empty text, for `***`, and for empty braces and
//! alternatives next to a star; here the table holds.

/// A compiled pattern. See the [module](self) for the grammar.
#[derive(Clone, Debug)]
pub struct Glob {
    pattern: String,
    separator: Option<char>,
    program: Vec<Step>,
}

/// Why a text is not a pattern.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum GlobError {
    /// `[` without its `]`.
    #[error("'[' is not closed")]
    UnclosedBracket,
    /// `[` with nothing in it.
    #[error("'[]' holds no character")]
    EmptyBracket,
    /// More than one range, or a range and something else.
    #[error("'[a-b' must be followed by ']'")]
    LongRange,
    /// The end comes before the start.
    #[error("range [{from}-{to}] is empty")]
    EmptyRange {
        /// First character.
        from: char,
        /// Last character.
        to: char,
    },
}

#[derive(Clone, Debug)]
enum Step {
    Char(char),
    /// One character that is not the separator.
    One,
    Set {
        set: Set,
        negated: bool,
    },
    /// Any text; without the separator unless `all`.
    Many {
        all: bool,
    },
    /// Goes on at each of these steps.
    Split(Vec<usize>),
    Jump(usize),
}

#[derive(Clone, Debug)]
enum Set {
    Chars(String),
    Range(char, char),
}

impl Glob {
    /// Compiles a pattern whose `*` and `?` match any character.
    pub fn new(pattern: &str) -> Result<Self, GlobError> {
        Ok(Self { pattern: pattern.to_owned(), separator: None, program: compile(pattern)? })
    }

    /// Compiles a pattern whose `*` and `?` stop at a separator.
    pub fn with_separator(pattern: &str, separator: char) -> Result<Self, GlobError> {
        Ok(Self { separator: Some(separator), ..Self::new(pattern)? })
    }

    /// The pattern as written.
    #[must_use]
    pub fn pattern(&self) -> &str {
        &self.pattern
    }

    /// Whether the whole text matches.
    #[must_use]
    pub fn matches(&self, text: &str) -> bool {
        let mut reached = Reached { seen: vec![0; self.program.len()], round: 0 };
        let mut now = Vec::new();
        let mut next = Vec::new();
        let mut done = reached.enter(&self.program, 0, &mut now);
        for c in text.chars() {
            reached.round += 1;
            done = false;
            for at in now.drain(..) {
                done |= match &self.program[at] {
                    Step::Many { all } if *all || Some(c) != self.separator => {
                        reached.enter(&self.program, at, &mut next)
                    }
                    step if step.takes(c, self.separator) => reached.enter(&self.program, at + 1, &mut next),
                    _ => false,
                };
            }
            std::mem::swap(&mut now, &mut next);
        }
        done
    }
}

impl Step {
    fn takes(&self, c: char, separator: Option<char>) -> bool {
        match self {
            Self::Char(wanted) => *wanted == c,
            Self::One => Some(c) != separator,
            Self::Set { set, negated } => {
                let within = match set {
                    Set::Chars(chars) => chars.contains(c),
                    Set::Range(from, to) => (*from..=*to).contains(&c),
                };
                within != *negated
            }
            Self::Many { .. } | Self::Split(_) | Self::Jump(_) => false,
        }
    }
}

/// Which steps were reached with the text read so far; all alternatives go forward together, hence no pattern is slow.
struct Reached {
    /// The last round, counted from 1, in which each step was reached.
    seen: Vec<usize>,
    round: usize,
}

impl Reached {
    /// Adds a step, and those that it reaches without a character, to `steps`; true where the end is among them.
    fn enter(&mut self, program: &[Step], at: usize, steps: &mut Vec<usize>) -> bool {
        let mut done = false;
        let mut pending = vec![at];
        while let Some(at) = pending.pop() {
            let Some(seen) = self.seen.get_mut(at) else {
                done = true;
                continue;
            };
            if std::mem::replace(seen, self.round + 1) == self.round + 1 {
                continue;
            }
            match &program[at] {
                Step::Split(targets) => pending.extend(targets),
                Step::Jump(target) => pending.push(*target),
                Step::Many { .. } => {
                    steps.push(at);
                    pending.push(at + 1);
                }
                _ => steps.push(at),
            }
        }
        done
    }
}

/// An open brace: where its [`Step::Split`] stands, where its alternatives begin, and the jumps out of them.
struct Brace {
    split: usize,
    begins: Vec<usize>,
    jumps: Vec<usize>,
}

impl Brace {
    fn close(self, program: &mut [Step]) {
        let end = program.len();
        program[self.split] = Step::Split(self.begins);
        for jump in self.jumps {
            program[jump] = Step::Jump(end);
        }
    }
}

fn compile(pattern: &str) -> Result<Vec<Step>, GlobError> {
    let mut program = Vec::new();
    let mut braces: Vec<Brace> = Vec::new();
    let mut chars = pattern.chars().peekable();
    while let Some(c) = chars.next() {
        let step = match c {
            '\\' => match chars.next() {
                Some(c) => Step::Char(c),
                None => break,
            },
            '?' => Step::One,
            '*' => Step::Many { all: chars.next_if_eq(&'*').is_some() },
            '[' => bracket(&mut chars)?,
            '{' => {
                braces.push(Brace {
                    split: program.len(),
                    begins: vec![program.len() + 1],
                    jumps: Vec::new(),
                });
                Step::Split(Vec::new())
            }
            ',' if let Some(brace) = braces.last_mut() => {
                brace.jumps.push(program.len());
                brace.begins.push(program.len() + 1);
                Step::Jump(0)
            }
            '}' if let Some(brace) = braces.pop() => {
                brace.close(&mut program);
                continue;
            }
            c => Step::Char(c),
        };
        program.push(step);
    }
    while let Some(brace) = braces.pop() {
        brace.close(&mut program);
    }
    Ok(program)
}

/// What stands in brackets, after the opening one.
fn bracket(chars: &mut std::iter::Peekable<std::str::Chars<'_>>) -> Result<Step, GlobError> {
    let negated = chars.next_if_eq(&'!').is_some();
    let mut set = String::new();
    loop {
        match chars.next().ok_or(GlobError::UnclosedBracket)? {
            ']' if set.is_empty() => return Err(GlobError::EmptyBracket),
            ']' => return Ok(Step::Set { set: Set::Chars(set), negated }),
            // Only at the front does `-` make a range.
            from if set.is_empty() && chars.next_if_eq(&'-').is_some() => {
                let to = chars.next().ok_or(GlobError::UnclosedBracket)?;
                return match chars.next() {
                    None => Err(GlobError::UnclosedBracket),
                    Some(']') if from > to => Err(GlobError::EmptyRange { from, to }),
                    Some(']') => Ok(Step::Set { set: Set::Range(from, to), negated }),
                    Some(_) => Err(GlobError::LongRange),
                };
            }
            '\\' => set.push(chars.next().ok_or(GlobError::UnclosedBracket)?),
            c => set.push(c),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn patterns() {
        for (pattern, yes, no) in [
            ("", &[""][..], &["a"][..]),
            ("*", &["", "a", "a/b"], &[]),
            ("*.yaml", &["a.yaml", "a/b.yaml", ".yaml"], &["a.yml", "a.yaml.bak"]),
            ("a?c", &["abc", "a/c", "aéc"], &["ac", "abbc"]),
            ("[abc]x", &["ax", "cx"], &["dx", "x"]),
            ("[!abc]x", &["dx", "/x"], &["ax", "x"]),
            ("[a-c]", &["a", "b", "c"], &["d", "-"]),
            ("[!a-c]", &["d"], &["b"]),
            ("[a\\]-]", &["a", "]", "-"], &["\\"]),
            ("[^a]", &["^", "a"], &["b"]),
            ("{a,b}", &["a", "b"], &["", "a,b", "{a,b}"]),
            ("{a,b*}.yaml", &["a.yaml", "bcd.yaml"], &["c.yaml", "a"]),
            ("{a,{b,c}d}e", &["ae", "bde", "cde"], &["be", "ade"]),
            ("a{,b}", &["a", "ab"], &["b"]),
            ("{}", &[""], &["{}"]),
            ("a,b}", &["a,b}"], &["a"]),
            ("x{a,{b", &["xa", "xb"], &["x{a,{b"]),
            ("\\*\\{", &["*{"], &["a{"]),
            ("a\\", &["a"], &["a\\"]),
            ("**a**b", &["ab", "xaxxb"], &["ba"]),
        ] {
            let glob = Glob::new(pattern).unwrap();
            for text in yes {
                assert!(glob.matches(text), "{pattern} and {text}");
            }
            for text in no {
                assert!(!glob.matches(text), "{pattern} and {text}");
            }
        }
    }

    #[test]
    fn separators_stop_single_stars() {
        for (pattern, text, expected) in [
            ("*", "a/b", false),
            ("**", "a/b", true),
            ("a/*/c", "a/b/c", true),
            ("a/*/c", "a/b/b/c", false),
            ("a**c", "a/b/c", true),
            ("a?b", "a/b", false),
            ("a[/]b", "a/b", true),
            ("a[!x]b", "a/b", true),
        ] {
            assert_eq!(
                Glob::with_separator(pattern, '/').unwrap().matches(text),
                expected,
                "{pattern} and {text}"
            );
        }
    }

    #[test]
    fn refused() {
        for (pattern, error) in [
            ("[", GlobError::UnclosedBracket),
            ("[a", GlobError::UnclosedBracket),
            ("[a-", GlobError::UnclosedBracket),
            ("[]", GlobError::EmptyBracket),
            ("[!]", GlobError::EmptyBracket),
            ("[a-zA-Z]", GlobError::LongRange),
            ("[z-a]", GlobError::EmptyRange { from: 'z', to: 'a' }),
        ] {
            assert_eq!(Glob::new(pattern).err(), Some(error), "{pattern}");
        }
    }

    #[test]
    fn no_pattern_is_slow() {
        let glob = Glob::new(&"*a".repeat(200)).unwrap();
        assert!(!glob.matches(&"a".repeat(199)));
        assert!(glob.matches(&"a".repeat(2000)));
        let nested = "{".repeat(10_000) + "a" + &"}".repeat(10_000);
        assert!(Glob::new(&nested).unwrap().matches("a"));
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_refused(pattern in "[ab*?,{}\\[\\]!\\\\-]{0,12}", text in "[ab,/]{0,6}") {
            if let Ok(glob) = Glob::new(&pattern) {
                let _ = glob.matches(&text);
            }
        }

        #[test]
        fn escaped_text_matches_itself(text in "[a*?{},\\[\\]!\\\\-]{0,8}") {
            let pattern: String = text.chars().flat_map(|c| ['\\', c]).collect();
            prop_assert!(Glob::new(&pattern).unwrap().matches(&text));
        }
    }
}
