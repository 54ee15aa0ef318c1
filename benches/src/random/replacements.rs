//! Values that go from one object to others: replacements and variables.

use super::emit;
use super::layer::Draft;
use super::node::{Node, Path, Step, map, seq};
use super::object::Object;
use super::scalar;
use std::fmt::Write as _;

impl Draft<'_> {
    pub(super) fn replacements(&mut self) {
        let mut list = Vec::new();
        for _ in 0..=self.random().below(2) {
            list.extend(self.replacement());
        }
        if list.is_empty() {
            return;
        }
        if self.chance(25) {
            let node = if list.len() == 1 { list.swap_remove(0) } else { Node::Seq(list) };
            let text = emit::configuration(self.random(), &node);
            let path = self.file("replacement", "yaml", text);
            list = vec![map! { "path" => path }];
        }
        self.field("replacements", Node::Seq(list));
    }

    pub(super) fn replacement(&mut self) -> Option<Node> {
        let mut replacement = map! {};
        let mut cut = None;
        if self.chance(20) {
            let value = scalar::simple(self.random());
            replacement.set("sourceValue", value);
            self.forest.note("replacements.sourceValue");
        } else {
            let at = self.choose(|_| true)?;
            let handle = self.handle(at)?;
            let object = self.objects[at].clone();
            let mut source = map! { "kind" => object.kind.as_str(), "name" => handle.1 };
            if let Some(namespace) = handle.0 {
                source.set("namespace", namespace);
            }
            if self.chance(30) {
                source.set("version", object.version());
            }
            if self.chance(60) {
                let leaves = leaves(&object.body, |text| !text.is_empty() && !is_null(text));
                let path = self.pick_path(&leaves)?;
                source.set("fieldPath", field_path(&path, false));
                let text = object.body.at(&path).and_then(Node::text).unwrap_or_default();
                cut = [":", "/", "-", ".", "@"]
                    .into_iter()
                    .find(|mark| text.contains(*mark) && !text.contains('\n'));
            }
            if let Some(mark) = cut
                && self.chance(40)
            {
                source.set("options", map! { "delimiter" => mark, "index" => self.forest.random.below(2) });
                self.forest.note("replacements.source.options");
            }
            replacement.set("source", source);
        }
        let mut targets = seq![];
        for _ in 0..=self.random().below(2) {
            if let Some(target) = self.target() {
                targets.push(target);
            }
        }
        if targets == seq![] {
            return None;
        }
        replacement.set("targets", targets);
        Some(replacement)
    }

    fn pick_path(&mut self, paths: &[Path]) -> Option<Path> {
        if paths.is_empty() {
            return None;
        }
        let at = self.random().below(paths.len());
        paths.get(at).cloned()
    }

    fn target(&mut self) -> Option<Node> {
        let at = self.choose(|_| true)?;
        let object = self.objects[at].clone();
        let exact = self.chance(60);
        let select = if exact {
            self.exact_target(at)?
        } else {
            map! { "kind" => object.kind.as_str() }
        };
        let mut target = map! { "select" => select };
        if self.chance(12) {
            let reject = match self.random().below(3) {
                0 => map! { "name" => scalar::word(self.random()) },
                1 => map! { "labelSelector" => "tier=alpha" },
                _ => map! { "kind" => "Absent" },
            };
            target.set("reject", seq![reject]);
            self.forest.note("replacements.reject");
        }
        let (paths, options) = self.target_fields(&object, exact)?;
        target.set("fieldPaths", paths);
        if options != map! {} {
            target.set("options", options);
        }
        Some(target)
    }

    /// Paths of fields to replace, and options that suit them.
    fn target_fields(&mut self, object: &Object, exact: bool) -> Option<(Node, Node)> {
        if !exact || self.chance(25) {
            let key = self.random().pick(&[
                "labels.replaced",
                "annotations.replaced",
                r"annotations.example\.com/x",
                "annotations.[a.b/c]",
            ]);
            self.forest.note("replacements.create");
            return Some((seq![format!("metadata.{key}")], map! { "create" => true }));
        }
        if object.kind == "ConfigMap" && self.chance(60) {
            let data = object.body.get("data");
            for (file, path) in
                [("config.json", r"data.config\.json.a.b"), ("config.yaml", r"data.config\.yaml.a.b")]
            {
                if data.is_some_and(|data| data.get(file).is_some()) {
                    self.forest.note("replacements in structured data");
                    let create = if self.chance(30) {
                        map! { "create" => true }
                    } else {
                        map! {}
                    };
                    return Some((seq![path], create));
                }
            }
        }
        let only_text = !self.careless(30);
        let leaves: Vec<Path> = leaves(&object.body, |text| !text.contains('\n'))
            .into_iter()
            .filter(|path| !only_text || matches!(object.body.at(path), Some(Node::Text(_))))
            .filter(|path| !matches!(path.last(), Some(Step::Key(key)) if matches!(key.as_str(), "kind" | "apiVersion" | "namespace")))
            .filter(|path| path.first() != Some(&Step::Key("kind".into())) && path.len() > 1)
            .filter(|path| *path != [Step::Key("metadata".into()), Step::Key("name".into())])
            .collect();
        let mut paths = seq![];
        let mut options = map! {};
        for _ in 0..=self.random().below(2) {
            let path = self.pick_path(&leaves)?;
            let by_name = self.chance(50);
            paths.push(self.target_path(object, &path, by_name));
            let text = object.body.at(&path).and_then(Node::text).unwrap_or_default();
            let mark = [":", "/", "-", "."].into_iter().find(|mark| text.contains(*mark));
            if let Some(mark) = mark
                && self.chance(40)
            {
                let index = self.random().pick(&["0", "1", "-1", "5"]);
                options = map! { "delimiter" => mark, "index" => Node::raw(index) };
                self.forest.note("replacements.target.options");
            }
        }
        Some((paths, options))
    }

    /// A path of the field, with elements of lists found by place, by a field, or all of them.
    fn target_path(&mut self, object: &Object, path: &Path, by_name: bool) -> String {
        let mut parts = Vec::new();
        for (at, step) in path.iter().enumerate() {
            parts.push(match step {
                Step::Key(key) => key_part(key),
                Step::Index(index) => {
                    let item = object.body.at(&path[..=at]);
                    let name = item.and_then(|item| item.get("name")).and_then(Node::text);
                    let is_last = at + 1 == path.len();
                    match name {
                        _ if self.chance(20) && at + 2 == path.len() && last_is(path, "name") => {
                            self.forest.note("replacements: wildcard");
                            "*".to_owned()
                        }
                        Some(name) if by_name && !is_last && simple(name) => {
                            self.forest.note("replacements: [name=x]");
                            format!("[name={name}]")
                        }
                        _ => index.to_string(),
                    }
                }
            });
        }
        parts.join(".")
    }

    /// Variables, and texts that use them.
    pub(super) fn variables(&mut self) {
        if self.is_component || !self.chance(10) {
            return;
        }
        let mut list = seq![];
        for name in ["NAME_A", "NAME_B", "PATH_A"] {
            if !self.chance(60) || self.variables.contains(&name) && !self.careless(50) {
                continue;
            }
            let Some(at) = self.choose(|_| true) else { continue };
            let Some(handle) = self.handle(at) else { continue };
            let object = self.objects[at].clone();
            let mut reference = map! { "kind" => object.kind.as_str(), "name" => handle.1, "apiVersion" => object.api_version.as_str() };
            if let Some(namespace) = handle.0 {
                reference.set("namespace", namespace);
            }
            let mut variable = map! { "name" => name, "objref" => reference };
            if self.chance(50) {
                let leaves: Vec<Path> = leaves(&object.body, |text| !text.is_empty() && !is_null(text));
                let in_lists: Vec<Path> =
                    leaves.into_iter().filter(|path| path.iter().all(dotless)).collect();
                if let Some(path) = self.pick_path(&in_lists) {
                    variable.set("fieldref", map! { "fieldPath" => field_path(&path, true) });
                }
            }
            self.variables.push(name);
            list.push(variable);
        }
        if list != seq![] {
            self.field("vars", list);
        }
    }
}

