//! Generators: `configMapGenerator`, `secretGenerator`, `helmCharts` and `generators`, in that order.

use super::decode::Text;
use super::error::{Error, code};
use super::file::{ConfigMapArgs, GeneratorOptions, SecretArgs};
use super::generate::{self, Args, Kind, Pair};
use super::layer::{Accumulated, Build, Target};
use super::origin::Origin;
use super::plugin::{self, Metadata};
use super::resource::{Behavior, Resource};
use super::transformers::builtin_origin;
use crate::inflate::Request;
use gitops_core::value::{Place, Value};
use std::sync::Arc;

/// What a configured generator gives.
pub(crate) enum Generator {
    Objects(Vec<Resource>),
}

/// Generated objects with where they come from.
pub(crate) struct Made {
    pub(crate) generator: Generator,
    pub(crate) origin: Option<Arc<Origin>>,
    pub(crate) place: Place,
}

impl<'s> Build<'s> {
    /// Runs the generators of a layer and puts their results among the resources.
    pub(crate) fn run_generators(&mut self, target: &Target<'s>, into: &mut Accumulated) -> Result<(), Error> {
        let file = &target.kustomization;
        let mut made = Vec::new();
        let origin = |build: &Self, kind: &str| build.metadata.any.then(|| Arc::new(builtin_origin(target, kind)));
        for args in file.config_map_generator.iter().flatten() {
            let options = merged_options(args.options.as_ref(), file.generator_options.as_ref());
            let object = config_map(self, target, args, options.as_ref()).map_err(|error| error.at(args.place))?;
            let origin = origin(self, "ConfigMapGenerator");
            made.push(Made { generator: Generator::Objects(vec![object]), origin, place: args.place });
        }
        for args in file.secret_generator.iter().flatten() {
            let options = merged_options(args.options.as_ref(), file.generator_options.as_ref());
            let object = secret(self, target, args, options.as_ref()).map_err(|error| error.at(args.place))?;
            let origin = origin(self, "SecretGenerator");
            made.push(Made { generator: Generator::Objects(vec![object]), origin, place: args.place });
        }
        let globals = file.helm_globals.as_ref().map(|globals| &globals.0);
        let charts = file.helm_charts.iter().flatten().chain(file.helm_chart_inflation_generator.iter().flatten());
        for chart in charts {
            let objects = helm_chart(self, target, &chart.0, globals).map_err(|error| error.at(chart.0.place()))?;
            let origin = origin(self, "HelmChartInflationGenerator");
            made.push(Made { generator: Generator::Objects(objects), origin, place: chart.0.place() });
        }
        if let Some(entries) = &file.generators {
            made.extend(plugin::load_generators(self, target, entries).map_err(|error| error.context("loading generator plugins"))?);
        }
        for Made { generator: Generator::Objects(objects), origin, place } in made {
            for mut object in objects {
                if let Some(origin) = &origin {
                    object.take_origin_or(origin);
                }
                into.resources.absorb(object).map_err(|error| error.at(place).context("merging from a generator"))?;
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

/// Local options win over global ones; a boolean holds if either says so.
fn merged_options(local: Option<&GeneratorOptions>, global: Option<&GeneratorOptions>) -> Option<GeneratorOptions> {
    let (local, global) = match (local, global) {
        (None, None) => return None,
        (Some(only), None) | (None, Some(only)) => return Some(only.clone()),
        (Some(local), Some(global)) => (local, global),
    };
    let mut merged = local.clone();
    for (ours, theirs) in [(&mut merged.labels, &global.labels), (&mut merged.annotations, &global.annotations)] {
        for (key, text) in &theirs.0 {
            if ours.get(key).is_none() {
                ours.0.push((key.clone(), text.clone()));
            }
        }
        ours.0.sort_by(|a, b| a.0.cmp(&b.0));
    }
    merged.disable_name_suffix_hash |= global.disable_name_suffix_hash;
    merged.immutable |= global.immutable;
    Some(merged)
}

/// The object of an entry of `configMapGenerator`.
pub(crate) fn config_map(
    build: &mut Build<'_>,
    target: &Target<'_>,
    args: &ConfigMapArgs,
    options: Option<&GeneratorOptions>,
) -> Result<Resource, Error> {
    let pairs = pairs(build, target, &args.envs, &args.literals, &args.files)?;
    let object = Args { kind: Kind::ConfigMap, name: &args.name, namespace: &args.namespace, secret_type: "", pairs: &pairs };
    make(build, &object, options, &args.behavior)
}

/// The object of an entry of `secretGenerator`.
pub(crate) fn secret(
    build: &mut Build<'_>,
    target: &Target<'_>,
    args: &SecretArgs,
    options: Option<&GeneratorOptions>,
) -> Result<Resource, Error> {
    let pairs = pairs(build, target, &args.envs, &args.literals, &args.files)?;
    let object =
        Args { kind: Kind::Secret, name: &args.name, namespace: &args.namespace, secret_type: &args.kind, pairs: &pairs };
    make(build, &object, options, &args.behavior)
}
