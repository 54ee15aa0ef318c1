//! What an object is called: its type, its key, its kustomize id, and the metadata of a [`Value`](crate::Value).
//!
//! ```
//! use gitops_core::object::{Gvk, ObjectKey, ResId};
//! use gitops_core::value::{Map, Value};
//! let metadata = Map::from_iter([("name", Value::from("web")), ("namespace", Value::from("shop"))]);
//! let object = Value::from(Map::from_iter([
//!     ("apiVersion", Value::from("apps/v1")),
//!     ("kind", Value::from("Deployment")),
//!     ("metadata", Value::from(metadata)),
//! ]));
//! assert_eq!(Gvk::of(&object), Gvk::new("apps", "v1", "Deployment"));
//! assert_eq!(ObjectKey::of(&object).to_string(), "shop/Deployment.apps/web");
//! assert_eq!(ResId::of(&object, false).to_string(), "Deployment.v1.apps/web.shop");
//! ```
//!
//! * [`ObjectKey`] is the identity that all crates look things up by; the version is not part of it.
//! * [`ResId`] is the identity that kustomize uses: with the version, and with the *effective* namespace, in which
//!   no namespace is `default` and cluster-scoped objects have none.
//! * Absent, null and empty names are all `""` in keys and ids.

mod gvk;
mod key;
mod metadata;
mod res_id;

pub use gvk::{Gvk, ORDER_FIRST, ORDER_LAST, kind_rank};
pub use key::ObjectKey;
pub use res_id::{DEFAULT_NAMESPACE, NOT_NAMESPACED, ResId, effective_namespace};

use smol_str::SmolStr;
use std::cmp::Ordering;

/// The text, or a stand-in where it is empty.
fn or<'a>(text: &'a SmolStr, stand_in: &'a str) -> &'a str {
    if text.is_empty() { stand_in } else { text }
}

/// Orders two texts given in pieces as if the pieces were joined; both must have the same number of pieces.
fn compare_joined(a: &[&str], b: &[&str]) -> Ordering {
    let same = a.iter().zip(b).take_while(|(a, b)| a == b).count();
    let (Some(x), Some(y)) = (a.get(same), b.get(same)) else { return Ordering::Equal };
    if !x.starts_with(y) && !y.starts_with(x) {
        return x.cmp(y);
    }
    let a = a.iter().skip(same).flat_map(|piece| piece.bytes());
    a.cmp(b.iter().skip(same).flat_map(|piece| piece.bytes()))
}
