//! Single manifests as people write them: about 560 bytes each over the mix of [`super::flat()`].

use std::fmt::Write;

use super::random::Random;
use super::template::fill;

/// The kinds that a service's manifests take, in this order; further ones are ConfigMaps.
const KINDS: [(&str, &str); 9] = [
    ("deployment", include_str!("templates/deployment.yaml")),
    ("service", include_str!("templates/service.yaml")),
    ("hpa", include_str!("templates/hpa.yaml")),
    ("configmap", CONFIG_MAP),
    ("serviceaccount", include_str!("templates/serviceaccount.yaml")),
    ("pdb", include_str!("templates/pdb.yaml")),
    ("networkpolicy", include_str!("templates/networkpolicy.yaml")),
    ("ingress", include_str!("templates/ingress.yaml")),
    ("cronjob", include_str!("templates/cronjob.yaml")),
];
const CONFIG_MAP: &str = include_str!("templates/configmap.yaml");

const TEAMS: [&str; 6] = ["checkout", "catalog", "identity", "logistics", "search", "billing"];
const LEVELS: [&str; 4] = ["debug", "info", "warn", "error"];
const REGIONS: [&str; 4] = ["eu-central-1", "us-east-1", "ap-south-1", "sa-east-1"];
const WORDS: [&str; 8] = ["timeout", "retries", "pool", "cache", "window", "batch", "queue", "limit"];

/// What a Deployment refers to; on where that object exists.
#[derive(Clone, Copy, Default, Debug)]
pub(super) struct References {
    pub(super) service_account: bool,
    pub(super) config_map: bool,
    /// The ConfigMap that an overlay generates.
    pub(super) settings: bool,
    /// A variable that a replacement fills.
    pub(super) replaced: bool,
}

/// What a service's manifests have in common.
#[derive(Clone, Debug)]
pub(super) struct Service {
    pub(super) name: String,
    pub(super) image: String,
    team: &'static str,
    tag: String,
    port: String,
    utilization: String,
    variables: String,
    settings: String,
}

impl Service {
    pub(super) fn new(stem: &str, index: usize, random: &mut Random) -> Self {
        let name = format!("{stem}-{index:04}");
        let team = random.pick(&TEAMS);
        let mut settings = String::new();
        for number in 0..3 + random.below(4) {
            entry(&mut settings, format_args!("  {}.{number}: {}", random.pick(&WORDS), setting(random)));
        }
        let mut variables = String::new();
        for (key, value) in [
            ("LOG_LEVEL", random.pick(&LEVELS).to_owned()),
            ("REGION", random.pick(&REGIONS).to_owned()),
            ("WORKERS", format!("\"{}\"", 1 + random.below(32))),
            ("UPSTREAM", format!("http://{stem}-{:04}:8080", random.below(index + 1))),
        ] {
            entry(&mut variables, variable(key, &value));
        }
        Self {
            image: format!("registry.example.com/{team}/{name}"),
            name,
            team,
            tag: format!("{}.{}.{}", random.below(4), random.below(20), random.below(10)),
            port: (8_000 + random.below(1_000)).to_string(),
            utilization: (50 + random.below(40)).to_string(),
            variables,
            settings,
        }
    }

    /// The manifest in place `index` of the service, with the stem of its file's name.
    pub(super) fn manifest(&self, index: usize, references: References) -> (String, String) {
        match KINDS.get(index) {
            Some((stem, template)) => ((*stem).to_owned(), self.fill(template, "config", references)),
            None => {
                let suffix = format!("config-{index}");
                let text = self.fill(CONFIG_MAP, &suffix, references);
                (format!("configmap-{index}"), text)
            }
        }
    }

    fn fill(&self, template: &str, suffix: &str, references: References) -> String {
        let mut variables = self.variables.clone();
        if references.replaced {
            entry(&mut variables, variable("SERVICE_NAME", "unset"));
        }
        let mut service_account = String::new();
        if references.service_account {
            entry(&mut service_account, format_args!("      serviceAccountName: {}", self.name));
        }
        let values = [
            ("name", self.name.as_str()),
            ("suffix", suffix),
            ("team", self.team),
            ("image", &self.image),
            ("tag", &self.tag),
            ("port", &self.port),
            ("utilization", &self.utilization),
            ("settings", &self.settings),
            ("variables", &variables),
            ("service_account", &service_account),
            ("sources", &self.sources(references)),
        ];
        fill(template, &values)
    }

    /// The Deployment's `envFrom`.
    fn sources(&self, references: References) -> String {
        let mut sources = String::new();
        for (on, suffix) in [(references.config_map, "config"), (references.settings, "settings")] {
            if !on {
                continue;
            }
            if sources.is_empty() {
                entry(&mut sources, "          envFrom:");
            }
            entry(&mut sources, "            - configMapRef:");
            entry(&mut sources, format_args!("                name: {}-{suffix}", self.name));
        }
        sources
    }
}

fn variable(key: &str, value: &str) -> String {
    format!("            - name: {key}\n              value: {value}")
}

/// A value in one of the spellings that manifests use for strings.
fn setting(random: &mut Random) -> String {
    match random.below(5) {
        0 => format!("\"{}\"", random.below(10_000)),
        1 => format!("{}s", 1 + random.below(120)),
        2 => format!("'{}'", random.pick(&["true", "yes", "on", "0644"])),
        3 => format!("https://{}.example.com/v{}", random.pick(&REGIONS), 1 + random.below(3)),
        _ => format!("{} and {}", random.pick(&WORDS), random.pick(&WORDS)),
    }
}

/// Adds a line.
pub(super) fn entry(text: &mut String, line: impl std::fmt::Display) {
    writeln!(text, "{line}").expect("a String takes every write");
}
