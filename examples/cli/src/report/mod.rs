//! What people are told: errors and warnings, each once, in the form that was asked for.

mod data;
mod text;

use crate::arguments::{Color, DiagnosticsForm, Messages};
use crate::ground::{self, Ground};
use crate::stream::to_stderr;
use gitops::core::value::{SourceId, Sources};
use gitops::render::Counters;
use gitops::{Diagnostic, Severity};
use std::collections::{HashMap, HashSet};
use std::io::IsTerminal;
use std::sync::Arc;

/// What comes between a message and the steps on the way to the fault.
const WHILE: &str = "\n  while ";

/// Gathers diagnostics; draws them at the end.
#[derive(Debug)]
pub(crate) struct Report {
    messages: Messages,
    entries: Vec<Entry>,
    known: HashMap<(Option<usize>, Diagnostic), usize>,
    notes: Vec<String>,
    counters: Vec<(&'static str, u64)>,
    failed: bool,
}

#[derive(Debug)]
struct Entry {
    ground: Option<usize>,
    diagnostic: Diagnostic,
    /// Paths of the roots that it stands in the way of.
    roots: Vec<String>,
}

/// A diagnostic ready to be drawn.
struct Shown<'a> {
    severity: Severity,
    code: &'a str,
    message: &'a str,
    /// What was being done, innermost first.
    way: Vec<String>,
    help: Option<&'a str>,
    /// File as a person here would write it.
    file: Option<String>,
    /// From 1; nothing for a file as a whole.
    line: Option<u32>,
    column: u32,
    /// The file's text.
    source: Option<Arc<str>>,
    /// Other roots that fail for the same reason.
    also: Vec<String>,
}

impl Report {
    pub(crate) fn new(messages: &Messages) -> Self {
        Self {
            messages: messages.clone(),
            entries: Vec::new(),
            known: HashMap::new(),
            notes: Vec::new(),
            counters: Vec::new(),
            failed: false,
        }
    }

    /// Adds what is told of the root at a path of a ground. What was told of another one is not told again.
    pub(crate) fn add(
        &mut self,
        ground: Option<usize>,
        root: Option<&str>,
        diagnostics: impl IntoIterator<Item = Diagnostic>,
    ) {
        for mut diagnostic in diagnostics {
            if self.messages.strict && diagnostic.severity == Severity::Warning {
                diagnostic.severity = Severity::Error;
            }
            let is_error = diagnostic.severity == Severity::Error;
            self.failed |= is_error;
            if self.messages.quiet && !is_error {
                continue;
            }
            let roots: Vec<String> = root.filter(|_| is_error).map(str::to_owned).into_iter().collect();
            // The way to the fault differs from root to root.
            let mut key = (ground, diagnostic.clone());
            key.1.message.truncate(first_message(&diagnostic.message).len());
            match self.known.get(&key).and_then(|at| self.entries.get_mut(*at)) {
                Some(entry) => entry.roots.extend(roots),
                None => {
                    self.known.insert(key, self.entries.len());
                    self.entries.push(Entry { ground, diagnostic, roots });
                }
            }
        }
    }

    /// Adds an error about nothing in particular.
    pub(crate) fn error(&mut self, code: &'static str, message: impl std::fmt::Display) {
        self.add(None, None, [Diagnostic::error(code, message.to_string())]);
    }

    /// Adds a line on how it went.
    pub(crate) fn note(&mut self, text: String) {
        self.notes.push(text);
    }

    /// Adds counts of the work done.
    pub(crate) fn count(&mut self, counters: Counters) {
        let counts = [
            ("files", counters.files),
            ("bytes", counters.bytes),
            ("parsed", counters.parsed),
            ("layers", counters.layers),
            ("layersShared", counters.layers_shared),
            ("fastDocuments", counters.fast_documents),
            ("completeDocuments", counters.complete_documents),
            ("nodes", counters.nodes),
        ];
        for (name, count) in counts {
            match self.counters.iter_mut().find(|(known, _)| *known == name) {
                Some((_, sum)) => *sum += count,
                None => self.counters.push((name, count)),
            }
        }
    }

    /// Whether an error was added.
    pub(crate) fn has_failed(&self) -> bool {
        self.failed
    }

    /// Writes everything to standard error.
    pub(crate) fn draw(&self, grounds: &[Ground]) {
        let form = self.messages.diagnostics;
        // Uploads of SARIF want a log even of nothing.
        if self.entries.is_empty() && form != DiagnosticsForm::Sarif {
            self.draw_rest();
            return;
        }
        let here = ground::here();
        let texts: Vec<Texts> = grounds.iter().map(|ground| Texts::of(ground.session().sources())).collect();
        let shown: Vec<Shown<'_>> = self
            .entries
            .iter()
            .map(|entry| {
                let ground = entry.ground.and_then(|at| Some((grounds.get(at)?, texts.get(at)?)));
                entry.shown(ground, here.as_deref())
            })
            .collect();
        match form {
            DiagnosticsForm::Text => to_stderr(&text::drawn(&shown, self.has_color())),
            DiagnosticsForm::Json => to_stderr(&data::json_lines(&shown)),
            DiagnosticsForm::Github => to_stderr(&data::github(&shown)),
            DiagnosticsForm::Sarif => to_stderr(&data::sarif(&shown)),
        }
        self.draw_rest();
    }

