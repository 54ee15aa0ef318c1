//! Schemas from documents: OpenAPI definitions, CustomResourceDefinitions, and inline schemas.

use super::tables::{Field, NO_NODE, Node, Object, Tables};
use super::{ListMerge, Repr, Schema, TypeRef};
use crate::value::{Map, Value};
use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

const STRATEGY: &str = "x-kubernetes-patch-strategy";
const MERGE_KEY: &str = "x-kubernetes-patch-merge-key";
const MAP_KEYS: &str = "x-kubernetes-list-map-keys";
const LIST_TYPE: &str = "x-kubernetes-list-type";
const OBJECT_IDS: &str = "x-kubernetes-group-version-kind";
const REF_PREFIX: &str = "#/definitions/";
/// References that lead to references; a longer chain is taken for a cycle.
const MAX_REFS: usize = 64;

/// Why a document is not a schema.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SchemaError {
    /// The document is not a map.
    #[error("an OpenAPI document must be a map")]
    NotAMap,
    /// `definitions` or one of its entries is not a map.
    #[error("`{field}` of an OpenAPI document must be a map")]
    NotADefinition {
        /// The field in question.
        field: String,
    },
    /// An entry of `x-kubernetes-group-version-kind` lacks a version or a kind.
    #[error("definition `{definition}` has a group-version-kind without version or kind")]
    IncompleteId {
        /// Name of the definition.
        definition: String,
    },
}

impl Schema {
    /// The schema of an OpenAPI v2 document, as a kustomization's `openapi.path` names it.
    ///
    /// Replaces the built-in types. Lists merge only where `x-kubernetes-patch-strategy` holds `merge`;
    /// `x-kubernetes-list-type` alone changes nothing, as in kustomize. Costs the size of the document.
    pub fn from_openapi(document: &Value) -> Result<Self, SchemaError> {
        Self::openapi_over(None, document)
    }

    /// This schema with the types of an OpenAPI v2 document added; of equal types the document's count.
    ///
    /// kustomize does this, instead of replacing its types, where it had to look up the scope of a type that is not
    /// in its own table before it met the document; see [`Schema::knows_scope`].
    pub fn extended_by_openapi(&self, document: &Value) -> Result<Self, SchemaError> {
        Self::openapi_over(Some(self.tables()), document)
    }

    fn openapi_over(base: Option<&Tables>, document: &Value) -> Result<Self, SchemaError> {
        let document = document.as_map().ok_or(SchemaError::NotAMap)?;
        let mut builder = Builder::new(base, Rules::Kustomize);
        if let Some(definitions) = document.get("definitions").filter(|value| !value.is_null()) {
            let not_a_map = || SchemaError::NotADefinition { field: "definitions".to_owned() };
            builder.definitions(definitions.as_map().ok_or_else(not_a_map)?)?;
        }
        if let Some(paths) = document.get("paths").and_then(Value::as_map) {
            builder.scopes_of_paths(paths);
        }
        Ok(builder.finish())
    }

    /// This schema with the types and scopes of CustomResourceDefinitions (`apiextensions.k8s.io/v1`) added.
    ///
    /// Here lists of type `map` and `set` merge, which kustomize itself does not do. Other documents are passed over.
    #[must_use]
    pub fn with_crds<'v>(&self, crds: impl IntoIterator<Item = &'v Value>) -> Self {
        let mut builder = Builder::new(Some(self.tables()), Rules::Structural);
        for crd in crds {
            builder.crd(crd);
        }
        builder.finish()
    }

    /// The type of a schema that stands in a comment of a field, as in `# {"items": …, "type": "array"}`.
    ///
    /// References lead to definitions of this schema. Nothing for what is not a map.
    #[must_use]
    pub fn inline(&self, schema: &Value) -> Option<InlineSchema> {
        schema.as_map()?;
        let mut builder = Builder::new(Some(self.tables()), Rules::Kustomize);
        let root = builder.reference(schema);
        builder.complete();
        Some(InlineSchema { tables: Arc::new(builder.tables), root })
    }
}

/// A schema given in place, for one field.
#[derive(Clone, Debug)]
pub struct InlineSchema {
    tables: Arc<Tables>,
    root: u32,
}

