//! kustomize's own unit tables, as recorded, against what this crate answers: one line a table.

mod checks;
#[path = "../conformance/mod.rs"]
mod conformance;

#[test]
fn unit_tables() {
    conformance::run_unit_tables(checks::check_of);
}
