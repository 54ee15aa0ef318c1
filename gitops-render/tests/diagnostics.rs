//! Warnings: one snapshot for each code, none twice, none where nothing is wrong.
//!
//! A tree is one text: `-- path --` begins a file. It is rendered at its root, and what is said is drawn as
//! `severity[code] file:line:column message`, with the help on a line of its own.

mod conformance;

use gitops_core::diagnostic::Diagnostic;
use gitops_render::{MemoryTree, Session};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

fn tree(text: &str) -> MemoryTree {
    let mut tree = MemoryTree::new();
    for file in text.split("\n-- ").skip(1) {
        let (path, content) = file.split_once(" --\n").expect("a header line");
        // A line longer than any that a test wants to show.
        let content = content.replace("@LONG@", &"x".repeat(65_536));
        let content = if content.ends_with('\n') { content } else { content + "\n" };
        tree.insert_file(path, content.into_bytes(), false);
    }
    tree
}

fn drawn(diagnostics: &[Diagnostic]) -> String {
    let mut lines = Vec::new();
    for diagnostic in diagnostics {
        let severity = format!("{:?}", diagnostic.severity).to_lowercase();
        let place = diagnostic.location.as_ref().map(ToString::to_string).unwrap_or_default();
        lines.push(format!("{severity}[{}] {place} {}", diagnostic.code, diagnostic.message));
        lines.extend(diagnostic.help.iter().map(|help| format!("  help: {help}")));
    }
    lines.join("\n")
}

/// What is said of a tree that renders at its root.
fn warnings(text: &str) -> String {
    let rendered = Session::new(tree(text)).render("").unwrap_or_else(|failure| panic!("{}", drawn(&failure.diagnostics)));
    drawn(&rendered.diagnostics)
}

#[test]
fn deprecated_field() {
    let tree = r"
-- kustomization.yaml --
bases: [base]
-- base/kustomization.yaml --
resources: [a.yaml]
-- base/a.yaml --
apiVersion: v1
kind: ConfigMap
metadata: {name: a}
";
    insta::assert_snapshot!(warnings(tree), @"");
}

#[test]
fn several_documents() {
    let tree = r"
-- kustomization.yaml --
resources: [a.yaml]
---
namePrefix: x-
-- a.yaml --
apiVersion: v1
kind: ConfigMap
metadata: {name: a}
";
    insta::assert_snapshot!(warnings(tree), @"");
}

#[test]
fn duplicate_key() {
    let tree = r"
-- kustomization.yaml --
resources: [a.yaml]
namePrefix: a-
namePrefix: b-
-- a.yaml --
apiVersion: v1
kind: ConfigMap
metadata: {name: a}
";
    insta::assert_snapshot!(warnings(tree), @"");
}

#[test]
fn yaml_1_1_boolean() {
    let tree = r"
-- kustomization.yaml --
resources: [a.yaml]
patches:
- target: {kind: ConfigMap}
  patch: |-
    - op: add
      path: /immutable
      value: yes
-- a.yaml --
apiVersion: v1
kind: ConfigMap
metadata: {name: a}
";
    insta::assert_snapshot!(warnings(tree), @"");
}

#[test]
fn config_field_unknown() {
    let tree = r"
-- kustomization.yaml --
resources: [a.yaml]
transformers: [t.yaml]
-- a.yaml --
apiVersion: v1
kind: ConfigMap
metadata: {name: a}
-- t.yaml --
apiVersion: builtin
kind: LabelTransformer
metadata: {name: t}
labels: {a: b}
fieldSpec: [{path: x}]
fieldSpecs: [{path: metadata/labels, create: true}]
";
    insta::assert_snapshot!(warnings(tree), @"");
}

#[test]
fn field_specs_missing() {
    let tree = r"
-- kustomization.yaml --
resources: [a.yaml]
transformers: [t.yaml]
-- a.yaml --
apiVersion: v1
kind: ConfigMap
metadata: {name: a}
-- t.yaml --
apiVersion: builtin
kind: LabelTransformer
metadata: {name: t}
labels: {a: b}
";
    insta::assert_snapshot!(warnings(tree), @"");
}

#[test]
fn build_metadata_unknown() {
    let tree = r"
-- kustomization.yaml --
resources: [a.yaml]
buildMetadata: [originAnnotation]
-- a.yaml --
apiVersion: v1
kind: ConfigMap
metadata: {name: a}
";
    insta::assert_snapshot!(warnings(tree), @"");
}

