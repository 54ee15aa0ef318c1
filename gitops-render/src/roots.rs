//! Roots: the kustomizations below a folder that stand for something deployed, and rendering them all.
//!
//! ```
//! use gitops_render::{MemoryTree, Session};
//! let session = Session::new(MemoryTree::from_iter([
//!     ("base/kustomization.yaml", "resources: [account.yaml]\n"),
//!     ("base/account.yaml", "apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: a}\n"),
//!     ("prod/kustomization.yaml", "resources: [../base]\nnamePrefix: prod-\n"),
//!     ("test/kustomization.yaml", "resources: [../base]\nnamePrefix: test-\n"),
//! ]));
//! let roots = session.roots("");
//! assert_eq!(roots.paths, ["prod", "test"]);
//! for (path, rendered) in session.render_all(&roots.paths) {
//!     assert_eq!(rendered.unwrap().objects[0].key().name, format!("{path}-a"));
//! }
//! ```
//!
//! 1. A root is a kustomization that no other one below the folder names in `resources`, `bases`, `components`,
//!    `generators`, `transformers` or `validators`. What others elsewhere name does not count.
//! 2. Where kustomizations name each other in a circle that no root leads into, the first of the circle by path is a
//!    root, so that rendering it reports the circle.
//! 3. A component is never a root.
//! 4. Folders named `.git` are not entered, nor are links to folders.
//! 5. A kustomization file that can't be read or parsed names nothing; rendering it says what is wrong.

use crate::kustomize::error::{Error, code};
use crate::kustomize::load::is_remote;
use crate::kustomize::target::FILE_NAMES;
use crate::reads::Read;
use crate::rendered::{Failure, Rendered};
use crate::session::{Session, is_folder, resolve};
use gitops_core::diagnostic::Diagnostic;
use gitops_core::tree::{FileKind, TreeError, join};
use gitops_core::value::Value;
use std::collections::HashMap;

/// Fields of a kustomization whose entries may be folders with kustomizations.
const REFERRING_FIELDS: [&str; 6] =
    ["resources", "bases", "components", "generators", "transformers", "validators"];

/// Kustomizations found below a folder.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Roots {
    /// Their folders in the tree, sorted by path.
    pub paths: Vec<String>,
    /// Errors about folders that could not be looked into.
    pub diagnostics: Vec<Diagnostic>,
    /// Everything that the result depends on in the tree. Sorted, each once.
    pub reads: Vec<Read>,
}

/// A kustomization file, as far as finding roots goes.
#[derive(Debug, Default)]
struct Kustomization {
    folder: String,
    is_component: bool,
    /// Entries that may name folders, as written.
    entries: Vec<String>,
}

impl Session {
    /// The kustomizations at and below a folder that no other one there refers to; see the
    /// [module](crate::roots) for the rules.
    ///
    /// Costs one listing for each folder, one look at each name in it, and one parse of each kustomization file; what
    /// is read here is not read again for rendering.
    #[must_use]
    pub fn roots(&self, path: &str) -> Roots {
        let (found, mut roots) = self.survey(path);
        let references = self.references(&found);
        roots.paths =
            unreferred(&found, &references).into_iter().map(|at| found[at].folder.clone()).collect();
        roots
    }

    /// Every kustomization at and below a folder, referred to or not, without components. Costs as
    /// [`Session::roots`].
    #[must_use]
    pub fn kustomizations(&self, path: &str) -> Roots {
        let (found, mut roots) = self.survey(path);
        let wanted = found.into_iter().filter(|kustomization| !kustomization.is_component);
        roots.paths = wanted.map(|kustomization| kustomization.folder).collect();
        roots
    }

    /// Renders each path as [`Session::render`] does, and gives the results sorted by path, each path once.
    ///
    /// With the feature `parallel` the work is shared between the threads of rayon's current pool; the results are
    /// the same on any number of them. A single path never touches the pool. Files are checked for change once, at
    /// the end; all results are failures if one changed.
    pub fn render_all(&self, paths: &[impl AsRef<str>]) -> Vec<(String, Result<Rendered, Failure>)> {
        self.render_each(paths, |_, rendered| rendered)
    }

    /// [`Session::render_all`] with something made of each result at once, on the thread that rendered it: printed
    /// bytes, for example, so that objects need not all be held at the same time.
    pub fn render_each<T: Send>(
        &self,
        paths: &[impl AsRef<str>],
        finish: impl Fn(&str, Rendered) -> T + Sync,
    ) -> Vec<(String, Result<T, Failure>)> {
        let mut paths: Vec<String> = paths.iter().map(|path| path.as_ref().to_owned()).collect();
        paths.sort_unstable();
        paths.dedup();
        let work = |path: String| {
            let result = self.render_at(&path).map(|rendered| finish(&path, rendered));
            (path, result)
        };
        let results = for_each(paths, work);
        let Err(error) = self.unchanged() else { return results };
        let failed = |result: Result<T, Failure>| result.err();
        let changed = || self.failure(error.clone(), Vec::new(), Vec::new());
        results
            .into_iter()
            .map(|(path, result)| (path, Err(failed(result).unwrap_or_else(changed))))
            .collect()
    }

