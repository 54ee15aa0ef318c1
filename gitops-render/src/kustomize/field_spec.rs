//! Field specs: which field of which kinds a transformer touches, and whether it may create it.
//!
//! ```
//! use gitops_core::{Map, Value};
//! use gitops_render::kustomize::field_spec::{Create, FieldSpec, FieldSpecs};
//! use gitops_render::kustomize::gvk::{GvkRef, GvkSelector};
//! use gitops_render::kustomize::node;
//!
//! let name = FieldSpec { selector: GvkSelector::default(), path: "metadata/name".into(), create: false };
//! let specs = FieldSpecs::new(&[name]);
//! let metadata = Map::from_iter([("name", Value::from("db"))]);
//! let mut object = Value::from(Map::from_iter([("metadata", Value::from(metadata))]));
//! for spec in specs.matching(GvkRef::parse("v1", "Pod")) {
//!     spec.apply(&mut object, None::<Create>, |name| node::set_scalar(name, "prod-db", None)).unwrap();
//! }
//! assert_eq!(object.get("metadata").and_then(|m| m.get("name")).and_then(Value::as_str), Some("prod-db"));
//! ```
//!
//! How a path is followed:
//! 1. Parts are separated by `/`; `\/` is a slash inside a part. `name[]` says that the field is a list.
//! 2. A list is entered at any point: the rest of the path holds for each of its items.
//! 3. A missing field ends the walk, unless the spec creates fields and the transformer says what to create:
//!    then maps are made on the way, and the transformer's kind of node at its end. `name[]` is never created.
//! 4. A null ends the walk too, unless it is the value of a field that would be created: then it becomes what would
//!    have been made there; the value of a `name[]` becomes an empty list even if nothing is created.
//! 5. A scalar with path left is an error, as is a part that only lists understand (`0`, `-`, `[a=b]`), or none.
//!
//! Following a path reads first and writes only where something is to be changed, so objects that share their
//! contents go on sharing whatever is not touched.

use super::gvk::{GvkRef, GvkSelector, object_id};
use super::node::{NodeKind, WrongKind};
use super::plain;
use super::walk::Edit;
use gitops_core::{Key, Place, ScalarKind, Value};
use smol_str::SmolStr;
use std::borrow::Cow;
use std::collections::HashMap;

/// A field of some kinds of objects, as the configuration of a transformer names it.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
pub struct FieldSpec {
    /// The objects.
    pub selector: GvkSelector,
    /// Path of the field, parts separated by `/`.
    pub path: SmolStr,
    /// Whether the field is made where it is missing.
    pub create: bool,
}

/// Fields that name objects of one kind.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NameReference {
    /// The kind that is named.
    pub referral: GvkSelector,
    /// The fields that name it.
    pub referrers: Cow<'static, [FieldSpec]>,
}

/// Two specs of one field that disagree on whether it is created.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("conflicting fieldspecs: `{path}` of {selector} is both created and not")]
pub struct ConflictingFieldSpecs {
    /// The field.
    pub path: SmolStr,
    /// The objects, as the later spec selects them.
    pub selector: GvkSelector,
}

/// Adds the specs of `incoming` that `specs` lacks. A spec is there already when one of the same path has a selector
/// that the incoming selector selects; they conflict if only one of them creates the field.
pub fn merge(specs: &mut Vec<FieldSpec>, incoming: &[FieldSpec]) -> Result<(), ConflictingFieldSpecs> {
    for spec in incoming {
        let known =
            specs.iter().find(|old| old.path == spec.path && spec.selector.selects(old.selector.as_ref()));
        match known {
            None => specs.push(spec.clone()),
            Some(old) if old.create == spec.create => {}
            Some(_) => {
                return Err(ConflictingFieldSpecs {
                    path: spec.path.clone(),
                    selector: spec.selector.clone(),
                });
            }
        }
    }
    Ok(())
}

/// Adds name references: fields of a kind that is there already are merged into its own.
pub fn merge_name_references(
    references: &mut Vec<NameReference>,
    incoming: &[NameReference],
) -> Result<(), ConflictingFieldSpecs> {
    for reference in incoming {
        match references.iter_mut().find(|old| old.referral == reference.referral) {
            Some(old) => merge(old.referrers.to_mut(), &reference.referrers)?,
            None => references.push(reference.clone()),
        }
    }
    Ok(())
}

