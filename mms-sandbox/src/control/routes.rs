//! Routes of the control side, as `openapi/sandbox.yaml` describes them.

use std::time::Duration;

use axum::extract::{FromRequest, Request, State};
use axum::response::IntoResponse;
use axum::routing::{get, post};
use axum::{Json, Router, middleware};
use http::header::CONTENT_TYPE;
use http::{Method, Uri};
use mms_types::OrganizationId;
use mms_types::sandbox::{
    Behaviour, ChildState, ClockAdvance, ClockReading, ClockSetting, ConsumeRequest, CopyRequest, Fault, FaultId,
    FaultList, FaultRule, RequestList, SandboxCopy, SandboxState, StateSummary, UsageProfile,
};
use serde::de::DeserializeOwned;
use tokio::task::spawn_blocking;

use super::auth;
use super::error::ControlError;
use super::handle::Control;
use super::parameters::{Id, LogQuery};
use crate::http::body::{MAX_BYTES, ReceivedBody};
use crate::http::error_response::ErrorResponse;
use crate::schema_check::{DOCUMENT, Schema, from_json, from_yaml};

/// The root of the control side, beside the API and not below it.
pub(crate) const ROOT: &str = "/_sandbox";

/// Says whether a path is one of the control side.
pub(crate) fn is_below(path: &str) -> bool {
    path.strip_prefix(ROOT).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// Routes the operations of the control side, which the control token opens, and its document, which anyone may read.
pub(crate) fn router(control: Control) -> Router {
    let operations = Router::new()
        .route("/state", get(state).put(replace_state))
        .route("/reset", post(reset))
        .route("/copy", post(copy))
        .route("/clock", get(clock).put(set_clock))
        .route("/clock/advance", post(advance_clock))
        .route("/children/{childOrganizationId}", get(child))
        .route("/children/{childOrganizationId}/consumption", post(consume))
        .route("/children/{childOrganizationId}/usage", axum::routing::put(set_usage).delete(remove_usage))
        .route("/behaviour", get(behaviour).put(set_behaviour))
        .route("/faults", get(faults).post(add_fault).delete(remove_faults))
        .route("/faults/{faultId}", get(fault).delete(remove_fault))
        .route("/requests", get(requests).delete(forget_requests))
        .fallback(unknown_path)
        .method_not_allowed_fallback(method_not_allowed)
        .layer(middleware::from_fn_with_state(control.clone(), auth::require_control_token))
        .with_state(control);
    Router::new()
        .route("/openapi.json", get(document))
        .method_not_allowed_fallback(method_not_allowed)
        .merge(operations)
}

async fn document() -> impl IntoResponse {
    ([(CONTENT_TYPE, "application/json")], DOCUMENT)
}

async fn unknown_path(uri: Uri) -> ErrorResponse {
    ErrorResponse::unknown_path(&format!("{ROOT}{}", uri.path()))
}

async fn method_not_allowed(method: Method, uri: Uri) -> ErrorResponse {
    ErrorResponse::method_not_allowed(method.as_str(), &format!("{ROOT}{}", uri.path()))
}

async fn state(State(control): State<Control>) -> Result<Json<SandboxState>, ControlError> {
    control.state().await.map(Json)
}

async fn replace_state(
    State(control): State<Control>,
    StateBody(state): StateBody,
) -> Result<Json<StateSummary>, ControlError> {
    control.replace_state(state).await.map(Json)
}

async fn reset(State(control): State<Control>) -> Result<Json<StateSummary>, ControlError> {
    control.reset().await.map(Json)
}

async fn copy(
    State(control): State<Control>,
    JsonBody(request): JsonBody<CopyRequest>,
) -> Result<Json<SandboxCopy>, ControlError> {
    control.copy_to(request.path).await.map(Json)
}

async fn clock(State(control): State<Control>) -> Json<ClockReading> {
    Json(control.clock())
}

async fn set_clock(
    State(control): State<Control>,
    JsonBody(setting): JsonBody<ClockSetting>,
) -> Result<Json<ClockReading>, ControlError> {
    control.set_clock(setting).await.map(Json)
}

async fn advance_clock(
    State(control): State<Control>,
    JsonBody(advance): JsonBody<ClockAdvance>,
) -> Result<Json<ClockReading>, ControlError> {
    control.advance_clock(Duration::from_secs(advance.seconds)).await.map(Json)
}

async fn child(
    State(control): State<Control>,
    Id(child): Id<OrganizationId>,
) -> Result<Json<ChildState>, ControlError> {
    control.child(child).await.map(Json)
}

async fn consume(
    State(control): State<Control>,
    Id(child): Id<OrganizationId>,
    JsonBody(amount): JsonBody<ConsumeRequest>,
) -> Result<Json<ChildState>, ControlError> {
    control.consume(child, amount).await.map(Json)
}

async fn set_usage(
    State(control): State<Control>,
    Id(child): Id<OrganizationId>,
    JsonBody(profile): JsonBody<UsageProfile>,
) -> Result<Json<ChildState>, ControlError> {
    control.set_usage(child, profile).await.map(Json)
}

async fn remove_usage(
    State(control): State<Control>,
    Id(child): Id<OrganizationId>,
) -> Result<Json<ChildState>, ControlError> {
    control.remove_usage(child).await.map(Json)
}

async fn behaviour(State(control): State<Control>) -> Json<Behaviour> {
    Json(control.behaviour())
}

async fn set_behaviour(State(control): State<Control>, JsonBody(behaviour): JsonBody<Behaviour>) -> Json<Behaviour> {
    control.set_behaviour(behaviour);
    Json(control.behaviour())
}

async fn faults(State(control): State<Control>) -> Json<FaultList> {
    Json(control.faults())
}

async fn add_fault(
    State(control): State<Control>,
    JsonBody(rule): JsonBody<FaultRule>,
) -> Result<Json<Fault>, ControlError> {
    control.add_fault(rule).map(Json)
}

async fn remove_faults(State(control): State<Control>) -> Json<FaultList> {
    Json(control.remove_faults())
}

async fn fault(State(control): State<Control>, Id(fault): Id<FaultId>) -> Result<Json<Fault>, ControlError> {
    control.fault(fault).map(Json)
}

async fn remove_fault(State(control): State<Control>, Id(fault): Id<FaultId>) -> Result<Json<Fault>, ControlError> {
    control.remove_fault(fault).map(Json)
}

async fn requests(State(control): State<Control>, LogQuery(filter): LogQuery) -> Json<RequestList> {
    Json(control.requests(&filter))
}

async fn forget_requests(State(control): State<Control>) -> Json<RequestList> {
    Json(control.forget_requests())
}

/// A body in JSON.
struct JsonBody<T>(T);

impl<T: DeserializeOwned + Schema + Send + 'static> FromRequest<Control> for JsonBody<T> {
    type Rejection = ErrorResponse;

    async fn from_request(request: Request, _: &Control) -> Result<Self, ErrorResponse> {
        match media_type(&request).as_str() {
            "application/json" => read(request, from_json).await.map(Self),
            _ => Err(ErrorResponse::unsupported_media_type()),
        }
        .map_err(ErrorResponse::without_code)
    }
}

