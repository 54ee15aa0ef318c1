use super::*;
use proptest::prelude::*;

/// Paths with what stands there: folders end in `/`, links are `name -> target`.
#[derive(Debug)]
struct Listing(Vec<&'static str>);

impl Listing {
    fn find(&self, path: &str) -> Option<Metadata> {
        let kind = |kind, target: Option<&str>| {
            Some(Metadata { kind, len: 0, executable: false, target: target.map(str::to_owned) })
        };
        self.0.iter().find_map(|entry| match entry.split_once(" -> ") {
            Some((name, target)) if name == path => kind(FileKind::Link, Some(target)),
            _ if *entry == path => kind(FileKind::File, None),
            _ if entry.strip_suffix('/') == Some(path) => kind(FileKind::Directory, None),
            _ => None,
        })
    }
}

impl Tree for Listing {
    fn metadata(&self, path: &str) -> Result<Metadata, TreeError> {
        for (cut, _) in path.match_indices('/') {
            if self.find(&path[..cut]).is_some_and(|above| above.kind != FileKind::Directory) {
                return Err(TreeError::NotDirectory { path: path.to_owned() });
            }
        }
        self.find(path).ok_or_else(|| TreeError::NotFound { path: path.to_owned() })
    }

    fn read(&self, path: &str, _: u64) -> Result<Arc<[u8]>, TreeError> {
        Err(TreeError::NotFound { path: path.to_owned() })
    }

    fn list(&self, path: &str) -> Result<Vec<String>, TreeError> {
        Err(TreeError::NotFound { path: path.to_owned() })
    }
}

fn tree() -> Listing {
    Listing(vec![
        "/",
        "base/",
        "base/app.yaml",
        "overlays/",
        "overlays/prod/",
        "overlays/prod/base -> ../../base",
        "overlays/prod/app.yaml -> base/app.yaml",
        "overlays/prod/out -> ../../../etc",
        "overlays/prod/etc -> /etc",
        "overlays/prod/deep -> base/../overlays/./prod//base",
        "overlays/prod/dangling -> nothing",
        "overlays/prod/empty -> ",
        "overlays/prod/through -> app.yaml/../app.yaml",
        "a -> b",
        "b -> a",
        "self -> self/x",
    ])
}

#[test]
fn joining() {
    for (folder, path, expected) in [
        ("", "", Some("")),
        ("", ".", Some("")),
        ("a/b", "", Some("a/b")),
        ("a/b", "c", Some("a/b/c")),
        ("a/b", "./c//d/.", Some("a/b/c/d")),
        ("a/b", "../..", Some("")),
        ("a/b", "../c/../d", Some("a/d")),
        ("a", "..a/...", Some("a/..a/...")),
        ("a/b", "../../..", None),
        ("a", "b/../../..", None),
        ("", "..", None),
        ("a", "/b", None),
    ] {
        assert_eq!(join(folder, path).ok().as_deref(), expected, "{folder} and {path}");
    }
}

#[test]
fn paths_of_trees() {
    for (path, expected) in [("", Ok(0)), ("a", Ok(1)), ("a/..b/c", Ok(3))] {
        assert_eq!(parts(path).map(Iterator::count), expected);
    }
    for path in ["/", "/a", "..", "a/../b"] {
        assert!(matches!(parts(path).err(), Some(TreeError::EscapesRoot { .. })), "{path}");
    }
    for path in [".", "a//b", "a/", "./a"] {
        assert!(matches!(parts(path).err(), Some(TreeError::NotFound { .. })), "{path}");
    }
}

#[test]
fn resolving() {
    use TreeError::{EscapesRoot, LinkLoop, NotDirectory, NotFound};
    let own = str::to_owned;
    let tree = tree();
    for (path, expected) in [
        ("", Ok(own(""))),
        ("base/app.yaml", Ok(own("base/app.yaml"))),
        ("overlays/../base", Ok(own("base"))),
        ("overlays/prod/base", Ok(own("base"))),
        ("overlays/prod/base/app.yaml", Ok(own("base/app.yaml"))),
        ("overlays/prod/base/..", Ok(own(""))),
        ("overlays/prod/app.yaml", Ok(own("base/app.yaml"))),
        ("overlays/prod/deep/app.yaml", Ok(own("base/app.yaml"))),
        ("overlays/prod/out", Err(EscapesRoot { path: own("overlays/prod/out") })),
        ("overlays/prod/etc/passwd", Err(EscapesRoot { path: own("overlays/prod/etc/passwd") })),
        ("overlays/../../x", Err(EscapesRoot { path: own("overlays/../../x") })),
        ("/base", Err(EscapesRoot { path: own("/base") })),
        ("overlays/prod/dangling", Err(NotFound { path: own("overlays/prod/nothing") })),
        ("overlays/prod/empty", Err(NotFound { path: own("overlays/prod/empty") })),
        ("overlays/prod/through", Err(NotDirectory { path: own("base/app.yaml") })),
        ("base/app.yaml/", Err(NotDirectory { path: own("base/app.yaml") })),
        ("base/app.yaml/x", Err(NotDirectory { path: own("base/app.yaml/x") })),
        ("a", Err(LinkLoop { path: own("a") })),
        ("self", Err(LinkLoop { path: own("self") })),
    ] {
        assert_eq!(resolve(&tree, path), expected, "{path}");
    }
}

proptest! {
    #[test]
    fn joining_never_escapes(folder in "([a-c](/[a-c]){0,3})?", path in "(/?(\\.{0,3}|[a-c])){0,8}") {
        if let Ok(joined) = join(&folder, &path) {
            prop_assert!(parts(&joined).is_ok(), "{}", joined);
        }
    }

    #[test]
    fn resolving_never_escapes(path in "(overlays/|prod/|base|out|deep|through|app.yaml|\\.\\.|\\.|/){0,10}") {
        if let Ok(resolved) = resolve(&tree(), &path) {
            prop_assert!(parts(&resolved).is_ok(), "{}", resolved);
        }
    }
}
