//! Limit per minute of a token's organization, and the 429 of a request beyond it.

use mms_types::sandbox::{Behaviour, RetryAfter};

use crate::app_state::AppState;
use crate::http::error_response::ErrorResponse;
use crate::store::tables::tokens::Grant;

/// Counts a request, and refuses one that is beyond the limit.
pub(crate) fn admit(app: &AppState, grant: &Grant, behaviour: &Behaviour) -> Result<(), ErrorResponse> {
    app.admit(grant).map_err(|seconds| {
        let retry_after = (behaviour.retry_after == RetryAfter::Present).then_some(seconds);
        ErrorResponse::too_many_requests(behaviour.limit_body, retry_after)
    })
}
