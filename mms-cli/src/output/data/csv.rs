//! Separated values: records for programs and spreadsheets, under the API's own field names. What shows nothing is spelled out, in
//! a pipe too.

use std::borrow::Cow;
use std::io;

use csv::ByteRecord;
use itoa::Buffer as Digits;
use mms_types::is_invisible;

use super::number::hundredths;
use super::record::{Column, Record, Value};
use crate::output::safe::printable;

/// Signs with which a formula begins, the full-width ones included.
const SIGNS: [char; 8] = ['=', '+', '-', '@', '＝', '＋', '－', '＠'];

/// Form of separated values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Separator {
    /// CSV as spreadsheets read it: quoted where that is needed, no text taken for a formula.
    Comma,
    /// TSV for `cut` and `awk`: never quoted, since no value has a tab or a line end.
    Tab,
}

/// Room for what is written at once.
const BUFFER: usize = 64 * 1024;

/// Writes records as separated values with the field names first, unless `is_headless`.
pub(crate) fn write<R: Record>(
    records: &[R],
    columns: &[&'static Column<R>],
    separator: Separator,
    is_headless: bool,
    out: impl io::Write,
) -> io::Result<()> {
    let mut builder = csv::WriterBuilder::new();
    builder.buffer_capacity(BUFFER);
    if separator == Separator::Tab {
        builder.delimiter(b'\t').quote_style(csv::QuoteStyle::Never);
    }
    let mut writer = builder.from_writer(out);
    if !is_headless {
        writer.write_record(columns.iter().filter_map(|column| column.field))?;
    }
    // One row and one number for all of them: a list of 100,000 children has half a million numbers.
    let (mut row, mut digits) = (ByteRecord::new(), Digits::new());
    for record in records {
        row.clear();
        for column in columns {
            let value = (column.value)(record);
            let text = match separator {
                Separator::Comma => written(&value, &mut digits),
                Separator::Tab => unmarked(&value, &mut digits),
            };
            row.push_field(text.as_bytes());
        }
        writer.write_byte_record(&row)?;
    }
    writer.flush()
}

/// Renders a value for a program. A text that a spreadsheet would take for a formula gets an apostrophe.
fn written<'a>(value: &'a Value<'_>, digits: &'a mut Digits) -> Cow<'a, str> {
    match value {
        Value::Text(text) => neutralised(text),
        Value::Time(timestamp) => neutralised(timestamp.as_str()),
        other => unmarked(other, digits),
    }
}

/// Renders a value without a mark for spreadsheets; a number within the digits.
fn unmarked<'a>(value: &'a Value<'_>, digits: &'a mut Digits) -> Cow<'a, str> {
    match value {
        Value::Nothing => "".into(),
        Value::Text(text) => printable(text),
        Value::Word(word, _) => (*word).into(),
        Value::Time(timestamp) => printable(timestamp.as_str()),
        Value::Id(number) | Value::Percent(number) | Value::Bar(number, _) => digits.format(*number).into(),
        Value::Integer(number) | Value::Change(number) => digits.format(*number).into(),
        Value::Centicredits(amount) => digits.format(amount.get()).into(),
        Value::Credits(amount) => hundredths(*amount).into(),
    }
}

/// Marks a text as text where a spreadsheet would take it for a formula: a sign, plain or full-width, after whatever a spreadsheet
/// passes over.
fn neutralised(text: &str) -> Cow<'_, str> {
    let is_passed_over = |character: char| character.is_whitespace() || is_invisible(character);
    let is_formula = text.trim_start_matches(is_passed_over).starts_with(SIGNS) || text.starts_with(['\t', '\r', '\n']);
    let text = printable(text);
    if is_formula { format!("'{text}").into() } else { text }
}

#[cfg(test)]
mod tests {
    use mms_types::Centicredits;

    use super::super::record::samples::{ROWS, Row};
    use super::*;

    fn written(value: &Value<'_>) -> String {
        super::written(value, &mut Digits::new()).into_owned()
    }

    fn unmarked(value: &Value<'_>) -> String {
        super::unmarked(value, &mut Digits::new()).into_owned()
    }

    fn rendered(separator: Separator, is_headless: bool) -> String {
        let columns: Vec<_> = Row::COLUMNS.iter().filter(|column| column.field.is_some()).collect();
        let mut out = Vec::new();
        write(&ROWS, &columns, separator, is_headless, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn csv_has_every_field_and_leaves_the_unknown_empty() {
        assert_eq!(rendered(Separator::Comma, false), "name,code,number\na,,-12345\nlong name,,\n");
        assert_eq!(rendered(Separator::Tab, true), "a\t\t-12345\nlong name\t\t\n");
    }

    #[test]
    fn a_text_that_looks_like_a_formula_is_neutralised_and_a_number_is_not() {
        for text in ["=1+1", "+1", "-1", "@SUM(A1)", "  =1", "\u{a0}=1", "\u{3000}+1", "＝1", " －1", "＠x"] {
            assert_eq!(written(&Value::from(text)), format!("'{text}"));
            assert_eq!(unmarked(&Value::from(text)), text, "a program takes nothing for a formula");
        }
        for (text, shown) in
            [("\tx", r"'\tx"), ("\rx", r"'\rx"), ("\u{feff}=1", r"'\u{feff}=1"), ("\u{200b} @x", r"'\u{200b} @x")]
        {
            assert_eq!(written(&Value::from(text)), shown);
        }
        assert_eq!(written(&Value::from("a=b")), "a=b");
        assert_eq!(written(&Value::from(-1_i64)), "-1");
    }

    #[test]
    fn nothing_that_steers_a_terminal_or_turns_the_reading_is_written_raw() {
        assert_eq!(written(&Value::from("a\u{1b}[31m\u{202e}b\n")), r"a\u{1b}[31m\u{202e}b\n");
        assert_eq!(unmarked(&Value::from("a\tb\n")), r"a\tb\n");
    }

    #[test]
    fn an_amount_is_written_in_centicredits() {
        assert_eq!(written(&Value::from(Centicredits::new(941_250))), "941250");
        assert_eq!(written(&Value::Credits(-990_000)), "-9900.00");
    }
}
