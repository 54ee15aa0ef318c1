//! What paths are read from: trees on disk and standard input.

use gitops::{MemoryTree, Options, Session, Workspace};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A tree, with the session over it.
#[derive(Debug)]
pub(crate) enum Ground {
    Disk(Workspace),
    Input(Session),
}

impl Ground {
    /// A ground for texts that no file holds.
    pub(crate) fn input(options: Options) -> Self {
        Self::Input(Session::with_options(Arc::new(MemoryTree::new()), options))
    }

    pub(crate) fn session(&self) -> &Session {
        match self {
            Self::Disk(workspace) => workspace.session(),
            Self::Input(session) => session,
        }
    }

    /// A file of the tree as a person in the folder `here` would write it.
    pub(crate) fn shown(&self, file: &str, here: Option<&Path>) -> String {
        match self {
            Self::Input(_) => file.to_owned(),
            Self::Disk(workspace) => shown(workspace.root(), file, here),
        }
    }
}

/// The folder that paths are shown relative to, without links.
pub(crate) fn here() -> Option<PathBuf> {
    std::env::current_dir().and_then(std::fs::canonicalize).ok()
}

fn shown(root: &Path, file: &str, here: Option<&Path>) -> String {
    let absolute = if file.is_empty() || file == "." { root.to_owned() } else { root.join(file) };
    let Some(here) = here else { return absolute.display().to_string() };
    if let Ok(below) = absolute.strip_prefix(here) {
        let below = below.display().to_string();
        return if below.is_empty() { ".".to_owned() } else { below };
    }
    // Within the same tree a way up is short; elsewhere the absolute path says more.
    let Ok(depth) = here.strip_prefix(root).map(|below| below.components().count()) else {
        return absolute.display().to_string();
    };
    let shared = absolute.ancestors().find(|above| here.starts_with(above)).unwrap_or(root);
    let above_shared = shared.strip_prefix(root).map_or(0, |below| below.components().count());
    let mut path = PathBuf::new();
    path.extend(std::iter::repeat_n("..", depth - above_shared));
    path.extend(absolute.strip_prefix(shared).into_iter().flat_map(Path::components));
    path.display().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(unix)]
    #[test]
    fn paths_are_shown_from_here() {
        for (root, file, here, expected) in [
            ("/r", "a/b.yaml", "/r", "a/b.yaml"),
            ("/r", "a/b.yaml", "/r/a", "b.yaml"),
            ("/r", "a/b.yaml", "/r/c/d", "../../a/b.yaml"),
            ("/r", "a/b/c.yaml", "/r/a/x", "../b/c.yaml"),
            ("/r", "a/b.yaml", "/", "r/a/b.yaml"),
            ("/r", "a/b.yaml", "/elsewhere", "/r/a/b.yaml"),
            ("/r", ".", "/r", "."),
            ("/r", "", "/r/a", ".."),
        ] {
            assert_eq!(shown(Path::new(root), file, Some(Path::new(here))), expected, "{file} from {here}");
        }
    }
}
