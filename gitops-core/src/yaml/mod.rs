//! YAML as Kubernetes' tools read and print it.

mod emitter;
mod error;
mod key_order;
mod quoting;
mod settle;
mod writer;

pub use error::{Refusal, Refused, WriteError};
pub use writer::{Writer, to_string};
