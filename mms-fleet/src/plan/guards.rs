//! Guards of a plan: how much it may change, in children and credits.

use serde::{Deserialize, Serialize};

use super::step::Step;
use super::stop::StopKind;
use crate::fleet::guards::{Guards, Limit};

/// Fewest children of a distributor for which a share counts: of fewer, one child is more than a tenth.
const LEAST_FOR_A_SHARE: usize = 10;

/// Guards that replace those of the fleet for one plan: a flag for each, and none for all of them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct GuardOverrides {
    /// In place of `max_creates`.
    pub max_creates: Option<Limit>,
    /// In place of `max_change`.
    pub max_change: Option<Limit>,
    /// In place of `pool_reserve`.
    pub pool_reserve: Option<u64>,
}

/// What a plan may change, after shares were reckoned.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Allowance {
    /// The most children that may be created; nothing without a limit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schemars", schemars(with = "u64"))]
    pub creates: Option<u64>,
    /// The most children whose allocation may change; nothing without a limit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schemars", schemars(with = "u64"))]
    pub changes: Option<u64>,
    /// Credits that stay in the pool at every step.
    pub pool_reserve: u64,
}

impl Allowance {
    /// Returns what guards allow of a distributor that has so many children.
    pub(super) fn new(guards: &Guards, overrides: &GuardOverrides, children: usize) -> Self {
        let figure = |guard: Option<Limit>| guard.and_then(|limit| figure(limit, children));
        Self {
            creates: figure(overrides.max_creates.or(guards.max_creates)),
            changes: figure(overrides.max_change.or(guards.max_change)),
            pool_reserve: overrides.pool_reserve.unwrap_or(guards.pool_reserve),
        }
    }

    /// Returns which limits the steps exceed.
    pub(super) fn exceeded(&self, steps: &[Step]) -> Vec<StopKind> {
        let count = |is_create: bool| steps.iter().filter(|step| step.is_create() == is_create).count() as u64;
        let mut exceeded = Vec::new();
        let creates = count(true);
        if let Some(allowed) = self.creates.filter(|allowed| creates > *allowed) {
            exceeded.push(StopKind::TooManyCreates { creates, allowed });
        }
        let changes = count(false);
        if let Some(allowed) = self.changes.filter(|allowed| changes > *allowed) {
            exceeded.push(StopKind::TooManyChanges { changes, allowed });
        }
        exceeded
    }
}

/// Returns a limit in children; nothing where it does not count.
fn figure(limit: Limit, children: usize) -> Option<u64> {
    match limit {
        Limit::Count(count) => Some(count),
        Limit::Percent(_) if children < LEAST_FOR_A_SHARE => None,
        Limit::Percent(percent) => Some((children as u64).saturating_mul(percent.into()) / 100),
    }
}
