//! YAML as Kubernetes' tools read and print it: the dialects of kubectl and kustomize, and the bytes that kustomize writes.
//!
//! ```
//! use gitops_core::yaml::{Options, read, read_first};
//! let text = "kind: ConfigMap\ndata: {mode: 0644, on: yes}\n---\nkind: Secret\n";
//! let documents = read(text.as_bytes(), &Options::kustomize()).unwrap();
//! assert_eq!(documents.len(), 2);
//! assert_eq!(documents[0].root.get("data").unwrap().get("on").unwrap().as_str(), Some("yes"));
//! let file = read_first(text.as_bytes(), &Options::kubectl()).unwrap().unwrap();
//! assert_eq!(file.root.get("data").unwrap().get("true").unwrap().as_bool(), Some(true));
//! ```
//!
//! What is read:
//!
//! * [`read`] splits a text into documents before it parses them, each dialect in its way. kustomize splits at the
//!   pattern `\n---.*\n`, kubectl at lines that begin with `---`, both wherever they stand, quotes and block texts
//!   included, and both refuse all but a comment behind the `---`. Of each part only the first document counts. Documents that hold nothing are
//!   left out.
//! * [`read_first`] gives the first document of a text: how kustomization files, patches in JSON 6902 form and
//!   configurations are read.
//! * [`unpack_lists`] replaces lists of objects by their items, as kustomize does.
//!
//! What comes out:
//!
//! * Scalars have the type that their dialect gives them, the text as written and the style. Tags are spent: `!!str 1`
//!   is a quoted string, `!!int "1"` a plain integer, `!x y` a string.
//! * Anchors, aliases and merge keys are expanded; [`Limits::alias_nodes`] bounds what they may add.
//! * kustomize keeps keys of all types and duplicates; kubectl makes strings of keys and lets the last one win.
//! * Places count bytes of the text as it came, before `\r\n` became `\n`; for UTF-16, bytes of its UTF-8 form.
//!
//! Two readers share the work: a fast one for what manifests look like, and a complete one for whatever the fast one
//! does not take on. They agree wherever both apply; [`Document::path`] tells which one served.

mod build;
mod comment;
mod complete;
mod emitter;
mod error;
mod fast;
mod input;
mod key_order;
mod lists;
pub(crate) mod quoting;
mod refusal;
mod resolve;
pub(crate) mod settle;
mod styles;
mod writer;

pub use comment::Comment;
pub use error::{ErrorKind, ReadError};
pub use lists::unpack_lists;
pub use refusal::{Refusal, Refused, WriteError};
pub use resolve::{Dialect, reresolve, resolve};
pub use styles::settle_styles;
pub use writer::{Writer, to_string};

use crate::limits::Limits;
use crate::value::{Place, SourceId, Value};
use build::Builder;
use input::{Input, Part};
use std::cell::RefCell;
use std::ops::Range;

/// How a text is to be read.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// Whose rules hold.
    pub dialect: Dialect,
    /// The source that places name.
    pub source: SourceId,
    /// Budgets: depth, bytes, and nodes that aliases add.
    pub limits: Limits,
    /// Collect comments that hold a schema.
    pub comments: bool,
    /// Use the complete reader even where the fast one applies.
    pub complete_only: bool,
    /// Replace bytes that are not UTF-8 by U+FFFD, as kubectl does with manifests, instead of refusing them.
    pub replaces_invalid_utf8: bool,
}

impl Options {
    /// The kustomize dialect without a source.
    #[must_use]
    pub fn kustomize() -> Self {
        Self {
            dialect: Dialect::Kustomize,
            source: SourceId::NONE,
            limits: Limits::default(),
            comments: false,
            complete_only: false,
            replaces_invalid_utf8: false,
        }
    }

    /// The kubectl dialect without a source.
    #[must_use]
    pub fn kubectl() -> Self {
        Self { dialect: Dialect::Kubectl, ..Self::kustomize() }
    }

    /// The same with places in `source`.
    #[must_use]
    pub fn source(self, source: SourceId) -> Self {
        Self { source, ..self }
    }

    /// The same with other budgets.
    #[must_use]
    pub fn limits(self, limits: Limits) -> Self {
        Self { limits, ..self }
    }

    /// The same collecting comments that hold a schema.
    #[must_use]
    pub fn comments(self) -> Self {
        Self { comments: true, ..self }
    }

    /// The same without the fast reader.
    #[must_use]
    pub fn complete_only(self) -> Self {
        Self { complete_only: true, ..self }
    }

    /// The same with U+FFFD for what is not UTF-8.
    #[must_use]
    pub fn replacing_invalid_utf8(self) -> Self {
        Self { replaces_invalid_utf8: true, ..self }
    }
}

/// The reader that served a document.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum ReadPath {
    /// The reader for what manifests look like.
    Fast,
    /// The reader for everything.
    Complete,
}

/// One document of a text.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Document {
    /// What it says.
    pub root: Value,
    /// Where its part of the text begins.
    pub place: Place,
    /// Comments that hold a schema, in order; empty unless [`Options::comments`] is set.
    pub comments: Vec<Comment>,
    /// The reader that served it.
    pub path: ReadPath,
    /// Whether its text has no other parts, not even empty ones; decides where a list's items go.
    pub alone: bool,
    /// Keys that occur again in their map, with the kubectl dialect, where the last one counts.
    pub duplicates: Vec<Place>,
}

