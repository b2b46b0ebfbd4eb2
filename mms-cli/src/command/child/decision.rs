//! `mms child settle --intent`: a person's decision about one create, after they have looked.

use std::time::{Duration, SystemTime};

use mms_client::{
    Clock as _, FileJournal, Intent, IntentId, IntentOutcome, Journal, OpenIntent, Resolution, SystemClock,
};
use mms_types::{ChildOrganization, NameKey, OrganizationId};

use super::settle_record::Settlement;
use crate::args::SettleArgs;
use crate::lookup::{Children, name_of};
use crate::output::failure::{Failure, journal_unusable};
use crate::output::plan::Plan;
use crate::output::questions::Confirmation;
use crate::output::time::{age, timestamp};
use crate::session::Session;

/// Ends an open create as a person decides, unless the list or the journal speaks against it.
pub(super) async fn decide(session: &Session, arguments: &SettleArgs, id: &IntentId, yes: bool) -> Result<(), Failure> {
    let confirmation = Confirmation::new(yes)?;
    let (printer, settle_time) = (session.printer(), arguments.wait.settle_wait);
    if !session.is_any_open_here(&session.journal(settle_time).await?)? {
        return Err(not_open(session, id));
    }
    let children = session.children().await?;
    let journal = session.journal(settle_time).await?;
    let open = find(session, &journal, id)?;
    let claimed: Vec<_> = session.claims(&journal)?.iter().map(|claim| claim.organization_id).collect();
    // While a person thinks, others can create.
    drop(journal);

    let decision = if let Some(text) = &arguments.child {
        let child = children.find_for_write(text, session.invocation())?;
        refuse_impossible(&open.intent, child, &claimed)?;
        Decision::assignment(session, &open.intent, child, arguments.reason.as_deref())
    } else {
        refuse_hasty(session, &open, settle_time.seconds())?;
        refuse_present(session, &open.intent, &children, &claimed)?;
        children.warn_if_cut(printer);
        Decision::giving_up(session, &open, arguments.reason.as_deref(), settle_time.seconds())
    };
    confirmation.show(printer, &decision.plan);
    if let Some(Doubt { text, question }) = &decision.doubt {
        let refusal = Failure::failed(text).hint("run the command without --yes, on a terminal, and it asks");
        confirmation.accept(printer, &format!("{text}. {question}"), refusal).await?;
    }
    confirmation.confirm(printer, decision.question).await?;

    let journal = session.journal(settle_time).await?;
    // Another command, or another person, may have been faster.
    find(session, &journal, id)?;
    if let Resolution::Assigned { organization_id, .. } = &decision.resolution {
        let claims = session.claims(&journal)?;
        refuse_claimed(*organization_id, claims.iter().map(|claim| claim.organization_id))?;
    }
    journal.resolve(id, decision.resolution, SystemTime::now()).map_err(|error| journal_unusable(&error))?;
    printer.list(&[decision.settlement])
}

/// Decision about an open create, with its plan and question.
struct Decision {
    resolution: Resolution,
    settlement: Settlement,
    plan: Plan,
    /// Evidence against it.
    doubt: Option<Doubt>,
    question: &'static str,
}

/// Evidence against a decision, which then takes a person, and the question about it.
struct Doubt {
    text: String,
    question: &'static str,
}

impl Decision {
    fn assignment(session: &Session, intent: &Intent, child: &ChildOrganization, reason: Option<&str>) -> Self {
        let ChildOrganization { organization_id, operations_allocated, .. } = child;
        let credits = operations_allocated.map_or_else(|| "unknown".to_owned(), |credits| credits.to_string());
        let heading = "About to write down which child organization a create became:";
        Self {
            resolution: Resolution::Assigned {
                organization_id: *organization_id,
                reason: reason.unwrap_or("a person said so").to_owned(),
            },
            settlement: Settlement::new(intent, "assigned", Some(*organization_id)),
            plan: plan(heading, session, intent)
                .line("child", format!("{organization_id} {}, {credits} credits", name_of(child))),
            doubt: name_doubt(intent, child),
            question: "Is that the child of this create?",
        }
    }

