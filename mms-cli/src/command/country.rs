//! `mms country`.

use mms_types::Country;

use crate::args::{CountryCommand, GlobalArgs};
use crate::output::data::{Column, Record, Value};
use crate::output::failure::Failure;
use crate::output::printer::Printer;
use crate::session::Session;

impl Record for Country {
    const COLUMNS: &'static [Column<Self>] = &[
        Column::new("ID", "id", |country| Value::Id(country.id.get())),
        Column::new("NAME", "name", |country| (&country.name).into()),
        Column::new("CODE", "code", |country| country.code.as_ref().into()),
        Column::new("CODE2", "code2", |country| country.code2.as_ref().into()),
    ];
}

/// Runs a command about countries.
pub(super) async fn run(command: &CountryCommand, global: &GlobalArgs, printer: &Printer) -> Result<(), Failure> {
    printer.check_columns::<Country>()?;
    match command {
        CountryCommand::List => Session::without_distributor(global, printer, "country list", list).await,
    }
}

async fn list(session: &Session) -> Result<(), Failure> {
    session.printer().list(&session.countries().await?)
}
