//! Strategic merge as kustomize v5.8.1 does it: maps merge by key, lists by their schema's keys.
//!
//! The rules, quirks included:
//!
//! 1. `null` in a patch removes a key, in added subtrees too. A key with an empty value (`c:`) disappears from the
//!    *base* as well, wherever it stands; an explicit `null` or `~` there stays.
//! 2. A scalar takes the patch's value and type but keeps the base's quotes: `5` over `"1"` gives `"5"`, a string.
//!    Plain strings that YAML 1.1 would read otherwise (`yes`, `1_0`) count as double quoted from then on.
//! 3. Scalars, lists and maps do not replace each other: [`MergeError::WrongKind`].
//! 4. Lists are replaced, unless the schema names the strategy `merge`. Then the patch's elements come first, in the
//!    patch's order, each merged with the base's element of equal keys; the base's other elements follow. Lists with
//!    several keys put what the base had after what is new.
//! 5. Merge lists are normalised even where the patch does not touch them: of elements with equal keys the last one
//!    stays at the place of the first. An element without its key empties the list, but for such elements.
//! 6. `$patch: delete`, `replace` or `merge` in a map, or as a list element of its own, says how to merge there.
//!    `replace` on an element of a keyed list or on the object itself does nothing. Other directives
//!    (`$setElementOrder/…`, `$retainKeys`, `$deleteFromPrimitiveList/…`) are ordinary keys.
//! 7. Of equal keys in one map of a patch the first counts; of elements of a merge list with equal keys likewise.
//! 8. Types are found by apiVersion and kind, of the base first, then of the patch; below fields without a type an
//!    embedded object starts again with its own apiVersion and kind.
//!
//! Cost: what the patch touches, plus one read of the rest of the base for rules 1, 2 and 5. What does not change
//! is shared with the base. Depth costs no stack.

mod directive;
mod list;
mod map;
mod node;
mod notes;
mod simulate;
mod tidy;

pub use crate::kustomize::node::NodeKind;
pub use notes::{Note, NoteKind};

use directive::Directive;
use gitops_core::schema::{Schema, TypeRef};
use gitops_core::value::{Place, ScalarKind, Seq, Value};
use list::ListFrame;
use map::MapFrame;
use node::Fault;
use std::borrow::Cow;

/// What a merge leaves of the base.
#[derive(Clone, PartialEq, Debug)]
pub enum Outcome {
    /// The merged object; shared with the base where nothing changed.
    Merged(Value),
    /// The patch deletes the object.
    Deleted,
}

/// Where elements go that only the patch has.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Growth {
    /// Before the base's elements: patches.
    #[default]
    Prepend,
    /// After the base's elements.
    Append,
}

/// How to merge; the default is how kustomize applies patches.
#[derive(Clone, Copy, Default)]
pub struct MergeOptions<'a> {
    /// Where new elements of merge lists go.
    pub growth: Growth,
    /// Whether lists of objects without a type merge by `name` where all their elements have one.
    pub infer_lists: bool,
    /// Whether `$patch: replace` on the object itself replaces it, instead of doing nothing.
    pub replace_root: bool,
    /// The type given in a comment beside the node or key at a place (`# {"items": …}`).
    pub comments: Option<&'a dyn Fn(Place) -> Option<TypeRef<'a>>>,
}

impl std::fmt::Debug for MergeOptions<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("MergeOptions")
            .field("growth", &self.growth)
            .field("infer_lists", &self.infer_lists)
            .field("replace_root", &self.replace_root)
            .finish_non_exhaustive()
    }
}

/// Why a patch does not apply.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum MergeError {
    /// Base and patch differ in kind at a field.
    #[error("wrong node kind: expected {expected} but got {found} at `{field}`: {contents}")]
    WrongKind {
        /// What stands in the base.
        expected: NodeKind,
        /// What stands in the patch.
        found: NodeKind,
        /// Path of the field.
        field: String,
        /// The offending node, shortened.
        contents: String,
        /// Where the offending node was read.
        place: Place,
    },
    /// The value of `$patch` is none of `delete`, `replace`, `merge`.
    #[error("unknown patch strategy '{strategy}' at `{field}`")]
    UnknownStrategy {
        /// What stands there.
        strategy: String,
        /// Path of the map or list.
        field: String,
        /// Where the directive was read.
        place: Place,
    },
    /// Elements of base and patch have no merge key in common.
    #[error("no merge key found for field {field}")]
    NoMergeKey {
        /// Path of the list.
        field: String,
    },
    /// A list whose elements lack merge keys is too long to be merged.
    #[error("list `{field}` has {len} elements and lacks merge keys; at most {limit} can be merged")]
    ListTooLong {
        /// Path of the list.
        field: String,
        /// Its length.
        len: usize,
        /// The greatest length.
        limit: usize,
    },
}

