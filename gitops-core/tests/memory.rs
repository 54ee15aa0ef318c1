//! What values cost in memory, as one allocator counts it.

#![allow(clippy::unwrap_used)]

use gitops_core::json;
use gitops_core::value::Value;
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};
use std::alloc::System;
use std::fmt::Write;

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

/// Heap that stays per byte of compact JSON, over objects that have 32 bytes of JSON per key as published manifests do.
///
/// An entry of a map costs 48 bytes however short it is, so that a Deployment alone costs three times its text; long
/// texts and what recurs (names, descriptions) make up for it.
const MOST: f64 = 2.2;

// One test, because tests of one binary share the allocator.
#[test]
fn parsed_objects_cost_little_more_than_their_text() {
    assert!(size_of::<Value>() <= 32);
    let kinds = [
        ("Deployment", (0..100).map(deployment).collect::<Vec<_>>()),
        ("Service", (0..100).map(service).collect()),
        ("ConfigMap", (0..100).map(config_map).collect()),
        ("CustomResourceDefinition", (0..10).map(definition).collect()),
    ];
    let (mut all_heap, mut all_text) = (0, 0);
    for (kind, texts) in kinds {
        let bytes: usize = texts.iter().map(String::len).sum();
        let mut values: Vec<Value> = Vec::with_capacity(texts.len());
        let region = Region::new(ALLOCATOR);
        values.extend(texts.iter().map(|text| json::from_str(text).unwrap()));
        let change = region.change();
        let heap = change.bytes_allocated - change.bytes_deallocated;
        assert_eq!(json::to_string(&values[0]).unwrap(), texts[0], "generated text is compact");
        println!("{kind}: {heap} bytes of heap for {bytes} bytes of JSON: {:.2}", ratio(heap, bytes));
        all_heap += heap;
        all_text += bytes;
    }
    println!("all: {:.2}", ratio(all_heap, all_text));
    assert!(ratio(all_heap, all_text) <= MOST);
}

#[allow(clippy::cast_precision_loss)]
fn ratio(heap: usize, text: usize) -> f64 {
    heap as f64 / text as f64
}

fn deployment(n: usize) -> String {
    format!(
        r#"{{"apiVersion":"apps/v1","kind":"Deployment","metadata":{{"name":"service-{n}","namespace":"team-{n}","labels":{{"app.kubernetes.io/name":"service-{n}","app.kubernetes.io/part-of":"shop"}},"annotations":{{"example.com/description":"Serves requests of the shop number {n} and forwards the rest"}}}},"spec":{{"replicas":{n},"revisionHistoryLimit":5,"selector":{{"matchLabels":{{"app.kubernetes.io/name":"service-{n}"}}}},"strategy":{{"type":"RollingUpdate","rollingUpdate":{{"maxSurge":"25%","maxUnavailable":0}}}},"template":{{"metadata":{{"labels":{{"app.kubernetes.io/name":"service-{n}"}}}},"spec":{{"serviceAccountName":"service-{n}","containers":[{{"name":"service","image":"registry.example.com/shop/service-{n}:1.{n}.0","imagePullPolicy":"IfNotPresent","ports":[{{"name":"http","containerPort":8080,"protocol":"TCP"}}],"env":[{{"name":"LOG_LEVEL","value":"info"}},{{"name":"DATABASE_URL","valueFrom":{{"secretKeyRef":{{"name":"database-{n}","key":"url"}}}}}}],"resources":{{"requests":{{"cpu":"100m","memory":"128Mi"}},"limits":{{"cpu":"500m","memory":"512Mi"}}}},"livenessProbe":{{"httpGet":{{"path":"/healthz","port":"http"}},"initialDelaySeconds":10,"periodSeconds":10}},"readinessProbe":{{"httpGet":{{"path":"/ready","port":"http"}},"periodSeconds":5}},"volumeMounts":[{{"name":"config","mountPath":"/etc/service","readOnly":true}}],"securityContext":{{"runAsNonRoot":true,"allowPrivilegeEscalation":false,"readOnlyRootFilesystem":true,"capabilities":{{"drop":["ALL"]}}}}}}],"volumes":[{{"name":"config","configMap":{{"name":"service-{n}-config"}}}}]}}}}}}}}"#
    )
}

fn service(n: usize) -> String {
    format!(
        r#"{{"apiVersion":"v1","kind":"Service","metadata":{{"name":"service-{n}","namespace":"team-{n}","labels":{{"app.kubernetes.io/name":"service-{n}","app.kubernetes.io/part-of":"shop"}}}},"spec":{{"type":"ClusterIP","selector":{{"app.kubernetes.io/name":"service-{n}"}},"ports":[{{"name":"http","port":80,"targetPort":"http","protocol":"TCP"}}]}}}}"#
    )
}

fn config_map(n: usize) -> String {
    let mut properties = String::new();
    for line in 0..20 {
        write!(properties, "feature.{line}.enabled = true\\nfeature.{line}.limit = {n}\\n").unwrap();
    }
    format!(
        r#"{{"apiVersion":"v1","kind":"ConfigMap","metadata":{{"name":"service-{n}-config","namespace":"team-{n}"}},"data":{{"LOG_FORMAT":"json","application.properties":"{properties}"}}}}"#
    )
}

fn definition(n: usize) -> String {
    let mut properties = String::new();
    for field in 0..60 {
        let comma = if field > 0 { "," } else { "" };
        write!(properties, r#"{comma}"field{field}":{{"description":"Field{field} says how the operator treats the part number {field} of the resource. Defaults to the value of the class, and cannot be updated once the resource has been admitted by the controller.","type":"object","properties":{{"name":{{"description":"Name of the referent. More info: https://kubernetes.io/docs/concepts/overview/working-with-objects/names/","type":"string"}},"weight":{{"type":"integer","format":"int32","minimum":0,"maximum":100}},"labels":{{"additionalProperties":{{"type":"string"}},"type":"object"}}}},"required":["name"]}}"#).unwrap();
    }
    format!(
        r#"{{"apiVersion":"apiextensions.k8s.io/v1","kind":"CustomResourceDefinition","metadata":{{"name":"widgets{n}.example.com"}},"spec":{{"group":"example.com","names":{{"kind":"Widget{n}","listKind":"Widget{n}List","plural":"widgets{n}","singular":"widget{n}"}},"scope":"Namespaced","versions":[{{"name":"v1","served":true,"storage":true,"schema":{{"openAPIV3Schema":{{"type":"object","properties":{{"spec":{{"type":"object","properties":{{{properties}}}}}}}}}}}}},{{"name":"v1beta1","served":true,"storage":false,"schema":{{"openAPIV3Schema":{{"type":"object","properties":{{"spec":{{"type":"object","properties":{{{properties}}}}}}}}}}}}}]}}}}"#
    )
}