    /// All kustomizations at and below a folder, sorted by path.
    fn survey(&self, path: &str) -> (Vec<Kustomization>, Roots) {
        let mut found = Vec::new();
        let mut roots = Roots::default();
        let start = join("", path).and_then(|path| resolve(self, &path)).and_then(|path| {
            let is_folder = is_folder(self, &path)?;
            if is_folder { Ok(path) } else { Err(TreeError::NotDirectory { path }) }
        });
        let mut pending = match start {
            Ok(path) => vec![path],
            Err(error) => {
                roots.reads.push(Read::Missing(path.to_owned()));
                roots.diagnostics.push(self.unreadable(path, &error));
                Vec::new()
            }
        };
        while let Some(folder) = pending.pop() {
            roots.reads.push(Read::Listing(folder.clone()));
            match self.tree.list(&folder) {
                Ok(names) => self.survey_folder(folder, &names, &mut pending, &mut found, &mut roots.reads),
                Err(error) => roots.diagnostics.push(self.unreadable(&folder, &error)),
            }
        }
        found.sort_unstable_by(|a, b| a.folder.cmp(&b.folder));
        roots.reads.sort_unstable();
        roots.diagnostics.sort_unstable();
        (found, roots)
    }

    fn survey_folder(
        &self,
        folder: String,
        names: &[String],
        pending: &mut Vec<String>,
        found: &mut Vec<Kustomization>,
        reads: &mut Vec<Read>,
    ) {
        let mut kustomization: Option<Kustomization> = None;
        for name in names.iter().filter(|name| *name != ".git") {
            let path = if folder.is_empty() { name.clone() } else { format!("{folder}/{name}") };
            let is_folder = self.metadata(&path).is_ok_and(|metadata| metadata.kind == FileKind::Directory);
            if is_folder {
                pending.push(path);
            } else if FILE_NAMES.contains(&name.as_str())
                && let Ok(file) = resolve(self, &path)
                && is_file(self, &file)
            {
                self.look_into(&file, kustomization.get_or_insert_default());
                reads.push(Read::File(file));
            }
        }
        if let Some(kustomization) = kustomization {
            // Rendering will look for all of them.
            for name in FILE_NAMES.iter().filter(|name| !names.iter().any(|known| known == *name)) {
                self.note_missing(if folder.is_empty() {
                    (*name).to_owned()
                } else {
                    format!("{folder}/{name}")
                });
            }
            found.push(Kustomization { folder, ..kustomization });
        }
    }

    /// Adds what a kustomization file says of itself and others.
    fn look_into(&self, file: &str, kustomization: &mut Kustomization) {
        let Ok(file) = self.file(file) else { return };
        let Ok(document) = self.parse_config(&file.bytes, file.source) else { return };
        kustomization.is_component |= document.kind() == Some("Component");
        let lists = REFERRING_FIELDS.iter().filter_map(|field| document.get(field)?.as_seq());
        let texts = lists.flatten().filter_map(Value::as_text);
        let may_be_folders = texts.filter(|text| !text.contains('\n') && !is_remote(text));
        kustomization.entries.extend(may_be_folders.map(str::to_owned));
    }

    /// For each kustomization, the positions of those that it refers to.
    fn references(&self, found: &[Kustomization]) -> Vec<Vec<usize>> {
        let positions: HashMap<&str, usize> =
            found.iter().enumerate().map(|(at, kustomization)| (kustomization.folder.as_str(), at)).collect();
        let target = |folder: &str, entry: &String| {
            let path = join(folder, entry).ok()?;
            let position = positions.get(path.as_str());
            position.or_else(|| positions.get(resolve(self, &path).ok()?.as_str())).copied()
        };
        let targets = |kustomization: &Kustomization| {
            kustomization.entries.iter().filter_map(|entry| target(&kustomization.folder, entry)).collect()
        };
        found.iter().map(targets).collect()
    }

    fn unreadable(&self, path: &str, error: &TreeError) -> Diagnostic {
        let code = if matches!(error, TreeError::NotFound { .. }) { code::NOT_FOUND } else { code::FILE };
        self.diagnose(&Error::new(code, error.to_string()).in_file(path))
    }
}

/// Whether a resolved path is a file.
fn is_file(session: &Session, path: &str) -> bool {
    session.metadata(path).is_ok_and(|metadata| metadata.kind == FileKind::File)
}

/// Positions of the roots, in order. Costs one visit of each kustomization and each reference.
fn unreferred(found: &[Kustomization], references: &[Vec<usize>]) -> Vec<usize> {
    let mut referred = vec![false; found.len()];
    for (at, targets) in references.iter().enumerate() {
        for target in targets.iter().filter(|target| **target != at) {
            referred[*target] = true;
        }
    }
    let mut reached = vec![false; found.len()];
    let mut reach = |start: usize| {
        let mut pending = vec![start];
        let was_reached = reached[start];
        while let Some(at) = pending.pop() {
            if !std::mem::replace(&mut reached[at], true) {
                pending.extend(references[at].iter().copied());
            }
        }
        was_reached
    };
    let mut roots: Vec<usize> = (0..found.len()).filter(|at| !referred[*at]).collect();
    for root in &roots {
        reach(*root);
    }
    // What is left are circles, and what hangs on them.
    let circles = (0..found.len()).filter(|at| !found[*at].is_component).filter(|at| !reach(*at));
    roots.extend(circles);
    roots.retain(|at| !found[*at].is_component);
    roots.sort_unstable();
    roots
}

