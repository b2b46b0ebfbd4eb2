//! Pages of a list.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::scalar::{lenient, number};

/// How the server cut a list into pages. Each field is sometimes missing; there is no total count.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Pagination {
    /// The last key of the page.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "lenient::optional")]
    #[cfg_attr(feature = "schemars", schemars(with = "String"))]
    pub last: Option<String>,
    /// Whether the last key is of use.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "number::boolean::optional")]
    #[cfg_attr(feature = "schemars", schemars(with = "bool"))]
    pub show_last: Option<bool>,
    /// The field by which the list is sorted.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "lenient::optional")]
    #[cfg_attr(feature = "schemars", schemars(with = "String"))]
    pub sort_by: Option<String>,
    /// The direction in which the list is sorted: `asc` or `desc`.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "lenient::optional")]
    #[cfg_attr(feature = "schemars", schemars(with = "String"))]
    pub sort_dir: Option<String>,
    /// The most rows that the server puts in a page.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "number::optional_integer")]
    #[cfg_attr(feature = "schemars", schemars(with = "i64"))]
    pub limit: Option<i64>,
    /// How many rows come before this page.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "number::optional_integer")]
    #[cfg_attr(feature = "schemars", schemars(with = "i64"))]
    pub offset: Option<i64>,
}

/// Says why a number or a text is no page limit or offset.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageError {
    text: String,
    minimum: u32,
}

impl fmt::Display for PageError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { text, minimum } = self;
        write!(formatter, "{text:?} is out of range: expected a whole number from {minimum} to {}", i32::MAX)
    }
}

impl std::error::Error for PageError {}

macro_rules! page_parameter {
    ($(#[$doc:meta])* $name:ident, $minimum:literal) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
        #[cfg_attr(
            feature = "schemars",
            schemars(extend("format" = "int32", "minimum" = $minimum, "maximum" = i32::MAX))
        )]
        #[serde(try_from = "u32", into = "u32")]
        pub struct $name(u32);

        impl $name {
            /// Takes a number of rows, if it is in range.
            pub fn new(rows: u32) -> Result<Self, PageError> {
                if ($minimum..=i32::MAX.unsigned_abs()).contains(&rows) {
                    Ok(Self(rows))
                } else {
                    Err(PageError { text: rows.to_string(), minimum: $minimum })
                }
            }

            /// Returns the bare number of rows.
            #[must_use]
            pub const fn get(self) -> u32 {
                self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(formatter)
            }
        }

        impl FromStr for $name {
            type Err = PageError;

            fn from_str(text: &str) -> Result<Self, PageError> {
                let digits = text.bytes().all(|byte| byte.is_ascii_digit());
                let rows = text.parse().ok().filter(|_| digits);
                rows.ok_or_else(|| PageError { text: text.to_owned(), minimum: $minimum }).and_then(Self::new)
            }
        }

        impl TryFrom<u32> for $name {
            type Error = PageError;

            fn try_from(rows: u32) -> Result<Self, PageError> {
                Self::new(rows)
            }
        }

        impl From<$name> for u32 {
            fn from(rows: $name) -> Self {
                rows.0
            }
        }
    };
}

page_parameter!(
    /// The most rows that a caller wants in a page, from 1.
    PageLimit, 1
);
impl PageLimit {
    /// The limit of most of Make's lists where the caller names none.
    pub const DEFAULT: Self = Self(100);

    /// The largest that a client of ours asks for by itself.
    pub const LARGEST: Self = Self(10_000);
}

page_parameter!(
    /// How many rows a caller wants to pass over, from 0.
    PageOffset, 0
);
