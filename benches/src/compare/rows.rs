//! The rows: what is compared, on which input, against which bars.

use std::ffi::OsString;
use std::path::Path;
use std::time::Duration;

use super::report::{Bar, Bound, Cost, Row, count};
use super::{Bench, Error, texts};
use crate::generate::{self, Features, Input, Random, Shape};
use crate::measure::Usage;

/// A row's name and how to run it.
type Entry = (&'static str, fn(&Bench<'_>) -> Result<Row, Error>);

/// All rows in the order in which they run.
pub(super) const ROWS: &[Entry] = &[
    ("overlay", overlay),
    ("overlay-features", overlay_features),
    ("flat-1k", flat_1k),
    ("flat-10k", flat_10k),
    ("flat-100k", flat_100k),
    ("definitions", definitions),
    ("overlays-1002", overlays),
    ("reader-small", texts::reader_small),
    ("reader-definitions", texts::reader_definitions),
    ("writer-small", texts::writer_small),
    ("writer-definitions", texts::writer_definitions),
];

const CPU_RATIO: &str = "kubectl's CPU ÷ ours";
const WALL: &str = "wall, best, ms";
const CPU: &str = "CPU, ms";
const PEAK: &str = "peak, MiB";

fn overlay(bench: &Bench<'_>) -> Result<Row, Error> {
    let input = generate::overlays(&Shape { environments: 1, seed: bench.seed, ..Shape::default() });
    let mut row = Row::new("overlay", "one overlay over a base of 4 resources, 2 patches", &input);
    let root = bench.place(row.name, &input)?.join(&input.roots[0]);
    bench.pairs(&mut row, &root, 15)?;
    if let (Some(ours), Some(ratio)) = (row.ours, row.ratio) {
        row.bars = vec![
            Bar::new(CPU_RATIO, Bound::AtLeast, Some(25.0), Some(65.0), ratio.cpu),
            Bar::new(PEAK, Bound::AtMost, Some(12.0), Some(8.0), ours.peak_mib),
            Bar::new(WALL, Bound::AtMost, None, Some(2.0), ours.wall_best_ms),
        ];
    }
    Ok(row)
}

fn overlay_features(bench: &Bench<'_>) -> Result<Row, Error> {
    let shape = Shape {
        environments: 1,
        resources: 9,
        features: Features::ALL,
        seed: bench.seed,
        ..Shape::default()
    };
    let input = generate::overlays(&shape);
    let what = "one overlay of 9 resources with namespace, prefix, labels, images, generator, replacement, 2 components";
    let mut row = Row::new("overlay-features", what, &input);
    let root = bench.place(row.name, &input)?.join(&input.roots[0]);
    bench.pairs(&mut row, &root, 9)?;
    Ok(row)
}

fn flat_1k(bench: &Bench<'_>) -> Result<Row, Error> {
    let input = generate::flat(1_000, bench.seed);
    let mut row = Row::new("flat-1k", "1,000 resources with namespace, prefix, labels, images", &input);
    let root = bench.place(row.name, &input)?;
    bench.pairs(&mut row, &root, 3)?;
    if let (Some(ours), Some(ratio)) = (row.ours, row.ratio) {
        row.bars = vec![
            Bar::new(CPU_RATIO, Bound::AtLeast, Some(150.0), Some(550.0), ratio.cpu),
            Bar::new(WALL, Bound::AtMost, None, Some(10.0), ours.wall_best_ms),
        ];
    }
    Ok(row)
}

fn flat_10k(bench: &Bench<'_>) -> Result<Row, Error> {
    let input = generate::flat(10_000, bench.seed);
    let mut row = Row::new("flat-10k", "the same with 10,000 resources; ours alone", &input);
    let ours = alone(bench, &mut row, &input, 5)?;
    row.bars = vec![
        Bar::new(CPU, Bound::AtMost, Some(400.0), None, ours.cpu_ms),
        Bar::new(PEAK, Bound::AtMost, Some(128.0), Some(64.0), ours.peak_mib),
        Bar::new(WALL, Bound::AtMost, None, Some(80.0), ours.wall_best_ms),
    ];
    Ok(row)
}

