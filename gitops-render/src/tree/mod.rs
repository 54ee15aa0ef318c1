//! Trees of files: a folder on disk and one in memory.
//!
//! ```
//! use gitops_core::tree::{Tree, resolve};
//! use gitops_render::tree::MemoryTree;
//! let tree = MemoryTree::from_iter([("base/app.yaml", "kind: Pod\n")]).with_link("prod", "base");
//! assert_eq!(tree.list("base").unwrap(), ["app.yaml"]);
//! assert_eq!(resolve(&tree, "prod/app.yaml").unwrap(), "base/app.yaml");
//! ```
//!
//! Both answer alike, error for error: what is rendered from memory is what would be rendered from disk.

mod directory;
mod memory;

pub use directory::{DirectoryTree, enclosing_git_root};
pub use memory::MemoryTree;

#[cfg(test)]
mod tests;
