//! New names that look like another: when a person has to say that another client is meant.

use mms_fleet::{Candidate, Child, CreateWhen, KnownChild, Observed, StopKind};

use crate::sample::{asking, id, kinds, observed, plan, row, with_id};

/// Names that look like "Acme Bakery" and do not read the same.
const ALIKE: [&str; 4] = ["Acme-Bakery", "\u{410}cme Bakery", "Acme Bakery.", "AcmeBakery"];

fn like_child(entry: Option<&str>) -> StopKind {
    let (name, entry) = ("Acme Bakery".to_owned(), entry.map(str::to_owned));
    StopKind::LooksLikeChild { id: id(101), name, entry }
}

fn like_entry(name: &str) -> StopKind {
    StopKind::LooksLikeEntry { name: name.to_owned() }
}

fn new(child: Child) -> Child {
    Child { create: CreateWhen::Always, ..child }
}

#[test]
fn a_new_name_that_looks_like_that_of_a_child_stops_unless_the_entry_says_that_it_is_new() {
    for name in ALIKE {
        for entry in [None, Some("Acme Bakery")] {
            let of_child = entry.map(|name| with_id(101, asking(name, 0)));
            let seen = observed(vec![row(101, "Acme Bakery", 0)]);
            let fleet = |child| of_child.iter().cloned().chain([child]).collect::<Vec<_>>();
            let asked = plan(fleet(asking(name, 10_000)), &seen);
            assert_eq!(kinds(&asked), [&like_child(entry)], "{name}");
            assert!(asked.is_empty());
            let meant = plan(fleet(new(asking(name, 10_000))), &seen);
            assert!(meant.stops.is_empty() && meant.creates() == 1, "{name}");
        }
    }
}

#[test]
fn a_child_that_no_entry_is_is_named_before_one_that_has_an_entry() {
    let seen = observed(vec![row(99, "Acme_Bakery", 0), row(101, "Acme Bakery", 0)]);
    let children = vec![with_id(99, asking("Acme_Bakery", 0)), asking("Acme-Bakery", 10_000)];
    assert_eq!(kinds(&plan(children, &seen)), [&like_child(None)]);
}

#[test]
fn two_new_names_that_look_alike_stop_each_that_does_not_say_that_it_is_new() {
    let (one, other) = (asking("Acme Bakery", 10_000), asking("Acme-Bakery", 10_000));
    let both = plan(vec![one.clone(), other.clone()], &observed(vec![]));
    assert_eq!(kinds(&both), [&like_entry("Acme-Bakery"), &like_entry("Acme Bakery")]);
    let one_is_new = plan(vec![new(one.clone()), other.clone()], &observed(vec![]));
    assert_eq!(kinds(&one_is_new), [&like_entry("Acme Bakery")]);
    assert_eq!(plan(vec![new(one), new(other)], &observed(vec![])).creates(), 2);
}

#[test]
fn a_new_name_that_looks_like_the_entry_of_a_child_of_another_name_stops() {
    let children = vec![with_id(101, asking("Acme Bakery", 0)), asking("Acme-Bakery", 10_000)];
    let plan = plan(children, &observed(vec![row(101, "Bakery of Acme", 0)]));
    assert_eq!(kinds(&plan), [&like_entry("Acme Bakery")]);
}

#[test]
fn an_entry_that_is_given_up_looks_like_nothing() {
    let gone = Child { retired: true, ..asking("Acme Bakery", 0) };
    let plan = plan(vec![gone, asking("Acme-Bakery", 10_000)], &observed(vec![]));
    assert!(plan.stops.is_empty() && plan.creates() == 1);
}

#[test]
fn names_that_look_alike_are_no_matter_where_both_are_there() {
    let seen = observed(vec![row(101, "Acme Bakery", 0), row(102, "Acme-Bakery", 0)]);
    let plan = plan(vec![asking("Acme Bakery", 0), asking("Acme-Bakery", 0)], &seen);
    assert!(plan.stops.is_empty() && plan.unchanged == 2);
}

#[test]
fn all_that_speaks_against_a_create_is_told_since_one_word_lifts_all_of_it() {
    let known = |organization_id, name: &str| KnownChild {
        id: id(organization_id),
        name: name.to_owned(),
        owner: None,
        region: None,
    };
    let rows = || vec![row(101, "Acme Bakery", 0)];
    let before = Observed { known: vec![known(105, "Acme-Bakery")], ..observed(rows()) };
    let told = plan(vec![asking("Acme-Bakery", 10_000)], &before);
    assert_eq!(kinds(&told), [&like_child(None), &StopKind::CreatedBefore { id: id(105) }]);
    let two = observed([rows(), vec![row(102, "Luna", 0)]].concat());
    let candidate =
        |organization_id, name: &str| Candidate { organization_id: id(organization_id), name: Some(name.to_owned()) };
    let candidates = vec![candidate(101, "Acme Bakery"), candidate(102, "Luna")];
    let told = plan(vec![asking("Acme-Bakery", 10_000)], &two);
    assert_eq!(kinds(&told), [&like_child(None), &StopKind::MaybeRenamed { candidates, others: 0 }]);
}
