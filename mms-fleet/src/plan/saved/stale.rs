//! Check of a saved plan against what is there now.

use std::collections::HashMap;
use std::fmt;

use jiff::Timestamp;
use mms_types::{Centicredits, NameKey, Operations, OrganizationId, grouped, grouped_hundredths};

use super::SavedPlan;
use crate::observed::Observed;
use crate::plan::pool;
use crate::plan::step::{Action, Step};

/// Reason why a saved plan is not applied. Its `Display` is one sentence that names what was expected and found.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Stale {
    /// Something stood against the plan when it was made.
    Stopped {
        /// How many stops it has.
        stops: usize,
    },
    /// It may no longer be applied.
    Expired {
        /// Since when.
        at: Timestamp,
    },
    /// A newer version of the program made it.
    NewerVersion {
        /// That version.
        version: String,
    },
    /// It is for another place.
    OtherPlace {
        /// The place that it is for.
        planned: String,
        /// The place that is asked.
        found: String,
    },
    /// It is for another distributor.
    OtherOrganization {
        /// The distributor that it is for.
        planned: OrganizationId,
        /// The one that is asked.
        found: OrganizationId,
    },
    /// The list is not proven complete, and the plan needs that.
    ListIncomplete,
    /// A child that it changes is there no more.
    Vanished {
        /// Its name.
        name: String,
        /// Its id.
        id: OrganizationId,
    },
    /// A child that it changes has another allocation.
    Moved {
        /// Its name.
        name: String,
        /// Its id.
        id: OrganizationId,
        /// What it had.
        expected: i64,
        /// What it has; nothing where the list does not show it.
        found: Option<i64>,
    },
    /// A child that it creates is there by now, or one whose name reads the same.
    Exists {
        /// The name that it creates.
        name: String,
        /// The child.
        id: OrganizationId,
    },
    /// Children came since the plan: one of them may be what a create asks for, under another name.
    Appeared {
        /// Their ids.
        ids: Vec<OrganizationId>,
    },
    /// A child would be left with no more than it has consumed by now, or its consumption is not reported.
    Pauses {
        /// Its name.
        name: String,
        /// What it would have.
        after: Operations,
        /// What it has consumed; nothing where that is not known.
        consumed: Option<Centicredits>,
    },
    /// The pool was not read.
    PoolUnknown,
    /// The pool no longer suffices.
    PoolTooSmall {
        /// How many credits are missing, the reserve included.
        credits: u64,
        /// What is in it.
        found: i64,
    },
}

impl SavedPlan {
    /// Compares the plan with what is there now; it may be applied if nothing is returned.
    ///
    /// Children that it does not touch may have changed. What [`SavedPlan::needs`] names has to be in the observation.
    #[must_use]
    pub fn check(
        &self,
        now: Timestamp,
        place: &str,
        organization_id: OrganizationId,
        observed: &Observed,
    ) -> Vec<Stale> {
        let mut stale = self.refusals(now, place, organization_id);
        if stale.iter().any(Stale::is_of_another) {
            return stale;
        }
        let rows: HashMap<_, _> = observed.children.iter().map(|child| (child.id, child)).collect();
        let mut keys = HashMap::new();
        if self.plan.creates() > 0 {
            for child in &observed.children {
                keys.extend(child.name.as_deref().map(|name| (NameKey::new(name), child.id)));
            }
        }
        let mut lacks_proof = false;
        for step in &self.plan.steps {
            let name = || step.name.clone();
            match &step.action {
                Action::Create { .. } => match keys.get(&NameKey::new(&step.name)) {
                    Some(id) => stale.push(Stale::Exists { name: name(), id: *id }),
                    None => lacks_proof |= !observed.is_complete,
                },
                Action::Allocate { organization_id, before, .. } => match rows.get(organization_id) {
                    None if observed.is_complete => stale.push(Stale::Vanished { name: name(), id: *organization_id }),
                    None => lacks_proof = true,
                    Some(row) if row.credits != Some(*before) => stale.push(Stale::Moved {
                        name: name(),
                        id: *organization_id,
                        expected: *before,
                        found: row.credits,
                    }),
                    Some(_) => stale.extend(paused(step, observed)),
                },
            }
        }
        stale.extend(self.appeared(observed, &stale));
        stale.extend(lacks_proof.then_some(Stale::ListIncomplete));
        stale.extend(self.pool(observed));
        stale
    }

    /// Returns what stands against the plan before anything is read.
    fn refusals(&self, now: Timestamp, place: &str, organization_id: OrganizationId) -> Vec<Stale> {
        let origin = &self.origin;
        let mut stale = Vec::new();
        if place != origin.place {
            stale.push(Stale::OtherPlace { planned: origin.place.clone(), found: place.to_owned() });
        }
        if organization_id != origin.organization_id {
            stale.push(Stale::OtherOrganization { planned: origin.organization_id, found: organization_id });
        }
        if version(&self.version) > version(env!("CARGO_PKG_VERSION")) {
            stale.push(Stale::NewerVersion { version: self.version.clone() });
        }
        if now >= origin.expires_at {
            stale.push(Stale::Expired { at: origin.expires_at });
        }
        if !self.plan.stops.is_empty() {
            stale.push(Stale::Stopped { stops: self.plan.stops.len() });
        }
        stale
    }

