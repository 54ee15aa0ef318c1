//! What is asked: `[NAMESPACE/]KIND[.GROUP]/NAME[:PATH]`.

use gitops_core::field_path::{FieldPath, FieldPathError};
use gitops_core::pointer::{Pointer, PointerError};
use smol_str::SmolStr;
use std::fmt;
use std::str::FromStr;

/// A question about one object, or one of its fields.
///
/// ```
/// use gitops_render::explain::Query;
/// let query: Query = "shop/Deployment.apps/web:spec.containers[name=app].image".parse().unwrap();
/// assert_eq!(query.to_string(), "shop/Deployment.apps/web:spec.containers[name=app].image");
/// assert!("Deployment".parse::<Query>().is_err());
/// ```
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Query {
    pub(super) namespace: Option<SmolStr>,
    pub(super) kind: SmolStr,
    pub(super) group: Option<SmolStr>,
    /// The ways to read the rest, the longest name first: names of roles hold colons, too.
    pub(super) readings: Vec<Reading>,
}

/// A name with the path of a field.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Reading {
    pub(super) name: SmolStr,
    pub(super) path: Path,
}

/// The path of a field in one of its two notations.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Path {
    Pointer(Pointer),
    Fields(FieldPath),
}

/// Why a text is no query.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum QueryError {
    /// Not two or three parts between slashes before the path.
    #[error(
        "not an object: {text:?}; write KIND/NAME or NAMESPACE/KIND.GROUP/NAME, and :PATH for a field of it"
    )]
    Form {
        /// The text.
        text: String,
    },
    /// A part is empty.
    #[error("the {part} is empty in {text:?}")]
    Empty {
        /// `namespace`, `kind`, `group` or `name`.
        part: &'static str,
        /// The text.
        text: String,
    },
    /// What follows the colon begins with `/` and is no JSON pointer.
    #[error("bad path in {text:?}")]
    Pointer {
        /// The text.
        text: String,
        /// Why.
        source: PointerError,
    },
    /// What follows the colon is no path of fields.
    #[error("bad path in {text:?}")]
    FieldPath {
        /// The text.
        text: String,
        /// Why.
        source: FieldPathError,
    },
}

impl FromStr for Query {
    type Err = QueryError;

    fn from_str(text: &str) -> Result<Self, QueryError> {
        let form = || QueryError::Form { text: text.to_owned() };
        let head_len = text.find(':').unwrap_or(text.len());
        let (head, _) = text.split_at(head_len);
        let parts: Vec<&str> = head.split('/').collect();
        let (namespace, kind, name) = match parts.as_slice() {
            [kind, name] => (None, *kind, *name),
            [namespace, kind, name] => (Some(*namespace), *kind, *name),
            _ => return Err(form()),
        };
        let (kind, group) = match kind.split_once('.') {
            Some((kind, group)) => (kind, Some(group)),
            None => (kind, None),
        };
        let given = [("namespace", namespace), ("kind", Some(kind)), ("group", group), ("name", Some(name))];
        if let Some((part, _)) = given.into_iter().find(|(_, text)| *text == Some("")) {
            return Err(QueryError::Empty { part, text: text.to_owned() });
        }
        let rest = text.get(head_len - name.len()..).unwrap_or_default();
        Ok(Self {
            namespace: namespace.map(SmolStr::new),
            kind: kind.into(),
            group: group.map(SmolStr::new),
            readings: readings(rest, text)?,
        })
    }
}

/// The ways to read `NAME[:PATH]`. The one that divides at the first colon must be right in itself.
fn readings(rest: &str, text: &str) -> Result<Vec<Reading>, QueryError> {
    let whole = Reading { name: rest.into(), path: Path::Fields(FieldPath::default()) };
    let mut readings = vec![whole];
    for (at, _) in rest.rmatch_indices(':') {
        let (name, path) = rest.split_at(at);
        let path = path.get(1..).unwrap_or_default();
        match Path::parse(path, text) {
            Ok(path) => readings.push(Reading { name: name.into(), path }),
            Err(error) if !name.contains(':') => return Err(error),
            Err(_) => {}
        }
    }
    Ok(readings)
}

