//! Replacements and variables.

use super::super::build::Build;
use super::super::file::{FieldOptionsConfig, ReplacementField, Var};
use super::super::replacement::{ReplacementNote, Target};
use super::super::variables::Variables;
use super::codes::{
    DELIMITER_IGNORED, OPTION_IGNORED, PATH_PATTERN_INEXACT, REPLACEMENT_LOST, REPLACEMENT_MATCHED_NOTHING,
    SCALAR_EMPTIED, VARIABLE_NOT_SCALAR, VARIABLE_UNKNOWN, VARIABLE_UNUSED,
};
use gitops_core::value::{Place, Value};
use smol_str::SmolStr;
use std::collections::HashSet;
use std::sync::Arc;

/// Options of a replacement that nothing looks at.
pub(crate) fn options(build: &mut Build<'_>, entry: &ReplacementField) {
    let source = entry.source.as_ref().and_then(|source| source.options.as_ref());
    if let Some(options) = source {
        if options.create {
            build.warn(options.place, OPTION_IGNORED.says("the option 'create' has no effect on a source"));
        }
        common_options(build, options);
    }
    for options in entry.targets.iter().flatten().filter_map(|target| target.options.as_ref()) {
        common_options(build, options);
    }
}

fn common_options(build: &mut Build<'_>, options: &FieldOptionsConfig) {
    if !options.encoding.is_empty() {
        build.warn(
            options.place,
            OPTION_IGNORED.says(format!("the option 'encoding: {}' has no effect", options.encoding)),
        );
    } else if options.index != 0 && options.delimiter.is_empty() {
        build
            .warn(options.place, OPTION_IGNORED.says("the option 'index' has no effect without 'delimiter'"));
    }
}

/// A target of a replacement that selects nothing.
pub(crate) fn matched_nothing(build: &mut Build<'_>, selector: &str, place: Place) {
    let message = format!("the replacement has no effect: no resource has {selector}");
    build.warn(place, REPLACEMENT_MATCHED_NOTHING.says(message));
}

/// What a replacement did to its targets that its author may not expect.
pub(crate) fn replaced(build: &mut Build<'_>, target: &Target, notes: &[ReplacementNote], place: Place) {
    let path = |number: usize| {
        target.paths().get(number).map(super::super::path_match::TargetPath::text).unwrap_or_default()
    };
    for note in notes {
        let diagnostic = match *note {
            ReplacementNote::Lost(number) => {
                REPLACEMENT_LOST.says(format!("the replacement changes nothing at '{}'", path(number)))
            }
            ReplacementNote::DelimiterIgnored(number) => DELIMITER_IGNORED
                .says(format!("the delimiter is ignored at '{}', which is inside a text", path(number))),
            ReplacementNote::EmptiedScalar(number, _) => SCALAR_EMPTIED
                .says(format!("the source is a list or map, so '{}' becomes an empty text", path(number))),
            ReplacementNote::Inexact(number) => PATH_PATTERN_INEXACT.says(format!(
                "'{}' also finds elements that only contain the value: it is a pattern",
                path(number)
            )),
        };
        build.warn(place, diagnostic);
    }
}

/// Variables that were put in nowhere, or could not be.
pub(crate) fn variables(build: &mut Build<'_>, vars: &[&Arc<Var>], variables: &Variables) {
    let place =
        |name: &str| vars.iter().find(|var| var.name == name).map(|var| var.place).unwrap_or_default();
    for name in variables.refused() {
        let message = format!("var '{name}' is a list or map, so references to it stay as they are");
        build.warn(place(name), VARIABLE_NOT_SCALAR.says(message));
    }
    let refused: HashSet<&str> = variables.refused().collect();
    for name in variables.unused().filter(|name| !refused.contains(name)) {
        build.warn(
            place(name),
            VARIABLE_UNUSED.says(format!("var '{name}' is defined but never put in anywhere")),
        );
    }
}

/// References to unknown variables; those that a container's environment defines are Kubernetes' own business.
pub(crate) fn unknown_variables(build: &mut Build<'_>, object: &Value, names: &[(SmolStr, Place)]) {
    if names.is_empty() {
        return;
    }
    let Some(environment) = environment(object) else { return };
    for (name, place) in names.iter().filter(|(name, _)| !environment.contains(name.as_str())) {
        let service = ["_SERVICE_HOST", "_SERVICE_PORT"].iter().any(|suffix| name.ends_with(suffix));
        if !service {
            build.warn(
                *place,
                VARIABLE_UNKNOWN.says(format!("'$({name})' stays as it is: no var has this name")),
            );
        }
    }
}

/// Names of all `env` in an object; nothing where `envFrom` may define any.
fn environment(object: &Value) -> Option<HashSet<&str>> {
    let mut names = HashSet::new();
    let mut pending = vec![object];
    while let Some(value) = pending.pop() {
        match value {
            Value::Scalar(_) => {}
            Value::Seq(list) => pending.extend(list.iter()),
            Value::Map(map) => {
                if map.contains_key("envFrom") {
                    return None;
                }
                let env = map.get("env").and_then(Value::as_seq);
                names.extend(env.into_iter().flatten().filter_map(|entry| entry.get("name")?.as_text()));
                pending.extend(map.values());
            }
        }
    }
    Some(names)
}
