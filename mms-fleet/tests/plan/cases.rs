//! Named cases of the planner: which child an entry is, and what is planned for it.

use jiff::ToSpan;
use mms_fleet::{Binding, Child, CreateWhen, DriftKind, KnownChild, Observed, ObservedChild, StopKind, Until};
use mms_types::{Centicredits, CountryId, RegionId};

use crate::sample::{TODAY, asking, entry, id, kinds, observed, operations, plan, row, steps, with_id};

#[test]
fn an_empty_fleet_changes_nothing_and_shows_every_child_as_unmanaged() {
    let plan = plan(vec![], &observed(vec![row(102, "Sol", 10_000), row(101, "Luna", 0)]));
    assert!(plan.is_empty() && plan.stops.is_empty() && plan.missing().is_empty());
    let unmanaged: Vec<_> = plan.unmanaged.iter().map(|child| child.name.as_deref().unwrap()).collect();
    assert_eq!(unmanaged, ["Luna", "Sol"]);
}

#[test]
fn an_empty_distributor_gets_every_child_created() {
    let plan = plan(vec![asking("Sol", 20_000), asking("Luna", 10_000)], &observed(vec![]));
    assert_eq!(steps(&plan), [("Luna", 10_000), ("Sol", 20_000)]);
    assert!(plan.stops.is_empty(), "{:?}", plan.stops);
    assert_eq!(plan.creates(), 2);
}

#[test]
fn a_child_is_known_by_its_id_whatever_its_name_and_the_name_is_drift() {
    let plan = plan(vec![with_id(101, asking("Sol", 20_000))], &observed(vec![row(101, "Sol Berlin", 10_000)]));
    assert_eq!(steps(&plan), [("Sol", 10_000)]);
    assert_eq!(plan.drift[0].kind, DriftKind::Name);
    assert_eq!(plan.drift[0].found, "Sol Berlin");
    assert!(plan.unmanaged.is_empty() && plan.stops.is_empty() && plan.bound.is_empty());
}

#[test]
fn a_child_without_an_id_is_found_by_its_exact_name_and_bound() {
    let plan = plan(vec![asking("Sol", 10_000)], &observed(vec![row(101, "Sol", 10_000)]));
    assert!(plan.is_empty() && plan.unchanged == 1);
    assert_eq!(plan.bound, [Binding { name: "Sol".to_owned(), organization_id: id(101) }]);
}

#[test]
fn two_children_of_a_name_stop_an_entry_without_an_id() {
    let plan = plan(vec![asking("Sol", 10_000)], &observed(vec![row(102, "Sol", 0), row(101, "Sol", 0)]));
    assert_eq!(kinds(&plan), [&StopKind::SeveralOfThatName { ids: vec![id(101), id(102)] }]);
    assert!(plan.is_empty());
}

#[test]
fn a_name_that_another_entry_has_the_id_of_is_taken() {
    let children = vec![with_id(101, asking("Luna", 10_000)), asking("Sol", 10_000)];
    let plan = plan(children, &observed(vec![row(101, "Sol", 10_000)]));
    let taken = StopKind::NameTaken { id: id(101), name: "Sol".to_owned(), entry: Some("Luna".to_owned()) };
    assert_eq!(kinds(&plan), [&taken]);
    assert!(plan.is_empty());
}

#[test]
fn a_name_that_only_reads_like_an_existing_one_is_neither_matched_nor_created() {
    for create in [CreateWhen::NotRenamed, CreateWhen::Always] {
        let child = Child { create, ..asking("ACME  Bakery", 10_000) };
        let plan = plan(vec![child], &observed(vec![row(101, "Acme Bakery", 0)]));
        let taken = StopKind::NameTaken { id: id(101), name: "Acme Bakery".to_owned(), entry: None };
        assert_eq!(kinds(&plan), [&taken]);
        assert!(plan.is_empty());
    }
}

#[test]
fn nothing_is_created_beside_a_child_without_a_name_unless_an_entry_has_its_id() {
    let nameless = ObservedChild { name: None, ..row(101, "", 10_000) };
    let new = Child { create: CreateWhen::Always, ..asking("Sol", 10_000) };
    let alone = plan(vec![new.clone()], &observed(vec![nameless.clone()]));
    assert_eq!(kinds(&alone), [&StopKind::NameUnknown { id: id(101) }]);
    let beside = plan(vec![new, with_id(101, asking("Luna", 10_000))], &observed(vec![nameless]));
    assert!(beside.stops.is_empty() && beside.creates() == 1 && beside.drift.is_empty());
}

