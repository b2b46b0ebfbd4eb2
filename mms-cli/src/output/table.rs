//! Records as tables and as CSV, from one description of their columns.

use std::borrow::Cow;

use comfy_table::presets::NOTHING;
use comfy_table::{CellAlignment, Table};
use mms_types::{Centicredits, Timestamp, is_invisible};
use serde::Serialize;

use crate::output::relative_time as time;

/// A row of data with its columns. As JSON it is written through serde.
pub(crate) trait Record: Serialize + Sized + 'static {
    /// The columns, in the order of the table and of the CSV.
    const COLUMNS: &'static [Column<Self>];
}

/// One column of a record.
pub(crate) struct Column<R> {
    title: Option<&'static str>,
    field: Option<&'static str>,
    value: fn(&R) -> Value,
}

impl<R> Column<R> {
    /// Makes a column with its title in the table and its name in the CSV, which is the API's own.
    pub(crate) const fn new(title: &'static str, field: &'static str, value: fn(&R) -> Value) -> Self {
        Self { title: Some(title), field: Some(field), value }
    }

    /// Makes a column that the table leaves out.
    pub(crate) const fn csv_only(field: &'static str, value: fn(&R) -> Value) -> Self {
        Self { title: None, field: Some(field), value }
    }

    /// Makes a column that the CSV leaves out.
    pub(crate) const fn table_only(title: &'static str, value: fn(&R) -> Value) -> Self {
        Self { title: Some(title), field: None, value }
    }
}

/// What stands in a cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Value {
    /// The server did not say.
    Nothing,
    /// A text, which may have been written by anybody.
    Text(String),
    /// A whole number.
    Integer(i128),
    /// A share in whole percent.
    Percent(u64),
    /// An amount, shown as credits with two decimals and written as centicredits.
    Centicredits(Centicredits),
    /// A point in time.
    Time(Timestamp),
}

impl Value {
    fn is_number(&self) -> bool {
        matches!(self, Self::Integer(_) | Self::Percent(_) | Self::Centicredits(_))
    }

    /// Renders the value for a reader; `now` adds how far away a time is.
    fn shown(&self, now: Option<jiff::Timestamp>) -> String {
        match self {
            Self::Nothing => "-".to_owned(),
            Self::Text(text) => printable(text).into_owned(),
            Self::Integer(number) => number.to_string(),
            Self::Percent(percent) => format!("{percent}%"),
            Self::Centicredits(amount) => amount.to_string(),
            Self::Time(timestamp) => match now.and_then(|now| time::distance(timestamp, now)) {
                Some(distance) => format!("{} ({distance})", printable(timestamp.as_str())),
                None => printable(timestamp.as_str()).into_owned(),
            },
        }
    }

    /// Renders the value for a program. A text that a spreadsheet would take for a formula gets an apostrophe.
    fn written(&self) -> String {
        match self {
            Self::Nothing => String::new(),
            Self::Text(text) => neutralised(text),
            Self::Time(timestamp) => neutralised(timestamp.as_str()),
            Self::Integer(number) => number.to_string(),
            Self::Percent(percent) => percent.to_string(),
            Self::Centicredits(amount) => amount.get().to_string(),
        }
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<&String> for Value {
    fn from(text: &String) -> Self {
        Self::Text(text.clone())
    }
}

impl From<u64> for Value {
    fn from(number: u64) -> Self {
        Self::Integer(number.into())
    }
}

impl From<i64> for Value {
    fn from(number: i64) -> Self {
        Self::Integer(number.into())
    }
}

impl From<bool> for Value {
    fn from(flag: bool) -> Self {
        Self::Text(flag.to_string())
    }
}

impl From<Centicredits> for Value {
    fn from(amount: Centicredits) -> Self {
        Self::Centicredits(amount)
    }
}

impl From<&Timestamp> for Value {
    fn from(timestamp: &Timestamp) -> Self {
        Self::Time(timestamp.clone())
    }
}

impl<T: Into<Self>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Nothing, Into::into)
    }
}

/// Renders records as lines, the titles first.
pub(crate) fn lines<R: Record>(records: &[R], now: Option<jiff::Timestamp>) -> Vec<String> {
    let columns: Vec<_> = titled::<R>().collect();
    let mut table = Table::new();
    table.load_style(NOTHING);
    table.set_header(columns.iter().map(|(title, _)| *title));
    for record in records {
        table.add_row(columns.iter().map(|(_, value)| value(record).shown(now)));
    }
    for (index, (_, value)) in columns.iter().enumerate() {
        if let Some(column) = table.column_mut(index) {
            column.set_padding((0, 2));
            if records.iter().any(|record| value(record).is_number()) {
                column.set_cell_alignment(CellAlignment::Right);
            }
        }
    }
    table.lines().map(|line| line.trim_end().to_owned()).collect()
}

