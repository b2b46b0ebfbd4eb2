//! `mms import`: what exists, written into the fleet files.

use std::collections::HashMap;
use std::path::Path;

use mms_client::Purpose;
use mms_fleet::{CatalogueNeed, FleetFiles, ImportOptions, ImportReport, Needs, SkipReason, Skipped};
use mms_types::OrganizationId;
use serde::Serialize;

use super::{files, target};
use crate::args::{GlobalArgs, ImportArgs};
use crate::output::data::{Column, Record, Tone, Value, grouped};
use crate::output::failure::{ExitCode, Failure};
use crate::output::printer::Printer;
use crate::output::time;
use crate::session::Session;

/// What became of a child or an entry.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub(in crate::command) struct ImportRow {
    outcome: Outcome,
    /// The name in the files; of a child that is in no entry that in Make, null where the server sent none.
    name: Option<String>,
    /// Null where what has to be written by hand is about no id.
    organization_id: Option<OrganizationId>,
    /// More about it, or what to do; null where there is nothing to say.
    detail: Option<String>,
}

/// What an import does with a child or an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
enum Outcome {
    /// The child got an entry.
    Added,
    /// The entry got an id.
    Bound,
    /// The child has another name in Make, which a comment says.
    Renamed,
    /// Make does not list the child any more, which a comment says.
    Gone,
    /// The child is in no entry.
    Skipped,
    /// It could not be written.
    ByHand,
}

impl Outcome {
    const fn word(self) -> Value<'static> {
        match self {
            Self::Added => Value::Word("added", Tone::Good),
            Self::Bound => Value::Word("bound", Tone::Good),
            Self::Renamed => Value::Word("renamed", Tone::Warning),
            Self::Gone => Value::Word("gone", Tone::Warning),
            Self::Skipped => Value::Word("skipped", Tone::Warning),
            Self::ByHand => Value::Word("by_hand", Tone::Bad),
        }
    }
}

impl Record for ImportRow {
    const COLUMNS: &'static [Column<Self>] = &[
        Column::new("OUTCOME", "outcome", |row| row.outcome.word()),
        Column::new("NAME", "name", |row| row.name.as_ref().into()),
        Column::new("ID", "organizationId", |row| row.organization_id.map(|id| Value::Id(id.get())).into()),
        Column::sentences("DETAIL", "detail", |row| row.detail.as_deref().unwrap_or_default().into()),
    ];
}

/// Imports into the files.
pub(in crate::command) async fn run(
    arguments: &ImportArgs,
    global: &GlobalArgs,
    printer: &Printer,
) -> Result<(), Failure> {
    printer.check_columns::<ImportRow>()?;
    let existing = match arguments.files.as_slice() {
        [file] if is_new(file) => None,
        files => Some(files::read(files)?),
    };
    if let Some(files) = &existing {
        files::tell_unread(printer, files);
    }
    Session::with_distributor(global, printer, "import", async |session| {
        let files = match (&existing, arguments.files.first()) {
            (Some(files), _) => {
                target::check(session, &files.fleet().target, &files::names(files))?;
                files.clone()
            }
            (None, Some(file)) => {
                FleetFiles::begin(file, &target::of(session)?).map_err(|problems| files::refused(&problems))?
            }
            (None, None) => return Err(Failure::usage("no file is named")),
        };
        import(arguments, &files, existing.is_none(), session).await
    })
    .await
}

/// Says whether a file is to be begun. A link to nowhere is a mistake.
fn is_new(file: &Path) -> bool {
    file.symlink_metadata().is_err_and(|error| error.kind() == std::io::ErrorKind::NotFound)
}

async fn import(arguments: &ImportArgs, files: &FleetFiles, is_new: bool, session: &Session) -> Result<(), Failure> {
    let printer = session.printer();
    let mut observed = session.observe(Purpose::Create).await?;
    // An entry names its country by a code, as for a create.
    let needs = Needs { catalogue: CatalogueNeed::Create, ..Needs::default() };
    if observed.children.iter().any(|child| child.country.is_some()) {
        session.observe_more(&mut observed, needs).await?;
    }
    if !observed.is_complete {
        printer.warn("the list of children is not proven to be whole: no entry is bound by its name or marked as gone");
    }
    let options = ImportOptions { today: time::today() };
    let (edited, report) = files.import(&observed, &options).map_err(|error| files::not_edited(&error))?;
    let is_changed = edited.is_changed();
    let name = files::names(files).join(", ");
    let is_written = is_changed && !arguments.dry_run && !arguments.check;
    if is_written {
        edited.write().map_err(|error| files::not_edited(&error))?;
    }
    let rows = rows(&report);
    if rows.is_empty() {
        printer.nothing::<ImportRow>()?;
    } else {
        printer.list(&rows)?;
    }
    let is_doubtful = report.skipped.iter().any(|skipped| skipped.reason.is_doubt());
    let differs = is_changed || is_doubtful || !report.by_hand.is_empty();
    if is_written {
        let done = in_words(&rows, DONE);
        printer.note(&format!("{name} was {}: {done}.", if is_new { "begun" } else { "changed" }));
    } else if differs && arguments.check {
        let message = format!("{name} is not as Make has it: {}", in_words(&rows, MISSING));
        let import = session.invocation().command(&files::with_names("import", &arguments.files));
        return Err(Failure::new(ExitCode::Differences, message)
            .hint(format!("{import} writes what is missing and removes nothing; commit the file then")));
    } else if differs && arguments.dry_run {
        printer
            .note(&format!("Dry run: {name} was not written. It is not as Make has it: {}.", in_words(&rows, MISSING)));
    } else if differs {
        printer.note(&format!("{name} was not written: what is missing has to be written by hand."));
    } else {
        printer.note(&format!("{name} has all of it already: nothing was written."));
    }
    Ok(())
}

