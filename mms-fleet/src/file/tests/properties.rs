//! Imports into any file that somebody wrote, and edits of it.

use std::collections::{BTreeMap, HashMap};

use jiff::civil::date;
use mms_types::{Operations, OrganizationId};
use proptest::collection::vec;
use proptest::prelude::*;

use super::handwritten::{Handwritten, handwritten};
use crate::{Child, CreateWhen, Edit, Fleet, FleetFiles, ImportOptions, Observed, ObservedChild};

const OPTIONS: ImportOptions = ImportOptions { today: date(2026, 11, 28) };

/// What a distributor has, by entry: as it is in the file, renamed, gone, or twice; and children that no file has.
fn observed(file: &Handwritten, fates: &[u8], new: &[(u64, i64)], is_complete: bool) -> Observed {
    let mut children = Vec::new();
    for (index, (entry, fate)) in file.entries.iter().zip(fates).enumerate() {
        let id = entry.id.unwrap_or(200 + index as u64);
        let name = match fate {
            0 => continue,
            1 => format!("{} 2", entry.name),
            2 => entry.name.to_uppercase(),
            _ => entry.name.to_owned(),
        };
        children.push((id, name, 20_000));
        if *fate == 3 {
            children.push((300 + index as u64, entry.name.to_owned(), 0));
        }
    }
    children.extend(
        new.iter().enumerate().map(|(index, (name, credits))| (400 + index as u64, format!("New, {name}"), *credits)),
    );
    children.reverse();
    let child = |(id, name, credits)| ObservedChild {
        id: OrganizationId::new(id),
        name: Some(name),
        credits: Some(credits),
        country: None,
    };
    Observed { children: children.into_iter().map(child).collect(), is_complete, ..Observed::default() }
}

fn is_subsequence<T: PartialEq>(part: impl Iterator<Item = T>, mut whole: impl Iterator<Item = T>) -> bool {
    part.into_iter().all(|item| whole.any(|other| other == item))
}

/// Takes out what an id replaces.
fn without_new(text: &str) -> String {
    ["'new'", "\"new\"", "new"].iter().fold(text.to_owned(), |text, new| text.replace(new, ""))
}

fn by_name(fleet: &Fleet) -> BTreeMap<String, Child> {
    let child = |child: &Child| {
        let mut child = child.clone();
        child.place = None;
        child.region = None;
        (child.name.as_str().to_owned(), child)
    };
    fleet.children.iter().map(child).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(if std::env::var_os("MMS_SOAK").is_some() { 100_000 } else { 500 }))]

    #[test]
    fn an_import_adds_alone_and_a_second_one_changes_no_byte(
        file in handwritten(),
        fates in vec(0..8_u8, 8),
        new in vec((0..6_u64, prop::sample::select(vec![0, 10_000, 30_000, 12_345])), 0..4),
        is_complete in prop::bool::weighted(0.9),
    ) {
        let before = file.text();
        let observed = observed(&file, &fates, &new, is_complete);
        let files = FleetFiles::parse(&[("f", &before)]).map_err(|error| TestCaseError::fail(format!("{before}\n{error}")))?;
        let (edited, report) =
            files.import(&observed, &OPTIONS).map_err(|error| TestCaseError::fail(format!("{before}\n{error}")))?;
        let after = edited.files().texts().next().unwrap().1.to_owned();

        // Nothing but additions, and ids in place of `new`.
        let kept = without_new(&before);
        prop_assert!(is_subsequence(kept.chars(), after.chars()) || file.entries.is_empty(), "{}\n---\n{}", before, after);
        if file.is_in_lines() {
            let kept = before.lines().filter(|line| without_new(line) == *line);
            prop_assert!(is_subsequence(kept, after.lines()), "{}\n---\n{}", before, after);
        }
        if file.text().contains("\r\n") {
            prop_assert_eq!(after.matches('\n').count(), after.matches("\r\n").count());
        }

        // What it means: what it meant, with the ids and the children that the report names.
        let meant = by_name(files.fleet());
        let bound: HashMap<&str, OrganizationId> = report.bound.iter().map(|(name, id)| (name.as_str(), *id)).collect();
        let found = by_name(&Fleet::parse(&[("f", &after)]).unwrap());
        for (name, mut child) in meant.clone() {
            if let Some(id) = bound.get(name.as_str()) {
                (child.id, child.create) = (Some(*id), CreateWhen::NotRenamed);
            }
            prop_assert_eq!(found.get(&name), Some(&child));
        }
        prop_assert_eq!(found.len(), meant.len() + report.added.len());
        for (name, id) in &report.added {
            let child = &found[name.as_str()];
            let seen = observed.children.iter().find(|child| child.id == *id).unwrap();
            prop_assert_eq!((child.id, Some(child.name.as_str())), (Some(*id), seen.name.as_deref()));
            let credits = child.credits.map(|credits| i64::try_from(credits.get()).unwrap());
            prop_assert_eq!(credits, seen.credits.filter(|credits| credits % 10_000 == 0));
        }
        prop_assert_eq!(&report.by_hand, &[], "{}", before);

        // Again, on another day.
        let (again, report) = edited.files().import(&observed, &ImportOptions { today: date(2027, 1, 1) }).unwrap();
        prop_assert!(!again.is_changed(), "{}\n---\n{}", after, again.files().texts().next().unwrap().1);
        prop_assert!(report.added.is_empty() && report.bound.is_empty());
    }

    #[test]
    fn an_entry_of_any_form_takes_an_id_and_credits_and_no_comment_is_lost(file in handwritten(), fates in vec(0..4_u8, 8)) {
        let before = file.text();
        let files = FleetFiles::parse(&[("f", &before)]).map_err(|error| TestCaseError::fail(format!("{before}\n{error}")))?;
        let mut meant = by_name(files.fleet());
        let mut edits = Vec::new();
        for (index, (entry, fate)) in file.entries.iter().zip(fates).enumerate() {
            let child = meant.get_mut(entry.name).unwrap();
            let name = child.name.clone();
            if fate & 1 > 0 && entry.id.is_none() {
                let id = OrganizationId::new(200 + index as u64);
                (child.id, child.create) = (Some(id), CreateWhen::NotRenamed);
                edits.push(Edit::Bind { name: name.clone(), id });
            }
            if fate & 2 > 0 {
                let credits = Operations::new(500_000).unwrap();
                child.credits = Some(credits);
                edits.push(Edit::SetCredits { name, credits });
            }
        }
        let edited = files.edit(&edits).map_err(|error| TestCaseError::fail(format!("{before}\n{error}")))?;

        let (_, after) = edited.files().texts().next().unwrap();
        prop_assert_eq!(by_name(&Fleet::parse(&[("f", after)]).unwrap()), meant);
        prop_assert_eq!(after.matches('#').count(), before.matches('#').count(), "{}\n---\n{}", before, after);
    }
}
