//! `patches`, `patchesStrategicMerge` and `patchesJson6902`: finding the patch, its kind and its targets.
//!
//! Rules of kustomize 5.8.1. A text is a strategic merge patch if it parses as resources, else a JSON patch. Without
//! `target` a strategic merge patch goes to the one resource that has or had its identity, version and namespace
//! included. With `target` it goes to every selected resource, and it may be none. A patch changes neither name, kind
//! nor namespace, unless options allow it.

use super::super::annotated::drops_annotations;
use super::super::build::{Build, traced};
use super::super::decode::Text;
use super::super::error::{Error, code};
use super::super::explain::Step;
use super::super::file::{Patch, Selector};
use super::super::lint::{nearest_resource, patches as lint};
use super::super::node::{self, NodeKind};
use super::super::patch::json6902::{JsonPatch, PatchSyntax};
use super::super::patch::strategic::{MergeOptions, Note, Outcome, strategic_merge};
use super::super::plain;
use super::super::resource::{Resource, resources_of};
use super::super::select::{Selection, described};
use super::super::set::ResourceSet;
use super::super::target::Target;
use super::super::texts::as_texts;
use gitops_core::json;
use gitops_core::value::{Map, Place, Resolved, Scalar, ScalarKind, SourceId, Style, Value};
use std::sync::Arc;

/// `patchesStrategicMerge`: patches that find their targets by identity.
#[derive(Clone, Debug)]
pub(crate) struct StrategicMerge {
    patches: Vec<Resource>,
}

impl StrategicMerge {
    pub(crate) fn load(build: &mut Build<'_>, target: &Target<'_>, entries: &[Text]) -> Result<Self, Error> {
        let mut patches = Vec::new();
        for entry in entries {
            patches.extend(Self::load_entry(build, target, entry)?);
        }
        if patches.is_empty() {
            let names: Vec<&str> = entries.iter().map(|entry| &**entry).collect();
            return Err(Error::new(
                code::PATCH,
                format!("patch appears to be empty; files=[{}]", names.join(" ")),
            ));
        }
        Ok(Self { patches })
    }

    /// Patches that are given as they are.
    pub(crate) fn of(patches: Vec<Resource>) -> Self {
        Self { patches }
    }

    pub(crate) fn into_patches(self) -> Vec<Resource> {
        self.patches
    }

    /// An entry is tried as a patch first, then as the path of one.
    fn load_entry(build: &mut Build<'_>, target: &Target<'_>, entry: &Text) -> Result<Vec<Resource>, Error> {
        let source = build.session.add_inline(entry.place, &target.file.path, entry);
        if let Ok(objects) = build.parse_manifests(entry.as_bytes(), source) {
            return Ok(resources_of(&objects, build.schema()));
        }
        let file = target.loader.file(entry, &mut build.reads)?;
        let objects = build.manifests(&file)?;
        Ok(resources_of(&objects, build.schema()))
    }

    pub(crate) fn apply(&self, build: &mut Build<'_>, set: &mut ResourceSet) -> Result<(), Error> {
        for patch in &self.patches {
            let index = set
                .by_any_id(&patch.original_id())
                .map_err(|error| missing_target(build, error, patch, set))?;
            let step = || Step::new("patchesStrategicMerge", patch.value().place());
            traced(build, set, step, |build, set| merge_into(build, set, &[index], patch))?;
        }
        Ok(())
    }
}

/// An entry of `patches`.
#[derive(Clone, Debug)]
pub(crate) struct PatchEntry {
    content: Content,
    /// The patch as messages name it.
    label: String,
    target: Option<(Selector, Result<Selection, Error>)>,
}

/// What a patch turned out to be.
#[derive(Clone, Debug)]
pub(crate) enum Content {
    Strategic(Vec<Resource>),
    Json(Arc<JsonPatch>),
}

