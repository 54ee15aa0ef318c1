//! The order of the output: by kind and identity, or as accumulated.
//!
//! Legacy order of kustomize 5.8.1 (api/internal/builtins/SortOrderTransformer.go): kinds that others need come first,
//! webhooks last, the rest between; then by group, version and kind as one text in which an empty part is `~G`, `~V`
//! or `~K` (so the core group comes after named ones); then by namespace and name.

use super::error::{Error, code};
use super::file::SortOptions;
use super::resource::Resource;
use super::set::ResourceSet;
use crate::session::Reorder;
use gitops_core::object::{Gvk, ORDER_FIRST, ORDER_LAST};
use smol_str::SmolStr;
use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

/// Kinds that come first and last.
struct Kinds {
    first: Vec<String>,
    last: Vec<String>,
}

/// Puts the resources into the order that the kustomization or the caller asks for.
pub(crate) fn sort(
    set: &mut ResourceSet,
    options: Option<&SortOptions>,
    reorder: Reorder,
) -> Result<(), Error> {
    let owned = |kinds: &[&str]| kinds.iter().map(|kind| (*kind).to_owned()).collect();
    let defaults = Kinds { first: owned(&ORDER_FIRST), last: owned(&ORDER_LAST) };
    let kinds = match options {
        None if reorder == Reorder::None => return Ok(()),
        None => defaults,
        Some(options) => {
            if options.legacy.is_some() && options.order == "fifo" {
                return Err(fault(
                    options,
                    "the field 'sortOptions.legacySortOptions' is set but the selected sort order is 'fifo', not 'legacy'",
                ));
            }
            match options.order.as_str() {
                "fifo" => return Ok(()),
                "legacy" => match &options.legacy {
                    None => defaults,
                    Some(legacy) => {
                        Kinds { first: legacy.order_first.clone(), last: legacy.order_last.clone() }
                    }
                },
                _ => {
                    return Err(fault(options, "the field 'sortOptions.order' must be one of [fifo, legacy]"));
                }
            }
        }
    };
    sort_legacy(set, &kinds);
    Ok(())
}

fn fault(options: &SortOptions, message: &str) -> Error {
    Error::new(code::SORT, message).at(options.place)
}

/// Types are few, so their texts are compared once per type and stand as numbers in the keys of resources.
fn sort_legacy(set: &mut ResourceSet, kinds: &Kinds) {
    let types = type_numbers(set, kinds);
    set.resources_mut().sort_by_cached_key(|resource| {
        let id = resource.id();
        SortKey {
            number: types.get(&id.gvk).copied().unwrap_or_default(),
            namespace: or(&id.namespace, "~X"),
            name: or(&id.name, "~N"),
        }
    });
}

/// The types of the set by their place in the order; types that compare equal have one number.
fn type_numbers(set: &ResourceSet, kinds: &Kinds) -> BTreeMap<Gvk, usize> {
    let types: BTreeSet<&Gvk> = set.iter().map(Resource::gvk).collect();
    let mut keyed: Vec<(TypeKey, &Gvk)> =
        types.into_iter().map(|gvk| (TypeKey::of(gvk, kinds), gvk)).collect();
    keyed.sort_by(|(a, _), (b, _)| a.cmp(b));
    let same = keyed.chunk_by(|(a, _), (b, _)| a == b);
    same.enumerate()
        .flat_map(|(number, types)| types.iter().map(move |(_, gvk)| ((*gvk).clone(), number)))
        .collect()
}

/// Where a kind comes.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    First,
    Between,
    Last,
}

/// What the legacy order compares of types, in that order. A `v1` Namespace comes before other kinds of that name.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct TypeKey {
    rank: (Rank, usize),
    other_namespace: bool,
    text: String,
    /// The text by which ids begin.
    head: String,
}

impl TypeKey {
    fn of(gvk: &Gvk, kinds: &Kinds) -> Self {
        let namespace = gvk.kind == "Namespace";
        let core = gvk.group.is_empty() && gvk.version == "v1";
        Self {
            rank: rank(&gvk.kind, kinds),
            other_namespace: namespace && !core,
            text: gvk_text(gvk),
            head: format!("{gvk}|"),
        }
    }
}

/// What the legacy order compares of resources.
#[derive(PartialEq, Eq)]
struct SortKey {
    number: usize,
    namespace: SmolStr,
    name: SmolStr,
}

impl SortKey {
    fn joined(&self) -> impl Iterator<Item = u8> {
        [&*self.namespace, "|", &*self.name].into_iter().flat_map(str::bytes)
    }
}

impl Ord for SortKey {
    /// Namespace and name as the one text `namespace|name`.
    fn cmp(&self, other: &Self) -> Ordering {
        self.number.cmp(&other.number).then_with(|| {
            if self.namespace == other.namespace {
                return self.name.cmp(&other.name);
            }
            self.joined().cmp(other.joined())
        })
    }
}

impl PartialOrd for SortKey {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

fn rank(kind: &str, kinds: &Kinds) -> (Rank, usize) {
    if let Some(position) = kinds.first.iter().position(|first| first == kind) {
        return (Rank::First, position);
    }
    kinds
        .last
        .iter()
        .position(|last| last == kind)
        .map_or((Rank::Between, 0), |position| (Rank::Last, position))
}

fn gvk_text(gvk: &Gvk) -> String {
    format!("{}_{}_{}", or(&gvk.group, "~G"), or(&gvk.version, "~V"), or(&gvk.kind, "~K"))
}

fn or(text: &SmolStr, none: &'static str) -> SmolStr {
    if text.is_empty() { SmolStr::new_static(none) } else { text.clone() }
}
