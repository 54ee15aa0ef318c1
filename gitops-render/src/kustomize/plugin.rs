//! `generators`, `transformers` and `validators`: configurations of built-in plugins, inline or in files.
//!
//! An entry that parses as resources is one, else it is a path; a folder is itself a kustomization. `apiVersion:
//! builtin` names what kustomize has built in; anything else is a function, which needs an
//! [`Inflate`](crate::inflate::Inflate).

use super::build::Build;
use super::config::{Specs, field_specs};
use super::decode::{Mode, StringMap, Text, decode_document, record};
use super::error::{Error, code};
use super::file::{
    ConfigMapArgs, FieldSpecConfig, Image, Patch, ReplacementField, Replica, SecretArgs, Selector,
};
use super::generators::{self, Generator, Made};
use super::layer::Accumulated;
use super::lint;
use super::node::StringEntries;
use super::origin::{ConfiguredBy, Origin, join_lexically};
use super::resource::{Resource, resources_of};
use super::set::ResourceSet;
use super::target::Target;
use super::transformers::{
    Affix, ImageTag, Json6902, Namespace, PatchEntry, Replacements, Replicas, StrategicMerge, StringFields,
    SubjectMode, Transformer, ValueAdd, Work,
};
use crate::inflate::{InflateError, Request};
use gitops_core::value::Value;
use std::sync::Arc;

record! {
    /// `metadata` of a configuration.
    pub(crate) struct Metadata {
        name: String = "name",
        namespace: String = "namespace",
    }

    /// Configuration of a NamespaceTransformer.
    pub(crate) struct NamespaceConfig {
        metadata: Metadata = "metadata",
        field_specs: Vec<FieldSpecConfig> = "fieldSpecs",
        unset_only: bool = "unsetOnly",
        subjects: Text = "setRoleBindingSubjects",
    }

    /// Configuration of a PrefixTransformer, SuffixTransformer or PrefixSuffixTransformer.
    pub(crate) struct AffixConfig {
        prefix: Text = "prefix",
        suffix: Text = "suffix",
        field_specs: Option<Vec<FieldSpecConfig>> = "fieldSpecs",
    }

    /// Configuration of a LabelTransformer.
    pub(crate) struct LabelConfig {
        labels: StringMap = "labels",
        field_specs: Vec<FieldSpecConfig> = "fieldSpecs",
    }

    /// Configuration of an AnnotationsTransformer.
    pub(crate) struct AnnotationConfig {
        annotations: StringMap = "annotations",
        field_specs: Vec<FieldSpecConfig> = "fieldSpecs",
    }

    /// Configuration of a PatchJson6902Transformer.
    pub(crate) struct Json6902Config {
        target: Option<Selector> = "target",
        path: Text = "path",
        json_op: Text = "jsonOp",
    }

    /// Configuration of a PatchStrategicMergeTransformer.
    pub(crate) struct StrategicMergeConfig {
        paths: Vec<Text> = "paths",
        patches: Text = "patches",
    }

    /// Configuration of a ReplacementTransformer.
    pub(crate) struct ReplacementConfig {
        replacements: Vec<ReplacementField> = "replacements",
    }

    /// Configuration of a ReplicaCountTransformer.
    pub(crate) struct ReplicaConfig {
        replica: Replica = "replica",
        field_specs: Vec<FieldSpecConfig> = "fieldSpecs",
    }

    /// Configuration of an ImageTagTransformer.
    pub(crate) struct ImageConfig {
        image_tag: Image = "imageTag",
        field_specs: Vec<FieldSpecConfig> = "fieldSpecs",
    }
}

/// Transformers that the entries of a field configure.
pub(crate) fn load_transformers(
    build: &mut Build<'_>,
    target: &Target<'_>,
    entries: &[Text],
    field: &str,
) -> Result<Vec<Transformer>, Error> {
    let mut transformers = Vec::new();
    for config in configurations(build, target, entries)?.iter() {
        let made = one_transformer(build, target, config).map_err(|error| configuring(error, config))?;
        let parts = made.len();
        for (part, work) in made.into_iter().enumerate() {
            // A prefix with a suffix is one plugin, and leaves one trace.
            let is_last = part + 1 == parts;
            transformers.push(Transformer {
                action: format!("{field}: {}", config.id()).into(),
                place: config.value().place(),
                origin: plugin_origin(build, config).filter(|_| is_last).map(Arc::new),
                work,
            });
        }
    }
    Ok(transformers)
}

