//! Fault injection: rules that say which requests fail, and how.

mod effect;
mod list_lag;
mod rule;
mod rule_validation;

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use http::Method;
use jiff::Timestamp;
use mms_types::OrganizationId;
use mms_types::sandbox::{Fault, FaultAction, FaultId, FaultKind, FaultList, FaultRule};

use crate::http::operation::Target;
pub(crate) use effect::{ConnectionClosed, Effect};
use list_lag::{Lag, RecentChildren};

/// The active rules. Without any, a request costs one read of a flag.
#[derive(Debug, Default)]
pub(crate) struct Faults {
    any: AtomicBool,
    rules: Mutex<Rules>,
}

#[derive(Debug, Default)]
struct Rules {
    faults: Vec<Fault>,
    last_id: u64,
    recent_children: RecentChildren,
}

/// The faults of one request.
#[derive(Debug, Default)]
pub(crate) struct Due {
    /// The oldest rule that is due.
    pub(crate) fault: Option<(FaultId, FaultAction)>,
    /// The lag of the list. A lag is no failure, so another rule may act on the same request.
    pub(crate) lag: Option<Lagging>,
}

/// A lag that may apply to a list: the rule acts in [`Faults::hidden`], when the list is read and leaves out a child.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Lagging {
    /// The rule that says so.
    pub(crate) fault: FaultId,
    lag: Lag,
}

impl Faults {
    /// Says whether any rule is active.
    pub(crate) fn is_any(&self) -> bool {
        self.any.load(Ordering::Acquire)
    }

    /// Adds a rule, or returns why it is invalid.
    pub(crate) fn add(&self, rule: FaultRule) -> Result<Fault, String> {
        rule_validation::check(&rule)?;
        let mut rules = self.rules();
        rules.last_id += 1;
        let fault = Fault { id: FaultId(rules.last_id), matched: 0, acted: 0, rule };
        rules.faults.push(fault.clone());
        self.any.store(true, Ordering::Release);
        Ok(fault)
    }

    /// Returns every rule, with how often it acted.
    pub(crate) fn list(&self) -> FaultList {
        FaultList { faults: self.rules().faults.clone() }
    }

    /// Returns one rule.
    pub(crate) fn find(&self, id: FaultId) -> Option<Fault> {
        self.rules().faults.iter().find(|fault| fault.id == id).cloned()
    }

    /// Removes one rule and returns it.
    pub(crate) fn remove(&self, id: FaultId) -> Option<Fault> {
        let mut rules = self.rules();
        let index = rules.faults.iter().position(|fault| fault.id == id)?;
        let fault = rules.faults.remove(index);
        // Without such a rule lists are complete, and a child that was listed once stays listed.
        if !rules.faults.iter().any(|fault| rule::lag(&fault.rule.action).is_some()) {
            rules.recent_children = RecentChildren::default();
        }
        self.any.store(!rules.faults.is_empty(), Ordering::Release);
        Some(fault)
    }

    /// Removes every rule and returns them.
    pub(crate) fn clear(&self) -> FaultList {
        let mut rules = self.rules();
        self.any.store(false, Ordering::Release);
        rules.recent_children = RecentChildren::default();
        FaultList { faults: std::mem::take(&mut rules.faults) }
    }

    /// Returns the faults of a request, and counts the request.
    pub(crate) fn due(&self, method: &Method, target: Target) -> Due {
        let mut due = Due::default();
        if !self.any.load(Ordering::Acquire) {
            return due;
        }
        for fault in &mut self.rules().faults {
            let lag = rule::lag(&fault.rule.action);
            let is_late = if lag.is_some() { due.lag.is_some() } else { due.fault.is_some() };
            if fault.rule.action.kind == FaultKind::RefuseConnection || !rule::matches(&fault.rule, method, target) {
                continue;
            }
            fault.matched += 1;
            if is_late || !rule::is_due(fault) {
                continue;
            }
            if let Some(lag) = lag {
                due.lag = Some(Lagging { fault: fault.id, lag });
                continue;
            }
            fault.acted += 1;
            due.fault = Some((fault.id, fault.rule.action.clone()));
        }
        due
    }

    /// Says whether the connection that was just opened is to be refused, and counts it.
    pub(crate) fn refuses_connection(&self) -> bool {
        if !self.any.load(Ordering::Acquire) {
            return false;
        }
        let mut rules = self.rules();
        let rules = rules.faults.iter_mut().filter(|fault| fault.rule.action.kind == FaultKind::RefuseConnection);
        let mut refused = false;
        for fault in rules {
            fault.matched += 1;
            if !refused && rule::is_due(fault) {
                fault.acted += 1;
                refused = true;
            }
        }
        refused
    }

    /// Records a new child, if any rule is about lists.
    pub(crate) fn record_created(&self, distributor: OrganizationId, child: OrganizationId, now: Timestamp) {
        if self.any.load(Ordering::Acquire) {
            let mut rules = self.rules();
            if rules.faults.iter().any(|fault| rule::lag(&fault.rule.action).is_some()) {
                rules.recent_children.add(distributor, child, now);
            }
        }
    }

    /// Forgets the new children, after the state was replaced.
    pub(crate) fn forget_children(&self) {
        self.rules().recent_children = RecentChildren::default();
    }

    /// Returns the children that a lagging list leaves out. The rule has acted where there is one.
    pub(crate) fn hidden(&self, lagging: Lagging, distributor: OrganizationId, now: Timestamp) -> Vec<OrganizationId> {
        let Rules { faults, recent_children, .. } = &mut *self.rules();
        // The rule may have been removed, or exhausted by another list, in the meantime.
        let rule = faults.iter_mut().find(|fault| fault.id == lagging.fault && !rule::is_exhausted(fault));
        let Some(fault) = rule else { return Vec::new() };
        let hidden = recent_children.hidden(lagging.lag, distributor, now);
        fault.acted += u64::from(!hidden.is_empty());
        hidden
    }

    fn rules(&self) -> MutexGuard<'_, Rules> {
        self.rules.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
