use super::*;
use crate::value::{Map, Value};

fn map(pairs: impl IntoIterator<Item = (&'static str, Value)>) -> Value {
    Value::from(Map::from_iter(pairs))
}

fn list(items: impl IntoIterator<Item = Value>) -> Value {
    Value::from(items.into_iter().collect::<crate::value::Seq>())
}

fn at<'a>(schema: &'a Schema, api_version: &str, kind: &str, path: &str) -> Option<TypeRef<'a>> {
    let mut node = schema.object(api_version, kind)?;
    for part in path.split('.') {
        node = if part == "[]" { node.items()? } else { node.field(part)? };
    }
    Some(node)
}

fn keys(node: Option<TypeRef<'_>>) -> Option<Vec<String>> {
    node?
        .list_merge()
        .filter(|merge| merge.merges())
        .map(|merge| merge.keys.iter().map(ToString::to_string).collect())
}

#[test]
fn builtin_lists_have_their_merge_keys() {
    let schema = Schema::kustomize_5_8_1();
    let pod = "spec.template.spec";
    for (api_version, kind, path, want) in [
        ("apps/v1", "Deployment", format!("{pod}.containers"), Some("name")),
        ("apps/v1", "Deployment", format!("{pod}.containers.[].env"), Some("name")),
        ("apps/v1", "Deployment", format!("{pod}.containers.[].ports"), Some("containerPort,protocol")),
        ("apps/v1", "StatefulSet", format!("{pod}.volumes"), Some("name")),
        (
            "batch/v1",
            "CronJob",
            format!("spec.jobTemplate.{pod}.initContainers.[].volumeMounts"),
            Some("mountPath"),
        ),
        ("v1", "Pod", "spec.topologySpreadConstraints".to_owned(), Some("topologyKey,whenUnsatisfiable")),
        ("v1", "Pod", "spec.tolerations".to_owned(), None),
        ("v1", "Service", "spec.ports".to_owned(), Some("port,protocol")),
        ("v1", "ConfigMap", "metadata.finalizers".to_owned(), Some("")),
        ("v1", "ConfigMap", "metadata.ownerReferences".to_owned(), Some("uid")),
        ("autoscaling/v2", "HorizontalPodAutoscaler", "metadata.finalizers".to_owned(), None),
        ("apps/v1beta1", "Deployment", format!("{pod}.containers"), None),
        ("kustomize.config.k8s.io/v1beta1", "Kustomization", "configMapGenerator".to_owned(), Some("name")),
    ] {
        let want =
            want.map(|want| want.split(',').filter(|key| !key.is_empty()).map(str::to_owned).collect());
        assert_eq!(keys(at(&schema, api_version, kind, &path)), want, "{api_version} {kind} {path}");
    }
}

#[test]
fn scopes_are_known_by_exact_version() {
    let schema = Schema::kustomize_5_8_1();
    for (api_version, kind, want) in [
        ("apps/v1", "Deployment", Some(true)),
        ("rbac.authorization.k8s.io/v1", "ClusterRole", Some(false)),
        ("rbac.authorization.k8s.io/v1", "Role", Some(true)),
        ("v1", "Namespace", Some(false)),
        ("v1", "ServiceProxyOptions", Some(true)),
        ("example.com/v1", "Namespace", None),
        ("flowcontrol.apiserver.k8s.io/v1", "FlowSchema", None),
        ("custom.io/v1", "Custom", None),
        ("", "", None),
        ("zz/v1", "Z", None),
    ] {
        assert_eq!(schema.namespaced(api_version, kind), want, "{api_version} {kind}");
    }
}

