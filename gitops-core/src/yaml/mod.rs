//! YAML as Kubernetes' tools read and print it.

mod emitter;
mod refusal;
mod key_order;
mod quoting;
mod settle;
mod writer;

pub use refusal::{Refusal, Refused, WriteError};
pub use writer::{Writer, to_string};
