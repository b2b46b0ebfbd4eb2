//! Host and origin check, against DNS rebinding and requests from foreign web pages.
//!
//! A web page can make a browser send requests to this machine, under a host name that resolves to it. A request whose `Host`
//! is not one of the server's names, or whose `Origin` is another site, is refused. No response has CORS headers.

use std::net::{IpAddr, SocketAddr};

use http::header::{HOST, ORIGIN};
use http::uri::Authority;
use http::{HeaderMap, Request, Version};

use crate::http::error_response::ErrorResponse;

/// The host names that the server accepts.
#[derive(Debug, Clone)]
pub(crate) struct AllowedHosts {
    /// The address that the server listens on, as the base URL has it.
    authority: String,
    listen: IpAddr,
    allowed_names: Vec<String>,
}

impl AllowedHosts {
    /// Allows `localhost`, loopback addresses, the address that the server listens on, and `allowed_names`. A server that
    /// listens on every address accepts every address, but no other name.
    pub(crate) fn new(listen: SocketAddr, allowed_names: Vec<String>) -> Self {
        Self { authority: listen.to_string(), listen: listen.ip(), allowed_names }
    }

    /// Refuses a request for another host, or from another origin.
    pub(crate) fn check<B>(&self, request: &Request<B>) -> Result<(), ErrorResponse> {
        let host = single_value(request.headers(), HOST.as_str())?;
        if let Some(asked) = request.uri().authority() {
            self.check_host(asked.as_str())?;
        }
        match host {
            Some(host) => self.check_host(host)?,
            None if request.version() < Version::HTTP_11 => {}
            None => return Err(ErrorResponse::bad_request("The header Host is missing.")),
        }
        let Some(origin) = single_value(request.headers(), ORIGIN.as_str())? else { return Ok(()) };
        let own = host
            .is_some_and(|host| origin.strip_prefix("http://").is_some_and(|origin| origin.eq_ignore_ascii_case(host)));
        if own {
            Ok(())
        } else {
            Err(ErrorResponse::forbidden(format!("Pages of {origin:?} may not speak to this server.")))
        }
    }

    fn check_host(&self, host: &str) -> Result<(), ErrorResponse> {
        // The usual case, without parsing.
        if host == self.authority {
            return Ok(());
        }
        let authority = host.parse::<Authority>().ok().filter(|authority| !authority.as_str().contains('@'));
        if authority.is_some_and(|authority| self.is_allowed(authority.host())) {
            return Ok(());
        }
        Err(ErrorResponse::forbidden(format!(
            "This server does not answer to the host {host:?}: name it when the sandbox is started."
        )))
    }

    fn is_allowed(&self, name: &str) -> bool {
        let bare = name.strip_prefix('[').and_then(|name| name.strip_suffix(']')).unwrap_or(name);
        if let Ok(address) = bare.parse::<IpAddr>() {
            return address.is_loopback() || address == self.listen || self.listen.is_unspecified();
        }
        let is = |known: &str| name.eq_ignore_ascii_case(known);
        is("localhost")
            || name.to_ascii_lowercase().ends_with(".localhost")
            || self.allowed_names.iter().any(|known| is(known))
    }
}

/// Returns the value of a header that may stand once.
fn single_value<'a>(headers: &'a HeaderMap, name: &str) -> Result<Option<&'a str>, ErrorResponse> {
    let mut values = headers.get_all(name).iter();
    match (values.next(), values.next()) {
        (None, _) => Ok(None),
        (Some(value), None) if value.to_str().is_ok() => Ok(value.to_str().ok()),
        _ => Err(ErrorResponse::bad_request(format!("The header {name} must stand there once, in ASCII."))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(listen: &str, headers: &[(&str, &str)]) -> Result<(), ErrorResponse> {
        let hosts = AllowedHosts::new(listen.parse().unwrap(), vec!["sandbox.test".to_owned()]);
        let mut request = Request::get("/api/v2/organizations/11");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        hosts.check(&request.body(()).unwrap())
    }

    #[test]
    fn names_of_this_machine_and_given_ones_are_answered() {
        for host in
            ["127.0.0.1:8787", "localhost", "LOCALHOST:8787", "api.localhost:1", "[::1]:8787", "sandbox.test:8787"]
        {
            assert!(check("127.0.0.1:8787", &[("host", host)]).is_ok(), "{host}");
        }
        assert!(check("10.0.0.5:8787", &[("host", "10.0.0.5:8787")]).is_ok());
        assert!(check("0.0.0.0:8787", &[("host", "192.168.1.4:8787")]).is_ok());
    }

    #[test]
    fn a_name_that_somebody_points_at_this_machine_is_refused() {
        for host in ["evil.example", "evil.example:8787", "10.0.0.5", "localhost.evil.example", "a@127.0.0.1:x", ""] {
            assert!(check("127.0.0.1:8787", &[("host", host)]).is_err(), "{host}");
        }
        assert!(check("0.0.0.0:8787", &[("host", "evil.example")]).is_err());
        assert!(check("127.0.0.1:8787", &[]).is_err());
        assert!(check("127.0.0.1:8787", &[("host", "localhost"), ("host", "localhost")]).is_err());
    }

    #[test]
    fn only_pages_of_the_server_itself_may_speak_to_it() {
        let from = |origin: &str| check("127.0.0.1:8787", &[("host", "localhost:8787"), ("origin", origin)]);
        assert!(from("http://localhost:8787").is_ok());
        for origin in ["http://localhost:3000", "https://localhost:8787", "https://evil.example", "null", ""] {
            assert!(from(origin).is_err(), "{origin}");
        }
    }
}
