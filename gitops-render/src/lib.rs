//! Renders a tree of files to Kubernetes objects: kustomize, byte for byte, and folders of manifests.
//!
//! ```
//! use gitops_render::{MemoryTree, Session};
//!
//! let tree = MemoryTree::from_iter([
//!     ("base/kustomization.yaml", "resources: [service.yaml]\n"),
//!     ("base/service.yaml", "apiVersion: v1\nkind: Service\nmetadata: {name: shop}\n"),
//!     ("prod/kustomization.yaml", "resources: [../base]\nnamespace: prod\n"),
//! ]);
//! let rendered = Session::new(tree).render("prod").unwrap();
//! assert_eq!(rendered.objects[0].key().namespace, "prod");
//! ```
//!
//! * A [`Session`] reads a [`Tree`](gitops_core::Tree) and shares what it read and built between all roots rendered in
//!   it, on any number of threads.
//! * [`Rendered`] holds objects in output order, warnings, and everything the result depends on.
//! * Nothing here starts a program or opens a connection; see [`inflate`] for the seam.
//! * Only [`DirectoryTree`] touches the disk.

pub mod directory;
pub mod explain;
pub mod inflate;
mod inline;
pub mod kustomize;
mod manifests;
mod once;
mod parallel;
mod reads;
mod render;
mod rendered;
pub mod roots;
mod session;
pub mod tree;

pub use kustomize::error::Error;
pub use reads::Read;
pub use rendered::{Failure, Object, Rendered};
pub use roots::Roots;
pub use session::{Counters, LoadRestrictor, Options, Reorder, Session};
pub use tree::{DirectoryTree, MemoryTree};
