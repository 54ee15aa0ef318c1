//! `generate`: writes a tree of manifests.

use std::io::{self, Write};
use std::path::PathBuf;

use clap::{Args, ValueEnum};
use gitops_benches::generate::{self, Features, Input, Shape};

#[derive(Clone, Copy, ValueEnum)]
enum Kind {
    /// One overlay over one base of COUNT resources.
    Overlay,
    /// One kustomization of COUNT resources.
    Flat,
    /// COUNT overlays, each base shared by the environments.
    Overlays,
    /// COUNT CustomResourceDefinitions.
    Crds,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Feature {
    Namespace,
    Prefix,
    Labels,
    Images,
    ConfigMapGenerator,
    Replacements,
    Components,
    All,
}

#[derive(Args)]
pub(crate) struct Generate {
    /// What to write.
    #[arg(long)]
    kind: Kind,
    /// How many: resources, overlays or definitions.
    #[arg(long)]
    count: usize,
    /// Decides everything that is random.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// The folder to write to.
    #[arg(long)]
    out: PathBuf,
    /// What overlays use beyond a base and two patches.
    #[arg(long, value_delimiter = ',')]
    features: Vec<Feature>,
    /// Environments of `overlays`.
    #[arg(long, default_value_t = 3, value_parser = clap::value_parser!(u16).range(1..))]
    environments: u16,
    /// Resources of a base of `overlays`.
    #[arg(long, default_value_t = 4, value_parser = clap::value_parser!(u16).range(1..))]
    resources: u16,
    /// Kibibytes of a definition.
    #[arg(long, default_value_t = 500)]
    kilobytes: usize,
    /// A file for each resource of `flat`.
    #[arg(long)]
    files: bool,
}

impl Generate {
    fn input(&self) -> Input {
        let features = self.features();
        match self.kind {
            Kind::Overlay => generate::overlays(&Shape {
                overlays: 1,
                environments: 1,
                resources: self.count.max(1),
                features,
                seed: self.seed,
            }),
            Kind::Overlays => generate::overlays(&Shape {
                overlays: self.count,
                environments: usize::from(self.environments),
                resources: usize::from(self.resources),
                features,
                seed: self.seed,
            }),
            Kind::Flat if self.files => generate::flat_in_files(self.count, self.seed),
            Kind::Flat => generate::flat(self.count, self.seed),
            Kind::Crds => generate::definitions(self.count, self.kilobytes << 10, self.seed),
        }
    }

    fn features(&self) -> Features {
        let on = |feature| self.features.contains(&feature) || self.features.contains(&Feature::All);
        Features {
            namespace: on(Feature::Namespace),
            prefix: on(Feature::Prefix),
            labels: on(Feature::Labels),
            images: on(Feature::Images),
            config_map_generator: on(Feature::ConfigMapGenerator),
            replacements: on(Feature::Replacements),
            components: on(Feature::Components),
        }
    }

    pub(crate) fn run(&self) -> io::Result<()> {
        let input = self.input();
        input.write_to(&self.out)?;
        writeln!(
            io::stdout().lock(),
            "{} files, {} bytes, {} roots, {} resources, {}",
            input.files.len(),
            input.bytes(),
            input.roots.len(),
            input.resources,
            input.digest()
        )
    }
}
