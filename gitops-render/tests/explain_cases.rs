//! Explanations of every leaf of every object that the recorded cases of `kubectl kustomize` render: what a chain ends
//! with is what was rendered, chains have no gaps, and what was read has a place.

#![expect(clippy::print_stdout, reason = "counts are for people to read")]

use base64::Engine as _;
use gitops_core::Value;
use gitops_render::explain::{Explanation, Field, Query};
use gitops_render::{MemoryTree, Options, Session};
use serde_json::Value as Json;
use std::path::{Path, PathBuf};
use std::sync::Arc;

fn cases() -> Option<String> {
    let folder = std::env::var_os("GITOPS_CONFORMANCE").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/conformance"),
        PathBuf::from,
    );
    if let Ok(cases) = std::fs::read_to_string(folder.join("kustomize/cases.jsonl")) {
        return Some(cases);
    }
    let required = std::env::var_os("GITOPS_CONFORMANCE_REQUIRED").is_some_and(|required| required == "1");
    assert!(!required, "the conformance folder is required and {} is missing", folder.display());
    println!("conformance suites skipped: no folder {}", folder.display());
    None
}

fn bytes(content: &Json) -> Vec<u8> {
    match content.as_str() {
        Some(text) => text.into(),
        None => {
            let encoded = content["b64"].as_str().expect("text or base64");
            base64::engine::general_purpose::STANDARD.decode(encoded).expect("valid base64")
        }
    }
}

fn tree(row: &Json) -> Arc<MemoryTree> {
    let mut tree = MemoryTree::new();
    for (path, content) in row["files"].as_object().expect("files") {
        tree.insert_file(path, bytes(content), false);
    }
    for (path, target) in row["symlinks"].as_object().into_iter().flatten() {
        tree.insert_link(path, target.as_str().expect("a link has a target"));
    }
    Arc::new(tree)
}

fn leaves(root: &Value) -> usize {
    let mut pending = vec![(root, 0)];
    let mut count = 0;
    while let Some((value, depth)) = pending.pop() {
        match value {
            _ if !value.has_children() || depth == 64 => count += 1,
            Value::Map(map) => pending.extend(map.values().map(|value| (value, depth + 1))),
            Value::Seq(seq) => pending.extend(seq.iter().map(|value| (value, depth + 1))),
            Value::Scalar(_) => {}
        }
    }
    count
}

fn check(field: &Field, object: &Value) {
    let path = &field.path;
    let (first, last) = (field.chain.first().expect("a chain"), field.chain.last().expect("a chain"));
    let rendered =
        field.pointer.as_ref().map(|pointer| pointer.get(object).expect("a pointer leads somewhere"));
    assert_eq!(last.after, field.value, "{path}: the end of the chain");
    if !field.masked {
        assert_eq!(field.value.as_ref(), rendered, "{path}");
    }
    assert_eq!(first.before, None, "{path}");
    assert!(first.action.is_some() || first.written.is_some(), "{path} was read nowhere");
    for pair in field.chain.windows(2) {
        assert_eq!(pair[0].after, pair[1].before, "{path}: a gap");
        assert!(pair[1].action.is_some() && (field.masked || pair[1].before != pair[1].after), "{path}");
    }
}

/// The explanation of an object by its own key.
fn explain(session: &Session, rendered: &gitops_render::Rendered, index: usize) -> Option<Explanation> {
    let key = rendered.objects[index].key();
    let query: Query = key.to_string().parse().ok()?;
    let answers = session.explain_rendered(rendered, &query).expect("an object matches its own key");
    let of_key = answers.into_iter().find(|answer| answer.key == key);
    Some(of_key.unwrap_or_else(|| panic!("{key} matches other objects only")))
}

#[test]
fn explain_cases() {
    let Some(cases) = cases() else { return };
    let (mut objects, mut fields, mut changes) = (0, 0, 0);
    for line in cases.lines() {
        let row: Json = serde_json::from_str(line).expect("a case is JSON");
        let target = row["target"].as_str().unwrap_or(".");
        let target = gitops_core::tree::join("", target).expect("a target lies in the tree");
        let tree = tree(&row);
        let mut options = Options::default();
        let plain = Session::with_options(tree.clone(), options.clone()).render(&target);
        options.explain = true;
        let session = Session::with_options(tree, options);
        let (Ok(plain), Ok(rendered)) = (plain, session.render(&target)) else { continue };
        let bytes =
            |rendered: &gitops_render::Rendered| rendered.to_yaml().map_err(|error| error.to_string());
        assert_eq!(bytes(&plain), bytes(&rendered), "{}: explaining changes the output", row["name"]);
        if bytes(&plain).is_err() {
            continue;
        }
        for index in 0..rendered.objects.len().min(50) {
            let Some(explanation) = explain(&session, &rendered, index) else { continue };
            let object = &rendered.objects[index].value;
            explanation.fields.iter().for_each(|field| check(field, object));
            let present = explanation.fields.iter().filter(|field| field.pointer.is_some()).count();
            assert_eq!(present, leaves(object), "{}: leaves of {}", row["name"], explanation.key);
            objects += 1;
            fields += explanation.fields.len();
            changes += explanation.fields.iter().map(|field| field.chain.len() - 1).sum::<usize>();
        }
    }
    println!("explain cases: {objects} objects, {fields} fields, {changes} changes");
    assert!(objects > 0, "the suite is empty");
}
