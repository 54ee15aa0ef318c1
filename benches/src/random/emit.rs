//! Writes generated documents the many ways people write YAML.

use super::node::Node;
use crate::generate::Random;
use std::fmt::Write as _;

/// How a file is written.
#[derive(Clone, Debug)]
struct Style {
    /// Spaces per level of mappings.
    indent: usize,
    /// Sequences stand further in than their key.
    indented_sequences: bool,
    /// Percentage of small containers in flow style.
    flow: usize,
    /// Percentage of lines with a comment.
    comments: usize,
    /// Percentage of strings quoted without need.
    quotes: usize,
    /// Percentage of containers that get an anchor.
    anchors: usize,
    /// Percentage of blocks that are folded, and so say something else than was meant.
    folds: usize,
    /// Everything in flow style with quoted keys.
    json: bool,
}

impl Style {
    fn random(random: &mut Random) -> Self {
        Self {
            indent: *[2, 2, 2, 2, 4, 3].get(random.below(6)).unwrap_or(&2),
            indented_sequences: random.chance(40),
            flow: if random.chance(70) { 5 } else { 40 },
            comments: if random.chance(70) { 0 } else { 10 },
            quotes: if random.chance(60) { 5 } else { 50 },
            anchors: if random.chance(85) { 0 } else { 12 },
            folds: 15,
            json: random.chance(3),
        }
    }
}

/// The text of one document without separator.
pub(super) fn document(random: &mut Random, node: &Node) -> String {
    let style = Style::random(random);
    write(random, style, node)
}

/// The same without comments, which the original trips over where they end up in a flow collection.
pub(super) fn patch(random: &mut Random, node: &Node) -> String {
    let style = Style { comments: 0, ..Style::random(random) };
    write(random, style, node)
}

/// The same without anchors, for files that refuse fields they do not know.
pub(super) fn configuration(random: &mut Random, node: &Node) -> String {
    let style = Style { anchors: 0, folds: 0, ..Style::random(random) };
    write(random, style, node)
}

/// The same, never as JSON: a text that starts with `[` is read by other rules.
pub(super) fn block(random: &mut Random, node: &Node) -> String {
    let style = Style { anchors: 0, json: false, ..Style::random(random) };
    write(random, style, node)
}

/// The text as JSON on several lines.
pub(super) fn json(random: &mut Random, node: &Node) -> String {
    let style = Style { anchors: 0, json: true, ..Style::random(random) };
    write(random, style, node)
}

fn write(random: &mut Random, style: Style, node: &Node) -> String {
    let mut printer = Printer { random, style, out: String::new(), anchors: Vec::new() };
    if printer.style.json {
        printer.json(node, 0);
        printer.out.push('\n');
        return printer.out;
    }
    match node {
        Node::Map(entries) if !entries.is_empty() => printer.entries(entries, 0, false),
        Node::Seq(items) if !items.is_empty() => printer.items(items, 0),
        other => {
            printer.flow(other);
            printer.out.push('\n');
        }
    }
    printer.out
}

struct Printer<'a> {
    random: &'a mut Random,
    style: Style,
    out: String,
    /// Nodes that an alias may stand for; nothing for one that is still being written.
    anchors: Vec<Option<Node>>,
}

