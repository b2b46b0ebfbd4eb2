//! Faults: rules that say which requests fail, and how.

mod effect;
mod lag;
mod rule;

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use http::Method;
use jiff::Timestamp;
use mms_types::OrganizationId;
use mms_types::sandbox::{Fault, FaultAction, FaultId, FaultKind, FaultList, FaultRule};

use crate::http::operation::Target;
pub(crate) use effect::{Closed, Effect};
use lag::RecentChildren;

/// The rules in force. Where there is none, a request pays for one look at a flag.
#[derive(Debug, Default)]
pub(crate) struct Faults {
    any: AtomicBool,
    armed: Mutex<Armed>,
}

#[derive(Debug, Default)]
struct Armed {
    faults: Vec<Fault>,
    last_id: u64,
    births: RecentChildren,
}

/// What the rules say about one request.
#[derive(Debug, Default)]
pub(crate) struct Due {
    /// The oldest rule that is due.
    pub(crate) fault: Option<(FaultId, FaultAction)>,
    /// How far the list lags behind. A lag is no failure, so another rule may act on the same request.
    pub(crate) lag: Option<Lagging>,
}

/// A list that lags behind if it has something to hide: the rule acts in [`Faults::hidden`], once the list is read.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Lagging {
    /// The rule that says so.
    pub(crate) fault: FaultId,
    lag: Lag,
}

/// How long a new child stays out of the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Lag {
    /// For so many lists.
    Lists(u64),
    /// For so many seconds of the sandbox's clock.
    Seconds(u64),
}

impl Faults {
    /// Says whether any rule is in force.
    pub(crate) fn is_any(&self) -> bool {
        self.any.load(Ordering::Acquire)
    }

    /// Adds a rule, or says what is wrong with it.
    pub(crate) fn add(&self, rule: FaultRule) -> Result<Fault, String> {
        rule::check(&rule)?;
        let mut armed = self.armed();
        armed.last_id += 1;
        let fault = Fault { id: FaultId(armed.last_id), matched: 0, acted: 0, rule };
        armed.faults.push(fault.clone());
        self.any.store(true, Ordering::Release);
        Ok(fault)
    }

    /// Returns every rule, with how often it acted.
    pub(crate) fn list(&self) -> FaultList {
        FaultList { faults: self.armed().faults.clone() }
    }

    /// Returns one rule.
    pub(crate) fn find(&self, id: FaultId) -> Option<Fault> {
        self.armed().faults.iter().find(|fault| fault.id == id).cloned()
    }

    /// Removes one rule and returns it.
    pub(crate) fn remove(&self, id: FaultId) -> Option<Fault> {
        let mut armed = self.armed();
        let index = armed.faults.iter().position(|fault| fault.id == id)?;
        let fault = armed.faults.remove(index);
        // Without a rule lists are whole, and what was in a list once stays there.
        if !armed.faults.iter().any(|fault| rule::lag(&fault.rule.action).is_some()) {
            armed.births = RecentChildren::default();
        }
        self.any.store(!armed.faults.is_empty(), Ordering::Release);
        Some(fault)
    }

    /// Removes every rule and returns them.
    pub(crate) fn clear(&self) -> FaultList {
        let mut armed = self.armed();
        self.any.store(false, Ordering::Release);
        armed.births = RecentChildren::default();
        FaultList { faults: std::mem::take(&mut armed.faults) }
    }

    /// Says what happens to a request, and counts it.
    pub(crate) fn due(&self, method: &Method, target: Target) -> Due {
        let mut due = Due::default();
        if !self.any.load(Ordering::Acquire) {
            return due;
        }
        for fault in &mut self.armed().faults {
            let lag = rule::lag(&fault.rule.action);
            let is_late = if lag.is_some() { due.lag.is_some() } else { due.fault.is_some() };
            if fault.rule.action.kind == FaultKind::RefuseConnection || !rule::takes(&fault.rule, method, target) {
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
        let mut armed = self.armed();
        let rules = armed.faults.iter_mut().filter(|fault| fault.rule.action.kind == FaultKind::RefuseConnection);
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

    /// Remembers that a child was created, where some list may lag behind.
    pub(crate) fn was_created(&self, distributor: OrganizationId, child: OrganizationId, now: Timestamp) {
        if self.any.load(Ordering::Acquire) {
            let mut armed = self.armed();
            if armed.faults.iter().any(|fault| rule::lag(&fault.rule.action).is_some()) {
                armed.births.add(distributor, child, now);
            }
        }
    }

    /// Forgets which children were created, because another state has taken their place.
    pub(crate) fn forget_children(&self) {
        self.armed().births = RecentChildren::default();
    }

    /// Returns the children that a lagging list leaves out. The rule has acted where there is one.
    pub(crate) fn hidden(&self, lagging: Lagging, distributor: OrganizationId, now: Timestamp) -> Vec<OrganizationId> {
        let Armed { faults, births, .. } = &mut *self.armed();
        // It may have been removed, or spent by another list, since it was due.
        let rule = faults.iter_mut().find(|fault| fault.id == lagging.fault && !rule::is_spent(fault));
        let Some(fault) = rule else { return Vec::new() };
        let hidden = births.hidden(lagging.lag, distributor, now);
        fault.acted += u64::from(!hidden.is_empty());
        hidden
    }

    fn armed(&self) -> MutexGuard<'_, Armed> {
        self.armed.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
