//! What layers are made of and what they leave: resources, configuration, variables and the schema.

use super::config::Config;
use super::error::{Error, code};
use super::file::Var;
use super::origin::BuildMetadata;
use super::resource::Resource;
use super::set::ResourceSet;
use crate::reads::Read;
use gitops_core::diagnostic::Diagnostic;
use gitops_core::schema::Schema;
use std::sync::Arc;

/// What a layer's result depends on besides the tree.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub(crate) struct LayerKey {
    pub(crate) folder: String,
    pub(crate) metadata: BuildMetadata,
    pub(crate) origin: String,
    /// The name of the schema in force, and whether it adds to the built-in types.
    pub(crate) schema: Option<(String, bool)>,
    /// Whether the built-in types were needed before; set only where it matters.
    pub(crate) asked: bool,
}

/// A finished layer, shared between the layers that use it.
#[derive(Debug)]
pub(crate) struct Layer {
    pub(crate) resources: Vec<Resource>,
    pub(crate) config: Arc<Config>,
    pub(crate) vars: Vec<Arc<Var>>,
    pub(crate) schema: Option<CustomSchema>,
    /// Whether the layer, or one below it, took up a schema.
    pub(crate) adopted: bool,
    /// Whether the built-in types were needed.
    pub(crate) asked: bool,
}

/// A layer or why there is none, with what was read and said on the way.
pub(crate) type LayerResult = Arc<(Result<Layer, Error>, Vec<Read>, Vec<Diagnostic>)>;

/// A schema given by `openapi`; the first one met in a build holds for all of it.
#[derive(Clone, Debug)]
pub(crate) struct CustomSchema {
    pub(crate) name: String,
    /// Whether the schema adds to the built-in types.
    pub(crate) extends: bool,
    pub(crate) schema: Schema,
}

/// Resources so far, with the rules that came with them.
#[derive(Default)]
pub(crate) struct Accumulated {
    pub(crate) resources: ResourceSet,
    pub(crate) config: Option<Arc<Config>>,
    pub(crate) vars: Vec<Arc<Var>>,
}

impl Accumulated {
    pub(crate) fn config(&self) -> Arc<Config> {
        self.config.clone().unwrap_or_else(Config::shared_default)
    }

    pub(crate) fn merge_config(&mut self, other: &Arc<Config>) -> Result<(), Error> {
        self.config = Some(match self.config.take() {
            Some(config) => Config::merge(&config, other)?,
            // Merging into nothing is not idle: a rule for one kind that stands before a rule for all of the same field
            // makes that one vanish. The defaults hold no such pair.
            None if Arc::ptr_eq(other, &Config::shared_default()) => Arc::clone(other),
            None => Config::merge(&Arc::default(), other)?,
        });
        Ok(())
    }

    pub(crate) fn merge_vars(&mut self, vars: &[Arc<Var>]) -> Result<(), Error> {
        for var in vars {
            if self.vars.iter().any(|known| known.name == var.name) {
                return Err(Error::new(code::VARIABLE, format!("var '{}' already encountered", var.name))
                    .at(var.place));
            }
            self.vars.push(Arc::clone(var));
        }
        Ok(())
    }
}