impl Printer<'_> {
    fn pad(&mut self, columns: usize) {
        self.out.extend(std::iter::repeat_n(' ', columns));
    }

    fn end_line(&mut self) {
        if self.random.chance(self.style.comments) {
            self.out.push_str(self.random.pick(&[" # why", " # it's: a {comment}", "  # \"quoted", " #"]));
        }
        self.out.push('\n');
    }

    fn entries(&mut self, entries: &[(String, Node)], column: usize, mut on_line: bool) {
        let mut rest = entries.iter().collect::<Vec<_>>();
        if let Some(at) = self.merge_source(entries) {
            let Some(Node::Map(known)) = self.anchors[at].clone() else { return };
            if !std::mem::take(&mut on_line) {
                self.pad(column);
            }
            let _ = writeln!(self.out, "<<: *a{at}");
            rest.retain(|(key, _)| !known.iter().any(|(other, _)| other == key));
        }
        for (key, value) in rest {
            if !std::mem::take(&mut on_line) {
                if self.random.chance(self.style.comments / 2) {
                    self.pad(column);
                    self.out.push_str("# a comment\n");
                }
                if self.random.chance(self.style.comments / 4) {
                    self.out.push('\n');
                }
                self.pad(column);
            }
            let key = self.key(key);
            self.out.push_str(&key);
            self.out.push(':');
            self.value(value, column, false);
        }
    }

    /// An anchored mapping whose entries are the first of these, as a merge key needs it.
    fn merge_source(&mut self, entries: &[(String, Node)]) -> Option<usize> {
        let found = self.anchors.iter().position(|anchor| match anchor {
            Some(Node::Map(known)) => {
                known.len() < entries.len() && known.iter().all(|entry| entries.contains(entry))
            }
            _ => false,
        })?;
        self.random.chance(50).then_some(found)
    }

    fn items(&mut self, items: &[Node], column: usize) {
        for item in items {
            self.pad(column);
            self.out.push('-');
            self.value(item, column, true);
        }
    }

    /// A value after `key:` or `-`.
    fn value(&mut self, node: &Node, column: usize, is_item: bool) {
        if let Some(at) = self.anchors.iter().position(|anchor| anchor.as_ref() == Some(node))
            && self.random.chance(60)
        {
            let _ = write!(self.out, " *a{at}");
            return self.end_line();
        }
        let anchored = self.random.chance(self.style.anchors)
            && !matches!(node, Node::Raw(text) if text.starts_with('!'));
        if anchored {
            let _ = write!(self.out, " &a{}", self.anchors.len());
            self.anchors.push(None);
        }
        let anchor = self.anchors.len().wrapping_sub(1);
        match node {
            Node::Map(entries) if entries.is_empty() || self.in_flow(node) => self.flow_value(node),
            Node::Seq(items) if items.is_empty() || self.in_flow(node) => self.flow_value(node),
            Node::Map(entries) if is_item && !anchored && self.random.chance(97) => {
                self.out.push(' ');
                self.entries(entries, column + 2, true);
            }
            Node::Map(entries) => {
                self.end_line();
                let inner = column + if is_item { 2 } else { self.style.indent };
                self.entries(entries, inner, false);
            }
            Node::Seq(items) => {
                self.end_line();
                let inner = if is_item || self.style.indented_sequences { column + 2 } else { column };
                self.items(items, inner);
            }
            Node::Text(text) => self.text(text, column),
            Node::Raw(text) => {
                let implicit = text == "null" && self.random.chance(20);
                if !implicit {
                    self.out.push(' ');
                    self.out.push_str(text);
                }
                let end = self.out.len();
                self.end_line();
                // A comment behind a value left out that becomes an empty list or map stands between key and brackets where the
                // original writes the object out for itself, and it cannot read that back.
                if implicit {
                    self.out.truncate(end);
                    self.out.push('\n');
                }
            }
        }
        if anchored {
            self.anchors[anchor] = Some(node.clone());
        }
    }

    fn in_flow(&mut self, node: &Node) -> bool {
        let small = match node {
            Node::Map(entries) => entries.len() <= 4,
            Node::Seq(items) => items.len() <= 4,
            _ => false,
        };
        small && self.random.chance(self.style.flow)
    }

    fn flow_value(&mut self, node: &Node) {
        self.out.push(' ');
        self.flow(node);
        self.end_line();
    }

    fn flow(&mut self, node: &Node) {
        match node {
            Node::Map(entries) => {
                self.out.push('{');
                for (at, (key, value)) in entries.iter().enumerate() {
                    if at > 0 {
                        self.out.push_str(", ");
                    }
                    let key = self.key(key);
                    self.out.push_str(&key);
                    self.out.push_str(": ");
                    self.flow(value);
                }
                self.out.push('}');
            }
            Node::Seq(items) => {
                self.out.push('[');
                for (at, item) in items.iter().enumerate() {
                    if at > 0 {
                        self.out.push_str(", ");
                    }
                    self.flow(item);
                }
                self.out.push(']');
            }
            Node::Raw(text) => self.out.push_str(text),
            Node::Text(text) => {
                let line = self.one_line(text);
                self.out.push_str(&line);
            }
        }
    }

    fn json(&mut self, node: &Node, column: usize) {
        let (open, close, children): (_, _, Vec<(Option<&String>, &Node)>) = match node {
            Node::Map(entries) => ('{', '}', entries.iter().map(|(key, node)| (Some(key), node)).collect()),
            Node::Seq(items) => ('[', ']', items.iter().map(|node| (None, node)).collect()),
            Node::Raw(text) => return self.out.push_str(text),
            Node::Text(text) => return self.out.push_str(&double_quoted(text)),
        };
        self.out.push(open);
        for (at, (key, child)) in children.iter().enumerate() {
            self.out.push_str(if at > 0 { ",\n" } else { "\n" });
            self.pad(column + 2);
            if let Some(key) = key {
                self.out.push_str(&double_quoted(key));
                self.out.push_str(": ");
            }
            self.json(child, column + 2);
        }
        if !children.is_empty() {
            self.out.push('\n');
            self.pad(column);
        }
        self.out.push(close);
    }

    fn key(&mut self, key: &str) -> String {
        if is_plain(key)
            && !key.contains([',', '[', ']', '{', '}'])
            && !self.random.chance(self.style.quotes / 20)
        {
            key.to_owned()
        } else if self.random.chance(50) && !key.contains(['\n', '\t']) {
            single_quoted(key)
        } else {
            double_quoted(key)
        }
    }

    /// A string after `key:` or `-`, on as many lines as it takes.
    fn text(&mut self, text: &str, column: usize) {
        let indent = self.style.indent.max(2);
        if let Some(header) = block_header(text, indent)
            && self.random.chance(if text.contains('\n') { 85 } else { 3 })
        {
            let folded = self.random.chance(self.style.folds);
            self.out.push(' ');
            self.out.push_str(&if folded { header.replace('|', ">") } else { header });
            self.out.push('\n');
            for line in text.trim_end_matches('\n').split('\n') {
                if !line.is_empty() {
                    self.pad(column + indent);
                    self.out.push_str(line);
                }
                self.out.push('\n');
            }
            let more = text.len() - text.trim_end_matches('\n').len();
            self.out.extend(std::iter::repeat_n('\n', more.saturating_sub(1)));
            return;
        }
        self.out.push(' ');
        let line = self.one_line(text);
        if line.len() > 60 && !text.contains("  ") && self.random.chance(25) {
            self.broken(&line, column + 2);
        } else {
            self.out.push_str(&line);
        }
        self.end_line();
    }

    /// A flow scalar on several lines, broken at single spaces.
    fn broken(&mut self, line: &str, column: usize) {
        let mut width = 0;
        for (at, part) in line.split(' ').enumerate() {
            if at > 0 {
                if width > 30
                    && !part.is_empty()
                    && !part.starts_with(['#', '-', '.'])
                    && self.random.chance(50)
                {
                    self.out.push('\n');
                    self.pad(column);
                    width = 0;
                } else {
                    self.out.push(' ');
                }
            }
            self.out.push_str(part);
            width += part.len();
        }
    }

    fn one_line(&mut self, text: &str) -> String {
        if is_plain(text)
            && !text.contains([',', '[', ']', '{', '}'])
            && !self.random.chance(self.style.quotes)
        {
            text.to_owned()
        } else if self.random.chance(50) && !text.contains(['\n', '\r', '\t', '\u{7}']) {
            single_quoted(text)
        } else {
            double_quoted(text)
        }
    }
}

