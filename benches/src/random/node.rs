//! What a generated file says, before the emitter decides how it is written.

/// A node of a generated document.
#[derive(Clone, PartialEq, Debug)]
pub(super) enum Node {
    /// A string; the emitter chooses its style.
    Text(String),
    /// A plain scalar as it stands in the file, whatever it resolves to.
    Raw(String),
    /// A sequence.
    Seq(Vec<Node>),
    /// A mapping in source order.
    Map(Vec<(String, Node)>),
}

/// One step to a child.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Step {
    /// Into a mapping.
    Key(String),
    /// Into a sequence.
    Index(usize),
}

/// The way from the top of a document to a node.
pub(super) type Path = Vec<Step>;

/// A mapping in source order.
macro_rules! map {
    ($($key:expr => $value:expr),* $(,)?) => {
        $crate::random::node::Node::Map(vec![$((String::from($key), $crate::random::node::Node::from($value))),*])
    };
}

/// A sequence.
macro_rules! seq {
    ($($item:expr),* $(,)?) => {
        $crate::random::node::Node::Seq(vec![$($crate::random::node::Node::from($item)),*])
    };
}

pub(super) use {map, seq};

impl Node {
    pub(super) fn raw(text: impl Into<String>) -> Self {
        Self::Raw(text.into())
    }

    pub(super) fn get(&self, key: &str) -> Option<&Self> {
        let Self::Map(entries) = self else { return None };
        entries.iter().find(|(name, _)| name == key).map(|(_, node)| node)
    }

    pub(super) fn get_mut(&mut self, key: &str) -> Option<&mut Self> {
        let Self::Map(entries) = self else { return None };
        entries.iter_mut().find(|(name, _)| name == key).map(|(_, node)| node)
    }

    pub(super) fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) | Self::Raw(text) => Some(text),
            _ => None,
        }
    }

    pub(super) fn is_leaf(&self) -> bool {
        matches!(self, Self::Text(_) | Self::Raw(_))
    }

    /// Sets or adds an entry of a mapping; nothing for other nodes.
    pub(super) fn set(&mut self, key: &str, value: impl Into<Self>) {
        let value = value.into();
        match self.get_mut(key) {
            Some(node) => *node = value,
            None => {
                if let Self::Map(entries) = self {
                    entries.push((key.to_owned(), value));
                }
            }
        }
    }

    pub(super) fn push(&mut self, item: impl Into<Self>) {
        if let Self::Seq(items) = self {
            items.push(item.into());
        }
    }

    pub(super) fn at(&self, path: &[Step]) -> Option<&Self> {
        path.iter().try_fold(self, |node, step| match (node, step) {
            (Self::Map(_), Step::Key(key)) => node.get(key),
            (Self::Seq(items), Step::Index(index)) => items.get(*index),
            _ => None,
        })
    }

    pub(super) fn at_mut(&mut self, path: &[Step]) -> Option<&mut Self> {
        path.iter().try_fold(self, |node, step| match (node, step) {
            (node @ Self::Map(_), Step::Key(key)) => node.get_mut(key),
            (Self::Seq(items), Step::Index(index)) => items.get_mut(*index),
            _ => None,
        })
    }

    /// Takes the node at a path out of its parent.
    pub(super) fn remove(&mut self, path: &[Step]) {
        let Some((last, parent)) = path.split_last() else { return };
        match (self.at_mut(parent), last) {
            (Some(Self::Map(entries)), Step::Key(key)) => entries.retain(|(name, _)| name != key),
            (Some(Self::Seq(items)), Step::Index(index)) if *index < items.len() => {
                items.remove(*index);
            }
            _ => {}
        }
    }

    /// Paths of all nodes below this one, parents first.
    pub(super) fn paths(&self) -> Vec<Path> {
        let mut found = Vec::new();
        let mut pending: Vec<(Path, &Self)> = vec![(Vec::new(), self)];
        while let Some((path, node)) = pending.pop() {
            let children: Vec<(Step, &Self)> = match node {
                Self::Map(entries) => {
                    entries.iter().map(|(key, node)| (Step::Key(key.clone()), node)).collect()
                }
                Self::Seq(items) => {
                    items.iter().enumerate().map(|(at, node)| (Step::Index(at), node)).collect()
                }
                _ => Vec::new(),
            };
            for (step, child) in children.into_iter().rev() {
                let path: Path = path.iter().cloned().chain([step]).collect();
                pending.push((path, child));
            }
            if !path.is_empty() {
                found.push(path);
            }
        }
        found
    }
}

impl From<&str> for Node {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<&String> for Node {
    fn from(text: &String) -> Self {
        Self::Text(text.clone())
    }
}

impl From<String> for Node {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<usize> for Node {
    fn from(number: usize) -> Self {
        Self::Raw(number.to_string())
    }
}

impl From<bool> for Node {
    fn from(value: bool) -> Self {
        Self::Raw(value.to_string())
    }
}

impl From<Vec<Self>> for Node {
    fn from(items: Vec<Self>) -> Self {
        Self::Seq(items)
    }
}

#[cfg(test)]
mod tests {
    

    #[test]
    fn paths_name_every_node_once() {
        let node = map! { "a" => seq![1_usize, map! { "b" => "x" }], "c" => "y" };
        let paths = node.paths();
        assert_eq!(paths.len(), 5);
        assert!(paths.iter().all(|path| node.at(path).is_some()));
    }
}
