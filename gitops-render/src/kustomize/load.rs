//! Finding files and folders from a kustomization: relative to it, within its folder, never outside the tree.
//!
//! Rules of kustomize 5.8.1 (api/internal/loader): a file must lie at or below the folder of the kustomization that
//! names it, links resolved; a folder may lie anywhere in the tree but must not contain a folder that is being built.

use super::decode::Text;
use super::error::{Error, code};
use crate::reads::Read;
use crate::session::{File, LoadRestrictor, Session, is_folder, resolve};
use gitops_core::tree::{TreeError, join};
use std::sync::Arc;

/// The folder that a layer is built from, with those of the layers above it.
#[derive(Clone, Debug)]
pub(crate) struct Folder {
    /// Path below the tree's root, links resolved.
    pub(crate) path: String,
    above: Option<Arc<Folder>>,
    depth: usize,
}

impl Folder {
    pub(crate) fn root(path: String) -> Self {
        Self { path, above: None, depth: 0 }
    }

    fn visited(&self) -> impl Iterator<Item = &Folder> {
        std::iter::successors(Some(self), |folder| folder.above.as_deref())
    }
}

/// Whether a text names something on the network, by the forms that the original knows.
pub(crate) fn is_remote(path: &str) -> bool {
    let lower = path.to_ascii_lowercase();
    let scheme = [
        "http://",
        "https://",
        "ssh://",
        "git://",
        "file://",
        "oci://",
        "git::",
        "gh:",
        "git@",
        "github.com/",
    ];
    scheme.iter().any(|prefix| lower.starts_with(prefix))
        || lower.contains(".git?")
        || lower.contains("?ref=")
        || lower.contains("_git/")
}

/// Reads what a layer names and notes every read.
pub(crate) struct Loader<'s> {
    pub(crate) session: &'s Session,
    pub(crate) folder: Arc<Folder>,
}

impl<'s> Loader<'s> {
    pub(crate) fn new(session: &'s Session, folder: Folder) -> Self {
        Self { session, folder: Arc::new(folder) }
    }

    /// The file that a kustomization names.
    pub(crate) fn file(&self, path: &Text, reads: &mut Vec<Read>) -> Result<Arc<File>, Error> {
        self.file_at(path, reads).map_err(|error| error.at(path.place))
    }

    fn file_at(&self, path: &str, reads: &mut Vec<Read>) -> Result<Arc<File>, Error> {
        if path.starts_with("http://") || path.starts_with("https://") {
            return Err(remote(path));
        }
        let wanted = self.joined(path)?;
        let resolved = resolve(self.session, &wanted).map_err(|error| tree_error(&error, &wanted, reads))?;
        if is_folder(self.session, &resolved).map_err(|error| tree_error(&error, &wanted, reads))? {
            reads.push(Read::Folder(resolved));
            return Err(Error::new(code::FILE, format!("'{wanted}' must resolve to a file")));
        }
        self.check_restriction(&resolved)?;
        let file = self.session.file(&resolved).map_err(|error| tree_error(&error, &wanted, reads))?;
        reads.push(Read::File(resolved));
        Ok(file)
    }

    /// The folder that a kustomization names, to be built as a layer of its own.
    pub(crate) fn folder(&self, path: &Text, reads: &mut Vec<Read>) -> Result<Folder, Error> {
        self.folder_at(path, reads).map_err(|error| error.at(path.place))
    }

    fn folder_at(&self, path: &str, reads: &mut Vec<Read>) -> Result<Folder, Error> {
        if path.is_empty() {
            return Err(Error::new(code::NOT_FOUND, "the path is empty: new root cannot be empty"));
        }
        if is_remote(path) {
            return Err(remote(path));
        }
        if path.starts_with('/') {
            return Err(Error::new(code::OUTSIDE_ROOT, format!("new root '{path}' cannot be absolute"))
                .help("write the path relative to the kustomization"));
        }
        let wanted = self.joined(path)?;
        let resolved = resolve(self.session, &wanted).map_err(|error| tree_error(&error, &wanted, reads))?;
        if !is_folder(self.session, &resolved).map_err(|error| tree_error(&error, &wanted, reads))? {
            return Err(Error::new(
                code::FILE,
                format!("must build at directory: '{wanted}': file is not directory"),
            ));
        }
        reads.push(Read::Folder(resolved.clone()));
        let inside = |folder: &Folder| is_at_or_below(&folder.path, &resolved);
        if let Some(visited) = self.folder.visited().find(|folder| inside(folder)) {
            return Err(Error::new(
                code::CYCLE,
                format!(
                    "cycle detected: candidate root '{}' contains visited root '{}'",
                    shown(&resolved),
                    shown(&visited.path)
                ),
            )
            .help("a kustomization must not refer to itself or to a folder above it"));
        }
        let depth = self.folder.depth + 1;
        if depth > self.session.options.limits.layers {
            return Err(Error::new(
                code::TOO_DEEP,
                format!("'{resolved}': more than {depth} layers of kustomizations"),
            ));
        }
        Ok(Folder { path: resolved, above: Some(Arc::clone(&self.folder)), depth })
    }