/// Whether a text may stand unquoted and is still a string, by the rules of YAML 1.1 as well.
fn is_plain(text: &str) -> bool {
    const WORDS: [&str; 10] = ["y", "n", "yes", "no", "on", "off", "true", "false", "null", "~"];
    let starts =
        text.chars().next().is_some_and(|first| first.is_alphabetic() || first == '/' || first == '$');
    let fits = text.chars().all(|c| !c.is_control() && (c.is_alphanumeric() || c.is_ascii() || c == '🎉'));
    starts
        && fits
        && !WORDS.contains(&text.to_lowercase().as_str())
        && !text.contains(": ")
        && !text.contains(" #")
        && !text.ends_with([' ', ':'])
}

fn single_quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

fn double_quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            '\u{0}'..'\u{20}' => {
                let _ = write!(quoted, "\\u{:04x}", u32::from(c));
            }
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}

/// The header of a literal block for a text, or nothing where it cannot be one.
fn block_header(text: &str, indent: usize) -> Option<String> {
    let body = text.trim_end_matches('\n');
    if body.is_empty() || body.chars().any(|c| c.is_control() && c != '\n' && c != '\t') {
        return None;
    }
    let hint = if body.starts_with([' ', '\n', '\t']) { indent.to_string() } else { String::new() };
    let chomping = match text.len() - body.len() {
        0 => "-",
        1 => "",
        _ => "+",
    };
    Some(format!("|{hint}{chomping}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::node::{map, seq};

    #[test]
    fn says_the_same_in_every_style() {
        let node = map! {
            "a" => map! { "x" => "1", "y" => "two words" },
            "b" => map! { "x" => "1", "y" => "two words", "z" => "🎉" },
            "list" => seq!["it's", "- dash", map! { "k" => "multi\nline\n", "e" => seq![] }, seq![1_usize, true]],
            "text" => "  leading\nlines\n\n",
        };
        let expected: serde_json::Value = serde_json::from_str(&json(&mut Random::new(0), &node)).unwrap();
        for seed in 0..400 {
            let text = document(&mut Random::new(seed), &node);
            // Folded blocks say something else on purpose.
            if text.contains(": >") {
                continue;
            }
            let options = gitops_core::yaml::Options::kustomize();
            let value = gitops_core::yaml::read_first(text.as_bytes(), &options).unwrap().unwrap().root;
            assert_eq!(serde_json::to_value(&value).unwrap(), expected, "seed {seed}\n{text}");
        }
    }
}
