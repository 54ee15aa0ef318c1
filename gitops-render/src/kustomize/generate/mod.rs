//! Making ConfigMaps and Secrets from literals and files, and the hash that ends their names.
//!
//! Nothing here reads files: whoever calls gives their contents.

pub mod hash;
pub mod iam_policy;
pub mod key_values;
pub mod node_hash;
pub mod objects;
pub mod options;
