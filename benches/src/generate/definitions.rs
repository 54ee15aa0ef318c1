//! CustomResourceDefinitions as controller-gen prints them: deep schemas that are mostly prose.

use std::fmt::Display;

use super::Input;
use super::manifest::entry;
use super::random::Random;
use super::template::fill;

const NOUNS: [&str; 16] = [
    "selector",
    "template",
    "volume",
    "container",
    "policy",
    "endpoint",
    "secret",
    "schedule",
    "replica",
    "affinity",
    "toleration",
    "listener",
    "route",
    "certificate",
    "issuer",
    "probe",
];
const PROSE: [&str; 24] = [
    "the",
    "desired",
    "state",
    "of",
    "a",
    "list",
    "that",
    "must",
    "be",
    "set",
    "when",
    "controller",
    "reconciles",
    "this",
    "field",
    "is",
    "optional",
    "and",
    "defaults",
    "to",
    "empty",
    "value",
    "for",
    "backwards",
];
const SCALARS: [&str; 4] = ["string", "integer", "boolean", "string"];

/// One kustomization of `count` definitions, each in its file of about `bytes`.
#[must_use]
pub fn definitions(count: usize, bytes: usize, seed: u64) -> Input {
    let mut input = Input { roots: vec![String::new()], resources: count, ..Input::default() };
    let mut kustomization = String::from("resources:\n");
    for index in 0..count {
        let path = format!("crd-{index:03}.yaml");
        entry(&mut kustomization, format_args!("  - {path}"));
        input.add(path, definition(index, bytes, &mut Random::part(seed, index as u64)));
    }
    input.add("kustomization.yaml", kustomization);
    input
}

fn definition(index: usize, bytes: usize, random: &mut Random) -> String {
    let mut schema = Schema { text: String::new(), properties: 0 };
    while schema.text.len() < bytes {
        schema.property(14, 0, random);
    }
    let values = [("index", index.to_string()), ("properties", schema.text)];
    fill(
        include_str!("templates/definition.yaml"),
        &values.each_ref().map(|(key, value)| (*key, value.as_str())),
    )
}

/// The properties of a schema, being written.
struct Schema {
    text: String,
    properties: usize,
}

impl Schema {
    fn line(&mut self, indent: usize, text: impl Display) {
        entry(&mut self.text, format_args!("{:indent$}{text}", ""));
    }

    /// One property with everything below it; five levels at most.
    fn property(&mut self, indent: usize, level: usize, random: &mut Random) {
        let number = self.properties;
        self.properties += 1;
        self.line(indent, format_args!("{}{number}:", random.pick(&NOUNS)));
        self.description(indent + 2, random);
        let children = if level < 5 { random.below(5) } else { 0 };
        if children == 0 {
            self.scalar(indent + 2, random);
            return;
        }
        let list = random.below(3) == 0;
        let inner = if list { indent + 4 } else { indent + 2 };
        if list {
            self.line(indent, "  items:");
        }
        self.line(inner, "properties:");
        for _ in 0..children {
            self.property(inner + 2, level + 1, random);
        }
        self.line(inner, "type: object");
        if list {
            self.line(indent, "  type: array");
            self.line(indent, "  x-kubernetes-list-type: atomic");
        }
    }

    fn scalar(&mut self, indent: usize, random: &mut Random) {
        let kind = random.pick(&SCALARS);
        let rules: &[&str] = match (kind, random.below(6)) {
            ("integer", 0..3) => &["format: int32", "maximum: 65535", "minimum: 1"],
            ("string", 0) => &["enum:", "- Always", "- IfNotPresent", "- \"\""],
            ("string", 1) => &["maxLength: 253", "pattern: ^[a-z0-9]([-a-z0-9]*[a-z0-9])?$"],
            _ => &[],
        };
        for rule in rules {
            self.line(indent, rule);
        }
        self.line(indent, format_args!("type: {kind}"));
    }

    /// Prose in the forms that controller-gen has used: a line, a plain scalar over several lines, a literal block.
    fn description(&mut self, indent: usize, random: &mut Random) {
        let form = random.below(4);
        if form < 2 {
            self.line(indent, format_args!("description: {}", sentence(random)));
            for _ in 0..form * (1 + random.below(4)) {
                self.line(indent + 2, sentence(random));
            }
            return;
        }
        self.line(indent, "description: |-");
        for _ in 0..2 + random.below(4) {
            self.line(indent + 2, sentence(random));
        }
        if random.below(3) == 0 {
            self.line(0, "");
            self.line(indent + 2, format_args!("More: https://example.com/docs#{}", random.pick(&NOUNS)));
        }
    }
}

fn sentence(random: &mut Random) -> String {
    let words: Vec<&str> = (0..6 + random.below(6)).map(|_| random.pick(&PROSE)).collect();
    format!("{}.", words.join(" "))
}
