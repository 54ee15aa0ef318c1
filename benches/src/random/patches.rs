//! The fields of a kustomization that patch some objects.

use super::emit;
use super::layer::Draft;
use super::node::{Node, map, seq};
use super::object::{Id, Object};
use super::patch::{self, Nerve};
use super::scalar;

impl Draft<'_> {
    pub(super) fn patches(&mut self) {
        if self.chance(12) {
            self.old_strategic();
        }
        if self.chance(55) {
            let mut list = seq![];
            for _ in 0..=self.random().below(3) {
                if let Some(entry) = self.patch() {
                    list.push(entry);
                }
            }
            if list != seq![] {
                self.field("patches", list);
            }
        }
    }

    fn old_strategic(&mut self) {
        let mut list = seq![];
        for _ in 0..=self.random().below(2) {
            let Some((text, _)) = self.strategic_text() else { continue };
            list.push(if self.chance(50) { text } else { self.file("strategic", "yaml", text) });
        }
        if list != seq![] {
            self.field("patchesStrategicMerge", list);
        }
    }

    /// One entry of `patches`.
    pub(super) fn patch(&mut self) -> Option<Node> {
        match self.random().below(10) {
            0..=3 => {
                let (text, _) = self.strategic_text()?;
                self.forest.note("patches: strategic");
                Some(self.with_text(map! {}, "strategic", "yaml", text))
            }
            4..=5 => self.targeted(),
            6 => self.directive(),
            _ => {
                let at = self.choose(|_| true)?;
                let target = self.exact_target(at)?;
                let (text, extension) = self.operations_text(at, true)?;
                self.forest.note("patches: json6902");
                Some(self.with_text(map! { "target" => target }, "json", extension, text))
            }
        }
    }

    /// The patch inline or in a file.
    fn with_text(&mut self, mut entry: Node, stem: &str, extension: &str, text: String) -> Node {
        if self.chance(60) {
            entry.set("patch", text);
        } else {
            let path = self.file(stem, extension, text);
            entry.set("path", path);
        }
        entry
    }

    /// One or two strategic patches for objects that they name.
    fn strategic_text(&mut self) -> Option<(String, usize)> {
        let at = self.choose(|_| true)?;
        let handle = self.handle(at)?;
        let nerve = self.forest.nerve;
        let node = patch::strategic(&mut self.forest.random, &mut self.objects[at], nerve, &handle);
        let mut text = emit::patch(self.random(), &node);
        if self.chance(10)
            && let Some(second) = self.choose(|_| true)
            && let Some(handle) = self.handle(second)
        {
            let node = patch::strategic(&mut self.forest.random, &mut self.objects[second], nerve, &handle);
            text = format!("{text}---\n{}", emit::patch(self.random(), &node));
        }
        Some((text, at))
    }

    /// A strategic patch for everything that a target selects.
    fn targeted(&mut self) -> Option<Node> {
        let at = self.choose(|_| true)?;
        let target = self.wide_target(at);
        let nerve = self.forest.nerve;
        let id: Id = (None, self.random().pick(&["any", "ignored", "x"]).to_owned());
        let mut copy = self.objects[at].clone();
        let node = patch::strategic(&mut self.forest.random, &mut copy, nerve, &id);
        let text = emit::patch(self.random(), &node);
        let mut entry = map! { "target" => target };
        if self.chance(12) {
            let rename = self.chance(30);
            let option = if rename { "allowKindChange" } else { "allowNameChange" };
            entry.set("options", map! { option => rename });
            self.forest.note("patches.options");
        }
        self.forest.note("patches: strategic with target");
        Some(self.with_text(entry, "strategic", "yaml", text))
    }

    fn directive(&mut self) -> Option<Node> {
        let at = self.choose(|_| true)?;
        let handle = self.handle(at)?;
        let node = patch::deletion(&self.objects[at], &handle);
        let text = emit::patch(self.random(), &node);
        self.objects.remove(at);
        self.forest.note("patches: $patch delete");
        Some(self.with_text(map! {}, "delete", "yaml", text))
    }

    /// A target that selects one object.
    pub(super) fn exact_target(&mut self, at: usize) -> Option<Node> {
        let (namespace, name) = self.handle(at)?;
        let object = &self.objects[at];
        let (kind, group, version) =
            (object.kind.clone(), object.group().to_owned(), object.version().to_owned());
        let mut target = map! { "kind" => kind, "name" => name };
        if !group.is_empty() && self.chance(40) {
            target.set("group", group);
        }
        if self.chance(40) {
            target.set("version", version);
        }
        if let Some(namespace) = namespace
            && self.chance(50)
        {
            target.set("namespace", namespace);
        }
        Some(target)
    }

    /// A target that selects this object and perhaps others of its kind.
    fn wide_target(&mut self, at: usize) -> Node {
        let object = self.objects[at].clone();
        let mut target = map! { "kind" => object.kind.as_str() };
        match self.random().below(5) {
            0 => target.set("name", object.name()),
            1 => target.set("name", ".*"),
            2 => target.set("name", format!("{}.*", first_letter(&object))),
            3 => target.set(
                "labelSelector",
                self.random().pick(&["app", "app=x", "tier in (alpha, bravo)", "!absent", "env!=prod"]),
            ),
            _ => {}
        }
        if self.chance(10) {
            target.set("annotationSelector", self.random().pick(&["!absent", "alpha", "example.com/x=y"]));
        }
        if self.chance(10) {
            target.set("namespace", self.random().pick(&["ns-.*", "default", ".*"]));
        }
        target
    }

    fn operations_text(&mut self, at: usize, tracked: bool) -> Option<(String, &'static str)> {
        let nerve = self.forest.nerve;
        let annotated = tracked || self.objects[at].ids.len() > 1;
        let node = patch::operations(&mut self.forest.random, &mut self.objects[at], annotated, nerve);
        if node == seq![] && !self.careless(50) {
            return None;
        }
        if is_json(&node) && self.chance(35) {
            self.forest.note("json patch: JSON");
            return Some((emit::json(self.random(), &node), "json"));
        }
        Some((emit::block(self.random(), &node), "yaml"))
    }

    pub(super) fn json_patches(&mut self) {
        let mut list = seq![];
        for _ in 0..=self.random().below(2) {
            let Some(at) = self.choose(|_| true) else { continue };
            let Some((namespace, name)) = self.handle(at) else { continue };
            let object = &self.objects[at];
            let mut target =
                map! { "kind" => object.kind.as_str(), "version" => object.version(), "name" => name };
            if !object.group().is_empty() {
                target.set("group", object.group());
            }
            if let Some(namespace) = namespace {
                target.set("namespace", namespace);
            }
            let Some((text, extension)) = self.operations_text(at, false) else { continue };
            let entry = self.with_text(map! { "target" => target }, "json", extension, text);
            list.push(entry);
        }
        if list != seq![] {
            self.field("patchesJson6902", list);
        }
    }

    /// The inline text of a patch that every layer can stand, for plugins.
    pub(super) fn harmless_patch(&mut self) -> Option<(Node, String)> {
        let at = self.choose(|_| true)?;
        let target = self.exact_target(at)?;
        let value = scalar::text(self.random());
        let operations = seq![
            map! { "op" => "add", "path" => "/metadata/annotations", "value" => map! { "plugin" => value } }
        ];
        Some((target, emit::block(self.random(), &operations)))
    }

    pub(super) fn is_careful(&self) -> bool {
        self.forest.nerve == Nerve::Careful
    }
}

fn first_letter(object: &Object) -> String {
    object.name().chars().take(1).filter(char::is_ascii_alphanumeric).collect()
}

/// Whether every scalar is one in JSON too.
fn is_json(node: &Node) -> bool {
    match node {
        Node::Text(_) => true,
        Node::Raw(text) => serde_json::from_str::<serde_json::Value>(text).is_ok(),
        Node::Seq(items) => items.iter().all(is_json),
        Node::Map(entries) => entries.iter().all(|(_, node)| is_json(node)),
    }
}
