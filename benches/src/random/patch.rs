//! Patches of objects that exist: strategic merges and lists of JSON operations.

use super::node::{Node, Path, Step, map, seq};
use super::object::Object;
use super::scalar;
use crate::generate::Random;

/// How daring a patch may be.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Nerve {
    /// What works in the original.
    Careful,
    /// What may fail there: other types, absent parents, unknown directives.
    Careless,
}

/// Fields that elements of merged lists are told apart by.
fn list_keys(field: &str, element: Option<&Node>) -> &'static [&'static str] {
    match field {
        "containers"
        | "initContainers"
        | "ephemeralContainers"
        | "env"
        | "volumes"
        | "imagePullSecrets"
        | "webhooks"
        | "secrets"
        | "parts" => &["name"],
        "volumeMounts" => &["mountPath"],
        "volumeDevices" => &["devicePath"],
        "hostAliases" => &["ip"],
        "topologySpreadConstraints" => &["topologyKey", "whenUnsatisfiable"],
        "ownerReferences" => &["uid"],
        "ports" if element.is_some_and(|element| element.get("port").is_some()) => &["port", "protocol"],
        "ports" => &["containerPort", "protocol"],
        _ => &[],
    }
}

/// A strategic merge patch of an object, and what the object is then, about.
pub(super) fn strategic(
    random: &mut Random,
    object: &mut Object,
    nerve: Nerve,
    named_as: &super::object::Id,
) -> Node {
    let mut metadata = map! { "name" => named_as.1.as_str() };
    if let Some(namespace) = &named_as.0 {
        metadata.set("namespace", namespace.as_str());
    }
    let mut patch = map! { "apiVersion" => object.api_version.as_str(), "kind" => object.kind.as_str() };
    let mut merge = Merge { random, nerve };
    if merge.random.chance(25) {
        merge.labels(&mut metadata, &mut object.body);
    }
    patch.set("metadata", metadata);
    let fields: Vec<String> = match &object.body {
        Node::Map(entries) => entries.iter().map(|(key, _)| key.clone()).collect(),
        _ => Vec::new(),
    };
    for field in fields.iter().filter(|field| !matches!(field.as_str(), "apiVersion" | "kind" | "metadata")) {
        if merge.random.chance(80)
            && let Some(node) = object.body.get_mut(field)
            && let Some(value) = merge.value(field, node, 0)
        {
            patch.set(field, value);
        }
    }
    if random.chance(2)
        && let Some(metadata) = patch.get_mut("metadata")
    {
        // With the annotations goes what the original keeps there of the object's past.
        metadata.set("annotations", Node::raw("null"));
        object.ids = vec![object.id().clone()];
    }
    if random.chance(3) {
        patch.set("added", scalar::tree(random, 2));
    }
    if random.chance(2) {
        patch.set("$patch", random.pick(&["replace", "merge"]));
    }
    patch
}

/// A patch that deletes the object.
pub(super) fn deletion(object: &Object, named_as: &super::object::Id) -> Node {
    let mut metadata = map! { "name" => named_as.1.as_str() };
    if let Some(namespace) = &named_as.0 {
        metadata.set("namespace", namespace.as_str());
    }
    map! {
        "$patch" => "delete", "apiVersion" => object.api_version.as_str(), "kind" => object.kind.as_str(), "metadata" => metadata,
    }
}

struct Merge<'a> {
    random: &'a mut Random,
    nerve: Nerve,
}