/// What the generators that the entries configure make.
pub(crate) fn load_generators(
    build: &mut Build<'_>,
    target: &Target<'_>,
    entries: &[Text],
) -> Result<Vec<Made>, Error> {
    let mut made = Vec::new();
    for config in configurations(build, target, entries)?.iter() {
        let generator = one_generator(build, target, config).map_err(|error| configuring(error, config))?;
        let action = format!("generators: {}", config.id()).into();
        let origin = plugin_origin(build, config).map(Arc::new);
        made.push(Made { generator, origin, action, place: config.value().place() });
    }
    Ok(made)
}

fn configuring(error: Error, config: &Resource) -> Error {
    error.at(config.value().place()).context(format!("configuring plugin {}", config.original_id()))
}

/// The configurations that the entries hold or name.
fn configurations(
    build: &mut Build<'_>,
    target: &Target<'_>,
    entries: &[Text],
) -> Result<ResourceSet, Error> {
    let mut configs = Accumulated::default();
    let mut paths = Vec::new();
    for entry in entries {
        let source = build.session.add_inline(entry.place, &target.file.path, entry);
        let Ok(objects) = build.parse_manifests(entry.as_bytes(), source) else {
            paths.push(entry);
            continue;
        };
        let file_name = target.file.path.rsplit('/').next().unwrap_or_default();
        let origin =
            build.metadata.any.then(|| Arc::new(Origin::of_file(join_lexically(&target.origin, file_name))));
        for mut resource in resources_of(&objects, build.schema()) {
            resource.origin.clone_from(&origin);
            configs.resources.append(resource)?;
        }
    }
    for path in paths {
        build
            .add_resource_entry(target, path, &mut configs)
            .map_err(|error| error.context(format!("accumulating resources from '{}'", path.text)))?;
    }
    Ok(configs.resources)
}

fn plugin_origin(build: &Build<'_>, config: &Resource) -> Option<Origin> {
    if !build.metadata.any {
        return None;
    }
    let origin = config.origin.as_ref()?;
    let id = config.id();
    Some(Origin {
        path: String::new(),
        configured_in: origin.path.clone(),
        configured_by: Some(ConfiguredBy {
            api_version: id.gvk.api_version().to_string(),
            kind: id.gvk.kind.to_string(),
            name: id.name.to_string(),
            namespace: id.namespace.to_string(),
        }),
    })
}

fn is_builtin(config: &Resource) -> bool {
    config.gvk().group.is_empty() && config.gvk().version == "builtin"
}

fn external(config: &Resource) -> Error {
    Error::new(
        code::NEEDS_INFLATE,
        format!("external plugins disabled; unable to load external plugin '{}'", config.gvk().kind),
    )
    .help("functions and plug-ins are run only by an embedder's `Inflate`")
}

fn read<T: super::decode::Record>(build: &mut Build<'_>, config: &Resource) -> Result<T, Error> {
    lint::config::unknown_fields::<T>(build, config.value());
    decode_document(config.value(), Mode::Lenient).map_err(|error| Error::of_field(error, code::PLUGIN))
}

