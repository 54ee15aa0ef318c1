//! Scalars that readers and writers of YAML disagree about, and plain ones.

use super::node::Node;
use crate::generate::Random;

/// Plain scalars whose type or spelling is unusual. All of them can be printed again.
const ODD: [&str; 66] = [
    "0644",
    "0o17",
    "0x1F",
    "0b11",
    "08",
    "1_000",
    "+1",
    "-0",
    "-1",
    "1e3",
    "1E+6",
    "1.0",
    "1.10",
    "5.",
    ".5",
    "-0.0",
    "0.1",
    "1e-7",
    "0.00001",
    "123456.5",
    "1000000",
    "1000000.5",
    "1e19",
    "1e21",
    "123456789012345678",
    "9007199254740993",
    "9223372036854775807",
    "-9223372036854775808",
    "18446744073709551615",
    "12345678901234567890",
    "18446744073709551616",
    "yes",
    "no",
    "on",
    "off",
    "y",
    "n",
    "NO",
    "On",
    "true",
    "True",
    "FALSE",
    "~",
    "null",
    "Null",
    "2020-01-02",
    "2001-12-14t21:59:43.10-05:00",
    "2001-12-14 21:59:43.10",
    "2020-13-45",
    "1:30",
    "12:30:45",
    "12:30:45.5",
    "-1:30",
    "99:99",
    "1e",
    "=",
    ".",
    "1.2.3",
    "1e400",
    "0xZZ",
    "''",
    "\"\"",
    "!!str 123",
    "!!int \"7\"",
    "!foo x",
    "!!binary aGVsbG8=",
];

/// Numbers and booleans that stay in their type.
const TYPED: [&str; 14] =
    ["0", "1", "2", "3", "80", "8080", "65535", "true", "false", "0.5", "1.25", "100000", "1234567", "-3"];

/// Strings that need a style or a fold.
const TEXTS: [&str; 62] = [
    "hello world",
    "with: colon",
    "trailing colon:",
    "a #hash",
    "#hash",
    "trailing ",
    " leading",
    "it's",
    "a \"quoted\" word",
    "tab\tinside",
    "back\\slash",
    "emoji 🎉",
    "🎉",
    "é ü ß",
    "日本語のテキスト",
    "[list]",
    "{map}",
    "*star",
    "&amp",
    "!bang",
    "%percent",
    "@at",
    "`tick`",
    "-",
    "- dash",
    "?",
    "? question",
    "-x",
    ":",
    ":x",
    "a,b",
    "<<",
    "null",
    "true",
    "yes",
    "no",
    "on",
    "y",
    "0644",
    "1e3",
    "2020-01-02",
    "1:30",
    "~",
    "",
    "0x10",
    "1_000",
    ".5",
    "first line\nsecond line\n",
    "no newline at the end\nx",
    "one\n\n  indented\n\nlast\n",
    "two at the end\n\n",
    "\nstarts with newline\n",
    "  starts with spaces\nthen not\n",
    "line with trailing space \nnext\n",
    "tab\there\nnext\n",
    "emoji 🎉 here\nnext\n",
    "a\r\nb\r\n",
    "\u{7}bell",
    "key: value\nlist:\n- a\n- b\n",
    "{\"a\":{\"b\":[1,2,{\"c\":null}]},\"d\":\"x\"}",
    "--- x",
    "... x",
];

const WORDS: [&str; 24] = [
    "alpha", "bravo", "charlie", "delta", "echo", "foxtrot", "golf", "hotel", "india", "juliett", "kilo",
    "lima", "mike", "november", "oscar", "papa", "quebec", "romeo", "sierra", "tango", "uniform", "victor",
    "whiskey", "zulu",
];

/// A short name.
pub(super) fn word(random: &mut Random) -> String {
    random.pick(&WORDS).to_owned()
}

/// A string longer than a line, with what folding looks at: double spaces, colons, long words.
fn long(random: &mut Random) -> String {
    let mut text = String::new();
    let words = 12 + random.below(25);
    for at in 0..words {
        if at > 0 {
            text.push_str(random.pick(&[" ", " ", " ", " ", " ", "  ", ", ", ": ", "-", "/", "'", " \""]));
        }
        text.push_str(&word(random));
    }
    if random.chance(10) {
        text.push_str(random.pick(&[" 🎉", ":", " ", "\t", "\n", " é"]));
    }
    text
}

/// Letters and digits without a space, as tokens and digests are.
pub(super) fn token(random: &mut Random, len: usize) -> String {
    const LETTERS: &[u8] = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+/";
    (0..len).map(|_| char::from(LETTERS[random.below(LETTERS.len())])).collect()
}

/// A string, mostly simple.
pub(super) fn text(random: &mut Random) -> Node {
    Node::Text(match random.below(20) {
        0..=9 => word(random),
        10 => long(random),
        11 => {
            let len = 60 + random.below(80);
            token(random, len)
        }
        12..=13 => format!("{}-{}", word(random), random.below(100)),
        14 => format!("/{}/{}", word(random), word(random)),
        _ => random.pick(&TEXTS).to_owned(),
    })
}

/// A string that is not empty, fits a line and is not taken for another type.
pub(super) fn simple(random: &mut Random) -> Node {
    Node::Text(if random.chance(80) { word(random) } else { format!("{} {}", word(random), word(random)) })
}

/// A scalar of an unusual spelling.
pub(super) fn odd(random: &mut Random) -> Node {
    Node::raw(random.pick(&ODD))
}

/// Any scalar.
pub(super) fn any(random: &mut Random) -> Node {
    match random.below(10) {
        0..=4 => text(random),
        5..=7 => Node::raw(random.pick(&TYPED)),
        _ => odd(random),
    }
}

/// A value of some depth whose schema nobody knows.
pub(super) fn tree(random: &mut Random, depth: usize) -> Node {
    match random.below(if depth == 0 { 6 } else { 12 }) {
        0..=5 => any(random),
        6..=9 => {
            let mut node = Node::Map(Vec::new());
            for _ in 0..random.below(4) {
                let key = key(random);
                let value = tree(random, depth - 1);
                node.set(&key, value);
            }
            node
        }
        _ => Node::Seq((0..random.below(4)).map(|_| tree(random, depth - 1)).collect()),
    }
}

/// A key of data whose schema nobody knows. Never one that resolves to another type than a string.
pub(super) fn key(random: &mut Random) -> String {
    match random.below(14) {
        0..=9 => word(random),
        10 => format!("{}-{}", word(random), random.below(30)),
        11 => format!("example.com/{}", word(random)),
        12 => format!("{}.{}", word(random), random.pick(&["txt", "conf", "json", "2", "10"])),
        _ => random
            .pick(&[
                "y",
                "on",
                "No",
                "with space",
                "UPPER",
                "camelCase",
                "a_b",
                "A1",
                "a10",
                "a2",
                "é",
                "=",
                "-x",
            ])
            .to_owned(),
    }
}
