//! Secrets: texts that a person gave where they are shown, and that nothing on standard error repeats.

use std::borrow::Cow;
use std::ffi::OsString;

/// What stands in the place of a secret.
const HIDDEN: &str = "[hidden: it looks like a token]";

/// Least length of a secret: a shorter one would hide half of a sentence.
const LEAST: usize = 8;

/// Lengths of the groups of a UUID, the form of Make's API tokens.
const GROUPS: [usize; 5] = [8, 4, 4, 4, 12];

/// Texts that are not shown.
#[derive(Debug, Clone, Default)]
pub(crate) struct Secrets(Vec<String>);

impl Secrets {
    /// Takes the token of the environment, and the UUIDs among the arguments, where a token stands in the wrong place.
    pub(crate) fn of(token: Option<OsString>, arguments: &[OsString]) -> Self {
        let given = token.map(|token| token.to_string_lossy().trim().to_owned()).filter(|token| token.len() >= LEAST);
        let arguments = arguments.iter().map(|argument| argument.to_string_lossy());
        let uuids = arguments.flat_map(|argument| uuids(&argument).map(str::to_owned).collect::<Vec<_>>());
        Self(given.into_iter().chain(uuids).map(|secret| secret.to_ascii_lowercase()).collect())
    }

    /// Returns a text without them, in whatever case.
    pub(crate) fn hide<'a>(&self, text: &'a str) -> Cow<'a, str> {
        let mut text = Cow::Borrowed(text);
        for secret in &self.0 {
            let mut from = 0;
            while let Some(found) = text[from..].to_ascii_lowercase().find(secret) {
                let start = from + found;
                text = Cow::Owned(format!("{}{HIDDEN}{}", &text[..start], &text[start + secret.len()..]));
                // What stands there now is not searched: a secret may be among its words.
                from = start + HIDDEN.len();
            }
        }
        text
    }
}

/// Finds the UUIDs in a text.
fn uuids(text: &str) -> impl Iterator<Item = &str> {
    let length = GROUPS.iter().sum::<usize>() + GROUPS.len() - 1;
    text.char_indices().filter_map(move |(start, _)| text.get(start..start + length).filter(|part| is_uuid(part)))
}

fn is_uuid(text: &str) -> bool {
    let mut groups = text.split('-');
    let is_group = |length: usize| {
        let is_of = |group: &str| group.len() == length && group.bytes().all(|byte| byte.is_ascii_hexdigit());
        groups.next().is_some_and(is_of)
    };
    GROUPS.into_iter().all(is_group)
}

#[cfg(test)]
mod tests {
    use super::*;

    const UUID: &str = "01234567-89ab-4def-8123-456789abcdef";

    fn secrets(arguments: &[&str]) -> Secrets {
        Secrets::of(None, &arguments.iter().map(OsString::from).collect::<Vec<_>>())
    }

    #[test]
    fn a_uuid_among_the_arguments_is_hidden_in_whatever_case_and_form() {
        for argument in
            [UUID, &format!("Token {UUID}"), &format!("--name={}", UUID.to_uppercase()), &format!("äß{UUID}x")]
        {
            let secrets = secrets(&["mms", argument]);
            for text in [UUID.to_owned(), UUID.to_uppercase()] {
                let shown = secrets.hide(&format!("unknown child organization \"{text}\" and {text}")).into_owned();
                assert_eq!(shown, format!("unknown child organization \"{HIDDEN}\" and {HIDDEN}"));
            }
        }
    }

    #[test]
    fn the_token_of_the_environment_is_hidden_whatever_its_form() {
        let secrets = |token: &str| Secrets::of(Some(token.into()), &[]);
        assert_eq!(secrets("s3cr3t-0f-m4k3\n").hide("--name: S3CR3T-0f-m4k3!"), format!("--name: {HIDDEN}!"));
        assert_eq!(secrets("a").hide("a word"), "a word");
        assert_eq!(secrets("like a token").hide("like a token"), HIDDEN);
    }

    #[test]
    fn what_is_no_token_is_shown() {
        for text in ["0123456789abcdef0123456789abcdef", "01234567-89ab-4def-8123-456789abcde", "id:123", "Acme", ""] {
            assert_eq!(secrets(&["mms", text]).hide(text), text);
        }
        assert_eq!(secrets(&["mms"]).hide(UUID), UUID, "one that the server says, such as the id of a request");
    }
}
