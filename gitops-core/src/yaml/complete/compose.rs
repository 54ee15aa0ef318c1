//! From tokens to values: the grammar of nodes with a stack of its own, anchors and aliases.
//!
//! Values are shared, so an alias costs nothing; what it adds is counted all the same, because whoever walks the
//! document later pays for it.

use super::merge::{self, Merge};
use super::scan::Scanner;
use super::tag;
use super::token::{Failure, Result, TokenKind};
use crate::limits::Limits;
use crate::value::{Entry, Key, Map, Scalar, Seq, Value};
use crate::yaml::build::Builder;
use crate::yaml::error::ErrorKind;
use crate::yaml::resolve::Dialect;
use std::collections::HashMap;

/// A value with what it costs to walk.
#[derive(Clone)]
struct Node {
    value: Value,
    /// Nodes in it, itself included.
    nodes: usize,
    /// Levels below it, itself included; 0 for a scalar.
    height: usize,
    /// Came through an alias.
    alias: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Context {
    BlockSequence,
    /// A sequence at the indentation of the key that holds it.
    IndentlessSequence,
    BlockMapping,
    FlowSequence,
    FlowMapping,
    /// `[a: b]`: a mapping of one entry without braces.
    FlowPair,
}

/// A collection that is open.
struct Frame<'a> {
    context: Context,
    start: usize,
    anchor: Option<(&'a str, usize)>,
    /// Nothing was read in it yet.
    first: bool,
    items: Vec<Value>,
    entries: Vec<Entry>,
    /// The key whose value comes next; true for `<<`.
    key: Option<(Key, bool)>,
    /// The key stands without `:`, as in `{a, b}`: its value is nothing, whatever follows.
    bare: bool,
    merges: Vec<Merge>,
    nodes: usize,
    height: usize,
}

/// What an anchor's name stands for.
enum Anchored {
    /// A collection that is open still: an alias of it would contain itself.
    Open(usize),
    Done(Node),
}

/// Tag and anchor of a node.
#[derive(Default)]
struct Properties<'a> {
    anchor: Option<&'a str>,
    tag: Option<String>,
}

pub(super) struct Composer<'a, 'b> {
    pub(super) scanner: Scanner<'a>,
    builder: Builder<'b>,
    limits: Limits,
    handles: HashMap<&'a str, String>,
    anchors: HashMap<&'a str, Anchored>,
    opened: usize,
    alias_nodes: usize,
    frames: Vec<Frame<'a>>,
    root: Option<Node>,
}

impl<'a, 'b> Composer<'a, 'b> {
    pub(super) fn new(scanner: Scanner<'a>, builder: Builder<'b>, limits: Limits) -> Self {
        Self {
            scanner,
            builder,
            limits,
            handles: HashMap::new(),
            anchors: HashMap::new(),
            opened: 0,
            alias_nodes: 0,
            frames: Vec::new(),
            root: None,
        }
    }

    /// The first document, if there is one.
    pub(super) fn document(&mut self) -> Result<Option<Value>> {
        let explicit = match self.scanner.peek()?.kind {
            TokenKind::End => return Ok(None),
            TokenKind::Version { .. } | TokenKind::TagHandle { .. } | TokenKind::DocumentStart => {
                self.directives()?;
                true
            }
            _ => false,
        };
        let next = self.scanner.peek()?;
        let start = next.start;
        let empty = matches!(
            next.kind,
            TokenKind::Version { .. }
                | TokenKind::TagHandle { .. }
                | TokenKind::DocumentStart
                | TokenKind::DocumentEnd
                | TokenKind::End
        );
        if explicit && empty {
            self.look_ahead()?;
            return Ok(Some(self.builder.nothing(start)));
        }
        self.node(true, false)?;
        while !self.frames.is_empty() {
            self.step()?;
        }
        self.look_ahead()?;
        Ok(self.root.take().map(|node| node.value))
    }

