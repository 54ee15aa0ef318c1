//! Why a build failed: a code, a message with the original's main clause, a place, a help and the way there.

use super::decode::DecodeError;
use gitops_core::diagnostic::Diagnostic;
use gitops_core::value::{Location, Place};
use std::fmt;

/// A failed build. Boxed, so that results stay small.
///
/// The message is the cause; the layers and files that led there are its context, outermost last.
#[derive(Clone, Debug)]
pub struct Error(Box<Inner>);

#[derive(Clone, Debug)]
struct Inner {
    code: &'static str,
    message: String,
    place: Place,
    file: Option<String>,
    help: Option<String>,
    context: Vec<String>,
}

impl Error {
    /// The error for a field that does not fit.
    pub(crate) fn of_field(error: DecodeError, code: &'static str) -> Self {
        let fault = Self::new(code, error.message).at(error.place);
        match error.help {
            Some(help) => fault.help(help),
            None => fault,
        }
    }

    pub(crate) fn new(code: &'static str, message: impl Into<String>) -> Self {
        Self(Box::new(Inner {
            code,
            message: message.into(),
            place: Place::NONE,
            file: None,
            help: None,
            context: Vec::new(),
        }))
    }

    /// Sets the place unless one is known already.
    pub(crate) fn at(mut self, place: Place) -> Self {
        if self.0.place.is_none() {
            self.0.place = place;
        }
        self
    }

    /// Names the file as a whole, for errors without a place.
    pub(crate) fn in_file(mut self, file: impl Into<String>) -> Self {
        self.0.file.get_or_insert_with(|| file.into());
        self
    }

    pub(crate) fn help(mut self, help: impl Into<String>) -> Self {
        self.0.help.get_or_insert_with(|| help.into());
        self
    }

    /// Says what was being done when it happened.
    pub(crate) fn context(mut self, doing: impl Into<String>) -> Self {
        self.0.context.push(doing.into());
        self
    }

    pub(crate) fn place(&self) -> Place {
        self.0.place
    }

    /// Stable identifier in kebab-case, listed in `docs/diagnostics.md`.
    #[must_use]
    pub fn code(&self) -> &'static str {
        self.0.code
    }

    /// What is wrong.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// The way to the fault, innermost first: files, layers and transformers that were being worked on.
    #[must_use]
    pub fn way(&self) -> &[String] {
        &self.0.context
    }

    /// The error as a diagnostic; `locate` knows what places stand for.
    #[must_use]
    pub fn diagnostic(&self, locate: impl Fn(Place) -> Option<Location>) -> Diagnostic {
        let mut message = self.0.message.clone();
        for context in &self.0.context {
            message.push_str("\n  while ");
            message.push_str(context);
        }
        let diagnostic = Diagnostic::error(self.0.code, message);
        let diagnostic = match (locate(self.0.place), &self.0.file) {
            (Some(location), _) => diagnostic.at(location),
            (None, Some(file)) => diagnostic.in_file(file.as_str()),
            (None, None) => diagnostic,
        };
        match &self.0.help {
            Some(help) => diagnostic.with_help(help.as_str()),
            None => diagnostic,
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.message)?;
        self.0.context.iter().try_for_each(|context| write!(f, ", while {context}"))
    }
}

impl std::error::Error for Error {}

/// Codes of errors. `docs/diagnostics.md` says what each means.
pub(crate) mod code {
    pub(crate) const DUPLICATE_ID: &str = "duplicate-id";
    pub(crate) const PATCH_TARGET_MISSING: &str = "patch-target-missing";
    pub(crate) const PATCH_TARGET_AMBIGUOUS: &str = "patch-target-ambiguous";
    pub(crate) const GENERATOR_TARGET_MISSING: &str = "generator-target-missing";
    pub(crate) const GENERATOR_CONFLICT: &str = "generator-conflict";
    pub(crate) const NOT_FOUND: &str = "not-found";
    pub(crate) const OUTSIDE_ROOT: &str = "outside-root";
    pub(crate) const CYCLE: &str = "cycle";
    pub(crate) const TOO_DEEP: &str = "too-deep";
    pub(crate) const KUSTOMIZATION_MISSING: &str = "kustomization-missing";
    pub(crate) const KUSTOMIZATION_AMBIGUOUS: &str = "kustomization-ambiguous";
    pub(crate) const KUSTOMIZATION_EMPTY: &str = "kustomization-empty";
    pub(crate) const KUSTOMIZATION_INVALID: &str = "kustomization-invalid";
    pub(crate) const WRONG_KIND_OF_LAYER: &str = "wrong-kind-of-layer";
    pub(crate) const YAML: &str = "yaml";
    pub(crate) const NOT_AN_OBJECT: &str = "not-an-object";
    pub(crate) const FILE: &str = "file";
    pub(crate) const CONFIG: &str = "invalid-config";
    pub(crate) const SELECTOR: &str = "invalid-selector";
    pub(crate) const PATCH: &str = "invalid-patch";
    pub(crate) const PATCH_FAILED: &str = "patch-failed";
    pub(crate) const FIELD: &str = "wrong-field";
    pub(crate) const NAMESPACE_CONFLICT: &str = "namespace-conflict";
    pub(crate) const NAME_REFERENCE: &str = "name-reference";
    pub(crate) const REPLACEMENT: &str = "replacement";
    pub(crate) const VARIABLE: &str = "variable";
    pub(crate) const REPLICAS: &str = "replicas-target-missing";
    pub(crate) const IMAGE: &str = "invalid-image";
    pub(crate) const GENERATOR: &str = "generator";
    pub(crate) const PLUGIN: &str = "plugin";
    pub(crate) const NEEDS_INFLATE: &str = "needs-inflate";
    pub(crate) const VALIDATOR: &str = "validator";
    pub(crate) const OPENAPI: &str = "openapi";
    pub(crate) const SORT: &str = "sort-options";
    pub(crate) const OUTPUT: &str = "output";
    pub(crate) const WRITE: &str = "write";
    pub(crate) const CHANGED: &str = "changed-during-render";
    pub(crate) const LIMIT: &str = "limit";
}
