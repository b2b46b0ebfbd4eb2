//! Escapes: text of other people made safe for a terminal.

use std::borrow::Cow;

use mms_types::is_invisible;

/// Returns a text that is safe for a terminal: what would steer it, reorder what is read, or hide in a name is spelled out.
pub(in crate::output) fn printable(text: &str) -> Cow<'_, str> {
    let is_plain = |byte: u8| (b' '..=b'~').contains(&byte);
    // Nearly every text is plain, and a list of 100,000 children has a million of them.
    if text.bytes().all(is_plain) || !text.chars().any(is_invisible) {
        return Cow::Borrowed(text);
    }
    let mut printable = String::with_capacity(text.len() + 8);
    for character in text.chars() {
        if is_invisible(character) {
            printable.extend(character.escape_default());
        } else {
            printable.push(character);
        }
    }
    Cow::Owned(printable)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn control_characters_do_not_reach_a_terminal() {
        assert_eq!(printable("\u{1b}[31mred\u{7}\n\u{9b}\u{202e}"), "\\u{1b}[31mred\\u{7}\\n\\u{9b}\\u{202e}");
        assert_eq!(printable("Müller & 東京"), "Müller & 東京");
    }

    #[test]
    fn a_character_that_shows_nothing_cannot_disguise_a_name() {
        for hidden in ["61c", "200b", "200e", "200f", "2028", "202a", "202e", "2060", "2066", "2069", "feff"] {
            let character = char::from_u32(u32::from_str_radix(hidden, 16).unwrap()).unwrap();
            assert_eq!(printable(&format!("Ac{character}me")), format!("Ac\\u{{{hidden}}}me"));
        }
        assert_eq!(printable("\u{646}\u{200c}\u{627}"), "\u{646}\u{200c}\u{627}", "Persian needs its joiner");
    }
}