/// Puts merged specs into the order in which kustomize applies them.
pub fn sort(specs: &mut [FieldSpec]) {
    specs.sort_by(|a, b| a.selector.order(&b.selector));
}

/// Puts merged name references into the order in which kustomize applies them.
pub fn sort_name_references(references: &mut [NameReference]) {
    references.sort_by(|a, b| a.referral.order(&b.referral));
}

/// What to make where a field is missing.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Create {
    /// Kind of the node at the end of the path.
    pub kind: NodeKind,
    /// Type of a scalar that stands where a null was.
    pub scalar: ScalarKind,
}

impl Create {
    /// A map: labels, annotations, selectors.
    pub const MAP: Self = Self { kind: NodeKind::Map, scalar: ScalarKind::Null };
    /// A string: names, namespaces.
    pub const STRING: Self = Self { kind: NodeKind::Scalar, scalar: ScalarKind::Str };
    /// A number: replicas.
    pub const INT: Self = Self { kind: NodeKind::Scalar, scalar: ScalarKind::Int };
}

/// Specs of one transformer, compiled, with an index by kind.
///
/// Compiling costs one pass over the paths; [`FieldSpecs::matching`] then looks only at specs of the object's kind
/// and at those of any kind.
#[derive(Clone, Debug, Default)]
pub struct FieldSpecs {
    specs: Vec<CompiledSpec>,
    any_kind: Vec<u32>,
    by_kind: HashMap<SmolStr, Vec<u32>>,
}

impl FieldSpecs {
    /// Compiles specs; their order is kept.
    #[must_use]
    pub fn new(specs: &[FieldSpec]) -> Self {
        let mut index = Self::default();
        for (number, spec) in specs.iter().enumerate() {
            let kind = &spec.selector.kind;
            let list = if kind.is_empty() {
                &mut index.any_kind
            } else {
                index.by_kind.entry(kind.clone()).or_default()
            };
            list.push(number as u32);
        }
        index.specs = specs.iter().map(CompiledSpec::new).collect();
        index
    }

    /// The specs that select objects of this group, version and kind, in order.
    pub fn matching<'a>(&'a self, gvk: GvkRef<'a>) -> impl Iterator<Item = &'a CompiledSpec> {
        let mut any = self.any_kind.iter().copied().peekable();
        let mut of_kind =
            self.by_kind.get(gvk.kind).map_or(&[][..], Vec::as_slice).iter().copied().peekable();
        std::iter::from_fn(move || match (any.peek(), of_kind.peek()) {
            (Some(a), Some(b)) if a < b => any.next(),
            (_, Some(_)) => of_kind.next(),
            (_, None) => any.next(),
        })
        .filter_map(|number| self.specs.get(number as usize))
        .filter(move |compiled| compiled.spec.selector.selects(gvk))
    }

    /// All specs in order.
    pub fn iter(&self) -> impl Iterator<Item = &CompiledSpec> {
        self.specs.iter()
    }

    /// Whether there is no spec.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.specs.is_empty()
    }
}

/// One spec with its path taken apart.
#[derive(Clone, Debug)]
pub struct CompiledSpec {
    spec: FieldSpec,
    parts: Box<[Part]>,
}

/// One part of a path.
#[derive(Clone, Debug)]
pub(super) enum Part {
    /// A field of a map.
    Field { key: Key, list: bool },
    /// Nothing but blanks, which kustomize skips.
    Here,
    /// A part that no map has.
    Refused(PartError),
}

/// A part of a path that can't be looked up in a map.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum PartError {
    /// A part without a name.
    #[error("cannot set or create an empty field name")]
    Empty,
    /// A negative number.
    #[error("fieldName: {0}: array index {0} cannot be negative")]
    NegativeIndex(SmolStr),
    /// `*`.
    #[error("fieldName: *: wildcard is not supported in PathGetter")]
    Wildcard,
    /// A bracket without `=`.
    #[error("fieldName: {0}: list path element must contain fieldName=fieldValue for element to match")]
    Bracket(SmolStr),
    /// A number, `-` or `[a=b]`: only lists have those.
    #[error("fieldName: {0}: wrong node kind: expected SequenceNode but got MappingNode")]
    ListOnly(SmolStr),
}

