//! `mms lock`: who has the journal, and keeping others from it for a while.

use std::time::{Duration, SystemTime};

use mms_client::{FileJournal, JournalError};
use mms_types::Timestamp;
use serde::Serialize;

use super::place::JournalPlace;
use crate::args::{GlobalArgs, HoldArgs, LockCommand};
use crate::output::data::{Column, Record, Tone, Value};
use crate::output::failure::{Failure, journal_unreadable};
use crate::output::printer::Printer;
use crate::output::time::{clock_time, timestamp};
use crate::session::open_journal;
use crate::signals::EndSignals;

/// Lock of the journal.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub(crate) struct JournalLock {
    journal: String,
    held: bool,
    /// The process that holds it; null where nobody does, or it does not say.
    holder: Option<String>,
    since: Option<Timestamp>,
    /// When it ends at the latest; null where that is not known.
    until: Option<Timestamp>,
    /// Why it is held; null where a command is at work.
    reason: Option<String>,
}

impl Record for JournalLock {
    const COLUMNS: &'static [Column<Self>] = &[
        Column::new("JOURNAL", "journal", |lock| (&lock.journal).into()),
        Column::csv_only("held", |lock| lock.held.into()),
        Column::table_only("STATE", |lock| {
            if lock.held { Value::Word("held", Tone::Warning) } else { Value::Word("free", Tone::Good) }
        }),
        Column::new("HOLDER", "holder", |lock| lock.holder.as_ref().into()),
        Column::new("SINCE", "since", |lock| lock.since.as_ref().into()),
        Column::new("UNTIL", "until", |lock| lock.until.as_ref().into()),
        Column::new("REASON", "reason", |lock| lock.reason.as_ref().into()),
    ];
}

/// Runs a command about the lock.
pub(crate) async fn run(command: &LockCommand, global: &GlobalArgs, printer: &Printer) -> Result<(), Failure> {
    printer.check_columns::<JournalLock>()?;
    let place = JournalPlace::find(global, printer)?;
    match command {
        LockCommand::Show => show(&place, printer),
        LockCommand::Hold(arguments) => hold(&place, arguments, global, printer).await,
    }
}

fn show(place: &JournalPlace, printer: &Printer) -> Result<(), Failure> {
    let journal = place.file.display().to_string();
    match FileJournal::check_free(&place.file) {
        Err(error) if !error.is_locked() => Err(journal_unreadable(&error)),
        state => printer.one(&JournalLock::new(journal, state.err().as_ref())),
    }
}

impl JournalLock {
    /// Takes the error that says who has the journal; nothing where nobody has.
    fn new(journal: String, held: Option<&JournalError>) -> Self {
        Self {
            journal,
            held: held.is_some(),
            holder: held.and_then(JournalError::holder),
            since: held.and_then(JournalError::held_since).map(timestamp),
            until: held.and_then(JournalError::held_until).map(timestamp),
            reason: held.and_then(JournalError::reason),
        }
    }
}

/// Holds the journal until its time has come, or a signal.
async fn hold(
    place: &JournalPlace,
    arguments: &HoldArgs,
    global: &GlobalArgs,
    printer: &Printer,
) -> Result<(), Failure> {
    let HoldArgs { reason, length } = arguments;
    let mut signals = EndSignals::watch()?;
    let timeout = Duration::from_secs(global.timeout.into());
    let held = tokio::select! {
        biased;
        () = signals.wait() => return Err(Failure::interrupted("interrupted: the journal was not held")),
        opened = open_journal(&place.file, Some((reason, *length)), timeout, printer) => opened?,
    };
    let shown = FileJournal::check_free(&place.file).err();
    let until = shown.as_ref().and_then(JournalError::held_until);
    let until = until.map_or_else(|| SystemTime::now() + *length, mms_client::Moment::time);
    printer.one(&JournalLock::new(place.file.display().to_string(), shown.as_ref()))?;
    printer.note(&format!("Held until {}: other commands wait. Ctrl-C ends it before.", clock_time(until)));
    tokio::select! {
        biased;
        () = signals.wait() => {}
        () = tokio::time::sleep(*length) => {}
    }
    drop(held);
    Ok(())
}
