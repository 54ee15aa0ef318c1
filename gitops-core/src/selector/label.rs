//! Which keys and values a label can have.

/// The rule that a label's key or value breaks.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LabelError {
    /// The name is empty.
    #[error("name part must not be empty")]
    EmptyName,
    /// The name is too long.
    #[error("name part must have no more than 63 characters")]
    LongName,
    /// The name has a character that it can't have, or has it at an end.
    #[error(
        "name part must consist of alphanumeric characters, '-', '_' and '.', with an alphanumeric one at either end"
    )]
    Name,
    /// The prefix is empty.
    #[error("prefix part must not be empty")]
    EmptyPrefix,
    /// The prefix is too long.
    #[error("prefix part must have no more than 253 characters")]
    LongPrefix,
    /// The prefix is no DNS subdomain.
    #[error(
        "prefix part must be a DNS subdomain: lower-case alphanumeric characters, '-' and '.', as 'example.com'"
    )]
    Prefix,
    /// More than one slash.
    #[error("a key has at most one '/'")]
    Slashes,
    /// The value is too long.
    #[error("a value must have no more than 63 characters")]
    LongValue,
    /// The value has a character that it can't have, or has it at an end.
    #[error(
        "a value must be empty or consist of alphanumeric characters, '-', '_' and '.', with an alphanumeric one at either end"
    )]
    Value,
}

/// Checks a key of a label or an annotation: `[prefix/]name`.
///
/// ```
/// use gitops_core::selector::check_label_key;
/// assert!(check_label_key("app.kubernetes.io/name").is_ok());
/// assert!(check_label_key("-app").is_err());
/// ```
pub fn check_label_key(key: &str) -> Result<(), LabelError> {
    let name = match key.split_once('/') {
        None => key,
        Some((_, name)) if name.contains('/') => return Err(LabelError::Slashes),
        Some((prefix, name)) => {
            check_prefix(prefix)?;
            name
        }
    };
    match name.len() {
        0 => Err(LabelError::EmptyName),
        64.. => Err(LabelError::LongName),
        _ if is_name(name) => Ok(()),
        _ => Err(LabelError::Name),
    }
}

/// Checks a value of a label; empty is fine. Annotations have no such rule.
pub fn check_label_value(value: &str) -> Result<(), LabelError> {
    match value.len() {
        0 => Ok(()),
        64.. => Err(LabelError::LongValue),
        _ if is_name(value) => Ok(()),
        _ => Err(LabelError::Value),
    }
}

fn check_prefix(prefix: &str) -> Result<(), LabelError> {
    match prefix.len() {
        0 => Err(LabelError::EmptyPrefix),
        254.. => Err(LabelError::LongPrefix),
        _ if prefix.split('.').all(is_dns_label) => Ok(()),
        _ => Err(LabelError::Prefix),
    }
}

fn is_name(text: &str) -> bool {
    has_ends(text, |b| b.is_ascii_alphanumeric())
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.'))
}

fn is_dns_label(text: &str) -> bool {
    let alphanumeric = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit();
    has_ends(text, alphanumeric) && text.bytes().all(|b| alphanumeric(b) || b == b'-')
}

fn has_ends(text: &str, allowed: impl Fn(u8) -> bool) -> bool {
    let bytes = text.as_bytes();
    [bytes.first(), bytes.last()].into_iter().all(|end| end.is_some_and(|&b| allowed(b)))
}
