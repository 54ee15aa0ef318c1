//! Generated ConfigMaps and Secrets.

use super::layer::{Draft, NAMESPACES};
use super::node::{Node, map, seq};
use super::object::Object;
use super::scalar;
use crate::generate::Random;

impl Draft<'_> {
    pub(super) fn generators(&mut self) {
        for (field, kind) in [("configMapGenerator", "ConfigMap"), ("secretGenerator", "Secret")] {
            if !self.chance(25) {
                continue;
            }
            let mut list = seq![];
            for _ in 0..=self.random().below(2) {
                if let Some(entry) = self.generator(kind) {
                    list.push(entry);
                }
            }
            if list != seq![] || self.chance(5) {
                self.field(field, list);
            }
        }
        if self.chance(15) {
            let options = self.options();
            self.field("generatorOptions", options);
        }
    }

    /// The arguments of one generator; the object joins the layer.
    pub(super) fn generator(&mut self, kind: &str) -> Option<Node> {
        let behavior = self.behavior(kind);
        let mut entry = map! {};
        if let Some((at, behavior)) = behavior {
            let (namespace, name) = self.handle(at)?;
            entry.set("name", name);
            if let Some(namespace) = namespace {
                entry.set("namespace", namespace);
            }
            entry.set("behavior", behavior);
            self.forest.note(if behavior == "merge" { "generator.merge" } else { "generator.replace" });
            self.objects[at].generated = true;
        } else {
            let name =
                format!("{}-{}", scalar::word(self.random()), self.random().pick(&["config", "env", "x"]));
            if self.forest.is_taken(kind, &name) && !self.careless(10) {
                return None;
            }
            let namespace = self.chance(15).then(|| self.random().pick(&NAMESPACES).to_owned());
            let mut object =
                map! { "apiVersion" => "v1", "kind" => kind, "metadata" => map! { "name" => name.as_str() } };
            entry.set("name", name);
            if let Some(namespace) = namespace {
                entry.set("namespace", namespace.as_str());
                if let Some(metadata) = object.get_mut("metadata") {
                    metadata.set("namespace", namespace);
                }
            }
            if self.chance(5) {
                entry.set("behavior", "create");
            }
            let mut object = Object::new(object);
            object.generated = true;
            self.objects.push(object);
        }
        let data = self.sources(&mut entry);
        if behavior.is_none()
            && let Some(object) = self.objects.last_mut()
            && data != map! {}
        {
            object.body.set("data", data);
        }
        if kind == "Secret" && self.chance(30) {
            entry.set("type", self.random().pick(&["Opaque", "kubernetes.io/tls", "example.com/x"]));
        }
        if self.chance(35) {
            let options = self.options();
            entry.set("options", options);
        }
        Some(entry)
    }

    fn behavior(&mut self, kind: &str) -> Option<(usize, &'static str)> {
        if !self.chance(35) {
            return None;
        }
        let at =
            self.choose(|object| object.kind == kind && (object.generated || object.name().len() % 3 == 0))?;
        Some((at, self.random().pick(&["merge", "merge", "replace"])))
    }

    /// Adds sources of data; gives what is known of the data.
    fn sources(&mut self, entry: &mut Node) -> Node {
        let mut data = map! {};
        let mut keys = Vec::new();
        let mut fresh = |random: &mut Random| {
            let mut key = scalar::key(random);
            while keys.contains(&key) || key.contains(['=', '/', ' ', 'é']) || key.starts_with('-') {
                key = format!("{}{}", scalar::word(random), random.below(100));
            }
            keys.push(key.clone());
            key
        };
        if self.chance(65) {
            let mut literals = seq![];
            for _ in 0..=self.random().below(3) {
                let key = fresh(self.random());
                let value = literal(self.random());
                literals.push(format!("{key}={value}"));
                data.set(&key, value);
            }
            entry.set("literals", literals);
        }
        if self.chance(35) {
            let mut files = seq![];
            for _ in 0..=self.random().below(2) {
                let content = content(self.random());
                let path = self.file("content", "txt", content);
                files.push(if self.chance(60) { format!("{}={path}", fresh(self.random())) } else { path });
            }
            entry.set("files", files);
            self.forest.note("generator.files");
        }
        if self.chance(20) {
            let mut text = String::new();
            for _ in 0..=self.random().below(4) {
                let key = fresh(self.random());
                let value = literal(self.random()).replace('\n', " ");
                text.push_str(&format!("{key}={value}\n"));
            }
            text.push_str(self.random().pick(&[
                "",
                "# comment\n",
                "\n",
                "  \n",
                "   INDENTED=x\n",
                "EMPTY=\n",
                "BARE\n",
            ]));
            let path = self.file("variables", "env", text);
            if self.chance(80) {
                entry.set("envs", seq![path]);
            } else {
                entry.set("env", path);
            }
            self.forest.note("generator.envs");
        }
        data
    }

    pub(super) fn options(&mut self) -> Node {
        let mut options = map! {};
        if self.chance(40) {
            options.set("disableNameSuffixHash", self.chance(80));
        }
        if self.chance(25) {
            options.set("labels", self.pairs());
        }
        if self.chance(25) {
            options.set("annotations", self.pairs());
        }
        if self.chance(20) {
            options.set("immutable", self.chance(80));
        }
        options
    }
}

fn literal(random: &mut Random) -> String {
    match random.below(8) {
        0 => random
            .pick(&[
                "",
                "\"quoted\"",
                "'single'",
                "a=b=c",
                "\"",
                " spaced ",
                "$(NAME_A)",
                "0644",
                "true",
                "a,b",
            ])
            .to_owned(),
        1 => scalar::token(random, 90),
        2 => match scalar::text(random) {
            Node::Text(text) => text,
            _ => String::new(),
        },
        _ => scalar::word(random),
    }
}

fn content(random: &mut Random) -> Vec<u8> {
    match random.below(8) {
        0 => (0..random.below(120)).map(|_| random.below(256) as u8).collect(),
        1 => b"\xff\xfe\x00binary".to_vec(),
        2 => Vec::new(),
        3 => b"\xef\xbb\xbfwith bom\n".to_vec(),
        4 => "line one\r\nline two\r\n".as_bytes().to_vec(),
        _ => {
            let lines = 1 + random.below(6);
            let mut text = String::new();
            for _ in 0..lines {
                let (Node::Text(line) | Node::Raw(line)) = scalar::any(random) else { continue };
                text.push_str(&line);
                text.push_str(random.pick(&["\n", "\n", "\n", " = x\n", ""]));
            }
            text.into_bytes()
        }
    }
}
