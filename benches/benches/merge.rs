//! Strategic merge: the patches of an overlay over its Deployment, and a long list of containers.

use std::fmt::Write;

use gitops_core::schema::Schema;
use gitops_core::value::Value;
use gitops_core::yaml::{Options, read_first};
use gitops_render::kustomize::patch::strategic::{MergeOptions, strategic_merge};

fn main() {
    divan::main();
}

fn parsed(text: &str) -> Value {
    read_first(text.as_bytes(), &Options::kustomize())
        .ok()
        .flatten()
        .map(|document| document.root)
        .unwrap_or_default()
}

/// A Deployment with so many containers; each has an image and resources.
fn deployment(containers: usize) -> String {
    let mut text = String::from(
        "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: shop\nspec:\n  replicas: 1\n  template:\n    spec:\n      containers:\n",
    );
    for number in 0..containers {
        let _ = write!(
            text,
            "      - name: c{number}\n        image: shop/c{number}:1\n        resources:\n          limits:\n            memory: 1Gi\n"
        );
    }
    text
}

fn merge(bencher: divan::Bencher<'_, '_>, base: &str, patch: &str) {
    let (base, patch, schema) = (parsed(base), parsed(patch), Schema::kustomize_5_8_1());
    bencher.bench_local(|| strategic_merge(&base, &patch, &schema, MergeOptions::default(), None));
}

#[divan::bench]
fn one_field(bencher: divan::Bencher<'_, '_>) {
    let patch = "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: shop\nspec:\n  replicas: 5\n";
    merge(bencher, &deployment(1), patch);
}

#[divan::bench]
fn resources_of_a_container(bencher: divan::Bencher<'_, '_>) {
    merge(bencher, &deployment(1), &deployment(1).replace("1Gi", "2Gi"));
}

#[divan::bench(args = [10, 100, 1_000])]
fn every_container(bencher: divan::Bencher<'_, '_>, containers: usize) {
    merge(bencher, &deployment(containers), &deployment(containers).replace("1Gi", "2Gi"));
}
