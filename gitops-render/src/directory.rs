//! Shim.
use gitops_core::tree::{Tree, TreeError};
#[derive(Debug, Default)]
pub struct DirectoryOptions;
pub fn files(_: &dyn Tree, _: &str, _: &DirectoryOptions) -> Result<Vec<String>, TreeError> { Ok(Vec::new()) }
