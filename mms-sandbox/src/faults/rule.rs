//! Matching of a request against a rule, and whether it is the turn of a matching request.

use http::Method;
use mms_types::sandbox::{Fault, FaultAction, FaultKind, FaultRule};

use super::list_lag::Lag;
use crate::http::operation::{Target, effective_method};
use crate::usage::seeded_random;

/// Says whether a request is one that the rule names.
pub(super) fn matches(rule: &FaultRule, method: &Method, target: Target) -> bool {
    let operation_id = target.operation.map(|operation| operation.id);
    rule.operation_id.as_ref().is_none_or(|id| operation_id == Some(id.0.as_str()))
        && rule.method.as_ref().is_none_or(|known| effective_method(method).as_str().eq_ignore_ascii_case(&known.0))
        && rule.child_organization_id.is_none_or(|child| target.child == Some(child))
        && (rule.action.kind != FaultKind::LaggingList || operation_id == Some("list_child_organizations"))
}

/// Says whether a rule has acted as often as it may.
pub(super) fn is_exhausted(fault: &Fault) -> bool {
    fault.rule.times.is_some_and(|times| fault.acted >= times)
}

/// Says whether the rule acts on the request that was counted last.
pub(super) fn is_due(fault: &Fault) -> bool {
    let Fault { matched, rule, .. } = fault;
    !is_exhausted(fault)
        && rule.nth.is_none_or(|nth| *matched == nth)
        && rule.every.is_none_or(|every| matched.checked_rem(every) == Some(0))
        && rule.probability.is_none_or(|probability| uniform(rule.seed.unwrap_or_default(), *matched) < probability)
}

/// Draws a number from 0 to below 1 that depends on the seed and the request's index alone, so that a run can be repeated
/// whatever else is going on.
fn uniform(seed: u64, index: u64) -> f64 {
    let bits = seeded_random::splitmix64(seed, index) >> 11;
    #[expect(clippy::cast_precision_loss, reason = "53 bits are what a float holds")]
    let share = bits as f64 / (1_u64 << 53) as f64;
    share
}

/// Returns how far a list lags behind under this action.
pub(super) fn lag(action: &FaultAction) -> Option<Lag> {
    match (action.kind, action.lists, action.seconds) {
        (FaultKind::LaggingList, Some(lists), _) => Some(Lag::Lists(lists)),
        (FaultKind::LaggingList, None, Some(seconds)) => Some(Lag::Seconds(seconds)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use mms_types::sandbox::FaultId;

    use super::*;

    /// The indices, of the first 30, at which a rule acts.
    fn indices(rule: FaultRule) -> Vec<u64> {
        let mut fault = Fault { id: FaultId(1), matched: 0, acted: 0, rule };
        (1..=30)
            .filter(|_| {
                fault.matched += 1;
                let due = is_due(&fault);
                fault.acted += u64::from(due);
                due
            })
            .collect()
    }

    #[test]
    fn a_rule_acts_on_the_nth_request_on_every_nth_or_until_a_count() {
        let close = || FaultRule::from(FaultKind::CloseAfter);
        assert_eq!(indices(FaultRule { nth: Some(3), ..close() }), [3]);
        assert_eq!(indices(FaultRule { every: Some(10), ..close() }), [10, 20, 30]);
        assert_eq!(indices(FaultRule { times: Some(2), ..close() }), [1, 2]);
        assert_eq!(indices(FaultRule { every: Some(10), times: Some(2), ..close() }), [10, 20]);
        assert_eq!(indices(close()).len(), 30);
    }

    #[test]
    fn the_same_seed_fails_the_same_requests() {
        let half =
            |seed| FaultRule { probability: Some(0.5), seed: Some(seed), ..FaultRule::from(FaultKind::CloseAfter) };
        assert_eq!(indices(half(1)), indices(half(1)));
        assert_ne!(indices(half(1)), indices(half(2)));
        assert!((5..=25).contains(&indices(half(1)).len()));
        assert_eq!(
            indices(FaultRule { probability: Some(0.0), ..FaultRule::from(FaultKind::CloseAfter) }),
            Vec::<u64>::new()
        );
        assert_eq!(indices(FaultRule { probability: Some(1.0), ..FaultRule::from(FaultKind::CloseAfter) }).len(), 30);
    }
}
