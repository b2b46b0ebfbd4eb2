//! A distributor that carries plans out: writes under way end in any order, and the pool is watched.

use mms_fleet::{Action, Observed, ObservedChild, Plan, Step};
use mms_types::OrganizationId;

use crate::draw::Draw;

/// Applies steps, of which as many are under way as the rule of the executor admits, and ends them in a random order.
///
/// The rule: decreases may all be in flight; what takes is sent only while the confirmed pool, less what is in flight, keeps the
/// reserve after it. Returns the pool at the end.
///
/// Panics where the pool falls below what the plan says, where a take brings it below the reserve, or where nothing is under way and
/// nothing admitted though steps are left.
pub(crate) fn apply(plan: &Plan, draw: &mut Draw) -> i128 {
    let course = plan.pool.unwrap();
    let reserve = i128::from(plan.allowance.pool_reserve);
    let mut confirmed = i128::from(course.before);
    let mut waiting: Vec<&Step> = plan.steps.iter().collect();
    let mut under_way: Vec<i128> = Vec::new();
    loop {
        // The executor looks at the steps in order; which of those it admits are sent before the next end is left to chance.
        let mut index = 0;
        while index < waiting.len() {
            let taken = waiting[index].taken();
            let in_flight: i128 = under_way.iter().filter(|taken| **taken > 0).sum();
            let is_admitted = taken < 0 || confirmed - in_flight - taken >= reserve;
            if is_admitted && draw.percent(70) {
                waiting.remove(index);
                under_way.push(taken);
                // Whatever the server has done of it by now, decreases last.
                let worst = confirmed - under_way.iter().filter(|taken| **taken > 0).sum::<i128>();
                assert!(worst >= i128::from(course.lowest), "{worst} is below the lowest");
                assert!(taken < 0 || worst >= reserve, "{worst} is below the reserve");
            } else {
                index += 1;
            }
        }
        if under_way.is_empty() {
            if waiting.is_empty() {
                return confirmed;
            }
            let is_stuck = waiting.iter().all(|step| step.taken() >= 0 && confirmed - step.taken() < reserve);
            assert!(!is_stuck, "nothing is under way, and nothing is admitted of {waiting:?} with {confirmed}");
            continue;
        }
        let ended = under_way.swap_remove(draw.index(under_way.len()));
        confirmed -= ended;
    }
}

/// Returns what a distributor looks like after a plan.
pub(crate) fn after(observed: &Observed, plan: &Plan) -> Observed {
    let mut observed = observed.clone();
    for (step, new) in plan.steps.iter().zip(5_000..) {
        match &step.action {
            Action::Create { request } => {
                let id = OrganizationId::new(new);
                observed.children.push(ObservedChild {
                    id,
                    name: Some(request.organization_name.as_str().to_owned()),
                    credits: i64::try_from(request.operations.get()).ok(),
                    country: Some(request.country_id),
                });
                if let Some(consumption) = &mut observed.consumption {
                    consumption.insert(id, mms_types::Centicredits::new(0));
                }
            }
            Action::Allocate { organization_id, after, .. } => {
                for child in observed.children.iter_mut().filter(|child| child.id == *organization_id) {
                    child.credits = i64::try_from(after.get()).ok();
                }
            }
        }
    }
    observed.pool = observed.pool.map(|pool| {
        let taken: i128 = plan.steps.iter().map(Step::taken).sum();
        i64::try_from(i128::from(pool) - taken).unwrap()
    });
    observed
}