impl Path {
    fn parse(path: &str, text: &str) -> Result<Self, QueryError> {
        if path.starts_with('/') {
            let error = |source| QueryError::Pointer { text: text.to_owned(), source };
            return path.parse().map(Self::Pointer).map_err(error);
        }
        path.parse()
            .map(Self::Fields)
            .map_err(|source| QueryError::FieldPath { text: text.to_owned(), source })
    }

    pub(super) fn is_root(&self) -> bool {
        match self {
            Self::Pointer(pointer) => pointer.tokens().is_empty(),
            Self::Fields(path) => path.steps().is_empty(),
        }
    }
}

impl Query {
    /// The reading that divides at the first colon: what a person most likely means.
    pub(super) fn plain(&self) -> Option<&Reading> {
        self.readings.last()
    }
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Pointer(pointer) => pointer.fmt(f),
            Self::Fields(path) => path.fmt(f),
        }
    }
}

/// A text that asks the same.
impl fmt::Display for Query {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(namespace) = &self.namespace {
            write!(f, "{namespace}/")?;
        }
        f.write_str(&self.kind)?;
        if let Some(group) = &self.group {
            write!(f, ".{group}")?;
        }
        let Some(Reading { name, path }) = self.plain() else { return Ok(()) };
        write!(f, "/{name}")?;
        if path.is_root() { Ok(()) } else { write!(f, ":{path}") }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_and_what_they_ask() {
        for (text, namespace, group, name, path) in [
            ("Deployment/web", None, None, "web", ""),
            ("Deployment.apps/web", None, Some("apps"), "web", ""),
            (
                "shop/Route.networking.example.com/web",
                Some("shop"),
                Some("networking.example.com"),
                "web",
                "",
            ),
            ("Deployment/web:/spec/replicas", None, None, "web", "/spec/replicas"),
            (
                "Deployment/web:metadata.labels[app.kubernetes.io/name]",
                None,
                None,
                "web",
                "metadata.labels[\"app.kubernetes.io/name\"]",
            ),
            ("a/ConfigMap/b:data[\"a:b\"]", Some("a"), None, "b", "data.a:b"),
            ("a/ConfigMap/b:/data/a:b", Some("a"), None, "b", "/data/a:b"),
        ] {
            let query: Query = text.parse().unwrap();
            let plain = query.plain().unwrap();
            assert_eq!(
                (
                    query.namespace.as_deref(),
                    query.group.as_deref(),
                    plain.name.as_str(),
                    plain.path.to_string().as_str()
                ),
                (namespace, group, name, path),
                "{text}"
            );
            let again: Query = query.to_string().parse().unwrap();
            assert_eq!(again.plain(), query.plain(), "{text}");
        }
    }

    #[test]
    fn names_with_colons_are_read_in_several_ways() {
        let query: Query = "ClusterRole/system:node:rules[0]".parse().unwrap();
        let names: Vec<&str> = query.readings.iter().map(|reading| reading.name.as_str()).collect();
        assert_eq!(names, ["system:node:rules[0]", "system:node", "system"]);
    }

    #[test]
    fn refused_texts() {
        for (text, message) in [
            (
                "",
                "not an object: \"\"; write KIND/NAME or NAMESPACE/KIND.GROUP/NAME, and :PATH for a field of it",
            ),
            (
                "web",
                "not an object: \"web\"; write KIND/NAME or NAMESPACE/KIND.GROUP/NAME, and :PATH for a field of it",
            ),
            (
                "a/b/c/d",
                "not an object: \"a/b/c/d\"; write KIND/NAME or NAMESPACE/KIND.GROUP/NAME, and :PATH for a field of it",
            ),
            ("/Deployment/web", "the namespace is empty in \"/Deployment/web\""),
            ("Deployment./web", "the group is empty in \"Deployment./web\""),
            ("Deployment/", "the name is empty in \"Deployment/\""),
            ("/web", "the kind is empty in \"/web\""),
            ("Deployment/web:/a~", "bad path in \"Deployment/web:/a~\""),
            ("Deployment/web:a..b", "bad path in \"Deployment/web:a..b\""),
        ] {
            assert_eq!(text.parse::<Query>().unwrap_err().to_string(), message);
        }
    }
}
