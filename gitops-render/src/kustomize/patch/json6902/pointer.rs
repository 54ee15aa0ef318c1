//! JSON pointers, and what operations do at their end.

use super::{OperationKind, Problem};
use gitops_core::value::{Key, Map, Seq, Value};
use std::fmt;

/// A pointer with its text.
#[derive(Clone, Debug)]
pub(super) struct Pointer {
    text: String,
    /// The decoded parts behind the first `/`; empty where there is none.
    parts: Vec<String>,
}

impl fmt::Display for Pointer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl Pointer {
    pub(super) fn new(text: &str) -> Self {
        Self { text: text.to_owned(), parts: text.split('/').skip(1).map(decode).collect() }
    }

    /// Whether the pointer means the whole document.
    pub(super) fn is_root(&self) -> bool {
        self.text.is_empty()
    }

    fn missing(&self, operation: OperationKind) -> Problem {
        Problem::MissingPath { operation, path: self.text.clone() }
    }

    /// The node at the end; nothing where a map has no such key.
    pub(super) fn get<'v>(
        &self,
        document: &'v Value,
        operation: OperationKind,
    ) -> Result<Option<&'v Value>, Problem> {
        let (key, parents) = self.parts.split_last().ok_or_else(|| self.missing(operation))?;
        let mut node = document;
        for part in parents {
            node = child(node, part).ok_or_else(|| self.missing(operation))?;
        }
        match node {
            Value::Map(map) => Ok(map.get(key)),
            Value::Seq(list) => {
                let position = self.position(key, list.len(), operation)?;
                Ok(list.get(position))
            }
            Value::Scalar(_) => Err(self.missing(operation)),
        }
    }

    /// The container that holds the end, for change, and the end's name.
    fn container<'v>(
        &self,
        document: &'v mut Value,
        operation: OperationKind,
    ) -> Result<(&'v mut Value, &str), Problem> {
        let (key, parents) = self.parts.split_last().ok_or_else(|| self.missing(operation))?;
        let mut node = document;
        for part in parents {
            node = child_mut(node, part).ok_or_else(|| self.missing(operation))?;
        }
        match node {
            Value::Scalar(_) => Err(self.missing(operation)),
            node => Ok((node, key)),
        }
    }

    /// Sets a key, or puts an item before the one at an index.
    pub(super) fn add(
        &self,
        document: &mut Value,
        operation: OperationKind,
        value: Value,
    ) -> Result<(), Problem> {
        match self.container(document, operation)? {
            (Value::Map(map), key) => drop(set(map, key, value)),
            (Value::Seq(list), "-") => list.push(value),
            (Value::Seq(list), key) => {
                // One place more than there are items: the one behind the last.
                let position = self.position(key, list.len() + 1, operation)?;
                list.edit(|items| items.insert(position, value));
            }
            (Value::Scalar(_), _) => return Err(self.missing(operation)),
        }
        Ok(())
    }

    /// Takes out a key or an item.
    pub(super) fn remove(&self, document: &mut Value, operation: OperationKind) -> Result<Value, Problem> {
        match self.container(document, operation)? {
            (Value::Map(map), key) => map.remove(key).ok_or_else(|| Problem::MissingKey {
                operation,
                path: self.text.clone(),
                key: key.to_owned(),
            }),
            (Value::Seq(list), key) => {
                let position = self.position(key, list.len(), operation)?;
                Ok(list.edit(|items| items.remove(position)))
            }
            (Value::Scalar(_), _) => Err(self.missing(operation)),
        }
    }

    /// Sets a key, there or not, or an item that is there; without parts, the whole document. Tells whether it added.
    pub(super) fn replace(&self, document: &mut Value, value: Value) -> Result<bool, Problem> {
        let operation = OperationKind::Replace;
        if self.is_root() {
            *document = value;
            return Ok(false);
        }
        match self.container(document, operation)? {
            (Value::Map(map), key) => return Ok(set(map, key, value)),
            (Value::Seq(list), key) => {
                let position = self.position(key, list.len(), operation)?;
                if let Some(item) = list.get_mut(position) {
                    *item = value;
                }
            }
            (Value::Scalar(_), _) => return Err(self.missing(operation)),
        }
        Ok(false)
    }

    fn position(&self, part: &str, len: usize, operation: OperationKind) -> Result<usize, Problem> {
        let path = || self.text.clone();
        let Ok(index) = part.parse::<i64>() else {
            return Err(Problem::NotAnIndex { operation, path: path(), index: part.to_owned() });
        };
        from_end(index, len).ok_or_else(|| Problem::OutOfRange {
            operation,
            path: path(),
            index: part.to_owned(),
        })
    }
}

/// `~1` is `/`, `~0` is `~`; other tildes stand for themselves.
fn decode(part: &str) -> String {
    part.replace("~1", "/").replace("~0", "~")
}

/// The position that an index means in a list of `len` places, counted from the end where negative.
fn from_end(index: i64, len: usize) -> Option<usize> {
    let len = i64::try_from(len).ok()?;
    let position = if index < 0 { index.checked_add(len)? } else { index };
    usize::try_from(position).ok().filter(|_| position < len)
}

fn child<'v>(node: &'v Value, part: &str) -> Option<&'v Value> {
    match node {
        Value::Map(map) => map.get(part),
        Value::Seq(list) => list.get(from_end(part.parse().ok()?, list.len())?),
        Value::Scalar(_) => None,
    }
}

fn child_mut<'v>(node: &'v mut Value, part: &str) -> Option<&'v mut Value> {
    match node {
        Value::Map(map) => map.get_mut(part),
        Value::Seq(list) => child_of_list(list, part),
        Value::Scalar(_) => None,
    }
}

fn child_of_list<'v>(list: &'v mut Seq, part: &str) -> Option<&'v mut Value> {
    let position = from_end(part.parse().ok()?, list.len())?;
    list.get_mut(position)
}

/// Sets a key, and tells whether it is new.
fn set(map: &mut Map, key: &str, value: Value) -> bool {
    map.insert(Key::new(key), value).is_none()
}

#[cfg(test)]
mod tests {
    use super::decode;

    #[test]
    fn parts_decode_once() {
        for (part, want) in [("a~1b", "a/b"), ("~0", "~"), ("~01", "~1"), ("~", "~"), ("~2", "~2"), ("", "")]
        {
            assert_eq!(decode(part), want, "{part}");
        }
    }
}
