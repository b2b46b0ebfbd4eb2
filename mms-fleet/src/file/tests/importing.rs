//! Import: what comes into a file, and that a second one changes nothing.

use jiff::civil::date;
use mms_types::{Country, CountryId, OrganizationId};

use crate::{
    Catalogue, EditedFiles, FleetFiles, ImportOptions, ImportReport, KnownChild, Observed, ObservedChild, SkipReason,
    Target,
};

const OPTIONS: ImportOptions = ImportOptions { today: date(2026, 11, 28) };

fn child(id: u64, name: &str, credits: i64) -> ObservedChild {
    let name = (!name.is_empty()).then(|| name.to_owned());
    ObservedChild { id: OrganizationId::new(id), name, credits: Some(credits), country: None }
}

fn observed(children: Vec<ObservedChild>) -> Observed {
    Observed { children, is_complete: true, ..Observed::default() }
}

fn files(text: &str) -> FleetFiles {
    FleetFiles::parse(&[("f", text)]).unwrap_or_else(|problems| panic!("{text}{problems}"))
}

fn text(edited: &EditedFiles) -> &str {
    edited.files().texts().next().unwrap().1
}

fn import(before: &str, observed: &Observed) -> (String, ImportReport) {
    let (edited, report) = files(before).import(observed, &OPTIONS).unwrap_or_else(|error| panic!("{before}{error}"));
    let again = edited.files().import(observed, &ImportOptions { today: date(2027, 1, 1) }).unwrap().0;
    assert_eq!(text(&again), text(&edited), "a second import changes nothing");
    assert!(!again.is_changed());
    (text(&edited).to_owned(), report)
}

fn skipped(report: &ImportReport) -> Vec<(u64, SkipReason)> {
    report.skipped.iter().map(|skipped| (skipped.id.get(), skipped.reason.clone())).collect()
}

#[test]
fn a_new_file_has_every_child_in_natural_order_with_what_is_known() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("fleet.yaml");
    let target = Target { zone: Some("eu1.make.com".to_owned()), organization: OrganizationId::new(11) };
    let country = Country { id: CountryId::new(5), name: "Norway".into(), code: None, code2: Some("no".into()) };
    let mut seen = observed(vec![
        child(9, "Client 10", 30_000),
        child(8, "Client 2", 0),
        ObservedChild { country: Some(CountryId::new(5)), ..child(7, "acme", 10_000) },
        ObservedChild { country: Some(CountryId::new(6)), ..child(6, "No 1, Ltd.", 20_000) },
        child(5, "Odd", 12_345),
        child(4, "", 10_000),
        child(3, "A & B", 10_000),
        child(2, "Twin", 10_000),
        child(1, "TWIN", 10_000),
    ]);
    seen.catalogue = Some(Catalogue { regions: Vec::new(), countries: vec![country] });

    let (edited, report) = FleetFiles::begin(&path, &target).unwrap().import(&seen, &OPTIONS).unwrap();

    assert_eq!(
        text(&edited),
        "format: 1\nzone: eu1.make.com\norganization: 11\nchildren:\n  acme:\n    id: 7\n    country: \"NO\"\n    credits: 10000\n  \
         Client 2:\n    id: 8\n    credits: 0\n  Client 10:\n    id: 9\n    credits: 30000\n  No 1, Ltd.:\n    id: 6\n    credits: \
         20000\n  Odd:\n    id: 5\n"
    );
    assert_eq!(report.without_credits, ["Odd".parse().unwrap()]);
    let reasons = [
        (4, SkipReason::Unnamed),
        (3, SkipReason::NoName),
        (1, SkipReason::SeveralOfThatName),
        (2, SkipReason::SeveralOfThatName),
    ];
    assert_eq!(skipped(&report), reasons);
    let written = edited.clone().write().unwrap();
    assert_eq!(std::fs::read_to_string(&path).unwrap(), text(&edited));
    assert!(!written.import(&seen, &OPTIONS).unwrap().0.is_changed());
    assert!(edited.write().unwrap_err().to_string().ends_with("exists already"));
}

#[test]
fn a_second_import_adds_binds_and_marks_and_keeps_the_rest() {
    let before = "# ours\nformat: 1\norganization: 11\n\nchildren:\n  # the first\n  Acme: {credits: 50000} # big\n\n  Beta:\n    id: 2\n    credits: 10000\n  Gamma:\n    # asks for nothing\n    id: 3\n  Old: {id: 4, retired: true}\n# end\n";
    let (after, report) =
        import(before, &observed(vec![child(1, "Acme", 10_000), child(2, "Beta 2", 10_000), child(5, "Neu", 20_000)]));

    assert_eq!(
        after,
        "# ours\nformat: 1\norganization: 11\n\nchildren:\n  # the first\n  Acme: {id: 1, credits: 50000} # big\n\n  # renamed in Make: \"Beta 2\" on 2026-11-28\n  Beta:\n    id: 2\n    credits: 10000\n  # gone from Make: no child has the id 3 on 2026-11-28\n  Gamma:\n    # asks for nothing\n    id: 3\n  Old: {id: 4, retired: true}\n  Neu:\n    id: 5\n    credits: 20000\n# end\n"
    );
    assert_eq!((report.added.len(), report.bound.len(), report.gone.len(), report.renamed.len()), (1, 1, 1, 1));
    assert!(report.skipped.is_empty() && report.by_hand.is_empty());
}

