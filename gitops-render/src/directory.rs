//! Plain folders of manifests, as Argo CD's `directory` source reads them.
//!
//! ```
//! use gitops_render::directory::{DirectoryOptions, list};
//! use gitops_render::tree::MemoryTree;
//! let tree = MemoryTree::from_iter([("apps/web.yaml", ""), ("apps/db/db.json", ""), ("apps/README.md", "")]);
//! let options = DirectoryOptions::default().recurse();
//! let paths: Vec<_> = list(&tree, "apps", &options).unwrap().files.into_iter().map(|file| file.path).collect();
//! assert_eq!(paths, ["apps/db/db.json", "apps/web.yaml"]);
//! ```
//!
//! Which files, in which order:
//!
//! 1. The names in a folder are taken in bytewise order, and a sub-folder, with `recurse`, where its name stands.
//! 2. Files named `*.yaml`, `*.yml` and `*.json` count, in lower case; with [`every_file`](DirectoryOptions::every_file)
//!    all do. Hidden files and folders, `.git` included, are like any other, and so is a `kustomization.yaml`: whether
//!    a folder is a kustomization is decided before it comes here.
//! 3. `exclude` wins over `include`. Both match the path below the folder, and their `*` crosses slashes. They look at
//!    files only: an excluded folder is one whose files are all excluded.
//! 4. A link to a file counts under its own name. A link to a folder is not entered and one to nothing is left out,
//!    each with a word in [`Listing::skipped`]; a link out of the tree is an error.
//! 5. A `*.jsonnet` that is not excluded is an error, since what it would produce would be missing.

use gitops_core::glob::Glob;
use gitops_core::tree::{FileKind, Tree, TreeError, join, resolve};

/// What of a folder counts.
#[derive(Clone, Default, Debug)]
#[non_exhaustive]
pub struct DirectoryOptions {
    /// Sub-folders, too.
    pub recurse: bool,
    /// Only paths that match.
    pub include: Option<Glob>,
    /// No paths that match.
    pub exclude: Option<Glob>,
    /// Files of any name, which Argo CD calls `disableExtensionFilter`.
    pub every_file: bool,
}

impl DirectoryOptions {
    /// With sub-folders.
    #[must_use]
    pub fn recurse(mut self) -> Self {
        self.recurse = true;
        self
    }

    /// Only paths that match; made by [`Glob::new`], without a separator.
    #[must_use]
    pub fn include(mut self, glob: Glob) -> Self {
        self.include = Some(glob);
        self
    }

    /// No paths that match; made by [`Glob::new`], without a separator.
    #[must_use]
    pub fn exclude(mut self, glob: Glob) -> Self {
        self.exclude = Some(glob);
        self
    }

    /// Files of any name.
    #[must_use]
    pub fn every_file(mut self) -> Self {
        self.every_file = true;
        self
    }

    fn wants(&self, below: &str) -> bool {
        self.exclude.as_ref().is_none_or(|glob| !glob.matches(below))
            && self.include.as_ref().is_none_or(|glob| glob.matches(below))
    }

    fn has_manifest_name(&self, name: &str) -> bool {
        self.every_file || [".yaml", ".yml", ".json", JSONNET].iter().any(|ending| name.ends_with(ending))
    }
}

const JSONNET: &str = ".jsonnet";

/// The files of a folder.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Listing {
    /// In the order in which they are read.
    pub files: Vec<ManifestFile>,
    /// What was left out and may be missed, in the same order.
    pub skipped: Vec<Skipped>,
}

/// A file that counts.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ManifestFile {
    /// Its path in the tree, to be named to people.
    pub path: String,
    /// The path to read, which differs where `path` is a link.
    pub real: String,
}

/// A link that was left out.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Skipped {
    /// Its path in the tree.
    pub path: String,
    /// Why.
    pub reason: SkipReason,
}

/// Why a link is left out.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub enum SkipReason {
    /// It leads to a folder, which is never entered this way.
    LinkToFolder,
    /// It leads to nothing.
    DanglingLink,
}

