//! Where each field of a rendered object comes from: the file and line, then every transformer and patch that changed it.
//!
//! ```
//! use gitops_render::{MemoryTree, Session};
//!
//! let session = Session::new(MemoryTree::from_iter([
//!     ("base/kustomization.yaml", "resources: [web.yaml]\n"),
//!     ("base/web.yaml", "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: web\nspec:\n  replicas: 3\n"),
//!     ("prod/kustomization.yaml", "resources: [../base]\nnamePrefix: prod-\nreplicas:\n- name: web\n  count: 5\n"),
//! ]));
//! let answers = session.explain("prod", &"Deployment/web:spec.replicas".parse().unwrap()).unwrap();
//! assert_eq!(
//!     answers[0].to_string(),
//!     "Deployment.apps prod-web (from web)
//!   spec.replicas: 5
//!     3  base/web.yaml:6:13
//!     5  prod/kustomization.yaml:4:3  (replicas[0])
//! "
//! );
//! ```
//!
//! * A query names an object by its name in the end or any earlier one, and by its kind in any case of letters; several
//!   objects may match, and all are listed. Without a path every leaf is explained, and so is every leaf below a path
//!   that leads to a list or a map.
//! * A step counts only where it changed the value. What a patch writes has its place in the patch, what a replacement
//!   copies has the place of the entry and, beside it, that of the value.
//! * Elements of lists are followed by what identifies them (`name`, `containerPort`, …), so a field stays the same
//!   field when the list is reordered or the object renamed. Fields that a step took away are found, too.
//! * Values under `data` and `stringData` of Secrets are shown as `(masked)`, and so is what `kubectl apply` noted of
//!   them.
//! * Steps are kept only in a session whose [`Options::explain`](crate::Options::explain) is set;
//!   [`Session::explain`] makes one where need be. The cost of an answer grows with the number of nodes of the object
//!   and of its states where they differ.

mod elements;
mod history;
mod query;
mod report;
#[cfg(test)]
mod tests;

pub use query::{Query, QueryError};

use crate::kustomize::decode::nearest;
use crate::rendered::{Failure, Object, Rendered};
use crate::session::{Options, Session};
use gitops_core::field_path::{FieldPath, Step as PathStep};
use gitops_core::object::ObjectKey;
use gitops_core::pointer::Pointer;
use gitops_core::value::{Location, Value};
use history::{Child, Column, Event, Places};
use query::{Path, Reading};
use smol_str::SmolStr;
use std::sync::Arc;

/// What stands for a value that must not be seen.
pub const MASK: &str = "(masked)";

/// A list or map this many levels below the field that was asked for is explained as a whole.
const MAX_DEPTH: usize = 64;

/// An object with the past of the fields that were asked for.
#[derive(Clone, PartialEq, Debug)]
#[non_exhaustive]
pub struct Explanation {
    /// The object as rendered.
    pub key: ObjectKey,
    /// Its first name, where that was another one.
    pub original_name: Option<SmolStr>,
    /// The fields in the order of the output; those that are gone come last in their list or map.
    pub fields: Vec<Field>,
}

/// The past of one field.
#[derive(Clone, PartialEq, Debug)]
#[non_exhaustive]
pub struct Field {
    /// The field; list elements by what identifies them.
    pub path: FieldPath,
    /// The field in the rendered object; nothing where it is gone.
    pub pointer: Option<Pointer>,
    /// The rendered value, or [`MASK`]; nothing where the field is gone.
    pub value: Option<Value>,
    /// Whether all values shown are [`MASK`].
    pub masked: bool,
    /// How it began and what changed it, oldest first; never empty.
    pub chain: Vec<Change>,
}

/// One step in the past of a field.
#[derive(Clone, PartialEq, Debug)]
#[non_exhaustive]
pub struct Change {
    /// What was done, in the words of the kustomization file: `patches[0]`, `namePrefix`; nothing for what was read
    /// from a manifest.
    pub action: Option<Arc<str>>,
    /// The value before; nothing where the field was not there.
    pub before: Option<Value>,
    /// The value after; nothing where the field was taken away.
    pub after: Option<Value>,
    /// Where the action is configured. Hash suffixes and name references are configured nowhere.
    pub configured: Option<Location>,
    /// Where the value is written: in the manifest, in the patch, or where a replacement found it.
    pub written: Option<Location>,
    /// Whether the value was copied from another field, which is what `written` then names.
    pub copied: bool,
}

impl Change {
    /// The place to look at: where the value is written, else where the action is configured.
    #[must_use]
    pub fn location(&self) -> Option<&Location> {
        let written = self.written.as_ref().filter(|_| !self.copied);
        written.or(self.configured.as_ref())
    }
}

