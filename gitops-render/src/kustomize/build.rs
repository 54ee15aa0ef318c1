//! What one build of a root carries along: the session, the schema in force, what was read and what is to be told.

use super::error::Error;
use super::explain::Step;
use super::layer::CustomSchema;
use super::lint::{Warning, document};
use super::origin::BuildMetadata;
use super::set::ResourceSet;
use crate::reads::Read;
use crate::session::{File, Manifests, Session};
use gitops_core::diagnostic::Diagnostic;
use gitops_core::schema::Schema;
use gitops_core::value::{Place, SourceId, Value};
use std::borrow::Cow;
use std::collections::HashSet;
use std::sync::Arc;

/// What one build of a root carries along.
pub(crate) struct Build<'s> {
    pub(crate) session: &'s Session,
    pub(crate) metadata: BuildMetadata,
    pub(crate) custom_schema: Option<CustomSchema>,
    /// Whether a schema was taken up.
    pub(crate) adopted: bool,
    /// Whether the built-in types were needed: by a strategic merge, or for the scope of a type that is not in the
    /// built-in table of scopes. From then on a custom schema adds to the built-in types instead of replacing them, as
    /// in the original.
    pub(crate) asked: bool,
    pub(crate) reads: Vec<Read>,
    pub(crate) diagnostics: Vec<Diagnostic>,
    warned: HashSet<(Cow<'static, str>, Place)>,
    told: HashSet<Diagnostic>,
}

impl<'s> Build<'s> {
    pub(crate) fn new(session: &'s Session, metadata: BuildMetadata) -> Self {
        Self {
            session,
            metadata,
            custom_schema: None,
            adopted: false,
            asked: false,
            reads: Vec::new(),
            diagnostics: Vec::new(),
            warned: HashSet::new(),
            told: HashSet::new(),
        }
    }

    /// The schema that merges and scopes follow now.
    pub(crate) fn schema(&self) -> &Schema {
        self.custom_schema.as_ref().map_or(&self.session.schema, |custom| &custom.schema)
    }

    /// Notes that types are needed now, which are the built-in ones while there is no custom schema.
    pub(crate) fn need_types(&mut self) {
        self.asked = true;
    }

    /// Warns of something that the original passes over in silence, once per code and place.
    pub(crate) fn warn(&mut self, place: Place, diagnostic: Diagnostic) {
        if !place.is_none() && !self.warned.insert((diagnostic.code.clone(), place)) {
            return;
        }
        let location = self.session.locate(place);
        self.tell(if location.is_some() { diagnostic.at(location) } else { diagnostic });
    }

    /// As [`Build::warn`], for several.
    pub(crate) fn warn_all(&mut self, warnings: Vec<Warning>) {
        for (place, diagnostic) in warnings {
            self.warn(place, diagnostic);
        }
    }

    /// Adds a located diagnostic, once.
    pub(crate) fn tell(&mut self, diagnostic: Diagnostic) {
        if self.told.insert(diagnostic.clone()) {
            self.diagnostics.push(diagnostic);
        }
    }

    /// The objects that a file holds; warns of what is odd about them.
    pub(crate) fn manifests(&mut self, file: &File) -> Result<Arc<[Value]>, Error> {
        let manifests = self.session.manifests(file)?;
        Ok(self.checked(manifests))
    }

    /// The objects that a text holds; warns of what is odd about them.
    pub(crate) fn parse_manifests(&mut self, bytes: &[u8], source: SourceId) -> Result<Arc<[Value]>, Error> {
        let manifests = self.session.parse_manifests(bytes, source)?;
        Ok(self.checked(manifests))
    }

    fn checked(&mut self, manifests: Manifests) -> Arc<[Value]> {
        for (place, diagnostic) in manifests.warnings.iter() {
            self.warn(*place, diagnostic.clone());
        }
        manifests.objects
    }

    /// The document of a configuration; warns of what is odd about its text.
    pub(crate) fn parse_config(&mut self, bytes: &[u8], source: SourceId) -> Result<Value, Error> {
        let Some(document) = self.session.read_config(bytes, source)? else { return Ok(Value::null()) };
        for (place, diagnostic) in document::warnings(bytes, source, &document) {
            self.warn(place, diagnostic);
        }
        Ok(document.root)
    }
}

/// Does `work`, which neither adds, removes nor moves resources, and keeps what it replaced where the session explains.
pub(crate) fn traced<'s>(
    build: &mut Build<'s>,
    set: &mut ResourceSet,
    step: impl FnOnce() -> Step,
    work: impl FnOnce(&mut Build<'s>, &mut ResourceSet) -> Result<(), Error>,
) -> Result<(), Error> {
    if !build.session.options.explain {
        return work(build, set);
    }
    let before: Vec<Value> = set.iter().map(|resource| resource.value().clone()).collect();
    work(build, set)?;
    let step = step();
    for (resource, before) in set.contents_mut().iter_mut().zip(before) {
        if !before.ptr_eq(resource.value()) {
            resource.steps.push(Step { before, ..step.clone() });
        }
    }
    Ok(())
}
