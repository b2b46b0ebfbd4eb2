//! Earlier creates of the same name: an open one is settled in place of a new one.

use std::time::Duration;

use mms_client::{CreateOnce, CreateOncePolicy, FileJournal, Intent, OpenIntent};
use mms_types::{NameKey, OrganizationId};

use super::create_record::Created;
use crate::args::CreateArgs;
use crate::output::failure::{Failure, Hint};
use crate::output::time::{age, timestamp};
use crate::session::Session;

/// Settles the open create of the same name; nothing where there is none. It sends reads alone.
pub(super) async fn settled(
    session: &Session,
    arguments: &CreateArgs,
    journal: &FileJournal,
) -> Result<Option<Created>, Failure> {
    let open = session.open_intents(journal)?;
    let name = arguments.name.as_str();
    let Some(OpenIntent { intent, .. }) = open.iter().find(|open| open.intent.organization_name == name) else {
        return if arguments.allow_duplicate_name {
            Ok(None)
        } else {
            refuse_similar(session, name, &open).map(|()| None)
        };
    };
    session.printer().note(&format!(
        "A create of this name from {} has no known outcome: looking for its child. Nothing is sent.",
        timestamp(intent.at)
    ));
    let settled = session.settle(journal, Some(&intent.id), arguments.wait.settle_wait).await?;
    let Some(settled) = settled.into_iter().next() else { return Ok(None) };
    if let Some(failure) = session.unsettled(&settled) {
        return Err(failure);
    }
    let Ok(CreateOnce::Adopted { child, .. }) = settled.outcome else { return Ok(None) };
    let id = child.organization_id;
    session.printer().warn(&format!(
        "an earlier create had this name, and no usable answer came to it: {id} is the one new child organization that fits, and so it \
         is taken for it; nothing was sent now"
    ));
    if let Some(difference) = difference(session, arguments, intent).await? {
        return Err(Failure::exists(format!(
            "{id} was created with {difference}, which is not what was asked for now"
        ))
        .hint("choose another name, or change what can be changed of that child"));
    }
    // The journal has no name of the owner.
    Ok(Some(Created::adopted(session, arguments, None, *child).await))
}

/// Returns the child of this name that an earlier command made so short a time ago that a list may not show it yet, however
/// long this one is told to look. Nothing where a second child of the name is wanted.
pub(super) fn recent(
    session: &Session,
    arguments: &CreateArgs,
    journal: &FileJournal,
) -> Result<Option<OrganizationId>, Failure> {
    let name = arguments.name.as_str();
    let settle_time = CreateOncePolicy::default().waits.iter().sum::<Duration>().as_secs();
    let mut claims = session.claims(journal)?.into_iter();
    let latest = claims.rfind(|claim| claim.organization_name == name && age(claim.at) < settle_time);
    Ok(latest.filter(|_| !arguments.allow_duplicate_name).map(|claim| claim.organization_id))
}

/// Refuses a name that reads the same as that of an open create.
fn refuse_similar(session: &Session, name: &str, open: &[OpenIntent]) -> Result<(), Failure> {
    let key = NameKey::new(name);
    match open.iter().find(|open| NameKey::new(&open.intent.organization_name) == key) {
        Some(OpenIntent { intent: Intent { organization_name, at, .. }, .. }) => Err(Failure::failed(format!(
            "{name:?} reads like {organization_name:?}, whose create from {} has no known outcome; nothing was sent",
            timestamp(*at)
        ))
        .hint(
            Hint::new("settle that one first, or say that this is another:")
                .step(format!("find out what became of it: {}", session.invocation().command("child settle")))
                .step("create another one all the same: add --allow-duplicate-name"),
        )),
        None => Ok(()),
    }
}

/// Says in what the earlier create differs from the one that is asked for now.
async fn difference(session: &Session, arguments: &CreateArgs, intent: &Intent) -> Result<Option<String>, Failure> {
    let (region, country) = tokio::try_join!(session.region(&arguments.region), session.country(&arguments.country))?;
    Ok(if intent.operations != arguments.credits {
        Some(format!("{} credits", intent.operations))
    } else if intent.region_id != region.id {
        Some(format!("region {}", intent.region_id))
    } else if intent.country_id != country.id {
        Some(format!("country {}", intent.country_id))
    } else if intent.user_email != arguments.owner_email.as_str() {
        Some(format!("the owner {}", intent.user_email))
    } else {
        None
    })
}
