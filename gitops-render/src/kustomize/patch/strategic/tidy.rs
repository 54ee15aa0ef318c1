//! What merging does to the parts of a base that the patch does not touch.

use super::Engine;
use super::list::is_regular;
use gitops_core::schema::TypeRef;
use gitops_core::value::{Scalar, ScalarKind, Style, Value};
use gitops_core::yaml::{Dialect, resolve};

/// Puts a scalar in double quotes, which make it a string.
pub(super) fn quote(scalar: &mut Scalar) {
    scalar.set_kind(ScalarKind::Str);
    scalar.set_style(Style::Double);
}

/// Whether a scalar under a key gets double quotes: a plain string that YAML 1.1 reads as something else. What has no
/// type counts as a string.
pub(super) fn wants_quotes(scalar: &Scalar) -> bool {
    (scalar.kind() == ScalarKind::Str || scalar.is_untyped())
        && scalar.style() == Style::Plain
        && may_be_other(scalar.text())
        && resolve(scalar.text(), Dialect::Kubectl) != ScalarKind::Str
}

/// A cheap look at how numbers, times and words of YAML 1.1 begin and how long the words are.
fn may_be_other(text: &str) -> bool {
    match text.as_bytes() {
        [b'0'..=b'9' | b'+' | b'-' | b'.', ..] => true,
        [b'y' | b'Y' | b'n' | b'N' | b'o' | b'O' | b't' | b'T' | b'f' | b'F' | b'~', ..] => text.len() <= 5,
        _ => false,
    }
}

impl<'s> Engine<'s> {
    /// Whether merging leaves this node of the base as it is. Reads all of it once.
    pub(super) fn is_tidy(&self, value: &Value, ty: Option<TypeRef<'s>>, typed: bool) -> bool {
        let mut pending = vec![(value, ty, typed)];
        while let Some((value, ty, typed)) = pending.pop() {
            match value {
                Value::Scalar(_) => {}
                Value::Map(map) => {
                    let ty = ty.or_else(|| self.object_type(Some(value)));
                    let typed = typed || ty.is_some();
                    for entry in map.entries() {
                        match &entry.value {
                            Value::Scalar(scalar) if scalar.is_left_out() || wants_quotes(scalar) => {
                                return false;
                            }
                            Value::Scalar(_) => {}
                            child => {
                                if child.has_children() || self.options.infer_lists {
                                    let ty = self.field_type(ty, Some((map, entry)), None);
                                    pending.push((child, ty, typed));
                                }
                            }
                        }
                    }
                }
                Value::Seq(list) => match self.merge_keys(ty, typed, list, None) {
                    Ok(None) => {}
                    Ok(Some(keys)) if is_regular(list, keys) => {
                        let items = ty.and_then(TypeRef::items);
                        let filled = list.iter().filter(|item| item.has_children());
                        pending.extend(filled.map(|item| (item, items, typed)));
                    }
                    _ => return false,
                },
            }
        }
        true
    }
}
