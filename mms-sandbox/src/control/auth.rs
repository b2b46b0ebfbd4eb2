//! Authentication of the control side: loopback callers with the control token.

use std::net::{IpAddr, SocketAddr};

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::header::AUTHORIZATION;
use http::request::Parts;

use super::handle::Control;
use crate::app_state::AppState;
use crate::http::error_response::ErrorResponse;
use crate::http::peer::PeerAddress;

/// Middleware: passes an authorized request on, or refuses it.
pub(super) async fn require_control_token(State(control): State<Control>, request: Request, next: Next) -> Response {
    let peer = request.extensions().get::<PeerAddress>().map(|peer| peer.0);
    let (parts, body) = request.into_parts();
    let refusal = match peer {
        Some(peer) => authorize(&parts, peer, &control.app).err(),
        None => Some(ErrorResponse::forbidden("The caller is not known.")),
    };
    match refusal {
        Some(refusal) => refusal.without_code().into_response(),
        None => next.run(Request::from_parts(parts, body)).await,
    }
}

/// Refuses a request that does not come from this machine or lacks the control token.
pub(crate) fn authorize(parts: &Parts, peer: SocketAddr, app: &AppState) -> Result<(), ErrorResponse> {
    if !is_loopback(peer.ip()) {
        return Err(ErrorResponse::forbidden("The control side answers requests from loopback alone."));
    }
    let token = parts.headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok());
    let token = token.and_then(|text| text.split_once(' ')).filter(|(scheme, _)| scheme.eq_ignore_ascii_case("Token"));
    match token {
        Some((_, token)) if token == app.control_token() => Ok(()),
        Some(_) => Err(ErrorResponse::unauthorized("This is not the control token of this sandbox.")),
        None => {
            Err(ErrorResponse::unauthorized("The header Authorization must read: Token, a space, the control token."))
        }
    }
}

/// An IPv4 address may come mapped into IPv6.
fn is_loopback(address: IpAddr) -> bool {
    address.to_canonical().is_loopback()
}

#[cfg(test)]
mod tests {
    use super::is_loopback;

    #[test]
    fn this_machine_is_known_in_both_families() {
        for address in ["127.0.0.1", "127.8.8.8", "::1", "::ffff:127.0.0.1"] {
            assert!(is_loopback(address.parse().unwrap()), "{address}");
        }
        for address in ["10.0.0.5", "::ffff:10.0.0.5", "fe80::1"] {
            assert!(!is_loopback(address.parse().unwrap()), "{address}");
        }
    }
}
