//! Generators: `configMapGenerator`, `secretGenerator`, `helmCharts` and `generators`, in that order.

use super::build::Build;
use super::decode::{Mode, Text, decode_document, record};
use super::error::{Error, code};
use super::explain::Step;
use super::file::{ConfigMapArgs, GeneratorOptions, SecretArgs};
use super::generate::iam_policy::{IamPolicy, service_account};
use super::generate::key_values::{self, EnvNote, SourceError};
use super::generate::objects::{self, ObjectError, ObjectSettings};
use super::generate::options::{self as generator_options, GeneratorOptions as ObjectOptions};
use super::layer::Accumulated;
use super::origin::Origin;
use super::plugin::{self, Metadata};
use super::resource::{Behavior, Resource};
use super::target::Target;
use super::transformers::builtin_origin;
use crate::inflate::Request;
use gitops_core::value::{Place, Value};
use smol_str::SmolStr;
use std::collections::HashMap;
use std::sync::Arc;

/// What a configured generator gives.
pub(crate) enum Generator {
    Objects(Vec<Resource>),
}

/// Generated objects with where they come from.
pub(crate) struct Made {
    pub(crate) generator: Generator,
    pub(crate) origin: Option<Arc<Origin>>,
    /// What the generator is called in a kustomization file, for people: `configMapGenerator[0]`.
    pub(crate) action: Arc<str>,
    pub(crate) place: Place,
}

impl<'s> Build<'s> {
    /// Runs the generators of a layer and puts their results among the resources.
    pub(crate) fn run_generators(
        &mut self,
        target: &Target<'s>,
        into: &mut Accumulated,
    ) -> Result<(), Error> {
        let file = &target.kustomization;
        let mut made = Vec::new();
        let origin =
            |build: &Self, kind: &str| build.metadata.any.then(|| Arc::new(builtin_origin(target, kind)));
        for (index, args) in file.config_map_generator.iter().flatten().enumerate() {
            let object = config_map(self, target, args, file.generator_options.as_ref())
                .map_err(|error| error.at(args.place))?;
            let origin = origin(self, "ConfigMapGenerator");
            made.push(Made {
                generator: Generator::Objects(vec![object]),
                origin,
                action: format!("configMapGenerator[{index}]").into(),
                place: args.place,
            });
        }
        for (index, args) in file.secret_generator.iter().flatten().enumerate() {
            let object = secret(self, target, args, file.generator_options.as_ref())
                .map_err(|error| error.at(args.place))?;
            let origin = origin(self, "SecretGenerator");
            made.push(Made {
                generator: Generator::Objects(vec![object]),
                origin,
                action: format!("secretGenerator[{index}]").into(),
                place: args.place,
            });
        }
        let globals = file.helm_globals.as_ref().map(|globals| &globals.0);
        let charts =
            file.helm_charts.iter().flatten().chain(file.helm_chart_inflation_generator.iter().flatten());
        for (index, chart) in charts.enumerate() {
            let objects =
                helm_chart(self, target, &chart.0, globals).map_err(|error| error.at(chart.0.place()))?;
            let origin = origin(self, "HelmChartInflationGenerator");
            made.push(Made {
                generator: Generator::Objects(objects),
                origin,
                action: format!("helmCharts[{index}]").into(),
                place: chart.0.place(),
            });
        }
        if let Some(entries) = &file.generators {
            made.extend(
                plugin::load_generators(self, target, entries)
                    .map_err(|error| error.context("loading generator plugins"))?,
            );
        }
        for Made { generator: Generator::Objects(objects), origin, action, place } in made {
            for mut object in objects {
                if let Some(origin) = &origin {
                    object.take_origin_or(origin);
                }
                if self.session.options.explain {
                    object.steps.push(Step::new(Arc::clone(&action), place));
                }
                let absorbed = into.resources.absorb(object);
                let absorbed =
                    absorbed.map_err(|error| error.at(place).context("merging from a generator"))?;
                if let Some(absorbed) = absorbed {
                    super::lint::generators::absorbed(self, &absorbed, place);
                }
            }
        }
        Ok(())
    }
}

/// Name and namespace of a plugin configuration fill those that its arguments leave empty.
pub(crate) fn fill_name(name: &mut String, namespace: &mut String, metadata: &Metadata) {
    if name.is_empty() {
        name.clone_from(&metadata.name);
    }
    if namespace.is_empty() {
        namespace.clone_from(&metadata.namespace);
    }
}

