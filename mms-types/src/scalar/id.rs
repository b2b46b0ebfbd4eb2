//! Identifiers: one type each, so that a region cannot be passed where a country belongs.

use std::fmt;
use std::str::FromStr;

use serde::ser::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::scalar::number;

/// The largest id that the contract can say: ids are signed 64-bit integers there.
const MAX: u64 = i64::MAX.unsigned_abs();

/// Says why a text or a number is no identifier.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdError(String);

impl fmt::Display for IdError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let is_number = !self.0.is_empty() && self.0.bytes().all(|byte| byte.is_ascii_digit());
        if is_number && self.0.bytes().any(|byte| byte != b'0') {
            return write!(formatter, "{} is too large for an id", self.0);
        }
        write!(formatter, "{:?} is not an id: expected a whole number from 1", self.0)
    }
}

impl std::error::Error for IdError {}

/// Writes an id into a request, if the contract can say it.
pub(crate) fn checked<I, S>(id: &I, serializer: S) -> Result<S::Ok, S::Error>
where
    I: Copy + TryFrom<u64, Error = IdError> + Into<u64> + Serialize,
    S: Serializer,
{
    I::try_from((*id).into()).map_err(S::Error::custom)?.serialize(serializer)
}

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

            /// Reads an id, or nothing where there is none to be read. It keeps nothing, since the rows of a list are many.
            #[allow(dead_code, reason = "rows have not each kind of id")]
            pub(crate) fn optional<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Self>, D::Error> {
                Ok(number::optional_integer(deserializer)?.map(Self))
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
                let digits = text.bytes().all(|byte| byte.is_ascii_digit());
                let id: Option<u64> = text.parse().ok().filter(|_| digits);
                id.and_then(|id| Self::try_from(id).ok()).ok_or_else(|| IdError(text.to_owned()))
            }
        }

        impl TryFrom<u64> for $name {
            type Error = IdError;

            fn try_from(id: u64) -> Result<Self, IdError> {
                if (1..=MAX).contains(&id) { Ok(Self(id)) } else { Err(IdError(id.to_string())) }
            }
        }

        /// Lets an integer literal stand for an id: `.organization_id(11)`.
        impl TryFrom<i32> for $name {
            type Error = IdError;

            fn try_from(id: i32) -> Result<Self, IdError> {
                u64::try_from(id).map_err(|_| IdError(id.to_string()))?.try_into()
            }
        }

        impl From<$name> for u64 {
            fn from(id: $name) -> Self {
                id.0
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
