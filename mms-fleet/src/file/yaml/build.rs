//! Builder of the tree from the parser's events. It keeps a stack of its own, and is limited in depth and size.

use std::rc::Rc;

use saphyr_parser::{Event, Marker, Parser, ScalarStyle, Span};

use super::node::{At, Entry, Mapping, Node, Scalar, Value};
use super::syntax;
use crate::file::source::{BYTE_ORDER_MARK, Source};
use crate::place::Problem;

/// The most levels: a fleet needs five.
const MAX_HEIGHT: usize = 32;
/// The most nodes, those behind aliases counted each time: about 50,000 children.
const MAX_NODES: usize = 2_000_000;

/// Reads the one document of a file. What is no tree, because a mistake of syntax ends it, is nothing; then a problem says why.
pub(in crate::file) fn tree<'t>(source: &'t Source, problems: &mut Vec<Problem>) -> Option<Rc<Node<'t>>> {
    let text = source.text.strip_prefix(BYTE_ORDER_MARK).unwrap_or(&source.text);
    let mut builder = Builder {
        source,
        problems,
        offsets: Offsets::new(text, source.text.len() - text.len()),
        text,
        stack: Vec::new(),
        anchors: Vec::new(),
        root: None,
        nodes: 0,
    };
    if let Some(index) = text.find('\0') {
        let at = position(text, index);
        builder.problem(at, "there is a NUL character", "remove it; a file in UTF-16 has to be saved as UTF-8");
        return None;
    }
    builder.build().then_some(builder.root).flatten()
}

/// Returns the position of a byte.
fn position(text: &str, index: usize) -> At {
    let before = &text[..index];
    let line = before.matches('\n').count() + 1;
    At { line, column: before.chars().rev().take_while(|character| *character != '\n').count() + 1 }
}

/// Byte offsets of characters. The parser counts characters.
struct Offsets {
    /// Nothing where each character is one byte.
    bytes: Option<Vec<usize>>,
    /// How many bytes stand before the first.
    skipped: usize,
}

impl Offsets {
    fn new(text: &str, skipped: usize) -> Self {
        let bytes = (!text.is_ascii())
            .then(|| text.char_indices().map(|(index, _)| index).chain(std::iter::once(text.len())).collect());
        Self { bytes, skipped }
    }

    fn byte(&self, marker: Marker) -> usize {
        let index = marker.index();
        let byte = match &self.bytes {
            Some(bytes) => bytes.get(index).or(bytes.last()).copied().unwrap_or(index),
            None => index,
        };
        byte + self.skipped
    }
}

struct Builder<'t, 'p> {
    source: &'t Source,
    problems: &'p mut Vec<Problem>,
    offsets: Offsets,
    text: &'t str,
    stack: Vec<Open<'t>>,
    /// Nodes with an anchor, by the parser's number; nothing while the node is open.
    anchors: Vec<(usize, Rc<Node<'t>>)>,
    root: Option<Rc<Node<'t>>>,
    nodes: usize,
}

/// A collection whose end has not come.
struct Open<'t> {
    at: At,
    start: usize,
    anchor: usize,
    is_unreadable: bool,
    content: Content<'t>,
}

enum Content<'t> {
    Sequence(Vec<Rc<Node<'t>>>),
    Mapping { is_flow: bool, entries: Vec<Entry<'t>>, key: Option<Rc<Node<'t>>> },
}