#[test]
fn build_metadata_ignored() {
    let tree = r"
-- kustomization.yaml --
resources: [base]
-- base/kustomization.yaml --
resources: [a.yaml]
buildMetadata: [originAnnotations]
-- base/a.yaml --
apiVersion: v1
kind: ConfigMap
metadata: {name: a}
";
    insta::assert_snapshot!(warnings(tree), @"");
}

#[test]
fn sort_options_ignored() {
    let tree = r"
-- kustomization.yaml --
resources: [base]
-- base/kustomization.yaml --
resources: [a.yaml]
sortOptions:
  order: fifo
-- base/a.yaml --
apiVersion: v1
kind: ConfigMap
metadata: {name: a}
";
    insta::assert_snapshot!(warnings(tree), @"");
}

#[test]
fn openapi_key_ignored() {
    let tree = r"
-- kustomization.yaml --
resources: [a.yaml]
openapi:
  paths: schema.json
-- a.yaml --
apiVersion: v1
kind: ConfigMap
metadata: {name: a}
";
    insta::assert_snapshot!(warnings(tree), @"");
}

#[test]
fn openapi_ignored() {
    let tree = r#"
-- kustomization.yaml --
resources: [base]
openapi: {path: a.json}
-- a.json --
{"definitions": {"io.example.v1.Foo": {"properties": {"spec": {}}, "x-kubernetes-group-version-kind": [{"group": "example.io", "kind": "Foo", "version": "v1"}]}}}
-- base/kustomization.yaml --
resources: [a.yaml]
openapi: {path: b.json}
-- base/b.json --
{"definitions": {"io.example.v1.Foo": {"properties": {"spec": {}}, "x-kubernetes-group-version-kind": [{"group": "example.io", "kind": "Foo", "version": "v1"}]}}}
-- base/a.yaml --
apiVersion: v1
kind: ConfigMap
metadata: {name: a}
"#;
    insta::assert_snapshot!(warnings(tree), @"");
}

#[test]
fn generator_options_unused() {
    let tree = r"
-- kustomization.yaml --
resources: [a.yaml]
generatorOptions:
  disableNameSuffixHash: true
-- a.yaml --
apiVersion: v1
kind: ConfigMap
metadata: {name: a}
";
    insta::assert_snapshot!(warnings(tree), @"");
}

#[test]
fn behavior_unknown() {
    let tree = r"
-- kustomization.yaml --
configMapGenerator:
- name: a
  behavior: Merge
  literals: [a=b]
";
    insta::assert_snapshot!(warnings(tree), @"");
}

#[test]
fn replica_count_missing() {
    let tree = r"
-- kustomization.yaml --
resources: [a.yaml]
replicas:
- name: web
-- a.yaml --
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  template:
    spec:
      containers:
      - name: app
        image: nginx:1
";
    insta::assert_snapshot!(warnings(tree), @"");
}

#[test]
fn crds_without_effect() {
    let tree = r#"
-- kustomization.yaml --
resources: [a.yaml]
crds: [crd.json]
-- a.yaml --
apiVersion: v1
kind: ConfigMap
metadata: {name: a}
-- crd.json --
{"io.example.Foo": {"properties": {"kind": {}, "apiVersion": {}, "metadata": {}}}}
"#;
    insta::assert_snapshot!(warnings(tree), @"");
}

#[test]
fn rename_matched_nothing() {
    let tree = r"
-- kustomization.yaml --
resources: [a.yaml]
namePrefix: shop-
-- a.yaml --
apiVersion: v1
kind: Namespace
metadata: {name: shop}
";
    insta::assert_snapshot!(warnings(tree), @"");
}

#[test]
fn text_after_document() {
    let tree = r"
-- kustomization.yaml --
resources: [a.yaml]
-- a.yaml --
apiVersion: v1
kind: ConfigMap
metadata: {name: a}
...
apiVersion: v1
kind: ConfigMap
metadata: {name: b}
";
    insta::assert_snapshot!(warnings(tree), @"");
}

#[test]
fn version_as_number() {
    let tree = r"
-- kustomization.yaml --
resources: [a.yaml]
-- a.yaml --
apiVersion: example.io/v1
kind: Cluster
metadata: {name: a}
spec:
  kubernetes: 1.30
";
    insta::assert_snapshot!(warnings(tree), @"");
}

