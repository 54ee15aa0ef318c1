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

fn options() -> Options {
    Options { explain: true, ..Options::default() }
}

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
        (
            "prod/sm.yaml",
            "kind: Deployment\napiVersion: apps/v1\nmetadata: {name: web}\nspec:\n  replicas: 4\n",
        ),
        ("prod/json.yaml", "- op: replace\n  path: /spec/replicas\n  value: 6\n"),
        (
            "prod/cm.yaml",
            "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: cm}\ndata:\n  tag: x:2\n  host: a.example\n",
        ),
        ("prod/app.env", "# comment\nA=1\nB=2\n"),
        (
            "more/kustomization.yaml",
            "kind: Component\napiVersion: kustomize.config.k8s.io/v1alpha1\nlabels:\n- pairs:\n    team: a\n",
        ),
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

#[test]
fn generated_data_points_at_what_it_was_made_of() {
    let generated = "\
configMapGenerator:
- name: env
  literals: [C=3]
  envs: [app.env]
  files: [whole=app.env]
";
    for (path, expected) in [
        ("data.C", "data.C: \"3\"\n    \"3\"  prod/kustomization.yaml:4:14  (configMapGenerator[0])\n"),
        ("data.B", "data.B: \"2\"\n    \"2\"  prod/app.env:3:1  (configMapGenerator[0])\n"),
        (
            "data.whole",
            "data.whole: \"# comment\\nA=1\\nB=2\\n\"\n    \"# comment\\nA=1\\nB=2\\n\"  prod/app.env:1:1  (configMapGenerator[0])\n",
        ),
        ("kind", "kind: ConfigMap\n    ConfigMap  prod/kustomization.yaml:3:3  (configMapGenerator[0])\n"),
        (
            "metadata.name",
            "metadata.name: env-cbhdhfc8d2
    env             prod/kustomization.yaml:3:3  (configMapGenerator[0])
    env-cbhdhfc8d2  (name suffix hash)
",
        ),
    ] {
        assert_eq!(told_of(generated, &format!("ConfigMap/env:{path}")), expected);
    }
}

#[test]
fn merged_config_maps_keep_their_past() {
    let session = session(&[
        ("base/kustomization.yaml", "configMapGenerator:\n- name: cm\n  literals: [a=1, b=1]\n"),
        (
            "prod/kustomization.yaml",
            "resources: [../base]\ncommonAnnotations: {x: z}\nconfigMapGenerator:\n- name: cm\n  behavior: merge\n  literals: [b=2]\n",
        ),
    ]);
    let answer = session.explain("prod", &query("ConfigMap/cm:data")).unwrap().remove(0).to_string();
    assert_eq!(
        answer.split_once('\n').unwrap().1,
        "  data.a: \"1\"  base/kustomization.yaml:3:14  (configMapGenerator[0])
  data.b: \"2\"
    \"1\"  base/kustomization.yaml:3:19  (configMapGenerator[0])
    \"2\"  prod/kustomization.yaml:6:14  (configMapGenerator[0])
"
    );
}

fn session(files: &[(&str, &str)]) -> Session {
    Session::new(files.iter().copied().collect::<MemoryTree>())
}

#[test]
fn secrets_are_masked() {
    let session = session(&[
        (
            "kustomization.yaml",
            "resources: [s.yaml]\nsecretGenerator:\n- name: made\n  literals: [key=hunter2]\npatches:\n- patch: |\n    {apiVersion: v1, kind: Secret, metadata: {name: s}, stringData: {key: hunter3}}\n",
        ),
        (
            "s.yaml",
            "apiVersion: v1\nkind: Secret\nmetadata:\n  name: s\n  annotations:\n    kubectl.kubernetes.io/last-applied-configuration: hunter4\nstringData: {key: hunter1}\n",
        ),
    ]);
    for text in [
        "Secret/s",
        "Secret/made",
        "Secret/s:stringData.key",
        "Secret/s:/stringData",
        "Secret/s:metadata.annotations",
    ] {
        let answer = session.explain("", &query(text)).unwrap().remove(0);
        let json = gitops_core::json::to_string(&answer.to_value()).unwrap();
        assert!(answer.fields.iter().any(|field| field.masked), "{text}");
        for shown in [answer.to_string(), json, format!("{answer:?}")] {
            assert!(
                !shown.contains("hunter") && !shown.contains("aHVudGVy") && shown.contains("(masked)"),
                "{shown}"
            );
        }
    }
    let answer = session.explain("", &query("Secret/s:stringData.key")).unwrap().remove(0);
    assert_eq!(
        answer.to_string(),
        "Secret s
  stringData.key: (masked)
    (masked)  s.yaml:7:19
    (masked)  kustomization.yaml:7:75  (patches[0])
"
    );
}

