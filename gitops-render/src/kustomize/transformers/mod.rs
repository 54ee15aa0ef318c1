//! Transformers: what a layer does to the resources accumulated so far.
//!
//! The order is fixed, whatever the order of fields in the file (api/internal/target/kusttarget_configplugin.go of
//! kustomize 5.8.1): patchesStrategicMerge, patches, namespace, namePrefix, nameSuffix, labels and commonLabels,
//! commonAnnotations, patchesJson6902, replicas, images, replacements, then `transformers`. All are configured before
//! the first one runs, so a fault in a later one's configuration is found before an earlier one acts. After each, what
//! it emptied is dropped.

mod affixes;
mod configure;
mod hash;
mod images;
mod labels;
mod namespace;
mod patch;
mod replacements;
mod replicas;
mod value_add;

pub(crate) use affixes::Affix;
pub(crate) use configure::builtin_origin;
pub(crate) use hash::add_hashes;
pub(crate) use images::ImageTag;
pub(crate) use labels::StringFields;
pub(crate) use namespace::{Namespace, SubjectMode};
pub(crate) use patch::{Json6902, PatchEntry, StrategicMerge};
pub(crate) use replacements::Replacements;
pub(crate) use replicas::Replicas;
pub(crate) use value_add::ValueAdd;

use super::build::Build;
use super::error::Error;
use super::explain::Step;
use super::layer::Accumulated;
use super::origin::Origin;
use super::resource::Resource;
use super::set::ResourceSet;
use super::target::Target;
use gitops_core::value::{Place, Value};
use std::sync::Arc;

/// One configured transformer.
#[derive(Clone, Debug)]
pub(crate) struct Transformer {
    /// What it is called in a kustomization file, for people: `namePrefix`, `patches[0]`.
    pub(crate) action: Arc<str>,
    /// Where it is configured.
    pub(crate) place: Place,
    /// What the transformations annotation says of it.
    pub(crate) origin: Option<Arc<Origin>>,
    pub(crate) work: Work,
}

/// What a transformer does.
#[derive(Clone, Debug)]
pub(crate) enum Work {
    StrategicMerge(StrategicMerge),
    Patch(PatchEntry),
    Namespace(Namespace),
    Prefix(Affix),
    Suffix(Affix),
    Labels(StringFields),
    Annotations(StringFields),
    Json6902(Json6902),
    Replicas(Replicas),
    Image(Box<ImageTag>),
    Replacements(Replacements),
    ValueAdd(ValueAdd),
    Hash,
    /// A function that an embedder runs.
    Function {
        folder: String,
        config: Value,
    },
}

impl Transformer {
    fn image(&self) -> Option<(&ImageTag, Place)> {
        match &self.work {
            Work::Image(image) => Some((image, self.place)),
            _ => None,
        }
    }
}

impl<'s> Build<'s> {
    /// Configures and runs all transformers of a layer.
    pub(crate) fn run_transformers(
        &mut self,
        target: &Target<'s>,
        into: &mut Accumulated,
    ) -> Result<(), Error> {
        let config = into.config();
        let transformers = self.configure_transformers(target, &config)?;
        let mut rest = transformers.as_slice();
        while !rest.is_empty() {
            let (now, later) = rest.split_at(self.how_many_together(rest));
            self.run_together(now, &mut into.resources)?;
            rest = later;
        }
        Ok(())
    }

    /// How many of the first transformers may run as one: entries of `images` that leave no traces.
    fn how_many_together(&self, transformers: &[Transformer]) -> usize {
        let Some(Transformer { work: Work::Image(first), .. }) = transformers.first() else { return 1 };
        if self.session.options.explain {
            return 1;
        }
        let fits = |transformer: &&Transformer| match &transformer.work {
            Work::Image(image) => transformer.origin.is_none() && image.fits(first),
            _ => false,
        };
        transformers.iter().take_while(fits).count().max(1)
    }

    /// Runs one transformer, keeps its traces where they are wanted, and drops what it emptied.
    pub(crate) fn run_transformer(
        &mut self,
        transformer: &Transformer,
        set: &mut ResourceSet,
    ) -> Result<(), Error> {
        self.run_together(std::slice::from_ref(transformer), set)
    }

    /// Runs transformers that act as one.
    fn run_together(&mut self, together: &[Transformer], set: &mut ResourceSet) -> Result<(), Error> {
        let Some(transformer) = together.first() else { return Ok(()) };
        let explain = self.session.options.explain;
        if explain {
            for resource in set.contents_mut() {
                let before = resource.value().clone();
                let step = Step::new(Arc::clone(&transformer.action), transformer.place);
                resource.steps.push(Step { before, ..step });
            }
        }
        self.work(transformer, together, set).map_err(|error| {
            error.at(transformer.place).context(format!("applying {}", transformer.action))
        })?;
        set.contents_mut().iter_mut().for_each(Resource::follow_shared);
        if explain {
            for resource in set.contents_mut() {
                if resource.steps.last().is_some_and(|step| step.before.ptr_eq(resource.value())) {
                    resource.steps.pop();
                }
            }
        }
        if let Some(origin) = &transformer.origin {
            for resource in set.contents_mut() {
                resource.settle_annotations();
                resource.unshare_annotations();
                if resource.has_origin() {
                    resource.transformations.push(Arc::clone(origin));
                } else {
                    resource.origin = Some(Arc::clone(origin));
                }
            }
        }
        set.drop_empties();
        Ok(())
    }

    fn work(
        &mut self,
        transformer: &Transformer,
        together: &[Transformer],
        set: &mut ResourceSet,
    ) -> Result<(), Error> {
        match &transformer.work {
            Work::StrategicMerge(patches) => patches.apply(self, set),
            Work::Patch(patch) => patch.apply(self, set, transformer.place),
            Work::Namespace(namespace) => namespace.apply(self, set),
            Work::Prefix(affix) => affix.apply_prefix(self, set, transformer.place),
            Work::Suffix(affix) => affix.apply_suffix(self, set, transformer.place),
            Work::Labels(fields) | Work::Annotations(fields) => fields.apply(self, set),
            Work::Json6902(patch) => patch.apply(self, set),
            Work::Replicas(replicas) => replicas.apply(self, set),
            Work::Image(_) => {
                let tags: Vec<_> = together.iter().filter_map(Transformer::image).collect();
                images::apply(&tags, self, set)
            }
            Work::Replacements(replacements) => replacements.apply(self, set),
            Work::ValueAdd(add) => add.apply(self, set),
            Work::Hash => add_hashes(self, set),
            Work::Function { folder, config } => super::plugin::run_function(self, folder, config, set),
        }
    }
}
