//! Configurations, definitions, schemas, and the built-in plugins that a kustomization may name.

use super::emit;
use super::layer::Draft;
use super::node::{Node, map, seq};
use super::scalar;

impl Draft<'_> {
    pub(super) fn configurations(&mut self) {
        if self.chance(10) {
            let node = self.configuration();
            let text = emit::configuration(self.random(), &node);
            let path = self.file("configuration", "yaml", text);
            self.field("configurations", seq![path]);
        }
        if self.chance(4) {
            let node = definitions();
            let text = emit::json(self.random(), &node);
            let path = self.file("definitions", "json", text);
            self.field("crds", seq![path]);
        }
        if self.chance(3) {
            let text = emit::json(self.random(), &schema());
            let path = self.file("schema", "json", text);
            self.field("openapi", map! { "path" => path });
        }
    }

    fn configuration(&mut self) -> Node {
        let widget = |path: &str| map! { "path" => path, "kind" => "Widget" };
        let mut node = map! {};
        let all = [
            (
                "nameReference",
                seq![
                    map! { "kind" => "ConfigMap", "version" => "v1", "fieldSpecs" => seq![widget("spec/configRef/name")] },
                    map! { "kind" => "Secret", "fieldSpecs" => seq![widget("spec/secretRef/name")] },
                ],
            ),
            ("images", seq![widget("spec/image")]),
            ("replicas", seq![map! { "path" => "spec/count", "kind" => "Widget", "create" => true }]),
            (
                "commonLabels",
                seq![
                    map! { "path" => "spec/selector/matchLabels", "kind" => "Widget", "create" => self.chance(50) }
                ],
            ),
            (
                "commonAnnotations",
                seq![map! { "path" => "spec/notes", "kind" => "Gadget", "create" => true }],
            ),
            (
                "varReference",
                seq![map! { "path" => "data", "kind" => "ConfigMap" }, widget("spec/parts/note")],
            ),
            ("namePrefix", seq![map! { "path" => "spec/owner", "kind" => "Widget", "create" => true }]),
            ("namespace", seq![map! { "path" => "spec/space", "kind" => "Widget", "create" => true }]),
            (
                "templateLabels",
                seq![map! { "path" => "spec/template/labels", "kind" => "Gadget", "create" => true }],
            ),
        ];
        let count = 1 + self.random().below(3);
        for at in self.random().sample(all.len(), count) {
            let (field, value) = &all[at];
            node.set(field, value.clone());
        }
        node
    }

    /// `generators` of the built-in kinds, inline and in files.
    pub(super) fn generator_plugins(&mut self) {
        if self.chance(5) {
            let kind = self.random().pick(&["ConfigMap", "Secret"]);
            if let Some(arguments) = self.generator(kind)
                && let Some(config) = generator_config(kind, &arguments)
            {
                self.plugin("generators", &config);
            }
        }
    }

    /// `transformers` and `validators` of the built-in kinds, inline and in files.
    pub(super) fn plugins(&mut self) {
        if self.chance(15)
            && let Some(config) = self.transformer()
        {
            self.plugin("transformers", &config);
        }
        if self.chance(2) {
            let head = head("LabelTransformer");
            let spec = seq![map! { "path" => "metadata/labels", "kind" => "Absent", "create" => true }];
            let config = with(with(head, "labels", map! { "a" => "b" }), "fieldSpecs", spec);
            self.plugin("validators", &config);
        }
    }

    fn plugin(&mut self, field: &'static str, config: &Node) {
        let text = emit::configuration(self.random(), config);
        let entry = if self.chance(40) { text } else { self.file("plugin", "yaml", text) };
        self.field(field, seq![entry]);
    }

    fn transformer(&mut self) -> Option<Node> {
        let metadata_name = seq![map! { "path" => "metadata/name" }];
        Some(match self.random().below(13) {
            0 => {
                let kind = self.random().pick(&["PrefixTransformer", "SuffixTransformer"]);
                let value = if kind == "PrefixTransformer" { "tp-" } else { "-ts" };
                let field = if kind == "PrefixTransformer" { "prefix" } else { "suffix" };
                self.forest.note(kind);
                self.rename(|name| {
                    if kind == "PrefixTransformer" { format!("tp-{name}") } else { format!("{name}-ts") }
                });
                with(with(head(kind), field, value), "fieldSpecs", metadata_name)
            }
            1 => {
                let specs = seq![
                    map! { "path" => "metadata/labels", "create" => true },
                    map! { "path" => "spec/template/metadata/labels", "kind" => "Deployment" },
                ];
                self.forest.note("LabelTransformer");
                with(with(head("LabelTransformer"), "labels", self.pairs()), "fieldSpecs", specs)
            }
            2 => {
                let specs = seq![map! { "path" => "metadata/annotations", "create" => true }];
                self.forest.note("AnnotationsTransformer");
                with(with(head("AnnotationsTransformer"), "annotations", self.pairs()), "fieldSpecs", specs)
            }
            3 => {
                if !self.can_move("ns-t") {
                    return None;
                }
                self.forest.note("NamespaceTransformer");
                let mut config = head("NamespaceTransformer");
                if let Some(metadata) = config.get_mut("metadata") {
                    metadata.set("namespace", "ns-t");
                }
                if self.chance(40) {
                    config.set("unsetOnly", true);
                } else {
                    self.move_to("ns-t");
                }
                if self.chance(60) {
                    config.set(
                        "setRoleBindingSubjects",
                        self.random().pick(&["none", "allServiceAccounts", "defaultOnly"]),
                    );
                }
                if self.chance(60) {
                    config.set("fieldSpecs", seq![map! { "path" => "metadata/namespace", "create" => true }]);
                }
                config
            }
            4 => {
                self.forest.note("ImageTagTransformer");
                let specs = seq![
                    map! { "path" => "spec/image" },
                    map! { "path" => "spec/template/spec/containers[]/image" }
                ];
                with(with(head("ImageTagTransformer"), "imageTag", self.image()), "fieldSpecs", specs)
            }
            5 => {
                let at = self.choose(|object| object.kind == "Deployment" || object.kind == "Widget")?;
                let name = self.objects[at].name().to_owned();
                self.forest.note("ReplicaCountTransformer");
                let replica = map! { "name" => name, "count" => self.forest.random.below(9) };
                let specs = seq![
                    map! { "path" => "spec/replicas", "kind" => "Deployment", "create" => true },
                    map! { "path" => "spec/count", "kind" => "Widget", "create" => true },
                ];
                with(with(head("ReplicaCountTransformer"), "replica", replica), "fieldSpecs", specs)
            }
            6 => {
                let (target, text) = self.harmless_patch()?;
                self.forest.note("PatchTransformer");
                with(with(head("PatchTransformer"), "target", target), "patch", text)
            }
            7 => {
                let (mut target, text) = self.harmless_patch()?;
                if let Some(version) = self.choose(|_| true).map(|at| self.objects[at].version().to_owned())
                    && target.get("version").is_none()
                    && !self.is_careful()
                {
                    target.set("version", version);
                }
                self.forest.note("PatchJson6902Transformer");
                with(with(head("PatchJson6902Transformer"), "target", target), "jsonOp", text)
            }
            8 => {
                let at = self.choose(|_| true)?;
                let (namespace, name) = self.handle(at)?;
                let object = &self.objects[at];
                let mut metadata = map! { "name" => name, "annotations" => map! { "merged" => "yes" } };
                if let Some(namespace) = namespace {
                    metadata.set("namespace", namespace);
                }
                let patch = map! { "apiVersion" => object.api_version.as_str(), "kind" => object.kind.as_str(), "metadata" => metadata };
                let text = emit::block(self.random(), &patch);
                self.forest.note("PatchStrategicMergeTransformer");
                with(head("PatchStrategicMergeTransformer"), "patches", text)
            }
            9 => {
                let replacement = self.replacement()?;
                self.forest.note("ReplacementTransformer");
                with(head("ReplacementTransformer"), "replacements", seq![replacement])
            }
            10 => {
                self.forest.note("ValueAddTransformer");
                let targets = seq![
                    map! { "fieldPath" => "metadata/namespace" },
                    map! { "selector" => map! { "kind" => "Widget" }, "fieldPath" => "spec/path", "filePathPosition" => 1 },
                ];
                let value = scalar::word(self.random());
                let moves = self.chance(50) && self.can_move(&value);
                if moves {
                    self.move_unseen(&value);
                }
                let added = seq![map! { "fieldPath" => "metadata/annotations/added" }];
                let targets = if moves { targets } else { added };
                with(with(head("ValueAddTransformer"), "value", value), "targets", targets)
            }
            11 => {
                self.forest.note("PrefixSuffixTransformer");
                self.rename(|name| format!("ps-{name}-ps"));
                with(
                    with(with(head("PrefixSuffixTransformer"), "prefix", "ps-"), "suffix", "-ps"),
                    "fieldSpecs",
                    metadata_name,
                )
            }
            _ => {
                self.forest.note("HashTransformer");
                head("HashTransformer")
            }
        })
    }
}

