//! Question before an apply.

use mms_fleet::Plan;

use crate::output::data::grouped;
use crate::output::failure::Failure;
use crate::output::printer::Printer;
use crate::output::questions::{self, Confirmation};
use crate::session::Session;

/// Creates from which on a person types their number.
pub(in crate::command::fleet) const TYPED_FROM: u64 = 11;

/// Asks with the numbers. More than ten new organizations are confirmed by their number, since none of them can ever be deleted: typed
/// by a person, or given with `--yes` as [`refuse_other_number`] has found it.
pub(in crate::command::fleet) async fn confirm(
    session: &Session,
    confirmation: Confirmation,
    plan: &Plan,
    creates: Option<u64>,
) -> Result<(), Failure> {
    let printer = session.printer();
    if plan.creates() >= TYPED_FROM {
        return confirm_creates(printer, confirmation, plan.creates(), creates.is_some()).await;
    }
    confirmation.confirm(printer, &question(session.place(), plan)).await
}

fn question(place: &str, plan: &Plan) -> String {
    let parts = [(plan.creates(), "create", "creates"), (plan.changes(), "change", "changes")];
    let parts: Vec<_> = parts
        .into_iter()
        .filter(|(number, ..)| *number > 0)
        .map(|(number, one, many)| format!("{} {}", grouped(number), if number == 1 { one } else { many }))
        .collect();
    format!("Make {} on {place}?", parts.join(" and "))
}

/// Refuses another number of creates than was `given`, however few there are; nothing was sent.
pub(in crate::command::fleet) fn refuse_other_number(number: u64, given: Option<u64>) -> Result<(), Failure> {
    let Some(given) = given.filter(|given| *given != number) else { return Ok(()) };
    let (organizations, given) = (new_organizations(number), grouped(given));
    Err(Failure::failed(format!("{organizations} would be created, and --creates says {given}: nothing was sent"))
        .hint(format!("see why by --dry-run without it, and state --creates {number} if that is meant")))
}

/// Asks for so many creates by their number, unless it `is_given`.
pub(in crate::command::fleet) async fn confirm_creates(
    printer: &Printer,
    confirmation: Confirmation,
    number: u64,
    is_given: bool,
) -> Result<(), Failure> {
    if !confirmation.was_asked() {
        if is_given {
            return Ok(());
        }
        return Err(Failure::failed(format!(
            "{} would be created, and none can ever be deleted: nothing was sent",
            new_organizations(number)
        ))
        .hint(format!("with --yes, add --creates {number}")));
    }
    let prompt = format!("Type the number of new organizations, {number}, to create them for ever: ");
    let typed = questions::line(printer, &prompt).await?;
    if typed.parse() == Ok(number) { Ok(()) } else { Err(Failure::failed("not confirmed: nothing was done")) }
}

fn new_organizations(number: u64) -> String {
    format!("{} {}", grouped(number), if number == 1 { "organization" } else { "organizations" })
}

#[cfg(test)]
mod tests {
    use mms_fleet::{Action, Step};

    use super::*;

    #[test]
    fn a_question_counts_what_is_created_and_what_is_changed() {
        let action = Action::Allocate {
            organization_id: 101.try_into().unwrap(),
            before: 0,
            after: "10000".parse().unwrap(),
            consumed: None,
            may_pause: false,
        };
        let step = Step { name: "Sol".to_owned(), priority: 0, action };
        let mut plan = Plan::undo(&[], &mms_fleet::Observed::default(), &mms_fleet::PlanOptions::default());
        plan.steps = vec![step.clone()];
        assert_eq!(question("eu1.make.com", &plan), "Make 1 change on eu1.make.com?");
        plan.steps.push(step);
        assert_eq!(question("eu1.make.com", &plan), "Make 2 changes on eu1.make.com?");
    }
}
