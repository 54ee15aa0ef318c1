//! JSON as API servers send it and as Go prints it.
//!
//! ```
//! use gitops_core::json;
//! let value = json::from_str(r#"{"b": 12345678901234567890123, "a": ["<x>", 1.50]}"#).unwrap();
//! assert_eq!(json::to_string(&value).unwrap(), r#"{"b":12345678901234567890123,"a":["<x>",1.50]}"#);
//! assert_eq!(json::to_go_string(&value).unwrap(), r#"{"a":["\u003cx\u003e",1.5],"b":1.2345678901234568e+22}"#);
//! ```
//!
//! * The reader is strict (RFC 8259), keeps numbers as they are written, keeps the order of keys, and keeps a key that
//!   occurs twice. Strings and keys have the style of double quotes; integers beyond 64 bits have the type of floats.
//! * [`to_string`] and [`to_string_pretty`] print keys in the order of the value and numbers as they are written where
//!   that is JSON.
//! * [`to_go_string`] prints what Go's `encoding/json` prints for a map that kustomize decoded: keys sorted by bytes,
//!   numbers in Go's form, and `<`, `>`, `&`, U+2028 and U+2029 as escapes. Hashes of generated names rest on it.
//! * Neither the reader nor the writers recurse.

mod error;
mod reader;
mod shared;
mod writer;

pub use error::{ErrorKind, ReadError, WriteError};
pub use reader::{from_slice, from_str, read};
pub use writer::{Flavour, to_go_string, to_string, to_string_pretty, write};

#[cfg(test)]
mod tests;
