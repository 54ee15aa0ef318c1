//! The `LabelSelector` object of Kubernetes' APIs.

use super::{Operator, Requirement, Selector, SelectorError};
use crate::value::{Seq, Value};
use smol_str::SmolStr;

impl Selector {
    /// Compiles a `LabelSelector`: `matchLabels` and `matchExpressions`, of which all must hold.
    ///
    /// The empty object holds for everything. What a *missing* selector means differs from field to field, so null
    /// is refused here. Other fields are ignored.
    ///
    /// ```
    /// use gitops_core::selector::Selector;
    /// use gitops_core::value::{Map, Value};
    /// let labels = Map::from_iter([("app", Value::from("web"))]);
    /// let object = Value::from(Map::from_iter([("matchLabels", Value::from(labels.clone()))]));
    /// assert!(Selector::from_object(&object).unwrap().matches(Some(&labels)));
    /// ```
    pub fn from_object(object: &Value) -> Result<Self, SelectorError> {
        let Some(fields) = object.as_map() else {
            return Err(SelectorError::Shape { field: "the whole", expected: "a map" });
        };
        let mut requirements = Vec::new();
        if let Some(labels) = fields.get("matchLabels").filter(|labels| !labels.is_null()) {
            let wrong = SelectorError::Shape { field: "matchLabels", expected: "a map of strings" };
            for (key, value) in labels.as_map().ok_or(wrong.clone())?.iter() {
                let value = value.as_str().ok_or(wrong.clone())?;
                requirements.push(Requirement::new(key.as_str(), Operator::In(vec![value.into()]))?);
            }
        }
        if let Some(expressions) = fields.get("matchExpressions").filter(|expressions| !expressions.is_null())
        {
            let wrong = SelectorError::Shape { field: "matchExpressions", expected: "a list of maps" };
            for expression in expressions.as_seq().ok_or(wrong.clone())? {
                requirements.push(requirement(expression)?);
            }
        }
        Ok(Self::new(requirements))
    }
}

fn requirement(expression: &Value) -> Result<Requirement, SelectorError> {
    let text = |field: &'static str| {
        let value = expression.get(field).and_then(Value::as_str);
        value.ok_or(SelectorError::Shape { field, expected: "a string" })
    };
    let key = text("key")?;
    let values = values(expression)?;
    let none_of = |operator| if values.is_empty() { Ok(operator) } else { Err(()) };
    let operator = match text("operator")? {
        "In" => Ok(Operator::In(values)),
        "NotIn" => Ok(Operator::NotIn(values)),
        "Exists" => none_of(Operator::Exists),
        "DoesNotExist" => none_of(Operator::DoesNotExist),
        operator => {
            return Err(SelectorError::Operator { key: key.to_owned(), operator: operator.to_owned() });
        }
    };
    let operator = operator.map_err(|()| SelectorError::UnwantedValues { key: key.to_owned() })?;
    Requirement::new(key, operator)
}

fn values(expression: &Value) -> Result<Vec<SmolStr>, SelectorError> {
    let wrong = SelectorError::Shape { field: "values", expected: "a list of strings" };
    let Some(values) = expression.get("values").filter(|values| !values.is_null()) else {
        return Ok(Vec::new());
    };
    let mut texts = values
        .as_seq()
        .map_or(&[][..], Seq::items)
        .iter()
        .map(|value| value.as_str().map(SmolStr::new))
        .collect::<Option<Vec<_>>>()
        .filter(|_| values.is_seq())
        .ok_or(wrong)?;
    texts.sort_unstable();
    texts.dedup();
    Ok(texts)
}
