//! Quantities and durations as Argo CD's diff normalises them, as recorded.

mod conformance;

use conformance::{Verdict, recorded, same, text};
use gitops_core::duration::Duration;
use gitops_core::quantity::Quantity;
use serde_json::Value as Json;

/// Runs one suite of lines and prints how many were right.
fn run(name: &str, canonical: impl Fn(&Json) -> Option<String>) {
    let Some(file) = recorded(&format!("argocd/normalize.{name}.jsonl")) else { return };
    let text_of_file = std::fs::read_to_string(file).unwrap();
    let verdicts: Vec<(String, Verdict)> = text_of_file
        .lines()
        .map(|line| {
            let case: Json = serde_json::from_str(line).unwrap();
            let expected = case["out"]["canonical"].as_str().map(str::to_owned);
            (text(&case, "name").to_owned(), same(canonical(&case["in"]), expected))
        })
        .collect();
    let passed = verdicts.iter().filter(|(_, verdict)| verdict.is_ok()).count();
    println!("normalize.{name}: {passed}/{} equal", verdicts.len());
    let different: Vec<_> = verdicts.iter().filter(|(_, verdict)| verdict.is_err()).collect();
    assert!(different.is_empty() && passed > 0, "{different:#?}");
}

fn quantity(text: &str) -> Option<String> {
    text.parse::<Quantity>().ok().map(|quantity| quantity.to_string())
}

#[test]
fn quantities() {
    run("quantity", |input| quantity(text(input, "value")));
}

/// A number in JSON is its text, and null is zero.
#[test]
fn quantities_in_json() {
    run("quantity-json", |input| match text(input, "json") {
        "null" => Some("0".to_owned()),
        json => quantity(json.trim_matches('"')),
    });
}

#[test]
fn durations() {
    run("duration", |input| {
        text(input, "value").parse::<Duration>().ok().map(|duration| duration.to_string())
    });
}