impl Merge<'_> {
    fn labels(&mut self, metadata: &mut Node, body: &mut Node) {
        let field = self.random.pick(&["labels", "annotations"]);
        let mut entries = map! {};
        if let Some(Node::Map(known)) = body.get("metadata").and_then(|node| node.get(field))
            && !known.is_empty()
            && self.random.chance(50)
        {
            let key = known[self.random.below(known.len())].0.clone();
            let value = if self.random.chance(50) {
                body.remove(&[
                    Step::Key("metadata".to_owned()),
                    Step::Key(field.to_owned()),
                    Step::Key(key.clone()),
                ]);
                Node::raw("null")
            } else {
                scalar::text(self.random)
            };
            entries.set(&key, value);
        }
        if self.random.chance(70) {
            let key = format!("patched-{}", scalar::word(self.random));
            let value = scalar::text(self.random);
            entries.set(&key, value);
        }
        metadata.set(field, entries);
    }

    /// What a patch says about a node; nothing where it leaves it alone.
    fn value(&mut self, field: &str, node: &mut Node, depth: usize) -> Option<Node> {
        if self.nerve == Nerve::Careless && self.random.chance(3) {
            return Some(scalar::tree(self.random, 2));
        }
        match node {
            Node::Map(_) if self.random.chance(if depth == 0 { 100 } else { 70 }) => {
                Some(self.map(node, depth))
            }
            Node::Seq(items) if self.random.chance(70) => self.list(field, items, depth),
            node if node.is_leaf() && self.random.chance(40) => Some(match self.random.below(6) {
                0 => scalar::odd(self.random),
                1 => scalar::any(self.random),
                2 if node.text().is_some_and(|text| text.parse::<i64>().is_ok()) => {
                    self.random.below(100).into()
                }
                _ => scalar::text(self.random),
            }),
            _ => None,
        }
    }

    fn map(&mut self, node: &mut Node, depth: usize) -> Node {
        let Node::Map(entries) = node else { return map! {} };
        let mut patch = map! {};
        let count = if depth < 3 { entries.len() } else { entries.len().min(2) };
        let most = 1 + self.random.below(3);
        let chosen = self.random.sample(entries.len(), count.min(most));
        let mut deleted = Vec::new();
        for at in chosen {
            let (key, child) = &mut entries[at];
            // Other features need these to stay what they are.
            let is_key = matches!(key.as_str(), "name" | "selector" | "template" | "containers");
            if !is_key && self.random.chance(12) {
                patch.set(key, Node::raw(self.random.pick(&["null", "~"])));
                deleted.push(key.clone());
            } else if let Some(value) = self.value(&key.clone(), child, depth + 1) {
                patch.set(key, value);
            }
        }
        entries.retain(|(key, _)| !deleted.contains(key));
        if self.random.chance(15) {
            let key = scalar::key(self.random);
            if !entries.iter().any(|(known, _)| *known == key) {
                let value = scalar::tree(self.random, 2);
                patch.set(&key, value);
            }
        }
        if self.random.chance(3) {
            patch.set("absent", Node::raw("null"));
        }
        if self.random.chance(3) {
            patch.set("$patch", self.random.pick(&["replace", "merge", "delete", "replace"]));
        }
        if self.nerve == Nerve::Careless && self.random.chance(4) {
            patch.set("$patch", "unknown");
        }
        patch
    }

    fn list(&mut self, field: &str, items: &mut Vec<Node>, depth: usize) -> Option<Node> {
        let keys = list_keys(field, items.first());
        if keys.is_empty() {
            let list = self.plain_list(items);
            // Only what both have is sure to be there, whether the list is merged or replaced.
            if let Node::Seq(new) = &list {
                *items = new.iter().filter(|item| items.contains(item)).cloned().collect();
            }
            return Some(list);
        }
        let mut patch = Vec::new();
        let mut rest = Vec::new();
        for mut item in std::mem::take(items) {
            if !matches!(item, Node::Map(_)) || !self.random.chance(60) {
                rest.push(item);
                continue;
            }
            let mut element = map! {};
            for key in keys {
                if let Some(value) = item.get(key)
                    && !self.random.chance(2)
                {
                    element.set(key, value.clone());
                } else if *key == "protocol" && self.random.chance(50) {
                    element.set(key, self.random.pick(&["TCP", "UDP"]));
                }
            }
            if self.random.chance(12) {
                element.set("$patch", self.random.pick(&["delete", "delete", "replace", "merge"]));
            }
            if let Node::Map(entries) = self.map(&mut item, depth + 1) {
                for (key, value) in entries {
                    if !keys.contains(&key.as_str()) {
                        element.set(&key, value);
                    }
                }
            }
            patch.push(element);
        }
        if self.random.chance(30) {
            patch.push(self.new_element(keys));
        }
        if self.random.chance(6) {
            let at = self.random.below(patch.len() + 1);
            patch.insert(
                at,
                map! { "$patch" => self.random.pick(&["replace", "replace", "delete", "merge"]) },
            );
        }
        if self.random.chance(20) {
            self.random.shuffle(&mut patch);
        }
        (!patch.is_empty() || self.random.chance(10)).then_some(Node::Seq(patch))
    }

    fn new_element(&mut self, keys: &[&str]) -> Node {
        let mut element = map! {};
        for key in keys {
            match *key {
                "containerPort" | "port" => element.set(key, 1000 + self.random.below(100)),
                "protocol" if self.random.chance(50) => {}
                "protocol" => element.set(key, self.random.pick(&["TCP", "UDP"])),
                _ => element.set(key, format!("new-{}", scalar::word(self.random))),
            }
        }
        let extra = self.random.pick(&["image", "value", "note"]);
        element.set(extra, scalar::simple(self.random));
        element
    }

    fn plain_list(&mut self, items: &[Node]) -> Node {
        let mut list: Vec<Node> = items.iter().filter(|_| self.random.chance(70)).cloned().collect();
        let add = match items.first() {
            Some(Node::Map(_)) => {
                map! { "name" => scalar::word(self.random), "x" => scalar::any(self.random) }
            }
            _ => scalar::simple(self.random),
        };
        if self.random.chance(60) {
            list.push(add);
        }
        if self.random.chance(4) && matches!(items.first(), Some(Node::Map(_))) {
            list.insert(0, map! { "$patch" => "replace" });
        }
        Node::Seq(list)
    }
}

