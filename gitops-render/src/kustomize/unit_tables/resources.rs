//! Resources: identity now and before, affixes, selection, origin.

use super::super::file::Selector;
use super::super::origin::{Origin, join_lexically};
use super::super::resource::{Resource, same_ending};
use super::super::select::Selection;
use super::conformance::{Verdict, same, text};
use super::manifests::{parse, parse_all};
use gitops_core::object::ResId;
use gitops_core::{Gvk, Schema};
use serde_json::Value as Json;
use smol_str::SmolStr;

pub(super) fn check_of(table: &str) -> Option<fn(&Json) -> Verdict> {
    Some(match table {
        "api_resmap.TestFindPatchTargets" => patch_targets,
        "api_resmap.TestGetMatchingResourcesByCurrentId" => |row| matching(row, false),
        "api_resmap.TestGetMatchingResourcesByAnyId" => |row| matching(row, true),
        "api_resource.TestOriginAppend" => |row| {
            same(
                Origin::of_file(join_lexically(text(&row["in"], "Path"), text(row, "path"))).text(),
                text(row, "expected"),
            )
        },
        "api_resource.TestOriginString" => {
            |row| same(Origin::of_file(text(&row["in"], "Path").into()).text(), text(row, "expected"))
        }
        "api_resource.TestResourceStorePreviousId" => previous_is_stored,
        "api_resource.TestResource_PrevIds" => previous_ids,
        "api_resource.TestSameEndingSubarray" => {
            |row| same(same_ending(&texts(&row["a"]), &texts(&row["b"])), row["expected"] == true)
        }
        "api_types.TestSelectorRegexMatchGvk" => {
            |row| same(selection(&row["S"]).matches_gvk(&gvk(&row["G"])), row["Expected"] == true)
        }
        "api_types.TestSelectorRegexMatchName" => |row| {
            selects_id(row, |id, selector| {
                id.namespace = text(selector, "Namespace").into();
            })
        },
        "api_types.TestSelectorRegexMatchNamespace" => |row| {
            selects_id(row, |id, selector| {
                id.name = text(selector, "Name").into();
            })
        },
        _ => return None,
    })
}

fn texts(json: &Json) -> Vec<SmolStr> {
    json.as_array().into_iter().flatten().filter_map(Json::as_str).map(SmolStr::from).collect()
}

fn gvk(json: &Json) -> Gvk {
    Gvk::new(text(json, "Group"), text(json, "Version"), text(json, "Kind"))
}

fn resource(manifest: &str) -> Resource {
    Resource::new(parse(manifest), &Schema::kustomize_5_8_1())
}

fn selection(json: &Json) -> Selection {
    let (id, gvk) = (&json["ResId"], &json["ResId"]["Gvk"]);
    let selector = Selector {
        group: text(gvk, "Group").into(),
        version: text(gvk, "Version").into(),
        kind: text(gvk, "Kind").into(),
        name: text(id, "Name").into(),
        namespace: text(id, "Namespace").into(),
        annotation_selector: text(json, "AnnotationSelector").into(),
        label_selector: text(json, "LabelSelector").into(),
        ..Selector::default()
    };
    Selection::compile(&selector).unwrap()
}

/// The table asks for one part of the id; `rest` sets the other as the selector has it.
fn selects_id(row: &Json, rest: impl Fn(&mut ResId, &Json)) -> Verdict {
    let mut id = resource("{}").id().clone();
    id.name = text(row, "Name").into();
    id.namespace = text(row, "Namespace").into();
    rest(&mut id, &row["S"]["ResId"]);
    same(selection(&row["S"]).matches_id(&id), row["Expected"] == true)
}

fn patch_targets(row: &Json) -> Verdict {
    const OBJECTS: &str = "\
{apiVersion: group1/v1, kind: Kind1, metadata: {name: name1, namespace: ns1, labels: {app: name1}, annotations: {foo: bar}}}
---
{apiVersion: group1/v1, kind: Kind1, metadata: {name: name2, namespace: default, labels: {app: name2}, annotations: {foo: bar}}}
---
{apiVersion: group1/v1, kind: Kind2, metadata: {name: name3, labels: {app: name3}, annotations: {bar: baz}}}
---
{apiVersion: group1/v1, kind: Kind2, metadata: {name: x-name1, namespace: x-default}}
";
    let selection = selection(&row["target"]);
    let schema = Schema::kustomize_5_8_1();
    let resources = parse_all(OBJECTS).into_iter().map(|object| Resource::new(object, &schema));
    same(
        resources.filter(|resource| selection.matches(resource)).count() as u64,
        row["count"].as_u64().unwrap(),
    )
}

/// The matchers are functions in the original; their names say what they do. Where former identities count, all
/// resources were renamed.
fn matching(row: &Json, any: bool) -> Verdict {
    const OBJECTS: &str = "\
{apiVersion: v1, kind: ConfigMap, metadata: {name: alice}}
---
{apiVersion: v1, kind: ConfigMap, metadata: {name: bob}}
---
{apiVersion: v1, kind: ConfigMap, metadata: {name: bob, namespace: happy}}
---
{apiVersion: v1, kind: ConfigMap, metadata: {name: charlie, namespace: happy}}
---
{apiVersion: v1, kind: Deployment, metadata: {name: charlie, namespace: happy}}
";
    let matcher: fn(&ResId) -> bool = match text(row, "name") {
        "match everything" => |_| true,
        "match nothing" => |_| false,
        "name is alice" => |id| id.name == "alice",
        "name is bob" => |id| id.name == "bob",
        "name is charlie" => |id| id.name == "charlie",
        "happy namespace" => |id| id.namespace == "happy",
        "happy deployment" => |id| id.namespace == "happy" && id.gvk.kind == "Deployment",
        "happy ConfigMap" => |id| id.namespace == "happy" && id.gvk.kind == "ConfigMap",
        other => return Err(format!("unknown matcher {other}")),
    };
    let schema = Schema::kustomize_5_8_1();
    let mut found = 0;
    for object in parse_all(OBJECTS) {
        let mut resource = Resource::new(object, &schema);
        if any {
            resource.store_previous_id();
            rename(&mut resource, "renamed", "");
        }
        found += u64::from(matcher(resource.id()) || any && resource.previous_ids().any(|id| matcher(&id)));
    }
    same(found, row["count"].as_u64().unwrap())
}

/// Gives a resource another name, and another namespace unless that is empty.
fn rename(resource: &mut Resource, name: &str, namespace: &str) {
    let metadata = resource.value_mut().get_mut("metadata").unwrap().as_map_mut().unwrap();
    metadata.insert("name", name.into());
    if !namespace.is_empty() {
        metadata.insert("namespace", namespace.into());
    }
    resource.refresh_id(&Schema::kustomize_5_8_1());
}

/// The original keeps former identities in annotations, which are read here but never written.
fn previous_is_stored(row: &Json) -> Verdict {
    let mut stored = resource(text(row, "input"));
    stored.store_previous_id();
    rename(&mut stored, text(row, "newName"), text(row, "newNs"));
    let expected = resource(text(row, "expected"));
    same(&stored.previous, &expected.previous)?;
    same(stored.id().to_string(), expected.id().to_string())
}

fn previous_ids(row: &Json) -> Verdict {
    let expected: Vec<_> = row["expected"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|id| (gvk(&id["Gvk"]), text(id, "Name").to_owned(), text(id, "Namespace").to_owned()))
        .collect();
    let found: Vec<_> = resource(text(row, "input"))
        .previous_ids()
        .map(|id| (id.gvk.clone(), id.name.to_string(), id.namespace.to_string()))
        .collect();
    same(found, expected)
}
