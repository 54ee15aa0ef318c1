//! Fields, paths, images, variables, generators and hashes.

use super::super::field_spec::{self, CompiledSpec, FieldSpec};
use super::super::generate::options::{self, GeneratorOptions};
use super::super::generate::{hash, key_values, node_hash, objects};
use super::super::gvk::GvkSelector;
use super::super::images::{ImageRule, ImageSettings, Reference};
use super::super::lookup::lookup;
use super::super::node::{self, NodeKind};
use super::super::path_match::TargetPath;
use super::super::plain;
use super::super::variables::Variables;
use super::conformance::{Row, Verdict};
use gitops_core::yaml::{Options, read_first, to_string};
use gitops_core::{Value, yaml};
use serde_json::{Value as Json, json};
use std::fmt::Debug;

pub(super) fn check_of(table: &str) -> Option<fn(&Json) -> Verdict> {
    Some(match table {
        "api_filters_fieldspec.TestFilter_FieldPaths" => field_spec_visits,
        "api_filters_refvar.TestMapping" => variables_expand,
        "api_hasher.TestBasicHash" => node_hashes,
        "api_hasher.TestConfigMapHash" => {
            |row| same(hash::name_suffix(&read(row, "cmYaml")).unwrap(), &row["hash"])
        }
        "api_hasher.TestSecretHash" => {
            |row| same(hash::name_suffix(&read(row, "secretYaml")).unwrap(), &row["hash"])
        }
        "api_hasher.TestEncodeConfigMap" => {
            |row| same(hash::encode_config_map(&read(row, "cmYaml")).unwrap(), &row["expect"])
        }
        "api_hasher.TestEncodeSecret" => {
            |row| same(hash::encode_secret(&read(row, "secretYaml")).unwrap(), &row["expect"])
        }
        "api_internal_generators.TestMakeConfigMap" | "api_internal_generators.TestMakeSecret" => generated,
        "api_internal_generators.TestParseFileSource" => file_sources,
        "api_internal_image.TestIsImageMatched" => image_matches,
        "api_internal_image.TestSplit" => image_splits,
        "api_kv.TestKeyValuesFromLines" => env_lines,
        "api_types.TestFsSlice_MergeAll" => field_specs_merge,
        "api_types.TestMergeGlobalOptionsIntoLocal" => options_merge,
        "kyaml_yaml.TestFieldRNodes" => map_is_needed,
        "kyaml_yaml.TestIsYaml1_1NonString" => {
            |row| same(plain::is_other_in_yaml_1_1(text(row, "val")), &row["expected"])
        }
        "kyaml_yaml.TestLookupFirstMatch" => first_match,
        "kyaml_yaml.TestPathMatcher_Filter" => path_in_deployment,
        "kyaml_yaml.TestPathMatcher_StructuredDataInScalar" => path_into_text,
        "kyaml_yaml.TestRNodeSetDataMap" => data_is_set,
        _ => return None,
    })
}

fn text<'j>(row: &'j Json, member: &str) -> &'j str {
    row[member].as_str().unwrap_or_default()
}

fn texts<'j>(row: &'j Json, member: &str) -> Vec<&'j str> {
    row[member].as_array().into_iter().flatten().filter_map(Json::as_str).collect()
}

fn same(actual: impl Into<Json>, expected: &Json) -> Verdict {
    equal(&actual.into(), expected)
}

fn equal<T: PartialEq + Debug>(actual: &T, expected: &T) -> Verdict {
    if actual == expected { Ok(()) } else { Err(format!("got {actual:?}, recorded {expected:?}")) }
}

fn parse(text: &str) -> Value {
    read_first(text.as_bytes(), &Options::kustomize())
        .unwrap()
        .map_or(Value::null(), |document| document.root)
}

fn read(row: &Json, member: &str) -> Value {
    parse(text(row, member))
}

