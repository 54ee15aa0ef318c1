//! Any text as a kustomization file, perhaps with other files behind it: no panic, the same with both readers, and what
//! comes out renders to itself.
#![no_main]

use gitops_fuzz::tree;
use gitops_render::{MemoryTree, Options, Session};
use libfuzzer_sys::fuzz_target;
use std::sync::Arc;

fuzz_target!(|text: &[u8]| {
    let (tree, folder) = tree(text);
    let rendered = render(tree.clone(), &folder, false);
    assert_eq!(rendered, render(tree, &folder, true), "both readers");
    let Ok(yaml) = rendered else { return };
    if yaml.contains("config.kubernetes.io/") || yaml.contains("kustomize.config.k8s.io") {
        // Annotations with a meaning of their own, and kustomizations among the output, which is an error as input.
        return;
    }
    let tree = MemoryTree::from_iter([("kustomization.yaml", "resources: [all.yaml]\n"), ("all.yaml", &yaml)]);
    if let Ok(again) = render(tree, "", false) {
        assert_eq!(yaml, again, "rendered again");
    }
});

fn render(tree: MemoryTree, folder: &str, complete_reader: bool) -> Result<String, String> {
    let mut options = Options::default();
    options.complete_reader = complete_reader;
    let session = Session::with_options(Arc::new(tree), options);
    let rendered = session.render(folder).map_err(|failure| failure.to_string())?;
    rendered.to_yaml().map_err(|error| error.to_string())
}
