//! Pages of any list, joined: which page comes next, and when the list ends. Pure.

use std::collections::HashSet;
use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, Visitor};
use serde_json::Value;
use serde_json::value::RawValue;

/// Field that says of a list which page it is.
const PAGINATION: &str = "pg";

/// Fields by which a row is known when it comes again.
const IDS: [&str; 2] = ["id", "organizationId"];

/// What comes after a page.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Next {
    /// Another one.
    Page { limit: u64, offset: usize },
    /// Nothing, as far as the server says.
    End,
    /// Nothing that can be read: a full page was followed by one that added no row.
    Cut,
}

/// Pages that were read.
#[derive(Debug, Default)]
pub(super) struct Pages {
    /// Whether a short page is followed by one more request: where the caller chose a limit that the server may not give.
    confirms: bool,
    /// The fields of the first page, as they came.
    first: Vec<(String, Box<RawValue>)>,
    /// The field that has the rows.
    key: Option<String>,
    rows: Vec<Box<RawValue>>,
    /// By what the rows of earlier pages are known.
    seen: HashSet<String>,
    /// Whether rows are known by all of them, because their ids are those of something else.
    is_by_content: bool,
    /// How many rows came, those that were known included.
    received: usize,
}

/// Rows of all pages.
#[derive(Debug)]
pub(super) struct Joined {
    /// The first page without what it says of pages, and with the rows of all.
    pub(super) whole: String,
    /// The rows alone, as a list.
    pub(super) rows: String,
}

impl Pages {
    /// Begins a list.
    pub(super) fn new(confirms: bool) -> Self {
        Self { confirms, ..Self::default() }
    }

    /// Takes a page. The error says what it is in place of one.
    pub(super) fn take(&mut self, body: &[u8]) -> Result<Next, String> {
        let Fields(fields) = serde_json::from_slice(body).map_err(|error| format!("it is no JSON object: {error}"))?;
        let is_first = self.key.is_none();
        let key = match &self.key {
            Some(key) => key.clone(),
            None => list_of(&fields)?,
        };
        let list = fields.iter().find(|(name, _)| *name == key).map(|(_, list)| list.get());
        let rows: Vec<Box<RawValue>> = list
            .and_then(|list| serde_json::from_str(list).ok())
            .ok_or_else(|| format!("it has no list {key}, as the page before has"))?;
        let (limit, received, before) = (limit_of(&fields), rows.len(), self.rows.len());
        self.received += received;
        self.add(rows);
        self.key = Some(key);
        if is_first {
            self.first = fields;
        }
        let adds = self.rows.len() > before;
        // A list that names no limit has no pages.
        let Some(limit) = limit else { return Ok(Next::End) };
        let is_short = u64::try_from(received).is_ok_and(|received| received < limit);
        Ok(match (adds, is_short) {
            (true, true) if self.confirms => Next::Page { limit, offset: self.received },
            (true, false) => Next::Page { limit, offset: self.received },
            (_, true) => Next::End,
            (false, false) => Next::Cut,
        })
    }

    /// Adds the rows of a page that no earlier page had. Within a page every row counts.
    fn add(&mut self, rows: Vec<Box<RawValue>>) {
        let mut known: Vec<_> = rows.iter().map(|row| self.identity(row)).collect();
        if !self.is_by_content && known.iter().collect::<HashSet<_>>().len() < known.len() {
            // An organizationId that several rows have names what they belong to.
            self.is_by_content = true;
            self.seen = self.rows.iter().map(|row| self.identity(row)).collect();
            known = rows.iter().map(|row| self.identity(row)).collect();
        }
        let new = rows.into_iter().zip(&known).filter(|(_, known)| !self.seen.contains(*known)).map(|(row, _)| row);
        self.rows.extend(new);
        self.seen.extend(known);
    }

    /// Returns by what a row is known: its id, or else all of it.
    fn identity(&self, row: &RawValue) -> String {
        let all = || row.get().to_owned();
        if self.is_by_content {
            return all();
        }
        let value: Value = serde_json::from_str(row.get()).unwrap_or_default();
        let id = IDS.iter().map(|name| &value[*name]).find(|id| id.is_number() || id.is_string());
        id.map_or_else(all, ToString::to_string)
    }

    /// Returns how many rows there are by now.
    pub(super) fn len(&self) -> usize {
        self.rows.len()
    }

    /// Joins the pages.
    pub(super) fn joined(self) -> Joined {
        let Self { first, key, rows, .. } = self;
        let rows = format!("[{}]", rows.iter().map(|row| row.get()).collect::<Vec<_>>().join(","));
        let fields = first.iter().filter(|(name, _)| name != PAGINATION).map(|(name, value)| {
            let value = if Some(name) == key.as_ref() { &rows } else { value.get() };
            format!("{}:{value}", Value::from(name.as_str()))
        });
        Joined { whole: format!("{{{}}}\n", fields.collect::<Vec<_>>().join(",")), rows }
    }
}

/// Finds the one field that is a list.
fn list_of(fields: &[(String, Box<RawValue>)]) -> Result<String, String> {
    let lists: Vec<_> =
        fields.iter().filter(|(_, value)| value.get().starts_with('[')).map(|(name, _)| name.as_str()).collect();
    match lists.as_slice() {
        [list] => Ok((*list).to_owned()),
        [] => Err("it has no list".to_owned()),
        several => Err(format!("it has several lists: {}", several.join(", "))),
    }
}

