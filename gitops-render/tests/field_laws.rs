//! Laws of field paths, images, variables, generators and texts, over random objects and paths.
#![allow(clippy::unwrap_used, reason = "a test")]

use base64::Engine as _;
use gitops_core::field_path::split_bracketed;
use gitops_core::value::Entry;
use gitops_core::{Map, Place, Scalar, ScalarKind, Seq, Style, Value};
use gitops_render::kustomize::field_spec::{CompiledSpec, Create, FieldSpec};
use gitops_render::kustomize::generate::objects::base64_lines;
use gitops_render::kustomize::images::{self, ImageRule, ImageSettings};
use gitops_render::kustomize::lookup::{lookup, lookup_or_create};
use gitops_render::kustomize::node::{self, NodeKind, WrongKind};
use gitops_render::kustomize::replacement::{FieldOptions, Target, literal_value};
use gitops_render::kustomize::variables::Variables;
use gitops_render::kustomize::yaml_text::{self, Text};
use gitops_render::kustomize::{default_field_specs, go_regexp, plain};
use proptest::prelude::*;

const NAMES: [&str; 8] = ["a", "b", "containers", "image", "name", "spec", "x.y", "1"];

fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        "[ab:@./1-]{0,6}",
        Just("nginx:1@sha256:ab".to_owned()),
        Just("{\"a\": [1, \"x\"]}".to_owned()),
        Just("a: x # c\nb:\n  - 1\n".to_owned()),
        "[ -~\n]{0,12}",
        "\\PC{0,4}",
    ]
}

fn scalar() -> impl Strategy<Value = Value> {
    let style = prop_oneof![Just(Style::Plain), Just(Style::Double), Just(Style::Single)];
    prop_oneof![
        Just(Value::null()),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        (text(), style).prop_map(|(text, style)| Scalar::new(ScalarKind::Str, text, style).into()),
    ]
}

fn value() -> impl Strategy<Value = Value> {
    scalar().prop_recursive(4, 24, 4, |inner| {
        let name = prop::sample::select(&NAMES[..]);
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4)
                .prop_map(|items| items.into_iter().collect::<Seq>().into()),
            prop::collection::btree_map(name, inner, 0..4).prop_map(|map| {
                let entry = |(name, value)| Entry { key: plain::key(name), value };
                Map::placed(map.into_iter().map(entry).collect(), Place::NONE).into()
            }),
        ]
    })
}

fn path(separator: &'static str) -> impl Strategy<Value = String> {
    let part = prop_oneof![
        8 => prop::sample::select(&NAMES[..]).prop_map(str::to_owned),
        1 => Just("containers[]".to_owned()),
        1 => Just("0".to_owned()),
        1 => Just("*".to_owned()),
        1 => Just("-".to_owned()),
        1 => Just("[name=a]".to_owned()),
        1 => Just("[=a".to_owned()),
        1 => "[a-z.\\[\\]=*/ -]{0,5}",
    ];
    prop::collection::vec(part, 1..5).prop_map(move |parts| parts.join(separator))
}

fn spec(path: &str, create: bool) -> CompiledSpec {
    CompiledSpec::new(&FieldSpec { path: path.into(), create, ..FieldSpec::default() })
}

fn set_x(field: &mut Value) -> Result<(), WrongKind> {
    node::set_scalar(field, "x", Some(ScalarKind::Str))
}