#[test]
fn integer_imprecise() {
    let tree = r"
-- kustomization.yaml --
resources: [a.yaml]
patches:
- target: {kind: Account}
  patch: |-
    - {op: add, path: /spec/open, value: true}
-- a.yaml --
apiVersion: example.io/v1
kind: Account
metadata: {name: a}
spec:
  number: 9007199254740993
";
    insta::assert_snapshot!(warnings(tree), @"");
}

#[test]
fn date_rewritten() {
    let tree = r"
-- kustomization.yaml --
resources: [a.yaml]
-- a.yaml --
apiVersion: example.io/v1
kind: Api
metadata: {name: a}
spec:
  version: 2024-05-01
";
    insta::assert_snapshot!(warnings(tree), @"");
}

#[test]
fn yaml_1_1_string() {
    let tree = r"
-- kustomization.yaml --
resources: [a.yaml]
-- a.yaml --
apiVersion: example.io/v1
kind: Switch
metadata: {name: a}
spec:
  enabled: yes
";
    insta::assert_snapshot!(warnings(tree), @"");
}

#[test]
fn folded_text_changed() {
    let tree = r"
-- kustomization.yaml --
resources: [a.yaml]
-- a.yaml --
apiVersion: v1
kind: ConfigMap
metadata: {name: a}
data:
  text: >
    one
      more
    two
";
    insta::assert_snapshot!(warnings(tree), @"");
}

#[test]
fn quoted_merge_key() {
    let tree = r#"
-- kustomization.yaml --
resources: [a.yaml]
-- a.yaml --
apiVersion: v1
kind: ConfigMap
metadata: {name: a}
data:
  "<<": {a: b}
"#;
    insta::assert_snapshot!(warnings(tree), @"");
}

#[test]
fn annotation_emptied() {
    let tree = r"
-- kustomization.yaml --
resources: [a.yaml]
-- a.yaml --
apiVersion: v1
kind: ConfigMap
metadata:
  name: a
  annotations:
    limits: {cpu: 1}
";
    insta::assert_snapshot!(warnings(tree), @"");
}

#[test]
fn patch_matched_nothing() {
    let tree = r"
-- kustomization.yaml --
resources: [a.yaml]
patches:
- path: p.yaml
  target: {kind: Deployment, name: wep}
-- a.yaml --
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  template:
    spec:
      containers:
      - name: app
        image: nginx:1
-- p.yaml --
apiVersion: apps/v1
kind: Deployment
metadata: {name: any}
spec: {replicas: 2}
";
    insta::assert_snapshot!(warnings(tree), @"");
}

#[test]
fn patch_empty() {
    let tree = r"
-- kustomization.yaml --
resources: [a.yaml]
patches:
- path: p.yaml
-- a.yaml --
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  template:
    spec:
      containers:
      - name: app
        image: nginx:1
-- p.yaml --
# nothing yet
";
    insta::assert_snapshot!(warnings(tree), @"");
}

#[test]
fn patch_option_unknown() {
    let tree = r"
-- kustomization.yaml --
resources: [a.yaml]
patches:
- path: p.yaml
  options:
    allowNamechange: true
-- a.yaml --
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  template:
    spec:
      containers:
      - name: app
        image: nginx:1
-- p.yaml --
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec: {replicas: 2}
";
    insta::assert_snapshot!(warnings(tree), @"");
}

#[test]
fn list_replaced() {
    let tree = r"
-- kustomization.yaml --
resources: [a.yaml]
patches:
- path: p.yaml
-- a.yaml --
apiVersion: argoproj.io/v1alpha1
kind: Rollout
metadata: {name: web}
spec:
  template:
    spec:
      containers:
      - name: app
        image: nginx:1
        ports: [{containerPort: 80}]
-- p.yaml --
apiVersion: argoproj.io/v1alpha1
kind: Rollout
metadata: {name: web}
spec:
  template:
    spec:
      containers:
      - name: app
        image: nginx:2
";
    insta::assert_snapshot!(warnings(tree), @"");
}

#[test]
fn merge_key_missing() {
    let tree = r"
-- kustomization.yaml --
resources: [a.yaml]
patches:
- path: p.yaml
-- a.yaml --
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  template:
    spec:
      containers:
      - name: app
        image: nginx:1
-- p.yaml --
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  template:
    spec:
      containers:
      - image: nginx:2
";
    insta::assert_snapshot!(warnings(tree), @"");
}