/// A text split into documents, which may then be read in any order and by several readers at once. Reading all of it
/// by one is [`Reader::read`].
///
/// ```
/// use gitops_core::yaml::{Options, Reader, Text};
/// let text = Text::new(b"kind: ConfigMap\n---\nkind: Secret\n", &Options::kustomize()).unwrap();
/// let second = text.read(1..2, &mut Reader::new()).unwrap();
/// assert_eq!(second[0].root.get("kind").unwrap().as_str(), Some("Secret"));
/// ```
#[derive(Debug)]
pub struct Text<'a> {
    input: Input<'a>,
    /// Where the documents are in the text.
    parts: Vec<Range<usize>>,
    options: Options,
}

impl<'a> Text<'a> {
    /// Decodes and splits a text. Costs a pass over the bytes, and a copy where they are not plain UTF-8 with line
    /// feeds.
    pub fn new(bytes: &'a [u8], options: &Options) -> Result<Self, ReadError> {
        let input = Input::new(bytes, options)?;
        let parts = input::split(&input, options.dialect);
        let parts = parts.map_err(|(kind, offset)| input.error(kind, offset, options))?;
        let parts = parts.iter().map(|part| part.start..part.start + part.text.len()).collect();
        Ok(Self { input, parts, options: *options })
    }

    /// How many documents there are, empty ones included.
    #[must_use]
    pub fn len(&self) -> usize {
        self.parts.len()
    }

    /// Whether there is no document, not even an empty one.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.parts.is_empty()
    }

    /// Some of the documents, by number, without those that hold nothing.
    pub fn read(&self, range: Range<usize>, reader: &mut Reader) -> Result<Vec<Document>, ReadError> {
        // kubectl reads lines, and ends the last one where the file does not.
        let final_break = self.options.dialect == Dialect::Kubectl;
        let alone = self.parts.len() == 1;
        let parts = self.parts.get(range).unwrap_or_default();
        let mut documents = Vec::with_capacity(parts.len());
        for range in parts {
            let part =
                Part { text: self.input.text.get(range.clone()).unwrap_or_default(), start: range.start };
            if let Some(document) = reader.read_part(&self.input, &part, &self.options, final_break)?
                && !document.root.is_null()
            {
                documents.push(Document { alone, ..document });
            }
        }
        Ok(documents)
    }
}

/// Reads texts one after the other and keeps for the next what the last one taught: memory, and names of keys, which
/// values then share.
///
/// The functions [`read`] and [`read_first`] make a new one for each text.
#[derive(Default, Debug)]
pub struct Reader {
    workspace: fast::Workspace,
}

impl Reader {
    /// A reader that has read nothing yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// As [`read`].
    pub fn read(&mut self, bytes: &[u8], options: &Options) -> Result<Vec<Document>, ReadError> {
        let text = Text::new(bytes, options)?;
        text.read(0..text.len(), self)
    }

    /// As [`read_first`].
    pub fn read_first(&mut self, bytes: &[u8], options: &Options) -> Result<Option<Document>, ReadError> {
        let input = Input::new(bytes, options)?;
        let part = Part { text: &input.text, start: 0 };
        self.read_part(&input, &part, options, false)
    }

    fn read_part(
        &mut self,
        input: &Input<'_>,
        part: &Part<'_>,
        options: &Options,
        final_break: bool,
    ) -> Result<Option<Document>, ReadError> {
        let (text, mark) = input::strip_bom(part.text);
        let base = part.start + mark;
        let duplicates = RefCell::default();
        let builder = Builder::new(options, base, input.offsets(), &duplicates);
        let document = |root, comments, path| Document {
            root,
            place: builder.place(0),
            comments,
            path,
            alone: true,
            duplicates: duplicates.take(),
        };
        let schemas = options.comments && comment::may_hold_schema(text);
        if input.plain_breaks && !options.complete_only && !schemas {
            let depth = options.limits.depth;
            match fast::read(text, builder, depth, final_break, &mut self.workspace) {
                Some(fast::Content::Document(root)) => {
                    return Ok(Some(document(root, Vec::new(), ReadPath::Fast)));
                }
                Some(fast::Content::Nothing) => return Ok(None),
                // What it found before it gave up will be found again.
                None => duplicates.borrow_mut().clear(),
            }
        }
        let job =
            complete::Job { text, base, limits: options.limits, comments: options.comments, final_break };
        let Some((root, mut comments)) = complete::read(&job, builder)? else { return Ok(None) };
        for comment in &mut comments {
            comment.offset = input.offsets().original(comment.offset);
        }
        Ok(Some(document(root, comments, ReadPath::Complete)))
    }
}

/// The documents of a text, without those that hold nothing.
///
/// Costs one pass over the text, and one more over documents that the fast reader gives up.
pub fn read(bytes: &[u8], options: &Options) -> Result<Vec<Document>, ReadError> {
    Reader::new().read(bytes, options)
}

/// The first document of a text; nothing where the text holds none, null where it is empty.
pub fn read_first(bytes: &[u8], options: &Options) -> Result<Option<Document>, ReadError> {
    Reader::new().read_first(bytes, options)
}

#[cfg(test)]
mod tests;
