//! Lines of a text: where they begin and end, how far they are indented, and where one can be put in.

use super::splice::Splice;
use super::text::TextEditor;
use crate::file::source::BYTE_ORDER_MARK;
use crate::file::yaml::{Entry, Node, content};

/// How far a level is indented where nothing shows another way.
pub(super) const STEP: usize = 2;

impl TextEditor<'_> {
    /// Puts lines after an entry and the comments that follow it and are indented as far as `column` or further.
    pub(super) fn lines_after(&self, entry: &Entry<'_>, column: usize, text: String) -> Splice {
        let text_of = &self.source.text;
        let mut after = self.next_line(entry.value.range.end.max(entry.key.range.end));
        let mut line = after;
        while line < text_of.len() {
            let next = self.next_line(line);
            let content = text_of[line..next].trim_start_matches(' ');
            let indentation = next - line - content.len();
            if content.starts_with('#') && indentation >= column.max(1) {
                after = next;
            } else if !content.trim().is_empty() {
                break;
            }
            line = next;
        }
        self.whole_lines(after, text)
    }

    /// Puts a line after the one that a byte is in.
    pub(super) fn line_after(&self, byte: usize, text: &str) -> Splice {
        self.whole_lines(self.next_line(byte), format!("{text}{}", self.line_end))
    }

    /// Puts lines at the beginning of a line, or at the end of a text whose last line does not end.
    pub(super) fn whole_lines(&self, at: usize, text: String) -> Splice {
        let before = &self.source.text[..at];
        if at == self.source.text.len() && !before.is_empty() && !before.ends_with('\n') {
            let text = text.strip_suffix(self.line_end).unwrap_or(&text);
            return Splice::insert(at, format!("{}{text}", self.line_end));
        }
        Splice::insert(at, text)
    }

    /// Returns how far the keys of an entry are indented that begins in a column: as far as others in the file.
    pub(super) fn step(&self, column: usize) -> usize {
        let children = self.root.mapping().and_then(|mapping| mapping.get("children"));
        let entries = children.and_then(|children| children.value.mapping()).map(|mapping| &mapping.entries);
        let mut steps = entries.into_iter().flatten().filter_map(|entry| {
            let mapping = entry.value.mapping().filter(|mapping| !mapping.is_flow)?;
            let first = mapping.entries.first()?;
            (entry.key.at.column == column).then(|| first.key.at.column.checked_sub(column)).flatten()
        });
        steps.find(|step| *step > 0).unwrap_or(STEP)
    }

    /// Returns the byte after the colon of a key, if it has one. Between them may be comments.
    pub(super) fn colon(&self, key: &Node<'_>) -> Option<usize> {
        let colon = content(&self.source.text[key.range.end..]);
        colon.starts_with(':').then(|| self.source.text.len() - colon.len() + 1)
    }

    /// Returns the byte after the opening brace of a mapping, if it is in braces.
    pub(super) fn brace(&self, mapping: &Node<'_>) -> Option<usize> {
        let brace = content(&self.source.text[mapping.range.start..]);
        brace.starts_with('{').then(|| self.source.text.len() - brace.len() + 1)
    }

    /// Returns what stands in front of a byte in its line, if it is spaces alone.
    pub(super) fn indentation(&self, byte: usize) -> Option<&str> {
        let before = &self.source.text[self.line_start(byte)..byte];
        before.bytes().all(|byte| byte == b' ').then_some(before)
    }

    /// Returns where the line of a byte begins, after the byte order mark in the first one.
    pub(super) fn line_start(&self, byte: usize) -> usize {
        let text = &self.source.text;
        let mark = if text.starts_with(BYTE_ORDER_MARK) { BYTE_ORDER_MARK.len_utf8() } else { 0 };
        text[..byte].rfind('\n').map_or(mark.min(byte), |index| index + 1)
    }

    /// Returns where the line after that of a byte begins, or the end of the text.
    pub(super) fn next_line(&self, byte: usize) -> usize {
        self.source.text[byte..].find('\n').map_or(self.source.text.len(), |index| byte + index + 1)
    }
}