    fn giving_up(session: &Session, open: &OpenIntent, reason: Option<&str>, least_age: u64) -> Self {
        let found = match &open.stopped {
            Some(IntentOutcome::Ambiguous { candidates }) => {
                let ids: Vec<_> = candidates.iter().map(ToString::to_string).collect();
                format!("several new children that fit: {}", ids.join(", "))
            }
            Some(IntentOutcome::Contradiction) => "no child, and yet the pool fell as if there were one".to_owned(),
            _ => "no child".to_owned(),
        };
        let heading = "About to give a create up, so that its name may be created again:";
        Self {
            resolution: Resolution::GivenUp { reason: reason.unwrap_or_default().to_owned() },
            settlement: Settlement::new(&open.intent, "given_up", None),
            plan: plan(heading, session, &open.intent)
                .line("found", found)
                .line("risk", "if its request arrives after all there are two children, and neither can be deleted"),
            doubt: doubt(open).or_else(|| clock_doubt(&open.intent, least_age, SystemClock.since_boot())),
            question: "Have you looked in Make, and is there no such child?",
        }
    }
}

fn plan(heading: &'static str, session: &Session, intent: &Intent) -> Plan {
    Plan::new(heading)
        .server(session.place(), session.is_sandbox())
        .line("distributor", intent.parent)
        .line("journal", session.journal_place())
        .line("intent", &intent.id)
        .line("name", &intent.organization_name)
        .line("credits", intent.operations)
        .line("sent", format!("{}, {} s ago", timestamp(intent.at), age(intent.at)))
}

fn find(session: &Session, journal: &FileJournal, id: &IntentId) -> Result<OpenIntent, Failure> {
    let open = session.open_intents(journal)?;
    open.into_iter().find(|open| open.intent.id == *id).ok_or_else(|| not_open(session, id))
}

fn not_open(session: &Session, id: &IntentId) -> Failure {
    let settle = session.invocation().command("child settle");
    Failure::failed(format!("no create of this distributor is open as intent {id}"))
        .hint(format!("{settle} shows those that are open"))
}

/// Refuses a child that cannot have come of the create.
fn refuse_impossible(intent: &Intent, child: &ChildOrganization, claimed: &[OrganizationId]) -> Result<(), Failure> {
    let id = child.organization_id;
    if intent.ids_before.contains(&id) {
        return Err(Failure::failed(format!("{id} was there before the create was sent")));
    }
    refuse_claimed(id, claimed.iter().copied())
}

/// Refuses a child that came of another create.
fn refuse_claimed(id: OrganizationId, mut claimed: impl Iterator<Item = OrganizationId>) -> Result<(), Failure> {
    if claimed.any(|claimed| claimed == id) {
        return Err(Failure::failed(format!("{id} came of another create")));
    }
    Ok(())
}

/// Refuses to give up a create whose child was not looked for, or had no time to appear.
fn refuse_hasty(session: &Session, open: &OpenIntent, least_age: u64) -> Result<(), Failure> {
    let settle = session.invocation().command("child settle");
    if open.stopped.is_none() {
        return Err(
            Failure::failed("nobody has looked for the child of this create yet").hint(format!("run {settle} first"))
        );
    }
    let age = age(open.intent.at);
    if age < least_age {
        return Err(Failure::failed(format!(
            "the create was sent {age} s ago, and its child may take {least_age} s to appear in the list"
        ))
        .hint(format!(
            "look again with {settle} in {} s; --settle-wait says how long is long enough",
            least_age - age
        )));
    }
    Ok(())
}

/// Returns the evidence against giving a create up.
fn doubt(open: &OpenIntent) -> Option<Doubt> {
    let text = match open.stopped {
        Some(IntentOutcome::Contradiction) => "the distributor's pool fell as if the child were there",
        Some(IntentOutcome::Ambiguous { .. }) => "one of the children that fit may have come of this create",
        _ => return None,
    };
    Some(Doubt { text: text.to_owned(), question: "Give it up all the same?" })
}

