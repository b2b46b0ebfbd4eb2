//! Operations of Make's enums, for any valid token.

use axum::Json;
use mms_types::{CountryList, RegionList, TimezoneList, ZoneList};

use super::auth::{AnyScope, Caller};
use crate::enums;

pub(super) async fn regions(_: Caller<AnyScope>) -> Json<&'static RegionList> {
    Json(enums::regions())
}

pub(super) async fn countries(_: Caller<AnyScope>) -> Json<&'static CountryList> {
    Json(enums::countries())
}

pub(super) async fn zones(_: Caller<AnyScope>) -> Json<&'static ZoneList> {
    Json(enums::zones())
}

pub(super) async fn timezones(_: Caller<AnyScope>) -> Json<&'static TimezoneList> {
    Json(enums::timezones())
}