fn head(kind: &str) -> Node {
    map! { "apiVersion" => "builtin", "kind" => kind, "metadata" => map! { "name" => "plugin" } }
}

fn with(mut node: Node, key: &str, value: impl Into<Node>) -> Node {
    node.set(key, value);
    node
}

/// The arguments of a field's entry as the plugin's own object.
fn generator_config(kind: &str, arguments: &Node) -> Option<Node> {
    let mut config = head(&format!("{kind}Generator"));
    let Node::Map(entries) = arguments else { return None };
    for (key, value) in entries {
        match key.as_str() {
            "name" | "namespace" => config.get_mut("metadata")?.set(key, value.clone()),
            key => config.set(key, value.clone()),
        }
    }
    Some(config)
}

/// OpenAPI definitions of the Widget as `crds` wants them.
fn definitions() -> Node {
    let string = || map! { "type" => "string" };
    let reference = |kind: &str| {
        map! {
            "properties" => map! { "name" => string() },
            "x-kubernetes-object-ref-api-version" => "v1", "x-kubernetes-object-ref-kind" => kind,
        }
    };
    let spec = map! {
        "properties" => map! {
            "configRef" => map! { "x-kubernetes-object-ref-api-version" => "v1", "x-kubernetes-object-ref-kind" => "ConfigMap",
                "x-kubernetes-object-ref-name-key" => "name", "$ref" => "example.com/v1.Reference" },
            "selector" => map! { "x-kubernetes-label-selector" => "", "$ref" => "example.com/v1.Selector" },
        },
    };
    let widget = map! {
        "properties" => map! {
            "apiVersion" => string(), "kind" => string(), "spec" => map! { "$ref" => "example.com/v1.WidgetSpec" },
        },
    };
    let schema = |node: Node| map! { "Schema" => node };
    map! {
        "example.com/v1.Widget" => schema(widget), "example.com/v1.WidgetSpec" => schema(spec),
        "example.com/v1.Reference" => schema(reference("ConfigMap")), "example.com/v1.Selector" => schema(map! {}),
    }
}

/// A schema in which the parts of a Widget merge by name.
fn schema() -> Node {
    let part = map! { "type" => "object", "properties" => map! { "name" => map! { "type" => "string" } } };
    let parts = map! {
        "type" => "array", "items" => part, "x-kubernetes-patch-merge-key" => "name", "x-kubernetes-patch-strategy" => "merge",
    };
    let spec = map! { "type" => "object", "properties" => map! { "parts" => parts } };
    let widget = map! {
        "type" => "object", "properties" => map! { "spec" => spec },
        "x-kubernetes-group-version-kind" => seq![map! { "group" => "example.com", "kind" => "Widget", "version" => "v1" }],
    };
    map! { "definitions" => map! { "com.example.v1.Widget" => widget } }
}
