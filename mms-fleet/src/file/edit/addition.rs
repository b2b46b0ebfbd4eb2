//! Addition of children at the end, in the style of those that are there.

use super::lines::STEP;
use super::meant::NewChild;
use super::scalar::scalar;
use super::splice::Splice;
use super::text::TextEditor;
use crate::file::yaml::{Entry, Value};

/// A child with its keys and values as they are written.
type Row<'a> = (&'a NewChild, Vec<(&'static str, String)>);

impl TextEditor<'_> {
    /// Puts children after the last one.
    pub(super) fn add(&self, new: &[&NewChild]) -> Option<Vec<Splice>> {
        let rows: Vec<Row<'_>> = new.iter().map(|child| (*child, child.pairs())).collect();
        let root = self.root.mapping()?;
        let Some(children) = root.get("children") else {
            let last = root.entries.last()?;
            if root.is_flow {
                return Some(vec![append(last, &format!(", children: {{{}}}", flow(&rows).join(", ")))]);
            }
            let indentation = self.indentation(root.entries.first()?.key.range.start)?;
            let text =
                format!("{indentation}children:{}{}", self.line_end, self.block(&rows, indentation.len() + STEP));
            return Some(vec![self.lines_after(last, indentation.len(), text)]);
        };
        let node = &children.value;
        match &node.value {
            Value::Mapping(mapping) => match mapping.entries.last() {
                Some(last) if mapping.is_flow => {
                    let begins_line = self.indentation(last.key.range.start);
                    let between =
                        begins_line.map_or(", ".to_owned(), |indentation| format!(",{}{indentation}", self.line_end));
                    Some(vec![append(last, &format!("{between}{}", flow(&rows).join(&between)))])
                }
                Some(last) => {
                    let indentation = self.indentation(last.key.range.start)?.len();
                    Some(vec![self.lines_after(last, indentation, self.block(&rows, indentation))])
                }
                None if root.is_flow || node.is_anchored => self.begin_in_braces(children, root.is_flow, &rows),
                None => self.begin(children, &rows),
            },
            Value::Scalar(_) if root.is_flow => self.begin_in_braces(children, true, &rows),
            Value::Scalar(_) if node.is_null() && !node.is_anchored => self.begin(children, &rows),
            _ => None,
        }
    }

    /// Writes the first children in lines below `children:`, in place of nothing, `~` or `{}`.
    fn begin(&self, children: &Entry<'_>, rows: &[Row<'_>]) -> Option<Vec<Splice>> {
        let indentation = self.indentation(children.key.range.start)?.len();
        let colon = self.colon(&children.key)?;
        let old = &children.value.range;
        let mut splices = Vec::new();
        if !old.is_empty() {
            // In another line it would be a question of taste what stays of it.
            if self.next_line(colon) <= old.start {
                return self.begin_in_braces(children, false, rows);
            }
            splices.push(Splice { range: colon..old.end, text: String::new() });
        }
        splices.push(self.lines_after(children, indentation + 1, self.block(rows, indentation + STEP)));
        Some(splices)
    }

    /// Writes the first children in braces, after `children:` or in the braces that are there.
    fn begin_in_braces(&self, children: &Entry<'_>, is_in_flow: bool, rows: &[Row<'_>]) -> Option<Vec<Splice>> {
        self.in_braces(children, is_in_flow, &flow(rows).join(", ")).map(|splice| vec![splice])
    }

    /// Returns entries in lines, each with its line end.
    fn block(&self, rows: &[Row<'_>], indentation: usize) -> String {
        let outer = " ".repeat(indentation);
        let inner = " ".repeat(indentation + self.step(indentation + 1));
        let mut text = String::new();
        for (child, pairs) in rows {
            text.extend([&outer, &scalar(child.name.as_str(), false), ":", self.line_end]);
            for (key, value) in pairs {
                text.extend([inner.as_str(), key, ": ", value, self.line_end]);
            }
        }
        text
    }
}

/// Puts a text after the last entry of a mapping in braces, before the comment that may follow.
fn append(last: &Entry<'_>, text: &str) -> Splice {
    Splice::insert(last.value.range.end, text.to_owned())
}

/// Returns entries in braces.
fn flow(rows: &[Row<'_>]) -> Vec<String> {
    let entry = |(child, pairs): &Row<'_>| {
        let pairs: Vec<String> = pairs.iter().map(|(key, value)| format!("{key}: {value}")).collect();
        format!("{}: {{{}}}", scalar(child.name.as_str(), true), pairs.join(", "))
    };
    rows.iter().map(entry).collect()
}