impl PatchEntry {
    pub(crate) fn load(build: &mut Build<'_>, target: &Target<'_>, patch: &Patch) -> Result<Self, Error> {
        // The original takes the blanks at both ends away, so that a text at the end of a patch loses its line feeds.
        let inline = patch.patch.trim();
        let fault = |message: &str| Error::new(code::PATCH, message.to_owned()).at(patch.place);
        let (label, content) = match (inline.is_empty(), patch.path.is_empty()) {
            (true, true) => return Err(fault("must specify one of patch and path in an entry of patches")),
            (false, false) => return Err(fault("patch and path can't be set at the same time")),
            (false, true) => {
                let label = format!("[patch: {inline:?}]");
                let source = build.session.add_inline(patch.patch.place, &target.file.path, inline);
                let parsed = build.parse_manifests(inline.as_bytes(), source);
                (label, load_patch(build, parsed, inline.as_bytes(), source))
            }
            (true, false) => {
                let file = target.loader.file(&patch.path, &mut build.reads).map_err(|error| {
                    error.context(format!("reading the patch file '{}'", patch.path.text))
                })?;
                let parsed = build.manifests(&file);
                (
                    format!("[path: {:?}]", patch.path.text),
                    load_patch(build, parsed, &file.bytes, file.source),
                )
            }
        };
        let mut content = content.map_err(|error| {
            Error::new(
                code::PATCH,
                format!("unable to parse SM or JSON patch from {label}: {}", error.message()),
            )
            .at(error.place())
            .at(patch.place)
        })?;
        if let Content::Strategic(patches) = &mut content {
            for patched in patches {
                patched.allow_name_change |= patch.options.is_set("allowNameChange");
                patched.allow_kind_change |= patch.options.is_set("allowKindChange");
            }
        }
        let target = patch.target.clone().map(|selector| {
            let compiled = Selection::compile(&selector);
            (selector, compiled)
        });
        Ok(Self { content, label, target })
    }

    pub(crate) fn apply(
        &self,
        build: &mut Build<'_>,
        set: &mut ResourceSet,
        place: Place,
    ) -> Result<(), Error> {
        match &self.content {
            Content::Strategic(patches) if !patches.is_empty() => {
                self.apply_strategic(build, set, patches, place)
            }
            Content::Strategic(_) => {
                lint::empty(build, &self.label, place);
                Ok(())
            }
            Content::Json(patch) => {
                if patch.is_empty() {
                    lint::empty(build, &self.label, place);
                }
                let selected = self.selected(build, set, place)?;
                apply_json(build, set, &selected, patch, true)
            }
        }
    }

    fn apply_strategic(
        &self,
        build: &mut Build<'_>,
        set: &mut ResourceSet,
        patches: &[Resource],
        place: Place,
    ) -> Result<(), Error> {
        if self.target.is_none() {
            for patch in patches {
                let id = patch.original_id();
                let index = set.by_any_id(&id).map_err(|error| {
                    missing_target(build, error, patch, set).context(format!(
                        "looking for the resource that strategic merge patch \"{id}\" is for"
                    ))
                })?;
                let notes = merge_one(build, set, index, patch, patch.value())?;
                lint::merged(build, &notes, 1);
            }
            return Ok(());
        }
        let [patch] = patches else {
            return Err(Error::new(
                code::PATCH,
                format!(
                    "Multiple Strategic-Merge Patches in one `patches` entry is not allowed to set `patches.target` field: {}",
                    self.label
                ),
            ));
        };
        let selected = self.selected(build, set, place)?;
        merge_into(build, set, &selected, patch)
    }

    /// Positions of the selected resources; none at all is worth a warning.
    fn selected(&self, build: &mut Build<'_>, set: &ResourceSet, place: Place) -> Result<Vec<usize>, Error> {
        let Some((selector, selection)) = &self.target else {
            return Err(Error::new(
                code::PATCH,
                format!("must specify a target for JSON patch {}", self.label),
            ));
        };
        let selection = selection.as_ref().map_err(|error| {
            error
                .clone()
                .context(format!("unable to find patch target \"{}\" in `resources`", described(selector)))
        })?;
        let selected: Vec<usize> = set
            .iter()
            .enumerate()
            .filter(|(_, resource)| selection.matches(resource))
            .map(|(index, _)| index)
            .collect();
        if selected.is_empty() {
            lint::matched_nothing(build, selector, set, place);
        }
        Ok(selected)
    }
}

/// An entry of `patchesJson6902`: a rename by it is not tracked.
#[derive(Clone, Debug)]
pub(crate) struct Json6902 {
    patch: Arc<JsonPatch>,
    place: Place,
    selector: Selector,
    selection: Selection,
}

