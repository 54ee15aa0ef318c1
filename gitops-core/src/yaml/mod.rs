//! YAML as Kubernetes' tools read and print it.

mod emitter;
mod key_order;
pub(crate) mod quoting;
mod refusal;
pub(crate) mod settle;
mod writer;

pub use refusal::{Refusal, Refused, WriteError};
pub use writer::{Writer, to_string};
