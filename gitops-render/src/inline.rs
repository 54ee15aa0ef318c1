//! Places in texts that stand inside other files: block texts keep their lines, other texts show their beginning.

use gitops_core::value::{Location, Place, Sources};

/// Where `place`, in a text that begins at `parent` in its file, stands in that file.
pub(crate) fn locate(sources: &Sources, parent: Place, place: Place) -> Option<Location> {
    let start = sources.locate(parent)?;
    let text = sources.text(parent.source)?;
    let rest = text.get(parent.offset as usize..)?;
    if !rest.starts_with(['|', '>']) {
        return Some(start);
    }
    let inner = sources.locate(place)?;
    let body = rest.split_once('\n').map(|(_, body)| body).unwrap_or_default();
    let first = body.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    let indentation = (first.len() - first.trim_start_matches(' ').len()) as u32;
    Some(Location { line: start.line + inner.line, column: indentation + inner.column, ..start })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_block_texts_are_lines_of_the_file() {
        let mut sources = Sources::default();
        let file = sources.add("k.yaml", "patches:\n- patch: |-\n    kind: A\n    spec: 1\n");
        let inner = sources.add("k.yaml", "kind: A\nspec: 1\n");
        let found = locate(&sources, Place::new(file, 18), Place::new(inner, 8));
        assert_eq!(found.map(|place| place.to_string()).as_deref(), Some("k.yaml:4:5"));
    }
}
