//! `replacements`: a value of one object copied into fields of others.
//!
//! Rules of kustomize 5.8.1 (api/filters/replacement). The source is the one object that has or had exactly this
//! identity. Targets are chosen by regular expressions over every identity that an object has or had, with labels and
//! annotations; an object that any `reject` chooses is left out. No match is no error. Replacements act in order, each
//! on the results of those before it.

use super::super::build::{Build, traced};
use super::super::decode::{Mode, decode_document};
use super::super::error::{Error, code};
use super::super::explain::Step;
use super::super::file::{
    FieldOptionsConfig, ReplacementField, Selector, SourceSelectorConfig, TargetSelectorConfig,
};
use super::super::lint::selected_by;
use super::super::lint::{config::unknown_fields, replacements as lint};
use super::super::replacement::{self, FieldOptions, ReplacementNote, Target as FieldTarget};
use super::super::resource::Resource;
use super::super::select::Selection;
use super::super::set::ResourceSet;
use super::super::target::Target;
use gitops_core::object::{Gvk, ResId};
use gitops_core::value::{Place, Value};

/// All replacements of a layer.
#[derive(Clone, Debug)]
pub(crate) struct Replacements(Vec<Replacement>);

#[derive(Clone, Debug)]
struct Replacement {
    source: Source,
    targets: Vec<TargetSelector>,
    place: Place,
    /// Which entry of the list it belongs to.
    index: usize,
}

#[derive(Clone, Debug)]
enum Source {
    Object(SourceSelectorConfig),
    Text(String),
}

#[derive(Clone, Debug)]
struct TargetSelector {
    select: Option<Selection>,
    reject: Vec<Rejection>,
    fields: FieldTarget,
    described: String,
    place: Place,
}

/// A selector that leaves objects out: by identity, or by labels and annotations.
#[derive(Clone, Debug)]
struct Rejection {
    selection: Selection,
    by_id: bool,
    by_metadata: bool,
}

impl Replacements {
    pub(crate) fn load(
        build: &mut Build<'_>,
        target: &Target<'_>,
        entries: &[ReplacementField],
    ) -> Result<Self, Error> {
        let mut list = Vec::new();
        for (index, entry) in entries.iter().enumerate() {
            if entry.path.is_empty() {
                list.push(Replacement::new(entry, index)?);
                lint::options(build, entry);
                continue;
            }
            if entry.source.is_some() || entry.targets.is_some() || entry.source_value.is_some() {
                return Err(Error::new(
                    code::REPLACEMENT,
                    format!("cannot specify both path and inline replacement: '{}'", entry.path.text),
                )
                .at(entry.place));
            }
            let file = target.loader.file(&entry.path, &mut build.reads)?;
            let document = build.parse_config(&file.bytes, file.source)?;
            let items: Vec<Value> = match document {
                Value::Seq(items) => items.into_items(),
                one => vec![one],
            };
            for item in items {
                let entry: ReplacementField = decode_document(&item, Mode::Lenient)
                    .map_err(|error| Error::of_field(error, code::REPLACEMENT).in_file(file.path.as_str()))?;
                list.push(Replacement::new(&entry, index)?);
                unknown_fields::<ReplacementField>(build, &item);
                lint::options(build, &entry);
            }
        }
        Ok(Self(list))
    }

    pub(crate) fn apply(&self, build: &mut Build<'_>, set: &mut ResourceSet) -> Result<(), Error> {
        for replacement in &self.0 {
            let step = || Step::new(format!("replacements[{}]", replacement.index), replacement.place);
            traced(build, set, step, |build, set| replacement.apply(build, set))
                .map_err(|error| error.at(replacement.place))?;
        }
        Ok(())
    }
}

impl Replacement {
    fn new(entry: &ReplacementField, index: usize) -> Result<Self, Error> {
        let fault = |message: &str| Error::new(code::REPLACEMENT, message.to_owned()).at(entry.place);
        let source = match (&entry.source, &entry.source_value) {
            (Some(_), Some(_)) => return Err(fault("value and resource selectors are mutually exclusive")),
            (Some(source), None) => Source::Object(source.clone()),
            (None, Some(text)) => Source::Text(text.clone()),
            (None, None) => return Err(fault("replacements must specify a source and at least one target")),
        };
        let Some(targets) = &entry.targets else {
            return Err(fault("replacements must specify a source and at least one target"));
        };
        let targets = targets.iter().map(TargetSelector::new).collect::<Result<_, _>>()?;
        Ok(Self { source, targets, place: entry.place, index })
    }

    fn apply(&self, build: &mut Build<'_>, set: &mut ResourceSet) -> Result<(), Error> {
        let mut value = match &self.source {
            Source::Object(selector) => read_source(selector, set)?,
            Source::Text(text) => Sourced { value: replacement::literal_value(text), read_again: None },
        };
        for target in &self.targets {
            target.apply(build, set, &mut value)?;
        }
        Ok(())
    }
}

/// The value of a source. A whole field is the original's own node: what a target makes of it, later targets get.
struct Sourced<'r> {
    value: Value,
    /// Position of the source, and its field.
    read_again: Option<(usize, &'r str)>,
}

