//! CSV: records for programs and spreadsheets, under the API's own field names. What shows nothing is spelled out, in a pipe too.

use mms_types::is_invisible;

use super::record::{Record, Value};
use super::safe::printable;

/// Signs with which a formula begins, the full-width ones included.
const SIGNS: [char; 8] = ['=', '+', '-', '@', '＝', '＋', '－', '＠'];

/// Renders records as CSV with the field names first.
pub(crate) fn text<R: Record>(records: &[R]) -> Result<String, Box<dyn std::error::Error>> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(R::COLUMNS.iter().filter_map(|column| column.field))?;
    for record in records {
        let columns = R::COLUMNS.iter().filter(|column| column.field.is_some());
        writer.write_record(columns.map(|column| written(&(column.value)(record))))?;
    }
    Ok(String::from_utf8(writer.into_inner()?)?)
}

/// Renders a value for a program. A text that a spreadsheet would take for a formula gets an apostrophe.
fn written(value: &Value) -> String {
    match value {
        Value::Nothing => String::new(),
        Value::Text(text) => neutralised(text),
        Value::Time(timestamp) => neutralised(timestamp.as_str()),
        Value::Integer(number) => number.to_string(),
        Value::Percent(percent) => percent.to_string(),
        Value::Centicredits(amount) => amount.get().to_string(),
    }
}

/// Marks a text as text where a spreadsheet would take it for a formula: a sign, plain or full-width, after whatever a spreadsheet
/// passes over.
fn neutralised(text: &str) -> String {
    let is_passed_over = |character: char| character.is_whitespace() || is_invisible(character);
    let is_formula = text.trim_start_matches(is_passed_over).starts_with(SIGNS) || text.starts_with(['\t', '\r', '\n']);
    let text = printable(text);
    if is_formula { format!("'{text}") } else { text.into_owned() }
}

#[cfg(test)]
mod tests {
    use mms_types::Centicredits;

    use super::*;
    use crate::output::record::samples::ROWS;

    #[test]
    fn csv_has_every_field_and_leaves_the_unknown_empty() {
        assert_eq!(text(&ROWS).unwrap(), "name,code,number\na,,-12345\nlong name,,\n");
    }

    #[test]
    fn a_text_that_looks_like_a_formula_is_neutralised_and_a_number_is_not() {
        for text in ["=1+1", "+1", "-1", "@SUM(A1)", "  =1", "\u{a0}=1", "\u{3000}+1", "＝1", " －1", "＠x"] {
            assert_eq!(written(&Value::from(text)), format!("'{text}"));
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
    }

    #[test]
    fn an_amount_is_written_in_centicredits() {
        assert_eq!(written(&Value::from(Centicredits::new(941_250))), "941250");
    }
}
