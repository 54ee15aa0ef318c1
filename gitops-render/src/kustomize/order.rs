//! The order of the output: by kind and identity, or as accumulated.
//!
//! Legacy order of kustomize 5.8.1 (api/internal/builtins/SortOrderTransformer.go): kinds that others need come first,
//! webhooks last, the rest between; then by group, version and kind as one text in which an empty part is `~G`, `~V`
//! or `~K` (so the core group comes after named ones); then by namespace and name.

use super::error::{Error, code};
use super::file::SortOptions;
use super::id::Id;
use super::resource::Resource;
use super::set::ResourceSet;
use crate::session::Reorder;
use gitops_core::object::{Gvk, ORDER_FIRST, ORDER_LAST};

/// Kinds that come first and last.
struct Kinds {
    first: Vec<String>,
    last: Vec<String>,
}

/// Puts the resources into the order that the kustomization or the caller asks for.
pub(crate) fn sort(set: &mut ResourceSet, options: Option<&SortOptions>, reorder: Reorder) -> Result<(), Error> {
    let owned = |kinds: &[&str]| kinds.iter().map(|kind| (*kind).to_owned()).collect();
    let defaults = Kinds { first: owned(&ORDER_FIRST), last: owned(&ORDER_LAST) };
    let kinds = match options {
        None if reorder == Reorder::None => return Ok(()),
        None => defaults,
        Some(options) => {
            if options.legacy.is_some() && options.order == "fifo" {
                return Err(fault(options, "the field 'sortOptions.legacySortOptions' is set but the selected sort order is 'fifo', not 'legacy'"));
            }
            match options.order.as_str() {
                "fifo" => return Ok(()),
                "legacy" => match &options.legacy {
                    None => defaults,
                    Some(legacy) => Kinds { first: legacy.order_first.clone(), last: legacy.order_last.clone() },
                },
                _ => return Err(fault(options, "the field 'sortOptions.order' must be one of [fifo, legacy]")),
            }
        }
    };
    sort_legacy(set, &kinds);
    Ok(())
}

fn fault(options: &SortOptions, message: &str) -> Error {
    Error::new(code::SORT, message).at(options.place)
}

fn sort_legacy(set: &mut ResourceSet, kinds: &Kinds) {
    let mut keyed: Vec<(SortKey, Resource)> = std::mem::take(set.resources_mut())
        .into_iter()
        .map(|resource| (SortKey::of(resource.id(), kinds), resource))
        .collect();
    keyed.sort_by(|(a, _), (b, _)| a.cmp(b));
    *set.resources_mut() = keyed.into_iter().map(|(_, resource)| resource).collect();
}

/// Where a kind comes.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    First,
    Between,
    Last,
}

/// What the legacy order compares, in that order. A `v1` Namespace comes before other kinds of that name.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct SortKey {
    rank: (Rank, usize),
    other_namespace: bool,
    gvk: String,
    id: String,
}

impl SortKey {
    fn of(id: &Id, kinds: &Kinds) -> Self {
        let namespace = id.gvk.kind == "Namespace";
        let core = id.gvk.group.is_empty() && id.gvk.version == "v1";
        Self { rank: rank(&id.gvk.kind, kinds), other_namespace: namespace && !core, gvk: gvk_text(&id.gvk), id: id_text(id) }
    }
}

fn rank(kind: &str, kinds: &Kinds) -> (Rank, usize) {
    if let Some(position) = kinds.first.iter().position(|first| first == kind) {
        return (Rank::First, position);
    }
    kinds.last.iter().position(|last| last == kind).map_or((Rank::Between, 0), |position| (Rank::Last, position))
}

fn or<'a>(text: &'a str, none: &'a str) -> &'a str {
    if text.is_empty() { none } else { text }
}

fn gvk_text(gvk: &Gvk) -> String {
    format!("{}_{}_{}", or(&gvk.group, "~G"), or(&gvk.version, "~V"), or(&gvk.kind, "~K"))
}

fn id_text(id: &Id) -> String {
    format!(
        "{}.{}.{}|{}|{}",
        or(&id.gvk.kind, "[noKind]"),
        or(&id.gvk.version, "[noVer]"),
        or(&id.gvk.group, "[noGrp]"),
        or(&id.namespace, "~X"),
        or(&id.name, "~N"),
    )
}
