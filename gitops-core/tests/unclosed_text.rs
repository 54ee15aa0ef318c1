//! Text whose end is missing costs no more than its length: an older reader went on for ever at `[a`.

#![allow(clippy::unwrap_used)]

use gitops_core::yaml::{Options, read, read_first};
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};
use std::alloc::System;

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

/// Heap that a text may pass through, its buffers' growth included: fixed, and per byte.
const MOST: (usize, usize) = (16 << 10, 400);

// One test, because tests of one binary share the allocator.
#[test]
fn unclosed_text_is_an_error_of_bounded_cost() {
    let beginnings = [
        "[a", "{a", "{a: b", "{a:", "[a, b", "[a,", "[", "{", "[[a", "[{a", "{a: [b", "{? a", "[? a",
        "[a: b", "'a", "\"a", "\"a\\", "['a", "{\"a", "{\"a\":", "a: [b", "- [a", "- {a: b", "? [a", "!t [a",
        "&x [a", "[*a", "!<a", "[!a", "[&a", "[|", "[a #", "[a\n", "[a\n#", "{a\n", "a: 'b\n",
    ];
    for beginning in beginnings {
        for text in
            [beginning.to_owned(), format!("{beginning}\n"), format!("{beginning}{}", " b".repeat(1_000))]
        {
            for options in [Options::kustomize(), Options::kubectl(), Options::kustomize().complete_only()] {
                let region = Region::new(ALLOCATOR);
                assert!(read(text.as_bytes(), &options).is_err(), "{text:?}");
                assert!(read_first(text.as_bytes(), &options).is_err(), "{text:?}");
                let allocated = region.change().bytes_allocated;
                let most = 2 * (MOST.0 + MOST.1 * text.len());
                assert!(allocated < most, "{allocated} bytes for {} of {beginning:?}", text.len());
            }
        }
    }
}
