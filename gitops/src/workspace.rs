//! A path on disk as a tree to render from.
//!
//! ```
//! # let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/src");
//! let workspace = gitops::Workspace::open(folder)?;
//! assert!(workspace.path(folder)?.ends_with("src"));
//! # Ok::<_, gitops::Error>(())
//! ```
//!
//! The root of the tree, which nothing read may leave, is the enclosing git work tree. Outside of one it is the folder
//! itself, or that of the file. [`Workspace::with_root`] sets another.

use gitops_core::diagnostic::Severity;
use gitops_core::tree::TreeError;
use gitops_render::tree::enclosing_git_root;
use gitops_render::{DirectoryTree, Failure, Options, Rendered, Session};
use std::fs;
use std::io;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

/// Why a path on disk could not be rendered.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The system refuses the path.
    #[error("{}: {source}", path.display())]
    Path {
        /// The path as given.
        path: PathBuf,
        /// The system's words.
        source: io::Error,
    },
    /// The path lies outside the root of the tree.
    #[error("{} lies outside {}", path.display(), root.display())]
    Outside {
        /// The path as given.
        path: PathBuf,
        /// The root.
        root: PathBuf,
    },
    /// The path below the root is not UTF-8.
    #[error("{}: not valid UTF-8", path.display())]
    NotUtf8 {
        /// The path as given.
        path: PathBuf,
    },
    /// The root can't serve as a tree.
    #[error(transparent)]
    Tree(#[from] TreeError),
    /// Rendering failed.
    #[error("{}", failure_text(.0))]
    Render(#[source] Box<Failure>),
    /// The result can't be written.
    #[error(transparent)]
    Write(#[from] gitops_render::Error),
}

impl From<Failure> for Error {
    fn from(failure: Failure) -> Self {
        Self::Render(Box::new(failure))
    }
}

/// The error with its place, for those who print only that.
fn failure_text(failure: &Failure) -> String {
    let errors = || failure.diagnostics.iter().filter(|diagnostic| diagnostic.severity == Severity::Error);
    match errors().find_map(|diagnostic| diagnostic.location.as_ref()) {
        Some(location) if location.line > 0 => format!("{location}: {failure}"),
        Some(location) => format!("{}: {failure}", location.file),
        None => failure.to_string(),
    }
}

/// A folder on disk, opened as a tree, with a session over it.
#[derive(Debug)]
pub struct Workspace {
    root: PathBuf,
    session: Session,
}

impl Workspace {
    /// Opens the tree that a file or folder belongs to, with default options.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, Error> {
        Self::open_with(path, Options::default())
    }

    /// Opens the tree that a file or folder belongs to.
    pub fn open_with(path: impl AsRef<Path>, options: Options) -> Result<Self, Error> {
        Self::with_root(Self::root_of(path)?, options)
    }

    /// Opens a folder as a tree. It may be narrower or wider than what [`Workspace::open`] takes.
    pub fn with_root(root: impl AsRef<Path>, options: Options) -> Result<Self, Error> {
        let tree = DirectoryTree::new(root)?;
        let root = tree.root().to_owned();
        Ok(Self { root, session: Session::with_options(Arc::new(tree), options) })
    }

    /// The root that [`Workspace::open`] takes for a path: absolute, without links. Costs a look at each folder above.
    pub fn root_of(path: impl AsRef<Path>) -> Result<PathBuf, Error> {
        let path = path.as_ref();
        let real = real_path(path)?;
        if let Some(root) = enclosing_git_root(&real) {
            return Ok(root);
        }
        let is_folder =
            fs::metadata(&real).map_err(|source| Error::Path { path: path.to_owned(), source })?.is_dir();
        let folder = if is_folder { Some(real.as_path()) } else { real.parent() };
        Ok(folder.unwrap_or(&real).to_owned())
    }

    /// The folder on disk that is the tree's root, absolute and without links.
    #[must_use]
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// What has been read and built so far; its paths are those of [`Workspace::path`].
    #[must_use]
    pub fn session(&self) -> &Session {
        &self.session
    }

    /// The path in the tree of a path on disk, links followed.
    pub fn path(&self, path: impl AsRef<Path>) -> Result<String, Error> {
        let path = path.as_ref();
        let real = real_path(path)?;
        let Ok(below) = real.strip_prefix(&self.root) else {
            return Err(Error::Outside { path: path.to_owned(), root: self.root.clone() });
        };
        let part = |component: Component<'_>| component.as_os_str().to_str().map(str::to_owned);
        let parts: Option<Vec<String>> = below.components().map(part).collect();
        parts.map(|parts| parts.join("/")).ok_or_else(|| Error::NotUtf8 { path: path.to_owned() })
    }

    /// Renders a kustomization, a folder of manifests or a file on disk, see [`Session::render`].
    pub fn render(&self, path: impl AsRef<Path>) -> Result<Rendered, Error> {
        Ok(self.session.render(&self.path(path)?)?)
    }
}

fn real_path(path: &Path) -> Result<PathBuf, Error> {
    fs::canonicalize(path).map_err(|source| Error::Path { path: path.to_owned(), source })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder() -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        let write = |path: &str, text: &str| {
            let path = folder.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        };
        write("repo/.git/HEAD", "ref: refs/heads/main\n");
        write("repo/base/kustomization.yaml", "resources: [a.yaml]\n");
        write("repo/base/a.yaml", "kind: A\nmetadata: {name: a}\n");
        write("repo/prod/kustomization.yaml", "resources: [../base]\n");
        write("loose/a.yaml", "kind: A\nmetadata: {name: a}\n");
        write("broken/kustomization.yaml", "resources:\n- x.yaml\n");
        folder
    }

    #[test]
    fn the_root_is_the_work_tree_or_the_folder() {
        let folder = folder();
        let top = fs::canonicalize(folder.path()).unwrap();
        for (path, root, below) in [
            ("repo/prod", "repo", "prod"),
            ("repo", "repo", ""),
            ("repo/base/a.yaml", "repo", "base/a.yaml"),
            ("loose", "loose", ""),
            ("loose/a.yaml", "loose", "a.yaml"),
        ] {
            let workspace = Workspace::open(top.join(path)).unwrap();
            assert_eq!(workspace.root(), top.join(root), "{path}");
            assert_eq!(workspace.path(top.join(path)).unwrap(), below, "{path}");
        }
    }

    #[test]
    fn a_narrower_root_keeps_bases_out() {
        let folder = folder();
        let prod = folder.path().join("repo/prod");
        assert_eq!(Workspace::open(&prod).unwrap().render(&prod).unwrap().objects.len(), 1);
        let narrow = Workspace::with_root(&prod, Options::default()).unwrap();
        assert!(matches!(narrow.render(&prod), Err(Error::Render(_))));
        assert!(matches!(narrow.render(folder.path()), Err(Error::Outside { .. })));
    }

    #[test]
    fn errors_name_the_place() {
        let folder = folder();
        let error = crate::render(folder.path().join("broken")).unwrap_err().to_string();
        assert!(error.starts_with("kustomization.yaml:2:3: "), "{error}");
        let error = crate::render(folder.path().join("nowhere")).unwrap_err().to_string();
        assert!(error.contains("nowhere"), "{error}");
    }
}
