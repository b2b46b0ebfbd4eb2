//! Safe text: what may be shown on a terminal.

mod escape;
mod secrets;

pub(super) use escape::printable;
pub(crate) use secrets::Secrets;
