//! Any text as a kustomization file, perhaps with other files behind it: no panic, the same bytes and diagnostics with
//! both readers and with the steps kept, and what comes out renders to itself.
#![no_main]

use gitops_core::Diagnostic;
use gitops_fuzz::tree;
use gitops_render::{MemoryTree, Options, Reorder, Session};
use libfuzzer_sys::fuzz_target;
use std::sync::Arc;

fuzz_target!(|text: &[u8]| {
    let (tree, folder) = tree(text);
    let rendered = render(&tree, &folder, &Options::default());
    let mut options = Options::default();
    options.complete_reader = true;
    assert_eq!(rendered, render(&tree, &folder, &options), "both readers");
    let mut options = Options::default();
    options.explain = true;
    assert_eq!(rendered, render(&tree, &folder, &options), "with the steps kept");
    let Ok(yaml) = rendered.0 else { return };
    if !Session::new(tree).is_kustomization(&folder) {
        // Manifests of a plain folder are printed as they are; kustomize makes texts of annotations.
        return;
    }
    if yaml.contains("config.kubernetes.io/") || yaml.contains("kustomize.config.k8s.io") {
        // Annotations with a meaning of their own, and kustomizations among the output, which is an error as input.
        return;
    }
    let tree =
        MemoryTree::from_iter([("kustomization.yaml", "resources: [all.yaml]\n"), ("all.yaml", &yaml)]);
    let mut options = Options::default();
    options.reorder = Reorder::None;
    if let (Ok(again), _) = render(&tree, "", &options) {
        assert_eq!(yaml, again, "rendered again");
    }
});

fn render(tree: &MemoryTree, folder: &str, options: &Options) -> (Result<String, String>, Vec<Diagnostic>) {
    match Session::with_options(Arc::new(tree.clone()), options.clone()).render(folder) {
        Ok(rendered) => (rendered.to_yaml().map_err(|error| error.to_string()), rendered.diagnostics),
        Err(failure) => (Err(failure.to_string()), failure.diagnostics),
    }
}
