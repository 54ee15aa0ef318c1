//! Two documents, the second as a JSON patch on the first: no panic, in both syntaxes.
#![no_main]

use gitops_core::yaml::{Options, read, read_first, to_string};
use gitops_render::kustomize::patch::{JsonPatch, PatchSyntax, through_json};
use libfuzzer_sys::fuzz_target;

/// What stands between object and patch.
const SEPARATOR: &[u8] = b"\n---\n";

fuzz_target!(|text: &[u8]| {
    let Some(at) = text.windows(SEPARATOR.len()).position(|part| part == SEPARATOR) else { return };
    let (object, patch) = (&text[..at], &text[at + SEPARATOR.len()..]);
    let Ok(objects) = read(object, &Options::kustomize()) else { return };
    let Some(object) = objects.first() else { return };
    let Ok(Some(patch)) = read_first(patch, &Options::kubectl()) else { return };
    for syntax in [PatchSyntax::Json, PatchSyntax::Yaml] {
        let Ok(patch) = JsonPatch::compile(&patch.root, syntax) else { continue };
        let Ok(mut patched) = patch.apply(&object.root) else { continue };
        drop(to_string(&patched));
        through_json(&mut patched);
        drop(to_string(&patched));
    }
});
