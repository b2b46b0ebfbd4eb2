//! User: whose token a request carries.

use serde::{Deserialize, Serialize};

use crate::scalar::id::{CountryId, TimezoneId, UserId};
use crate::scalar::{lenient, number};

/// The account of the caller of this very request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct CurrentUserResponse {
    /// The user.
    pub auth_user: CurrentUser,
}

/// The user whose token a request carries. Make sends more fields; only the id is relied on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct CurrentUser {
    /// The user's id.
    pub id: UserId,
    /// The user's name.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "lenient::text")]
    #[cfg_attr(feature = "schemars", schemars(with = "String"))]
    pub name: Option<String>,
    /// The user's e-mail address, as the server writes it.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "lenient::text")]
    #[cfg_attr(feature = "schemars", schemars(with = "String"))]
    pub email: Option<String>,
    /// The language of the web application for this user, such as `en`.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "lenient::text")]
    #[cfg_attr(feature = "schemars", schemars(with = "String"))]
    pub language: Option<String>,
    /// The user's time zone.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "lenient::optional")]
    #[cfg_attr(feature = "schemars", schemars(with = "TimezoneId"))]
    pub timezone_id: Option<TimezoneId>,
    /// The id of the user's locale.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "number::optional_integer")]
    #[cfg_attr(feature = "schemars", schemars(with = "i64"))]
    pub locale_id: Option<i64>,
    /// The user's country.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "lenient::optional")]
    #[cfg_attr(feature = "schemars", schemars(with = "CountryId"))]
    pub country_id: Option<CountryId>,
    /// The URL of the user's picture.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "lenient::text")]
    #[cfg_attr(feature = "schemars", schemars(with = "String"))]
    pub avatar: Option<String>,
    /// The IANA name of the user's time zone, such as `Europe/Prague`.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "lenient::text")]
    #[cfg_attr(feature = "schemars", schemars(with = "String"))]
    pub timezone: Option<String>,
    /// The code of the user's locale, such as `cs`.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "lenient::text")]
    #[cfg_attr(feature = "schemars", schemars(with = "String"))]
    pub locale: Option<String>,
}
