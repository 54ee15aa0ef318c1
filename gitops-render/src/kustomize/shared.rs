//! Values that stand in several places of one object.
//!
//! A label that kustomize adds to `metadata.labels`, to a selector and to a template is one node in all three, and
//! stays one. Whatever writes to it later in one place, such as a patch of `metadata.labels`, changes the others too
//! (`SetEntry` in api/filters/filtersutil of kustomize 5.8.1 makes the node once per object and key). A value that
//! was there before is overwritten where it stands and joins nothing; removing an entry leaves the others alone; a
//! JSON patch writes the whole object anew and ends all sharing.
//!
//! Here such values carry a mark. Marked values with the same key and place are one, and a value keeps its place when
//! it is overwritten. After each step, [`follow`] carries what was written to one of them over to the rest.

use gitops_core::value::{Place, Scalar, Value};
use smol_str::SmolStr;

/// What was written to a marked value.
struct Written {
    key: SmolStr,
    place: Place,
    path: Vec<u32>,
    scalar: Scalar,
}

/// Carries what a step wrote to marked values over to all that are one with them; of several, what stands last in the
/// order of keys wins, as the original works through an object in that order.
///
/// Costs the parts of the object that the step touched, and a pass over the object where it wrote to a marked value.
pub(crate) fn follow(before: &Value, after: &mut Value) {
    let written = written(before, after);
    if written.is_empty() {
        return;
    }
    let last = |key: &str, place: Place| written.iter().rfind(|one| one.key == key && one.place == place);
    let mut changes: Vec<(Vec<u32>, Scalar)> = Vec::new();
    for one in &written {
        changes.extend(last(&one.key, one.place).map(|last| (one.path.clone(), last.scalar.clone())));
    }
    Walk::over(after, |key, scalar, path| {
        if scalar.is_marked()
            && let Some(one) = last(key, scalar.place())
        {
            changes.push((path(), one.scalar.clone()));
        }
    });
    for (path, scalar) in changes {
        set(after, &path, scalar);
    }
}

/// Takes all marks away: from here on every value stands for itself.
pub(crate) fn forget(value: &mut Value) {
    let mut marked = Vec::new();
    Walk::over(value, |_, scalar, path| {
        if scalar.is_marked() {
            let mut scalar = scalar.clone();
            scalar.set_marked(false);
            marked.push((path(), scalar));
        }
    });
    for (path, scalar) in marked {
        set(value, &path, scalar);
    }
}

/// Marked values of `before` that are others in `after`, in order of keys.
fn written(before: &Value, after: &Value) -> Vec<Written> {
    let mut found = Vec::new();
    let mut walk = Walk::default();
    let mut pending = vec![(before, after, Walk::TOP)];
    while let Some((before, after, at)) = pending.pop() {
        if before.ptr_eq(after) && !matches!(before, Value::Scalar(_)) {
            continue;
        }
        match (before, after) {
            (Value::Map(before), Value::Map(after)) => {
                let mut children: Vec<_> = after.entries().iter().enumerate().collect();
                children.sort_by(|(_, a), (_, b)| b.key.as_str().cmp(a.key.as_str()));
                for (index, entry) in children {
                    let Some(old) = before.get(entry.key.as_str()) else { continue };
                    match (old, &entry.value) {
                        (Value::Scalar(old), Value::Scalar(new)) if old.is_marked() => {
                            if new.is_marked() && new.place() == old.place() && old.same(new) {
                                continue;
                            }
                            let mut scalar = Scalar::placed(
                                new.kind(),
                                new.shared_text().clone(),
                                new.style(),
                                old.place(),
                            );
                            scalar.set_marked(true);
                            let step = walk.step(at, index);
                            let path = walk.path(step);
                            found.push(Written {
                                key: entry.key.as_str().into(),
                                place: old.place(),
                                path,
                                scalar,
                            });
                        }
                        (old, new) => pending.push((old, new, walk.step(at, index))),
                    }
                }
            }
            (Value::Seq(before), Value::Seq(after)) => {
                for (index, (old, new)) in before.iter().zip(after.iter()).enumerate().rev() {
                    pending.push((old, new, walk.step(at, index)));
                }
            }
            _ => {}
        }
    }
    found
}

