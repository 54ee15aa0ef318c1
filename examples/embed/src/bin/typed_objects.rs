//! Turns objects into the types of `k8s-openapi` and reads them with the compiler's help.
//!
//! ```sh
//! cargo run -q -p gitops-embed --bin typed_objects -- examples/k8s-manifests/clusters/production/order-service
//! ```
#![allow(clippy::print_stdout, reason = "a program for people")]

use gitops::core::value::from_value;
use k8s_openapi::api::apps::v1::Deployment;
use std::error::Error;

fn main() -> Result<(), Box<dyn Error>> {
    let path = std::env::args().nth(1).ok_or("usage: typed_objects PATH")?;
    for object in gitops::render(path)?.objects {
        let key = object.key();
        if (&*key.group, &*key.kind) != ("apps", "Deployment") {
            continue;
        }
        let deployment: Deployment = from_value(&object.value)?;
        let spec = deployment.spec.unwrap_or_default();
        println!("{key}: {} replicas", spec.replicas.unwrap_or(1));
        for container in spec.template.spec.unwrap_or_default().containers {
            let resources = container.resources.unwrap_or_default();
            let memory = resources.limits.unwrap_or_default().remove("memory");
            let image = container.image.unwrap_or_default();
            println!(
                "  {}: {image}, memory {}",
                container.name,
                memory.map_or("unlimited".to_owned(), |memory| memory.0)
            );
        }
    }
    Ok(())
}