impl Json6902 {
    pub(crate) fn load(build: &mut Build<'_>, target: &Target<'_>, patch: &Patch) -> Result<Self, Error> {
        let fault = |message: String| Error::new(code::PATCH, message).at(patch.place);
        let Some(selector) = patch.target.clone().filter(|selector| !selector.name.is_empty()) else {
            return Err(fault("must specify the target name".to_owned()));
        };
        let (document, text, syntax) = match (patch.path.is_empty(), patch.patch.is_empty()) {
            (true, true) => return Err(fault("empty file path and empty jsonOp".to_owned())),
            (false, false) => return Err(fault("must specify a file path or jsonOp, not both".to_owned())),
            (true, false) => {
                let source = build.session.add_inline(patch.patch.place, &target.file.path, &patch.patch);
                let document = read_operations(build, patch.patch.as_bytes(), source)?;
                (document, patch.patch.text.clone(), syntax_of(patch.patch.as_bytes()))
            }
            (false, true) => {
                let file = target.loader.file(&patch.path, &mut build.reads)?;
                if file.bytes.is_empty() {
                    return Err(fault(format!("patch file '{}' empty seems to be empty", patch.path.text)));
                }
                let document = read_operations(build, &file.bytes, file.source)?;
                (document, patch.path.text.clone(), syntax_of(&file.bytes))
            }
        };
        let parsed = JsonPatch::compile(&document, syntax)
            .map_err(|error| fault(format!("decoding {text}: {error}")))?;
        lint::operations(build, &document);
        if parsed.is_empty() {
            return Err(fault(format!("patch appears to be empty; file={}, JsonOp={text}", patch.path.text)));
        }
        let selection = Selection::compile(&selector)?;
        Ok(Self { patch: Arc::new(parsed), place: patch.place, selector, selection })
    }

    pub(crate) fn apply(&self, build: &mut Build<'_>, set: &mut ResourceSet) -> Result<(), Error> {
        let selected: Vec<usize> = set
            .iter()
            .enumerate()
            .filter(|(_, resource)| self.selection.matches(resource))
            .map(|(index, _)| index)
            .collect();
        if selected.is_empty() {
            lint::matched_nothing(build, &self.selector, set, self.place);
        }
        apply_json(build, set, &selected, &self.patch, false)
    }
}

/// A text that begins with a bracket is JSON, any other YAML.
fn syntax_of(bytes: &[u8]) -> PatchSyntax {
    if bytes.first() == Some(&b'[') { PatchSyntax::Json } else { PatchSyntax::Yaml }
}

fn read_operations(build: &mut Build<'_>, bytes: &[u8], source: SourceId) -> Result<Value, Error> {
    match syntax_of(bytes) {
        PatchSyntax::Yaml => build.parse_config(bytes, source),
        PatchSyntax::Json => {
            let text = String::from_utf8_lossy(bytes);
            json::read(&text, source, &build.session.options.limits)
                .map_err(|error| Error::new(code::PATCH, error.to_string()).at(error.place))
        }
    }
}

/// Decides what a patch is: resources if it parses as such, else JSON operations.
pub(crate) fn load_patch(
    build: &mut Build<'_>,
    parsed: Result<Arc<[Value]>, Error>,
    bytes: &[u8],
    source: SourceId,
) -> Result<Content, Error> {
    let strategic = match parsed {
        Ok(objects) => return Ok(Content::Strategic(resources_of(&objects, build.schema()))),
        Err(error) => error,
    };
    let json = read_operations(build, bytes, source).ok().filter(Value::is_seq);
    match json {
        None => Err(strategic),
        Some(document) => {
            let patch = JsonPatch::compile(&document, syntax_of(bytes))
                .map_err(|error| Error::new(code::PATCH, error.to_string()).at(document.place()))?;
            lint::operations(build, &document);
            Ok(Content::Json(Arc::new(patch)))
        }
    }
}

