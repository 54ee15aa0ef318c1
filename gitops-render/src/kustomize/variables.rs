//! Variables: putting values where `$(NAME)` stands.
//!
//! ```
//! use gitops_core::{Map, Value};
//! use gitops_render::kustomize::variables::Variables;
//! let mut variables = Variables::new([("PORT".into(), Value::from(80)), ("HOST".into(), Value::from("db"))]);
//! assert_eq!(variables.expand("$(HOST):$(PORT) $$(HOST) $(NONE)").as_text(), Some("db:80 $(HOST) $(NONE)"));
//! assert_eq!(variables.expand("$(PORT)"), Value::from(80));
//! assert_eq!(variables.unused().count(), 0);
//! ```
//!
//! * `$$` is a dollar sign; a reference to an unknown name, an unclosed one and other uses of `$` stay as they are.
//! * A text that is one reference and nothing else becomes the value with its type. Values are not expanded again.
//! * Lists and maps can't be put into text: references to them stay.
//! * Of a list, all items are expanded, and all must be strings; of a map the values that are strings, and all keys
//!   must be strings. Nothing deeper is expanded.
//! * Every string that is looked at loses its quotes or block style, expanded or not. What was written without a type
//!   (a label that a replacement created) is a string from then on.

use super::field_path;
use super::field_spec::{CompiledSpec, FieldSpecError};
use super::lookup::{LookupError, lookup};
use gitops_core::value::Number;
use gitops_core::{Place, Scalar, ScalarKind, Style, Value};
use smol_str::SmolStr;
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// Variables by name, with the number of times that each was put in.
#[derive(Clone, Debug, Default)]
pub struct Variables {
    values: BTreeMap<SmolStr, Variable>,
    /// References to names that are none, since they were last taken.
    unknown: Vec<(SmolStr, Place)>,
}

#[derive(Clone, Debug)]
struct Variable {
    value: Value,
    uses: usize,
    refused: usize,
}

impl Variables {
    /// Variables without uses; of equal names the last stays.
    pub fn new(values: impl IntoIterator<Item = (SmolStr, Value)>) -> Self {
        let values = values.into_iter();
        Self {
            values: values.map(|(name, value)| (name, Variable { value, uses: 0, refused: 0 })).collect(),
            unknown: Vec::new(),
        }
    }

    /// Names that were never put in anywhere, sorted.
    pub fn unused(&self) -> impl Iterator<Item = &str> {
        self.values.iter().filter(|(_, variable)| variable.uses == 0).map(|(name, _)| name.as_str())
    }

    /// Names that were referred to but are lists or maps, sorted.
    pub fn refused(&self) -> impl Iterator<Item = &str> {
        self.values.iter().filter(|(_, variable)| variable.refused > 0).map(|(name, _)| name.as_str())
    }

    /// Takes the references to unknown names that fields held since the last call, with the places of the fields.
    pub fn take_unknown(&mut self) -> Vec<(SmolStr, Place)> {
        std::mem::take(&mut self.unknown)
    }

    /// Number of times that a variable was put in.
    #[must_use]
    pub fn uses(&self, name: &str) -> usize {
        self.values.get(name).map_or(0, |variable| variable.uses)
    }

    /// The text with variables put in: a string, or the value of the one variable that the text is.
    pub fn expand(&mut self, text: &str) -> Value {
        if let Some(name) = whole_reference(text)
            && self.values.get(name).is_some_and(|variable| variable.value.as_scalar().is_some())
            && let Some(scalar) = self.take(name)
        {
            return typed(scalar);
        }
        let mut out = String::with_capacity(text.len());
        let mut rest = text;
        while let Some((before, after)) = rest.split_once('$') {
            out.push_str(before);
            rest = after;
            if let Some(after) = rest.strip_prefix('$') {
                out.push('$');
                rest = after;
                continue;
            }
            let reference = rest.strip_prefix('(').and_then(|inner| inner.split_once(')'));
            let Some((name, after)) = reference else {
                out.push('$');
                continue;
            };
            match self.take(name) {
                Some(scalar) => push_scalar(&mut out, scalar),
                None => {
                    let _ = write!(out, "$({name})");
                }
            }
            rest = after;
        }
        out.push_str(rest);
        Value::from(out)
    }

    /// The value of a variable that can be put into text; counts the use.
    fn take(&mut self, name: &str) -> Option<&Scalar> {
        let Some(variable) = self.values.get_mut(name) else {
            self.unknown.push((name.into(), Place::NONE));
            return None;
        };
        let Value::Scalar(scalar) = &variable.value else {
            variable.refused += 1;
            return None;
        };
        variable.uses += 1;
        Some(scalar)
    }
}

/// The name in a text that is nothing but a reference.
fn whole_reference(text: &str) -> Option<&str> {
    text.strip_prefix("$(")?.strip_suffix(')').filter(|name| !name.contains(')'))
}

