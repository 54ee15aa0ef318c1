//! What `gitops render` prints.

#[expect(dead_code, reason = "each test file uses its share")]
mod support;

use support::Repository;

const OBJECTS: &str = "\
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop, labels: {app: web}}
---
apiVersion: v1
kind: Service
metadata: {name: web, labels: {app: web}}
spec: {ports: [{port: 0x50}]}
---
apiVersion: v1
kind: List
items:
- {apiVersion: v1, kind: ConfigMap, metadata: {name: db, namespace: data}}
- {apiVersion: v1, kind: Namespace, metadata: {name: shop}}
";

fn names(stdout: &str) -> Vec<&str> {
    stdout.lines().filter_map(|line| line.strip_prefix("  name: ")).collect()
}

#[test]
fn the_reference_repository_as_it_is_printed() {
    let repository = Repository::new(&[]);
    let clusters = concat!(env!("CARGO_MANIFEST_DIR"), "/../k8s-manifests/clusters");
    let run = repository.run(&format!("render -r {clusters}/production"));
    insta::assert_snapshot!(run);
    let one_by_one = ["order-service", "payment-service"]
        .map(|service| repository.run(&format!("render {clusters}/production/{service}")).stdout);
    assert_eq!(run.stdout, one_by_one.join("---\n"));
}

#[test]
fn roots_come_in_path_order_whatever_the_threads() {
    let folders: Vec<String> = (0..40).map(|number| format!("c{}/o{number}", number % 7)).collect();
    let texts: Vec<String> = folders
        .iter()
        .map(|folder| format!("resources:\n- ../../base\nnamePrefix: {}-\n", folder.replace('/', "-")))
        .collect();
    let overlays: Vec<(&str, &str)> =
        folders.iter().zip(&texts).map(|(folder, text)| (folder.as_str(), text.as_str())).collect();
    let repository = Repository::with_overlays(&overlays);
    let one = repository.run("render -r . --threads 1");
    let mut sorted = folders.clone();
    sorted.sort();
    let expected: Vec<String> =
        sorted.iter().map(|folder| format!("{}-web", folder.replace('/', "-"))).collect();
    assert_eq!(names(&one.stdout), expected);
    assert!(repository.run("render -r . --threads 4") == one);
    assert_eq!(names(&repository.run("render -r . --all").stdout).len(), 41);
    assert_eq!(names(&repository.run("render -r c0 c1 c0").stdout).len(), 12);
}

#[test]
fn standard_input_is_a_stream_with_lists_unpacked() {
    let repository = Repository::new(&[]);
    insta::assert_snapshot!(repository.run_with_input("render -", OBJECTS));
    let broken = repository.run_with_input("render -", "kind: A\nmetadata: {name: a}\n---\nkind: [\n");
    insta::assert_snapshot!("standard_input_that_is_broken", broken);
}

#[test]
fn choosing() {
    let repository = Repository::new(&[("all.yaml", OBJECTS)]);
    for (options, expected) in [
        ("-n shop", "Deployment:shop/web Service:shop/web"),
        ("-l app=web", "Deployment:shop/web Service:web"),
        ("-l !app", "ConfigMap:data/db Namespace:shop"),
        ("--kind deployment.apps --kind Namespace", "Deployment:shop/web Namespace:shop"),
        ("--kind Deployment.extensions", ""),
        ("-n data --kind Service", "Service:data/web"),
    ] {
        let run = repository.run(&format!("render all.yaml -o ndjson {options}"));
        let shown = |line: &str| {
            let object: serde_json::Value = serde_json::from_str(line).unwrap();
            let text = |value: &serde_json::Value| value.as_str().map(str::to_owned);
            let namespace =
                text(&object["metadata"]["namespace"]).map_or(String::new(), |namespace| namespace + "/");
            format!(
                "{}:{namespace}{}",
                text(&object["kind"]).unwrap(),
                text(&object["metadata"]["name"]).unwrap()
            )
        };
        let objects: Vec<String> = run.stdout.lines().map(shown).collect();
        assert_eq!(objects.join(" "), expected, "{options}: {run}");
    }
    for options in ["-l a=(", "--include [", "--explain Deployment", "--threads 0", "--prune", "--all"] {
        assert_eq!(repository.run(&format!("render all.yaml {options}")).code, Some(2), "{options}");
    }
}

#[test]
fn forms() {
    let repository = Repository::new(&[("all.yaml", OBJECTS)]);
    assert!(repository.run("render all.yaml -o yaml") == repository.run("render all.yaml"));
    for form in ["json", "ndjson"] {
        insta::assert_snapshot!(
            format!("form_{form}"),
            repository.run(&format!("render all.yaml -o {form} --kind Service --kind Deployment"))
        );
    }
}

