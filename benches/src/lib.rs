//! Generator of manifest trees and paired comparisons with the renderer's peer.
//!
//! ```
//! use gitops_benches::generate::{self, Shape};
//!
//! let input = generate::overlays(&Shape { overlays: 6, ..Shape::default() });
//! assert_eq!(input.roots.len(), 6);
//! assert!(input.files.contains_key("base/order-0000/deployment.yaml"));
//! ```

pub mod compare;
pub mod generate;
pub mod measure;
pub mod random;
