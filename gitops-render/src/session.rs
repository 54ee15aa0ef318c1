//! A session: what a render has read and built, shared between the roots rendered in it.
//!
//! Every file is read and parsed once, every base is built once, whichever overlays use it and on however many
//! threads. What a base read and what it warned of are kept with it, so that each root's answer is complete.

use crate::inflate::Inflate;
use crate::inline;
use crate::kustomize::error::{Error, code};
use crate::kustomize::lint::{self, Warning};
use crate::once::OnceMap;
use crate::parallel;
use gitops_core::limits::Limits;
use gitops_core::schema::Schema;
use gitops_core::tree::{FileKind, Metadata, Tree, TreeError};
use gitops_core::value::{Location, Place, SourceId, Sources, Value};
use gitops_core::yaml;
use std::collections::HashMap;
use std::ops::Range;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

/// How many documents one thread reads in one go.
const DOCUMENTS: usize = 64;

/// What files a kustomization may read outside its own folder.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub enum LoadRestrictor {
    /// Files at or below the folder of the kustomization that names them; the default.
    #[default]
    RootOnly,
    /// Any file of the tree.
    None,
}

/// The order of the output where the root kustomization has no `sortOptions`.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub enum Reorder {
    /// By kind as `kubectl kustomize` prints it: Namespaces and CRDs first, webhooks last; the default.
    #[default]
    Legacy,
    /// As accumulated.
    None,
}

/// Options of a session.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Options {
    /// What files a kustomization may read.
    pub load_restrictor: LoadRestrictor,
    /// The order of the output.
    pub reorder: Reorder,
    /// Adds the label `app.kubernetes.io/managed-by: kustomize-v5.8.1`.
    pub managed_by_label: bool,
    /// Budgets.
    pub limits: Limits,
    /// Keeps every state of every object, for [`explain`](crate::explain).
    pub explain: bool,
    /// Reads YAML by the complete reader only, for tests that compare it with the fast one.
    pub complete_reader: bool,
    /// Who does what this crate does not: charts, remote sources, functions.
    pub inflate: Option<Arc<dyn Inflate>>,
}

/// Counts of work done; they depend on the input only, not on the machine.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
#[non_exhaustive]
pub struct Counters {
    /// Files read from the tree.
    pub files: u64,
    /// Bytes of those files.
    pub bytes: u64,
    /// Files parsed as manifests.
    pub parsed: u64,
    /// Layers (kustomizations) built.
    pub layers: u64,
    /// Layers taken from the session instead of being built again.
    pub layers_shared: u64,
    /// YAML documents read by the fast path.
    pub fast_documents: u64,
    /// YAML documents read by the complete reader.
    pub complete_documents: u64,
    /// Fields visited by transformers.
    pub nodes: u64,
}

/// The atomic side of [`Counters`].
#[derive(Debug, Default)]
pub(crate) struct Tally {
    pub(crate) files: AtomicU64,
    pub(crate) bytes: AtomicU64,
    pub(crate) parsed: AtomicU64,
    pub(crate) layers: AtomicU64,
    pub(crate) layers_shared: AtomicU64,
    pub(crate) fast_documents: AtomicU64,
    pub(crate) complete_documents: AtomicU64,
    pub(crate) nodes: AtomicU64,
}

impl Tally {
    pub(crate) fn add(counter: &AtomicU64, amount: u64) {
        counter.fetch_add(amount, Ordering::Relaxed);
    }
}

/// A file of the tree, read once.
#[derive(Debug)]
pub(crate) struct File {
    /// Path below the tree's root.
    pub(crate) path: String,
    pub(crate) source: SourceId,
    pub(crate) bytes: Arc<[u8]>,
    manifests: OnceLock<Result<Manifests, Error>>,
}

/// The objects of a text, with what is odd about them.
#[derive(Clone, Debug)]
pub(crate) struct Manifests {
    pub(crate) objects: Arc<[Value]>,
    pub(crate) warnings: Arc<[Warning]>,
}

/// A tree with everything that was read from it and built of it.
#[derive(Debug)]
pub struct Session {
    pub(crate) tree: Arc<dyn Tree>,
    pub(crate) options: Options,
    pub(crate) schema: Schema,
    pub(crate) layers: OnceMap<crate::kustomize::layer::LayerKey, crate::kustomize::layer::LayerResult>,
    pub(crate) tally: Tally,
    sources: Mutex<Sources>,
    /// Where texts stand that were taken out of other files.
    inline: Mutex<HashMap<SourceId, Place>>,
    files: OnceMap<String, Result<Arc<File>, TreeError>>,
    metadata: Mutex<HashMap<String, Result<Metadata, TreeError>>>,
    /// Readers that nobody uses now, at most as many as there are threads.
    readers: Mutex<Vec<yaml::Reader>>,
    /// Schemas that stand in comments beside fields; nearly always none.
    comments: Mutex<Vec<CommentSchema>>,
}

