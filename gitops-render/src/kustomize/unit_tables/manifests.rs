//! Manifests: reading, aliases, lists, identity, JSON; and what stands in a kustomization file.

use super::super::absorb::inherit;
use super::super::error::code;
use super::super::resource::Resource;
use super::conformance::{Verdict, same, text};
use crate::manifests::check_identity;
use crate::{MemoryTree, Session};
use gitops_core::value::{Map, SourceId, to_value};
use gitops_core::{Schema, Value, json, yaml};
use serde_json::Value as Json;

pub(super) fn check_of(table: &str) -> Option<fn(&Json) -> Verdict> {
    Some(match table {
        "api_resource.TestDropLocalNodes" => local_nodes,
        "api_resource.TestMoreRNodesFromBytes" => {
            |row| objects(row, &row["exp"]["out"], row["exp"]["isErr"] == true)
        }
        "api_resource.TestRNodesFromBytes" => |row| objects(row, &row["expected"], false),
        "api_types.TestKustomization_CheckEmpty" => empty_kustomization,
        "api_types.TestVarSet" => variable,
        "kyaml_yaml.TestDeAnchorMerge" => aliases_and_merge_keys,
        "kyaml_yaml.TestRNodeFromMap" => {
            |row| same(print(&value(&row["theMap"])), print(&parse(text(&row["rsExp"], "out"))))
        }
        "kyaml_yaml.TestRNodeGetDataMap" => data,
        "kyaml_yaml.TestRNodeGetValidatedMetadata" => metadata,
        "kyaml_yaml.TestRNodeHasNilEntryInList" => null_in_list,
        "kyaml_yaml.TestRNode_MarshalJSON" => {
            |row| same(json::to_string(&parse(text(row, "ydoc"))).unwrap().as_str(), text(row, "want"))
        }
        "kyaml_yaml.TestRNode_UnmarshalJSON" => |row| {
            same(print(&json::from_str(text(row, "input")).unwrap()), print(&parse(text(row, "output"))))
        },
        _ => return None,
    })
}

/// The first document of a text.
pub(super) fn parse(text: &str) -> Value {
    parse_all(text).into_iter().next().unwrap_or_default()
}

/// All documents of a text.
pub(super) fn parse_all(text: &str) -> Vec<Value> {
    let documents = yaml::read(text.as_bytes(), &yaml::Options::kustomize()).unwrap();
    documents.into_iter().map(|document| document.root).collect()
}

fn print(value: &Value) -> String {
    yaml::to_string(value).unwrap()
}

/// A map of the table; an absent one is empty, as in the original.
fn value(json: &Json) -> Value {
    if json.is_null() { Value::map() } else { to_value(json).unwrap() }
}

fn load(text: &str) -> Result<Vec<Value>, String> {
    let session = Session::new(MemoryTree::new());
    session
        .parse_manifests(text.as_bytes(), SourceId::NONE)
        .map(|manifests| manifests.objects.to_vec())
        .map_err(|error| error.to_string())
}

fn render(files: &[(&str, &str)], folder: &str) -> Result<String, crate::Error> {
    let session = Session::new(files.iter().copied().collect::<MemoryTree>());
    session.render(folder).map_err(|failure| failure.error)?.to_yaml()
}

fn objects(row: &Json, expected: &Json, refused: bool) -> Verdict {
    let objects = load(text(row, "input"));
    if refused || objects.is_err() {
        return same(objects.is_err(), refused).map_err(|_| format!("{objects:?}"));
    }
    let printed: Vec<String> = objects?.iter().map(print).collect();
    let expected = expected.as_array().into_iter().flatten().filter_map(Json::as_str);
    same(printed, expected.map(|text| print(&parse(text))).collect::<Vec<_>>())
}

/// The original's test passes over text that it cannot read.
fn local_nodes(row: &Json) -> Verdict {
    if load(text(row, "input")).is_err() {
        return same(row["expected"].is_null(), true);
    }
    let files = [("kustomization.yaml", "resources: [r.yaml]\n"), ("r.yaml", text(row, "input"))];
    same(render(&files, "").map_err(|error| error.to_string())?.as_str(), text(row, "expected"))
}

/// Names of fields are those of the original's struct, which differ in case only.
fn empty_kustomization(row: &Json) -> Verdict {
    let rendered = render(&[("kustomization.yaml", &row["kustomization"].to_string())], "");
    same(rendered.is_err_and(|error| error.code() == code::KUSTOMIZATION_EMPTY), row["wantErr"] == true)
}