#[test]
fn list_element_lost() {
    let tree = r"
-- kustomization.yaml --
resources: [a.yaml]
patches:
- path: p.yaml
-- a.yaml --
apiVersion: v1
kind: Service
metadata: {name: web}
spec:
  ports:
  - {port: 80, protocol: TCP}
-- p.yaml --
apiVersion: v1
kind: Service
metadata: {name: web}
spec:
  ports:
  - port: 80
    name: http
";
    insta::assert_snapshot!(warnings(tree), @"");
}

#[test]
fn directive_not_implemented() {
    let tree = r"
-- kustomization.yaml --
resources: [a.yaml]
patches:
- path: p.yaml
-- a.yaml --
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  template:
    spec:
      containers:
      - name: app
        image: nginx:1
-- p.yaml --
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  template:
    spec:
      $setElementOrder/containers:
      - name: app
";
    insta::assert_snapshot!(warnings(tree), @"");
}

#[test]
fn patch_replace_ignored() {
    let tree = r"
-- kustomization.yaml --
resources: [a.yaml]
patches:
- path: p.yaml
-- a.yaml --
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  template:
    spec:
      containers:
      - name: app
        image: nginx:1
-- p.yaml --
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  template:
    spec:
      containers:
      - name: app
        $patch: replace
        image: nginx:2
";
    insta::assert_snapshot!(warnings(tree), @"");
}

#[test]
fn patch_duplicate_key() {
    let tree = r"
-- kustomization.yaml --
resources: [a.yaml]
patches:
- path: p.yaml
-- a.yaml --
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  template:
    spec:
      containers:
      - name: app
        image: nginx:1
-- p.yaml --
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  replicas: 2
  replicas: 3
";
    insta::assert_snapshot!(warnings(tree), @"");
}

#[test]
fn patch_duplicate_element() {
    let tree = r"
-- kustomization.yaml --
resources: [a.yaml]
patches:
- path: p.yaml
-- a.yaml --
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  template:
    spec:
      containers:
      - name: app
        image: nginx:1
-- p.yaml --
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  template:
    spec:
      containers:
      - {name: app, image: nginx:2}
      - {name: app, image: nginx:3}
";
    insta::assert_snapshot!(warnings(tree), @"");
}

#[test]
fn patch_removes_nothing() {
    let tree = r"
-- kustomization.yaml --
resources: [a.yaml]
patches:
- path: p.yaml
-- a.yaml --
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  template:
    spec:
      containers:
      - name: app
        image: nginx:1
-- p.yaml --
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  replcas: null
";
    insta::assert_snapshot!(warnings(tree), @"");
}

#[test]
fn empty_value_dropped() {
    let tree = r"
-- kustomization.yaml --
resources: [a.yaml]
patches:
- path: p.yaml
-- a.yaml --
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  template:
    spec:
      containers:
      - name: app
        image: nginx:1
      volumes:
      - name: tmp
        emptyDir:
-- p.yaml --
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  replicas: 2
";
    insta::assert_snapshot!(warnings(tree), @"");
}

#[test]
fn retain_keys_ignored() {
    let tree = r"
-- kustomization.yaml --
resources: [a.yaml]
patches:
- path: p.yaml
-- a.yaml --
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  template:
    spec:
      containers:
      - name: app
        image: nginx:1
      volumes:
      - name: tmp
        emptyDir: {}
-- p.yaml --
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  template:
    spec:
      volumes:
      - name: tmp
        secret: {secretName: s}
";
    insta::assert_snapshot!(warnings(tree), @"");
}

#[test]
fn patch_replace_adds() {
    let tree = r"
-- kustomization.yaml --
resources: [a.yaml]
patches:
- path: p.yaml
  target: {kind: Deployment}
-- a.yaml --
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  template:
    spec:
      containers:
      - name: app
        image: nginx:1
-- p.yaml --
- op: replace
  path: /spec/replcas
  value: 3
";
    insta::assert_snapshot!(warnings(tree), @"");
}

#[test]
fn patch_value_missing() {
    let tree = r"
-- kustomization.yaml --
resources: [a.yaml]
patches:
- path: p.yaml
  target: {kind: Deployment}
-- a.yaml --
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  template:
    spec:
      containers:
      - name: app
        image: nginx:1
-- p.yaml --
- op: add
  path: /spec/replicas
  vaule: 3
";
    insta::assert_snapshot!(warnings(tree), @"");
}