#[test]
fn entries_that_a_fleet_has_twice_are_stopped_both() {
    let plan = plan(vec![asking("Sol", 10_000), asking("SOL", 10_000)], &observed(vec![]));
    assert_eq!(kinds(&plan), [&StopKind::NamedTwice, &StopKind::NamedTwice]);
    assert!(plan.is_empty());
}

#[test]
fn an_id_that_is_no_child_stops_and_one_of_a_list_that_is_cut_asks_for_the_whole_list() {
    let children = vec![with_id(999, asking("Sol", 10_000))];
    let whole = observed(vec![row(101, "Luna", 0)]);
    assert_eq!(kinds(&plan(children.clone(), &whole)), [&StopKind::NoSuchChild { id: id(999), named: None }]);
    let cut = Observed { is_complete: false, ..whole };
    let plan = plan(children, &cut);
    assert_eq!(kinds(&plan), [&StopKind::ListIncomplete]);
    assert!(plan.missing().proven_list);
}

#[test]
fn an_id_that_is_no_child_names_the_child_of_that_name_unless_another_entry_is_it() {
    let wrong = with_id(999, asking("Sol", 10_000));
    let seen = observed(vec![row(102, "Sol", 0), row(101, "Sol", 0)]);
    let named = plan(vec![wrong.clone()], &seen);
    assert_eq!(kinds(&named), [&StopKind::NoSuchChild { id: id(999), named: Some(id(101)) }]);
    let others = [with_id(101, asking("Mars", 0)), with_id(102, asking("Luna", 0))];
    let plan = plan([&[wrong], &others[..]].concat(), &seen);
    assert_eq!(kinds(&plan), [&StopKind::NoSuchChild { id: id(999), named: None }]);
}

#[test]
fn a_retired_child_is_set_to_0_without_asking_and_no_error_once_it_is_gone() {
    let retired = |organization_id| Child { retired: true, ..with_id(organization_id, asking("Sol", 10_000)) };
    let present = plan(vec![retired(101)], &observed(vec![row(101, "Sol", 10_000)]));
    assert_eq!(steps(&present), [("Sol", -10_000)]);
    assert!(present.stops.is_empty() && present.steps[0].pauses());

    let gone = plan(vec![retired(999), Child { retired: true, ..entry("Luna") }], &observed(vec![]));
    assert_eq!(gone.gone, ["Luna", "Sol"]);
    assert!(gone.is_empty() && gone.stops.is_empty());
}

#[test]
fn credits_that_end_hold_up_to_their_last_day_and_no_longer() {
    for (days, expected) in [(-1, 20_000), (0, 20_000), (1, 50_000)] {
        let day = TODAY.checked_sub(days.days()).unwrap();
        let until = Some(Until { day, then: operations(50_000) });
        let child = Child { until, ..asking("Sol", 20_000) };
        let plan = plan(vec![child], &observed(vec![row(101, "Sol", 0)]));
        assert_eq!(steps(&plan), [("Sol", expected)], "{days} days after the last one");
    }
}

#[test]
fn an_entry_without_credits_leaves_the_allocation_to_others() {
    let plan = plan(vec![entry("Sol")], &observed(vec![row(101, "Sol", 30_000)]));
    assert!(plan.is_empty() && plan.stops.is_empty() && plan.unchanged == 1);
}

#[test]
fn a_child_on_hold_is_shown_and_never_changed_or_created() {
    let held = |name: &str| Child { hold: true, ..asking(name, 10_000) };
    let plan = plan(
        vec![held("Sol"), held("Luna"), held("Mars")],
        &observed(vec![row(101, "Sol", 0), row(102, "Mars", 10_000)]),
    );
    assert!(plan.is_empty() && plan.stops.is_empty() && plan.unchanged == 1);
    let shown: Vec<_> = plan.held.iter().map(|child| (child.name.as_str(), child.before)).collect();
    assert_eq!(shown, [("Luna", None), ("Sol", Some(0))]);
}

