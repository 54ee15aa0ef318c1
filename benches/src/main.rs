//! The benchmarks' command line: `generate`, `compare`, `random`.

mod compare_command;
mod generate_command;
mod random_command;

use std::error::Error;
use std::ffi::OsString;
use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};
use compare_command::Compare;
use generate_command::Generate;
use gitops_benches::measure;
use random_command::Random;

#[derive(Parser)]
#[command(
    name = "gitops-benches",
    about = "Generates manifest trees and compares the renderer with its peer."
)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Writes a tree of manifests, the same for the same arguments.
    Generate(Generate),
    /// Runs our renderer and kubectl in turns on the same input; exits with 1 where a bar is missed.
    Compare(Compare),
    /// Renders random trees with kubectl and in process; exits with 1 where they differ.
    Random(Random),
    /// Runs one program and prints what it cost, as `compare` needs it.
    #[command(hide = true)]
    Measure(Measure),
}

#[derive(Args)]
struct Measure {
    #[arg(long)]
    output: PathBuf,
    program: PathBuf,
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    arguments: Vec<OsString>,
}

impl Measure {
    fn run(&self) -> Result<bool, Box<dyn Error>> {
        let usage = measure::measure(&self.program, &self.arguments, &self.output)?;
        writeln!(io::stdout().lock(), "{}", serde_json::to_string(&usage)?)?;
        Ok(true)
    }
}

fn main() -> ExitCode {
    let result = match Arguments::parse().command {
        Command::Generate(generate) => generate.run().map(|()| true).map_err(Into::into),
        Command::Compare(compare) => compare.run(),
        Command::Random(random) => random.run(),
        Command::Measure(measure) => measure.run(),
    };
    match result {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(1),
        Err(error) => {
            // A closed standard error leaves nothing to tell it with.
            let _ = tell(error.as_ref());
            ExitCode::from(2)
        }
    }
}

/// The error and what caused it, on one line.
fn tell(error: &dyn Error) -> io::Result<()> {
    let mut stderr = io::stderr().lock();
    write!(stderr, "error: {error}")?;
    let mut cause = error.source();
    while let Some(error) = cause {
        write!(stderr, ": {error}")?;
        cause = error.source();
    }
    writeln!(stderr)
}
