//! Access to the control side: from this machine, with the control token.

use std::net::{IpAddr, SocketAddr};

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::header::AUTHORIZATION;
use http::request::Parts;

use super::Control;
use crate::app_state::AppState;
use crate::http::peer::Peer;
use crate::http::refusal::Refusal;

/// Lets a request in, or refuses it.
pub(super) async fn guard(State(control): State<Control>, request: Request, next: Next) -> Response {
    let peer = request.extensions().get::<Peer>().map(|peer| peer.0);
    let (parts, body) = request.into_parts();
    let refusal = match peer {
        Some(peer) => may_enter(&parts, peer, &control.app).err(),
        None => Some(Refusal::forbidden("The caller is not known.")),
    };
    match refusal {
        Some(refusal) => refusal.without_code().into_response(),
        None => next.run(Request::from_parts(parts, body)).await,
    }
}

/// Says whether a request comes from this machine and has the control token.
pub(crate) fn may_enter(parts: &Parts, peer: SocketAddr, app: &AppState) -> Result<(), Refusal> {
    if !is_loopback(peer.ip()) {
        return Err(Refusal::forbidden("The control side answers requests from loopback alone."));
    }
    let token = parts.headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok());
    let token = token.and_then(|text| text.split_once(' ')).filter(|(scheme, _)| scheme.eq_ignore_ascii_case("Token"));
    match token {
        Some((_, token)) if token == app.control_token() => Ok(()),
        Some(_) => Err(Refusal::unauthorized("This is not the control token of this sandbox.")),
        None => Err(Refusal::unauthorized("The header Authorization must read: Token, a space, the control token.")),
    }
}

/// An IPv4 address may come in the clothes of IPv6.
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
