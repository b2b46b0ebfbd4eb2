//! Plan as it is shown: to people as blocks of lines or Markdown, to programs as JSON.

mod blocks;
mod output;
mod rows;
mod summary;

use jiff::Timestamp;
use mms_fleet::{Catalogue, Estimate, Observed, Origin, Plan};
use mms_types::OrganizationId;

use crate::output::failure::Failure;
use crate::output::printer::Printer;
use crate::session::Session;
pub(in crate::command) use output::PlanOutput;

/// What is said about a plan beside the plan itself.
#[derive(Debug, Clone)]
pub(in crate::command::fleet) struct PlanContext<'a> {
    /// What it is, in front of the server, such as `Plan for`.
    pub(in crate::command::fleet) title: &'a str,
    /// The server as a person knows it.
    pub(in crate::command::fleet) place: &'a str,
    pub(in crate::command::fleet) is_sandbox: bool,
    pub(in crate::command::fleet) organization_id: OrganizationId,
    /// The files that ask for it; none of a plan that was made without them.
    pub(in crate::command::fleet) files: &'a [String],
    /// Names of regions and countries, where they were read.
    pub(in crate::command::fleet) catalogue: Option<&'a Catalogue>,
    /// What an apply costs, where it is known.
    pub(in crate::command::fleet) cost: Option<Cost>,
    /// Where it was read from, if it is a saved plan.
    pub(in crate::command::fleet) saved: Option<Saved<'a>>,
    /// The commands that read regions and countries.
    pub(in crate::command::fleet) lists: [String; 2],
    /// Whether the children are listed that are counted otherwise.
    pub(in crate::command::fleet) is_verbose: bool,
}

/// What an apply costs, at which limit.
#[derive(Debug, Clone, Copy)]
pub(in crate::command::fleet) struct Cost {
    pub(in crate::command::fleet) estimate: Estimate,
    pub(in crate::command::fleet) requests_per_minute: u32,
}

/// Saved plan that is shown, or was written.
#[derive(Debug, Clone, Copy)]
pub(in crate::command::fleet) struct Saved<'a> {
    pub(in crate::command::fleet) file: &'a str,
    pub(in crate::command::fleet) origin: &'a Origin,
    pub(in crate::command::fleet) version: &'a str,
    pub(in crate::command::fleet) now: Timestamp,
}

impl Saved<'_> {
    fn is_expired(&self) -> bool {
        self.origin.expires_at < self.now
    }
}

impl<'a> PlanContext<'a> {
    /// Takes what a session observed, and the files. What it has read so far counts as part of the cost, and what it reads `again` before
    /// the first write.
    pub(in crate::command::fleet) fn new(
        session: &'a Session,
        plan: &Plan,
        observed: &'a Observed,
        files: &'a [String],
        again: u64,
    ) -> Result<Self, Failure> {
        let look = session.requests_of_a_look(observed.children.len());
        let cost = observed.requests_per_minute.map(|requests_per_minute| Cost {
            estimate: plan.estimate_after(session.requests_sent() + again, requests_per_minute, look),
            requests_per_minute,
        });
        Ok(Self {
            title: "Plan for",
            place: session.place(),
            is_sandbox: session.is_sandbox(),
            organization_id: session.organization_id()?,
            files,
            catalogue: observed.catalogue.as_ref(),
            cost,
            saved: None,
            lists: [session.invocation().command("region list"), session.invocation().command("country list")],
            is_verbose: session.is_verbose(),
        })
    }
}

/// Writes a plan to standard output, in the form that was asked for.
pub(in crate::command::fleet) fn show(
    printer: &Printer,
    plan: &Plan,
    context: &PlanContext<'_>,
) -> Result<(), Failure> {
    let mut sheet = printer.sheet();
    blocks::write(&mut sheet, plan, context);
    printer.sheet_or_json(&sheet, &PlanOutput::new(plan, context))
}

/// Writes a plan to standard error, for a person who is asked about it.
pub(in crate::command::fleet) fn show_before_question(printer: &Printer, plan: &Plan, context: &PlanContext<'_>) {
    let mut sheet = printer.sheet_before_question();
    blocks::write(&mut sheet, plan, context);
    printer.show_before_question(&sheet);
}
