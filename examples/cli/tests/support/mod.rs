//! A tree of files in a folder of its own, and runs of the binary in it.
#![allow(clippy::unwrap_used, reason = "a test that can't go on fails")]

use std::fmt;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// A git work tree, as far as finding its root goes.
pub(crate) struct Repository {
    folder: tempfile::TempDir,
}

/// What a run gave. Displays as the exit code, standard output and standard error.
#[derive(PartialEq)]
pub(crate) struct Run {
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Repository {
    pub(crate) fn new(files: &[(&str, &str)]) -> Self {
        let repository = Self { folder: tempfile::tempdir().unwrap() };
        repository.write(".git/HEAD", "ref: refs/heads/main\n");
        for (path, text) in files {
            repository.write(path, text);
        }
        repository
    }

    /// A Deployment as base, and overlays of it.
    pub(crate) fn with_overlays(overlays: &[(&str, &str)]) -> Self {
        let repository = Self::new(&[
            ("base/kustomization.yaml", "resources:\n- web.yaml\n"),
            (
                "base/web.yaml",
                "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: web\nspec:\n  replicas: 1\n",
            ),
        ]);
        for (folder, text) in overlays {
            repository.write(&format!("{folder}/kustomization.yaml"), text);
        }
        repository
    }

    pub(crate) fn path(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    pub(crate) fn write(&self, path: &str, text: &str) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    pub(crate) fn read(&self, path: &str) -> String {
        fs::read_to_string(self.path(path)).unwrap()
    }

    /// Files below a folder, sorted, one a line.
    pub(crate) fn files(&self, folder: &str) -> String {
        let top = self.path(folder);
        let mut found = Vec::new();
        let mut pending = vec![top.clone()];
        while let Some(path) = pending.pop() {
            for entry in fs::read_dir(path).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    pending.push(path);
                } else {
                    found.push(path.strip_prefix(&top).unwrap().display().to_string());
                }
            }
        }
        found.sort();
        found.join("\n")
    }

    /// The binary in the top folder, its arguments split at blanks.
    pub(crate) fn command(&self, arguments: &str) -> Command {
        self.command_in("", arguments)
    }

    pub(crate) fn command_in(&self, folder: &str, arguments: &str) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_gitops"));
        command.args(arguments.split_whitespace()).current_dir(self.path(folder)).stdin(Stdio::null());
        command.env_remove("NO_COLOR").env_remove("RUST_BACKTRACE");
        command
    }

    pub(crate) fn run(&self, arguments: &str) -> Run {
        self.finish(&mut self.command(arguments))
    }

    pub(crate) fn run_in(&self, folder: &str, arguments: &str) -> Run {
        self.finish(&mut self.command_in(folder, arguments))
    }

    pub(crate) fn run_with_input(&self, arguments: &str, input: &str) -> Run {
        let mut command = self.command(arguments);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
        self.described(child.wait_with_output().unwrap())
    }

    pub(crate) fn finish(&self, command: &mut Command) -> Run {
        self.described(command.output().unwrap())
    }

    /// The folder's own path, which differs from run to run, shows as `[TOP]`.
    fn described(&self, output: std::process::Output) -> Run {
        let real = fs::canonicalize(self.folder.path()).unwrap();
        let shown = |path: &Path| path.display().to_string();
        let text = |bytes: Vec<u8>| {
            let text = String::from_utf8(bytes).unwrap();
            text.replace(&shown(&real), "[TOP]").replace(&shown(self.folder.path()), "[TOP]")
        };
        Run { code: output.status.code(), stdout: text(output.stdout), stderr: text(output.stderr) }
    }
}

impl fmt::Display for Run {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.code {
            Some(code) => writeln!(f, "exit: {code}")?,
            None => writeln!(f, "killed")?,
        }
        for (name, text) in [("stdout", &self.stdout), ("stderr", &self.stderr)] {
            if !text.is_empty() {
                write!(f, "----- {name}\n{text}")?;
            }
        }
        Ok(())
    }
}