    /// Names the children that came since the plan, but for those that are named already.
    fn appeared(&self, observed: &Observed, named: &[Stale]) -> Option<Stale> {
        let is_named = |id| named.iter().any(|stale| matches!(stale, Stale::Exists { id: known, .. } if *known == id));
        let is_new = |id: &OrganizationId| self.seen.binary_search(id).is_err() && !is_named(*id);
        let ids: Vec<_> = observed.children.iter().map(|child| child.id).filter(is_new).collect();
        (self.plan.creates() > 0 && !ids.is_empty()).then_some(Stale::Appeared { ids })
    }

    /// Says what the pool lacks for the steps.
    fn pool(&self, observed: &Observed) -> Option<Stale> {
        if !self.plan.steps.iter().any(|step| !step.is_decrease()) {
            return None;
        }
        let Some(found) = observed.pool else { return Some(Stale::PoolUnknown) };
        let (_, shortage) = pool::served(&self.plan.steps, found, self.plan.allowance.pool_reserve);
        shortage.map(|shortage| Stale::PoolTooSmall { credits: shortage.credits, found })
    }
}

/// Says whether a step pauses a child that it may not pause.
fn paused(step: &Step, observed: &Observed) -> Option<Stale> {
    let Action::Allocate { organization_id, after, may_pause: false, .. } = step.action else { return None };
    let consumed = observed.consumption.as_ref().and_then(|all| all.get(&organization_id)).copied();
    let is_refused = step.is_decrease() && consumed.is_none_or(|consumed| consumed.exhausts(after));
    is_refused.then(|| Stale::Pauses { name: step.name.clone(), after, consumed })
}

/// Returns a version as numbers; what follows a `-` or `+` counts for nothing.
fn version(text: &str) -> [u64; 3] {
    let core = text.split(['-', '+']).next().unwrap_or_default();
    let mut numbers = core.split('.').map(|number| number.parse().unwrap_or(0));
    [(); 3].map(|()| numbers.next().unwrap_or(0))
}

impl Stale {
    /// Says whether the plan is not for what is asked, so that nothing that was observed says anything about it.
    const fn is_of_another(&self) -> bool {
        matches!(self, Self::OtherPlace { .. } | Self::OtherOrganization { .. })
    }
}

impl fmt::Display for Stale {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Stopped { stops } => {
                write!(formatter, "the plan has {} stops: mend them, and plan again", grouped(*stops as u64))
            }
            Self::Expired { at } => write!(formatter, "the plan expired at {at}: plan again"),
            Self::NewerVersion { version } => write!(
                formatter,
                "mms {version} made the plan, which is newer than this {}: plan again, or use that version",
                env!("CARGO_PKG_VERSION")
            ),
            Self::OtherPlace { planned, found } => {
                write!(formatter, "the plan is for {planned}, and this is {found}: choose that place, or plan again")
            }
            Self::OtherOrganization { planned, found } => write!(
                formatter,
                "the plan is for distributor {planned}, and this is {found}: choose that distributor, or plan again"
            ),
            Self::ListIncomplete => {
                formatter.write_str("the list of children is not proven to be whole, and what it lacks may exist: try again")
            }
            Self::Vanished { name, id } => {
                write!(formatter, "{name:?}: child {id} was there when this was planned and is there no more: plan again")
            }
            Self::Moved { name, id, expected, found: Some(found) } => {
                let (expected, found) = (grouped(*expected), grouped(*found));
                write!(formatter, "{name:?}: child {id} had {expected} credits and has {found}: plan again")
            }
            Self::Moved { name, id, expected, found: None } => {
                let expected = grouped(*expected);
                write!(formatter, "{name:?}: child {id} had {expected} credits and is listed without any: plan again")
            }
            Self::Appeared { ids } => {
                let named: Vec<_> = ids.iter().take(5).map(ToString::to_string).collect();
                let more = ids.len().saturating_sub(5);
                let more = if more == 0 { String::new() } else { format!(" and {} more", grouped(more as u64)) };
                write!(
                    formatter,
                    "children came since the plan, {}{more}, and one of them may be what it creates, under another name",
                    named.join(", ")
                )
            }
            Self::Exists { name, id } => {
                write!(formatter, "{name:?}: it was to be created and is there by now, as child {id}: plan again")
            }
            Self::Pauses { name, after, consumed: Some(consumed) } => write!(
                formatter,
                "{name:?}: {} credits would pause its scenarios, since it has consumed {} by now: plan again",
                grouped(after.get()),
                grouped_hundredths(consumed.get().into())
            ),
            Self::Pauses { name, after, consumed: None } => write!(
                formatter,
                "{name:?}: it would be lowered to {} credits, and its consumption is not reported: try again",
                grouped(after.get())
            ),
            Self::PoolUnknown => formatter.write_str(
                "the pool was not read, so that nobody knows whether it suffices: the token needs the scope organizations:read",
            ),
            Self::PoolTooSmall { credits, found } => {
                let (found, credits) = (grouped(*found), grouped(*credits));
                write!(formatter, "the pool has {found} credits and lacks {credits} for this plan: plan again")
            }
        }
    }
}
