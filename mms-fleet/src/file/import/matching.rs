//! Matching of entries and children, and the edits that follow.

use std::collections::{HashMap, HashSet};

use alphanumeric_sort::compare_str;
use mms_types::{NameKey, Operations, OrganizationId, OrganizationName};

use super::options::ImportOptions;
use super::report::{ImportReport, Renamed, SkipReason, Skipped};
use crate::file::decode::{Credits, Found};
use crate::file::document::Defaults;
use crate::file::edit::{Edit, NewChild, TextEditor};
use crate::file::files::FleetFiles;
use crate::fleet::child::Child;
use crate::observed::{Catalogue, Observed, ObservedChild};
use crate::plan::entries::unsure::{MaybeEntry, Unsure, Why};

/// The most bytes of a name that is a key: YAML takes 1,024 characters.
const LONGEST_NAME: usize = 1_000;

/// Returns the edits of an import, and what they are for.
pub(super) fn edits(
    files: &FleetFiles,
    editors: &[TextEditor<'_>],
    observed: &Observed,
    options: &ImportOptions,
) -> (Vec<Edit>, ImportReport) {
    let mut report = ImportReport::default();
    let claimed: HashSet<OrganizationId> = files.fleet().children.iter().filter_map(|child| child.id).collect();
    let free: Vec<&ObservedChild> = observed.children.iter().filter(|child| !claimed.contains(&child.id)).collect();
    let Unsure { bound, children: unsure } = Unsure::new(files.fleet(), observed);
    // What a list lacks may have the name, too.
    report.bound = if observed.is_complete { bound } else { Vec::new() };
    let bind = |(name, id): &(OrganizationName, OrganizationId)| Edit::Bind { name: name.clone(), id: *id };
    let mut edits: Vec<_> = report.bound.iter().map(bind).collect();
    edits.extend(marks(files, editors, observed, options, &mut report));
    let new = Free { children: free, unsure, catalogue: observed.catalogue.as_ref() };
    edits.extend(added(files, editors, &new, &mut report).into_iter().map(Edit::Add));
    (edits, report)
}

/// The children that no entry has the id of.
struct Free<'a> {
    children: Vec<&'a ObservedChild>,
    /// Those that an entry without an id may be.
    unsure: HashMap<OrganizationId, MaybeEntry>,
    catalogue: Option<&'a Catalogue>,
}

impl Free<'_> {
    /// Returns why a child gets no entry of its own: with one, nothing would be left to ask about an entry that may be the child, and
    /// a second one would be created for it.
    fn doubt(&self, id: OrganizationId) -> Option<SkipReason> {
        let MaybeEntry { name, why } = self.unsure.get(&id)?;
        let entry = name.clone();
        Some(match why {
            Why::Renamed => SkipReason::MaybeRenamed { entry },
            Why::GivenUp => SkipReason::MaybeRetired { entry },
            Why::Created => SkipReason::CreatedAs { entry },
        })
    }
}

