//! Scalars as they are written: plain where every reader of YAML takes them for the text, in double quotes elsewhere.

use std::fmt::Write;

use mms_types::is_invisible;

/// Returns a text as a scalar in one line, within brackets and braces or outside of them.
pub(super) fn scalar(text: &str, is_in_flow: bool) -> String {
    if is_plain(text, is_in_flow) { text.to_owned() } else { quoted(text) }
}

fn is_plain(text: &str, is_in_flow: bool) -> bool {
    let Some(first) = text.chars().next() else { return false };
    let begins_as_text = first.is_alphanumeric() || "(_/+.".contains(first);
    let is_visible = |character: char| {
        character == ' ' || !(character.is_whitespace() || is_invisible(character) || is_private(character))
    };
    let is_mark = text.ends_with([' ', ':'])
        || text.contains(": ")
        || text.contains(" #")
        || is_in_flow && text.contains([',', '[', ']', '{', '}', ':']);
    begins_as_text && !is_mark && text.chars().all(is_visible) && !is_other_type(text)
}

fn is_private(character: char) -> bool {
    matches!(character, '\u{fffe}' | '\u{ffff}' | '\u{feff}')
}

/// Says whether a reader of YAML 1.1 or 1.2 may take a text for nothing, yes or no, a number or a date.
fn is_other_type(text: &str) -> bool {
    const WORDS: [&str; 9] = ["null", "true", "false", "y", "n", "yes", "no", "on", "off"];
    let is_word = WORDS.contains(&text.to_ascii_lowercase().as_str());
    let begins_as_number = text.starts_with(|first: char| first.is_ascii_digit() || "+.".contains(first));
    let is_like_number =
        text.chars().all(|character| character.is_ascii_hexdigit() || "+-._:,xoTZ ".contains(character))
            || [".nan", ".inf", "+.inf"].contains(&text.to_ascii_lowercase().as_str());
    is_word || text.starts_with("---") || text.starts_with("...") || begins_as_number && is_like_number
}

fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for character in text.chars() {
        match character {
            '"' | '\\' => {
                quoted.push('\\');
                quoted.push(character);
            }
            ' ' => quoted.push(' '),
            hidden if hidden.is_whitespace() || is_invisible(hidden) || is_private(hidden) => {
                // Writing into a string does not fail.
                let _ = write!(quoted, "\\U{:08x}", u32::from(hidden));
            }
            shown => quoted.push(shown),
        }
    }
    quoted.push('"');
    quoted
}

#[cfg(test)]
mod tests {
    use super::scalar;

    #[test]
    fn a_text_is_plain_where_every_reader_takes_it_for_the_text() {
        for text in ["Acme Bakery", "O'Neil (Sons) + Co.", "Café 語", "/etc", "CRM-77", "ada@acme.example", "3 Suns"]
        {
            assert_eq!(scalar(text, true), text);
        }
        assert_eq!((scalar("A, B", false).as_str(), scalar("A, B", true).as_str()), ("A, B", "\"A, B\""));
        for text in [
            "",
            "no",
            "NO",
            "123",
            "0123",
            "1e4",
            "1_000",
            "2026-12-31",
            "12:30:00",
            ".5",
            "+1",
            "null",
            "~",
            "true",
            "'a",
            "- a",
            "*a",
            "@a",
            "a: b",
            "a #b",
            "a:",
            "\"a\"",
            "a\u{a0}b",
            "a\u{200b}b",
            "...",
            "0x1f",
            "<<",
            "#a",
            "-",
            ".inf",
        ] {
            assert_ne!(scalar(text, false), text, "{text:?}");
        }
        assert_eq!(scalar("a\"\\\u{a0}", true), "\"a\\\"\\\\\\U000000a0\"");
    }
}