impl InlineSchema {
    /// The type of the field.
    #[must_use]
    pub fn root(&self) -> Option<TypeRef<'_>> {
        TypeRef::new(&self.tables, self.root)
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Rules {
    /// Only patch strategies make lists merge.
    Kustomize,
    /// List types make lists merge.
    Structural,
}

/// Builds tables from schemas; nested schemas wait in a queue, so depth costs no stack.
struct Builder<'v> {
    tables: Tables,
    rules: Rules,
    /// Raw schemas of the document's definitions.
    raw: HashMap<&'v str, &'v Value>,
    named: HashMap<&'v str, u32>,
    queue: Vec<(u32, &'v Map)>,
    objects: BTreeMap<(String, String), (u32, Option<bool>)>,
}

impl<'v> Builder<'v> {
    fn new(base: Option<&Tables>, rules: Rules) -> Self {
        let empty = Tables {
            nodes: Cow::Borrowed(&[]),
            objects: Cow::Borrowed(&[]),
            definitions: Cow::Borrowed(&[]),
        };
        Self {
            tables: base.cloned().unwrap_or(empty),
            rules,
            raw: HashMap::new(),
            named: HashMap::new(),
            queue: Vec::new(),
            objects: BTreeMap::new(),
        }
    }

    fn definitions(&mut self, definitions: &'v Map) -> Result<(), SchemaError> {
        for (name, schema) in definitions.iter() {
            if schema.as_map().is_none() {
                return Err(SchemaError::NotADefinition { field: format!("definitions.{name}") });
            }
            self.raw.insert(name.as_str(), schema);
        }
        let mut named: Vec<Field> = Vec::with_capacity(definitions.len());
        for (name, schema) in definitions.iter() {
            let node = self.named_node(name.as_str());
            named.push(Field { name: Cow::Owned(name.to_string()), node });
            for id in schema.get(OBJECT_IDS).and_then(Value::as_seq).into_iter().flatten() {
                let incomplete = || SchemaError::IncompleteId { definition: name.to_string() };
                let text = |field: &str| id.get(field).and_then(Value::as_text);
                let version = text("version").ok_or_else(incomplete)?;
                let kind = text("kind").ok_or_else(incomplete)?;
                self.objects.insert((kind.to_owned(), api_version(text("group"), version)), (node, None));
            }
        }
        self.complete();
        named.sort_by(|a, b| a.name.cmp(&b.name));
        self.tables.definitions = Cow::Owned(named);
        Ok(())
    }

    /// A path with a namespace in it makes its type namespaced, whatever other paths say.
    fn scopes_of_paths(&mut self, paths: &Map) {
        for (path, item) in paths.iter() {
            let Some(id) = item.get("get").and_then(|get| get.get(OBJECT_IDS)) else { continue };
            let text = |field: &str| id.get(field).and_then(Value::as_text);
            let (Some(version), Some(kind)) = (text("version"), text("kind")) else { continue };
            let key = (kind.to_owned(), api_version(text("group"), version));
            let namespaced = &mut self.objects.entry(key).or_insert((NO_NODE, None)).1;
            if path.as_str().contains("namespaces/{namespace}") {
                *namespaced = Some(true);
            } else {
                namespaced.get_or_insert(false);
            }
        }
    }

    fn crd(&mut self, crd: &'v Value) -> Option<()> {
        if crd.get("kind")?.as_str()? != "CustomResourceDefinition" {
            return None;
        }
        let spec = crd.get("spec")?;
        let group = spec.get("group")?.as_text()?;
        let kind = spec.get("names")?.get("kind")?.as_text()?;
        let namespaced = spec.get("scope").and_then(Value::as_text).map(|scope| scope == "Namespaced");
        for version in spec.get("versions")?.as_seq()? {
            let Some(name) = version.get("name").and_then(Value::as_text) else { continue };
            let schema = version.get("schema").and_then(|schema| schema.get("openAPIV3Schema"));
            let node = schema.map_or(NO_NODE, |schema| self.reference(schema));
            self.objects.insert((kind.to_owned(), api_version(Some(group), name)), (node, namespaced));
        }
        self.complete();
        Some(())
    }

    /// The node of a schema, following references; [`NO_NODE`] where they lead nowhere.
    fn reference(&mut self, mut schema: &'v Value) -> u32 {
        for _ in 0..MAX_REFS {
            let Some(map) = schema.as_map() else { return NO_NODE };
            let Some(target) = map.get("$ref").and_then(Value::as_text).filter(|target| !target.is_empty())
            else {
                return self.new_node(map);
            };
            let Some(name) = target.strip_prefix(REF_PREFIX) else { return NO_NODE };
            match self.raw.get(name) {
                Some(next) if next.get("$ref").is_some() => schema = next,
                Some(_) => return self.named_node(name),
                None => return self.tables.definition(name).unwrap_or(NO_NODE),
            }
        }
        NO_NODE
    }