fn field_spec_visits(row: &Json) -> Verdict {
    let spec = read(row, "fieldSpec");
    let part = |field| spec.get(field).and_then(Value::as_str).unwrap_or_default();
    let path = part("path");
    let compiled = CompiledSpec::new(&FieldSpec { path: path.into(), ..FieldSpec::default() });
    let mut visits = Vec::new();
    let visit = |_: &mut Value| {
        visits.push(path.replace("[]", "").replace('/', "."));
        Ok::<_, node::WrongKind>(())
    };
    compiled.apply(&mut read(row, "input"), None, visit).unwrap();
    same(visits, &row["expected"])
}

fn variables_expand(row: &Json) -> Verdict {
    let values = [("VAR_A", "A"), ("VAR_B", "B"), ("VAR_C", "C"), ("VAR_REF", "$(VAR_A)"), ("VAR_EMPTY", "")];
    let mut variables = Variables::new(values.map(|(name, value)| (name.into(), Value::from(value))));
    same(variables.expand(text(row, "input")).as_text(), &row["expected"])?;
    let uses = values.map(|(name, _)| (name.to_owned(), variables.uses(name)));
    let used: Json =
        uses.into_iter().filter(|(_, uses)| *uses > 0).map(|(name, uses)| (name, json!(uses))).collect();
    match &row["counts"] {
        Json::Null => equal(&used, &json!({})),
        counts => equal(&used, counts),
    }
}

/// Every value is expanded with those before it already expanded. The first table holds the values, the second what
/// they become: all rows pass or none.
pub(super) fn variables_in_order(row: &Row<'_>) -> Verdict {
    let (values, expected) = (&row.tables[0], &row.tables[1]);
    let entries: Vec<(&str, String)> = values
        .as_array()
        .unwrap()
        .iter()
        .map(|entry| {
            let value = &entry["Value"];
            (text(entry, "Name"), value.as_str().map_or_else(|| value.to_string(), str::to_owned))
        })
        .collect();
    let mut edited: Vec<(&str, Value)> =
        entries.iter().map(|(name, value)| (*name, Value::from(value.as_str()))).collect();
    let mut uses = vec![0; entries.len()];
    for (number, (_, value)) in entries.iter().enumerate() {
        let mut variables =
            Variables::new(edited.iter().map(|(name, value)| ((*name).into(), value.clone())));
        edited[number].1 = variables.expand(value);
        for (uses, (name, _)) in uses.iter_mut().zip(&entries) {
            *uses += variables.uses(name);
        }
    }
    let actual: Json = edited
        .iter()
        .zip(uses)
        .map(|((name, value), uses)| ((*name).to_owned(), json!({"count": uses, "edited": value.as_text()})))
        .collect();
    equal(&actual, expected)
}

fn node_hashes(row: &Json) -> Verdict {
    let source = text(row, "res");
    let marks = node_hash::Marks::new(source, 0);
    same(node_hash::name_suffix(&parse(source), &|place| marks.at(place.offset as usize)), &row["hash"])
}

fn generated(row: &Json) -> Verdict {
    let common = &row["args"]["GeneratorArgs"];
    let binary = if row["args"].get("Type").is_some() || text(&row["exp"], "out").contains("kind: Secret") {
        b"\xff\xfd".to_vec()
    } else {
        b"\xffhello".repeat(30)
    };
    let content = |path: &str| -> Vec<u8> {
        match path.rsplit('/').next().unwrap() {
            "app.env" => b"DB_USERNAME=admin\nDB_PASSWORD=qwerty\n".to_vec(),
            "app-init.ini" => b"FOO=bar\nBAR=baz\n".to_vec(),
            _ => binary.clone(),
        }
    };
    let sources = &common["KvPairSources"];
    let mut pairs: Vec<(String, Vec<u8>)> = Vec::new();
    for path in texts(sources, "EnvSources") {
        let lines = key_values::env_file(&content(path), &mut |_| ()).unwrap();
        pairs.extend(lines.iter().map(|(key, value)| (key.to_string(), value.as_bytes().to_vec())));
    }
    for source in texts(sources, "LiteralSources") {
        let (key, value) = key_values::literal(source).unwrap();
        pairs.push((key.to_owned(), value.as_bytes().to_vec()));
    }
    for source in texts(sources, "FileSources") {
        let (key, path) = key_values::file_source(source).unwrap();
        pairs.push((key.to_owned(), content(path)));
    }
    let settings = objects::ObjectSettings {
        name: text(common, "Name").into(),
        namespace: "".into(),
        options: generator_options(&common["Options"]).unwrap_or_default(),
    };
    let pairs = pairs.iter().map(|(key, value)| (key.as_str(), value.as_slice()));
    let expected = read(&row["exp"], "out");
    let object = match expected.get("kind").and_then(Value::as_str) {
        Some("Secret") => objects::secret(&settings, text(&row["args"], "Type"), pairs).unwrap(),
        _ => objects::config_map(&settings, pairs).unwrap(),
    };
    equal(&to_string(&object).unwrap(), &to_string(&expected).unwrap())
}

