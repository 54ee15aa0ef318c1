//! The past of a resource: every state that a step of the build replaced.

use super::file::Var;
use gitops_core::value::{Place, Value};
use std::sync::Arc;

/// A step of the build that changed a resource.
#[derive(Clone, Debug)]
pub(crate) struct Step {
    /// The object before the step; null where the step made it.
    pub(crate) before: Value,
    /// What was done, in the field's terms: `namePrefix`, `patches[0]`, …
    pub(crate) action: Arc<str>,
    /// Where that stands.
    pub(crate) place: Place,
    /// For the step that puts in variables: all of them, each of which stands somewhere else.
    pub(crate) variables: Option<Arc<[Arc<Var>]>>,
}

impl Step {
    /// A step that is to learn what it replaces.
    pub(crate) fn new(action: impl Into<Arc<str>>, place: Place) -> Self {
        Self { before: Value::null(), action: action.into(), place, variables: None }
    }

    /// Where that stands which changed this node.
    pub(crate) fn place_for(&self, node: Option<&Value>) -> Place {
        let text = node.and_then(Value::as_text).unwrap_or_default();
        let mut used = self.variables.iter().flat_map(|variables| variables.iter());
        used.find(|variable| text.contains(&format!("$({})", variable.name)))
            .map_or(self.place, |variable| variable.place)
    }
}
