//! What the conformance suites share: running cases, counting, deviations.
#![allow(clippy::print_stdout, reason = "suites print their counts")]

use base64::Engine as _;
use gitops_render::{LoadRestrictor, MemoryTree, Options, Reorder, Session};
use serde_json::Value as Json;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// What kind of answer a check expects.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) enum Kind {
    Success,
    Failure,
}

/// How a check went.
pub(crate) struct Outcome {
    pub(crate) kind: Kind,
    pub(crate) equal: bool,
    /// For failures: whether everything that the original quotes is named.
    pub(crate) names: Option<bool>,
    pub(crate) details: String,
    /// Codes of the warnings that we give.
    pub(crate) warnings: Vec<String>,
}

/// One row of cases.jsonl.
pub(crate) struct Case {
    row: Json,
}

/// One build of a case.
pub(crate) struct Check<'a> {
    pub(crate) name: String,
    case: &'a Case,
    reorder: Reorder,
    unrestricted: bool,
    managed_by_label: bool,
    outputs: Vec<String>,
    error: Option<String>,
}

fn text(value: &Json) -> String {
    match value {
        Json::String(text) => text.clone(),
        Json::Object(map) => {
            let encoded = map.get("b64").and_then(Json::as_str).expect("text or base64");
            let bytes = base64::engine::general_purpose::STANDARD.decode(encoded).expect("valid base64");
            String::from_utf8_lossy(&bytes).into_owned()
        }
        other => panic!("text or base64 expected, not {other}"),
    }
}

fn bytes(value: &Json) -> Vec<u8> {
    match value {
        Json::String(text) => text.clone().into_bytes(),
        Json::Object(map) => {
            let encoded = map.get("b64").and_then(Json::as_str).expect("text or base64");
            base64::engine::general_purpose::STANDARD.decode(encoded).expect("valid base64")
        }
        other => panic!("text or base64 expected, not {other}"),
    }
}

impl Case {
    pub(crate) fn load(path: &Path) -> Vec<Self> {
        let lines = std::fs::read_to_string(path).expect("the cases can be read");
        let only = std::env::var("CASE").ok();
        lines
            .lines()
            .map(|line| Self { row: serde_json::from_str(line).expect("a case is JSON") })
            .filter(|case| only.as_ref().is_none_or(|only| case.name().contains(only.as_str())))
            .collect()
    }

    pub(crate) fn name(&self) -> &str {
        self.row["name"].as_str().expect("a case has a name")
    }

    /// Folder that holds `{{ROOT}}`, so that what lies beside it can be named.
    fn tree(&self) -> MemoryTree {
        let mut tree = MemoryTree::new();
        let executable: Vec<&str> =
            self.row["executable"].as_array().into_iter().flatten().filter_map(Json::as_str).collect();
        for (path, content) in self.row["files"].as_object().expect("files") {
            tree.insert_file(path, bytes(content), executable.contains(&path.as_str()));
        }
        for folder in self.row["empty_dirs"].as_array().into_iter().flatten().filter_map(Json::as_str) {
            tree.insert_folder(folder);
        }
        for (path, target) in self.row["symlinks"].as_object().into_iter().flatten() {
            tree.insert_link(path, target.as_str().expect("a link has a target"));
        }
        tree
    }

    /// Every build of this case that has a recorded answer.
    pub(crate) fn checks(&self) -> Vec<Check<'_>> {
        let flags = |key: &str| -> Vec<String> {
            self.row["meta"][key]
                .as_array()
                .into_iter()
                .flatten()
                .filter_map(Json::as_str)
                .map(str::to_owned)
                .collect()
        };
        let plain = flags("flags");
        let mut checks = Vec::new();
        let mut add = |suffix: &str,
                       output: Option<&Json>,
                       error: Option<&Json>,
                       flags: &[String],
                       force_none: bool| {
            let needs = ["--enable-helm", "--enable-exec", "--enable-alpha-plugins", "--helm-command"];
            if flags
                .iter()
                .any(|flag| needs.iter().any(|need| flag.starts_with(need) && !flag.ends_with("=false")))
            {
                return;
            }
            if output.is_none() && error.is_none() {
                return;
            }
            let mut outputs: Vec<String> = output.map(text).into_iter().collect();
            if suffix.is_empty() {
                match &self.row["reference_variants"] {
                    Json::Array(variants) => outputs.extend(variants.iter().map(text)),
                    Json::Object(variants) => outputs.extend(variants.values().map(text)),
                    _ => {}
                }
            }
            let none = force_none || flags.windows(2).any(|pair| pair == ["--reorder", "none"]);
            checks.push(Check {
                name: format!("{}{suffix}", self.name()),
                case: self,
                reorder: if none { Reorder::None } else { Reorder::Legacy },
                unrestricted: flags.iter().any(|flag| flag.contains("LoadRestrictionsNone")),
                managed_by_label: flags.iter().any(|flag| flag == "--enable-managedby-label"),
                outputs,
                error: error.map(text),
            });
        };
        add("", self.row.get("reference.yaml"), self.row.get("reference_error.txt"), &plain, false);
        add(
            " (reorder none)",
            self.row.get("reference_reorder_none.yaml"),
            self.row.get("reference_reorder_none_error.txt"),
            &plain,
            true,
        );
        add(
            " (opts)",
            self.row.get("reference_opts.yaml"),
            self.row.get("reference_opts_error.txt"),
            &flags("reference_opts_flags"),
            false,
        );
        checks
    }
}

