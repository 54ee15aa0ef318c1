//! Walks the objects of an overlay and edits them: marks every one, and gives containers more memory.
//!
//! ```sh
//! cargo run -q -p gitops-embed --bin edit_objects -- examples/k8s-manifests/clusters/production/order-service
//! ```

use gitops::Value;
use gitops::core::field_path::FieldPath;
use gitops::core::pointer::Pointer;
use gitops::core::yaml;
use std::error::Error;

fn main() -> Result<(), Box<dyn Error>> {
    let path = std::env::args().nth(1).ok_or("usage: edit_objects PATH")?;
    let rendered = gitops::render(path)?;
    let containers: Pointer = "/spec/template/spec/containers".parse()?;
    let memory: FieldPath = "resources.limits.memory".parse()?;
    let mut out = yaml::Writer::new(std::io::stdout().lock());
    for object in rendered.objects {
        // A copy costs nothing, and an edit only the path from the root to the field.
        let mut edited = object.value.clone();
        edited.set_annotation("example.com/reviewed", "true");
        if let Some(Value::Seq(containers)) = containers.get_mut(&mut edited) {
            for container in containers.items_mut() {
                memory.set(container, Value::from("3Gi"))?;
            }
        }
        out.document(&edited)?;
    }
    drop(out.finish()?);
    Ok(())
}
