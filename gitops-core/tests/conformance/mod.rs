//! Recorded answers of the original systems, read at test time.
#![allow(dead_code, reason = "each suite uses its part")]
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a part of tests")]
#![allow(clippy::needless_pass_by_value, reason = "what is compared is made on the spot")]

use serde_json::Value as Json;
use std::env;
use std::path::PathBuf;

/// A file or folder of recorded answers; nothing, after a word, where they are not at hand. A run that requires them
/// fails instead.
pub(crate) fn recorded(path: &str) -> Option<PathBuf> {
    let folder = env::var_os("GITOPS_CONFORMANCE").map_or_else(
        || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../shared/conformance"),
        PathBuf::from,
    );
    let found = folder.join(path);
    if found.exists() {
        return Some(found);
    }
    assert!(
        env::var("GITOPS_CONFORMANCE_REQUIRED").as_deref() != Ok("1"),
        "{path} is required and not there"
    );
    println!("{path}: skipped, no recorded answers at hand");
    None
}

/// The recorded cases of a file with one of them a line, as [`recorded`] finds it.
pub(crate) fn recorded_lines(path: &str) -> Option<Vec<Json>> {
    let text = std::fs::read_to_string(recorded(path)?).unwrap();
    Some(text.lines().map(|line| serde_json::from_str(line).unwrap()).collect())
}

/// Prints how many cases were right, and fails where one was not or there was none.
pub(crate) fn report(suite: &str, verdicts: &[(String, Verdict)]) {
    let passed = verdicts.iter().filter(|(_, verdict)| verdict.is_ok()).count();
    println!("{suite}: {passed}/{} equal", verdicts.len());
    let different: Vec<_> = verdicts.iter().filter(|(_, verdict)| verdict.is_err()).collect();
    assert!(different.is_empty() && passed > 0, "{different:#?}");
}

/// What a check says of one row.
pub(crate) type Verdict = Result<(), String>;

/// One row of a table of cases.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Row<'a> {
    /// All tables of the same test.
    pub(crate) tables: &'a [Json],
    /// Which of them this row stands in.
    pub(crate) table: usize,
    /// The row's name or number in its table.
    pub(crate) key: &'a str,
    /// The row itself.
    pub(crate) json: &'a Json,
}

impl<'a> Row<'a> {
    /// A member of the row; null where it is absent.
    pub(crate) fn get(&self, member: &str) -> &'a Json {
        &self.json[member]
    }

    /// The text of a member; empty where it is absent.
    pub(crate) fn text(&self, member: &str) -> &'a str {
        text(self.json, member)
    }
}

/// The text of a member; empty where it is absent.
pub(crate) fn text<'a>(json: &'a Json, member: &str) -> &'a str {
    json[member].as_str().unwrap_or_default()
}

/// Compares what came out with what was recorded.
pub(crate) fn same<A: PartialEq<B> + std::fmt::Debug, B: std::fmt::Debug>(actual: A, expected: B) -> Verdict {
    if actual == expected { Ok(()) } else { Err(format!("got {actual:?}, recorded {expected:?}")) }
}

/// Names of all unit tables in order; nothing where they are not at hand.
pub(crate) fn unit_table_names() -> Option<Vec<String>> {
    let folder = recorded("kustomize/unit_tables")?;
    let mut names: Vec<String> = std::fs::read_dir(&folder)
        .unwrap()
        .filter_map(|entry| Some(entry.unwrap().file_name().to_str()?.strip_suffix(".json")?.to_owned()))
        .collect();
    names.sort_unstable();
    Some(names)
}

/// What a unit table recorded: one or more tables of rows.
#[derive(Debug)]
pub(crate) struct UnitTable(Json);

impl UnitTable {
    /// Reads the table of this name, which must be there.
    pub(crate) fn read(name: &str) -> Self {
        let path = recorded(&format!("kustomize/unit_tables/{name}.json")).unwrap();
        Self(serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap())
    }

    /// All rows with whether each is static: nothing in it was left to the original's code to compute.
    pub(crate) fn each(&self, mut visit: impl FnMut(&Row<'_>, bool)) {
        let tables = self.0["tables"].as_array().map_or(&[][..], Vec::as_slice);
        for (table, rows) in tables.iter().enumerate() {
            for (key, json) in rows_of(rows) {
                visit(&Row { tables, table, key: &key, json }, is_static(json));
            }
        }
    }
}

/// Runs every unit table that `check_of` has a check for, on the rows that are wholly recorded, and prints one line
/// for each. Fails at the end where a row differs.
pub(crate) fn run_unit_tables(check_of: impl Fn(&str) -> Option<fn(&Row<'_>) -> Verdict>) {
    let mut differences = Vec::new();
    for name in unit_table_names().into_iter().flatten() {
        let Some(check) = check_of(&name) else { continue };
        let (mut passed, mut total) = (0, 0);
        UnitTable::read(&name).each(|row, is_static| {
            if !is_static {
                return;
            }
            total += 1;
            match check(row) {
                Ok(()) => passed += 1,
                Err(difference) => differences.push(format!("{name} {}: {difference}", row.key)),
            }
        });
        println!("unit table {name}: {passed}/{total}");
    }
    assert!(differences.is_empty(), "{} rows differ:\n{}", differences.len(), differences.join("\n"));
}

fn rows_of(table: &Json) -> Vec<(String, &Json)> {
    match table {
        Json::Array(rows) => rows.iter().enumerate().map(|(i, row)| (format!("row {i}"), row)).collect(),
        Json::Object(rows) => rows.iter().map(|(name, row)| (name.clone(), row)).collect(),
        _ => Vec::new(),
    }
}

fn is_static(row: &Json) -> bool {
    match row {
        Json::Object(members) => !members.contains_key("$unknown") && members.values().all(is_static),
        Json::Array(items) => items.iter().all(is_static),
        _ => true,
    }
}
