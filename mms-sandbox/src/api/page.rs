//! Page of a list, as the query asks for it.

use axum::extract::{FromRequestParts, Query};
use http::request::Parts;
use mms_types::sandbox::Paging;
use mms_types::{PageLimit, PageOffset, Pagination};

use super::Api;
use super::validation::ValidationErrors;
use crate::http::refusal::Refusal;

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
    /// Returns what the answer says about its own page.
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

impl FromRequestParts<Api> for Page {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, api: &Api) -> Result<Self, Refusal> {
        let behaviour = api.behaviour();
        let mut page = Self { limit: behaviour.page_limit.get(), offset: 0 };
        if behaviour.paging == Paging::Ignored {
            return Ok(page);
        }
        let Query(parameters) = Query::<Vec<(String, String)>>::from_request_parts(parts, api)
            .await
            .map_err(|rejection| Refusal::bad_request(rejection.body_text()))?;
        let mut mistakes = ValidationErrors::default();
        for (name, text) in parameters {
            match name.as_str() {
                LIMIT => page.limit = mistakes.check(LIMIT, text.parse()).map_or(page.limit, PageLimit::get),
                OFFSET => page.offset = mistakes.check(OFFSET, text.parse()).map_or(page.offset, PageOffset::get),
                _ => {}
            }
        }
        mistakes.none_in(page)
    }
}
