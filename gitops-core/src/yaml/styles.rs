//! What styles and tags make of values that kustomize writes out for itself.
//!
//! ```
//! use gitops_core::yaml::{Options, read, settle_styles};
//! let mut root = read(b"at: 2001-12-14 21:59:43\nin: {at: 2001-12-14 21:59:43}\n", &Options::kustomize()).unwrap().remove(0).root;
//! settle_styles(&mut root);
//! assert_eq!(root.get("in").unwrap().get("at").unwrap().as_str(), Some("2001-12-14 21:59:43"));
//! assert!(root.get("at").unwrap().as_str().is_none());
//! ```

use crate::value::{Scalar, ScalarKind, Style, Value, base64};

/// Leaves in an object what kustomize's way from node to text and back makes of styles and tags.
///
/// 1. Inside brackets, go-yaml v3 quotes what has a colon, which makes a string of a time; it has nothing to write for
///    an empty value but an empty string; and folded text is written in quotes, so that it keeps its line feeds.
///    Brackets are those that were read, and that merges kept.
/// 2. `!!binary` becomes the text that it encodes.
///
/// Costs one read of the value, and one allocation for a usual object; copies only where something changes.
pub fn settle_styles(root: &mut Value) {
    if !differs(root) {
        return;
    }
    let mut pending = vec![(root, false)];
    while let Some((value, in_flow)) = pending.pop() {
        match value {
            Value::Scalar(scalar) => {
                if let Some(settled) = settled(scalar, in_flow) {
                    *scalar = settled;
                }
            }
            Value::Seq(seq) => {
                let in_flow = in_flow || seq.is_flow();
                if seq.iter().any(|item| differs_here(item, in_flow)) {
                    pending.extend(seq.items_mut().iter_mut().map(|item| (item, in_flow)));
                }
            }
            Value::Map(map) => {
                let in_flow = in_flow || map.is_flow();
                if map.values().any(|value| differs_here(value, in_flow)) {
                    pending.extend(map.iter_mut().map(|(_, value)| (value, in_flow)));
                }
            }
        }
    }
}

fn differs<'v>(root: &'v Value) -> bool {
    /// Containers that wait at a time in an object of usual depth and width.
    const WAITING: usize = 32;
    if let Value::Scalar(scalar) = root {
        return settled(scalar, false).is_some();
    }
    let mut pending = Vec::with_capacity(WAITING);
    pending.push((root, false));
    while let Some((container, in_flow)) = pending.pop() {
        let mut visit = |child: &'v Value, in_flow| match child {
            Value::Scalar(scalar) => settled(scalar, in_flow).is_some(),
            container => {
                pending.push((container, in_flow));
                false
            }
        };
        let found = match container {
            Value::Scalar(_) => false,
            Value::Seq(seq) => seq.iter().any(|item| visit(item, in_flow || seq.is_flow())),
            Value::Map(map) => map.values().any(|value| visit(value, in_flow || map.is_flow())),
        };
        if found {
            return true;
        }
    }
    false
}

/// Whether a child may differ: a scalar does, or it is a container and has to be entered.
fn differs_here(value: &Value, in_flow: bool) -> bool {
    match value {
        Value::Scalar(scalar) => settled(scalar, in_flow).is_some(),
        container => container.has_children(),
    }
}

fn settled(scalar: &Scalar, in_flow: bool) -> Option<Scalar> {
    let text = match scalar.kind() {
        ScalarKind::Binary => base64::decode(scalar.text())?,
        ScalarKind::Timestamp if in_flow && scalar.text().contains(':') => scalar.text().to_owned(),
        ScalarKind::Null if in_flow && scalar.is_left_out() => String::new(),
        ScalarKind::Str if in_flow && scalar.style() == Style::Folded => scalar.text().to_owned(),
        _ => return None,
    };
    Some(Scalar::placed(ScalarKind::Str, text, Style::Double, scalar.place()))
}