    /// go-yaml looks this far before it takes the document for finished, and fails where that is no token.
    fn look_ahead(&mut self) -> Result<()> {
        self.scanner.look_ahead(match self.builder.dialect {
            Dialect::Kubectl => 1,
            Dialect::Kustomize => 3,
        })
    }

    /// `%` lines and the `---` that must follow.
    fn directives(&mut self) -> Result<()> {
        let mut version = false;
        loop {
            let token = self.scanner.next()?;
            match token.kind {
                TokenKind::Version { .. } if version => {
                    return Err((ErrorKind::Directive, token.start, None));
                }
                TokenKind::Version { major: 1, minor: 1 } => version = true,
                TokenKind::Version { .. } => return Err((ErrorKind::Version, token.start, None)),
                TokenKind::TagHandle { handle, prefix } => {
                    if self.handles.insert(handle, prefix).is_some() {
                        return Err((ErrorKind::Directive, token.start, None));
                    }
                }
                TokenKind::DocumentStart => return Ok(()),
                _ => return Err((ErrorKind::ExpectedDocumentStart, token.start, None)),
            }
        }
    }

    /// Reads one node, or opens it where it is a collection.
    fn node(&mut self, block: bool, indentless: bool) -> Result<()> {
        let start = self.scanner.peek()?.start;
        if let TokenKind::Alias(name) = self.scanner.peek()?.kind {
            self.scanner.next()?;
            let node = self.alias(name, start)?;
            return self.deliver(node, start);
        }
        let properties = self.properties()?;
        let next = self.scanner.peek()?;
        let at = next.start;
        let context = match next.kind {
            TokenKind::BlockEntry if indentless => Context::IndentlessSequence,
            TokenKind::Scalar { .. } => return self.scalar(&properties),
            TokenKind::FlowSequence => Context::FlowSequence,
            TokenKind::FlowMapping => Context::FlowMapping,
            TokenKind::BlockSequence if block => Context::BlockSequence,
            TokenKind::BlockMapping if block => Context::BlockMapping,
            _ if properties.anchor.is_some() || properties.tag.is_some() => {
                let value = match tag::empty(properties.tag.as_deref(), self.builder.dialect) {
                    Ok(None) => self.builder.nothing(at),
                    Ok(Some(scalar)) => Value::Scalar(scalar.at(self.builder.place(at))),
                    Err(kind) => return Err((kind, at, None)),
                };
                return self.deliver_leaf(value, properties.anchor, at);
            }
            _ => return Err((ErrorKind::ExpectedContent, at, self.frames.last().map(|frame| frame.start))),
        };
        if context != Context::IndentlessSequence {
            self.scanner.next()?;
        }
        self.open(context, at, properties.anchor)
    }

