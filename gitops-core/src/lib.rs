//! The manifest model of the GitOps SDK: values, YAML and JSON, identity, schema, diagnostics.
//!
//! No I/O, no global state: everything here is a function of its arguments.

pub mod diagnostic;
pub mod duration;
pub mod field_path;
pub mod glob;
pub mod json;
pub mod limits;
pub mod object;
pub mod pointer;
pub mod quantity;
pub mod schema;
pub mod selector;
pub mod tree;
pub mod value;
pub mod yaml;

pub use diagnostic::{Diagnostic, Severity};
pub use limits::Limits;
pub use object::{Gvk, ObjectKey};
pub use schema::Schema;
pub use tree::{Tree, TreeError};
pub use value::{Key, Map, Place, Scalar, ScalarKind, Seq, Sources, Style, Value};
