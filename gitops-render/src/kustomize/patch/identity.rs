//! A patch does not rename its target.

use gitops_core::value::{Map, Value};

/// What a strategic merge patch may change of its target's identity.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct IdentityChange {
    /// `options.allowNameChange`
    pub name: bool,
    /// `options.allowKindChange`
    pub kind: bool,
}

/// Gives a merged object the kind, name and namespace that it had before, but for what may change.
///
/// The namespace never changes; one that only the patch has is dropped.
pub fn keep_identity(before: &Value, merged: &mut Value, change: IdentityChange) {
    let Value::Map(object) = merged else { return };
    if !change.kind
        && let Some(kind) = before.get("kind")
    {
        put(object, "kind", Some(kind));
    }
    let old = |field: &str| before.get("metadata").and_then(|metadata| metadata.get(field));
    let name = old("name").filter(|_| !change.name);
    let namespace =
        old("namespace").filter(|namespace| namespace.as_text().is_some_and(|text| !text.is_empty()));
    let namespace = namespace.filter(|namespace| !namespace.is_null());
    let wanted = name.is_some() || namespace.is_some();
    if wanted && !object.get("metadata").is_some_and(Value::is_map) {
        object.insert("metadata", Value::map());
    }
    let Some(Value::Map(metadata)) = object.get("metadata") else { return };
    let kept =
        |field: &str, value: Option<&Value>| metadata.get(field).map_or(value.is_none(), same_as(value));
    if name.is_none_or(|name| kept("name", Some(name))) && kept("namespace", namespace) {
        return;
    }
    if let Some(Value::Map(metadata)) = object.get_mut("metadata") {
        if name.is_some() {
            put(metadata, "name", name);
        }
        put(metadata, "namespace", namespace);
    }
}

/// Sets a field where it differs, removes it where there is nothing to set.
fn put(map: &mut Map, field: &str, value: Option<&Value>) {
    match value {
        Some(value) if map.get(field).is_some_and(|old| same_as(Some(value))(old)) => {}
        Some(value) => drop(map.insert(field, value.clone())),
        None => drop(map.remove(field)),
    }
}

fn same_as(value: Option<&Value>) -> impl Fn(&Value) -> bool + '_ {
    move |old| value.is_some_and(|value| old.ptr_eq(value))
}

#[cfg(test)]
mod tests {
    use super::*;
    use gitops_core::json;

    #[test]
    fn identity_after_a_patch() {
        let rename = IdentityChange { name: true, kind: true };
        let none = IdentityChange::default();
        for (before, merged, change, want) in [
            (
                r#"{"kind": "A", "metadata": {"name": "a", "namespace": "n"}}"#,
                r#"{"kind": "B", "metadata": {"name": "b", "namespace": "m"}}"#,
                none,
                r#"{"kind":"A","metadata":{"name":"a","namespace":"n"}}"#,
            ),
            (
                r#"{"kind": "A", "metadata": {"name": "a"}}"#,
                r#"{"kind": "B", "metadata": {"name": "b", "namespace": "m"}}"#,
                rename,
                r#"{"kind":"B","metadata":{"name":"b"}}"#,
            ),
            (
                r#"{"kind": "A", "metadata": {"name": "a"}}"#,
                "{}",
                none,
                r#"{"kind":"A","metadata":{"name":"a"}}"#,
            ),
        ] {
            let mut object = json::from_str(merged).unwrap();
            keep_identity(&json::from_str(before).unwrap(), &mut object, change);
            assert_eq!(json::to_string(&object).unwrap(), want);
        }
    }
}
