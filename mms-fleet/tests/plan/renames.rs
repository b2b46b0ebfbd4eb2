//! Entries that no child has the name of: when a child of another name may be meant, and when a create may go on.

use mms_fleet::{Candidate, CatalogueNeed, Child, CreateWhen, EnumRef, KnownChild, Observed, ObservedChild, StopKind};
use mms_types::{CountryId, RegionId};

use crate::sample::{asking, id, kinds, observed, plan, row, with_id};

/// What this machine sent to create a child.
fn known(organization_id: u64, name: &str, owner: &str, region: u64) -> KnownChild {
    let region = Some(RegionId::new(region));
    KnownChild { id: id(organization_id), name: name.to_owned(), owner: Some(owner.to_owned()), region }
}

fn maybe(candidates: &[(u64, &str)], others: u64) -> StopKind {
    let candidate = |(organization_id, name): &(u64, &str)| Candidate {
        organization_id: id(*organization_id),
        name: Some((*name).to_owned()),
    };
    StopKind::MaybeRenamed { candidates: candidates.iter().map(candidate).collect(), others }
}

fn in_country(country: Option<u64>, row: ObservedChild) -> ObservedChild {
    ObservedChild { country: country.map(CountryId::new), ..row }
}

const OWNER: &str = "ada@agency.example";

#[test]
fn an_unknown_name_beside_a_child_that_no_entry_names_stops_and_asks() {
    let seen = observed(vec![row(101, "Sol Berlin", 10_000)]);
    let asked = plan(vec![asking("Luna", 10_000)], &seen);
    assert_eq!(kinds(&asked), [&maybe(&[(101, "Sol Berlin")], 0)]);
    assert!(asked.is_empty());
    let new = Child { create: CreateWhen::Always, ..asking("Luna", 10_000) };
    let created = plan(vec![new], &seen);
    assert!(created.stops.is_empty() && created.creates() == 1, "`id: new` says that it is none of them");
}

#[test]
fn a_child_that_an_entry_has_is_no_candidate() {
    let children = vec![with_id(101, asking("Sol", 10_000)), asking("Luna", 10_000)];
    let plan = plan(children, &observed(vec![row(101, "Sol Berlin", 10_000)]));
    assert!(plan.stops.is_empty() && plan.creates() == 1);
}

#[test]
fn a_country_that_differs_hides_no_candidate_since_a_wrong_one_in_a_file_is_drift() {
    for country in [Some(57), None, Some(58)] {
        let seen = observed(vec![in_country(country, row(101, "Sol Inc", 10_000))]);
        for name in ["Sol", "Luna"] {
            let asked = plan(vec![asking(name, 10_000)], &seen);
            assert_eq!(kinds(&asked), [&maybe(&[(101, "Sol Inc")], 0)], "{country:?} {name}");
            assert!(asked.is_empty());
        }
    }
}

#[test]
fn a_child_that_the_journal_knows_with_another_owner_or_region_is_no_candidate() {
    for (owner, region, stops) in
        [(OWNER, 1, 1), ("ADA@agency.example", 1, 1), ("bob@agency.example", 1, 0), (OWNER, 2, 0)]
    {
        let known = vec![known(101, "Sol", owner, region)];
        let seen = Observed { known, ..observed(vec![row(101, "Sol Berlin", 10_000)]) };
        assert_eq!(plan(vec![asking("Luna", 10_000)], &seen).stops.len(), stops, "{owner} {region}");
    }
}

#[test]
fn a_child_that_still_has_the_name_it_was_created_with_is_no_candidate() {
    let known = vec![known(101, "Sol", OWNER, 1)];
    let plan = plan(vec![asking("Luna", 10_000)], &Observed { known, ..observed(vec![row(101, "Sol", 10_000)]) });
    assert!(plan.stops.is_empty() && plan.creates() == 1, "nobody renamed it");
}

fn created_as(name: &str, entry: Option<&str>) -> StopKind {
    StopKind::CreatedAs { id: id(102), name: Some(name.to_owned()), entry: entry.map(str::to_owned) }
}

#[test]
fn a_child_that_was_created_under_the_name_and_renamed_since_stops_whatever_the_entry_says() {
    let known = vec![known(102, "Luna", "bob@agency.example", 2)];
    let rows = vec![row(101, "Luna Berlin", 10_000), row(102, "Mars", 10_000)];
    let seen = Observed { known, ..observed(rows) };
    for create in [CreateWhen::NotRenamed, CreateWhen::Always] {
        let plan = plan(vec![Child { create, ..asking("Luna", 10_000) }], &seen);
        assert_eq!(kinds(&plan), [&created_as("Mars", None)], "{create:?}");
        assert!(plan.is_empty());
    }
}

