//! HTTP of the sandbox, before and after the operations.

pub(crate) mod accept_loop;
pub(crate) mod body;
pub(crate) mod hosts;
pub(crate) mod middleware;
pub(crate) mod operation;
pub(crate) mod peer;
pub(crate) mod refusal;
pub(crate) mod request_log;
