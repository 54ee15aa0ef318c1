//! The YAML reader and writer against yaml_serde: both in this process, on one thread, in turns, by CPU time.

use std::hint::black_box;
use std::time::{Duration, Instant};

use gitops_core::value::Value;
use gitops_core::{json, yaml};
use rustix::time::{ClockId, clock_gettime};
use serde::Deserialize;

use super::report::{Bar, Bound, Row, count};
use super::{Bench, Error};
use crate::generate::{self, Features, Input, Shape};
use crate::measure::Usage;

const PAIRS: usize = 11;
/// One run lasts about this long.
const RUN: Duration = Duration::from_millis(50);

pub(super) fn reader_small(bench: &Bench<'_>) -> Result<Row, Error> {
    let input = application_files(bench.seed);
    let what = "YAML reader into values, one thread: small application files; the peer is yaml_serde";
    reader(Row::new("reader-small", what, &input), &input)
}

pub(super) fn reader_definitions(bench: &Bench<'_>) -> Result<Row, Error> {
    let input = generate::definitions(4, 500 << 10, bench.seed);
    let what = "YAML reader into values, one thread: CustomResourceDefinitions; the peer is yaml_serde";
    reader(Row::new("reader-definitions", what, &input), &input)
}

pub(super) fn writer_small(bench: &Bench<'_>) -> Result<Row, Error> {
    let input = application_files(bench.seed);
    let what = "YAML writer, one thread: small application objects; the peer is yaml_serde";
    writer(Row::new("writer-small", what, &input), &input)
}

pub(super) fn writer_definitions(bench: &Bench<'_>) -> Result<Row, Error> {
    let input = generate::definitions(4, 500 << 10, bench.seed);
    let what = "YAML writer, one thread: CustomResourceDefinitions; the peer is yaml_serde";
    writer(Row::new("writer-definitions", what, &input), &input)
}

/// Manifests of many kinds and the kustomizations over them, some hundred bytes each.
fn application_files(seed: u64) -> Input {
    generate::overlays(&Shape {
        overlays: 60,
        resources: 12,
        features: Features::ALL,
        seed,
        ..Shape::default()
    })
}

fn reader(mut row: Row, input: &Input) -> Result<Row, Error> {
    let texts: Vec<&str> = input.files.values().map(String::as_str).collect();
    let options = yaml::Options::kustomize();
    let (ours, fast) = read(&texts, row.name)?;
    let theirs = read_by_peer(&texts, row.name)?;
    check(&row, &ours, &theirs)?;

    let mut reader = yaml::Reader::new();
    let pairs = pairs(
        || texts.iter().for_each(|text| drop(black_box(reader.read(text.as_bytes(), &options)))),
        || texts.iter().for_each(|text| drop(black_box(parse_by_peer(text)))),
    );
    row.set(&pairs);
    row.equal_outputs = ours.len();
    row.counters.insert("documents".to_owned(), count(ours.len()));
    row.counters.insert("documents on the fast path".to_owned(), count(fast));
    set_bars(&mut row, input.bytes(), 350.0);
    Ok(row)
}

fn writer(mut row: Row, input: &Input) -> Result<Row, Error> {
    let texts: Vec<&str> = input.files.values().map(String::as_str).collect();
    let (ours, _) = read(&texts, row.name)?;
    let theirs = read_by_peer(&texts, row.name)?;
    let mut written = Vec::new();
    let mut written_by_peer = Vec::new();
    for (value, other) in ours.iter().zip(&theirs) {
        written.push(yaml::to_string(value).map_err(|error| fault(row.name, &error))?);
        written_by_peer.push(serde_yaml::to_string(other).map_err(|error| fault(row.name, &error))?);
    }
    let back: Vec<&str> = written.iter().map(String::as_str).collect();
    let back_by_peer: Vec<&str> = written_by_peer.iter().map(String::as_str).collect();
    check(&row, &read(&back_by_peer, row.name)?.0, &read_by_peer(&back, row.name)?)?;

    let bytes: usize = written.iter().map(String::len).sum();
    let mut output = Vec::with_capacity(2 * bytes);
    let mut output_of_peer = Vec::with_capacity(2 * bytes);
    let pairs = pairs(
        || {
            output.clear();
            let mut writer = yaml::Writer::new(&mut output);
            for value in &ours {
                drop(black_box(writer.document(value)));
            }
            drop(black_box(writer.finish()));
        },
        || {
            output_of_peer.clear();
            let mut writer = serde_yaml::Serializer::new(&mut output_of_peer);
            for value in &theirs {
                drop(black_box(serde::Serialize::serialize(value, &mut writer)));
            }
        },
    );
    row.set(&pairs);
    row.equal_outputs = ours.len();
    row.counters.insert("documents".to_owned(), count(ours.len()));
    row.counters.insert("bytes written".to_owned(), count(bytes));
    set_bars(&mut row, bytes, 400.0);
    Ok(row)
}

