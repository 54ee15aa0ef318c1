//! Merging irregular lists: elements without keys, with some of several keys, of the wrong kind.
//!
//! What happens to these is an accident of how kustomize works through a list, so this does the same steps on the
//! same three lists: the base's, the patch's, and the one being built. Lists hold numbers of nodes, because it
//! matters whether an element was changed in place or put beside another.

use super::directive;
use super::list::{Keys, is_nothing, key_text, used_keys};
use super::node::Fault;
use super::{Growth, Walked};
use crate::kustomize::node::NodeKind;
use gitops_core::value::{Key, Place, Scalar, ScalarKind, Seq, Style, Value};
use smol_str::SmolStr;
use std::collections::HashSet;

/// Elements that an irregular list may have in base and patch together; the work grows with the square.
const LIMIT: usize = 2_000;

type Node = usize;

pub(super) struct Simulation {
    nodes: Vec<Value>,
    dest: Vec<Node>,
    origin: Vec<Node>,
    /// Base and patch are one list.
    added: bool,
    built: Vec<Node>,
    growth: Growth,
    keys: Vec<SmolStr>,
    /// One row of key values for each element to be built, and how far the work has come.
    rows: Vec<Vec<SmolStr>>,
    next: usize,
    /// Elements of the patch that some row found.
    met: HashSet<Node>,
    /// Elements of the patch that were put into the list as they are.
    put: HashSet<Node>,
}

impl Simulation {
    pub(super) fn new(
        dest: &Seq,
        origin: Option<&Seq>,
        added: bool,
        keys: Keys<'_>,
        growth: Growth,
    ) -> Result<Self, Fault> {
        let len = dest.len() + origin.map_or(0, Seq::len);
        if len > LIMIT {
            return Err(Fault::ListTooLong { len, limit: LIMIT });
        }
        let nodes: Vec<Value> = dest.iter().chain(origin.into_iter().flatten()).cloned().collect();
        let (dest, origin): (Vec<Node>, Vec<Node>) = (0..nodes.len()).partition(|node| *node < dest.len());
        let mut simulation = Self {
            nodes,
            dest,
            origin,
            added,
            built: Vec::new(),
            growth,
            keys: Vec::new(),
            rows: Vec::new(),
            next: 0,
            met: HashSet::new(),
            put: HashSet::new(),
        };
        simulation.lay_out(keys);
        Ok(simulation)
    }

    /// Fills the rows: the distinct key values of the elements, with gaps filled from rows that agree otherwise.
    fn lay_out(&mut self, keys: Keys<'_>) {
        let lists = match self.growth {
            Growth::Prepend => [&self.origin, &self.dest],
            Growth::Append => [&self.dest, &self.origin],
        };
        let items = || lists.into_iter().flatten().filter_map(|node| self.nodes.get(*node));
        if keys.is_empty() {
            let mut seen = HashSet::new();
            let texts = items().map(|item| node_text(Some(item)));
            let rows = texts.filter(|text| seen.insert(*text)).map(|text| vec![SmolStr::new(text)]).collect();
            (self.rows, self.keys) = (rows, vec![SmolStr::default()]);
            return;
        }
        let mut rows: Vec<Vec<SmolStr>> = Vec::new();
        let mut seen = HashSet::new();
        for item in items() {
            let row: Vec<SmolStr> =
                keys.iter().map(|key| item.get(key).map_or("", key_text).into()).collect();
            if seen.insert(row.clone()) {
                rows.push(row);
            }
        }
        let used = used_keys(&self.nodes.iter(), keys);
        if keys.len() > 1 {
            fill_gaps(&mut rows);
        }
        for row in &mut rows {
            let mut key = keys.iter();
            row.retain(|_| key.next().is_some_and(|key| used.contains(&&**key)));
        }
        (self.rows, self.keys) = (rows, used.into_iter().map(SmolStr::new).collect());
    }

    /// The nodes of base and patch that the next row is about; nothing at the end.
    pub(super) fn next_pair(&self) -> Option<(Option<&Value>, Option<&Value>)> {
        let (dest, origin) = self.next_nodes()?;
        let value = |node: Option<Node>| node.and_then(|node| self.nodes.get(node));
        Some((value(dest), value(origin)))
    }