impl Part {
    fn new(text: &str) -> Self {
        let (name, list) = text.strip_suffix("[]").map_or((text, false), |name| (name, true));
        if name.is_empty() {
            return Self::Refused(PartError::Empty);
        }
        let name = name.trim();
        if name.is_empty() {
            return Self::Here;
        }
        let refused = match name.parse::<i64>() {
            Ok(index) if index < 0 => PartError::NegativeIndex(name.into()),
            Ok(_) => PartError::ListOnly(name.into()),
            Err(_) if name == "*" => PartError::Wildcard,
            Err(_) if name == "-" => PartError::ListOnly(name.into()),
            Err(_) if name.starts_with('[') && name.ends_with(']') => {
                if name.contains('=') {
                    PartError::ListOnly(name.into())
                } else {
                    PartError::Bracket(name.into())
                }
            }
            Err(_) => return Self::Field { key: plain::key(name), list },
        };
        Self::Refused(refused)
    }
}

/// Why a field spec could not be applied to an object.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("considering field '{path}' of object {object}: {cause}")]
pub struct FieldSpecError<E: std::error::Error + 'static> {
    /// Path of the spec.
    pub path: SmolStr,
    /// The object, as [`object_id`] names it.
    pub object: String,
    /// What is wrong.
    pub cause: FieldCause<E>,
}

/// What is wrong with a field, without the field and the object.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum FieldCause<E: std::error::Error + 'static> {
    /// The path goes on below a scalar.
    #[error("expected sequence or mapping node")]
    Scalar(Place),
    /// A part of the path can't be looked up.
    #[error("{0}")]
    Part(PartError),
    /// The transformer refused the field.
    #[error("{0}")]
    Set(E),
}

impl<E: std::error::Error + 'static> FieldSpecError<E> {
    /// The same error with the transformer's own part changed.
    pub fn map<F: std::error::Error + 'static>(self, change: impl FnOnce(E) -> F) -> FieldSpecError<F> {
        let cause = match self.cause {
            FieldCause::Scalar(place) => FieldCause::Scalar(place),
            FieldCause::Part(part) => FieldCause::Part(part),
            FieldCause::Set(error) => FieldCause::Set(change(error)),
        };
        FieldSpecError { path: self.path, object: self.object, cause }
    }
}

impl FieldSpecError<WrongKind> {
    /// Where the node is that was refused, if it was read from a file.
    #[must_use]
    pub fn place(&self) -> Place {
        match &self.cause {
            FieldCause::Scalar(place) => *place,
            FieldCause::Part(_) => Place::NONE,
            FieldCause::Set(error) => error.place,
        }
    }
}

impl CompiledSpec {
    /// Takes a spec's path apart.
    #[must_use]
    pub fn new(spec: &FieldSpec) -> Self {
        let parts = gitops_core::field_path::split_escaped(&spec.path, '/')
            .iter()
            .map(|text| Part::new(text))
            .collect();
        Self { spec: spec.clone(), parts }
    }

    /// The spec.
    #[must_use]
    pub fn spec(&self) -> &FieldSpec {
        &self.spec
    }

    /// Path of the field.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.spec.path
    }

    /// Calls `set` for the field in `object`, for each one where the path crosses lists, in document order. The
    /// selector is not looked at. Missing fields are created if both the spec and `create` say so. Answers how many
    /// nodes were visited.
    pub fn apply<E: std::error::Error + 'static>(
        &self,
        object: &mut Value,
        create: Option<Create>,
        set: impl FnMut(&mut Value) -> Result<(), E>,
    ) -> Result<u64, FieldSpecError<E>> {
        self.apply_where(object, create, |_| true, set)
    }

    /// As [`CompiledSpec::apply`] for those fields only that `wants` holds for: the others, and what leads to them,
    /// are not copied.
    pub fn apply_where<E: std::error::Error + 'static>(
        &self,
        object: &mut Value,
        create: Option<Create>,
        wants: impl Fn(&Value) -> bool,
        set: impl FnMut(&mut Value) -> Result<(), E>,
    ) -> Result<u64, FieldSpecError<E>> {
        let create = create.filter(|_| self.spec.create);
        let mut edit = Edit { parts: &self.parts, create, wants, set };
        edit.run(object).map_err(|cause| FieldSpecError {
            path: self.spec.path.clone(),
            object: object_id(object),
            cause,
        })
    }
}

#[cfg(test)]
#[path = "field_spec_tests.rs"]
mod tests;