impl<'t> Builder<'t, '_> {
    /// Reads to the end. Says whether the tree is whole.
    fn build(&mut self) -> bool {
        let mut parser = Parser::new_from_str(self.text);
        while let Some(event) = parser.next_event() {
            let goes_on = match event {
                Ok((event, span)) => self.event(event, span),
                Err(error) => {
                    let at = at(*error.marker());
                    let line = self.text.lines().nth(at.line - 1).unwrap_or_default();
                    let (message, help) = syntax::explained(error.info(), line);
                    self.problem(at, message, help);
                    false
                }
            };
            if !goes_on {
                return false;
            }
        }
        true
    }

    /// Takes an event. Says whether reading goes on.
    fn event(&mut self, event: Event<'t>, span: Span) -> bool {
        match event {
            Event::DocumentStart(_) if self.root.is_some() => {
                let help = "keep one document in a file; several files are one fleet";
                self.problem(at(span.start), "a second document begins here", help);
                return false;
            }
            Event::Alias(anchor) => {
                let value = self.alias(anchor, at(span.start));
                return self.leaf(value, span, ScalarStyle::Plain, 0);
            }
            Event::Scalar(text, style, anchor, tag) => {
                let value = if tag.is_some() {
                    self.tag(at(span.start));
                    Value::Unreadable
                } else {
                    Value::Scalar(Scalar { text, is_plain: style == ScalarStyle::Plain })
                };
                return self.leaf(value, span, style, anchor);
            }
            Event::SequenceStart(anchor, tag) => {
                return self.open(Content::Sequence(Vec::new()), span, anchor, tag.is_some());
            }
            Event::MappingStart(anchor, tag) => {
                let is_flow = content(&self.source.text[self.offsets.byte(span.start)..]).starts_with('{');
                let content = Content::Mapping { is_flow, entries: Vec::new(), key: None };
                return self.open(content, span, anchor, tag.is_some());
            }
            Event::SequenceEnd | Event::MappingEnd => return self.close(span),
            Event::Nothing | Event::StreamStart | Event::StreamEnd | Event::DocumentStart(_) | Event::DocumentEnd => {}
        }
        true
    }

    fn tag(&mut self, at: At) {
        self.problem(at, "there is a tag", "remove the word that begins with !; what a value is follows from its key");
    }

    fn alias(&mut self, anchor: usize, at: At) -> Value<'t> {
        if let Ok(index) = self.anchors.binary_search_by_key(&anchor, |(number, _)| *number) {
            return Value::Alias(Rc::clone(&self.anchors[index].1));
        }
        self.problem(at, "the alias stands within what it repeats", "write the value itself");
        Value::Unreadable
    }

    /// Adds a node without children of its own.
    fn leaf(&mut self, value: Value<'t>, span: Span, style: ScalarStyle, anchor: usize) -> bool {
        let (size, height) = match &value {
            Value::Alias(target) => (target.size, target.height),
            _ => (1, 1),
        };
        let mut range = self.offsets.byte(span.start)..self.offsets.byte(span.end);
        let text = self.source.text.get(range.clone()).unwrap_or_default();
        range.end = match style {
            // To the parser what follows in the line belongs to it, a comment too.
            ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted => {
                let quoted = content(text);
                range.end - quoted.len() + quoted_length(quoted)
            }
            // A block scalar reaches to where the next token begins.
            ScalarStyle::Plain | ScalarStyle::Literal | ScalarStyle::Folded => range.start + text.trim_end().len(),
        };
        let is_anchored = anchor > 0;
        self.add(Node { at: at(span.start), range, is_anchored, value, size, height }, anchor)
    }

    fn open(&mut self, content: Content<'t>, span: Span, anchor: usize, has_tag: bool) -> bool {
        let at = at(span.start);
        if has_tag {
            self.tag(at);
        }
        if self.stack.len() >= MAX_HEIGHT {
            return self.too_deep(at);
        }
        let start = self.offsets.byte(span.start);
        self.stack.push(Open { at, start, anchor, is_unreadable: has_tag, content });
        true
    }

    fn too_deep(&mut self, at: At) -> bool {
        self.problem(at, format!("there are more than {MAX_HEIGHT} levels"), "a fleet has at most five: write it flat");
        false
    }

    fn close(&mut self, span: Span) -> bool {
        let Some(Open { at, start, anchor, is_unreadable, content }) = self.stack.pop() else { return false };
        let (size, height, mut end) = match &content {
            Content::Sequence(items) => measured(items.iter(), start),
            Content::Mapping { entries, .. } => {
                measured(entries.iter().flat_map(|entry| [&entry.key, &entry.value]), start)
            }
        };
        let last = self.offsets.byte(span.start);
        if self.source.text[last..].starts_with(['}', ']']) {
            end = last + 1;
        }
        let value = match content {
            _ if is_unreadable => Value::Unreadable,
            Content::Sequence(items) => Value::Sequence(items),
            Content::Mapping { is_flow, entries, .. } => Value::Mapping(Mapping { entries, is_flow }),
        };
        if height + 1 > MAX_HEIGHT {
            return self.too_deep(at);
        }
        self.add(
            Node {
                at,
                range: start..end,
                is_anchored: anchor > 0,
                value,
                size: size.saturating_add(1),
                height: height + 1,
            },
            anchor,
        )
    }

    /// Puts a finished node where it belongs.
    fn add(&mut self, mut node: Node<'t>, anchor: usize) -> bool {
        // What a collection holds was counted when it came.
        self.nodes = self.nodes.saturating_add(match &node.value {
            Value::Alias(_) => node.size,
            _ => 1,
        });
        if self.nodes > MAX_NODES {
            let help = "split the fleet into files, and repeat less by aliases";
            self.problem(node.at, format!("the file has more than {MAX_NODES} values"), help);
            return false;
        }
        if let Some(Open { content: Content::Mapping { key: Some(key), .. }, .. }) = self.stack.last()
            && anchor == 0
            && matches!(&node.value, Value::Scalar(scalar) if scalar.is_plain && scalar.text.is_empty())
        {
            // Of nothing the parser says where the colon is, or what comes next.
            let has_colon = self.source.text[node.range.start..].starts_with(':');
            let end = if has_colon { node.range.start + 1 } else { key.range.end };
            node.range = end..end;
        }
        let node = Rc::new(node);
        if anchor > 0 {
            let index = self.anchors.partition_point(|(number, _)| *number < anchor);
            self.anchors.insert(index, (anchor, Rc::clone(&node)));
        }
        match self.stack.last_mut().map(|open| &mut open.content) {
            None => self.root = Some(node),
            Some(Content::Sequence(items)) => items.push(node),
            Some(Content::Mapping { entries, key, .. }) => match key.take() {
                None => *key = Some(node),
                Some(key) => entries.push(Entry { key, value: node }),
            },
        }
        true
    }

    fn problem(&mut self, at: At, message: impl Into<String>, help: impl Into<String>) {
        self.problems.push(self.source.problem(at, message, help));
    }
}

