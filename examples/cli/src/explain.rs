//! Where fields came from, for `render --explain`.

use crate::arguments::Format;
use crate::ground::{self, Ground};
use crate::render::Answer;
use gitops::core::json::{self, Flavour};
use gitops::core::value::Location;
use gitops::render::explain::{Explanation, Query};
use gitops::{Diagnostic, Rendered, Value};
use std::fmt::Write;
use std::sync::Arc;

/// The code of an error about a query that names nothing.
pub(crate) const MATCHED_NOTHING: &str = "explain-matched-nothing";

/// Explains what a query names in a rendered root.
pub(crate) fn explain(
    ground: &Ground,
    rendered: &Rendered,
    query: &Query,
) -> Result<Vec<Explanation>, Diagnostic> {
    let explanations = ground.session().explain_rendered(rendered, query);
    let mut explanations =
        explanations.map_err(|error| Diagnostic::error(MATCHED_NOTHING, error.to_string()))?;
    let here = ground::here();
    let show = |location: &mut Option<Location>| {
        if let Some(location) = location {
            location.file = Arc::from(ground.shown(&location.file, here.as_deref()));
        }
    };
    for change in explanations
        .iter_mut()
        .flat_map(|explanation| &mut explanation.fields)
        .flat_map(|field| &mut field.chain)
    {
        show(&mut change.configured);
        show(&mut change.written);
    }
    Ok(explanations)
}

/// Explanations in a form; in text, the root's name comes first where there are several.
pub(crate) fn answer(
    explanations: &[Explanation],
    root: Option<&str>,
    format: Format,
) -> Result<Answer, Diagnostic> {
    let refused = |error: json::WriteError| Diagnostic::error("output", error.to_string());
    match format {
        Format::Text | Format::Yaml => {
            let mut text = root.map(|root| format!("# {root}\n")).unwrap_or_default();
            for explanation in explanations {
                // Writing to a string does not fail.
                let _ = write!(text, "{explanation}");
            }
            Ok(Answer::Bytes(text.into_bytes()))
        }
        Format::Ndjson => {
            let mut bytes = Vec::new();
            for explanation in explanations {
                json::write(&explanation.to_value(), Flavour::Compact, &mut bytes).map_err(refused)?;
                bytes.push(b'\n');
            }
            Ok(Answer::Bytes(bytes))
        }
        Format::Json => {
            let values: Vec<Value> = explanations.iter().map(Explanation::to_value).collect();
            Ok(Answer::Objects(values))
        }
    }
}
