//! A resource on its way through a build: the object and what the build knows of its past.
//!
//! The original keeps this knowledge in annotations below `internal.config.kubernetes.io/`; here it is a struct, read
//! from such annotations where a manifest carries them (the original trusts them too) and never written.

use super::gvk::GvkRef;
use super::node;
use super::origin::Origin;
use gitops_core::object::{Gvk, ResId, effective_namespace};
use gitops_core::schema::Schema;
use gitops_core::value::{Map, ScalarKind, Value};
use gitops_core::yaml::settle_styles;
use smol_str::SmolStr;
use std::sync::Arc;

/// What a generated resource does to one of the same id.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(crate) enum Behavior {
    /// Neither given nor known; acts as create.
    #[default]
    Unspecified,
    Create,
    Replace,
    Merge,
}

impl Behavior {
    /// Any unknown word means unspecified, silently.
    pub(crate) fn parse(text: &str) -> Self {
        match text {
            "create" => Self::Create,
            "replace" => Self::Replace,
            "merge" => Self::Merge,
            _ => Self::Unspecified,
        }
    }

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Unspecified => "unspecified",
            Self::Create => "create",
            Self::Replace => "replace",
            Self::Merge => "merge",
        }
    }
}

/// A former identity.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Previous {
    pub(crate) namespace: SmolStr,
    pub(crate) name: SmolStr,
    pub(crate) kind: SmolStr,
}

/// An object with its identity now and before.
#[derive(Clone, Debug)]
pub(crate) struct Resource {
    value: Value,
    id: ResId,
    pub(crate) previous: Vec<Previous>,
    pub(crate) prefixes: Vec<SmolStr>,
    pub(crate) suffixes: Vec<SmolStr>,
    pub(crate) needs_hash: bool,
    pub(crate) behavior: Behavior,
    pub(crate) allow_name_change: bool,
    pub(crate) allow_kind_change: bool,
    pub(crate) helm_generated: bool,
    /// `metadata.annotations` as read, where internal ones were taken out of it; the hash of some kinds covers them.
    pub(crate) annotations_as_read: Option<Value>,
    /// Names of the variables that read a field of this resource.
    pub(crate) variables: Vec<SmolStr>,
    pub(crate) origin: Option<Arc<Origin>>,
    pub(crate) transformations: Vec<Arc<Origin>>,
    /// The object as it was when values that stand in several of its places were last the same, where it has such.
    shared: Option<Value>,
    /// Every state that a step of the build replaced, where the render was asked to explain.
    pub(crate) steps: Vec<super::explain::Step>,
}

impl Resource {
    /// Kind and name of its manifest, whatever overlays make of that: `Service/shop`.
    pub(crate) fn kind_and_name(&self) -> String {
        let id = self.original_id();
        format!("{}/{}", id.gvk.kind, id.name)
    }

    /// A resource that holds this object.
    pub(crate) fn new(value: Value, schema: &Schema) -> Self {
        let id = read_id(&value, schema);
        let mut resource = Self {
            value,
            id,
            previous: Vec::new(),
            prefixes: Vec::new(),
            suffixes: Vec::new(),
            needs_hash: false,
            behavior: Behavior::Unspecified,
            allow_name_change: false,
            allow_kind_change: false,
            helm_generated: false,
            annotations_as_read: None,
            variables: Vec::new(),
            origin: None,
            transformations: Vec::new(),
            shared: None,
            steps: Vec::new(),
        };
        resource.take_internal_annotations();
        resource
    }

    /// The object.
    pub(crate) fn value(&self) -> &Value {
        &self.value
    }

    /// The object for changes that leave `apiVersion`, `kind`, name and namespace alone.
    pub(crate) fn value_mut(&mut self) -> &mut Value {
        &mut self.value
    }

    /// Replaces the object and reads its identity anew.
    pub(crate) fn set_value(&mut self, value: Value, schema: &Schema) {
        self.value = value;
        self.refresh_id(schema);
    }

    /// Reads the identity anew after a change through [`Resource::value_mut`].
    pub(crate) fn refresh_id(&mut self, schema: &Schema) {
        self.id = read_id(&self.value, schema);
    }

    /// From here on, marked values with the same key and place are one.
    pub(crate) fn share(&mut self) {
        self.follow_shared();
        self.shared = Some(self.value.clone());
    }

    /// Carries what was written to a value over to the other places where it stands.
    pub(crate) fn follow_shared(&mut self) {
        let Some(before) = &self.shared else { return };
        if !before.ptr_eq(&self.value) {
            super::shared::follow(before, &mut self.value);
            self.shared = Some(self.value.clone());
        }
    }

    /// From here on, every value stands for itself.
    pub(crate) fn unshare(&mut self) {
        if self.shared.take().is_some() {
            super::shared::forget(&mut self.value);
        }
    }

    /// From here on, every annotation stands for itself.
    pub(crate) fn unshare_annotations(&mut self) {
        if self.shared.is_some()
            && let Some(annotations) =
                self.value.get_mut("metadata").and_then(|metadata| metadata.get_mut("annotations"))
        {
            super::shared::forget(annotations);
            self.shared = Some(self.value.clone());
        }
    }

