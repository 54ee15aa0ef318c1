//! What a program costs: CPU, wall time, peak memory, as the system counts them for one finished child.
//!
//! A child's peak memory is at least what its parent held when it started it: the system counts a new program from the
//! memory that `exec` replaces. So nothing is started from a process that holds a generated input; [`Runner`] starts
//! a small process of its own for each measurement, and that one starts the program.

use std::ffi::OsString;
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};
use wait4::Wait4;

/// What one run of a program cost.
#[derive(Clone, Copy, PartialEq, Debug, Serialize, Deserialize)]
pub struct Usage {
    /// User and system time.
    pub cpu: Duration,
    /// From before the start until after the end.
    pub wall: Duration,
    /// The largest resident set, in bytes.
    pub peak: u64,
    /// Whether it exited with 0.
    pub success: bool,
}

/// Why a program could not be measured.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// It could not be started, or its output could not be opened.
    #[error("{program}: cannot be run")]
    Start {
        /// The program's path.
        program: String,
        /// The system's reason.
        #[source]
        source: io::Error,
    },
    /// The measuring process did not answer with a usage.
    #[error("{program}: cannot be measured: {answer}")]
    Answer {
        /// The program's path.
        program: String,
        /// What the measuring process printed.
        answer: String,
    },
    /// It ran and failed.
    #[error("{program} {arguments}: failed")]
    Failed {
        /// The program's path.
        program: String,
        /// Its arguments, joined by spaces.
        arguments: String,
    },
}

/// Runs a program to its end in the calling process's name, its standard output going to `output`.
///
/// Its standard input is empty and its standard error the caller's.
pub fn measure(program: &Path, arguments: &[OsString], output: &Path) -> Result<Usage, Error> {
    let start_error = |source| Error::Start { program: program.display().to_string(), source };
    let output = File::create(output).map_err(start_error)?;
    let started = Instant::now();
    let mut child = Command::new(program)
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(output)
        .spawn()
        .map_err(start_error)?;
    let used = child.wait4().map_err(start_error)?;
    Ok(Usage {
        cpu: used.rusage.utime + used.rusage.stime,
        wall: started.elapsed(),
        peak: used.rusage.maxrss,
        success: used.status.success(),
    })
}

/// Measures programs through a small process: an executable that understands `measure --output FILE -- PROGRAM ARGUMENT…`
/// and prints the [`Usage`] as JSON.
#[derive(Clone, Debug)]
pub struct Runner {
    executable: PathBuf,
}

impl Runner {
    /// A runner that starts `executable`.
    #[must_use]
    pub fn new(executable: PathBuf) -> Self {
        Self { executable }
    }

    /// The usage of one run, which must succeed; what it prints is in `output` afterwards.
    pub fn run(&self, program: &Path, arguments: &[OsString], output: &Path) -> Result<Usage, Error> {
        let name = program.display().to_string();
        let answer = Command::new(&self.executable)
            .args([
                "measure".as_ref(),
                "--output".as_ref(),
                output.as_os_str(),
                "--".as_ref(),
                program.as_os_str(),
            ])
            .args(arguments)
            .stdin(Stdio::null())
            .stderr(Stdio::inherit())
            .output()
            .map_err(|source| Error::Start { program: name.clone(), source })?;
        let usage: Usage = serde_json::from_slice(&answer.stdout).map_err(|_| Error::Answer {
            program: name.clone(),
            answer: String::from_utf8_lossy(&answer.stdout).into_owned(),
        })?;
        if usage.success {
            return Ok(usage);
        }
        let arguments: Vec<_> = arguments.iter().map(|argument| argument.to_string_lossy()).collect();
        Err(Error::Failed { program: name, arguments: arguments.join(" ") })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_a_program_and_keeps_its_output() {
        let folder = tempfile::tempdir().unwrap();
        let output = folder.path().join("output");
        let usage = measure(Path::new("sh"), &["-c".into(), "echo hello".into()], &output).unwrap();
        assert!(usage.success);
        assert!(usage.wall > Duration::ZERO);
        assert!((100 << 10..1 << 30).contains(&usage.peak), "{} bytes", usage.peak);
        assert_eq!(std::fs::read_to_string(output).unwrap(), "hello\n");
        assert!(!measure(Path::new("false"), &[], &folder.path().join("none")).unwrap().success);
        assert!(measure(Path::new("no-such-program"), &[], &folder.path().join("none")).is_err());
    }
}