/// What an import has done.
const DONE: [(Outcome, &str); 6] = [
    (Outcome::Added, "added"),
    (Outcome::Bound, "bound"),
    (Outcome::Renamed, "renamed in Make"),
    (Outcome::Gone, "gone"),
    (Outcome::Skipped, "skipped"),
    (Outcome::ByHand, "to be written by hand"),
];

/// What an import would mend, or say.
const MISSING: [(Outcome, &str); 6] = [
    (Outcome::Added, "without an entry"),
    (Outcome::Bound, "without an id in the file"),
    (Outcome::Renamed, "renamed in Make"),
    (Outcome::Gone, "gone from Make"),
    (Outcome::Skipped, "left out"),
    (Outcome::ByHand, "to be written by hand"),
];

fn in_words(rows: &[ImportRow], counts: [(Outcome, &str); 6]) -> String {
    let count = |outcome| rows.iter().filter(|row| row.outcome == outcome).count() as u64;
    let told = counts.iter().map(|(outcome, words)| (count(*outcome), words)).filter(|(count, _)| *count > 0);
    let told: Vec<_> = told.map(|(count, words)| format!("{} {words}", grouped(count))).collect();
    if told.is_empty() { "without a child".to_owned() } else { told.join(", ") }
}

fn rows(report: &ImportReport) -> Vec<ImportRow> {
    let row = |outcome, name: &str, id, detail: Option<String>| ImportRow {
        outcome,
        name: Some(name.to_owned()),
        organization_id: Some(id),
        detail,
    };
    let credits = |name| {
        let is_without = report.without_credits.contains(name);
        is_without.then(|| "without credits: those that it has are no multiple of 10,000".to_owned())
    };
    let added = report.added.iter().map(|(name, id)| row(Outcome::Added, name.as_str(), *id, credits(name)));
    let bound = report.bound.iter().map(|(name, id)| row(Outcome::Bound, name.as_str(), *id, None));
    let renamed = report.renamed.iter().map(|renamed| {
        let detail = format!("it is called {:?} in Make: rename one of the two", renamed.found);
        row(Outcome::Renamed, renamed.name.as_str(), renamed.id, Some(detail))
    });
    // An entry of a wrong id: the child of its name is skipped, because the entry has the name.
    let taken = report.skipped.iter().filter(|skipped| skipped.reason == SkipReason::NameTaken);
    let taken: HashMap<_, _> = taken.filter_map(|skipped| Some((skipped.name.as_deref()?, skipped.id))).collect();
    let lost: HashMap<_, _> = report.gone.iter().map(|(name, id)| (name.as_str(), *id)).collect();
    let gone = report.gone.iter().map(|(name, id)| {
        let detail = match taken.get(name.as_str()) {
            Some(found) => {
                format!("Make lists no child of this id, and {found} has that name: write id: {found} if it is meant")
            }
            None => "Make lists no child of this id: remove the entry, or write retired: true".to_owned(),
        };
        row(Outcome::Gone, name.as_str(), *id, Some(detail))
    });
    let skipped = report.skipped.iter().map(|skipped| ImportRow {
        outcome: Outcome::Skipped,
        name: skipped.name.clone(),
        organization_id: Some(skipped.id),
        detail: Some(match skipped.name.as_deref().and_then(|name| lost.get(name)) {
            Some(id) if skipped.reason == SkipReason::NameTaken => {
                format!(
                    "the entry of that name has the id {id}, which no child has: write id: {} if it is meant",
                    skipped.id
                )
            }
            _ => why_in_words(skipped),
        }),
    });
    let by_hand = report.by_hand.iter().map(|left| ImportRow {
        outcome: Outcome::ByHand,
        name: Some(left.name.clone()),
        organization_id: None,
        detail: Some(format!("write at its entry: {}", left.text)),
    });
    added.chain(bound).chain(renamed).chain(gone).chain(skipped).chain(by_hand).collect()
}

/// Says why a child is in no entry, and what to do about it.
fn why_in_words(Skipped { id, reason, .. }: &Skipped) -> String {
    let words = match reason {
        SkipReason::Unnamed => "the server sent it without a name: import again",
        SkipReason::NoName => "its name has characters that no entry may have, or is too long: rename it in Make",
        SkipReason::SeveralOfThatName => "another child has a name that reads the same: rename one of them in Make",
        SkipReason::NameTaken => "an entry has a name that reads the same, and is another child: rename one of the two",
        SkipReason::CreditsUnknown => {
            "its credits cannot be written, and those of the defaults are others: add it by hand"
        }
        SkipReason::MaybeRenamed { entry } => {
            let entry = entry.as_str();
            return format!(
                "it may be the entry {entry:?} by another name: write id: {id} there if it is, else id: new"
            );
        }
        SkipReason::MaybeRetired { entry } => {
            let entry = entry.as_str();
            return format!(
                "it may be the entry {entry:?}, which is given up, by another name: write id: {id} there if it is, else remove that \
                 entry"
            );
        }
        SkipReason::CreatedAs { entry } => {
            let entry = entry.as_str();
            return format!(
                "this machine created it as {entry:?}: write id: {id} at that entry if it is meant, else give the entry another name"
            );
        }
    };
    words.to_owned()
}
