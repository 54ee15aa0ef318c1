//! The tables behind a schema: nodes that point at each other by index, so that types may be recursive.

use super::{ListMerge, TypeRef};
use std::borrow::Cow;

/// No type is known.
pub(super) const NO_NODE: u32 = u32::MAX;

/// Types, objects and scopes. Every slice that has names is sorted by them.
#[derive(Clone, Debug)]
pub(super) struct Tables {
    pub(super) nodes: Cow<'static, [Node]>,
    pub(super) objects: Cow<'static, [Object]>,
    pub(super) definitions: Cow<'static, [Field]>,
}

/// One type.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Node {
    pub(super) fields: Cow<'static, [Field]>,
    /// Type of every field that is not listed, for maps.
    pub(super) values: u32,
    pub(super) items: u32,
    pub(super) merge: Option<ListMerge>,
}

/// A name, constant or read from a document.
pub(super) type Text = Cow<'static, str>;

/// A name with its type.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Field {
    pub(super) name: Text,
    pub(super) node: u32,
}

/// A type of objects.
#[derive(Clone, Debug)]
pub(super) struct Object {
    pub(super) kind: Text,
    pub(super) api_version: Text,
    pub(super) node: u32,
    pub(super) namespaced: Option<bool>,
}

impl Tables {
    fn entry(&self, api_version: &str, kind: &str) -> Option<&Object> {
        let found = self
            .objects
            .binary_search_by(|object| (&*object.kind, &*object.api_version).cmp(&(kind, api_version)));
        self.objects.get(found.ok()?)
    }

    pub(super) fn object(&self, api_version: &str, kind: &str) -> Option<TypeRef<'_>> {
        TypeRef::new(self, self.entry(api_version, kind)?.node)
    }

    pub(super) fn namespaced(&self, api_version: &str, kind: &str) -> Option<bool> {
        self.entry(api_version, kind)?.namespaced
    }

    pub(super) fn definition(&self, name: &str) -> Option<u32> {
        let found = self.definitions.binary_search_by(|definition| (*definition.name).cmp(name)).ok()?;
        Some(self.definitions.get(found)?.node)
    }
}

// Constructors for the generated table.

pub(super) const fn field(name: &'static str, node: u32) -> Field {
    Field { name: Cow::Borrowed(name), node }
}

pub(super) const fn object(kind: &'static str, api_version: &'static str, node: u32) -> Object {
    Object { kind: Cow::Borrowed(kind), api_version: Cow::Borrowed(api_version), node, namespaced: None }
}

pub(super) const fn map(fields: &'static [Field]) -> Node {
    Node { fields: Cow::Borrowed(fields), values: NO_NODE, items: NO_NODE, merge: None }
}

pub(super) const fn values(node: u32) -> Node {
    Node { fields: Cow::Borrowed(&[]), values: node, items: NO_NODE, merge: None }
}

pub(super) const fn merge_list(items: u32, strategies: &'static [Text], keys: &'static [Text]) -> Node {
    let merge = Some(ListMerge { strategies: Cow::Borrowed(strategies), keys: Cow::Borrowed(keys) });
    Node { fields: Cow::Borrowed(&[]), values: NO_NODE, items, merge }
}

pub(super) const fn text(text: &'static str) -> Text {
    Cow::Borrowed(text)
}
