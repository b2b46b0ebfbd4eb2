//! Ids of created and found children, written into the files of the fleet.

use mms_fleet::{Binding, ByHand, Edit, FleetFiles, Report, StepEnd};
use mms_types::OrganizationId;

use crate::output::failure::Failure;
use crate::output::printer::Printer;

/// Returns the children that entries without an id are: those that were found by their name, and those that a run created.
pub(super) fn of(bound: &[Binding], report: &Report) -> Vec<(String, OrganizationId)> {
    let found = bound.iter().map(|binding| (binding.name.clone(), binding.organization_id));
    let created = report.steps.iter().filter(|report| report.step.is_create()).filter_map(|report| match report.end {
        StepEnd::Done { organization_id, .. } => Some((report.step.name.clone(), organization_id)),
        _ => None,
    });
    found.chain(created).collect()
}

/// Writes ids into the files, each by the rule of every edit. What is not written is told, for the children are there.
pub(super) fn write(printer: &Printer, files: &FleetFiles, ids: &[(String, OrganizationId)]) -> Result<(), Failure> {
    let edits: Vec<_> =
        ids.iter().filter_map(|(name, id)| Some(Edit::Bind { name: name.parse().ok()?, id: *id })).collect();
    if edits.is_empty() {
        return Ok(());
    }
    let (edited, left) = files.edit_each(&edits);
    let written = edits.len() - left.len();
    if let Err(error) = edited.write() {
        for (name, id) in ids {
            warn(printer, name, &format!("id: {id}"));
        }
        return Err(not_written(&format!("the ids were not written into the fleet's files: {error}")));
    }
    if written > 0 {
        let ids = if written == 1 { "1 id".to_owned() } else { format!("{written} ids") };
        printer.note(&format!("Wrote {ids} into the fleet's files: commit them."));
    }
    for ByHand { name, text } in &left {
        warn(printer, name, text);
    }
    match left.len() {
        0 => Ok(()),
        count => Err(not_written(&format!(
            "{} not written into the fleet's files, where an edit would change more than that",
            if count == 1 { "1 id was".to_owned() } else { format!("{count} ids were") }
        ))),
    }
}

fn warn(printer: &Printer, name: &str, text: &str) {
    printer.warn(&format!("the entry {name:?} has no id yet: write `{text}` into it"));
}

fn not_written(message: &str) -> Failure {
    Failure::failed(message).hint("what was applied is done; the next plan finds these children by their names")
}
