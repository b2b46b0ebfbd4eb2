//! Journal of writes: whether it can be read, who has it, and which writes have no known outcome.

use std::collections::BTreeMap;
use std::path::Path;

use mms_client::{AllocationIntent, FileJournal, OpenIntent};
use mms_types::OrganizationId;

use super::check::Check;
use super::setup::Setup;
use crate::invocation::Invocation;
use crate::lookup::NO_NAME;
use crate::output::failure::ExitCode;
use crate::output::time::day_and_time;

/// Most creates that are named.
const MOST_NAMED: usize = 5;

/// Checks the journal. `api` is the name by which it knows the server, where an answer told that.
pub(super) fn examine(
    setup: &Setup,
    api: Option<&str>,
    organization_id: Option<OrganizationId>,
    invocation: &Invocation,
) -> Vec<Check> {
    let Some(path) = &setup.journal else {
        let reason = "the settings do not say where it is";
        return ["journal", "open_creates"].map(|check| Check::skipped(check, reason)).into();
    };
    let shown = path.display();
    let free_before = FileJournal::check_free(path);
    let read = FileJournal::read_claims(path).and_then(|claims| Ok((claims, FileJournal::read_open_intents(path)?)));
    let (claims, open) = match read {
        Ok(read) => read,
        Err(error) => {
            let advice = "look at the file before anything else: no command creates a child without it";
            let unread = Check::problem("journal", ExitCode::Failed, error.to_string(), advice);
            return vec![unread, Check::skipped("open_creates", "the journal cannot be read")];
        }
    };
    let found =
        if path.exists() { format!("{shown}, {} creates known", claims.len()) } else { format!("{shown}, none yet") };
    // A create may begin or end in between: its intent is open, and it is under way.
    let free = free_before.and_then(|()| FileJournal::check_free(path));
    let holder = free.as_ref().err().filter(|error| error.is_locked());
    let holder = holder.map(|error| error.holder().unwrap_or_else(|| "another process".to_owned()));
    let journal = match free {
        Ok(()) => Check::ok("journal", found),
        Err(error) if error.is_locked() => {
            Check::warning("journal", error.to_string(), "a command that creates waits until that process has ended")
        }
        Err(error) => {
            Check::problem("journal", ExitCode::Failed, error.to_string(), "it has to be a file that you can write to")
        }
    };
    let is_here = |open: &OpenIntent| {
        let intent = &open.intent;
        let is_place = match api {
            Some(api) => intent.api == api,
            None => setup.place.as_deref() == Some(intent.place()),
        };
        is_place && Some(intent.parent) == organization_id
    };
    let (here, elsewhere): (Vec<_>, Vec<_>) = open.into_iter().partition(is_here);
    let mut checks = vec![journal];
    if here.is_empty() && elsewhere.is_empty() {
        checks.push(Check::ok("open_creates", "none: the outcome of every create is known"));
    }
    if let (Some(holder), false) = (&holder, here.is_empty()) {
        checks.push(Check::skipped("open_creates", format!("under way in {holder}: {}", named(&here))));
    } else if !here.is_empty() {
        let settle = invocation.command("child settle");
        let found = format!("no known outcome: {}", named(&here));
        let advice = format!("{settle} looks for the child, and takes down what you found in Make");
        checks.push(Check::problem("open_creates", ExitCode::Unknown, found, advice));
    }
    checks.extend(open_allocations(path, holder.is_some(), organization_id));
    let mut places: BTreeMap<(String, OrganizationId), Vec<OpenIntent>> = BTreeMap::new();
    for open in elsewhere {
        places.entry((open.intent.api.clone(), open.intent.parent)).or_default().push(open);
    }
    checks.extend(places.into_iter().map(|((place, id), open)| {
        let found = format!("no known outcome under {place}, organization {id}: {}", named(&open));
        Check::warning("open_creates", found, "`mms child settle` with the settings of that place looks for the child")
    }));
    checks
}

/// Checks the allocations of the distributor, wherever they were sent: of which none is open there is nothing to say.
fn open_allocations(path: &Path, is_under_way: bool, organization_id: Option<OrganizationId>) -> Option<Check> {
    let mut open = FileJournal::read_open_allocations(path).unwrap_or_default();
    open.retain(|open| Some(open.parent) == organization_id);
    let one = |open: &AllocationIntent| {
        let name = open.organization_name.as_deref().unwrap_or(NO_NAME);
        format!("{} to {name:?} from {}", open.operations, day_and_time(open.at.time()))
    };
    let found = listed(open.iter().map(one).collect());
    match found {
        _ if open.is_empty() => None,
        found if is_under_way => Some(Check::skipped("open_allocations", format!("under way: {found}"))),
        found => {
            let advice = "the next command that writes looks what became of it";
            Some(Check::warning("open_allocations", format!("no known outcome: {found}"), advice))
        }
    }
}

/// Names creates and their times.
fn named(open: &[OpenIntent]) -> String {
    let one =
        |open: &OpenIntent| format!("{:?} from {}", open.intent.organization_name, day_and_time(open.intent.at.time()));
    listed(open.iter().map(one).collect())
}

/// Lists the first of what is open, and counts the rest.
fn listed(mut open: Vec<String>) -> String {
    let more = open.len().saturating_sub(MOST_NAMED);
    open.truncate(MOST_NAMED);
    if more == 0 { open.join(", ") } else { format!("{}, and {more} more", open.join(", ")) }
}
