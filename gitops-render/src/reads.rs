//! What a render read, found to be a folder, or looked for in vain.

/// What a render asked of the tree, and what it found.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
#[non_exhaustive]
pub enum Read {
    /// The content of the file at this path was used.
    File(String),
    /// This path was looked for and nothing was there.
    Missing(String),
    /// This path was looked at as a folder.
    Folder(String),
    /// The names in the folder at this path were used.
    Listing(String),
}
