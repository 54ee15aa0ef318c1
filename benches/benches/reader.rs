//! The YAML reader into values: small files, large definitions, and what only the complete reader takes.

use divan::counter::BytesCount;
use gitops_benches::generate::{self, Features, Input, Shape};
use gitops_core::yaml::{Options, Reader};

fn main() {
    divan::main();
}

fn small() -> Input {
    generate::overlays(&Shape { overlays: 30, resources: 12, features: Features::ALL, ..Shape::default() })
}

fn definitions() -> Input {
    generate::definitions(1, 500 << 10, 1)
}

fn read(bencher: divan::Bencher<'_, '_>, input: &Input, options: &Options) {
    let mut reader = Reader::new();
    bencher.counter(BytesCount::new(input.bytes())).bench_local(|| {
        for text in input.files.values() {
            divan::black_box_drop(reader.read(text.as_bytes(), options));
        }
    });
}

#[divan::bench]
fn small_files(bencher: divan::Bencher<'_, '_>) {
    read(bencher, &small(), &Options::kustomize());
}

#[divan::bench]
fn small_files_by_the_complete_reader(bencher: divan::Bencher<'_, '_>) {
    read(bencher, &small(), &Options::kustomize().complete_only());
}

#[divan::bench]
fn large_definitions(bencher: divan::Bencher<'_, '_>) {
    read(bencher, &definitions(), &Options::kustomize());
}

#[divan::bench]
fn large_definitions_by_the_complete_reader(bencher: divan::Bencher<'_, '_>) {
    read(bencher, &definitions(), &Options::kustomize().complete_only());
}
