//! `mms doctor`: checks of what the other commands need, and what changed since the last look.
//!
//! It reads, and writes nothing but what it saw.

mod check;
mod files;
mod greeting;
mod journal;
mod kept;
mod look;
mod observation;
mod server;
mod setup;
mod usage;
mod watch;

pub(super) use check::Check;

use crate::args::{DoctorArgs, GlobalArgs};
use crate::output::failure::Failure;
use crate::output::printer::Printer;
use look::Look;

/// Checks once, or again and again.
pub(super) async fn run(arguments: DoctorArgs, global: &GlobalArgs, printer: &Printer) -> Result<(), Failure> {
    printer.check_columns::<Check>()?;
    if let Some(every) = arguments.watch {
        return watch::watch(every, arguments.offline, global, printer).await;
    }
    let look = Look::take(arguments.offline, global, printer, None).await?;
    if printer.is_whole_table() {
        printer.raw(&look.checks.iter().map(|check| check.lines(printer)).collect::<String>())?;
    } else {
        printer.list(&look.checks)?;
    }
    printer.note(&format!("Requests: {}.", look.requests));
    let verdict = check::verdict(&look.checks);
    look.keep(printer);
    verdict
}
