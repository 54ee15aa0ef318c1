//! The fields of a kustomization that change every object in the same way.

use super::layer::{Draft, NAMESPACES};
use super::node::{Node, map, seq};
use super::scalar;

/// Label selectors that a field of labels may also go to, which no default knows.
const MORE_LABELS: [(&str, &str); 2] =
    [("Widget", "spec/selector/matchLabels"), ("ServiceMonitor", "spec/selector/matchLabels")];

impl Draft<'_> {
    /// Namespace, names, labels, annotations, JSON patches, replicas, images and replacements, in this order.
    pub(super) fn transforms(&mut self) {
        if self.chance(25) {
            self.namespace();
        }
        self.affixes();
        if self.chance(25) {
            self.labels();
        }
        if self.chance(15) {
            let pairs = self.pairs();
            self.field("commonLabels", pairs);
        }
        if self.chance(20) {
            let pairs = self.pairs();
            self.field("commonAnnotations", pairs);
        }
        if self.chance(10) {
            self.json_patches();
        }
        if self.chance(20) {
            self.replicas();
        }
        if self.chance(30) {
            self.images();
        }
        if self.chance(25) {
            self.replacements();
        }
    }

    fn namespace(&mut self) {
        let namespace = self.random().pick(&NAMESPACES).to_owned();
        if !self.can_move(&namespace) && !self.careless(30) {
            return;
        }
        self.field("namespace", namespace.as_str().into());
        self.move_to(&namespace);
    }

    /// Whether objects stay apart when all of them go to one namespace.
    pub(super) fn can_move(&self, namespace: &str) -> bool {
        let apart = |at: usize| {
            let object = &self.objects[at];
            let clash = |other: &super::object::Object| {
                other.same_kind(object) && (other.name() == object.name() || object.kind == "Namespace")
            };
            !self.objects[..at].iter().any(clash)
        };
        (0..self.objects.len()).all(apart) && !namespace.is_empty()
    }

    pub(super) fn move_to(&mut self, namespace: &str) {
        for object in &mut self.objects {
            let is_namespace = object.kind == "Namespace";
            let is_namespaced = object.is_namespaced();
            object.rename(|(current, name)| match (is_namespace, is_namespaced) {
                (true, _) => namespace.clone_into(name),
                (_, true) => *current = Some(namespace.to_owned()),
                _ => {}
            });
        }
    }

    /// As a transformer does that keeps no former identities.
    pub(super) fn move_unseen(&mut self, namespace: &str) {
        for object in &mut self.objects {
            let id = match object.kind.as_str() {
                "Namespace" => (object.id().0.clone(), namespace.to_owned()),
                _ if object.is_namespaced() => (Some(namespace.to_owned()), object.name().to_owned()),
                _ => continue,
            };
            object.ids.pop();
            object.ids.push(id);
        }
    }

    fn affixes(&mut self) {
        if self.chance(25) {
            let prefix = self.random().pick(&["p-", "dev-", "x.", "1-", "team-a-"]).to_owned();
            self.field("namePrefix", prefix.as_str().into());
            self.rename(|name| format!("{prefix}{name}"));
        }
        if self.chance(20) {
            let suffix = self.random().pick(&["-s", "-v2", ".x", "-prod"]).to_owned();
            self.field("nameSuffix", suffix.as_str().into());
            self.rename(|name| format!("{name}{suffix}"));
        }
    }

    pub(super) fn rename(&mut self, change: impl Fn(&str) -> String) {
        for object in self.objects.iter_mut().filter(|object| !object.keeps_name()) {
            object.rename(|(_, name)| *name = change(name));
        }
    }

    /// Labels or annotations.
    pub(super) fn pairs(&mut self) -> Node {
        let mut pairs = map! {};
        for _ in 0..=self.random().below(3) {
            let key = match self.random().below(4) {
                0 => format!("example.com/{}", scalar::word(self.random())),
                1 => self
                    .random()
                    .pick(&["app", "tier", "env", "app.kubernetes.io/name", "y", "on"])
                    .to_owned(),
                _ => scalar::word(self.random()),
            };
            let value = scalar::text(self.random());
            pairs.set(&key, value);
        }
        pairs
    }

    fn labels(&mut self) {
        let mut list = seq![];
        for _ in 0..=self.random().below(2) {
            let mut entry = map! { "pairs" => self.pairs() };
            if self.chance(40) {
                entry.set("includeSelectors", self.chance(70));
            }
            if self.chance(30) {
                entry.set("includeTemplates", self.chance(70));
            }
            if self.chance(20) {
                let at = self.random().below(MORE_LABELS.len());
                let (kind, path) = MORE_LABELS[at];
                let mut spec = map! { "path" => path, "create" => self.chance(50) };
                if self.chance(80) {
                    spec.set("kind", kind);
                }
                entry.set("fields", seq![spec]);
                self.forest.note("labels.fields");
            }
            list.push(entry);
        }
        self.field("labels", list);
    }

    fn replicas(&mut self) {
        let counted = |kind: &str| {
            matches!(kind, "Deployment" | "StatefulSet" | "ReplicaSet" | "ReplicationController")
        };
        let Some(at) = self.choose(|object| counted(&object.kind)) else { return };
        let object = &self.objects[at];
        let current = object.name().to_owned();
        let original = object.ids.first().map_or_else(|| current.clone(), |id| id.1.clone());
        let name = if self.chance(50) { current } else { original };
        let name = if self.careless(10) { "absent".to_owned() } else { name };
        let mut entry = map! { "name" => name };
        if self.chance(95) {
            entry.set("count", self.forest.random.below(9));
        }
        self.field("replicas", seq![entry]);
    }

    fn images(&mut self) {
        let mut list = seq![];
        for _ in 0..=self.random().below(3) {
            let entry = self.image();
            list.push(entry);
        }
        let field = if self.chance(4) { "imageTags" } else { "images" };
        self.field(field, list);
    }

    pub(super) fn image(&mut self) -> Node {
        const NAMES: [&str; 9] = [
            "nginx",
            "redis",
            "web",
            "api",
            "registry.example.com/team/web",
            "registry.example.com:5000/team/api",
            "ghcr.io/org/app",
            "my-app",
            "absent",
        ];
        let mut name = self.random().pick(&NAMES).to_owned();
        if self.chance(4) {
            self.random().pick(&["ngin.", "(web|api)", ".*", "registry.*"]).clone_into(&mut name);
        }
        let mut entry = map! { "name" => name };
        if self.chance(45) {
            entry.set("newName", self.random().pick(&["mirror.example.com/nginx", "new", "a.b:5000/c/d"]));
        }
        if self.chance(55) {
            entry.set("newTag", self.random().pick(&["v2", "1.10", "2024-01-01", "1e3", "latest"]));
        }
        if self.chance(15) {
            entry.set("digest", "sha256:fedcbafedcbafedcbafedcbafedcbafedcbafedcbafedcbafedcbafedcbafedc");
        }
        if self.chance(8) && entry.get("digest").is_none() {
            entry.set("tagSuffix", "-alpine");
        }
        entry
    }
}