    fn named_node(&mut self, name: &str) -> u32 {
        if let Some(node) = self.named.get(name) {
            return *node;
        }
        let Some((name, map)) =
            self.raw.get_key_value(name).and_then(|(name, schema)| Some((*name, schema.as_map()?)))
        else {
            return NO_NODE;
        };
        let node = self.new_node(map);
        self.named.insert(name, node);
        node
    }

    fn new_node(&mut self, schema: &'v Map) -> u32 {
        let nodes = self.tables.nodes.to_mut();
        let index = u32::try_from(nodes.len()).unwrap_or(NO_NODE);
        nodes.push(Node { fields: Cow::Borrowed(&[]), values: NO_NODE, items: NO_NODE, merge: None });
        self.queue.push((index, schema));
        index
    }

    /// Fills the nodes that wait.
    fn complete(&mut self) {
        while let Some((index, schema)) = self.queue.pop() {
            let mut fields: Vec<Field> = Vec::new();
            for (name, field) in
                schema.get("properties").and_then(Value::as_map).into_iter().flat_map(Map::iter)
            {
                fields.push(Field { name: Cow::Owned(name.to_string()), node: self.reference(field) });
            }
            fields.sort_by(|a, b| a.name.cmp(&b.name));
            fields.dedup_by(|a, b| a.name == b.name);
            let values = schema.get("additionalProperties").map_or(NO_NODE, |values| self.reference(values));
            let items = match schema.get("items") {
                Some(items) if is_array(schema) => self.reference(items),
                _ => NO_NODE,
            };
            let merge = merge_of(schema, self.rules);
            if let Some(node) = self.tables.nodes.to_mut().get_mut(index as usize) {
                *node = Node { fields: Cow::Owned(fields), values, items, merge };
            }
        }
    }

    fn finish(mut self) -> Schema {
        for object in self.tables.objects.iter() {
            let key = (object.kind.to_string(), object.api_version.to_string());
            self.objects.entry(key).or_insert((object.node, object.namespaced));
        }
        let objects = self.objects.into_iter().map(|((kind, api_version), (node, namespaced))| Object {
            kind: Cow::Owned(kind),
            api_version: Cow::Owned(api_version),
            node,
            namespaced,
        });
        self.tables.objects = Cow::Owned(objects.collect());
        Schema(Repr::Shared(Arc::new(self.tables)))
    }
}

fn api_version(group: Option<&str>, version: &str) -> String {
    match group {
        Some(group) if !group.is_empty() => format!("{group}/{version}"),
        _ => version.to_owned(),
    }
}

/// `type: array`, or a list of types with just that one.
fn is_array(schema: &Map) -> bool {
    match schema.get("type") {
        Some(Value::Seq(types)) => {
            types.len() == 1 && types.iter().all(|name| name.as_text() == Some("array"))
        }
        Some(name) => name.as_text() == Some("array"),
        None => false,
    }
}

fn merge_of(schema: &Map, rules: Rules) -> Option<ListMerge> {
    let owned = |text: &str| Cow::Owned(text.to_owned());
    let strategy = schema.get(STRATEGY).and_then(Value::as_text);
    let map_keys = schema
        .get(MAP_KEYS)
        .and_then(Value::as_seq)
        .map(|keys| keys.iter().filter_map(Value::as_text).map(owned).collect::<Vec<_>>());
    let list_type = schema.get(LIST_TYPE).and_then(Value::as_text);
    let strategies: Vec<Cow<'static, str>> = match (strategy, list_type) {
        (Some(strategy), _) => strategy.split(',').map(owned).collect(),
        (None, Some("map" | "set")) if rules == Rules::Structural => vec![Cow::Borrowed("merge")],
        _ => return None,
    };
    let merge_key = || schema.get(MERGE_KEY).and_then(Value::as_text).map(owned).into_iter().collect();
    Some(ListMerge {
        strategies: Cow::Owned(strategies),
        keys: Cow::Owned(map_keys.unwrap_or_else(merge_key)),
    })
}
