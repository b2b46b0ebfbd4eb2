//! Middleware of every request: its operation, the log, and the faults.

use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use axum::response::{IntoResponse, Response};
use hyper::body::Incoming;
use mms_types::sandbox::{FaultAction, FaultId};
use tower_service::Service;

use crate::app_state::AppState;
use crate::faults::{Closed, Effect};
use crate::http::body::{self, MAX_BODY_SIZE, MAX_STATE_SIZE};
use crate::http::hosts::Hosts;
use crate::http::operation::Target;
use crate::http::peer::Peer;
use crate::{api, control};

/// The way of a request from a connection to its answer.
#[derive(Debug, Clone)]
pub(crate) struct Middleware {
    pub(crate) app: Arc<AppState>,
    pub(crate) hosts: Arc<Hosts>,
    pub(crate) router: Router,
}

impl Middleware {
    /// Answers a request, or has its connection closed where a fault rule says so. Leaves one line of log, without query,
    /// token and body.
    pub(crate) async fn answer(self, request: Request<Incoming>, peer: SocketAddr) -> Result<Response, Closed> {
        let method = request.method().clone();
        let path = tracing::enabled!(tracing::Level::INFO).then(|| request.uri().path().to_owned());
        let answer = match self.hosts.check(&request) {
            Err(refusal) => Ok(refusal.into_response()),
            Ok(()) if control::is_below(request.uri().path()) => Ok(self.control(request, peer).await),
            Ok(()) => self.operate(request).await,
        };
        if let Some(path) = path {
            if let Ok(answer) = &answer {
                tracing::info!(%method, path, status = answer.status().as_u16(), "answered");
            } else {
                tracing::info!(%method, path, "closed");
            }
        }
        answer
    }

    async fn control(self, request: Request<Incoming>, peer: SocketAddr) -> Response {
        let (mut parts, body) = request.into_parts();
        // Nobody but the owner of the control token may send much.
        let limit = if control::may_enter(&parts, peer, &self.app).is_ok() { MAX_STATE_SIZE } else { MAX_BODY_SIZE };
        parts.extensions.insert(Peer(peer));
        parts.extensions.insert(body::receive(body, limit).await);
        self.route(Request::from_parts(parts, Body::empty())).await
    }

    async fn operate(self, request: Request<Incoming>) -> Result<Response, Closed> {
        let (mut parts, body) = request.into_parts();
        let received = body::receive(body, MAX_BODY_SIZE).await;
        let below = parts.uri.path().strip_prefix(api::ROOT);
        let Some(below) = below.filter(|below| below.is_empty() || below.starts_with('/')) else {
            return Ok(self.route(Request::from_parts(parts, Body::empty())).await);
        };
        let app = Arc::clone(&self.app);
        let target = Target::of(&parts.method, below);
        let body = received.0.as_ref().cloned().unwrap_or_default();
        let sequence = app.requests.came(app.clock.now(), &parts.method, &parts.uri, target, &body);
        let due = app.faults.due(&parts.method, target);
        parts.extensions.insert(received);
        if let Some(lagging) = due.lag {
            parts.extensions.insert(lagging);
        }
        let request = Request::from_parts(parts, Body::empty());
        let is_meddled_with = app.faults.is_any();
        let finish = self.finish(request, sequence, due.fault);
        if !is_meddled_with {
            return finish.await;
        }
        // Whoever hangs up during a fault does not stop the work: Make's server would not notice either.
        tokio::spawn(finish).await.unwrap_or(Err(Closed))
    }

    /// Does the work of an operation, as far as the rules let it be done, and records how it ended.
    async fn finish(
        self,
        request: Request,
        sequence: u64,
        due: Option<(FaultId, FaultAction)>,
    ) -> Result<Response, Closed> {
        let app = Arc::clone(&self.app);
        let (answer, fault) = match due {
            None => {
                let answer = self.route(request).await;
                let lagged = answer.extensions().get::<FaultId>().copied();
                (Ok(answer), lagged)
            }
            Some((id, action)) => (self.fail(Effect(action), request).await, Some(id)),
        };
        let status = answer.as_ref().ok().map(|answer| answer.status().as_u16());
        app.requests.ended(sequence, status, fault);
        answer
    }

    async fn fail(self, effect: Effect, request: Request) -> Result<Response, Closed> {
        match effect.before().await? {
            Some(answer) => Ok(answer),
            None => effect.after(self.route(request).await).await,
        }
    }

    async fn route(mut self, request: Request) -> Response {
        match self.router.call(request).await {
            Ok(answer) => answer,
            Err(impossible) => match impossible {},
        }
    }
}