/// The value as it stands alone: numbers and booleans in normal form and without quotes.
fn typed(scalar: &Scalar) -> Value {
    let text = match scalar.kind() {
        ScalarKind::Float => {
            scalar.text().parse::<f64>().map_or_else(|_| scalar.text().into(), |x| x.to_string())
        }
        ScalarKind::Bool => if is_true(scalar) { "true" } else { "false" }.into(),
        _ => scalar.text().to_owned(),
    };
    Value::Scalar(Scalar::new(scalar.kind(), text, Style::Plain))
}

/// The value inside a text, as Go prints it.
fn push_scalar(out: &mut String, scalar: &Scalar) {
    let float = || scalar.text().parse().ok().map(Number::Float).and_then(Number::to_go_text);
    match scalar.kind() {
        ScalarKind::Float => out.push_str(float().as_deref().unwrap_or(scalar.text())),
        ScalarKind::Bool => out.push_str(if is_true(scalar) { "true" } else { "false" }),
        _ => out.push_str(scalar.text()),
    }
}

fn is_true(scalar: &Scalar) -> bool {
    scalar.text().starts_with(['t', 'T'])
}

/// Why variables can't be put into a field.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum ExpandError {
    /// An item of a list is no string.
    #[error("invalid value type expect a string")]
    Item(Place),
    /// A key of a map is no string.
    #[error("invalid map key: value='{0}'")]
    Key(SmolStr),
}

/// Puts variables into the fields of one spec. Fields without any `$`, whose style makes no difference, stay shared.
pub fn apply(
    spec: &CompiledSpec,
    object: &mut Value,
    variables: &mut Variables,
) -> Result<(), FieldSpecError<ExpandError>> {
    spec.apply_where(object, None, wants, |field| expand_field(field, variables)).map(drop)
}

/// Whether expanding may change the field, or refuse it.
fn wants(field: &Value) -> bool {
    match field {
        Value::Scalar(scalar) => changes(scalar),
        Value::Seq(items) => {
            items.iter().any(|item| item.as_scalar().is_none_or(|s| changes(s) || !is_string(s)))
        }
        Value::Map(map) => map
            .iter()
            .any(|(key, value)| key.kind() != ScalarKind::Str || value.as_scalar().is_some_and(changes)),
    }
}

/// What has no type counts as a string, and is one from here on.
fn is_string(scalar: &Scalar) -> bool {
    scalar.kind() == ScalarKind::Str || scalar.is_untyped()
}

fn changes(scalar: &Scalar) -> bool {
    let is_settled = scalar.kind() == ScalarKind::Str && scalar.style() != Style::Folded;
    is_string(scalar) && (!is_settled || scalar.text().contains('$'))
}

fn expand_field(field: &mut Value, variables: &mut Variables) -> Result<(), ExpandError> {
    match field {
        Value::Scalar(_) => expand_scalar(field, variables),
        Value::Seq(items) => {
            for item in items.items_mut() {
                if !item.as_scalar().is_some_and(is_string) {
                    return Err(ExpandError::Item(item.place()));
                }
                expand_scalar(item, variables);
            }
        }
        Value::Map(map) => {
            for (key, value) in map.iter_mut() {
                if key.kind() != ScalarKind::Str {
                    return Err(ExpandError::Key(key.as_str().into()));
                }
                expand_scalar(value, variables);
            }
        }
    }
    Ok(())
}

fn expand_scalar(node: &mut Value, variables: &mut Variables) {
    let Value::Scalar(scalar) = node else { return };
    if !is_string(scalar) {
        return;
    }
    let place = scalar.place();
    if scalar.text().contains('$') {
        let before = variables.unknown.len();
        *node = variables.expand(scalar.text());
        node.set_place(place);
        for (_, unknown) in variables.unknown.iter_mut().skip(before) {
            *unknown = place;
        }
    } else {
        scalar.set_kind(ScalarKind::Str);
        scalar.set_style(Style::Plain);
    }
}

/// Why the field of a variable can't be read.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum FieldError {
    /// There is no such field.
    #[error("no field named '{0}'")]
    Missing(SmolStr),
    /// The path does not fit the object.
    #[error(transparent)]
    Lookup(#[from] LookupError),
    /// A number in a notation that the original does not read here, such as `0x10`.
    #[error("parsing \"{0}\": invalid syntax")]
    Number(SmolStr),
}

/// Value of a variable: the field at `path` (dots, `\.`, `[a.b]`, `name[0]`) with the type that the original reads.
///
/// Whole numbers are read as decimal, so `0644` is 644, and other notations are errors. A null is the text it was
/// written with.
pub fn field(object: &Value, path: &str) -> Result<Value, FieldError> {
    let found = lookup(object, &field_path::split_indices(path))?;
    let found = found.ok_or_else(|| FieldError::Missing(path.into()))?;
    let Value::Scalar(scalar) = found else { return Ok(found.clone()) };
    let text = scalar.text();
    let refused = || FieldError::Number(text.into());
    let (kind, text) = match scalar.kind() {
        ScalarKind::Int => (ScalarKind::Int, text.parse::<i64>().map_err(|_| refused())?.to_string().into()),
        ScalarKind::Float if text.trim_start_matches(['+', '-']).starts_with(".i") => return Err(refused()),
        ScalarKind::Float => {
            (ScalarKind::Float, text.parse::<f64>().map_err(|_| refused())?.to_string().into())
        }
        ScalarKind::Bool => (ScalarKind::Bool, scalar.shared_text().clone()),
        _ => (ScalarKind::Str, scalar.shared_text().clone()),
    };
    Ok(Value::Scalar(Scalar::placed(kind, text, Style::Plain, scalar.place())))
}

