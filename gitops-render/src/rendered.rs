//! What a render gives: objects, what to tell people, and what was read.

use crate::kustomize::error::{Error, code};
use crate::kustomize::explain::Step;
use crate::parallel;
use crate::reads::Read;
use gitops_core::diagnostic::{Diagnostic, Severity};
use gitops_core::object::ObjectKey;
use gitops_core::value::Value;
use gitops_core::yaml;
use smol_str::SmolStr;
use std::io;
use std::ops::Range;

/// One desired object.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Object {
    /// The manifest.
    pub value: Value,
    /// For a generated object whose name ends in a hash: the name without it. Two such objects of the same original
    /// name are the same object with other content.
    pub original_name: Option<SmolStr>,
    pub(crate) steps: Vec<Step>,
}

impl Object {
    pub(crate) fn plain(value: Value) -> Self {
        Self { value, original_name: None, steps: Vec::new() }
    }

    /// Group, kind, namespace and name.
    #[must_use]
    pub fn key(&self) -> ObjectKey {
        ObjectKey::of(&self.value)
    }
}

/// The outcome of a render.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Rendered {
    /// The objects in output order.
    pub objects: Vec<Object>,
    /// Warnings, located, each once.
    pub diagnostics: Vec<Diagnostic>,
    /// Everything that the result depends on in the tree: files, absences, folders. Sorted, each once.
    pub reads: Vec<Read>,
}

/// A render that could not be done.
#[derive(Clone, Debug, thiserror::Error)]
#[error("{error}")]
#[non_exhaustive]
pub struct Failure {
    /// Why.
    pub error: Error,
    /// The error, located, and the warnings before it.
    pub diagnostics: Vec<Diagnostic>,
    /// Everything that the failure depends on in the tree.
    pub reads: Vec<Read>,
}

impl Rendered {
    /// The stream that `kubectl kustomize` prints.
    ///
    /// ```
    /// # use gitops_render::{MemoryTree, Session};
    /// let tree = MemoryTree::from_iter([
    ///     ("kustomization.yaml", "resources: [a.yaml]\nnamePrefix: x-\n"),
    ///     ("a.yaml", "apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: a}\n"),
    /// ]);
    /// let yaml = Session::new(tree).render("").unwrap().to_yaml().unwrap();
    /// assert_eq!(yaml, "apiVersion: v1\nkind: ServiceAccount\nmetadata:\n  name: x-a\n");
    /// ```
    pub fn to_yaml(&self) -> Result<String, Error> {
        let mut bytes = Vec::new();
        self.write_yaml(&mut bytes)?;
        String::from_utf8(bytes).map_err(|error| Error::new(code::OUTPUT, error.to_string()))
    }

    /// Writes the stream of [`Rendered::to_yaml`]. An I/O error has the code `write`.
    ///
    /// With the feature `parallel`, many objects are written by several threads, some hundreds at a time; the bytes are
    /// the same.
    pub fn write_yaml(&self, mut to: impl io::Write) -> Result<(), Error> {
        /// Objects that one thread writes in one go.
        const PART: usize = 64;
        /// How many texts of parts are held before they go out.
        const PARTS: usize = 32;
        if parallel::is_alone(self.objects.len()) {
            return write_objects(&self.objects, to);
        }
        for (number, window) in self.objects.chunks(PART * PARTS).enumerate() {
            let text = |range: Range<usize>| {
                let mut text = Vec::new();
                let written = write_objects(window.get(range).unwrap_or_default(), &mut text);
                (text, written)
            };
            for (part, (text, written)) in parallel::ranges(window.len(), PART, text).into_iter().enumerate()
            {
                let separator: &[u8] = if number + part > 0 && !text.is_empty() { b"---\n" } else { b"" };
                to.write_all(separator)
                    .and_then(|()| to.write_all(&text))
                    .map_err(|error| write_error(&error))?;
                written?;
            }
        }
        to.flush().map_err(|error| write_error(&error))
    }

    /// Whether a warning was given.
    #[must_use]
    pub fn has_warnings(&self) -> bool {
        self.diagnostics.iter().any(|diagnostic| diagnostic.severity <= Severity::Warning)
    }
}

fn write_objects(objects: &[Object], to: impl io::Write) -> Result<(), Error> {
    let mut writer = yaml::Writer::new(to);
    for object in objects {
        writer.document(&object.value).map_err(|error| output_error(&error, object))?;
    }
    writer.finish().map(drop).map_err(|error| write_error(&error))
}

fn write_error(error: &io::Error) -> Error {
    Error::new(code::WRITE, error.to_string())
}

fn output_error(error: &yaml::WriteError, object: &Object) -> Error {
    match error {
        yaml::WriteError::Io(error) => write_error(error),
        other => Error::new(code::OUTPUT, format!("{} of {}", other, object.key())).at(object.value.place()),
    }
}
