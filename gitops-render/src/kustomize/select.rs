//! Choosing resources by selector, as the targets of patches and replacements do.
//!
//! Group, version, kind, name and namespace are regular expressions that must match the whole text; an empty one
//! matches anything. Name and namespace may match the first or the present identity, group, version and kind only the
//! present one. A missing namespace is `default`, that of a cluster-scoped object `_non_namespaceable_`
//! (api/types/selector.go and api/resmap/reswrangler.go of kustomize 5.8.1).

use super::error::{Error, code};
use super::file::Selector;
use super::go_regexp::{self, GoRegexpError};
use super::resource::Resource;
use gitops_core::object::{Gvk, ResId};
use gitops_core::selector::Selector as LabelSelector;
use gitops_core::value::Value;
use regex::Regex;

/// A selector, compiled.
#[derive(Clone, Debug)]
pub(crate) struct Selection {
    group: Pattern,
    version: Pattern,
    kind: Pattern,
    name: Pattern,
    namespace: Pattern,
    labels: Option<LabelSelector>,
    annotations: Option<LabelSelector>,
}

/// A regular expression that must match the whole text.
#[derive(Clone, Debug)]
enum Pattern {
    Any,
    Exact(String),
    Regex(Regex),
}

impl Pattern {
    fn compile(text: &str) -> Result<Self, GoRegexpError> {
        if text.is_empty() {
            return Ok(Self::Any);
        }
        if text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'/')) {
            return Ok(Self::Exact(text.to_owned()));
        }
        go_regexp::compile(&format!("^(?:{text})$")).map(Self::Regex)
    }

    fn matches(&self, text: &str) -> bool {
        match self {
            Self::Any => true,
            Self::Exact(wanted) => wanted == text,
            Self::Regex(regex) => regex.is_match(text),
        }
    }
}

impl Selection {
    pub(crate) fn compile(selector: &Selector) -> Result<Self, Error> {
        let pattern = |text: &str| {
            Pattern::compile(text).map_err(|error| {
                Error::new(code::SELECTOR, format!("error parsing regexp `^(?:{text})$`: {error}"))
                    .at(selector.place)
            })
        };
        let labels = |text: &str| -> Result<Option<LabelSelector>, Error> {
            if text.is_empty() {
                return Ok(None);
            }
            text.parse::<LabelSelector>().map(Some).map_err(|error| {
                Error::new(code::SELECTOR, format!("selector '{text}': {error}")).at(selector.place)
            })
        };
        Ok(Self {
            group: pattern(&selector.group)?,
            version: pattern(&selector.version)?,
            kind: pattern(&selector.kind)?,
            name: pattern(&selector.name)?,
            namespace: pattern(&selector.namespace)?,
            labels: labels(&selector.label_selector)?,
            annotations: labels(&selector.annotation_selector)?,
        })
    }

    pub(crate) fn matches(&self, resource: &Resource) -> bool {
        let id = resource.id();
        if !self.matches_gvk(&id.gvk) {
            return false;
        }
        let first = resource.previous.first();
        let fits = |pattern: &Pattern, now: &str, before: Option<&str>| {
            pattern.matches(now) || before.is_some_and(|before| pattern.matches(before))
        };
        let first_namespace = first.map(|_| resource.original_id());
        fits(&self.name, &id.name, first.map(|first| first.name.as_str()))
            && fits(
                &self.namespace,
                id.effective_namespace(),
                first_namespace.as_ref().map(ResId::effective_namespace),
            )
            && matches_pairs(self.labels.as_ref(), resource.value(), "labels")
            && matches_pairs(self.annotations.as_ref(), resource.value(), "annotations")
    }

    /// Whether group, version and kind fit.
    pub(crate) fn matches_gvk(&self, gvk: &Gvk) -> bool {
        self.group.matches(&gvk.group) && self.version.matches(&gvk.version) && self.kind.matches(&gvk.kind)
    }

    /// Whether group, version, kind, name and namespace fit one identity, the way replacements look at each.
    pub(crate) fn matches_id(&self, id: &ResId) -> bool {
        self.matches_gvk(&id.gvk) && self.name.matches(&id.name) && self.namespace.matches(&id.namespace)
    }

    /// Whether labels and annotations fit.
    pub(crate) fn matches_metadata(&self, resource: &Resource) -> bool {
        matches_pairs(self.labels.as_ref(), resource.value(), "labels")
            && matches_pairs(self.annotations.as_ref(), resource.value(), "annotations")
    }
}

fn matches_pairs(selector: Option<&LabelSelector>, object: &Value, field: &str) -> bool {
    let Some(selector) = selector else { return true };
    let pairs = object.get("metadata").and_then(|metadata| metadata.get(field));
    selector.matches_by(|key| pairs.and_then(|pairs| pairs.get(key)).and_then(Value::as_text))
}

/// `Kind.version.group/name.namespace:a=annotations:l=labels`, as the original names a selector.
pub(crate) fn described(selector: &Selector) -> String {
    let or = |text: &str, none: &str| if text.is_empty() { none.to_owned() } else { text.to_owned() };
    format!(
        "{}.{}.{}/{}.{}:a={}:l={}",
        or(&selector.kind, "[noKind]"),
        or(&selector.version, "[noVer]"),
        or(&selector.group, "[noGrp]"),
        or(&selector.name, "[noName]"),
        or(&selector.namespace, "[noNs]"),
        selector.annotation_selector,
        selector.label_selector,
    )
}
