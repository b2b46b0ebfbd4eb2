//! The operations of the contract: checks and answers.
//!
//! Every operation checks in the same order, which its arguments spell out: token, scope, path and query, media type and
//! body, and then the state. What a request says is judged here; what is stored, under [`crate::store`].

mod authorization;
mod caller;
mod children;
mod consumption;
mod enums;
mod fields;
mod mistakes;
mod organization;
mod page;
mod path;

use axum::Router;
use axum::extract::Request;
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, patch};
use http::header::CONTENT_TYPE;
use http::{Method, Uri};

use crate::clock::Clock;
use crate::error::Refusal;
use crate::store::Store;

/// The path of the API root, as on Make's servers.
pub(crate) const ROOT: &str = "/api/v2";

/// The contract that this server keeps.
const CONTRACT: &str = include_str!("../../../openapi/mms.json");

/// What every operation works with.
#[derive(Debug, Clone)]
pub(crate) struct Api {
    pub(crate) store: Store,
    pub(crate) clock: Clock,
}

/// Routes every operation of the contract, and the contract itself.
pub(crate) fn router(api: Api) -> Router {
    let operations = Router::new()
        .route("/organizations/{organizationId}/managed-organizations", get(children::list).post(children::create))
        .route(
            "/organizations/{organizationId}/managed-organizations/{childOrganizationId}",
            patch(children::update_allocation),
        )
        .route("/organizations/{organizationId}/managed-organizations-consumption", get(consumption::list))
        .route("/organizations/{organizationId}", get(organization::get))
        .route("/users/me/current-authorization", get(authorization::get))
        .route("/enums/imt-regions", get(enums::regions))
        .route("/enums/countries", get(enums::countries))
        .route("/enums/imt-zones", get(enums::zones))
        .route("/enums/timezones", get(enums::timezones));
    Router::new()
        .nest(ROOT, operations)
        .route("/openapi.json", get(contract))
        .fallback(unknown_path)
        .method_not_allowed_fallback(method_not_allowed)
        .layer(middleware::from_fn(log))
        .with_state(api)
}

async fn contract() -> impl IntoResponse {
    ([(CONTENT_TYPE, "application/json")], CONTRACT)
}

async fn unknown_path(uri: Uri) -> Refusal {
    Refusal::unknown_path(uri.path())
}

async fn method_not_allowed(method: Method, uri: Uri) -> Refusal {
    Refusal::method_not_allowed(method.as_str(), uri.path())
}

/// Leaves one line a request, without its query, its token and its body.
async fn log(request: Request, next: Next) -> Response {
    let method = request.method().clone();
    let path = request.uri().path().to_owned();
    let response = next.run(request).await;
    tracing::info!(%method, path, status = response.status().as_u16(), "answered");
    response
}

#[cfg(test)]
mod tests {
    use std::io::{self, Write};
    use std::sync::{Arc, Mutex};

    use axum::body::Body;
    use http::header::AUTHORIZATION;
    use hyper::service::Service;
    use hyper_util::service::TowerToHyperService;
    use jiff::Timestamp;

    use super::*;
    use crate::seed::SEED_TOKEN;

    #[derive(Clone, Default)]
    struct Lines(Arc<Mutex<Vec<u8>>>);

    impl Write for Lines {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().write(bytes)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    /// Stands here and not among the tests over the wire, because those request at the same time without a subscriber.
    #[tokio::test]
    async fn a_request_leaves_one_line_without_its_query_its_token_and_its_body() {
        let lines = Lines::default();
        let writer = lines.clone();
        let subscriber = tracing_subscriber::fmt().with_ansi(false).with_writer(move || writer.clone()).finish();
        let _guard = tracing::subscriber::set_default(subscriber);

        let (store, _closed) = Store::open(None, Timestamp::now()).await.unwrap();
        let request = Request::patch("/api/v2/organizations/11/managed-organizations/101?secret=1")
            .header(AUTHORIZATION, format!("Token {SEED_TOKEN}"))
            .header(CONTENT_TYPE, "application/json")
            .body(Body::from(r#"{"operations":770000}"#))
            .unwrap();
        let service = TowerToHyperService::new(router(Api { store, clock: Timestamp::now }));
        let response = service.call(request).await.unwrap();
        assert_eq!(response.status(), 409);

        let text = String::from_utf8(lines.0.lock().unwrap().clone()).unwrap();
        assert_eq!(text.lines().count(), 1, "{text}");
        for part in ["INFO", "PATCH", "\"/api/v2/organizations/11/managed-organizations/101\"", "status=409"] {
            assert!(text.contains(part), "{part} in {text}");
        }
        for part in [SEED_TOKEN, "secret", "770000"] {
            assert!(!text.contains(part), "{part} in {text}");
        }
    }
}
