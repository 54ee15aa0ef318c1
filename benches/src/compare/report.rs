//! What a comparison says: rows with their bars, as text for people and as JSON for machines.

use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

use serde::Serialize;

use crate::generate::Input;
use crate::measure::Usage;

/// All rows of one run.
#[derive(Clone, Debug, Serialize)]
pub struct Report {
    /// The renderer's version, as it prints it.
    pub ours: String,
    /// kubectl's version.
    pub kubectl: String,
    /// The version of kustomize in it.
    pub kustomize: String,
    /// Processors that the system offers.
    pub processors: usize,
    /// The seed of all inputs.
    pub seed: u64,
    /// One for each thing compared.
    pub rows: Vec<Row>,
}

/// One thing that both sides did, or ours alone.
#[derive(Clone, Debug, Serialize)]
pub struct Row {
    /// Its short name, as `--rows` takes it.
    pub name: &'static str,
    /// What was done.
    pub what: String,
    /// The input's digest.
    pub input: String,
    /// Objects that were rendered.
    pub resources: usize,
    /// Bytes of the input's files.
    pub bytes: usize,
    /// Our side.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ours: Option<Cost>,
    /// The peer's side.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub peer: Option<Cost>,
    /// Peer ÷ ours, the median over the pairs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ratio: Option<Ratio>,
    /// Outputs compared, all of them equal byte for byte.
    pub equal_outputs: usize,
    /// Counts that do not depend on the machine.
    pub counters: BTreeMap<String, f64>,
    /// What was asked for and what came out.
    pub bars: Vec<Bar>,
    /// What a reader must know, such as how a figure was scaled.
    pub notes: Vec<String>,
}

impl Row {
    /// A row without figures yet.
    #[must_use]
    pub fn new(name: &'static str, what: impl Into<String>, input: &Input) -> Self {
        Self {
            name,
            what: what.into(),
            input: input.digest(),
            resources: input.resources,
            bytes: input.bytes(),
            ours: None,
            peer: None,
            ratio: None,
            equal_outputs: 0,
            counters: BTreeMap::new(),
            bars: Vec::new(),
            notes: Vec::new(),
        }
    }
}

/// What one side's runs cost.
#[derive(Clone, Copy, PartialEq, Debug, Serialize)]
pub struct Cost {
    /// How many runs.
    pub runs: usize,
    /// CPU milliseconds of the cheapest run.
    pub cpu_best_ms: f64,
    /// CPU milliseconds, the median.
    pub cpu_ms: f64,
    /// CPU milliseconds of the dearest run.
    pub cpu_worst_ms: f64,
    /// Wall milliseconds of the quickest run.
    pub wall_best_ms: f64,
    /// Wall milliseconds, the median.
    pub wall_ms: f64,
    /// The largest resident set of any run, in MiB; 0 where both sides ran in one process.
    pub peak_mib: f64,
}

impl Cost {
    /// The cost of several runs, of which there is at least one.
    #[must_use]
    pub fn of(runs: &[Usage]) -> Self {
        let cpu: Vec<f64> = runs.iter().map(|usage| milliseconds(usage.cpu)).collect();
        let wall: Vec<f64> = runs.iter().map(|usage| milliseconds(usage.wall)).collect();
        let peak = runs.iter().map(|usage| usage.peak).max().unwrap_or_default();
        Self {
            runs: runs.len(),
            cpu_best_ms: least(&cpu),
            cpu_ms: median(&cpu),
            cpu_worst_ms: -least(&cpu.iter().map(|value| -value).collect::<Vec<_>>()),
            wall_best_ms: least(&wall),
            wall_ms: median(&wall),
            peak_mib: bytes(peak) / f64::from(1 << 20),
        }
    }
}

/// How many times less our side takes.
#[derive(Clone, Copy, PartialEq, Debug, Serialize)]
pub struct Ratio {
    /// Of CPU.
    pub cpu: f64,
    /// Of wall time.
    pub wall: f64,
    /// Of peak memory.
    pub peak: f64,
}