fn widget_document(extra: impl IntoIterator<Item = (&'static str, Value)>) -> Value {
    let parts = map([("type", "array".into()), ("items", map([("$ref", "#/definitions/Part".into())]))]
        .into_iter()
        .chain(extra));
    let id = map([("group", "example.com".into()), ("version", "v1".into()), ("kind", "Widget".into())]);
    let widget = map([
        ("properties", map([("parts", parts)])),
        ("x-kubernetes-group-version-kind", list([id.clone()])),
    ]);
    let part = map([("properties", map([("parts", map([("$ref", "#/definitions/Widget".into())]))]))]);
    let scope = map([("get", map([("x-kubernetes-group-version-kind", id)]))]);
    map([
        ("definitions", map([("Widget", widget), ("Part", part)])),
        ("paths", map([("/apis/example.com/v1/widgets", scope)])),
    ])
}

#[test]
fn custom_schema_replaces_types_and_keeps_scopes() {
    let strategy =
        [("x-kubernetes-patch-strategy", "merge".into()), ("x-kubernetes-patch-merge-key", "id".into())];
    let schema = Schema::from_openapi(&widget_document(strategy)).unwrap();
    assert!(schema.object("v1", "Pod").is_none());
    assert_eq!(schema.namespaced("v1", "Pod"), Some(true));
    assert_eq!(schema.namespaced("example.com/v1", "Widget"), Some(false));
    assert_eq!(
        keys(at(&schema, "example.com/v1", "Widget", "parts.[].parts.parts")),
        Some(vec!["id".to_owned()])
    );
    assert!(schema.definition("Part").unwrap().field("parts").is_some());
}

#[test]
fn list_type_alone_merges_only_for_crds() {
    let list_type =
        [("x-kubernetes-list-type", "map".into()), ("x-kubernetes-list-map-keys", list(["id".into()]))];
    let schema = Schema::from_openapi(&widget_document(list_type.clone())).unwrap();
    assert_eq!(keys(at(&schema, "example.com/v1", "Widget", "parts")), None);

    let parts = map([("type", "array".into()), ("items", map([]))].into_iter().chain(list_type));
    let version = map([
        ("name", "v1".into()),
        ("schema", map([("openAPIV3Schema", map([("properties", map([("parts", parts)]))]))])),
    ]);
    let spec = map([
        ("group", "example.com".into()),
        ("names", map([("kind", "Widget".into())])),
        ("scope", "Cluster".into()),
        ("versions", list([version])),
    ]);
    let crd = map([("kind", "CustomResourceDefinition".into()), ("spec", spec)]);
    let schema = Schema::kustomize_5_8_1().with_crds([&crd, &Value::null()]);
    assert_eq!(keys(at(&schema, "example.com/v1", "Widget", "parts")), Some(vec!["id".to_owned()]));
    assert_eq!(schema.namespaced("example.com/v1", "Widget"), Some(false));
    assert!(schema.object("v1", "Pod").is_some());
}

#[test]
fn inline_schema_refers_to_definitions() {
    let comment = map([
        ("type", "array".into()),
        ("items", map([("$ref", "#/definitions/io.k8s.api.core.v1.Container".into())])),
        ("x-kubernetes-patch-merge-key", "name".into()),
        ("x-kubernetes-patch-strategy", "merge".into()),
    ]);
    let inline = Schema::kustomize_5_8_1().inline(&comment).unwrap();
    assert_eq!(keys(inline.root()), Some(vec!["name".to_owned()]));
    assert_eq!(keys(inline.root().unwrap().items().unwrap().field("env")), Some(vec!["name".to_owned()]));
    assert!(Schema::kustomize_5_8_1().inline(&"text".into()).is_none());
}

#[test]
fn broken_documents_are_errors_and_cycles_end() {
    assert!(matches!(Schema::from_openapi(&Value::null()), Err(SchemaError::NotAMap)));
    let bad = map([("definitions", map([("A", "x".into())]))]);
    assert!(matches!(Schema::from_openapi(&bad), Err(SchemaError::NotADefinition { .. })));
    let cycle = map([(
        "definitions",
        map([
            ("A", map([("$ref", "#/definitions/B".into())])),
            ("B", map([("$ref", "#/definitions/A".into())])),
            ("C", map([("properties", map([("x", map([("$ref", "#/definitions/A".into())]))]))])),
        ]),
    )]);
    let schema = Schema::from_openapi(&cycle).unwrap();
    assert!(schema.definition("C").unwrap().field("x").is_none());
}

#[test]
fn builtin_tables_are_sorted() {
    let tables = &kustomize_5_8_1::TABLES;
    assert!(tables.objects.is_sorted_by_key(|object| (&object.kind, &object.api_version)));
    assert!(tables.definitions.is_sorted_by_key(|definition| &definition.name));
    for node in tables.nodes.iter() {
        assert!(node.fields.is_sorted_by_key(|field| &field.name));
    }
}