impl Check<'_> {
    pub(crate) fn run(&self) -> Outcome {
        let mut options = Options::default();
        options.reorder = self.reorder;
        if self.unrestricted {
            options.load_restrictor = LoadRestrictor::None;
        }
        options.managed_by_label = self.managed_by_label;
        let session = Session::with_options(std::sync::Arc::new(self.case.tree()), options);
        let target = self.case.row["target"].as_str().unwrap_or(".");
        let target = gitops_core::tree::join("", target).expect("a target lies in the tree");
        let rendered = session.render_kustomization(&target);
        let said = rendered.as_ref().map(|rendered| rendered.diagnostics.as_slice()).unwrap_or_default();
        let warnings = said.iter().map(|diagnostic| diagnostic.code.to_string()).collect();
        let ours = rendered
            .map_err(|failure| (failure.error.code(), Some(session.diagnose(&failure.error))))
            .and_then(|rendered| {
                rendered.to_yaml().map_err(|error| (error.code(), Some(session.diagnose(&error))))
            });
        match (&self.error, ours) {
            (None, Ok(yaml)) => {
                let equal = self.outputs.contains(&yaml);
                let details = if equal { String::new() } else { first_difference(&self.outputs[0], &yaml) };
                Outcome { kind: Kind::Success, equal, names: None, details, warnings }
            }
            (None, Err((code, diagnostic))) => {
                let details =
                    format!("  ours fails: {code}: {}", diagnostic.map(|d| d.message).unwrap_or_default());
                Outcome { kind: Kind::Success, equal: false, names: None, details, warnings }
            }
            (Some(error), Ok(yaml)) => {
                let details = format!(
                    "  theirs fails: {}\n  ours: {}",
                    main_clause(error),
                    yaml.lines().take(12).collect::<Vec<_>>().join("\n        ")
                );
                Outcome { kind: Kind::Failure, equal: false, names: Some(false), details, warnings }
            }
            (Some(error), Err((code, diagnostic))) => {
                let diagnostic = diagnostic.expect("a failure has a diagnostic");
                let place =
                    diagnostic.location.as_ref().map(|place| place.file.to_string()).unwrap_or_default();
                let message =
                    format!("{} {place} {}", diagnostic.message, diagnostic.help.unwrap_or_default());
                let missing: Vec<String> =
                    quoted(error).into_iter().filter(|quote| !message.contains(quote.as_str())).collect();
                let details = format!(
                    "  missing {missing:?}\n  theirs: {}\n  ours:   {code}: {message}",
                    main_clause(error)
                );
                Outcome {
                    kind: Kind::Failure,
                    equal: !code.is_empty(),
                    names: Some(missing.is_empty()),
                    details,
                    warnings,
                }
            }
        }
    }
}