#[test]
fn what_has_no_json_is_an_error() {
    let repository = Repository::new(&[("a.yaml", "kind: A\nmetadata: {name: a}\nspec: .inf\n")]);
    for form in ["json", "ndjson"] {
        let run = repository.run(&format!("render a.yaml -o {form}"));
        assert!(
            run.code == Some(2) && run.stderr.contains("A/a") && run.stderr.contains("a.yaml:1:1"),
            "{run}"
        );
    }
}

#[test]
fn plain_folders() {
    let object = |name: &str| format!("kind: A\nmetadata: {{name: {name}}}\n");
    let repository = Repository::new(&[
        ("d/a.yaml", &object("a")),
        ("d/b.json", r#"{"kind": "A", "metadata": {"name": "b"}}"#),
        ("d/sub/c.yml", &object("c")),
        ("d/README.md", "no manifest"),
        ("k/kustomization.yaml", "namePrefix: x-\nresources: [e.yaml]\n"),
        ("k/e.yaml", &object("e")),
        ("-", &object("dash")),
    ]);
    for (arguments, expected) in [
        ("d", "a b"),
        ("-f d", "a b"),
        ("-f d/a.yaml -f d/sub/c.yml", "a c"),
        ("d --directory-recurse", "a b c"),
        ("d --directory-recurse --exclude *.json", "a c"),
        ("d --directory-recurse --directory-include sub/*", "c"),
        ("-f k --include e.yaml", "e"),
        ("k", "x-e"),
        ("-k k", "x-e"),
        ("k d d/a.yaml k", "x-e a b a"),
        ("./-", "dash"),
    ] {
        let run = repository.run(&format!("render {arguments}"));
        assert_eq!(names(&run.stdout).join(" "), expected, "{arguments}: {run}");
    }
    assert_eq!(repository.run("render -k d").code, Some(2));
}

#[test]
fn options_of_kubectl() {
    let repository = Repository::new(&[
        ("k/kustomization.yaml", "resources: [a.yaml]\npatches: [{path: ../p.yaml}]\n"),
        (
            "k/a.yaml",
            "apiVersion: v1\nkind: Service\nmetadata: {name: a}\n---\napiVersion: v1\nkind: Namespace\nmetadata: {name: ns}\n",
        ),
        ("p.yaml", "apiVersion: v1\nkind: Service\nmetadata: {name: a, labels: {p: q}}\n"),
    ]);
    assert_eq!(repository.run("render k").code, Some(2));
    for spelling in ["none", "LoadRestrictionsNone"] {
        let run = repository.run(&format!("render k --load-restrictor {spelling}"));
        assert_eq!(names(&run.stdout), ["ns", "a"], "{run}");
    }
    assert_eq!(repository.run("render k --load-restrictor LoadRestrictionsRootOnly").code, Some(2));
    let unordered = repository.run("render k --load-restrictor=none --reorder none");
    assert_eq!(names(&unordered.stdout), ["a", "ns"]);
    let labelled = repository.run("render k --load-restrictor none --enable-managedby-label");
    assert_eq!(labelled.stdout.matches("managed-by: kustomize-v5.8.1").count(), 2);
}

#[test]
fn explanations() {
    let repository = Repository::with_overlays(&[
        ("a", "resources:\n- ../base\nnamePrefix: a-\nreplicas:\n- {name: web, count: 3}\n"),
        ("b", "resources:\n- ../base\n"),
    ]);
    insta::assert_snapshot!("explanation", repository.run("render a --explain Deployment/web:spec.replicas"));
    insta::assert_snapshot!(
        "explanation_from_elsewhere",
        repository.run_in("a", "render --explain Deployment/web:spec.replicas")
    );
    insta::assert_snapshot!(
        "explanation_of_several",
        repository.run("render -r . --explain Deployment/web:/metadata/name")
    );
    insta::assert_snapshot!(
        "explanation_json",
        repository.run("render a -o json --explain Deployment/web:spec.replicas")
    );
    insta::assert_snapshot!("explanation_of_nothing", repository.run("render -r . --explain Deployment/wep"));
}

#[test]
fn counts_on_demand() {
    let repository =
        Repository::with_overlays(&[("a", "resources:\n- ../base\n"), ("b", "resources:\n- ../base\n")]);
    let run = repository.run("render -v -r .");
    for count in ["files: 4\n", "layers: 3\n", "layersShared: 1\n"] {
        assert!(run.stderr.contains(count), "{run}");
    }
}

#[test]
fn version_help_and_completions() {
    let repository = Repository::new(&[]);
    assert!(repository.run("--version").stdout.contains("kustomize v5.8.1"));
    for arguments in ["--help", "render --help", "completions --help"] {
        let run = repository.run(arguments);
        assert!(run.code == Some(0) && run.stdout.contains("Example"), "{run}");
    }
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        assert!(repository.run(&format!("completions {shell}")).stdout.contains("gitops"), "{shell}");
    }
    assert_eq!(repository.run("apply").code, Some(2));
}
