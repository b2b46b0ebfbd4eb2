//! Identifiers: one type each, so that a region cannot be passed where a country belongs.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize};

use crate::number;

/// Says why a text or a number is no identifier.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdError(String);

impl fmt::Display for IdError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{:?} is not an id: expected a whole number from 1", self.0)
    }
}

impl std::error::Error for IdError {}

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        ///
        /// Make's own number, from 1. A parsed or converted id is checked; one that a server sent is taken as it is.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
        #[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
        #[cfg_attr(feature = "schemars", schemars(extend("format" = "int64", "minimum" = 1)))]
        #[serde(transparent)]
        pub struct $name(u64);

        impl $name {
            /// Wraps an id that is known to be one; Make answers 404 for a number that it does not know.
            #[must_use]
            pub const fn new(id: u64) -> Self {
                Self(id)
            }

            /// Returns the bare number.
            #[must_use]
            pub const fn get(self) -> u64 {
                self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(formatter)
            }
        }

        impl FromStr for $name {
            type Err = IdError;

            fn from_str(text: &str) -> Result<Self, IdError> {
                text.bytes()
                    .all(|byte| byte.is_ascii_digit())
                    .then(|| text.parse().ok())
                    .flatten()
                    .filter(|id| *id > 0)
                    .map(Self)
                    .ok_or_else(|| IdError(text.to_owned()))
            }
        }

        impl TryFrom<u64> for $name {
            type Error = IdError;

            fn try_from(id: u64) -> Result<Self, IdError> {
                if id == 0 { Err(IdError(id.to_string())) } else { Ok(Self(id)) }
            }
        }

        /// Lets an integer literal stand for an id: `.organization_id(11)`.
        impl TryFrom<i32> for $name {
            type Error = IdError;

            fn try_from(id: i32) -> Result<Self, IdError> {
                u64::try_from(id).map_err(|_| IdError(id.to_string()))?.try_into()
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                number::integer(deserializer).map(Self)
            }
        }
    };
}

id!(
    /// Identifies an organization: a distributor or one of its children.
    OrganizationId
);
id!(
    /// Identifies a region in which Make can host an organization.
    RegionId
);
id!(
    /// Identifies a country in Make's list; not an ISO number.
    CountryId
);
id!(
    /// Identifies a zone, the installation of Make that hosts an organization.
    ZoneId
);
id!(
    /// Identifies a time zone in Make's list.
    TimezoneId
);
id!(
    /// Identifies a user of Make.
    UserId
);