/// A variable may stand once in a build; without a field path it is the object's name.
fn variable(row: &Json) -> Verdict {
    let (name, object) = (text(row, "Name"), &row["ObjRef"]);
    let (api_version, kind) = (text(object, "APIVersion"), text(&object["Gvk"], "Kind"));
    let object_name = text(object, "Name");
    let field_path = text(&row["FieldRef"], "FieldPath");
    let fieldref = if field_path.is_empty() {
        String::new()
    } else {
        format!(", fieldref: {{fieldPath: {field_path}}}")
    };
    let vars = format!(
        "vars: [{{name: {name}, objref: {{apiVersion: {api_version}, kind: {kind}, name: {object_name}}}{fieldref}}}]\n"
    );
    let base = format!("resources: [all.yaml]\n{vars}");
    let overlay = format!("resources: [../base]\n{vars}");
    let all = format!(
        "apiVersion: {api_version}\nkind: {kind}\nmetadata: {{name: {object_name}}}\nsome: {{arbitrary: {{path: found}}}}\n---\n\
         apiVersion: v1\nkind: Pod\nmetadata: {{name: pod}}\nspec: {{containers: [{{name: c, args: [$({name})]}}]}}\n"
    );
    let files = [
        ("base/kustomization.yaml", &*base),
        ("base/all.yaml", &all),
        ("overlay/kustomization.yaml", &overlay),
    ];
    let rendered = render(&files, "base").map_err(|error| error.to_string())?;
    let expected = if field_path.is_empty() { object_name } else { "found" };
    same(rendered.contains(&format!("- args:\n    - {expected}\n")), true).map_err(|_| rendered)?;
    let twice = render(&files, "overlay").map_err(|error| error.to_string()).err().unwrap_or_default();
    same(twice.contains(&format!("var '{name}' already encountered")), true).map_err(|_| twice)
}

/// Order counts, styles do not.
fn aliases_and_merge_keys(row: &Json) -> Verdict {
    let read = yaml::read_first(text(row, "input").as_bytes(), &yaml::Options::kustomize());
    match (read, text(row, "expectedErr")) {
        (Ok(Some(document)), "") => {
            same(format!("{:?}", document.root), format!("{:?}", parse(text(row, "expected"))))
        }
        (Err(error), clause) if !clause.is_empty() => {
            same(error.code(), "yaml-merge").map_err(|_| error.to_string())
        }
        (read, clause) => Err(format!("got {read:?}, recorded error {clause:?}")),
    }
}

/// What a generated map finds in the one that it merges into.
fn data(row: &Json) -> Verdict {
    let schema = Schema::kustomize_5_8_1();
    let old = Resource::new(value(&row["theMap"]), &schema);
    let mut new = Resource::new(Value::map(), &schema);
    inherit(&mut new, &old, true);
    same(new.value().get("data").cloned().unwrap_or_else(Value::map), value(&row["expected"]))
}

fn metadata(row: &Json) -> Verdict {
    let (object, expected) = (value(&row["theMap"]), &row["rsExp"]["out"]);
    match (check_identity(&object), text(&row["rsExp"], "errMsg")) {
        (Ok(name), "") => {
            same(name, text(&expected["ObjectMeta"]["NameMeta"], "Name"))?;
            let field = |name| object.get(name).and_then(Value::as_text).unwrap_or_default();
            same(field("apiVersion"), text(&expected["TypeMeta"], "APIVersion"))?;
            same(field("kind"), text(&expected["TypeMeta"], "Kind"))
        }
        (Err(error), clause) => {
            let message = error.to_string();
            same(!clause.is_empty() && message.contains(clause), true).map_err(|_| message)
        }
        (Ok(name), clause) => Err(format!("got {name:?}, recorded error {clause:?}")),
    }
}

/// The original means to refuse nulls in lists and does not: its table says "no null" of a list with one.
fn null_in_list(row: &Json) -> Verdict {
    let object: Map = [
        ("apiVersion", Value::from("v1")),
        ("kind", "ConfigMap".into()),
        ("metadata", Map::from_iter([("name", Value::from("a"))]).into()),
        ("given", value(&row["theMap"])),
    ]
    .into_iter()
    .collect();
    let loaded = load(&json::to_string(&Value::from(object)).unwrap());
    same(loaded.as_ref().map(Vec::len), Ok::<_, &String>(1)).and(same(row["rsExp"]["hasNil"] == true, false))
}
