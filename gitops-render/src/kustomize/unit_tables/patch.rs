//! Strategic merge, and the scopes of kinds that it rests on.

use super::super::patch::{
    CommentTypes, Growth, IdentityChange, MergeOptions, Outcome, keep_identity, strategic_merge,
};
use super::conformance::Verdict;
use gitops_core::value::{SourceId, Value};
use gitops_core::{Schema, yaml};
use serde_json::Value as Json;

pub(super) fn check_of(table: &str) -> Option<fn(&Json) -> Verdict> {
    Some(match table {
        "kyaml_yaml_merge2.TestMerge" => merge,
        "api_resource.TestApplySmPatch" => apply_in_turn,
        "api_resource.TestApplySmPatchShouldOutputListItemsInCorrectOrder" => order_of_maps,
        "api_resource.TestApplySmPatchShouldOutputPrimitiveListItemsInCorrectOrder" => order_of_scalars,
        "api_resmap.TestApplySmPatch_General" => apply_by_id,
        "api_resmap.TestApplySmPatch_Deletion" => deletion,
        "kyaml_openapi.TestIsNamespaceScoped_builtin" => scope,
        "kyaml_openapi.BenchmarkPrecomputedIsNamespaceScoped" => scope_is_total,
        _ => return None,
    })
}

fn text<'a>(row: &'a Json, member: &str) -> &'a str {
    row[member].as_str().unwrap_or_default()
}

fn parse(text: &str) -> Value {
    yaml::read_first(text.as_bytes(), &yaml::Options::kustomize())
        .unwrap()
        .map(|document| document.root)
        .unwrap_or_default()
}

fn same(found: Option<&Value>, want: &str) -> Verdict {
    let printed = found.map(|value| yaml::to_string(value).unwrap()).unwrap_or_default();
    let want = if want.trim().is_empty() { String::new() } else { yaml::to_string(&parse(want)).unwrap() };
    if printed == want { Ok(()) } else { Err(format!("got\n{printed}recorded\n{want}")) }
}

/// The original's test formats both sides first, which sorts lists of containers by name.
fn same_formatted(found: Value, want: &str) -> Verdict {
    let (mut found, mut want) = (found, parse(want));
    for value in [&mut found, &mut want] {
        let path = ["spec", "template", "spec", "containers"];
        let containers = path.into_iter().try_fold(value, |value, field| value.get_mut(field));
        if let Some(Value::Seq(list)) = containers {
            let name = |item: &Value| item.get("name").and_then(Value::as_text).map(str::to_owned);
            list.edit(|items| items.sort_by_key(name));
        }
    }
    same(Some(&found), &yaml::to_string(&want).unwrap())
}

fn merge(row: &Json) -> Verdict {
    let directions = match &row["mergeOptions"]["ListIncreaseDirection"] {
        Json::Null => vec![Growth::Append],
        _ => vec![Growth::Append, Growth::Prepend],
    };
    let schema = Schema::kustomize_5_8_1();
    let mut types = CommentTypes::default();
    let mut read = |member: &str, source: u32| {
        let options = yaml::Options::kustomize().comments().source(SourceId::new(source));
        let document = yaml::read_first(text(row, member).as_bytes(), &options).unwrap();
        if let Some(document) = &document {
            types.add(&schema, SourceId::new(source), text(row, member), &document.comments);
        }
        document.map(|document| document.root).unwrap_or_default()
    };
    let (base, patch) = (read("dest", 1), read("source", 2));
    let comments = |place| types.at(place);
    let mut verdict = Err("no direction".to_owned());
    for growth in directions {
        let options = MergeOptions {
            growth,
            infer_lists: row["infer"] == true,
            replace_root: true,
            comments: Some(&comments),
        };
        verdict = match strategic_merge(&base, &patch, &schema, options, None) {
            Ok(Outcome::Merged(value)) => same_formatted(value, text(row, "expected")),
            Ok(Outcome::Deleted) => same(None, text(row, "expected")),
            Err(error) => Err(error.to_string()),
        };
        if verdict.is_ok() {
            break;
        }
    }
    verdict
}

