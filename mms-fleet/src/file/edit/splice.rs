//! Splices: pieces of a text that are replaced, most of them empty.

use std::ops::Range;

/// A piece of a text and what stands there afterwards.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Splice {
    pub(super) range: Range<usize>,
    pub(super) text: String,
}

impl Splice {
    /// Puts a text in and removes nothing.
    pub(super) fn insert(at: usize, text: String) -> Self {
        Self { range: at..at, text }
    }
}

/// Returns the text with the splices; those at one place in their order.
pub(super) fn spliced(text: &str, mut splices: Vec<Splice>) -> String {
    splices.sort_by_key(|splice| splice.range.start);
    let more: usize = splices.iter().map(|splice| splice.text.len()).sum();
    let mut result = String::with_capacity(text.len() + more);
    let mut done = 0;
    for Splice { range, text: new } in splices {
        result.push_str(text.get(done..range.start).unwrap_or_default());
        result.push_str(&new);
        done = done.max(range.end);
    }
    result.push_str(text.get(done..).unwrap_or_default());
    result
}
