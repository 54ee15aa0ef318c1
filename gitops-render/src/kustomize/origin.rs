//! Where a resource came from, for `buildMetadata: [originAnnotations, transformerAnnotations]`.
//!
//! Paths are as the original prints them: relative to the root kustomization, joined lexically. The annotation's text
//! is YAML with two-space indentation, written like any other.

use gitops_core::value::{Map, Seq, Value};
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

    /// Whether the build must keep origins at all.
    pub(crate) fn tracks(self) -> bool {
        self.origins || self.transformations
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

    fn value(&self) -> Value {
        let mut map = Map::new();
        let mut set = |key: &str, text: &str| {
            if !text.is_empty() {
                map.insert(key, Value::from(text));
            }
        };
        set("path", &self.path);
        set("configuredIn", &self.configured_in);
        if let Some(by) = &self.configured_by {
            let pairs = [("apiVersion", &by.api_version), ("kind", &by.kind), ("name", &by.name), ("namespace", &by.namespace)];
            let inner = pairs.into_iter().filter(|(_, text)| !text.is_empty()).map(|(key, text)| (key, Value::from(text.as_str())));
            map.insert("configuredBy", Value::from(Map::from_iter(inner)));
        }
        Value::from(map)
    }

    /// The text of the origin annotation.
    pub(crate) fn text(&self) -> String {
        yaml::to_string(&self.value()).unwrap_or_default()
    }
}

/// The text of the transformations annotation.
pub(crate) fn transformations_text<'a>(origins: impl Iterator<Item = &'a Origin>) -> String {
    let items: Seq = origins.map(Origin::value).collect();
    yaml::to_string(&Value::from(items)).unwrap_or_default()
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
        for (base, path, joined) in
            [("", "a.yaml", "a.yaml"), ("../base", "x.yaml", "../base/x.yaml"), ("../a", "../b", "../b"), ("", "../b", "../b"), ("a", "..", ".")]
        {
            assert_eq!(join_lexically(base, path), joined);
        }
    }
}
