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

use super::config::Config;
use super::decode::{DecodeError, Mode, Text, decode_document};
use super::error::{Error, code};
use super::file::{Kustomization, Var};
use super::lint;
use super::lint::Warning;
use super::load::{Folder, Loader, Read, shown};
use super::origin::{BuildMetadata, Origin, join_lexically};
use super::resource::Resource;
use super::set::ResourceSet;
use crate::parallel;
use crate::session::{File, Manifests, Session, Tally};
use gitops_core::diagnostic::Diagnostic;
use gitops_core::schema::Schema;
use gitops_core::value::{Place, SourceId, Value};
use std::borrow::Cow;
use std::collections::HashSet;
use std::sync::Arc;

/// How many resources one thread makes in one go.
const RESOURCES: usize = 128;

/// Names under which a kustomization file is looked for.
pub(crate) const FILE_NAMES: [&str; 3] = ["kustomization.yaml", "kustomization.yml", "Kustomization"];

/// What a layer's result depends on besides the tree.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub(crate) struct LayerKey {
    folder: String,
    metadata: BuildMetadata,
    origin: String,
    /// The name of the schema in force, and whether it adds to the built-in types.
    schema: Option<(String, bool)>,
    /// Whether the built-in types were needed before; set only where it matters.
    asked: bool,
}

/// A finished layer, shared between the layers that use it.
#[derive(Debug)]
pub(crate) struct Layer {
    resources: Vec<Resource>,
    config: Arc<Config>,
    vars: Vec<Arc<Var>>,
    schema: Option<CustomSchema>,
    /// Whether the layer, or one below it, took up a schema.
    adopted: bool,
    /// Whether the built-in types were needed.
    asked: bool,
}

/// A layer or why there is none, with what was read and said on the way.
pub(crate) type LayerResult = Arc<(Result<Layer, Error>, Vec<Read>, Vec<Diagnostic>)>;

/// A schema given by `openapi`; the first one met in a build holds for all of it.
#[derive(Clone, Debug)]
pub(crate) struct CustomSchema {
    pub(crate) name: String,
    /// Whether the schema adds to the built-in types.
    extends: bool,
    pub(crate) schema: Schema,
}