    /// The identity now.
    pub(crate) fn id(&self) -> &ResId {
        &self.id
    }

    pub(crate) fn gvk(&self) -> &Gvk {
        &self.id.gvk
    }

    /// The first identity that the resource ever had.
    pub(crate) fn original_id(&self) -> ResId {
        self.previous_ids().next().unwrap_or_else(|| self.id.clone())
    }

    /// Former identities, oldest first; group, version and scope are those of today, as in the original.
    pub(crate) fn previous_ids(&self) -> impl Iterator<Item = ResId> + '_ {
        self.previous.iter().map(|previous| ResId {
            gvk: Gvk {
                group: self.id.gvk.group.clone(),
                version: self.id.gvk.version.clone(),
                kind: previous.kind.clone(),
            },
            name: previous.name.clone(),
            namespace: previous.namespace.clone(),
            cluster_scoped: self.id.cluster_scoped,
        })
    }

    /// The gvk of [`Resource::original_id`], without building one.
    pub(crate) fn original_gvk(&self) -> Gvk {
        match self.previous.first() {
            None => self.id.gvk.clone(),
            Some(first) => Gvk { kind: first.kind.clone(), ..self.id.gvk.clone() },
        }
    }

    /// The gvks of [`Resource::previous_ids`].
    pub(crate) fn previous_gvks(&self) -> impl Iterator<Item = GvkRef<'_>> {
        let Gvk { group, version, .. } = &self.id.gvk;
        self.previous.iter().map(move |previous| GvkRef { group, version, kind: &previous.kind })
    }

    /// The effective namespace of [`Resource::original_id`].
    pub(crate) fn original_namespace(&self) -> &str {
        match self.previous.first() {
            Some(first) if !self.id.cluster_scoped => effective_namespace(&first.namespace),
            _ => self.id.effective_namespace(),
        }
    }

    /// Whether the resource has or had this identity.
    pub(crate) fn has_or_had(&self, id: &ResId) -> bool {
        self.id == *id || self.previous_ids().any(|previous| previous == *id)
    }

    /// Remembers the present identity as a former one.
    pub(crate) fn store_previous_id(&mut self) {
        self.previous.push(Previous {
            namespace: self.id.effective_namespace().into(),
            name: self.id.name.clone(),
            kind: self.id.gvk.kind.clone(),
        });
    }

    /// Whether nothing is left of the object.
    pub(crate) fn is_empty(&self) -> bool {
        match &self.value {
            Value::Map(map) => map.is_empty(),
            Value::Seq(seq) => seq.is_empty(),
            value @ Value::Scalar(_) => value.is_null(),
        }
    }

    /// Whether prefixes and suffixes end alike; with `allow_empty`, none at all matches anything.
    pub(crate) fn same_affixes(&self, other: &Self, allow_empty: bool) -> bool {
        let fits = |a: &[SmolStr], b: &[SmolStr]| {
            (allow_empty && (a.is_empty() || b.is_empty())) || same_ending(a, b)
        };
        fits(&self.prefixes, &other.prefixes) && fits(&self.suffixes, &other.suffixes)
    }

    /// Sets the origin of an object that was read from a file, unless its annotations state one.
    pub(crate) fn take_origin_or(&mut self, origin: &Arc<Origin>) {
        if !self.has_origin() {
            self.origin = Some(Arc::clone(origin));
        }
    }

    /// Whether an origin is known, by the build or by annotation.
    pub(crate) fn has_origin(&self) -> bool {
        let stated = || {
            let annotations = self.value.get("metadata").and_then(|metadata| metadata.get("annotations"));
            annotations.is_some_and(|annotations| annotations.get(super::origin::ORIGIN_ANNOTATION).is_some())
        };
        self.origin.is_some() || stated()
    }

    /// Makes texts of all annotations that are scalars, as the original does when it notes that a transformer ran.
    pub(crate) fn settle_annotations(&mut self) {
        let is_typed = |value: &Value| {
            value.as_scalar().is_some_and(|scalar| scalar.is_untyped() || scalar.kind() != ScalarKind::Str)
        };
        let annotations = self.value.get("metadata").and_then(|metadata| metadata.get("annotations"));
        if annotations.and_then(Value::as_map).is_some_and(|map| map.values().any(is_typed))
            && let Some(map) = annotations_mut(&mut self.value)
        {
            for (_, value) in map.iter_mut().filter(|(_, value)| is_typed(value)) {
                if let Value::Scalar(scalar) = value {
                    let place = scalar.place();
                    *scalar = node::string(scalar.shared_text().clone());
                    scalar.set_place(place);
                }
            }
            self.unshare_annotations();
        }
    }

    /// Takes over what the build knows of the past of the same object.
    pub(crate) fn inherit_past(&mut self, old: &Self) {
        let value = std::mem::take(&mut self.value);
        let id = self.id.clone();
        *self = Self { value, id, ..old.clone() };
    }

    /// Takes the identity of the resource that this one stands in for.
    pub(crate) fn adopt_id_of(&mut self, other: &Self) {
        self.id.name = other.id.name.clone();
        self.id.namespace = other.id.namespace.clone();
    }

    /// The finished object.
    pub(crate) fn into_object(mut self) -> crate::rendered::Object {
        settle_styles(&mut self.value);
        let hashed =
            self.needs_hash.then(|| self.previous.last().map(|previous| previous.name.clone())).flatten();
        crate::rendered::Object { value: self.value, original_name: hashed, steps: self.steps }
    }

    fn take_internal_annotations(&mut self) {
        let annotations = self.value.get("metadata").and_then(|metadata| metadata.get("annotations"));
        let Some(map) = annotations.and_then(Value::as_map) else { return };
        if !map.keys().any(|key| is_internal(key.as_str())) {
            return;
        }
        let map = map.clone();
        let text = |key: &str| map.get(key).and_then(Value::as_text);
        let list = |key: &str| -> Vec<SmolStr> {
            text(key).map(|csv| csv.split(',').map(SmolStr::from).collect()).unwrap_or_default()
        };
        let enabled = |key: &str| text(key) == Some("enabled");
        let namespaces = list("internal.config.kubernetes.io/previousNamespaces");
        let names = list("internal.config.kubernetes.io/previousNames");
        let kinds = list("internal.config.kubernetes.io/previousKinds");
        self.previous = names
            .into_iter()
            .zip(namespaces)
            .zip(kinds)
            .map(|((name, namespace), kind)| Previous { namespace, name, kind })
            .collect();
        self.prefixes = list("internal.config.kubernetes.io/prefixes");
        self.suffixes = list("internal.config.kubernetes.io/suffixes");
        self.needs_hash = enabled("internal.config.kubernetes.io/needsHashSuffix");
        self.allow_name_change = enabled("internal.config.kubernetes.io/allowNameChange");
        self.allow_kind_change = enabled("internal.config.kubernetes.io/allowKindChange");
        self.helm_generated = text("internal.config.kubernetes.io/helm-generated").is_some();
        if let Some(behavior) = text("internal.config.kubernetes.io/generatorBehavior") {
            self.behavior = Behavior::parse(behavior);
        }
        self.annotations_as_read = Some(Value::Map(map));
        if let Some(annotations) = annotations_mut(&mut self.value) {
            annotations.retain(|key, _| !is_internal(key.as_str()));
        }
    }
}

