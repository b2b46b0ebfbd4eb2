//! Comments above entries.

use std::collections::HashMap;

use super::text::{TextEditor, entries};
use crate::file::yaml::Entry;

impl<'s> TextEditor<'s> {
    /// Returns the comments in the lines right above each entry, without `#`; nothing for an entry within a line.
    pub(in crate::file) fn remarks(&self) -> HashMap<String, Vec<&'s str>> {
        let above = |entry: &Entry<'s>| {
            self.indentation(entry.key.range.start)?;
            let mut end = self.line_start(entry.key.range.start);
            let mut remarks = Vec::new();
            while end > 0 {
                let start = self.line_start(end - 1);
                let Some(remark) = self.source.text[start..end].trim().strip_prefix('#') else { break };
                remarks.push(remark.trim());
                end = start;
            }
            Some(remarks)
        };
        let entries = entries(&self.root);
        entries.into_iter().filter_map(|(name, (entry, _))| Some((name.to_owned(), above(entry)?))).collect()
    }
}