#[test]
fn patch_test_missing() {
    let tree = r"
-- kustomization.yaml --
resources: [a.yaml]
patches:
- path: p.yaml
  target: {kind: Deployment}
-- a.yaml --
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  template:
    spec:
      containers:
      - name: app
        image: nginx:1
-- p.yaml --
- op: test
  path: /spec/paused
  value: null
";
    insta::assert_snapshot!(warnings(tree), @"");
}

#[test]
fn pointer_without_slash() {
    let tree = r"
-- kustomization.yaml --
resources: [a.yaml]
patches:
- path: p.yaml
  target: {kind: Deployment}
-- a.yaml --
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  template:
    spec:
      containers:
      - name: app
        image: nginx:1
-- p.yaml --
- op: add
  path: spec/replicas
  value: 3
";
    insta::assert_snapshot!(warnings(tree), @"");
}

#[test]
fn image_matched_nothing() {
    let tree = r"
-- kustomization.yaml --
resources: [a.yaml]
images:
- {name: ngnix, newTag: '2'}
-- a.yaml --
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  template:
    spec:
      containers:
      - name: app
        image: nginx:1
";
    insta::assert_snapshot!(warnings(tree), @"");
}

#[test]
fn image_without_change() {
    let tree = r"
-- kustomization.yaml --
resources: [a.yaml]
images:
- {name: nginx}
-- a.yaml --
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  template:
    spec:
      containers:
      - name: app
        image: nginx:1
";
    insta::assert_snapshot!(warnings(tree), @"");
}

#[test]
fn image_not_covered() {
    let tree = r"
-- kustomization.yaml --
resources: [a.yaml]
images:
- {name: nginx, newTag: '2'}
-- a.yaml --
apiVersion: v1
kind: Pod
metadata: {name: web}
spec:
  containers: [{name: app, image: nginx}]
  ephemeralContainers:
  - name: debug
    image: nginx
";
    insta::assert_snapshot!(warnings(tree), @"");
}

#[test]
fn tag_suffix_twice() {
    let tree = r"
-- kustomization.yaml --
resources: [a.yaml]
images:
- {name: nginx, tagSuffix: -alpine}
-- a.yaml --
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  template:
    spec:
      containers:
      - name: app
        image: nginx:1
";
    insta::assert_snapshot!(warnings(tree), @"");
}

#[test]
fn tag_suffix_ignored() {
    let tree = r"
-- kustomization.yaml --
resources: [a.yaml]
images:
- {name: nginx, tagSuffix: -alpine, newTag: '2'}
-- a.yaml --
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  template:
    spec:
      containers:
      - name: app
        image: nginx:1
";
    insta::assert_snapshot!(warnings(tree), @"");
}

#[test]
fn digest_dropped() {
    let tree = r"
-- kustomization.yaml --
resources: [a.yaml]
images:
- {name: nginx, newTag: '2'}
-- a.yaml --
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  template:
    spec:
      containers:
      - name: app
        image: nginx@sha256:24a0c4b4a4c0eb97a1aabb8e29f18e917d05abfe1b7a7c07857230879ce7d3d3
";
    insta::assert_snapshot!(warnings(tree), @"");
}

#[test]
fn replacement_matched_nothing() {
    let tree = r"
-- kustomization.yaml --
resources: [a.yaml, cm.yaml]
replacements:
- source: {kind: ConfigMap, name: a, fieldPath: data.x}
  targets:
  - select: {kind: Deployment, name: wep}
    fieldPaths: [metadata.name]
-- a.yaml --
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  template:
    spec:
      containers:
      - name: app
        image: nginx:1
-- cm.yaml --
apiVersion: v1
kind: ConfigMap
metadata: {name: a}
data: {x: y, l: z}
";
    insta::assert_snapshot!(warnings(tree), @"");
}

#[test]
fn replacement_lost() {
    let tree = r#"
-- kustomization.yaml --
resources: [a.yaml, cm.yaml]
replacements:
- source: {kind: ConfigMap, name: a, fieldPath: data.x}
  targets:
  - select: {kind: ConfigMap, name: j}
    fieldPaths: ['data.config\.json.port']
-- a.yaml --
apiVersion: v1
kind: ConfigMap
metadata: {name: j}
data:
  config.json: '{"port": 80}'
-- cm.yaml --
apiVersion: v1
kind: ConfigMap
metadata: {name: a}
data: {x: y, l: z}
"#;
    insta::assert_snapshot!(warnings(tree), @"");
}

