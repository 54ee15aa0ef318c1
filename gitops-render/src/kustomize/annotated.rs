//! The annotations in which the original keeps the past of a resource, as far as patches can see them.
//!
//! Former identities, affixes, the wish for a hash and the origin are annotations there. A JSON patch finds them in
//! the object: `add` below `/metadata/annotations` works where a manifest has none, and a patch that replaces all
//! annotations takes the origin away. Those below `internal.config.kubernetes.io/` are put back afterwards. A
//! strategic merge patch that removes or replaces all annotations takes everything away for good: name references
//! no longer find the resource, and a generated one goes without a hash.

use super::origin::{ORIGIN_ANNOTATION, TRANSFORMATIONS_ANNOTATION, transformations_text};
use super::resource::{Behavior, Resource, is_internal};
use gitops_core::schema::Schema;
use gitops_core::value::{Map, Value};
use smol_str::SmolStr;

const ENABLED: &str = "enabled";

impl Resource {
    /// The object with all annotations that the original would have put there.
    pub(crate) fn annotated(&self) -> Value {
        let mut value = self.value().clone();
        let past = self.past();
        if past.is_empty() {
            return value;
        }
        let Some(metadata) = value.get_mut("metadata").and_then(Value::as_map_mut) else { return value };
        if metadata.get("annotations").is_none_or(Value::is_null) {
            metadata.insert("annotations", Value::map());
        }
        if let Some(annotations) = metadata.get_mut("annotations").and_then(Value::as_map_mut) {
            for (key, text) in past {
                annotations.insert(key, Value::from(text));
            }
        }
        value
    }

    /// Takes over what a JSON patch made of [`Resource::annotated`].
    pub(crate) fn take_annotated(&mut self, mut value: Value, schema: &Schema) {
        let mut origin = None;
        let mut transformations = None;
        if let Some(metadata) = value.get_mut("metadata").and_then(Value::as_map_mut) {
            let empty = match metadata.get_mut("annotations") {
                Some(Value::Map(annotations)) => {
                    origin = text(annotations, ORIGIN_ANNOTATION);
                    transformations = text(annotations, TRANSFORMATIONS_ANNOTATION);
                    let known = [
                        (ORIGIN_ANNOTATION, self.origin.is_some() && origin == self.origin_text()),
                        (TRANSFORMATIONS_ANNOTATION, transformations == self.transformations_text()),
                    ];
                    let is_ours = |key: &str| is_internal(key) || known.contains(&(key, true));
                    if annotations.keys().any(|key| is_ours(key.as_str())) {
                        annotations.retain(|key, _| !is_ours(key.as_str()));
                    }
                    annotations.is_empty()
                }
                Some(other) => other.is_null(),
                None => false,
            };
            if empty {
                metadata.remove("annotations");
            }
        }
        if origin != self.origin_text() {
            self.origin = None;
        }
        if transformations != self.transformations_text() {
            self.transformations.clear();
        }
        self.set_value(value, schema);
    }

    /// Loses the past, as with all annotations.
    pub(crate) fn forget_past(&mut self) {
        self.previous.clear();
        self.prefixes.clear();
        self.suffixes.clear();
        self.needs_hash = false;
        self.behavior = Behavior::Unspecified;
        self.origin = None;
        self.transformations.clear();
    }

    fn origin_text(&self) -> Option<String> {
        self.origin.as_ref().map(|origin| origin.text())
    }

    fn transformations_text(&self) -> Option<String> {
        let list = &self.transformations;
        (!list.is_empty()).then(|| transformations_text(list.iter().map(AsRef::as_ref)))
    }

    fn past(&self) -> Vec<(&'static str, String)> {
        let mut past = Vec::new();
        if !self.previous.is_empty() {
            let list = |part: fn(&super::resource::Previous) -> &SmolStr| {
                self.previous.iter().map(|previous| part(previous).as_str()).collect::<Vec<_>>().join(",")
            };
            past.push(("internal.config.kubernetes.io/previousKinds", list(|previous| &previous.kind)));
            past.push(("internal.config.kubernetes.io/previousNames", list(|previous| &previous.name)));
            past.push((
                "internal.config.kubernetes.io/previousNamespaces",
                list(|previous| &previous.namespace),
            ));
        }
        let affixes = [
            ("internal.config.kubernetes.io/prefixes", &self.prefixes),
            ("internal.config.kubernetes.io/suffixes", &self.suffixes),
        ];
        past.extend(
            affixes.into_iter().filter(|(_, list)| !list.is_empty()).map(|(key, list)| (key, list.join(","))),
        );
        let flags = [
            ("internal.config.kubernetes.io/needsHashSuffix", self.needs_hash),
            ("internal.config.kubernetes.io/allowNameChange", self.allow_name_change),
            ("internal.config.kubernetes.io/allowKindChange", self.allow_kind_change),
        ];
        past.extend(flags.into_iter().filter(|(_, on)| *on).map(|(key, _)| (key, ENABLED.to_owned())));
        if self.behavior != Behavior::Unspecified {
            past.push(("internal.config.kubernetes.io/generatorBehavior", self.behavior.name().to_owned()));
        }
        past.extend(self.origin_text().map(|text| (ORIGIN_ANNOTATION, text)));
        past.extend(self.transformations_text().map(|text| (TRANSFORMATIONS_ANNOTATION, text)));
        past
    }
}

/// Whether a strategic merge patch removes or replaces all annotations.
pub(crate) fn drops_annotations(patch: &Value) -> bool {
    let drops = |node: Option<&Value>| {
        let directive =
            |node: &Value| matches!(node.get("$patch").and_then(Value::as_text), Some("replace" | "delete"));
        node.is_some_and(|node| node.is_null() || directive(node))
    };
    // To replace the object itself does nothing.
    if patch.get("$patch").and_then(Value::as_text) == Some("replace") {
        return false;
    }
    let metadata = patch.get("metadata");
    drops(metadata) || drops(metadata.and_then(|metadata| metadata.get("annotations")))
}

fn text(annotations: &Map, key: &str) -> Option<String> {
    annotations.get(key).and_then(Value::as_text).map(str::to_owned)
}
