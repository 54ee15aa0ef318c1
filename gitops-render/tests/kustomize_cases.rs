//! The recorded answers of `kubectl kustomize` (v5.8.1) to every case of the conformance folder.
//!
//! A success must be equal to the byte; of several recorded variants any will do. A failure must be a failure with a
//! code, and it is counted whether our message names the files, fields and ids that the original's main clause quotes.
//! What differs on purpose is listed in `deviations.toml` with its reason; a listed case that no longer differs fails.

mod conformance;
#[path = "../../gitops-core/tests/conformance/mod.rs"]
mod recorded;

use conformance::{Case, Deviations, Kind};

#[test]
fn kustomize_cases() {
    let Some(path) = recorded::recorded("kustomize/cases.jsonl") else { return };
    let cases = Case::load(&path);
    let deviations = Deviations::load("kustomize_cases");
    let mut report = conformance::Report::default();
    for case in &cases {
        for check in case.checks() {
            report.add(&check.name, &check.run(), &deviations);
        }
    }
    report.finish("kustomize cases", &deviations, &[Kind::Success, Kind::Failure]);
}
