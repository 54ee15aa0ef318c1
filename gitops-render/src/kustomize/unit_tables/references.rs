//! Name references: which of the renamed resources a field means.

use super::super::build::Build;
use super::super::field_spec::{FieldSpec, NameReference};
use super::super::gvk::GvkSelector;
use super::super::origin::BuildMetadata;
use super::super::reference_plan::Plan;
use super::super::references::fix;
use super::super::resource::{Previous, Resource};
use super::super::set::ResourceSet;
use super::conformance::{Verdict, same, text};
use super::manifests::{parse, parse_all};
use crate::{MemoryTree, Session};
use gitops_core::{Schema, yaml};
use serde_json::Value as Json;
use smol_str::SmolStr;

pub(super) fn check_of(table: &str) -> Option<fn(&Json) -> Verdict> {
    Some(match table {
        "api_filters_nameref.TestCandidatesWithDifferentPrefixSuffix"
        | "api_filters_nameref.TestNamerefFilter" => |row| reference(row, row["err"] == true),
        "api_filters_nameref.TestNamerefFilterUnhappy" => |row| reference(row, true),
        _ => return None,
    })
}

/// A former identity in the default namespace.
fn previous(resource: &Resource, name: &str) -> Previous {
    Previous { namespace: "default".into(), name: name.into(), kind: resource.gvk().kind.clone() }
}

/// The referrer and its candidates, which had other names before, in one set.
fn reference(row: &Json, refused: bool) -> Verdict {
    let schema = Schema::kustomize_5_8_1();
    let nonempty = |text: &str| -> Vec<SmolStr> {
        Some(text).filter(|text| !text.is_empty()).into_iter().map(SmolStr::from).collect()
    };
    let affix = |field: &str, index: usize| nonempty(row[field][index].as_str().unwrap_or_default());
    let mut referrer = Resource::new(parse(text(row, "referrerOriginal")), &schema);
    referrer.prefixes = nonempty(text(row, "inputPrefix"));
    referrer.suffixes = nonempty(text(row, "inputSuffix"));
    // In a build a referrer is among its candidates, in the tables it is not: that it came from another namespace keeps
    // it from standing for its own.
    referrer.previous = vec![previous(&referrer, &referrer.id().name.clone())];
    let mut set = ResourceSet::default();
    set.append(referrer).unwrap();
    for (index, candidate) in parse_all(text(row, "candidates")).into_iter().enumerate() {
        let mut candidate = Resource::new(candidate, &schema);
        candidate.previous = vec![previous(&candidate, row["originalNames"][index].as_str().unwrap())];
        candidate.prefixes = affix("prefix", index);
        candidate.suffixes = affix("suffix", index);
        set.append(candidate).unwrap();
    }
    let target = &row["filter"]["ReferralTarget"];
    let path = text(&row["filter"]["NameFieldToUpdate"], "Path").into();
    let rule = NameReference {
        referral: GvkSelector {
            group: text(target, "Group").into(),
            version: text(target, "Version").into(),
            kind: text(target, "Kind").into(),
        },
        referrers: vec![FieldSpec { path, ..FieldSpec::default() }].into(),
    };
    let session = Session::new(MemoryTree::new());
    let mut build = Build::new(&session, BuildMetadata::default());
    let fixed = fix(&mut build, &mut set, &[rule], &Plan::default());
    if refused || fixed.is_err() {
        return same(fixed.is_err(), refused).map_err(|_| format!("{fixed:?}"));
    }
    let printed = yaml::to_string(set.get(0).unwrap().value()).unwrap();
    same(printed, yaml::to_string(&parse(text(row, "referrerFinal"))).unwrap())
}
