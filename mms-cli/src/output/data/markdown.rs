//! Markdown: records as a table for a pull request. No text breaks the table, is taken for markup, or calls somebody.

use super::record::{Column, Record, Value};
use super::table::for_people;
use crate::output::safe::printable;

/// Signs that Markdown gives a meaning to.
const MARKUP: &str = "\\`*_[]~|";

/// Renders records as a table, with a row of totals, if there is one.
pub(in crate::output) fn table<R: Record>(
    records: &[R],
    columns: &[&'static Column<R>],
    totals: &[(&str, Value<'_>)],
) -> String {
    let is_number = |column: &Column<R>| records.iter().any(|record| (column.value)(record).is_number());
    let titles: Vec<_> = columns.iter().map(|column| escaped(column.heading())).collect();
    let rules: Vec<_> =
        columns.iter().map(|column| if is_number(column) { "---:" } else { "---" }.to_owned()).collect();
    let mut rows = vec![titles, rules];
    rows.extend(records.iter().map(|record| columns.iter().map(|column| cell(&(column.value)(record))).collect()));
    if !totals.is_empty() {
        let total = |column: &&'static Column<R>| totals.iter().find(|(name, _)| column.field == Some(*name));
        let text = |column| total(column).map_or_else(String::new, |(_, value)| format!("**{}**", cell(value)));
        rows.push(columns.iter().map(text).collect());
    }
    rows.iter().fold(String::new(), |text, row| text + "| " + &row.join(" | ") + " |\n")
}

fn cell(value: &Value<'_>) -> String {
    match value {
        Value::Nothing => String::new(),
        value => escaped(&for_people(value)),
    }
}

/// Returns a text that Markdown shows as it is: no markup, no HTML, and nobody who is called by `@` or `#`.
pub(in crate::output) fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in printable(text).chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            // What follows is not a name any more for whoever looks for names.
            '@' | '#' => escaped.extend([character, '<', '!', '-', '-', ' ', '-', '-', '>']),
            sign if MARKUP.contains(sign) => escaped.extend(['\\', sign]),
            other => escaped.push(other),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::super::record::samples::{ROWS, Row};
    use super::*;

    #[test]
    fn records_are_a_table_with_numbers_at_the_right() {
        let columns: Vec<_> = Row::COLUMNS.iter().filter(|column| column.title.is_some()).take(2).collect();

        assert_eq!(
            table(&ROWS, &columns, &[("number", Value::from(7_i64))]),
            "| NAME | NUMBER |\n| --- | ---: |\n| a | -12,345 |\n| long name |  |\n|  | **7** |\n"
        );
    }

    #[test]
    fn no_name_breaks_a_table_is_markup_or_calls_somebody() {
        assert_eq!(escaped("a|b`c`*d*_e_[f](g)~h"), r"a\|b\`c\`\*d\*\_e\_\[f\](g)\~h");
        assert_eq!(escaped("<img src=x> & <!-- -->"), "&lt;img src=x&gt; &amp; &lt;!-- --&gt;");
        assert_eq!(escaped("@ada #12"), "@<!-- -->ada #<!-- -->12");
        assert_eq!(escaped("a\nb\\"), r"a\\nb\\");
    }
}
