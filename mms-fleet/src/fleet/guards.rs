//! Guards: limits of what one apply may change.

use std::fmt;

/// Limits of what one apply may change. Each is checked before the first write, and lifted by a flag of its own.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Guards {
    /// The most children that one apply may create; no limit by default.
    pub max_creates: Option<Limit>,
    /// The most children whose allocation one apply may change; no limit by default.
    pub max_change: Option<Limit>,
    /// Credits that stay in the pool at every step; 0 by default.
    pub pool_reserve: u64,
}

/// A number of children. Its `Display` is how a file and a flag have it, such as `10%`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Limit {
    /// So many.
    Count(u64),
    /// So many percent of the children that the distributor has. It counts from ten children on: of fewer, a share says nothing.
    Percent(u8),
}

impl fmt::Display for Limit {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Count(count) => count.fmt(formatter),
            Self::Percent(percent) => write!(formatter, "{percent}%"),
        }
    }
}
