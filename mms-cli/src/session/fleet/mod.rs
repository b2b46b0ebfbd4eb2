//! What the fleet commands do with a session: observe, and carry steps out.

mod apply;
mod observe;
mod place;
mod runs;
mod who;

pub(crate) use apply::ApplyRequest;
pub(crate) use runs::{Asked, OpenRun, settled_in_words};