fn flat_100k(bench: &Bench<'_>) -> Result<Row, Error> {
    let smaller = generate::flat(10_000, bench.seed);
    let input = generate::flat(100_000, bench.seed);
    let mut row = Row::new("flat-100k", "the same with 100,000 resources; ours alone", &input);
    let tenth = alone(bench, &mut row, &smaller, 3)?;
    let ours = alone(bench, &mut row, &input, 3)?;
    let exponent = (ours.cpu_ms / tenth.cpu_ms).log10();
    row.bars = vec![Bar::new("exponent of CPU, 10k to 100k", Bound::AtMost, None, Some(1.1), exponent)];
    Ok(row)
}

fn definitions(bench: &Bench<'_>) -> Result<Row, Error> {
    let input = generate::definitions(4, 500 << 10, bench.seed);
    let mut row = Row::new("definitions", "4 CustomResourceDefinitions of about 500 KB each", &input);
    let root = bench.place(row.name, &input)?;
    bench.pairs(&mut row, &root, 3)?;
    Ok(row)
}

/// The peer renders a seeded sample, in as many parts as ours has runs, so that both sides see the same load.
fn overlays(bench: &Bench<'_>) -> Result<Row, Error> {
    const SAMPLE: usize = 100;
    const PARTS: usize = 5;
    let input = generate::overlays(&Shape { overlays: 1_002, seed: bench.seed, ..Shape::default() });
    let mut row =
        Row::new("overlays-1002", "1,002 overlays over 334 bases, one process, a file for each", &input);
    let folder = bench.place(row.name, &input)?;
    let sample = Random::new(bench.seed).sample(input.roots.len(), SAMPLE);
    let scale = count(input.roots.len()) / count(SAMPLE);

    let mut pairs = Vec::with_capacity(PARTS);
    for part in 0..PARTS {
        let out = bench.folder.join(format!("overlays-out-{part}"));
        let arguments: [OsString; 4] =
            ["-r".into(), folder.join("clusters").into(), "--out-dir".into(), out.clone().into()];
        let ours = bench.render(&arguments)?;
        let mut peer: Option<Usage> = None;
        for &index in sample.iter().skip(part).step_by(PARTS) {
            let root = &input.roots[index];
            let one = bench.kustomize(&folder.join(root))?;
            let relative = root.strip_prefix("clusters/").unwrap_or(root);
            bench.assert_equal(row.name, root, &out.join(format!("{relative}.yaml")))?;
            peer = Some(peer.map_or(one, |sum| add(sum, one)));
        }
        if let Some(peer) = peer {
            pairs.push((ours, multiply(peer, scale * count(PARTS))));
        }
    }
    row.set(&pairs);
    row.equal_outputs = sample.len();
    row.notes.push(format!(
        "the peer ran {SAMPLE} of the {} overlays, one process each, chosen by the seed; its times are scaled by {scale:.2}",
        input.roots.len()
    ));
    if let (Some(ours), Some(ratio)) = (row.ours, row.ratio) {
        row.bars = vec![
            Bar::new(CPU_RATIO, Bound::AtLeast, Some(250.0), None, ratio.cpu),
            Bar::new(CPU, Bound::AtMost, None, Some(150.0), ours.cpu_ms),
        ];
    }
    Ok(row)
}

/// Runs our side only; the cost also becomes the row's.
fn alone(bench: &Bench<'_>, row: &mut Row, input: &Input, runs: usize) -> Result<Cost, Error> {
    let root = bench.place(&format!("{}-{}", row.name, input.resources), input)?;
    let runs: Vec<Usage> =
        (0..runs).map(|_| bench.render(&[root_argument(&root)])).collect::<Result<_, _>>()?;
    let cost = Cost::of(&runs);
    row.ours = Some(cost);
    Ok(cost)
}

fn root_argument(root: &Path) -> OsString {
    root.into()
}

fn add(left: Usage, right: Usage) -> Usage {
    Usage {
        cpu: left.cpu + right.cpu,
        wall: left.wall + right.wall,
        peak: left.peak.max(right.peak),
        success: left.success && right.success,
    }
}

fn multiply(usage: Usage, factor: f64) -> Usage {
    let times = |duration: Duration| duration.mul_f64(factor);
    Usage { cpu: times(usage.cpu), wall: times(usage.wall), ..usage }
}