fn generator_options(json: &Json) -> Option<GeneratorOptions> {
    let map = |member: &str| {
        let entries = json[member].as_object().into_iter().flatten();
        entries.map(|(key, value)| (key.as_str().into(), value.as_str().unwrap().into())).collect()
    };
    let flag = |member: &str| json[member].as_bool().unwrap_or_default();
    json.is_object().then(|| GeneratorOptions {
        labels: map("Labels"),
        annotations: map("Annotations"),
        disable_name_suffix_hash: flag("DisableNameSuffixHash"),
        immutable: flag("Immutable"),
    })
}

fn options_merge(row: &Json) -> Verdict {
    let merged = options::merge(generator_options(&row["local"]), generator_options(&row["global"]).as_ref());
    equal(&merged, &generator_options(&row["expected"]))
}

fn file_sources(row: &Json) -> Verdict {
    match key_values::file_source(text(row, "Input")) {
        Ok((key, path)) => equal(&(key, path), &(text(row, "Key"), text(row, "Filename"))),
        Err(error) => same(error.to_string(), &row["Error"]),
    }
}

fn image_rule(row: &Json) -> Option<ImageRule> {
    ImageRule::new(ImageSettings { name: text(row, "name").into(), ..ImageSettings::default() }).ok()
}

/// The tables are newer than the release that we follow, which knows no digests but sha256; a name that is no
/// regular expression is an error here.
fn image_matches(row: &Json) -> Verdict {
    let image = text(row, "value");
    let other_digest = image.contains('@') && !image.contains("@sha256:");
    let matches = image_rule(row).is_some_and(|rule| rule.matches(image));
    if other_digest { equal(&matches, &false) } else { same(matches, &row["isMatched"]) }
}

fn image_splits(row: &Json) -> Verdict {
    let Reference { name, tag, digest } = Reference::split(text(row, "value"));
    equal(&[name, tag, digest], &[text(row, "name"), text(row, "tag"), text(row, "digest")])
}

/// Bytes that are not UTF-8 were recorded as U+FFFD.
fn env_lines(row: &Json) -> Verdict {
    let content: Vec<u8> = text(row, "content")
        .chars()
        .flat_map(|c| if c == '\u{fffd}' { vec![0xff] } else { c.to_string().into_bytes() })
        .collect();
    let pairs = key_values::env_file(&content, &mut |_| ());
    if row["expectedErr"] == json!(true) {
        return equal(&pairs.is_err(), &true);
    }
    let pairs = pairs.unwrap();
    let pairs: Vec<Json> =
        pairs.iter().map(|(key, value)| json!({"Key": key.as_str(), "Value": value.as_str()})).collect();
    same(pairs, &row["expectedPairs"])
}

