//! Cuts a tree down to what still makes a difference.

use super::Tree;

/// The smallest tree found that `still` holds for, which holds for `tree`. Asks at most `budget` times.
///
/// Whole documents are cut first, then lines with everything that is indented deeper, the outermost first; then files
/// that are not missed, single elements in brackets, and texts.
#[must_use]
pub fn shrink(tree: &Tree, budget: usize, mut still: impl FnMut(&Tree) -> bool) -> Tree {
    let mut shrinking = Shrinking { tree: tree.clone(), budget, still: &mut still };
    loop {
        let before = shrinking.tree.clone();
        shrinking.files();
        for path in shrinking.paths() {
            shrinking.documents(&path);
        }
        for path in shrinking.paths() {
            shrinking.lines(&path);
        }
        shrinking.files();
        for path in shrinking.paths() {
            shrinking.elements(&path);
            shrinking.texts(&path);
        }
        if shrinking.tree == before || shrinking.budget == 0 {
            return shrinking.tree;
        }
    }
}

struct Shrinking<'a> {
    tree: Tree,
    budget: usize,
    still: &'a mut dyn FnMut(&Tree) -> bool,
}

impl Shrinking<'_> {
    /// Kustomizations first: what they no longer name can go.
    fn paths(&self) -> Vec<String> {
        let mut paths: Vec<String> = self.tree.files.keys().cloned().collect();
        paths.sort_by_key(|path| (!path.contains("kustomization.y"), path.clone()));
        paths
    }

    fn attempt(&mut self, change: impl FnOnce(&mut Tree)) -> bool {
        if self.budget == 0 {
            return false;
        }
        let mut candidate = self.tree.clone();
        change(&mut candidate);
        if candidate == self.tree {
            return false;
        }
        self.budget -= 1;
        let holds = (self.still)(&candidate);
        if holds {
            self.tree = candidate;
        }
        holds
    }

    fn files(&mut self) {
        let unnamed = self.unnamed();
        if !unnamed.is_empty() {
            self.attempt(|tree| tree.files.retain(|path, _| !unnamed.contains(path)));
        }
        for path in self.paths() {
            self.attempt(|tree| {
                tree.files.remove(&path);
            });
        }
    }

    /// Files that no other file seems to name.
    fn unnamed(&self) -> Vec<String> {
        let texts: Vec<(&String, String)> = self
            .tree
            .files
            .iter()
            .map(|(path, bytes)| (path, String::from_utf8_lossy(bytes).into_owned()))
            .collect();
        let is_named = |path: &String| {
            let parts: Vec<&str> = path.split('/').collect();
            let name = match parts.as_slice() {
                [folder, .., name] if name.starts_with("kustomization.y") => folder,
                [.., name] => name,
                [] => return false,
            };
            *name == self.tree.root || texts.iter().any(|(other, text)| *other != path && text.contains(name))
        };
        self.tree.files.keys().filter(|path| !is_named(path)).cloned().collect()
    }

    fn text(&self, path: &str) -> Option<String> {
        self.tree.files.get(path).and_then(|bytes| String::from_utf8(bytes.clone()).ok())
    }

    fn replace(&mut self, path: &str, text: &str) -> bool {
        self.attempt(|tree| {
            tree.files.insert(path.to_owned(), text.as_bytes().to_vec());
        })
    }

    fn documents(&mut self, path: &str) {
        let Some(text) = self.text(path) else { return };
        let mut parts: Vec<&str> = text.split_inclusive("\n---").collect();
        let mut at = parts.len();
        while at > 0 && parts.len() > 1 {
            at -= 1;
            let mut fewer = parts.clone();
            fewer.remove(at);
            let fewer_text = fewer.concat();
            let fewer_text =
                fewer_text.strip_suffix("\n---").map_or(fewer_text.clone(), |text| format!("{text}\n"));
            if self.replace(path, &fewer_text) {
                parts = fewer;
            }
        }
    }

    fn lines(&mut self, path: &str) {
        let mut depth = 0;
        // Outer lines first, each depth from the end, so that places before a cut stay valid.
        while let Some(text) = self.text(path)
            && let Some(next) =
                text.lines().map(indent).filter(|width| *width >= depth && *width < usize::MAX).min()
        {
            let mut at = text.lines().count();
            while at > 0 {
                at -= 1;
                let Some(text) = self.text(path) else { return };
                let lines: Vec<&str> = text.split_inclusive('\n').collect();
                let Some(line) = lines.get(at) else { continue };
                if indent(line) != next {
                    continue;
                }
                let end = block_end(&lines, at);
                let without = [&lines[..at], &lines[end..]].concat().concat();
                if self.replace(path, &without) {
                    continue;
                }
                if let Some(text) = without_first_key(&lines, at) {
                    self.replace(path, &text);
                }
            }
            depth = next + 1;
        }
    }

    /// Elements of flow collections, up to the first comma or from the last one.
    fn elements(&mut self, path: &str) {
        let Some(mut text) = self.text(path) else { return };
        let mut at = 0;
        while let Some(open) = text[at..].find(['[', '{']).map(|found| found + at) {
            at = open + 1;
            let Some(close) = text[at..].find([']', '}']).map(|found| found + at) else { break };
            let inner = text[at..close].to_owned();
            let mut parts: Vec<&str> = inner.split(", ").collect();
            let mut index = parts.len();
            while index > 0 {
                index -= 1;
                let mut fewer = parts.clone();
                fewer.remove(index);
                let candidate =
                    format!("{}{}{}", &text[..at], fewer.join(", "), &text[at + parts.join(", ").len()..]);
                if self.replace(path, &candidate) {
                    text = candidate;
                    parts = fewer;
                }
            }
        }
    }

    /// Long values become short ones.
    fn texts(&mut self, path: &str) {
        let Some(text) = self.text(path) else { return };
        let count = text.lines().count();
        for at in 0..count {
            let Some(text) = self.text(path) else { return };
            let lines: Vec<&str> = text.split_inclusive('\n').collect();
            let Some((line, rest)) = lines.get(at).and_then(|line| line.split_once(": ")) else { continue };
            if rest.trim_end().len() > 1 {
                let short = format!("{line}: x\n");
                let candidate = [&lines[..at], &[short.as_str()], &lines[at + 1..]].concat().concat();
                self.replace(path, &candidate);
            }
        }
    }
}

