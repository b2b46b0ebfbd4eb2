//! `mms region`.

use mms_types::Region;

use crate::output::failure::Failure;
use crate::output::printer::Printer;
use crate::output::table::{Column, Record};
use crate::session::Session;

impl Record for Region {
    const COLUMNS: &'static [Column<Self>] = &[
        Column::new("ID", "id", |region| region.id.get().into()),
        Column::new("NAME", "name", |region| (&region.name).into()),
    ];
}

/// Lists the regions.
pub(crate) async fn list(session: &Session, printer: &Printer) -> Result<(), Failure> {
    printer.list(&session.regions().await?)
}
