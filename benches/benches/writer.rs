//! The YAML writer: small objects and large definitions.

use divan::counter::BytesCount;
use gitops_benches::generate::{self, Features, Input, Shape};
use gitops_core::value::Value;
use gitops_core::yaml::{Options, Writer, read};

fn main() {
    divan::main();
}

fn values(input: &Input) -> Vec<Value> {
    let documents = |text: &String| read(text.as_bytes(), &Options::kustomize()).unwrap_or_default();
    input.files.values().flat_map(documents).map(|document| document.root).collect()
}

fn write(bencher: divan::Bencher<'_, '_>, input: &Input) {
    let values = values(input);
    let mut output = Vec::new();
    let mut write = || {
        output.clear();
        let mut writer = Writer::new(&mut output);
        for value in &values {
            divan::black_box_drop(writer.document(value));
        }
        divan::black_box_drop(writer.finish());
        output.len()
    };
    let bytes = write();
    bencher.counter(BytesCount::new(bytes)).bench_local(write);
}

#[divan::bench]
fn small_objects(bencher: divan::Bencher<'_, '_>) {
    let shape = Shape { overlays: 30, resources: 12, features: Features::ALL, ..Shape::default() };
    write(bencher, &generate::overlays(&shape));
}

#[divan::bench]
fn large_definitions(bencher: divan::Bencher<'_, '_>) {
    write(bencher, &generate::definitions(1, 500 << 10, 1));
}
