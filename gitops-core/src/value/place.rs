//! Where a node came from: a source and a byte offset into it.

use std::fmt;
use std::sync::{Arc, OnceLock};

/// Identifies a text in a [`Sources`] table; `SourceId::NONE` marks values that no file holds.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Debug)]
pub struct SourceId(u32);

impl SourceId {
    /// The source of values made by a program.
    pub const NONE: Self = Self(0);
    /// The greatest number of sources one table holds.
    pub const MAX: u32 = (1 << 24) - 1;

    /// The id with this number; numbers above [`SourceId::MAX`] become `NONE`.
    #[must_use]
    pub const fn new(number: u32) -> Self {
        if number > Self::MAX { Self(0) } else { Self(number) }
    }

    /// The number, 0 for none.
    #[must_use]
    pub const fn number(self) -> u32 {
        self.0
    }
}

/// A byte offset in a source. Takes no part in equality or hash of values.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Debug)]
pub struct Place {
    /// The text that the node was read from.
    pub source: SourceId,
    /// Byte offset of the node's first character in that text.
    pub offset: u32,
}

impl Place {
    /// No place: the node was made by a program.
    pub const NONE: Self = Self { source: SourceId::NONE, offset: 0 };

    /// A place in `source`.
    #[must_use]
    pub const fn new(source: SourceId, offset: u32) -> Self {
        Self { source, offset }
    }

    /// Whether this names no source.
    #[must_use]
    pub const fn is_none(self) -> bool {
        self.source.0 == 0
    }
}

/// A file name with line and column, both counted from 1; columns count characters.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Location {
    /// Name of the source, usually its path below the tree's root.
    pub file: Arc<str>,
    /// Line, from 1.
    pub line: u32,
    /// Column in characters, from 1.
    pub column: u32,
}

impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}", self.file, self.line, self.column)
    }
}

/// The texts that places point into, owned by whoever reads files.
///
/// ```
/// use gitops_core::value::{Place, Sources};
/// let mut sources = Sources::default();
/// let id = sources.add("a.yaml", "kind: Pod\nspec: {}\n");
/// let spec = sources.locate(Place::new(id, 10)).unwrap();
/// assert_eq!(spec.to_string(), "a.yaml:2:1");
/// ```
#[derive(Clone, Default, Debug)]
pub struct Sources {
    files: Vec<Source>,
}

#[derive(Clone, Debug)]
struct Source {
    name: Arc<str>,
    bytes: Arc<[u8]>,
    /// The bytes as text, made when first asked for.
    text: OnceLock<Arc<str>>,
    /// Where lines begin, found when first asked for.
    lines: OnceLock<Arc<[u32]>>,
}

impl Source {
    fn text(&self) -> &Arc<str> {
        self.text.get_or_init(|| String::from_utf8_lossy(&self.bytes).into())
    }

    fn lines(&self) -> &[u32] {
        self.lines.get_or_init(|| {
            let breaks = memchr::memchr_iter(b'\n', self.text().as_bytes());
            std::iter::once(0).chain(breaks.map(|at| at as u32 + 1)).collect()
        })
    }
}

impl Sources {
    /// Adds a text under a name and gives its id; `NONE` once the table is full.
    pub fn add(&mut self, name: impl Into<Arc<str>>, text: impl Into<Arc<str>>) -> SourceId {
        let text = text.into();
        self.push(name.into(), Arc::clone(&text).into(), text.into())
    }

    /// Adds the bytes of a file as [`Sources::add`] adds a text. They are shared, and become a text, with U+FFFD for
    /// what is not UTF-8, when a place in them is first asked for.
    pub fn add_bytes(&mut self, name: impl Into<Arc<str>>, bytes: impl Into<Arc<[u8]>>) -> SourceId {
        self.push(name.into(), bytes.into(), OnceLock::new())
    }

    fn push(&mut self, name: Arc<str>, bytes: Arc<[u8]>, text: OnceLock<Arc<str>>) -> SourceId {
        let number = self.files.len() + 1;
        if number > SourceId::MAX as usize {
            return SourceId::NONE;
        }
        self.files.push(Source { name, bytes, text, lines: OnceLock::new() });
        SourceId(number as u32)
    }

    /// Name of a source.
    #[must_use]
    pub fn name(&self, id: SourceId) -> Option<&Arc<str>> {
        self.entry(id).map(|source| &source.name)
    }

    /// Text of a source.
    #[must_use]
    pub fn text(&self, id: SourceId) -> Option<&Arc<str>> {
        self.entry(id).map(Source::text)
    }

    /// File, line and column of a place. The first one in a text costs a scan of it, later ones a look-up.
    #[must_use]
    pub fn locate(&self, place: Place) -> Option<Location> {
        let source = self.entry(place.source)?;
        let text = source.text();
        let mut offset = (place.offset as usize).min(text.len());
        while !text.is_char_boundary(offset) {
            offset -= 1;
        }
        let lines = source.lines();
        let line = lines.partition_point(|start| *start as usize <= offset);
        let line_start = lines.get(line.saturating_sub(1)).map_or(0, |start| *start as usize);
        let column = text[line_start..offset].chars().count() + 1;
        Some(Location { file: Arc::clone(&source.name), line: line as u32, column: column as u32 })
    }

    fn entry(&self, id: SourceId) -> Option<&Source> {
        self.files.get((id.0 as usize).checked_sub(1)?)
    }
}
