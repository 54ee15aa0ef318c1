//! Dropping without recursion: a document may be thousands of levels deep.

use super::Value;

/// Empties the containers below these values, deepest last, with a stack of its own.
pub(super) fn tear_down<'a>(roots: impl Iterator<Item = &'a mut Value>) {
    let mut pending: Vec<Value> = Vec::new();
    take_containers(roots, &mut pending);
    while let Some(mut value) = pending.pop() {
        match &mut value {
            Value::Map(map) => {
                if let Some(entries) = map.unique_entries() {
                    take_containers(entries.iter_mut().map(|entry| &mut entry.value), &mut pending);
                }
            }
            Value::Seq(seq) => {
                if let Some(items) = seq.unique_items() {
                    take_containers(items.iter_mut(), &mut pending);
                }
            }
            Value::Scalar(_) => {}
        }
    }
}

fn take_containers<'a>(values: impl Iterator<Item = &'a mut Value>, pending: &mut Vec<Value>) {
    pending.extend(values.filter(|value| value.has_children()).map(std::mem::take));
}