fn limit_of(fields: &[(String, Box<RawValue>)]) -> Option<u64> {
    let (_, pagination) = fields.iter().find(|(name, _)| name == PAGINATION)?;
    let pagination: Value = serde_json::from_str(pagination.get()).ok()?;
    let limit = &pagination["limit"];
    limit.as_u64().or_else(|| limit.as_str()?.parse().ok()).filter(|limit| *limit > 0)
}

/// Fields of an object, in their order and as they are written.
struct Fields(Vec<(String, Box<RawValue>)>);

impl<'de> Deserialize<'de> for Fields {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct FieldsVisitor;

        impl<'de> Visitor<'de> for FieldsVisitor {
            type Value = Fields;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Fields, A::Error> {
                let mut fields = Vec::new();
                while let Some(field) = map.next_entry()? {
                    fields.push(field);
                }
                Ok(Fields(fields))
            }
        }

        deserializer.deserialize_map(FieldsVisitor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Takes the pages that a server gives for an offset, and returns the rows, how it ended, and how many pages were asked for.
    fn walk(confirms: bool, page: impl Fn(usize) -> String) -> (String, Next, usize) {
        let (mut pages, mut offset, mut asked) = (Pages::new(confirms), 0, 0);
        loop {
            asked += 1;
            match pages.take(page(offset).as_bytes()).unwrap() {
                Next::Page { offset: next, .. } => offset = next,
                end => return (pages.joined().rows, end, asked),
            }
        }
    }

    fn page(ids: impl Iterator<Item = usize>, limit: usize) -> String {
        let rows: Vec<_> = ids.map(|id| format!(r#"{{"id":{id}}}"#)).collect();
        format!(r#"{{"rows":[{}],"pg":{{"limit":{limit}}}}}"#, rows.join(","))
    }

    #[test]
    fn all_pages_are_read_and_a_short_one_is_the_end() {
        let (rows, end, asked) = walk(false, |offset| page(offset..(offset + 2).min(5), 2));
        assert_eq!((rows.as_str(), end), (r#"[{"id":0},{"id":1},{"id":2},{"id":3},{"id":4}]"#, Next::End));
        assert_eq!(asked, 3);
        let (_, end, asked) = walk(false, |offset| page(offset..(offset + 2).min(4), 2));
        assert_eq!((end, asked), (Next::End, 3), "an empty page after full ones");
    }

    #[test]
    fn a_server_that_ignores_the_offset_gives_no_row_twice_and_no_proof_of_the_end() {
        let (rows, end, asked) = walk(false, |_| page(0..2, 2));
        assert_eq!((rows.as_str(), end, asked), (r#"[{"id":0},{"id":1}]"#, Next::Cut, 2));
    }

    #[test]
    fn a_limit_that_the_server_caps_silently_loses_no_row() {
        let capped = |offset: usize| page(offset..(offset + 2).min(5), 1_000);
        assert_eq!(walk(true, capped).0.matches("id").count(), 5);
        assert_eq!(walk(true, |_| page(0..2, 1_000)), (r#"[{"id":0},{"id":1}]"#.to_owned(), Next::End, 2));
    }

    #[test]
    fn rows_that_share_the_id_of_what_they_belong_to_are_all_kept() {
        let roles = |offset: usize| {
            let row = |user: usize| format!(r#"{{"organizationId":11,"userId":{user}}}"#);
            let rows: Vec<_> = (offset..(offset + 2).min(5)).map(row).collect();
            format!(r#"{{"roles":[{}],"pg":{{"limit":2}}}}"#, rows.join(","))
        };
        assert_eq!(walk(false, roles).0.matches("userId").count(), 5);
        let (rows, end, _) = walk(false, |_| r#"{"rows":[7,7],"pg":{"limit":2}}"#.to_owned());
        assert_eq!(
            (rows.as_str(), end),
            ("[7,7]", Next::Cut),
            "a page is kept as it came, and a second time not at all"
        );
    }

    #[test]
    fn a_list_that_names_no_limit_is_one_page() {
        let (rows, end, asked) = walk(false, |_| r#"{"rows":["a","b"]}"#.to_owned());
        assert_eq!((rows.as_str(), end, asked), (r#"["a","b"]"#, Next::End, 1));
    }

    #[test]
    fn the_other_fields_and_the_numbers_stay_as_they_came() {
        let mut pages = Pages::new(false);
        let body = r#"{"z":1.50,"rows":[{"id":1,"big":12345678901234567890123}],"pg":{"limit":"9"},"a":{"b":[]}}"#;
        assert_eq!(pages.take(body.as_bytes()), Ok(Next::End));
        let whole = "{\"z\":1.50,\"rows\":[{\"id\":1,\"big\":12345678901234567890123}],\"a\":{\"b\":[]}}\n";
        assert_eq!(pages.joined().whole, whole);
    }

    #[test]
    fn what_is_no_list_is_named() {
        for (body, reason) in [
            ("[1]", "it is no JSON object: "),
            ("<html>", "it is no JSON object: "),
            (r#"{"organization":{}}"#, "it has no list"),
            (r#"{"a":[],"b":[]}"#, "it has several lists: a, b"),
        ] {
            assert!(Pages::new(false).take(body.as_bytes()).unwrap_err().starts_with(reason), "{body}");
        }
    }
}
