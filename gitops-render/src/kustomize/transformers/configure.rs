//! From the fields of a kustomization to transformers, in the fixed order.

use super::super::build::Build;
use super::super::config::{Config, Specs, field_specs};
use super::super::error::Error;
use super::super::field_spec::{self, FieldSpec};
use super::super::file::Label;
use super::super::node::StringEntries;
use super::super::origin::{ConfiguredBy, Origin, join_lexically};
use super::super::plugin;
use super::super::target::Target;
use super::{
    Affix, ImageTag, Json6902, Namespace, PatchEntry, Replacements, Replicas, StrategicMerge, StringFields,
    SubjectMode, Transformer, Work,
};
use gitops_core::value::Place;
use std::sync::Arc;

/// Collects the transformers of one layer.
struct List<'a, 's> {
    target: &'a Target<'s>,
    tracks: bool,
    transformers: Vec<Transformer>,
}

impl List<'_, '_> {
    fn add(&mut self, kind: &str, action: impl Into<Arc<str>>, place: Place, work: Work) {
        let origin = self.tracks.then(|| Arc::new(builtin_origin(self.target, kind)));
        self.transformers.push(Transformer { action: action.into(), place, origin, work });
    }
}

/// What origins say of a built-in generator or transformer of this layer.
pub(crate) fn builtin_origin(target: &Target<'_>, kind: &str) -> Origin {
    let file_name = target.file.path.rsplit('/').next().unwrap_or_default();
    Origin {
        path: String::new(),
        configured_in: join_lexically(&target.origin, file_name),
        configured_by: Some(ConfiguredBy {
            api_version: "builtin".to_owned(),
            kind: kind.to_owned(),
            ..ConfiguredBy::default()
        }),
    }
}

impl<'s> Build<'s> {
    /// All transformers of a layer, configured.
    pub(crate) fn configure_transformers(
        &mut self,
        target: &Target<'s>,
        config: &Arc<Config>,
    ) -> Result<Vec<Transformer>, Error> {
        let file = &target.kustomization;
        let mut list = List { target, tracks: self.metadata.any, transformers: Vec::new() };
        if let Some(paths) = file.patches_strategic_merge.as_ref().filter(|paths| !paths.is_empty()) {
            let merge = StrategicMerge::load(self, target, paths)?;
            let place = paths.first().map(|path| path.place).unwrap_or_default();
            list.add(
                "PatchStrategicMergeTransformer",
                "patchesStrategicMerge",
                place,
                Work::StrategicMerge(merge),
            );
        }
        for (index, patch) in file.patches.iter().flatten().enumerate() {
            let entry = PatchEntry::load(self, target, patch)?;
            list.add("PatchTransformer", format!("patches[{index}]"), patch.place, Work::Patch(entry));
        }
        if !file.namespace.is_empty() {
            let namespace = Namespace::new(&file.namespace, &config.namespace, false, SubjectMode::default());
            list.add("NamespaceTransformer", "namespace", file.namespace.place, Work::Namespace(namespace));
        }
        if !file.name_prefix.is_empty() {
            let affix = Affix { text: file.name_prefix.shared(), specs: config.name_prefix.clone() };
            list.add("PrefixTransformer", "namePrefix", file.name_prefix.place, Work::Prefix(affix));
        }
        if !file.name_suffix.is_empty() {
            let affix = Affix { text: file.name_suffix.shared(), specs: config.name_suffix.clone() };
            list.add("SuffixTransformer", "nameSuffix", file.name_suffix.place, Work::Suffix(affix));
        }
        configure_labels(&mut list, config)?;
        if let Some(annotations) = file.common_annotations.as_ref().filter(|map| !map.is_empty()) {
            let fields = StringFields {
                entries: StringEntries::placed(
                    annotations.iter().map(|(key, text)| (key, &**text, text.place)),
                ),
                specs: config.common_annotations.clone(),
            };
            let place = annotations.iter().next().map(|(_, text)| text.place).unwrap_or_default();
            list.add("AnnotationsTransformer", "commonAnnotations", place, Work::Annotations(fields));
        }
        for (index, patch) in file.patches_json6902.iter().flatten().enumerate() {
            let entry = Json6902::load(self, target, patch)?;
            list.add(
                "PatchJson6902Transformer",
                format!("patchesJson6902[{index}]"),
                patch.place,
                Work::Json6902(entry),
            );
        }
        for (index, replica) in file.replicas.iter().flatten().enumerate() {
            let replicas = Replicas::new(replica, &config.replicas);
            list.add(
                "ReplicaCountTransformer",
                format!("replicas[{index}]"),
                replica.place,
                Work::Replicas(replicas),
            );
        }
        for (index, image) in file.images.iter().flatten().enumerate() {
            let tag = ImageTag::new(image, &config.images)?;
            list.add(
                "ImageTagTransformer",
                format!("images[{index}]"),
                image.place,
                Work::Image(Box::new(tag)),
            );
        }
        if let Some(entries) = file.replacements.as_ref().filter(|entries| !entries.is_empty()) {
            let replacements = Replacements::load(self, target, entries)?;
            let place = entries.first().map(|entry| entry.place).unwrap_or_default();
            list.add("ReplacementTransformer", "replacements", place, Work::Replacements(replacements));
        }
        let mut transformers = list.transformers;
        if let Some(entries) = &file.transformers {
            transformers.extend(plugin::load_transformers(self, target, entries, "transformers")?);
        }
        Ok(transformers)
    }
}