    fn next_nodes(&self) -> Option<(Option<Node>, Option<Node>)> {
        let row = self.rows.get(self.next)?;
        let dest = self.find(&self.dest, row);
        Some((dest, if self.added { dest } else { self.find(&self.origin, row) }))
    }

    /// The first element with the row's values; of several keys only those with a value count.
    fn find(&self, list: &[Node], row: &[SmolStr]) -> Option<Node> {
        let scalars = self.keys.first().is_some_and(SmolStr::is_empty);
        let all_empty = row.iter().all(SmolStr::is_empty);
        list.iter().copied().find(|node| {
            let Some(value) = self.nodes.get(*node) else { return false };
            if scalars {
                return row.first().is_some_and(|text| node_text(Some(value)) == text);
            }
            let wanted = self.keys.iter().zip(row).filter(|(_, text)| all_empty || !text.is_empty());
            value.is_map()
                && wanted
                    .into_iter()
                    .all(|(key, text)| value.get(key).is_some_and(|v| node_text(Some(v)) == text))
        })
    }

    /// Takes what became of the pair that [`Self::next_pair`] gave.
    pub(super) fn receive(&mut self, walked: Walked) -> Result<(), Fault> {
        let Some((dest, origin)) = self.next_nodes() else { return Ok(()) };
        let Some(row) = self.rows.get(self.next).cloned() else { return Ok(()) };
        self.met.extend(origin);
        self.take_directive(origin);
        let node = match walked {
            Walked::Gone => None,
            Walked::Same => dest.or(origin),
            Walked::Dest(value) => self.replace(dest, value),
            Walked::Origin(value) => self.replace(origin.or(dest), value),
        };
        let node = node.filter(|node| self.nodes.get(*node).is_some_and(|value| !is_nothing(value)));
        let keys = self.keys.clone();
        match node {
            None => self.set_in(List::Dest, None, &keys, &row)?,
            Some(node) => {
                self.complete_keys(node, &row);
                if Some(node) == origin {
                    self.put.insert(node);
                }
                self.set_in(List::Built, Some(node), &keys, &row)?;
            }
        }
        self.next += 1;
        Ok(())
    }

    /// An element that was looked at has lost its directive, should it be met again.
    fn take_directive(&mut self, origin: Option<Node>) {
        let Some(Value::Map(map)) = origin.and_then(|origin| self.nodes.get_mut(origin)) else { return };
        if let Ok((_, rest)) = directive::of_map(map) {
            *map = rest;
        }
    }

    fn replace(&mut self, node: Option<Node>, value: Value) -> Option<Node> {
        *self.nodes.get_mut(node?)? = value;
        node
    }

    /// Gives an element the keys by which it was found.
    fn complete_keys(&mut self, node: Node, row: &[SmolStr]) {
        let Some(Value::Map(map)) = self.nodes.get_mut(node) else { return };
        for (key, text) in self.keys.iter().zip(row) {
            if !text.is_empty() && !map.contains_key(key) {
                map.push(
                    Key::new(key),
                    Value::Scalar(Scalar::new(ScalarKind::Str, text.clone(), Style::Double)),
                );
            }
        }
    }

    /// The merged list, and the places of the patch's elements that did not make it.
    pub(super) fn finish(mut self) -> Result<(Vec<Value>, Vec<Place>), Fault> {
        match self.growth {
            Growth::Prepend if !self.rows.is_empty() => self.append(List::Built, self.dest.clone())?,
            _ => {
                self.append(List::Dest, self.built.clone())?;
                self.built.clone_from(&self.dest);
            }
        }
        let built: HashSet<Node> = self.built.iter().copied().collect();
        let lost =
            |node: &&Node| !self.met.contains(node) || (self.put.contains(node) && !built.contains(node));
        let has_key = |value: &&Value| {
            self.keys.iter().any(|key| key.is_empty() || !value.get(key).map_or("", key_text).is_empty())
        };
        let lost = self.origin.iter().filter(lost).filter_map(|node| self.nodes.get(*node));
        let lost = lost.filter(has_key).map(Value::place).collect();
        Ok((self.built.iter().filter_map(|node| self.nodes.get(*node).cloned()).collect(), lost))
    }