impl Ratio {
    /// The median over pairs of (ours, peer).
    #[must_use]
    pub fn of(pairs: &[(Usage, Usage)]) -> Self {
        let over = |part: fn(&Usage) -> f64| {
            let ratios: Vec<f64> = pairs.iter().map(|(ours, peer)| part(peer) / part(ours)).collect();
            median(&ratios)
        };
        Self {
            cpu: over(|usage| usage.cpu.as_secs_f64()),
            wall: over(|usage| usage.wall.as_secs_f64()),
            peak: over(|usage| bytes(usage.peak)),
        }
    }
}

/// One figure against what was asked for.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Bar {
    /// What is measured, with its unit.
    pub what: &'static str,
    /// Which way is good.
    pub bound: Bound,
    /// What must be reached.
    pub must: Option<f64>,
    /// What we aim at.
    pub aim: Option<f64>,
    /// What came out.
    pub measured: f64,
    /// The conclusion.
    pub verdict: Verdict,
}

/// Which way is good.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Bound {
    /// Less is better.
    AtMost,
    /// More is better.
    AtLeast,
}

/// How a figure stands to its bar.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// The aim is reached.
    Aim,
    /// What must be is reached, the aim is not.
    Must,
    /// There is only an aim and it is not reached.
    Short,
    /// What must be is not reached.
    Missed,
}

impl Bar {
    /// Judges `measured`.
    #[must_use]
    pub fn new(what: &'static str, bound: Bound, must: Option<f64>, aim: Option<f64>, measured: f64) -> Self {
        let reached = |bar: Option<f64>| {
            bar.map(|bar| match bound {
                Bound::AtMost => measured <= bar,
                Bound::AtLeast => measured >= bar,
            })
        };
        let verdict = match (reached(must), reached(aim)) {
            (Some(false), _) => Verdict::Missed,
            (_, Some(true)) => Verdict::Aim,
            (None, Some(false)) => Verdict::Short,
            _ => Verdict::Must,
        };
        Self { what, bound, must, aim, measured, verdict }
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "ours: {}", self.ours)?;
        writeln!(f, "peer: kubectl {} with kustomize {}", self.kubectl, self.kustomize)?;
        writeln!(f, "{} processors, seed {}", self.processors, self.seed)?;
        for row in &self.rows {
            write!(f, "\n{row}")?;
        }
        Ok(())
    }
}

impl fmt::Display for Row {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}: {}", self.name, self.what)?;
        writeln!(f, "  input   {} resources, {} bytes, {}", self.resources, self.bytes, self.input)?;
        for (side, cost) in [("ours", self.ours), ("peer", self.peer)] {
            let Some(cost) = cost else { continue };
            writeln!(
                f,
                "  {side}    CPU {} ms [{}..{}], wall {} ms [best {}]{}, {} runs",
                Figure(cost.cpu_ms),
                Figure(cost.cpu_best_ms),
                Figure(cost.cpu_worst_ms),
                Figure(cost.wall_ms),
                Figure(cost.wall_best_ms),
                Peak(", peak ", cost.peak_mib, " MiB"),
                cost.runs
            )?;
        }
        if let Some(ratio) = self.ratio {
            writeln!(
                f,
                "  ratio   CPU {}, wall {}{}; {} outputs equal",
                Figure(ratio.cpu),
                Figure(ratio.wall),
                Peak(", peak ", ratio.peak, ""),
                self.equal_outputs
            )?;
        }
        for (name, count) in &self.counters {
            writeln!(f, "  count   {name} {}", Figure(*count))?;
        }
        for bar in &self.bars {
            writeln!(f, "  {bar}")?;
        }
        for note in &self.notes {
            writeln!(f, "  note    {note}")?;
        }
        Ok(())
    }
}

