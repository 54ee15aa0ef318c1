//! kustomize 5.8.1's transformers and generators.

mod containers;
pub mod default_field_specs;
pub mod field_path;
pub mod field_spec;
pub mod generate;
pub mod go_json;
pub mod go_regexp;
pub mod gvk;
pub mod images;
pub mod lookup;
pub mod node;
pub mod path_match;
pub mod plain;
pub mod replacement;
mod route;
#[cfg(test)]
mod testing;
pub mod value_add;
pub mod variables;
mod walk;
mod yaml_scalar;
pub mod yaml_text;
