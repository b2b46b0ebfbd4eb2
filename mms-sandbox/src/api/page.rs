//! Paging parameters of a list.

use axum::extract::{FromRequestParts, Query};
use http::request::Parts;
use mms_types::sandbox::Paging;
use mms_types::{PageLimit, PageOffset, Pagination};

use super::validation_errors::ValidationErrors;
use crate::app_state::SharedAppState;
use crate::http::error_response::ErrorResponse;

const LIMIT: &str = "pg[limit]";
const OFFSET: &str = "pg[offset]";

/// The parameters `pg[limit]` and `pg[offset]`. Where one comes twice, the last counts; others are ignored, and so are these
/// where the sandbox does not honour paging.
#[derive(Debug)]
pub(super) struct Page {
    pub(super) limit: u32,
    pub(super) offset: u32,
}

impl Page {
    /// Returns the paging object of the response.
    pub(super) fn describe(&self) -> Pagination {
        Pagination {
            last: Some(String::new()),
            show_last: Some(true),
            sort_by: Some("name".to_owned()),
            sort_dir: Some("asc".to_owned()),
            limit: Some(self.limit.into()),
            offset: Some(self.offset.into()),
        }
    }
}

impl FromRequestParts<SharedAppState> for Page {
    type Rejection = ErrorResponse;

    async fn from_request_parts(parts: &mut Parts, app: &SharedAppState) -> Result<Self, ErrorResponse> {
        let behaviour = app.behaviour();
        let mut page = Self { limit: behaviour.page_limit.get(), offset: 0 };
        if behaviour.paging == Paging::Ignored {
            return Ok(page);
        }
        let Query(parameters) = Query::<Vec<(String, String)>>::from_request_parts(parts, app)
            .await
            .map_err(|rejection| ErrorResponse::bad_request(rejection.body_text()))?;
        let mut errors = ValidationErrors::default();
        for (name, text) in parameters {
            match name.as_str() {
                LIMIT => page.limit = errors.check(LIMIT, text.parse()).map_or(page.limit, PageLimit::get),
                OFFSET => page.offset = errors.check(OFFSET, text.parse()).map_or(page.offset, PageOffset::get),
                _ => {}
            }
        }
        errors.ok_or_response(page)
    }
}
