//! Renders an overlay from disk and prints what `kubectl kustomize` would print.
//!
//! ```sh
//! cargo run -q -p gitops-embed --bin from_disk -- examples/k8s-manifests/clusters/production/order-service
//! ```
#![allow(clippy::print_stderr, reason = "a program for people")]

use std::error::Error;
use std::io;

fn main() -> Result<(), Box<dyn Error>> {
    let path = std::env::args().nth(1).ok_or("usage: from_disk PATH")?;
    let rendered = gitops::render(path)?;
    for diagnostic in &rendered.diagnostics {
        eprintln!("{}: {}", diagnostic.code, diagnostic.message);
    }
    rendered.write_yaml(io::stdout().lock())?;
    Ok(())
}
