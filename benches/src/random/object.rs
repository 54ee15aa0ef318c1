//! What the generator knows of an object that it has written: enough to name it again and to patch it.

use super::node::Node;

/// A namespace, if any, and a name.
pub(super) type Id = (Option<String>, String);

/// An object as a layer sees it.
#[derive(Clone, Debug)]
pub(super) struct Object {
    pub(super) api_version: String,
    pub(super) kind: String,
    /// Every namespace and name that it had, the current one last.
    pub(super) ids: Vec<Id>,
    /// About what it says; exact where it matters for the patches that follow.
    pub(super) body: Node,
    /// Whether a generator made it.
    pub(super) generated: bool,
}

impl Object {
    pub(super) fn new(body: Node) -> Self {
        let text = |node: Option<&Node>| node.and_then(Node::text).unwrap_or_default().to_owned();
        let metadata = body.get("metadata");
        let namespace =
            metadata.and_then(|node| node.get("namespace")).and_then(Node::text).map(str::to_owned);
        let name = text(metadata.and_then(|node| node.get("name")));
        Self {
            api_version: text(body.get("apiVersion")),
            kind: text(body.get("kind")),
            ids: vec![(namespace, name)],
            body,
            generated: false,
        }
    }

    pub(super) fn id(&self) -> &Id {
        self.ids.last().unwrap_or_else(|| unreachable!("an object has an id from the start"))
    }

    pub(super) fn name(&self) -> &str {
        &self.id().1
    }

    pub(super) fn group(&self) -> &str {
        self.api_version.split_once('/').map_or("", |(group, _)| group)
    }

    pub(super) fn version(&self) -> &str {
        self.api_version.split_once('/').map_or(&self.api_version, |(_, version)| version)
    }

    /// Whether it lies in a namespace, as kustomize sees it.
    pub(super) fn is_namespaced(&self) -> bool {
        !CLUSTER_SCOPED.contains(&(self.api_version.as_str(), self.kind.as_str()))
    }

    /// Whether prefixes and suffixes leave it alone.
    pub(super) fn keeps_name(&self) -> bool {
        matches!(self.kind.as_str(), "Namespace" | "CustomResourceDefinition" | "APIService")
    }

    /// Whether a namespace and a name are, or were, this object's.
    pub(super) fn was(&self, id: &Id) -> bool {
        self.ids
            .iter()
            .any(|known| known.1 == id.1 && (!self.is_namespaced() || effective(known) == effective(id)))
    }

    pub(super) fn same_kind(&self, other: &Self) -> bool {
        self.kind == other.kind && self.api_version == other.api_version
    }

    pub(super) fn rename(&mut self, change: impl FnOnce(&mut Id)) {
        let mut id = self.id().clone();
        change(&mut id);
        if id != *self.id() {
            self.ids.push(id);
        }
    }
}

fn effective(id: &Id) -> &str {
    id.0.as_deref().unwrap_or("default")
}

const CLUSTER_SCOPED: [(&str, &str); 14] = [
    ("v1", "Namespace"),
    ("v1", "Node"),
    ("v1", "PersistentVolume"),
    ("rbac.authorization.k8s.io/v1", "ClusterRole"),
    ("rbac.authorization.k8s.io/v1", "ClusterRoleBinding"),
    ("rbac.authorization.k8s.io/v1beta1", "ClusterRoleBinding"),
    ("storage.k8s.io/v1", "StorageClass"),
    ("apiextensions.k8s.io/v1", "CustomResourceDefinition"),
    ("apiregistration.k8s.io/v1", "APIService"),
    ("admissionregistration.k8s.io/v1", "MutatingWebhookConfiguration"),
    ("admissionregistration.k8s.io/v1", "ValidatingWebhookConfiguration"),
    ("scheduling.k8s.io/v1", "PriorityClass"),
    ("networking.k8s.io/v1", "IngressClass"),
    ("storage.k8s.io/v1", "CSIDriver"),
];
