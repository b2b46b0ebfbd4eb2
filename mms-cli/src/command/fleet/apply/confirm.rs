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
/// by a person, or given with `--yes`.
pub(in crate::command::fleet) async fn confirm(
    session: &Session,
    confirmation: Confirmation,
    plan: &Plan,
    creates: Option<u64>,
) -> Result<(), Failure> {
    let printer = session.printer();
    if plan.creates() >= TYPED_FROM {
        return confirm_creates(printer, confirmation, plan.creates(), creates).await;
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

/// Asks for so many creates by their number, unless it was `given`.
pub(in crate::command::fleet) async fn confirm_creates(
    printer: &Printer,
    confirmation: Confirmation,
    number: u64,
    given: Option<u64>,
) -> Result<(), Failure> {
    if !confirmation.was_asked() {
        return match given {
            Some(given) if given == number => Ok(()),
            Some(given) => Err(Failure::failed(format!(
                "{} organizations would be created, and --creates allows {}: nothing was sent",
                grouped(number),
                grouped(given)
            ))),
            None => Err(Failure::failed(format!(
                "{} organizations would be created, and none can ever be deleted: nothing was sent",
                grouped(number)
            ))
            .hint(format!("with --yes, add --creates {number}"))),
        };
    }
    let prompt = format!("Type the number of new organizations, {number}, to create them for ever: ");
    let typed = questions::line(printer, &prompt).await?;
    if typed.parse() == Ok(number) { Ok(()) } else { Err(Failure::failed("not confirmed: nothing was done")) }
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
