//! A tree in memory, for tests and for programs that hold their files elsewhere.

use gitops_core::tree::{FileKind, Metadata, Tree, TreeError, parent, parts};
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

/// A tree of files in memory.
///
/// Folders come and go with what is put into them. Paths that are put in are read as a file system would read
/// them from its root: `./a//b` is `a/b`, `..` at the root stays there. What is put in replaces what stood there;
/// a file or a link on the way becomes a folder.
///
/// ```
/// use gitops_core::tree::Tree;
/// use gitops_render::tree::MemoryTree;
/// let tree = MemoryTree::new().with_file("a/b.yaml", "x: 1").with_executable("run.sh", "").with_folder("empty");
/// assert_eq!(tree.list("").unwrap(), ["a", "empty", "run.sh"]);
/// assert_eq!(&*tree.read("a/b.yaml", 100).unwrap(), b"x: 1");
/// ```
#[derive(Clone, Debug)]
pub struct MemoryTree {
    nodes: HashMap<String, Node>,
}

#[derive(Clone, Debug)]
enum Node {
    File { bytes: Arc<[u8]>, executable: bool },
    Link(String),
    Folder(BTreeSet<String>),
}

impl MemoryTree {
    /// An empty tree.
    #[must_use]
    pub fn new() -> Self {
        Self { nodes: HashMap::from([(String::new(), Node::Folder(BTreeSet::new()))]) }
    }

    /// The tree with a file.
    #[must_use]
    pub fn with_file(mut self, path: &str, bytes: impl AsRef<[u8]>) -> Self {
        self.insert_file(path, bytes.as_ref(), false);
        self
    }

    /// The tree with a file that may be executed.
    #[must_use]
    pub fn with_executable(mut self, path: &str, bytes: impl AsRef<[u8]>) -> Self {
        self.insert_file(path, bytes.as_ref(), true);
        self
    }

    /// The tree with a symbolic link; the target is relative to the link's folder, or absolute.
    #[must_use]
    pub fn with_link(mut self, path: &str, target: impl Into<String>) -> Self {
        self.insert_link(path, target);
        self
    }

    /// The tree with a folder; what stands in it already, stays.
    #[must_use]
    pub fn with_folder(mut self, path: &str) -> Self {
        self.insert_folder(path);
        self
    }

    /// Puts a file in.
    pub fn insert_file(&mut self, path: &str, bytes: impl Into<Arc<[u8]>>, executable: bool) {
        self.insert(path, Node::File { bytes: bytes.into(), executable });
    }

    /// Puts a symbolic link in.
    pub fn insert_link(&mut self, path: &str, target: impl Into<String>) {
        self.insert(path, Node::Link(target.into()));
    }

    /// Makes a folder, unless there is one.
    pub fn insert_folder(&mut self, path: &str) {
        let path = clean(path);
        self.make_folder(&path);
    }

    /// Takes out what stands at the path, with everything below. The root stays.
    pub fn remove(&mut self, path: &str) {
        let path = clean(path);
        if self.nodes.contains_key(&path) {
            if let Some(Node::Folder(names)) = self.nodes.get_mut(parent(&path)) {
                names.remove(file_name(&path));
            }
            self.clear(&path);
        }
    }

    fn insert(&mut self, path: &str, node: Node) {
        let path = clean(path);
        // The root is a folder, whatever is put there.
        if path.is_empty() {
            return;
        }
        self.clear(&path);
        self.make_folder(parent(&path));
        self.add_name(&path);
        self.nodes.insert(path, node);
    }

    fn make_folder(&mut self, path: &str) {
        let ends = path.match_indices('/').map(|(end, _)| end).chain([path.len()]);
        for folder in ends.map(|end| path.split_at(end).0).filter(|folder| !folder.is_empty()) {
            if !matches!(self.nodes.get(folder), Some(Node::Folder(_))) {
                self.nodes.insert(folder.to_owned(), Node::Folder(BTreeSet::new()));
                self.add_name(folder);
            }
        }
    }

    fn add_name(&mut self, path: &str) {
        if let Some(Node::Folder(names)) = self.nodes.get_mut(parent(path)) {
            names.insert(file_name(path).to_owned());
        }
    }

    /// Forgets a node and all below; the root is emptied.
    fn clear(&mut self, path: &str) {
        let mut pending = vec![path.to_owned()];
        while let Some(path) = pending.pop() {
            if let Some(Node::Folder(names)) = self.nodes.remove(&path) {
                pending.extend(names.into_iter().map(|name| child(&path, &name)));
            }
        }
        self.nodes.entry(String::new()).or_insert_with(|| Node::Folder(BTreeSet::new()));
    }

    fn node(&self, path: &str) -> Result<&Node, TreeError> {
        let _ = parts(path)?;
        if let Some(node) = self.nodes.get(path) {
            return Ok(node);
        }
        let mut above = parent(path);
        while !self.nodes.contains_key(above) {
            above = parent(above);
        }
        Err(match self.nodes.get(above) {
            Some(Node::Folder(_)) => TreeError::NotFound { path: path.to_owned() },
            _ => TreeError::NotDirectory { path: path.to_owned() },
        })
    }
}

impl Default for MemoryTree {
    fn default() -> Self {
        Self::new()
    }
}

impl<P: AsRef<str>, B: AsRef<[u8]>> FromIterator<(P, B)> for MemoryTree {
    fn from_iter<I: IntoIterator<Item = (P, B)>>(files: I) -> Self {
        let mut tree = Self::new();
        tree.extend(files);
        tree
    }
}

impl<P: AsRef<str>, B: AsRef<[u8]>> Extend<(P, B)> for MemoryTree {
    fn extend<I: IntoIterator<Item = (P, B)>>(&mut self, files: I) {
        for (path, bytes) in files {
            self.insert_file(path.as_ref(), bytes.as_ref(), false);
        }
    }
}

impl Tree for MemoryTree {
    fn metadata(&self, path: &str) -> Result<Metadata, TreeError> {
        let (kind, len, executable, target) = match self.node(path)? {
            Node::File { bytes, executable } => (FileKind::File, bytes.len() as u64, *executable, None),
            Node::Link(target) => (FileKind::Link, 0, false, Some(target.clone())),
            Node::Folder(_) => (FileKind::Directory, 0, false, None),
        };
        Ok(Metadata { kind, len, executable, target })
    }

    fn read(&self, path: &str, limit: u64) -> Result<Arc<[u8]>, TreeError> {
        let path = path.to_owned();
        match self.node(&path)? {
            Node::File { bytes, .. } if bytes.len() as u64 > limit => {
                Err(TreeError::TooLarge { path, len: bytes.len() as u64, limit })
            }
            Node::File { bytes, .. } => Ok(Arc::clone(bytes)),
            Node::Link(_) => Err(TreeError::IsLink { path }),
            Node::Folder(_) => Err(TreeError::IsDirectory { path }),
        }
    }

    fn list(&self, path: &str) -> Result<Vec<String>, TreeError> {
        let path = path.to_owned();
        match self.node(&path)? {
            Node::Folder(names) => Ok(names.iter().cloned().collect()),
            Node::Link(_) => Err(TreeError::IsLink { path }),
            Node::File { .. } => Err(TreeError::NotDirectory { path }),
        }
    }
}

fn file_name(path: &str) -> &str {
    path.rsplit_once('/').map_or(path, |(_, name)| name)
}

fn child(folder: &str, name: &str) -> String {
    if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") }
}

fn clean(path: &str) -> String {
    let mut kept: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                kept.pop();
            }
            part => kept.push(part),
        }
    }
    kept.join("/")
}