/// Returns the doubt about the time, where no clock that nobody can set says that enough of it has passed.
fn clock_doubt(intent: &Intent, least_age: u64, since_boot: Option<Duration>) -> Option<Doubt> {
    let known = intent.least_age(since_boot);
    if known.map_or(0, |age| age.as_secs()) >= least_age {
        return None;
    }
    let text = match known {
        Some(known) => format!(
            "the create was sent {} s ago by the wall clock, and only {} s are certain by the time since this machine was started",
            age(intent.at),
            known.as_secs()
        ),
        None => format!(
            "the create was sent {} s ago by the wall clock, which may have been set, and no other clock knows",
            age(intent.at)
        ),
    };
    Some(Doubt { text, question: "Was it sent as long ago as that?" })
}

/// Returns the doubt about a child of another name than the create asked for.
fn name_doubt(intent: &Intent, child: &ChildOrganization) -> Option<Doubt> {
    let asked = &intent.organization_name;
    if child.name_key() == Some(NameKey::new(asked)) {
        return None;
    }
    let found = name_of(child);
    let text = format!("{} is named {found:?}, and the create asked for {asked:?}", child.organization_id);
    Some(Doubt { text, question: "Did it come of this create all the same?" })
}

/// Refuses to give up a create while a single new child has its name.
fn refuse_present(
    session: &Session,
    intent: &Intent,
    children: &Children,
    claimed: &[OrganizationId],
) -> Result<(), Failure> {
    let key = Some(NameKey::new(&intent.organization_name));
    let mut fitting = children
        .new_since(&intent.ids_before)
        .filter(|child| !claimed.contains(&child.organization_id) && child.name_key() == key);
    let (Some(child), None) = (fitting.next(), fitting.next()) else { return Ok(()) };
    let id = child.organization_id;
    let assign = session.invocation().command(&format!("child settle --intent {} --child id:{id}", intent.id));
    Err(Failure::failed(format!("{id} has the name of the create and was not there before: it is not to be given up"))
        .hint(format!("{assign} says that it came of it")))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns an intent that was written down a day ago by the wall clock.
    fn intent(since_boot: Option<u64>) -> Intent {
        let day_ago = SystemTime::now() - Duration::from_secs(86_400);
        let at = day_ago.duration_since(SystemTime::UNIX_EPOCH).unwrap().as_millis();
        serde_json::from_value(serde_json::json!({
            "id": "0123456789abcdef0123456789abcdef",
            "at": u64::try_from(at).unwrap(),
            "sinceBoot": since_boot,
            "api": "https://eu1.make.com/api/v2",
            "parent": 11,
            "organizationName": "Sol",
            "regionId": 1,
            "countryId": 7,
            "operations": 10_000,
            "userEmail": "ada@sol.example",
            "allocatedBefore": 0,
            "poolBefore": null,
        }))
        .unwrap()
    }

    #[test]
    fn a_wall_clock_that_may_have_been_set_is_no_proof_that_time_has_passed() {
        let doubt = |then: Option<u64>, now: Option<u64>| {
            clock_doubt(&intent(then.map(|then| then * 1_000)), 212, now.map(Duration::from_secs))
                .map(|doubt| doubt.text)
        };
        assert_eq!(doubt(Some(1_000), Some(1_212)), None);
        assert_eq!(doubt(Some(1_000), Some(300)), None, "started again since, for longer than that");
        assert!(
            doubt(Some(1_000), Some(1_211))
                .unwrap()
                .ends_with("only 211 s are certain by the time since this machine was started")
        );
        assert!(doubt(Some(1_000), Some(60)).unwrap().contains("only 60 s are certain"));
        for (then, now) in [(None, Some(9_999)), (Some(1), None)] {
            assert!(doubt(then, now).unwrap().ends_with("which may have been set, and no other clock knows"));
        }
        assert!(clock_doubt(&intent(None), 0, None).is_none(), "no time is asked for");
    }
}