#[test]
fn delimiter_ignored() {
    let tree = r#"
-- kustomization.yaml --
resources: [a.yaml, cm.yaml]
replacements:
- source: {kind: ConfigMap, name: a, fieldPath: data.x}
  targets:
  - select: {kind: ConfigMap, name: j}
    fieldPaths: ['data.config\.json.host']
    options: {delimiter: ':', index: 1}
-- a.yaml --
apiVersion: v1
kind: ConfigMap
metadata: {name: j}
data:
  config.json: '{"host": "a:80"}'
-- cm.yaml --
apiVersion: v1
kind: ConfigMap
metadata: {name: a}
data: {x: y, l: z}
"#;
    insta::assert_snapshot!(warnings(tree), @"");
}

#[test]
fn scalar_emptied() {
    let tree = r"
-- kustomization.yaml --
resources: [a.yaml, cm.yaml]
replacements:
- source: {kind: ConfigMap, name: a, fieldPath: data}
  targets:
  - select: {kind: Deployment}
    fieldPaths: [spec.template.spec.containers.0.image]
-- a.yaml --
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  template:
    spec:
      containers:
      - name: app
        image: nginx:1
-- cm.yaml --
apiVersion: v1
kind: ConfigMap
metadata: {name: a}
data: {x: y, l: z}
";
    insta::assert_snapshot!(warnings(tree), @"");
}

#[test]
fn option_ignored() {
    let tree = r"
-- kustomization.yaml --
resources: [a.yaml, cm.yaml]
replacements:
- source: {kind: ConfigMap, name: a, fieldPath: data.x}
  targets:
  - select: {kind: Deployment}
    fieldPaths: [spec.template.spec.containers.0.image]
    options: {encoding: base64}
-- a.yaml --
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  template:
    spec:
      containers:
      - name: app
        image: nginx:1
-- cm.yaml --
apiVersion: v1
kind: ConfigMap
metadata: {name: a}
data: {x: y, l: z}
";
    insta::assert_snapshot!(warnings(tree), @"");
}

#[test]
fn path_pattern_inexact() {
    let tree = r"
-- kustomization.yaml --
resources: [a.yaml, cm.yaml]
replacements:
- source: {kind: ConfigMap, name: a, fieldPath: data.x}
  targets:
  - select: {kind: Deployment}
    fieldPaths: ['spec.template.spec.containers.[name=app].image']
-- a.yaml --
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  template:
    spec:
      containers:
      - name: app
        image: nginx:1
      - name: app-proxy
        image: envoy:1
-- cm.yaml --
apiVersion: v1
kind: ConfigMap
metadata: {name: a}
data: {x: y, l: z}
";
    insta::assert_snapshot!(warnings(tree), @"");
}

#[test]
fn variable_unused() {
    let tree = r"
-- kustomization.yaml --
resources: [a.yaml]
configurations: []
vars:
- name: NAME
  objref: {apiVersion: apps/v1, kind: Deployment, name: web}
-- a.yaml --
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  template:
    spec:
      containers:
      - name: app
        image: nginx:1
";
    insta::assert_snapshot!(warnings(tree), @"");
}

#[test]
fn variable_unknown() {
    let tree = r"
-- kustomization.yaml --
resources: [a.yaml]
configurations: []
vars:
- name: NAME
  objref: {apiVersion: apps/v1, kind: Deployment, name: web}
-- a.yaml --
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  template:
    spec:
      containers:
      - name: app
        image: nginx:1
        args: [--name, $(NAME), --host, $(HOST)]
";
    insta::assert_snapshot!(warnings(tree), @"");
}

#[test]
fn variable_not_scalar() {
    let tree = r"
-- kustomization.yaml --
resources: [a.yaml]
configurations: []
vars:
- name: NAME
  objref: {apiVersion: apps/v1, kind: Deployment, name: web}
  fieldref: {fieldPath: metadata}
-- a.yaml --
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  template:
    spec:
      containers:
      - name: app
        image: nginx:1
        args: [--name, $(NAME)]
";
    insta::assert_snapshot!(warnings(tree), @"");
}