fn configure_labels(list: &mut List<'_, '_>, config: &Arc<Config>) -> Result<(), Error> {
    let file = &list.target.kustomization;
    let common = file.common_labels.as_ref().filter(|map| !map.is_empty());
    let labels = file.labels.as_deref().unwrap_or_default();
    if labels.is_empty() && common.is_none() {
        return Ok(());
    }
    for (index, label) in labels.iter().enumerate() {
        let fields = StringFields {
            entries: StringEntries::placed(label.pairs.iter().map(|(key, text)| (key, &**text, text.place))),
            specs: label_specs(label, config)?,
        };
        list.add("LabelTransformer", format!("labels[{index}]"), label.place, Work::Labels(fields));
    }
    // With `labels` alone this one is empty; the original runs it all the same.
    let entries =
        common.map(|map| StringEntries::placed(map.iter().map(|(key, text)| (key, &**text, text.place))));
    let place = common.and_then(|map| map.iter().next()).map(|(_, text)| text.place).unwrap_or_default();
    let fields = StringFields { entries: entries.unwrap_or_default(), specs: config.common_labels.clone() };
    list.add("LabelTransformer", "commonLabels", place, Work::Labels(fields));
    Ok(())
}

fn label_specs(label: &Label, config: &Config) -> Result<Specs, Error> {
    if !label.fields.is_empty() {
        return merged_label_specs(label, config);
    }
    let [with_selectors, with_templates, plain] = &config.label_specs;
    let known = match (label.include_selectors, label.include_templates) {
        (true, _) => with_selectors,
        (false, true) => with_templates,
        (false, false) => plain,
    };
    if let Some(specs) = known.get() {
        return Ok(specs.clone());
    }
    let specs = merged_label_specs(label, config)?;
    Ok(known.get_or_init(|| specs).clone())
}

fn merged_label_specs(label: &Label, config: &Config) -> Result<Specs, Error> {
    let mut specs: Vec<FieldSpec> = field_specs(&label.fields);
    let mut merge = |incoming: &[FieldSpec]| {
        field_spec::merge(&mut specs, incoming)
            .map_err(|error| Error::new(super::super::error::code::CONFIG, error.to_string()).at(label.place))
    };
    if label.include_selectors {
        merge(config.common_labels.list())?;
    } else {
        if label.include_templates {
            merge(config.template_labels.list())?;
        }
        merge(config.labels.list())?;
        merge(&[FieldSpec { path: "metadata/labels".into(), create: true, ..FieldSpec::default() }])?;
    }
    Ok(Specs::new(specs))
}
