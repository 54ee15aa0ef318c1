//! `gitops render`.

use crate::arguments::{Format, Render};
use crate::explain;
use crate::ground::Ground;
use crate::interrupt;
use crate::report::Report;
use crate::stream::to_stdout;
use crate::target::{How, Target, Targets};
use gitops::core::json::{self, Flavour};
use gitops::core::value::{Map, Seq};
use gitops::output::{self, Change, Folder, Pruned};
use gitops::{Choice, Diagnostic, Failure, Object, Rendered, Session, Severity, Value};
use rayon::iter::{IntoParallelRefIterator, ParallelIterator};
use std::collections::{HashMap, HashSet};
use std::path::Path;

/// What is printed of a root.
#[derive(Debug)]
pub(crate) enum Answer {
    /// Text as it is.
    Bytes(Vec<u8>),
    /// Elements of a list that may span several roots.
    Objects(Vec<Value>),
}

/// A root that was rendered: what to print, unless that failed, and what to tell.
struct Done {
    answer: Option<Answer>,
    diagnostics: Vec<Diagnostic>,
}

/// Renders and prints; false where anything went wrong.
pub(crate) fn run(arguments: &Render) -> bool {
    let mut report = Report::new(&arguments.messages);
    let targets = Targets::of(arguments, &mut report);
    let (grounds, targets) = (targets.grounds, targets.list);
    if targets.len() > 1 {
        start_threads(arguments.threads);
    }
    let run = Run { arguments, grounds: &grounds, targets: &targets, choice: choice(arguments) };
    let results = run.render();
    let answers = run.gather(results, &mut report);
    match &arguments.out_dir {
        Some(folder) => run.write_folder(folder, answers, &mut report),
        None => run.write_stream(answers, &mut report),
    }
    if arguments.messages.verbose {
        for ground in &grounds {
            report.count(ground.session().counters());
        }
    }
    report.draw(&grounds);
    // The process ends here: its memory goes as a whole, which is cheaper than node by node.
    std::mem::forget(grounds);
    !report.has_failed()
}

fn choice(arguments: &Render) -> Choice {
    Choice {
        namespace: arguments.namespace.clone(),
        selector: arguments.selector.clone().unwrap_or_default(),
        kinds: arguments.kinds.clone(),
    }
}

fn start_threads(count: Option<u16>) {
    /// As much as the main thread has: a chain of bases is built by recursion.
    const STACK: usize = 8 << 20;
    let threads =
        rayon::ThreadPoolBuilder::new().num_threads(count.unwrap_or_default().into()).stack_size(STACK);
    // There is no pool yet; and were there one, it would do.
    let _ = threads.build_global();
}

/// One run of the command.
struct Run<'a> {
    arguments: &'a Render,
    grounds: &'a [Ground],
    targets: &'a [Target],
    choice: Choice,
}

