//! Shim.
use super::field_spec::CompiledSpec;
use gitops_core::value::Value;
#[derive(Debug, thiserror::Error)]
#[error("shim")]
pub struct Shim;
#[derive(Debug)]
pub struct Variables;
impl Variables {
    pub fn new(_: Vec<(String, Value)>) -> Self { Self }
    pub fn unused(&self) -> Vec<String> { Vec::new() }
}
pub fn apply(_: &CompiledSpec, _: &mut Value, _: &mut Variables) -> Result<(), Shim> { Err(Shim) }
pub fn field(_: &Value, _: &str) -> Result<Value, Shim> { Err(Shim) }
