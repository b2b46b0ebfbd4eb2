//! What the generated code carries for its hooks, which are none here.

/// Nothing.
#[derive(Debug, Clone)]
pub struct Settings;
