//! `images`: new names, tags and digests.

use super::super::build::Build;
use super::super::config::Specs;
use super::super::error::{Error, code};
use super::super::file::Image;
use super::super::images::{self, ImageRule, ImageSettings};
use super::super::lint::images as lint;
use super::super::set::ResourceSet;
use crate::parallel;
use crate::session::Tally;
use gitops_core::value::Place;

/// One entry of `images` with the fields that it looks at.
#[derive(Clone, Debug)]
pub(crate) struct ImageTag {
    rule: ImageRule,
    specs: Specs,
}

impl ImageTag {
    pub(crate) fn new(image: &Image, specs: &Specs) -> Result<Self, Error> {
        let rule = ImageRule::new(ImageSettings {
            name: image.name.as_str().into(),
            new_name: image.new_name.as_str().into(),
            tag_suffix: image.tag_suffix.as_str().into(),
            new_tag: image.new_tag.as_str().into(),
            digest: image.digest.as_str().into(),
        })
        .map_err(|error| Error::new(code::IMAGE, error.to_string()).at(image.place))?;
        Ok(Self { rule, specs: specs.clone() })
    }

    /// Whether both look at the same fields.
    pub(super) fn fits(&self, other: &Self) -> bool {
        self.specs.is(&other.specs)
    }
}

/// Applies entries that follow one another and look at the same fields, each with the place where it is configured:
/// one search of every object for all of them. What one entry cannot be applied to, the first could not be either.
pub(super) fn apply(
    tags: &[(&ImageTag, Place)],
    build: &mut Build<'_>,
    set: &mut ResourceSet,
) -> Result<(), Error> {
    let Some((first, _)) = tags.first() else { return Ok(()) };
    let specs = first.specs.compiled();
    let rules: Vec<ImageRule> = tags.iter().map(|(tag, _)| tag.rule.clone()).collect();
    let (notes, visited) = parallel::each(set.contents_mut(), |resource, notes| {
        images::apply(&rules, resource.value_mut(), specs, &mut |number, note| notes.push((number, note)))
            .map_err(|error| Error::new(code::IMAGE, error.to_string()).at(resource.value().place()))
    });
    Tally::add(&build.session.tally.nodes, visited?);
    let mut uses: Vec<lint::Uses> = tags.iter().map(|_| lint::Uses::default()).collect();
    for (number, note) in notes {
        if let Some(uses) = uses.get_mut(number) {
            uses.add(note);
        }
    }
    for ((tag, place), uses) in tags.iter().zip(&uses) {
        lint::entry(build, &tag.rule, uses, *place);
    }
    Ok(())
}
