//! The layers of a tree: which folders there are, who builds upon whom, and what stands in each.

use std::collections::{BTreeMap, BTreeSet};

use super::Tree;
use super::emit;
use super::kinds::{self, Names};
use super::node::{Node, map, seq};
use super::object::{Id, Object};
use super::patch::Nerve;
use super::scalar;
use crate::generate::Random;

pub(super) const NAMESPACES: [&str; 4] = ["default", "ns-a", "ns-b", "kube-system"];

/// Everything that the layers of one tree share.
pub(super) struct Forest {
    pub(super) random: Random,
    pub(super) nerve: Nerve,
    files: BTreeMap<String, Vec<u8>>,
    features: BTreeSet<&'static str>,
    /// Kinds and names in use, so that objects rarely clash.
    taken: BTreeSet<(String, String)>,
    serial: usize,
}

/// A layer that is written.
#[derive(Clone)]
struct Layer {
    folder: String,
    objects: Vec<Object>,
    /// Names of variables, which no two layers below one may share.
    variables: Vec<&'static str>,
}

/// A layer in the making.
pub(super) struct Draft<'a> {
    pub(super) forest: &'a mut Forest,
    pub(super) folder: String,
    pub(super) objects: Vec<Object>,
    pub(super) is_component: bool,
    pub(super) is_root: bool,
    pub(super) variables: Vec<&'static str>,
    fields: Vec<(String, Node)>,
}

/// The tree of a seed.
pub(super) fn forest(seed: u64) -> Tree {
    let mut random = Random::part(seed, 0x7265_6573);
    let nerve = if random.chance(8) { Nerve::Careless } else { Nerve::Careful };
    let mut forest = Forest {
        random,
        nerve,
        files: BTreeMap::new(),
        features: BTreeSet::new(),
        taken: BTreeSet::new(),
        serial: 0,
    };
    let levels = *[1, 1, 2, 2, 2, 3, 3, 4, 5].get(forest.random.below(9)).unwrap_or(&2);
    let mut below: Vec<Layer> = Vec::new();
    for level in 0..levels {
        let is_root = level + 1 == levels;
        let wide = !is_root && forest.random.chance(35);
        let mut made = Vec::new();
        for part in 0..=usize::from(wide) {
            let folder = match (is_root, level) {
                (true, _) => "root".to_owned(),
                (_, 0) => format!("base{part}"),
                _ => format!("overlay-{level}-{part}"),
            };
            made.push(forest.layer(folder, &below, is_root));
        }
        if wide && level > 0 {
            forest.note("diamond");
        }
        below = made;
    }
    forest.note(["", "layers-1", "layers-2", "layers-3", "layers-4", "layers-5"][levels]);
    Tree { files: forest.files, root: "root".to_owned(), features: forest.features }
}

impl Forest {
    pub(super) fn note(&mut self, feature: &'static str) {
        self.features.insert(feature);
    }

    pub(super) fn write(&mut self, path: impl Into<String>, content: impl Into<Vec<u8>>) {
        self.files.insert(path.into(), content.into());
    }

    /// A number that no other call gets.
    pub(super) fn serial(&mut self) -> usize {
        self.serial += 1;
        self.serial
    }

    fn layer(&mut self, folder: String, below: &[Layer], is_root: bool) -> Layer {
        let mut draft = Draft {
            forest: self,
            folder,
            objects: Vec::new(),
            is_component: false,
            is_root,
            variables: Vec::new(),
            fields: Vec::new(),
        };
        draft.resources(below);
        draft.rest();
        draft.finish()
    }

    /// An object that shares neither kind and name with another one, unless carelessly.
    fn object(&mut self, names: &Names) -> Object {
        for _ in 0..50 {
            let mut name = scalar::word(&mut self.random);
            if self.random.chance(30) {
                name = format!("{name}-{}", self.random.below(9));
            }
            let object = Object::new(kinds::object(&mut self.random, names, &name));
            if self.taken.insert((object.kind.clone(), name))
                || self.nerve == Nerve::Careless && self.random.chance(2)
            {
                return object;
            }
        }
        let name = format!("unique-{}", self.serial());
        Object::new(kinds::object(&mut self.random, names, &name))
    }

    pub(super) fn is_taken(&mut self, kind: &str, name: &str) -> bool {
        !self.taken.insert((kind.to_owned(), name.to_owned()))
    }
}