    fn draw_rest(&self) {
        let is_for_people =
            matches!(self.messages.diagnostics, DiagnosticsForm::Text | DiagnosticsForm::Github);
        if self.messages.quiet || !is_for_people {
            return;
        }
        let counts = self.counters.iter().map(|(name, count)| format!("{name}: {count}\n"));
        let notes = self.notes.iter().map(|note| format!("{note}\n"));
        let text: String = notes.chain(counts).collect();
        if !text.is_empty() {
            to_stderr(&text);
        }
    }

    fn has_color(&self) -> bool {
        match self.messages.color {
            Color::Always => true,
            Color::Never => false,
            Color::Auto => {
                let is_refused = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
                let is_dumb = std::env::var_os("TERM").is_some_and(|value| value == "dumb");
                !is_refused && !is_dumb && std::io::stderr().is_terminal()
            }
        }
    }
}

impl Entry {
    fn shown<'a>(&'a self, ground: Option<(&Ground, &Texts)>, here: Option<&std::path::Path>) -> Shown<'a> {
        let Diagnostic { location, severity, code, message, help, .. } = &self.diagnostic;
        let show = |file: &str| match ground {
            Some((ground, _)) => ground.shown(file, here),
            None => file.to_owned(),
        };
        let is_file = |file: &str| ground.is_some_and(|(_, texts)| texts.by_name.contains_key(file));
        let mut parts = message.split(WHILE);
        Shown {
            severity: *severity,
            code,
            message: parts.next().unwrap_or_default(),
            way: way(parts, location.as_ref().map(|location| &*location.file), is_file, show),
            help: help.as_deref(),
            file: location.as_ref().map(|location| show(&location.file)),
            line: location.as_ref().map(|location| location.line).filter(|line| *line > 0),
            column: location.as_ref().map_or(0, |location| location.column),
            source: location
                .as_ref()
                .zip(ground)
                .and_then(|(location, (_, texts))| texts.get(&location.file)),
            also: self.roots.iter().skip(1).map(|root| show(root)).collect(),
        }
    }
}

/// The steps on the way to a fault that say more than its place and the steps before.
fn way<'a>(
    steps: impl Iterator<Item = &'a str>,
    place: Option<&'a str>,
    is_file: impl Fn(&str) -> bool,
    show: impl Fn(&str) -> String,
) -> Vec<String> {
    let mut way = Vec::new();
    let mut known: HashSet<&str> = place.into_iter().collect();
    for step in steps {
        match step_file(step).filter(|(_, file)| is_file(file)) {
            Some((doing, file)) if known.insert(file) => way.push(format!("{doing}{}", show(file))),
            Some(_) => {}
            None => way.push(step.to_owned()),
        }
    }
    way
}

/// A step in two: what was being done, and the file that it was done to.
fn step_file(step: &str) -> Option<(&str, &str)> {
    let starts = ["building ", "reading "].into_iter().find(|start| step.starts_with(start)).map(str::len);
    let at = starts.or_else(|| step.rfind(" of ").map(|at| at + " of ".len()))?;
    step.split_at_checked(at)
}

/// Texts by the name of their file.
struct Texts {
    sources: Sources,
    by_name: HashMap<Arc<str>, SourceId>,
}

impl Texts {
    fn of(sources: Sources) -> Self {
        let ids = (1..=SourceId::MAX).map(SourceId::new);
        let mut by_name = HashMap::new();
        for (id, name) in ids.map_while(|id| Some((id, sources.name(id)?))) {
            // Texts inside of a file come after it under the same name.
            by_name.entry(Arc::clone(name)).or_insert(id);
        }
        Self { sources, by_name }
    }

    fn get(&self, name: &str) -> Option<Arc<str>> {
        self.sources.text(*self.by_name.get(name)?).cloned()
    }
}

fn first_message(message: &str) -> &str {
    message.split(WHILE).next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_that_say_nothing_new_are_left_out() {
        let steps = [
            "reading base/a.yaml",
            "reading the patch",
            "accumulating resources from 'a.yaml' of base/kustomization.yaml",
            "building base/kustomization.yaml",
            "accumulating resources from '../base' of prod/kustomization.yaml",
            "building prod/kustomization.yaml",
        ];
        let expected = [
            "reading the patch",
            "accumulating resources from 'a.yaml' of ./base/kustomization.yaml",
            "accumulating resources from '../base' of ./prod/kustomization.yaml",
        ];
        let is_file = |file: &str| !file.contains(' ');
        let shown = way(steps.into_iter(), Some("base/a.yaml"), is_file, |file| format!("./{file}"));
        assert_eq!(shown, expected);
    }
}
