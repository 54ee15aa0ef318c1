//! Which element of a list is which: before and after a step, and in a path that a person reads.
//!
//! Elements are the same, in this order of trust: unchanged in the same spot; with the same text under a key that is
//! unique on both sides (the schema's merge key first, then what usually tells elements apart); unchanged elsewhere;
//! and, where the list is as long as before, whatever is left: in the same spot, then in order.

use gitops_core::field_path::Step;
use gitops_core::schema::TypeRef;
use gitops_core::value::{ScalarKind, Seq, Value};
use smol_str::SmolStr;
use std::collections::HashMap;

/// What tells elements apart where the schema names no merge key.
const USUAL_KEYS: [&str; 9] =
    ["name", "containerPort", "port", "mountPath", "devicePath", "key", "ip", "topologyKey", "type"];

/// How many pairs of lists and maps are compared in depth before they count as different.
const MAX_COMPARISONS: usize = 1 << 12;

/// The keys that elements of one list are told apart by.
pub(super) struct Keys<'s>(Vec<&'s str>);

impl<'s> Keys<'s> {
    /// The keys of a list of this type.
    pub(super) fn of(list: Option<TypeRef<'s>>) -> Self {
        let merge = list.and_then(TypeRef::list_merge);
        let mut keys: Vec<&str> =
            merge.iter().flat_map(|merge| merge.keys.iter().map(AsRef::as_ref)).collect();
        let usual = USUAL_KEYS.into_iter().filter(|key| !keys.contains(key)).collect::<Vec<_>>();
        keys.extend(usual);
        Self(keys)
    }

    /// For every element of `after` its index in `before`. Costs O(n) for each key that is looked at.
    pub(super) fn matched(&self, before: &Seq, after: &Seq) -> Vec<Option<usize>> {
        let mut pairs =
            Pairs { found: vec![None; after.len()], taken: vec![false; before.len()], before, after };
        pairs.same_spot(Value::ptr_eq);
        for key in &self.0 {
            if pairs.done() {
                break;
            }
            pairs.same_text(key);
        }
        if !pairs.done() {
            pairs.same_spot(PartialEq::eq);
            pairs.moved();
            pairs.equal();
        }
        if before.len() == after.len() && !pairs.done() {
            pairs.same_spot(|_, _| true);
            pairs.left_over();
        }
        pairs.found
    }

    /// The steps that lead to the elements: by the first key whose text is unique in the list, else by index.
    pub(super) fn steps(&self, list: &Seq) -> Vec<Step> {
        let mut steps: Vec<Option<Step>> = vec![None; list.len()];
        for key in &self.0 {
            if steps.iter().all(Option::is_some) {
                break;
            }
            let texts = unique_texts(list, key, |_| true);
            for (index, (step, item)) in steps.iter_mut().zip(list).enumerate() {
                let text = item.get(key).and_then(Value::as_text).unwrap_or_default();
                if texts.get(text) == Some(&Some(index)) {
                    step.get_or_insert_with(|| Step::Where { key: SmolStr::new(key), text: text.into() });
                }
            }
        }
        steps.into_iter().enumerate().map(|(index, step)| step.unwrap_or(Step::Index(index))).collect()
    }
}

/// A matching in the making.
struct Pairs<'a> {
    found: Vec<Option<usize>>,
    taken: Vec<bool>,
    before: &'a Seq,
    after: &'a Seq,
}

impl<'a> Pairs<'a> {
    fn done(&self) -> bool {
        self.found.iter().all(Option::is_some) || self.taken.iter().all(|taken| *taken)
    }

    fn pair(&mut self, before: usize, after: usize) {
        if let (Some(found), Some(taken)) = (self.found.get_mut(after), self.taken.get_mut(before)) {
            *found = Some(before);
            *taken = true;
        }
    }

    fn is_free(&self, before: usize) -> bool {
        self.taken.get(before) == Some(&false)
    }

    fn is_open(&self, after: usize) -> bool {
        self.found.get(after) == Some(&None)
    }

    fn same_spot(&mut self, same: impl Fn(&Value, &Value) -> bool) {
        for (index, (before, after)) in self.before.iter().zip(self.after).enumerate() {
            if self.is_free(index) && self.is_open(index) && same(before, after) {
                self.pair(index, index);
            }
        }
    }

    fn same_text(&mut self, key: &str) {
        let before = unique_texts(self.before, key, |index| self.is_free(index));
        let after = unique_texts(self.after, key, |index| self.is_open(index));
        let both: Vec<(usize, usize)> = after
            .into_iter()
            .filter_map(|(text, after)| Some((before.get(text).copied()??, after?)))
            .collect();
        for (before, after) in both {
            self.pair(before, after);
        }
    }

