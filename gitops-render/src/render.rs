//! Rendering a root: a kustomization, a folder of manifests, or a file.

use crate::directory::{SkipReason, Skipped};
use crate::kustomize::build::Build;
use crate::kustomize::error::{Error, code};
use crate::kustomize::finish::finish;
use crate::kustomize::layer::Accumulated;
use crate::kustomize::lint::Warning;
use crate::kustomize::lint::codes::LINK_SKIPPED;
use crate::kustomize::load::Folder;
use crate::kustomize::origin::BuildMetadata;
use crate::kustomize::target::FILE_NAMES;
use crate::reads::Read;
use crate::rendered::{Failure, Object, Rendered};
use crate::session::{Manifests, Session, is_folder, resolve};
use gitops_core::diagnostic::Diagnostic;
use gitops_core::tree::{FileKind, join};

impl Session {
    /// Renders what stands at a path of the tree: a kustomization where the folder has such a file, else the manifests
    /// of the folder (not of those below it), or a single file.
    ///
    /// The cost of a kustomization grows with the bytes of its manifests plus the number of resources times that of
    /// transformers; layers that this session has built before cost a copy of their list of resources.
    pub fn render(&self, path: &str) -> Result<Rendered, Failure> {
        self.settled(self.render_at(path))
    }

    /// [`Session::render`] without the last look at the files.
    pub(crate) fn render_at(&self, path: &str) -> Result<Rendered, Failure> {
        let path = path.trim_end_matches('/');
        let place = join("", path).and_then(|path| resolve(self, &path));
        let folder = match &place {
            Ok(path) => is_folder(self, path),
            Err(error) => Err(error.clone()),
        };
        match (place, folder) {
            (Ok(path), Ok(true)) if self.is_kustomization(&path) => self.build_kustomization(&path),
            (Ok(path), Ok(true)) => self.read_folder(&path, &crate::directory::DirectoryOptions::default()),
            (Ok(path), Ok(false)) => self.read_file(&path),
            (Err(error), _) | (_, Err(error)) => {
                let reads = vec![Read::Missing(path.to_owned())];
                let error = Error::new(code::NOT_FOUND, error.to_string()).in_file(path);
                Err(self.failure(error, Vec::new(), reads))
            }
        }
    }

    /// Renders the kustomization in a folder, and nothing else.
    pub fn render_kustomization(&self, path: &str) -> Result<Rendered, Failure> {
        self.settled(self.build_kustomization(path))
    }

    fn build_kustomization(&self, path: &str) -> Result<Rendered, Failure> {
        let mut build = Build::new(self, BuildMetadata::default());
        let result = build_root(&mut build, path);
        let Build { reads, diagnostics, .. } = build;
        match result {
            Ok(objects) => Ok(Rendered { objects, diagnostics: tidy(diagnostics), reads: tidy(reads) }),
            Err(error) => Err(self.failure(error, diagnostics, reads)),
        }
    }

    /// Renders the manifests of a folder as Argo CD's `directory` source does.
    pub fn render_folder(
        &self,
        path: &str,
        options: &crate::directory::DirectoryOptions,
    ) -> Result<Rendered, Failure> {
        self.settled(self.read_folder(path, options))
    }

    fn read_folder(
        &self,
        path: &str,
        options: &crate::directory::DirectoryOptions,
    ) -> Result<Rendered, Failure> {
        let mut reads = vec![Read::Listing(path.to_owned())];
        let listing = crate::directory::list(&*self.tree, path, options).map_err(|error| {
            self.failure(Error::new(code::FILE, error.to_string()).in_file(path), Vec::new(), reads.clone())
        })?;
        let (mut objects, mut diagnostics) = (Vec::new(), Vec::new());
        diagnostics.extend(listing.skipped.into_iter().map(link_skipped));
        for file in listing.files {
            reads.push(Read::File(file.real.clone()));
            self.add_manifests(&file.real, &mut objects, &mut diagnostics)
                .map_err(|error| self.failure(error, Vec::new(), reads.clone()))?;
        }
        Ok(Rendered { objects, diagnostics: tidy(diagnostics), reads: tidy(reads) })
    }

    /// Renders the manifests of one file.
    pub fn render_file(&self, path: &str) -> Result<Rendered, Failure> {
        self.settled(self.read_file(path))
    }