#[test]
fn env_line_too_long() {
    let tree = r"
-- kustomization.yaml --
configMapGenerator:
- name: a
  envs: [app.env]
-- app.env --
A=1
B=@LONG@
C=3
";
    insta::assert_snapshot!(warnings(tree), @"");
}

#[test]
fn env_line_without_key() {
    let tree = r"
-- kustomization.yaml --
configMapGenerator:
- name: a
  envs: [app.env]
-- app.env --
A=1
=2
";
    insta::assert_snapshot!(warnings(tree), @"");
}

#[test]
fn env_line_without_value() {
    let tree = r"
-- kustomization.yaml --
configMapGenerator:
- name: a
  envs: [app.env]
-- app.env --
A=1
HOME
";
    insta::assert_snapshot!(warnings(tree), @"");
}

#[test]
fn env_export() {
    let tree = r"
-- kustomization.yaml --
configMapGenerator:
- name: a
  envs: [app.env]
-- app.env --
A=1
export B=2
";
    insta::assert_snapshot!(warnings(tree), @"");
}

#[test]
fn env_quotes_kept() {
    let tree = r#"
-- kustomization.yaml --
configMapGenerator:
- name: a
  envs: [app.env]
-- app.env --
A=1
B="two words"
"#;
    insta::assert_snapshot!(warnings(tree), @"");
}

#[test]
fn generator_loses_fields() {
    let tree = r"
-- kustomization.yaml --
resources: [a.yaml]
secretGenerator:
- name: a
  behavior: merge
  literals: [password=p]
  options: {disableNameSuffixHash: true}
-- a.yaml --
apiVersion: v1
kind: Secret
metadata: {name: a}
type: kubernetes.io/basic-auth
immutable: true
data: {username: eA==}
";
    insta::assert_snapshot!(warnings(tree), @"");
}

#[test]
fn generator_without_hash() {
    let tree = r"
-- kustomization.yaml --
resources: [a.yaml]
configMapGenerator:
- name: a
  behavior: merge
  literals: [x=p]
-- a.yaml --
apiVersion: v1
kind: ConfigMap
metadata: {name: a}
data: {x: y}
";
    insta::assert_snapshot!(warnings(tree), @"");
}

#[test]
fn key_in_data_and_binary_data() {
    let tree = r"
-- kustomization.yaml --
resources: [a.yaml]
configMapGenerator:
- name: a
  behavior: merge
  literals: [x=p]
  options: {disableNameSuffixHash: true}
-- a.yaml --
apiVersion: v1
kind: ConfigMap
metadata: {name: a}
binaryData: {x: /w==}
";
    insta::assert_snapshot!(warnings(tree), @"");
}

#[test]
fn labels_lost() {
    let tree = r"
-- kustomization.yaml --
resources: [a.yaml]
labels:
- pairs: {app: shop}
  includeSelectors: true
-- a.yaml --
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: a}
spec:
  podSelector:
    matchLabels:
";
    insta::assert_snapshot!(warnings(tree), @"");
}

#[test]
fn selector_added() {
    let tree = r"
-- kustomization.yaml --
resources: [a.yaml]
labels:
- pairs: {app: shop}
  includeSelectors: true
-- a.yaml --
apiVersion: v1
kind: Service
metadata: {name: db}
spec:
  type: ExternalName
  externalName: db.example.com
";
    insta::assert_snapshot!(warnings(tree), @"");
}

#[test]
fn reference_ambiguous() {
    let tree = r"
-- kustomization.yaml --
resources: [one, two, job.yaml]
-- one/kustomization.yaml --
resources: [a.yaml]
namePrefix: one-
-- one/a.yaml --
apiVersion: v1
kind: ConfigMap
metadata: {name: a}
-- two/kustomization.yaml --
resources: [a.yaml]
namePrefix: two-
-- two/a.yaml --
apiVersion: v1
kind: ConfigMap
metadata: {name: a}
-- job.yaml --
apiVersion: v1
kind: Pod
metadata: {name: job}
spec:
  containers: []
  volumes:
  - name: config
    configMap: {name: a}
";
    insta::assert_snapshot!(warnings(tree), @"");
}

#[test]
fn reference_stale() {
    let tree = r"
-- kustomization.yaml --
resources: [a.yaml]
namePrefix: shop-
-- a.yaml --
apiVersion: networking.k8s.io/v1
kind: IngressClass
metadata: {name: public}
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: web}
spec:
  ingressClassName: public
";
    insta::assert_snapshot!(warnings(tree), @"");
}
