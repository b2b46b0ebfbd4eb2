//! Shell quoting, for hints that a person copies.

use std::borrow::Cow;

/// Quotes a text where a shell would take it for more than one plain word.
pub(crate) fn word(text: &str) -> Cow<'_, str> {
    let plain = |character: char| character.is_ascii_alphanumeric() || "_-./:=@%+,".contains(character);
    if !text.is_empty() && text.chars().all(plain) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(format!("'{}'", text.replace('\'', r"'\''")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plain_word_stays_as_it_is() {
        for text in ["/home/ada/.config/mms/token", "http://127.0.0.1:8787/api/v2", "eu1.make.com"] {
            assert_eq!(word(text), text);
        }
    }

    #[test]
    fn what_a_shell_would_act_on_is_quoted() {
        for (text, quoted) in [
            ("my token", "'my token'"),
            ("a;rm -rf b", "'a;rm -rf b'"),
            ("$HOME", "'$HOME'"),
            ("Ada's", r"'Ada'\''s'"),
            ("~/token", "'~/token'"),
            ("", "''"),
        ] {
            assert_eq!(word(text), quoted);
        }
    }
}
