//! `<<`: the entries of other mappings in this one.

use crate::value::{Entry, Key, Map, Value};
use crate::yaml::error::ErrorKind;
use crate::yaml::resolve::Dialect;
use smol_str::SmolStr;
use std::collections::HashMap;

/// An entry whose key is `<<`.
pub(super) struct Merge {
    /// Position among the entries.
    pub(super) index: usize,
    /// Its value came through an alias.
    pub(super) alias: bool,
}

/// Entries with all merges carried out.
///
/// kustomize: own keys win, then the earlier of several mappings; one `<<` a mapping. A first entry whose key is the
/// quoted text `<<` is deleted. kubectl: keys are set in the order of the text, so that a `<<` overrides what stands
/// before it.
pub(super) fn expand(
    entries: Vec<Entry>,
    merges: &[Merge],
    dialect: Dialect,
) -> Result<Vec<Entry>, ErrorKind> {
    match dialect {
        Dialect::Kubectl if merges.is_empty() => Ok(entries),
        Dialect::Kubectl => in_order(entries, merges),
        Dialect::Kustomize => own_first(entries, merges),
    }
}

fn in_order(entries: Vec<Entry>, merges: &[Merge]) -> Result<Vec<Entry>, ErrorKind> {
    let mut expanded = Vec::with_capacity(entries.len());
    let mut merges = merges.iter().peekable();
    for (index, entry) in entries.into_iter().enumerate() {
        match merges.next_if(|merge| merge.index == index) {
            None => expanded.push(entry),
            Some(merge) => {
                for map in sources(&entry.value, merge.alias)?.into_iter().rev() {
                    expanded.extend_from_slice(map.entries());
                }
            }
        }
    }
    Ok(expanded)
}

fn own_first(mut entries: Vec<Entry>, merges: &[Merge]) -> Result<Vec<Entry>, ErrorKind> {
    let literal = |key: &Key| key.as_str() == "<<";
    let merge = match merges {
        [] if !entries.iter().any(|entry| literal(&entry.key)) => return Ok(entries),
        [] => {
            let position = entries.iter().position(|entry| literal(&entry.key));
            position.map(|position| entries.remove(position));
            return Ok(entries);
        }
        [merge] => merge,
        _ => return Err(ErrorKind::DuplicateMerge),
    };
    let value = entries.remove(merge.index).value;
    let quoted_before = entries.iter().take(merge.index).position(|entry| literal(&entry.key));
    quoted_before.map(|position| entries.remove(position));
    let mut positions: HashMap<SmolStr, Option<usize>> = HashMap::with_capacity(entries.len());
    for entry in &entries {
        positions.insert(SmolStr::new(entry.key.as_str()), None);
    }
    for map in sources(&value, merge.alias)?.into_iter().rev() {
        for entry in map.entries() {
            match positions.get(entry.key.as_str()) {
                Some(None) => {}
                Some(Some(position)) => entries[*position] = entry.clone(),
                None => {
                    positions.insert(SmolStr::new(entry.key.as_str()), Some(entries.len()));
                    entries.push(entry.clone());
                }
            }
        }
    }
    Ok(entries)
}

/// The mappings that a value of `<<` names; an alias of a sequence is none.
fn sources(value: &Value, alias: bool) -> Result<Vec<Map>, ErrorKind> {
    match value {
        Value::Map(map) => Ok(vec![map.clone()]),
        Value::Seq(seq) if !alias => {
            seq.iter().map(|item| item.as_map().cloned().ok_or(ErrorKind::MergeValue)).collect()
        }
        _ => Err(ErrorKind::MergeValue),
    }
}
