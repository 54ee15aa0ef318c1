#![cfg(unix)]

use super::*;
use gitops_core::tree::{FileKind, Tree, TreeError, join, parts, resolve};
use proptest::prelude::*;
use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;
use tempfile::TempDir;

/// The same files on disk.
fn write_out(tree: &MemoryTree, root: &Path) {
    let mut pending = vec![String::new()];
    while let Some(folder) = pending.pop() {
        for name in tree.list(&folder).unwrap() {
            let path = join(&folder, &name).unwrap();
            let full = root.join(&path);
            let metadata = tree.metadata(&path).unwrap();
            match metadata.kind {
                FileKind::Directory => {
                    fs::create_dir(full).unwrap();
                    pending.push(path);
                }
                FileKind::Link => symlink(metadata.target.unwrap(), full).unwrap(),
                FileKind::File => {
                    fs::write(&full, tree.read(&path, u64::MAX).unwrap()).unwrap();
                    let mode = if metadata.executable { 0o755 } else { 0o644 };
                    fs::set_permissions(&full, fs::Permissions::from_mode(mode)).unwrap();
                }
            }
        }
    }
}

fn on_disk(tree: &MemoryTree) -> (TempDir, DirectoryTree) {
    let folder = tempfile::tempdir().unwrap();
    write_out(tree, folder.path());
    let tree = DirectoryTree::new(folder.path()).unwrap();
    (folder, tree)
}

/// Everything that a tree says about a path.
fn answers(tree: &dyn Tree, path: &str) -> impl PartialEq + std::fmt::Debug + use<> {
    (tree.metadata(path), tree.read(path, 3), tree.list(path), resolve(tree, path))
}

#[test]
fn errors_tell_what_is_wrong() {
    let memory = MemoryTree::from_iter([("a/file", "1234")])
        .with_folder("empty")
        .with_executable("run", "x")
        .with_link("a/link", "../empty")
        .with_link("loop", "loop")
        .with_link("out", "../etc");
    let (_folder, disk) = on_disk(&memory);
    let own = |path: &str| path.to_owned();
    for tree in [&memory as &dyn Tree, &disk] {
        for (path, error) in [
            ("a", TreeError::IsDirectory { path: own("a") }),
            ("", TreeError::IsDirectory { path: own("") }),
            ("b", TreeError::NotFound { path: own("b") }),
            ("b/c", TreeError::NotFound { path: own("b/c") }),
            ("a/file", TreeError::TooLarge { path: own("a/file"), len: 4, limit: 3 }),
            ("a/file/x", TreeError::NotDirectory { path: own("a/file/x") }),
            ("a/link", TreeError::IsLink { path: own("a/link") }),
            ("a/link/x/y", TreeError::NotDirectory { path: own("a/link/x/y") }),
            ("a/../run", TreeError::EscapesRoot { path: own("a/../run") }),
            ("/etc/passwd", TreeError::EscapesRoot { path: own("/etc/passwd") }),
            ("a//file", TreeError::NotFound { path: own("a//file") }),
            ("a/\0", TreeError::NotFound { path: own("a/\0") }),
        ] {
            assert_eq!(tree.read(path, 3), Err(error), "{path}");
        }
        assert_eq!(tree.read("run", 3).as_deref(), Ok(&b"x"[..]));
        assert!(tree.metadata("run").unwrap().executable && !tree.metadata("a/file").unwrap().executable);
        assert_eq!(tree.list(""), Ok(["a", "empty", "loop", "out", "run"].map(own).into()));
        assert_eq!(tree.list("a/file"), Err(TreeError::NotDirectory { path: own("a/file") }));
        assert_eq!(tree.list("a/link"), Err(TreeError::IsLink { path: own("a/link") }));
        assert_eq!(resolve(tree, "a/link"), Ok(own("empty")));
        assert_eq!(resolve(tree, "loop"), Err(TreeError::LinkLoop { path: own("loop") }));
        assert_eq!(resolve(tree, "out"), Err(TreeError::EscapesRoot { path: own("out") }));
    }
}

