//! What the fuzz targets share: strict comparison of values, and trees of files in one text.

use gitops_core::value::Number;
use gitops_core::yaml::{self, Document, Options, ReadError};
use gitops_core::{Scalar, ScalarKind, Style, Value, json};
use gitops_render::MemoryTree;

/// Asserts that both values agree in everything a reader gives: types, texts, styles, order and places.
///
/// # Panics
/// Where they do not.
pub fn assert_identical(a: &Value, b: &Value) {
    let mut pending = vec![(a, b)];
    while let Some((a, b)) = pending.pop() {
        assert_eq!(a.place(), b.place(), "places of {a:?} and {b:?}");
        match (a, b) {
            (Value::Scalar(x), Value::Scalar(y)) => {
                assert_eq!((x.kind(), x.text(), x.style()), (y.kind(), y.text(), y.style()));
            }
            (Value::Seq(x), Value::Seq(y)) => {
                assert_eq!(x.len(), y.len(), "lengths of {a:?} and {b:?}");
                pending.extend(x.iter().zip(y.iter()));
            }
            (Value::Map(x), Value::Map(y)) => {
                assert_eq!(x.len(), y.len(), "lengths of {a:?} and {b:?}");
                for (entry, other) in x.entries().iter().zip(y.entries()) {
                    let (key, other_key) = (&entry.key, &other.key);
                    assert_eq!(
                        (key, key.style(), key.offset()),
                        (other_key, other_key.style(), other_key.offset())
                    );
                    pending.push((&entry.value, &other.value));
                }
            }
            _ => panic!("{a:?} is not {b:?}"),
        }
    }
}

/// Reads a text with and without the fast reader, and asserts that both agree.
///
/// # Errors
/// As [`yaml::read`].
///
/// # Panics
/// Where they do not.
pub fn read_both_ways(bytes: &[u8], options: &Options) -> Result<Vec<Document>, ReadError> {
    let read = yaml::read(bytes, options);
    match (&read, yaml::read(bytes, &options.complete_only())) {
        (Ok(documents), Ok(complete)) => {
            assert_eq!(documents.len(), complete.len());
            for (document, complete) in documents.iter().zip(&complete) {
                assert_eq!(document.place, complete.place);
                assert_identical(&document.root, &complete.root);
            }
        }
        (Err(error), Err(complete)) => assert_eq!(error.to_string(), complete.to_string()),
        (one, other) => panic!("{one:?} is not {other:?}"),
    }
    read
}

/// Asserts that what the writer prints reads as the value it printed, and prints the same again.
///
/// Values are the same that make the same JSON in Go: the writer spends notations of numbers and makes texts of times.
///
/// # Panics
/// Where it does not.
pub fn assert_reads_back(value: &Value) {
    let Ok(text) = yaml::to_string(value) else { return };
    let again = yaml::read_first(text.as_bytes(), &Options::kustomize()).expect("the writer's text is legal");
    let again = again.map(|document| document.root).unwrap_or_default();
    // Of several quoted `<<` one map loses the first, here as in the original; what is left prints as a merge.
    if text.contains("<<:") {
        return;
    }
    assert_eq!(text, yaml::to_string(&again).expect("the writer takes what it printed"));
    let Ok(json) = json::to_go_string(value) else { return };
    // On the original's way to output U+0085 becomes a space.
    if !json.contains('\u{85}') && !holds_what_changes(value) {
        assert_eq!(json, json::to_go_string(&again).expect("what was printed is legal"));
    }
}