fn indent(line: &str) -> usize {
    if line.trim().is_empty() { usize::MAX } else { line.len() - line.trim_start().len() }
}

/// The end of what belongs to a line: lines further in, and items of its list at the same depth.
fn block_end(lines: &[&str], start: usize) -> usize {
    let width = indent(lines[start]);
    let is_key = !lines[start].trim_start().starts_with('-') && lines[start].trim_end().ends_with(':');
    let belongs = |line: &&str| {
        indent(line) > width || (is_key && indent(line) == width && line.trim_start().starts_with("- "))
    };
    start + 1 + lines[start + 1..].iter().take_while(|line| belongs(line)).count()
}

/// `- a: 1` and `  b: 2` without the first key: `- b: 2`.
fn without_first_key(lines: &[&str], at: usize) -> Option<String> {
    let line = lines[at];
    let width = indent(line);
    line.trim_start().strip_prefix("- ")?;
    let next = (at + 1..block_end(lines, at)).find(|next| indent(lines[*next]) == width + 2)?;
    let moved = format!("{}- {}", " ".repeat(width), lines[next].trim_start());
    Some([&lines[..at], &[moved.as_str()], &lines[next + 1..]].concat().concat())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_what_matters() {
        let files = [
            ("root/kustomization.yaml", "resources:\n- a.yaml\n- b.yaml\nnamePrefix: x-\n"),
            (
                "root/a.yaml",
                "kind: A\nmetadata:\n  name: a\nspec:\n  list:\n  - k: 1\n    bug: [x, y, z]\n  - other\n",
            ),
            ("root/b.yaml", "kind: B\n"),
        ];
        let files = files.map(|(path, text)| (path.to_owned(), text.as_bytes().to_vec()));
        let tree = Tree { files: files.into(), root: "root".to_owned(), ..Tree::default() };
        let holds = |tree: &Tree| {
            let text =
                |path: &str| tree.files.get(path).map(|bytes| String::from_utf8_lossy(bytes).into_owned());
            text("root/kustomization.yaml").is_some_and(|text| text.contains("a.yaml"))
                && text("root/a.yaml").is_some_and(|text| text.contains("bug") && text.contains('y'))
        };
        let small = shrink(&tree, 1000, holds);
        assert_eq!(small.files.len(), 2);
        assert_eq!(small.files["root/kustomization.yaml"], b"resources:\n- a.yaml\n");
        assert_eq!(small.files["root/a.yaml"], b"spec:\n  list:\n  - bug: [y]\n");
    }
}
