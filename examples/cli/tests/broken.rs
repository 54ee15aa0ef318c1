//! What the binary says of trees that can't be rendered: one clear diagnostic each.

#[expect(dead_code, reason = "each test file uses its share")]
mod support;

use std::process::Stdio;
use support::Repository;

/// Renders `prod` over the base and compares the run with a snapshot of the case's name.
macro_rules! broken {
    ($($(#[$attribute:meta])* $name:ident: $kustomization:expr, [$($file:expr),*];)*) => {$(
        $(#[$attribute])*
        #[test]
        fn $name() {
            let repository = Repository::with_overlays(&[("prod", $kustomization)]);
            let files: &[(&str, &str)] = &[$($file),*];
            for (path, text) in files {
                repository.write(path, text);
            }
            let run = repository.run("render prod");
            insta::assert_snapshot!(stringify!($name), run);
        }
    )*};
}

const SERVICE: &str = "apiVersion: v1\nkind: Service\nmetadata:\n  name: web\n";

broken! {
    missing_base: "resources:\n- ../base\n- ../basis\n", [];
    missing_file_in_a_base: "resources:\n- ../shared\n", [
        ("shared/kustomization.yaml", "resources:\n- service.yaml\n")];
    cyclic_bases: "resources:\n- ../shared\n", [("shared/kustomization.yaml", "resources:\n- ../prod\n")];
    escape_through_dots: "resources:\n- ../../../../../../../../../etc/passwd\n", [];
    patch_outside_the_folder: "resources:\n- ../base\npatches:\n- path: ../base/web.yaml\n", [];
    patch_without_a_target: "resources:\n- ../base\npatches:\n- path: patch.yaml\n", [
        ("prod/patch.yaml", "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: wep\nspec:\n  replicas: 2\n")];
    typo_in_a_field: "resources:\n- ../base\nnamePrefx: prod-\n", [];
    a_tab: "resources:\n- service.yaml\n", [("prod/service.yaml", "kind: Service\nmetadata:\n\tname: web\n")];
    a_tab_in_the_kustomization: "resources:\n\t- ../base\n", [];
    conflict_of_ids: "resources:\n- service.yaml\n- again.yaml\n", [
        ("prod/service.yaml", SERVICE), ("prod/again.yaml", SERVICE)];
    no_object: "resources:\n- service.yaml\n", [("prod/service.yaml", "kind: Service\n")];
    component_among_resources: "resources:\n- ../extra\n", [
        ("extra/kustomization.yaml", "apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\nnamePrefix: x-\n")];
    chart: "helmCharts:\n- name: shop\n", [];
    remote_base: "resources:\n- https://example.com/org/repo.git?ref=v1\n", [];
    empty_kustomization: "", [];
    control_characters: "resources:\n- \"\\u001b[31m\\u0007.yaml\"\n", [];
}

#[test]
fn a_patch_that_matches_nothing_is_a_warning() {
    let patch = "patches:\n- target:\n    kind: Deployment\n    name: wep\n  patch: |\n    - op: remove\n      path: /spec/replicas\n";
    let repository = Repository::with_overlays(&[("prod", &format!("resources:\n- ../base\n{patch}"))]);
    let run = repository.run("render prod");
    insta::assert_snapshot!(run);
    let strict = repository.run("render prod --strict");
    assert_eq!((strict.code, strict.stdout.as_str()), (Some(2), ""));
    assert_eq!(strict.stderr, run.stderr.replace("warning[", "error["));
    assert_eq!(repository.run("render prod -q").stderr, "");
}

#[cfg(unix)]
#[test]
fn escape_through_a_link() {
    let repository = Repository::with_overlays(&[("prod", "resources:\n- link.yaml\n")]);
    std::os::unix::fs::symlink("/etc/passwd", repository.path("prod/link.yaml")).unwrap();
    insta::assert_snapshot!(repository.run("render prod"));
}

#[cfg(unix)]
#[test]
fn escape_through_a_linked_base() {
    let repository = Repository::with_overlays(&[("prod", "resources:\n- link\n")]);
    std::os::unix::fs::symlink("../../..", repository.path("prod/link")).unwrap();
    insta::assert_snapshot!(repository.run("render prod"));
}

#[test]
fn a_narrower_root() {
    let repository = Repository::with_overlays(&[("prod", "resources:\n- ../base\n")]);
    insta::assert_snapshot!("a_narrower_root", repository.run("render prod --root prod"));
    insta::assert_snapshot!("a_path_outside_the_root", repository.run("render base --root prod"));
}

#[test]
fn a_path_that_is_not_there() {
    insta::assert_snapshot!(Repository::new(&[]).run("render clusters/prod"));
}

#[test]
fn nothing_to_find_below_a_path() {
    insta::assert_snapshot!(Repository::new(&[("a/b.yaml", SERVICE)]).run("render -r a"));
}

#[test]
fn a_shared_fault_is_told_once_and_other_roots_come_out() {
    let repository = Repository::with_overlays(&[
        ("a", "resources:\n- ../shared\n"),
        ("b", "resources:\n- ../shared\nnamePrefix: b-\n"),
        ("c", "resources:\n- ../base\nnamePrefix: c-\n"),
        ("shared", "resources:\n- ../base\n- nothing.yaml\n"),
    ]);
    insta::assert_snapshot!(repository.run("render -r ."));
}

#[test]
fn a_shared_warning_is_told_once() {
    let repository = Repository::with_overlays(&[
        ("a", "resources:\n- ../shared\n"),
        ("b", "resources:\n- ../shared\nnamePrefix: b-\n"),
        ("shared", "resources:\n- ../base\ncommonLabels:\n  app: web\n"),
    ]);
    let run = repository.run("render -r .");
    assert_eq!((run.code, run.stderr.matches("warning[").count()), (Some(0), 1), "{run}");
}

#[test]
fn paths_are_relative_to_the_current_folder() {
    let repository = Repository::with_overlays(&[
        ("prod", "resources:\n- ../shared\n"),
        ("shared", "resources:\n- x.yaml\n"),
    ]);
    insta::assert_snapshot!(repository.run_in("prod", "render"));
}

#[test]
fn diagnostics_for_programs() {
    let repository = Repository::with_overlays(&[
        ("prod", "resources:\n- ../shared\n"),
        ("shared", "resources:\n- x, y.yaml\n"),
    ]);
    for form in ["json", "sarif", "github"] {
        let run = repository.run(&format!("render prod --diagnostics {form}"));
        insta::assert_snapshot!(format!("diagnostics_{form}"), run);
    }
}

#[test]
fn nothing_to_tell_is_an_empty_log() {
    let repository = Repository::with_overlays(&[]);
    let run = repository.run("render base --diagnostics sarif");
    let log: serde_json::Value = serde_json::from_str(&run.stderr).unwrap();
    assert_eq!(log["runs"][0]["results"], serde_json::json!([]));
    assert_eq!(repository.run("render base --diagnostics json").stderr, "");
}

#[test]
fn colours_on_demand_only() {
    let repository = Repository::with_overlays(&[("prod", "resources:\n- nothing.yaml\n")]);
    let is_coloured = |arguments: &str| repository.run(arguments).stderr.contains('\u{1b}');
    assert!(!is_coloured("render prod"));
    assert!(!is_coloured("render prod --color never"));
    assert!(is_coloured("render prod --color always"));
}

#[test]
fn a_closed_pipe_ends_quietly() {
    let big = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\ndata:\n  text: ".to_owned()
        + &"x".repeat(1 << 20)
        + "\n";
    let repository = Repository::new(&[("a.yaml", &big)]);
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let run = repository.finish(repository.command("render a.yaml").stdout(Stdio::from(writer)));
    assert_eq!(run.to_string(), "exit: 0\n");
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk() {
    let repository = Repository::with_overlays(&[]);
    let full = std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let run = repository.finish(repository.command("render base").stdout(Stdio::from(full)));
    insta::assert_snapshot!("a_full_disk_behind_standard_output", run);
    insta::assert_snapshot!("a_full_disk_behind_a_file", repository.run("render base --out /dev/full"));
}

#[test]
fn a_file_where_no_file_can_be() {
    let repository = Repository::with_overlays(&[]);
    insta::assert_snapshot!(repository.run("render base --out nowhere/out.yaml"));
}