/// Returns the sum of sizes, the greatest height and the last byte of nodes.
fn measured<'a, 't: 'a>(nodes: impl Iterator<Item = &'a Rc<Node<'t>>>, start: usize) -> (usize, usize, usize) {
    nodes.fold((0, 0, start), |(size, height, end), node| {
        (size.saturating_add(node.size), height.max(node.height), end.max(node.range.end))
    })
}

/// Returns what follows white space, comments and an anchor.
pub(in crate::file) fn content(text: &str) -> &str {
    let mut rest = text.trim_start();
    while rest.starts_with(['&', '#']) {
        let ends = |character: char| character.is_whitespace() || "{}[],".contains(character);
        let end = if rest.starts_with('&') { rest.find(ends) } else { rest.find('\n') };
        rest = end.map_or("", |end| rest[end..].trim_start());
    }
    rest
}

/// Returns the length of the text in quotes that something begins with, the quotes included.
fn quoted_length(text: &str) -> usize {
    let bytes = text.as_bytes();
    let quote = bytes.first().copied().unwrap_or_default();
    let mut index = 1;
    while let Some(byte) = bytes.get(index) {
        let is_escape = match quote {
            b'"' => *byte == b'\\',
            _ => *byte == quote && bytes.get(index + 1) == Some(&quote),
        };
        if *byte == quote && !is_escape {
            return index + 1;
        }
        index += if is_escape { 2 } else { 1 };
    }
    text.len()
}

fn at(marker: Marker) -> At {
    At { line: marker.line(), column: marker.col() + 1 }
}