#[test]
fn putting_in_and_taking_out() {
    let mut tree = MemoryTree::from_iter([("./a//b", "1"), ("../c/../d", "2"), ("a/b/e", "3"), ("", "4")]);
    assert_eq!(tree.list("").unwrap(), ["a", "d"]);
    assert_eq!(tree.metadata("a/b").unwrap().kind, FileKind::Directory);
    tree.insert_file("a", *b"5", false);
    assert!(tree.metadata("a/b/e").is_err());
    tree.remove("a");
    tree.remove("nothing/here");
    assert_eq!(tree.list("").unwrap(), ["d"]);
    tree.remove("");
    assert_eq!(tree.list("").unwrap(), [""; 0]);
    tree.insert_folder("x/y");
    tree.insert_folder("x");
    assert_eq!(tree.list("x").unwrap(), ["y"]);
}

#[test]
fn absolute_targets_within_the_root_become_relative() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().join("root");
    fs::create_dir_all(root.join("a/b")).unwrap();
    fs::write(root.join("x"), "x").unwrap();
    symlink(&root, folder.path().join("alias")).unwrap();
    symlink(root.join("x"), root.join("a/b/direct")).unwrap();
    symlink(folder.path().join("alias/x"), root.join("a/b/aliased")).unwrap();
    symlink(root.join("../outside"), root.join("a/b/sly")).unwrap();
    symlink(&root, root.join("a/b/root")).unwrap();
    symlink("/etc", root.join("a/b/etc")).unwrap();
    let tree = DirectoryTree::new(folder.path().join("alias")).unwrap();
    assert_eq!(tree.root(), fs::canonicalize(root).unwrap());
    for (path, expected) in [
        ("a/b/direct", Some("x")),
        ("a/b/aliased", Some("x")),
        ("a/b/root", Some("")),
        ("a/b/root/x", Some("x")),
        ("a/b/sly", None),
        ("a/b/etc", None),
    ] {
        assert_eq!(resolve(&tree, path).ok().as_deref(), expected, "{path}");
    }
    assert_eq!(tree.metadata("a/b/etc").unwrap().target.as_deref(), Some("/etc"));
}

#[test]
fn a_file_that_changes_is_reported() {
    let changed = |path: &str| Err(TreeError::Changed { path: path.to_owned() });
    let memory = MemoryTree::from_iter([("a/x", "1"), ("a/y", "2"), ("b", "3")]);
    let (folder, tree) = on_disk(&memory);
    for path in ["a/y", "a/x"] {
        tree.read(path, 100).unwrap();
    }
    fs::write(folder.path().join("b"), "never read").unwrap();
    assert_eq!(tree.verify(), Ok(()));
    fs::write(folder.path().join("a/x"), "longer").unwrap();
    assert_eq!(tree.verify(), changed("a/x"));
    assert_eq!(tree.read("a/x", 100).map(|_| ()), changed("a/x"));

    // The same length and time, but another file.
    let (folder, tree) = on_disk(&memory);
    let path = folder.path().join("b");
    tree.read("b", 100).unwrap();
    let modified = fs::metadata(&path).unwrap().modified().unwrap();
    let other = folder.path().join("other");
    fs::write(&other, "4").unwrap();
    fs::File::options().write(true).open(&other).unwrap().set_modified(modified).unwrap();
    fs::rename(&other, &path).unwrap();
    assert_eq!(tree.verify(), changed("b"));
    fs::remove_file(&path).unwrap();
    assert_eq!(tree.verify(), changed("b"));
}

#[test]
fn a_root_must_be_a_folder() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("file"), "").unwrap();
    assert!(matches!(DirectoryTree::new(folder.path().join("file")), Err(TreeError::NotDirectory { .. })));
    assert!(matches!(DirectoryTree::new(folder.path().join("none")), Err(TreeError::NotFound { .. })));
}