#[test]
fn a_child_that_was_created_under_the_name_stops_where_another_entry_has_its_id_and_both_are_named() {
    let seen = Observed { known: vec![known(102, "Luna", OWNER, 1)], ..observed(vec![row(102, "Mars", 10_000)]) };
    for create in [CreateWhen::NotRenamed, CreateWhen::Always] {
        let entries = vec![with_id(102, asking("Mars", 10_000)), Child { create, ..asking("Luna", 10_000) }];
        let plan = plan(entries, &seen);
        assert_eq!(kinds(&plan), [&created_as("Mars", Some("Mars"))], "{create:?}");
        assert!(plan.is_empty());
    }
}

#[test]
fn a_child_that_is_given_up_without_an_id_is_gone_only_where_no_child_may_be_it() {
    let retired = |name: &str| vec![Child { retired: true, ..asking(name, 10_000) }];
    let candidate = |name: &str| Candidate { organization_id: id(102), name: Some(name.to_owned()) };
    let there = |name: &str| StopKind::MaybeThere { candidates: vec![candidate(name)], others: 0 };
    let seen = observed(vec![row(102, "Luna Berlin", 100_000)]);
    for name in ["Luna", "Sol"] {
        let asked = plan(retired(name), &seen);
        assert_eq!(kinds(&asked), [&there("Luna Berlin")]);
        assert!(asked.gone.is_empty() && asked.missing().is_empty());
        let without_catalogue = Observed { catalogue: None, ..seen.clone() };
        assert_eq!(plan(retired(name), &without_catalogue).stops, asked.stops);
    }
    let bare = Child { owner: None, region: None, retired: true, ..asking("Sol", 10_000) };
    assert_eq!(kinds(&plan(vec![bare], &seen)), [&there("Luna Berlin")], "it needs nothing for a create");

    let known = |name: &str, owner| vec![known(102, name, owner, 1)];
    let renamed = Observed { known: known("Luna", OWNER), ..seen.clone() };
    assert_eq!(kinds(&plan(retired("Luna"), &renamed)), [&created_as("Luna Berlin", None)]);
    for (seen, why) in [
        (Observed { known: known("Luna Berlin", OWNER), ..seen.clone() }, "nobody renamed it"),
        (Observed { known: known("Mars", "bob@agency.example"), ..seen.clone() }, "it is somebody else's"),
        (Observed { known: known("Luna", OWNER), ..observed(vec![]) }, "it was created here, and is not listed"),
    ] {
        let gone = plan(retired("Luna"), &seen);
        assert!(gone.stops.is_empty() && gone.gone == ["Luna"], "{why}: {:?}", gone.stops);
    }
    let with_entry = [vec![with_id(102, asking("Luna Berlin", 100_000))], retired("Luna")].concat();
    assert_eq!(plan(with_entry, &seen).gone, ["Luna"], "an entry has the only child");
}

#[test]
fn a_name_that_was_created_before_and_is_not_listed_is_not_created_again_unasked() {
    let seen = Observed { known: vec![known(101, "Luna", OWNER, 1)], ..observed(vec![]) };
    let asked = plan(vec![asking("Luna", 10_000)], &seen);
    assert_eq!(kinds(&asked), [&StopKind::CreatedBefore { id: id(101) }]);
    let new = Child { create: CreateWhen::Always, ..asking("Luna", 10_000) };
    assert_eq!(plan(vec![new], &seen).creates(), 1);
}

#[test]
fn candidates_that_share_a_word_come_first_and_the_rest_is_counted() {
    let mut rows: Vec<_> = (101..=110).map(|id| row(id, &format!("Child {id}"), 0)).collect();
    rows.push(row(120, "Bakery Luna", 0));
    let plan = plan(vec![asking("Luna Bread", 10_000)], &observed(rows));
    let first = [(101, "Child 101"), (102, "Child 102"), (103, "Child 103"), (104, "Child 104")];
    let named = [&[(120, "Bakery Luna")], &first[..]].concat();
    assert_eq!(kinds(&plan), [&maybe(&named, 6)]);
}

