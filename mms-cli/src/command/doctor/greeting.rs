//! Checks that the first answer of the server decides: connection, clock, token and its scopes.

use std::time::{Duration, SystemTime};

use mms_client::ConnectPhase;
use mms_types::CurrentUser;

use super::check::{Check, OF_SERVER};
use super::observation::{CLOCK_ADVICE, MOST_DRIFT, Observation, SeenToken, drift_words};
use crate::command::account::missing_scopes;
use crate::config::proxy;
use crate::invocation::Invocation;
use crate::session::{FailedGreeting, Greeting, Session};

/// Makes the checks that the first answer decides, and says whether the token is accepted.
pub(super) fn greeted(session: &Session, greeting: &Greeting, now: &mut Observation) -> (Vec<Check>, bool) {
    let took = greeting.took;
    let answered = format!("{} answered within {} ms", session.place(), took.as_millis());
    let failed = match &greeting.answer {
        Ok(greeted) => {
            let scopes = &greeted.authorization.scope;
            now.token = Some(SeenToken::Accepted { scopes: scopes.iter().cloned().collect() });
            now.clock_ahead = greeted.date.map(|date| ahead(date, greeting.sent, took));
            let token = format!("accepted, from {}", session.token_source());
            let checks = [Check::ok("connection", answered), clock(now.clock_ahead), Check::ok("token", token)];
            return (checks.into_iter().chain([scopes_of(scopes, session.invocation())]).collect(), true);
        }
        Err(failed) => failed,
    };
    let (connection, token, reason) = match (failed.status, failed.is_unsent) {
        (Some(status), _) => {
            if status == 401 {
                now.token = Some(SeenToken::Refused);
            }
            // A 403 may be of the edge before the server, which knows nothing of the token.
            let reason = if status == 401 {
                "the token is not accepted"
            } else {
                "the server does not say what the token may do"
            };
            (Check::ok("connection", answered), Check::failed("token", &failed.failure), reason)
        }
        (None, true) => {
            let reason = "nothing was sent";
            (Check::failed("connection", &failed.failure), Check::skipped("token", reason), reason)
        }
        (None, false) => {
            let reason = "there is no connection";
            (unconnected(failed), Check::skipped("token", reason), reason)
        }
    };
    let clock = Check::skipped("clock", "no answer says the server's time");
    let rest = OF_SERVER[3..8].iter().map(|check| Check::skipped(check, reason));
    ([connection, clock, token].into_iter().chain(rest).collect(), false)
}

/// Names a user.
pub(super) fn user_words(user: &CurrentUser) -> String {
    let words: Vec<_> = [user.name.as_deref(), user.email.as_deref()].into_iter().flatten().collect();
    if words.is_empty() {
        format!("of user {}", user.id)
    } else {
        format!("of user {} ({})", user.id, words.join(", "))
    }
}

/// Makes the check of a connection that did not come about, or broke off.
fn unconnected(failed: &FailedGreeting) -> Check {
    let (what, advice) = match failed.phase {
        Some(ConnectPhase::Resolve) => (
            "the name of the server has no address",
            "check the spelling of the zone or URL, and the network and its name server",
        ),
        Some(ConnectPhase::Connect) => (
            "the server cannot be reached",
            "check the network, and whether a firewall lets connections out; a sandbox has to be running",
        ),
        Some(ConnectPhase::Tls) => (
            "TLS does not come about",
            "check the clock and the certificates of this machine; a proxy that opens TLS needs its certificate there",
        ),
        _ => return Check::failed("connection", &failed.failure),
    };
    let advice = match proxy() {
        Some(proxy) => format!("{advice}; {proxy} is set, but mms uses no proxy"),
        None => advice.to_owned(),
    };
    let found = format!("{what}: {}", failed.failure.message());
    Check { advice: Some(advice), found, ..Check::failed("connection", &failed.failure) }
}

/// Returns by how many seconds this machine is ahead of the server at least: the date was set between sending and the answer, and
/// shows whole seconds.
fn ahead(date: SystemTime, sent: SystemTime, took: Duration) -> i64 {
    let seconds = |duration: Duration| i64::try_from(duration.as_secs()).unwrap_or(i64::MAX);
    if let Ok(ahead) = sent.duration_since(date + Duration::from_secs(1)) {
        return seconds(ahead);
    }
    date.duration_since(sent + took).map_or(0, |behind| -seconds(behind))
}

fn clock(ahead: Option<i64>) -> Check {
    match ahead {
        None => Check::skipped("clock", "the answer says no time"),
        Some(ahead) if ahead.unsigned_abs() < MOST_DRIFT => {
            let found = if ahead == 0 { "the same as the server's".to_owned() } else { drift_words(ahead) };
            Check::ok("clock", found)
        }
        Some(ahead) => Check::warning("clock", format!("this machine is {}", drift_words(ahead)), CLOCK_ADVICE),
    }
}

/// Names the scopes that are missing, and the commands that need them.
fn scopes_of(granted: &[String], invocation: &Invocation) -> Check {
    let missing = missing_scopes(granted);
    if missing.is_empty() {
        return Check::ok("scopes", granted.join(", "));
    }
    let one = |(scope, operations): (&str, &[&'static str])| {
        let mut commands: Vec<_> = operations.iter().map(|operation| commands_of(operation)).collect();
        commands.dedup();
        format!("{scope} is missing for {}", commands.join(", "))
    };
    let found: Vec<_> = missing.iter().map(|missing| one((missing.scope, &missing.operations))).collect();
    let login = invocation.command("auth login");
    let advice = format!("make a token with these scopes in your profile in Make, and {login}");
    Check::warning("scopes", found.join("; "), advice)
}

/// Returns the commands that an operation of the contract serves.
fn commands_of(operation: &'static str) -> &'static str {
    match operation {
        "list_child_organizations" => "every command about children",
        "create_child_organization" => "mms child create",
        "update_child_organization_allocation" => "mms child allocate, mms child retire, mms credits move",
        "list_child_organization_consumption" => "mms consumption, mms pool",
        "get_organization" => "mms status, mms pool and the plans of writes",
        "list_organizations" => "mms auth login",
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_clock_is_off_only_by_what_the_round_trip_cannot_explain() {
        let at = |milliseconds| SystemTime::UNIX_EPOCH + Duration::from_millis(milliseconds);
        let took = Duration::from_secs(4);
        for (date, expected) in [(96_000, 3), (98_000, 1), (99_500, 0), (103_000, 0), (104_000, 0), (164_000, -60)] {
            assert_eq!(ahead(at(date), at(100_000), took), expected, "{date}");
        }
        assert_eq!(ahead(at(10_000), at(100_999), Duration::ZERO), 89);
    }

    #[test]
    fn a_missing_scope_names_the_commands_that_need_it() {
        let granted = ["managed-organizations:read", "organizations:read"].map(str::to_owned);

        let check = scopes_of(&granted, &Invocation::new(Some("--profile live".to_owned()), Vec::new()));

        assert!(check.advice.as_ref().unwrap().ends_with("`mms --profile live auth login`"), "{check:?}");
        assert!(check.is_notable() && check.found.contains("mms child create, mms child allocate"), "{}", check.found);
    }
}