impl Run<'_> {
    /// Renders all targets; the results are in their order.
    fn render(&self) -> Vec<Result<Done, Failure>> {
        let mut by_path: Vec<HashMap<String, Result<Done, Failure>>> = Vec::new();
        for (at, ground) in self.grounds.iter().enumerate() {
            let shared =
                self.targets.iter().filter(|target| target.ground == at && matches!(target.how, How::Any));
            let paths: Vec<&str> = shared.map(|target| target.path.as_str()).collect();
            let results =
                ground.session().render_each(&paths, |path, rendered| self.finish(ground, path, rendered));
            by_path.push(results.into_iter().collect());
        }
        let result = |target: &Target| {
            let shared = by_path.get_mut(target.ground).and_then(|results| results.remove(&target.path));
            match (&target.how, shared) {
                (How::Any, Some(result)) => Some(result),
                (how, _) => {
                    let ground = self.grounds.get(target.ground)?;
                    let rendered = render_as(ground.session(), &target.path, how);
                    Some(rendered.map(|rendered| self.finish(ground, &target.path, rendered)))
                }
            }
        };
        self.targets.iter().filter_map(result).collect()
    }

    /// Makes of a rendered root what is printed of it.
    fn finish(&self, ground: &Ground, path: &str, mut rendered: Rendered) -> Done {
        let mut diagnostics = std::mem::take(&mut rendered.diagnostics);
        let is_refused = self.arguments.messages.strict
            && diagnostics.iter().any(|diagnostic| diagnostic.severity <= Severity::Warning);
        let answer = match &self.arguments.explain {
            _ if is_refused => return Done { answer: None, diagnostics },
            Some(query) => explain::explain(ground, &rendered, query).and_then(|explanations| {
                let root =
                    (self.targets.len() > 1).then(|| ground.shown(path, crate::ground::here().as_deref()));
                explain::answer(&explanations, root.as_deref(), self.arguments.output)
            }),
            None => {
                rendered.objects = self.choice.of(std::mem::take(&mut rendered.objects));
                let answer = answer(ground.session(), &rendered, self.arguments.output);
                if self.targets.len() == 1 {
                    // As in `run`.
                    std::mem::forget(rendered);
                }
                answer
            }
        };
        let answer = answer.map_err(|diagnostic| diagnostics.push(diagnostic)).ok();
        Done { answer, diagnostics }
    }

    /// Reports everything and gives what is to be printed, for each target.
    fn gather(&self, results: Vec<Result<Done, Failure>>, report: &mut Report) -> Vec<Option<Answer>> {
        let is_found =
            |result: &Result<Done, Failure>| result.as_ref().is_ok_and(|done| done.answer.is_some());
        // An object that is asked for stands in some roots only; that it stands in none is told once.
        let mut misses_wanted = usize::from(!results.iter().any(is_found));
        let mut answers = Vec::with_capacity(results.len());
        for (target, result) in self.targets.iter().zip(results) {
            let (answer, mut diagnostics) = match result {
                Ok(done) => (done.answer, done.diagnostics),
                Err(failure) => (None, failure.diagnostics),
            };
            diagnostics.retain(|diagnostic| {
                let is_miss = diagnostic.code == explain::MATCHED_NOTHING;
                let keeps = !is_miss || misses_wanted > 0;
                misses_wanted -= usize::from(is_miss && keeps);
                keeps
            });
            report.add(Some(target.ground), Some(&target.path), diagnostics);
            answers.push(answer);
        }
        answers
    }

    fn write_stream(&self, answers: Vec<Option<Answer>>, report: &mut Report) {
        let answers: Vec<Answer> = answers.into_iter().flatten().collect();
        if answers.is_empty() {
            return;
        }
        let is_documents =
            matches!(self.arguments.output, Format::Text | Format::Yaml) && self.arguments.explain.is_none();
        let texts = match self.texts(answers, if is_documents { b"---\n" } else { b"" }) {
            Ok(texts) => texts,
            Err(error) => return report.error("output", error),
        };
        match &self.arguments.out {
            None => {
                if let Err(error) = to_stdout(&texts) {
                    report.error("write", error);
                }
            }
            Some(path) => {
                if let Err(error) = write_file(path, &texts.concat()) {
                    report.error("write", error);
                }
            }
        }
    }

    /// Texts that make one stream, `between` them where neither is empty.
    fn texts(&self, answers: Vec<Answer>, between: &[u8]) -> Result<Vec<Vec<u8>>, json::WriteError> {
        let mut texts = Vec::with_capacity(answers.len() * 2);
        let mut objects = Vec::new();
        for answer in answers {
            match answer {
                Answer::Bytes(bytes) if bytes.is_empty() => {}
                Answer::Bytes(bytes) => {
                    if !texts.is_empty() && !between.is_empty() {
                        texts.push(between.to_vec());
                    }
                    texts.push(bytes);
                }
                Answer::Objects(more) => objects.extend(more),
            }
        }
        if self.arguments.output == Format::Json {
            texts.push(self.list(objects)?);
        }
        Ok(texts)
    }

    /// Objects as one JSON document.
    fn list(&self, objects: Vec<Value>) -> Result<Vec<u8>, json::WriteError> {
        let items = Value::from(Seq::from_iter(objects));
        let list = if self.arguments.explain.is_some() {
            items
        } else {
            Value::from(Map::from_iter([
                ("apiVersion", Value::from("v1")),
                ("kind", Value::from("List")),
                ("items", items),
            ]))
        };
        let mut bytes = Vec::new();
        json::write(&list, Flavour::Pretty, &mut bytes)?;
        bytes.push(b'\n');
        Ok(bytes)
    }

    /// Writes a file for each root.
    fn write_folder(&self, path: &Path, answers: Vec<Option<Answer>>, report: &mut Report) {
        interrupt::wait_for_writes();
        let mut folder = match Folder::open(path) {
            Ok(folder) => folder,
            Err(error) => return report.error("write", error),
        };
        let mut taken: HashMap<String, &str> = HashMap::new();
        let mut files = Vec::new();
        let mut failed = HashSet::new();
        for (target, answer) in self.targets.iter().zip(answers) {
            let name = format!("{}.{}", target.name, self.ending());
            if let Some(other) = taken.insert(name.clone(), &target.path) {
                report.error(
                    "output-conflict",
                    format!("{other} and {} would both be written to {name}", target.path),
                );
                continue;
            }
            match answer.map(|answer| self.texts(vec![answer], b"")) {
                Some(Ok(texts)) => files.push((name, texts.concat())),
                Some(Err(error)) => {
                    report.error("output", format!("{}: {error}", target.path));
                    failed.insert(name);
                }
                None => drop(failed.insert(name)),
            }
        }
        let (written, unchanged) = write_files(&folder, &files, report);
        let removed = if self.arguments.prune { prune(&mut folder, &failed, report) } else { 0 };
        let hold = interrupt::writing();
        if let Err(error) = folder.finish() {
            report.error("write", error);
        }
        drop(hold);
        report
            .note(format!("{}: {written} written, {unchanged} unchanged, {removed} removed", path.display()));
    }

    fn ending(&self) -> &'static str {
        match self.arguments.output {
            Format::Text | Format::Yaml => "yaml",
            Format::Json => "json",
            Format::Ndjson => "ndjson",
        }
    }
}

