//! Our renderer and kubectl on the same generated input, in turns, in one run.
//!
//! Each row runs ours, the peer, ours, the peer …; every pair of outputs must be equal byte for byte, or the run fails.
//! Ratios are medians over the pairs. CPU is what counts: wall time on a shared machine says little.

mod peer;
mod report;
mod rows;
mod texts;

use std::ffi::OsString;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

pub use peer::{KUSTOMIZE, Peer};
pub use report::{Bar, Bound, Cost, Ratio, Report, Row, Verdict};

use rows::ROWS;

use crate::generate::Input;
use crate::measure::{self, Runner, Usage};

/// Why a comparison gave no result.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A file or program could not be used.
    #[error("{}", path.display())]
    Io {
        /// Which.
        path: PathBuf,
        /// The system's reason.
        #[source]
        source: io::Error,
    },
    /// The peer is not the version that we claim to equal.
    #[error("{}: has kustomize {found}, but only {KUSTOMIZE} is compared with", path.display())]
    PeerVersion {
        /// The executable.
        path: PathBuf,
        /// What it said.
        found: String,
    },
    /// A program could not be measured.
    #[error(transparent)]
    Measure(#[from] measure::Error),
    /// A text could not be read or written, or means something else to the peer.
    #[error("row {row}: {message}")]
    Text {
        /// The row.
        row: &'static str,
        /// What went wrong.
        message: String,
    },
    /// Outputs differ.
    #[error(
        "row {row}: the outputs for {root} differ from byte {offset} on (ours has {ours} bytes, the peer's {peer})"
    )]
    Different {
        /// The row.
        row: &'static str,
        /// The folder that was rendered.
        root: String,
        /// Where the first difference is.
        offset: usize,
        /// Bytes of ours.
        ours: usize,
        /// Bytes of the peer's.
        peer: usize,
    },
}

/// What to compare.
#[derive(Clone, Debug)]
pub struct Options {
    /// The folder that holds kubectl.
    pub peer: PathBuf,
    /// The renderer's executable.
    pub ours: PathBuf,
    /// An executable as [`Runner`] describes it.
    pub runner: PathBuf,
    /// Decides all inputs.
    pub seed: u64,
    /// Names of rows; none means all.
    pub rows: Vec<String>,
}

/// Names of all rows, in the order in which they run.
#[must_use]
pub fn row_names() -> Vec<&'static str> {
    ROWS.iter().map(|(name, _)| *name).collect()
}

/// Runs the rows, telling `progress` the name of each before it starts.
pub fn compare(options: &Options, mut progress: impl FnMut(&str)) -> Result<Report, Error> {
    let peer = Peer::find(&options.peer)?;
    let scratch = tempfile::tempdir().map_err(|source| Error::Io { path: std::env::temp_dir(), source })?;
    let mut report = Report {
        ours: version(&options.ours)?,
        kubectl: peer.kubectl.clone(),
        kustomize: KUSTOMIZE.to_owned(),
        processors: std::thread::available_parallelism().map_or(1, usize::from),
        seed: options.seed,
        rows: Vec::new(),
    };
    let bench = Bench {
        ours: &options.ours,
        peer: &peer.path,
        runner: Runner::new(options.runner.clone()),
        folder: scratch.path(),
        seed: options.seed,
    };
    for (name, row) in ROWS {
        if options.rows.is_empty() || options.rows.iter().any(|wanted| wanted == name) {
            progress(name);
            report.rows.push(row(&bench)?);
        }
    }
    Ok(report)
}

fn version(executable: &Path) -> Result<String, Error> {
    let output = Command::new(executable)
        .arg("--version")
        .output()
        .map_err(|source| Error::Io { path: executable.to_owned(), source })?;
    Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// Both sides, and a folder to work in.
#[derive(Debug)]
struct Bench<'a> {
    ours: &'a Path,
    peer: &'a Path,
    runner: Runner,
    folder: &'a Path,
    seed: u64,
}

impl Bench<'_> {
    /// Writes an input to a folder of its own, which looks like a git work tree: ours reads nothing outside of one.
    fn place(&self, name: &str, input: &Input) -> Result<PathBuf, Error> {
        let folder = self.folder.join(name);
        let git = folder.join(".git");
        let written = input.write_to(&folder).and_then(|()| fs::create_dir(&git));
        let written = written.and_then(|()| fs::write(git.join("HEAD"), "ref: refs/heads/main\n"));
        written.map_err(|source| Error::Io { path: folder.clone(), source })?;
        Ok(folder)
    }

    /// `gitops render ARGUMENT…`
    fn render(&self, arguments: &[OsString]) -> Result<Usage, Error> {
        let mut all: Vec<OsString> = vec!["render".into()];
        all.extend_from_slice(arguments);
        Ok(self.runner.run(self.ours, &all, &self.our_output())?)
    }

    /// `kubectl kustomize ROOT`
    fn kustomize(&self, root: &Path) -> Result<Usage, Error> {
        Ok(self.runner.run(self.peer, &["kustomize".into(), root.into()], &self.peer_output())?)
    }

    fn our_output(&self) -> PathBuf {
        self.folder.join("ours.yaml")
    }

    fn peer_output(&self) -> PathBuf {
        self.folder.join("peer.yaml")
    }

    /// Fails unless both files have the same bytes.
    fn assert_equal(&self, row: &'static str, root: &str, ours: &Path) -> Result<(), Error> {
        let read = |path: &Path| fs::read(path).map_err(|source| Error::Io { path: path.to_owned(), source });
        let (ours, peer) = (read(ours)?, read(&self.peer_output())?);
        if ours == peer {
            return Ok(());
        }
        let same = ours.iter().zip(&peer).take_while(|(ours, peer)| ours == peer).count();
        let root = root.to_owned();
        Err(Error::Different { row, root, offset: same, ours: ours.len(), peer: peer.len() })
    }

    /// One root, rendered by both in turns, `count` times each.
    fn pairs(&self, row: &mut Row, root: &Path, count: usize) -> Result<(), Error> {
        let mut pairs = Vec::with_capacity(count);
        for _ in 0..count {
            let pair = (self.render(&[root.into()])?, self.kustomize(root)?);
            self.assert_equal(row.name, &root.display().to_string(), &self.our_output())?;
            pairs.push(pair);
        }
        row.set(&pairs);
        Ok(())
    }
}

impl Row {
    /// Fills both sides and their ratio from pairs of (ours, peer) whose outputs were equal.
    fn set(&mut self, pairs: &[(Usage, Usage)]) {
        let (ours, peer): (Vec<Usage>, Vec<Usage>) = pairs.iter().copied().unzip();
        self.ours = Some(Cost::of(&ours));
        self.peer = Some(Cost::of(&peer));
        self.ratio = Some(Ratio::of(pairs));
        self.equal_outputs = pairs.len();
    }
}
