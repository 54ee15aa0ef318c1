//! A folder on disk; the one place of the crate that touches it.

use gitops_core::tree::{FileKind, Metadata, Tree, TreeError, parent, parts};
use std::collections::{HashMap, HashSet};
use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::SystemTime;

/// The files below a folder on disk.
///
/// * Nothing outside is ever opened. Links are not followed, not even on the way to a file:
///   [`resolve`](gitops_core::tree::resolve) does that. An absolute target that lies inside the folder is given
///   relative to the link, others stay absolute, which `resolve` refuses.
/// * Nothing is cached but which folders are real ones. A file that was read is remembered by length, time of
///   change and, on Unix, inode: reading it again after a change fails, and [`verify`](Tree::verify) looks at every
///   one once more.
/// * Costs one system call for [`metadata`](Tree::metadata), five or so for [`read`](Tree::read), and one for each
///   folder met for the first time.
#[derive(Debug)]
pub struct DirectoryTree {
    root: PathBuf,
    /// The root as it was given, made absolute: absolute targets of links may be written either way.
    given: PathBuf,
    real_folders: Mutex<HashSet<String>>,
    seen: Mutex<HashMap<String, Stamp>>,
}

/// What tells one state of a file from another.
#[derive(Clone, Copy, PartialEq, Debug)]
struct Stamp {
    len: u64,
    modified: Option<SystemTime>,
    file: (u64, u64),
}

impl DirectoryTree {
    /// The tree below `root`, which must be a folder; links in `root` itself are followed.
    pub fn new(root: impl AsRef<Path>) -> Result<Self, TreeError> {
        let root = root.as_ref();
        let named = |error| system_error(&root.to_string_lossy(), &error);
        let given = std::path::absolute(root).map_err(named)?;
        let root = fs::canonicalize(root).map_err(named)?;
        if !fs::metadata(&root).map_err(named)?.is_dir() {
            return Err(TreeError::NotDirectory { path: given.to_string_lossy().into_owned() });
        }
        Ok(Self { root, given, real_folders: Mutex::default(), seen: Mutex::default() })
    }

    /// The folder on disk, absolute and without links.
    #[must_use]
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The system's answer for a path whose folders are all real ones.
    fn look(&self, path: &str) -> Result<(PathBuf, fs::Metadata), TreeError> {
        let _ = parts(path)?;
        self.check_folders(path)?;
        let full = self.full(path)?;
        let found = fs::symlink_metadata(&full).map_err(|error| system_error(path, &error))?;
        Ok((full, found))
    }

    /// Fails where a folder on the way is a link or a file. The system would follow the link.
    fn check_folders(&self, path: &str) -> Result<(), TreeError> {
        let folder = parent(path);
        if folder.is_empty() || lock(&self.real_folders).contains(folder) {
            return Ok(());
        }
        for end in folder.match_indices('/').map(|(end, _)| end).chain([folder.len()]) {
            let (folder, _) = folder.split_at(end);
            if lock(&self.real_folders).contains(folder) {
                continue;
            }
            // Errors name the path that was asked for, as the system's own would.
            let found =
                fs::symlink_metadata(self.full(folder)?).map_err(|error| system_error(path, &error))?;
            if !found.is_dir() {
                return Err(TreeError::NotDirectory { path: path.to_owned() });
            }
            lock(&self.real_folders).insert(folder.to_owned());
        }
        Ok(())
    }

    fn full(&self, path: &str) -> Result<PathBuf, TreeError> {
        // On Windows a part may mean more than a name: `c:`, `a\..\b`.
        if cfg!(windows) && path.contains(['\\', ':']) {
            return Err(TreeError::EscapesRoot { path: path.to_owned() });
        }
        Ok(if path.is_empty() { self.root.clone() } else { self.root.join(path) })
    }

    /// The target of a link, see [`Metadata::target`].
    fn target(&self, path: &str, full: &Path) -> Result<String, TreeError> {
        let target = fs::read_link(full).map_err(|error| system_error(path, &error))?;
        let inside = [&self.root, &self.given].into_iter().find_map(|root| target.strip_prefix(root).ok());
        let up = "../".repeat(path.matches('/').count());
        let text = |target: &Path| {
            let text = target.to_str().ok_or_else(|| TreeError::NotUtf8 { path: path.to_owned() })?;
            Ok(if cfg!(windows) { text.replace('\\', "/") } else { text.to_owned() })
        };
        match inside {
            Some(inside) if inside.as_os_str().is_empty() => Ok(format!("{up}.")),
            Some(inside) => Ok(up + &text(inside)?),
            None => text(&target),
        }
    }

    /// Remembers a file as it was read; fails where it was read before in another state.
    fn remember(&self, path: &str, stamp: Stamp) -> Result<(), TreeError> {
        match *lock(&self.seen).entry(path.to_owned()).or_insert(stamp) {
            seen if seen == stamp => Ok(()),
            _ => Err(TreeError::Changed { path: path.to_owned() }),
        }
    }
}

impl Tree for DirectoryTree {
    fn metadata(&self, path: &str) -> Result<Metadata, TreeError> {
        let (full, found) = self.look(path)?;
        let kind = found.file_type();
        if kind.is_symlink() {
            let target = Some(self.target(path, &full)?);
            return Ok(Metadata { kind: FileKind::Link, len: 0, executable: false, target });
        }
        if kind.is_dir() {
            return Ok(Metadata { kind: FileKind::Directory, len: 0, executable: false, target: None });
        }
        check_regular(path, &found)?;
        Ok(Metadata {
            kind: FileKind::File,
            len: found.len(),
            executable: is_executable(&found),
            target: None,
        })
    }

