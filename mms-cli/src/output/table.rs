//! Tables and cards: records for people.

use comfy_table::presets::NOTHING;
use comfy_table::{CellAlignment, Table};

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use super::record::{Record, Value};
use super::safe::printable;
use super::time;

/// Widest cell off a terminal, where nobody knows how much room there is: Make's names are shorter.
const LONGEST: usize = 200;

/// Narrowest a text gets to make a line fit.
const NARROWEST: usize = 8;

/// Room between two columns.
const GAP: usize = 2;

/// Renders records as lines, the titles first.
pub(crate) fn lines<R: Record>(records: &[R], now: Option<jiff::Timestamp>, width: Option<usize>) -> Vec<String> {
    let columns: Vec<_> = titled::<R>().collect();
    let mut cells: Vec<Vec<String>> = vec![columns.iter().map(|(title, _)| (*title).to_owned()).collect()];
    cells.extend(records.iter().map(|record| columns.iter().map(|(_, value)| shown(&value(record), now)).collect()));
    let is_text = |(_, value): &(_, fn(&R) -> Value)| !records.iter().any(|record| is_number(&value(record)));
    let widths = fitted(&natural(&cells), &columns.iter().map(is_text).collect::<Vec<_>>(), width);
    let mut table = Table::new();
    table.load_style(NOTHING);
    for (index, row) in cells.iter().enumerate() {
        let row = row.iter().zip(&widths).map(|(cell, width)| cut(cell, *width));
        if index == 0 {
            table.set_header(row)
        } else {
            table.add_row(row)
        };
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
pub(crate) fn card<R: Record>(
    record: &R,
    now: Option<jiff::Timestamp>,
    terminal: Option<usize>,
) -> (Vec<String>, usize) {
    let width = titled::<R>().map(|(title, _)| title.len()).max().unwrap_or_default();
    // A card has a line for each value, which a terminal may wrap; it is what one looks at to see the whole.
    let most = terminal.map_or(LONGEST, |terminal| LONGEST.max(terminal));
    let lines =
        titled::<R>().map(|(title, value)| format!("{title:width$}  {}", cut(&shown(&value(record), now), most)));
    (lines.collect(), width)
}

/// Returns the width of each column's widest cell.
fn natural(rows: &[Vec<String>]) -> Vec<usize> {
    let columns = rows.first().map_or(0, Vec::len);
    let widest = |index: usize| rows.iter().filter_map(|row| row.get(index)).map(|cell| cell.width()).max();
    (0..columns).map(|index| widest(index).unwrap_or_default()).collect()
}

/// Returns how wide each column may be: off a terminal up to [`LONGEST`], and on one so that a line fits, where the widest texts give
/// way first.
fn fitted(natural: &[usize], is_text: &[bool], terminal: Option<usize>) -> Vec<usize> {
    let mut widths: Vec<usize> = natural.iter().map(|width| (*width).min(LONGEST)).collect();
    let Some(terminal) = terminal else { return widths };
    let gaps = GAP * widths.len().saturating_sub(1);
    while widths.iter().sum::<usize>() + gaps > terminal {
        let texts = widths.iter_mut().zip(is_text).filter(|(_, is_text)| **is_text).map(|(width, _)| width);
        match texts.max_by_key(|width| **width).filter(|width| **width > NARROWEST) {
            Some(widest) => *widest -= 1,
            None => break,
        }
    }
    widths
}

/// Cuts a text to a width, with a sign that something is left out.
fn cut(text: &str, width: usize) -> String {
    if text.width() <= width {
        return text.to_owned();
    }
    let mut cut = String::new();
    let mut used = 1;
    for character in text.chars() {
        used += character.width().unwrap_or_default();
        if used > width {
            break;
        }
        cut.push(character);
    }
    cut.push('…');
    cut
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
        Value::Time(timestamp) => match now.and_then(|now| time::distance(timestamp, now)) {
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
        assert_eq!(lines(&ROWS, None, None), ["NAME       NUMBER", "a          -12345", "long name       -"]);
    }

    #[test]
    fn a_long_name_widens_no_table() {
        assert_eq!(fitted(&[5, 5_000, 7], &[false, true, false], None), [5, 200, 7]);
        assert_eq!(fitted(&[5, 5_000, 7], &[false, true, false], Some(80)), [5, 64, 7]);
        assert_eq!(fitted(&[5, 50, 30], &[false, true, true], Some(60)), [5, 26, 25]);
        assert_eq!(fitted(&[50, 9], &[false, true], Some(10)), [50, 8], "numbers stay whole");
    }

    #[test]
    fn a_text_is_cut_by_what_it_takes_on_a_screen() {
        assert_eq!(cut("Acme Bakery", 11), "Acme Bakery");
        assert_eq!(cut("Acme Bakery", 8), "Acme Ba…");
        assert_eq!(cut("東京東京", 6), "東京…");
    }

    #[test]
    fn one_record_is_a_card() {
        assert_eq!(card(&ROWS[0], None, None), (vec!["NAME    a".to_owned(), "NUMBER  -12345".to_owned()], 6));
    }

    #[test]
    fn an_amount_is_read_in_credits() {
        assert_eq!(shown(&Value::from(Centicredits::new(941_250)), None), "9412.50");
    }
}
