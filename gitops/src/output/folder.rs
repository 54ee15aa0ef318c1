//! A folder of rendered manifests.

use super::listing::{self, Digests, LISTING};
use super::{Error, file};
use gitops_core::tree::parts;
use std::collections::HashSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

/// What became of a file.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Change {
    /// It was new or different.
    Written,
    /// It was there with this content and has not been touched.
    Unchanged,
}

/// What became of a listed file that is not wanted any more.
#[derive(Clone, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub enum Pruned {
    /// It was as written, and is gone.
    Removed(String),
    /// It is not as written, and stays.
    Kept(String),
}

/// A folder that rendered manifests are written to; see the [module](crate::output).
///
/// Names are paths below the folder with `/`. Files may be written from several threads; nothing is on the list before
/// [`Folder::finish`]. No folder below this one may be a link: a repository from a stranger could hold one that leads
/// out of it.
#[derive(Debug)]
pub struct Folder {
    path: PathBuf,
    /// The list as it stands in the folder.
    before: Digests,
    /// The list without what was pruned.
    listed: Digests,
    written: Mutex<Digests>,
    folders: Mutex<HashSet<PathBuf>>,
}

impl Folder {
    /// Opens a folder, made where it is missing, and reads its list.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, Error> {
        let path = path.as_ref().to_owned();
        fs::create_dir_all(&path).map_err(Error::io("create", &path))?;
        let listed = listing::read(&path)?;
        Ok(Self {
            path,
            before: listed.clone(),
            listed,
            written: Mutex::default(),
            folders: Mutex::default(),
        })
    }

    /// Writes one file unless it has this content already. Costs reading it.
    pub fn write(&self, name: &str, bytes: &[u8]) -> Result<Change, Error> {
        let path = self.file(name)?;
        self.make_folder(&path)?;
        let replace = |old: Option<&fs::Metadata>| {
            file::replace(&path, bytes, old).map_err(Error::io("write", &path))?;
            Ok(Change::Written)
        };
        let change = match self.look(&path)? {
            Some(Found::File { content, .. }) if content == bytes => Change::Unchanged,
            Some(Found::File { metadata, .. }) => replace(Some(&metadata))?,
            Some(Found::Other) | None => replace(None)?,
        };
        lock(&self.written).insert(name.to_owned(), listing::digest(bytes));
        Ok(change)
    }

    /// Removes the listed files that were neither written since the folder was opened nor are in `keep`, as far as
    /// their content is what was written, and the folders that become empty thereby. What is no longer there is taken
    /// off the list.
    pub fn prune(&mut self, keep: &HashSet<String>) -> Result<Vec<Pruned>, Error> {
        let written = lock(&self.written).clone();
        let unwanted = |name: &&String| !written.contains_key(*name) && !keep.contains(*name);
        let names: Vec<String> = self.listed.keys().filter(unwanted).cloned().collect();
        let mut pruned = Vec::new();
        for name in names {
            let path = self.file(&name)?;
            let unchanged = match self.look(&path)? {
                Some(Found::File { content, .. }) => {
                    self.listed.get(&name) == Some(&listing::digest(&content))
                }
                Some(Found::Other) => false,
                None => {
                    self.listed.remove(&name);
                    continue;
                }
            };
            if !unchanged {
                pruned.push(Pruned::Kept(name));
                continue;
            }
            fs::remove_file(&path).map_err(Error::io("remove", &path))?;
            self.remove_empty_folders(&path);
            self.listed.remove(&name);
            pruned.push(Pruned::Removed(name));
        }
        Ok(pruned)
    }

    /// Writes the list, unless it is as it was.
    pub fn finish(self) -> Result<(), Error> {
        let path = self.path.join(LISTING);
        let mut files = self.listed;
        files.extend(self.written.into_inner().unwrap_or_else(PoisonError::into_inner));
        if files == self.before {
            return Ok(());
        }
        let text = listing::text(files);
        let text = text.map_err(|error| Error::Listing { path: path.clone(), message: error.to_string() })?;
        file::replace(&path, &text, None).map_err(Error::io("write", &path))
    }

    fn file(&self, name: &str) -> Result<PathBuf, Error> {
        let is_name =
            !name.is_empty() && parts(name).is_ok() && !(cfg!(windows) && name.contains(['\\', ':']));
        if !is_name {
            return Err(Error::Name { name: name.to_owned(), folder: self.path.clone() });
        }
        Ok(self.path.join(name))
    }

    /// Folders from this one down to the one that holds `path`.
    fn folders_above<'p>(&self, path: &'p Path) -> Vec<&'p Path> {
        let mut above: Vec<&Path> =
            path.ancestors().skip(1).take_while(|folder| *folder != self.path).collect();
        above.reverse();
        above
    }

    fn make_folder(&self, path: &Path) -> Result<(), Error> {
        for folder in self.folders_above(path) {
            if lock(&self.folders).contains(folder) {
                continue;
            }
            match fs::create_dir(folder) {
                Ok(()) => {}
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                    let found = fs::symlink_metadata(folder).map_err(Error::io("create", folder))?;
                    if found.is_symlink() {
                        return Err(Error::Link { path: folder.to_owned() });
                    }
                    if !found.is_dir() {
                        return Err(Error::io("create", folder)(error));
                    }
                }
                Err(error) => return Err(Error::io("create", folder)(error)),
            }
            lock(&self.folders).insert(folder.to_owned());
        }
        Ok(())
    }

    /// What stands at a path; nothing where there is nothing, or a link on the way.
    fn look(&self, path: &Path) -> Result<Option<Found>, Error> {
        let folders = self.folders_above(path);
        let is_real = |folder: &&Path| fs::symlink_metadata(folder).is_ok_and(|found| found.is_dir());
        let known = folders.last().is_none_or(|folder| lock(&self.folders).contains(*folder));
        if !known && !folders.iter().all(is_real) {
            return Ok(None);
        }
        match fs::symlink_metadata(path) {
            Ok(metadata) if metadata.is_file() => {
                let content = fs::read(path).map_err(Error::io("read", path))?;
                Ok(Some(Found::File { content, metadata }))
            }
            Ok(_) => Ok(Some(Found::Other)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(Error::io("read", path)(error)),
        }
    }

    fn remove_empty_folders(&self, path: &Path) {
        for folder in self.folders_above(path).into_iter().rev() {
            // A folder that is not empty stays, whatever else is the matter with it.
            if fs::remove_dir(folder).is_err() {
                return;
            }
        }
    }
}