/// Marks the entries whose child is gone or has another name, unless a comment says so.
fn marks(
    files: &FleetFiles,
    editors: &[TextEditor<'_>],
    observed: &Observed,
    options: &ImportOptions,
    report: &mut ImportReport,
) -> Vec<Edit> {
    let found: HashMap<OrganizationId, &ObservedChild> =
        observed.children.iter().map(|child| (child.id, child)).collect();
    let mut edits = Vec::new();
    let mut mark = |child: &Child, beginning: String, rest: String| {
        edits.push((child.name.clone(), beginning, rest));
    };
    for child in &files.fleet().children {
        let Some(id) = child.id else { continue };
        match found.get(&id) {
            None if observed.is_complete && !child.retired => {
                report.gone.push((child.name.clone(), id));
                mark(child, format!("gone from Make: no child has the id {id}"), format!(" on {}", options.today));
            }
            Some(ObservedChild { name: Some(name), .. }) if name != child.name.as_str() => {
                report.renamed.push(Renamed { id, name: child.name.clone(), found: name.clone() });
                mark(child, format!("renamed in Make: {name:?}"), format!(" on {}", options.today));
            }
            _ => {}
        }
    }
    if edits.is_empty() {
        return Vec::new();
    }
    let remarks: HashMap<String, Vec<&str>> = editors.iter().flat_map(TextEditor::remarks).collect();
    let is_new = |(name, beginning, rest): (OrganizationName, String, String)| {
        // An entry within a line has no place for a mark.
        let remarks = remarks.get(name.as_str())?;
        let is_marked = remarks.iter().any(|remark| remark.starts_with(&beginning));
        (!is_marked).then(|| Edit::Remark { name, text: beginning + &rest })
    };
    edits.into_iter().filter_map(is_new).collect()
}

/// Returns the entries of free children that nothing in the files is in the way of, in the natural order of their names.
fn added(files: &FleetFiles, editors: &[TextEditor<'_>], free: &Free<'_>, report: &mut ImportReport) -> Vec<NewChild> {
    let defaults = editors.first().map(TextEditor::defaults).unwrap_or_default();
    let taken: HashSet<NameKey> =
        files.fleet().children.iter().map(|child| NameKey::new(child.name.as_str())).collect();
    let bound: HashSet<OrganizationId> = report.bound.iter().map(|(_, id)| *id).collect();
    let mut named = Vec::new();
    let mut seen: HashMap<NameKey, usize> = HashMap::new();
    for child in free.children.iter().filter(|child| !bound.contains(&child.id)) {
        let mut skip = |reason| report.skipped.push(Skipped { id: child.id, name: child.name.clone(), reason });
        let Some(name) = &child.name else {
            skip(SkipReason::Unnamed);
            continue;
        };
        match name.parse::<OrganizationName>() {
            Ok(parsed) if name.len() <= LONGEST_NAME => {
                let key = NameKey::new(name);
                *seen.entry(key.clone()).or_default() += 1;
                named.push((key, parsed, *child));
            }
            _ => skip(SkipReason::NoName),
        }
    }
    named.sort_by(|(left_key, left, left_child), (right_key, right, right_child)| {
        let natural = compare_str(left_key.as_str(), right_key.as_str());
        natural.then_with(|| left.cmp(right)).then_with(|| left_child.id.cmp(&right_child.id))
    });
    let mut added = Vec::new();
    for (key, name, child) in named {
        let result = match seen.get(&key) {
            _ if taken.contains(&key) => Err(SkipReason::NameTaken),
            Some(2..) => Err(SkipReason::SeveralOfThatName),
            _ => free.doubt(child.id).map_or_else(|| entry(name, child, free.catalogue, &defaults), Err),
        };
        match result {
            Ok(new) => {
                report.added.push((new.name.clone(), child.id));
                if new.credits.is_none() {
                    report.without_credits.push(new.name.clone());
                }
                added.push(new);
            }
            Err(reason) => report.skipped.push(Skipped { id: child.id, name: child.name.clone(), reason }),
        }
    }
    added
}

/// Returns the entry of a child. Bounds of the defaults that it is outside of are its own, so that nothing changes by the import.
fn entry(
    name: OrganizationName,
    child: &ObservedChild,
    catalogue: Option<&Catalogue>,
    defaults: &Defaults,
) -> Result<NewChild, SkipReason> {
    let credits = child.credits.and_then(|credits| u64::try_from(credits).ok());
    let credits = credits.and_then(|credits| Operations::new(credits).ok());
    if credits.is_none() && defaults.credits.is_some() {
        return Err(SkipReason::CreditsUnknown);
    }
    let bound = |default: Option<Operations>, is_outside: fn(&Operations, &Operations) -> bool| {
        credits.filter(|credits| default.is_some_and(|default| is_outside(credits, &default)))
    };
    let default = |found: &Option<_>| found.as_ref().map(credits_of);
    let country = child.country.and_then(|id| catalogue?.countries.iter().find(|country| country.id == id));
    let country = country.and_then(|country| country.code2.as_ref().or(country.code.as_ref()));
    Ok(NewChild {
        id: Some(child.id),
        country: country.map(|code| code.to_uppercase()),
        credits,
        minimum: bound(default(&defaults.minimum), PartialOrd::lt),
        maximum: bound(default(&defaults.maximum), PartialOrd::gt),
        ..NewChild::new(name)
    })
}

fn credits_of(found: &Found<Credits>) -> Operations {
    found.value.0
}
