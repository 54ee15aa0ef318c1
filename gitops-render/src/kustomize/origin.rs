//! Where a resource came from, for `buildMetadata: [originAnnotations, transformerAnnotations]`.
//!
//! Paths are as the original prints them: relative to the root kustomization, joined lexically. The annotation's text
//! is YAML with two-space indentation, written like any other.

use gitops_core::value::Value;
use gitops_core::yaml;

pub(crate) const ORIGIN_ANNOTATION: &str = "config.kubernetes.io/origin";
pub(crate) const TRANSFORMATIONS_ANNOTATION: &str = "alpha.config.kubernetes.io/transformations";

/// What `buildMetadata` of the root asks for.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub(crate) struct BuildMetadata {
    pub(crate) any: bool,
    pub(crate) origins: bool,
    pub(crate) transformations: bool,
    pub(crate) managed_by: bool,
}

impl BuildMetadata {
    pub(crate) fn parse<'a>(words: impl Iterator<Item = &'a str>) -> Self {
        let mut metadata = Self::default();
        for word in words {
            metadata.any = true;
            match word {
                "originAnnotations" => metadata.origins = true,
                "transformerAnnotations" => metadata.transformations = true,
                "managedByLabel" => metadata.managed_by = true,
                _ => {}
            }
        }
        metadata
    }
}

/// Where an object or a change came from.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
pub(crate) struct Origin {
    pub(crate) path: String,
    pub(crate) configured_in: String,
    pub(crate) configured_by: Option<ConfiguredBy>,
}

/// The generator or transformer that made it.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
pub(crate) struct ConfiguredBy {
    pub(crate) api_version: String,
    pub(crate) kind: String,
    pub(crate) name: String,
    pub(crate) namespace: String,
}

impl Origin {
    /// The object stood in a file.
    pub(crate) fn of_file(path: String) -> Self {
        Self { path, ..Self::default() }
    }

    /// The text of the origin annotation: a map in the order of the original's struct.
    pub(crate) fn text(&self) -> String {
        let mut lines = String::new();
        for (field, text) in [("path", &self.path), ("configuredIn", &self.configured_in)] {
            push_field(&mut lines, "", field, text);
        }
        if let Some(by) = &self.configured_by {
            lines.push_str("configuredBy:\n");
            let fields = [
                ("apiVersion", &by.api_version),
                ("kind", &by.kind),
                ("name", &by.name),
                ("namespace", &by.namespace),
            ];
            for (field, text) in fields {
                push_field(&mut lines, "  ", field, text);
            }
        }
        lines
    }
}

fn push_field(lines: &mut String, indentation: &str, field: &str, text: &str) {
    if text.is_empty() {
        return;
    }
    // The writer quotes where that is needed, and ends the line.
    let text = yaml::to_string(&Value::from(text)).unwrap_or_default();
    lines.push_str(indentation);
    lines.push_str(field);
    lines.push_str(": ");
    lines.push_str(&text);
}

/// The text of the transformations annotation: a list of origins.
pub(crate) fn transformations_text<'a>(origins: impl Iterator<Item = &'a Origin>) -> String {
    let mut list = String::new();
    for origin in origins {
        for (number, line) in origin.text().lines().enumerate() {
            list.push_str(if number == 0 { "- " } else { "  " });
            list.push_str(line);
            list.push('\n');
        }
    }
    list
}

/// Joins two relative paths as Go's `path.Join` does: `a/../../b` becomes `../b`.
pub(crate) fn join_lexically(base: &str, path: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in base.split('/').chain(path.split('/')) {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    if parts.is_empty() { ".".to_owned() } else { parts.join("/") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_join_lexically() {
        for (base, path, joined) in [
            ("", "a.yaml", "a.yaml"),
            ("../base", "x.yaml", "../base/x.yaml"),
            ("../a", "../b", "../b"),
            ("", "../b", "../b"),
            ("a", "..", "."),
        ] {
            assert_eq!(join_lexically(base, path), joined);
        }
    }
}