const TWO: &[(&str, &str)] = &[
    ("kustomization.yaml", "resources: [a.yaml]\nnamePrefix: x-\n"),
    (
        "a.yaml",
        "apiVersion: v1\nkind: Service\nmetadata: {name: web, namespace: a}\nspec: {type: None}\n---\napiVersion: v1\nkind: Service\nmetadata: {name: web, namespace: b}\n---\napiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: {name: 'sys:web'}\n",
    ),
];

#[test]
fn objects_match_by_any_of_their_names() {
    for (text, keys) in [
        ("Service/web", "a/Service/x-web b/Service/x-web"),
        ("service/x-web", "a/Service/x-web b/Service/x-web"),
        ("b/Service/web", "b/Service/x-web"),
        ("Service/web:spec.type", "a/Service/x-web"),
        ("ClusterRole.rbac.authorization.k8s.io/sys:web", "ClusterRole.rbac.authorization.k8s.io/x-sys:web"),
        ("ClusterRole/x-sys:web:metadata.name", "ClusterRole.rbac.authorization.k8s.io/x-sys:web"),
    ] {
        let answers = session(TWO).explain("", &query(text)).unwrap();
        let found: Vec<String> = answers.iter().map(|answer| answer.key.to_string()).collect();
        assert_eq!(found.join(" "), keys, "{text}");
    }
}

#[test]
fn near_misses_are_named() {
    for (text, message) in [
        (
            "Service/wob",
            "no rendered object matches Service/wob; did you mean a/Service/x-web or b/Service/x-web?",
        ),
        (
            "Servic/web",
            "no rendered object matches Servic/web; did you mean a/Service/x-web or b/Service/x-web?",
        ),
        (
            "c/Service/web",
            "no rendered object matches c/Service/web; did you mean a/Service/x-web or b/Service/x-web?",
        ),
        ("Pod/none", "no rendered object matches Pod/none"),
        ("Service/web:spec.typ", "a/Service/x-web has no field spec.typ; did you mean spec.type?"),
        (
            "a/Service/web:/spec/ports/0",
            "a/Service/x-web has no field /spec/ports/0; did you mean spec.type?",
        ),
        ("a/Service/web:spec.type.x", "a/Service/x-web has no field spec.type.x"),
        (
            "a/Service/web:status",
            "a/Service/x-web has no field status; did you mean apiVersion or kind or metadata or spec?",
        ),
    ] {
        assert_eq!(session(TWO).explain("", &query(text)).unwrap_err().to_string(), message);
    }
    let error = session(TWO).explain("nowhere", &query("Service/web")).unwrap_err();
    assert!(matches!(error, ExplainError::Render(_)), "{error}");
}

#[test]
fn a_session_that_keeps_steps_is_asked_many_times() {
    let session = Session::with_options(Arc::new(TWO.iter().copied().collect::<MemoryTree>()), options());
    let rendered = session.render("").unwrap();
    let fields =
        |text: &str| session.explain_rendered(&rendered, &query(text)).unwrap().remove(0).fields.len();
    assert_eq!((fields("a/Service/web"), fields("a/Service/web:spec"), session.counters().layers), (5, 1, 1));
}

#[test]
fn single_files_have_places_but_no_steps() {
    let answer = session(TWO).explain("a.yaml", &query("a/Service/web:metadata.name")).unwrap().remove(0);
    assert_eq!(answer.to_string(), "Service a/web\n  metadata.name: web\n    web  a.yaml:3:18\n");
}

#[test]
fn deep_and_long_lists_are_answered() {
    let deep = format!("{}{}", "[1,".repeat(5_000), "]".repeat(5_000));
    let long = (0..5_000).map(|n| format!("{{\"v\":{n}}}")).collect::<Vec<_>>().join(",");
    let manifest = format!(
        "{{\"apiVersion\":\"v1\",\"kind\":\"X\",\"metadata\":{{\"name\":\"x\"}},\"deep\":{deep},\"long\":[{long}]}}"
    );
    let session = session(&[
        (
            "kustomization.yaml",
            "resources: [x.yaml]\npatches:\n- target: {kind: X}\n  patch: '[{\"op\": \"add\", \"path\": \"/long/0\", \"value\": {}}]'\n",
        ),
        ("x.yaml", &manifest),
    ]);
    let answers = session.explain("", &query("X/x")).unwrap();
    assert_eq!(answers[0].fields.len(), 3 + 64 + 5_001);
    let answers = session.explain("", &query("X/x:/long/4000/v")).unwrap();
    assert!(
        answers[0].to_string().starts_with("X x\n  long[4000].v: 3999\n    3999  x.yaml:1:"),
        "{}",
        answers[0]
    );
}

