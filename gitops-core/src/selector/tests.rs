use super::*;
use crate::value::Seq;
use proptest::prelude::*;

fn labels() -> Map {
    Map::from_iter(
        [("app", "web"), ("tier", "front"), ("weight", "10"), ("a.b/c", ""), ("in", "in")]
            .map(|(key, value)| (key, Value::from(value))),
    )
}

#[test]
fn which_texts_match() {
    for (text, expected) in [
        ("", true),
        (" \t", true),
        ("app", true),
        ("!app", false),
        ("!other", true),
        ("! other", true),
        ("other", false),
        ("app=web", true),
        ("app == web", true),
        ("app=", false),
        ("app=,tier=front", false),
        ("a.b/c=", true),
        ("a.b/c", true),
        ("app!=web", false),
        ("app!=x", true),
        ("other!=x", true),
        ("app in (x,web)", true),
        ("app in(web)", true),
        ("app in ()", false),
        ("a.b/c in ()", true),
        ("a.b/c in (,x)", true),
        ("a.b/c in (x,)", true),
        ("a.b/c in (x,,y)", true),
        ("app notin (x)", true),
        ("app notin (web,x)", false),
        ("other notin (x)", true),
        ("other in (x)", false),
        ("weight>9", true),
        ("weight>10", false),
        ("weight<11", true),
        ("app>1", false),
        ("other<1", false),
        ("in in (in)", true),
        ("in=in,in", true),
        ("app=web,tier=front,weight", true),
        ("app=web,tier=back", false),
    ] {
        let selector: Selector = text.parse().unwrap_or_else(|error| panic!("{text}: {error}"));
        assert_eq!(selector.matches(Some(&labels())), expected, "{text}");
    }
}

#[test]
fn which_texts_are_refused() {
    for (text, words) in [
        ("a,", "found \"\" at byte 2 of the selector, expected a label key"),
        (",a", "found \",\" at byte 0"),
        ("a b", "found \"b\" at byte 2 of the selector, expected '='"),
        ("a=b c", "found \"c\" at byte 4 of the selector, expected ',' or the end"),
        ("a in b", "found \"b\" at byte 5 of the selector, expected '('"),
        ("a in (b", "found \"\" at byte 7 of the selector, expected ',' or ')'"),
        ("a in (b c)", "found \"c\" at byte 8"),
        ("a===b", "found \"=\" at byte 3"),
        ("!a=b", "found \"=\" at byte 2"),
        ("!", "expected a label key"),
        ("a!b", "found \"!\" at byte 1"),
        ("a>x", "not an integer"),
        ("a>", "not an integer"),
        ("a>-1", "invalid value \"-1\" of label \"a\""),
        (".*", "invalid label key \".*\""),
        ("a=*", "invalid value \"*\" of label \"a\""),
        ("/a", "invalid label key"),
        ("A.b/c", "invalid label key"),
    ] {
        let error = text.parse::<Selector>().unwrap_err().to_string();
        assert!(error.contains(words), "{text}: {error}");
    }
}

#[test]
fn keys_and_values() {
    let long = |n| "a".repeat(n);
    for (key, expected) in [
        ("a".to_owned(), Ok(())),
        ("a.b-c_d".to_owned(), Ok(())),
        ("example.com/A".to_owned(), Ok(())),
        (long(63), Ok(())),
        (long(64), Err(LabelError::LongName)),
        (format!("{}/a", long(254)), Err(LabelError::LongPrefix)),
        (String::new(), Err(LabelError::EmptyName)),
        ("a/".to_owned(), Err(LabelError::EmptyName)),
        ("/a".to_owned(), Err(LabelError::EmptyPrefix)),
        ("a/b/c".to_owned(), Err(LabelError::Slashes)),
        ("a_b/c".to_owned(), Err(LabelError::Prefix)),
        ("a..b/c".to_owned(), Err(LabelError::Prefix)),
        ("a-".to_owned(), Err(LabelError::Name)),
        ("é".to_owned(), Err(LabelError::Name)),
    ] {
        assert_eq!(check_label_key(&key), expected, "{key}");
    }
    assert_eq!(check_label_value(""), Ok(()));
    assert_eq!(check_label_value("_a"), Err(LabelError::Value));
    assert_eq!(check_label_value(&long(64)), Err(LabelError::LongValue));
}

fn strings(values: &[&str]) -> Value {
    Value::from(values.iter().map(|&value| Value::from(value)).collect::<Seq>())
}

fn object(operator: &str, values: Option<Value>) -> Value {
    let mut expression = Map::from_iter([("key", Value::from("app")), ("operator", Value::from(operator))]);
    if let Some(values) = values {
        expression.insert("values", values);
    }
    let expressions = Value::from(Seq::from_iter([Value::from(expression)]));
    Value::from(Map::from_iter([("matchExpressions", expressions)]))
}

#[test]
fn objects() {
    for (object, expected) in [
        (Value::map(), Ok("")),
        (
            Value::from(Map::from_iter([("matchLabels", Value::from(labels()))])),
            Ok("app=web,tier=front,weight=10,a.b/c=,in=in"),
        ),
        (object("In", Some(strings(&["b", "a", "b"]))), Ok("app in (a,b)")),
        (object("NotIn", Some(strings(&["a"]))), Ok("app!=a")),
        (object("Exists", None), Ok("app")),
        (object("DoesNotExist", Some(strings(&[]))), Ok("!app")),
        (object("Exists", Some(strings(&["a"]))), Err("takes none")),
        (object("In", None), Err("no value at all")),
        (object("Is", None), Err("unknown operator \"Is\"")),
        (object("In", Some(Value::from("a"))), Err("values of a label selector must be a list of strings")),
        (Value::null(), Err("must be a map")),
        (
            Value::from(Map::from_iter([(
                "matchLabels",
                Value::from(Map::from_iter([("a", Value::from(1))])),
            )])),
            Err("a map of strings"),
        ),
    ] {
        match (Selector::from_object(&object).map(|s| s.to_string()).map_err(|e| e.to_string()), expected) {
            (Ok(text), Ok(expected)) => assert_eq!(text, expected),
            (Err(error), Err(words)) => assert!(error.contains(words), "{error}"),
            (outcome, _) => panic!("{object:?}: {outcome:?}"),
        }
    }
}

proptest! {
    #[test]
    fn text_form_reads_back(text in "(!?[a-c](|=[x-z]?|!=[x-z]|( in| notin) \\([x-z]?(,[x-z]?){0,2}\\)|[<>][0-9])(,[a-c]){0,2})?") {
        let selector: Selector = match text.parse() {
            Ok(selector) => selector,
            Err(_) => return Ok(()),
        };
        prop_assert_eq!(selector.to_string().parse(), Ok(selector), "{}", text);
    }

    #[test]
    fn any_text_is_read_or_refused(text in "[a!=<>(), é]{0,12}") {
        let _ = text.parse::<Selector>();
    }
}
