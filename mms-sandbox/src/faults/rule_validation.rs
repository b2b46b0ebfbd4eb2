//! Validation of a new rule: it must be able to act, and say nothing that its kind has no use for.

use mms_types::OrganizationId;
use mms_types::sandbox::{FaultAction, FaultKind, FaultRule};

use super::rule::matches;
use crate::http::operation::{OPERATIONS, Operation, Target};

/// The longest delay, in milliseconds: ten minutes, beyond every client's patience.
const MAX_DELAY: u64 = 600_000;

/// Refuses a rule that could never act, or that says what its kind has no use for.
pub(super) fn check(rule: &FaultRule) -> Result<(), String> {
    if let Some(id) = &rule.operation_id
        && !OPERATIONS.iter().any(|operation| operation.id == id.0)
    {
        let known: Vec<&str> = OPERATIONS.iter().map(|operation| operation.id).collect();
        return Err(format!("operationId {:?} is not one of {}", id.0, known.join(", ")));
    }
    if let Some(method) = &rule.method
        && !OPERATIONS.iter().any(|operation| operation.method.as_str().eq_ignore_ascii_case(&method.0))
    {
        return Err(format!("method {:?} is not one of GET, PATCH, POST", method.0));
    }
    let counts = [
        ("nth", rule.nth),
        ("every", rule.every),
        ("times", rule.times),
        ("lists", rule.action.lists),
        ("seconds", rule.action.seconds),
        ("childOrganizationId", rule.child_organization_id.map(OrganizationId::get)),
    ];
    for (name, number) in counts {
        if number == Some(0) {
            return Err(format!("{name} counts from 1"));
        }
    }
    if let Some(probability) = rule.probability
        && !(0.0..=1.0).contains(&probability)
    {
        return Err(format!("probability {probability} is not between 0 and 1"));
    }
    if rule.probability == Some(0.0) {
        return Err("probability 0 takes no request: leave the rule out".to_owned());
    }
    if rule.action.kind == FaultKind::RefuseConnection
        && (rule.operation_id.is_some() || rule.method.is_some() || rule.child_organization_id.is_some())
    {
        return Err(
            "refuse_connection acts before a request is read: it takes no operation, method or child".to_owned()
        );
    }
    if !OPERATIONS.iter().any(|operation| can_match(rule, operation)) {
        let lists = match rule.action.kind {
            FaultKind::LaggingList => "; lagging_list is about list_child_organizations",
            _ => "",
        };
        return Err(format!(
            "no request can meet the rule: its operationId, method, childOrganizationId and kind exclude each other{lists}"
        ));
    }
    if let (Some(nth), Some(every)) = (rule.nth, rule.every)
        && !nth.is_multiple_of(every)
    {
        return Err(format!("request {nth} is not one of every {every}: leave out nth or every"));
    }
    if rule.action.kind == FaultKind::RefuseConnection && rule.times.is_none() {
        return Err("refuse_connection needs times: without an end nothing could reach the control side".to_owned());
    }
    check_action(&rule.action)
}

/// Says whether a request of this operation can be one that the rule names.
fn can_match(rule: &FaultRule, operation: &'static Operation) -> bool {
    let child = rule.child_organization_id.filter(|_| operation.has_child());
    rule.child_organization_id == child
        && matches(rule, &operation.method, Target { operation: Some(operation), child })
}

