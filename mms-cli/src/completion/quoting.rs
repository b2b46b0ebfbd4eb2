//! Quoting of words: read as they stand in the line, and written as the shell puts them there.

/// How a shell takes candidates.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Quoting {
    /// bash puts a candidate into the line as it is, behind the quote that the word began with.
    Bash(Option<char>),
    /// `PowerShell` puts a candidate into the line as it is, in place of the word and its quote.
    PowerShell,
    /// The shell quotes by itself.
    Own,
}

impl Quoting {
    /// Returns the quoting of a shell. bash passes a word without its quote, so that its script passes the word as it stands, too.
    pub(super) fn of(shell: &str, bash_word: Option<&str>) -> Self {
        match shell {
            "bash" => Self::Bash(bash_word.and_then(opening_quote)),
            "powershell" => Self::PowerShell,
            _ => Self::Own,
        }
    }

    /// Returns the text that a word means so far.
    pub(super) fn text(self, word: &str) -> String {
        if let Some(quote) = opening_quote(word) {
            return word[quote.len_utf8()..].to_owned();
        }
        match self {
            Self::Bash(Some(_)) | Self::PowerShell => word.to_owned(),
            Self::Bash(None) | Self::Own => {
                let mut characters = word.chars();
                let mut text = String::new();
                while let Some(character) = characters.next() {
                    text.extend(if character == '\\' { characters.next() } else { Some(character) });
                }
                text
            }
        }
    }

    /// Returns the candidate for a text.
    pub(super) fn candidate(self, text: &str) -> String {
        let is_plain = |character: char| character.is_alphanumeric() || "_-./@%+,".contains(character);
        match self {
            Self::Own => text.to_owned(),
            Self::Bash(Some('\'')) => text.replace('\'', r"'\''"),
            Self::Bash(Some(_)) => escaped(text, |character| !"\"$`\\".contains(character)),
            Self::Bash(None) => escaped(text, is_plain),
            Self::PowerShell if text.chars().all(is_plain) => text.to_owned(),
            Self::PowerShell => format!("'{}'", text.replace('\'', "''")),
        }
    }
}

fn opening_quote(word: &str) -> Option<char> {
    word.chars().next().filter(|character| "'\"".contains(*character))
}

fn escaped(text: &str, is_plain: impl Fn(char) -> bool) -> String {
    let mut escaped = String::new();
    for character in text.chars() {
        if !is_plain(character) {
            escaped.push('\\');
        }
        escaped.push(character);
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bash_gets_a_candidate_that_goes_on_with_what_was_typed() {
        for (typed, passed, text, candidate) in [
            (r"Ada\'s\ F", r"Ada\'s\ F", "Ada's F", r"Ada\'s\ Foods\ \$1"),
            ("\"Ada's F", "Ada's F", "Ada's F", r"Ada's Foods \$1"),
            ("'Ada", "Ada", "Ada", r"Ada'\''s Foods $1"),
            ("", "", "", r"Ada\'s\ Foods\ \$1"),
        ] {
            let quoting = Quoting::of("bash", Some(typed));
            assert_eq!(
                (quoting.text(passed).as_str(), quoting.candidate("Ada's Foods $1").as_str()),
                (text, candidate)
            );
        }
    }

    #[test]
    fn a_shell_that_quotes_by_itself_gets_the_bare_text_for_a_quoted_word() {
        for shell in ["zsh", "fish", "elvish"] {
            let quoting = Quoting::of(shell, None);
            for typed in [r"Acme\ B", "\"Acme B", "'Acme B"] {
                assert_eq!(quoting.text(typed), "Acme B", "{shell}");
            }
            assert_eq!(quoting.candidate("Acme Bakery"), "Acme Bakery");
        }
    }

    #[test]
    fn powershell_gets_quotes_where_a_text_needs_them() {
        let quoting = Quoting::of("powershell", None);
        assert_eq!(["EU", "Ada's Foods"].map(|text| quoting.candidate(text)), ["EU", "'Ada''s Foods'"]);
        assert_eq!(quoting.text("'Ada"), "Ada");
    }
}
