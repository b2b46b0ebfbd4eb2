//! HTTP of the server: connections, and what every request passes before its operation. No operation is answered here.

pub(crate) mod body;
pub(crate) mod error_response;
pub(crate) mod host_check;
pub(crate) mod listener;
pub(crate) mod operation;
pub(crate) mod peer;
pub(crate) mod rate_limit;
pub(crate) mod request_log;
