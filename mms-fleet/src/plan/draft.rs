//! Draft of a plan: steps and stops as they come, before the pool and the guards have their say.

use mms_types::OrganizationId;

use super::drift::{Drift, NotCompared};
use super::guards::Allowance;
use super::needs::{CatalogueNeed, Needs};
use super::pool::{self, Shortage};
use super::step::{Action, Step};
use super::stop::{Stop, StopKind};
use super::{Binding, HeldChild, ListedChild, Plan, PlanOptions};
use crate::fleet::child::Child;
use crate::fleet::guards::Guards;
use crate::observed::Observed;
use crate::place::Place;

/// What a plan is made of, in the order of the entries.
#[derive(Debug, Default)]
pub(super) struct Draft {
    pub(super) steps: Vec<Step>,
    pub(super) stops: Vec<Stop>,
    pub(super) drift: Vec<Drift>,
    pub(super) not_compared: Vec<NotCompared>,
    pub(super) held: Vec<HeldChild>,
    pub(super) gone: Vec<String>,
    pub(super) bound: Vec<Binding>,
    pub(super) unmanaged: Vec<ListedChild>,
    pub(super) unchanged: u64,
    pub(super) needs: Needs,
}

impl Draft {
    /// Stops the plan at an entry.
    pub(super) fn stop(&mut self, kind: StopKind, child: &Child) {
        self.stop_at(kind, child.name.as_str(), child.place.clone());
    }

    pub(super) fn stop_at(&mut self, kind: StopKind, name: &str, place: Option<Place>) {
        self.stops.push(Stop { kind, name: Some(name.to_owned()), place });
    }

    /// Notes what was not compared, and what it needs.
    pub(super) fn not_compared(&mut self, unknown: NotCompared) {
        self.needs.catalogue(CatalogueNeed::Drift);
        self.not_compared.push(unknown);
    }

    /// Adds a change of an allocation. One that would pause the child, or may, stops the plan where that is not allowed, and stays in
    /// it, so that it is seen.
    pub(super) fn change(&mut self, step: Step, observed: &Observed, place: Option<&Place>) {
        self.needs.consumption |= step.is_decrease() && observed.consumption.is_none();
        if let Action::Allocate { after, consumed, may_pause: false, .. } = step.action
            && step.is_decrease()
        {
            if consumed.unwrap_or_default().exhausts(after) {
                self.stop_at(StopKind::Pauses { after, consumed }, &step.name, place.cloned());
            } else if consumed.is_none() {
                self.stop_at(StopKind::ConsumptionUnknown { after }, &step.name, place.cloned());
            }
        }
        self.steps.push(step);
    }

    /// Puts the steps into order, asks pool and guards, and sorts what is shown, so that a plan does not depend on the order in which
    /// the entries and the children came.
    pub(super) fn finish(mut self, guards: &Guards, observed: &Observed, options: &PlanOptions) -> Plan {
        let allowance = Allowance::new(guards, &options.guards, observed.children.len());
        let mut of_plan = Vec::new();
        pool::sort(&mut self.steps);
        let mut left_out = Vec::new();
        let mut shortage = None;
        match observed.pool {
            Some(pool) => {
                let (served, found) = pool::served(&self.steps, pool, allowance.pool_reserve);
                if found.is_some() && options.partial {
                    left_out = self.steps.split_off(served);
                } else if let Some(Shortage { credits, .. }) = found {
                    of_plan.push(StopKind::PoolTooSmall { credits, reserve: allowance.pool_reserve });
                }
                shortage = found;
            }
            None if self.steps.iter().any(|step| !step.is_decrease()) => of_plan.push(StopKind::PoolUnknown),
            None => {}
        }
        of_plan.extend(allowance.exceeded(&self.steps));
        if !observed.is_complete && self.steps.iter().any(Step::is_create) {
            of_plan.push(StopKind::ListIncomplete);
        }
        let mut stops: Vec<_> = of_plan.into_iter().map(|kind| Stop { kind, name: None, place: None }).collect();
        self.stops.sort_by(|left, right| by_place(left).cmp(&by_place(right)));
        stops.append(&mut self.stops);
        self.drift.sort_unstable();
        self.not_compared.sort_unstable();
        self.held.sort_unstable_by(|left, right| left.name.cmp(&right.name));
        self.gone.sort_unstable();
        self.bound.sort_unstable_by(|left, right| left.name.cmp(&right.name));
        self.unmanaged.sort_unstable_by(|left, right| by_name(left).cmp(&by_name(right)));
        Plan {
            pool: observed.pool.map(|pool| pool::course(&self.steps, pool, allowance.pool_reserve)),
            steps: self.steps,
            left_out,
            stops,
            drift: self.drift,
            not_compared: self.not_compared,
            held: self.held,
            gone: self.gone,
            bound: self.bound,
            unmanaged: self.unmanaged,
            unchanged: self.unchanged,
            shortage,
            allowance,
            needs: self.needs,
        }
    }
}

/// Returns by what stops of entries are sorted: as a person meets them in the files.
fn by_place(stop: &Stop) -> impl Ord + '_ {
    (&stop.place, &stop.name, &stop.kind)
}

fn by_name(child: &ListedChild) -> (bool, Option<&str>, OrganizationId) {
    (child.name.is_none(), child.name.as_deref(), child.organization_id)
}
