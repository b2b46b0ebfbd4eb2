//! Pool of the distributor before and after a write.

use std::fmt;

use mms_types::Organization;

use crate::invocation::Invocation;
use crate::output::data::grouped;
use crate::output::failure::{Failure, ask_for_less};

/// Credits that a write takes from the pool, or gives back to it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct PoolChange {
    /// Credits in the pool; nothing where the token may not read it, so that the server alone decides.
    before: Option<i64>,
    taken: i128,
}

impl PoolChange {
    /// Takes a number of credits - a negative one gives back - and refuses what is more than the pool holds.
    pub(crate) fn new(
        organization: Option<&Organization>,
        taken: i128,
        invocation: &Invocation,
    ) -> Result<Self, Failure> {
        let before = organization.and_then(|organization| organization.license.as_ref()?.operations);
        match before {
            Some(pool) if taken > i128::from(pool).max(0) => Err(too_small(pool, taken, invocation)),
            _ => Ok(Self { before, taken }),
        }
    }

    /// Returns the credits in the pool after the write.
    pub(crate) fn after(self) -> Option<i64> {
        i64::try_from(i128::from(self.before?) - self.taken).ok()
    }

    /// Returns the credits in the pool before the write.
    pub(crate) const fn before(self) -> Option<i64> {
        self.before
    }
}

/// Makes the failure of a pool that does not have what is needed.
pub(super) fn too_small(pool: i64, taken: i128, invocation: &Invocation) -> Failure {
    Failure::failed(format!("the pool is too small: it holds {pool} credits, {taken} are needed"))
        .hint(ask_for_less(invocation))
}

impl fmt::Display for PoolChange {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.before {
            Some(pool) => write!(formatter, "{} -> {}", grouped(pool), grouped(i128::from(pool) - self.taken)),
            None => formatter.write_str("unknown: the token may not read the organization"),
        }
    }
}

#[cfg(test)]
mod tests {
    use mms_types::samples;

    use super::*;

    fn change(organization: Option<&Organization>, taken: i128) -> Result<PoolChange, Failure> {
        PoolChange::new(organization, taken, &Invocation::default())
    }

    fn organization(pool: Option<i64>) -> Organization {
        samples::distributor(11, pool)
    }

    #[test]
    fn a_pool_can_be_emptied_and_no_more() {
        let organization = organization(Some(20_000));

        assert_eq!(change(Some(&organization), 20_000).unwrap().to_string(), "20,000 -> 0");
        let failure = change(Some(&organization), 30_000).unwrap_err();
        assert_eq!(failure.message(), "the pool is too small: it holds 20000 credits, 30000 are needed");
    }

    #[test]
    fn credits_can_be_given_back_to_an_overdrawn_pool() {
        let organization = organization(Some(-10_000));

        assert_eq!(change(Some(&organization), -20_000).unwrap().to_string(), "-10,000 -> 10,000");
        assert!(change(Some(&organization), 0).is_ok());
    }

    #[test]
    fn an_unknown_pool_leaves_the_decision_to_the_server() {
        assert!(change(None, i128::MAX).unwrap().to_string().starts_with("unknown"));
        assert!(change(Some(&organization(None)), 1).is_ok());
    }
}
