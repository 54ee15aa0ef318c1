//! What people are told: a severity, a code, a message, a place and a help, as plain data.
//!
//! ```
//! use gitops_core::diagnostic::{Diagnostic, Severity};
//! let d = Diagnostic::warning("patch-matched-nothing", "the patch target selects no resource")
//!     .with_help("nearest resource: Deployment/order-service");
//! assert_eq!(d.severity, Severity::Warning);
//! ```
//!
//! A diagnostic is drawn by the binary only. Codes are kebab-case, stable, and listed in `docs/diagnostics.md`.

use crate::value::Location;
use std::borrow::Cow;
use std::sync::Arc;

/// How bad it is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Severity {
    /// The work could not be done.
    Error,
    /// The work was done, but probably not what its author meant.
    Warning,
    /// Worth knowing.
    Note,
}

/// One message to a person.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
#[non_exhaustive]
pub struct Diagnostic {
    /// File, line and column; line 0 means the file as a whole.
    pub location: Option<Location>,
    /// How bad it is.
    pub severity: Severity,
    /// Stable identifier in kebab-case.
    pub code: Cow<'static, str>,
    /// What is wrong, in lower case, without a final stop.
    pub message: String,
    /// What to do about it.
    pub help: Option<String>,
}

impl Diagnostic {
    /// An error.
    #[must_use]
    pub fn error(code: impl Into<Cow<'static, str>>, message: impl Into<String>) -> Self {
        Self::new(Severity::Error, code.into(), message.into())
    }

    /// A warning.
    #[must_use]
    pub fn warning(code: impl Into<Cow<'static, str>>, message: impl Into<String>) -> Self {
        Self::new(Severity::Warning, code.into(), message.into())
    }

    fn new(severity: Severity, code: Cow<'static, str>, message: String) -> Self {
        Self { location: None, severity, code, message, help: None }
    }

    /// The same with a location.
    #[must_use]
    pub fn at(mut self, location: impl Into<Option<Location>>) -> Self {
        self.location = location.into();
        self
    }

    /// The same about a file as a whole.
    #[must_use]
    pub fn in_file(self, file: impl Into<Arc<str>>) -> Self {
        self.at(Location { file: file.into(), line: 0, column: 0 })
    }

    /// The same with a help.
    #[must_use]
    pub fn with_help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}
