use super::*;
use proptest::prelude::*;

fn key(text: &str) -> Step {
    Step::Key(text.into())
}

fn entry(key: &str, text: &str) -> Step {
    Step::Where { key: key.into(), text: text.into() }
}

#[test]
fn grammar() {
    for (text, steps) in [
        ("", vec![]),
        (".", vec![]),
        ("spec", vec![key("spec")]),
        (".spec.replicas", vec![key("spec"), key("replicas")]),
        (
            "spec.template[0].a[\"b.c\"]",
            vec![key("spec"), key("template"), Step::Index(0), key("a"), key("b.c")],
        ),
        ("a['x]\\'y']", vec![key("a"), key("x]'y")]),
        ("a[name=app].image", vec![key("a"), entry("name", "app"), key("image")]),
        ("a.[name=app]image", vec![key("a"), entry("name", "app"), key("image")]),
        ("a[k=v=w][-]", vec![key("a"), entry("k", "v=w"), Step::End]),
        ("a[k\\=v]", vec![key("a"), key("k=v")]),
        ("labels[app.kubernetes.io/name]", vec![key("labels"), key("app.kubernetes.io/name")]),
        ("a\\.b.c", vec![key("a.b"), key("c")]),
        ("a[+1]", vec![key("a"), key("+1")]),
        ("a[99999999999999999999999]", vec![key("a"), key("99999999999999999999999")]),
    ] {
        assert_eq!(text.parse(), Ok(FieldPath::new(steps)), "{text}");
    }
}

#[test]
fn refused() {
    for (text, error) in [
        ("a..b", FieldPathError::EmptyKey { offset: 2 }),
        ("a.", FieldPathError::EmptyKey { offset: 2 }),
        ("a[]", FieldPathError::EmptyKey { offset: 1 }),
        ("a[b", FieldPathError::Unclosed { offset: 1 }),
        ("a[\"b\"", FieldPathError::Unclosed { offset: 1 }),
        ("a[\"b\"c]", FieldPathError::Unclosed { offset: 1 }),
        ("a]", FieldPathError::Unopened { offset: 1 }),
    ] {
        assert_eq!(text.parse::<FieldPath>(), Err(error), "{text}");
    }
}

fn set(root: &mut Value, path: &str, value: impl Into<Value>) -> Result<Option<Value>, FieldPathError> {
    path.parse::<FieldPath>()?.set(root, value.into())
}

fn get<'a>(root: &'a Value, path: &str) -> Option<&'a str> {
    path.parse::<FieldPath>().ok()?.get(root)?.as_str()
}

#[test]
fn setting_makes_maps_and_appends_elements() {
    let mut root = Value::null();
    assert_eq!(set(&mut root, "spec.items[-].name", "a"), Ok(None));
    assert_eq!(set(&mut root, "spec.items[1].name", "b"), Ok(None));
    assert_eq!(set(&mut root, "spec.items[name=b].value", "x"), Ok(None));
    assert_eq!(set(&mut root, "spec.items[1].value", "y"), Ok(Some(Value::from("x"))));
    assert_eq!(get(&root, "spec.items[name=b].value"), Some("y"));
    for path in [
        "spec.items[7].name",
        "spec.items[name=c].value",
        "spec.items.name",
        "spec[0]",
        "spec.items[1].name.x",
    ] {
        assert!(matches!(set(&mut root, path, "z"), Err(FieldPathError::NoPlace { .. })), "{path}");
    }
}

#[test]
fn removing_copies_only_what_it_changes() {
    let mut root = Value::map();
    set(&mut root, "a.list[-]", "x").unwrap();
    set(&mut root, "a.list[-]", "y").unwrap();
    let copy = root.clone();
    let path = |text: &str| text.parse::<FieldPath>().unwrap();
    assert_eq!(path("a.list[5]").remove(&mut root), None);
    assert!(root.ptr_eq(&copy));
    assert_eq!(path("a.list[0]").remove(&mut root), Some(Value::from("x")));
    assert_eq!((get(&root, "a.list[0]"), get(&copy, "a.list[0]")), (Some("y"), Some("x")));
    assert!(path("a").remove(&mut root).is_some());
    assert_eq!(path("").remove(&mut root), None);
}

fn step() -> impl Strategy<Value = Step> {
    let text = || "[a-c.=\\[\\]\"'\\\\/ -]{0,5}".prop_map(SmolStr::from);
    prop_oneof![
        text().prop_map(Step::Key),
        (0..20usize).prop_map(Step::Index),
        Just(Step::End),
        (text(), text()).prop_map(|(key, text)| Step::Where { key, text }),
    ]
}

proptest! {
    #[test]
    fn text_form_reads_back(steps in proptest::collection::vec(step(), 0..6)) {
        let path = FieldPath::new(steps);
        prop_assert_eq!(path.to_string().parse(), Ok(path));
    }

    #[test]
    fn any_text_is_read_or_refused(text in "[a-b.=\\[\\]\"'\\\\0-]{0,12}") {
        let _ = text.parse::<FieldPath>();
    }
}
