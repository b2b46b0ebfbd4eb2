//! `mms plan show`: a saved plan, without a request.

use jiff::Timestamp;

use super::saved;
use super::view::{self, PlanContext, Saved};
use crate::args::{GlobalArgs, PlanShowArgs};
use crate::output::failure::Failure;
use crate::output::printer::Printer;

/// Shows a saved plan, whatever became of it.
pub(super) fn run(arguments: &PlanShowArgs, global: &GlobalArgs, printer: &Printer) -> Result<(), Failure> {
    printer.check_sheet()?;
    let plan = saved::read(&arguments.file)?;
    let file = arguments.file.display().to_string();
    let place = plan.origin.place.as_str();
    // A sandbox that is served says which one it is behind its address.
    let (server, is_sandbox) = match place.split_once('#').filter(|_| place.starts_with("http")) {
        Some((server, _)) => (server, true),
        None => (place, place.starts_with("sandbox ")),
    };
    let context = PlanContext {
        title: "Plan for",
        place: server,
        is_sandbox,
        organization_id: plan.origin.organization_id,
        files: &plan.origin.files,
        catalogue: None,
        cost: None,
        saved: Some(Saved { file: &file, origin: &plan.origin, version: plan.version(), now: Timestamp::now() }),
        lists: ["region list", "country list"].map(|command| format!("`mms {command}`")),
        is_verbose: global.verbose > 0,
    };
    view::show(printer, &plan.plan, &context)
}
