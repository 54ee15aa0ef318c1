//! Equality of values: same types and texts, keys in any order, whatever the style and place.

use super::{Map, Scalar, Value};
use std::collections::HashMap;

impl PartialEq for Value {
    fn eq(&self, other: &Self) -> bool {
        equal_by(self, other, Scalar::same)
    }
}

impl PartialEq for Map {
    fn eq(&self, other: &Self) -> bool {
        equal_by(&Value::Map(self.clone()), &Value::Map(other.clone()), Scalar::same)
    }
}

/// Compares two trees with `same` for scalars. Shared parts are equal without a look inside.
pub(super) fn equal_by(a: &Value, b: &Value, same: impl Fn(&Scalar, &Scalar) -> bool) -> bool {
    let mut pending = vec![(a, b)];
    while let Some((a, b)) = pending.pop() {
        match (a, b) {
            (Value::Scalar(a), Value::Scalar(b)) if same(a, b) => {}
            (Value::Seq(a), Value::Seq(b)) if a.ptr_eq(b) => {}
            (Value::Seq(a), Value::Seq(b)) if a.len() == b.len() => pending.extend(a.iter().zip(b)),
            (Value::Map(a), Value::Map(b)) if a.ptr_eq(b) => {}
            (Value::Map(a), Value::Map(b)) if a.len() == b.len() => {
                if !pair_up(a, b, &mut pending) {
                    return false;
                }
            }
            _ => return false,
        }
    }
    true
}

/// Pairs the values of equal keys; false where the keys differ.
fn pair_up<'a>(a: &'a Map, b: &'a Map, pending: &mut Vec<(&'a Value, &'a Value)>) -> bool {
    const LARGE: usize = 16;
    if a.keys().eq(b.keys()) {
        pending.extend(a.values().zip(b.values()));
        return true;
    }
    if a.len() > LARGE {
        let index: HashMap<_, _> = b.iter().collect();
        return a.iter().all(|(key, value)| match index.get(key) {
            Some(other) => {
                pending.push((value, other));
                true
            }
            None => false,
        });
    }
    a.entries().iter().all(|entry| match b.entries().iter().find(|other| other.key == entry.key) {
        Some(other) => {
            pending.push((&entry.value, &other.value));
            true
        }
        None => false,
    })
}
