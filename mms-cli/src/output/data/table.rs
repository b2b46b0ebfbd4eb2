//! Tables and cards: records for people.

use clap::builder::styling::{AnsiColor, Style};
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use super::number::{grouped, grouped_hundredths, hundredths};
use super::record::{Column, Record, Tone, Value};
use crate::output::safe::printable;
use crate::output::terminal::Terminal;
use crate::output::time;

/// Widest cell off a terminal, where nobody knows how much room there is: Make's names are shorter.
const LONGEST: usize = 200;

/// Narrowest a text gets to make a line fit.
const NARROWEST: usize = 8;

/// Room between two columns.
const GAP: usize = 2;

/// Width of a bar.
const BAR: usize = 10;

const TITLE: Style = Style::new().bold();

/// Reader of a table: the terminal, and the time for relative times, where there is one.
#[derive(Debug, Clone, Copy)]
pub(in crate::output) struct Reader {
    pub(in crate::output) terminal: Terminal,
    pub(in crate::output) now: Option<jiff::Timestamp>,
    /// Whether the titles are left out.
    pub(in crate::output) is_headless: bool,
}

/// Renders records as lines: the titles, the records, and under them a line of totals, if there is one.
pub(in crate::output) fn lines<R: Record>(
    records: &[R],
    columns: &[&'static Column<R>],
    totals: &[(&str, Value<'_>)],
    reader: Reader,
) -> Vec<String> {
    let is_shown = |column: &&&Column<R>| !column.is_optional || reader.terminal.is_there;
    let mut columns: Vec<_> = columns.iter().filter(is_shown).copied().collect();
    loop {
        let table = Table::new(records, &columns, totals, reader);
        let optional = columns.iter().rposition(|column| column.is_optional);
        match optional.filter(|_| !table.fits_at_ease()) {
            Some(optional) => drop(columns.remove(optional)),
            None => return table.lines(),
        }
    }
}

/// Renders one record as lines of title and value.
pub(in crate::output) fn card<R: Record>(record: &R, columns: &[&'static Column<R>], reader: Reader) -> Vec<String> {
    let columns = columns.iter().filter(|column| !column.is_optional);
    let width = columns.clone().map(|column| column.heading().len()).max().unwrap_or_default();
    // A card has a line for each value, which a terminal may wrap; it is what one looks at to see the whole.
    let most = reader.terminal.width.map_or(LONGEST, |terminal| LONGEST.max(terminal));
    let line = |column: &&Column<R>| {
        let value = (column.value)(record);
        let cell = Cell { text: cut(&in_full(&value, reader), most, reader.terminal.unicode), style: style_of(&value) };
        let title = format!("{:width$}", column.heading());
        format!("{}  {}", painted(&title, Some(TITLE), reader), cell.painted(reader))
    };
    columns.map(line).collect()
}

/// Returns a value as a cell shows it.
pub(in crate::output) fn painted_value(value: &Value, reader: Reader) -> String {
    painted(&shown(value, reader), style_of(value), reader)
}

/// Cell of a table, with the style that its value has on a terminal.
#[derive(Debug, Clone)]
struct Cell {
    text: String,
    style: Option<Style>,
}

impl Cell {
    fn painted(&self, reader: Reader) -> String {
        painted(&self.text, self.style, reader)
    }
}

struct Table {
    rows: Vec<Vec<Cell>>,
    /// Whether the numbers of a column stand at the right.
    is_numeric: Vec<bool>,
    natural: Vec<usize>,
    reader: Reader,
}

impl Table {
    fn new<R: Record>(
        records: &[R],
        columns: &[&'static Column<R>],
        totals: &[(&str, Value<'_>)],
        reader: Reader,
    ) -> Self {
        let mut is_numeric = vec![false; columns.len()];
        let mut rows = Vec::with_capacity(records.len() + 2);
        if !reader.is_headless {
            let title = |column: &&Column<R>| Cell { text: column.heading().to_owned(), style: Some(TITLE) };
            rows.push(columns.iter().map(title).collect::<Vec<_>>());
        }
        for record in records {
            let mut row = Vec::with_capacity(columns.len());
            for (column, is_numeric) in columns.iter().zip(&mut is_numeric) {
                let value = (column.value)(record);
                *is_numeric |= value.is_number();
                row.push(Cell { text: shown(&value, reader), style: style_of(&value) });
            }
            rows.push(row);
        }
        if !totals.is_empty() {
            let total = |column: &&Column<R>| {
                let total = totals.iter().find(|(name, _)| column.field == Some(*name));
                let text = total.map_or_else(String::new, |(_, value)| shown(value, reader));
                Cell { text, style: Some(TITLE) }
            };
            rows.push(columns.iter().map(total).collect());
        }
        let widest = |index: usize| rows.iter().filter_map(|row| row.get(index)).map(|cell| cell.text.width()).max();
        let natural = (0..columns.len()).map(|index| widest(index).unwrap_or_default()).collect();
        Self { rows, is_numeric, natural, reader }
    }

    /// Says whether the table fits without cutting a text.
    fn fits_at_ease(&self) -> bool {
        let gaps = GAP * self.natural.len().saturating_sub(1);
        self.reader.terminal.width.is_none_or(|width| self.natural.iter().sum::<usize>() + gaps <= width)
    }

    fn lines(&self) -> Vec<String> {
        let is_text: Vec<_> = self.is_numeric.iter().map(|is_numeric| !is_numeric).collect();
        let widths = fitted(&self.natural, &is_text, self.reader.terminal.width);
        let line = |row: &Vec<Cell>| {
            let last = row.iter().rposition(|cell| !cell.text.is_empty()).unwrap_or_default();
            let mut line = String::new();
            for (index, cell) in row.iter().enumerate().take(last + 1) {
                if index > 0 {
                    line.push_str("  ");
                }
                let text = cut(&cell.text, widths[index], self.reader.terminal.unicode);
                let room = " ".repeat(widths[index].saturating_sub(text.width()));
                let cell = painted(&text, cell.style, self.reader);
                match (self.is_numeric[index], index == last) {
                    (true, _) => line.extend([room, cell]),
                    (false, true) => line.push_str(&cell),
                    (false, false) => line.extend([cell, room]),
                }
            }
            line
        };
        self.rows.iter().map(line).collect()
    }
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

/// Cuts a text to a width, with a sign that something is left out. A mark stays with the letter before it.
fn cut(text: &str, width: usize, unicode: bool) -> String {
    if text.width() <= width {
        return text.to_owned();
    }
    let sign = if unicode { "…" } else { "..." };
    let mut cut = String::new();
    let mut used = sign.width();
    for character in text.chars() {
        used += character.width().unwrap_or_default();
        if used > width {
            break;
        }
        cut.push(character);
    }
    cut.push_str(sign);
    cut
}

fn painted(text: &str, style: Option<Style>, reader: Reader) -> String {
    match style.filter(|_| reader.terminal.color && !text.is_empty()) {
        Some(style) => format!("{style}{text}{style:#}"),
        None => text.to_owned(),
    }
}

fn style_of(value: &Value<'_>) -> Option<Style> {
    let (Value::Word(_, tone) | Value::Bar(_, tone)) = value else { return None };
    Some(match tone {
        Tone::Good => AnsiColor::Green.on_default(),
        Tone::Warning => AnsiColor::Yellow.on_default(),
        Tone::Bad => AnsiColor::Red.on_default().bold(),
    })
}

/// Renders a value for a reader: on a terminal with the thousands apart, and a time by how far away it is.
fn shown(value: &Value<'_>, reader: Reader) -> String {
    if let Value::Time(timestamp) = value
        && let Some(distance) = reader.now.and_then(|now| time::distance(timestamp, now))
    {
        return distance;
    }
    in_full(value, reader)
}

/// Renders a value with all that is known of it.
fn in_full(value: &Value<'_>, reader: Reader) -> String {
    let for_people = reader.terminal.is_there;
    match value {
        Value::Nothing => "-".to_owned(),
        Value::Text(text) => printable(text).into_owned(),
        Value::Word(word, _) => (*word).to_owned(),
        Value::Id(id) => id.to_string(),
        Value::Integer(number) if for_people => grouped(*number),
        Value::Integer(number) => number.to_string(),
        Value::Percent(1_000..) => ">999%".to_owned(),
        Value::Percent(percent) if for_people => format!("{}%", grouped(*percent)),
        Value::Percent(percent) => format!("{percent}%"),
        Value::Bar(percent, _) => bar(*percent, reader.terminal.unicode),
        Value::Centicredits(amount) if for_people => grouped_hundredths(amount.get().into()),
        Value::Centicredits(amount) => amount.to_string(),
        Value::Credits(amount) if for_people => grouped_hundredths(*amount),
        Value::Credits(amount) => hundredths(*amount),
        Value::Time(timestamp) => match reader.now.and_then(|now| time::distance(timestamp, now)) {
            Some(distance) => format!("{} ({distance})", printable(timestamp.as_str())),
            None => printable(timestamp.as_str()).into_owned(),
        },
    }
}

/// Draws a share: full at 100 %.
fn bar(percent: u64, unicode: bool) -> String {
    let filled = usize::try_from(percent.min(100)).unwrap_or_default() * BAR / 100;
    let (full, empty) = if unicode { ("█", "░") } else { ("#", ".") };
    full.repeat(filled) + &empty.repeat(BAR - filled)
}

#[cfg(test)]
mod tests {
    use mms_types::Centicredits;

    use super::super::record::samples::{ROWS, Row};
    use super::*;

    const PIPE: Reader = Reader {
        terminal: Terminal {
            is_there: false,
            width: None,
            height: None,
            color: false,
            unicode: true,
            can_redraw: false,
        },
        now: None,
        is_headless: false,
    };

    fn on_terminal(width: usize) -> Reader {
        Reader { terminal: Terminal { is_there: true, width: Some(width), ..PIPE.terminal }, ..PIPE }
    }

    fn table(reader: Reader, totals: &[(&str, Value<'_>)]) -> Vec<String> {
        let columns: Vec<_> = Row::COLUMNS.iter().filter(|column| column.title.is_some()).collect();
        lines(&ROWS, &columns, totals, reader)
    }

    #[test]
    fn numbers_stand_at_the_right_and_what_is_unknown_is_a_dash() {
        assert_eq!(table(PIPE, &[]), ["NAME       NUMBER", "a          -12345", "long name       -"]);
    }

    #[test]
    fn a_terminal_gets_grouped_numbers_and_a_bar_where_there_is_room() {
        assert_eq!(
            table(on_terminal(40), &[]),
            ["NAME        NUMBER  BAR", "a          -12,345  █████░░░░░", "long name        -  █████░░░░░"]
        );
        assert_eq!(table(on_terminal(20), &[])[0], "NAME        NUMBER");
    }

    #[test]
    fn totals_stand_under_their_columns() {
        let lines = table(PIPE, &[("number", Value::from(7_i64))]);

        assert_eq!(lines.last().unwrap(), "                7");
    }

    #[test]
    fn the_titles_can_be_left_out() {
        assert_eq!(table(Reader { is_headless: true, ..PIPE }, &[])[0], "a          -12345");
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
        assert_eq!(cut("Acme Bakery", 11, true), "Acme Bakery");
        assert_eq!(cut("Acme Bakery", 8, true), "Acme Ba…");
        assert_eq!(cut("Acme Bakery", 8, false), "Acme ...");
        assert_eq!(cut("東京東京", 6, true), "東京…");
        assert_eq!(cut("Cafe\u{301} Noir", 6, true), "Cafe\u{301} …");
    }

    #[test]
    fn one_record_is_a_card() {
        let columns: Vec<_> = Row::COLUMNS.iter().filter(|column| column.title.is_some()).collect();

        assert_eq!(card(&ROWS[0], &columns, PIPE), ["NAME    a", "NUMBER  -12345"]);
    }

    #[test]
    fn an_amount_is_read_in_credits() {
        assert_eq!(shown(&Value::from(Centicredits::new(941_250)), PIPE), "9412.50");
        assert_eq!(shown(&Value::from(Centicredits::new(941_250)), on_terminal(80)), "9,412.50");
        assert_eq!(shown(&Value::Credits(-990_000), PIPE), "-9900.00");
    }

    #[test]
    fn a_bar_is_full_at_all_of_it() {
        assert_eq!(
            (bar(0, true), bar(94, false), bar(250, false)),
            ("░░░░░░░░░░".to_owned(), "#########.".to_owned(), "##########".to_owned())
        );
    }
}
