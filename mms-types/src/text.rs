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
    /// Letters, digits, spaces and `' - . ( ) * + , @ _ /`, with no space at either end: what Make's help pages allow for an
    /// organization's name. Beyond ASCII everything that can be seen is taken: the server decides.
    OrganizationName,
    |text| is_trimmed(text) && !text.chars().any(|character| is_invisible(character) || is_forbidden(character)),
    "an organization name: it must not be empty, begin or end with a space, or have invisible characters or one of \
     ! \" # $ % & : ; < = > ? [ \\ ] ^ ` { | } ~",
    "minLength" = 1,
    "pattern" = r##"^[^\x00-\x20!"#$%&:;<=>?\[\\\]^`{|}~\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff]([^\x00-\x1f!"#$%&:;<=>?\[\\\]^`{|}~\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff]*[^\x00-\x20!"#$%&:;<=>?\[\\\]^`{|}~\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff])?$"##
);

text!(
    /// The name of a new organization's owner, who may or may not have an account with Make.
    ///
    /// Any text without invisible characters and with no space at either end.
    UserName,
    |text| is_trimmed(text) && !text.chars().any(is_invisible),
    "a user name: it must not be empty, begin or end with a space, or have invisible characters",
    "minLength" = 1,
    "pattern" = r"^[^\x00-\x20\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff]([^\x00-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff]*[^\x00-\x20\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff])?$"
);

text!(
    /// The e-mail address of a new organization's owner.
    ///
    /// A plain address such as `ada@acme.example`: no display name, no quotes, a domain with a dot.
    EmailAddress,
    is_plain_address,
    "an e-mail address: expected a plain one like ada@acme.example",
    "format" = "email"
);

fn is_trimmed(text: &str) -> bool {
    !text.is_empty() && !text.starts_with(' ') && !text.ends_with(' ')
}

/// Says whether a character is of ASCII and not among those that Make's help pages allow in a name.
fn is_forbidden(character: char) -> bool {
    character.is_ascii() && !character.is_ascii_alphanumeric() && !" '-.()*+,@_/".contains(character)
}

/// Says whether a character shows nothing, so that two names could look alike: controls, marks of direction, spaces without
/// width. The joiners of Persian and Indian scripts are not among them.
#[must_use]
pub fn is_invisible(character: char) -> bool {
    character.is_control()
        || matches!(
            character,
            '\u{61c}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}'
        )
}

fn is_plain_address(text: &str) -> bool {
    let plain = email_address::Options::default().without_display_text().without_domain_literal().with_required_tld();
    !text.contains('"') && email_address::EmailAddress::parse_with_options(text, plain).is_ok()
}
