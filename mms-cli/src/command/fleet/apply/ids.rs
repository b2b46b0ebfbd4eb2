//! Ids of created and found children, written into the files of the fleet.

use mms_fleet::{Binding, Edit, FleetFiles, Report, StepEnd};
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

/// Writes ids into the files: by the rule of every edit, or not at all. What is not written is told, for the children are there.
pub(super) fn write(printer: &Printer, files: &FleetFiles, ids: &[(String, OrganizationId)]) -> Result<(), Failure> {
    let edits: Vec<_> =
        ids.iter().filter_map(|(name, id)| Some(Edit::Bind { name: name.parse().ok()?, id: *id })).collect();
    if edits.is_empty() {
        return Ok(());
    }
    match files.edit(&edits).and_then(mms_fleet::EditedFiles::write) {
        Ok(_) => {
            let count = edits.len();
            let ids = if count == 1 { "1 id".to_owned() } else { format!("{count} ids") };
            printer.note(&format!("Wrote {ids} into the fleet's files: commit them."));
            Ok(())
        }
        Err(error) => {
            for (name, id) in ids {
                printer.warn(&format!("the entry {name:?} has no id yet: write `id: {id}` into it"));
            }
            Err(Failure::failed(format!("the ids were not written into the fleet's files: {error}"))
                .hint("what was applied is done; the next plan finds these children by their names"))
        }
    }
}