/// The object with a patch applied as a kustomization does it.
fn patched(base: Option<Value>, patch: &str) -> Result<Option<Value>, String> {
    let Some(base) = base else { return Ok(None) };
    let schema = Schema::kustomize_5_8_1();
    match strategic_merge(&base, &parse(patch), &schema, MergeOptions::default(), None) {
        Ok(Outcome::Merged(mut merged)) => {
            keep_identity(&base, &mut merged, IdentityChange::default());
            Ok(Some(merged))
        }
        Ok(Outcome::Deleted) => Ok(None),
        Err(error) => Err(error.to_string()),
    }
}

fn apply_in_turn(row: &Json) -> Verdict {
    let patches = row["patch"].as_array().unwrap().iter().filter_map(Json::as_str);
    let found = patches.into_iter().try_fold(Some(parse(text(row, "base"))), patched);
    match (found, row["errorExpected"] == true) {
        (Err(_), true) => Ok(()),
        (found, false) => same(found?.as_ref(), text(row, "expected")),
        (Ok(_), true) => Err("an error was recorded".to_owned()),
    }
}

fn order_of_maps(row: &Json) -> Verdict {
    const BASE: &str = "apiVersion: v1\nkind: Pod\nmetadata:\n  name: test\nspec:\n  \
                        initContainers:\n    - name: foo\n    - name: bar\n";
    same(patched(Some(parse(BASE)), text(row, "patch"))?.as_ref(), text(row, "expectedOutput"))
}

fn order_of_scalars(row: &Json) -> Verdict {
    const BASE: &str =
        "apiVersion: v1\nkind: Pod\nmetadata:\n  name: test\n  finalizers: [\"foo\", \"bar\"]\n";
    same(patched(Some(parse(BASE)), text(row, "patch"))?.as_ref(), text(row, "expectedOutput"))
}

fn apply_by_id(row: &Json) -> Verdict {
    let id = |value: &Value| {
        let metadata = value.get("metadata").cloned().unwrap_or_default();
        let part = |value: Option<&Value>| value.and_then(Value::as_text).unwrap_or_default().to_owned();
        [
            part(value.get("apiVersion")),
            part(value.get("kind")),
            part(metadata.get("namespace")),
            part(metadata.get("name")),
        ]
    };
    let texts =
        |member: &str| row[member].as_array().unwrap().iter().filter_map(Json::as_str).collect::<Vec<_>>();
    let mut objects: Vec<Value> = texts("base").into_iter().map(parse).collect();
    for patch in texts("patches") {
        for object in objects.iter_mut().filter(|object| id(object) == id(&parse(patch))) {
            *object = patched(Some(object.clone()), patch)?.unwrap();
        }
    }
    objects.into_iter().zip(texts("expected")).try_for_each(|(object, want)| same(Some(&object), want))
}

fn deletion(row: &Json) -> Verdict {
    const BASE: &str = "apiVersion: apps/v1\nmetadata:\n  name: myDeploy\nkind: Deployment\nspec:\n  replica: 2\n  \
                        template:\n    metadata:\n      labels:\n        old-label: old-value\n    spec:\n      \
                        containers:\n      - name: nginx\n        image: nginx\n";
    same(patched(Some(parse(BASE)), text(row, "patch"))?.as_ref(), text(row, "expected"))
}

fn scope(row: &Json) -> Verdict {
    let (api_version, kind) = (text(&row["typeMeta"], "APIVersion"), text(&row["typeMeta"], "Kind"));
    let found = Schema::kustomize_5_8_1().namespaced(api_version, kind);
    let want = (row["expectIsFound"] == true).then_some(row["expectIsNamespaced"] == true);
    if found == want { Ok(()) } else { Err(format!("{found:?}")) }
}

fn scope_is_total(row: &Json) -> Verdict {
    let found = Schema::kustomize_5_8_1().namespaced(text(row, "APIVersion"), text(row, "Kind"));
    if found.is_some() == (text(row, "Kind") != "Custom") { Ok(()) } else { Err(format!("{found:?}")) }
}