    /// A file beside the kustomization by its plain name; nothing where it cannot be read, whatever the reason.
    pub(crate) fn beside(&self, name: &str, reads: &mut Vec<Read>) -> Option<Arc<File>> {
        let wanted = join(&self.folder.path, name).ok()?;
        let Ok(resolved) = resolve(self.session, &wanted) else {
            reads.push(Read::Missing(wanted));
            return None;
        };
        if is_folder(self.session, &resolved).ok()? || self.check_restriction(&resolved).is_err() {
            return None;
        }
        let file = self.session.file(&resolved).ok()?;
        reads.push(Read::File(resolved));
        Some(file)
    }

    fn joined(&self, path: &str) -> Result<String, Error> {
        if path.starts_with('/') {
            return Err(outside(path, &self.folder.path));
        }
        join(&self.folder.path, path).map_err(|_| out_of_tree(path, &self.folder.path))
    }

    fn check_restriction(&self, resolved: &str) -> Result<(), Error> {
        let free = self.session.options.load_restrictor == LoadRestrictor::None;
        if free || is_at_or_below(resolved, &self.folder.path) {
            Ok(())
        } else {
            Err(outside(resolved, &self.folder.path))
        }
    }
}

fn outside(path: &str, folder: &str) -> Error {
    Error::new(code::OUTSIDE_ROOT, format!("security; file '{path}' is not in or below '{}'", shown(folder)))
        .help("move the file into the folder, make its folder a base, or render with --load-restrictor none")
}

fn out_of_tree(path: &str, folder: &str) -> Error {
    Error::new(code::OUTSIDE_ROOT, format!("security; file '{path}' is not in or below '{}'", shown(folder)))
        .help("nothing outside of the tree is read; the tree is the enclosing git work tree, or what --root names")
}

fn remote(path: &str) -> Error {
    Error::new(code::NEEDS_INFLATE, format!("'{path}' is a remote source"))
        .help("remote sources are read only by an embedder's `Inflate`; copy the files into the repository")
}

/// A path for people: the tree's root is `.`.
pub(crate) fn shown(path: &str) -> &str {
    if path.is_empty() { "." } else { path }
}

/// Whether `path` is `folder` or lies in it.
fn is_at_or_below(path: &str, folder: &str) -> bool {
    folder.is_empty()
        || path.strip_prefix(folder).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

fn tree_error(error: &TreeError, wanted: &str, reads: &mut Vec<Read>) -> Error {
    match error {
        TreeError::NotFound { .. } | TreeError::NotDirectory { .. } => {
            reads.push(Read::Missing(wanted.to_owned()));
            Error::new(code::NOT_FOUND, format!("'{wanted}': no such file or directory"))
        }
        TreeError::EscapesRoot { .. } => {
            Error::new(code::OUTSIDE_ROOT, format!("security; file '{wanted}' leads out of the tree"))
                .help("nothing outside of the tree is read; the tree is the enclosing git work tree, or what --root names")
        }
        TreeError::TooLarge { .. } => Error::new(code::LIMIT, error.to_string()),
        TreeError::Changed { .. } => Error::new(code::CHANGED, error.to_string()),
        other => Error::new(code::FILE, other.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_holds_itself_and_what_is_below() {
        for (path, folder, inside) in
            [("a/b", "a", true), ("a", "a", true), ("ab", "a", false), ("a", "a/b", false), ("x", "", true)]
        {
            assert_eq!(is_at_or_below(path, folder), inside, "{path} in {folder}");
        }
    }

    #[test]
    fn remote_sources_are_known_by_their_form() {
        for (path, remote) in [
            ("https://example.com/a.yaml", true),
            ("github.com/o/r//p?ref=v1", true),
            ("git@github.com:o/r", true),
            ("../base", false),
            ("a.yaml", false),
        ] {
            assert_eq!(is_remote(path), remote, "{path}");
        }
    }
}