    /// Puts each of `source` into a list, in place of elements with the same keys.
    fn append(&mut self, list: List, source: Vec<Node>) -> Result<(), Fault> {
        let keys = self.keys.clone();
        for node in source {
            let Some(element) = self.nodes.get(node).cloned() else { continue };
            if keys.first().is_some_and(SmolStr::is_empty) {
                self.set_in(list, Some(node), &keys, &[node_text(Some(&element)).into()])?;
                continue;
            }
            // A missing key puts the element at the end at once, and its other values move up.
            let mut values: Vec<SmolStr> = Vec::with_capacity(keys.len());
            for key in &keys {
                match field(&element, key)? {
                    Some(value) => values.push(node_text(Some(value)).into()),
                    None => self.list(list).push(node),
                }
            }
            if keys.len() > 1 {
                self.set_in(list, None, &keys, &values)?;
            }
            self.set_in(list, Some(node), &keys, &values)?;
        }
        Ok(())
    }

    fn list(&mut self, list: List) -> &mut Vec<Node> {
        match list {
            List::Dest => &mut self.dest,
            List::Built => &mut self.built,
        }
    }

    /// Puts an element in place of those with these values, else at the end; without an element, removes them.
    fn set_in(
        &mut self,
        list: List,
        element: Option<Node>,
        keys: &[SmolStr],
        values: &[SmolStr],
    ) -> Result<(), Fault> {
        let wants_maps = keys.first().is_some_and(|key| !key.is_empty())
            && values.first().is_some_and(|value| !value.is_empty());
        let old = std::mem::take(self.list(list));
        let mut new = Vec::with_capacity(old.len() + 1);
        let mut found = false;
        for node in old {
            let Some(value) = self.nodes.get(node).filter(|value| !is_nothing(value)) else { continue };
            if wants_maps && !value.is_map() {
                new.push(node);
            } else if has_values(value, keys, values)? {
                found = true;
                new.extend(element);
            } else if !values.is_empty() {
                new.push(node);
            }
        }
        let is_null = |node: Node| self.nodes.get(node).is_none_or(Value::is_null);
        if let Some(element) = element.filter(|element| !found && !is_null(*element)) {
            new.push(element);
        }
        *self.list(list) = new;
        Ok(())
    }
}

#[derive(Clone, Copy)]
enum List {
    Dest,
    Built,
}

/// Whether an element has the values. An empty value is had by any element with the key; a key without a value
/// is had by all elements that have the one before.
fn has_values(element: &Value, keys: &[SmolStr], values: &[SmolStr]) -> Result<bool, Fault> {
    let mut had = false;
    for (position, key) in keys.iter().enumerate() {
        if let Some(value) = values.get(position) {
            had = if key.is_empty() {
                match element {
                    Value::Scalar(scalar) => scalar.text() == value,
                    other => {
                        return Err(Fault::WrongKind { expected: NodeKind::Scalar, node: other.clone() });
                    }
                }
            } else {
                field(element, key)?.is_some_and(|found| value.is_empty() || node_text(Some(found)) == value)
            };
        }
        if !had {
            return Ok(false);
        }
    }
    Ok(true)
}

/// A field of an element; nulls have none, and other kinds than maps are an error.
fn field<'v>(element: &'v Value, key: &str) -> Result<Option<&'v Value>, Fault> {
    match element {
        Value::Map(map) => Ok(map.get(key)),
        other if other.is_null() => Ok(None),
        other => Err(Fault::WrongKind { expected: NodeKind::Map, node: other.clone() }),
    }
}

/// The text of a scalar, a null's included; containers have none.
fn node_text(value: Option<&Value>) -> &str {
    value.and_then(Value::as_text).unwrap_or_default()
}

/// Lets rows that agree in a value and differ only by gaps become equal.
fn fill_gaps(rows: &mut [Vec<SmolStr>]) {
    if rows.iter().flatten().all(|text| !text.is_empty()) {
        return;
    }
    for i in 0..rows.len() {
        let row = rows[i].clone();
        for j in 0..rows.len() {
            if let Some(filled) = agree(&row, &rows[j]) {
                rows[i].clone_from(&filled);
                rows[j] = filled;
            }
        }
    }
}

fn agree(a: &[SmolStr], b: &[SmolStr]) -> Option<Vec<SmolStr>> {
    let mut common = false;
    let mut filled = Vec::with_capacity(a.len());
    for (a, b) in a.iter().zip(b) {
        if a == b {
            common = true;
        } else if !a.is_empty() && !b.is_empty() {
            return None;
        }
        filled.push(if a.is_empty() { b.clone() } else { a.clone() });
    }
    common.then_some(filled)
}
