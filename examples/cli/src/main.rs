//! The binary `gitops`: parses arguments, calls the SDK, draws the answer.
//!
//! Results go to standard output, everything else to standard error. The exit code is 0 where all went well, and 2
//! where something could not be done, wholly or in part. A closed pipe ends quietly.

mod arguments;
mod explain;
mod ground;
mod interrupt;
mod render;
mod report;
mod stream;
mod target;

use arguments::{Arguments, Command};
use clap::{CommandFactory, Parser};
use std::process::ExitCode;

/// Something could not be done.
const FAILED: u8 = 2;

fn main() -> ExitCode {
    let fine = match Arguments::parse().command {
        Command::Render(options) => render::run(&options),
        Command::Completions { shell } => completions(shell),
    };
    if fine { ExitCode::SUCCESS } else { ExitCode::from(FAILED) }
}

fn completions(shell: clap_complete::Shell) -> bool {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Arguments::command(), "gitops", &mut script);
    match stream::to_stdout(&[&script]) {
        Ok(()) => true,
        Err(error) => {
            stream::to_stderr(&format!("error[write]: {error}\n"));
            false
        }
    }
}