/// Merges `patch` into `base`. See the [module](self) for the rules.
///
/// `notes`, where given, receives what a person may want to be warned of.
pub fn strategic_merge<'a>(
    base: &Value,
    patch: &Value,
    schema: &'a Schema,
    options: MergeOptions<'a>,
    notes: Option<&mut Vec<Note>>,
) -> Result<Outcome, MergeError> {
    let mut engine = Engine { schema, options, notes: notes.is_some().then(Vec::new) };
    let mut stack = Vec::new();
    let walked = engine.run(base, patch, &mut stack).map_err(|fault| fault.at(notes::path(&stack)))?;
    let outcome = match walked {
        Walked::Gone => Outcome::Deleted,
        Walked::Same => Outcome::Merged(base.clone()),
        Walked::Dest(value) => Outcome::Merged(value),
        Walked::Origin(value) if options.replace_root || base.is_null() => Outcome::Merged(value),
        Walked::Origin(_) => {
            engine.note(NoteKind::ReplaceWithoutEffect, patch.place());
            Outcome::Merged(base.clone())
        }
    };
    if let (Some(found), Some(notes)) = (engine.notes, notes) {
        notes.extend(found);
    }
    Ok(outcome)
}

/// What became of a node. `dest` is the base's node, `origin` the patch's.
#[derive(Debug)]
enum Walked {
    /// Nothing stays.
    Gone,
    /// The base's node, unchanged; or the added node, unchanged.
    Same,
    /// The base's node, changed in place.
    Dest(Value),
    /// The patch's node.
    Origin(Value),
}

/// A pair of nodes to merge.
#[derive(Clone, Copy)]
struct Pair<'n, 's> {
    dest: Option<&'n Value>,
    origin: Option<&'n Value>,
    /// Both are one node: the patch's, which is being added or replaces the base's.
    added: bool,
    ty: Option<TypeRef<'s>>,
    /// Whether the enclosing object has a type, whatever this node has.
    typed: bool,
    /// The base's subtree is known to need work; no need to look for it.
    untidy: bool,
}

/// How to go on with a pair of nodes.
#[allow(clippy::large_enum_variant, reason = "moved to the stack at once; a box would cost an allocation")]
enum Start<'s> {
    Done(Walked),
    Enter(Frame<'s>),
}

/// A container whose children are being merged.
enum Frame<'s> {
    Map(MapFrame<'s>),
    List(ListFrame<'s>),
}

/// What a frame answers to: the node that it stands for in its parent.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Stands {
    /// The base's node.
    Dest,
    /// The patch's node, in a place that had another or none.
    Origin,
    /// The patch's node, in its own place.
    Added,
}

impl Stands {
    fn walked(self, changed: bool, value: Value) -> Walked {
        match self {
            Self::Dest | Self::Added if !changed => Walked::Same,
            Self::Dest => Walked::Dest(value),
            Self::Origin | Self::Added => Walked::Origin(value),
        }
    }
}

struct Engine<'s> {
    schema: &'s Schema,
    options: MergeOptions<'s>,
    notes: Option<Vec<Note>>,
}

impl<'s> Engine<'s> {
    fn run(&mut self, base: &Value, patch: &Value, stack: &mut Vec<Frame<'s>>) -> Result<Walked, Fault> {
        let root = Pair {
            dest: Some(base),
            origin: Some(patch),
            added: false,
            ty: None,
            typed: false,
            untidy: false,
        };
        let mut start = self.start(root)?;
        loop {
            let noted = self.noted();
            let walked = match start {
                Start::Enter(frame) => {
                    stack.push(frame);
                    None
                }
                Start::Done(walked) => Some(walked),
            };
            let Some(top) = stack.last_mut() else { return Ok(walked.unwrap_or(Walked::Same)) };
            if let Some(walked) = walked {
                top.receive(walked)?;
            }
            let next = top.advance(self)?;
            self.put_under(noted, stack);
            start = match next {
                Some(next) => next,
                None => {
                    let Some(top) = stack.last_mut() else { return Ok(Walked::Same) };
                    let noted = self.noted();
                    let walked = top.finish(self)?;
                    self.put_under(noted, stack);
                    stack.pop();
                    Start::Done(walked)
                }
            };
        }
    }

