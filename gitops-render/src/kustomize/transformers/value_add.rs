//! Shim.
use super::super::error::{Error, code};
use super::super::layer::{Build, Target};
use super::super::set::ResourceSet;
use gitops_core::value::Value;
#[derive(Clone, Debug)]
pub(crate) struct ValueAdd;
impl ValueAdd {
    pub(crate) fn load(_: &mut Build<'_>, _: &Target<'_>, _: &Value) -> Result<Self, Error> { Err(Error::new(code::PLUGIN, "shim")) }
    pub(crate) fn apply(&self, _: &mut Build<'_>, _: &mut ResourceSet) -> Result<(), Error> { Ok(()) }
}