    /// What is left, in order.
    fn left_over(&mut self) {
        let free: Vec<usize> = (0..self.before.len()).filter(|index| self.is_free(*index)).collect();
        let open: Vec<usize> = (0..self.after.len()).filter(|index| self.is_open(*index)).collect();
        for (before, after) in free.into_iter().zip(open) {
            self.pair(before, after);
        }
    }

    /// Scalars of the same text, and lists and maps that are the same allocation, in order.
    fn moved(&mut self) {
        let mut free: HashMap<Content<'a>, std::collections::VecDeque<usize>> = HashMap::new();
        let before: &'a Seq = self.before;
        for (index, value) in before.iter().enumerate().filter(|(index, _)| self.is_free(*index)) {
            free.entry(Content::of(value)).or_default().push_back(index);
        }
        for (index, value) in self.after.iter().enumerate() {
            if !self.is_open(index) {
                continue;
            }
            if let Some(before) =
                free.get_mut(&Content::of(value)).and_then(std::collections::VecDeque::pop_front)
            {
                self.pair(before, index);
            }
        }
    }

    /// Lists and maps of equal content.
    fn equal(&mut self) {
        let mut comparisons = 0;
        for after in 0..self.after.len() {
            if !self.is_open(after) {
                continue;
            }
            for before in 0..self.before.len() {
                if !self.is_free(before) {
                    continue;
                }
                comparisons += 1;
                if comparisons > MAX_COMPARISONS {
                    return;
                }
                if self.before.get(before) == self.after.get(after) {
                    self.pair(before, after);
                    break;
                }
            }
        }
    }
}

/// What an element holds, as far as that is seen at once.
#[derive(PartialEq, Eq, Hash)]
enum Content<'a> {
    Scalar(ScalarKind, &'a str),
    At(usize),
}

impl<'a> Content<'a> {
    fn of(value: &'a Value) -> Self {
        match value {
            Value::Scalar(scalar) => Self::Scalar(scalar.kind(), scalar.text()),
            Value::Seq(seq) => Self::At(seq.items().as_ptr().addr()),
            Value::Map(map) => Self::At(map.entries().as_ptr().addr()),
        }
    }
}

/// Index of each text under `key` in the elements of interest; nothing for a text that occurs twice.
fn unique_texts<'a>(
    list: &'a Seq,
    key: &str,
    of_interest: impl Fn(usize) -> bool,
) -> HashMap<&'a str, Option<usize>> {
    let mut texts = HashMap::new();
    for (index, item) in list.iter().enumerate().filter(|(index, _)| of_interest(*index)) {
        let text =
            item.get(key).and_then(Value::as_scalar).filter(|scalar| scalar.kind() != ScalarKind::Null);
        if let Some(text) = text.filter(|scalar| !scalar.text().is_empty()) {
            texts.entry(text.text()).and_modify(|found| *found = None).or_insert(Some(index));
        }
    }
    texts
}

#[cfg(test)]
mod tests {
    use super::*;
    use gitops_core::json;

    fn list(text: &str) -> Seq {
        json::from_str(text).unwrap().as_seq().unwrap().clone()
    }

    #[test]
    fn elements_are_followed() {
        for (before, after, expected) in [
            (r#"["a","b"]"#, r#"["b","a"]"#, "1 0"),
            (r#"["a","b"]"#, r#"["a","c"]"#, "0 1"),
            (r#"["a","b"]"#, r#"["x","a","b"]"#, "- 0 1"),
            (r#"["a","b"]"#, r#"["c"]"#, "-"),
            (r#"["a","a"]"#, r#"["a","a","a"]"#, "0 1 -"),
            (r#"[{"name":"a"},{"name":"b"}]"#, r#"[{"name":"b","x":1},{"name":"a"}]"#, "1 0"),
            (r#"[{"name":"a"}]"#, r#"[{"name":"b"}]"#, "0"),
            (r#"["a","b","c"]"#, r#"["c","x","b"]"#, "2 0 1"),
            (r#"[{"port":80}]"#, r#"[{"port":81},{"port":80,"name":"x"}]"#, "- 0"),
            (r#"[{"x":1},{"y":[2]}]"#, r#"[{"z":0},{"y":[2]},{"x":1}]"#, "- 1 0"),
            (r#"[{"name":"a"},{"name":"a"}]"#, r#"[{"name":"a","x":1},{"name":"a"}]"#, "0 1"),
        ] {
            let matched = Keys::of(None).matched(&list(before), &list(after));
            let shown: Vec<String> =
                matched.iter().map(|index| index.map_or("-".to_owned(), |index| index.to_string())).collect();
            assert_eq!(shown.join(" "), expected, "{before} {after}");
        }
    }

    #[test]
    fn steps_name_elements_where_they_can() {
        let steps = Keys::of(None).steps(&list(r#"[{"name":"a"},{"name":"b","port":1},{"name":"b"},3]"#));
        let shown: String = steps.iter().map(ToString::to_string).collect();
        assert_eq!(shown, "[name=a][port=1][2][3]");
    }
}
