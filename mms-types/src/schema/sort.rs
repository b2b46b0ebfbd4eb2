//! Order of a list: the field and the direction that a caller asks for.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// Says why a text names no field or direction of a sort.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SortError {
    text: String,
    expected: &'static [&'static str],
}

impl fmt::Display for SortError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{:?} is not known: expected {}", self.text, self.expected.join(" or "))
    }
}

impl std::error::Error for SortError {}

macro_rules! sort_parameter {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $text:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
        #[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
        pub enum $name {
            $($(#[$variant_doc])* #[serde(rename = $text)] $variant),+
        }

        impl $name {
            /// Returns the text that a request carries.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $text),+
                }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str(self.as_str())
            }
        }

        impl FromStr for $name {
            type Err = SortError;

            fn from_str(text: &str) -> Result<Self, SortError> {
                match text {
                    $($text => Ok(Self::$variant),)+
                    _ => Err(SortError { text: text.to_owned(), expected: &[$($text),+] }),
                }
            }
        }
    };
}

sort_parameter!(
    /// A field by which the organizations of a user are sorted. Make documents `name`, and no list of others.
    OrganizationSortKey {
        /// The organization's id.
        Id = "id",
        /// The organization's name, as where a caller names no field.
        #[default]
        Name = "name",
    }
);

sort_parameter!(
    /// The direction of a sort.
    SortDirection {
        /// The least first, as where a caller names no direction.
        #[default]
        Ascending = "asc",
        /// The greatest first.
        Descending = "desc",
    }
);