/// Why a folder can't be listed.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DirectoryError {
    /// The tree refuses.
    #[error(transparent)]
    Tree(#[from] TreeError),
    /// A Jsonnet file would have to be evaluated.
    #[error("{path}: Jsonnet is not supported; exclude the file or render it before")]
    Jsonnet {
        /// Its path in the tree.
        path: String,
    },
}

/// Lists the files of a folder, see the [module](self) for the rules. Reads no file; costs one [`Tree::list`] for each
/// folder and one [`Tree::metadata`] for each name in it.
pub fn list(tree: &dyn Tree, folder: &str, options: &DirectoryOptions) -> Result<Listing, DirectoryError> {
    let root = resolve(tree, folder)?;
    let mut listing = Listing::default();
    let mut pending = Vec::new();
    push_names(tree, &root, "", &mut pending)?;
    while let Some(below) = pending.pop() {
        let path = join(&root, &below)?;
        let metadata = tree.metadata(&path)?;
        match metadata.kind {
            FileKind::Directory if options.recurse => push_names(tree, &root, &below, &mut pending)?,
            FileKind::Directory => {}
            FileKind::File => add_file(path.clone(), path, &below, options, &mut listing)?,
            FileKind::Link => add_link(tree, path, &below, options, &mut listing)?,
        }
    }
    Ok(listing)
}

/// Puts the names of a folder on the stack, the first one on top.
fn push_names(tree: &dyn Tree, root: &str, below: &str, pending: &mut Vec<String>) -> Result<(), TreeError> {
    let mut names = tree.list(&join(root, below)?)?;
    names.sort_unstable();
    for name in names.iter().rev() {
        pending.push(join(below, name)?);
    }
    Ok(())
}

fn add_file(
    path: String,
    real: String,
    below: &str,
    options: &DirectoryOptions,
    listing: &mut Listing,
) -> Result<(), DirectoryError> {
    if !options.has_manifest_name(below) || !options.wants(below) {
        return Ok(());
    }
    if below.ends_with(JSONNET) {
        return Err(DirectoryError::Jsonnet { path });
    }
    listing.files.push(ManifestFile { path, real });
    Ok(())
}

