//! Shim.
use super::super::decode::Text;
use super::super::error::{Error, code};
use super::super::file::ReplacementField;
use super::super::layer::{Build, Target};
use super::super::set::ResourceSet;
#[derive(Clone, Debug)]
pub(crate) struct Replacements;
impl Replacements {
    pub(crate) fn load(_: &mut Build<'_>, _: &Target<'_>, _: &[ReplacementField]) -> Result<Self, Error> { Err(Error::new(code::REPLACEMENT, "shim")) }
    pub(crate) fn apply(&self, _: &mut Build<'_>, _: &mut ResourceSet) -> Result<(), Error> { let _ : Option<Text> = None; Ok(()) }
}
