//! Two documents, the second as a patch on the first: no panic, the same with and without notes.
#![no_main]

use gitops_core::Schema;
use gitops_core::value::SourceId;
use gitops_core::yaml::{Options, read, to_string};
use gitops_render::kustomize::patch::{CommentTypes, Growth, MergeOptions, Outcome, strategic_merge};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let source = SourceId::new(1);
    let Ok(documents) = read(bytes, &Options::kustomize().comments().source(source)) else { return };
    let [base, patch, ..] = &*documents else { return };
    let schema = Schema::kustomize_5_8_1();
    let mut types = CommentTypes::default();
    types.add(&schema, source, text, &base.comments);
    types.add(&schema, source, text, &patch.comments);
    for bits in 0..8_u8 {
        let options = MergeOptions {
            growth: if bits & 1 == 0 { Growth::Prepend } else { Growth::Append },
            infer_lists: bits & 2 != 0,
            replace_root: bits & 4 != 0,
            comments: Some(&|place| types.at(place)),
        };
        let merged = strategic_merge(&base.root, &patch.root, &schema, options, None);
        let mut notes = Vec::new();
        assert_eq!(merged, strategic_merge(&base.root, &patch.root, &schema, options, Some(&mut notes)));
        if let Ok(Outcome::Merged(merged)) = merged {
            drop(to_string(&merged));
        }
    }
});
