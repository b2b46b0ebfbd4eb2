//! Tables and cards: records for people.

mod cell;
mod wrapped;

use std::borrow::Cow;

use clap::builder::styling::Style;

use super::record::{Column, Fit, Record, Value};
pub(in crate::output) use cell::{Reader, painted_value};
use cell::{cut, in_full, painted, shown, style_of, width, width_of};
pub(super) use cell::{for_people, tone_style};
use wrapped::wrapped;

/// Widest cell off a terminal, where nobody knows how much room there is: Make's names are shorter.
const LONGEST: usize = 200;

/// Narrowest a text gets to make a line fit.
const NARROWEST: usize = 8;

/// Room in front of a line that belongs to the row above.
const INDENT: usize = 4;

/// Room between two columns.
const GAP: usize = 2;

const TITLE: Style = Style::new().bold();

/// Renders records as a table: the titles, the records, and under them a line of totals, if there is one.
pub(in crate::output) fn text<R: Record>(
    records: &[R],
    columns: &[&'static Column<R>],
    totals: &[(&str, Value<'_>)],
    reader: Reader,
) -> String {
    let says = |column: &Column<R>| records.iter().any(|record| is_said(&(column.value)(record)));
    let is_shown = |column: &&&'static Column<R>| match column.fit {
        Fit::Cut | Fit::OwnLines => true,
        Fit::LeftOut => reader.terminal.is_there,
        Fit::OwnLinesIfAny => says(column),
    };
    let mut columns: Vec<_> = columns.iter().filter(is_shown).copied().collect();
    let mut below = Vec::new();
    loop {
        let table = Table::new(records, &columns, totals, reader);
        if table.fits_at_ease() {
            return table.text(&below);
        }
        if let Some(optional) = columns.iter().rposition(|column| column.fit == Fit::LeftOut) {
            columns.remove(optional);
        } else if let Some(whole) = columns.iter().rposition(|column| column.fit.is_whole()) {
            below.insert(0, columns.remove(whole));
        } else {
            return table.text(&below);
        }
    }
}

/// Says whether a cell tells anything.
fn is_said(value: &Value<'_>) -> bool {
    !matches!(value, Value::Nothing) && *value != Value::from("")
}

/// Renders one record as lines of title and value.
pub(in crate::output) fn card<R: Record>(record: &R, columns: &[&'static Column<R>], reader: Reader) -> String {
    let columns = columns.iter().filter(|column| column.fit != Fit::LeftOut);
    let width = columns.clone().map(|column| column.heading().len()).max().unwrap_or_default();
    // A card has a line for each value, which a terminal may wrap; it is what one looks at to see the whole.
    let most = reader.terminal.width.map_or(LONGEST, |terminal| LONGEST.max(terminal));
    let line = |column: &&Column<R>| {
        let value = (column.value)(record);
        let text = in_full(&value, reader);
        let text = cut(&text, if column.fit.is_whole() { usize::MAX } else { most }, reader.terminal.unicode);
        let title = format!("{:width$}", column.heading());
        format!("{}  {}\n", painted(&title, Some(TITLE), reader), painted(&text, style_of(&value), reader))
    };
    columns.map(line).collect()
}

/// Cell of a table, with the style that it has on a terminal.
struct Cell<'a> {
    text: Cow<'a, str>,
    style: Option<Style>,
}

/// Records with what is known of their columns. The cells are made twice, for their widths and as they are written: that takes less
/// than to keep those of thousands of records.
struct Table<'a, R: 'static> {
    records: &'a [R],
    columns: &'a [&'static Column<R>],
    totals: &'a [(&'a str, Value<'a>)],
    /// Whether the numbers of a column stand at the right.
    is_numeric: Vec<bool>,
    natural: Vec<usize>,
    reader: Reader,
}

impl<'a, R: Record> Table<'a, R> {
    fn new(
        records: &'a [R],
        columns: &'a [&'static Column<R>],
        totals: &'a [(&'a str, Value<'a>)],
        reader: Reader,
    ) -> Self {
        let is_numeric = vec![false; columns.len()];
        let mut table = Self { records, columns, totals, is_numeric, natural: vec![0; columns.len()], reader };
        for row in [table.titles(), table.totals()].into_iter().flatten() {
            table.natural.iter_mut().zip(&row).for_each(|(widest, cell)| *widest = width(&cell.text).max(*widest));
        }
        for record in records {
            for (index, column) in columns.iter().enumerate() {
                let value = (column.value)(record);
                table.is_numeric[index] |= value.is_number();
                table.natural[index] = width_of(&value, reader).max(table.natural[index]);
            }
        }
        table
    }

    /// Returns the cells of the titles, unless they are left out.
    fn titles(&self) -> Option<Vec<Cell<'a>>> {
        let title = |column: &&'static Column<R>| Cell { text: column.heading().into(), style: Some(TITLE) };
        (!self.reader.is_headless).then(|| self.columns.iter().map(title).collect())
    }

    /// Returns the cells of the totals, if there are any.
    fn totals(&self) -> Option<Vec<Cell<'a>>> {
        let total = |column: &&Column<R>| {
            let total = self.totals.iter().find(|(name, _)| column.field == Some(*name));
            let text = total.map(|(_, value)| shown(value, self.reader)).unwrap_or_default();
            Cell { text, style: Some(TITLE) }
        };
        (!self.totals.is_empty()).then(|| self.columns.iter().map(total).collect())
    }

    /// Says whether the table fits without cutting a text.
    fn fits_at_ease(&self) -> bool {
        let gaps = GAP * self.natural.len().saturating_sub(1);
        self.reader.terminal.width.is_none_or(|width| self.natural.iter().sum::<usize>() + gaps <= width)
    }

    /// Renders the table, with what the columns `below` say of a record under its row.
    fn text(&self, below: &[&'static Column<R>]) -> String {
        let is_text: Vec<_> = self.is_numeric.iter().map(|is_numeric| !is_numeric).collect();
        let widths = fitted(&self.natural, &is_text, self.reader.terminal.width);
        let line = widths.iter().map(|width| width + GAP).sum::<usize>();
        let mut text = String::with_capacity(line * (self.records.len() + 2));
        if let Some(titles) = self.titles() {
            self.write_line(&titles, &widths, &mut text);
        }
        let mut row = Vec::with_capacity(self.columns.len());
        for record in self.records {
            row.clear();
            row.extend(self.columns.iter().map(|column| {
                let value = (column.value)(record);
                Cell { text: shown(&value, self.reader), style: style_of(&value) }
            }));
            self.write_line(&row, &widths, &mut text);
            for column in below {
                self.write_below(column, record, &mut text);
            }
        }
        if let Some(totals) = self.totals() {
            self.write_line(&totals, &widths, &mut text);
        }
        text
    }

    /// Writes what a column says of a record, with its title, on lines that the terminal has room for.
    fn write_below(&self, column: &Column<R>, record: &R, text: &mut String) {
        let value = (column.value)(record);
        if !is_said(&value) {
            return;
        }
        let title = column.heading();
        let start = INDENT + width(title) + GAP;
        let most = self.reader.terminal.width.map_or(usize::MAX, |width| width.saturating_sub(start).max(NARROWEST));
        let mut front = format!("{:INDENT$}{}{:GAP$}", "", painted(title, Some(TITLE), self.reader), "");
        for line in wrapped(&shown(&value, self.reader), most) {
            text.push_str(&front);
            text.push_str(&painted(&line, style_of(&value), self.reader));
            text.push('\n');
            front = " ".repeat(start);
        }
    }

    /// Writes a line, without blanks at its end.
    fn write_line(&self, row: &[Cell<'_>], widths: &[usize], line: &mut String) {
        let last = row.iter().rposition(|cell| !cell.text.is_empty()).unwrap_or_default();
        for (index, cell) in row.iter().enumerate().take(last + 1) {
            if index > 0 {
                pad(line, GAP);
            }
            let is_whole = self.reader.terminal.width.is_none() && self.columns[index].fit.is_whole();
            let most = if is_whole { usize::MAX } else { widths[index] };
            let text = cut(&cell.text, most, self.reader.terminal.unicode);
            let room = widths[index].saturating_sub(width(&text));
            let cell = painted(&text, cell.style, self.reader);
            match (self.is_numeric[index], index == last) {
                (true, _) => {
                    pad(line, room);
                    line.push_str(&cell);
                }
                (false, true) => line.push_str(&cell),
                (false, false) => {
                    line.push_str(&cell);
                    pad(line, room);
                }
            }
        }
        line.push('\n');
    }
}

/// Adds blanks, several at once.
fn pad(line: &mut String, mut room: usize) {
    const BLANKS: &str = "                                ";
    while room > 0 {
        let blanks = &BLANKS[..room.min(BLANKS.len())];
        line.push_str(blanks);
        room -= blanks.len();
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

#[cfg(test)]
mod tests {
    use mms_types::Centicredits;

    use super::super::record::samples::{ROWS, Row};
    use super::*;
    use crate::output::terminal::Terminal;

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
        text(&ROWS, &columns, totals, reader).lines().map(str::to_owned).collect()
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
    /// A row that has a sentence, and may have a second one.
    #[derive(serde::Serialize)]
    struct Noted(&'static str, &'static str, &'static str);

    impl Record for Noted {
        const COLUMNS: &'static [Column<Self>] = &[
            Column::new("NAME", "name", |row| row.0.into()),
            Column::sentences("COMMAND", "command", |row| row.1.into()),
            Column::rare_sentences("WHY", "why", |row| row.2.into()),
        ];
    }

    fn noted(rows: &[Noted], reader: Reader) -> Vec<String> {
        let columns: Vec<_> = Noted::COLUMNS.iter().collect();
        text(rows, &columns, &[], reader).lines().map(str::to_owned).collect()
    }

    #[test]
    fn a_sentence_without_room_goes_on_lines_of_its_own_and_is_never_cut() {
        let rows = [Noted("Sol", "apply", ""), Noted("Luna", "apply", "somebody else changed it")];
        assert_eq!(
            noted(&rows, on_terminal(40)),
            ["NAME  COMMAND  WHY", "Sol   apply", "Luna  apply    somebody else changed it"]
        );
        assert_eq!(
            noted(&rows, on_terminal(24)),
            ["NAME  COMMAND", "Sol   apply", "Luna  apply", "    WHY  somebody else", "         changed it"]
        );
        assert_eq!(noted(&rows[..1], PIPE), ["NAME  COMMAND", "Sol   apply"], "nobody says why");
    }

    #[test]
    fn a_pipe_gets_a_sentence_in_full() {
        const LONG: &str = "a word, and a word, and a word, and a word, and a word, and a word, and a word, and a word, and a word, \
                            and a word, and a word, and a word, and a word, and a word, and a word, and a word, and a word, and a word";
        assert!(LONG.len() > LONGEST);
        assert!(noted(&[Noted("Sol", LONG, LONG)], PIPE)[1].ends_with(&format!("{LONG}  {LONG}")));
    }

    #[test]
    fn one_record_is_a_card() {
        let columns: Vec<_> = Row::COLUMNS.iter().filter(|column| column.title.is_some()).collect();

        assert_eq!(card(&ROWS[0], &columns, PIPE), "NAME    a\nNUMBER  -12345\n");
    }

    #[test]
    fn an_amount_is_read_in_credits() {
        assert_eq!(shown(&Value::from(Centicredits::new(941_250)), PIPE), "9412.50");
        assert_eq!(shown(&Value::from(Centicredits::new(941_250)), on_terminal(80)), "9,412.50");
        assert_eq!(shown(&Value::Credits(-990_000), PIPE), "-9900.00");
    }
}
