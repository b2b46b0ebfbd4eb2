//! Texts of a create, each checked before it can be sent.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use email_address::Options;
use serde::{Deserialize, Serialize};

/// Says why a text is not what a create may send.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TextError {
    text: String,
    expected: Cow<'static, str>,
}

impl fmt::Display for TextError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{:?} is not {}", self.text, self.expected)
    }
}

impl std::error::Error for TextError {}

/// Declares a text with a rule. For a text that breaks it, the rule completes the sentence "X is not ...".
macro_rules! text {
    ($(#[$doc:meta])* $name:ident, $rule:expr, $($key:literal = $value:expr),+) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
        #[cfg_attr(feature = "schemars", schemars(extend($($key = $value),+)))]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            /// Returns the text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl TryFrom<String> for $name {
            type Error = TextError;

            fn try_from(text: String) -> Result<Self, TextError> {
                let rule: fn(&str) -> Result<(), Cow<'static, str>> = $rule;
                match rule(&text) {
                    Ok(()) => Ok(Self(text)),
                    Err(expected) => Err(TextError { text, expected }),
                }
            }
        }

        impl FromStr for $name {
            type Err = TextError;

            fn from_str(text: &str) -> Result<Self, TextError> {
                text.to_owned().try_into()
            }
        }

        impl From<$name> for String {
            fn from(text: $name) -> Self {
                text.0
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(formatter)
            }
        }
    };
}

text!(
    /// The name of a new organization.
    ///
    /// Letters, digits, spaces and `' - . ( ) * + , @ _ /`, with no space at either end: what Make's help pages allow for an
    /// organization's name. Beyond ASCII everything that can be seen is taken: the server decides.
    OrganizationName,
    organization_name,
    "minLength" = 1,
    "pattern" = r##"^[^\x00-\x20!"#$%&:;<=>?\[\\\]^`{|}~\x7f-\xa0\xad\u034f\u061c\u115f\u1160\u1680\u180e\u2000-\u200b\u200e\u200f\u2028-\u202f\u205f-\u2069\u2800\u3000\u3164\ufeff\uffa0]([^\x00-\x1f!"#$%&:;<=>?\[\\\]^`{|}~\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\u2800\u3164\ufeff\uffa0]*[^\x00-\x20!"#$%&:;<=>?\[\\\]^`{|}~\x7f-\xa0\xad\u034f\u061c\u115f\u1160\u1680\u180e\u2000-\u200b\u200e\u200f\u2028-\u202f\u205f-\u2069\u2800\u3000\u3164\ufeff\uffa0])?$"##
);

text!(
    /// The name of a new organization's owner, who may or may not have an account with Make.
    ///
    /// Any text without invisible characters and with no space at either end.
    UserName,
    user_name,
    "minLength" = 1,
    "pattern" = r"^[^\x00-\x20\x7f-\xa0\xad\u034f\u061c\u115f\u1160\u1680\u180e\u2000-\u200b\u200e\u200f\u2028-\u202f\u205f-\u2069\u2800\u3000\u3164\ufeff\uffa0]([^\x00-\x1f\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\u2800\u3164\ufeff\uffa0]*[^\x00-\x20\x7f-\xa0\xad\u034f\u061c\u115f\u1160\u1680\u180e\u2000-\u200b\u200e\u200f\u2028-\u202f\u205f-\u2069\u2800\u3000\u3164\ufeff\uffa0])?$"
);

text!(
    /// The e-mail address of a new organization's owner.
    ///
    /// A plain address such as `ada@acme.example`: ASCII, no display name, no quotes, a domain with a dot.
    EmailAddress,
    plain_address,
    "format" = "email"
);

fn organization_name(text: &str) -> Result<(), Cow<'static, str>> {
    let bad = text.chars().find(|character| is_invisible(*character) || is_forbidden(*character));
    match bad {
        Some(bad) => Err(format!(
            "an organization name: it has {bad:?}; letters, digits, spaces and ' - . ( ) * + , @ _ / can be in one"
        )
        .into()),
        None if is_trimmed(text) => Ok(()),
        None => Err("an organization name: it must not be empty, or begin or end with a space".into()),
    }
}

fn user_name(text: &str) -> Result<(), Cow<'static, str>> {
    match text.chars().find(|character| is_invisible(*character)) {
        Some(bad) => Err(format!("a user name: it has {bad:?}, which shows nothing").into()),
        None if is_trimmed(text) => Ok(()),
        None => Err("a user name: it must not be empty, or begin or end with a space".into()),
    }
}

fn plain_address(text: &str) -> Result<(), Cow<'static, str>> {
    if !text.is_ascii() {
        return Err(
            "an e-mail address of ASCII characters alone: write a domain of other letters in its xn-- form".into()
        );
    }
    let plain = Options::default().without_display_text().without_domain_literal().with_required_tld();
    match email_address::EmailAddress::parse_with_options(text, plain) {
        Ok(address) if !text.contains('"') && !address.domain().split('.').any(is_reserved) => Ok(()),
        _ => Err("an e-mail address: expected a plain one like ada@acme.example".into()),
    }
}

/// Says whether a label of a domain has the form that is kept for encodings, `xx--...`, and is not in the one that exists.
fn is_reserved(label: &str) -> bool {
    label.get(2..4) == Some("--") && !label.starts_with("xn--")
}

fn is_trimmed(text: &str) -> bool {
    !text.is_empty() && !text.starts_with(char::is_whitespace) && !text.ends_with(char::is_whitespace)
}

/// Says whether a character is of ASCII and not among those that Make's help pages allow in a name.
fn is_forbidden(character: char) -> bool {
    character.is_ascii() && !character.is_ascii_alphanumeric() && !" '-.()*+,@_/".contains(character)
}

/// Says whether a character shows nothing, so that two names could look alike: controls, marks of direction, spaces without
/// width, hyphens and joiners that do not show, fillers, tags. The joiners of Persian and Indian scripts are not among them.
///
/// The patterns of the schemas leave out the tags, U+E0000 to U+E007F, which no escape names in every regular expression.
#[must_use]
pub fn is_invisible(character: char) -> bool {
    character.is_control()
        || matches!(
            character,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{180e}' | '\u{200b}' | '\u{200e}' | '\u{200f}'
                | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{2800}' | '\u{3164}' | '\u{feff}' | '\u{ffa0}'
                | '\u{e0000}'..='\u{e007f}'
        )
}