#[test]
fn what_an_incomplete_list_lacks_is_not_gone() {
    let before = "format: 1\norganization: 11\nchildren: {A: {id: 1}}\n";
    let (after, report) = import(before, &Observed { is_complete: false, ..Observed::default() });
    assert_eq!((after.as_str(), report), (before, ImportReport::default()));
}

#[test]
fn a_name_binds_only_where_it_is_exact_and_one_child_has_it_and_new_ones_too_as_in_a_plan() {
    let before = "format: 1\norganization: 11\nchildren: {A: , B: {id: new}, C: , D: {id: 9}}\n";
    let children = vec![
        child(1, "a", 0),
        child(2, "B", 0),
        child(3, "C", 0),
        child(4, "C", 0),
        child(5, "D", 0),
        child(9, "D", 0),
    ];
    let (after, report) = import(before, &observed(children));
    assert_eq!(after, before.replace("new", "2"));
    assert_eq!(report.bound, [("B".parse().unwrap(), OrganizationId::new(2))]);
    let taken: Vec<_> = [1, 3, 4, 5].map(|id| (id, SkipReason::NameTaken)).into();
    assert_eq!(skipped(&report), taken);
}

#[test]
fn a_child_that_an_entry_without_an_id_may_be_is_left_out_and_told_with_the_entry() {
    let maybe = |entry: &str| SkipReason::MaybeRenamed { entry: entry.parse().unwrap() };
    let head = "format: 1\norganization: 11\ndefaults: {region: EU, owner: {email: ada@a.example, name: Ada}}\n";
    let seen = || observed(vec![child(1, "Acme Bakery", 0), child(2, "Borealis", 0)]);

    let before = format!("{head}children:\n  Acme Bakery Ltd: {{credits: 10000}}\n");
    let (after, report) = import(&before, &seen());
    assert_eq!((after, report.added), (before, vec![]));
    let both = [(1, maybe("Acme Bakery Ltd")), (2, maybe("Acme Bakery Ltd"))];
    assert_eq!(skipped(&import(&format!("{head}children: {{Acme Bakery Ltd: }}\n"), &seen()).1), both);

    let (_, report) = import(&format!("{head}children: {{Acme Bakery Ltd: {{id: new}}}}\n"), &seen());
    assert_eq!(report.added.len(), 2, "another client");
    let (_, report) = import(&format!("{head}children: {{Acme Bakery Ltd: {{id: 1}}}}\n"), &seen());
    assert_eq!((report.added.len(), report.skipped.len()), (1, 0), "the one that was meant");

    let bare = "format: 1\norganization: 11\nchildren: {Acme Bakery Ltd: {credits: 10000}}\n";
    let (_, report) = import(bare, &seen());
    assert_eq!(skipped(&report), [(1, maybe("Acme Bakery Ltd"))], "nothing but a word of the name suggests it");
    assert_eq!(report.added.len(), 1);

    let retired = "format: 1\norganization: 11\nchildren: {Acme: {retired: true}, Held: {labels: [hold]}}\n";
    let entry = SkipReason::MaybeRetired { entry: "Acme".parse().unwrap() };
    assert_eq!(skipped(&import(retired, &seen()).1), [(1, entry.clone()), (2, entry)]);
}

#[test]
fn a_child_that_this_machine_created_under_the_name_of_an_entry_is_left_out_even_beside_a_new_one() {
    let known = KnownChild { id: OrganizationId::new(1), name: "Dorado".to_owned(), owner: None, region: None };
    let seen = Observed { known: vec![known], ..observed(vec![child(1, "Dorado Inc", 0), child(2, "Borealis", 0)]) };
    for entry in ["", "{id: new}", "{retired: true}"] {
        let before = format!("format: 1\norganization: 11\nchildren: {{Dorado: {entry}}}\n");
        let (_, report) = import(&before, &seen);
        let created = SkipReason::CreatedAs { entry: "Dorado".parse().unwrap() };
        assert_eq!(skipped(&report)[0], (1, created), "{entry}");
    }
}

#[test]
fn an_import_changes_no_allocation_whatever_the_defaults_are() {
    let before = "format: 1\norganization: 11\ndefaults: {credits: 50000, minimum: 20000, maximum: 60000}\n";
    let children = vec![child(1, "A", 10_000), child(2, "B", 70_000), child(3, "C", 30_000), child(4, "D", 12_345)];
    let (after, report) = import(before, &observed(children));
    let expected = "children:\n  A:\n    id: 1\n    credits: 10000\n    minimum: 10000\n  B:\n    id: 2\n    credits: 70000\n    maximum: 70000\n  C:\n    id: 3\n    credits: 30000\n";
    assert_eq!(after.strip_prefix(before), Some(expected));
    assert_eq!(skipped(&report), [(4, SkipReason::CreditsUnknown)]);
}

#[test]
fn an_entry_that_cannot_be_bound_is_left_to_a_person_and_the_rest_is_done() {
    let before = "format: 1\norganization: 11\nchildren:\n  A: &a {credits: 0}\n  B: *a\n  C:\n";
    let (after, report) = import(before, &observed(vec![child(1, "A", 0), child(2, "B", 0), child(3, "C", 0)]));
    assert_eq!(after, format!("{before}    id: 3\n"));
    let by_hand: Vec<String> = report.by_hand.iter().map(ToString::to_string).collect();
    assert_eq!(by_hand, ["A: {id: 1}", "B: {id: 2}"]);
    assert_eq!(report.bound.len(), 1);
}
