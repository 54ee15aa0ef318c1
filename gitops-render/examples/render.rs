//! Prints what a folder on disk renders to: `cargo run -p gitops-render --example render -- DIR [PATH]`.

use gitops_render::{DirectoryTree, Session};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let root = arguments.next().ok_or("usage: render DIR [PATH]")?;
    let path = arguments.next().unwrap_or_default();
    let session = Session::new(DirectoryTree::new(root)?);
    session.render(&path)?.write_yaml(std::io::stdout().lock())?;
    Ok(())
}
