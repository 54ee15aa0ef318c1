//! A tree of files, wherever it lies: a folder, memory, a git commit.
//!
//! Paths are relative to the tree's root, use `/`, hold no `.` or `..` part and no empty part; the root is the
//! empty path. An implementation answers for exactly that path and follows no symbolic link except through
//! [`resolve`], which never leaves the root.

use std::sync::Arc;

/// What stands at a path.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum FileKind {
    /// A regular file.
    File,
    /// A folder.
    Directory,
    /// A symbolic link.
    Link,
}

/// What is known of a path without reading it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Metadata {
    /// File, folder or link.
    pub kind: FileKind,
    /// Bytes of a file.
    pub len: u64,
    /// The executable bit of a file.
    pub executable: bool,
    /// Where a link points, as written.
    pub target: Option<String>,
}

/// Why a path could not be used.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TreeError {
    /// Nothing is there.
    #[error("{path}: no such file or folder")]
    NotFound {
        /// The path as asked for.
        path: String,
    },
    /// A file was wanted.
    #[error("{path}: is a folder")]
    IsDirectory {
        /// The path as asked for.
        path: String,
    },
    /// A folder was wanted.
    #[error("{path}: is not a folder")]
    NotDirectory {
        /// The path as asked for.
        path: String,
    },
    /// The name or the link's target is not UTF-8.
    #[error("{path}: not valid UTF-8")]
    NotUtf8 {
        /// The path as asked for, lossily.
        path: String,
    },
    /// The system refuses.
    #[error("{path}: permission denied")]
    Denied {
        /// The path as asked for.
        path: String,
    },
    /// The path, or a link on it, leads out of the tree.
    #[error("{path}: leads out of the tree")]
    EscapesRoot {
        /// The path as asked for.
        path: String,
    },
    /// Symbolic links go in circles.
    #[error("{path}: symbolic links form a loop")]
    LinkLoop {
        /// The path as asked for.
        path: String,
    },
    /// Larger than the limit; nothing was read.
    #[error("{path}: {len} bytes, more than the limit of {limit}")]
    TooLarge {
        /// The path as asked for.
        path: String,
        /// Its size in bytes.
        len: u64,
        /// The limit in bytes.
        limit: u64,
    },
    /// The file changed while it was in use.
    #[error("{path}: changed during the render")]
    Changed {
        /// The path as asked for.
        path: String,
    },
    /// Anything else.
    #[error("{path}: {message}")]
    Io {
        /// The path as asked for.
        path: String,
        /// The system's words.
        message: String,
    },
}

/// A tree of files. See the [module](self) for the form of paths.
pub trait Tree: Send + Sync + std::fmt::Debug {
    /// What stands at `path`; a link is not followed.
    fn metadata(&self, path: &str) -> Result<Metadata, TreeError>;

    /// The bytes of the regular file at `path`; more than `limit` bytes are refused before reading.
    fn read(&self, path: &str, limit: u64) -> Result<Arc<[u8]>, TreeError>;

    /// Names in the folder at `path`, sorted bytewise.
    fn list(&self, path: &str) -> Result<Vec<String>, TreeError>;

    /// Fails with [`TreeError::Changed`] where what was read before is not what stands there now.
    fn verify(&self) -> Result<(), TreeError> {
        Ok(())
    }
}

/// Joins a relative path as written by a person (`../base`, `./a//b`) to a folder of the tree, lexically.
///
/// ```
/// use gitops_core::tree::join;
/// assert_eq!(join("overlays/prod", "../../base").unwrap(), "base");
/// assert!(join("a", "../../x").is_err());
/// ```
pub fn join(folder: &str, path: &str) -> Result<String, TreeError> {
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                if parts.pop().is_none() {
                    return Err(TreeError::EscapesRoot { path: path.to_owned() });
                }
            }
            part => parts.push(part),
        }
    }
    Ok(parts.join("/"))
}

/// Follows every symbolic link on `path` and gives the path of what it leads to, within the root.
///
/// Absolute targets and targets above the root are [`TreeError::EscapesRoot`]. Costs one [`Tree::metadata`] per part.
pub fn resolve(tree: &dyn Tree, path: &str) -> Result<String, TreeError> {
    const MAX_LINKS: usize = 255;
    let mut links = 0;
    let mut done = String::new();
    let mut todo: Vec<String> =
        path.split('/').rev().filter(|part| !part.is_empty()).map(str::to_owned).collect();
    while let Some(part) = todo.pop() {
        if part == "." {
            continue;
        }
        if part == ".." {
            let Some(cut) = done.rfind('/').or(if done.is_empty() { None } else { Some(0) }) else {
                return Err(TreeError::EscapesRoot { path: path.to_owned() });
            };
            done.truncate(cut);
            continue;
        }
        let next = if done.is_empty() { part } else { format!("{done}/{part}") };
        let metadata = tree.metadata(&next)?;
        let Some(target) = metadata.target else {
            done = next;
            continue;
        };
        links += 1;
        if links > MAX_LINKS {
            return Err(TreeError::LinkLoop { path: path.to_owned() });
        }
        if target.starts_with('/') {
            return Err(TreeError::EscapesRoot { path: path.to_owned() });
        }
        todo.extend(target.split('/').rev().filter(|part| !part.is_empty()).map(str::to_owned));
    }
    Ok(done)
}
