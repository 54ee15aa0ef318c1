//! Choosing objects: by namespace, by labels, by kind.
//!
//! ```
//! use gitops::{Choice, MemoryTree, Session};
//! let text = "kind: Service\napiVersion: v1\nmetadata: {name: web}\n---\nkind: Namespace\napiVersion: v1\nmetadata: {name: shop}\n";
//! let rendered = Session::new(MemoryTree::new()).render_text("<stdin>", text.as_bytes()).unwrap();
//! let choice = Choice { namespace: Some("shop".into()), ..Choice::default() };
//! let keys: Vec<_> = choice.of(rendered.objects).iter().map(|object| object.key().to_string()).collect();
//! assert_eq!(keys, ["shop/Service/web"]);
//! ```
//!
//! * All that is given must hold; of several kinds one.
//! * A namespace chooses the objects in it and those that state none, which get it. Objects that live in no namespace
//!   are left out: built-in kinds are known, others by a CustomResourceDefinition among the objects, and what is not
//!   known is taken to live in one.
//! * A kind counts in any case of letters; a group must be equal, and `Kind.` is the core group.

use gitops_core::Schema;
use gitops_core::object::{Gvk, ObjectKey};
use gitops_core::selector::Selector;
use gitops_core::value::Value;
use gitops_render::Object;
use std::collections::HashSet;
use std::convert::Infallible;
use std::str::FromStr;

/// Which objects are wanted; the default is all.
#[derive(Clone, Debug, Default)]
pub struct Choice {
    /// Only objects of this namespace; those without one get it.
    pub namespace: Option<String>,
    /// Only objects whose labels match.
    pub selector: Selector,
    /// Only objects of one of these kinds; none means all.
    pub kinds: Vec<KindPattern>,
}

/// A kind with or without its group.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct KindPattern {
    /// The kind, in any case of letters.
    pub kind: String,
    /// The group; nothing means any, empty the core group.
    pub group: Option<String>,
}

impl FromStr for KindPattern {
    type Err = Infallible;

    /// Reads `KIND[.GROUP]`, as in `Deployment.apps`.
    fn from_str(text: &str) -> Result<Self, Infallible> {
        let (kind, group) = match text.split_once('.') {
            Some((kind, group)) => (kind, Some(group.to_owned())),
            None => (text, None),
        };
        Ok(Self { kind: kind.to_owned(), group })
    }
}

impl KindPattern {
    /// Whether an object is of this kind.
    #[must_use]
    pub fn matches(&self, key: &ObjectKey) -> bool {
        self.kind.eq_ignore_ascii_case(&key.kind)
            && self.group.as_ref().is_none_or(|group| *group == key.group)
    }
}

impl Choice {
    /// Whether everything is chosen as it is.
    #[must_use]
    pub fn is_everything(&self) -> bool {
        self.namespace.is_none() && self.selector.is_empty() && self.kinds.is_empty()
    }

    /// The chosen ones of some objects, in their order. Costs one look at each.
    #[must_use]
    pub fn of(&self, objects: Vec<Object>) -> Vec<Object> {
        if self.is_everything() {
            return objects;
        }
        let scopes = Scopes::of(&objects);
        objects.into_iter().filter_map(|object| self.take(object, &scopes)).collect()
    }

    fn take(&self, mut object: Object, scopes: &Scopes) -> Option<Object> {
        let is_of_kind = || {
            let key = object.key();
            self.kinds.iter().any(|kind| kind.matches(&key))
        };
        if !self.selector.matches(object.value.labels()) || !(self.kinds.is_empty() || is_of_kind()) {
            return None;
        }
        let Some(wanted) = &self.namespace else { return Some(object) };
        if scopes.is_cluster_wide(&object.value) {
            return None;
        }
        match object.value.namespace().unwrap_or_default() {
            "" => {
                object.value.set_namespace(wanted);
                Some(object)
            }
            namespace => (namespace == wanted).then_some(object),
        }
    }
}

