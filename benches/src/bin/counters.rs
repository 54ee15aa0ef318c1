//! Asserts how work grows with the input, in counts that no machine and no neighbour changes. Exits with 1 where one is
//! beyond its bound.
//!
//! It has a binary of its own because its allocator counts, which costs time.

use std::alloc::System;
use std::error::Error;
use std::io::{self, Write};
use std::process::ExitCode;
use std::sync::Arc;

use gitops_benches::generate::{self, Features, Input, Shape};
use gitops_core::value::Value;
use gitops_core::{json, yaml};
use gitops_render::{Counters, MemoryTree, Options, Session};
use rayon::prelude::*;
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

type Fault = Box<dyn Error + Send + Sync>;

const SEED: u64 = 1;
/// What a resource may cost at 100,000 of them, as a multiple of its cost at 1,000.
const GROWTH: f64 = 1.05;
/// Heap of a definition as a multiple of its JSON text.
const HEAP: f64 = 2.2;
/// The same of small objects, which are mostly keys: an entry of a map takes 48 bytes however short its text.
const SMALL_HEAP: f64 = 3.4;

fn main() -> ExitCode {
    match run() {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(1),
        Err(error) => {
            // A closed standard error leaves nothing to tell it with.
            let _ = writeln!(io::stderr().lock(), "error: {error}");
            ExitCode::from(2)
        }
    }
}

/// True where every bound holds.
fn run() -> Result<bool, Fault> {
    // One thread, so that no allocation depends on which thread took what.
    let alone = rayon::ThreadPoolBuilder::new().num_threads(1).build()?;
    let mut table = Table::default();
    alone.install(|| growth(&mut table))?;
    sharing(&mut table, &alone)?;
    let readers = flat_by_both_readers(&alone)?;
    table.row("flat, 10,000: bytes that differ, complete reader on one thread", readers, Bound::Is(0.0));
    heap(&mut table)?;
    write!(io::stdout().lock(), "{}", table.text)?;
    Ok(!table.broken)
}

/// One flat kustomization with namespace, prefix, labels and images, a hundred times larger.
fn growth(table: &mut Table) -> Result<(), Fault> {
    let mut costs = Vec::new();
    for resources in [1_000, 10_000, 100_000] {
        let input = generate::flat(resources, SEED);
        let cost = Cost::of(&input)?;
        let name = |what: &str| format!("flat, {resources}: {what}");
        let counters = cost.counters;
        table.row(&name("files"), counters.files, Bound::Is(2.0));
        table.row(&name("files parsed as manifests"), counters.parsed, Bound::Is(1.0));
        table.row(&name("bytes per byte of input"), ratio(counters.bytes, input.bytes()), Bound::Is(1.0));
        table.row(&name("layers"), counters.layers, Bound::Is(1.0));
        table.row(&name("documents on the fast path"), counters.fast_documents, Bound::Is(number(resources)));
        table.row(&name("nodes visited per resource"), cost.nodes, Bound::None);
        table.row(&name("allocations per resource"), cost.allocations, Bound::None);
        costs.push(cost);
    }
    let [first, .., last] = costs.as_slice() else { return Ok(()) };
    table.row("flat: nodes per resource, 100,000 ÷ 1,000", last.nodes / first.nodes, Bound::AtMost(GROWTH));
    let allocations = last.allocations / first.allocations;
    table.row("flat: allocations per resource, 100,000 ÷ 1,000", allocations, Bound::AtMost(GROWTH));
    Ok(())
}

/// What one render and the writing of its output cost.
struct Cost {
    counters: Counters,
    nodes: f64,
    allocations: f64,
}

impl Cost {
    /// The second render counts: the first one also fills tables that last as long as the process.
    fn of(input: &Input) -> Result<Self, Fault> {
        write_root(&session(input, false), "", io::sink())?;
        let session = session(input, false);
        let region = Region::new(ALLOCATOR);
        write_root(&session, "", io::sink())?;
        let change = region.change();
        let counters = session.counters();
        Ok(Self {
            counters,
            nodes: ratio(counters.nodes, input.resources),
            allocations: ratio(change.allocations + change.reallocations, input.resources),
        })
    }
}

/// 1,002 overlays over 334 bases: on two threads with the fast reader, on one with the complete one.
fn sharing(table: &mut Table, alone: &rayon::ThreadPool) -> Result<(), Fault> {
    let shape = Shape { overlays: 1_002, seed: SEED, ..Shape::default() };
    for (name, features) in [("overlays", Features::default()), ("overlays, all features", Features::ALL)] {
        let input = generate::overlays(&Shape { features, ..shape.clone() });
        let fast = session(&input, false);
        let outputs =
            rayon::ThreadPoolBuilder::new().num_threads(2).build()?.install(|| render_all(&fast, &input))?;
        let complete = session(&input, true);
        let others = alone.install(|| render_all(&complete, &input))?;

        let counters = fast.counters();
        let name = |what: &str| format!("{name}, {}: {what}", input.roots.len());
        let overlays = input.roots.len();
        let components = if features.components { 2 * overlays } else { 0 };
        let read = input.files.keys().filter(|path| !path.starts_with("apps/"));
        table.row(&name("files"), counters.files, Bound::Is(number(read.clone().count())));
        let bytes: usize = read.clone().map(|path| input.files[path].len()).sum();
        table.row(&name("bytes"), counters.bytes, Bound::Is(number(bytes)));
        let manifests = read.filter(|path| !path.ends_with("kustomization.yaml")).count();
        table.row(&name("manifests and patches parsed"), counters.parsed, Bound::Is(number(manifests)));
        let layers = overlays + components + input.bases;
        table.row(&name("layers built"), counters.layers, Bound::Is(number(layers)));
        table.row(&name("layers shared"), counters.layers_shared, Bound::Is(number(overlays - input.bases)));
        table.row(&name("documents read by the complete reader"), counters.complete_documents, Bound::None);
        let different = outputs.iter().zip(&others).filter(|(a, b)| a != b).count();
        table.row(&name("outputs that differ, complete reader on one thread"), different, Bound::Is(0.0));
        let unused = complete.counters().fast_documents;
        table.row(&name("documents read by the fast reader, complete only"), unused, Bound::Is(0.0));
    }
    Ok(())
}

