//! Building one layer: resources, generators, components, transformers, validators, variables, in that order.
//!
//! The order is kustomize 5.8.1's (api/internal/target/kusttarget.go), whatever the order of fields in the file:
//!
//! 1. `resources` in list order; a folder is a layer of its own, built whole first.
//! 2. `configurations` over the defaults, then `crds`; what children configured is kept.
//! 3. Generators: config maps, secrets, charts, then `generators`. Each result is added, merged or replaces.
//! 4. `components`, which act on everything accumulated so far.
//! 5. Transformers, see [`super::transformers`].
//! 6. `validators`, which must not change anything.
//! 7. `vars` are collected.
//!
//! Hash suffixes, name references, variables and order belong to the root and come last, see [`super::finish`].

use super::build::Build;
use super::config::Config;
use super::decode::Text;
use super::error::{Error, code};
use super::file::Var;
use super::layer::{Accumulated, CustomSchema, Layer, LayerKey, LayerResult};
use super::lint;
use super::load::{Folder, shown};
use super::origin::{Origin, join_lexically};
use super::resource::Resource;
use super::target::Target;
use crate::parallel;
use crate::session::Tally;
use gitops_core::schema::Schema;
use std::sync::Arc;

/// How many resources one thread makes in one go.
const RESOURCES: usize = 128;

impl<'s> Build<'s> {
    /// Runs all steps of a layer into `into`: an empty accumulator, or the parent's for a component.
    pub(crate) fn accumulate(&mut self, target: &Target<'s>, into: &mut Accumulated) -> Result<(), Error> {
        Tally::add(&self.session.tally.layers, 1);
        let kustomization = &target.kustomization;
        for path in kustomization.resources.iter().flatten() {
            self.add_resource_entry(target, path, into).map_err(|error| {
                error.context(format!("accumulating resources from '{}' of {}", path.text, target.file.path))
            })?;
        }
        let config = self.layer_config(target)?;
        into.merge_config(&config)?;
        let crds = super::crds::load(self, target)?;
        if let Some(crds) = crds {
            into.merge_config(&crds)?;
        }
        self.run_generators(target, into)?;
        for path in kustomization.components.iter().flatten() {
            self.add_component(target, path, into).map_err(|error| {
                error.context(format!("accumulating component '{}' of {}", path.text, target.file.path))
            })?;
        }
        self.run_transformers(target, into)?;
        self.run_validators(target, into)?;
        collect_vars(target, into)
    }

    /// An entry of `resources`: a file of manifests, else a folder.
    pub(crate) fn add_resource_entry(
        &mut self,
        target: &Target<'_>,
        path: &Text,
        into: &mut Accumulated,
    ) -> Result<(), Error> {
        let file = match target.loader.file(path, &mut self.reads) {
            Ok(file) => file,
            Err(error) if matches!(error.code(), code::FILE | code::NOT_FOUND) => {
                // A folder, or something remote; its own fault says more than "not a file".
                let folder = target.loader.folder(path, &mut self.reads)?;
                return self.add_layer(target, &folder, path, into);
            }
            Err(error) if error.code() == code::OUTSIDE_ROOT && !path.is_empty() => return Err(error),
            Err(error) => return Err(error),
        };
        let objects =
            self.manifests(&file).map_err(|error| error.context(format!("reading {}", file.path)))?;
        let origin =
            self.metadata.any.then(|| Arc::new(Origin::of_file(join_lexically(&target.origin, path))));
        let schema = self.schema();
        let resources = parallel::ranges(objects.len(), RESOURCES, |range| {
            let objects = objects.get(range).unwrap_or_default().iter();
            objects.map(|object| Resource::new(object.clone(), schema)).collect::<Vec<_>>()
        });
        for mut resource in resources.into_iter().flatten() {
            self.asked =
                self.asked || !Schema::knows_scope(&resource.gvk().api_version(), &resource.gvk().kind);
            if let Some(origin) = &origin {
                resource.take_origin_or(origin);
            }
            into.resources.append(resource)?;
        }
        Ok(())
    }

    /// A folder of `resources`, built as a layer of its own or taken from the session.
    fn add_layer(
        &mut self,
        target: &Target<'_>,
        folder: &Folder,
        path: &Text,
        into: &mut Accumulated,
    ) -> Result<(), Error> {
        let origin = if self.metadata.any { join_lexically(&target.origin, path) } else { String::new() };
        let mut key = LayerKey {
            folder: folder.path.clone(),
            metadata: self.metadata,
            origin,
            schema: self.custom_schema.as_ref().map(|custom| (custom.name.clone(), custom.extends)),
            asked: false,
        };
        let mut result = self.shared_layer(&key, folder);
        if self.asked && result.0.as_ref().is_ok_and(|layer| layer.adopted) {
            key.asked = true;
            result = self.shared_layer(&key, folder);
        }
        let (layer, reads, diagnostics) = &*result;
        self.reads.extend(reads.iter().cloned());
        for diagnostic in diagnostics {
            self.tell(diagnostic.clone());
        }
        let layer = layer.as_ref().map_err(Clone::clone)?;
        self.custom_schema.clone_from(&layer.schema);
        self.adopted |= layer.adopted;
        self.asked |= layer.asked;
        into.resources
            .append_all(layer.resources.iter().cloned())
            .map_err(|error| error.context(format!("merging the resources of '{}'", key.folder)))?;
        into.merge_config(&layer.config)?;
        into.merge_vars(&layer.vars)
    }