/// What one build of a root carries along.
pub(crate) struct Build<'s> {
    pub(crate) session: &'s Session,
    pub(crate) metadata: BuildMetadata,
    pub(crate) custom_schema: Option<CustomSchema>,
    adopted: bool,
    /// Whether the built-in types were needed: by a strategic merge, or for the scope of a type that is not in the
    /// built-in table of scopes. From then on a custom schema adds to the built-in types instead of replacing them, as
    /// in the original.
    asked: bool,
    pub(crate) reads: Vec<Read>,
    pub(crate) diagnostics: Vec<Diagnostic>,
    warned: HashSet<(Cow<'static, str>, Place)>,
    told: HashSet<Diagnostic>,
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

    fn merge_config(&mut self, other: &Arc<Config>) -> Result<(), Error> {
        self.config = Some(match self.config.take() {
            Some(config) => Config::merge(&config, other)?,
            // Merging into nothing is not idle: a rule for one kind that stands before a rule for all of the same field
            // makes that one vanish. The defaults hold no such pair.
            None if Arc::ptr_eq(other, &Config::shared_default()) => Arc::clone(other),
            None => Config::merge(&Arc::default(), other)?,
        });
        Ok(())
    }

    fn merge_vars(&mut self, vars: &[Arc<Var>]) -> Result<(), Error> {
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

/// A kustomization file with where it stands.
pub(crate) struct Target<'s> {
    pub(crate) loader: Loader<'s>,
    pub(crate) file: Arc<File>,
    pub(crate) kustomization: Kustomization,
    /// Path from the root kustomization, as origins print it.
    pub(crate) origin: String,
}

impl<'s> Build<'s> {
    pub(crate) fn new(session: &'s Session, metadata: BuildMetadata) -> Self {
        Self {
            session,
            metadata,
            custom_schema: None,
            adopted: false,
            asked: false,
            reads: Vec::new(),
            diagnostics: Vec::new(),
            warned: HashSet::new(),
            told: HashSet::new(),
        }
    }

    /// The schema that merges and scopes follow now.
    pub(crate) fn schema(&self) -> &Schema {
        self.custom_schema.as_ref().map_or(&self.session.schema, |custom| &custom.schema)
    }

    /// Warns of something that the original passes over in silence, once per code and place.
    pub(crate) fn warn(&mut self, place: Place, diagnostic: Diagnostic) {
        if !place.is_none() && !self.warned.insert((diagnostic.code.clone(), place)) {
            return;
        }
        let location = self.session.locate(place);
        self.tell(if location.is_some() { diagnostic.at(location) } else { diagnostic });
    }

    /// As [`Build::warn`], for several.
    pub(crate) fn warn_all(&mut self, warnings: Vec<Warning>) {
        for (place, diagnostic) in warnings {
            self.warn(place, diagnostic);
        }
    }

    /// Adds a located diagnostic, once.
    fn tell(&mut self, diagnostic: Diagnostic) {
        if self.told.insert(diagnostic.clone()) {
            self.diagnostics.push(diagnostic);
        }
    }

    /// The objects that a file holds; warns of what is odd about them.
    pub(crate) fn manifests(&mut self, file: &File) -> Result<Arc<[Value]>, Error> {
        let manifests = self.session.manifests(file)?;
        Ok(self.checked(manifests))
    }

    /// The objects that a text holds; warns of what is odd about them.
    pub(crate) fn parse_manifests(&mut self, bytes: &[u8], source: SourceId) -> Result<Arc<[Value]>, Error> {
        let manifests = self.session.parse_manifests(bytes, source)?;
        Ok(self.checked(manifests))
    }

    fn checked(&mut self, manifests: Manifests) -> Arc<[Value]> {
        for (place, diagnostic) in manifests.warnings.iter() {
            self.warn(*place, diagnostic.clone());
        }
        manifests.objects
    }

    /// The document of a configuration; warns of what is odd about its text.
    pub(crate) fn parse_config(&mut self, bytes: &[u8], source: SourceId) -> Result<Value, Error> {
        let Some(document) = self.session.read_config(bytes, source)? else { return Ok(Value::null()) };
        for (place, diagnostic) in lint::config::document(bytes, source, &document) {
            self.warn(place, diagnostic);
        }
        Ok(document.root)
    }

    /// Finds and reads the kustomization file of a folder.
    pub(crate) fn load(&mut self, folder: Folder, origin: String) -> Result<Target<'s>, Error> {
        let loader = Loader::new(self.session, folder);
        let found: Vec<Arc<File>> =
            FILE_NAMES.iter().filter_map(|name| loader.beside(name, &mut self.reads)).collect();
        let folder = shown(&loader.folder.path).to_owned();
        let file = match found.as_slice() {
            [file] => Arc::clone(file),
            [] => {
                return Err(Error::new(
                    code::KUSTOMIZATION_MISSING,
                    format!("unable to find one of 'kustomization.yaml', 'kustomization.yml' or 'Kustomization' in directory '{folder}'"),
                )
                .in_file(folder));
            }
            _ => {
                return Err(Error::new(
                    code::KUSTOMIZATION_AMBIGUOUS,
                    format!("Found multiple kustomization files under: {folder}"),
                )
                .in_file(folder)
                .help("keep one of kustomization.yaml, kustomization.yml and Kustomization"));
            }
        };
        let kustomization =
            self.read_kustomization(&file).map_err(|error| error.in_file(file.path.as_str()))?;
        Ok(Target { loader, file, kustomization, origin })
    }

    fn read_kustomization(&mut self, file: &File) -> Result<Kustomization, Error> {
        let document = self
            .parse_config(&file.bytes, file.source)
            .map_err(|error| error.context("reading the kustomization"))?;
        let mut kustomization: Kustomization = decode_document(&document, Mode::Strict)
            .map_err(|error| decode_error(error, code::KUSTOMIZATION_INVALID))?;
        lint::config::kustomization(self, &document, &kustomization);
        if kustomization.is_empty() {
            return Err(Error::new(code::KUSTOMIZATION_EMPTY, "kustomization.yaml is empty")
                .help("name at least one resource, generator or transformer"));
        }
        kustomization.fix();
        let faults = kustomization.header_faults();
        if !faults.is_empty() {
            let folder = file.path.rsplit_once('/').map_or(".", |(folder, _)| folder);
            return Err(Error::new(
                code::KUSTOMIZATION_INVALID,
                format!("Failed to read kustomization file under {folder}: {}", faults.join("; ")),
            ));
        }
        Ok(kustomization)
    }

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

    /// Notes that types are needed now, which are the built-in ones while there is no custom schema.
    pub(crate) fn need_types(&mut self) {
        self.asked = true;
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

/// The error for a field that does not fit.
pub(crate) fn decode_error(error: DecodeError, code: &'static str) -> Error {
    let fault = Error::new(code, error.message).at(error.place);
    match error.help {
        Some(help) => fault.help(help),
        None => fault,
    }
}

/// The objects of a text, inline or from a file, as resources.
pub(crate) fn resources_of(objects: &[Value], schema: &Schema) -> Vec<Resource> {
    objects.iter().map(|object| Resource::new(object.clone(), schema)).collect()
}