fn set(value: &mut Value, path: &[u32], scalar: Scalar) {
    let mut node = value;
    for index in path {
        let index = *index as usize;
        let child = match node {
            Value::Map(map) => map.entries_mut().get_mut(index).map(|entry| &mut entry.value),
            Value::Seq(seq) => seq.get_mut(index),
            Value::Scalar(_) => None,
        };
        let Some(child) = child else { return };
        node = child;
    }
    *node = Value::Scalar(scalar);
}

/// Steps down an object, so that the path to a node is written out only where it is wanted.
#[derive(Default)]
struct Walk {
    /// The step that each one follows, and the position of its child.
    steps: Vec<(u32, u32)>,
}

impl Walk {
    /// Stands for no step.
    const TOP: u32 = u32::MAX;

    fn step(&mut self, from: u32, child: usize) -> u32 {
        self.steps.push((from, child as u32));
        self.steps.len() as u32 - 1
    }

    fn path(&self, mut at: u32) -> Vec<u32> {
        let mut path = Vec::new();
        while let Some((from, child)) = self.steps.get(at as usize) {
            path.push(*child);
            at = *from;
        }
        path.reverse();
        path
    }

    /// Shows every scalar that is the value of a key.
    fn over<'v>(value: &'v Value, mut see: impl FnMut(&'v str, &'v Scalar, &dyn Fn() -> Vec<u32>)) {
        let mut walk = Self::default();
        let mut pending = vec![(value, Self::TOP)];
        while let Some((value, at)) = pending.pop() {
            match value {
                Value::Map(map) => {
                    for (index, entry) in map.entries().iter().enumerate() {
                        let step = walk.step(at, index);
                        match &entry.value {
                            Value::Scalar(scalar) => see(entry.key.as_str(), scalar, &|| walk.path(step)),
                            child => pending.push((child, step)),
                        }
                    }
                }
                Value::Seq(seq) => {
                    for (index, child) in seq.iter().enumerate().filter(|(_, child)| child.has_children()) {
                        let step = walk.step(at, index);
                        pending.push((child, step));
                    }
                }
                Value::Scalar(_) => {}
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kustomize::testing::{json, show};

    /// The object with every value `m` of a key `k` marked as one.
    fn marked(text: &str) -> Value {
        let mut value = json(text);
        let mut paths = Vec::new();
        Walk::over(&value, |key, scalar, path| paths.extend((key == "k" && scalar.text() == "m").then(path)));
        let mut one = Scalar::string("m");
        one.set_marked(true);
        for path in paths {
            set(&mut value, &path, one.clone());
        }
        value
    }

    fn after(before: &str, change: &[(&str, &str)]) -> String {
        let before = marked(before);
        let mut after = before.clone();
        for (pointer, text) in change {
            let pointer: gitops_core::pointer::Pointer = pointer.parse().unwrap();
            *pointer.get_mut(&mut after).unwrap() = Value::from(*text);
        }
        follow(&before, &mut after);
        show(&after)
    }

    #[test]
    fn what_is_written_to_one_reaches_all() {
        for (before, change, expected) in [
            (
                r#"{"a":{"k":"m"},"b":{"c":[{"k":"m"}]},"k":"x"}"#,
                ("/a/k", "new"),
                r#"{"a":{"k":"new"},"b":{"c":[{"k":"new"}]},"k":"x"}"#,
            ),
            (r#"{"a":{"k":"m"},"b":{"k":"m"}}"#, ("/b/k", "new"), r#"{"a":{"k":"new"},"b":{"k":"new"}}"#),
            (r#"{"a":{"k":"m"},"k":"x"}"#, ("/k", "new"), r#"{"a":{"k":"m"},"k":"new"}"#),
        ] {
            assert_eq!(after(before, &[change]), expected);
        }
    }

    #[test]
    fn the_last_of_two_wins() {
        let both = [("/b/k", "second"), ("/a/k", "first")];
        assert_eq!(
            after(r#"{"b":{"k":"m"},"a":{"k":"m"}}"#, &both),
            r#"{"a":{"k":"second"},"b":{"k":"second"}}"#
        );
    }

    #[test]
    fn nothing_follows_once_marks_are_gone() {
        let mut before = marked(r#"{"a":{"k":"m"},"b":{"k":"m"}}"#);
        forget(&mut before);
        let mut after = before.clone();
        *after.get_mut("a").and_then(|a| a.get_mut("k")).unwrap() = Value::from("new");
        follow(&before, &mut after);
        assert_eq!(show(&after), r#"{"a":{"k":"new"},"b":{"k":"m"}}"#);
    }
}