fn one_transformer(
    build: &mut Build<'_>,
    target: &Target<'_>,
    config: &Resource,
) -> Result<Vec<Work>, Error> {
    if !is_builtin(config) {
        if build.session.options.inflate.is_none() {
            return Err(external(config));
        }
        return Ok(vec![Work::Function {
            folder: target.loader.folder.path.clone(),
            config: config.value().clone(),
        }]);
    }
    let work = match config.gvk().kind.as_str() {
        "AnnotationsTransformer" => {
            let read: AnnotationConfig = read(build, config)?;
            warn_of_no_specs(build, config, &read.field_specs);
            Work::Annotations(string_fields(&read.annotations, &read.field_specs))
        }
        "LabelTransformer" => {
            let read: LabelConfig = read(build, config)?;
            warn_of_no_specs(build, config, &read.field_specs);
            Work::Labels(string_fields(&read.labels, &read.field_specs))
        }
        "HashTransformer" => Work::Hash,
        "ImageTagTransformer" => {
            let read: ImageConfig = read(build, config)?;
            Work::Image(Box::new(ImageTag::new(
                &read.image_tag,
                &Specs::new(field_specs(&read.field_specs)),
            )?))
        }
        "NamespaceTransformer" => Work::Namespace(namespace(&read(build, config)?)?),
        "PatchJson6902Transformer" => {
            let read: Json6902Config = read(build, config)?;
            let patch = Patch {
                path: read.path,
                patch: read.json_op,
                target: read.target,
                place: read.place,
                ..Patch::default()
            };
            Work::Json6902(Json6902::load(build, target, &patch)?)
        }
        "PatchStrategicMergeTransformer" => Work::StrategicMerge(strategic_merge(build, target, config)?),
        "PatchTransformer" => {
            let read: Patch = read(build, config)?;
            Work::Patch(PatchEntry::load(build, target, &read)?)
        }
        "PrefixTransformer" | "SuffixTransformer" | "PrefixSuffixTransformer" => {
            return affixes(build, config);
        }
        "ReplacementTransformer" => {
            let read: ReplacementConfig = read(build, config)?;
            Work::Replacements(Replacements::load(build, target, &read.replacements)?)
        }
        "ReplicaCountTransformer" => {
            let read: ReplicaConfig = read(build, config)?;
            Work::Replicas(Replicas::new(&read.replica, &Specs::new(field_specs(&read.field_specs))))
        }
        "ValueAddTransformer" => Work::ValueAdd(ValueAdd::load(build, target, config.value())?),
        "ConfigMapGenerator" | "SecretGenerator" | "HelmChartInflationGenerator" | "IAMPolicyGenerator" => {
            return Err(Error::new(
                code::PLUGIN,
                format!("plugin {} not a transformer", config.original_id()),
            ));
        }
        _ => return Err(unknown(config)),
    };
    Ok(vec![work])
}

fn unknown(config: &Resource) -> Error {
    let gvk = config.gvk();
    let group = if gvk.group.is_empty() { "[noGrp]" } else { &gvk.group };
    Error::new(code::PLUGIN, format!("unable to load builtin {}.{}.{group}", gvk.kind, gvk.version))
}

fn warn_of_no_specs(build: &mut Build<'_>, config: &Resource, specs: &[FieldSpecConfig]) {
    if specs.is_empty() {
        lint::transformers::no_field_specs(build, &config.gvk().kind, config.value().place());
    }
}

fn string_fields(entries: &StringMap, specs: &[FieldSpecConfig]) -> StringFields {
    StringFields {
        entries: StringEntries::placed(entries.iter().map(|(key, text)| (key, &**text, text.place))),
        specs: Specs::new(field_specs(specs)),
    }
}

fn namespace(config: &NamespaceConfig) -> Result<Namespace, Error> {
    let subjects = match &*config.subjects {
        "" | "defaultOnly" => SubjectMode::DefaultOnly,
        "none" => SubjectMode::None,
        "allServiceAccounts" => SubjectMode::AllServiceAccounts,
        other => {
            return Err(Error::new(
                code::PLUGIN,
                format!(
                    "invalid value \"{other}\" for setRoleBindingSubjects: must be one of \"defaultOnly\", \"none\" or \"allServiceAccounts\""
                ),
            )
            .at(config.subjects.place));
        }
    };
    let specs = Specs::new(field_specs(&config.field_specs));
    Ok(Namespace::new(&config.metadata.namespace, &specs, config.unset_only, subjects))
}

