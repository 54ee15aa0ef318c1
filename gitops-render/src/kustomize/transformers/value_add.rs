//! The transformer ValueAddTransformer: one text put into fields of chosen objects.

use super::super::build::Build;
use super::super::config::Specs;
use super::super::decode::{Mode, Text, decode_document, record};
use super::super::error::{Error, code};
use super::super::file::Selector;
use super::super::lint::config::unknown_fields;
use super::super::select::Selection;
use super::super::set::ResourceSet;
use super::super::target::Target;
use super::super::value_add::ValueAddTarget;
use super::{Namespace, SubjectMode};
use gitops_core::value::Value;

record! {
    /// Its configuration, and a file of targets.
    pub(crate) struct ValueAddConfig {
        value: String = "value",
        targets: Vec<TargetConfig> = "targets",
        target_file_path: Text = "targetFilePath",
    }

    /// Where the value goes.
    pub(crate) struct TargetConfig {
        selector: Option<Selector> = "selector",
        field_path: String = "fieldPath",
        position: i64 = "filePathPosition",
    }
}

/// A value with its targets.
#[derive(Clone, Debug)]
pub(crate) struct ValueAdd {
    value: String,
    targets: Vec<(Option<Selection>, Place)>,
}

/// The field of a target.
#[derive(Clone, Debug)]
enum Place {
    Namespace(Namespace),
    Field(ValueAddTarget),
}

impl ValueAdd {
    pub(crate) fn load(build: &mut Build<'_>, target: &Target<'_>, config: &Value) -> Result<Self, Error> {
        let read: ValueAddConfig = lenient(config)?;
        unknown_fields::<ValueAddConfig>(build, config);
        let trimmed = read.value.trim();
        let folder = target.loader.folder.path.rsplit('/').next().unwrap_or_default();
        let value = if trimmed.is_empty() { folder } else { trimmed }.to_owned();
        let mut configs = read.targets;
        if !read.target_file_path.is_empty() {
            let file = target.loader.file(&read.target_file_path, &mut build.reads)?;
            let document = build.parse_config(&file.bytes, file.source)?;
            unknown_fields::<ValueAddConfig>(build, &document);
            configs.extend(lenient::<ValueAddConfig>(&document)?.targets);
        }
        if configs.is_empty() {
            return Err(Error::new(code::PLUGIN, "must specify at least one target"));
        }
        let mut targets = Vec::with_capacity(configs.len());
        for config in configs {
            let selection = config.selector.as_ref().map(Selection::compile).transpose()?;
            let fault = |error: super::super::value_add::ValueAddError| {
                Error::new(code::PLUGIN, error.to_string()).at(config.place)
            };
            let field = ValueAddTarget::new(&config.field_path, config.position).map_err(fault)?;
            let place = if config.field_path == "metadata/namespace" {
                Place::Namespace(Namespace::new(&value, &Specs::default(), false, SubjectMode::default()))
            } else {
                Place::Field(field)
            };
            targets.push((selection, place));
        }
        Ok(Self { value, targets })
    }

    pub(crate) fn apply(&self, build: &mut Build<'_>, set: &mut ResourceSet) -> Result<(), Error> {
        let schema = build.schema().clone();
        for (selection, place) in &self.targets {
            for resource in set.resources_mut() {
                if selection.as_ref().is_some_and(|selection| !selection.matches(resource)) {
                    continue;
                }
                match place {
                    Place::Namespace(namespace) => drop(namespace.apply_to(resource)?),
                    Place::Field(field) => {
                        field.apply(resource.value_mut(), &self.value).map_err(|error| {
                            Error::new(code::FIELD, error.to_string()).at(resource.value().place())
                        })?;
                    }
                }
                resource.refresh_id(&schema);
            }
        }
        Ok(())
    }
}

fn lenient<T: super::super::decode::Record>(value: &Value) -> Result<T, Error> {
    decode_document(value, Mode::Lenient).map_err(|error| Error::of_field(error, code::PLUGIN))
}
