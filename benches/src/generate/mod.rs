//! Manifest trees made from a seed: the same shape and seed give the same bytes on every machine.
//!
//! ```
//! use gitops_benches::generate;
//!
//! let input = generate::flat(100, 1);
//! assert_eq!(input.digest(), generate::flat(100, 1).digest());
//! assert_ne!(input.digest(), generate::flat(100, 2).digest());
//! ```
//!
//! * [`overlays`] has the layout of `examples/k8s-manifests`: `base/<service>`, `clusters/<environment>/<service>`
//!   with two patches, `apps/<environment>.yaml`. Its [`Features`] add what kustomizations use beyond that.
//! * [`flat`] is one kustomization of any number of resources, with namespace, prefix, labels and images.
//! * [`definitions`] is one kustomization of large CustomResourceDefinitions.

mod definitions;
mod flat;
mod manifest;
mod random;
mod repository;
mod template;

use std::collections::BTreeMap;
use std::path::Path;
use std::{fs, io};

use sha2::{Digest, Sha256};

pub use definitions::definitions;
pub use flat::{flat, flat_in_files};
pub use random::Random;
pub use repository::{Environment, Features, Shape, overlays};

/// A generated tree.
#[derive(Clone, Default, Debug)]
pub struct Input {
    /// Text by path relative to the root of the tree.
    pub files: BTreeMap<String, String>,
    /// The folders to render, in path order.
    pub roots: Vec<String>,
    /// How many objects all roots together render to.
    pub resources: usize,
    /// How many folders are bases of roots.
    pub bases: usize,
}

impl Input {
    /// `sha256:` and the digest of every path and text, with their lengths.
    #[must_use]
    pub fn digest(&self) -> String {
        let mut hash = Sha256::new();
        for (path, text) in &self.files {
            for part in [path, text] {
                hash.update((part.len() as u64).to_le_bytes());
                hash.update(part.as_bytes());
            }
        }
        let hex: Vec<String> = hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
        format!("sha256:{}", hex.concat())
    }

    /// Bytes of all files.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.files.values().map(String::len).sum()
    }

    /// Writes the tree to a folder, which is made where it is missing. Nothing is removed from it.
    pub fn write_to(&self, folder: &Path) -> io::Result<()> {
        for (path, text) in &self.files {
            let path = folder.join(path);
            if let Some(parent) = path.parent() {
                fs::create_dir_all(parent)?;
            }
            fs::write(path, text)?;
        }
        Ok(())
    }

    fn add(&mut self, path: impl Into<String>, text: impl Into<String>) {
        let path = path.into();
        let before = self.files.insert(path.clone(), text.into());
        debug_assert!(before.is_none(), "{path} is written once");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn documents(input: &Input) -> usize {
        let is_manifest = |path: &&String| !path.ends_with("kustomization.yaml") && !path.contains("patch");
        let manifests = input.files.keys().filter(is_manifest).map(|path| &input.files[path]);
        manifests.flat_map(|text| text.lines()).filter(|line| line.starts_with("kind: ")).count()
    }

    #[test]
    fn bytes_depend_on_the_arguments_alone() {
        let digests = [
            flat(103, 1).digest(),
            flat_in_files(103, 1).digest(),
            definitions(2, 20_000, 1).digest(),
            overlays(&Shape { overlays: 10, resources: 11, features: Features::ALL, ..Shape::default() })
                .digest(),
        ];
        insta::assert_debug_snapshot!(digests);
    }

    #[test]
    fn flat_has_exactly_its_resources_at_about_560_bytes_each() {
        for count in [1, 4, 5, 100, 103] {
            assert_eq!(documents(&flat(count, 1)), count);
            assert_eq!(documents(&flat_in_files(count, 1)), count);
        }
        let average = flat(10_000, 1).bytes() / 10_000;
        assert!((530..590).contains(&average), "{average} bytes");
    }

    #[test]
    fn three_overlays_share_a_base() {
        let input = overlays(&Shape { overlays: 1_002, ..Shape::default() });
        assert_eq!((input.roots.len(), input.bases, input.resources), (1_002, 334, 4_008));
        let applications: usize = input
            .files
            .iter()
            .filter(|(path, _)| path.starts_with("apps/"))
            .map(|(_, text)| text.matches("kind: Application\n").count())
            .sum();
        assert_eq!(applications, 1_002);
    }

    #[test]
    fn a_base_has_as_many_manifests_as_asked_for() {
        for resources in [1, 4, 9, 12] {
            let input = overlays(&Shape { environments: 1, resources, ..Shape::default() });
            let manifests = input.files.keys().filter(|path| path.starts_with("base/")).count() - 1;
            assert_eq!(manifests, resources);
        }
    }

    #[test]
    fn definitions_have_the_size_asked_for() {
        let input = definitions(1, 500 << 10, 3);
        let size = input.files["crd-000.yaml"].len();
        assert!((500 << 10..700 << 10).contains(&size), "{size} bytes");
    }

    #[test]
    fn no_template_keeps_a_hole() {
        let all =
            overlays(&Shape { overlays: 4, resources: 12, features: Features::ALL, ..Shape::default() });
        for input in [all, flat(10, 1), definitions(1, 1_000, 1)] {
            for (path, text) in &input.files {
                assert!(!text.contains("${"), "{path}");
            }
        }
    }
}