/// Operations of a JSON patch, and what the object is then. An object that is `annotated` has annotations, of the
/// original's own if of no other kind.
pub(super) fn operations(random: &mut Random, object: &mut Object, annotated: bool, nerve: Nerve) -> Node {
    let mut operations = seq![];
    if annotated && random.chance(12) {
        let path = random.pick(&[
            "/metadata/annotations/added",
            "/metadata/annotations/example.com~1x",
            "/metadata/annotations",
        ]);
        let value = if path == "/metadata/annotations" {
            map! { "only" => "this" }
        } else {
            scalar::text(random)
        };
        operations.push(map! { "op" => "add", "path" => path, "value" => value });
        if let Some(metadata) = object.body.get_mut("metadata") {
            metadata.set("annotations", map! {});
        }
    }
    for _ in 0..=random.below(3) {
        let paths: Vec<Path> = object
            .body
            .paths()
            .into_iter()
            .filter(
                |path| !matches!(path.first(), Some(Step::Key(key)) if key == "apiVersion" || key == "kind"),
            )
            .filter(|path| {
                *path != [Step::Key("metadata".into())] && path.last() != Some(&Step::Key("name".into()))
            })
            .filter(|path| path.last() != Some(&Step::Key("namespace".into())))
            .collect();
        if paths.is_empty() {
            break;
        }
        let path = &paths[random.below(paths.len())];
        let operation = operation(random, &mut object.body, path, nerve);
        operations.push(operation);
    }
    operations
}

fn operation(random: &mut Random, body: &mut Node, path: &Path, nerve: Nerve) -> Node {
    let pointer = pointer(path);
    match (random.below(12), body.at(path).cloned()) {
        (4..=6, Some(Node::Map(_))) => {
            let key = scalar::key(random);
            let value = json_value(random);
            if let Some(node) = body.at_mut(path) {
                node.set(&key, value.clone());
            }
            map! { "op" => "add", "path" => format!("{pointer}/{}", escape(&key)), "value" => value }
        }
        (4..=6, Some(Node::Seq(items))) => {
            let at = random.below(items.len() + 1);
            let value = match items.first() {
                Some(first) => replacement(random, first),
                None => json_value(random),
            };
            let end = at == items.len() && random.chance(70);
            let step = if end { "-".to_owned() } else { at.to_string() };
            if let Some(Node::Seq(items)) = body.at_mut(path) {
                items.insert(at, value.clone());
            }
            map! { "op" => "add", "path" => format!("{pointer}/{step}"), "value" => value }
        }
        (7..=8, Some(_)) if !is_needed(path) => {
            body.remove(path);
            map! { "op" => "remove", "path" => pointer }
        }
        (9, Some(node)) if path.first() != Some(&Step::Key("metadata".to_owned())) => {
            let target = "/metadata/copied";
            if let Some(metadata) = body.get_mut("metadata") {
                metadata.set("copied", node);
            }
            map! { "op" => "copy", "from" => pointer, "path" => target }
        }
        (10, _) if nerve == Nerve::Careless => {
            let op = random.pick(&["remove", "test", "add", "replace", "move"]);
            map! { "op" => op, "path" => format!("{pointer}/absent/x"), "from" => "/no", "value" => "x" }
        }
        (11, Some(node)) if node.is_leaf() && matches!(node, Node::Text(_)) && nerve == Nerve::Careless => {
            map! { "op" => "test", "path" => pointer, "value" => node }
        }
        (_, Some(node)) => {
            let value = replacement(random, &node);
            if let Some(node) = body.at_mut(path) {
                *node = value.clone();
            }
            map! { "op" => "replace", "path" => pointer, "value" => value }
        }
        (_, None) => map! { "op" => "add", "path" => "/metadata/labels", "value" => map! {} },
    }
}

/// Whether other features rely on the field.
fn is_needed(path: &[Step]) -> bool {
    path.len() < 2
        || path.iter().any(|step| matches!(step, Step::Index(_)))
        || matches!(path.last(), Some(Step::Key(key)) if matches!(key.as_str(), "template" | "selector" | "containers" | "spec"))
}

/// A value of the same shape.
fn replacement(random: &mut Random, node: &Node) -> Node {
    match node {
        Node::Map(entries) => {
            let mut copy = Node::Map(entries.clone());
            if let Node::Map(entries) = &mut copy
                && random.chance(50)
                && let Some((_, child)) =
                    entries.iter_mut().rev().find(|(key, child)| child.is_leaf() && key != "name")
            {
                *child = json_value(random);
            }
            copy
        }
        Node::Seq(items) => Node::Seq(items.clone()),
        Node::Raw(text) if text.parse::<u32>().is_ok() => random.below(1000).into(),
        _ => json_value(random),
    }
}

/// A scalar that JSON knows too, or a YAML 1.1 one.
fn json_value(random: &mut Random) -> Node {
    match random.below(10) {
        0..=5 => scalar::text(random),
        6..=7 => random.below(100_000).into(),
        8 => Node::raw(random.pick(&["true", "false", "null", "1.5", "9007199254740993", "1000000", "1e21"])),
        _ => scalar::simple(random),
    }
}

fn pointer(path: &[Step]) -> String {
    let mut text = String::new();
    for step in path {
        text.push('/');
        match step {
            Step::Key(key) => text.push_str(&escape(key)),
            Step::Index(at) => text.push_str(&at.to_string()),
        }
    }
    text
}

fn escape(key: &str) -> String {
    key.replace('~', "~0").replace('/', "~1")
}
