//! A tree of files, wherever it lies: a folder, memory, a git commit.
//!
//! ```
//! use gitops_core::tree::{join, parts};
//! assert_eq!(join("overlays/prod", "../../base").unwrap(), "base");
//! assert_eq!(parts("base/app.yaml").unwrap().collect::<Vec<_>>(), ["base", "app.yaml"]);
//! assert!(parts("base/../app.yaml").is_err());
//! ```
//!
//! * Paths are relative to the tree's root, use `/`, hold no `.` or `..` part and no empty part; the root is the
//!   empty path. [`join`] makes such paths from what people write, [`parts`] refuses others.
//! * An implementation answers for exactly that path and follows no symbolic link, neither at the end of the path
//!   nor on the way: below a link there is nothing ([`TreeError::NotDirectory`]). Links are followed by
//!   [`resolve`] alone, which never leaves the root.

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
    /// Where a link points: relative to the link's own folder, or absolute where that is outside the tree.
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
    /// A file or a folder was wanted; links are followed by [`resolve`] alone.
    #[error("{path}: is a symbolic link")]
    IsLink {
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

/// The parts of a path of a tree; fails where it is not one, with [`TreeError::EscapesRoot`] for an absolute path or
/// a `..` part and [`TreeError::NotFound`] for a `.` or empty part.
pub fn parts(path: &str) -> Result<impl DoubleEndedIterator<Item = &str> + Clone, TreeError> {
    let named = || path.split('/').filter(|_| !path.is_empty());
    if path.starts_with('/') || named().any(|part| part == "..") {
        return Err(TreeError::EscapesRoot { path: path.to_owned() });
    }
    if named().any(|part| part.is_empty() || part == ".") {
        return Err(TreeError::NotFound { path: path.to_owned() });
    }
    Ok(named())
}

/// Joins a relative path as written by a person (`../base`, `./a//b`) to a folder of the tree, lexically, as
/// kustomize does before it looks at links. An absolute path is [`TreeError::EscapesRoot`].
///
/// ```
/// use gitops_core::tree::join;
/// assert_eq!(join("overlays/prod", "../../base").unwrap(), "base");
/// assert!(join("a", "../../x").is_err());
/// assert!(join("a", "/x").is_err());
/// ```
pub fn join(folder: &str, path: &str) -> Result<String, TreeError> {
    let escapes = || TreeError::EscapesRoot { path: path.to_owned() };
    if path.starts_with('/') {
        return Err(escapes());
    }
    let mut joined: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                joined.pop().ok_or_else(escapes)?;
            }
            part => joined.push(part),
        }
    }
    Ok(joined.join("/"))
}

/// The folder that holds a path; the root's is the root.
///
/// ```
/// use gitops_core::tree::parent;
/// assert_eq!((parent("a/b/c.yaml"), parent("c.yaml"), parent("")), ("a/b", "", ""));
/// ```
#[must_use]
pub fn parent(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// Follows every symbolic link on `path` and gives the path of what it leads to, within the root.
///
/// `..` parts, in the path and in targets of links, go up from where links led, as in a file system. Absolute
/// targets and targets above the root are [`TreeError::EscapesRoot`]. Costs one [`Tree::metadata`] where no link is
/// on the path, else one per part.
pub fn resolve(tree: &dyn Tree, path: &str) -> Result<String, TreeError> {
    if parts(path).is_ok() && tree.metadata(path).is_ok_and(|metadata| metadata.kind != FileKind::Link) {
        return Ok(path.to_owned());
    }
    follow(tree, path)
}

fn follow(tree: &dyn Tree, path: &str) -> Result<String, TreeError> {
    /// As many as Go's `EvalSymlinks` follows.
    const MAX_LINKS: usize = 255;
    let escapes = || TreeError::EscapesRoot { path: path.to_owned() };
    let mut links = 0;
    let mut done = String::new();
    let mut at_file = false;
    if path.starts_with('/') {
        return Err(escapes());
    }
    let mut todo: Vec<String> = path.rsplit('/').map(str::to_owned).collect();
    while let Some(part) = todo.pop() {
        match part.as_str() {
            "" | "." | ".." if at_file => return Err(TreeError::NotDirectory { path: done }),
            "" | "." => continue,
            ".." if done.is_empty() => return Err(escapes()),
            ".." => {
                done.truncate(parent(&done).len());
                continue;
            }
            _ => {}
        }
        let next = if done.is_empty() { part } else { format!("{done}/{part}") };
        let metadata = tree.metadata(&next)?;
        let Some(target) = metadata.target else {
            at_file = metadata.kind != FileKind::Directory;
            done = next;
            continue;
        };
        links += 1;
        if links > MAX_LINKS {
            return Err(TreeError::LinkLoop { path: path.to_owned() });
        }
        if target.starts_with('/') {
            return Err(escapes());
        }
        if target.is_empty() {
            return Err(TreeError::NotFound { path: next });
        }
        todo.extend(target.rsplit('/').map(str::to_owned));
    }
    Ok(done)
}

#[cfg(test)]
mod tests;
