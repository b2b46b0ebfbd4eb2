//! Environment of a client: time and chance, as they come in from outside.

pub(crate) mod clock;
pub(crate) mod random;
