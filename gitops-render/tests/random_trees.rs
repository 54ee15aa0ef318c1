//! Trees that once rendered otherwise than in kustomize, found by `gitops-benches random` and cut down.
//!
//! Each line of `random_trees/cases.jsonl` is a tree with the answer of `kubectl kustomize` (v5.8.1) to it, in the form
//! of the conformance cases. `gitops-benches random --keep DIR` writes such lines.

mod conformance;

use conformance::{Case, Deviations, Kind};
use std::path::Path;

#[test]
fn random_trees() {
    let cases = Case::load(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/random_trees/cases.jsonl"));
    let deviations = Deviations::load("random_trees");
    let mut report = conformance::Report::default();
    for case in &cases {
        for check in case.checks() {
            report.add(&check.name, &check.run(), &deviations);
        }
    }
    report.finish("random trees", &deviations, &[Kind::Success, Kind::Failure]);
}
