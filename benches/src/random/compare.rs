//! A tree rendered by the peer and in process.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::{fs, io};

use gitops_render::{MemoryTree, Options, Session};

use super::Tree;
pub use crate::compare::Peer;

/// What a renderer says to a tree.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Answer {
    /// The stream of objects.
    Output(String),
    /// Why there is none: a code, if the renderer has such, and a message.
    Failure {
        /// Stable, where there is one.
        code: &'static str,
        /// For people.
        message: String,
    },
    /// It fell over. For kubectl also: it could not read back what it had written itself, because a comment stands
    /// between a key and the brackets of a list or map that was emptied.
    Panic(String),
}

/// How two answers differ.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Difference {
    /// Both render, to other bytes.
    Bytes,
    /// The peer renders what we refuse with this code.
    OnlyOursFails(&'static str),
    /// We render what the peer refuses.
    OnlyTheirsFails,
    /// We fell over.
    Panic,
}

impl Difference {
    /// Compares answers; two failures are equal whatever they say, and a peer that fell over says nothing about a tree.
    #[must_use]
    pub fn between(theirs: &Answer, ours: &Answer) -> Option<Self> {
        match (theirs, ours) {
            (_, Answer::Panic(_)) => Some(Self::Panic),
            (Answer::Output(theirs), Answer::Output(ours)) => (theirs != ours).then_some(Self::Bytes),
            (Answer::Output(_), Answer::Failure { code, .. }) => Some(Self::OnlyOursFails(code)),
            (Answer::Failure { .. }, Answer::Output(_)) => Some(Self::OnlyTheirsFails),
            (_, Answer::Failure { .. }) | (Answer::Panic(_), _) => None,
        }
    }
}

impl Tree {
    /// The files in memory.
    #[must_use]
    pub fn to_memory(&self) -> MemoryTree {
        self.files.iter().collect()
    }

    /// Writes the files below a folder.
    pub fn write_to(&self, folder: &Path) -> io::Result<()> {
        for (path, bytes) in &self.files {
            let path = folder.join(path);
            if let Some(parent) = path.parent() {
                fs::create_dir_all(parent)?;
            }
            fs::write(path, bytes)?;
        }
        Ok(())
    }
}

/// Renders in process.
#[must_use]
pub fn ours(tree: &Tree) -> Answer {
    let render = || Session::new(tree.to_memory()).answer(&tree.root);
    caught(render)
}

/// The answers of sessions that differ in nothing that may change the bytes: by default, with the complete reader,
/// and for the second time in one session.
#[must_use]
pub fn sessions(tree: &Tree) -> [Answer; 3] {
    let mut complete = Options::default();
    complete.complete_reader = true;
    let complete = || Session::with_options(Arc::new(tree.to_memory()), complete).answer(&tree.root);
    let twice = || {
        let session = Session::new(tree.to_memory());
        let _ = session.answer(&tree.root);
        session.answer(&tree.root)
    };
    [ours(tree), caught(complete), caught(twice)]
}

fn caught(render: impl FnOnce() -> Answer) -> Answer {
    catch_unwind(AssertUnwindSafe(render)).unwrap_or_else(|panic| {
        let text = panic.downcast_ref::<String>().cloned();
        Answer::Panic(
            text.or_else(|| panic.downcast_ref::<&str>().map(|&text| text.to_owned())).unwrap_or_default(),
        )
    })
}

trait Ask {
    fn answer(&self, root: &str) -> Answer;
}

impl Ask for Session {
    fn answer(&self, root: &str) -> Answer {
        let rendered = self.render_kustomization(root).map_err(|failure| failure.error);
        match rendered.and_then(|rendered| rendered.to_yaml()) {
            Ok(yaml) => Answer::Output(yaml),
            Err(error) => Answer::Failure { code: error.code(), message: self.diagnose(&error).message },
        }
    }
}

impl Peer {
    /// Renders with `kubectl kustomize`, in a folder of its own.
    pub fn render(&self, tree: &Tree) -> io::Result<Answer> {
        let folder = tempfile::tempdir()?;
        tree.write_to(folder.path())?;
        let run = || Command::new(&self.path).arg("kustomize").arg(folder.path().join(&tree.root)).output();
        let mut output = run()?;
        // Something on the machine ended it, which says nothing about the tree.
        while output.status.code().is_none() {
            output = run()?;
        }
        if output.status.success() {
            return Ok(Answer::Output(String::from_utf8_lossy(&output.stdout).into_owned()));
        }
        let message =
            String::from_utf8_lossy(&output.stderr).replace(&*folder.path().to_string_lossy(), "{{ROOT}}");
        // What Go prints of a program that fell over; and what kustomize says of a text that it wrote itself, where a
        // comment behind a value that was left out ends up behind `[]` or `{}`. A fault of the input names the file.
        let is_its_own = !message.contains("MalformedYAMLError")
            && message.trim_end().trim_end_matches('"').ends_with("could not find expected ':'");
        if message.contains("\ngoroutine ") || is_its_own {
            return Ok(Answer::Panic(message));
        }
        Ok(Answer::Failure { code: "", message })
    }
}
