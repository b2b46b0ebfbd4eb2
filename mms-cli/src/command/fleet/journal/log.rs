//! `mms log`: the writes of the journal, as they were asked for.

use std::collections::{BTreeSet, HashMap};

use jiff::Timestamp;
use jiff::tz::TimeZone;
use mms_client::{FileJournal, History, Run, Written};
use mms_types::{NameKey, OrganizationId};

use super::log_entry::LogEntry;
use super::place::JournalPlace;
use crate::args::{GlobalArgs, LogArgs};
use crate::config::{Setting, missing};
use crate::output::failure::{Failure, journal_unreadable};
use crate::output::printer::Printer;

/// Shows what was written down. Nothing is sent, and nobody waits.
pub(crate) fn run(arguments: &LogArgs, global: &GlobalArgs, printer: &Printer) -> Result<(), Failure> {
    printer.check_columns::<LogEntry>()?;
    let place = JournalPlace::find(global, printer)?;
    if place.api.is_none() && !arguments.all {
        let failure = missing(&[Setting::Zone], &global.invocation());
        let hint = "--all shows the writes of every server; a zone, a profile or --sandbox names one";
        return Err(failure.hint(hint));
    }
    let history = FileJournal::read_history(&place.file).map_err(|error| journal_unreadable(&error))?;
    let entries = entries(&history, &place, arguments, Timestamp::now());
    if let Some(run) = arguments.run.as_ref().filter(|_| entries.is_empty()) {
        let log = global.invocation().command("log");
        return Err(Failure::not_found(format!("no write is of a run {run}, as far as the other flags choose"))
            .hint(format!("{log} shows the runs; --all those of every server and distributor")));
    }
    if entries.is_empty() {
        printer.note(&format!("No such write is in {}.", place.file.display()));
        return printer.nothing::<LogEntry>();
    }
    printer.list(&entries)
}

/// Returns the runs by their ids.
pub(super) fn runs(history: &History) -> HashMap<String, &Run> {
    history.runs.iter().map(|run| (run.id.to_string(), run)).collect()
}

/// Returns the entry of a write.
pub(super) fn entry(written: &Written, runs: &HashMap<String, &Run>) -> Option<LogEntry> {
    let run = written.run().and_then(|id| runs.get(&id.to_string()).copied());
    LogEntry::new(written, run)
}

impl JournalPlace {
    /// Says whether a write is of this place and distributor. Which sandbox is at an address nobody knows who does not ask it.
    pub(super) fn has(&self, entry: &LogEntry) -> bool {
        let place = entry.api.split('#').next();
        self.api.as_deref() == place
            && self.organization_id.is_none_or(|organization| organization == entry.parent_organization_id)
    }
}

/// Returns the writes that are asked for, the newest last.
fn entries(history: &History, place: &JournalPlace, arguments: &LogArgs, now: Timestamp) -> Vec<LogEntry> {
    let runs = runs(history);
    let since = arguments.since.map(|since| since.time(now, TimeZone::system()));
    let is_since = |written: &&Written| {
        since.is_none_or(|since| Timestamp::try_from(written.at().time()).is_ok_and(|at| at >= since))
    };
    let is_of_run = |entry: &LogEntry| match (&arguments.run, &entry.run) {
        (Some(begins), Some(run)) => run.starts_with(begins.as_str()),
        (begins, _) => begins.is_none(),
    };
    let is_here = |entry: &LogEntry| arguments.all || place.has(entry);
    let here = history.writes.iter().filter(is_since).filter_map(|written| entry(written, &runs)).filter(is_here);
    let mut entries: Vec<_> = here.filter(is_of_run).collect();
    if let Some(child) = &arguments.child {
        let meant = Meant::new(child, &entries);
        entries.retain(|entry| meant.has(entry));
    }
    let older = arguments.limit.map_or(0, |limit| entries.len().saturating_sub(limit));
    entries.split_off(older)
}

/// Children that a text means: those of an id, or of a name that a write had for them.
struct Meant {
    ids: BTreeSet<OrganizationId>,
    /// The names of creates that became no child.
    names: BTreeSet<String>,
}

impl Meant {
    fn new(text: &str, entries: &[LogEntry]) -> Self {
        let (id, name) = match (text.strip_prefix("id:"), text.strip_prefix("name:")) {
            (Some(id), _) => (Some(id), None),
            (_, Some(name)) => (None, Some(name)),
            _ => (Some(text), Some(text)),
        };
        let id: Option<OrganizationId> = id.and_then(|id| id.parse().ok());
        let of = |is_meant: &dyn Fn(&LogEntry) -> bool| -> Vec<_> {
            entries.iter().filter(|entry| is_meant(entry)).collect()
        };
        let mut meant = of(&|entry| id.is_some() && entry.organization_id == id);
        if let Some(name) = name.map(NameKey::new).filter(|_| meant.is_empty()) {
            let key = |entry: &LogEntry| entry.organization_name.as_deref().map(NameKey::new);
            meant = of(&|entry| key(entry).as_ref() == Some(&name));
            if meant.is_empty() && !text.starts_with("name:") {
                meant = of(&|entry| key(entry).is_some_and(|key| key.as_str().contains(name.as_str())));
            }
        }
        let nameless = meant.iter().filter(|entry| entry.organization_id.is_none());
        Self {
            ids: meant.iter().filter_map(|entry| entry.organization_id).collect(),
            names: nameless.filter_map(|entry| entry.organization_name.clone()).collect(),
        }
    }

    /// A child that was renamed keeps its id.
    fn has(&self, entry: &LogEntry) -> bool {
        match entry.organization_id {
            Some(id) => self.ids.contains(&id),
            None => entry.organization_name.as_ref().is_some_and(|name| self.names.contains(name)),
        }
    }
}
