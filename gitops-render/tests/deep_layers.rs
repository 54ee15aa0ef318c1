//! Chains of kustomizations: as long as the limit they render, longer ones are an error, on a small stack either way.

use gitops_core::limits::Limits;
use gitops_render::{MemoryTree, Session};

/// Bases that each refer to the next one, `links` times.
fn chain(links: usize) -> MemoryTree {
    let mut tree = MemoryTree::new();
    for link in 0..links {
        let text = format!("resources: [../{}]\nnamePrefix: p-\n", link + 1);
        tree.insert_file(&format!("{link}/kustomization.yaml"), text.into_bytes(), false);
    }
    let last = b"configMapGenerator: [{name: a, literals: [b=c]}]\n".to_vec();
    tree.insert_file(&format!("{links}/kustomization.yaml"), last, false);
    tree
}

#[test]
fn the_longest_chain_fits_a_small_stack_and_a_longer_one_is_refused() {
    let limit = Limits::default().layers;
    // Threads of tests have two mebibytes; so have those of most pools.
    let rendered = Session::new(chain(limit)).render("0").unwrap();
    assert_eq!(rendered.objects.len(), 1);
    for links in [limit + 1, 5_000] {
        let failure = Session::new(chain(links)).render("0").unwrap_err();
        assert_eq!(failure.error.code(), "too-deep", "{links}");
    }
}
