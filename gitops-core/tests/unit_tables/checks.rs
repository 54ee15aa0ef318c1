//! Checks of one row of each table that this crate serves; the renderer's tests, which count all tables, share them.
//!
//! To add a table, write a check of one row and name it in [`check_of`].

use super::conformance::{Row, Verdict, same, text};
use gitops_core::field_path::{split_bracketed, split_escaped};
use gitops_core::object::{Gvk, ResId};
use gitops_core::selector::Selector;
use gitops_core::value::{Key, Map, Value};
use serde_json::Value as Json;
use std::cmp::Ordering;

pub(crate) fn check_of(table: &str) -> Option<fn(&Row<'_>) -> Verdict> {
    Some(match table {
        "api_types.TestGVK" => gvk_of_a_target,
        "kyaml_resid.BenchmarkApiVersion" => api_version_reads_back,
        "kyaml_resid.TestApiVersion" => api_version,
        "kyaml_resid.TestEffectiveNamespace" => effective_namespace,
        "kyaml_resid.TestEquals" => gvk_equals,
        "kyaml_resid.TestFromString" => id_reads_back,
        "kyaml_resid.TestGvkFromString" | "kyaml_resid.TestString" | "kyaml_resid.TestStringWoEmptyField" => {
            gvk_text_forms
        }
        "kyaml_resid.TestIsLessThan1" => gvk_order,
        "kyaml_resid.TestParseGroupVersion" => parse_group_version,
        "kyaml_resid.TestResIdEquals" => id_equals,
        "kyaml_resid.TestResIdIsSelected" => id_is_selected,
        "kyaml_resid.TestResIdString" => id_text_form,
        "kyaml_resid.TestSelectByGVK" => gvk_is_selected,
        "kyaml_utils.TestPathSplitter" => path_splitter,
        "kyaml_utils.TestSmarterPathSplitter" => smarter_path_splitter,
        "kyaml_yaml.TestRNodeMatchesAnnotationSelector" => |row| selects(row, Value::annotations),
        "kyaml_yaml.TestRNodeMatchesLabelSelector" => |row| selects(row, Value::labels),
        "kyaml_yaml.TestSortedKeys" => sorted_keys,
        _ => return None,
    })
}

fn gvk(json: &Json) -> Gvk {
    Gvk::new(text(json, "Group"), text(json, "Version"), text(json, "Kind"))
}

fn id(json: &Json) -> ResId {
    let cluster_scoped = json["Gvk"]["isClusterScoped"] == true;
    ResId { cluster_scoped, ..ResId::new(gvk(&json["Gvk"]), text(json, "Name"), text(json, "Namespace")) }
}

fn texts(json: &Json) -> Vec<&str> {
    json.as_array().into_iter().flatten().filter_map(Json::as_str).collect()
}

/// An `apiVersion` wins over a `group` and a `version` beside it.
fn gvk_of_a_target(row: &Row<'_>) -> Verdict {
    let target: Json = serde_yaml::from_str(row.text("data")).map_err(|error| error.to_string())?;
    let actual = match target["apiVersion"].as_str() {
        Some(api_version) => Gvk::from_api_version(api_version, text(&target, "kind")),
        None => Gvk::new(text(&target, "group"), text(&target, "version"), text(&target, "kind")),
    };
    same(actual, gvk(row.get("expected")))
}

fn api_version(row: &Row<'_>) -> Verdict {
    same(gvk(row.get("x")).api_version().as_str(), row.text("exp"))
}

fn api_version_reads_back(row: &Row<'_>) -> Verdict {
    let gvk = gvk(row.json);
    same(Gvk::from_api_version(&gvk.api_version(), gvk.kind.clone()), gvk)
}

fn effective_namespace(row: &Row<'_>) -> Verdict {
    same(id(row.get("id")).effective_namespace(), row.text("expected"))
}

