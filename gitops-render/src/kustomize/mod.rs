//! kustomize 5.8.1: from a kustomization to the objects it builds.
//!
//! Most of this module is private machinery behind [`Session`](crate::Session). Public are the engines that are of
//! use by themselves: strategic merge and JSON patches, field specifications, image rules, generated objects and the
//! hashes of their names.

pub(crate) mod absorb;
pub(crate) mod accumulate;
mod annotated;
pub(crate) mod build;
pub(crate) mod config;
mod containers;
pub(crate) mod crds;
pub(crate) mod decode;
pub mod default_field_specs;
pub(crate) mod error;
pub(crate) mod explain;
mod field_path;
pub mod field_spec;
pub(crate) mod file;
pub(crate) mod finish;
pub mod generate;
pub(crate) mod generators;
pub mod go_json;
pub mod go_regexp;
pub mod gvk;
pub mod images;
pub(crate) mod layer;
pub(crate) mod lint;
pub(crate) mod load;
pub mod lookup;
pub mod node;
pub(crate) mod order;
pub(crate) mod origin;
pub mod patch;
pub mod path_match;
pub mod plain;
pub(crate) mod plugin;
mod reference_plan;
pub(crate) mod references;
pub mod replacement;
pub(crate) mod resource;
mod route;
pub(crate) mod select;
pub(crate) mod set;
mod shared;
pub(crate) mod target;
#[cfg(test)]
mod testing;
mod texts;
pub(crate) mod transformers;
#[cfg(test)]
mod unit_tables;
pub mod value_add;
pub mod variables;
pub(crate) mod vars;
mod walk;
mod yaml_scalar;
pub mod yaml_text;