/// Which kinds live in no namespace.
struct Scopes {
    schema: Schema,
    /// By group and kind.
    custom: HashSet<(String, String)>,
}

/// Built-in kinds that came after the schema that kustomize has.
const LATER_CLUSTER_WIDE: [(&str, &str); 12] = [
    ("admissionregistration.k8s.io", "MutatingAdmissionPolicy"),
    ("admissionregistration.k8s.io", "MutatingAdmissionPolicyBinding"),
    ("admissionregistration.k8s.io", "ValidatingAdmissionPolicy"),
    ("admissionregistration.k8s.io", "ValidatingAdmissionPolicyBinding"),
    ("certificates.k8s.io", "ClusterTrustBundle"),
    ("flowcontrol.apiserver.k8s.io", "FlowSchema"),
    ("flowcontrol.apiserver.k8s.io", "PriorityLevelConfiguration"),
    ("networking.k8s.io", "IPAddress"),
    ("networking.k8s.io", "ServiceCIDR"),
    ("resource.k8s.io", "DeviceClass"),
    ("resource.k8s.io", "ResourceSlice"),
    ("storage.k8s.io", "VolumeAttributesClass"),
];

impl Scopes {
    fn of(objects: &[Object]) -> Self {
        let definitions = objects.iter().map(|object| &object.value);
        let definitions = definitions.filter(|object| object.kind() == Some("CustomResourceDefinition"));
        let custom = definitions.filter_map(|definition| {
            let spec = definition.get("spec")?;
            let text = |value: &Value, key: &str| value.get(key)?.as_text().map(str::to_owned);
            let is_cluster_wide = text(spec, "scope")? == "Cluster";
            is_cluster_wide.then_some((text(spec, "group")?, text(spec.get("names")?, "kind")?))
        });
        Self { schema: Schema::kustomize_5_8_1(), custom: custom.collect() }
    }

    fn is_cluster_wide(&self, object: &Value) -> bool {
        let gvk = Gvk::of(object);
        let known = self.schema.namespaced(object.api_version().unwrap_or_default(), &gvk.kind);
        known == Some(false)
            || LATER_CLUSTER_WIDE.contains(&(&*gvk.group, &*gvk.kind))
            || self.custom.contains(&(gvk.group.to_string(), gvk.kind.to_string()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use gitops_render::{MemoryTree, Session};

    const OBJECTS: &str = "
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop, labels: {app: web}}
---
apiVersion: v1
kind: Service
metadata: {name: web, labels: {app: web}}
---
apiVersion: v1
kind: Service
metadata: {name: db, namespace: data}
---
apiVersion: v1
kind: Namespace
metadata: {name: shop}
---
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: zones.x.io}
spec: {group: x.io, scope: Cluster, names: {kind: Zone}}
---
apiVersion: x.io/v1
kind: Zone
metadata: {name: z}
---
apiVersion: x.io/v1
kind: Other
metadata: {name: o}
";

    #[test]
    fn chooses() {
        let session = Session::new(MemoryTree::new());
        let objects = session.render_text("objects", OBJECTS.as_bytes()).unwrap().objects;
        for (namespace, selector, kinds, expected) in [
            (Some("shop"), "", "", "shop/Deployment.apps/web shop/Service/web shop/Other.x.io/o"),
            (None, "app=web", "", "shop/Deployment.apps/web Service/web"),
            (None, "app!=web", "service", "data/Service/db"),
            (None, "", "Service. deployment.apps", "shop/Deployment.apps/web Service/web data/Service/db"),
            (None, "", "deployment.extensions", ""),
            (Some("data"), "app", "Service", "data/Service/web"),
        ] {
            let choice = Choice {
                namespace: namespace.map(str::to_owned),
                selector: selector.parse().unwrap(),
                kinds: kinds.split_whitespace().map(|kind| kind.parse().unwrap()).collect(),
            };
            let keys: Vec<_> =
                choice.of(objects.clone()).iter().map(|object| object.key().to_string()).collect();
            assert_eq!(keys.join(" "), expected, "{choice:?}");
        }
    }
}
