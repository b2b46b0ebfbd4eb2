//! Creates of a table's names that an earlier command left open: nothing is created before a person has looked.

use std::collections::HashSet;

use mms_client::OpenIntent;
use mms_fleet::NewChildTable;
use mms_types::NameKey;

use crate::output::failure::{ExitCode, Failure, look_in_make};
use crate::session::Session;

/// Refuses a table of whose names one has an open create.
pub(super) fn refuse(session: &Session, mut open: Vec<OpenIntent>, table: &NewChildTable) -> Result<(), Failure> {
    let names: HashSet<_> = table.children().iter().map(|child| NameKey::new(child.name.as_str())).collect();
    open.retain(|open| names.contains(&NameKey::new(&open.intent.organization_name)));
    let Some(OpenIntent { intent, .. }) = open.first() else { return Ok(()) };
    let name = &intent.organization_name;
    let (others, id) = match open.len() {
        1 => (String::new(), Some(&intent.id)),
        several => (format!(" and {} others of the table", several - 1), None),
    };
    let message = format!("an earlier create of {name:?}{others} has no known outcome; nothing was sent now");
    Err(Failure::new(ExitCode::Unknown, message).hint(look_in_make(session.invocation(), id, &[])))
}