/// Why nothing could be explained.
#[derive(Clone, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ExplainError {
    /// The render failed.
    #[error(transparent)]
    Render(#[from] Box<Failure>),
    /// No object matches.
    #[error("no rendered object matches {query}{}", did_you_mean(.near))]
    NoObject {
        /// The query.
        query: String,
        /// Objects that come close, best first.
        near: Vec<String>,
    },
    /// Objects match, but none has or had the field.
    #[error("{object} has no field {path}{}", did_you_mean(.near))]
    NoField {
        /// The first object that matches.
        object: String,
        /// The path.
        path: String,
        /// Paths that come close.
        near: Vec<String>,
    },
}

fn did_you_mean(near: &[String]) -> String {
    if near.is_empty() { String::new() } else { format!("; did you mean {}?", near.join(" or ")) }
}

impl Session {
    /// Renders what stands at `path` and tells where the fields come from that the query names.
    ///
    /// A session that does not keep steps renders anew in one that does, so ask many questions of a session made with
    /// [`Options::explain`], by [`Session::explain_rendered`].
    pub fn explain(&self, path: &str, query: &Query) -> Result<Vec<Explanation>, ExplainError> {
        if self.options.explain {
            return self.explain_rendered(&self.render(path).map_err(Box::new)?, query);
        }
        let options = Options { explain: true, ..self.options.clone() };
        Self::with_options(Arc::clone(&self.tree), options).explain(path, query)
    }

    /// Tells where fields come from in what this session rendered. Without [`Options::explain`] only the places of
    /// values are known, not the steps that made them.
    pub fn explain_rendered(
        &self,
        rendered: &Rendered,
        query: &Query,
    ) -> Result<Vec<Explanation>, ExplainError> {
        let mut missing = None;
        for reading in &query.readings {
            let matching = rendered.objects.iter().filter(|object| matches(object, query, &reading.name));
            let mut explanations = Vec::new();
            for object in matching {
                match self.explain_object(object, &reading.path) {
                    Ok(explanation) => explanations.push(explanation),
                    Err(error) => drop(missing.get_or_insert(error)),
                }
            }
            if !explanations.is_empty() {
                return Ok(explanations);
            }
        }
        Err(missing.unwrap_or_else(|| ExplainError::NoObject {
            query: query.to_string(),
            near: query.plain().map(|reading| near_objects(rendered, query, reading)).unwrap_or_default(),
        }))
    }

    fn explain_object(&self, object: &Object, path: &Path) -> Result<Explanation, ExplainError> {
        let value = &object.value;
        let schema =
            self.schema.object(value.api_version().unwrap_or_default(), value.kind().unwrap_or_default());
        let root = Column::root(&object.steps, value, schema);
        let (above, column) = find(root, path).map_err(|near| ExplainError::NoField {
            object: object.key().to_string(),
            path: path.to_string(),
            near,
        })?;
        let is_secret = states(object).any(|state| state.kind() == Some("Secret"));
        let mut places = Places::default();
        let mut fields = Vec::new();
        for (path, column) in leaves(above, column) {
            let events = column.events(&object.steps, &mut places);
            let mut field = Field {
                pointer: column.last().and_then(|_| path.locate(value)),
                value: column.last().cloned(),
                masked: false,
                chain: events.into_iter().map(|event| self.change(&event)).collect(),
                path,
            };
            if is_secret && holds_secret(field.path.steps()) {
                field.mask();
            }
            fields.push(field);
        }
        let key = object.key();
        let original_name =
            states(object).next().and_then(Value::name).filter(|name| *name != key.name).map(SmolStr::new);
        Ok(Explanation { key, original_name, fields })
    }

    fn change(&self, event: &Event<'_>) -> Change {
        let action = event.step.map(|step| Arc::clone(&step.action));
        Change {
            before: event.before.cloned(),
            after: event.after.cloned(),
            configured: event.step.and_then(|step| self.locate(step.place_for(event.before))),
            written: self.locate(event.written),
            copied: action.as_deref().is_some_and(copies) && !event.written.is_none(),
            action,
        }
    }
}

impl Field {
    fn mask(&mut self) {
        let mask = |value: &mut Option<Value>| {
            if let Some(value) = value {
                *value = Value::from(MASK);
            }
        };
        self.masked = true;
        mask(&mut self.value);
        for change in &mut self.chain {
            mask(&mut change.before);
            mask(&mut change.after);
        }
    }
}

/// All states of an object, oldest first.
fn states(object: &Object) -> impl Iterator<Item = &Value> {
    object.steps.iter().map(|step| &step.before).filter(|state| !state.is_null()).chain([&object.value])
}

