//! The kustomization file: every field of kustomize 5.8.1, with its fix-ups.

use super::decode::{Any, BoolMap, StringMap, Text, record};

record! {
    /// A kustomization or component file.
    pub(crate) struct Kustomization {
        api_version: String = "apiVersion",
        kind: String = "kind",
        metadata: Option<Any> = "metadata",
        openapi: Option<StringMap> = "openapi",
        name_prefix: Text = "namePrefix",
        name_suffix: Text = "nameSuffix",
        namespace: Text = "namespace",
        common_labels: Option<StringMap> = "commonLabels",
        labels: Option<Vec<Label>> = "labels",
        common_annotations: Option<StringMap> = "commonAnnotations",
        patches_strategic_merge: Option<Vec<Text>> = "patchesStrategicMerge",
        patches_json6902: Option<Vec<Patch>> = "patchesJson6902",
        patches: Option<Vec<Patch>> = "patches",
        images: Option<Vec<Image>> = "images",
        image_tags: Option<Vec<Image>> = "imageTags",
        replacements: Option<Vec<ReplacementField>> = "replacements",
        replicas: Option<Vec<Replica>> = "replicas",
        vars: Option<Vec<Var>> = "vars",
        sort_options: Option<SortOptions> = "sortOptions",
        resources: Option<Vec<Text>> = "resources",
        components: Option<Vec<Text>> = "components",
        crds: Option<Vec<Text>> = "crds",
        bases: Option<Vec<Text>> = "bases",
        config_map_generator: Option<Vec<ConfigMapArgs>> = "configMapGenerator",
        secret_generator: Option<Vec<SecretArgs>> = "secretGenerator",
        helm_globals: Option<Any> = "helmGlobals",
        helm_charts: Option<Vec<Any>> = "helmCharts",
        helm_chart_inflation_generator: Option<Vec<Any>> = "helmChartInflationGenerator",
        generator_options: Option<GeneratorOptions> = "generatorOptions",
        configurations: Option<Vec<Text>> = "configurations",
        generators: Option<Vec<Text>> = "generators",
        transformers: Option<Vec<Text>> = "transformers",
        validators: Option<Vec<Text>> = "validators",
        build_metadata: Option<Vec<Text>> = "buildMetadata",
    }

    /// An entry of `labels`.
    pub(crate) struct Label {
        pairs: StringMap = "pairs",
        include_selectors: bool = "includeSelectors",
        include_templates: bool = "includeTemplates",
        fields: Vec<FieldSpecConfig> = "fields",
    }

    /// An entry of `patches` or `patchesJson6902`.
    pub(crate) struct Patch {
        path: Text = "path",
        patch: Text = "patch",
        target: Option<Selector> = "target",
        options: BoolMap = "options",
    }

    /// Which resources to choose; the texts are regular expressions where the original has them so.
    pub(crate) struct Selector {
        group: String = "group",
        version: String = "version",
        kind: String = "kind",
        name: String = "name",
        namespace: String = "namespace",
        annotation_selector: String = "annotationSelector",
        label_selector: String = "labelSelector",
    }

    /// An entry of `images`.
    pub(crate) struct Image {
        name: String = "name",
        new_name: String = "newName",
        tag_suffix: String = "tagSuffix",
        new_tag: String = "newTag",
        digest: String = "digest",
    }

    /// An entry of `replicas`.
    pub(crate) struct Replica {
        name: String = "name",
        count: i64 = "count",
    }

    /// An entry of `replacements`: inline, or a file of replacements.
    pub(crate) struct ReplacementField {
        path: Text = "path",
        source: Option<SourceSelectorConfig> = "source",
        source_value: Option<String> = "sourceValue",
        targets: Option<Vec<TargetSelectorConfig>> = "targets",
    }

    /// Where a replacement's value comes from.
    pub(crate) struct SourceSelectorConfig {
        group: String = "group",
        version: String = "version",
        kind: String = "kind",
        name: String = "name",
        namespace: String = "namespace",
        field_path: String = "fieldPath",
        options: Option<FieldOptionsConfig> = "options",
    }

    /// Where a replacement's value goes.
    pub(crate) struct TargetSelectorConfig {
        select: Option<Selector> = "select",
        reject: Vec<Selector> = "reject",
        field_paths: Vec<String> = "fieldPaths",
        options: Option<FieldOptionsConfig> = "options",
    }

    /// Options of a replacement's field.
    pub(crate) struct FieldOptionsConfig {
        delimiter: String = "delimiter",
        index: i64 = "index",
        encoding: String = "encoding",
        create: bool = "create",
    }

    /// An entry of `vars`.
    pub(crate) struct Var {
        name: String = "name",
        objref: ObjectReference = "objref",
        fieldref: FieldReference = "fieldref",
    }

    /// The object that a variable reads.
    pub(crate) struct ObjectReference {
        api_version: String = "apiVersion",
        group: String = "group",
        version: String = "version",
        kind: String = "kind",
        name: String = "name",
        namespace: String = "namespace",
    }

    /// The field that a variable reads.
    pub(crate) struct FieldReference {
        field_path: String = "fieldPath",
    }

    /// The order of the output.
    pub(crate) struct SortOptions {
        order: String = "order",
        legacy: Option<LegacySortOptions> = "legacySortOptions",
    }

    /// Kinds that come first and last.
    pub(crate) struct LegacySortOptions {
        order_first: Vec<String> = "orderFirst",
        order_last: Vec<String> = "orderLast",
    }