#[test]
fn the_shipped_example() {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/../examples/k8s-manifests");
    let Ok(tree) = crate::DirectoryTree::new(root) else { return };
    let query = query("Deployment/order-service:spec.replicas");
    let answers = Session::new(tree).explain("clusters/production/order-service", &query).unwrap();
    assert_eq!(
        answers[0].to_string(),
        "Deployment.apps shop/order-service
  spec.replicas: 5
    1  base/order-service/deployment.yaml:8:13
    5  clusters/production/order-service/patches/replicas.yaml:6:13  (patches[0])
"
    );
}

/// Elements of a kustomization that change the Deployment, in any combination.
const TRANSFORMERS: [&str; 12] = [
    "namespace: n\n",
    "namePrefix: p-\n",
    "nameSuffix: -s\n",
    "labels:\n- {includeSelectors: true, pairs: {l: v}}\n",
    "commonAnnotations: {a: v}\n",
    "images:\n- {name: shop/web, newTag: '2'}\n",
    "replicas:\n- {name: web, count: 3}\n",
    "configMapGenerator:\n- {name: cm, literals: [k=v]}\n",
    "patches:\n- path: sm.yaml\n",
    "patchesJson6902:\n- {path: json.yaml, target: {version: v1, group: apps, kind: Deployment, name: web}}\n",
    "replacements:\n- source: {kind: Deployment, fieldPath: metadata.name}\n  targets:\n  - {select: {kind: Deployment}, fieldPaths: [spec.serviceName], options: {create: true}}\n",
    "buildMetadata: [originAnnotations, transformerAnnotations]\n",
];

proptest! {
    #[test]
    fn chains_end_with_what_is_rendered(layers in proptest::collection::vec(proptest::sample::subsequence(&TRANSFORMERS[..], 0..7), 1..4)) {
        let mut files = vec![
            ("0/kustomization.yaml".to_owned(), "resources: [web.yaml]\n".to_owned()),
            ("0/web.yaml".to_owned(), WEB.to_owned()),
        ];
        for (index, transformers) in layers.iter().enumerate() {
            let layer = index + 1;
            let generated = |text: &str| text.replace("name: cm", &format!("name: cm{layer}"));
            let lines: String = transformers.iter().map(|text| generated(text)).collect();
            files.push((format!("{layer}/kustomization.yaml"), format!("resources: [../{index}]\n{lines}")));
            files.push((format!("{layer}/sm.yaml"), "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec:\n  replicas: 4\n  template: {spec: {containers: [{name: app, args: [--z]}, {name: new}]}}\n".into()));
            files.push((format!("{layer}/json.yaml"), "- {op: add, path: /spec/template/spec/containers/0, value: {name: first}}\n- {op: replace, path: /spec/replicas, value: 9}\n".into()));
        }
        let session = Session::with_options(Arc::new(MemoryTree::from_iter(files)), options());
        let rendered = session.render(&layers.len().to_string()).map_err(|failure| TestCaseError::reject(failure.to_string()))?;
        let answers = session.explain_rendered(&rendered, &query("Deployment/web")).unwrap();
        prop_assert_eq!(answers.len(), 1);
        for Explanation { fields, .. } in &answers {
            for field in fields {
                let value = field.pointer.as_ref().and_then(|pointer| pointer.get(&rendered.objects.iter().find(|object| object.value.kind() == Some("Deployment")).unwrap().value));
                prop_assert_eq!(field.chain.last().and_then(|change| change.after.as_ref()), value, "{}", field.path);
                prop_assert_eq!(field.value.as_ref(), value);
                prop_assert_eq!(field.path.to_string().parse(), Ok(field.path.clone()));
            }
        }
        let image = session.explain_rendered(&rendered, &query("Deployment/web:spec.template.spec.containers[name=app].image")).unwrap();
        prop_assert_eq!(image[0].fields[0].chain[0].after.as_ref().and_then(Value::as_str), Some("shop/web:1"));
    }
}
