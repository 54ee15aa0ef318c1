//! The rules of transformers: which fields they touch. Defaults, with what `configurations` and `crds` add.

use super::decode::{Mode, Record, decode_document, record};
use super::default_field_specs as defaults;
use super::error::{Error, code};
use super::field_spec::{self, ConflictingFieldSpecs, FieldSpec, FieldSpecs, NameReference};
use super::file::FieldSpecConfig;
use super::gvk::GvkSelector;
use gitops_core::value::Value;
use std::borrow::Cow;
use std::sync::{Arc, LazyLock, OnceLock};

record! {
    /// A configuration file.
    pub(crate) struct ConfigFile {
        name_prefix: Vec<FieldSpecConfig> = "namePrefix",
        name_suffix: Vec<FieldSpecConfig> = "nameSuffix",
        namespace: Vec<FieldSpecConfig> = "namespace",
        common_labels: Vec<FieldSpecConfig> = "commonLabels",
        labels: Vec<FieldSpecConfig> = "labels",
        template_labels: Vec<FieldSpecConfig> = "templateLabels",
        common_annotations: Vec<FieldSpecConfig> = "commonAnnotations",
        name_reference: Vec<NameReferenceConfig> = "nameReference",
        var_reference: Vec<FieldSpecConfig> = "varReference",
        images: Vec<FieldSpecConfig> = "images",
        replicas: Vec<FieldSpecConfig> = "replicas",
    }

    /// An entry of `nameReference`.
    pub(crate) struct NameReferenceConfig {
        group: String = "group",
        version: String = "version",
        kind: String = "kind",
        field_specs: Vec<FieldSpecConfig> = "fieldSpecs",
    }
}

/// Field specifications of one transformer, compiled when they are first used. A clone is the same specifications.
#[derive(Clone, Debug, Default)]
pub(crate) struct Specs(Arc<SpecList>);

#[derive(Debug, Default)]
struct SpecList {
    list: Cow<'static, [FieldSpec]>,
    compiled: OnceLock<FieldSpecs>,
}

impl Specs {
    pub(crate) fn new(list: impl Into<Cow<'static, [FieldSpec]>>) -> Self {
        Self(Arc::new(SpecList { list: list.into(), compiled: OnceLock::new() }))
    }

    pub(crate) fn list(&self) -> &[FieldSpec] {
        &self.0.list
    }

    pub(crate) fn compiled(&self) -> &FieldSpecs {
        self.0.compiled.get_or_init(|| FieldSpecs::new(&self.0.list))
    }

    /// Whether one is a clone of the other.
    pub(crate) fn is(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }

    fn merged(&self, other: &Self) -> Result<Self, ConflictingFieldSpecs> {
        if other.list().is_empty() {
            return Ok(self.clone());
        }
        let mut list = self.list().to_vec();
        field_spec::merge(&mut list, other.list())?;
        field_spec::sort(&mut list);
        Ok(Self::new(list))
    }
}

/// All rules of a layer.
#[derive(Debug, Default)]
pub(crate) struct Config {
    pub(crate) name_prefix: Specs,
    pub(crate) name_suffix: Specs,
    pub(crate) namespace: Specs,
    pub(crate) common_labels: Specs,
    pub(crate) labels: Specs,
    pub(crate) template_labels: Specs,
    pub(crate) common_annotations: Specs,
    pub(crate) var_reference: Specs,
    pub(crate) images: Specs,
    pub(crate) replicas: Specs,
    pub(crate) name_reference: Cow<'static, [NameReference]>,
    /// Where labels without fields of their own go: with selectors, with templates, or neither.
    pub(crate) label_specs: [OnceLock<Specs>; 3],
    /// The plan that [`super::references`] follows of `name_reference`.
    pub(crate) reference_plan: OnceLock<super::reference_plan::Plan>,
}

impl Config {
    /// The defaults of kustomize 5.8.1, one copy for the process.
    pub(crate) fn shared_default() -> Arc<Self> {
        static DEFAULT: LazyLock<Arc<Config>> = LazyLock::new(|| {
            Arc::new(Config {
                name_prefix: Specs::new(&defaults::NAME_PREFIX[..]),
                name_suffix: Specs::new(&defaults::NAME_SUFFIX[..]),
                namespace: Specs::new(&defaults::NAMESPACE[..]),
                common_labels: Specs::new(&defaults::COMMON_LABELS[..]),
                labels: Specs::default(),
                template_labels: Specs::new(&defaults::TEMPLATE_LABELS[..]),
                common_annotations: Specs::new(&defaults::COMMON_ANNOTATIONS[..]),
                var_reference: Specs::new(&defaults::VAR_REFERENCE[..]),
                images: Specs::new(&defaults::IMAGES[..]),
                replicas: Specs::new(&defaults::REPLICAS[..]),
                name_reference: Cow::Borrowed(&defaults::NAME_REFERENCE[..]),
                label_specs: Default::default(),
                reference_plan: OnceLock::new(),
            })
        });
        Arc::clone(&DEFAULT)
    }

