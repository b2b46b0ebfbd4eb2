//! Tables of the database, one file each: queries and changes.

pub(crate) mod children;
pub(crate) mod consumption;
pub(crate) mod organizations;
mod pool;
pub(crate) mod tokens;
pub(crate) mod usage;
pub(crate) mod users;
