//! Every program runs and does what it says.
#![allow(clippy::unwrap_used, reason = "a test that can't go on fails")]

use std::process::Command;

const OVERLAY: &str =
    concat!(env!("CARGO_MANIFEST_DIR"), "/../k8s-manifests/clusters/production/order-service");

fn run(program: &str, arguments: &[&str]) -> String {
    let output = Command::new(program).args(arguments).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn from_disk() {
    let yaml = run(env!("CARGO_BIN_EXE_from_disk"), &[OVERLAY]);
    assert!(yaml.starts_with("apiVersion: ") && yaml.contains("\n  replicas: 5\n"), "{yaml}");
}

#[test]
fn from_memory() {
    let text = run(env!("CARGO_BIN_EXE_from_memory"), &[]);
    assert!(text.starts_with("# prod\n") && text.contains("image: shop/web:2.0\n"), "{text}");
    assert!(text.contains("# test: test/kustomization.yaml:1:22: "), "{text}");
}

#[test]
fn edit_objects() {
    let yaml = run(env!("CARGO_BIN_EXE_edit_objects"), &[OVERLAY]);
    let documents = yaml.split("---\n").count();
    assert_eq!(yaml.matches("example.com/reviewed: \"true\"").count(), documents);
    assert!(yaml.contains("            memory: 3Gi\n"), "{yaml}");
}

#[test]
fn typed_objects() {
    let text = run(env!("CARGO_BIN_EXE_typed_objects"), &[OVERLAY]);
    assert!(
        text.contains("Deployment.apps/order-service: 5 replicas\n") && text.contains(", memory 2Gi\n"),
        "{text}"
    );
}
