//! Aftermath of a create that the server refused, as a look shows it.

use super::error::CreateOnceError;
use super::outcome::CreateOnce;
use crate::write::look::Look;

/// What a look after a refusal shows.
pub(super) enum Aftermath {
    /// The outcome of the call: the child, or doubt about it.
    Outcome(Result<CreateOnce, CreateOnceError>),
    /// No child, by this look, or by the server's word where that leaves no doubt and no list can be read.
    Nothing(Option<Box<Look>>),
}