/// The map at `metadata.annotations` for change.
pub(crate) fn annotations_mut(value: &mut Value) -> Option<&mut Map> {
    value.get_mut("metadata")?.get_mut("annotations")?.as_map_mut()
}

/// Annotations that the original uses for itself, trusts on input and removes at the end.
pub(crate) fn is_internal(key: &str) -> bool {
    const LEGACY: [&str; 3] =
        ["config.kubernetes.io/path", "config.kubernetes.io/index", "config.kubernetes.io/id"];
    const INTERNAL: [&str; 17] = [
        "previousKinds",
        "previousNames",
        "prefixes",
        "suffixes",
        "previousNamespaces",
        "allowNameChange",
        "allowKindChange",
        "refBy",
        "generatorBehavior",
        "needsHashSuffix",
        "path",
        "index",
        "seqindent",
        "id",
        "annotations-migration-resource-id",
        "helm-generated",
        "generatorFileMergeMode",
    ];
    match key.strip_prefix("internal.config.kubernetes.io/") {
        Some(rest) => INTERNAL.contains(&rest),
        None => LEGACY.contains(&key),
    }
}

/// Whether the shorter list is the end of the longer one; an empty list is the end of an empty one only.
pub(crate) fn same_ending(a: &[SmolStr], b: &[SmolStr]) -> bool {
    a.is_empty() == b.is_empty() && a.iter().rev().zip(b.iter().rev()).all(|(a, b)| a == b)
}

/// The objects of a text, inline or from a file, as resources.
pub(crate) fn resources_of(objects: &[Value], schema: &Schema) -> Vec<Resource> {
    objects.iter().map(|object| Resource::new(object.clone(), schema)).collect()
}

fn read_id(value: &Value, schema: &Schema) -> ResId {
    let text = |value: Option<&Value>| -> SmolStr {
        value.and_then(Value::as_scalar).map(|scalar| scalar.shared_text().clone()).unwrap_or_default()
    };
    let api_version = value.get("apiVersion").and_then(Value::as_text).unwrap_or_default();
    let kind = value.get("kind").and_then(Value::as_text).unwrap_or_default();
    let metadata = value.get("metadata");
    ResId {
        gvk: Gvk::from_api_version(api_version, kind),
        name: text(metadata.and_then(|metadata| metadata.get("name"))),
        namespace: text(metadata.and_then(|metadata| metadata.get("namespace"))),
        cluster_scoped: schema.namespaced(api_version, kind) == Some(false),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn endings_compare_from_the_back() {
        let list = |text: &str| -> Vec<SmolStr> { text.split_whitespace().map(SmolStr::from).collect() };
        for (a, b, same) in [("a b", "b", true), ("a b", "a", false), ("", "x", false), ("x y", "z y", false)]
        {
            assert_eq!(same_ending(&list(a), &list(b)), same, "{a:?} {b:?}");
        }
    }
}