fn last_is(path: &[Step], key: &str) -> bool {
    path.last() == Some(&Step::Key(key.to_owned()))
}

fn simple(text: &str) -> bool {
    text.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
}

fn dotless(step: &Step) -> bool {
    !matches!(step, Step::Key(key) if key.contains(['.', '[', ' ']))
}

fn is_null(text: &str) -> bool {
    matches!(text, "null" | "~" | "Null" | "''" | "\"\"")
}

/// Paths of scalars that `wanted` takes.
fn leaves(body: &Node, wanted: impl Fn(&str) -> bool) -> Vec<Path> {
    let is_wanted = |path: &Path| body.at(path).is_some_and(|node| node.text().is_some_and(&wanted));
    body.paths().into_iter().filter(is_wanted).collect()
}

fn key_part(key: &str) -> String {
    if key.contains('.') && !key.contains('[') { key.replace('.', r"\.") } else { key.to_owned() }
}

/// A path with dots; elements of lists by place, in brackets for variables.
fn field_path(path: &[Step], brackets: bool) -> String {
    let mut text = String::new();
    for step in path {
        match step {
            Step::Key(key) => {
                if !text.is_empty() {
                    text.push('.');
                }
                text.push_str(&key_part(key));
            }
            Step::Index(at) if brackets => {
                let _ = write!(text, "[{at}]");
            }
            Step::Index(at) => {
                let _ = write!(text, ".{at}");
            }
        }
    }
    text
}
