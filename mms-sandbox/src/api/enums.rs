//! Make's own lists, for any valid token.

use axum::Json;
use mms_types::{CountryList, RegionList, TimezoneList, ZoneList};

use super::caller::{AnyScope, Caller};
use crate::catalogue;

pub(super) async fn regions(_: Caller<AnyScope>) -> Json<&'static RegionList> {
    Json(catalogue::regions())
}

pub(super) async fn countries(_: Caller<AnyScope>) -> Json<&'static CountryList> {
    Json(catalogue::countries())
}

pub(super) async fn zones(_: Caller<AnyScope>) -> Json<&'static ZoneList> {
    Json(catalogue::zones())
}

pub(super) async fn timezones(_: Caller<AnyScope>) -> Json<&'static TimezoneList> {
    Json(catalogue::timezones())
}