/// A body in JSON, or in YAML where its media type says so.
struct StateBody(SandboxState);

impl FromRequest<Control> for StateBody {
    type Rejection = ErrorResponse;

    async fn from_request(request: Request, _: &Control) -> Result<Self, ErrorResponse> {
        match media_type(&request).as_str() {
            "application/json" => read(request, from_json).await.map(Self),
            "application/yaml" | "application/x-yaml" | "text/yaml" => read(request, from_yaml).await.map(Self),
            _ => Err(ErrorResponse::neither_json_nor_yaml()),
        }
        .map_err(ErrorResponse::without_code)
    }
}

/// Returns the media type of a body in lower case, without its parameters.
fn media_type(request: &Request) -> String {
    let value = request.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    value.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
}

/// Reads a body; a large one not on the thread that serves connections.
async fn read<T: Send + 'static>(
    mut request: Request,
    decode: fn(&[u8]) -> Result<T, String>,
) -> Result<T, ErrorResponse> {
    let Some(ReceivedBody(body)) = request.extensions_mut().remove() else {
        return Err(ErrorResponse::internal("The body of the request was not read.".to_owned()));
    };
    let body = body?;
    let decoded = if body.len() > MAX_BYTES {
        let decoded = spawn_blocking(move || decode(&body)).await;
        decoded.map_err(|error| ErrorResponse::internal(format!("The body of the request was not read: {error}.")))?
    } else {
        decode(&body)
    };
    decoded.map_err(|error| ErrorResponse::bad_request(format!("The body cannot be read: {error}.")))
}
