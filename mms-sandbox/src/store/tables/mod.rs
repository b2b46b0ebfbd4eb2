//! Queries, one file a table.

pub(crate) mod children;
pub(crate) mod consumption;
pub(crate) mod distributors;
pub(super) mod integers;
mod pool;
pub(crate) mod settings;
pub(super) mod timestamps;
pub(crate) mod tokens;
pub(crate) mod usage;
pub(crate) mod users;