fn write_file(path: &Path, bytes: &[u8]) -> Result<(), output::Error> {
    // A pipe may make its writer wait for ever, which Ctrl-C must be able to end.
    let is_special = path.metadata().is_ok_and(|found| !found.is_file());
    if is_special {
        return output::write_file(path, bytes);
    }
    interrupt::wait_for_writes();
    let _hold = interrupt::writing();
    output::write_file(path, bytes)
}

/// Counts of files written and unchanged.
fn write_files(folder: &Folder, files: &[(String, Vec<u8>)], report: &mut Report) -> (usize, usize) {
    let write = |(name, bytes): &(String, Vec<u8>)| {
        let _hold = interrupt::writing();
        folder.write(name, bytes)
    };
    let changes: Vec<_> = if files.len() > 1 {
        files.par_iter().map(write).collect()
    } else {
        files.iter().map(write).collect()
    };
    let (mut written, mut unchanged) = (0, 0);
    for change in changes {
        match change {
            Ok(Change::Written) => written += 1,
            Ok(Change::Unchanged) => unchanged += 1,
            Err(error) => report.error("write", error),
        }
    }
    (written, unchanged)
}

/// The number of files removed. What failed now may come back, so its file stays.
fn prune(folder: &mut Folder, failed: &HashSet<String>, report: &mut Report) -> usize {
    let pruned = match folder.prune(failed) {
        Ok(pruned) => pruned,
        Err(error) => {
            report.error("write", error);
            return 0;
        }
    };
    let mut removed = 0;
    for file in pruned {
        match file {
            Pruned::Kept(name) => {
                let diagnostic = Diagnostic::warning(
                    "prune-kept",
                    format!("{name} is no longer rendered, but was changed since it was written"),
                );
                report.add(
                    None,
                    None,
                    [diagnostic.with_help("remove it by hand, or restore it to have it removed")],
                );
            }
            _ => removed += 1,
        }
    }
    removed
}

fn render_as(session: &Session, path: &str, how: &How) -> Result<Rendered, Failure> {
    match how {
        How::Any => session.render(path),
        How::Kustomization => session.render_kustomization(path),
        How::Directory(options) => session.render_folder(path, options),
        How::Input(bytes) => session.render_text(path, bytes),
    }
}

/// A rendered root in a form.
fn answer(session: &Session, rendered: &Rendered, format: Format) -> Result<Answer, Diagnostic> {
    match format {
        Format::Text | Format::Yaml => {
            let mut bytes = Vec::new();
            rendered.write_yaml(&mut bytes).map_err(|error| session.diagnose(&error))?;
            Ok(Answer::Bytes(bytes))
        }
        Format::Ndjson => {
            let mut bytes = Vec::new();
            for object in &rendered.objects {
                json::write(&object.value, Flavour::Compact, &mut bytes)
                    .map_err(|error| refused(session, object, &error))?;
                bytes.push(b'\n');
            }
            Ok(Answer::Bytes(bytes))
        }
        Format::Json => {
            // Each by itself first, so that one that can't be written does not take the others along.
            for object in &rendered.objects {
                json::write(&object.value, Flavour::Compact, std::io::sink())
                    .map_err(|error| refused(session, object, &error))?;
            }
            Ok(Answer::Objects(rendered.objects.iter().map(|object| object.value.clone()).collect()))
        }
    }
}

fn refused(session: &Session, object: &Object, error: &json::WriteError) -> Diagnostic {
    Diagnostic::error("output", format!("{} can't be written as JSON: {error}", object.key()))
        .at(session.locate(object.value.place()))
}
