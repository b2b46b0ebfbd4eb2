//! `mms region`.

use mms_types::Region;

use crate::args::{GlobalArgs, RegionCommand};
use crate::output::data::{Column, Record, Value};
use crate::output::failure::Failure;
use crate::output::printer::Printer;
use crate::session::Session;

impl Record for Region {
    const COLUMNS: &'static [Column<Self>] = &[
        Column::new("ID", "id", |region| Value::Id(region.id.get())),
        Column::new("NAME", "name", |region| (&region.name).into()),
    ];
}

/// Runs a command about regions.
pub(super) async fn run(command: &RegionCommand, global: &GlobalArgs, printer: &Printer) -> Result<(), Failure> {
    printer.check_columns::<Region>()?;
    match command {
        RegionCommand::List => Session::without_distributor(global, printer, "region list", list).await,
    }
}

async fn list(session: &Session) -> Result<(), Failure> {
    session.printer().list(&session.regions().await?)
}
