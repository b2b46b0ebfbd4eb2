//! Paging parameters of a list.

use axum::extract::{FromRequestParts, Query};
use http::request::Parts;
use mms_types::sandbox::Paging;
use mms_types::{OrganizationSortKey, PageLimit, PageOffset, Pagination, SortDirection};

use super::validation_errors::ValidationErrors;
use crate::app_state::SharedAppState;
use crate::http::error_response::ErrorResponse;

const LIMIT: &str = "pg[limit]";
const OFFSET: &str = "pg[offset]";
const SORT_BY: &str = "pg[sortBy]";
const SORT_DIRECTION: &str = "pg[sortDir]";

/// The organizations in a page where the caller names no number, as in the example of Make's reference.
const ORGANIZATIONS: u32 = 10_000;

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
        self.sorted(OrganizationSortKey::Name, SortDirection::Ascending)
    }

    fn sorted(&self, by: OrganizationSortKey, direction: SortDirection) -> Pagination {
        Pagination {
            last: Some(String::new()),
            show_last: Some(true),
            sort_by: Some(by.to_string()),
            sort_dir: Some(direction.to_string()),
            limit: Some(self.limit.into()),
            offset: Some(self.offset.into()),
        }
    }

    /// Takes a parameter, if it is one of these.
    fn take(&mut self, name: &str, text: &str, errors: &mut ValidationErrors) {
        match name {
            LIMIT => self.limit = errors.check(LIMIT, text.parse()).map_or(self.limit, PageLimit::get),
            OFFSET => self.offset = errors.check(OFFSET, text.parse()).map_or(self.offset, PageOffset::get),
            _ => {}
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
        let mut errors = ValidationErrors::default();
        for (name, text) in parameters(parts, app).await? {
            page.take(&name, &text, &mut errors);
        }
        errors.ok_or_response(page)
    }
}

/// The paging parameters of the list of organizations, which Make documents: no switch turns them off.
#[derive(Debug)]
pub(super) struct OrganizationPage {
    page: Page,
    sort_by: OrganizationSortKey,
    sort_direction: SortDirection,
}

impl OrganizationPage {
    pub(super) const fn limit(&self) -> u32 {
        self.page.limit
    }

    pub(super) const fn offset(&self) -> u32 {
        self.page.offset
    }

    /// Returns the paging object of the response.
    pub(super) fn describe(&self) -> Pagination {
        self.page.sorted(self.sort_by, self.sort_direction)
    }
}

impl FromRequestParts<SharedAppState> for OrganizationPage {
    type Rejection = ErrorResponse;

    async fn from_request_parts(parts: &mut Parts, app: &SharedAppState) -> Result<Self, ErrorResponse> {
        let mut errors = ValidationErrors::default();
        let mut page = Page { limit: ORGANIZATIONS, offset: 0 };
        let (mut sort_by, mut sort_direction) = (OrganizationSortKey::default(), SortDirection::default());
        for (name, text) in parameters(parts, app).await? {
            match name.as_str() {
                SORT_BY => sort_by = errors.check(SORT_BY, text.parse()).unwrap_or(sort_by),
                SORT_DIRECTION => {
                    sort_direction = errors.check(SORT_DIRECTION, text.parse()).unwrap_or(sort_direction);
                }
                _ => page.take(&name, &text, &mut errors),
            }
        }
        errors.ok_or_response(Self { page, sort_by, sort_direction })
    }
}

async fn parameters(parts: &mut Parts, app: &SharedAppState) -> Result<Vec<(String, String)>, ErrorResponse> {
    let Query(parameters) = Query::from_request_parts(parts, app)
        .await
        .map_err(|rejection| ErrorResponse::bad_request(rejection.body_text()))?;
    Ok(parameters)
}