fn set_bars(row: &mut Row, bytes: usize, aim: f64) {
    if let (Some(ours), Some(ratio)) = (row.ours, row.ratio) {
        // Bytes per microsecond are megabytes per second.
        let rate = count(bytes) / (ours.cpu_ms * 1_000.0);
        row.bars = vec![
            Bar::new("yaml_serde's CPU ÷ ours", Bound::AtLeast, Some(3.0), None, ratio.cpu),
            Bar::new("MB per CPU second", Bound::AtLeast, None, Some(aim), rate),
        ];
    }
}

/// All documents, and how many the fast reader took.
fn read(texts: &[&str], row: &'static str) -> Result<(Vec<Value>, usize), Error> {
    let mut values = Vec::new();
    let mut fast = 0;
    for text in texts {
        let documents = yaml::read(text.as_bytes(), &yaml::Options::kustomize());
        for document in documents.map_err(|error| fault(row, &error))? {
            fast += usize::from(document.path == yaml::ReadPath::Fast);
            values.push(document.root);
        }
    }
    Ok((values, fast))
}

fn read_by_peer(texts: &[&str], row: &'static str) -> Result<Vec<serde_yaml::Value>, Error> {
    let mut values = Vec::new();
    for text in texts {
        values.extend(parse_by_peer(text).map_err(|error| fault(row, &error))?);
    }
    Ok(values)
}

fn parse_by_peer(text: &str) -> Result<Vec<serde_yaml::Value>, serde_yaml::Error> {
    serde_yaml::Deserializer::from_str(text).map(serde_yaml::Value::deserialize).collect()
}

/// Fails unless both sides hold the same documents.
fn check(row: &Row, ours: &[Value], theirs: &[serde_yaml::Value]) -> Result<(), Error> {
    let fault = |message: &dyn std::fmt::Display| fault(row.name, message);
    if ours.len() != theirs.len() {
        return Err(fault(&format!("{} documents, but the peer has {}", ours.len(), theirs.len())));
    }
    for (index, (ours, theirs)) in ours.iter().zip(theirs).enumerate() {
        let ours = json::to_string(ours).map_err(|error| fault(&error))?;
        let ours: serde_json::Value = serde_json::from_str(&ours).map_err(|error| fault(&error))?;
        if ours != serde_json::to_value(theirs).map_err(|error| fault(&error))? {
            return Err(fault(&format!("document {index} has another meaning for the peer")));
        }
    }
    Ok(())
}

fn fault(row: &'static str, message: &dyn std::fmt::Display) -> Error {
    Error::Text { row, message: message.to_string() }
}

/// Runs both sides in turns; each run repeats its work until it lasts long enough to be measured.
fn pairs(mut ours: impl FnMut(), mut theirs: impl FnMut()) -> Vec<(Usage, Usage)> {
    let (our_times, their_times) = (times(&mut ours), times(&mut theirs));
    (0..PAIRS).map(|_| (usage(&mut ours, our_times), usage(&mut theirs, their_times))).collect()
}

/// How often the work fits into one run, after a run that fills caches.
fn times(work: &mut impl FnMut()) -> u32 {
    work();
    let once = usage(work, 1).cpu.max(Duration::from_micros(1));
    u32::try_from(RUN.as_nanos() / once.as_nanos()).unwrap_or(u32::MAX).max(1)
}

/// What doing the work once costs, on average over `times`.
fn usage(work: &mut impl FnMut(), times: u32) -> Usage {
    let (started, cpu) = (Instant::now(), thread_time());
    for _ in 0..times {
        work();
    }
    let (wall, cpu) = (started.elapsed() / times, thread_time().saturating_sub(cpu) / times);
    Usage { cpu, wall, peak: 0, success: true }
}

/// CPU time of this thread so far.
fn thread_time() -> Duration {
    Duration::try_from(clock_gettime(ClockId::ThreadCPUTime)).unwrap_or_default()
}
