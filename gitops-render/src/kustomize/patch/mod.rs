//! Patches: strategic merge and JSON 6902, as functions on values.
//!
//! ```
//! use gitops_core::{Map, Schema, Value};
//! use gitops_render::kustomize::patch::{MergeOptions, Outcome, strategic_merge};
//! let base = Value::from(Map::from_iter([("kind", Value::from("Widget")), ("size", Value::from(1))]));
//! let patch = Value::from(Map::from_iter([("size", Value::from(2))]));
//! let merged = strategic_merge(&base, &patch, &Schema::kustomize_5_8_1(), MergeOptions::default(), None).unwrap();
//! let Outcome::Merged(merged) = merged else { panic!() };
//! assert_eq!(merged.get("size").and_then(Value::as_text), Some("2"));
//! ```
//!
//! Who patches whom, and that a patch does not rename its target, is the business of the transformers that call
//! these functions.

mod comments;
mod identity;
pub mod json6902;
pub mod strategic;

pub use comments::CommentTypes;
pub use identity::{IdentityChange, keep_identity};
pub use json6902::{
    ApplyError, CompileError, JsonPatch, OperationKind, PatchNote, PatchSyntax, Problem, through_json,
};
pub use strategic::{Growth, MergeError, MergeOptions, NodeKind, Note, NoteKind, Outcome, strategic_merge};
