//! What is to be rendered: paths as given, turned into paths of trees.

use crate::arguments::{self, Render};
use crate::ground::Ground;
use crate::report::Report;
use gitops::render::directory::DirectoryOptions;
use gitops::render::{LoadRestrictor, Reorder};
use gitops::{Diagnostic, Error, Options, Workspace};
use std::collections::HashSet;
use std::io::{self, Read};
use std::mem::{Discriminant, discriminant};
use std::path::{Path, PathBuf};

/// Name of what comes from standard input.
const STDIN: &str = "<stdin>";

/// One thing to render.
#[derive(Debug)]
pub(crate) struct Target {
    /// Which of the grounds it lies on.
    pub(crate) ground: usize,
    /// Path in the tree.
    pub(crate) path: String,
    /// Path of its file in an output folder, without the ending.
    pub(crate) name: String,
    pub(crate) how: How,
}

/// How a target is read.
#[derive(Debug)]
pub(crate) enum How {
    /// By what stands there.
    Any,
    Kustomization,
    Directory(DirectoryOptions),
    Input(Vec<u8>),
}

/// Grounds and targets of a command line; what can't be one is reported.
#[derive(Debug)]
pub(crate) struct Targets<'a> {
    arguments: &'a Render,
    options: Options,
    pub(crate) grounds: Vec<Ground>,
    pub(crate) list: Vec<Target>,
    known: HashSet<(usize, String, Discriminant<How>)>,
}

/// A path as given, on its ground.
struct Located {
    ground: usize,
    path: String,
    is_folder: bool,
}

impl<'a> Targets<'a> {
    pub(crate) fn of(arguments: &'a Render, report: &mut Report) -> Self {
        let options = options(arguments);
        let mut targets =
            Self { arguments, options, grounds: Vec::new(), list: Vec::new(), known: HashSet::new() };
        let none_given =
            arguments.paths.is_empty() && arguments.kustomizations.is_empty() && arguments.files.is_empty();
        let default = [PathBuf::from(".")];
        let paths = if none_given { &default[..] } else { &arguments.paths };
        for path in paths {
            targets.add(path, report, Self::add_path);
        }
        for path in &arguments.kustomizations {
            targets.add(path, report, |targets, path, _| {
                let located = targets.locate(path)?;
                targets.push(located, path, How::Kustomization);
                Ok(())
            });
        }
        for path in &arguments.files {
            targets.add(path, report, |targets, path, _| {
                let located = targets.locate(path)?;
                let how =
                    if located.is_folder { How::Directory(targets.directory_options()) } else { How::Any };
                targets.push(located, path, how);
                Ok(())
            });
        }
        targets
    }

    /// Adds a path unless it is the mark of standard input.
    fn add(
        &mut self,
        path: &Path,
        report: &mut Report,
        add: impl FnOnce(&mut Self, &Path, &mut Report) -> Result<(), Error>,
    ) {
        let added = if path.as_os_str() == "-" { self.add_input() } else { add(self, path, report) };
        if let Err(error) = added {
            report.add(None, None, [path_diagnostic(path, &error)]);
        }
    }

    fn add_input(&mut self) -> Result<(), Error> {
        let failed = |source| Error::Path { path: PathBuf::from(STDIN), source };
        let limit = self.options.limits.file_bytes;
        let mut bytes = Vec::new();
        io::stdin().lock().take(limit.saturating_add(1)).read_to_end(&mut bytes).map_err(failed)?;
        if bytes.len() as u64 > limit {
            return Err(failed(io::Error::other(format!("more than the limit of {limit} bytes"))));
        }
        self.grounds.push(Ground::input(self.options.clone()));
        let ground = self.grounds.len() - 1;
        self.list.push(Target {
            ground,
            path: STDIN.to_owned(),
            name: "stdin".to_owned(),
            how: How::Input(bytes),
        });
        Ok(())
    }

    fn add_path(&mut self, path: &Path, report: &mut Report) -> Result<(), Error> {
        let located = self.locate(path)?;
        if self.arguments.recursive {
            self.add_roots(&located, path, report);
            return Ok(());
        }
        let options = self.arguments;
        let is_plain = options.directory_recurse || options.include.is_some() || options.exclude.is_some();
        let how =
            if is_plain && located.is_folder { How::Directory(self.directory_options()) } else { How::Any };
        self.push(located, path, how);
        Ok(())
    }