/// A schema in a comment: it holds for the node on its line.
#[derive(Clone, Debug)]
pub(crate) struct CommentSchema {
    source: SourceId,
    line: std::ops::Range<u32>,
    pub(crate) schema: Value,
}

impl CommentSchema {
    /// Whether a node stands on the comment's line.
    pub(crate) fn is_beside(&self, place: Place) -> bool {
        place.source == self.source && self.line.contains(&place.offset)
    }
}

impl Session {
    /// A session over a tree with default options.
    #[must_use]
    pub fn new(tree: impl Tree + 'static) -> Self {
        Self::with_options(Arc::new(tree), Options::default())
    }

    /// A session over a tree.
    #[must_use]
    pub fn with_options(tree: Arc<dyn Tree>, options: Options) -> Self {
        Self {
            tree,
            options,
            schema: Schema::kustomize_5_8_1(),
            layers: OnceMap::default(),
            tally: Tally::default(),
            sources: Mutex::default(),
            inline: Mutex::default(),
            files: OnceMap::default(),
            metadata: Mutex::default(),
            readers: Mutex::default(),
            comments: Mutex::default(),
        }
    }

    /// Counts of the work done so far.
    #[must_use]
    pub fn counters(&self) -> Counters {
        let read = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        Counters {
            files: read(&self.tally.files),
            bytes: read(&self.tally.bytes),
            parsed: read(&self.tally.parsed),
            layers: read(&self.tally.layers),
            layers_shared: read(&self.tally.layers_shared),
            fast_documents: read(&self.tally.fast_documents),
            complete_documents: read(&self.tally.complete_documents),
            nodes: read(&self.tally.nodes),
        }
    }

    /// File, line and column of a place in something that this session read.
    #[must_use]
    pub fn locate(&self, place: Place) -> Option<Location> {
        let parent = self.inline.lock().unwrap_or_else(PoisonError::into_inner).get(&place.source).copied();
        match parent {
            None => self.lock_sources().locate(place),
            Some(parent) => inline::locate(&self.lock_sources(), parent, place),
        }
    }

    /// A copy of the table of everything that this session read; the texts are shared.
    #[must_use]
    pub fn sources(&self) -> Sources {
        self.lock_sources().clone()
    }

    /// The text of a source.
    pub(crate) fn text(&self, source: SourceId) -> Option<Arc<str>> {
        self.lock_sources().text(source).cloned()
    }

    fn lock_sources(&self) -> std::sync::MutexGuard<'_, Sources> {
        self.sources.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds a text that stands inside another file, such as an inline patch; its places show as places of that file.
    pub(crate) fn add_inline(&self, place: Place, file: &str, text: &str) -> SourceId {
        let id = self.lock_sources().add(file, text);
        self.inline.lock().unwrap_or_else(PoisonError::into_inner).insert(id, place);
        id
    }

    /// Adds a text that no file holds.
    pub(crate) fn add_source(&self, name: &str, text: &str) -> SourceId {
        self.lock_sources().add(name, text)
    }

    /// What stands at a path; the first answer of the tree holds.
    pub(crate) fn metadata(&self, path: &str) -> Result<Metadata, TreeError> {
        if let Some(answer) = self.lock_metadata().get(path) {
            return answer.clone();
        }
        // Asked without the lock, so that threads do not wait for each other's system calls.
        let answer = self.tree.metadata(path);
        self.lock_metadata().entry(path.to_owned()).or_insert(answer).clone()
    }

    /// Notes that nothing stands at a path, as a listing of its folder says.
    pub(crate) fn note_missing(&self, path: String) {
        let answer = Err(TreeError::NotFound { path: path.clone() });
        self.lock_metadata().entry(path).or_insert(answer);
    }

    fn lock_metadata(&self) -> std::sync::MutexGuard<'_, HashMap<String, Result<Metadata, TreeError>>> {
        self.metadata.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The file at a resolved path; read from the tree once.
    pub(crate) fn file(&self, path: &str) -> Result<Arc<File>, TreeError> {
        self.files.get_or_make(&path.to_owned(), || self.read(path))
    }

    fn read(&self, path: &str) -> Result<Arc<File>, TreeError> {
        let bytes = self.tree.read(path, self.options.limits.file_bytes)?;
        Tally::add(&self.tally.files, 1);
        Tally::add(&self.tally.bytes, bytes.len() as u64);
        let source = self.lock_sources().add_bytes(path, Arc::clone(&bytes));
        Ok(Arc::new(File { path: path.to_owned(), source, bytes, manifests: OnceLock::new() }))
    }

    /// The objects that a file holds, lists unpacked; parsed once.
    pub(crate) fn manifests(&self, file: &File) -> Result<Manifests, Error> {
        let parsed = file.manifests.get_or_init(|| {
            Tally::add(&self.tally.parsed, 1);
            self.parse_manifests(&file.bytes, file.source)
        });
        parsed.clone().map_err(|error| error.in_file(file.path.as_str()))
    }

