//! A tree with the peer's answer on one line of JSON, as the conformance suites read it.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};

use super::{Answer, Tree};

/// Bytes as text, or in base64 where they are none.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Bytes {
    /// UTF-8.
    Text(String),
    /// Anything else.
    Encoded {
        /// The bytes in base64.
        b64: String,
    },
}

/// A tree and what `kubectl kustomize` says to it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Recorded {
    /// What is special about the tree.
    pub name: String,
    /// Content by path.
    pub files: BTreeMap<String, Bytes>,
    /// The folder to render.
    pub target: String,
    /// The output, if it renders.
    #[serde(rename = "reference.yaml", default, skip_serializing_if = "Option::is_none")]
    pub output: Option<String>,
    /// The message, if it does not.
    #[serde(rename = "reference_error.txt", default, skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
}

impl Recorded {
    /// Records an answer.
    #[must_use]
    pub fn new(name: impl Into<String>, tree: &Tree, answer: Answer) -> Self {
        let (output, error) = match answer {
            Answer::Output(output) => (Some(output), None),
            Answer::Failure { message, .. } | Answer::Panic(message) => (None, Some(message)),
        };
        let files =
            tree.files.iter().map(|(path, bytes)| (path.clone(), Bytes::from(bytes.as_slice()))).collect();
        Self { name: name.into(), files, target: tree.root.clone(), output, error }
    }
}

impl From<&[u8]> for Bytes {
    fn from(bytes: &[u8]) -> Self {
        match std::str::from_utf8(bytes) {
            Ok(text) => Self::Text(text.to_owned()),
            Err(_) => Self::Encoded { b64: STANDARD.encode(bytes) },
        }
    }
}
