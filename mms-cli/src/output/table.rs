//! Tables and cards: records for people.

use comfy_table::presets::NOTHING;
use comfy_table::{CellAlignment, Table};

use super::escape::printable;
use super::record::{Record, Value};
use super::relative_time;

/// Renders records as lines, the titles first.
pub(crate) fn lines<R: Record>(records: &[R], now: Option<jiff::Timestamp>) -> Vec<String> {
    let columns: Vec<_> = titled::<R>().collect();
    let mut table = Table::new();
    table.load_style(NOTHING);
    table.set_header(columns.iter().map(|(title, _)| *title));
    for record in records {
        table.add_row(columns.iter().map(|(_, value)| shown(&value(record), now)));
    }
    for (index, (_, value)) in columns.iter().enumerate() {
        if let Some(column) = table.column_mut(index) {
            column.set_padding((0, 2));
            if records.iter().any(|record| is_number(&value(record))) {
                column.set_cell_alignment(CellAlignment::Right);
            }
        }
    }
    table.lines().map(|line| line.trim_end().to_owned()).collect()
}

/// Renders one record as lines of title and value. Also returns how wide the titles are.
pub(crate) fn card<R: Record>(record: &R, now: Option<jiff::Timestamp>) -> (Vec<String>, usize) {
    let width = titled::<R>().map(|(title, _)| title.len()).max().unwrap_or_default();
    let lines = titled::<R>().map(|(title, value)| format!("{title:width$}  {}", shown(&value(record), now))).collect();
    (lines, width)
}

fn titled<R: Record>() -> impl Iterator<Item = (&'static str, fn(&R) -> Value)> {
    R::COLUMNS.iter().filter_map(|column| Some((column.title?, column.value)))
}

/// Says whether a value stands at the right.
fn is_number(value: &Value) -> bool {
    matches!(value, Value::Integer(_) | Value::Percent(_) | Value::Centicredits(_))
}

/// Renders a value for a reader; `now` adds how far away a time is.
fn shown(value: &Value, now: Option<jiff::Timestamp>) -> String {
    match value {
        Value::Nothing => "-".to_owned(),
        Value::Text(text) => printable(text).into_owned(),
        Value::Integer(number) => number.to_string(),
        Value::Percent(percent) => format!("{percent}%"),
        Value::Centicredits(amount) => amount.to_string(),
        Value::Time(timestamp) => match now.and_then(|now| relative_time::distance(timestamp, now)) {
            Some(distance) => format!("{} ({distance})", printable(timestamp.as_str())),
            None => printable(timestamp.as_str()).into_owned(),
        },
    }
}

#[cfg(test)]
mod tests {
    use mms_types::Centicredits;

    use super::*;
    use crate::output::record::samples::ROWS;

    #[test]
    fn numbers_stand_at_the_right_and_what_is_unknown_is_a_dash() {
        assert_eq!(lines(&ROWS, None), ["NAME       NUMBER", "a          -12345", "long name       -"]);
    }

    #[test]
    fn one_record_is_a_card() {
        assert_eq!(card(&ROWS[0], None), (vec!["NAME    a".to_owned(), "NUMBER  -12345".to_owned()], 6));
    }

    #[test]
    fn an_amount_is_read_in_credits() {
        assert_eq!(shown(&Value::from(Centicredits::new(941_250)), None), "9412.50");
    }
}