    /// Decides what a pair of nodes comes to, or opens the frame that finds out.
    fn start(&mut self, pair: Pair<'_, 's>) -> Result<Start<'s>, Fault> {
        let Pair { dest, origin, .. } = pair;
        let (Some(old), Some(new)) = (dest.filter(|dest| !dest.is_null()), origin) else {
            return match (dest, origin) {
                (_, Some(new)) => self.add(new, pair),
                (Some(old), None) => self.keep(old, pair),
                (None, None) => Ok(Start::Done(Walked::Gone)),
            };
        };
        if new.is_null() {
            return Ok(Start::Done(Walked::Gone));
        }
        let ty = self.type_of(pair);
        let typed = pair.typed || ty.is_some();
        let added = pair.added;
        match (old, new) {
            (Value::Scalar(_), Value::Scalar(_)) => {
                Ok(Start::Done(if added { Walked::Same } else { Walked::Origin(new.clone()) }))
            }
            (Value::Map(old), Value::Map(new)) => {
                let (directive, patch) = directive::of_map(new)?;
                let stands = if added && patch.ptr_eq(new) { Stands::Added } else { Stands::Origin };
                Ok(match directive {
                    Directive::Delete => Start::Done(Walked::Gone),
                    Directive::Merge if !added => {
                        Start::Enter(Frame::Map(MapFrame::merge(self, old, &patch, ty, typed)))
                    }
                    _ => Start::Enter(Frame::Map(MapFrame::add(self, patch, stands, ty, typed))),
                })
            }
            (Value::Seq(old), Value::Seq(new)) => {
                let Some(keys) = self.merge_keys(ty, typed, old, Some(new))? else {
                    if added {
                        return Ok(Start::Done(Walked::Same));
                    }
                    self.note_replaced(old, new, typed);
                    return Ok(Start::Done(Walked::Origin(Value::Seq(new.clone()))));
                };
                let (directive, patch) = directive::of_list(new)?;
                Ok(match directive {
                    Directive::Delete => Start::Done(Walked::Gone),
                    Directive::Merge if !added => {
                        Start::Enter(Frame::List(ListFrame::merge(self, old, Some(&patch), keys, ty, typed)?))
                    }
                    _ => {
                        let stands = if added && patch.ptr_eq(new) { Stands::Added } else { Stands::Origin };
                        Start::Enter(Frame::List(ListFrame::add(self, &patch, stands, keys, ty, typed)?))
                    }
                })
            }
            _ => Err(Fault::WrongKind { expected: NodeKind::of(old), node: new.clone() }),
        }
    }

    /// A node that only the patch has, or that takes the place of a null.
    fn add(&mut self, new: &Value, pair: Pair<'_, 's>) -> Result<Start<'s>, Fault> {
        if new.is_null() {
            self.note_removes_nothing(new, pair);
            return Ok(Start::Done(Walked::Gone));
        }
        let ty = self.type_of(pair);
        let typed = pair.typed || ty.is_some();
        match new {
            Value::Map(map) => {
                // An unknown strategy is no error here: it stays as a key.
                let (directive, patch) =
                    directive::of_map(map).unwrap_or_else(|_| (Directive::Merge, map.clone()));
                Ok(match directive {
                    Directive::Delete => {
                        self.note_removes_nothing(new, pair);
                        Start::Done(Walked::Gone)
                    }
                    _ => Start::Enter(Frame::Map(MapFrame::add(self, patch, Stands::Origin, ty, typed))),
                })
            }
            Value::Seq(list) => match self.merge_keys(ty, typed, list, None)? {
                // The first look at a new list takes directives for elements.
                Some(keys) => Ok(Start::Enter(Frame::List(ListFrame::add(
                    self,
                    list,
                    Stands::Origin,
                    keys,
                    ty,
                    typed,
                )?))),
                None => {
                    self.note_literal_directives(new);
                    Ok(Start::Done(Walked::Origin(new.clone())))
                }
            },
            Value::Scalar(_) => Ok(Start::Done(Walked::Origin(new.clone()))),
        }
    }

    /// A node that only the base has.
    fn keep(&mut self, old: &Value, pair: Pair<'_, 's>) -> Result<Start<'s>, Fault> {
        if let Some(scalar) = old.as_scalar() {
            if !scalar.is_left_out() {
                return Ok(Start::Done(Walked::Same));
            }
            self.note(NoteKind::EmptyDropped, scalar.place());
            return Ok(Start::Done(Walked::Gone));
        }
        let ty = self.type_of(pair);
        let typed = pair.typed || ty.is_some();
        if !pair.untidy && self.is_tidy(old, ty, typed) {
            return Ok(Start::Done(Walked::Same));
        }
        match old {
            Value::Map(map) => Ok(Start::Enter(Frame::Map(MapFrame::tidy(map, ty, typed)))),
            Value::Seq(list) => match self.merge_keys(ty, typed, list, None)? {
                Some(keys) => {
                    Ok(Start::Enter(Frame::List(ListFrame::merge(self, list, None, keys, ty, typed)?)))
                }
                None => Ok(Start::Done(Walked::Same)),
            },
            Value::Scalar(_) => Ok(Start::Done(Walked::Same)),
        }
    }

    /// The type of a pair: its own, else by apiVersion and kind of one of the nodes.
    fn type_of(&self, pair: Pair<'_, 's>) -> Option<TypeRef<'s>> {
        pair.ty.or_else(|| self.object_type(pair.dest)).or_else(|| self.object_type(pair.origin))
    }

    fn object_type(&self, node: Option<&Value>) -> Option<TypeRef<'s>> {
        let map = node?.as_map()?;
        let kind = map.get("kind")?.as_scalar().filter(|kind| kind.kind() != ScalarKind::Null)?.text();
        let api_version =
            map.get("apiVersion")?.as_scalar().filter(|text| text.kind() != ScalarKind::Null)?.text();
        self.schema.object(api_version, kind)
    }

    /// The keys by which these lists merge; none for lists of scalars; nothing where they do not merge.
    fn merge_keys(
        &self,
        ty: Option<TypeRef<'s>>,
        typed: bool,
        dest: &Seq,
        origin: Option<&Seq>,
    ) -> Result<Option<&'s [Cow<'static, str>]>, Fault> {
        static NAME: [Cow<'static, str>; 1] = [Cow::Borrowed("name")];
        if let Some(ty) = ty {
            return Ok(ty.list_merge().filter(|merge| merge.merges()).map(|merge| &*merge.keys));
        }
        let named =
            |list: &Seq| list.iter().all(|item| item.as_map().is_some_and(|map| map.contains_key("name")));
        if typed || !self.options.infer_lists || !(named(dest) || origin.is_some_and(named)) {
            return Ok(None);
        }
        // A directive is no element.
        let origin = origin.map(|origin| directive::of_list(origin).map(|(_, rest)| rest)).transpose()?;
        let mut filled = [Some(dest), origin.as_ref()].into_iter().flatten().filter(|list| !list.is_empty());
        match (filled.next(), filled.next()) {
            (None, _) => Err(Fault::NoMergeKey),
            (Some(first), Some(second)) if named(first) && !named(second) => Err(Fault::NoMergeKey),
            _ => Ok(Some(&NAME)),
        }
    }
}

impl<'s> Frame<'s> {
    fn advance(&mut self, engine: &mut Engine<'s>) -> Result<Option<Start<'s>>, Fault> {
        match self {
            Self::Map(map) => map.advance(engine),
            Self::List(list) => list.advance(engine),
        }
    }

    fn receive(&mut self, walked: Walked) -> Result<(), Fault> {
        match self {
            Self::Map(map) => {
                map.receive(walked);
                Ok(())
            }
            Self::List(list) => list.receive(walked),
        }
    }

    fn finish(&mut self, engine: &mut Engine<'s>) -> Result<Walked, Fault> {
        match self {
            Self::Map(map) => Ok(map.finish()),
            Self::List(list) => list.finish(engine),
        }
    }
}

#[cfg(test)]
mod tests;