/// Merges a patch into the resources at these positions, as if it were written for each of them.
fn merge_into(
    build: &mut Build<'_>,
    set: &mut ResourceSet,
    selected: &[usize],
    patch: &Resource,
) -> Result<(), Error> {
    let mut notes = Vec::new();
    lint::nulls(build, patch.value());
    let copy = copied(patch.value());
    for index in selected {
        let Some(target) = set.get(*index) else { continue };
        let value = with_api_version(&copy, target.value());
        notes.extend(merge_one(build, set, *index, patch, &value)?);
    }
    lint::merged(build, &notes, selected.len());
    let renames = patch.allow_name_change || patch.allow_kind_change;
    if renames && let Some((first, _)) = set.find_duplicate() {
        return Err(Error::new(
            code::DUPLICATE_ID,
            format!("may not add resource with an already registered id: {}", first.id()),
        ));
    }
    Ok(())
}

/// A patch as one that is written for whatever it is applied to: its labels and annotations are texts, as those of
/// the original's copy are, so that a null there removes nothing.
fn copied(patch: &Value) -> Value {
    let mut patch = patch.clone();
    let Some(map) = patch.as_map_mut() else { return patch };
    let metadata = map.get_or_insert_with("metadata", Value::map);
    if metadata.is_null() {
        *metadata = Value::map();
    }
    let Some(metadata) = metadata.as_map_mut() else { return patch };
    for field in ["labels", "annotations"] {
        match metadata.get(field) {
            None => {}
            Some(Value::Map(texts)) if !texts.is_empty() => {
                if let Some(texts) = as_texts(texts) {
                    metadata.insert(field, Value::from(texts));
                }
            }
            Some(_) => drop(metadata.remove(field)),
        }
    }
    if let Some(Value::Scalar(name)) = metadata.get_mut("name") {
        node::forget_type(name);
    }
    patch
}

/// The patch with the version of its target.
fn with_api_version(patch: &Value, target: &Value) -> Value {
    let wanted = target.get("apiVersion");
    if wanted.is_some_and(|wanted| patch.get("apiVersion") == Some(wanted)) {
        return patch.clone();
    }
    let mut patch = patch.clone();
    if let Some(map) = patch.as_map_mut() {
        // A target without a version gives an empty text: without a type, which ends as null, or in the patch's quotes.
        let is_quoted =
            map.get("apiVersion").and_then(Value::as_scalar).is_some_and(|old| old.style().is_quoted());
        let nothing = || {
            if is_quoted {
                Value::from(Scalar::new(ScalarKind::Str, "", Style::Double))
            } else {
                NodeKind::Scalar.empty()
            }
        };
        map.insert("apiVersion", wanted.cloned().unwrap_or_else(nothing));
    }
    patch
}

fn merge_one(
    build: &mut Build<'_>,
    set: &mut ResourceSet,
    index: usize,
    patch: &Resource,
    value: &Value,
) -> Result<Vec<Note>, Error> {
    build.need_types();
    let schema = build.schema().clone();
    let moves = patch.allow_name_change || patch.allow_kind_change;
    let forgets = drops_annotations(value);
    let resource =
        if moves || forgets { set.resources_mut().get_mut(index) } else { set.contents_mut().get_mut(index) };
    let Some(resource) = resource else { return Ok(Vec::new()) };
    if moves {
        resource.store_previous_id();
    }
    if forgets {
        resource.forget_past();
    }
    let mut notes = Vec::new();
    let comments: Vec<_> = build
        .session
        .comment_schemas()
        .into_iter()
        .filter_map(|comment| schema.inline(&comment.schema).map(|inline| (comment, inline)))
        .collect();
    let beside = |place: Place| {
        comments.iter().find(|(comment, _)| comment.is_beside(place)).and_then(|(_, inline)| inline.root())
    };
    let options = MergeOptions {
        comments: if comments.is_empty() { None } else { Some(&beside) },
        ..MergeOptions::default()
    };
    let outcome = strategic_merge(resource.value(), value, &schema, options, Some(&mut notes));
    let outcome = outcome.map_err(|error| {
        Error::new(code::PATCH_FAILED, error.to_string())
            .at(patch.value().place())
            .context(format!("merging the patch into {}", resource.id()))
    })?;
    match outcome {
        Outcome::Deleted => *resource.value_mut() = Value::null(),
        Outcome::Merged(mut merged) => {
            keep_identity(&mut merged, resource, patch);
            lint::retained(build, value, &merged);
            if moves { resource.set_value(merged, &schema) } else { *resource.value_mut() = merged }
        }
    }
    Ok(notes)
}

