//! `random`: random trees through kubectl and our renderer.

use std::collections::BTreeMap;
use std::error::Error;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::{fs, thread};

use clap::Args;
use gitops_benches::random::{self, Answer, Difference, Peer, Recorded, Tree};

/// kubectl takes about one core.
const WORKERS: usize = 2;
/// Questions to kubectl for one tree that is cut down.
const BUDGET: usize = 600;

#[derive(Args)]
pub(crate) struct Random {
    /// The folder that holds the peer, kubectl.
    #[arg(long, value_name = "DIR")]
    peer: PathBuf,
    /// How many trees.
    #[arg(long, default_value_t = 200)]
    count: u64,
    /// The first tree's seed; the others follow.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// The trees of these seeds instead.
    #[arg(long, value_name = "SEED,…", value_delimiter = ',', conflicts_with_all = ["count", "seed"])]
    seeds: Vec<u64>,
    /// Writes trees that differ here, cut down, with both answers.
    #[arg(long, value_name = "DIR")]
    keep: Option<PathBuf>,
    /// At most this many trees are cut down.
    #[arg(long, default_value_t = 12)]
    shrink: u64,
    /// Only writes the tree of the seed to this folder.
    #[arg(long, value_name = "DIR")]
    write: Option<PathBuf>,
}

#[derive(Default)]
struct Summary {
    equal: u64,
    both_fail: u64,
    unsteady: Vec<u64>,
    /// Where kubectl fell over, whatever we say.
    crashed: Vec<u64>,
    differences: BTreeMap<Difference, Vec<u64>>,
    features: BTreeMap<&'static str, u64>,
    /// How many trees fail for a reason, and the first of them.
    failures: BTreeMap<String, (u64, u64)>,
}

impl Random {
    /// True where no tree differs.
    pub(crate) fn run(&self) -> Result<bool, Box<dyn Error>> {
        if let Some(folder) = &self.write {
            random::tree(self.seed).write_to(folder)?;
            return Ok(true);
        }
        let peer = Peer::find(&self.peer)?;
        // Panics are answers here; their message is kept with them.
        std::panic::set_hook(Box::new(|panic| {
            let _ = writeln!(io::stderr().lock(), "{panic}");
        }));
        let next = AtomicU64::new(0);
        let shrunk = AtomicU64::new(0);
        let summary = Mutex::new(Summary::default());
        let work = || -> io::Result<()> {
            loop {
                let Some(seed) = self.nth_seed(next.fetch_add(1, Ordering::Relaxed)) else { return Ok(()) };
                self.compare(&peer, seed, &summary, &shrunk)?;
            }
        };
        thread::scope(|scope| {
            let workers: Vec<_> = (0..WORKERS).map(|_| scope.spawn(work)).collect();
            workers
                .into_iter()
                .try_for_each(|worker| worker.join().unwrap_or_else(|_| Err(io::ErrorKind::Other.into())))
        })?;
        let summary = summary.into_inner().unwrap_or_else(PoisonError::into_inner);
        summary.print(self)?;
        Ok(summary.differences.is_empty())
    }

    fn described(&self) -> String {
        match self.seeds.len() {
            0 => format!("{} trees from seed {}", self.count, self.seed),
            trees => format!("{trees} trees"),
        }
    }

    fn nth_seed(&self, at: u64) -> Option<u64> {
        if self.seeds.is_empty() {
            return (at < self.count).then(|| self.seed.wrapping_add(at));
        }
        self.seeds.get(usize::try_from(at).ok()?).copied()
    }