    /// An entry of `configMapGenerator`.
    pub(crate) struct ConfigMapArgs {
        namespace: String = "namespace",
        name: String = "name",
        behavior: String = "behavior",
        literals: Vec<Text> = "literals",
        files: Vec<Text> = "files",
        envs: Vec<Text> = "envs",
        env: Text = "env",
        options: Option<GeneratorOptions> = "options",
    }

    /// An entry of `secretGenerator`.
    pub(crate) struct SecretArgs {
        namespace: String = "namespace",
        name: String = "name",
        behavior: String = "behavior",
        literals: Vec<Text> = "literals",
        files: Vec<Text> = "files",
        envs: Vec<Text> = "envs",
        env: Text = "env",
        options: Option<GeneratorOptions> = "options",
        kind: String = "type",
    }

    /// Options of generators.
    pub(crate) struct GeneratorOptions {
        labels: StringMap = "labels",
        annotations: StringMap = "annotations",
        disable_name_suffix_hash: bool = "disableNameSuffixHash",
        immutable: bool = "immutable",
    }

    /// A field specification as configurations write it.
    pub(crate) struct FieldSpecConfig {
        group: String = "group",
        version: String = "version",
        kind: String = "kind",
        path: String = "path",
        create: bool = "create",
    }
}

impl Kustomization {
    /// Whether the file says nothing beyond `apiVersion` and `kind`, which the original refuses.
    ///
    /// A list that is present but empty counts as something, an empty string and an empty deprecated list do not.
    pub(crate) fn is_empty(&self) -> bool {
        let lists = [
            self.metadata.is_some(),
            self.openapi.is_some(),
            self.common_labels.is_some(),
            self.labels.is_some(),
            self.common_annotations.is_some(),
            self.patches_strategic_merge.is_some(),
            self.patches_json6902.is_some(),
            self.patches.is_some(),
            self.images.is_some() || self.image_tags.as_ref().is_some_and(|tags| !tags.is_empty()),
            self.replacements.is_some(),
            self.replicas.is_some(),
            self.vars.is_some(),
            self.sort_options.is_some(),
            self.resources.is_some() || self.bases.as_ref().is_some_and(|bases| !bases.is_empty()),
            self.components.is_some(),
            self.crds.is_some(),
            self.config_map_generator.is_some(),
            self.secret_generator.is_some(),
            self.helm_globals.is_some(),
            self.helm_charts.is_some()
                || self.helm_chart_inflation_generator.as_ref().is_some_and(|charts| !charts.is_empty()),
            self.generator_options.is_some(),
            self.configurations.is_some(),
            self.generators.is_some(),
            self.transformers.is_some(),
            self.validators.is_some(),
            self.build_metadata.is_some(),
        ];
        let texts = [&self.name_prefix, &self.name_suffix, &self.namespace];
        lists.iter().all(|present| !present) && texts.iter().all(|text| text.is_empty())
    }

    /// Whether this is a component.
    pub(crate) fn is_component(&self) -> bool {
        self.kind == "Component"
    }

    /// Fills defaults and moves deprecated fields to where they belong now.
    pub(crate) fn fix(&mut self) {
        if self.kind.is_empty() {
            "Kustomization".clone_into(&mut self.kind);
        }
        if self.api_version.is_empty() {
            required_version(&self.kind).clone_into(&mut self.api_version);
        }
        if let Some(bases) = self.bases.take().filter(|bases| !bases.is_empty()) {
            self.resources.get_or_insert_default().extend(bases);
        }
        if let Some(tags) = self.image_tags.take().filter(|tags| !tags.is_empty()) {
            self.images.get_or_insert_default().extend(tags);
        }
        for args in self.config_map_generator.iter_mut().flatten() {
            move_env(&mut args.env, &mut args.envs);
        }
        for args in self.secret_generator.iter_mut().flatten() {
            move_env(&mut args.env, &mut args.envs);
        }
    }

    /// What is wrong with `apiVersion` and `kind`, in the original's words.
    pub(crate) fn header_faults(&self) -> Vec<String> {
        let mut faults = Vec::new();
        if !matches!(self.kind.as_str(), "Kustomization" | "Component") {
            faults.push("kind should be Kustomization or Component".to_owned());
        }
        let required = required_version(&self.kind);
        if self.api_version != required {
            faults.push(format!("apiVersion for {} should be {required}", self.kind));
        }
        faults
    }

    /// Names of the deprecated fields in use, in the order in which the original warns of them.
    pub(crate) fn deprecated_fields(&self) -> Vec<(&'static str, &'static str)> {
        [
            (self.bases.is_some(), "bases", "resources"),
            (self.common_labels.is_some(), "commonLabels", "labels"),
            (self.image_tags.is_some(), "imageTags", "images"),
            (self.patches_json6902.is_some(), "patchesJson6902", "patches"),
            (self.patches_strategic_merge.is_some(), "patchesStrategicMerge", "patches"),
            (self.vars.is_some(), "vars", "replacements"),
        ]
        .into_iter()
        .filter(|(present, ..)| *present)
        .map(|(_, old, new)| (old, new))
        .collect()
    }
}

fn required_version(kind: &str) -> &'static str {
    if kind == "Component" { "kustomize.config.k8s.io/v1alpha1" } else { "kustomize.config.k8s.io/v1beta1" }
}

fn move_env(env: &mut Text, envs: &mut Vec<Text>) {
    if !env.is_empty() {
        envs.push(std::mem::take(env));
    }
}
