//! Operations of the contract: validation of requests, and responses.
//!
//! Every operation checks in the same order, which its arguments spell out: token, scope, path and query, media type and
//! body, and then the state. What a request says is judged here; what is stored, under [`crate::store`].

mod auth;
mod children;
mod consumption;
mod current_user;
mod enums;
mod fields;
mod json_response;
mod organizations;
mod page;
mod path;
mod validation_errors;

use axum::Router;
use axum::response::IntoResponse;
use axum::routing::{get, patch};
use http::header::CONTENT_TYPE;
use http::{Method, Uri};

use crate::app_state::SharedAppState;
use crate::control::{self, Control};
use crate::http::error_response::ErrorResponse;

/// The path of the API root, as on Make's servers.
pub(crate) const ROOT: &str = "/api/v2";

/// The contract that this server keeps.
pub(crate) const CONTRACT: &str = include_str!("../../openapi/mms.json");

/// Routes every operation of the contract, the contract itself, and the control side.
///
/// The paths are written whole: a nested router would take every path apart and put it together again.
pub(crate) fn router(app: SharedAppState) -> Router {
    let control = control::router(Control { app: app.clone() });
    Router::new()
        .route(
            "/api/v2/organizations/{organizationId}/managed-organizations",
            get(children::list).post(children::create),
        )
        .route(
            "/api/v2/organizations/{organizationId}/managed-organizations/{childOrganizationId}",
            patch(children::update_allocation),
        )
        .route("/api/v2/organizations/{organizationId}/managed-organizations-consumption", get(consumption::list))
        .route("/api/v2/organizations", get(organizations::list))
        .route("/api/v2/organizations/{organizationId}", get(organizations::get))
        .route("/api/v2/users/me", get(current_user::get))
        .route("/api/v2/users/me/current-authorization", get(current_user::authorization))
        .route("/api/v2/enums/imt-regions", get(enums::regions))
        .route("/api/v2/enums/countries", get(enums::countries))
        .route("/api/v2/enums/imt-zones", get(enums::zones))
        .route("/api/v2/enums/timezones", get(enums::timezones))
        .route("/openapi.json", get(contract))
        .fallback(unknown_path)
        .method_not_allowed_fallback(method_not_allowed)
        .with_state(app)
        .nest(control::ROOT, control)
}

async fn contract() -> impl IntoResponse {
    ([(CONTENT_TYPE, "application/json")], CONTRACT)
}

async fn unknown_path(uri: Uri) -> ErrorResponse {
    ErrorResponse::unknown_path(uri.path())
}

async fn method_not_allowed(method: Method, uri: Uri) -> ErrorResponse {
    ErrorResponse::method_not_allowed(method.as_str(), uri.path())
}
