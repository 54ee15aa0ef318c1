//! kustomize's own unit tables, as recorded, against this crate and `gitops-core`: one line a table and one for all.
//!
//! To add a table, write a check of one row and name it in the `check_of` of the file for its subject. A row counts
//! when it is static: nothing in it was left to the original's code to compute. What tests something that a render
//! cannot show has its place in [`counterpart_missing`].
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "tests")]

#[path = "../../../../gitops-core/tests/conformance/mod.rs"]
mod conformance;
#[path = "../../../../gitops-core/tests/unit_tables/checks.rs"]
mod core;
mod fields;
mod manifests;
mod patch;
mod references;
mod resources;

use conformance::{Row, UnitTable, Verdict, unit_table_names};

type Check = Box<dyn Fn(&Row<'_>) -> Verdict>;

/// Tables of other subjects: in-memory files, resource lists of functions, versions of builds, git URLs, loaders.
const ELSEWHERE: [&str; 5] =
    ["kyaml_filesys.", "kyaml_kio.", "api_provenance.", "api_internal_git.", "api_internal_loader."];

/// Tables of which rows are worth a check too that are not static, because what is missing can be inferred.
const INFERRED: [&str; 1] = ["kyaml_yaml_merge2.TestMerge"];

fn check_of(table: &str) -> Option<Check> {
    if table == "api_filters_refvar.TestMapReference" {
        return Some(Box::new(fields::variables_in_order));
    }
    if let Some(check) = core::check_of(table) {
        return Some(Box::new(check));
    }
    let of_json = [fields::check_of, manifests::check_of, patch::check_of, references::check_of];
    let check = of_json.iter().find_map(|check_of| check_of(table));
    if let Some(check) = check.or_else(|| resources::check_of(table)) {
        return Some(Box::new(move |row: &Row<'_>| check(row.json)));
    }
    None
}

/// Why nothing here can answer a row: no user of a render could see what it tests.
fn counterpart_missing(table: &str, row: &Row<'_>) -> Option<&'static str> {
    let names_a_repository =
        || row.json.to_string().contains("\"Repo\"") || row.json.to_string().contains("repo: ");
    Some(match table {
        "api_resmap.TestApplyFilter" => "the filter is a function in Go that the caller hands in",
        "api_types.TestPatchEquals" => {
            "equality of entries of `patches`, which only `kustomize edit` asks for"
        }
        "kyaml_openapi.TestDecodeBuiltinOpenAPIBundleRejectsInvalidData" => {
            "the compressed form of the built-in schema; here it is a table in the program"
        }
        "kyaml_yaml.TestDeriveSeqIndentStyle" => "the indentation of the input, which a build does not keep",
        "kyaml_yaml.TestRNodeGetValidatedDataMap" => "a check of keys that no build runs",
        "kyaml_yaml.TestRNode_nilSafety" => "calls on nil pointers",
        "api_resource.TestOriginAppend"
        | "api_resource.TestOriginString"
        | "api_resource.TestTransformationsString"
            if names_a_repository() =>
        {
            "the repository and revision of a remote base, which only an embedder's `Inflate` knows"
        }
        "api_resource.TestTransformationsString" if row.get("in").as_array().is_none_or(Vec::is_empty) => {
            "an empty list of transformations, which is never written"
        }
        "api_resource.TestApplySmPatchShouldOutputPrimitiveListItemsInCorrectOrder"
            if row.get("skip") == true =>
        {
            "a wish: the original's own test skips the row"
        }
        _ => return None,
    })
}

/// Rows and tables counted.
#[derive(Default)]
struct Count {
    rows: usize,
    tables: usize,
}

impl Count {
    fn add(&mut self, rows: usize) {
        self.rows += rows;
        self.tables += usize::from(rows > 0);
    }
}

#[test]
fn unit_tables() {
    let Some(names) = unit_table_names() else { return };
    let (mut passed, mut total, mut missing) = (Count::default(), Count::default(), Count::default());
    let mut differences = Vec::new();
    for name in names.iter().filter(|name| !ELSEWHERE.iter().any(|family| name.starts_with(family))) {
        let check = check_of(name);
        let (mut right, mut all, mut inferred, mut without) = (0, 0, (0, 0), 0);
        UnitTable::read(name).each(|row, is_static| {
            if !is_static && !INFERRED.contains(&name.as_str()) {
                return;
            }
            if counterpart_missing(name, row).is_some() {
                without += 1;
                return;
            }
            let verdict = check.as_ref().map_or_else(|| Err("no check".to_owned()), |check| check(row));
            let (right, all) =
                if is_static { (&mut right, &mut all) } else { (&mut inferred.0, &mut inferred.1) };
            *all += 1;
            match verdict {
                Ok(()) => *right += 1,
                Err(difference) => differences.push(format!("{name} {}: {difference}", row.key)),
            }
        });
        if all > 0 {
            println!("unit table {name}: {right}/{all}");
        }
        if inferred.1 > 0 {
            println!("unit table {name}: {}/{} more with an inferred option", inferred.0, inferred.1);
        }
        passed.add(right);
        total.add(all);
        missing.add(without);
    }
    println!(
        "unit tables: {}/{} static rows of {} tables pass; {} rows of {} tables have no counterpart",
        passed.rows, total.rows, total.tables, missing.rows, missing.tables
    );
    assert!(
        total.rows > 0 && differences.is_empty(),
        "{} rows differ:\n{}",
        differences.len(),
        differences.join("\n")
    );
}