fn check_action(action: &FaultAction) -> Result<(), String> {
    use FaultKind as Kind;

    let kind = action.kind;
    let given = [
        ("milliseconds", action.milliseconds.is_some(), &[Kind::DelayBefore, Kind::DelayAfter, Kind::Dribble][..]),
        ("bytes", action.bytes.is_some(), &[Kind::CutBody, Kind::Dribble]),
        ("status", action.status.is_some(), &[Kind::ServerError]),
        ("retryAfterSeconds", action.retry_after_seconds.is_some(), &[Kind::TooManyRequests]),
        ("lists", action.lists.is_some(), &[Kind::LaggingList]),
        ("seconds", action.seconds.is_some(), &[Kind::LaggingList]),
        (
            "afterWork",
            action.after_work.is_some(),
            &[Kind::BadGateway, Kind::TooManyRequests, Kind::ServerError, Kind::RefusedAtTheEdge],
        ),
    ];
    for (name, is_given, kinds) in given {
        if is_given && !kinds.contains(&kind) {
            return Err(format!("{} has no use for {name}", name_of(kind)));
        }
    }
    let missing = |name: &str| Err(format!("{} needs {name}", name_of(kind)));
    match kind {
        Kind::CutBody if action.bytes.is_none() => missing("bytes"),
        Kind::Dribble if action.bytes.unwrap_or(0) == 0 => missing("bytes, from 1"),
        Kind::DelayBefore | Kind::DelayAfter | Kind::Dribble if action.milliseconds.is_none() => {
            missing("milliseconds")
        }
        Kind::LaggingList if action.lists.is_some() == action.seconds.is_some() => missing("either lists or seconds"),
        Kind::ServerError if !matches!(action.status, None | Some(424 | 500 | 503)) => {
            Err(format!("status {} is not 424, 500 or 503", action.status.unwrap_or_default()))
        }
        _ if action.milliseconds.is_some_and(|milliseconds| milliseconds > MAX_DELAY) => {
            Err(format!("milliseconds is at most {MAX_DELAY}"))
        }
        _ => Ok(()),
    }
}

/// Names a kind as the control side does.
fn name_of(kind: FaultKind) -> String {
    serde_json::to_value(kind).ok().and_then(|name| name.as_str().map(str::to_owned)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use mms_types::sandbox::{HttpMethod, OperationId};

    use super::*;

    #[test]
    fn a_rule_that_cannot_act_is_refused_with_the_way_out() {
        let action = |action: serde_json::Value| -> FaultRule {
            serde_json::from_value(serde_json::json!({ "action": action })).unwrap()
        };
        for (rule, expected) in [
            (
                FaultRule {
                    operation_id: Some(OperationId("list_things".to_owned())),
                    ..FaultRule::from(FaultKind::CloseAfter)
                },
                "operationId \"list_things\" is not one of list_child_organizations, ",
            ),
            (FaultRule { nth: Some(0), ..FaultRule::from(FaultKind::CloseAfter) }, "nth counts from 1"),
            (action(serde_json::json!({ "kind": "lagging_list", "lists": 0 })), "lists counts from 1"),
            (
                FaultRule { probability: Some(1.5), ..FaultRule::from(FaultKind::CloseAfter) },
                "probability 1.5 is not between 0 and 1",
            ),
            (
                FaultRule { probability: Some(0.0), ..FaultRule::from(FaultKind::CloseAfter) },
                "probability 0 takes no request",
            ),
            (FaultRule::from(FaultKind::CloseAfter).child(OrganizationId::new(0)), "childOrganizationId counts from 1"),
            (FaultRule::from(FaultKind::RefuseConnection), "refuse_connection needs times"),
            (FaultRule::from(FaultKind::CutBody), "cut_body needs bytes"),
            (FaultRule::from(FaultKind::DelayBefore), "delay_before needs milliseconds"),
            (FaultRule::from(FaultKind::LaggingList), "lagging_list needs either lists or seconds"),
            (action(serde_json::json!({ "kind": "server_error", "status": 418 })), "status 418 is not 424, 500 or 503"),
            (action(serde_json::json!({ "kind": "close_after", "bytes": 3 })), "close_after has no use for bytes"),
            (action(serde_json::json!({ "kind": "delay_after", "milliseconds": 600_001 })), "milliseconds is at most"),
            (
                FaultRule { nth: Some(3), every: Some(2), ..FaultRule::from(FaultKind::CloseAfter) },
                "request 3 is not one of every 2",
            ),
            (
                FaultRule::from(FaultKind::CloseAfter).on("get_organization").child(OrganizationId::new(101)),
                "no request can meet the rule",
            ),
            (
                FaultRule { method: Some(HttpMethod("POST".to_owned())), ..FaultRule::from(FaultKind::CloseAfter) }
                    .on("get_organization"),
                "no request can meet the rule",
            ),
            (
                FaultRule::from(FaultAction { lists: Some(1), ..FaultKind::LaggingList.into() })
                    .on("create_child_organization"),
                "no request can meet the rule",
            ),
        ] {
            let message = check(&rule).unwrap_err();
            assert!(message.starts_with(expected), "{message}");
        }
    }
}