#[cfg(feature = "parallel")]
fn for_each<T: Send>(paths: Vec<String>, work: impl Fn(String) -> T + Sync + Send) -> Vec<T> {
    use rayon::iter::{IntoParallelIterator, ParallelIterator};
    if paths.len() < 2 {
        return paths.into_iter().map(work).collect();
    }
    paths.into_par_iter().map(work).collect()
}

#[cfg(not(feature = "parallel"))]
fn for_each<T>(paths: Vec<String>, work: impl Fn(String) -> T) -> Vec<T> {
    paths.into_iter().map(work).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tree::MemoryTree;

    fn session(files: &[(&str, &str)]) -> Session {
        let path = |folder: &str| join(folder, "kustomization.yaml").unwrap();
        Session::new(files.iter().map(|(folder, text)| (path(folder), *text)).collect::<MemoryTree>())
    }

    #[test]
    fn roots_are_what_nothing_refers_to() {
        let base = ("base", "resources: []");
        for (files, from, roots, all) in [
            (&[base, ("b", "resources: [../base]"), ("a", "bases: [../base/]")][..], "", "a b", "a b base"),
            (&[base, ("a", "components: [../c]"), ("c", "kind: Component")], "", "a base", "a base"),
            (&[("c", "kind: Component\nresources: [../base]"), base], "", "", "base"),
            // Referred to from elsewhere only.
            (&[("x/base", ""), ("y", "resources: [../x/base]")], "x", "x/base", "x/base"),
            (&[("", "resources: [a, b.yaml]"), ("a", "")], "", "", " a"),
            (&[("a", "resources: [../b]"), ("b", "resources: [../a]")], "", "a", "a b"),
            (&[("a", "resources: [.]")], "", "a", "a"),
            (&[("a", "transformers: [../t, '{a: \n b}']"), ("t", "")], "", "a", "a t"),
            (&[("a", "resources: [https://x/y.git?ref=z, ../../../up]"), ("b", ": [")], "", "a b", "a b"),
            (&[("a/.git/b", ""), ("a-b", ""), ("a/b", "")], "", "a-b a/b", "a-b a/b"),
        ] {
            let session = session(files);
            assert_eq!(session.roots(from).paths.join(" "), roots, "{files:?}");
            assert_eq!(session.kustomizations(from).paths.join(" "), all, "{files:?}");
        }
    }

    #[test]
    fn the_root_folder_is_a_root_too() {
        assert_eq!(session(&[("", "resources: [a]"), ("a", "")]).roots("").paths, [""]);
    }

    #[test]
    fn bases_behind_links_are_referred_to() {
        let tree = MemoryTree::from_iter([
            ("base/kustomization.yaml", ""),
            ("prod/kustomization.yaml", "resources: [link]"),
        ]);
        let session = Session::new(tree.with_link("prod/link", "../base").with_link("again", "prod"));
        assert_eq!(session.roots("").paths, ["prod"]);
    }

    #[test]
    fn what_is_no_folder_is_reported() {
        for path in ["nothing", "a/kustomization.yaml", "../x"] {
            let roots = session(&[("a", "")]).roots(path);
            assert_eq!((roots.paths.len(), roots.diagnostics.len()), (0, 1), "{path}");
        }
    }

    #[test]
    fn results_are_in_path_order_and_each_once() {
        let session = session(&[("a", "namePrefix: a-"), ("b", "namePrefix: b-")]);
        let results = session.render_all(&["b", "nothing", "a", "b"]);
        let shown: Vec<_> = results.iter().map(|(path, result)| (path.as_str(), result.is_ok())).collect();
        assert_eq!(shown, [("a", true), ("b", true), ("nothing", false)]);
    }

    #[test]
    fn a_change_while_rendering_fails_every_root() {
        #[derive(Debug)]
        struct Restless(MemoryTree);
        impl gitops_core::tree::Tree for Restless {
            fn metadata(&self, path: &str) -> Result<gitops_core::tree::Metadata, TreeError> {
                self.0.metadata(path)
            }
            fn read(&self, path: &str, limit: u64) -> Result<std::sync::Arc<[u8]>, TreeError> {
                self.0.read(path, limit)
            }
            fn list(&self, path: &str) -> Result<Vec<String>, TreeError> {
                self.0.list(path)
            }
            fn verify(&self) -> Result<(), TreeError> {
                Err(TreeError::Changed { path: "a".to_owned() })
            }
        }
        let tree = MemoryTree::from_iter([("a/kustomization.yaml", "namePrefix: a-")]);
        let results = Session::new(Restless(tree)).render_all(&["a"]);
        assert!(results.iter().all(|(_, result)| {
            result.as_ref().is_err_and(|failure| failure.error.code() == code::CHANGED)
        }));
    }
}
