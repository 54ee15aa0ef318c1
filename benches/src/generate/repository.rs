//! Trees in the layout of `examples/k8s-manifests`.

use super::Input;
use super::manifest::{References, Service, entry};
use super::random::Random;
use super::template::fill;

const HEAD: &str = "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\n";

/// What overlays use beyond a base and two patches.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct Features {
    /// `namespace`.
    pub namespace: bool,
    /// `namePrefix`.
    pub prefix: bool,
    /// `labels`, in selectors too.
    pub labels: bool,
    /// `images`.
    pub images: bool,
    /// `configMapGenerator`, with a hash that the Deployment refers to.
    pub config_map_generator: bool,
    /// `replacements`, from the Service's name into a variable of the container.
    pub replacements: bool,
    /// `components`, two of them, shared by all overlays.
    pub components: bool,
}

impl Features {
    /// Everything on.
    pub const ALL: Self = Self {
        namespace: true,
        prefix: true,
        labels: true,
        images: true,
        config_map_generator: true,
        replacements: true,
        components: true,
    };
}

/// An environment and what its patches set.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Environment {
    /// Its folder below `clusters`.
    pub name: String,
    /// Replicas of every Deployment.
    pub replicas: String,
    /// Memory of every container.
    pub memory: String,
}

impl Environment {
    fn numbered(index: usize) -> Self {
        let known = [("production", "5", "2Gi"), ("staging", "2", "512Mi"), ("development", "1", "256Mi")];
        match known.get(index) {
            Some((name, replicas, memory)) => Self {
                name: (*name).to_owned(),
                replicas: (*replicas).to_owned(),
                memory: (*memory).to_owned(),
            },
            None => Self {
                name: format!("region-{index:03}"),
                replicas: (1 + index % 7).to_string(),
                memory: "1Gi".to_owned(),
            },
        }
    }
}

/// The dimensions of a tree of overlays.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Shape {
    /// Overlays in the whole tree; every service has one in each environment, the last as many as are left.
    pub overlays: usize,
    /// Environments: production, staging, development, then numbered regions.
    pub environments: usize,
    /// Manifests of a base.
    pub resources: usize,
    /// What overlays use beyond a base and two patches.
    pub features: Features,
    /// Decides everything that is random.
    pub seed: u64,
}

impl Default for Shape {
    fn default() -> Self {
        Self { overlays: 1, environments: 3, resources: 4, features: Features::default(), seed: 1 }
    }
}

/// The tree of a shape. Its roots are the overlays; `apps/` has an Argo CD Application for each.
///
/// # Panics
/// Where the shape has no environment or no resource.
#[must_use]
pub fn overlays(shape: &Shape) -> Input {
    assert!(shape.environments > 0 && shape.resources > 0, "a shape has an environment and a resource");
    let environments: Vec<Environment> = (0..shape.environments).map(Environment::numbered).collect();
    let services: Vec<Service> = (0..shape.overlays.div_ceil(shape.environments))
        .map(|index| Service::new("order", index, &mut Random::part(shape.seed, index as u64)))
        .collect();

    let mut input = Input { bases: services.len(), ..Input::default() };
    for service in &services {
        base(&mut input, service, shape);
    }
    if shape.features.components {
        components(&mut input);
    }
    for (place, environment) in environments.iter().enumerate() {
        let mut applications = String::new();
        for (index, service) in services.iter().enumerate() {
            if index * shape.environments + place < shape.overlays {
                overlay(&mut input, service, environment, shape);
                if !applications.is_empty() {
                    applications.push_str("---\n");
                }
                let template = include_str!("templates/application.yaml");
                applications.push_str(&fill(template, &values(service, environment)));
            }
        }
        if !applications.is_empty() {
            input.add(format!("apps/{}.yaml", environment.name), applications);
        }
    }
    input.roots.sort_unstable();
    let generated = usize::from(shape.features.config_map_generator);
    input.resources = input.roots.len() * (shape.resources + generated);
    input
}

fn base(input: &mut Input, service: &Service, shape: &Shape) {
    let folder = format!("base/{}", service.name);
    let references = References {
        config_map: shape.resources > 3,
        service_account: shape.resources > 4,
        settings: shape.features.config_map_generator,
        replaced: shape.features.replacements,
    };
    let mut kustomization = String::from(HEAD);
    entry(&mut kustomization, "resources:");
    for index in 0..shape.resources {
        let (stem, text) = service.manifest(index, references);
        entry(&mut kustomization, format_args!("  - {stem}.yaml"));
        input.add(format!("{folder}/{stem}.yaml"), text);
    }
    input.add(format!("{folder}/kustomization.yaml"), kustomization);
}

fn overlay(input: &mut Input, service: &Service, environment: &Environment, shape: &Shape) {
    let folder = format!("clusters/{}/{}", environment.name, service.name);
    for (file, template) in [
        ("replicas", include_str!("templates/replicas.yaml")),
        ("resources", include_str!("templates/resources.yaml")),
    ] {
        let patch = fill(template, &values(service, environment));
        input.add(format!("{folder}/patches/{file}.yaml"), patch);
    }
    input.add(format!("{folder}/kustomization.yaml"), kustomization(service, environment, shape.features));
    input.roots.push(folder);
}

fn values<'a>(service: &'a Service, environment: &'a Environment) -> [(&'static str, &'a str); 6] {
    [
        ("name", &service.name),
        ("image", &service.image),
        ("environment", &environment.name),
        ("prefix", environment.name.get(..4).unwrap_or(&environment.name)),
        ("replicas", &environment.replicas),
        ("memory", &environment.memory),
    ]
}

fn kustomization(service: &Service, environment: &Environment, features: Features) -> String {
    let fields = [
        (features.namespace, include_str!("templates/field-namespace.yaml")),
        (features.prefix, include_str!("templates/field-prefix.yaml")),
        (true, include_str!("templates/field-resources.yaml")),
        (features.components, include_str!("templates/field-components.yaml")),
        (features.labels, include_str!("templates/field-labels.yaml")),
        (features.images, include_str!("templates/field-images.yaml")),
        (features.config_map_generator, include_str!("templates/field-generator.yaml")),
        (true, include_str!("templates/field-patches.yaml")),
        (features.replacements, include_str!("templates/field-replacements.yaml")),
    ];
    let mut template = String::from(HEAD);
    for (_, field) in fields.iter().filter(|(on, _)| *on) {
        template.push_str(field);
    }
    fill(&template, &values(service, environment))
}

fn components(input: &mut Input) {
    for (name, patch) in [
        ("monitoring", include_str!("templates/monitoring.yaml")),
        ("hardening", include_str!("templates/hardening.yaml")),
    ] {
        let folder = format!("components/{name}");
        input.add(format!("{folder}/kustomization.yaml"), include_str!("templates/component.yaml"));
        input.add(format!("{folder}/patch.yaml"), patch);
    }
}
