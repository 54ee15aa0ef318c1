//! Types that stand in comments beside fields: `containers: # {"items": …, "type": "array"}`.

use gitops_core::json;
use gitops_core::schema::{InlineSchema, Schema, TypeRef};
use gitops_core::value::{Place, SourceId};
use gitops_core::yaml::Comment;

/// The types in the comments of some documents, by line.
///
/// ```
/// use gitops_core::{Schema, yaml};
/// use gitops_render::kustomize::patch::CommentTypes;
/// let text = "items: # {\"type\": \"array\", \"x-kubernetes-patch-strategy\": \"merge\"}\n- a\n";
/// let document = yaml::read_first(text.as_bytes(), &yaml::Options::kustomize().comments()).unwrap().unwrap();
/// let mut types = CommentTypes::default();
/// types.add(&Schema::kustomize_5_8_1(), document.place.source, text, &document.comments);
/// assert!(types.at(document.root.place()).is_some());
/// ```
#[derive(Clone, Default, Debug)]
pub struct CommentTypes {
    lines: Vec<Line>,
}

#[derive(Clone, Debug)]
struct Line {
    source: SourceId,
    /// Offsets of the line's beginning and of the comment.
    start: u32,
    end: u32,
    schema: InlineSchema,
}

impl CommentTypes {
    /// Adds the comments of a document; those that hold no JSON object are passed over.
    pub fn add(&mut self, schema: &Schema, source: SourceId, text: &str, comments: &[Comment]) {
        for comment in comments {
            let Ok(value) = json::from_str(&comment.text) else { continue };
            if value.as_map().is_none_or(gitops_core::Map::is_empty) {
                continue;
            }
            let Some(schema) = schema.inline(&value) else { continue };
            let before = text.get(..comment.offset as usize).unwrap_or_default();
            let start = before.rfind(['\n', '\r']).map_or(0, |position| position + 1) as u32;
            self.lines.push(Line { source, start, end: comment.offset, schema });
        }
    }

    /// Whether there is any.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }

    /// The type in the comment on the line of a place.
    #[must_use]
    pub fn at(&self, place: Place) -> Option<TypeRef<'_>> {
        let here =
            |line: &&Line| line.source == place.source && (line.start..line.end).contains(&place.offset);
        self.lines.iter().find(here)?.schema.root()
    }
}