/// The error without warnings and the way to it: what stands last.
fn main_clause(error: &str) -> String {
    let start = error.find("error: ").or_else(|| error.find("panic: ")).unwrap_or(0);
    error[start..].split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Texts in quotes in the innermost clause, as far as they name files, fields or ids.
fn quoted(error: &str) -> Vec<String> {
    let clause = main_clause(error);
    let inner = innermost(&clause);
    // A dump of the whole object says nothing of the cause, which follows it.
    let inner = if inner.contains("map[string]interface {}") {
        inner.rsplit_once("}: ").map_or("", |(_, cause)| cause)
    } else if inner.contains("produces ID conflict") {
        ""
    } else {
        inner
    };
    let mut quotes = Vec::new();
    for mark in ['\'', '"', '`'] {
        let mut parts = inner.split(mark);
        parts.next();
        while let (Some(quote), Some(_)) = (parts.next(), parts.next()) {
            quotes.push(quote.to_owned());
        }
    }
    quotes
        .into_iter()
        .map(|quote| quote.replace("{{ROOT}}/", "").replace("{{ROOT}}", ""))
        .filter(|quote| {
            !quote.is_empty() && quote.len() < 80 && !quote.contains(": ") && !quote.contains(' ')
        })
        .collect()
}

/// What follows the last "accumulating resources" and the like.
fn innermost(clause: &str) -> &str {
    let mut rest = clause;
    for marker in [
        "accumulation err='",
        "recursed accumulation of path",
        "couldn't make target for path",
        "fails configuration: ",
    ] {
        if let Some(at) = rest.rfind(marker) {
            rest = &rest[at + marker.len()..];
        }
    }
    rest
}

fn first_difference(want: &str, got: &str) -> String {
    let at = want.lines().zip(got.lines()).position(|(want, got)| want != got);
    let at = at.unwrap_or_else(|| want.lines().count().min(got.lines().count()));
    let show = |text: &str| {
        let lines: Vec<String> =
            text.lines().skip(at.saturating_sub(2)).take(6).map(|line| format!("    {line}")).collect();
        lines.join("\n")
    };
    format!("  line {}\n  want\n{}\n  got\n{}", at + 1, show(want), show(got))
}

/// Cases that differ on purpose, by name, with the reason.
pub(crate) struct Deviations {
    cases: BTreeMap<String, String>,
    /// Failures whose message leaves out what the original quotes.
    unnamed: BTreeMap<String, String>,
}

impl Deviations {
    /// Reads the tables `[suite]` and `[suite.unnamed]` of `tests/deviations.toml`.
    pub(crate) fn load(suite: &str) -> Self {
        Self { cases: Self::table(suite), unnamed: Self::table(&format!("{suite}.unnamed")) }
    }

    /// Lines of `"name" = "reason"` below a header.
    fn table(header: &str) -> BTreeMap<String, String> {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/deviations.toml");
        let text = std::fs::read_to_string(path).unwrap_or_default();
        let mut inside = false;
        let mut table = BTreeMap::new();
        for line in text.lines().map(str::trim) {
            if let Some(found) = line.strip_prefix('[') {
                inside = found.trim_end_matches(']') == header;
            } else if inside && let Some((name, reason)) = line.split_once(" = ") {
                table.insert(name.trim_matches('"').to_owned(), reason.trim_matches('"').to_owned());
            }
        }
        table
    }
}

/// Counts of a suite.
#[derive(Default)]
pub(crate) struct Report {
    counts: BTreeMap<Kind, (usize, usize)>,
    names: (usize, usize),
    failures: Vec<String>,
    unnamed: BTreeMap<String, String>,
    deviating: Vec<String>,
    /// Cases with a warning, by code.
    warnings: BTreeMap<String, BTreeSet<String>>,
    /// Successes without any.
    quiet: usize,
}

impl Report {
    pub(crate) fn add(&mut self, name: &str, outcome: &Outcome, deviations: &Deviations) {
        let (equal, total) = self.counts.entry(outcome.kind).or_default();
        *total += 1;
        self.quiet += usize::from(outcome.kind == Kind::Success && outcome.warnings.is_empty());
        for code in &outcome.warnings {
            self.warnings.entry(code.clone()).or_default().insert(name.to_owned());
        }
        *equal += usize::from(outcome.equal);
        if let Some(named) = outcome.names {
            self.names.1 += 1;
            self.names.0 += usize::from(named);
            if outcome.equal && !named {
                self.unnamed.insert(name.to_owned(), outcome.details.clone());
            }
        }
        if !outcome.equal {
            if deviations.cases.contains_key(name) {
                self.deviating.push(name.to_owned());
            } else {
                self.failures.push(format!("{name}\n{}", outcome.details));
            }
        }
    }

    pub(crate) fn finish(self, suite: &str, deviations: &Deviations, kinds: &[Kind]) {
        let equal: usize = self.counts.values().map(|(equal, _)| equal).sum();
        let total: usize = self.counts.values().map(|(_, total)| total).sum();
        println!("{suite}: {equal}/{total} equal, {} deviations", self.deviating.len());
        for kind in kinds {
            let (equal, total) = self.counts.get(kind).copied().unwrap_or_default();
            println!("  {kind:?}: {equal}/{total}");
        }
        let warned: Vec<String> =
            self.warnings.iter().map(|(code, cases)| format!("{code} {}", cases.len())).collect();
        println!("  successes without a warning: {}; cases by warning: {}", self.quiet, warned.join(", "));
        println!("  failures that name what the original quotes: {}/{}", self.names.0, self.names.1);
        if std::env::var_os("VERBOSE").is_some() {
            for (code, cases) in &self.warnings {
                println!("WARNED {code}: {}", cases.iter().map(String::as_str).collect::<Vec<_>>().join(" "));
            }
            for (name, details) in &self.unnamed {
                println!("UNNAMED {name}\n{details}");
            }
        }
        for failure in &self.failures {
            println!("FAIL {failure}");
        }
        if std::env::var_os("CASE").is_some() {
            return;
        }
        assert!(total > 0, "{suite}: the suite is empty");
        let stale: Vec<&String> =
            deviations.cases.keys().filter(|name| !self.deviating.contains(name)).collect();
        assert!(stale.is_empty(), "{suite}: listed as deviations but equal, or gone: {stale:?}");
        assert!(self.failures.is_empty(), "{suite}: {} cases differ", self.failures.len());
        let unnamed: BTreeSet<&String> = self.unnamed.keys().collect();
        let listed: BTreeSet<&String> = deviations.unnamed.keys().collect();
        assert_eq!(
            unnamed, listed,
            "{suite}: failures that do not name what the original quotes, and those listed"
        );
    }
}
