//! Any text as a kustomization file, perhaps with other files behind it: no panic, the same with both readers, and what
//! comes out renders to itself.
#![no_main]

use gitops_fuzz::tree;
use gitops_render::{MemoryTree, Options, Reorder, Session};
use libfuzzer_sys::fuzz_target;
use std::sync::Arc;

fuzz_target!(|text: &[u8]| {
    let (tree, folder) = tree(text);
    let rendered = render(tree.clone(), &folder, Options::default());
    let mut options = Options::default();
    options.complete_reader = true;
    assert_eq!(rendered, render(tree.clone(), &folder, options), "both readers");
    let Ok(yaml) = rendered else { return };
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
    if let Ok(again) = render(tree, "", options) {
        assert_eq!(yaml, again, "rendered again");
    }
});

fn render(tree: MemoryTree, folder: &str, options: Options) -> Result<String, String> {
    let rendered = Session::with_options(Arc::new(tree), options).render(folder);
    rendered.map_err(|failure| failure.to_string())?.to_yaml().map_err(|error| error.to_string())
}