fn gvk_equals(row: &Row<'_>) -> Verdict {
    same(gvk(row.get("x1")), gvk(row.get("x2")))
}

fn gvk_text_forms(row: &Row<'_>) -> Verdict {
    let gvk = gvk(row.get("x"));
    same(gvk.to_string(), row.text("s"))?;
    same(gvk.underscored(), row.text("r"))?;
    same(Gvk::parse(row.text("s")), Some(gvk))
}

fn gvk_order(row: &Row<'_>) -> Verdict {
    same(gvk(row.get("x1")).legacy_cmp(&gvk(row.get("x2"))), Ordering::Less)
}

fn gvk_is_selected(row: &Row<'_>) -> Verdict {
    let selector = gvk(row.get("filter"));
    same(gvk(row.get("in")).is_selected_by(&selector), row.get("expected") == true)
}

fn parse_group_version(row: &Row<'_>) -> Verdict {
    same(Gvk::from_api_version(row.text("input"), ""), Gvk::new(row.text("g"), row.text("v"), ""))
}

fn id_text_form(row: &Row<'_>) -> Verdict {
    same(id(row.get("x")).to_string(), row.text("s"))
}

fn id_reads_back(row: &Row<'_>) -> Verdict {
    let id = id(row.json);
    // The scope is the schema's to know.
    same(
        ResId::parse(&id.to_string()).map(|read| ResId { cluster_scoped: id.cluster_scoped, ..read }),
        Some(id),
    )
}

fn id_equals(row: &Row<'_>) -> Verdict {
    let (a, b) = (id(row.get("id1")), id(row.get("id2")));
    same(a.same_type_and_name(&b), row.get("gVknResult") == true)?;
    same(a.same_namespace(&b), row.get("nsEquals") == true)?;
    same(a == b, row.get("equals") == true)
}

/// The first table holds selectors with what they select; the others are its inner lists, one by one.
fn id_is_selected(row: &Row<'_>) -> Verdict {
    let check = |selector: &Json, selectable: &Json| {
        same(id(&selectable["id"]).is_selected_by(&id(selector)), selectable["expectSelected"] == true)
    };
    match row.table.checked_sub(1) {
        None => row
            .get("selectables")
            .as_array()
            .into_iter()
            .flatten()
            .try_for_each(|s| check(row.get("selector"), s)),
        Some(outer) => check(&row.tables[0][outer]["selector"], row.json),
    }
}

fn path_splitter(row: &Row<'_>) -> Verdict {
    same(split_escaped(row.text("path"), '/'), texts(row.get("exp")))
}

fn smarter_path_splitter(row: &Row<'_>) -> Verdict {
    same(split_bracketed(row.text("input"), '.'), texts(row.get("expected")))
}

/// The object is the one of kustomize's test, which the tables leave out.
fn selects(row: &Row<'_>, map_of: fn(&Value) -> Option<&Map>) -> Verdict {
    let mut object = Value::map();
    object.set_label("fruit", "apple");
    object.set_label("veggie", "carrot");
    object.set_annotation("area", "51");
    object.set_annotation("greeting", "Take me to your leader.");
    match row.text("selector").parse::<Selector>() {
        Ok(selector) => same(selector.matches(map_of(&object)), row.get("matches") == true),
        Err(error) => {
            let source = std::error::Error::source(&error).map(ToString::to_string).unwrap_or_default();
            let words = row.text("errMsg");
            same(!words.is_empty() && source.contains(words), true).map_err(|_| format!("{error}: {source}"))
        }
    }
}

fn sorted_keys(row: &Row<'_>) -> Verdict {
    let input = row.get("input").as_object().into_iter().flatten();
    let map: Map = input.map(|(key, json)| (key, Value::from(json.as_str().unwrap_or_default()))).collect();
    let mut keys: Vec<_> = map.keys().map(Key::as_str).collect();
    keys.sort_unstable();
    same(keys, texts(row.get("expected")))
}
