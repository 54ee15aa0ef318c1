//! Rendered manifests in a folder.

#[expect(dead_code, reason = "each test file uses its share")]
mod support;

use std::fs;
use support::Repository;

fn repository() -> Repository {
    Repository::with_overlays(&[
        ("clusters/prod/web", "resources:\n- ../../../base\nnamePrefix: prod-\n"),
        ("clusters/test/web", "resources:\n- ../../../base\nnamePrefix: test-\n"),
    ])
}

#[test]
fn a_file_for_each_root() {
    let repository = repository();
    let run = repository.run("render -r clusters --out-dir out");
    assert_eq!(run.to_string(), "exit: 0\n----- stderr\nout: 2 written, 0 unchanged, 0 removed\n");
    insta::assert_snapshot!("files", repository.files("out"));
    insta::assert_snapshot!("listing", repository.read("out/.gitops-rendered.json"));
    assert_eq!(repository.read("out/prod/web.yaml"), repository.run("render clusters/prod/web").stdout);
    let again = repository.run("render -r clusters --out-dir out");
    assert_eq!(again.stderr, "out: 0 written, 2 unchanged, 0 removed\n");
    assert_eq!(repository.run("render -r clusters --out-dir out -q").stderr, "");
}

#[test]
fn names_are_relative_to_the_path() {
    for (arguments, files) in [
        ("-r clusters/prod", "web.yaml"),
        ("-r clusters/prod/web", "web.yaml"),
        ("clusters/prod/web", "web.yaml"),
        ("clusters/prod/web/", "web.yaml"),
        ("base/web.yaml", "web.yaml"),
        ("clusters/prod/web -o json", "web.json"),
        ("-r clusters -o ndjson", "prod/web.ndjson\ntest/web.ndjson"),
    ] {
        let repository = repository();
        let run = repository.run(&format!("render {arguments} --out-dir out"));
        assert_eq!(repository.files("out"), format!(".gitops-rendered.json\n{files}"), "{arguments}: {run}");
    }
}

#[test]
fn two_roots_do_not_share_a_file() {
    let repository = repository();
    insta::assert_snapshot!(repository.run("render -r clusters/prod clusters/test --out-dir out"));
}

#[test]
fn prune_removes_what_is_gone_and_unchanged() {
    let repository = repository();
    repository.run("render -r clusters --out-dir out");
    repository.write("out/own.yaml", "mine\n");
    fs::remove_dir_all(repository.path("clusters/test")).unwrap();
    assert_eq!(
        repository.run("render -r clusters --out-dir out").stderr,
        "out: 0 written, 1 unchanged, 0 removed\n"
    );
    let run = repository.run("render -r clusters --out-dir out --prune");
    assert_eq!(run.stderr, "out: 0 written, 1 unchanged, 1 removed\n");
    assert_eq!(repository.files("out"), ".gitops-rendered.json\nown.yaml\nprod/web.yaml");
}

#[test]
fn prune_keeps_what_was_changed() {
    let repository = repository();
    repository.run("render -r clusters --out-dir out");
    fs::remove_dir_all(repository.path("clusters/test")).unwrap();
    repository.write("out/test/web.yaml", "edited\n");
    insta::assert_snapshot!(repository.run("render -r clusters --out-dir out --prune"));
    assert_eq!(repository.read("out/test/web.yaml"), "edited\n");
}

#[test]
fn a_root_that_fails_keeps_its_file() {
    let repository = repository();
    repository.run("render -r clusters --out-dir out");
    let before = repository.read("out/test/web.yaml");
    repository.write("clusters/test/web/kustomization.yaml", "resources:\n- nothing.yaml\n");
    repository
        .write("clusters/prod/web/kustomization.yaml", "resources:\n- ../../../base\nnamePrefix: new-\n");
    let run = repository.run("render -r clusters --out-dir out --prune");
    assert_eq!(
        (run.code, run.stderr.lines().last()),
        (Some(2), Some("out: 1 written, 0 unchanged, 0 removed"))
    );
    assert_eq!(repository.read("out/test/web.yaml"), before);
    assert!(repository.read("out/prod/web.yaml").contains("new-web"));
}

#[test]
fn a_file_is_written_as_a_whole_or_not_at_all() {
    let repository = repository();
    repository.write("out.yaml", "old\n");
    assert_eq!(repository.run("render nothing --out out.yaml").code, Some(2));
    assert_eq!(repository.read("out.yaml"), "old\n");
    assert_eq!(repository.run("render -r clusters --out out.yaml").to_string(), "exit: 0\n");
    assert_eq!(repository.read("out.yaml"), repository.run("render -r clusters").stdout);
}

#[test]
fn a_listing_that_is_damaged_is_named() {
    let repository = repository();
    repository.write("out/.gitops-rendered.json", "{\n");
    insta::assert_snapshot!(repository.run("render -r clusters --out-dir out"));
}

/// However far it got when it was stopped, what there is, is whole.
#[cfg(unix)]
#[test]
fn ctrl_c_leaves_nothing_half_written() {
    let texts: Vec<(String, String)> = (0..200)
        .map(|n| (format!("clusters/{n}"), format!("resources:\n- ../../base\nnamePrefix: n{n}-\n")))
        .collect();
    let overlays: Vec<(&str, &str)> =
        texts.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    let repository = Repository::with_overlays(&overlays);
    let mut child = repository.command("render -r clusters --out-dir out -q").spawn().unwrap();
    // Once the first file is there, it is in the middle of writing, or done.
    while !repository.path("out/0.yaml").exists() && child.try_wait().unwrap().is_none() {
        std::thread::yield_now();
    }
    let stopped = std::process::Command::new("kill").args(["-INT", &child.id().to_string()]).status();
    assert!(stopped.is_ok());
    let status = child.wait().unwrap();
    assert!(matches!(status.code(), Some(0 | 130)), "{status}");
    for name in repository.files("out").lines() {
        let is_whole = std::path::Path::new(name).extension().is_none_or(|ending| ending != "tmp")
            && !repository.read(&format!("out/{name}")).is_empty();
        assert!(is_whole, "{name}");
    }
}
