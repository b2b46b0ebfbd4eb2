//! JSON: records for programs, as serde writes them.

use std::borrow::Cow;

use mms_types::is_invisible;

use super::record::{Column, Record};

/// Renders a value as indented JSON without characters that show nothing.
pub(in crate::output) fn text(value: &impl serde::Serialize) -> Result<String, serde_json::Error> {
    serde_json::to_string_pretty(value).map(|json| without_invisible(&json).into_owned())
}

/// Renders a value as JSON on one line without characters that show nothing.
pub(in crate::output) fn line(value: &impl serde::Serialize) -> Result<String, serde_json::Error> {
    serde_json::to_string(value).map(|json| without_invisible(&json).into_owned())
}

/// Renders values as lines of JSON without characters that show nothing.
pub(in crate::output) fn lines(values: &[impl serde::Serialize]) -> Result<String, serde_json::Error> {
    let mut lines = String::new();
    for value in values {
        lines.push_str(&serde_json::to_string(value)?);
        lines.push('\n');
    }
    Ok(without_invisible(&lines).into_owned())
}

/// Returns a record with the fields of some columns alone.
pub(in crate::output) fn narrowed<R: Record>(
    record: &R,
    columns: &[&'static Column<R>],
) -> Result<serde_json::Value, serde_json::Error> {
    let mut whole = serde_json::to_value(record)?;
    let fields = columns.iter().filter_map(|column| column.field);
    Ok(fields
        .map(|field| (field.to_owned(), whole.get_mut(field).map(serde_json::Value::take).unwrap_or_default()))
        .collect())
}

/// Returns records with the fields of some columns alone.
pub(in crate::output) fn all_narrowed<R: Record>(
    records: &[R],
    columns: &[&'static Column<R>],
) -> Result<Vec<serde_json::Value>, serde_json::Error> {
    records.iter().map(|record| narrowed(record, columns)).collect()
}

/// Escapes invisible characters, which JSON itself allows in texts. Line ends are layout and stay.
pub(super) fn without_invisible(json: &str) -> Cow<'_, str> {
    let is_hidden = |character: char| is_invisible(character) && character != '\n';
    // Nearly every text is plain ASCII.
    if json.bytes().all(|byte| matches!(byte, b' '..=b'~' | b'\n')) || !json.chars().any(is_hidden) {
        return json.into();
    }
    let mut escaped = String::with_capacity(json.len());
    for character in json.chars() {
        if is_hidden(character) {
            for unit in character.encode_utf16(&mut [0; 2]) {
                escaped.extend(format!("\\u{unit:04x}").chars());
            }
        } else {
            escaped.push(character);
        }
    }
    escaped.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_keeps_its_value_when_what_shows_nothing_is_escaped() {
        for (text, shown) in [
            ("a\u{1b}\u{7f}\u{9b}ü", r#""a\u001b\u007f\u009bü""#),
            ("\u{202e}evil\u{2066}\u{200b}\u{feff}", r#""\u202eevil\u2066\u200b\ufeff""#),
            ("\u{2028}\n\\", r#""\u2028\n\\""#),
        ] {
            let escaped = line(&text).unwrap();

            assert_eq!(escaped, shown);
            assert_eq!(serde_json::from_str::<String>(&escaped).unwrap(), text);
        }
    }

    #[test]
    fn json_writes_what_lies_beyond_16_bits_as_a_pair() {
        let invisible = ('\u{10000}'..=char::MAX).filter(|character| is_invisible(*character));
        for text in invisible.map(String::from) {
            let escaped = line(&text).unwrap();

            assert_eq!(escaped.matches("\\u").count(), 2, "{escaped}");
            assert_eq!(serde_json::from_str::<String>(&escaped).unwrap(), text);
        }
    }

    #[test]
    fn the_layout_of_json_keeps_its_lines() {
        assert_eq!(without_invisible("{\n  \"name\": \"ü\"\n}"), "{\n  \"name\": \"ü\"\n}");
    }
}
