//! Any text, in both dialects: no panic, both readers agree, and what the writer prints reads back.
#![no_main]

use gitops_core::yaml::{Options, unpack_lists};
use gitops_fuzz::{assert_reads_back, read_both_ways};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    drop(read_both_ways(bytes, &Options::kubectl()));
    drop(gitops_core::yaml::read_first(bytes, &Options::kubectl().replacing_invalid_utf8()));
    let Ok(documents) = read_both_ways(bytes, &Options::kustomize()) else { return };
    for document in &documents {
        assert_reads_back(&document.root);
    }
    drop(unpack_lists(documents));
});