#[cfg(test)]
mod tests {
    use super::super::field_spec::FieldSpec;
    use super::super::testing::{json, show};
    use super::*;

    fn variables() -> Variables {
        let values = json(r#"{"A":"a","REF":"$(A)","E":"","I":5,"F":1.5,"B":true,"M":{"x":1}}"#);
        let entries = values.as_map().unwrap().iter();
        Variables::new(entries.map(|(name, value)| (name.as_str().into(), value.clone())))
    }

    #[test]
    fn references_are_expanded() {
        for (text, expected) in [
            ("$(A)", r#""a""#),
            ("$(A)-$(A)", r#""a-a""#),
            ("$$(A)_$(A)", r#""$(A)_a""#),
            ("f-$$A", r#""f-$A""#),
            ("$(A$(B))", r#""$(A$(B))""#),
            ("$(A$(B)", r#""$(A$(B)""#),
            ("$(REF)", r#""$(A)""#),
            ("x$(E)y", r#""xy""#),
            ("x$(A", r#""x$(A""#),
            ("$?_$!$", r#""$?_$!$""#),
            ("$$$$$$(A)", r#""$$$(A)""#),
            ("$$$$$(A)", r#""$$a""#),
            ("$$", r#""$""#),
            ("$é(A)", r#""$é(A)""#),
            ("$(I)", "5"),
            ("x$(I)", r#""x5""#),
            ("$(F)", "1.5"),
            ("$(B)$(F)", r#""true1.5""#),
            ("$(B)", "true"),
            ("$(M)", r#""$(M)""#),
            ("$(NONE)", r#""$(NONE)""#),
            ("$()", r#""$()""#),
        ] {
            assert_eq!(show(&variables().expand(text)), expected, "{text}");
        }
    }

    #[test]
    fn uses_are_counted() {
        let mut variables = variables();
        variables.expand("$(A)-$(A) $(M) $$(E)");
        assert_eq!(variables.uses("A"), 2);
        assert_eq!(variables.unused().collect::<Vec<_>>(), ["B", "E", "F", "I", "M", "REF"]);
        assert_eq!(variables.refused().collect::<Vec<_>>(), ["M"]);
    }

    #[test]
    fn fields_are_expanded_one_level_deep() {
        let spec = CompiledSpec::new(&FieldSpec { path: "d".into(), ..FieldSpec::default() });
        for (object, expected) in [
            (r#"{"d":"$(I)"}"#, r#"{"d":5}"#),
            (r#"{"d":1}"#, r#"{"d":1}"#),
            (r#"{"d":null}"#, r#"{"d":null}"#),
            (r#"{"d":["$(A)","$(B)"]}"#, r#"{"d":["a",true]}"#),
            (r#"{"d":{"x":"$(A)","y":1,"z":["$(A)"]}}"#, r#"{"d":{"x":"a","y":1,"z":["$(A)"]}}"#),
            (
                r#"{"d":["x",false]}"#,
                "considering field 'd' of object [noKind].[noVer].[noGrp]/[noName].[noNs]: invalid value type expect a string",
            ),
        ] {
            let mut object = json(object);
            let result = apply(&spec, &mut object, &mut variables());
            assert_eq!(result.map_or_else(|error| error.to_string(), |()| show(&object)), expected);
        }
    }

    #[test]
    fn fields_of_variables_have_their_type() {
        let mut object = json(r#"{"a":{"l":[{"x":"q"}]},"i":5,"t":"1","m":{"k":1},"n":null}"#);
        let octal = Scalar::new(ScalarKind::Int, "0644", Style::Plain);
        object.as_map_mut().unwrap().push("o".into(), octal.into());
        for (path, expected) in [
            ("a.l[0].x", r#""q""#),
            ("i", "5"),
            ("o", "644"),
            ("t", r#""1""#),
            ("m", r#"{"k":1}"#),
            ("n", r#""null""#),
            ("z", "no field named 'z'"),
            ("i.z", "wrong node kind: expected MappingNode but got ScalarNode"),
        ] {
            let found = field(&object, path).map_or_else(|error| error.to_string(), |value| show(&value));
            assert_eq!(found, expected, "{path}");
        }
    }

    #[test]
    fn floats_are_printed_as_go_does() {
        for (value, expected) in [
            (1.5, "1.5"),
            (999_999.5, "999999.5"),
            (1e6, "1e+06"),
            (1_234_567.5, "1.2345675e+06"),
            (1e21, "1e+21"),
            (0.00001, "1e-05"),
        ] {
            assert_eq!(Number::Float(value).to_go_text().as_deref(), Some(expected));
        }
    }
}
