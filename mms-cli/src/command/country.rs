//! `mms country`.

use mms_types::Country;

use crate::output::failure::Failure;
use crate::output::printer::Printer;
use crate::output::table::{Column, Record};
use crate::session::Session;

impl Record for Country {
    const COLUMNS: &'static [Column<Self>] = &[
        Column::new("ID", "id", |country| country.id.get().into()),
        Column::new("NAME", "name", |country| (&country.name).into()),
        Column::new("CODE", "code", |country| country.code.as_ref().into()),
        Column::new("CODE2", "code2", |country| country.code2.as_ref().into()),
    ];
}

/// Lists the countries.
pub(crate) async fn list(session: &Session, printer: &Printer) -> Result<(), Failure> {
    printer.list(&session.countries().await?)
}