/// Puts back what a patch must not change.
fn keep_identity(merged: &mut Value, before: &Resource, patch: &Resource) {
    let Some(map) = merged.as_map_mut() else { return };
    // Looking before touching keeps what is shared shared.
    if map.get("apiVersion").and_then(Value::as_scalar).is_some_and(node::is_empty) {
        map.insert("apiVersion", Value::from(Scalar::new(ScalarKind::Null, "", Style::Plain)));
    }
    if !patch.allow_kind_change {
        restore(map, "kind", before.value().get("kind"));
    }
    let Some(metadata) = map.get_mut("metadata").and_then(Value::as_map_mut) else { return };
    let old = before.value().get("metadata");
    if !patch.allow_name_change {
        // Where there is no name, an empty one without a type is written, which ends as null.
        let unnamed = Value::null();
        restore(metadata, "name", Some(old.and_then(|old| old.get("name")).unwrap_or(&unnamed)));
    }
    restore(metadata, "namespace", old.and_then(|old| old.get("namespace")));
}

/// Writes a field back as the original does, without a type; what has not changed stays shared.
fn restore(map: &mut Map, field: &str, old: Option<&Value>) {
    let Some(old) = old else { return drop(map.remove(field)) };
    let is_settled =
        |value: &Value| value.as_scalar().is_none_or(|new| new.is_untyped() || new.style().is_quoted());
    if map.get(field).is_some_and(|new| new == old && is_settled(new)) {
        return;
    }
    let mut old = old.clone();
    if let Value::Scalar(scalar) = &mut old {
        node::forget_type(scalar);
    }
    map.insert(field, old);
}

fn apply_json(
    build: &mut Build<'_>,
    set: &mut ResourceSet,
    selected: &[usize],
    patch: &JsonPatch,
    tracked: bool,
) -> Result<(), Error> {
    let schema = build.schema().clone();
    let mut notes = Vec::new();
    for index in selected {
        let Some(resource) = set.resources_mut().get_mut(*index) else { continue };
        check_writable(resource.value()).map_err(|error| {
            error.at(resource.value().place()).context(format!("patching {}", resource.id()))
        })?;
        if tracked {
            resource.store_previous_id();
        }
        let value =
            patch.apply_noting(&resource.annotated(), &mut |note| notes.push(note)).map_err(|error| {
                Error::new(code::PATCH_FAILED, error.to_string())
                    .at(error.place)
                    .context(format!("patching {}", resource.id()))
            })?;
        resource.take_annotated(value, &schema);
        resource.unshare();
    }
    lint::patched(build, &notes);
    Ok(())
}

/// Refuses an object that holds text of another type than its scalar has, as replacements leave it: the way to JSON
/// comes before the patch, which may well take the text away.
fn check_writable(object: &Value) -> Result<(), Error> {
    let mut pending = vec![object];
    while let Some(value) = pending.pop() {
        match value {
            Value::Scalar(scalar) => {
                let fits = match scalar.kind() {
                    ScalarKind::Int | ScalarKind::Float => matches!(scalar.resolved(), Resolved::Number(_)),
                    kind @ (ScalarKind::Bool | ScalarKind::Null) => plain::kind(scalar.text()) == kind,
                    ScalarKind::Str | ScalarKind::Timestamp | ScalarKind::Binary => true,
                };
                if !fits && let Err(error) = gitops_core::yaml::to_string(value) {
                    return Err(Error::new(code::OUTPUT, error.to_string()).at(scalar.place()));
                }
            }
            Value::Seq(list) => pending.extend(list.iter()),
            Value::Map(map) => pending.extend(map.values()),
        }
    }
    Ok(())
}

/// The error for a patch without a target, with what its author may have meant.
fn missing_target(build: &Build<'_>, error: Error, patch: &Resource, set: &ResourceSet) -> Error {
    let _ = build;
    let error = error.at(patch.value().place());
    match nearest_resource(&patch.id().gvk.kind, &patch.id().name, set) {
        Some(near) => error.help(format!("nearest resource: {near}")),
        None => error,
    }
}