/// These configurations are read by yaml.v3 in the original: names match exactly, and `fieldSpecs` must be there.
fn affixes(build: &mut Build<'_>, config: &Resource) -> Result<Vec<Work>, Error> {
    let exact = |field: &str| config.value().get(field).is_some();
    let read: AffixConfig = read(build, config)?;
    let kind = config.gvk().kind.as_str();
    if kind != "PrefixSuffixTransformer" && (read.field_specs.is_none() || !exact("fieldSpecs")) {
        return Err(Error::new(code::PLUGIN, "fieldSpecs is not expected to be nil"));
    }
    let specs = Specs::new(field_specs(read.field_specs.as_deref().unwrap_or_default()));
    let mut work = Vec::new();
    if kind != "SuffixTransformer" && exact("prefix") {
        work.push(Work::Prefix(Affix { text: read.prefix.shared(), specs: specs.clone() }));
    }
    if kind != "PrefixTransformer" && exact("suffix") {
        work.push(Work::Suffix(Affix { text: read.suffix.shared(), specs }));
    }
    Ok(work)
}

fn strategic_merge(
    build: &mut Build<'_>,
    target: &Target<'_>,
    config: &Resource,
) -> Result<StrategicMerge, Error> {
    let read: StrategicMergeConfig = read(build, config)?;
    if read.paths.is_empty() && read.patches.is_empty() {
        return Err(Error::new(code::PLUGIN, "empty file path and empty patch content"));
    }
    let mut patches = Vec::new();
    if !read.paths.is_empty() {
        patches.extend(StrategicMerge::load(build, target, &read.paths)?.into_patches());
    }
    if !read.patches.is_empty() {
        let source = build.session.add_inline(read.patches.place, &target.file.path, &read.patches);
        let objects = build.parse_manifests(read.patches.as_bytes(), source)?;
        patches.extend(resources_of(&objects, build.schema()));
    }
    if patches.is_empty() {
        return Err(Error::new(code::PATCH, "patch appears to be empty"));
    }
    Ok(StrategicMerge::of(patches))
}

fn one_generator(build: &mut Build<'_>, target: &Target<'_>, config: &Resource) -> Result<Generator, Error> {
    if !is_builtin(config) {
        if build.session.options.inflate.is_none() {
            return Err(external(config));
        }
        let request = Request::Generator { folder: &target.loader.folder.path, config: config.value() };
        let objects = inflate(build, &request)?;
        return Ok(Generator::Objects(objects));
    }
    let metadata: MetadataOnly = decode_document(config.value(), Mode::Lenient)
        .map_err(|error| Error::of_field(error, code::PLUGIN))?;
    match config.gvk().kind.as_str() {
        "ConfigMapGenerator" => {
            let mut args: ConfigMapArgs = read(build, config)?;
            generators::fill_name(&mut args.name, &mut args.namespace, &metadata.metadata);
            Ok(Generator::Objects(vec![generators::config_map(build, target, &args, None)?]))
        }
        "SecretGenerator" => {
            let mut args: SecretArgs = read(build, config)?;
            generators::fill_name(&mut args.name, &mut args.namespace, &metadata.metadata);
            Ok(Generator::Objects(vec![generators::secret(build, target, &args, None)?]))
        }
        "IAMPolicyGenerator" => Ok(Generator::Objects(generators::iam_policy(build, config.value())?)),
        "HelmChartInflationGenerator" => {
            generators::helm_chart(build, target, config.value(), None).map(Generator::Objects)
        }
        kind if kind.ends_with("Transformer") && one_transformer(build, target, config).is_ok() => {
            Err(Error::new(code::PLUGIN, format!("plugin {} not a generator", config.original_id())))
        }
        kind if KNOWN_TRANSFORMERS.contains(&kind) => {
            Err(Error::new(code::PLUGIN, format!("plugin {} not a generator", config.original_id())))
        }
        _ => Err(unknown(config)),
    }
}

