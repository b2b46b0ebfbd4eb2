//! What a session does for commands that write: observe, and carry steps out.

mod apply;
mod observe;
mod one_by_one;
mod place;
mod runs;
mod who;

pub(crate) use apply::ApplyRequest;
pub(crate) use runs::{Asked, settled_in_words};