    fn compare(
        &self,
        peer: &Peer,
        seed: u64,
        summary: &Mutex<Summary>,
        shrunk: &AtomicU64,
    ) -> io::Result<()> {
        let tree = random::tree(seed);
        let theirs = peer.render(&tree)?;
        let ours = random::ours(&tree);
        let mut difference = Difference::between(&theirs, &ours);
        let mut steady = true;
        if difference.is_some() {
            for _ in 0..3 {
                let again = peer.render(&tree)?;
                steady &= !matches!((&again, &theirs), (Answer::Output(a), Answer::Output(b)) if a != b);
            }
        }
        if !steady {
            difference = None;
        }
        {
            let mut summary = summary.lock().unwrap_or_else(PoisonError::into_inner);
            for feature in &tree.features {
                *summary.features.entry(feature).or_default() += 1;
            }
            match (&difference, &theirs) {
                _ if !steady => summary.unsteady.push(seed),
                (Some(difference), _) => {
                    summary.differences.entry(difference.clone()).or_default().push(seed);
                }
                (None, Answer::Output(_)) => summary.equal += 1,
                (None, Answer::Panic(_)) => summary.crashed.push(seed),
                (None, Answer::Failure { message, .. }) => {
                    summary.both_fail += 1;
                    summary.failures.entry(clause(message)).or_insert((0, seed)).0 += 1;
                }
            }
        }
        if let (Some(difference), Some(keep)) = (difference, &self.keep)
            && shrunk.fetch_add(1, Ordering::Relaxed) < self.shrink
        {
            cut_down(peer, seed, &tree, &difference, keep)?;
        }
        Ok(())
    }
}

fn cut_down(peer: &Peer, seed: u64, tree: &Tree, difference: &Difference, keep: &Path) -> io::Result<()> {
    let small = random::shrink(tree, BUDGET, |tree| {
        let ours = random::ours(tree);
        let hopeless = match difference {
            Difference::Bytes | Difference::OnlyTheirsFails => !matches!(ours, Answer::Output(_)),
            Difference::OnlyOursFails(code) => {
                !matches!(&ours, Answer::Failure { code: other, .. } if other == code)
            }
            Difference::Panic => !matches!(ours, Answer::Panic(_)),
        };
        let same = |theirs: &Answer| Difference::between(theirs, &ours).as_ref() == Some(difference);
        !hopeless && peer.render(tree).is_ok_and(|theirs| same(&theirs))
    });
    let theirs = peer.render(&small)?;
    let folder = keep.join(format!("seed-{seed}"));
    small.write_to(&folder)?;
    let text = |answer: &Answer| match answer {
        Answer::Output(text) | Answer::Panic(text) => text.clone(),
        Answer::Failure { code, message } => format!("FAILS {code} {message}\n"),
    };
    fs::write(folder.join("theirs.txt"), text(&theirs))?;
    fs::write(folder.join("ours.txt"), text(&random::ours(&small)))?;
    let line = serde_json::to_string(&Recorded::new(format!("seed {seed}"), &small, theirs))?;
    fs::write(folder.join("case.json"), line + "\n")
}

/// What a failure says, without what it names: the words of its last clause that have small letters only.
fn clause(message: &str) -> String {
    let clause = message.rsplit_once("': ").map_or(message, |(_, last)| last);
    let is_word = |word: &&str| word.len() > 1 && word.bytes().all(|byte| byte.is_ascii_lowercase());
    clause.split_whitespace().filter(is_word).take(12).collect::<Vec<_>>().join(" ")
}

impl Summary {
    fn print(&self, run: &Random) -> io::Result<()> {
        let mut out = io::stdout().lock();
        writeln!(out, "features (trees that use them):")?;
        for (feature, count) in &self.features {
            writeln!(out, "  {count:>6}  {feature}")?;
        }
        writeln!(out, "why both fail:")?;
        for (clause, (count, seed)) in &self.failures {
            writeln!(out, "  {count:>6}  (seed {seed}) {clause}")?;
        }
        for (difference, seeds) in &self.differences {
            writeln!(out, "DIFFERENT {difference:?}: {} trees, seeds {seeds:?}", seeds.len())?;
        }
        let differing: usize = self.differences.values().map(Vec::len).sum();
        writeln!(
            out,
            "{}: {} equal to the byte, {} fail in both, {differing} differ, {} skipped (kubectl's own output varies: {:?}; kubectl falls over: {:?})",
            run.described(),
            self.equal,
            self.both_fail,
            self.unsteady.len() + self.crashed.len(),
            self.unsteady,
            self.crashed
        )
    }
}
