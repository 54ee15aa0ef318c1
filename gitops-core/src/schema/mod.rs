//! What types say about merging and scope: which lists merge by which keys, which objects live in a namespace.
//!
//! ```
//! use gitops_core::schema::Schema;
//! let schema = Schema::kustomize_5_8_1();
//! let pod = schema.object("v1", "Pod").unwrap().field("spec").unwrap();
//! let containers = pod.field("containers").unwrap();
//! assert_eq!(containers.list_merge().unwrap().keys.join(","), "name");
//! let ports = containers.items().unwrap().field("ports").unwrap();
//! assert_eq!(ports.list_merge().unwrap().keys.join(","), "containerPort,protocol");
//! assert_eq!(schema.namespaced("v1", "Namespace"), Some(false));
//! assert_eq!(schema.namespaced("example.com/v1", "Widget"), None);
//! ```
//!
//! * Types are looked up by exact apiVersion and kind: `apps/v1` Deployment has a type, `apps/v2` has none.
//! * The built-in table is constant data: nothing is parsed or allocated. It holds what merging can observe: fields
//!   on the way to a merge list, and fields of free form (`RawExtension`), below which an embedded object may start
//!   a type of its own. All other fields answer `None`, as an unknown field does.
//! * A custom schema ([`Schema::from_openapi`]) replaces the built-in types, not the built-in scopes.
//!
//! Look-ups are binary searches over at most some hundred names.

mod kustomize_5_8_1;
mod openapi;
mod scope;
mod tables;

pub use openapi::{InlineSchema, SchemaError};

use std::borrow::Cow;
use std::sync::Arc;
use tables::{NO_NODE, Node, Tables};

/// A set of object types and scopes; cheap to clone.
#[derive(Clone, Debug)]
pub struct Schema(Repr);

#[derive(Clone, Debug)]
enum Repr {
    Static(&'static Tables),
    Shared(Arc<Tables>),
}

impl Schema {
    /// The types of Kubernetes 1.21.2 that kustomize v5.8.1 merges by, with its scopes.
    #[must_use]
    pub const fn kustomize_5_8_1() -> Self {
        Self(Repr::Static(&kustomize_5_8_1::TABLES))
    }

    fn tables(&self) -> &Tables {
        match &self.0 {
            Repr::Static(tables) => tables,
            Repr::Shared(tables) => tables,
        }
    }

    /// The type of objects with exactly this apiVersion (`apps/v1`, `v1`) and kind.
    #[must_use]
    pub fn object(&self, api_version: &str, kind: &str) -> Option<TypeRef<'_>> {
        self.tables().object(api_version, kind)
    }

    /// The type that an OpenAPI document defines under this name (`io.k8s.api.core.v1.Container`).
    #[must_use]
    pub fn definition(&self, name: &str) -> Option<TypeRef<'_>> {
        let tables = self.tables();
        TypeRef::new(tables, tables.definition(name)?)
    }

    /// Whether such objects live in a namespace; nothing where the type is not known.
    ///
    /// kustomize treats unknown types as namespaced. Its own table wins over the paths of a custom schema.
    #[must_use]
    pub fn namespaced(&self, api_version: &str, kind: &str) -> Option<bool> {
        scope::namespaced(api_version, kind).or_else(|| self.tables().namespaced(api_version, kind))
    }
}

impl Schema {
    /// Whether kustomize's own table tells the scope of a type, so that it need not look into any schema.
    #[must_use]
    pub fn knows_scope(api_version: &str, kind: &str) -> bool {
        scope::namespaced(api_version, kind).is_some()
    }
}

impl Default for Schema {
    fn default() -> Self {
        Self::kustomize_5_8_1()
    }
}

/// The type of a node: what is known of its fields, its items, and of how a list merges.
#[derive(Clone, Copy)]
pub struct TypeRef<'a> {
    tables: &'a Tables,
    node: &'a Node,
}

impl<'a> TypeRef<'a> {
    fn new(tables: &'a Tables, index: u32) -> Option<Self> {
        if index == NO_NODE {
            return None;
        }
        Some(Self { tables, node: tables.nodes.get(index as usize)? })
    }

    /// The type of a field, or of any value where the node is a map with values of one type.
    #[must_use]
    pub fn field(self, name: &str) -> Option<Self> {
        let index = match self.node.fields.binary_search_by(|field| (*field.name).cmp(name)) {
            Ok(found) => self.node.fields[found].node,
            Err(_) => self.node.values,
        };
        Self::new(self.tables, index)
    }

    /// The type of a list's items.
    #[must_use]
    pub fn items(self) -> Option<Self> {
        Self::new(self.tables, self.node.items)
    }

    /// How a list merges, where the schema says so.
    #[must_use]
    pub fn list_merge(self) -> Option<&'a ListMerge> {
        self.node.merge.as_ref()
    }

    /// The type of an object embedded at this place, by the schema that this type belongs to.
    #[must_use]
    pub fn object(self, api_version: &str, kind: &str) -> Option<Self> {
        self.tables.object(api_version, kind)
    }
}

impl std::fmt::Debug for TypeRef<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("TypeRef").field("node", self.node).finish_non_exhaustive()
    }
}

/// `x-kubernetes-patch-strategy` of a list with its merge keys.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ListMerge {
    /// The strategies as written: `merge`, `retainKeys`, `replace`.
    pub strategies: Cow<'static, [Cow<'static, str>]>,
    /// `x-kubernetes-list-map-keys`, else the one `x-kubernetes-patch-merge-key`; empty for lists of scalars.
    pub keys: Cow<'static, [Cow<'static, str>]>,
}

impl ListMerge {
    /// Whether items merge one by one instead of the list being replaced.
    #[must_use]
    pub fn merges(&self) -> bool {
        self.strategies.iter().any(|strategy| strategy == "merge")
    }
}

#[cfg(test)]
mod tests;
