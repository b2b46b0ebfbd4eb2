//! Editor of one text: where to put something in, in the style of what is there.

use std::collections::HashMap;
use std::rc::Rc;

use super::error::ByHand;
use super::meant::{Edit, Meaning, NewChild};
use super::splice::{Splice, spliced};
use crate::file::decode::{Decode, Reading};
use crate::file::document::Defaults;
use crate::file::source::Source;
use crate::file::yaml::{Entry, Node, Value, tree};

/// The editor of a file that can be read.
pub(in crate::file) struct TextEditor<'s> {
    pub(super) source: &'s Source,
    pub(super) root: Rc<Node<'s>>,
    pub(super) line_end: &'static str,
    splices: Vec<Splice>,
}

impl<'s> TextEditor<'s> {
    pub(in crate::file) fn new(source: &'s Source) -> Option<Self> {
        let root = tree(source, &mut Vec::new())?;
        Some(Self { source, root, line_end: source.line_end(), splices: Vec::new() })
    }

    /// Makes the edits that can be made, and returns the others.
    pub(super) fn edit(&mut self, edits: &[&Edit], meaning: &mut Meaning) -> Vec<ByHand> {
        let mut by_hand = Vec::new();
        let mut new: Vec<&NewChild> = Vec::new();
        let root = Rc::clone(&self.root);
        let entries = entries(&root);
        for edit in edits {
            let (name, pair) = match edit {
                Edit::Bind { name, id } => (name, Some(("id", id.to_string()))),
                Edit::SetCredits { name, credits } => (name, Some(("credits", credits.to_string()))),
                Edit::Remark { name, .. } => (name, None),
                Edit::Add(child) => {
                    new.push(child);
                    continue;
                }
            };
            let entry = entries.get(name.as_str());
            let splices = entry.and_then(|(entry, is_in_flow)| match (edit, pair) {
                (Edit::Remark { text, .. }, _) => Some(Vec::from_iter(self.remark(entry, text))),
                (_, Some(pair)) => self.set(entry, pair, *is_in_flow).map(|splice| vec![splice]),
                _ => None,
            });
            match splices {
                Some(splices) => {
                    self.splices.extend(splices);
                    meaning.change(edit);
                }
                None => by_hand.push(ByHand::of(edit)),
            }
        }
        if !new.is_empty() {
            match self.add(&new) {
                Some(splices) => {
                    self.splices.extend(splices);
                    meaning.add(&new, &self.defaults(), self.source);
                }
                None => by_hand.extend(new.into_iter().map(|child| ByHand::of(&Edit::Add(child.clone())))),
            }
        }
        by_hand
    }

    /// Returns the text with all edits.
    pub(super) fn finish(self) -> String {
        spliced(&self.source.text, self.splices)
    }

    /// Returns the defaults of the file.
    pub(in crate::file) fn defaults(&self) -> Defaults {
        let entry = self.root.mapping().and_then(|mapping| mapping.get("defaults"));
        let decoded = entry.map(|entry| {
            Defaults::decode(entry.value.resolved(), "defaults", &mut Reading::new(self.source)).unwrap_or_default()
        });
        decoded.unwrap_or_default()
    }

    /// Puts a comment above an entry that begins a line.
    fn remark(&self, entry: &Entry<'_>, text: &str) -> Option<Splice> {
        let start = entry.key.range.start;
        let indentation = self.indentation(start)?;
        Some(Splice::insert(self.line_start(start), format!("{indentation}# {text}{}", self.line_end)))
    }

    /// Gives an entry a value for a key, as its first key where it has none. Nothing where that would be a guess.
    fn set(&self, entry: &Entry<'_>, (key, value): (&'static str, String), is_in_flow: bool) -> Option<Splice> {
        let Entry { key: name, value: node } = entry;
        // What an alias repeats would change there, too.
        if Rc::strong_count(node) > 1 {
            return None;
        }
        match &node.value {
            Value::Mapping(mapping) => {
                if let Some(found) = mapping.get(key) {
                    let is_direct = matches!(found.value.value, Value::Scalar(_)) && !found.value.is_anchored;
                    let is_written = is_direct && !found.value.range.is_empty();
                    return is_written.then(|| Splice { range: found.value.range.clone(), text: value });
                }
                match mapping.entries.first() {
                    None => {
                        let brace = self.source.text[node.range.clone()].find('{')?;
                        Some(Splice::insert(node.range.start + brace + 1, format!("{key}: {value}")))
                    }
                    Some(first) if mapping.is_flow => {
                        Some(Splice::insert(first.key.range.start, format!("{key}: {value}, ")))
                    }
                    Some(first) => self.first_in_block(entry, first, &format!("{key}: {value}")),
                }
            }
            Value::Scalar(_) if !node.is_null() => None,
            Value::Scalar(scalar) if !scalar.text.is_empty() => {
                let text = format!("{{{key}: {value}}}");
                (!node.is_anchored).then(|| Splice { range: node.range.clone(), text })
            }
            Value::Scalar(_) if node.is_anchored => None,
            Value::Scalar(_) => match self.colon(name) {
                Some(colon) if is_in_flow => Some(Splice::insert(colon, format!(" {{{key}: {value}}}"))),
                None if is_in_flow => Some(Splice::insert(name.range.end, format!(": {{{key}: {value}}}"))),
                Some(colon) => {
                    let indentation = self.indentation(name.range.start)?;
                    let step = " ".repeat(self.step(name.at.column));
                    Some(self.line_after(colon, &format!("{indentation}{step}{key}: {value}")))
                }
                None => None,
            },
            _ => None,
        }
    }

    /// Puts a line in front of the keys of a mapping in lines.
    fn first_in_block(&self, entry: &Entry<'_>, first: &Entry<'_>, text: &str) -> Option<Splice> {
        let start = first.key.range.start;
        let indentation = self.indentation(start)?;
        self.indentation(entry.key.range.start)?;
        let header = self.next_line(entry.key.range.end);
        if header > self.line_start(start) {
            return None;
        }
        // An anchor in a line of its own stays in front of what it names.
        let is_apart = entry.value.is_anchored && entry.value.range.start >= header;
        let line = if is_apart { self.line_start(start) } else { header };
        Some(Splice::insert(line, format!("{indentation}{text}{}", self.line_end)))
    }
}

/// Returns the entries of `children` by name, each with whether it is within braces.
pub(super) fn entries<'n, 's>(root: &'n Node<'s>) -> HashMap<&'n str, (&'n Entry<'s>, bool)> {
    let children = root.mapping().and_then(|mapping| mapping.get("children"));
    let Some(mapping) = children.and_then(|children| children.value.mapping()) else { return HashMap::new() };
    let named = mapping.entries.iter().filter_map(|entry| {
        let name = entry.key.scalar().filter(|_| !matches!(entry.key.value, Value::Alias(_)))?;
        Some((name.text.as_ref(), (entry, mapping.is_flow)))
    });
    named.collect()
}
