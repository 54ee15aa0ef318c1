//! The fields that every object has, on [`Value`].

use crate::value::{Key, Map, Scalar, Value};

/// Type, name, labels and annotations of an object. Reading answers nothing where the object or its `metadata` has
/// another shape; a name that a reader took for a number is its text.
impl Value {
    /// `apiVersion`.
    #[must_use]
    pub fn api_version(&self) -> Option<&str> {
        text(self.get("apiVersion"))
    }

    /// `kind`.
    #[must_use]
    pub fn kind(&self) -> Option<&str> {
        text(self.get("kind"))
    }

    /// `metadata`.
    #[must_use]
    pub fn metadata(&self) -> Option<&Map> {
        self.get("metadata")?.as_map()
    }

    /// `metadata` for change, made at the end of the object where it is absent or not a map. Nothing where this is
    /// not a map.
    pub fn metadata_mut(&mut self) -> Option<&mut Map> {
        child_map(self.as_map_mut()?, "metadata")
    }

    /// `metadata.name`.
    #[must_use]
    pub fn name(&self) -> Option<&str> {
        text(self.metadata()?.get("name"))
    }

    /// `metadata.namespace`.
    #[must_use]
    pub fn namespace(&self) -> Option<&str> {
        text(self.metadata()?.get("namespace"))
    }

    /// `metadata.labels`.
    #[must_use]
    pub fn labels(&self) -> Option<&Map> {
        self.metadata()?.get("labels")?.as_map()
    }

    /// `metadata.annotations`.
    #[must_use]
    pub fn annotations(&self) -> Option<&Map> {
        self.metadata()?.get("annotations")?.as_map()
    }

    /// Text of one label.
    #[must_use]
    pub fn label(&self, key: &str) -> Option<&str> {
        text(self.labels()?.get(key))
    }

    /// Text of one annotation.
    #[must_use]
    pub fn annotation(&self, key: &str) -> Option<&str> {
        text(self.annotations()?.get(key))
    }

    /// Sets `metadata.name` to a string; false where this is not a map.
    pub fn set_name(&mut self, name: &str) -> bool {
        self.metadata_mut().map(|metadata| metadata.insert("name", Value::from(name))).is_some()
    }

    /// Sets `metadata.namespace` to a string; false where this is not a map.
    pub fn set_namespace(&mut self, namespace: &str) -> bool {
        self.metadata_mut().map(|metadata| metadata.insert("namespace", Value::from(namespace))).is_some()
    }

    /// Sets one label to a string; false where this is not a map.
    pub fn set_label(&mut self, key: &str, text: &str) -> bool {
        self.set_in_metadata("labels", key, text)
    }

    /// Sets one annotation to a string; false where this is not a map.
    pub fn set_annotation(&mut self, key: &str, text: &str) -> bool {
        self.set_in_metadata("annotations", key, text)
    }

    /// Removes one label and gives it back; a map that becomes empty goes as well. Copies nothing where the label is
    /// absent.
    pub fn remove_label(&mut self, key: &str) -> Option<Value> {
        self.remove_in_metadata("labels", key)
    }

    /// Removes one annotation and gives it back; a map that becomes empty goes as well. Copies nothing where the
    /// annotation is absent.
    pub fn remove_annotation(&mut self, key: &str) -> Option<Value> {
        self.remove_in_metadata("annotations", key)
    }

    fn set_in_metadata(&mut self, field: &str, key: &str, text: &str) -> bool {
        let map = self.metadata_mut().and_then(|metadata| child_map(metadata, field));
        map.map(|map| map.insert(Key::new(key), Value::from(text))).is_some()
    }

    fn remove_in_metadata(&mut self, field: &str, key: &str) -> Option<Value> {
        self.metadata()?.get(field)?.get(key)?;
        let metadata = self.get_mut("metadata")?.as_map_mut()?;
        let map = metadata.get_mut(field)?.as_map_mut()?;
        let removed = map.remove(key);
        if map.is_empty() {
            metadata.remove(field);
        }
        removed
    }
}

/// Text of a scalar that is not null.
fn text(value: Option<&Value>) -> Option<&str> {
    value.filter(|value| !value.is_null()).and_then(Value::as_scalar).map(Scalar::text)
}

fn child_map<'a>(map: &'a mut Map, key: &str) -> Option<&'a mut Map> {
    let child = map.get_or_insert_with(key, Value::map);
    if !child.is_map() {
        *child = Value::map();
    }
    child.as_map_mut()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::{ScalarKind, Style};

    #[test]
    fn reading_a_foreign_shape_answers_nothing() {
        let number = Value::from(Scalar::new(ScalarKind::Int, "007", Style::Plain));
        for (metadata, name) in [
            (Value::null(), None),
            (Value::from("text"), None),
            (Value::from(Map::from_iter([("name", Value::null())])), None),
            (Value::from(Map::from_iter([("name", Value::seq())])), None),
            (Value::from(Map::from_iter([("name", number)])), Some("007")),
        ] {
            assert_eq!(Value::from(Map::from_iter([("metadata", metadata)])).name(), name);
        }
        assert_eq!(Value::from("text").name(), None);
    }

    #[test]
    fn setting_makes_what_is_missing_and_leaves_copies_alone() {
        let mut object = Value::map();
        assert!(
            object.set_name("web") && object.set_label("app", "web") && object.set_annotation("a/b", "1")
        );
        let copy = object.clone();
        assert_eq!(object.remove_annotation("a/b"), Some(Value::from("1")));
        assert_eq!(
            (object.name(), object.label("app"), object.annotations()),
            (Some("web"), Some("web"), None)
        );
        assert_eq!(copy.annotation("a/b"), Some("1"));
        assert!(!Value::from("text").set_name("x"));
    }
}