#[test]
fn a_list_that_is_not_proven_complete_creates_nothing() {
    let plan = plan(vec![asking("Sol", 10_000)], &Observed { is_complete: false, ..observed(vec![]) });
    assert_eq!(kinds(&plan), [&StopKind::ListIncomplete]);
    assert_eq!(plan.creates(), 1, "what would be created is shown");
}

#[test]
fn a_pool_that_was_not_read_stops_what_takes_from_it_and_nothing_else() {
    let unread = |children| Observed { pool: None, ..observed(children) };
    let taking = plan(vec![asking("Sol", 10_000)], &unread(vec![row(101, "Sol", 0)]));
    assert_eq!(kinds(&taking), [&StopKind::PoolUnknown]);
    assert_eq!(taking.pool, None);
    let freeing = plan(vec![asking("Sol", 10_000)], &unread(vec![row(101, "Sol", 20_000)]));
    assert!(freeing.stops.is_empty() && freeing.steps.len() == 1);
}

#[test]
fn a_row_without_an_allocation_stops_only_who_asks_for_credits() {
    let blank = ObservedChild { credits: None, ..row(101, "Sol", 0) };
    let asked = plan(vec![asking("Sol", 10_000)], &observed(vec![blank.clone()]));
    assert_eq!(kinds(&asked), [&StopKind::AllocationUnknown { id: id(101) }]);
    assert!(plan(vec![entry("Sol")], &observed(vec![blank])).stops.is_empty());
}

#[test]
fn a_decrease_to_what_is_consumed_or_less_stops_unless_the_entry_allows_it_and_stays_in_the_plan() {
    let lowered = |credits, allow_pause| vec![Child { allow_pause, ..asking("Sol", credits) }];
    let mut observed = observed(vec![row(101, "Sol", 50_000)]);
    for (consumed, credits, stops) in
        [(1_999_999, 20_000, false), (2_000_000, 20_000, true), (2_000_001, 20_000, true), (0, 0, true)]
    {
        let consumed = Centicredits::new(consumed);
        observed.consumption = Some([(id(101), consumed)].into());
        let asked = plan(lowered(credits, false), &observed);
        let pauses = StopKind::Pauses { after: operations(credits), consumed: Some(consumed) };
        assert_eq!(kinds(&asked), if stops { vec![&pauses] } else { vec![] }, "{consumed} and {credits}");
        assert_eq!(asked.steps.len(), 1);
        assert_eq!(asked.steps[0].pauses(), stops);
        assert!(plan(lowered(credits, true), &observed).stops.is_empty());
    }
}

#[test]
fn a_decrease_without_a_reported_consumption_stops_unless_the_entry_allows_it() {
    let mut observed = observed(vec![row(101, "Sol", 50_000)]);
    for consumption in [None, Some(std::collections::HashMap::new())] {
        observed.consumption = consumption;
        let asked = plan(vec![asking("Sol", 20_000)], &observed);
        assert_eq!(kinds(&asked), [&StopKind::ConsumptionUnknown { after: operations(20_000) }]);
        assert_eq!(asked.missing().consumption, observed.consumption.is_none());
        let allowed = plan(vec![Child { allow_pause: true, ..asking("Sol", 20_000) }], &observed);
        assert!(allowed.stops.is_empty());
    }
}

#[test]
fn countries_regions_and_owners_that_differ_are_drift_and_never_a_step() {
    let mut observed = observed(vec![row(101, "Sol", 10_000)]);
    observed.children[0].country = Some(CountryId::new(58));
    observed.known = vec![KnownChild {
        id: id(101),
        name: "Sol".to_owned(),
        owner: Some("bob@agency.example".to_owned()),
        region: Some(RegionId::new(2)),
    }];
    let differing = plan(vec![asking("Sol", 10_000)], &observed);
    let drift: Vec<_> = differing.drift.iter().map(|drift| (drift.kind, drift.found.as_str())).collect();
    let all = [(DriftKind::Country, "France"), (DriftKind::Region, "US"), (DriftKind::Owner, "bob@agency.example")];
    assert_eq!(drift, all);
    assert!(differing.is_empty() && differing.stops.is_empty());

    observed.children[0].country = Some(CountryId::new(57));
    observed.known[0].owner = Some("Ada@Agency.example".to_owned());
    observed.known[0].region = Some(RegionId::new(1));
    assert_eq!(plan(vec![asking("Sol", 10_000)], &observed).drift, []);
}
