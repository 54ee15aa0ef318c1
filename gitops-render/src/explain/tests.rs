//! Each transformer's mark on a field, over trees in memory.

use super::{ExplainError, Explanation, Query};
use crate::{MemoryTree, Options, Session};
use gitops_core::Value;
use proptest::prelude::*;
use std::sync::Arc;

const WEB: &str = "\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  replicas: 1
  template:
    spec:
      containers:
      - name: log
        image: fluentd
      - name: app
        image: shop/web:1
        args: [--a, --b]
        env:
        - {name: HOST, value: $(HOST)}
        envFrom:
        - configMapRef: {name: cm}
";

fn query(text: &str) -> Query {
    text.parse().unwrap()
}

/// What is said of a field of the Deployment `web` in `base/web.yaml` under this kustomization in `prod`, without the
/// heading.
fn told(kustomization: &str, path: &str) -> String {
    told_of(kustomization, &format!("Deployment/web:{path}"))
}

fn told_of(kustomization: &str, text: &str) -> String {
    let kustomization = format!("resources: [../base]\n{kustomization}");
    let session = Session::new(MemoryTree::from_iter([
        ("base/kustomization.yaml", "resources: [web.yaml]\n"),
        ("base/web.yaml", WEB),
        ("prod/kustomization.yaml", &kustomization),
        ("prod/sm.yaml", "kind: Deployment\napiVersion: apps/v1\nmetadata: {name: web}\nspec:\n  replicas: 4\n"),
        ("prod/json.yaml", "- op: replace\n  path: /spec/replicas\n  value: 6\n"),
        ("prod/cm.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: cm}\ndata:\n  tag: x:2\n  host: a.example\n"),
        ("prod/app.env", "# comment\nA=1\nB=2\n"),
        ("more/kustomization.yaml", "kind: Component\napiVersion: kustomize.config.k8s.io/v1alpha1\nlabels:\n- pairs:\n    team: a\n"),
    ]));
    let answers = session.explain("prod", &query(text)).unwrap_or_else(|error| panic!("{text}: {error}"));
    let shown: String = answers.iter().map(ToString::to_string).collect();
    shown.split_once('\n').map(|(_, rest)| rest.trim_start().to_owned()).unwrap()
}

macro_rules! tells {
    ($($name:ident: $kustomization:expr, $path:expr => $expected:expr;)*) => {$(
        #[test]
        fn $name() {
            assert_eq!(told($kustomization, $path), $expected);
        }
    )*};
}

