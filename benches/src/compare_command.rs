//! `compare`: our renderer and kubectl in turns.

use std::error::Error;
use std::io::{self, Write};
use std::path::PathBuf;
use std::process::Command;
use std::{env, fs};

use clap::Args;
use gitops_benches::compare::{self, Options, Verdict};

#[derive(Args)]
pub(crate) struct Compare {
    /// The folder that holds the peer, kubectl.
    #[arg(long, value_name = "DIR")]
    peer: PathBuf,
    /// The renderer; without it `gitops` beside this program, built first where cargo runs us.
    #[arg(long, value_name = "FILE")]
    ours: Option<PathBuf>,
    /// Decides all inputs.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Only these rows.
    #[arg(long, value_delimiter = ',', value_parser = compare::row_names())]
    rows: Vec<String>,
    /// Writes the report here as well.
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
}

impl Compare {
    /// True where no bar is missed.
    pub(crate) fn run(&self) -> Result<bool, Box<dyn Error>> {
        let runner = env::current_exe()?;
        let ours = match &self.ours {
            Some(ours) => ours.clone(),
            None => {
                build()?;
                runner.with_file_name("gitops")
            }
        };
        let options =
            Options { peer: self.peer.clone(), ours, runner, seed: self.seed, rows: self.rows.clone() };
        let report = compare::compare(&options, |row| {
            // Progress that cannot be told does not stop the run.
            let _ = writeln!(io::stderr().lock(), "running {row}");
        })?;
        write!(io::stdout().lock(), "{report}")?;
        if let Some(path) = &self.json {
            fs::write(path, serde_json::to_string_pretty(&report)? + "\n")?;
        }
        let mut bars = report.rows.iter().flat_map(|row| &row.bars);
        Ok(bars.all(|bar| bar.verdict != Verdict::Missed))
    }
}

/// Builds the renderer where cargo runs us, so that no stale one is measured.
fn build() -> Result<(), Box<dyn Error>> {
    let Some(cargo) = env::var_os("CARGO") else { return Ok(()) };
    let status = Command::new(cargo).args(["build", "--release", "--quiet", "-p", "gitops-cli"]).status()?;
    if status.success() { Ok(()) } else { Err("gitops-cli does not build".into()) }
}
