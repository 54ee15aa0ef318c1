//! Warnings: one snapshot for each code, none twice, none where nothing is wrong, all of them described.
//!
//! A tree is one text: `-- path --` begins a file. It is rendered at its root, and what is said is drawn as
//! `severity[code] file:line:column message`, with the help on a line of its own.

use gitops_core::diagnostic::Diagnostic;
use gitops_render::{DirectoryTree, MemoryTree, Session};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// The files of a text, below a folder.
fn files<'t>(text: &'t str, folder: &'t str) -> impl Iterator<Item = (String, String)> + 't {
    text.split("\n-- ").skip(1).map(move |file| {
        let (path, content) = file.split_once(" --\n").expect("a header line");
        // A line longer than any that a test wants to show.
        let content = content.replace("@LONG@", &"x".repeat(65_536));
        (format!("{folder}{path}"), if content.ends_with('\n') { content } else { content + "\n" })
    })
}

fn tree(text: &str) -> MemoryTree {
    files(text, "").collect()
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

fn rendered(session: &Session, root: &str) -> Vec<Diagnostic> {
    let rendered = session.render(root);
    rendered.unwrap_or_else(|failure| panic!("{}", drawn(&failure.diagnostics))).diagnostics
}

/// What is said of a tree that renders at its root.
fn warnings(text: &str) -> String {
    shared_by_two_overlays(text);
    drawn(&rendered(&Session::new(tree(text)), ""))
}

/// With the tree as a base of two overlays, both say the same of the base, and nothing twice: so a report of both has
/// every warning once.
fn shared_by_two_overlays(text: &str) {
    // A second prefix would make an ambiguous reference an error.
    let field = if text.contains("namePrefix: one-") { "# no prefix" } else { "namePrefix" };
    let overlay = |name: &str| {
        (
            format!("{name}/kustomization.yaml"),
            format!("resources: [../base]\nnamespace: {name}\n{field}: {name}-\n"),
        )
    };
    let session =
        Session::new(files(text, "base/").chain([overlay("one"), overlay("two")]).collect::<MemoryTree>());
    let of_base = |root: &str| -> Vec<Diagnostic> {
        let all = rendered(&session, root).into_iter();
        all.filter(|d| d.location.as_ref().is_some_and(|place| place.file.starts_with("base/"))).collect()
    };
    let (one, two) = (of_base("one"), of_base("two"));
    assert_eq!(drawn(&one), drawn(&two), "the overlays differ in what they say of their base");
    assert!(!one.is_empty(), "no warning is at a place in the base");
    let places: BTreeSet<_> = one.iter().map(|d| (&d.code, &d.location)).collect();
    assert_eq!(places.len(), one.len(), "a place is warned of twice: {}", drawn(&one));
}

fn workspace() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// Codes in the sources: constants and arguments that name one.
fn codes() -> BTreeSet<String> {
    let read = |path: &str| std::fs::read_to_string(workspace().join(path)).unwrap_or_default();
    let quoted = |text: &str| text.split('"').nth(1).unwrap_or_default().to_owned();
    let mut codes = BTreeSet::new();
    let errors = read("gitops-render/src/kustomize/error.rs");
    codes
        .extend(errors.lines().filter(|line| line.trim_start().starts_with("pub(crate) const ")).map(quoted));
    let warnings = read("gitops-render/src/kustomize/lint/codes.rs");
    codes.extend(warnings.lines().filter(|line| line.ends_with("\";") && line.contains(" = \"")).map(quoted));
    codes
}

fn described() -> Vec<String> {
    let text = std::fs::read_to_string(workspace().join("docs/diagnostics.md")).unwrap_or_default();
    text.lines().filter_map(|line| line.strip_prefix("### ")).map(str::to_owned).collect()
}

#[test]
fn every_code_is_described_once() {
    let list = described();
    if list.is_empty() {
        println!("skipped: docs/diagnostics.md is not here");
        return;
    }
    let set: BTreeSet<String> = list.iter().cloned().collect();
    assert_eq!(set.len(), list.len(), "a code is described twice");
    let of_binary =
        ["explain-matched-nothing", "no-roots", "output-conflict", "prune-kept"].map(str::to_owned);
    let codes: BTreeSet<String> = codes().into_iter().chain(of_binary).collect();
    let missing: Vec<_> = codes.difference(&set).collect();
    assert!(missing.is_empty(), "not in docs/diagnostics.md: {missing:?}");
    let gone: Vec<_> = set.difference(&codes).collect();
    assert!(gone.is_empty(), "in docs/diagnostics.md, but no code: {gone:?}");
}

#[test]
fn every_warning_has_a_snapshot() {
    let here = include_str!("diagnostics.rs");
    let text = std::fs::read_to_string(workspace().join("gitops-render/src/kustomize/lint/codes.rs"));
    let text = text.expect("the codes can be read");
    let codes = text
        .lines()
        .filter(|line| line.ends_with("\";") && line.contains(" = \""))
        .filter_map(|line| line.split('"').nth(1));
    let missing: Vec<&str> = codes.filter(|code| !here.contains(&format!("warning[{code}]"))).collect();
    assert!(missing.is_empty(), "without a snapshot: {missing:?}");
}

#[test]
fn the_example_repository_gives_no_warning() {
    let folder = workspace().join("examples/k8s-manifests");
    if !folder.is_dir() {
        println!("skipped: the example repository is not here");
        return;
    }
    let session = Session::new(DirectoryTree::new(folder).expect("a folder"));
    for environment in ["production", "staging", "development"] {
        for service in ["order-service", "payment-service"] {
            let root = format!("clusters/{environment}/{service}");
            assert_eq!(drawn(&rendered(&session, &root)), "", "{root}");
        }
    }
}

/// What good repositories do, which looks like what is warned of.
#[test]
fn deliberate_input_gives_no_warning() {
    let tree = tree(
        r#"
-- kustomization.yaml --
resources: [base]
namespace: shop
labels:
- pairs: {environment: production, "on": "yes"}
  includeSelectors: yes
images:
- name: shop
  digest: sha256:24a0c4b4a4c0eb97a1aabb8e29f18e917d05abfe1b7a7c07857230879ce7d3d3
replicas:
- {name: web, count: 0}
patches:
# The name of a patch with a target is a placeholder.
- target: {kind: Deployment, labelSelector: tier=front}
  patch: |-
    apiVersion: apps/v1
    kind: Deployment
    metadata: {name: any}
    spec:
      template:
        spec:
          priorityClassName: null
          containers:
          - name: app
            env:
            - {name: MODE, value: "on"}
            - {name: OLD, $patch: delete}
          volumes:
          - {name: tmp, emptyDir: {medium: Memory}}
# Lists without names are replaced, as everybody knows.
- patch: |-
    apiVersion: autoscaling/v2
    kind: HorizontalPodAutoscaler
    metadata: {name: web}
    spec:
      maxReplicas: 9
      metrics:
      - {type: Resource, resource: {name: cpu, target: {type: Utilization, averageUtilization: 50}}}
# A whole list under its names is what it says.
- patch: |-
    apiVersion: argoproj.io/v1alpha1
    kind: Rollout
    metadata: {name: web}
    spec:
      template:
        spec:
          containers:
          - {name: app, image: "shop:1"}
          - {name: sidecar, image: "envoy:1"}
- target: {kind: Deployment}
  patch: |-
    - {op: test, path: /spec/paused, value: false}
    - {op: replace, path: /spec/paused, value: true}
    - {op: add, path: /spec/minReadySeconds, value: 5}
replacements:
- source: {kind: ConfigMap, name: settings, fieldPath: data.host}
  targets:
  - select: {kind: Deployment}
    fieldPaths: ["spec.template.spec.containers.[name=^app$].env.[name=HOST].value"]
configMapGenerator:
- name: generated
  envs: [app.env]
-- app.env --
# settings
A=1
B=two words
C=
-- base/kustomization.yaml --
resources: [web.yaml, other.yaml]
-- base/web.yaml --
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  labels: {tier: front, version: "1.10"}
  annotations:
    created: "2024-01-01"
    enabled: yes
spec:
  paused: false
  selector: {matchLabels: {app: web}}
  template:
    metadata:
      labels: {app: web}
    spec:
      priorityClassName: low
      containers:
      - name: app
        image: shop:1
        args: [--color, no]
        command: [yes]
        env:
        - {name: HOST, value: localhost}
        - {name: OLD, value: yes}
        - {name: URL, value: http://$(HOST)/}
      volumes:
      - {name: tmp, emptyDir: {}}
-- base/other.yaml --
apiVersion: v1
kind: ConfigMap
metadata: {name: settings}
data:
  host: db
  debug: on
  text: |
    yes
    1.10
  folded: >
    one
    two
---
apiVersion: v1
kind: Service
metadata: {name: web}
spec:
  clusterIP: None
  selector: {app: web}
  ports: [{port: 80}]
---
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {name: web}
spec:
  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}
  maxReplicas: 3
  metrics:
  - {type: Resource, resource: {name: cpu, target: {type: Utilization, averageUtilization: 80}}}
  - {type: Resource, resource: {name: memory, target: {type: Utilization, averageUtilization: 80}}}
---
apiVersion: argoproj.io/v1alpha1
kind: Rollout
metadata: {name: web}
spec:
  weight: 0.50
  ratio: 1.0
  mode: 0644
  size: 1e3
  template:
    spec:
      containers:
      - {name: app, image: "shop:0"}
      - {name: sidecar, image: "envoy:0"}
---
# The end of a document may be marked.
apiVersion: v1
kind: ConfigMap
metadata: {name: last}
...
"#,
    );
    assert_eq!(drawn(&rendered(&Session::new(tree), "")), "");
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
    insta::assert_snapshot!(warnings(tree), @r"
    warning[deprecated-field] kustomization.yaml:1:8 'bases' is deprecated
      help: use 'resources' instead
    ");
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
    insta::assert_snapshot!(warnings(tree), @r"
    warning[several-documents] kustomization.yaml:3:1 only the first document is read; this one is ignored
      help: keep one document; move the others to files of their own
    ");
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
    insta::assert_snapshot!(warnings(tree), @r"
    warning[duplicate-key] kustomization.yaml:3:1 'namePrefix' occurs twice; only one of the two counts
      help: keep one of them
    ");
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
    insta::assert_snapshot!(warnings(tree), @r"
    warning[yaml-1-1-boolean] kustomization.yaml:7:14 'yes' is the boolean true here
      help: write it in quotes if it is a text, else `true` or `false`
    ");
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
    insta::assert_snapshot!(warnings(tree), @r"
    warning[config-field-unknown] t.yaml:5:1 unknown field 'fieldSpec' is ignored
      help: did you mean `fieldSpecs`?
    ");
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
    insta::assert_snapshot!(warnings(tree), @r"
    warning[field-specs-missing] t.yaml:1:1 LabelTransformer changes nothing: it has no fieldSpecs
      help: name the fields in `fieldSpecs`, or use the field of the kustomization file
    ");
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
    insta::assert_snapshot!(warnings(tree), @r"
    warning[build-metadata-unknown] kustomization.yaml:2:17 unknown word 'originAnnotation' in buildMetadata
      help: use originAnnotations, transformerAnnotations or managedByLabel
    ");
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
    insta::assert_snapshot!(warnings(tree), @r"
    warning[build-metadata-ignored] base/kustomization.yaml:2:17 'originAnnotations' has no effect below another kustomization
      help: only `buildMetadata` of the root counts; add the word there
    ");
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
    insta::assert_snapshot!(warnings(tree), @r"
    warning[sort-options-ignored] base/kustomization.yaml:3:3 sortOptions have no effect below another kustomization
      help: only `sortOptions` of the root counts; move it there
    ");
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
    insta::assert_snapshot!(warnings(tree), @r"
    warning[openapi-key-ignored] kustomization.yaml:3:10 'paths' in openapi has no effect
      help: use `path` or `version`
    ");
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
    insta::assert_snapshot!(warnings(tree), @r"
    warning[openapi-ignored] base/kustomization.yaml:2:17 the schema 'b.json' is ignored: another one was read before it
      help: merge the schemas into one, and name it at the root
    ");
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
    insta::assert_snapshot!(warnings(tree), @r"
    warning[generator-options-unused] kustomization.yaml:3:3 generatorOptions have no effect: this kustomization generates no ConfigMap or Secret
      help: set them where the generators stand
    ");
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
    insta::assert_snapshot!(warnings(tree), @r"
    warning[behavior-unknown] kustomization.yaml:3:13 unknown behavior 'Merge' acts as create
      help: use create, merge or replace
    ");
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
    insta::assert_snapshot!(warnings(tree), @r"
    warning[replica-count-missing] kustomization.yaml:3:3 'web' is scaled to 0: there is no count
      help: add `count`
    ");
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
    insta::assert_snapshot!(warnings(tree), @r"
    warning[crds-without-effect] kustomization.yaml:2:8 `crds` takes nothing from 'crd.json'
      help: only `x-kubernetes-…` marks of properties that a type reaches by `$ref` count; remove the file if it has none
    ");
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
    insta::assert_snapshot!(warnings(tree), @r"
    warning[rename-matched-nothing] kustomization.yaml:2:13 namePrefix 'shop-' renames nothing
      help: move it to the kustomization that names the resources, or remove it
    ");
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
    insta::assert_snapshot!(warnings(tree), @r"
    warning[text-after-document] a.yaml:5:1 text after the end of a document is ignored
      help: begin every document with a line `---`
    ");
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
    insta::assert_snapshot!(warnings(tree), @r"
    warning[version-as-number] a.yaml:5:15 '1.30' is a number and becomes 1.3
      help: write it in quotes if it is a text
    ");
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
    insta::assert_snapshot!(warnings(tree), @r"
    warning[integer-imprecise] a.yaml:5:11 an integer above 2^53 loses digits by a JSON patch
      help: write it in quotes if all digits matter
    ");
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
    insta::assert_snapshot!(warnings(tree), @r"
    warning[date-rewritten] a.yaml:5:12 '2024-05-01' is a date and becomes '2024-05-01T00:00:00Z'
      help: write it in quotes if it is a text
    ");
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
    insta::assert_snapshot!(warnings(tree), @r"
    warning[yaml-1-1-string] a.yaml:5:12 'yes' is a text here, but a boolean to kubectl
      help: write `true` or `false`, or put the word in quotes
    ");
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
    insta::assert_snapshot!(warnings(tree), @r"
    warning[folded-text-changed] a.yaml:5:9 the folded text gains line breaks when it is written
      help: use `|` instead of `>`
    ");
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
    insta::assert_snapshot!(warnings(tree), @r"
    warning[quoted-merge-key] a.yaml:5:3 the key '<<' is a merge even in quotes, and is removed
      help: use another key
    ");
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
    insta::assert_snapshot!(warnings(tree), @r"
    warning[annotation-emptied] a.yaml:6:13 the annotation 'limits' is a list or map and becomes an empty text
      help: write the annotation as a text, for instance with `|`
    ");
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
    insta::assert_snapshot!(warnings(tree), @r"
    warning[patch-matched-nothing] kustomization.yaml:3:3 the patch changes nothing: no resource has kind Deployment, name wep
      help: nearest resource: Deployment/web
    ");
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
    insta::assert_snapshot!(warnings(tree), @r#"
    warning[patch-empty] kustomization.yaml:3:3 the patch [path: "p.yaml"] is empty and changes nothing
      help: remove the entry, or give the patch content
    "#);
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
    insta::assert_snapshot!(warnings(tree), @r"
    warning[patch-option-unknown] kustomization.yaml:5:5 unknown option 'allowNamechange' of a patch has no effect
      help: did you mean `allowNameChange`?
    ");
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
    insta::assert_snapshot!(warnings(tree), @r"
    warning[list-replaced] p.yaml:8:7 spec.template.spec.containers is replaced as a whole, because nothing says how lists of this type merge; what the base has is lost
      help: repeat the whole list in the patch, use a JSON patch, or give the type a merge key by `openapi`
    ");
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
    insta::assert_snapshot!(warnings(tree), @r"
    warning[merge-key-missing] p.yaml:8:9 an element of spec.template.spec.containers lacks its merge key, so the list loses its elements
      help: give every element its merge key, in the base and in the patch
    ");
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
    insta::assert_snapshot!(warnings(tree), @r"
    warning[list-element-lost] p.yaml:6:5 the patch's element of spec.ports is lost
      help: give the element all merge keys that the others have, such as `protocol` of ports
    ");
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
    insta::assert_snapshot!(warnings(tree), @r"
    warning[directive-not-implemented] p.yaml:8:7 the directive in spec.template.spec is not implemented and becomes an ordinary key
      help: use `$patch: delete` or a JSON patch
    ");
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
    insta::assert_snapshot!(warnings(tree), @r"
    warning[patch-replace-ignored] p.yaml:8:9 '$patch: replace' in spec.template.spec.containers does nothing
      help: use a JSON patch, or `$patch: delete` and a second patch that adds it
    ");
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
    insta::assert_snapshot!(warnings(tree), @r"
    warning[patch-duplicate-key] p.yaml:6:13 a key occurs twice in spec of the patch; this one is ignored
      help: keep one of them; the first one counts
    ");
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
    insta::assert_snapshot!(warnings(tree), @r"
    warning[patch-duplicate-element] p.yaml:9:9 an element occurs twice in spec.template.spec.containers of the patch; this one is ignored
      help: keep one of them; the first one counts
    ");
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
    insta::assert_snapshot!(warnings(tree), @r"
    warning[patch-removes-nothing] p.yaml:5:12 the patch removes spec.replcas, which does not exist
      help: check the spelling of the field, or remove it from the patch
    ");
}

#[test]
fn patch_null_kept() {
    let tree = r"
-- kustomization.yaml --
resources: [a.yaml]
patches:
- target: {kind: Deployment}
  path: p.yaml
-- a.yaml --
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, labels: {tier: front}, annotations: {a: b}}
-- p.yaml --
apiVersion: apps/v1
kind: Deployment
metadata:
  name: any
  labels:
    tier: null
  annotations: null
";
    insta::assert_snapshot!(warnings(tree), @r"
    warning[patch-null-kept] p.yaml:6:11 the null becomes the text 'null': labels and annotations of this patch are texts
      help: move it to `patches` without a target, or remove the field by a JSON patch
    warning[patch-null-kept] p.yaml:7:16 the null removes nothing: labels and annotations of this patch are texts
      help: move it to `patches` without a target, or remove the field by a JSON patch
    ");
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
    insta::assert_snapshot!(warnings(tree), @r"
    warning[empty-value-dropped] a.yaml:12:18 spec.template.spec.volumes.[name=tmp].emptyDir has an empty value and is dropped, because a patch changes the object
      help: write `{}`, `[]` or `null`, or remove the key
    ");
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
    insta::assert_snapshot!(warnings(tree), @r"
    warning[retain-keys-ignored] p.yaml:8:9 the volume 'tmp' keeps its old source beside the new one
      help: remove the other one by `null` in the patch
    ");
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
    insta::assert_snapshot!(warnings(tree), @r"
    warning[patch-replace-adds] p.yaml:1:3 replace adds the field, which does not exist
      help: use `add`, or check the spelling of the path
    ");
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
    insta::assert_snapshot!(warnings(tree), @r"
    warning[patch-value-missing] p.yaml:1:3 add of '/spec/replicas' has no value: it is null
      help: add `value`; write `value: null` if null is meant
    ");
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
    insta::assert_snapshot!(warnings(tree), @r"
    warning[patch-test-missing] p.yaml:1:3 test passes, because neither the field nor the value exists
      help: check the spelling of the path
    ");
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
    insta::assert_snapshot!(warnings(tree), @r"
    warning[pointer-without-slash] p.yaml:2:9 'spec/replicas' does not begin with '/', so its first part is ignored
      help: begin the path with `/`
    ");
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
    insta::assert_snapshot!(warnings(tree), @r"
    warning[image-matched-nothing] kustomization.yaml:3:3 no container uses an image named 'ngnix'
      help: `name` is the image as it stands in the manifests, without its tag
    ");
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
    insta::assert_snapshot!(warnings(tree), @r"
    warning[image-without-change] kustomization.yaml:3:3 the entry for image 'nginx' asks for no change
      help: add newName, newTag or digest, or remove the entry
    ");
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
    insta::assert_snapshot!(warnings(tree), @r"
    warning[image-not-covered] a.yaml:8:12 images do not reach ephemeral containers: this 'nginx' stays as it is
      help: patch the image of the ephemeral container
    ");
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
    insta::assert_snapshot!(warnings(tree), @r"
    warning[tag-suffix-twice] kustomization.yaml:3:3 the suffix '-alpine' was added twice
      help: use `newTag` with the whole tag
    ");
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
    insta::assert_snapshot!(warnings(tree), @r"
    warning[tag-suffix-ignored] kustomization.yaml:3:3 tagSuffix has no effect beside newTag or digest
      help: write the suffix into `newTag`
    ");
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
    insta::assert_snapshot!(warnings(tree), @r"
    warning[digest-dropped] a.yaml:9:16 the new tag of 'nginx' drops the digest that pins this image
      help: give the digest of the new image by `digest`
    ");
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
    insta::assert_snapshot!(warnings(tree), @r"
    warning[replacement-matched-nothing] kustomization.yaml:5:5 the replacement has no effect: no resource has kind Deployment, name wep
      help: check kind, name and namespace of `select`, and `reject`
    ");
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
    insta::assert_snapshot!(warnings(tree), @r"
    warning[replacement-lost] kustomization.yaml:5:5 the replacement changes nothing at 'data.config\.json.port'
      help: inside of a JSON or YAML text a value keeps its type, and below a null nothing is created; choose another field or source
    ");
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
    insta::assert_snapshot!(warnings(tree), @r"
    warning[delimiter-ignored] kustomization.yaml:5:5 the delimiter is ignored at 'data.config\.json.host', which is inside a text
      help: replace the whole field inside the text
    ");
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
    insta::assert_snapshot!(warnings(tree), @r"
    warning[scalar-emptied] kustomization.yaml:5:5 the source is a list or map, so 'spec.template.spec.containers.0.image' becomes an empty text
      help: choose a text as the source, or a list or map as the target
    ");
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
    insta::assert_snapshot!(warnings(tree), @r"
    warning[option-ignored] kustomization.yaml:7:14 the option 'encoding: base64' has no effect
      help: remove the option
    ");
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
    insta::assert_snapshot!(warnings(tree), @r"
    warning[path-pattern-inexact] kustomization.yaml:5:5 'spec.template.spec.containers.[name=app].image' also finds elements that only contain the value: it is a pattern
      help: anchor the pattern: `[name=^value$]`
    ");
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
    insta::assert_snapshot!(warnings(tree), @r"
    warning[deprecated-field] kustomization.yaml:4:1 'vars' is deprecated
      help: use 'replacements' instead
    warning[variable-unused] kustomization.yaml:4:3 var 'NAME' is defined but never put in anywhere
      help: check the spelling of `$(…)`, and that `varReference` covers the field
    ");
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
    insta::assert_snapshot!(warnings(tree), @r"
    warning[variable-unknown] a.yaml:10:41 '$(HOST)' stays as it is: no var has this name
      help: define the variable in `vars` or in `env`, or write `$$(…)`
    warning[deprecated-field] kustomization.yaml:4:1 'vars' is deprecated
      help: use 'replacements' instead
    ");
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
    insta::assert_snapshot!(warnings(tree), @r"
    warning[deprecated-field] kustomization.yaml:4:1 'vars' is deprecated
      help: use 'replacements' instead
    warning[variable-not-scalar] kustomization.yaml:4:3 var 'NAME' is a list or map, so references to it stay as they are
      help: let `fieldref` name a text, a number or a boolean
    ");
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
    insta::assert_snapshot!(warnings(tree), @r"
    warning[env-line-too-long] app.env:2:1 the line has 64 KiB or more: it and all lines after it are dropped
      help: use `files` for long values
    ");
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
    insta::assert_snapshot!(warnings(tree), @r"
    warning[env-line-without-key] app.env:2:1 the line has no key and is dropped
      help: write `KEY=value`
    ");
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
    insta::assert_snapshot!(warnings(tree), @r"
    warning[env-line-without-value] app.env:2:1 the line has no '=': the value is empty
      help: write `KEY=value`, or `KEY=` for an empty value
    ");
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
    insta::assert_snapshot!(warnings(tree), @r"
    warning[env-export] app.env:2:1 'export' becomes part of the key
      help: remove `export`
    ");
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
    insta::assert_snapshot!(warnings(tree), @r"
    warning[env-quotes-kept] app.env:2:1 the quotes become part of the value
      help: remove the quotes; spaces need none here
    ");
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
    insta::assert_snapshot!(warnings(tree), @r"
    warning[generator-loses-fields] kustomization.yaml:3:3 the existing Secret/a loses 'immutable', 'type: kubernetes.io/basic-auth'
      help: give them again in the generator (`type`, `options.immutable`), or patch the base
    ");
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
    insta::assert_snapshot!(warnings(tree), @r"
    warning[generator-without-hash] kustomization.yaml:3:3 the name gets no hash, because the existing ConfigMap/a has none
      help: generate the base, too, or set disableNameSuffixHash
    ");
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
    insta::assert_snapshot!(warnings(tree), @r"
    warning[key-in-data-and-binary-data] kustomization.yaml:3:3 'x' of ConfigMap/a is in data and in binaryData
      help: rename the key, or use behavior: replace
    ");
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
    insta::assert_snapshot!(warnings(tree), @r"
    warning[labels-lost] a.yaml:6:17 labels and annotations do not get into spec.podSelector.matchLabels, which has an empty value
      help: write `{}` instead of nothing, or remove the key
    ");
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
    insta::assert_snapshot!(warnings(tree), @r"
    warning[selector-added] a.yaml:5:3 labels become the selector of Service/db, which has none
      help: use `labels` without includeSelectors
    ");
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
    insta::assert_snapshot!(warnings(tree), @r"
    warning[reference-ambiguous] job.yaml:8:23 'a' in Pod/job could name several renamed resources, so it was left as it is
      help: give the resources different names, or build them with the same prefix and suffix as the referrer
    ");
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
    insta::assert_snapshot!(warnings(tree), @r"
    warning[reference-stale] a.yaml:9:21 IngressClass 'public' was renamed, but this reference is not updated
      help: add a nameReference by `configurations`, or use a replacement
    ");
}

#[test]
fn link_skipped() {
    let tree = MemoryTree::from_iter([("a/b.yaml", "kind: A\nmetadata: {name: a}\n"), ("b/c.yaml", "")]);
    let session =
        Session::new(tree.with_link("a/folder.yaml", "../b").with_link("a/nothing.yaml", "nowhere"));
    insta::assert_snapshot!(drawn(&rendered(&session, "a")), @r"
    warning[link-skipped] a/folder.yaml:0:0 a link to a folder is not entered
      help: put the files themselves there, or render what the link leads to
    warning[link-skipped] a/nothing.yaml:0:0 the link leads to nothing
      help: put the files themselves there, or render what the link leads to
    ");
}

#[test]
fn empty_in_flow() {
    let tree = r#"
-- kustomization.yaml --
resources: [a.yaml]
-- a.yaml --
apiVersion: v1
kind: Pod
metadata: {name: a, labels: {x: ""}}
spec:
  volumes: [{name: tmp, emptyDir: }]
"#;
    insta::assert_snapshot!(warnings(tree), @r#"
    warning[empty-in-flow] a.yaml:5:34 an empty value between braces becomes an empty text
      help: write `null`, `{}` or `""`
    "#);
}

#[test]
fn keys_of_configurations() {
    let tree = r#"
-- kustomization.yaml --
Resources: []
resources: [a.yaml]
labels:
- includeSelectors: no
  pairs: {y: a, "n": b, "off": c, 'a': d, "a": e, version: "1.10"}
-- a.yaml --
{"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "a"}}
"#;
    insta::assert_snapshot!(warnings(tree), @r"
    warning[duplicate-key] kustomization.yaml:2:1 'resources' occurs twice; only one of the two counts
      help: keep one of them
    warning[yaml-1-1-boolean] kustomization.yaml:5:11 'y' is the boolean true here
      help: write it in quotes if it is a text, else `true` or `false`
    warning[duplicate-key] kustomization.yaml:5:43 'a' occurs twice; only one of the two counts
      help: keep one of them
    ");
}
