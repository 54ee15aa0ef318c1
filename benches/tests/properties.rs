//! Laws of the renderer and of the YAML reader and writer, over random trees.

use gitops_benches::generate::Random;
use gitops_benches::random::{self, Answer, Tree};
use gitops_core::yaml;
use gitops_render::{Options, Reorder, Session};
use std::sync::Arc;

/// Other trees than those of `gitops-benches random --seed 1`.
const FIRST: u64 = 0x7072_6f70;

fn trees(count: u64) -> impl Iterator<Item = (u64, Tree)> {
    (FIRST..FIRST + count).map(|seed| (seed, random::tree(seed)))
}

/// The trees that render, with what they render to.
fn rendered(count: u64) -> impl Iterator<Item = (u64, Tree, String)> {
    trees(count).filter_map(|(seed, tree)| match random::ours(&tree) {
        Answer::Output(yaml) => Some((seed, tree, yaml)),
        _ => None,
    })
}

fn is_yaml(path: &str) -> bool {
    [".yaml", ".yml", ".json"].iter().any(|end| path.ends_with(end))
}

#[test]
fn most_trees_render() {
    let count = rendered(200).count();
    assert!(count > 140, "{count} of 200");
}

#[test]
fn readers_and_repetition_change_nothing() {
    for (seed, tree) in trees(150) {
        let [first, complete, again] = random::sessions(&tree);
        assert_eq!(first, complete, "seed {seed}: the complete reader");
        assert_eq!(first, again, "seed {seed}: twice in one session");
    }
}

#[test]
fn threads_change_nothing() {
    let threads = rayon::ThreadPoolBuilder::new().num_threads(4).build().unwrap();
    for (seed, tree) in trees(60) {
        let shared = Session::new(tree.to_memory());
        let paths = shared.kustomizations("").paths;
        let together = threads.install(|| shared.render_all(&paths));
        for (path, rendered) in together {
            let alone = random::ours(&Tree { root: path.clone(), ..tree.clone() });
            let text = rendered.map_err(|failure| failure.error).and_then(|rendered| rendered.to_yaml());
            match (text, alone) {
                (Ok(text), Answer::Output(alone)) => assert_eq!(text, alone, "seed {seed}, {path}"),
                (Err(error), Answer::Failure { code, .. }) => {
                    assert_eq!(error.code(), code, "seed {seed}, {path}");
                }
                (text, alone) => panic!("seed {seed}, {path}: {text:?} together, {alone:?} alone"),
            }
        }
    }
}

#[test]
fn output_is_a_resource_that_renders_to_itself() {
    for (seed, _, yaml) in rendered(200).filter(|(_, _, yaml)| !yaml.is_empty()) {
        let again = rendered_as_resource(&yaml);
        // What `buildMetadata` adds is removed from resources, as in the original, and does not come back.
        if ["config.kubernetes.io/origin", "config.kubernetes.io/transformations"]
            .iter()
            .any(|annotation| yaml.contains(annotation))
        {
            assert_eq!(rendered_as_resource(&again), again, "seed {seed}");
        } else {
            assert_eq!(again, yaml, "seed {seed}");
        }
    }
}

fn rendered_as_resource(yaml: &str) -> String {
    let files = [("root/kustomization.yaml", "resources: [all.yaml]\n"), ("root/all.yaml", yaml)];
    let files = files.map(|(path, text)| (path.to_owned(), text.as_bytes().to_vec()));
    let tree = Tree { files: files.into(), root: "root".to_owned(), ..Tree::default() };
    let mut options = Options::default();
    options.reorder = Reorder::None;
    let session = Session::with_options(Arc::new(tree.to_memory()), options);
    let rendered = session.render_kustomization("root").map_err(|failure| failure.error);
    rendered.and_then(|rendered| rendered.to_yaml()).unwrap_or_else(|error| format!("{error:?}"))
}

#[test]
fn what_is_written_reads_back() {
    let options = yaml::Options::kustomize();
    for (seed, tree) in trees(150) {
        let session = Session::new(tree.to_memory());
        let Ok(rendered) = session.render_kustomization(&tree.root) else { continue };
        for object in &rendered.objects {
            let Ok(text) = yaml::to_string(&object.value) else { continue };
            let read = yaml::read_first(text.as_bytes(), &options).unwrap().unwrap().root;
            let written = yaml::to_string(&read).unwrap();
            assert_eq!(written, text, "seed {seed}");
            let again = yaml::read_first(written.as_bytes(), &options).unwrap().unwrap().root;
            assert_eq!(again, read, "seed {seed}\n{text}");
        }
    }
}

#[test]
fn fast_and_complete_reader_agree_on_every_file() {
    for dialect in [yaml::Options::kustomize, yaml::Options::kubectl] {
        for (seed, tree) in trees(200) {
            for (path, bytes) in tree.files.iter().filter(|(path, _)| is_yaml(path)) {
                let read = |options| {
                    let documents = yaml::read(bytes, &options).map_err(|error| error.to_string())?;
                    Ok::<_, String>(documents.into_iter().map(|document| document.root).collect::<Vec<_>>())
                };
                assert_eq!(read(dialect()), read(dialect().complete_only()), "seed {seed}, {path}");
            }
        }
    }
}

#[test]
fn no_mutation_makes_it_panic() {
    for (seed, tree) in trees(400) {
        let mut random = Random::new(seed);
        let mut tree = tree;
        for _ in 0..=random.below(3) {
            mutate(&mut random, &mut tree);
        }
        let answer = random::ours(&tree);
        assert!(!matches!(answer, Answer::Panic(_)), "seed {seed}: {answer:?}");
    }
}

/// Changes some bytes or lines of one file.
fn mutate(random: &mut Random, tree: &mut Tree) {
    const PIECES: [&str; 24] = [
        "\t",
        "\u{0}",
        "\u{feff}",
        "\r",
        "&a ",
        "*a",
        "<<: ",
        "- ",
        ": ",
        "? ",
        "[",
        "{",
        "}",
        "'",
        "\"",
        "|\n",
        ">-\n",
        "!!int ",
        "---\n",
        "...\n",
        "null",
        "$patch: delete\n",
        "0x",
        "\u{1f389}",
    ];
    let at = random.below(tree.files.len());
    let Some((_, bytes)) = tree.files.iter_mut().nth(at) else { return };
    let at = random.below(bytes.len() + 1);
    match random.below(6) {
        0 => bytes.truncate(at),
        1 => {
            let piece = random.pick(&PIECES).bytes();
            bytes.splice(at..at, piece);
        }
        2 if at < bytes.len() => bytes[at] = random.below(256) as u8,
        3 if at < bytes.len() => drop(bytes.remove(at)),
        _ => {
            let mut lines: Vec<Vec<u8>> =
                bytes.split_inclusive(|byte| *byte == b'\n').map(<[u8]>::to_vec).collect();
            if lines.is_empty() {
                return;
            }
            let (from, to) = (random.below(lines.len()), random.below(lines.len()));
            if random.chance(50) {
                lines.swap(from, to);
            } else {
                let line = lines[from].clone();
                lines[to] = line;
            }
            *bytes = lines.concat();
        }
    }
}
