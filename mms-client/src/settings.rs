//! What a client carries besides its connection pool.

use crate::token::ApiToken;

/// The part of a client that the generated code hands through to the hooks.
#[derive(Debug, Clone)]
pub struct Settings {
    pub(crate) token: ApiToken,
}
