//! JSON: records for programs, as serde writes them.

use mms_types::is_invisible;

/// Renders a value as indented JSON without characters that show nothing.
pub(super) fn text(value: &impl serde::Serialize) -> Result<String, serde_json::Error> {
    serde_json::to_string_pretty(value).map(|json| without_invisible(&json))
}

/// Escapes invisible characters, which JSON itself allows in texts. Line ends are layout and stay.
fn without_invisible(json: &str) -> String {
    let mut escaped = String::with_capacity(json.len());
    for character in json.chars() {
        if is_invisible(character) && character != '\n' {
            for unit in character.encode_utf16(&mut [0; 2]) {
                escaped.extend(format!("\\u{unit:04x}").chars());
            }
        } else {
            escaped.push(character);
        }
    }
    escaped
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
            let escaped = without_invisible(&serde_json::to_string(text).unwrap());

            assert_eq!(escaped, shown);
            assert_eq!(serde_json::from_str::<String>(&escaped).unwrap(), text);
        }
    }

    #[test]
    fn json_writes_what_lies_beyond_16_bits_as_a_pair() {
        let invisible = ('\u{10000}'..=char::MAX).filter(|character| is_invisible(*character));
        for text in invisible.map(String::from) {
            let escaped = without_invisible(&serde_json::to_string(&text).unwrap());

            assert_eq!(escaped.matches("\\u").count(), 2, "{escaped}");
            assert_eq!(serde_json::from_str::<String>(&escaped).unwrap(), text);
        }
    }

    #[test]
    fn the_layout_of_json_keeps_its_lines() {
        assert_eq!(without_invisible("{\n  \"name\": \"ü\"\n}"), "{\n  \"name\": \"ü\"\n}");
    }
}
