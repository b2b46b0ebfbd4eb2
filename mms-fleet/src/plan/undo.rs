//! Undo: a plan back to the allocations before a run.

use std::collections::HashMap;

use mms_types::{Operations, OrganizationId};

use super::draft::Draft;
use super::step::{Action, Step};
use super::stop::StopKind;
use super::{Plan, PlanOptions};
use crate::fleet::guards::Guards;
use crate::observed::Observed;

/// What a run did to the allocation of a child.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Past {
    /// The child.
    pub id: OrganizationId,
    /// Its name.
    pub name: String,
    /// What it had, in credits.
    pub before: i64,
    /// What the run gave it, in credits.
    pub after: i64,
    /// Whether it may be given less than it has consumed, so that its scenarios pause.
    pub may_pause: bool,
}

impl Plan {
    /// Plans back to the allocations before a run, from what the run did, in its order.
    ///
    /// What a run created stays: no organization can be deleted. A child that has another allocation than the run left is a stop, and
    /// one that has its old allocation again is unchanged. No guard but those of the options holds.
    ///
    /// ```
    /// use mms_fleet::{Observed, ObservedChild, Past, Plan, PlanOptions};
    /// use mms_types::OrganizationId;
    ///
    /// let id = OrganizationId::new(101);
    /// let child = ObservedChild { id, name: Some("Sol".to_owned()), credits: Some(30_000), country: None };
    /// let observed = Observed { children: vec![child], is_complete: true, pool: Some(0), ..Observed::default() };
    /// let past = [Past { id, name: "Sol".to_owned(), before: 20_000, after: 30_000, may_pause: true }];
    ///
    /// let plan = Plan::undo(&past, &observed, &PlanOptions::default());
    /// assert!(plan.stops.is_empty());
    /// assert_eq!(plan.steps[0].taken(), -10_000);
    /// ```
    #[must_use]
    pub fn undo(past: &[Past], observed: &Observed, options: &PlanOptions) -> Self {
        let rows: HashMap<_, _> = observed.children.iter().map(|child| (child.id, child)).collect();
        let mut draft = Draft::default();
        for past in whole(past) {
            let name = past.name.as_str();
            let Some(row) = rows.get(&past.id) else {
                draft.needs.proven_list |= !observed.is_complete;
                let kind = if observed.is_complete {
                    StopKind::NoSuchChild { id: past.id, named: None }
                } else {
                    StopKind::ListIncomplete
                };
                draft.stop_at(kind, name, None);
                continue;
            };
            let Some(found) = row.credits else {
                draft.stop_at(StopKind::AllocationUnknown { id: past.id }, name, None);
                continue;
            };
            if found == past.before {
                draft.unchanged += 1;
            } else if found != past.after {
                draft.stop_at(StopKind::ChangedSince { expected: past.after, found }, name, None);
            } else if let Some(after) = operations(past.before) {
                let consumed = observed.consumption.as_ref().and_then(|all| all.get(&past.id)).copied();
                let action = Action::Allocate {
                    organization_id: past.id,
                    before: found,
                    after,
                    consumed,
                    may_pause: past.may_pause,
                };
                draft.change(Step { name: name.to_owned(), priority: 0, action }, observed, None);
            } else {
                draft.stop_at(StopKind::NotWritable { credits: past.before }, name, None);
            }
        }
        draft.finish(&Guards::default(), observed, options)
    }
}

/// Returns one entry for each child: what it had before the first change, and has after the last.
fn whole(past: &[Past]) -> Vec<Past> {
    let mut places = HashMap::with_capacity(past.len());
    let mut whole: Vec<Past> = Vec::with_capacity(past.len());
    for past in past {
        let place = *places.entry(past.id).or_insert(whole.len());
        match whole.get_mut(place) {
            Some(first) => first.after = past.after,
            None => whole.push(past.clone()),
        }
    }
    whole
}

fn operations(credits: i64) -> Option<Operations> {
    Operations::new(u64::try_from(credits).ok()?).ok()
}
