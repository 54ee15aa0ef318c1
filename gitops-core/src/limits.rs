//! Budgets for input from strangers.

/// What reading and rendering may cost before it is refused with an error.
///
/// ```
/// use gitops_core::limits::Limits;
/// let strict = Limits { file_bytes: 1 << 20, ..Limits::default() };
/// assert_eq!(strict.depth, 10_000);
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Limits {
    /// Levels of nesting of a document; go-yaml's own limit is 10,000.
    pub depth: usize,
    /// Nodes that aliases and merge keys may add to one file.
    pub alias_nodes: usize,
    /// Bytes of one file; larger ones are refused before they are read.
    pub file_bytes: u64,
    /// Layers of kustomizations below one root. A layer is built on the stack of the one above it, so that more than a
    /// few hundred need a thread with more than the usual two mebibytes.
    pub layers: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { depth: 10_000, alias_nodes: 1_000_000, file_bytes: 256 << 20, layers: 100 }
    }
}
