//! Checks that ask the server, after its first answer: distributor, limit, children, and what changed since the last look.

use std::time::{Duration, SystemTime};

use mms_types::{ChildOrganization, Organization, OrganizationId};

use super::check::Check;
use super::greeting::{greeted, user_words};
use super::kept::Kept;
use super::observation::{Observation, SeenChild, SeenChildren, compare};
use super::usage;
use crate::lookup::Children;
use crate::output::failure::{ExitCode, Failure};
use crate::output::time::day_and_time;
use crate::session::Session;

/// Time after which a list is read again that lacks a child: one that lags, or a server that stumbled, may show it then.
const SECOND_LOOK: Duration = Duration::from_secs(2);

/// What the server said.
pub(super) struct Seen {
    pub(super) checks: Vec<Check>,
    /// The name by which the journal knows the API.
    pub(super) api: String,
    pub(super) organization_id: Option<OrganizationId>,
    pub(super) requests: u64,
    /// What is to be kept once it was told.
    pub(super) news: Option<(Kept, Observation)>,
}

/// Asks the server. `before` is what was seen last, where that is not to be read from its file.
pub(super) async fn examine(session: &Session, before: Option<&Observation>) -> Seen {
    let greeting = session.greet().await;
    let mut now = Observation { at: seconds(greeting.sent), ..Observation::default() };
    let (mut checks, is_in) = greeted(session, &greeting, &mut now);
    let organization_id = session.organization_id();
    let kept = session.observations();
    let kept = kept.map(|file| Kept::new(file, &session.api_name(), organization_id.as_ref().ok().copied()));
    let before = before.cloned().or_else(|| kept.as_ref().and_then(Kept::last));
    if is_in {
        let of_distributor = async {
            match &organization_id {
                Ok(id) => of_distributor(session, *id, before.as_ref(), &mut now).await,
                Err(failure) => {
                    let absent = ["limit", "children", "consumption"];
                    let absent = absent.map(|check| Check::skipped(check, "no organization is named"));
                    [Check::failed("distributor", failure)].into_iter().chain(absent).collect()
                }
            }
        };
        let (user, of_distributor) = tokio::join!(session.user(), of_distributor);
        if let (Ok(Some(user)), Some(token)) = (user, checks.iter_mut().find(|check| check.name == "token")) {
            token.found = format!("{}, {}", token.found, user_words(&user));
        }
        checks.extend(of_distributor);
    }
    checks.extend(changes(session, kept.is_some(), before.as_ref(), &now));
    Seen {
        checks,
        api: session.api_name(),
        organization_id: organization_id.ok(),
        requests: session.requests_sent(),
        news: kept.filter(|_| now.token.is_some()).map(|kept| (kept, now.after(before.as_ref()))),
    }
}

/// Asks for the distributor and its children, side by side.
async fn of_distributor(
    session: &Session,
    id: OrganizationId,
    before: Option<&Observation>,
    now: &mut Observation,
) -> Vec<Check> {
    let (organization, children, consumption) =
        tokio::join!(session.organization(), session.children(), session.consumption());
    let is_gone = |failure: &Failure| failure.code() == ExitCode::NotFound;
    now.is_visible = match (&organization, &children) {
        (Ok(Some(_)), _) | (_, Ok(_)) => Some(true),
        (Err(failure), _) | (_, Err(failure)) if is_gone(failure) => Some(false),
        _ => None,
    };
    let mut checks = vec![distributor(id, &organization), limit(session, &organization)];
    match children {
        Ok(children) => {
            checks.push(usage::children(&children, session.invocation()));
            checks.push(match consumption {
                Ok(consumption) => usage::consumption(&children, consumption, session.near(), session.invocation()),
                Err(failure) => Check::failed("consumption", &failure),
            });
            now.children = Some(seen_twice(session, seen(&children), before).await);
        }
        Err(failure) => {
            checks.push(Check::failed("children", &failure));
            checks.push(Check::skipped("consumption", "the children cannot be listed"));
        }
    }
    checks
}

fn seen(children: &Children) -> SeenChildren {
    let row = |child: &ChildOrganization| (child.organization_id, SeenChild::from(child));
    SeenChildren { is_whole: children.is_whole(), rows: children.all().iter().map(row).collect() }
}

/// Reads the list again where it lacks a child that was there: what the second list has is there. Where that is not proven whole,
/// nothing is known of what both lack.
async fn seen_twice(session: &Session, mut first: SeenChildren, before: Option<&Observation>) -> SeenChildren {
    let before = before.and_then(|before| before.children.as_ref());
    if before.is_none_or(|before| before.vanished_in(&first).is_empty()) {
        return first;
    }
    tokio::time::sleep(SECOND_LOOK).await;
    match session.children().await {
        Ok(children) => {
            let second = seen(&children);
            first.is_whole &= second.is_whole;
            for (id, child) in second.rows {
                first.rows.entry(id).or_insert(child);
            }
        }
        Err(_) => first.is_whole = false,
    }
    first
}

fn distributor(id: OrganizationId, organization: &Result<Option<Organization>, Failure>) -> Check {
    match organization {
        Err(failure) => Check::failed("distributor", failure),
        Ok(None) => Check::warning(
            "distributor",
            format!("the token may not read organization {id}: its pool and limit are unknown"),
            "it needs the scope organizations:read",
        ),
        Ok(Some(organization)) => {
            let named = format!("{id} {}", organization.name);
            if organization.is_paused == Some(true) {
                let advice = "see in Make why, and whether its scenarios and its children stand still";
                return Check::problem("distributor", ExitCode::Failed, format!("{named} is paused"), advice);
            }
            let pool = organization.license.as_ref().and_then(|license| license.operations);
            let pool = pool.map_or_else(String::new, |pool| format!(", {pool} credits to hand out"));
            Check::ok("distributor", format!("{named}{pool}"))
        }
    }
}

fn limit(session: &Session, organization: &Result<Option<Organization>, Failure>) -> Check {
    let license = organization.as_ref().ok().and_then(|found| found.as_ref()?.license.as_ref());
    let Some(limit) = license.and_then(|license| license.api_limit) else {
        return Check::skipped("limit", "the distributor does not say it");
    };
    let Some(used) = session.sent_this_minute() else {
        return Check::ok("limit", format!("{limit} requests a minute"));
    };
    let found = format!("{limit} requests a minute, {used} sent by this machine in the last one");
    if i128::try_from(used).unwrap_or(i128::MAX) * 10 < i128::from(limit) * 9 {
        return Check::ok("limit", found);
    }
    Check::warning("limit", found, "commands wait for the next minute: wait, too, or run fewer side by side")
}

/// Compares with the last look.
fn changes(session: &Session, is_kept: bool, before: Option<&Observation>, now: &Observation) -> Vec<Check> {
    if now.token.is_none() {
        return vec![Check::skipped("changes", "no answer says what changed")];
    }
    let Some(before) = before else {
        let reason = if is_kept { "this is the first look" } else { "nothing is kept of a sandbox within a command" };
        return vec![Check::skipped("changes", reason)];
    };
    let since = day_and_time(SystemTime::UNIX_EPOCH + Duration::from_secs(before.at));
    let findings = compare(before, now, &session.created_here());
    if findings.is_empty() {
        return vec![Check::ok("changes", format!("none since {since}"))];
    }
    findings.iter().map(|finding| finding.check(&since, session.invocation())).collect()
}

fn seconds(time: SystemTime) -> u64 {
    time.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default().as_secs()
}
