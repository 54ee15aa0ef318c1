//! Renders a tree of files to Kubernetes objects: kustomize, byte for byte, and folders of manifests.

pub mod directory;
pub mod tree;
