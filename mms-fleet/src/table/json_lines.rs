//! JSON lines: an object a line, whose keys are the titles.

use std::fmt;

use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;

use super::cell::{At, Cell};

/// What is wrong with a line: where, what, and what to write.
pub(super) type BadLine = (At, String, String);

/// A line: each key with its value.
#[derive(Debug)]
pub(super) struct Object {
    pub(super) at: At,
    pub(super) entries: Vec<Entry>,
}

/// A key at the place of its value, and the value, or why it is none that a cell can have.
#[derive(Debug)]
pub(super) struct Entry {
    pub(super) key: Cell,
    pub(super) value: Result<Cell, BadLine>,
}

/// Says whether a text is JSON and no separated values.
pub(super) fn is_json(text: &str) -> bool {
    text.trim_start().starts_with(['{', '['])
}

/// Reads all lines that have a text.
pub(super) fn objects(text: &str) -> (Vec<Object>, Vec<BadLine>) {
    let (mut objects, mut bad) = (Vec::new(), Vec::new());
    for (index, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        let at = At { line: index + 1, column: characters(line, line.len() - line.trim_start().len()) + 1 };
        match serde_json::from_str::<Entries<'_>>(line) {
            Ok(Entries(entries)) => objects.push(object(line, at, entries)),
            Err(_) if index == 0 && line.trim_start().starts_with('[') => {
                let help = "write an object a line, as `jq -c '.[]'` does of a list";
                return (Vec::new(), vec![(at, "the file is a list in JSON".to_owned(), help.to_owned())]);
            }
            Err(error) => {
                let at = At { column: characters(line, error.column()).max(1), ..at };
                let help = "write an object on a line of its own, such as {\"name\":\"Acme\"}".to_owned();
                bad.push((at, format!("the line is no object in JSON: {}", in_words(&error)), help));
            }
        }
    }
    (objects, bad)
}

fn object(line: &str, at: At, entries: Vec<(String, &RawValue)>) -> Object {
    let entry = |(key, value): (String, &RawValue)| {
        let json = value.get();
        let before = (json.as_ptr() as usize).saturating_sub(line.as_ptr() as usize);
        let at = At { column: line.get(..before).unwrap_or_default().chars().count() + 1, ..at };
        let text = match serde_json::from_str(json) {
            Ok(serde_json::Value::String(text)) => Ok(text.trim().to_owned()),
            Ok(serde_json::Value::Number(_)) => Ok(json.to_owned()),
            Ok(serde_json::Value::Null) => Ok(String::new()),
            _ => {
                let help = format!("write {key:?}:\"TEXT\", each value under a key of its own");
                Err((at, format!("the value of {key:?} is neither a text nor a number"), help))
            }
        };
        Entry { key: Cell { text: key, at }, value: text.map(|text| Cell { text, at }) }
    };
    Object { at, entries: entries.into_iter().map(entry).collect() }
}

/// Counts the characters that begin in the first bytes of a line.
fn characters(line: &str, bytes: usize) -> usize {
    line.char_indices().take_while(|(start, _)| *start < bytes).count()
}

/// Returns the words of an error without its place, which is told apart.
fn in_words(error: &serde_json::Error) -> String {
    let words = error.to_string();
    words.rsplit_once(" at line ").map_or(words.clone(), |(words, _)| words.to_owned())
}

/// The entries of an object in their order, those of one key included.
struct Entries<'t>(Vec<(String, &'t RawValue)>);

impl<'t> Deserialize<'t> for Entries<'t> {
    fn deserialize<D: Deserializer<'t>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(EntriesVisitor)
    }
}

struct EntriesVisitor;

impl<'t> Visitor<'t> for EntriesVisitor {
    type Value = Entries<'t>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an object")
    }

    fn visit_map<A: MapAccess<'t>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut entries = Vec::new();
        while let Some(entry) = map.next_entry()? {
            entries.push(entry);
        }
        Ok(Entries(entries))
    }
}
