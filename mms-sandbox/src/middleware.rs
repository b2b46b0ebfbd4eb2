//! Middleware of every request: host check, body, request log, faults, and the line in the log.

use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use axum::response::{IntoResponse, Response};
use http::HeaderName;
use hyper::body::Incoming;
use mms_types::SANDBOX_ID_HEADER;
use mms_types::sandbox::{FaultAction, FaultId};
use tower_service::Service;

use crate::app_state::AppState;
use crate::faults::{ConnectionClosed, Effect};
use crate::http::body::{self, MAX_BYTES, MAX_STATE_BYTES};
use crate::http::host_check::AllowedHosts;
use crate::http::operation::Target;
use crate::http::peer::PeerAddress;
use crate::{api, control};

/// Header of every answer, by which a client tells this sandbox from another at the same address.
const SANDBOX_ID: HeaderName = HeaderName::from_static(SANDBOX_ID_HEADER);

/// Handler of every request, in front of the router.
#[derive(Debug, Clone)]
pub(crate) struct Middleware {
    pub(crate) app: Arc<AppState>,
    pub(crate) hosts: Arc<AllowedHosts>,
    pub(crate) router: Router,
}

impl Middleware {
    /// Answers a request, or closes its connection where a fault rule says so. Logs one line, without query, token and body.
    pub(crate) async fn handle(
        self,
        request: Request<Incoming>,
        peer: SocketAddr,
    ) -> Result<Response, ConnectionClosed> {
        let method = request.method().clone();
        let path = tracing::enabled!(tracing::Level::INFO).then(|| request.uri().path().to_owned());
        let app = Arc::clone(&self.app);
        let mut response = match self.hosts.check(&request) {
            Err(refusal) => Ok(refusal.into_response()),
            Ok(()) if control::is_below(request.uri().path()) => Ok(self.handle_control(request, peer).await),
            Ok(()) => self.handle_api(request).await,
        };
        if let Ok(response) = &mut response {
            response.headers_mut().insert(SANDBOX_ID, app.identity());
        }
        if let Some(path) = path {
            if let Ok(response) = &response {
                tracing::info!(%method, path, status = response.status().as_u16(), "answered");
            } else {
                tracing::info!(%method, path, "closed");
            }
        }
        response
    }

    async fn handle_control(self, request: Request<Incoming>, peer: SocketAddr) -> Response {
        let (mut parts, body) = request.into_parts();
        // Only a caller with the control token may send a large body.
        let limit = if control::authorize(&parts, peer, &self.app).is_ok() { MAX_STATE_BYTES } else { MAX_BYTES };
        parts.extensions.insert(PeerAddress(peer));
        parts.extensions.insert(body::receive(body, limit).await);
        self.route(Request::from_parts(parts, Body::empty())).await
    }

    async fn handle_api(self, request: Request<Incoming>) -> Result<Response, ConnectionClosed> {
        let (mut parts, body) = request.into_parts();
        let received = body::receive(body, MAX_BYTES).await;
        let below = parts.uri.path().strip_prefix(api::ROOT);
        let Some(below) = below.filter(|below| below.is_empty() || below.starts_with('/')) else {
            return Ok(self.route(Request::from_parts(parts, Body::empty())).await);
        };
        let app = Arc::clone(&self.app);
        let target = Target::of(&parts.method, below);
        let body = received.0.as_ref().cloned().unwrap_or_default();
        let sequence = app.requests.record_request(app.clock.now(), &parts.method, &parts.uri, target, &body);
        let due = app.faults.due(&parts.method, target);
        parts.extensions.insert(received);
        if let Some(lagging) = due.lag {
            parts.extensions.insert(lagging);
        }
        let request = Request::from_parts(parts, Body::empty());
        let has_faults = app.faults.is_any();
        let work_and_record = self.work_and_record(request, sequence, due.fault);
        if !has_faults {
            return work_and_record.await;
        }
        // A caller that hangs up during a fault does not stop the work, as it would not stop Make's server.
        tokio::spawn(work_and_record).await.unwrap_or(Err(ConnectionClosed))
    }

    /// Runs an operation with the fault that is due, and records the response.
    async fn work_and_record(
        self,
        request: Request,
        sequence: u64,
        due: Option<(FaultId, FaultAction)>,
    ) -> Result<Response, ConnectionClosed> {
        let app = Arc::clone(&self.app);
        let (response, fault) = match due {
            None => {
                let response = self.route(request).await;
                let lagged = response.extensions().get::<FaultId>().copied();
                (Ok(response), lagged)
            }
            Some((id, action)) => (self.apply_fault(Effect(action), request).await, Some(id)),
        };
        let status = response.as_ref().ok().map(|response| response.status().as_u16());
        app.requests.record_answer(sequence, status, fault);
        response
    }

    async fn apply_fault(self, effect: Effect, request: Request) -> Result<Response, ConnectionClosed> {
        match effect.before().await? {
            Some(response) => Ok(response),
            None => effect.after(self.route(request).await).await,
        }
    }

    async fn route(mut self, request: Request) -> Response {
        match self.router.call(request).await {
            Ok(response) => response,
            Err(impossible) => match impossible {},
        }
    }
}
