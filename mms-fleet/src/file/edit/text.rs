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
        let mut changes: Vec<&Edit> = Vec::new();
        for edit in edits {
            match edit {
                Edit::Add(child) => new.push(child),
                Edit::Bind { .. } | Edit::SetCredits { .. } | Edit::Remark { .. } => changes.push(edit),
            }
        }
        let root = Rc::clone(&self.root);
        let entries = entries(&root);
        // A comment above an entry stands after what is put at the end of the entry before it.
        let order = |edit: &&Edit| {
            let entry = entries.get(edit.name().as_str()).map(|(entry, _)| entry.key.range.start);
            (matches!(edit, Edit::Remark { .. }), entry)
        };
        changes.sort_by_key(order);
        for changes in changes.chunk_by(|left, right| order(left) == order(right)) {
            let entry = changes.first().and_then(|edit| entries.get(edit.name().as_str()));
            match entry.and_then(|(entry, is_in_flow)| self.change(entry, changes, *is_in_flow)) {
                Some(splices) => {
                    self.splices.extend(splices);
                    for edit in changes {
                        meaning.change(edit);
                    }
                }
                None => by_hand.extend(changes.iter().copied().map(ByHand::of)),
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

    /// Makes all the changes of an entry, either comments or values.
    fn change(&self, entry: &Entry<'_>, changes: &[&Edit], is_in_flow: bool) -> Option<Vec<Splice>> {
        let mut splices = Vec::new();
        let mut values = Vec::new();
        for edit in changes {
            match edit {
                Edit::Bind { id, .. } => values.push(("id", id.to_string())),
                Edit::SetCredits { credits, .. } => values.push(("credits", credits.to_string())),
                Edit::Remark { text, .. } => splices.extend(self.remark(entry, text)),
                Edit::Add(_) => {}
            }
        }
        // What an alias repeats would change there, too.
        if !values.is_empty() && Rc::strong_count(&entry.value) > 1 {
            return None;
        }
        let mut new = Vec::new();
        for (key, value) in values {
            match entry.value.mapping().and_then(|mapping| mapping.get(key)) {
                Some(found) => splices.push(replaced(&found.value, value)?),
                None => new.push(format!("{key}: {value}")),
            }
        }
        if !new.is_empty() {
            splices.push(self.first_keys(entry, &new, is_in_flow)?);
        }
        Some(splices)
    }

    /// Gives an entry keys and values in front of those that it has. Nothing where that would be a guess.
    fn first_keys(&self, entry: &Entry<'_>, new: &[String], is_in_flow: bool) -> Option<Splice> {
        let Entry { key: name, value: node } = entry;
        let lines = |indentation: &str| new.join(&format!("{}{indentation}", self.line_end));
        match &node.value {
            Value::Mapping(mapping) => match mapping.entries.first() {
                Some(first) if mapping.is_flow => {
                    Some(Splice::insert(first.key.range.start, format!("{}, ", new.join(", "))))
                }
                Some(first) => {
                    let text = lines(self.indentation(first.key.range.start)?);
                    self.first_in_block(entry, first, &text)
                }
                None => self.in_braces(entry, is_in_flow, &new.join(", ")),
            },
            Value::Scalar(scalar) if scalar.text.is_empty() && node.is_null() && !node.is_anchored && !is_in_flow => {
                let colon = self.colon(name)?;
                let indentation = self.indentation(name.range.start)?;
                let indentation = format!("{indentation}{}", " ".repeat(self.step(name.at.column)));
                Some(self.line_after(colon, &format!("{indentation}{}", lines(&indentation))))
            }
            _ => self.in_braces(entry, is_in_flow, &new.join(", ")),
        }
    }

    /// Gives an entry without a value, or with empty braces, keys and values in braces.
    pub(super) fn in_braces(&self, entry: &Entry<'_>, is_in_flow: bool, text: &str) -> Option<Splice> {
        let node = &entry.value;
        match &node.value {
            Value::Mapping(_) => self.brace(node).map(|brace| Splice::insert(brace, text.to_owned())),
            Value::Scalar(_) if !node.is_null() || node.is_anchored => None,
            Value::Scalar(scalar) if !scalar.text.is_empty() => {
                Some(Splice { range: node.range.clone(), text: format!("{{{text}}}") })
            }
            Value::Scalar(_) => match self.colon(&entry.key) {
                Some(colon) => Some(Splice::insert(colon, format!(" {{{text}}}"))),
                None => is_in_flow.then(|| Splice::insert(entry.key.range.end, format!(": {{{text}}}"))),
            },
            _ => None,
        }
    }

    /// Puts lines in front of the keys of a mapping in lines.
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

/// Writes another value in place of one. Nothing where it would be one elsewhere, too.
fn replaced(old: &Node<'_>, value: String) -> Option<Splice> {
    let is_written = matches!(old.value, Value::Scalar(_)) && !old.is_anchored && !old.range.is_empty();
    is_written.then(|| Splice { range: old.range.clone(), text: value })
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
