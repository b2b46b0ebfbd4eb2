//! Tables and cards: records for people.

use std::borrow::Cow;
use std::iter;

use clap::builder::styling::{AnsiColor, Style};
use mms_types::{grouped, grouped_hundredths};
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use super::number::hundredths;
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

/// Renders records as a table: the titles, the records, and under them a line of totals, if there is one.
pub(in crate::output) fn text<R: Record>(
    records: &[R],
    columns: &[&'static Column<R>],
    totals: &[(&str, Value<'_>)],
    reader: Reader,
) -> String {
    let is_shown = |column: &&&Column<R>| !column.is_optional || reader.terminal.is_there;
    let mut columns: Vec<_> = columns.iter().filter(is_shown).copied().collect();
    loop {
        let table = Table::new(records, &columns, totals, reader);
        let optional = columns.iter().rposition(|column| column.is_optional);
        match optional.filter(|_| !table.fits_at_ease()) {
            Some(optional) => drop(columns.remove(optional)),
            None => return table.text(),
        }
    }
}

/// Renders one record as lines of title and value.
pub(in crate::output) fn card<R: Record>(record: &R, columns: &[&'static Column<R>], reader: Reader) -> String {
    let columns = columns.iter().filter(|column| !column.is_optional);
    let width = columns.clone().map(|column| column.heading().len()).max().unwrap_or_default();
    // A card has a line for each value, which a terminal may wrap; it is what one looks at to see the whole.
    let most = reader.terminal.width.map_or(LONGEST, |terminal| LONGEST.max(terminal));
    let line = |column: &&Column<R>| {
        let value = (column.value)(record);
        let text = in_full(&value, reader);
        let text = cut(&text, most, reader.terminal.unicode);
        let title = format!("{:width$}", column.heading());
        format!("{}  {}\n", painted(&title, Some(TITLE), reader), painted(&text, style_of(&value), reader))
    };
    columns.map(line).collect()
}

/// Returns a value as a cell shows it.
pub(in crate::output) fn painted_value(value: &Value, reader: Reader) -> String {
    painted(&shown(value, reader), style_of(value), reader).into_owned()
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
                table.natural[index] = width(&shown(&value, reader)).max(table.natural[index]);
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

    fn text(&self) -> String {
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
        }
        if let Some(totals) = self.totals() {
            self.write_line(&totals, &widths, &mut text);
        }
        text
    }

    /// Writes a line, without blanks at its end.
    fn write_line(&self, row: &[Cell<'_>], widths: &[usize], line: &mut String) {
        let last = row.iter().rposition(|cell| !cell.text.is_empty()).unwrap_or_default();
        for (index, cell) in row.iter().enumerate().take(last + 1) {
            if index > 0 {
                line.extend(iter::repeat_n(' ', GAP));
            }
            let text = cut(&cell.text, widths[index], self.reader.terminal.unicode);
            let room = iter::repeat_n(' ', widths[index].saturating_sub(width(&text)));
            let cell = painted(&text, cell.style, self.reader);
            match (self.is_numeric[index], index == last) {
                (true, _) => {
                    line.extend(room);
                    line.push_str(&cell);
                }
                (false, true) => line.push_str(&cell),
                (false, false) => {
                    line.push_str(&cell);
                    line.extend(room);
                }
            }
        }
        line.push('\n');
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

/// Returns how wide a text is on a screen. Nearly every text is ASCII, of which a character takes one cell.
fn width(text: &str) -> usize {
    if text.is_ascii() { text.len() } else { text.width() }
}

/// Cuts a text to a width, with a sign that something is left out. A mark stays with the letter before it.
fn cut(text: &str, most: usize, unicode: bool) -> Cow<'_, str> {
    if width(text) <= most {
        return text.into();
    }
    let sign = if unicode { "…" } else { "..." };
    let mut cut = String::new();
    let mut used = sign.width();
    for character in text.chars() {
        used += character.width().unwrap_or_default();
        if used > most {
            break;
        }
        cut.push(character);
    }
    cut.push_str(sign);
    cut.into()
}

fn painted(text: &str, style: Option<Style>, reader: Reader) -> Cow<'_, str> {
    match style.filter(|_| reader.terminal.color && !text.is_empty()) {
        Some(style) => format!("{style}{text}{style:#}").into(),
        None => text.into(),
    }
}

fn style_of(value: &Value<'_>) -> Option<Style> {
    let (Value::Word(_, tone) | Value::Bar(_, tone)) = value else { return None };
    Some(tone_style(*tone))
}

/// Returns the colour of a meaning.
pub(super) const fn tone_style(tone: Tone) -> Style {
    match tone {
        Tone::Good => AnsiColor::Green.on_default(),
        Tone::Warning => AnsiColor::Yellow.on_default(),
        Tone::Bad => AnsiColor::Red.on_default().bold(),
    }
}

/// Renders a value for a person who has no terminal.
pub(super) fn for_people(value: &Value<'_>) -> String {
    let terminal =
        Terminal { is_there: true, width: None, height: None, color: false, unicode: true, can_redraw: false };
    in_full(value, Reader { terminal, now: None, is_headless: false }).into_owned()
}

/// Renders a value for a reader: on a terminal with the thousands apart, and a time by how far away it is.
fn shown<'a>(value: &Value<'a>, reader: Reader) -> Cow<'a, str> {
    if let Value::Time(timestamp) = value
        && let Some(distance) = reader.now.and_then(|now| time::distance(timestamp, now))
    {
        return distance.into();
    }
    in_full(value, reader)
}

/// Renders a value with all that is known of it.
fn in_full<'a>(value: &Value<'a>, reader: Reader) -> Cow<'a, str> {
    let for_people = reader.terminal.is_there;
    match value {
        Value::Nothing => "-".into(),
        Value::Text(Cow::Borrowed(text)) => printable(text),
        Value::Text(Cow::Owned(text)) => printable(text).into_owned().into(),
        Value::Word(word, _) => (*word).into(),
        Value::Id(id) => id.to_string().into(),
        Value::Integer(number) if for_people => grouped(*number).into(),
        Value::Integer(number) => number.to_string().into(),
        Value::Change(number) if for_people => signed(*number, grouped(*number)).into(),
        Value::Change(number) => signed(*number, number.to_string()).into(),
        Value::Percent(1_000..) => ">999%".into(),
        Value::Percent(percent) if for_people => format!("{}%", grouped(*percent)).into(),
        Value::Percent(percent) => format!("{percent}%").into(),
        Value::Bar(percent, _) => bar(*percent, reader.terminal.unicode).into(),
        Value::Centicredits(amount) if for_people => grouped_hundredths(amount.get().into()).into(),
        Value::Centicredits(amount) => amount.to_string().into(),
        Value::Credits(amount) if for_people => grouped_hundredths(*amount).into(),
        Value::Credits(amount) => hundredths(*amount).into(),
        Value::Time(timestamp) => match reader.now.and_then(|now| time::distance(timestamp, now)) {
            Some(distance) => format!("{} ({distance})", printable(timestamp.as_str())).into(),
            None => printable(timestamp.as_str()),
        },
    }
}

/// Returns the digits of a number with its sign, whichever it is.
fn signed(number: i128, digits: String) -> String {
    if number > 0 { format!("+{digits}") } else { digits }
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

        assert_eq!(card(&ROWS[0], &columns, PIPE), "NAME    a\nNUMBER  -12345\n");
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