enum Found {
    File {
        content: Vec<u8>,
        metadata: fs::Metadata,
    },
    /// A folder, a link, a pipe.
    Other,
}

/// A poisoned lock only means that another thread panicked; the tables are valid at every step.
fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(folder: &Path) -> Vec<String> {
        let mut found = Vec::new();
        let mut pending = vec![folder.to_owned()];
        while let Some(path) = pending.pop() {
            for entry in fs::read_dir(path).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    pending.push(path);
                } else {
                    found.push(path.strip_prefix(folder).unwrap().to_str().unwrap().to_owned());
                }
            }
        }
        found.sort();
        found
    }

    fn write(folder: &Path, files: &[(&str, &str)]) {
        let output = Folder::open(folder).unwrap();
        for (name, text) in files {
            output.write(name, text.as_bytes()).unwrap();
        }
        output.finish().unwrap();
    }

    #[test]
    fn unchanged_files_are_not_touched() {
        let folder = tempfile::tempdir().unwrap();
        write(folder.path(), &[("a.yaml", "a"), ("x/b.yaml", "b")]);
        let stamps = || {
            ["a.yaml", "x/b.yaml", LISTING]
                .map(|name| fs::metadata(folder.path().join(name)).unwrap().modified().unwrap())
        };
        let before = stamps();
        write(folder.path(), &[("x/b.yaml", "b"), ("a.yaml", "a")]);
        assert_eq!(stamps(), before);
    }

    #[test]
    fn prune_removes_what_is_listed_and_as_written() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path();
        write(
            path,
            &[
                ("keep.yaml", "1"),
                ("x/y/gone.yaml", "1"),
                ("edited.yaml", "1"),
                ("failed.yaml", "1"),
                ("lost.yaml", "1"),
            ],
        );
        fs::write(path.join("own.yaml"), "1").unwrap();
        fs::write(path.join("edited.yaml"), "2").unwrap();
        fs::remove_file(path.join("lost.yaml")).unwrap();
        let mut output = Folder::open(path).unwrap();
        output.write("keep.yaml", b"1").unwrap();
        let pruned = output.prune(&HashSet::from(["failed.yaml".to_owned()])).unwrap();
        assert_eq!(
            pruned,
            [Pruned::Kept("edited.yaml".to_owned()), Pruned::Removed("x/y/gone.yaml".to_owned())]
        );
        output.finish().unwrap();
        assert_eq!(names(path), [LISTING, "edited.yaml", "failed.yaml", "keep.yaml", "own.yaml"]);
        assert!(!path.join("x").exists());
        let listed: Vec<_> = listing::read(path).unwrap().into_keys().collect();
        assert_eq!(listed, ["edited.yaml", "failed.yaml", "keep.yaml"]);
    }

    #[test]
    fn a_list_from_a_stranger_reaches_nothing_outside() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("out");
        write(&path, &[("a.yaml", "1")]);
        fs::write(folder.path().join("victim"), "1").unwrap();
        for name in ["../victim", "/victim", "", ".", "a/../../victim"] {
            let text = listing::text(Digests::from([(name.to_owned(), listing::digest(b"1"))])).unwrap();
            fs::write(path.join(LISTING), text).unwrap();
            let mut output = Folder::open(&path).unwrap();
            assert!(output.prune(&HashSet::new()).is_err(), "{name}");
            assert!(matches!(output.write(name, b"1"), Err(Error::Name { .. })), "{name}");
        }
        assert!(folder.path().join("victim").exists());
    }

    #[cfg(unix)]
    #[test]
    fn links_are_not_followed() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("out");
        fs::create_dir(folder.path().join("elsewhere")).unwrap();
        fs::write(folder.path().join("elsewhere/a.yaml"), "1").unwrap();
        write(&path, &[("x/a.yaml", "1"), ("y.yaml", "1")]);
        fs::remove_dir_all(path.join("x")).unwrap();
        std::os::unix::fs::symlink("../elsewhere", path.join("x")).unwrap();
        fs::remove_file(path.join("y.yaml")).unwrap();
        std::os::unix::fs::symlink("../elsewhere/a.yaml", path.join("y.yaml")).unwrap();
        let mut output = Folder::open(&path).unwrap();
        assert!(matches!(output.write("x/b.yaml", b"1"), Err(Error::Link { .. })));
        assert_eq!(output.write("y.yaml", b"2").unwrap(), Change::Written);
        assert_eq!(output.prune(&HashSet::new()).unwrap(), []);
        assert_eq!(fs::read(folder.path().join("elsewhere/a.yaml")).unwrap(), b"1");
    }

    #[test]
    fn a_list_that_is_none_is_an_error() {
        let folder = tempfile::tempdir().unwrap();
        for text in ["{", "{\"version\": 2, \"files\": {}}"] {
            fs::write(folder.path().join(LISTING), text).unwrap();
            let error = Folder::open(folder.path()).unwrap_err().to_string();
            assert!(error.contains(LISTING), "{error}");
        }
    }
}
