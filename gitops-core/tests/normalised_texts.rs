//! Quantities and durations as Argo CD's diff normalises them, as recorded.

mod conformance;

use conformance::{recorded_lines, report, same, text};
use gitops_core::duration::Duration;
use gitops_core::quantity::Quantity;
use serde_json::Value as Json;

fn run(name: &str, canonical: impl Fn(&Json) -> Option<String>) {
    let Some(cases) = recorded_lines(&format!("argocd/normalize.{name}.jsonl")) else { return };
    let verdict = |case: &Json| {
        let expected = case["out"]["canonical"].as_str().map(str::to_owned);
        (text(case, "name").to_owned(), same(canonical(&case["in"]), expected))
    };
    report(&format!("normalize.{name}"), &cases.iter().map(verdict).collect::<Vec<_>>());
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
