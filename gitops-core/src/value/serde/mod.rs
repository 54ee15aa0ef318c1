//! Values to and from every type that serde knows.
//!
//! ```
//! use gitops_core::value::{from_value, to_value, Value};
//! use serde::{Deserialize, Serialize};
//!
//! #[derive(Serialize, Deserialize, PartialEq, Debug)]
//! struct Port<'a> {
//!     name: &'a str,
//!     port: u16,
//! }
//!
//! let value: Value = serde_json::from_str(r#"{"name": "http", "port": 80}"#).unwrap();
//! let port: Port<'_> = from_value(&value).unwrap();
//! assert_eq!(port, Port { name: "http", port: 80 });
//! assert_eq!(to_value(&port).unwrap(), value);
//! ```
//!
//! * Scalars count by what they mean ([`Resolved`](super::Resolved)): `0644` is 420, `1e3` a float. A type that asks
//!   for an integer gets one from a float without a fraction too.
//! * A number where a type named `Quantity` asks for text is given as its text, as Kubernetes accepts `cpu: 1`; any
//!   other number where text is asked for is an error, as there.
//! * Keys are text; types that ask for numbers or booleans as keys get them from text.
//! * serde calls itself for each level, therefore values of more than 256 levels are errors here.

mod de;
mod error;
mod from;
mod key;
mod ser;
mod to;

pub use error::Error;
pub use from::from_value;
pub use to::to_value;

/// Levels of nesting that serde's recursion may cost stack for.
const LEVELS: usize = 256;

#[cfg(test)]
mod tests;
