//! Name references: a whole render in which everything is renamed and much is referred to, by number of resources.
//! The figures should grow with the number and no faster.

use divan::counter::ItemsCount;
use gitops_benches::generate;
use gitops_render::{MemoryTree, Session};

fn main() {
    divan::main();
}

#[divan::bench(args = [100, 1_000, 10_000], sample_count = 20)]
fn renamed(bencher: divan::Bencher<'_, '_>, resources: usize) {
    let tree = MemoryTree::from_iter(&generate::flat(resources, 1).files);
    bencher
        .counter(ItemsCount::new(resources))
        .with_inputs(|| Session::new(tree.clone()))
        .bench_local_values(|session| session.render(""));
}

/// The same without a prefix: nothing to repair.
#[divan::bench(args = [100, 1_000, 10_000], sample_count = 20)]
fn not_renamed(bencher: divan::Bencher<'_, '_>, resources: usize) {
    let mut files = generate::flat(resources, 1).files;
    for text in files.values_mut().filter(|text| text.contains("namePrefix: live-\n")) {
        *text = text.replace("namePrefix: live-\n", "");
    }
    let tree = MemoryTree::from_iter(&files);
    bencher
        .counter(ItemsCount::new(resources))
        .with_inputs(|| Session::new(tree.clone()))
        .bench_local_values(|session| session.render(""));
}
