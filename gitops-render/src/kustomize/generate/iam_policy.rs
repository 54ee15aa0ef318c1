//! `IAMPolicyGenerator`: the ServiceAccount that stands for a cloud provider's account.
//!
//! ```
//! use gitops_core::Value;
//! use gitops_render::kustomize::generate::iam_policy::{IamPolicy, service_account};
//! let policy = IamPolicy {
//!     cloud: "gke".into(),
//!     account: "builder".into(),
//!     project: "shop".into(),
//!     name: "ci".into(),
//!     namespace: "".into(),
//! };
//! let object = service_account(&policy).unwrap();
//! let annotations = object.get("metadata").and_then(|metadata| metadata.get("annotations")).unwrap();
//! let account = annotations.get("iam.gke.io/gcp-service-account").and_then(Value::as_str);
//! assert_eq!(account, Some("builder@shop.iam.gserviceaccount.com"));
//! ```

use super::super::plain;
use gitops_core::{Map, Scalar, Style, Value};
use smol_str::SmolStr;

/// Configuration of the generator.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct IamPolicy {
    /// The provider; only `gke` is known.
    pub cloud: SmolStr,
    /// Name of the provider's service account.
    pub account: SmolStr,
    /// Project of that account.
    pub project: SmolStr,
    /// Name of the Kubernetes service account.
    pub name: SmolStr,
    /// Its namespace, or empty.
    pub namespace: SmolStr,
}

/// A provider that the generator does not know.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("cloud provider {0} not supported yet")]
pub struct UnknownCloud(pub SmolStr);

/// The ServiceAccount. Names are written as they are, without quotes, so one like `1` is no string.
pub fn service_account(policy: &IamPolicy) -> Result<Value, UnknownCloud> {
    if policy.cloud != "gke" {
        return Err(UnknownCloud(policy.cloud.clone()));
    }
    let text = |text: &str| Value::Scalar(Scalar::new(plain::kind(text), text, Style::Plain));
    let account = format!("{}@{}.iam.gserviceaccount.com", policy.account, policy.project);
    let annotations = Map::from_iter([("iam.gke.io/gcp-service-account", Value::from(account))]);
    let mut metadata =
        Map::from_iter([("annotations", Value::from(annotations)), ("name", text(&policy.name))]);
    if !policy.namespace.is_empty() {
        metadata.push("namespace".into(), text(&policy.namespace));
    }
    Ok(Value::from(Map::from_iter([
        ("apiVersion", Value::from("v1")),
        ("kind", Value::from("ServiceAccount")),
        ("metadata", Value::from(metadata)),
    ])))
}