/// Whether an object is or was what the query names.
fn matches(object: &Object, query: &Query, name: &str) -> bool {
    let ever = |fits: &dyn Fn(&ObjectKey) -> bool| states(object).any(|state| fits(&ObjectKey::of(state)));
    ever(&|key| key.name == name)
        && ever(&|key| key.kind.eq_ignore_ascii_case(&query.kind))
        && query.group.as_ref().is_none_or(|group| ever(&|key| key.group == *group))
        && query.namespace.as_ref().is_none_or(|namespace| ever(&|key| key.namespace == *namespace))
}

/// Actions whose values stand elsewhere: where they were copied from.
fn copies(action: &str) -> bool {
    action.starts_with("replacements") || action.contains("ReplacementTransformer")
}

/// Whether a field of a Secret is, holds, or is part of what must not be seen.
fn holds_secret(path: &[PathStep]) -> bool {
    const HIDDEN: [&[&str]; 3] = [
        &["data"],
        &["stringData"],
        &["metadata", "annotations", "kubectl.kubernetes.io/last-applied-configuration"],
    ];
    let same = |(step, key): (&PathStep, &&str)| matches!(step, PathStep::Key(found) if found == key);
    HIDDEN.iter().any(|hidden| path.iter().zip(*hidden).all(same))
}

/// The node that a path leads to, or the paths that come close.
fn find<'a>(root: Column<'a>, path: &Path) -> Result<(Vec<PathStep>, Column<'a>), Vec<String>> {
    let mut above: Vec<PathStep> = Vec::new();
    let mut column = root;
    let mut enter = |wanted: &str, find: &dyn Fn(&Column<'a>) -> Option<Child<'a>>| match find(&column) {
        Some(child) => {
            above.push(child.step);
            column = child.column;
            Ok(())
        }
        None => Err(near_fields(&above, &column, wanted)),
    };
    match path {
        Path::Pointer(pointer) => {
            for token in pointer.tokens() {
                enter(token, &|column| column.child_by_token(token))?;
            }
        }
        Path::Fields(fields) => {
            for step in fields.steps() {
                enter(&step.to_string(), &|column| column.child(step))?;
            }
        }
    }
    Ok((above, column))
}

/// The leaves below a node, in order. What is gone is one leaf, however much it held.
fn leaves(above: Vec<PathStep>, column: Column<'_>) -> Vec<(FieldPath, Column<'_>)> {
    let mut leaves = Vec::new();
    let depth = above.len();
    let mut pending = vec![(above, column)];
    while let Some((path, column)) = pending.pop() {
        let is_leaf = column.last().is_none_or(|value| !value.has_children());
        if is_leaf || path.len() - depth >= MAX_DEPTH {
            leaves.push((FieldPath::new(path), column));
            continue;
        }
        pending.extend(column.children().into_iter().rev().map(|child| {
            let mut path = path.clone();
            path.push(child.step);
            (path, child.column)
        }));
    }
    leaves
}

const MAX_NEAR: usize = 5;

/// Children of a node whose name comes close to what was looked for, else its first ones.
fn near_fields(above: &[PathStep], column: &Column<'_>, wanted: &str) -> Vec<String> {
    let steps: Vec<PathStep> = column.children().into_iter().map(|child| child.step).collect();
    let texts: Vec<String> = steps.iter().map(ToString::to_string).collect();
    let near = nearest(wanted, texts.iter().map(String::as_str));
    let chosen = steps.iter().zip(&texts).filter(|(_, text)| near.is_none_or(|near| near == text.as_str()));
    let full = |step: &PathStep| FieldPath::new(above.iter().chain([step]).cloned().collect()).to_string();
    chosen.take(MAX_NEAR).map(|(step, _)| full(step)).collect()
}

/// Objects of a similar name and the same kind, then those of the same name, then those of the same kind.
fn near_objects(rendered: &Rendered, query: &Query, reading: &Reading) -> Vec<String> {
    let objects = || rendered.objects.iter();
    let kind = nearest(&query.kind, objects().filter_map(|object| object.value.kind()));
    let of_kind = |object: &&Object| kind.is_some_and(|kind| object.value.kind() == Some(kind));
    let named = |object: &Object, name: &str| states(object).any(|state| state.name() == Some(name));
    let names = objects().filter(of_kind).flat_map(states).filter_map(Value::name);
    let name = nearest(&reading.name, names);
    let mut near: Vec<String> = Vec::new();
    let mut add = |object: &Object| {
        let key = object.key().to_string();
        if near.len() < MAX_NEAR && !near.contains(&key) {
            near.push(key);
        }
    };
    objects()
        .filter(of_kind)
        .filter(|object| name.is_some_and(|name| named(object, name)))
        .for_each(&mut add);
    objects().filter(|object| named(object, &reading.name)).for_each(&mut add);
    if name.is_none() {
        objects().filter(of_kind).for_each(&mut add);
    }
    near
}
