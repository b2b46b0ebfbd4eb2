//! Control side: state, clock, usage, behaviour, faults and request log of a running sandbox.
//!
//! It has two faces, the handle [`Control`] and the routes under `/_sandbox/`, which call the handle.

mod auth;
mod error;
mod handle;
mod parameters;
mod routes;

pub(crate) use auth::authorize;
pub use error::ControlError;
pub use handle::Control;
pub(crate) use routes::{ROOT, is_below, router};
