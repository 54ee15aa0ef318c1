//! Why a value does not fit a type.

use std::fmt::Display;

/// A conversion that failed, and at which field.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Error {
    /// Path of the field, such as `spec.containers[0].image`; empty for the value as a whole.
    pub path: String,
    /// What is wrong with it.
    pub message: String,
}

impl std::fmt::Display for Error {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.path.as_str() {
            "" => f.write_str(&self.message),
            path => write!(f, "{path}: {}", self.message),
        }
    }
}

impl std::error::Error for Error {}

impl Error {
    pub(super) fn new(message: impl Into<String>) -> Self {
        Self { path: String::new(), message: message.into() }
    }

    pub(super) fn too_deep() -> Self {
        Self::new(format!("more than {} levels", super::LEVELS))
    }

    /// The error as the map sees in which it happened.
    pub(super) fn below_key(mut self, key: &str) -> Self {
        let separator = if self.path.is_empty() || self.path.starts_with('[') { "" } else { "." };
        self.path = if key.contains('.') {
            format!("[{key}]{separator}{}", self.path)
        } else {
            format!("{key}{separator}{}", self.path)
        };
        self
    }

    /// The error as the sequence sees in which it happened.
    pub(super) fn below_index(mut self, index: usize) -> Self {
        let separator = if self.path.is_empty() || self.path.starts_with('[') { "" } else { "." };
        self.path = format!("[{index}]{separator}{}", self.path);
        self
    }
}

impl serde::de::Error for Error {
    fn custom<T: Display>(message: T) -> Self {
        Self::new(message.to_string())
    }
}

impl serde::ser::Error for Error {
    fn custom<T: Display>(message: T) -> Self {
        Self::new(message.to_string())
    }
}