    fn read(&self, path: &str, limit: u64) -> Result<Arc<[u8]>, TreeError> {
        let (full, found) = self.look(path)?;
        check_regular(path, &found)?;
        let len = found.len();
        if len > limit {
            return Err(TreeError::TooLarge { path: path.to_owned(), len, limit });
        }
        let named = |error| system_error(path, &error);
        let mut file = fs::File::open(&full).map_err(named)?;
        let stamp = Stamp::of(&found);
        // Between the look and the opening another file, or a link, may have come into its place.
        if Stamp::of(&file.metadata().map_err(named)?) != stamp {
            return Err(TreeError::Changed { path: path.to_owned() });
        }
        let mut bytes = Vec::with_capacity(usize::try_from(len).unwrap_or_default());
        file.by_ref().take(len + 1).read_to_end(&mut bytes).map_err(named)?;
        if bytes.len() as u64 != len {
            return Err(TreeError::Changed { path: path.to_owned() });
        }
        self.remember(path, stamp)?;
        Ok(bytes.into())
    }

    fn list(&self, path: &str) -> Result<Vec<String>, TreeError> {
        let (full, found) = self.look(path)?;
        if found.file_type().is_symlink() {
            return Err(TreeError::IsLink { path: path.to_owned() });
        }
        let named = |error| system_error(path, &error);
        let mut names = Vec::new();
        for entry in fs::read_dir(full).map_err(named)? {
            let name = entry.map_err(named)?.file_name();
            names.push(name.into_string().map_err(|name| TreeError::NotUtf8 {
                path: format!("{path}{}{}", if path.is_empty() { "" } else { "/" }, name.to_string_lossy()),
            })?);
        }
        names.sort_unstable();
        Ok(names)
    }

    /// One system call for each file that was read; reports the first by name that is not as it was.
    fn verify(&self) -> Result<(), TreeError> {
        let seen = lock(&self.seen);
        let mut seen: Vec<_> = seen.iter().collect();
        seen.sort_unstable_by_key(|(path, _)| *path);
        for (path, stamp) in seen {
            match self.look(path) {
                Ok((_, found)) if Stamp::of(&found) == *stamp => {}
                _ => return Err(TreeError::Changed { path: path.clone() }),
            }
        }
        Ok(())
    }
}

/// The work tree of git that holds `path`: the nearest folder upward with a repository or a work tree's link file.
///
/// For a program whose user names a folder inside a repository, this is the root that nothing may leave. Reads
/// nothing of git but whether `.git` looks like one.
#[must_use]
pub fn enclosing_git_root(path: impl AsRef<Path>) -> Option<PathBuf> {
    let start = fs::canonicalize(path).ok()?;
    let found = start.ancestors().find(|folder| {
        let git = folder.join(".git");
        git.join("HEAD").exists() || links_to_repository(&git).unwrap_or_default()
    })?;
    Some(found.to_owned())
}

/// Whether this is the file that stands for the repository in additional work trees and in submodules.
fn links_to_repository(git: &Path) -> io::Result<bool> {
    const START: &[u8] = b"gitdir:";
    let mut start = Vec::new();
    if fs::metadata(git)?.is_file() {
        fs::File::open(git)?.take(START.len() as u64).read_to_end(&mut start)?;
    }
    Ok(start == START)
}

impl Stamp {
    fn of(metadata: &fs::Metadata) -> Self {
        Self { len: metadata.len(), modified: metadata.modified().ok(), file: file_id(metadata) }
    }
}

/// Refuses what is not a regular file; opening a pipe would wait for ever.
fn check_regular(path: &str, found: &fs::Metadata) -> Result<(), TreeError> {
    let path = path.to_owned();
    match found.file_type() {
        kind if kind.is_file() => Ok(()),
        kind if kind.is_dir() => Err(TreeError::IsDirectory { path }),
        kind if kind.is_symlink() => Err(TreeError::IsLink { path }),
        _ => Err(TreeError::Io { path, message: "not a regular file".to_owned() }),
    }
}

fn system_error(path: &str, error: &io::Error) -> TreeError {
    let path = path.to_owned();
    match error.kind() {
        // A name that the system can't have names nothing.
        io::ErrorKind::NotFound | io::ErrorKind::InvalidInput | io::ErrorKind::InvalidFilename => {
            TreeError::NotFound { path }
        }
        io::ErrorKind::PermissionDenied => TreeError::Denied { path },
        io::ErrorKind::NotADirectory => TreeError::NotDirectory { path },
        io::ErrorKind::IsADirectory => TreeError::IsDirectory { path },
        _ => TreeError::Io { path, message: error.to_string() },
    }
}

/// A poisoned lock only means that another thread panicked; the sets are valid at every step.
fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(unix)]
fn file_id(metadata: &fs::Metadata) -> (u64, u64) {
    use std::os::unix::fs::MetadataExt;
    (metadata.dev(), metadata.ino())
}

#[cfg(not(unix))]
fn file_id(_: &fs::Metadata) -> (u64, u64) {
    (0, 0)
}

#[cfg(unix)]
fn is_executable(metadata: &fs::Metadata) -> bool {
    use std::os::unix::fs::PermissionsExt;
    metadata.permissions().mode() & 0o111 != 0
}

#[cfg(not(unix))]
fn is_executable(_: &fs::Metadata) -> bool {
    false
}
