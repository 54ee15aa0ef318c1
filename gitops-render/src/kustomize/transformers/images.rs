//! `images`: new names, tags and digests.

use super::super::config::Specs;
use super::super::error::{Error, code};
use super::super::file::Image;
use super::super::images::{self, ImageNote, ImageRule, ImageSettings};
use super::super::layer::Build;
use super::super::lint::images as lint;
use super::super::set::ResourceSet;
use crate::session::Tally;
use gitops_core::value::Place;

/// One entry of `images` with the fields that it looks at.
#[derive(Clone, Debug)]
pub(crate) struct ImageTag {
    rule: [ImageRule; 1],
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
        Ok(Self { rule: [rule], specs: specs.clone() })
    }

    pub(crate) fn apply(&self, build: &mut Build<'_>, set: &mut ResourceSet, place: Place) -> Result<(), Error> {
        let specs = self.specs.compiled();
        let mut uses = lint::Uses::default();
        for resource in set.contents_mut() {
            let note = &mut |_: usize, note: ImageNote| uses.add(note);
            images::apply(&self.rule, resource.value_mut(), &specs, note).map_err(|error| {
                Error::new(code::IMAGE, error.to_string()).at(resource.value().place())
            })?;
        }
        Tally::add(&build.session.tally.nodes, set.len() as u64);
        let [rule] = &self.rule;
        lint::entry(build, rule, &uses, place);
        Ok(())
    }
}
