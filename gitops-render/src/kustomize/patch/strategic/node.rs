//! Kinds of nodes, and faults before their path is known.

use super::MergeError;
use crate::kustomize::node::NodeKind;
use gitops_core::value::{Place, Value};

/// A [`MergeError`] that does not know yet where it happened.
#[derive(Debug)]
pub(super) enum Fault {
    WrongKind { expected: NodeKind, node: Value },
    UnknownStrategy { strategy: String, place: Place },
    NoMergeKey,
    ListTooLong { len: usize, limit: usize },
}

impl Fault {
    pub(super) fn at(self, field: String) -> MergeError {
        match self {
            Self::WrongKind { expected, node } => MergeError::WrongKind {
                expected,
                found: NodeKind::of(&node),
                field,
                contents: excerpt(&node),
                place: node.place(),
            },
            Self::UnknownStrategy { strategy, place } => {
                MergeError::UnknownStrategy { strategy, field, place }
            }
            Self::NoMergeKey => MergeError::NoMergeKey { field },
            Self::ListTooLong { len, limit } => MergeError::ListTooLong { field, len, limit },
        }
    }
}

/// The beginning of a node's text in flow style.
fn excerpt(node: &Value) -> String {
    const LIMIT: usize = 60;
    enum Part<'a> {
        Node(&'a Value),
        Key(&'a str),
        Text(&'static str),
    }
    let mut out = String::new();
    let mut pending = vec![Part::Node(node)];
    while let Some(part) = pending.pop() {
        if out.len() > LIMIT {
            let cut = (0..=LIMIT).rev().find(|cut| out.is_char_boundary(*cut)).unwrap_or(0);
            out.truncate(cut);
            out.push('…');
            break;
        }
        match part {
            Part::Text(text) => out.push_str(text),
            Part::Key(text) => {
                out.push_str(text);
                out.push_str(": ");
            }
            Part::Node(Value::Scalar(scalar)) => out.push_str(scalar.text()),
            Part::Node(Value::Map(map)) => {
                out.push('{');
                pending.push(Part::Text("}"));
                for (position, (key, value)) in map.iter().enumerate().take(LIMIT).rev() {
                    pending.extend([Part::Node(value), Part::Key(key.as_str())]);
                    pending.extend((position > 0).then_some(Part::Text(", ")));
                }
            }
            Part::Node(Value::Seq(list)) => {
                out.push('[');
                pending.push(Part::Text("]"));
                for (position, item) in list.iter().enumerate().take(LIMIT).rev() {
                    pending.push(Part::Node(item));
                    pending.extend((position > 0).then_some(Part::Text(", ")));
                }
            }
        }
    }
    out
}