    /// The objects that a text holds, by kustomize's rules for resources and patches.
    pub(crate) fn parse_manifests(&self, bytes: &[u8], source: SourceId) -> Result<Manifests, Error> {
        let documents = self.read_documents(bytes, source)?;
        let objects = crate::manifests::objects(documents)?;
        let mut warnings = lint::manifests::of_text(bytes, source, &objects);
        let found = |range: Range<usize>| lint::manifests::of_objects(objects.get(range).unwrap_or_default());
        warnings.extend(parallel::ranges(objects.len(), DOCUMENTS, found).into_iter().flatten());
        Ok(Manifests { objects: objects.into(), warnings: warnings.into() })
    }

    fn read_documents(&self, bytes: &[u8], source: SourceId) -> Result<Vec<Value>, Error> {
        let options = self.yaml_options(yaml::Options::kustomize().comments(), source);
        let text = yaml::Text::new(bytes, &options).map_err(|error| yaml_error(&error))?;
        let read = |range: Range<usize>| self.with_reader(|reader| text.read(range, reader));
        let parts = parallel::ranges(text.len(), DOCUMENTS, read).into_iter();
        let parts = parts.collect::<Result<Vec<_>, _>>().map_err(|error| yaml_error(&error))?;
        let documents = parts.into_iter().flatten().collect::<Vec<_>>();
        for comment in documents.iter().flat_map(|document| &document.comments) {
            self.keep_comment(bytes, source, comment);
        }
        let fast = documents.iter().filter(|document| document.path == yaml::ReadPath::Fast).count() as u64;
        Tally::add(&self.tally.fast_documents, fast);
        Tally::add(&self.tally.complete_documents, documents.len() as u64 - fast);
        let objects = yaml::unpack_lists(documents).map_err(|error| yaml_error(&error))?;
        Ok(objects.into_iter().map(|document| document.root).collect())
    }

    /// The first document of a text, read as kustomize reads its own files (YAML 1.1, last of equal keys wins).
    pub(crate) fn parse_config(&self, bytes: &[u8], source: SourceId) -> Result<Value, Error> {
        Ok(self.read_config(bytes, source)?.map(|document| document.root).unwrap_or_default())
    }

    /// As [`Session::parse_config`], with what the reader knows of the document.
    pub(crate) fn read_config(
        &self,
        bytes: &[u8],
        source: SourceId,
    ) -> Result<Option<yaml::Document>, Error> {
        let options = self.yaml_options(yaml::Options::kubectl(), source);
        self.with_reader(|reader| reader.read_first(bytes, &options)).map_err(|error| yaml_error(&error))
    }

    fn keep_comment(&self, bytes: &[u8], source: SourceId, comment: &yaml::Comment) {
        let Ok(schema) = self.parse_config(comment.text.as_bytes(), source) else { return };
        let at = (comment.offset as usize).min(bytes.len());
        let start =
            bytes.get(..at).and_then(|before| before.iter().rposition(|b| *b == b'\n')).map_or(0, |i| i + 1);
        let line = start as u32..comment.offset;
        self.comments.lock().unwrap_or_else(PoisonError::into_inner).push(CommentSchema {
            source,
            line,
            schema,
        });
    }

    /// All schemas in comments that this session met.
    pub(crate) fn comment_schemas(&self) -> Vec<CommentSchema> {
        self.comments.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Lends one of the session's readers, which keep memory from one text to the next.
    pub(crate) fn with_reader<R>(&self, read: impl FnOnce(&mut yaml::Reader) -> R) -> R {
        let lock = || self.readers.lock().unwrap_or_else(PoisonError::into_inner);
        let mut reader = lock().pop().unwrap_or_default();
        let result = read(&mut reader);
        lock().push(reader);
        result
    }

    fn yaml_options(&self, options: yaml::Options, source: SourceId) -> yaml::Options {
        let complete_only = self.options.complete_reader;
        yaml::Options { complete_only, ..options.source(source).limits(self.options.limits) }
    }
}

fn yaml_error(error: &yaml::ReadError) -> Error {
    Error::new(code::YAML, error.to_string()).at(error.place)
}

/// Follows links on `path` with the session's memory of the tree.
pub(crate) fn resolve(session: &Session, path: &str) -> Result<String, TreeError> {
    #[derive(Debug)]
    struct Known<'a>(&'a Session);
    impl Tree for Known<'_> {
        fn metadata(&self, path: &str) -> Result<Metadata, TreeError> {
            self.0.metadata(path)
        }
        fn read(&self, path: &str, limit: u64) -> Result<Arc<[u8]>, TreeError> {
            self.0.tree.read(path, limit)
        }
        fn list(&self, path: &str) -> Result<Vec<String>, TreeError> {
            self.0.tree.list(path)
        }
    }
    gitops_core::tree::resolve(&Known(session), path)
}

/// Whether a resolved path is a folder; the root always is.
pub(crate) fn is_folder(session: &Session, path: &str) -> Result<bool, TreeError> {
    if path.is_empty() {
        return Ok(true);
    }
    session.metadata(path).map(|metadata| metadata.kind == FileKind::Directory)
}
