//! The past of a resource: every state that a step of the build replaced.

use super::error::Error;
use super::layer::Build;
use super::set::ResourceSet;
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
}

/// Does `work`, which neither adds, removes nor moves resources, and keeps what it replaced where the session explains.
pub(crate) fn traced<'s>(
    build: &mut Build<'s>,
    set: &mut ResourceSet,
    action: impl FnOnce() -> Arc<str>,
    place: Place,
    work: impl FnOnce(&mut Build<'s>, &mut ResourceSet) -> Result<(), Error>,
) -> Result<(), Error> {
    if !build.session.options.explain {
        return work(build, set);
    }
    let before: Vec<Value> = set.iter().map(|resource| resource.value().clone()).collect();
    work(build, set)?;
    let action = action();
    for (resource, before) in set.contents_mut().iter_mut().zip(before) {
        if !before.ptr_eq(resource.value()) {
            resource.steps.push(Step { before, action: Arc::clone(&action), place });
        }
    }
    Ok(())
}