tells! {
    nothing_changed: "", "spec.replicas" => "\
spec.replicas: 1
    1  base/web.yaml:6:13
";
    namespace: "namespace: shop\n", "/metadata/namespace" => "\
metadata.namespace: shop
    shop  prod/kustomization.yaml:2:12  (namespace)
";
    prefix_and_suffix: "namePrefix: a-\nnameSuffix: -b\n", "metadata.name" => "\
metadata.name: a-web-b
    web      base/web.yaml:4:9
    a-web    prod/kustomization.yaml:2:13  (namePrefix)
    a-web-b  prod/kustomization.yaml:3:13  (nameSuffix)
";
    labels: "labels:\n- pairs: {x: a}\n- pairs: {x: b}\n", "metadata.labels[x]" => "\
metadata.labels.x: b
    a  prod/kustomization.yaml:3:14  (labels[0])
    b  prod/kustomization.yaml:4:14  (labels[1])
";
    common_labels: "commonLabels:\n  a: b\n  c: d\n", "spec.selector.matchLabels.c" => "\
spec.selector.matchLabels.c: d
    d  prod/kustomization.yaml:4:6  (commonLabels)
";
    common_annotations: "commonAnnotations:\n  a: b\n  c: \"1\"\n", "metadata.annotations.c" => "\
metadata.annotations.c: \"1\"
    \"1\"  prod/kustomization.yaml:4:6  (commonAnnotations)
";
    images: "images:\n- name: other\n  newTag: x\n- name: shop/web\n  newTag: '2'\n",
    "spec.template.spec.containers[name=app].image" => "\
spec.template.spec.containers[name=app].image: shop/web:2
    shop/web:1  base/web.yaml:13:16
    shop/web:2  prod/kustomization.yaml:5:3  (images[1])
";
    replicas: "replicas:\n- name: web\n  count: 3\n", "spec.replicas" => "\
spec.replicas: 3
    1  base/web.yaml:6:13
    3  prod/kustomization.yaml:3:3  (replicas[0])
";
    strategic_merge_in_a_file: "patches:\n- path: sm.yaml\n", "spec.replicas" => "\
spec.replicas: 4
    1  base/web.yaml:6:13
    4  prod/sm.yaml:5:13  (patches[0])
";
    strategic_merge_inline: "patches:\n- target: {kind: Deployment}\n  patch: |\n    kind: Deployment\n    metadata: {name: any}\n    spec:\n      replicas: 7\n",
    "spec.replicas" => "\
spec.replicas: 7
    1  base/web.yaml:6:13
    7  prod/kustomization.yaml:8:17  (patches[0])
";
    old_patches: "patchesStrategicMerge:\n- sm.yaml\npatchesJson6902:\n- target: {kind: Deployment, name: web, group: apps, version: v1}\n  path: json.yaml\n",
    "spec.replicas" => "\
spec.replicas: 6
    1  base/web.yaml:6:13
    4  prod/sm.yaml:5:13  (patchesStrategicMerge)
    6  prod/json.yaml:3:10  (patchesJson6902[0])
";
    json_patch_inline: "patches:\n- path: sm.yaml\n- target: {kind: Deployment}\n  patch: |-\n    - op: add\n      path: /spec/replicas\n      value: 8\n",
    "spec.replicas" => "\
spec.replicas: 8
    1  base/web.yaml:6:13
    4  prod/sm.yaml:5:13  (patches[0])
    8  prod/kustomization.yaml:8:14  (patches[1])
";
    json_patch_that_moves: "patches:\n- target: {kind: Deployment}\n  patch: '[{\"op\": \"move\", \"from\": \"/spec/replicas\", \"path\": \"/spec/count\"}]'\n",
    "spec.count" => "\
spec.count: 1
    1  prod/kustomization.yaml:3:3  (patches[0])
";
    removal: "patches:\n- target: {kind: Deployment}\n  patch: '[{\"op\": \"remove\", \"path\": \"/spec/replicas\"}]'\n", "spec.replicas" => "\
spec.replicas: (removed)
    1          base/web.yaml:6:13
    (removed)  prod/kustomization.yaml:3:3  (patches[0])
";
    component: "components: [../more]\n", "metadata.labels.team" => "\
metadata.labels.team: a
    a  more/kustomization.yaml:5:11  (labels[0])
";
    replacements: "resources: [../base, cm.yaml]\nreplacements:\n- source: {kind: ConfigMap, fieldPath: data.host}\n  targets:\n  - select: {kind: Deployment}\n    fieldPaths: [spec.host]\n    options: {create: true}\n- source: {kind: ConfigMap, fieldPath: data.tag}\n  targets:\n  - select: {kind: Deployment}\n    fieldPaths: ['spec.template.spec.containers.[name=app].image']\n",
    "spec.template.spec.containers[name=app].image" => "\
spec.template.spec.containers[name=app].image: x:2
    shop/web:1  base/web.yaml:13:16
    x:2         prod/kustomization.yaml:9:3  (replacements[1], copied from prod/cm.yaml:5:8)
";
    vars: "resources: [../base, cm.yaml]\nvars:\n- name: HOST\n  objref: {kind: ConfigMap, name: cm, apiVersion: v1}\n  fieldref: {fieldPath: data.host}\n",
    "spec.template.spec.containers[1].env[name=HOST].value" => "\
spec.template.spec.containers[name=app].env[name=HOST].value: a.example
    $(HOST)    base/web.yaml:16:31
    a.example  prod/kustomization.yaml:4:3  (vars)
";
    name_reference: "configMapGenerator:\n- name: cm\n  literals: [a=b]\nnamePrefix: x-\n",
    "spec.template.spec.containers[name=app].envFrom[0].configMapRef.name" => "\
spec.template.spec.containers[name=app].envFrom[0].configMapRef.name: x-cm-4h2mbtbbt6
    cm               base/web.yaml:18:32
    x-cm-4h2mbtbbt6  (name reference)
";
    reordered_list: "patches:\n- target: {kind: Deployment}\n  patch: |\n    - {op: add, path: /spec/template/spec/containers/0, value: {name: first, image: i}}\n- target: {kind: Deployment}\n  patch: |\n    - {op: replace, path: /spec/template/spec/containers/2/name, value: main}\n- target: {kind: Deployment}\n  patch: |\n    - {op: replace, path: /spec/template/spec/containers/2/image, value: new}\n",
    "/spec/template/spec/containers/2/image" => "\
spec.template.spec.containers[name=main].image: new
    shop/web:1  base/web.yaml:13:16
    new         prod/kustomization.yaml:11:74  (patches[2])
";
    list_element_by_a_former_name: "patches:\n- target: {kind: Deployment}\n  patch: |\n    - {op: replace, path: /spec/template/spec/containers/1/name, value: main}\n",
    "spec.template.spec.containers[name=app].image" => "\
spec.template.spec.containers[name=main].image: shop/web:1
    shop/web:1  base/web.yaml:13:16
";
    list_of_texts: "patches:\n- target: {kind: Deployment}\n  patch: |\n    - {op: add, path: /spec/template/spec/containers/1/args/0, value: --c}\n",
    "spec.template.spec.containers[name=app].args" => "\
spec.template.spec.containers[name=app].args[0]: --c  prod/kustomization.yaml:5:71  (patches[0])
  spec.template.spec.containers[name=app].args[1]: --a  base/web.yaml:14:16
  spec.template.spec.containers[name=app].args[2]: --b  base/web.yaml:14:21
";
}
