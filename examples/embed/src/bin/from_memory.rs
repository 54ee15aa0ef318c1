//! Renders files that lie in memory, as a server would that got them over the network.
//!
//! ```sh
//! cargo run -q -p gitops-embed --bin from_memory
//! ```
#![allow(clippy::print_stdout, reason = "a program for people")]

use gitops::{MemoryTree, Session};
use std::error::Error;

const DEPLOYMENT: &str = "
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  template:
    spec:
      containers:
      - name: web
        image: shop/web:1.0
";

fn main() -> Result<(), Box<dyn Error>> {
    let tree = MemoryTree::from_iter([
        ("base/kustomization.yaml", "resources: [web.yaml]\n"),
        ("base/web.yaml", DEPLOYMENT),
        ("prod/kustomization.yaml", "resources: [../base]\nimages: [{name: shop/web, newTag: '2.0'}]\n"),
        ("test/kustomization.yaml", "resources: [../base, missing.yaml]\n"),
    ]);
    let session = Session::new(tree);
    for (path, result) in session.render_all(&session.roots("").paths) {
        match result {
            Ok(rendered) => print!("# {path}\n{}", rendered.to_yaml()?),
            // A root that fails leaves the others alone.
            Err(failure) => {
                for diagnostic in failure.diagnostics {
                    let place = diagnostic.location.map(|location| location.to_string()).unwrap_or_default();
                    println!("# {path}: {place}: {}", diagnostic.message.lines().next().unwrap_or_default());
                }
            }
        }
    }
    Ok(())
}
