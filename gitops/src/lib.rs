//! The GitOps SDK: what a repository would deploy, in process, byte for byte as kustomize v5.8.1 says.
//!
//! ```
//! # fn main() -> Result<(), gitops::Error> {
//! # let overlay = concat!(env!("CARGO_MANIFEST_DIR"), "/../examples/k8s-manifests/clusters/production/order-service");
//! # if !std::path::Path::new(overlay).exists() { return Ok(()); }
//! let rendered = gitops::render(overlay)?;
//! for object in &rendered.objects { println!("{}", object.key()); }
//! rendered.write_yaml(&mut std::io::stdout().lock())?;
//! # Ok(())
//! # }
//! ```
//!
//! # A repository on disk
//!
//! A [`Workspace`] is a tree of files with everything that was read from it and built of it. Bases are built once for
//! all overlays, and [`Session::render_all`] renders many roots at the same time:
//!
//! ```
//! # fn main() -> Result<(), gitops::Error> {
//! # let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../examples/k8s-manifests/clusters");
//! # if !std::path::Path::new(folder).exists() { return Ok(()); }
//! let workspace = gitops::Workspace::open(folder)?;
//! let roots = workspace.session().roots(&workspace.path(folder)?);
//! for (path, result) in workspace.session().render_all(&roots.paths) {
//!     match result {
//!         Ok(rendered) => println!("{path}: {} objects, {} warnings", rendered.objects.len(), rendered.diagnostics.len()),
//!         Err(failure) => println!("{path}: {failure}"),
//!     }
//! }
//! # Ok(())
//! # }
//! ```
//!
//! # Files that lie elsewhere
//!
//! Anything that implements [`Tree`] can be rendered; [`MemoryTree`] comes with the crate:
//!
//! ```
//! use gitops::{MemoryTree, Session};
//! let tree = MemoryTree::from_iter([
//!     ("kustomization.yaml", "resources: [service.yaml]\nnamespace: shop\n"),
//!     ("service.yaml", "apiVersion: v1\nkind: Service\nmetadata: {name: web}\n"),
//! ]);
//! let rendered = Session::new(tree).render("").unwrap();
//! assert_eq!(rendered.objects[0].key().to_string(), "shop/Service/web");
//! ```
//!
//! # Objects
//!
//! An object is a [`Value`]: shared, cheap to clone, copied on write, read and changed by keys, pointers and field
//! paths, and turned into any type that serde knows:
//!
//! ```
//! use gitops::core::pointer::Pointer;
//! # use gitops::{MemoryTree, Session};
//! # let tree = MemoryTree::from_iter([("a.yaml", "kind: Deployment\nmetadata: {name: web}\nspec: {replicas: 2}\n")]);
//! # let object = Session::new(tree).render("a.yaml").unwrap().objects.remove(0).value;
//! #[derive(serde::Deserialize)]
//! struct Deployment { spec: Spec }
//! #[derive(serde::Deserialize)]
//! struct Spec { replicas: u32 }
//!
//! let replicas: Pointer = "/spec/replicas".parse().unwrap();
//! assert_eq!(replicas.get(&object).and_then(|value| value.as_text()), Some("2"));
//! let deployment: Deployment = gitops::core::value::from_value(&object).unwrap();
//! assert_eq!(deployment.spec.replicas, 2);
//! ```
//!
//! # What people are told
//!
//! Warnings and errors are [`Diagnostic`]s: a severity, a stable code, a message, file, line and column, and a help.
//! Drawing them is up to the program. Nothing here prints, starts a program or opens a connection.
//!
//! ```
//! use gitops::{MemoryTree, Session};
//! let tree = MemoryTree::from_iter([("kustomization.yaml", "resources:\n- missing.yaml\n")]);
//! let failure = Session::new(tree).render("").unwrap_err();
//! assert_eq!(failure.error.code(), "not-found");
//! assert_eq!(failure.diagnostics[0].location.as_ref().unwrap().to_string(), "kustomization.yaml:2:3");
//! ```
//!
//! # The modules
//!
//! * [`core`]: values, YAML and JSON, identity, schemas, selectors, diagnostics.
//! * [`render`](mod@render): trees, sessions, roots, explanations.
//! * [`workspace`]: a path on disk as a tree.
//! * [`choice`]: choosing objects by namespace, labels and kind.
//! * [`output`]: writing results so that nobody ever sees half of one.

pub mod choice;
pub mod output;
pub mod workspace;

pub use gitops_core as core;
pub use gitops_render as render;

pub use choice::Choice;
pub use gitops_core::{Diagnostic, Gvk, Limits, ObjectKey, Severity, Tree, Value};
pub use gitops_render::{DirectoryTree, Failure, MemoryTree, Object, Options, Rendered, Session};
pub use workspace::{Error, Workspace};

use std::path::Path;

/// Renders a kustomization, a folder of manifests or a file on disk.
///
/// Bases may lie anywhere in the enclosing git work tree, or in the folder itself where there is none. To render
/// several paths open a [`Workspace`], which reads and builds what they share once.
pub fn render(path: impl AsRef<Path>) -> Result<Rendered, Error> {
    let path = path.as_ref();
    Workspace::open(path)?.render(path)
}