impl fmt::Display for Bar {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = match self.bound {
            Bound::AtMost => "≤",
            Bound::AtLeast => "≥",
        };
        let verdict = match self.verdict {
            Verdict::Aim => "aim reached",
            Verdict::Must => "reached",
            Verdict::Short => "short of the aim",
            Verdict::Missed => "MISSED",
        };
        write!(f, "bar     {}:", self.what)?;
        for (name, bar) in [("must", self.must), ("aim", self.aim)] {
            if let Some(bar) = bar {
                write!(f, " {name} {sign} {},", Figure(bar))?;
            }
        }
        write!(f, " measured {}: {verdict}", Figure(self.measured))
    }
}

/// A figure of memory between two texts; nothing where memory was not measured.
struct Peak(&'static str, f64, &'static str);

impl fmt::Display for Peak {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(before, value, after) = self;
        if *value > 0.0 { write!(f, "{before}{}{after}", Figure(*value)) } else { Ok(()) }
    }
}

/// A number with three digits that matter.
struct Figure(f64);

impl fmt::Display for Figure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let value = self.0;
        let decimals = match value.abs() {
            _ if value.fract() == 0.0 => 0,
            size if size >= 100.0 => 0,
            size if size >= 10.0 => 1,
            size if size >= 1.0 => 2,
            _ => 3,
        };
        write!(f, "{value:.decimals$}")
    }
}

fn milliseconds(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1_000.0
}

/// A count as a number to divide by.
#[expect(clippy::cast_precision_loss, reason = "counts stay far below 2^52")]
pub(super) fn count(value: usize) -> f64 {
    value as f64
}

fn bytes(value: u64) -> f64 {
    count(usize::try_from(value).unwrap_or(usize::MAX))
}

fn least(values: &[f64]) -> f64 {
    values.iter().copied().fold(f64::INFINITY, f64::min)
}

/// The middle value, or the mean of the two middle ones; NaN where there is none.
pub(super) fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_unstable_by(f64::total_cmp);
    let middle = sorted.len() / 2;
    match sorted.as_slice() {
        [] => f64::NAN,
        all if all.len() % 2 == 1 => all[middle],
        all => f64::midpoint(all[middle - 1], all[middle]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bar_is_judged_both_ways() {
        let judge = |bound, must, aim, measured| Bar::new("x", bound, must, aim, measured).verdict;
        for (bound, must, aim, measured, verdict) in [
            (Bound::AtMost, Some(12.0), Some(8.0), 7.0, Verdict::Aim),
            (Bound::AtMost, Some(12.0), Some(8.0), 9.0, Verdict::Must),
            (Bound::AtMost, Some(12.0), Some(8.0), 13.0, Verdict::Missed),
            (Bound::AtMost, None, Some(2.0), 3.0, Verdict::Short),
            (Bound::AtLeast, Some(25.0), Some(65.0), 70.0, Verdict::Aim),
            (Bound::AtLeast, Some(25.0), None, 25.0, Verdict::Must),
            (Bound::AtLeast, Some(25.0), None, 24.9, Verdict::Missed),
        ] {
            assert_eq!(judge(bound, must, aim, measured), verdict, "{bound:?} {must:?} {aim:?} {measured}");
        }
        assert_eq!(judge(Bound::AtMost, Some(1.0), None, f64::NAN), Verdict::Missed);
    }

    #[test]
    fn medians() {
        assert!(median(&[]).is_nan());
        assert_eq!(median(&[3.0, 1.0, 2.0]).to_bits(), 2.0_f64.to_bits());
        assert_eq!(median(&[4.0, 1.0]).to_bits(), 2.5_f64.to_bits());
    }

    #[test]
    fn ratios_are_of_pairs() {
        let usage = |milliseconds, peak| Usage {
            cpu: Duration::from_millis(milliseconds),
            wall: Duration::from_millis(milliseconds),
            peak,
            success: true,
        };
        let ratio = Ratio::of(&[
            (usage(1, 2), usage(100, 6)),
            (usage(2, 2), usage(400, 8)),
            (usage(1, 1), usage(90, 2)),
        ]);
        assert!((ratio.cpu - 100.0).abs() < 1e-9 && (ratio.peak - 3.0).abs() < 1e-9);
    }
}
