//! Each transformer's mark on a field, over trees in memory.

use super::{Explanation, Query};
use crate::{MemoryTree, Session};

fn explain(files: &[(&str, &str)], root: &str, query: &str) -> Vec<Explanation> {
    let session = Session::new(MemoryTree::from_iter(files.iter().copied()));
    session.explain(root, &query.parse::<Query>().unwrap()).unwrap()
}

#[test]
fn the_shipped_example() {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/../examples/k8s-manifests");
    let Ok(tree) = crate::DirectoryTree::new(root) else { return };
    let query = "Deployment/order-service:spec.replicas".parse().unwrap();
    let answers = Session::new(tree).explain("clusters/production/order-service", &query).unwrap();
    assert_eq!(
        answers[0].to_string(),
        "Deployment.apps shop/order-service
  spec.replicas: 5
    1  base/order-service/deployment.yaml:8:13
    5  clusters/production/order-service/patches/replicas.yaml:6:13  (patches[0])
"
    );
}