/// How many bytes of the output differ.
fn flat_by_both_readers(alone: &rayon::ThreadPool) -> Result<usize, Fault> {
    let input = generate::flat(10_000, SEED);
    let fast = render_all(&session(&input, false), &input)?.concat();
    let complete = alone.install(|| render_all(&session(&input, true), &input))?.concat();
    let same = fast.iter().zip(&complete).take_while(|(a, b)| a == b).count();
    Ok(fast.len().max(complete.len()) - same)
}

/// Heap that values keep, by kind of tree.
fn heap(table: &mut Table) -> Result<(), Fault> {
    let shape =
        Shape { overlays: 300, resources: 12, features: Features::ALL, seed: SEED, ..Shape::default() };
    let trees = [
        ("application files", generate::overlays(&shape), SMALL_HEAP),
        ("flat", generate::flat(5_000, SEED), SMALL_HEAP),
        ("definitions", generate::definitions(20, 100 << 10, SEED), HEAP),
    ];
    for (name, input, most) in trees {
        let heap = heap_per_byte(&input)?;
        table.row(&format!("heap of values per byte of JSON, {name}"), heap, Bound::AtMost(most));
    }
    Ok(())
}

/// Bytes of heap that the documents of a tree keep, per byte of their text as JSON.
fn heap_per_byte(input: &Input) -> Result<f64, Fault> {
    let mut values: Vec<Value> = Vec::with_capacity(input.resources + input.files.len());
    let options = yaml::Options::kustomize();
    let region = Region::new(ALLOCATOR);
    for text in input.files.values() {
        values.extend(yaml::read(text.as_bytes(), &options)?.into_iter().map(|document| document.root));
    }
    let change = region.change();
    let mut text = 0;
    for value in &values {
        text += json::to_string(value)?.len();
    }
    Ok(ratio(change.bytes_allocated - change.bytes_deallocated, text))
}

fn session(input: &Input, complete_reader: bool) -> Session {
    let mut options = Options::default();
    options.complete_reader = complete_reader;
    Session::with_options(Arc::new(MemoryTree::from_iter(&input.files)), options)
}

/// The output of every root, in their order.
fn render_all(session: &Session, input: &Input) -> Result<Vec<Vec<u8>>, Fault> {
    let render = |root: &String| {
        let mut bytes = Vec::new();
        write_root(session, root, &mut bytes).map(|()| bytes)
    };
    input.roots.par_iter().map(render).collect()
}

fn write_root(session: &Session, root: &str, to: impl Write) -> Result<(), Fault> {
    Ok(session.render(root)?.write_yaml(to)?)
}

/// Figures against their bounds, as text.
#[derive(Default)]
struct Table {
    text: String,
    broken: bool,
}

#[derive(Clone, Copy)]
enum Bound {
    None,
    Is(f64),
    AtMost(f64),
}

impl Table {
    fn row(&mut self, what: &str, measured: impl Into<Figure>, bound: Bound) {
        let Figure(measured) = measured.into();
        let (fine, wanted) = match bound {
            Bound::None => (true, String::new()),
            // Counts are exact; a ratio is 1 or it is not.
            Bound::Is(wanted) => ((measured - wanted).abs() < 1e-9, format!("= {wanted}")),
            Bound::AtMost(wanted) => (measured <= wanted, format!("≤ {wanted}")),
        };
        self.broken |= !fine;
        let mark = if fine { "" } else { "  BROKEN" };
        let decimals = if measured.fract() == 0.0 { 0 } else { 3 };
        self.text += format!("{what:<72} {measured:>14.decimals$}  {wanted}{mark}").trim_end();
        self.text.push('\n');
    }
}

struct Figure(f64);

impl From<f64> for Figure {
    fn from(value: f64) -> Self {
        Self(value)
    }
}

impl From<u64> for Figure {
    fn from(value: u64) -> Self {
        Self(number(value))
    }
}

impl From<usize> for Figure {
    fn from(value: usize) -> Self {
        Self(number(value))
    }
}

#[expect(clippy::cast_precision_loss, reason = "counts stay far below 2^52")]
fn number(count: impl TryInto<u64>) -> f64 {
    count.try_into().map_or(f64::NAN, |count: u64| count as f64)
}

fn ratio(count: impl TryInto<u64>, of: impl TryInto<u64>) -> f64 {
    number(count) / number(of)
}