fn object_options(options: &GeneratorOptions) -> ObjectOptions {
    let pairs =
        |map: &super::decode::StringMap| map.iter().map(|(key, text)| (key.into(), text.shared())).collect();
    ObjectOptions {
        labels: pairs(&options.labels),
        annotations: pairs(&options.annotations),
        disable_name_suffix_hash: options.disable_name_suffix_hash,
        immutable: options.immutable,
    }
}

/// Local options completed by global ones.
fn merged_options(local: Option<&GeneratorOptions>, global: Option<&GeneratorOptions>) -> ObjectOptions {
    let global = global.map(object_options);
    generator_options::merge(local.map(object_options), global.as_ref()).unwrap_or_default()
}

/// Contents of the sources of one object, in the order in which the original reads them.
#[derive(Default)]
struct Pairs(Vec<(SmolStr, Arc<[u8]>, Place)>);

impl Pairs {
    fn read(
        build: &mut Build<'_>,
        target: &Target<'_>,
        envs: &[Text],
        literals: &[Text],
        files: &[Text],
    ) -> Result<Self, Error> {
        let mut pairs = Self::default();
        let fault = |kind: &str, entry: &Text, error: &SourceError| {
            Error::new(
                code::GENERATOR,
                format!("loading KV pairs: {kind} sources: [{}]: {error}", entry.text),
            )
            .at(entry.place)
        };
        for entry in envs {
            let file = target
                .loader
                .file(entry, &mut build.reads)
                .map_err(|error| loading(error, "env source files", entry))?;
            let mut notes = Vec::new();
            let found = key_values::env_file(&file.bytes, &mut |note: EnvNote| notes.push(note))
                .map_err(|error| fault("env", entry, &error).in_file(file.path.as_str()))?;
            super::lint::generators::env_file(build, &file, &notes);
            let place = |key: &str| {
                let offset = if build.session.options.explain { line_of(&file.bytes, key) } else { 0 };
                Place::new(file.source, offset)
            };
            pairs.0.extend(found.into_iter().map(|(key, value)| {
                let place = place(&key);
                (key, Arc::from(value.as_bytes()), place)
            }));
        }
        for entry in literals {
            let (key, value) = key_values::literal(entry).map_err(|error| fault("literal", entry, &error))?;
            pairs.0.push((key.into(), Arc::from(value.as_bytes()), entry.place));
        }
        for entry in files {
            let (key, path) = key_values::file_source(entry).map_err(|error| fault("file", entry, &error))?;
            let path = Text { text: path.to_owned(), place: entry.place };
            let file = target
                .loader
                .file(&path, &mut build.reads)
                .map_err(|error| loading(error, "file sources", entry))?;
            pairs.0.push((key.into(), Arc::clone(&file.bytes), Place::new(file.source, 0)));
        }
        Ok(pairs)
    }

    fn iter(&self) -> impl Iterator<Item = (&str, &[u8])> {
        self.0.iter().map(|(key, value, _)| (key.as_str(), &**value))
    }

    /// Gives the values of a generated object the places of what they were made of.
    fn mark_places(&self, object: &mut Value) {
        let places: HashMap<&str, Place> =
            self.0.iter().map(|(key, _, place)| (key.as_str(), *place)).collect();
        for field in ["data", "binaryData"] {
            let Some(map) = object.get_mut(field).and_then(Value::as_map_mut) else { continue };
            for (key, value) in map.iter_mut() {
                value.set_place(places.get(key.as_str()).copied().unwrap_or_default());
            }
        }
    }
}

/// Offset of the line of an env file that gives `key`.
fn line_of(bytes: &[u8], key: &str) -> u32 {
    let mut offset = 0;
    for line in bytes.split_inclusive(|byte| *byte == b'\n') {
        let text = line.trim_ascii_start();
        let rest = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text).strip_prefix(key.as_bytes());
        if rest.is_some_and(|rest| rest.first().is_none_or(|byte| matches!(byte, b'=' | b'\r' | b'\n'))) {
            return offset;
        }
        offset += line.len() as u32;
    }
    0
}

fn loading(error: Error, what: &str, entry: &Text) -> Error {
    error.context(format!("loading KV pairs: {what}: [{}]", entry.text))
}