#[test]
#[cfg(target_os = "linux")]
fn names_and_targets_that_are_not_utf8_are_refused() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;
    let (folder, tree) = on_disk(&MemoryTree::new().with_folder("a"));
    let name = OsStr::from_bytes(b"\xff");
    symlink(name, folder.path().join("link")).unwrap();
    fs::write(folder.path().join("a").join(name), "").unwrap();
    assert_eq!(tree.list("a"), Err(TreeError::NotUtf8 { path: "a/\u{fffd}".to_owned() }));
    assert_eq!(tree.metadata("link"), Err(TreeError::NotUtf8 { path: "link".to_owned() }));
}

#[test]
fn a_pipe_is_not_opened() {
    let (folder, tree) = on_disk(&MemoryTree::new());
    let made = std::os::unix::net::UnixListener::bind(folder.path().join("socket"));
    assert!(made.is_ok());
    for error in [tree.metadata("socket").err(), tree.read("socket", 9).err()] {
        assert!(matches!(error, Some(TreeError::Io { .. })));
    }
}

#[test]
fn the_work_tree_of_git_is_found_upward() {
    let folder = tempfile::tempdir().unwrap();
    let root = fs::canonicalize(folder.path()).unwrap();
    let found = |path: &str| enclosing_git_root(root.join(path)).filter(|found| found.starts_with(&root));
    fs::create_dir_all(root.join("repository/module/sub")).unwrap();
    fs::create_dir_all(root.join("repository/.git")).unwrap();
    assert_eq!(found("repository/module"), None, "an empty folder is no repository");
    fs::write(root.join("repository/.git/HEAD"), "ref: refs/heads/main\n").unwrap();
    assert_eq!(found("repository/module/sub"), Some(root.join("repository")));
    fs::write(root.join("repository/module/.git"), "something").unwrap();
    assert_eq!(found("repository/module/sub"), Some(root.join("repository")));
    fs::write(root.join("repository/module/.git"), "gitdir: ../.git/modules/module\n").unwrap();
    assert_eq!(found("repository/module/sub"), Some(root.join("repository/module")));
    assert_eq!(found("nowhere"), None);
}

#[derive(Clone, Debug)]
enum Put {
    File(String),
    Executable(String),
    Link(String),
    Folder,
}

fn any_tree() -> impl Strategy<Value = MemoryTree> {
    let put = prop_oneof![
        3 => "[xyz]{0,5}".prop_map(Put::File),
        1 => "[xyz]{0,5}".prop_map(Put::Executable),
        3 => "(\\.\\./){0,2}[a-c](/[a-c.]){0,2}".prop_map(Put::Link),
        1 => Just(Put::Folder),
    ];
    proptest::collection::vec(("[a-c](/[a-c]){0,3}", put), 0..12).prop_map(|puts| {
        puts.into_iter().fold(MemoryTree::new(), |tree, (path, put)| match put {
            Put::File(text) => tree.with_file(&path, text),
            Put::Executable(text) => tree.with_executable(&path, text),
            Put::Link(target) => tree.with_link(&path, target),
            Put::Folder => tree.with_folder(&path),
        })
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn memory_and_disk_agree(
        tree in any_tree(),
        paths in proptest::collection::vec("([a-d]|\\.\\.|\\.|)(/([a-d]|\\.\\.|\\.|)){0,4}", 20),
    ) {
        let (_folder, disk) = on_disk(&tree);
        for path in &paths {
            prop_assert_eq!(answers(&tree, path), answers(&disk, path), "{}", path);
            for tree in [&tree as &dyn Tree, &disk] {
                if let Ok(resolved) = resolve(tree, path) {
                    prop_assert!(parts(&resolved).is_ok(), "{}", resolved);
                    prop_assert!(tree.metadata(&resolved).is_ok_and(|found| found.kind != FileKind::Link));
                }
            }
        }
    }
}