    fn add_roots(&mut self, located: &Located, given: &Path, report: &mut Report) {
        let Some(ground) = self.grounds.get(located.ground) else { return };
        let session = ground.session();
        let roots = if self.arguments.all {
            session.kustomizations(&located.path)
        } else {
            session.roots(&located.path)
        };
        if roots.paths.is_empty() && roots.diagnostics.is_empty() {
            let message = format!("no kustomization at or below {}", given.display());
            let help = "without -r a folder of plain manifests is rendered";
            report.add(None, None, [Diagnostic::error("no-roots", message).with_help(help)]);
        }
        report.add(Some(located.ground), None, roots.diagnostics);
        for path in roots.paths {
            let below = path.strip_prefix(&located.path).map(|below| below.trim_start_matches('/'));
            let name = below.filter(|below| !below.is_empty());
            let name = name.map_or_else(|| self.own_name(given), str::to_owned);
            self.push_named(located.ground, path, name, How::Any);
        }
    }

    fn push(&mut self, located: Located, given: &Path, how: How) {
        let mut name = self.own_name(given);
        if !located.is_folder
            && let Some((stem, _)) = name.rsplit_once('.')
        {
            name.truncate(stem.len());
        }
        self.push_named(located.ground, located.path, name, how);
    }

    /// Adds a target unless it is there already.
    fn push_named(&mut self, ground: usize, path: String, name: String, how: How) {
        if self.known.insert((ground, path.clone(), discriminant(&how))) {
            self.list.push(Target { ground, path, name, how });
        }
    }

    /// Finds the ground of a path, opening a new one where it lies on none.
    fn locate(&mut self, path: &Path) -> Result<Located, Error> {
        let root = match &self.arguments.root {
            Some(root) => {
                std::fs::canonicalize(root).map_err(|source| Error::Path { path: root.clone(), source })?
            }
            None => Workspace::root_of(path)?,
        };
        let known = |ground: &Ground| matches!(ground, Ground::Disk(workspace) if workspace.root() == root);
        let ground = match self.grounds.iter().position(known) {
            Some(ground) => ground,
            None => {
                self.grounds.push(Ground::Disk(Workspace::with_root(&root, self.options.clone())?));
                self.grounds.len() - 1
            }
        };
        let Some(Ground::Disk(workspace)) = self.grounds.get(ground) else {
            return Err(Error::Outside { path: path.to_owned(), root });
        };
        let metadata =
            std::fs::metadata(path).map_err(|source| Error::Path { path: path.to_owned(), source })?;
        Ok(Located { ground, path: workspace.path(path)?, is_folder: metadata.is_dir() })
    }

    /// The last part of a path, also where it is given as `.` or `a/..`; empty where no file will be named after it.
    fn own_name(&self, given: &Path) -> String {
        if self.arguments.out_dir.is_none() {
            return String::new();
        }
        let real = std::fs::canonicalize(given);
        let name =
            real.as_deref().unwrap_or(given).file_name().map(|name| name.to_string_lossy().into_owned());
        name.unwrap_or_else(|| "root".to_owned())
    }

    fn directory_options(&self) -> DirectoryOptions {
        let mut options = DirectoryOptions::default();
        options.recurse = self.arguments.directory_recurse;
        options.include.clone_from(&self.arguments.include);
        options.exclude.clone_from(&self.arguments.exclude);
        options
    }
}

fn options(arguments: &Render) -> Options {
    let mut options = Options::default();
    options.load_restrictor = match arguments.load_restrictor {
        arguments::LoadRestrictor::Root => LoadRestrictor::RootOnly,
        arguments::LoadRestrictor::None => LoadRestrictor::None,
    };
    options.reorder = match arguments.reorder {
        arguments::Reorder::Legacy => Reorder::Legacy,
        arguments::Reorder::None => Reorder::None,
    };
    options.managed_by_label = arguments.enable_managedby_label;
    options.explain = arguments.explain.is_some();
    options
}

fn path_diagnostic(path: &Path, error: &Error) -> Diagnostic {
    match error {
        Error::Path { source, .. } if source.kind() == io::ErrorKind::NotFound => {
            Diagnostic::error("not-found", format!("{}: no such file or folder", path.display()))
        }
        Error::Outside { .. } => Diagnostic::error("outside-root", error.to_string())
            .with_help("nothing outside of the root is read; --root DIR sets another one"),
        error => Diagnostic::error("file", error.to_string()),
    }
}