fn add_link(
    tree: &dyn Tree,
    path: String,
    below: &str,
    options: &DirectoryOptions,
    listing: &mut Listing,
) -> Result<(), DirectoryError> {
    let named = options.has_manifest_name(below);
    let target =
        resolve(tree, &path).and_then(|real| tree.metadata(&real).map(|metadata| (metadata.kind, real)));
    let reason = match target {
        Ok((FileKind::File, real)) => return add_file(path, real, below, options, listing),
        // Who asks for sub-folders would miss this one.
        Ok(_) if named || options.recurse => SkipReason::LinkToFolder,
        Err(TreeError::NotFound { .. }) if named => SkipReason::DanglingLink,
        Err(error) if named => return Err(error.into()),
        Ok(_) | Err(_) => return Ok(()),
    };
    if options.wants(below) {
        listing.skipped.push(Skipped { path, reason });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tree::MemoryTree;

    fn tree() -> MemoryTree {
        let names = [
            "a.yaml",
            "b.yml",
            "c.json",
            "d.YAML",
            "e.txt",
            ".hidden.yaml",
            "b/x.yaml",
            "b/y/z.yaml",
            "b/kustomization.yaml",
            ".git/config.yaml",
            "yaml",
        ];
        let mut tree: MemoryTree = names.iter().map(|name| (format!("apps/{name}"), "")).collect();
        tree.insert_file("shared/s.yaml", *b"", false);
        tree
    }

    fn paths(tree: &MemoryTree, options: &DirectoryOptions) -> Result<Vec<String>, DirectoryError> {
        let files = list(tree, "apps", options)?.files.into_iter();
        Ok(files
            .map(|file| file.path.strip_prefix("apps/").map(str::to_owned).unwrap_or(file.path))
            .collect())
    }

    fn glob(pattern: &str) -> Glob {
        Glob::new(pattern).unwrap()
    }

    #[test]
    fn which_files_in_which_order() {
        let all = DirectoryOptions::default().recurse();
        for (options, expected) in [
            (DirectoryOptions::default(), &[".hidden.yaml", "a.yaml", "b.yml", "c.json"][..]),
            (
                all.clone(),
                &[
                    ".git/config.yaml",
                    ".hidden.yaml",
                    "a.yaml",
                    "b/kustomization.yaml",
                    "b/x.yaml",
                    "b/y/z.yaml",
                    "b.yml",
                    "c.json",
                ],
            ),
            (
                DirectoryOptions::default().every_file(),
                &[".hidden.yaml", "a.yaml", "b.yml", "c.json", "d.YAML", "e.txt", "yaml"],
            ),
            (all.clone().include(glob("b/*")), &["b/kustomization.yaml", "b/x.yaml", "b/y/z.yaml"]),
            (all.clone().include(glob("{a,c}.*")), &["a.yaml", "c.json"]),
            (all.clone().exclude(glob("{.*,b/*}")), &["a.yaml", "b.yml", "c.json"]),
            (all.include(glob("*.yaml")).exclude(glob("*[bgh]*")), &["a.yaml"]),
        ] {
            assert_eq!(paths(&tree(), &options).unwrap(), expected, "{options:?}");
        }
    }

    #[test]
    fn links() {
        let linked = |path: &str, target: &str| tree().with_link(path, target);
        let one = DirectoryOptions::default().include(glob("l*"));
        let all = one.clone().recurse();
        let file = ManifestFile { path: "apps/l.yaml".to_owned(), real: "shared/s.yaml".to_owned() };
        let skipped = |path: &str, reason| {
            Ok(Listing { skipped: vec![Skipped { path: path.to_owned(), reason }], ..Listing::default() })
        };
        let escapes = Err(TreeError::EscapesRoot { path: "apps/l.yaml".to_owned() }.into());
        for (path, target, options, expected) in [
            (
                "apps/l.yaml",
                "../shared/s.yaml",
                &one,
                Ok(Listing { files: vec![file], ..Listing::default() }),
            ),
            ("apps/l.yaml", "nothing", &one, skipped("apps/l.yaml", SkipReason::DanglingLink)),
            ("apps/l.yaml", "b", &one, skipped("apps/l.yaml", SkipReason::LinkToFolder)),
            ("apps/l.yaml", "../../x", &one, escapes),
            ("apps/l", "b", &one, Ok(Listing::default())),
            ("apps/l", "b", &all, skipped("apps/l", SkipReason::LinkToFolder)),
            ("apps/l", "../../x", &all, Ok(Listing::default())),
            ("apps/x.yaml", "nothing", &all, Ok(Listing::default())),
        ] {
            assert_eq!(list(&linked(path, target), "apps", options), expected, "{path} -> {target}");
        }
        let tree = linked("alias", "apps");
        assert_eq!(list(&tree, "alias", &one), list(&tree, "apps", &one));
    }

    #[test]
    fn jsonnet_is_an_error_unless_excluded() {
        let tree = tree().with_file("apps/f.jsonnet", "").with_file("apps/f.libsonnet", "");
        let error = DirectoryError::Jsonnet { path: "apps/f.jsonnet".to_owned() };
        assert_eq!(paths(&tree, &DirectoryOptions::default()), Err(error));
        assert_eq!(paths(&tree, &DirectoryOptions::default().exclude(glob("*.jsonnet"))).unwrap().len(), 4);
    }

    #[test]
    fn what_is_no_folder_is_refused() {
        let refused = |folder| list(&tree(), folder, &DirectoryOptions::default()).unwrap_err();
        assert!(matches!(refused("apps/a.yaml"), DirectoryError::Tree(TreeError::NotDirectory { .. })));
        assert!(matches!(refused("nothing"), DirectoryError::Tree(TreeError::NotFound { .. })));
        assert!(matches!(refused("../x"), DirectoryError::Tree(TreeError::EscapesRoot { .. })));
    }
}
