//! Texts that a create sends, each checked before it can be sent.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// Says why a text is not what a create may send.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TextError {
    text: String,
    expected: &'static str,
}

impl fmt::Display for TextError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{:?} is not {}", self.text, self.expected)
    }
}

impl std::error::Error for TextError {}

/// Declares a text with a rule: `$valid` decides, `$expected` completes the sentence "X is not ...".
macro_rules! text {
    ($(#[$doc:meta])* $name:ident, $valid:expr, $expected:literal, $($key:literal = $value:expr),+) => {
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
                let valid: fn(&str) -> bool = $valid;
                if valid(&text) { Ok(Self(text)) } else { Err(TextError { text, expected: $expected }) }
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
    /// Letters of any script, digits, spaces and `' - . ( ) * + , @ _ /`, with no space at either end: what Make's help
    /// pages allow for an organization's name.
    OrganizationName,
    |text| is_trimmed(text) && text.chars().all(is_name_character),
    "an organization name: letters, digits, spaces and ' - . ( ) * + , @ _ / with no space at either end",
    "minLength" = 1,
    "pattern" = r##"^[^\x00-\x20!"#$%&:;<=>?\[\\\]^`{|}~\x7f]([^\x00-\x1f!"#$%&:;<=>?\[\\\]^`{|}~\x7f]*[^\x00-\x20!"#$%&:;<=>?\[\\\]^`{|}~\x7f])?$"##
);

text!(
    /// The name of a new organization's owner, who may or may not have an account with Make.
    ///
    /// Any text without control characters and with no space at either end.
    UserName,
    |text| is_trimmed(text) && !text.chars().any(|character| character.is_ascii_control()),
    "a user name: expected a text without control characters and with no space at either end",
    "minLength" = 1,
    "pattern" = r"^[^\x00-\x20\x7f]([^\x00-\x1f\x7f]*[^\x00-\x20\x7f])?$"
);

text!(
    /// The e-mail address of a new organization's owner.
    ///
    /// A plain address such as `ada@acme.example`: no display name, no quotes.
    EmailAddress,
    email_address::EmailAddress::is_valid,
    "an e-mail address: expected one like ada@acme.example",
    "format" = "email"
);

fn is_trimmed(text: &str) -> bool {
    !text.is_empty() && !text.starts_with(' ') && !text.ends_with(' ')
}

/// Says whether a character may stand in an organization's name. Beyond ASCII the server decides.
fn is_name_character(character: char) -> bool {
    !character.is_ascii() || character.is_ascii_alphanumeric() || " '-.()*+,@_/".contains(character)
}
