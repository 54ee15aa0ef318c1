//! Writing results so that nobody ever sees half of one.
//!
//! ```
//! # let folder = tempfile::tempdir().unwrap();
//! # let folder = folder.path().join("rendered");
//! use gitops::output::{Change, Folder};
//! let mut output = Folder::open(&folder)?;
//! assert_eq!(output.write("shop/web.yaml", b"kind: Service\n")?, Change::Written);
//! assert_eq!(output.write("shop/web.yaml", b"kind: Service\n")?, Change::Unchanged);
//! output.finish()?;
//! # Ok::<_, gitops::output::Error>(())
//! ```
//!
//! * [`write_file`] writes beside the target and renames, so that a reader sees the old content or the new one, and a
//!   program that is stopped leaves the old one.
//! * A [`Folder`] holds rendered manifests (the *rendered manifests pattern*). It leaves unchanged files alone, keeps a
//!   list of what it wrote with digests, and removes only what is on that list and still as it was written.

mod file;
mod folder;
mod listing;

pub use file::write_file;
pub use folder::{Change, Folder, Pruned};
pub use listing::LISTING;

use std::io;
use std::path::{Path, PathBuf};

/// Why something could not be written. Every message names the path.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The system refuses.
    #[error("cannot {action} {}: {source}", path.display())]
    Io {
        /// What was being done: `write`, `read`, `remove`, `create`.
        action: &'static str,
        /// The path.
        path: PathBuf,
        /// The system's words.
        source: io::Error,
    },
    /// A folder on the way is a symbolic link, which might lead anywhere.
    #[error("cannot write below {}: it is a symbolic link", path.display())]
    Link {
        /// The link.
        path: PathBuf,
    },
    /// The name of a file leads out of the folder.
    #[error("{name:?} is not the name of a file below {}", folder.display())]
    Name {
        /// The name.
        name: String,
        /// The folder.
        folder: PathBuf,
    },
    /// The list of what was written can't be understood.
    #[error("{}: {message}", path.display())]
    Listing {
        /// The list.
        path: PathBuf,
        /// What is wrong.
        message: String,
    },
}

impl Error {
    fn io(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        move |source| Self::Io { action, path: path.to_owned(), source }
    }
}