proptest! {
    #[test]
    fn setting_twice_is_setting_once(value in value(), path in path("/"), create: bool) {
        let spec = spec(&path, create);
        let mut once = value;
        if spec.apply(&mut once, Some(Create::STRING), set_x).is_ok() {
            let mut twice = once.clone();
            spec.apply(&mut twice, Some(Create::STRING), set_x).unwrap();
            prop_assert_eq!(twice, once);
        }
    }

    #[test]
    fn copies_are_not_changed_through_each_other(value in value(), path in path("/")) {
        let (mut copy, shown) = (value.clone(), format!("{value:?}"));
        let _ = spec(&path, true).apply(&mut copy, Some(Create::MAP), set_x);
        prop_assert_eq!(format!("{value:?}"), shown);
    }

    #[test]
    fn what_nobody_wants_stays_shared(value in value(), path in path("/")) {
        let path = path.replace("[]", "");
        let mut copy = value.clone();
        let result = spec(&path, false).apply_where(&mut copy, None, |_| false, set_x);
        prop_assert!(result.is_err() || copy.ptr_eq(&value));
    }

    #[test]
    fn a_created_field_is_found(value in value(), path in path(".")) {
        let mut object = value;
        let parts = split_bracketed(&path, '.');
        let made = lookup_or_create(&mut object, &parts, NodeKind::Scalar).map(|field| field.is_some());
        if made == Ok(true) {
            prop_assert!(lookup(&object, &parts).unwrap().is_some());
        }
    }

    #[test]
    fn replacements_set_what_they_find(value in value(), path in path("."), text in text(), create: bool) {
        let mut object = value;
        let options = FieldOptions { create, ..FieldOptions::default() };
        let target = Target::new(&[&path], options);
        if target.apply(&mut object, &literal_value(&text), &mut |_| ()).is_ok() {
            let mut again = object.clone();
            let _ = target.apply(&mut again, &literal_value(&text), &mut |_| ());
        }
    }

    #[test]
    fn images_without_a_match_stay_shared(value in value()) {
        let settings = ImageSettings { name: "no-such".into(), new_tag: "1".into(), ..ImageSettings::default() };
        let rules = [ImageRule::new(settings).unwrap()];
        let mut copy = value.clone();
        let result = images::apply(&rules, &mut copy, default_field_specs::replicas(), &mut |_, _| ());
        prop_assert!(result.is_err() || copy.ptr_eq(&value));
    }

    #[test]
    fn plain_image_names_match_as_the_engine_does(name in "[ab.:/@-]{0,4}", image in "[ab.:/@{}1-]{0,8}") {
        let rule = |name: String| ImageRule::new(ImageSettings { name: name.into(), ..ImageSettings::default() });
        let (plain, engine) = (rule(name.clone()).unwrap(), rule(format!("(?:{name})")).unwrap());
        prop_assert_eq!(plain.matches(&image), engine.matches(&image));
    }

    #[test]
    fn text_without_a_dollar_is_left_alone(text in "[^$]{0,20}", other in "\\PC{0,20}") {
        let mut variables = Variables::new([("A".into(), Value::from("$(A)"))]);
        prop_assert_eq!(variables.expand(&text), Value::from(text.as_str()));
        variables.expand(&other);
        let escaped = text.replace('a', "$$");
        prop_assert_eq!(variables.expand(&escaped), Value::from(text.replace('a', "$")));
    }

    #[test]
    fn base64_in_lines_decodes(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        let lines = base64_lines(&bytes);
        prop_assert!(lines.lines().all(|line| line.len() <= 70));
        let joined = lines.replace('\n', "");
        prop_assert_eq!(base64::engine::general_purpose::STANDARD.decode(joined).unwrap(), bytes);
    }

    #[test]
    fn quoted_text_is_a_pattern_of_itself(text in "\\PC{0,12}", pattern in "[a-c\\[\\]{}()*+?|^$.\\\\d0-9-]{0,10}") {
        prop_assume!(!text.contains("\\E"));
        let quoted = go_regexp::compile(&format!("^\\Q{text}\\E$")).unwrap();
        prop_assert!(quoted.is_match(&text));
        let _ = go_regexp::compile(&pattern);
    }

    #[test]
    fn split_paths_join(parts in prop::collection::vec("[a-z\\[\\]=]{1,4}", 1..4)) {
        let joined: Vec<String> = parts.iter().map(|part| part.replace('/', "\\/")).collect();
        prop_assert_eq!(gitops_core::field_path::split_escaped(&joined.join("/"), '/'), parts);
    }

    #[test]
    fn written_text_reads_back(value in value()) {
        let written = yaml_text::of(&value).into_owned() + "\n";
        let read = Text::read(&written).unwrap();
        prop_assert_eq!(&read.root, &value, "{}", written);
        prop_assert_eq!(Text::read(&read.write()).unwrap().root, value);
    }
}
