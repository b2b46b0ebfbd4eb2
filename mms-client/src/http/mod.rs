//! One call over HTTP: from the generated operation to an answer or an error.

pub(crate) mod attempts;
pub(crate) mod connect_phase;
pub(crate) mod decode;
pub(crate) mod error_body;
pub(crate) mod events;
pub(crate) mod generated;
pub(crate) mod hooks;
pub(crate) mod operation;
pub(crate) mod raw;
pub(crate) mod retry;
#[allow(unreachable_pub, reason = "the generated code re-exports it, and this crate does not")]
pub(crate) mod runtime;
pub(crate) mod transport;