/// Renders one record as lines of title and value. Also returns how wide the titles are.
pub(crate) fn card<R: Record>(record: &R, now: Option<jiff::Timestamp>) -> (Vec<String>, usize) {
    let width = titled::<R>().map(|(title, _)| title.len()).max().unwrap_or_default();
    let lines = titled::<R>().map(|(title, value)| format!("{title:width$}  {}", value(record).shown(now))).collect();
    (lines, width)
}

/// Renders records as CSV with the field names first.
pub(crate) fn csv<R: Record>(records: &[R]) -> Result<String, Box<dyn std::error::Error>> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(R::COLUMNS.iter().filter_map(|column| column.field))?;
    for record in records {
        let columns = R::COLUMNS.iter().filter(|column| column.field.is_some());
        writer.write_record(columns.map(|column| (column.value)(record).written()))?;
    }
    Ok(String::from_utf8(writer.into_inner()?)?)
}

fn titled<R: Record>() -> impl Iterator<Item = (&'static str, fn(&R) -> Value)> {
    R::COLUMNS.iter().filter_map(|column| Some((column.title?, column.value)))
}

/// Makes a text safe for a terminal: what would steer it, reorder what is read, or hide in a name is spelled out.
pub(crate) fn printable(text: &str) -> Cow<'_, str> {
    if !text.chars().any(is_invisible) {
        return Cow::Borrowed(text);
    }
    let mut printable = String::with_capacity(text.len() + 8);
    for character in text.chars() {
        if is_invisible(character) {
            printable.extend(character.escape_default());
        } else {
            printable.push(character);
        }
    }
    Cow::Owned(printable)
}

fn neutralised(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']) { format!("'{text}") } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Serialize)]
    struct Row {
        name: &'static str,
        number: Option<i64>,
    }

    impl Record for Row {
        const COLUMNS: &'static [Column<Self>] = &[
            Column::new("NAME", "name", |row| row.name.into()),
            Column::csv_only("code", |_| Value::Nothing),
            Column::new("NUMBER", "number", |row| row.number.into()),
        ];
    }

    const ROWS: [Row; 2] = [Row { name: "a", number: Some(-12_345) }, Row { name: "long name", number: None }];

    #[test]
    fn numbers_stand_at_the_right_and_what_is_unknown_is_a_dash() {
        assert_eq!(lines(&ROWS, None), ["NAME       NUMBER", "a          -12345", "long name       -"]);
    }

    #[test]
    fn one_record_is_a_card() {
        assert_eq!(card(&ROWS[0], None), (vec!["NAME    a".to_owned(), "NUMBER  -12345".to_owned()], 6));
    }

    #[test]
    fn csv_has_every_field_and_leaves_the_unknown_empty() {
        assert_eq!(csv(&ROWS).unwrap(), "name,code,number\na,,-12345\nlong name,,\n");
    }

    #[test]
    fn a_text_that_looks_like_a_formula_is_neutralised_and_a_number_is_not() {
        for text in ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx"] {
            assert_eq!(Value::from(text).written(), format!("'{text}"));
        }
        assert_eq!(Value::from("a=b").written(), "a=b");
        assert_eq!(Value::from(-1_i64).written(), "-1");
    }

    #[test]
    fn control_characters_do_not_reach_a_terminal() {
        assert_eq!(printable("\u{1b}[31mred\u{7}\n\u{9b}\u{202e}"), "\\u{1b}[31mred\\u{7}\\n\\u{9b}\\u{202e}");
        assert_eq!(printable("Müller & 東京"), "Müller & 東京");
    }

    #[test]
    fn a_character_that_shows_nothing_cannot_disguise_a_name() {
        for hidden in ["61c", "200b", "200e", "200f", "2028", "202a", "202e", "2060", "2066", "2069", "feff"] {
            let character = char::from_u32(u32::from_str_radix(hidden, 16).unwrap()).unwrap();
            assert_eq!(printable(&format!("Ac{character}me")), format!("Ac\\u{{{hidden}}}me"));
        }
        assert_eq!(printable("\u{646}\u{200c}\u{627}"), "\u{646}\u{200c}\u{627}", "Persian needs its joiner");
    }

    #[test]
    fn an_amount_is_read_in_credits_and_written_in_centicredits() {
        let amount = Value::from(Centicredits::new(941_250));

        assert_eq!((amount.shown(None), amount.written()), ("9412.50".to_owned(), "941250".to_owned()));
    }
}
