//! One kustomization of any number of resources.

use super::Input;
use super::manifest::{References, Service, entry};
use super::random::Random;

/// How many manifests a service has here: Deployment, Service, HorizontalPodAutoscaler, ConfigMap, ServiceAccount.
const PER_SERVICE: usize = 5;

/// `resources` objects in one file, below a kustomization with namespace, prefix, labels and images.
#[must_use]
pub fn flat(resources: usize, seed: u64) -> Input {
    let mut input = Input { roots: vec![String::new()], resources, ..Input::default() };
    let mut all = String::new();
    for (_, text) in manifests(resources, seed) {
        if !all.is_empty() {
            all.push_str("---\n");
        }
        all.push_str(&text);
    }
    input.add("resources.yaml", all);
    input.add("kustomization.yaml", kustomization(&["resources.yaml".to_owned()], resources, seed));
    input
}

/// The same with a file for each resource.
#[must_use]
pub fn flat_in_files(resources: usize, seed: u64) -> Input {
    let mut input = Input { roots: vec![String::new()], resources, ..Input::default() };
    let mut paths = Vec::with_capacity(resources);
    for (path, text) in manifests(resources, seed) {
        paths.push(path.clone());
        input.add(path, text);
    }
    input.add("kustomization.yaml", kustomization(&paths, resources, seed));
    input
}

fn manifests(resources: usize, seed: u64) -> impl Iterator<Item = (String, String)> {
    (0..resources.div_ceil(PER_SERVICE)).flat_map(move |index| {
        let service = service(index, seed);
        let count = PER_SERVICE.min(resources - index * PER_SERVICE);
        let references =
            References { config_map: count > 3, service_account: count > 4, ..References::default() };
        (0..count).map(move |place| {
            let (stem, text) = service.manifest(place, references);
            (format!("{}-{stem}.yaml", service.name), text)
        })
    })
}

fn service(index: usize, seed: u64) -> Service {
    Service::new("app", index, &mut Random::part(seed, index as u64))
}

/// Pins the images of the first ten services: the list does not grow with the number of resources.
fn kustomization(paths: &[String], resources: usize, seed: u64) -> String {
    let mut text = String::from(include_str!("templates/flat.yaml"));
    for path in paths {
        entry(&mut text, format_args!("  - {path}"));
    }
    for index in 0..resources.div_ceil(PER_SERVICE).min(10) {
        if index == 0 {
            entry(&mut text, "images:");
        }
        entry(&mut text, format_args!("  - name: {}", service(index, seed).image));
        entry(&mut text, format_args!("    newTag: v{}", index + 1));
    }
    text
}