impl Draft<'_> {
    pub(super) fn random(&mut self) -> &mut Random {
        &mut self.forest.random
    }

    pub(super) fn chance(&mut self, percent: usize) -> bool {
        self.forest.random.chance(percent)
    }

    pub(super) fn careless(&mut self, percent: usize) -> bool {
        self.forest.nerve == Nerve::Careless && self.forest.random.chance(percent)
    }

    pub(super) fn field(&mut self, feature: &'static str, value: Node) {
        self.forest.note(feature);
        self.fields.push((feature.to_owned(), value));
    }

    /// Writes a file of this layer and gives its path relative to the kustomization.
    pub(super) fn file(&mut self, stem: &str, extension: &str, content: impl Into<Vec<u8>>) -> String {
        let serial = self.forest.serial();
        let folder = if self.chance(15) { "files/" } else { "" };
        let path = format!("{folder}{stem}-{serial}.{extension}");
        self.forest.write(format!("{}/{path}", self.folder), content);
        if self.chance(5) { format!("./{path}") } else { path }
    }

    pub(super) fn names(&self) -> Names {
        let mut names = Names::new(&NAMESPACES);
        for object in &self.objects {
            names.add(object);
        }
        names
    }

    /// A namespace and name that means this object and no other of its kind; nothing where there is none.
    pub(super) fn handle(&mut self, at: usize) -> Option<Id> {
        let object = &self.objects[at];
        let mut ids = vec![object.id().clone()];
        ids.extend(object.ids.first().cloned());
        let others = |id: &Id| {
            let same =
                |(other, known): (usize, &Object)| other != at && known.same_kind(object) && known.was(id);
            self.objects.iter().enumerate().any(same)
        };
        ids.retain(|id| !others(id));
        if ids.is_empty() {
            return None;
        }
        let chosen = self.forest.random.below(ids.len());
        Some(ids.swap_remove(chosen))
    }

    /// A random object, if there is any that `wanted` takes.
    pub(super) fn choose(&mut self, wanted: impl Fn(&Object) -> bool) -> Option<usize> {
        let found: Vec<usize> = (0..self.objects.len()).filter(|at| wanted(&self.objects[*at])).collect();
        if found.is_empty() {
            return None;
        }
        let at = self.forest.random.below(found.len());
        found.get(at).copied()
    }

    fn resources(&mut self, below: &[Layer]) {
        let mut entries = Vec::new();
        for (at, layer) in below.iter().enumerate() {
            let clash = layer.objects.iter().any(|object| self.clashes(object))
                || layer.variables.iter().any(|name| self.variables.contains(name));
            if (clash && !self.careless(20)) || (at > 0 && self.chance(30)) {
                continue;
            }
            self.objects.extend(layer.objects.iter().cloned());
            self.variables.extend(&layer.variables);
            let entry = format!("../{}", layer.folder);
            entries.push(if self.chance(5) { format!("{entry}/") } else { entry });
        }
        let files = if below.is_empty() { 1 + self.random().below(4) } else { self.random().below(3) };
        for _ in 0..files {
            let entry = self.resource_file();
            entries.push(entry);
        }
        if self.chance(30) {
            self.random().shuffle(&mut entries);
        }
        let mut bases: Vec<String> = Vec::new();
        if self.chance(3) {
            let (folders, rest) = entries.into_iter().partition(|entry| entry.starts_with("../"));
            (bases, entries) = (folders, rest);
        }
        if !entries.is_empty() || self.chance(30) {
            self.field("resources", Node::Seq(entries.iter().map(Node::from).collect()));
        }
        if !bases.is_empty() {
            self.field("bases", Node::Seq(bases.iter().map(Node::from).collect()));
        }
    }

    fn clashes(&self, object: &Object) -> bool {
        self.objects.iter().any(|known| {
            let same_place =
                known.id().0.as_deref().unwrap_or("default") == object.id().0.as_deref().unwrap_or("default");
            known.same_kind(object) && known.name() == object.name() && (same_place || !known.is_namespaced())
        })
    }

    /// A file with one or several objects, as documents or as a list.
    fn resource_file(&mut self) -> String {
        let most = if self.chance(30) { 4 } else { 2 };
        let count = 1 + self.random().below(most);
        let mut objects = Vec::new();
        for _ in 0..count {
            let names = self.names();
            let object = self.forest.object(&names);
            if !self.clashes(&object) || self.careless(50) {
                objects.push(object.body.clone());
                self.objects.push(object);
            }
        }
        let random = &mut self.forest.random;
        let mut text = String::new();
        if random.chance(6) {
            let kind = random.pick(&["List", "List", "ConfigMapList", "WidgetList"]);
            let list = map! { "apiVersion" => "v1", "kind" => kind, "items" => objects };
            text = emit::document(random, &list);
            self.forest.note("list");
        } else {
            if objects.len() > 1 {
                self.forest.note("documents");
            }
            let random = &mut self.forest.random;
            for (at, object) in objects.iter().enumerate() {
                if at > 0 || random.chance(15) {
                    text.push_str(random.pick(&[
                        "---\n",
                        "---\n",
                        "---\n",
                        "--- # next\n",
                        "---\n---\n",
                        "---   \n",
                    ]));
                }
                text.push_str(&emit::document(random, object));
            }
            if random.chance(4) {
                text.push_str(random.pick(&["---\n", "---\n# nothing\n", "\n\n", "...\n"]));
            }
        }
        if self.chance(2) {
            self.forest.note("crlf");
            text = text.replace('\n', "\r\n");
        }
        if self.chance(1) {
            self.forest.note("bom");
            text.insert(0, '\u{feff}');
        }
        let extension = self.random().pick(&["yaml", "yaml", "yaml", "yml", "json", "txt"]);
        self.file("manifests", extension, text)
    }

    /// Everything but resources, in the order in which the original works through it.
    pub(super) fn rest(&mut self) {
        self.configurations();
        self.generators();
        self.generator_plugins();
        self.components();
        self.patches();
        self.transforms();
        self.plugins();
        self.variables();
        if self.is_root {
            self.root_only();
        }
    }

    fn components(&mut self) {
        for _ in 0..2 {
            if self.is_component || !self.chance(15) {
                continue;
            }
            let folder = format!("component-{}", self.forest.serial());
            let objects = std::mem::take(&mut self.objects);
            let mut draft = Draft {
                forest: &mut *self.forest,
                folder,
                objects,
                is_component: true,
                is_root: false,
                variables: Vec::new(),
                fields: Vec::new(),
            };
            if draft.chance(30) {
                draft.resources(&[]);
            }
            draft.rest();
            let component = draft.finish();
            self.objects = component.objects;
            let path = format!("../{}", component.folder);
            match self.fields.iter_mut().find(|(field, _)| field == "components") {
                Some((_, list)) => list.push(path),
                None => self.field("components", seq![path]),
            }
        }
    }

    fn root_only(&mut self) {
        if self.chance(15) {
            let order = self.random().pick(&["fifo", "legacy"]);
            let mut options = map! { "order" => order };
            if order == "legacy" && self.chance(60) {
                let first = seq!["Namespace", "ConfigMap", "Deployment"];
                let last = seq!["Service", "Widget"];
                options.set("legacySortOptions", map! { "orderFirst" => first, "orderLast" => last });
            }
            self.field("sortOptions", options);
        }
        if self.chance(12) {
            let all = ["originAnnotations", "transformerAnnotations", "managedByLabel"];
            let chosen = self.random().sample(3, 2);
            self.field("buildMetadata", Node::Seq(chosen.iter().map(|at| Node::from(all[*at])).collect()));
        }
    }

    fn finish(mut self) -> Layer {
        let mut fields = std::mem::take(&mut self.fields);
        let kind = if self.is_component { "Component" } else { "Kustomization" };
        let version = if self.is_component { "v1alpha1" } else { "v1beta1" };
        if self.chance(30) {
            self.random().shuffle(&mut fields);
        }
        if self.is_component || self.chance(50) || fields.is_empty() {
            let head =
                [("apiVersion", format!("kustomize.config.k8s.io/{version}")), ("kind", kind.to_owned())];
            fields.splice(0..0, head.map(|(key, value)| (key.to_owned(), Node::from(value))));
        }
        if fields.len() == 2 {
            fields.push(("resources".to_owned(), seq![]));
        }
        let text = emit::configuration(self.random(), &Node::Map(fields));
        let name = self.random().pick(&["kustomization.yaml"; 8].map(|name| name)).to_owned();
        let name = if self.chance(4) { "kustomization.yml".to_owned() } else { name };
        self.forest.write(format!("{}/{name}", self.folder), text);
        Layer { folder: self.folder, objects: self.objects, variables: self.variables }
    }
}
