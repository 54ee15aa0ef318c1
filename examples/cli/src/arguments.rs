//! The command line, as one flat table.

use clap::{Args, Parser, Subcommand, ValueEnum, ValueHint};
use gitops::choice::KindPattern;
use gitops::core::glob::{Glob, GlobError};
use gitops::core::selector::Selector;
use gitops::render::explain::Query;
use std::path::PathBuf;

const VERSION: &str = concat!(env!("CARGO_PKG_VERSION"), " (renders as kustomize v5.8.1)");

const EXAMPLES: &str = "\
Examples:
  gitops render -r clusters/production         what production runs
  gitops completions bash > /etc/bash_completion.d/gitops";

const RENDER_EXAMPLES: &str = "\
Examples:
  gitops render clusters/production/shop        exactly what `kubectl kustomize` prints
  gitops render -r clusters --out-dir rendered  a file for every overlay below clusters
  gitops render shop --explain Deployment/web:spec.replicas
  helm template shop | gitops render - --kind Deployment.apps -o ndjson";

/// What would this repository deploy? Renders kustomizations byte for byte as kustomize v5.8.1 does.
#[derive(Debug, Parser)]
#[command(name = "gitops", version = VERSION, after_help = EXAMPLES, propagate_version = true)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Print the desired manifests of a kustomization, a folder of manifests or a file
    Render(Box<Render>),
    /// Print a completion script for a shell
    #[command(after_help = "Example:\n  gitops completions zsh > ~/.zfunc/_gitops")]
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
}

/// Print the desired manifests of a kustomization, a folder of manifests or a file.
///
/// Warnings tell what kustomize passes over in silence; the output is the same.
#[derive(Args, Debug)]
#[command(after_help = RENDER_EXAMPLES)]
pub(crate) struct Render {
    /// A folder with a kustomization, a folder of manifests, a file, or `-` for standard input [default: .]
    #[arg(value_name = "PATH", value_hint = ValueHint::AnyPath)]
    pub(crate) paths: Vec<PathBuf>,
    /// A folder with a kustomization, as in `kubectl apply -k`
    #[arg(short = 'k', long = "kustomize", value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub(crate) kustomizations: Vec<PathBuf>,
    /// A file or folder of manifests, as in `kubectl apply -f`
    #[arg(short = 'f', long = "filename", value_name = "FILE", value_hint = ValueHint::AnyPath)]
    pub(crate) files: Vec<PathBuf>,

    /// Render every kustomization below PATH that no other one there refers to, in path order
    #[arg(short, long, conflicts_with_all = ["kustomizations", "files"])]
    pub(crate) recursive: bool,
    /// With -r: also those that others refer to
    #[arg(long, requires = "recursive")]
    pub(crate) all: bool,

    /// The output's form
    #[arg(short, long, value_name = "FORMAT", default_value = "text", help_heading = "Output")]
    pub(crate) output: Format,
    /// Write to a file, as a whole or not at all
    #[arg(long, value_name = "FILE", conflicts_with = "out_dir", help_heading = "Output", value_hint = ValueHint::FilePath)]
    pub(crate) out: Option<PathBuf>,
    /// Write one file for each root, named after its folder; unchanged files are not touched
    #[arg(long, value_name = "DIR", help_heading = "Output", value_hint = ValueHint::DirPath)]
    pub(crate) out_dir: Option<PathBuf>,
    /// With --out-dir: remove files that an earlier run wrote and nobody changed, where their root is gone
    #[arg(long, requires = "out_dir", help_heading = "Output")]
    pub(crate) prune: bool,
    /// Tell which file, line and transformer each field of an object came from; QUERY is
    /// `[NAMESPACE/]KIND[.GROUP]/NAME[:PATH]`
    #[arg(long, value_name = "QUERY", conflicts_with_all = ["out_dir", "namespace", "selector", "kinds"], help_heading = "Output")]
    pub(crate) explain: Option<Query>,

