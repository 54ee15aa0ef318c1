//! What tags make of scalars; collections ignore theirs.

use crate::value::{Number, Scalar, ScalarKind, Style, Timestamp, base64};
use crate::yaml::error::ErrorKind;
use crate::yaml::resolve::{Dialect, resolve};

/// Prefix of the tags that `!!` stands for.
pub(super) const CORE: &str = "tag:yaml.org,2002:";

/// A tagged scalar. The tag is spent: a string gets a style that keeps it one, a number becomes plain.
pub(super) fn scalar(tag: &str, text: &str, style: Style, dialect: Dialect) -> Result<Scalar, ErrorKind> {
    if tag == "!" {
        return Ok(match dialect {
            Dialect::Kustomize if style == Style::Plain => Scalar::new(resolve(text, dialect), text, style),
            _ => string(text, style),
        });
    }
    let Some(name) = tag.strip_prefix(CORE) else { return Ok(string(text, style)) };
    let wanted = match name {
        "null" => ScalarKind::Null,
        "bool" => ScalarKind::Bool,
        "int" => ScalarKind::Int,
        "float" => ScalarKind::Float,
        "timestamp" => ScalarKind::Timestamp,
        "binary" => {
            let decoded = base64::decode(text).ok_or(ErrorKind::Binary)?;
            return Ok(match dialect {
                Dialect::Kustomize => Scalar::new(ScalarKind::Binary, text, style),
                Dialect::Kubectl => string(&decoded, style),
            });
        }
        _ => return Ok(string(text, style)),
    };
    let found = match (wanted, Timestamp::parse(text)) {
        (ScalarKind::Timestamp, Some(_)) => ScalarKind::Timestamp,
        // Only an explicit tag makes a date of a quoted text, and only it; other tags do not see dates.
        (_, Some(_)) => ScalarKind::Str,
        _ => resolve(text, dialect),
    };
    match (wanted, found) {
        (ScalarKind::Float, ScalarKind::Int) => match Number::parse(text) {
            Some(Number::Int(value)) => Ok(Scalar::new(ScalarKind::Float, value.to_string(), Style::Plain)),
            _ => Err(mismatch(name, text)),
        },
        (ScalarKind::Timestamp, ScalarKind::Timestamp) if dialect == Dialect::Kubectl => {
            Ok(string(text, style))
        }
        (wanted, found) if wanted == found => Ok(Scalar::new(found, text, Style::Plain)),
        _ => Err(mismatch(name, text)),
    }
}

/// The scalar that a tag without a text stands for; nothing where it is null.
pub(super) fn empty(tag: Option<&str>, dialect: Dialect) -> Result<Option<Scalar>, ErrorKind> {
    let Some(tag) = tag else { return Ok(None) };
    let scalar = scalar(tag, "", Style::Plain, dialect)?;
    Ok(if scalar.kind() == ScalarKind::Null { None } else { Some(scalar) })
}

/// Whether `<<` with this tag and style asks for a merge.
pub(super) fn allows_merge(tag: Option<&str>, style: Style) -> bool {
    match tag {
        None | Some("!") => style == Style::Plain,
        Some(tag) => tag.strip_prefix(CORE) == Some("merge"),
    }
}

fn string(text: &str, style: Style) -> Scalar {
    let style = if style == Style::Plain { Style::Double } else { style };
    Scalar::new(ScalarKind::Str, text, style)
}

fn mismatch(name: &str, text: &str) -> ErrorKind {
    ErrorKind::TagMismatch { tag: format!("!!{name}"), text: text.to_owned() }
}
