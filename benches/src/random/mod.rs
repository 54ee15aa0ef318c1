//! Random kustomize trees: every feature, one to five layers, the same for the same seed.
//!
//! ```
//! use gitops_benches::random;
//!
//! let tree = random::tree(1);
//! assert_eq!(tree, random::tree(1));
//! assert!(tree.files.keys().any(|path| path.ends_with("kustomization.yaml")));
//! ```
//!
//! * A tree is one root kustomization over bases, overlays and components, some of them shared (diamonds), with
//!   objects of many kinds that refer to one another and files written in the many ways people write YAML.
//! * The generator keeps a model of what each layer's objects are named and hold, so that nine trees in ten render;
//!   one in ten is made carelessly and may fail.
//! * [`compare`] renders trees with the peer and in process and [`shrink()`] cuts a tree down to what makes a
//!   difference.

mod compare;
mod emit;
mod file;
mod generators;
mod kinds;
mod layer;
mod node;
mod object;
mod patch;
mod patches;
mod plugins;
mod replacements;
mod scalar;
mod shrink;
mod transforms;
mod workload;

use std::collections::{BTreeMap, BTreeSet};

pub use compare::{Answer, Difference, Peer, ours, sessions};
pub use file::{Bytes, Recorded};
pub use shrink::shrink;

/// A generated tree of files.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Tree {
    /// Content by path.
    pub files: BTreeMap<String, Vec<u8>>,
    /// The folder of the kustomization to render.
    pub root: String,
    /// What the tree uses.
    pub features: BTreeSet<&'static str>,
}

/// The tree of a seed.
#[must_use]
pub fn tree(seed: u64) -> Tree {
    layer::forest(seed)
}
