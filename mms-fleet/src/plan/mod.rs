//! Plan: what would change, from a fleet and an observation. Pure: no I/O, no clock of its own.

mod draft;
pub(crate) mod drift;
pub(crate) mod entries;
pub(crate) mod estimate;
pub(crate) mod guards;
pub(crate) mod needs;
pub(crate) mod pool;
pub(crate) mod saved;
pub(crate) mod step;
pub(crate) mod stop;
pub(crate) mod undo;

use jiff::civil::Date;
use mms_types::{Operations, OrganizationId};
use serde::{Deserialize, Serialize};

use crate::fleet::Fleet;
use crate::observed::{Observed, ObservedChild};
use drift::{Drift, NotCompared};
use guards::{Allowance, GuardOverrides};
use needs::Needs;
use pool::{PoolCourse, Shortage};
use step::Step;
use stop::Stop;

/// What would change, and what stands against it.
///
/// It does not depend on the order of the fleet's entries or of the children. As JSON it has everything but what else has to be
/// read; what it deletes or replaces is nothing, since no plan does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Plan {
    /// The writes, in an order in which the pool is never short: decreases first, then creates and increases by priority.
    pub steps: Vec<Step>,
    /// The writes that a partial plan leaves out, because the pool does not serve them: whole children, those of the lowest priority.
    pub left_out: Vec<Step>,
    /// Why an apply refuses; none where it may go on. Those of the plan as a whole first, then by their place in the files.
    pub stops: Vec<Stop>,
    /// What differs and no write can mend.
    pub drift: Vec<Drift>,
    /// Regions and countries that were not compared, because the lists of them were not read: there may be more drift.
    pub not_compared: Vec<NotCompared>,
    /// Children on hold that would otherwise change.
    pub held: Vec<HeldChild>,
    /// Retired children that are there no more, by name.
    pub gone: Vec<String>,
    /// Children that were found by their name, and whose entries have no id yet.
    pub bound: Vec<Binding>,
    /// Children of the distributor that the fleet does not name. They are never touched.
    pub unmanaged: Vec<ListedChild>,
    /// How many children of the fleet are as it asks.
    pub unchanged: u64,
    /// The pool before, at its lowest and after; nothing where the token may not read it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schemars", schemars(with = "PoolCourse"))]
    pub pool: Option<PoolCourse>,
    /// What the pool lacks; nothing where it suffices.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schemars", schemars(with = "Shortage"))]
    pub shortage: Option<Shortage>,
    /// What the guards allow.
    pub allowance: Allowance,
    #[serde(skip)]
    needs: Needs,
}

/// A child that is listed and not changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ListedChild {
    /// The id.
    pub organization_id: OrganizationId,
    /// The name; nothing where the server sent none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schemars", schemars(with = "String"))]
    pub name: Option<String>,
    /// The allocation in credits; nothing where the server sent none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schemars", schemars(with = "i64"))]
    pub credits: Option<i64>,
}

/// A child on hold, and what would be written without.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct HeldChild {
    /// Its name as the fleet has it.
    pub name: String,
    /// The child; nothing where it would be created.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schemars", schemars(with = "OrganizationId"))]
    pub organization_id: Option<OrganizationId>,
    /// The allocation that it has; nothing where it would be created, or the server sent none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schemars", schemars(with = "i64"))]
    pub before: Option<i64>,
    /// The allocation that the fleet asks for.
    pub after: Operations,
}

/// An entry without an id, and the child that it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Binding {
    /// The name of both.
    pub name: String,
    /// The child.
    pub organization_id: OrganizationId,
}

/// Choices of one plan.
///
/// By default the day is 0000-01-01, on which credits `until` a day have not ended: that serves an undo and fleets without such credits;
/// any other plan takes its day from the caller.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PlanOptions {
    /// The day for which credits are looked up.
    pub today: Date,
    /// Whether children are left out that the pool cannot serve, those of the lowest priority first.
    pub partial: bool,
    /// Guards that replace those of the fleet for this once.
    pub guards: GuardOverrides,
}

impl Plan {
    /// Plans what makes a distributor as a fleet asks.
    ///
    /// It is made twice where [`Plan::missing`] names something: first by the list and the distributor alone, then with the rest.
    ///
    /// - Decreases go first, then creates and increases by priority. The pool keeps its reserve whichever of them ends first, if a
    ///   decrease counts once it is confirmed, and a create or increase is sent only while the confirmed pool, less what is in flight,
    ///   suffices for it.
    /// - A child is served whole or not at all. Of one priority, those that ask for the least are served first; none is served before
    ///   one of a higher priority that goes short.
    /// - A decrease that is stopped stays among the steps, to be shown.
    ///
    /// ```
    /// use mms_fleet::{Fleet, Guards, Observed, ObservedChild, Plan, PlanOptions, Target};
    /// use mms_types::OrganizationId;
    ///
    /// let target = Target { zone: None, organization: OrganizationId::new(11) };
    /// let fleet = Fleet { target, guards: Guards::default(), children: Vec::new() };
    /// let id = OrganizationId::new(101);
    /// let child = ObservedChild { id, name: Some("Sol".to_owned()), credits: Some(30_000), country: None };
    /// let observed = Observed { children: vec![child], is_complete: true, ..Observed::default() };
    ///
    /// let plan = Plan::new(&fleet, &observed, &PlanOptions::default());
    /// assert!(plan.is_empty(), "what a fleet does not name is never touched");
    /// assert_eq!(plan.unmanaged.len(), 1);
    /// assert!(plan.missing().is_empty());
    /// ```
    #[must_use]
    pub fn new(fleet: &Fleet, observed: &Observed, options: &PlanOptions) -> Self {
        entries::draft(fleet, observed, options.today).finish(&fleet.guards, observed, options)
    }

    /// Returns what else has to be read before this plan is whole.
    #[must_use]
    pub const fn missing(&self) -> Needs {
        self.needs
    }

    /// Says whether nothing would be written.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.steps.is_empty()
    }

    /// Counts the children that would be created.
    #[must_use]
    pub fn creates(&self) -> u64 {
        self.steps.iter().filter(|step| step.is_create()).count() as u64
    }

    /// Counts the children whose allocation would change.
    #[must_use]
    pub fn changes(&self) -> u64 {
        self.steps.len() as u64 - self.creates()
    }
}

impl From<&ObservedChild> for ListedChild {
    fn from(child: &ObservedChild) -> Self {
        Self { organization_id: child.id, name: child.name.clone(), credits: child.credits }
    }
}
