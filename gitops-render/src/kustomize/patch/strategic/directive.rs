//! `$patch` in maps and lists.

use super::node::Fault;
use gitops_core::value::{Map, Place, Seq, Value};

const KEY: &str = "$patch";

/// What a node of a patch asks for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Directive {
    Merge,
    Replace,
    Delete,
}

fn parse(value: &Value) -> Result<Directive, Fault> {
    match value.as_text() {
        Some("merge") => Ok(Directive::Merge),
        Some("replace") => Ok(Directive::Replace),
        Some("delete") => Ok(Directive::Delete),
        other => Err(Fault::UnknownStrategy {
            strategy: other.unwrap_or_default().to_owned(),
            place: value.place(),
        }),
    }
}

/// The directive of a map, and the map without it.
pub(super) fn of_map(map: &Map) -> Result<(Directive, Map), Fault> {
    let Some(value) = map.get(KEY) else { return Ok((Directive::Merge, map.clone())) };
    let directive = parse(value)?;
    let mut rest = map.clone();
    rest.remove(KEY);
    Ok((directive, rest))
}

/// The directive of a list, which is an element with no other key, and the list without it.
///
/// Only the first element with a `$patch` is looked at. With the directive go all elements that have the same one.
pub(super) fn of_list(list: &Seq) -> Result<(Directive, Seq), Fault> {
    let first = list.iter().find_map(|item| Some((item.as_map()?, item.get(KEY)?)));
    let Some((_, value)) = first.filter(|(map, _)| map.len() == 1) else {
        return Ok((Directive::Merge, list.clone()));
    };
    let directive = parse(value)?;
    let text = value.as_text();
    let mut rest = list.clone();
    rest.edit(|items| {
        items.retain(|item| match item {
            Value::Map(map) => !map.is_empty() && map.get(KEY).is_none_or(|other| other.as_text() != text),
            other => !other.is_null(),
        });
    });
    Ok((directive, rest))
}

/// Places of keys that look like directives but are none to kustomize, in this map only.
pub(super) fn literal_directives(map: &Map) -> impl Iterator<Item = Place> + '_ {
    map.iter()
        .filter(|(key, _)| {
            let key = key.as_str();
            key == "$retainKeys"
                || key.starts_with("$setElementOrder/")
                || key.starts_with("$deleteFromPrimitiveList/")
        })
        .map(|(_, value)| value.place())
}

/// Whether the map still has a `$patch` that nobody took out.
pub(super) fn literal_patch(map: &Map) -> Option<Place> {
    map.get(KEY).map(Value::place)
}