fn field_specs_merge(row: &Json) -> Verdict {
    let specs = |member: &str| -> Vec<FieldSpec> {
        let spec = |json: &Json| FieldSpec {
            selector: GvkSelector {
                group: text(&json["Gvk"], "Group").into(),
                version: text(&json["Gvk"], "Version").into(),
                kind: text(&json["Gvk"], "Kind").into(),
            },
            path: text(json, "Path").into(),
            create: json["CreateIfNotPresent"] == json!(true),
        };
        row[member].as_array().into_iter().flatten().map(spec).collect()
    };
    let mut merged = specs("original");
    match field_spec::merge(&mut merged, &specs("incoming")) {
        Ok(()) => equal(&merged, &specs("result")),
        Err(_) => equal(&row["err"].is_string(), &true),
    }
}

/// Names of the fields of a map, and of maps in it.
fn map_is_needed(row: &Json) -> Verdict {
    let node = read(row, "input");
    if let Err(error) = node::expect(&node, NodeKind::Map) {
        return equal(&text(row, "err").starts_with(&error.to_string()), &true);
    }
    let mut names = Vec::new();
    let mut pending = vec![(None, &node)];
    while let Some((key, node)) = pending.pop() {
        names.extend(key);
        let entries = node.as_map().into_iter().flat_map(|map| map.iter().rev());
        pending.extend(entries.map(|(key, value)| (Some(key.as_str()), value)));
    }
    same(names, &row["output"])
}

fn first_match(row: &Json) -> Verdict {
    let object = parse(
        "metadata: {annotations: {example.kustomize.io/deprecated: foo, example.kustomize.io/new: foo}}\n\
         spec: {template: {spec: {containers: [name: foo]}}, jobTemplate: {spec: {template: {spec: {containers: [name: foo]}}}}}\n",
    );
    let paths = row["paths"].as_array().unwrap().iter();
    let path =
        |path: &Json| path.as_array().unwrap().iter().filter_map(Json::as_str).map(str::to_owned).collect();
    let mut paths = paths.map(path);
    same(paths.find(|path: &Vec<String>| lookup(&object, path).unwrap().is_some()), &row["wantPath"])
}

fn path_in_deployment(row: &Json) -> Verdict {
    let object = parse(
        "spec:\n  template:\n    spec:\n      containers:\n      - name: nginx\n        image: nginx:1.7.9\n        \
         args: [-c, conf.yaml]\n        ports:\n        - containerPort: 80\n      - name: sidecar\n        \
         image: sidecar:1.0.0\n        ports:\n        - containerPort: 8081\n        - containerPort: 9090\n",
    );
    found_by_path(row, object, "value")
}

fn path_into_text(row: &Json) -> Verdict {
    found_by_path(row, read(row, "input"), "expected")
}

fn found_by_path(row: &Json, mut object: Value, expected: &str) -> Verdict {
    let parts: Vec<_> = texts(row, "path").into_iter().map(|part| part.replace('.', "\\.")).collect();
    let path = parts.join(".");
    let mut found = Vec::new();
    let see = |field: &mut Value| {
        found.push(field.clone());
        Ok(())
    };
    TargetPath::new(&path.replace("[name=\\.*", "[name=.*")).each(&mut object, see).unwrap();
    let expected = read(row, expected);
    equal(&found, &expected.as_seq().map_or(Vec::new(), |items| items.items().to_vec()))
}

fn data_is_set(row: &Json) -> Verdict {
    let pairs: Vec<_> = row["input"].as_object().into_iter().flatten().collect();
    let pairs = pairs.iter().map(|(key, value)| (key.as_str(), value.as_str().unwrap().as_bytes()));
    let settings = objects::ObjectSettings { name: "any".into(), ..Default::default() };
    let object = objects::config_map(&settings, pairs).unwrap();
    let data = object.get("data").map_or_else(Value::map, Value::clone);
    equal(&data, &yaml_of(&row["expected"]))
}

fn yaml_of(json: &Json) -> Value {
    let document = yaml::read_first(json.to_string().as_bytes(), &Options::kubectl()).unwrap();
    document.map_or(Value::null(), |document| document.root)
}
