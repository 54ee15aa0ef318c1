//! kustomize: from a kustomization to the objects it builds.

pub mod patch;