    /// The layer from the session, built if nobody has built it yet.
    fn shared_layer(&self, key: &LayerKey, folder: &Folder) -> LayerResult {
        let mut built = false;
        let result = self.session.layers.get_or_make(key, || {
            built = true;
            let mut build = Build::new(self.session, self.metadata);
            build.custom_schema.clone_from(&self.custom_schema);
            build.asked = key.asked;
            let layer = build.finished_layer(folder.clone(), key.origin.clone());
            Arc::new((layer, build.reads, build.diagnostics))
        });
        if !built {
            Tally::add(&self.session.tally.layers_shared, 1);
        }
        result
    }

    fn finished_layer(&mut self, folder: Folder, origin: String) -> Result<Layer, Error> {
        let target = self.load(folder, origin)?;
        self.adopt_schema(&target, false)?;
        if target.kustomization.is_component() {
            return Err(Error::new(
                code::WRONG_KIND_OF_LAYER,
                format!("expected kind != 'Component' for path '{}'", shown(&target.loader.folder.path)),
            )
            .in_file(target.file.path.as_str())
            .help("list it under `components`"));
        }
        lint::config::below_root(self, &target.kustomization);
        let mut accumulated = Accumulated::default();
        self.accumulate(&target, &mut accumulated)
            .map_err(|error| error.context(format!("building {}", target.file.path)))?;
        Ok(Layer {
            config: accumulated.config(),
            resources: accumulated.resources.into_list(),
            vars: accumulated.vars,
            schema: self.custom_schema.clone(),
            adopted: self.adopted,
            asked: self.asked,
        })
    }

    fn add_component(
        &mut self,
        target: &Target<'s>,
        path: &Text,
        into: &mut Accumulated,
    ) -> Result<(), Error> {
        let folder = target.loader.folder(path, &mut self.reads)?;
        let origin = if self.metadata.any { join_lexically(&target.origin, path) } else { String::new() };
        let component = self.load(folder, origin)?;
        self.adopt_schema(&component, false)?;
        if !component.kustomization.is_component() {
            return Err(Error::new(
                code::WRONG_KIND_OF_LAYER,
                format!(
                    "expected kind 'Component' for path '{}' but got '{}'",
                    shown(&component.loader.folder.path),
                    component.kustomization.kind
                ),
            )
            .in_file(component.file.path.as_str())
            .help("list it under `resources`, or make it a Component (apiVersion: kustomize.config.k8s.io/v1alpha1)"));
        }
        lint::config::below_root(self, &component.kustomization);
        self.accumulate(&component, into)
            .map_err(|error| error.context(format!("building {}", component.file.path)))
    }

    /// Takes the schema that `openapi` names. At the root it replaces what was there; below, the first one wins.
    pub(crate) fn adopt_schema(&mut self, target: &Target<'s>, root: bool) -> Result<(), Error> {
        let Some(openapi) = &target.kustomization.openapi else { return Ok(()) };
        let version = openapi.get("version").unwrap_or_default();
        let path = openapi.iter().find(|(key, _)| *key == "path").map(|(_, path)| path.clone());
        if let Some(path) = &path {
            let file = target.loader.file(path, &mut self.reads)?;
            if !version.is_empty() {
                return Err(Error::new(
                    code::OPENAPI,
                    "builtin version and custom schema provided, cannot use both",
                )
                .at(path.place));
            }
            let known = self.custom_schema.as_ref().filter(|known| !root && known.name != file.path);
            if known.is_some() {
                lint::transformers::openapi_ignored(self, path, path.place);
            }
            if self.custom_schema.is_none() || root {
                let document = self.session.parse_config(&file.bytes, file.source)?;
                let schema = if self.asked {
                    self.session.schema.extended_by_openapi(&document)
                } else {
                    Schema::from_openapi(&document)
                };
                self.adopted = true;
                let schema = schema.map_err(|error| {
                    Error::new(code::OPENAPI, error.to_string()).in_file(file.path.as_str())
                })?;
                self.custom_schema =
                    Some(CustomSchema { name: file.path.clone(), extends: self.asked, schema });
            }
            return Ok(());
        }
        if !version.is_empty() && version != "v1.21.2" && version != "v1212" {
            return Err(Error::new(code::OPENAPI, "the specified OpenAPI version is not built in")
                .at(openapi.iter().next().map(|(_, text)| text.place).unwrap_or_default())
                .help("only v1.21.2 is built in; leave `openapi` out or give a `path`"));
        }
        Ok(())
    }

    fn layer_config(&mut self, target: &Target<'s>) -> Result<Arc<Config>, Error> {
        let mut config = Config::shared_default();
        let mut files = None;
        for path in target.kustomization.configurations.iter().flatten() {
            let inline = path.contains(['\n', '\r']);
            let (bytes, source, name) = if inline {
                let source = self.session.add_source(&format!("{} (configurations)", target.file.path), path);
                (Arc::from(path.as_bytes()), source, target.file.path.clone())
            } else {
                let file = target.loader.file(path, &mut self.reads)?;
                (Arc::clone(&file.bytes), file.source, file.path.clone())
            };
            let document = self.parse_config(&bytes, source)?;
            let read = Config::from_document(&document).map_err(|error| error.in_file(name))?;
            if inline {
                config = Config::merge(&config, &read)?;
            } else {
                files = Some(match files {
                    Some(files) => Config::merge(&files, &read)?,
                    None => read,
                });
            }
        }
        match files {
            Some(files) => Config::merge(&config, &files),
            None => Ok(config),
        }
    }
}

fn collect_vars(target: &Target<'_>, into: &mut Accumulated) -> Result<(), Error> {
    let vars: Vec<Arc<Var>> = target.kustomization.vars.iter().flatten().cloned().map(Arc::new).collect();
    super::vars::collect(&vars, &mut into.resources)?;
    into.merge_vars(&vars)
}