    /// An anchor and a tag in either order.
    fn properties(&mut self) -> Result<Properties<'a>> {
        let mut properties = Properties::default();
        loop {
            match &self.scanner.peek()?.kind {
                TokenKind::Anchor(name) if properties.anchor.is_none() => properties.anchor = Some(name),
                TokenKind::Tag { handle, suffix } if properties.tag.is_none() => {
                    let prefix = match (*handle, self.handles.get(handle)) {
                        ("", _) => "",
                        (_, Some(prefix)) => prefix,
                        ("!", None) => "!",
                        ("!!", None) => tag::CORE,
                        (handle, None) => {
                            let kind = ErrorKind::TagHandle(handle.to_owned());
                            let start = self.scanner.peek()?.start;
                            return Err((kind, start, None));
                        }
                    };
                    properties.tag = Some(format!("{prefix}{suffix}"));
                }
                _ => return Ok(properties),
            }
            self.scanner.next()?;
        }
    }

    fn scalar(&mut self, properties: &Properties<'a>) -> Result<()> {
        let token = self.scanner.next()?;
        let TokenKind::Scalar { text, style } = token.kind else { return Ok(()) };
        let scalar = match &properties.tag {
            None => self.builder.scalar(&text, style, token.start),
            Some(name) => match tag::scalar(name, &text, style, self.builder.dialect) {
                Ok(scalar) => scalar.at(self.builder.place(token.start)),
                Err(kind) => return Err((kind, token.start, None)),
            },
        };
        let is_merge = &*text == "<<" && tag::allows_merge(properties.tag.as_deref(), style);
        self.define(properties.anchor, &Value::Scalar(scalar.clone()));
        let node = Node { value: Value::Scalar(scalar), nodes: 1, height: 0, alias: false };
        self.deliver_as(node, token.start, is_merge)
    }

    fn define(&mut self, anchor: Option<&'a str>, value: &Value) {
        if let Some(name) = anchor {
            let node = Node { value: value.clone(), nodes: 1, height: 0, alias: false };
            self.anchors.insert(name, Anchored::Done(node));
        }
    }

    fn deliver_leaf(&mut self, value: Value, anchor: Option<&'a str>, start: usize) -> Result<()> {
        self.define(anchor, &value);
        self.deliver(Node { value, nodes: 1, height: 0, alias: false }, start)
    }

    fn nothing(&mut self, at: usize) -> Result<()> {
        let value = self.builder.nothing(at);
        self.deliver_leaf(value, None, at)
    }

    fn alias(&mut self, name: &str, start: usize) -> Result<Node> {
        let node = match self.anchors.get(name) {
            None => return Err((ErrorKind::UnknownAnchor(name.to_owned()), start, None)),
            Some(Anchored::Open(_)) => return Err((ErrorKind::AliasCycle(name.to_owned()), start, None)),
            Some(Anchored::Done(node)) => Node { alias: true, ..node.clone() },
        };
        self.alias_nodes = self.alias_nodes.saturating_add(node.nodes);
        if self.alias_nodes > self.limits.alias_nodes {
            return Err((ErrorKind::AliasBudget(self.limits.alias_nodes), start, None));
        }
        if self.frames.len() + node.height > self.limits.depth {
            return Err((ErrorKind::Depth(self.limits.depth), start, None));
        }
        Ok(node)
    }

    fn open(&mut self, context: Context, start: usize, anchor: Option<&'a str>) -> Result<()> {
        if self.frames.len() >= self.limits.depth {
            return Err((ErrorKind::Depth(self.limits.depth), start, None));
        }
        self.opened += 1;
        let anchor = anchor.map(|name| (name, self.opened));
        if let Some((name, number)) = anchor {
            self.anchors.insert(name, Anchored::Open(number));
        }
        self.frames.push(Frame {
            context,
            start,
            anchor,
            first: true,
            items: Vec::new(),
            entries: Vec::new(),
            key: None,
            bare: false,
            merges: Vec::new(),
            nodes: 1,
            height: 0,
        });
        Ok(())
    }

    /// Goes on in the innermost collection: its next item, key or value, or its end.
    fn step(&mut self) -> Result<()> {
        let Some(frame) = self.frames.last_mut() else { return Ok(()) };
        let (context, awaits_value, start) = (frame.context, frame.key.is_some(), frame.start);
        let first = std::mem::replace(&mut frame.first, false);
        match context {
            Context::BlockSequence => self.block_item(start),
            Context::IndentlessSequence => self.indentless_item(),
            Context::BlockMapping if awaits_value => self.block_value(),
            Context::BlockMapping => self.block_key(start),
            Context::FlowSequence => self.flow_item(first, start),
            Context::FlowMapping if awaits_value && frame.bare => self.nothing(start),
            Context::FlowMapping | Context::FlowPair if awaits_value => self.flow_value(),
            Context::FlowMapping => self.flow_key(first, start),
            Context::FlowPair if first => self.pair_key(),
            Context::FlowPair => self.close(),
        }
    }

    fn block_item(&mut self, start: usize) -> Result<()> {
        let token = self.scanner.next()?;
        match token.kind {
            TokenKind::BlockEntry => match self.scanner.peek()?.kind {
                TokenKind::BlockEntry | TokenKind::BlockEnd => self.nothing(token.start + 1),
                _ => self.node(true, false),
            },
            TokenKind::BlockEnd => self.close(),
            _ => Err((ErrorKind::ExpectedDash, token.start, Some(start))),
        }
    }

    fn indentless_item(&mut self) -> Result<()> {
        if !matches!(self.scanner.peek()?.kind, TokenKind::BlockEntry) {
            return self.close();
        }
        let token = self.scanner.next()?;
        match self.scanner.peek()?.kind {
            TokenKind::BlockEntry | TokenKind::Key | TokenKind::Value | TokenKind::BlockEnd => {
                self.nothing(token.start + 1)
            }
            _ => self.node(true, false),
        }
    }

    fn block_key(&mut self, start: usize) -> Result<()> {
        let token = self.scanner.next()?;
        match token.kind {
            TokenKind::Key => match self.scanner.peek()?.kind {
                TokenKind::Key | TokenKind::Value | TokenKind::BlockEnd => self.nothing(token.start + 1),
                _ => self.node(true, true),
            },
            TokenKind::BlockEnd => self.close(),
            _ => Err((ErrorKind::ExpectedKey, token.start, Some(start))),
        }
    }

    fn block_value(&mut self) -> Result<()> {
        let next = self.scanner.peek()?;
        let start = next.start;
        if !matches!(next.kind, TokenKind::Value) {
            return self.nothing(start);
        }
        self.scanner.next()?;
        match self.scanner.peek()?.kind {
            TokenKind::Key | TokenKind::Value | TokenKind::BlockEnd => self.nothing(start + 1),
            _ => self.node(true, true),
        }
    }

    fn flow_item(&mut self, first: bool, start: usize) -> Result<()> {
        if !first && !matches!(self.scanner.peek()?.kind, TokenKind::FlowSequenceEnd) {
            let comma = self.scanner.next()?;
            if !matches!(comma.kind, TokenKind::FlowEntry) {
                return Err((ErrorKind::UnclosedSequence, comma.start, Some(start)));
            }
        }
        let next = self.scanner.peek()?;
        let at = next.start;
        match next.kind {
            TokenKind::FlowSequenceEnd => {
                self.scanner.next()?;
                self.close()
            }
            TokenKind::Key => {
                self.scanner.next()?;
                self.open(Context::FlowPair, at, None)
            }
            _ => self.node(false, false),
        }
    }

    fn pair_key(&mut self) -> Result<()> {
        let next = self.scanner.peek()?;
        let start = next.start;
        match next.kind {
            TokenKind::Value | TokenKind::FlowEntry | TokenKind::FlowSequenceEnd => {
                // go-yaml drops the token that it meets here.
                self.scanner.next()?;
                self.nothing(start)
            }
            _ => self.node(false, false),
        }
    }

    fn flow_value(&mut self) -> Result<()> {
        let next = self.scanner.peek()?;
        let start = next.start;
        if !matches!(next.kind, TokenKind::Value) {
            return self.nothing(start);
        }
        self.scanner.next()?;
        match self.scanner.peek()?.kind {
            TokenKind::FlowEntry | TokenKind::FlowMappingEnd | TokenKind::FlowSequenceEnd => {
                self.nothing(start + 1)
            }
            _ => self.node(false, false),
        }
    }

    fn flow_key(&mut self, first: bool, start: usize) -> Result<()> {
        if !first && !matches!(self.scanner.peek()?.kind, TokenKind::FlowMappingEnd) {
            let comma = self.scanner.next()?;
            if !matches!(comma.kind, TokenKind::FlowEntry) {
                return Err((ErrorKind::UnclosedMapping, comma.start, Some(start)));
            }
        }
        let next = self.scanner.peek()?;
        let at = next.start;
        match next.kind {
            TokenKind::FlowMappingEnd => {
                self.scanner.next()?;
                self.close()
            }
            TokenKind::Key => {
                self.scanner.next()?;
                self.set_bare(false);
                match self.scanner.peek()?.kind {
                    TokenKind::Value | TokenKind::FlowEntry | TokenKind::FlowMappingEnd => {
                        self.nothing(at + 1)
                    }
                    _ => self.node(false, false),
                }
            }
            _ => {
                self.set_bare(true);
                self.node(false, false)
            }
        }
    }

    fn set_bare(&mut self, bare: bool) {
        if let Some(frame) = self.frames.last_mut() {
            frame.bare = bare;
        }
    }

    fn deliver(&mut self, node: Node, start: usize) -> Result<()> {
        self.deliver_as(node, start, false)
    }

    /// Puts a finished node where it belongs.
    fn deliver_as(&mut self, node: Node, start: usize, is_merge: bool) -> Result<()> {
        let Some(frame) = self.frames.last_mut() else {
            self.root = Some(node);
            return Ok(());
        };
        frame.nodes = frame.nodes.saturating_add(node.nodes);
        frame.height = frame.height.max(node.height);
        match frame.context {
            Context::BlockSequence | Context::IndentlessSequence | Context::FlowSequence => {
                frame.items.push(node.value);
            }
            Context::BlockMapping | Context::FlowMapping | Context::FlowPair => match frame.key.take() {
                Some((key, is_merge)) => {
                    if is_merge {
                        frame.merges.push(Merge { index: frame.entries.len(), alias: node.alias });
                    }
                    frame.entries.push(Entry { key, value: node.value });
                }
                None => {
                    let Value::Scalar(scalar) = &node.value else {
                        return Err((ErrorKind::ComplexKey, start, Some(frame.start)));
                    };
                    let key = self.builder.key(scalar).map_err(|kind| (kind, start, None))?;
                    frame.key = Some((key.at(self.builder.offset(start)), is_merge));
                }
            },
        }
        Ok(())
    }

    fn close(&mut self) -> Result<()> {
        let Some(frame) = self.frames.pop() else { return Ok(()) };
        let flow = matches!(frame.context, Context::FlowSequence | Context::FlowMapping | Context::FlowPair);
        let flow = self.builder.keeps_flow(flow);
        let value = match frame.context {
            Context::BlockSequence | Context::IndentlessSequence | Context::FlowSequence => {
                let mut seq = Seq::placed(frame.items, self.builder.place(frame.start));
                seq.set_flow(flow);
                Value::Seq(seq)
            }
            Context::BlockMapping | Context::FlowMapping | Context::FlowPair => {
                let mut map = self.mapping(frame.entries, &frame.merges, frame.start)?;
                map.set_flow(flow);
                Value::Map(map)
            }
        };
        let node = Node { value, nodes: frame.nodes, height: frame.height + 1, alias: false };
        if let Some((name, number)) = frame.anchor
            && matches!(self.anchors.get(name), Some(Anchored::Open(open)) if *open == number)
        {
            self.anchors.insert(name, Anchored::Done(node.clone()));
        }
        self.deliver(node, frame.start)
    }

    fn mapping(&self, entries: Vec<Entry>, merges: &[Merge], start: usize) -> Result<Map> {
        let failure = |kind| -> Failure { (kind, start, None) };
        let entries = merge::expand(entries, merges, self.builder.dialect).map_err(failure)?;
        Ok(self.builder.map(entries, start))
    }
}

/// A scalar without a place yet.
pub(super) trait Placed {
    fn at(self, place: crate::Place) -> Self;
}

impl Placed for Scalar {
    fn at(mut self, place: crate::Place) -> Self {
        self.set_place(place);
        self
    }
}