#[test]
fn an_entry_that_lacks_what_a_create_needs_is_incomplete_unless_a_child_shares_a_word() {
    let bare = |name| Child { owner: None, region: None, country: None, ..asking(name, 10_000) };
    let seen = observed(vec![row(101, "Sol Berlin", 10_000)]);
    let missing = ["owner", "region", "country"].map(str::to_owned).to_vec();
    assert_eq!(kinds(&plan(vec![bare("Luna")], &seen)), [&StopKind::Incomplete { missing }]);
    assert_eq!(kinds(&plan(vec![bare("Sol")], &seen)), [&maybe(&[(101, "Sol Berlin")], 0)]);
    let without_credits = Child { credits: None, ..asking("Luna", 0) };
    let missing = vec!["credits".to_owned()];
    assert_eq!(kinds(&plan(vec![without_credits], &observed(vec![]))), [&StopKind::Incomplete { missing }]);
}

#[test]
fn regions_and_countries_are_found_by_id_name_or_code_and_else_the_nearest_are_named() {
    let country = |text: &str| {
        let country = Some(EnumRef { text: text.to_owned(), place: None });
        plan(vec![Child { country, ..asking("Sol", 10_000) }], &observed(vec![]))
    };
    for text in ["57", "Germany", "GERMANY", "deu", "DE"] {
        assert_eq!(country(text).creates(), 1, "{text}");
    }
    for (text, nearest) in [("Germny", vec!["Germany"]), ("Aust", vec!["Australia", "Austria"]), ("99", vec![])] {
        let nearest = nearest.into_iter().map(str::to_owned).collect();
        let unknown = StopKind::UnknownEnum { what: "country".to_owned(), text: text.to_owned(), nearest };
        assert_eq!(kinds(&country(text)), [&unknown]);
    }
    let mut twins = observed(vec![]);
    twins.catalogue.as_mut().unwrap().countries[4].name = "italy".to_owned();
    let italy = Some(EnumRef { text: "ITALY".to_owned(), place: None });
    let several = StopKind::AmbiguousEnum { what: "country".to_owned(), text: "ITALY".to_owned(), ids: vec![61, 62] };
    assert_eq!(kinds(&plan(vec![Child { country: italy, ..asking("Sol", 10_000) }], &twins)), [&several]);
    let region = Some(EnumRef { text: "Mars".to_owned(), place: None });
    let plan = plan(vec![Child { region, ..asking("Sol", 10_000) }], &observed(vec![]));
    let nearest = vec!["EU".to_owned(), "US".to_owned()];
    let unknown = StopKind::UnknownEnum { what: "region".to_owned(), text: "Mars".to_owned(), nearest };
    assert_eq!(kinds(&plan), [&unknown]);
}

#[test]
fn only_a_create_needs_the_catalogue_and_the_proven_list_and_only_a_decrease_the_consumption() {
    let bare = |rows| Observed { catalogue: None, consumption: None, ..observed(rows) };
    let seen = bare(vec![in_country(None, row(101, "Sol", 10_000))]);
    assert!(plan(vec![asking("Sol", 10_000)], &seen).missing().is_empty());
    assert!(plan(vec![asking("Sol", 20_000)], &seen).missing().is_empty());
    let lowered = plan(vec![asking("Sol", 0)], &seen).missing();
    assert!(lowered.consumption && !lowered.proven_list && lowered.catalogue == CatalogueNeed::None);

    let created = plan(vec![asking("Luna", 10_000)], &bare(vec![]));
    assert!(created.missing().proven_list && !created.missing().consumption);
    assert_eq!(created.missing().catalogue, CatalogueNeed::Create);
    assert_eq!(kinds(&created), [&StopKind::CatalogueUnknown]);
}

#[test]
fn a_country_that_stands_there_as_a_name_needs_the_catalogue_to_be_compared_and_an_id_does_not() {
    let seen = Observed { catalogue: None, ..observed(vec![row(101, "Sol", 10_000)]) };
    let child = |text: &str| {
        let country = Some(EnumRef { text: text.to_owned(), place: None });
        vec![Child { country, ..asking("Sol", 10_000) }]
    };
    assert_eq!(plan(child("Germany"), &seen).missing().catalogue, CatalogueNeed::Drift);
    assert!(plan(child("57"), &seen).missing().is_empty());
    let other = plan(child("58"), &seen);
    assert!(other.missing().is_empty() && other.drift[0].found == "57");
}
