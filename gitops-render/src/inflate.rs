//! The seam for what a pure renderer does not do: Helm charts, remote sources, exec and container functions.
//!
//! Without an [`Inflate`] each of these is an error that names the field and what would be needed. An embedder that
//! wants them implements the trait; the renderer stays pure.
//!
//! ```
//! use gitops_render::inflate::{Inflate, InflateError, Request};
//!
//! #[derive(Debug)]
//! struct Charts;
//!
//! impl Inflate for Charts {
//!     fn inflate(&self, request: &Request<'_>) -> Result<String, InflateError> {
//!         match request {
//!             Request::HelmChart { .. } => Ok("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n".into()),
//!             _ => Err(InflateError::Unsupported),
//!         }
//!     }
//! }
//! ```

use gitops_core::value::Value;

/// What is to be turned into manifests.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Request<'a> {
    /// An entry of `helmCharts`, with `helmGlobals`.
    HelmChart {
        /// Folder of the kustomization, below the tree's root.
        folder: &'a str,
        /// The entry as written.
        chart: &'a Value,
        /// `helmGlobals` as written.
        globals: Option<&'a Value>,
    },
    /// A resource, base or file at a URL.
    Remote {
        /// The URL as written.
        url: &'a str,
    },
    /// A generator function (exec, container or plug-in).
    Generator {
        /// Folder of the kustomization, below the tree's root.
        folder: &'a str,
        /// The function's configuration.
        config: &'a Value,
    },
    /// A transformer or validator function (exec, container or plug-in).
    Transformer {
        /// Folder of the kustomization, below the tree's root.
        folder: &'a str,
        /// The function's configuration.
        config: &'a Value,
        /// The objects so far, as a stream of YAML documents.
        input: &'a str,
    },
}

/// Why nothing came of a request.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum InflateError {
    /// This implementation does not do that.
    #[error("not supported here")]
    Unsupported,
    /// It was tried and failed.
    #[error("{0}")]
    Failed(String),
}

/// Turns charts, URLs and functions into a stream of YAML documents.
pub trait Inflate: Send + Sync + std::fmt::Debug {
    /// The manifests that the request stands for, as a stream of YAML documents.
    fn inflate(&self, request: &Request<'_>) -> Result<String, InflateError>;
}
