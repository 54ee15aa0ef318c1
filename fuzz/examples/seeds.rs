//! Writes the seed corpora of all targets from the recorded cases: `cargo run --example seeds -- FOLDER`, where FOLDER
//! is the conformance folder. Files go to `corpus/TARGET/`.

use gitops_fuzz::FILE_LINE;
use serde_json::Value as Json;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::{env, fs};

/// Larger seeds slow every execution down.
const MAX_BYTES: usize = 8 << 10;

#[derive(Default)]
struct Seeds {
    reader: BTreeSet<String>,
    kustomization: BTreeSet<String>,
    strategic_merge: BTreeSet<String>,
    json_patch: BTreeSet<String>,
}

fn main() {
    let folder = PathBuf::from(env::args().nth(1).expect("the conformance folder"));
    let mut seeds = Seeds::default();
    let cases = fs::read_to_string(folder.join("kustomize/cases.jsonl")).expect("the recorded cases");
    for case in cases.lines() {
        seeds.add_case(&serde_json::from_str(case).expect("a case a line"));
    }
    let tables = fs::read_dir(folder.join("kustomize/unit_tables")).expect("the unit tables");
    for table in tables {
        let text = fs::read_to_string(table.expect("a readable folder").path()).expect("UTF-8");
        seeds.add_table(&serde_json::from_str(&text).expect("a table"));
    }
    seeds.write();
}

impl Seeds {
    fn add_case(&mut self, case: &Json) {
        let target = case["target"].as_str().unwrap_or(".").trim_matches('.').trim_matches('/');
        let files = case["files"].as_object().expect("files");
        let files: Vec<(&str, &str)> =
            files.iter().filter_map(|(path, text)| Some((path.as_str(), text.as_str()?))).collect();
        self.reader.extend(files.iter().map(|(_, text)| (*text).to_owned()));
        self.reader.extend(case["reference.yaml"].as_str().map(str::to_owned));
        let (first, rest): (Vec<_>, Vec<_>) =
            files.iter().partition(|(path, _)| is_kustomization(path) && parent(path) == target);
        let section =
            |(path, text): &&(&str, &str)| format!("{FILE_LINE}{path}\n{}\n", text.trim_end_matches('\n'));
        self.kustomization.insert(first.iter().chain(&rest).map(section).collect());
        self.kustomization.extend(
            files.iter().filter(|(path, _)| is_kustomization(path)).map(|(_, text)| (*text).to_owned()),
        );
        self.add_pairs(&rest);
    }

    /// Every manifest with every other file of its case that may be a patch for it.
    fn add_pairs(&mut self, files: &[&(&str, &str)]) {
        let manifests = || files.iter().filter(|(_, text)| text.contains("kind:")).take(6);
        for (path, object) in manifests() {
            for (_, patch) in manifests().filter(|(other, _)| other != path) {
                self.strategic_merge.insert(format!("{}\n---\n{patch}", object.trim_end()));
            }
            for (_, patch) in
                files.iter().filter(|(_, text)| text.contains("op") && text.contains("path")).take(6)
            {
                self.json_patch.insert(format!("{}\n---\n{patch}", object.trim_end()));
            }
        }
    }

    fn add_table(&mut self, table: &Json) {
        let mut pending = vec![table];
        while let Some(json) = pending.pop() {
            match json {
                Json::Array(items) => pending.extend(items),
                Json::Object(members) => {
                    let text = |name: &str| members.get(name).and_then(Json::as_str);
                    for (base, patch) in [("dest", "source"), ("base", "patch"), ("input", "patch")] {
                        if let (Some(base), Some(patch)) = (text(base), text(patch)) {
                            self.strategic_merge.insert(format!("{base}\n---\n{patch}"));
                        }
                    }
                    pending.extend(members.values());
                }
                Json::String(text) if text.contains('\n') => drop(self.reader.insert(text.clone())),
                _ => {}
            }
        }
    }

    fn write(self) {
        // Operations on an object that has what they touch.
        let object = "a: {b: [1, 2, {c: d}]}\nx: y\n";
        let operations = ["add", "remove", "replace", "move", "copy", "test", "bad"];
        let paths = ["", "/", "/a/b/0", "/a/b/-", "/a/b/2/c", "/a~1b", "/x/y", "/a/b/-1", "/~0"];
        let json_patches = operations.iter().flat_map(|op| {
            paths.iter().map(move |path| {
                format!("{object}---\n[{{\"op\": \"{op}\", \"path\": \"{path}\", \"from\": \"/a/b\", \"value\": {{}}}}]\n")
            })
        });
        let json_patch = self.json_patch.into_iter().chain(json_patches).collect();
        for (target, seeds) in [
            ("reader", self.reader),
            ("kustomization", self.kustomization),
            ("strategic_merge", self.strategic_merge),
            ("json_patch", json_patch),
        ] {
            let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus").join(target);
            fs::create_dir_all(&folder).expect("a writable folder");
            let seeds: Vec<_> = seeds.iter().filter(|seed| (1..=MAX_BYTES).contains(&seed.len())).collect();
            for (number, seed) in seeds.iter().enumerate() {
                fs::write(folder.join(format!("seed-{number:05}")), seed).expect("a writable folder");
            }
            println!("{target}: {} seeds", seeds.len());
        }
    }
}

fn is_kustomization(path: &str) -> bool {
    ["kustomization.yaml", "kustomization.yml", "Kustomization"]
        .contains(&path.rsplit('/').next().unwrap_or(path))
}

fn parent(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}