    /// Only objects of this namespace; those without one get it
    #[arg(short, long, help_heading = "Choosing")]
    pub(crate) namespace: Option<String>,
    /// Only objects whose labels match, as in `app=web,tier in (front,back)`
    #[arg(short = 'l', long, help_heading = "Choosing")]
    pub(crate) selector: Option<Selector>,
    /// Only objects of this kind; may be repeated
    #[arg(long = "kind", value_name = "KIND[.GROUP]", help_heading = "Choosing")]
    pub(crate) kinds: Vec<KindPattern>,

    /// The folder that nothing read may leave [default: the enclosing git work tree, else PATH]
    #[arg(long, value_name = "DIR", help_heading = "Kustomize", value_hint = ValueHint::DirPath)]
    pub(crate) root: Option<PathBuf>,
    /// Whether a kustomization may read files outside its own folder
    #[arg(long, value_name = "RULE", default_value = "root", help_heading = "Kustomize")]
    pub(crate) load_restrictor: LoadRestrictor,
    /// The order of objects where the kustomization has no sortOptions
    #[arg(long, value_name = "ORDER", default_value = "legacy", help_heading = "Kustomize")]
    pub(crate) reorder: Reorder,
    /// Add the label app.kubernetes.io/managed-by
    #[arg(long, help_heading = "Kustomize")]
    pub(crate) enable_managedby_label: bool,

    /// Take PATH for a plain folder, with sub-folders
    #[arg(long, help_heading = "Plain folders (as Argo CD's directory source)", conflicts_with_all = ["recursive", "kustomizations"])]
    pub(crate) directory_recurse: bool,
    /// Take PATH for a plain folder; only files that match
    #[arg(long, value_name = "GLOB", visible_alias = "directory-include", value_parser = glob,
        help_heading = "Plain folders (as Argo CD's directory source)", conflicts_with_all = ["recursive", "kustomizations"])]
    pub(crate) include: Option<Glob>,
    /// Take PATH for a plain folder; no files that match
    #[arg(long, value_name = "GLOB", visible_alias = "directory-exclude", value_parser = glob,
        help_heading = "Plain folders (as Argo CD's directory source)", conflicts_with_all = ["recursive", "kustomizations"])]
    pub(crate) exclude: Option<Glob>,

    #[command(flatten)]
    pub(crate) messages: Messages,
    /// Threads for rendering several roots [default: one for each processor]
    #[arg(long, value_name = "N", help_heading = "Messages and resources", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub(crate) threads: Option<u16>,
}

/// What is told on standard error, and how.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Messages and resources")]
pub(crate) struct Messages {
    /// Take warnings for errors: what has one is not printed, and the exit code is 2
    #[arg(long)]
    pub(crate) strict: bool,
    /// The form of errors and warnings
    #[arg(long, value_name = "FORM", default_value = "text")]
    pub(crate) diagnostics: DiagnosticsForm,
    /// When to use colours; NO_COLOR is honoured
    #[arg(long, value_name = "WHEN", default_value = "auto")]
    pub(crate) color: Color,
    /// Only errors
    #[arg(short, long, conflicts_with = "verbose")]
    pub(crate) quiet: bool,
    /// Also counts of the work done
    #[arg(short, long)]
    pub(crate) verbose: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub(crate) enum Format {
    /// A stream of YAML documents, exactly as `kubectl kustomize` prints it
    Text,
    /// The same
    Yaml,
    /// One List
    Json,
    /// One object a line
    Ndjson,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub(crate) enum LoadRestrictor {
    /// Only files at or below its folder
    #[value(alias = "LoadRestrictionsRootOnly")]
    Root,
    /// Any file of the tree
    #[value(alias = "LoadRestrictionsNone")]
    None,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub(crate) enum Reorder {
    /// By kind: Namespaces and CRDs first, webhooks last
    Legacy,
    /// As in the sources
    None,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub(crate) enum DiagnosticsForm {
    /// Drawn like a compiler's
    Text,
    /// One JSON object a line
    Json,
    /// One SARIF 2.1.0 log
    Sarif,
    /// Workflow commands of GitHub Actions
    Github,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub(crate) enum Color {
    /// On a terminal
    Auto,
    Always,
    Never,
}

fn glob(pattern: &str) -> Result<Glob, GlobError> {
    Glob::new(pattern)
}
