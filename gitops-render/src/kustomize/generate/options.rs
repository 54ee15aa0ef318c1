//! Options of generated objects, for one generator or for all of a kustomization.

use smol_str::SmolStr;
use std::collections::BTreeMap;

/// What a generator adds to the object it makes.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct GeneratorOptions {
    /// Labels.
    pub labels: BTreeMap<SmolStr, SmolStr>,
    /// Annotations.
    pub annotations: BTreeMap<SmolStr, SmolStr>,
    /// Leaves the name without a hash.
    pub disable_name_suffix_hash: bool,
    /// Adds `immutable: true`.
    pub immutable: bool,
}

/// A generator's own options completed by those of the kustomization: of labels and annotations the own ones win,
/// and a flag is set if either sets it.
///
/// ```
/// use gitops_render::kustomize::generate::options::{GeneratorOptions, merge};
/// let own = GeneratorOptions { labels: [("a".into(), "own".into())].into(), ..Default::default() };
/// let of_all = GeneratorOptions {
///     labels: [("a".into(), "all".into()), ("b".into(), "all".into())].into(),
///     immutable: true,
///     ..Default::default()
/// };
/// let merged = merge(Some(own), Some(&of_all)).unwrap();
/// assert_eq!((merged.labels["a"].as_str(), merged.labels["b"].as_str()), ("own", "all"));
/// assert!(merged.immutable);
/// ```
#[must_use]
pub fn merge(own: Option<GeneratorOptions>, of_all: Option<&GeneratorOptions>) -> Option<GeneratorOptions> {
    let Some(of_all) = of_all else { return own };
    let mut own = own.unwrap_or_default();
    let complete = |own: &mut BTreeMap<SmolStr, SmolStr>, of_all: &BTreeMap<SmolStr, SmolStr>| {
        for (key, value) in of_all {
            own.entry(key.clone()).or_insert_with(|| value.clone());
        }
    };
    complete(&mut own.labels, &of_all.labels);
    complete(&mut own.annotations, &of_all.annotations);
    own.disable_name_suffix_hash |= of_all.disable_name_suffix_hash;
    own.immutable |= of_all.immutable;
    Some(own)
}
