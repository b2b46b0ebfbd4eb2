//! Plan: what would change, from a fleet and an observation. Pure: no I/O, no clock of its own.

pub(crate) mod drift;
pub(crate) mod pool;
pub(crate) mod step;
pub(crate) mod stop;

use jiff::civil::Date;
use mms_types::OrganizationId;

use drift::Drift;
use pool::{PoolCourse, Shortage};
use step::Step;
use stop::{Lift, Stop};

/// What would change, and what stands against it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// The writes, in an order in which the pool is never short: decreases first, then creates and increases by priority.
    pub steps: Vec<Step>,
    /// Why an apply refuses; none where it may go on.
    pub stops: Vec<Stop>,
    /// What differs and no write can mend.
    pub drift: Vec<Drift>,
    /// Children on hold that would otherwise change.
    pub held: Vec<ListedChild>,
    /// Retired children that are there no more.
    pub gone: Vec<String>,
    /// Children of the distributor that the fleet does not name. They are never touched.
    pub unmanaged: Vec<ListedChild>,
    /// How many children of the fleet are as it asks.
    pub unchanged: usize,
    /// The pool before, at its lowest and after; nothing where the token may not read it.
    pub pool: Option<PoolCourse>,
    /// What the pool lacks; nothing where it suffices.
    pub shortage: Option<Shortage>,
}

/// A child that is listed and not changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedChild {
    /// The id.
    pub id: OrganizationId,
    /// The name; nothing where the server sent none.
    pub name: Option<String>,
    /// The allocation in credits; nothing where the server sent none.
    pub credits: Option<i64>,
}

/// Choices of one plan.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PlanOptions {
    /// The day for which credits are looked up.
    pub today: Date,
    /// Whether children are left out that the pool cannot serve, those of the lowest priority first.
    pub partial: bool,
    /// Guards that are lifted for this once.
    pub lifted: Vec<Lift>,
}