/// Whether there are scalars that the original does not print as they are: folded text gains line feeds, negative zeros
/// lose their sign.
fn holds_what_changes(value: &Value) -> bool {
    let changes = |scalar: &Scalar| {
        let negative_zero = || scalar.text().starts_with('-') && Number::parse(scalar.text()).is_some_and(|number| number.as_f64() == 0.0);
        scalar.style() == Style::Folded || scalar.kind() == ScalarKind::Float && negative_zero()
    };
    let mut pending = vec![value];
    while let Some(value) = pending.pop() {
        match value {
            Value::Scalar(scalar) if changes(scalar) => return true,
            Value::Scalar(_) => {}
            Value::Seq(seq) => pending.extend(seq.iter()),
            Value::Map(map) => pending.extend(map.iter().map(|(_, value)| value)),
        }
    }
    false
}

/// The line before a file of a tree in one text, without the path behind it.
pub const FILE_LINE: &str = "#### ";

/// The folder of the kustomization where the text begins without a line that names its path.
const FOLDER: &str = "app";

/// A tree from one text, and the folder of its first file.
///
/// The text is a kustomization file. Behind a line `#### PATH` stands another file of the tree; where the text begins
/// with such a line, it names the path of the kustomization. Besides those, the tree holds a few manifests.
#[must_use]
pub fn tree(text: &[u8]) -> (MemoryTree, String) {
    let mut tree = MemoryTree::from_iter(MANIFESTS.iter().copied());
    let mut folder = None;
    let mut path = format!("{FOLDER}/kustomization.yaml");
    let mut content = Vec::new();
    for (number, line) in text.split_inclusive(|byte| *byte == b'\n').enumerate() {
        let named = line.strip_prefix(FILE_LINE.as_bytes()).and_then(|name| std::str::from_utf8(name).ok());
        let Some(name) = named else {
            content.extend_from_slice(line);
            continue;
        };
        if number > 0 {
            folder.get_or_insert_with(|| folder_of(&path));
            tree.insert_file(&path, std::mem::take(&mut content), false);
        }
        name.trim_end_matches('\n').clone_into(&mut path);
    }
    folder.get_or_insert_with(|| folder_of(&path));
    tree.insert_file(&path, content, false);
    (tree, folder.unwrap_or_default())
}

fn folder_of(path: &str) -> String {
    gitops_core::tree::parent(path).to_owned()
}

/// Manifests for kustomizations of one file; the seeds name them often.
const MANIFESTS: [(&str, &str); 9] = [
    (
        "app/deployment.yaml",
        "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: web\n  labels: {app: web}\nspec:\n  replicas: 1\n  \
         selector:\n    matchLabels: {app: web}\n  template:\n    metadata:\n      labels: {app: web}\n    spec:\n      \
         containers:\n      - name: web\n        image: nginx:1.7.9\n        env:\n        - name: HOST\n          \
         value: $(HOST)\n        envFrom:\n        - configMapRef: {name: settings}\n      volumes:\n      - name: key\n        \
         secret: {secretName: key}\n",
    ),
    (
        "app/service.yaml",
        "apiVersion: v1\nkind: Service\nmetadata:\n  name: web\nspec:\n  selector: {app: web}\n  ports:\n  - port: 80\n",
    ),
    (
        "app/resources.yaml",
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings}\ndata: {a: b}\n---\napiVersion: v1\nkind: Secret\n\
         metadata: {name: key}\nstringData: {a: b}\n---\napiVersion: example.com/v1\nkind: Widget\nmetadata: {name: w}\n",
    ),
    (
        "app/patch.yaml",
        "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec:\n  replicas: 3\n  template:\n    spec:\n      \
         containers:\n      - name: web\n        args: [-x]\n",
    ),
    ("app/operations.json", r#"[{"op": "replace", "path": "/spec/replicas", "value": 2}]"#),
    ("app/settings.env", "A=b\n# a comment\nC = d\n"),
    ("base/kustomization.yaml", "resources: [service.yaml]\nnamePrefix: base-\n"),
    ("base/service.yaml", "apiVersion: v1\nkind: Service\nmetadata: {name: shop, namespace: default}\n"),
    (
        "component/kustomization.yaml",
        "apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\ncommonLabels: {part: of}\n",
    ),
];