const KNOWN_TRANSFORMERS: [&str; 13] = [
    "AnnotationsTransformer",
    "HashTransformer",
    "ImageTagTransformer",
    "LabelTransformer",
    "NamespaceTransformer",
    "PatchJson6902Transformer",
    "PatchStrategicMergeTransformer",
    "PatchTransformer",
    "PrefixTransformer",
    "PrefixSuffixTransformer",
    "ReplacementTransformer",
    "SuffixTransformer",
    "ValueAddTransformer",
];

record! {
    /// The part of a configuration that all kinds share.
    pub(crate) struct MetadataOnly {
        metadata: Metadata = "metadata",
    }
}

/// Asks the embedder for manifests.
pub(crate) fn inflate(build: &Build<'_>, request: &Request<'_>) -> Result<Vec<Resource>, Error> {
    let Some(inflate) = &build.session.options.inflate else {
        return Err(Error::new(code::NEEDS_INFLATE, "nothing here runs charts, functions or remote sources"));
    };
    let text = inflate.inflate(request).map_err(|error| match error {
        InflateError::Unsupported => {
            Error::new(code::NEEDS_INFLATE, "the embedder's `Inflate` does not do this")
        }
        InflateError::Failed(message) => Error::new(code::PLUGIN, message),
    })?;
    let source = build.session.add_source("(inflated)", &text);
    let objects = build.session.parse_manifests(text.as_bytes(), source)?.objects;
    Ok(resources_of(&objects, build.schema()))
}

/// Lets a function change all resources.
pub(crate) fn run_function(
    build: &mut Build<'_>,
    folder: &str,
    config: &Value,
    set: &mut ResourceSet,
) -> Result<(), Error> {
    let mut input = Vec::new();
    {
        let mut writer = gitops_core::yaml::Writer::new(&mut input);
        for resource in set.iter() {
            writer.document(resource.value()).map_err(|error| Error::new(code::OUTPUT, error.to_string()))?;
        }
        writer.finish().map_err(|error| Error::new(code::OUTPUT, error.to_string()))?;
    }
    let input = String::from_utf8_lossy(&input);
    let changed = inflate(build, &Request::Transformer { folder, config, input: &input })?;
    let mut next = ResourceSet::default();
    for mut resource in changed {
        // What the build knows of an object stays with it as long as its identity does.
        if let Some(old) = set.iter().find(|old| old.id() == resource.id()) {
            resource.inherit_past(old);
        }
        next.append(resource)?;
    }
    *set = next;
    Ok(())
}

impl Build<'_> {
    /// Runs the validators of a layer; one that changes anything is an error.
    pub(crate) fn run_validators(
        &mut self,
        target: &Target<'_>,
        into: &mut Accumulated,
    ) -> Result<(), Error> {
        let Some(entries) = &target.kustomization.validators else { return Ok(()) };
        for validator in load_transformers(self, target, entries, "validators")? {
            // What only checks is no part of an object's past.
            let validator = Transformer { origin: None, ..validator };
            let mut checked = into.resources.clone();
            self.run_transformer(&validator, &mut checked)?;
            let same = checked.len() == into.resources.len()
                && checked
                    .iter()
                    .zip(into.resources.iter())
                    .all(|(new, old)| unlabelled(new.value()) == unlabelled(old.value()));
            if !same {
                return Err(Error::new(
                    code::VALIDATOR,
                    format!("validator shouldn't modify the resource map: {}", validator.action),
                )
                .at(validator.place));
            }
            into.resources = checked;
        }
        Ok(())
    }
}

/// The object without the label by which validators sign.
fn unlabelled(value: &Value) -> Value {
    const SIGNATURE: &str = "validated-by";
    let labels = value.get("metadata").and_then(|metadata| metadata.get("labels"));
    if labels.is_none_or(|labels| labels.get(SIGNATURE).is_none()) {
        return value.clone();
    }
    let mut value = value.clone();
    if let Some(metadata) = value.get_mut("metadata").and_then(Value::as_map_mut) {
        let empty = metadata.get_mut("labels").and_then(Value::as_map_mut).is_some_and(|labels| {
            labels.remove(SIGNATURE);
            labels.is_empty()
        });
        if empty {
            metadata.remove("labels");
        }
    }
    value
}