    /// Rules of both; equal rules meet, rules that disagree on creating a field are an error.
    pub(crate) fn merge(a: &Arc<Self>, b: &Arc<Self>) -> Result<Arc<Self>, Error> {
        if Arc::ptr_eq(a, b) {
            return Ok(Arc::clone(a));
        }
        let merged = |a: &Specs, b: &Specs, field: &str| {
            a.merged(b).map_err(|error| {
                Error::new(code::CONFIG, format!("failed to merge {field} fieldSpec: {error}"))
            })
        };
        let mut name_reference = a.name_reference.to_vec();
        field_spec::merge_name_references(&mut name_reference, &b.name_reference).map_err(|error| {
            Error::new(code::CONFIG, format!("failed to merge NameReference fieldSpec: {error}"))
        })?;
        field_spec::sort_name_references(&mut name_reference);
        Ok(Arc::new(Self {
            name_prefix: merged(&a.name_prefix, &b.name_prefix, "NamePrefix")?,
            name_suffix: merged(&a.name_suffix, &b.name_suffix, "NameSuffix")?,
            namespace: merged(&a.namespace, &b.namespace, "NameSpace")?,
            common_labels: merged(&a.common_labels, &b.common_labels, "CommonLabels")?,
            labels: merged(&a.labels, &b.labels, "Labels")?,
            template_labels: merged(&a.template_labels, &b.template_labels, "TemplateLabels")?,
            common_annotations: merged(&a.common_annotations, &b.common_annotations, "CommonAnnotations")?,
            var_reference: merged(&a.var_reference, &b.var_reference, "VarReference")?,
            images: merged(&a.images, &b.images, "Images")?,
            replicas: merged(&a.replicas, &b.replicas, "Replicas")?,
            name_reference: Cow::Owned(name_reference),
            label_specs: Default::default(),
            reference_plan: OnceLock::new(),
        }))
    }

    /// Reads a configuration file; unknown fields are errors.
    pub(crate) fn from_document(document: &Value) -> Result<Arc<Self>, Error> {
        let file: ConfigFile =
            decode_document(document, Mode::Strict).map_err(|error| Error::of_field(error, code::CONFIG))?;
        let specs = |list: &[FieldSpecConfig]| Specs::new(field_specs(list));
        let mut name_reference: Vec<NameReference> =
            file.name_reference.iter().map(name_reference_of).collect();
        field_spec::sort_name_references(&mut name_reference);
        Ok(Arc::new(Self {
            name_prefix: specs(&file.name_prefix),
            name_suffix: specs(&file.name_suffix),
            namespace: specs(&file.namespace),
            common_labels: specs(&file.common_labels),
            labels: specs(&file.labels),
            template_labels: specs(&file.template_labels),
            common_annotations: specs(&file.common_annotations),
            var_reference: specs(&file.var_reference),
            images: specs(&file.images),
            replicas: specs(&file.replicas),
            name_reference: Cow::Owned(name_reference),
            label_specs: Default::default(),
            reference_plan: OnceLock::new(),
        }))
    }
}

/// Field specifications as the engine has them.
pub(crate) fn field_specs(list: &[FieldSpecConfig]) -> Vec<FieldSpec> {
    list.iter()
        .map(|spec| FieldSpec {
            selector: selector(&spec.group, &spec.version, &spec.kind),
            path: spec.path.as_str().into(),
            create: spec.create,
        })
        .collect()
}

fn name_reference_of(config: &NameReferenceConfig) -> NameReference {
    NameReference {
        referral: selector(&config.group, &config.version, &config.kind),
        referrers: Cow::Owned(field_specs(&config.field_specs)),
    }
}

pub(crate) fn selector(group: &str, version: &str, kind: &str) -> GvkSelector {
    GvkSelector { group: group.into(), version: version.into(), kind: kind.into() }
}

/// Names of the fields of a configuration file, for hints.
#[allow(dead_code, reason = "the lints name them")]
pub(crate) const FIELDS: &[&str] = ConfigFile::FIELDS;