    fn read_file(&self, path: &str) -> Result<Rendered, Failure> {
        let reads = vec![Read::File(path.to_owned())];
        let (mut objects, mut diagnostics) = (Vec::new(), Vec::new());
        self.add_manifests(path, &mut objects, &mut diagnostics)
            .map_err(|error| self.failure(error, Vec::new(), reads.clone()))?;
        Ok(Rendered { objects, diagnostics: tidy(diagnostics), reads })
    }

    /// Renders the manifests of a text that no file holds, such as standard input.
    pub fn render_text(&self, name: &str, bytes: &[u8]) -> Result<Rendered, Failure> {
        let source = self.add_source(name, &String::from_utf8_lossy(bytes));
        let found = self
            .parse_manifests(bytes, source)
            .map_err(|error| self.failure(error.in_file(name), Vec::new(), Vec::new()))?;
        let objects = found.objects.iter().cloned().map(Object::plain).collect();
        Ok(Rendered { objects, diagnostics: self.located(&found), ..Rendered::default() })
    }

    /// Whether a folder holds a kustomization file under any of its names.
    #[must_use]
    pub fn is_kustomization(&self, path: &str) -> bool {
        FILE_NAMES.iter().any(|name| {
            let file =
                join(path, name).and_then(|file| resolve(self, &file)).and_then(|file| self.metadata(&file));
            file.is_ok_and(|metadata| metadata.kind == FileKind::File)
        })
    }

    fn add_manifests(
        &self,
        path: &str,
        objects: &mut Vec<Object>,
        diagnostics: &mut Vec<Diagnostic>,
    ) -> Result<(), Error> {
        let file =
            self.file(path).map_err(|error| Error::new(code::FILE, error.to_string()).in_file(path))?;
        let found = self.manifests(&file)?;
        objects.extend(found.objects.iter().cloned().map(Object::plain));
        diagnostics.extend(self.located(&found));
        Ok(())
    }

    /// A result, unless a file changed since it was read. Costs a look at every file that this session has read.
    fn settled(&self, result: Result<Rendered, Failure>) -> Result<Rendered, Failure> {
        let rendered = result?;
        match self.unchanged() {
            Ok(()) => Ok(rendered),
            Err(error) => Err(self.failure(error, rendered.diagnostics, rendered.reads)),
        }
    }

    /// What is odd about manifests, located and in order.
    fn located(&self, manifests: &Manifests) -> Vec<Diagnostic> {
        let located = |(place, diagnostic): &Warning| diagnostic.clone().at(self.locate(*place));
        tidy(manifests.warnings.iter().map(located).collect())
    }

    /// Fails if a file changed since it was read.
    pub(crate) fn unchanged(&self) -> Result<(), Error> {
        self.tree.verify().map_err(|error| {
            Error::new(code::CHANGED, error.to_string()).help("render again once the files are at rest")
        })
    }

    pub(crate) fn failure(
        &self,
        error: Error,
        mut diagnostics: Vec<Diagnostic>,
        reads: Vec<Read>,
    ) -> Failure {
        diagnostics.push(self.diagnose(&error));
        Failure { error, diagnostics: tidy(diagnostics), reads: tidy(reads) }
    }

    /// An error as a diagnostic, located in what this session read.
    #[must_use]
    pub fn diagnose(&self, error: &Error) -> Diagnostic {
        error.diagnostic(|place| self.locate(place))
    }
}

fn link_skipped(link: Skipped) -> Diagnostic {
    let message = match link.reason {
        SkipReason::LinkToFolder => "a link to a folder is not entered",
        SkipReason::DanglingLink => "the link leads to nothing",
    };
    LINK_SKIPPED.says(message).in_file(link.path)
}

fn build_root(build: &mut Build<'_>, path: &str) -> Result<Vec<Object>, Error> {
    let target = build.load(Folder::root(path.to_owned()), String::new())?;
    let words = target.kustomization.build_metadata.iter().flatten();
    build.metadata = BuildMetadata::parse(words.map(|word| &**word));
    build.adopt_schema(&target, true)?;
    let mut accumulated = Accumulated::default();
    build
        .accumulate(&target, &mut accumulated)
        .map_err(|error| error.context(format!("building {}", target.file.path)))?;
    let set = finish(build, &target, accumulated)?;
    Ok(set.into_list().into_iter().map(crate::kustomize::resource::Resource::into_object).collect())
}

fn tidy<T: Ord>(mut list: Vec<T>) -> Vec<T> {
    list.sort();
    list.dedup();
    list
}