/// The object of an entry of `configMapGenerator`; `global` are the options of the kustomization.
pub(crate) fn config_map(
    build: &mut Build<'_>,
    target: &Target<'_>,
    args: &ConfigMapArgs,
    global: Option<&GeneratorOptions>,
) -> Result<Resource, Error> {
    let pairs = Pairs::read(build, target, &args.envs, &args.literals, &args.files)?;
    let settings = settings(&args.name, &args.namespace, args.options.as_ref(), global);
    let object = objects::config_map(&settings, pairs.iter());
    generated(build, object, &pairs, &settings, &args.behavior, args.place)
}

/// The object of an entry of `secretGenerator`; `global` are the options of the kustomization.
pub(crate) fn secret(
    build: &mut Build<'_>,
    target: &Target<'_>,
    args: &SecretArgs,
    global: Option<&GeneratorOptions>,
) -> Result<Resource, Error> {
    let pairs = Pairs::read(build, target, &args.envs, &args.literals, &args.files)?;
    let settings = settings(&args.name, &args.namespace, args.options.as_ref(), global);
    let object = objects::secret(&settings, &args.kind, pairs.iter());
    generated(build, object, &pairs, &settings, &args.behavior, args.place)
}

fn settings(
    name: &str,
    namespace: &str,
    local: Option<&GeneratorOptions>,
    global: Option<&GeneratorOptions>,
) -> ObjectSettings {
    ObjectSettings { name: name.into(), namespace: namespace.into(), options: merged_options(local, global) }
}

fn generated(
    build: &Build<'_>,
    object: Result<Value, ObjectError>,
    pairs: &Pairs,
    settings: &ObjectSettings,
    behavior: &str,
    place: Place,
) -> Result<Resource, Error> {
    let mut object = object.map_err(|error| Error::new(code::GENERATOR, error.to_string()).at(place))?;
    object.set_place(place);
    if build.session.options.explain {
        pairs.mark_places(&mut object);
    }
    let mut resource = Resource::new(object, build.schema());
    resource.needs_hash = !settings.options.disable_name_suffix_hash;
    resource.behavior = Behavior::parse(behavior);
    Ok(resource)
}

/// The objects of a chart, which an embedder inflates.
pub(crate) fn helm_chart(
    build: &Build<'_>,
    target: &Target<'_>,
    chart: &Value,
    globals: Option<&Value>,
) -> Result<Vec<Resource>, Error> {
    if build.session.options.inflate.is_none() {
        let name =
            chart.get("name").or_else(|| chart.get("chartName")).and_then(Value::as_text).unwrap_or_default();
        return Err(Error::new(
            code::NEEDS_INFLATE,
            format!("must specify --enable-helm: `helmCharts` names the chart '{name}'"),
        )
        .help(
            "charts are inflated only by an embedder's `Inflate`; or commit the output of `helm template`",
        ));
    }
    plugin::inflate(build, &Request::HelmChart { folder: &target.loader.folder.path, chart, globals })
}

record! {
    /// Configuration of an IAMPolicyGenerator.
    pub(crate) struct IamPolicyConfig {
        cloud: String = "cloud",
        kubernetes_service: ServiceConfig = "kubernetesService",
        service_account: AccountConfig = "serviceAccount",
    }

    /// The Kubernetes side.
    pub(crate) struct ServiceConfig {
        namespace: String = "namespace",
        name: String = "name",
    }

    /// The provider's side.
    pub(crate) struct AccountConfig {
        name: String = "name",
        project_id: String = "projectId",
    }
}

/// The ServiceAccount of an IAMPolicyGenerator.
pub(crate) fn iam_policy(build: &mut Build<'_>, config: &Value) -> Result<Vec<Resource>, Error> {
    super::lint::config::unknown_fields::<IamPolicyConfig>(build, config);
    let read: IamPolicyConfig =
        decode_document(config, Mode::Lenient).map_err(|error| Error::of_field(error, code::PLUGIN))?;
    let policy = IamPolicy {
        cloud: read.cloud.as_str().into(),
        account: read.service_account.name.as_str().into(),
        project: read.service_account.project_id.as_str().into(),
        name: read.kubernetes_service.name.as_str().into(),
        namespace: read.kubernetes_service.namespace.as_str().into(),
    };
    let object = service_account(&policy).map_err(|error| Error::new(code::PLUGIN, error.to_string()))?;
    Ok(vec![Resource::new(object, build.schema())])
}
