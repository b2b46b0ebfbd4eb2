//! Identifiers of records, drawn at random.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::env::random::Random;

/// Declares an identifier of 32 hexadecimal digits.
macro_rules! id {
    ($(#[$doc:meta])* $name:ident, $what:literal) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// Draws one.
            #[must_use]
            pub fn draw(random: &dyn Random) -> Self {
                Self(format!("{:016x}{:016x}", random.next_u64(), random.next_u64()))
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str(&self.0)
            }
        }

        impl FromStr for $name {
            type Err = IntentIdError;

            fn from_str(text: &str) -> Result<Self, IntentIdError> {
                let is_hexadecimal = text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
                if text.len() == 32 && is_hexadecimal {
                    Ok(Self(text.to_owned()))
                } else {
                    Err(IntentIdError { text: text.to_owned(), what: $what })
                }
            }
        }
    };
}

id! {
    /// Identifies an intent: 32 hexadecimal digits, drawn at random.
    IntentId, "an intent"
}

id! {
    /// Identifies a run: 32 hexadecimal digits, drawn at random.
    RunId, "a run"
}

/// Says that a text is no [`IntentId`] and no [`RunId`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IntentIdError {
    text: String,
    what: &'static str,
}

impl fmt::Display for IntentIdError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { text, what } = self;
        write!(formatter, "{text:?} is not {what}: expected 32 hexadecimal digits in lower case")
    }
}

impl std::error::Error for IntentIdError {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::env::random::SeededRandom;

    #[test]
    fn an_intent_reads_as_it_shows_and_nothing_else_does() {
        let id = IntentId::draw(&SeededRandom::new(1));
        assert_eq!(id.to_string().parse::<IntentId>().unwrap(), id);
        for text in ["", "12", "0123456789abcdef0123456789abcdeF", "0123456789abcdef0123456789abcdef0"] {
            let error = text.parse::<IntentId>().unwrap_err().to_string();
            assert_eq!(error, format!("{text:?} is not an intent: expected 32 hexadecimal digits in lower case"));
            let error = text.parse::<RunId>().unwrap_err().to_string();
            assert!(error.contains("is not a run: "), "{error}");
        }
    }
}
