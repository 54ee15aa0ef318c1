//! `images`: entries that do nothing, or something else.

use super::super::build::Build;
use super::super::images::{ImageNote, ImageRule};
use super::codes::{
    DIGEST_DROPPED, IMAGE_MATCHED_NOTHING, IMAGE_NOT_COVERED, IMAGE_WITHOUT_CHANGE, TAG_SUFFIX_IGNORED,
    TAG_SUFFIX_TWICE,
};
use gitops_core::value::Place;

/// What one entry did to all resources.
#[derive(Default)]
pub(crate) struct Uses {
    rewritten: bool,
    twice: bool,
    digests: Vec<Place>,
    uncovered: Vec<Place>,
}

impl Uses {
    pub(crate) fn add(&mut self, note: ImageNote) {
        match note {
            ImageNote::Rewritten(_) => self.rewritten = true,
            ImageNote::SuffixTwice(_) => self.twice = true,
            ImageNote::DigestDropped(place) => self.digests.push(place),
            ImageNote::NotCovered(place) => self.uncovered.push(place),
        }
    }
}

/// Warns of what an entry of `images` did not do, or did twice.
pub(crate) fn entry(build: &mut Build<'_>, rule: &ImageRule, uses: &Uses, place: Place) {
    let settings = rule.settings();
    let name = &settings.name;
    if rule.is_idle() {
        build.warn(
            place,
            IMAGE_WITHOUT_CHANGE.says(format!("the entry for image '{name}' asks for no change")),
        );
    } else if !uses.rewritten {
        build.warn(place, IMAGE_MATCHED_NOTHING.says(format!("no container uses an image named '{name}'")));
    }
    if uses.twice {
        build.warn(
            place,
            TAG_SUFFIX_TWICE.says(format!("the suffix '{}' was added twice", settings.tag_suffix)),
        );
    }
    if rule.suffix_is_ignored() {
        build.warn(place, TAG_SUFFIX_IGNORED.says("tagSuffix has no effect beside newTag or digest"));
    }
    for image in &uses.digests {
        build.warn(
            *image,
            DIGEST_DROPPED.says(format!("the new tag of '{name}' drops the digest that pins this image")),
        );
    }
    for image in &uses.uncovered {
        let message = format!("images do not reach ephemeral containers: this '{name}' stays as it is");
        build.warn(*image, IMAGE_NOT_COVERED.says(message));
    }
}
