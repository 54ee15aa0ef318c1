//! Making ConfigMaps and Secrets from literals and files, and the hash that ends their names.
//!
//! Nothing here reads files: whoever calls gives their contents.

mod go_json;
pub mod hash;
pub mod key_values;
pub mod objects;
pub mod options;
