//! Children of a look: their number, and those that stand still or are about to.

use mms_client::ChildWithConsumption;
use mms_types::{ChildOrganization, ChildOrganizationConsumption};

use super::check::Check;
use crate::command::consumption::joined;
use crate::command::rows::State;
use crate::invocation::Invocation;
use crate::lookup::{Children, name_of};

/// Most children that are named.
const MOST_NAMED: usize = 5;

/// Counts the children, and names those without credits.
pub(super) fn children(children: &Children, invocation: &Invocation) -> Check {
    let all = children.all();
    let number = format!("{} {}", all.len(), if all.len() == 1 { "child" } else { "children" });
    if !children.is_whole() {
        let found = format!("{number}, and there may be more: no page of the list proves to be the last");
        return Check::warning("children", found, "nothing is concluded from what the list lacks");
    }
    let dry: Vec<_> = all.iter().filter(|child| child.operations_allocated == Some(0)).collect();
    if dry.is_empty() {
        return Check::ok("children", number);
    }
    let allocate = invocation.command("child allocate ID CREDITS");
    let found = format!("{number}, {} of them without credits: {}", dry.len(), named(&dry));
    Check::warning("children", found, format!("their scenarios stand still: {allocate}"))
}

/// Names the children that have used all they were given, and counts those that are near.
pub(super) fn consumption(
    children: &Children,
    consumption: Vec<ChildOrganizationConsumption>,
    near: u64,
    invocation: &Invocation,
) -> Check {
    let rows = joined(ChildWithConsumption::join(children.all().to_vec(), consumption), near);
    let of = |state: State| -> Vec<_> {
        let is_meant = |row: &&_| state_of(row) == Some(state);
        rows.iter().filter(is_meant).map(|row| &row.child).collect()
    };
    let (over, near) = (of(State::Over), of(State::Near).len());
    let near = if near == 0 { String::new() } else { format!(", {near} near that") };
    if over.is_empty() {
        return Check::ok("consumption", format!("no child has used all of its credits{near}"));
    }
    let found = format!("{} used all of their credits{near}: {}", over.len(), named(&over));
    let command = invocation.command("consumption --above 100%");
    Check::warning("consumption", found, format!("{command} shows them; their scenarios stand still until the reset"))
}

fn state_of(row: &crate::command::rows::ChildRow) -> Option<State> {
    row.usage.as_ref().map(|usage| usage.state)
}

fn named(children: &[&ChildOrganization]) -> String {
    let one = |child: &&ChildOrganization| format!("{} {}", child.organization_id, name_of(child));
    let names: Vec<_> = children.iter().take(MOST_NAMED).map(one).collect();
    let more = children.len().saturating_sub(MOST_NAMED);
    if more == 0 { names.join(", ") } else { format!("{}, and {more} more", names.join(", ")) }
}