impl Sourced<'_> {
    fn follow(&mut self, changed: usize, object: &Value) {
        if let Some((_, path)) = self.read_again.filter(|(source, _)| *source == changed)
            && let Ok(value) = replacement::source_value(object, path, &FieldOptions::default())
        {
            self.value = value;
        }
    }
}

impl TargetSelector {
    fn new(config: &TargetSelectorConfig) -> Result<Self, Error> {
        let reject = |selector: &Selector| -> Result<Rejection, Error> {
            let parts =
                [&selector.group, &selector.version, &selector.kind, &selector.name, &selector.namespace];
            Ok(Rejection {
                selection: Selection::compile(selector)?,
                by_id: parts.iter().any(|part| !part.is_empty()),
                by_metadata: !selector.label_selector.is_empty() || !selector.annotation_selector.is_empty(),
            })
        };
        Ok(Self {
            select: config.select.as_ref().map(Selection::compile).transpose()?,
            reject: config.reject.iter().map(reject).collect::<Result<_, _>>()?,
            fields: FieldTarget::new(&config.field_paths, options(config.options.as_ref())),
            described: config.select.as_ref().map(selected_by).unwrap_or_default(),
            place: config.place,
        })
    }

    fn apply(
        &self,
        build: &mut Build<'_>,
        set: &mut ResourceSet,
        value: &mut Sourced<'_>,
    ) -> Result<(), Error> {
        let Some(select) = &self.select else {
            return Err(
                Error::new(code::REPLACEMENT, "target must specify resources to select").at(self.place)
            );
        };
        let schema = build.schema().clone();
        let chosen: Vec<usize> = set
            .iter()
            .enumerate()
            .filter(|(_, resource)| self.chooses(select, resource))
            .map(|(index, _)| index)
            .collect();
        if chosen.is_empty() {
            lint::matched_nothing(build, &self.described, self.place);
            return Ok(());
        }
        let mut notes = Vec::new();
        for index in chosen {
            let Some(resource) = set.resources_mut().get_mut(index) else { continue };
            let note = &mut |note: ReplacementNote| notes.push(note);
            for number in 0..self.fields.paths().len() {
                let set = self.fields.apply_path(number, resource.value_mut(), &value.value, note);
                set.map_err(|error| {
                    Error::new(code::REPLACEMENT, error.to_string())
                        .at(self.place)
                        .context(format!("replacing fields of {}", resource.id()))
                })?;
                value.follow(index, resource.value());
            }
            resource.refresh_id(&schema);
        }
        lint::replaced(build, &self.fields, &notes, self.place);
        Ok(())
    }

    fn chooses(&self, select: &Selection, resource: &Resource) -> bool {
        let ids: Vec<ResId> = resource.previous_ids().chain([resource.id().clone()]).collect();
        let rejected = |rejection: &Rejection| {
            (rejection.by_id && ids.iter().any(|id| rejection.selection.matches_id(id)))
                || (rejection.by_metadata && rejection.selection.matches_metadata(resource))
        };
        select.matches_metadata(resource)
            && !self.reject.iter().any(rejected)
            && ids.iter().any(|id| select.matches_id(id))
    }
}

fn options(config: Option<&FieldOptionsConfig>) -> FieldOptions {
    config.map_or_else(FieldOptions::default, |config| FieldOptions {
        delimiter: config.delimiter.as_str().into(),
        index: config.index,
        encoding: config.encoding.as_str().into(),
        create: config.create,
    })
}

fn read_source<'r>(selector: &'r SourceSelectorConfig, set: &ResourceSet) -> Result<Sourced<'r>, Error> {
    let wanted = ResId::new(
        Gvk::new(selector.group.as_str(), selector.version.as_str(), selector.kind.as_str()),
        selector.name.as_str(),
        selector.namespace.as_str(),
    );
    // Namespaces compare as if no kind were cluster-scoped.
    let matches = |id: ResId| ResId { cluster_scoped: false, ..id }.is_selected_by(&wanted);
    let mut found = set
        .iter()
        .enumerate()
        .filter(|(_, resource)| matches(resource.id().clone()) || resource.previous_ids().any(matches));
    let described = wanted.to_string();
    let Some((index, first)) = found.next() else {
        return Err(
            Error::new(code::REPLACEMENT, format!("nothing selected by {described}")).at(selector.place)
        );
    };
    if found.next().is_some() {
        return Err(Error::new(code::REPLACEMENT, format!("multiple matches for selector {described}"))
            .at(selector.place));
    }
    let options = options(selector.options.as_ref());
    let value =
        replacement::source_value(first.value(), &selector.field_path, &options).map_err(|error| {
            let message = match &error {
                replacement::SourceError::Missing(path) => {
                    format!("fieldPath `{path}` is missing for replacement source {described}")
                }
                other => other.to_string(),
            };
            Error::new(code::REPLACEMENT, message).at(selector.place)
        })?;
    let read_again = options.delimiter.is_empty().then_some((index, &*selector.field_path));
    Ok(Sourced { value, read_again })
}
