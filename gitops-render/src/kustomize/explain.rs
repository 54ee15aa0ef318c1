//! The past of a resource: every state that a step of the build replaced.

use gitops_core::value::{Place, Value};
use std::sync::Arc;

/// A step of the build that changed a resource.
#[derive(Clone, Debug)]
pub(crate) struct Step {
    /// The object before the step.
    pub(crate) before: Value,
    /// What was done, in the field's terms: `namePrefix`, `patches[0]`, …
    pub(crate) action: Arc<str>,
    /// Where that stands.
    pub(crate) place: Place,
}
