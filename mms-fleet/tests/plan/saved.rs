//! Saved plans: what is refused, and why.

use jiff::Timestamp;
use mms_fleet::{Child, Fleet, Observed, Origin, Plan, SavedPlan, SavedPlanError, Stale, Until};
use mms_types::{Centicredits, OrganizationId};

use crate::sample::{TODAY, asking, fleet, id, observed, operations, options, row};

const PLACE: &str = "https://eu1.make.com/api/v2";

pub(crate) fn time(text: &str) -> Timestamp {
    text.parse().unwrap()
}

pub(crate) fn origin() -> Origin {
    Origin {
        id: "7f3a".to_owned(),
        created_at: time("2026-11-28T10:00:00.123456789Z"),
        expires_at: time("2026-11-29T10:00:00Z"),
        place: PLACE.to_owned(),
        organization_id: id(11),
        files: vec!["fleet.yaml".to_owned()],
    }
}

/// A fleet that raises a child, lowers one, creates one and does not touch one.
fn everything() -> (Fleet, Observed) {
    let children = vec![asking("Sol", 30_000), asking("Luna", 10_000), asking("New", 20_000)];
    let children = children.into_iter().map(|child| Child { create: mms_fleet::CreateWhen::Always, ..child });
    let rows = vec![row(101, "Sol", 10_000), row(102, "Luna", 20_000), row(103, "Other", 10_000)];
    (fleet(children.collect()), Observed { pool: Some(30_000), ..observed(rows) })
}

fn saved() -> (SavedPlan, Observed) {
    let (fleet, observed) = everything();
    let plan = Plan::new(&fleet, &observed, &options());
    assert!(plan.stops.is_empty() && plan.steps.len() == 3, "{:?}", plan.stops);
    (SavedPlan::new(plan, origin(), Some(&fleet), &observed).unwrap(), observed)
}

fn check(saved: &SavedPlan, observed: &Observed) -> Vec<Stale> {
    saved.check(time("2026-11-28T12:00:00Z"), PLACE, id(11), observed)
}

/// Makes a document with a text replaced, and a checksum that fits.
fn forged(saved: &SavedPlan, from: &str, to: &str) -> Result<SavedPlan, SavedPlanError> {
    let text = saved.to_json()?;
    assert!(text.contains(from), "{text}");
    SavedPlan::read(&text.replace(from, to))
}

#[test]
fn a_plan_is_read_as_it_was_saved_and_holds_while_nothing_that_it_touches_moves() {
    let (saved, observed) = saved();
    assert_eq!(SavedPlan::read(&saved.to_json().unwrap()).unwrap(), saved);
    assert_eq!(check(&saved, &observed), []);

    let mut moved = observed.clone();
    moved.children[2].credits = Some(0);
    moved.children.reverse();
    assert_eq!(check(&saved, &moved), [], "what it does not touch may move");
    moved.children.push(row(104, "Another", 0));
    assert_eq!(check(&saved, &moved), [Stale::Appeared { ids: vec![id(104)] }], "it may be what is to be created");
}

#[test]
fn a_plan_that_was_edited_by_hand_is_refused() {
    let (saved, _) = saved();
    for (from, to) in [
        ("\"after\": 30000", "\"after\": 40000"),
        ("\"regionId\": 1", "\"regionId\": 1.0"),
        ("\"userName\": \"Ada\"", "\"userName\": \"Ada\", \"note\": 1"),
        ("2026-11-29T10:00:00Z", "2027-11-29T10:00:00Z"),
    ] {
        assert_eq!(forged(&saved, from, to), Err(SavedPlanError::Changed), "{to}");
    }
    let extra = forged(&saved, "\"kind\": \"create\"", "\"kind\": \"create\", \"note\": 1");
    assert!(matches!(extra, Err(SavedPlanError::Unreadable { .. })), "{extra:?}");
    assert!(matches!(forged(&saved, "\"drift\"", "\"drifts\""), Err(SavedPlanError::Unreadable { .. })));
    let text = saved.to_json().unwrap().replace('\n', "\r\n");
    assert_eq!(SavedPlan::read(&text).as_ref(), Ok(&saved), "only what it says counts");
}

#[test]
fn a_document_of_another_format_says_which_version_wrote_it() {
    let (saved, _) = saved();
    let error = forged(&saved, "\"format\": 1", "\"format\": 2").unwrap_err();
    assert_eq!(error, SavedPlanError::OtherFormat { format: 2, version: env!("CARGO_PKG_VERSION").to_owned() });
    assert!(matches!(SavedPlan::read("{}"), Err(SavedPlanError::Unreadable { .. })));
    assert!(matches!(SavedPlan::read(""), Err(SavedPlanError::Unreadable { .. })));
}

#[test]
fn a_plan_that_expired_says_when() {
    let (saved, observed) = saved();
    let at = time("2026-11-29T10:00:00Z");
    let just_before = time("2026-11-29T09:59:59.999999999Z");
    assert_eq!(saved.check(just_before, PLACE, id(11), &observed), []);
    let expired = saved.check(at, PLACE, id(11), &observed);
    assert_eq!(expired, [Stale::Expired { at }]);
    assert_eq!(expired[0].to_string(), "the plan expired at 2026-11-29T10:00:00Z: plan again");
}

#[test]
fn a_plan_for_another_place_or_distributor_is_refused_without_a_look_at_the_children() {
    let (saved, _) = saved();
    let other = saved.check(time("2026-11-28T12:00:00Z"), "https://us1.make.com/api/v2", id(12), &Observed::default());
    let place = Stale::OtherPlace { planned: PLACE.to_owned(), found: "https://us1.make.com/api/v2".to_owned() };
    assert_eq!(other, [place, Stale::OtherOrganization { planned: id(11), found: id(12) }]);
}

#[test]
fn what_moved_is_named_with_what_was_expected_and_found() {
    let (saved, seen) = saved();
    let moved = |change: fn(&mut Observed)| {
        let mut observed = seen.clone();
        change(&mut observed);
        check(&saved, &observed)
    };
    let name = || "Sol".to_owned();
    assert_eq!(moved(|all| all.pool = Some(40_000)), []);
    for (found, credits) in [(Some(20_000), "20,000"), (None, "without")] {
        let mut observed = seen.clone();
        observed.children[0].credits = found;
        let stale = check(&saved, &observed);
        assert_eq!(stale, [Stale::Moved { name: name(), id: id(101), expected: 10_000, found }]);
        assert!(stale[0].to_string().contains("10,000") && stale[0].to_string().contains(credits), "{}", stale[0]);
    }
    assert_eq!(moved(|all| drop(all.children.remove(0))), [Stale::Vanished { name: name(), id: id(101) }]);
    assert_eq!(
        moved(|all| all.children.push(row(105, "NEW", 0))),
        [Stale::Exists { name: "New".to_owned(), id: OrganizationId::new(105) }]
    );
    assert_eq!(moved(|all| all.pool = Some(10_000)), [Stale::PoolTooSmall { credits: 20_000, found: 10_000 }]);
    assert_eq!(moved(|all| all.pool = None), [Stale::PoolUnknown]);
    assert_eq!(moved(|all| all.is_complete = false), [Stale::ListIncomplete]);
}

#[test]
fn a_child_that_has_consumed_more_since_is_not_paused_unless_its_entry_allows_it() {
    let (saved, mut observed) = saved();
    assert!(saved.needs().consumption && saved.needs().proven_list);
    let consumed = Some(Centicredits::new(1_000_000));
    observed.consumption.as_mut().unwrap().insert(id(102), Centicredits::new(1_000_000));
    let pauses = |consumed| Stale::Pauses { name: "Luna".to_owned(), after: operations(10_000), consumed };
    assert_eq!(check(&saved, &observed), [pauses(consumed)]);
    observed.consumption = None;
    assert_eq!(check(&saved, &observed), [pauses(None)]);

    let (mut fleet, _) = everything();
    fleet.children[1].allow_pause = true;
    let plan = Plan::new(&fleet, &observed, &options());
    let saved = SavedPlan::new(plan, origin(), Some(&fleet), &observed).unwrap();
    assert_eq!(check(&saved, &observed), []);
    assert!(!saved.needs().consumption);
}

#[test]
fn a_plan_knows_the_fleet_and_the_distributor_that_it_was_made_by() {
    let (saved, mut seen) = saved();
    let (mut asked, _) = everything();
    asked.children.reverse();
    seen.children.reverse();
    assert!(saved.is_of(&asked) && saved.saw(&seen), "the order is nothing that counts");

    seen.children[0].name = Some("Renamed".to_owned());
    assert!(!saved.saw(&seen), "what it does not touch counts, too");
    asked.children[0].priority = 1;
    assert!(!saved.is_of(&asked));

    let nobodys = SavedPlan::new(saved.plan.clone(), origin(), None, &seen).unwrap();
    assert!(!nobodys.is_of(&asked));
}

#[test]
fn a_text_is_meant_to_be_a_plan_by_what_is_in_it_whatever_became_of_it() {
    let text = saved().0.to_json().unwrap();
    let cut = &text[..text.len() / 2];
    for plan in [text.as_str(), cut, &text.replace("\"format\": 1", "\"format\": 99"), &text.replace("Sol", "Sun")] {
        assert!(SavedPlan::is_meant(plan), "{plan}");
    }
    let fleet = r#"{ "format": 1, "organization": 11, "children": { "origin": {}, "plan": {}, "version": {} } }"#;
    for other in [fleet, &fleet[..60], "", "{}", "[]", "format: 1\nversion: 1\norigin: {}\nplan: {}\n"] {
        assert!(!SavedPlan::is_meant(other), "{other}");
    }
}

#[test]
fn a_fleet_asks_the_same_until_the_first_day_on_which_credits_end() {
    let day = |text: &str| text.parse().unwrap();
    let ending =
        |on: &str, then| Child { until: Some(Until { day: day(on), then: operations(then) }), ..asking("Sol", 30_000) };
    let until = |children| fleet(children).asks_the_same_until(TODAY);
    assert_eq!(until(vec![asking("Sol", 30_000)]), None);
    assert_eq!(until(vec![ending("2026-11-30", 0), ending("2026-11-29", 0)]), Some(day("2026-11-29")));
    assert_eq!(until(vec![ending("2026-11-28", 0)]), Some(TODAY), "today is the last of them");
    assert_eq!(until(vec![ending("2026-11-27", 0), ending("2026-11-29", 30_000)]), None, "nothing changes any more");
    let retired = Child { retired: true, ..ending("2026-11-29", 0) };
    assert_eq!(until(vec![retired]), None);
}

#[test]
fn a_plan_with_stops_can_be_saved_and_shown_and_is_never_applied() {
    let (fleet, observed) = everything();
    let observed = Observed { pool: Some(0), ..observed };
    let plan = Plan::new(&fleet, &observed, &options());
    let saved = SavedPlan::new(plan, origin(), Some(&fleet), &observed).unwrap();
    let read = SavedPlan::read(&saved.to_json().unwrap()).unwrap();
    assert!(check(&read, &observed).contains(&Stale::Stopped { stops: 1 }));
    assert!(
        saved.to_json().unwrap().contains("the pool lacks 30,000 credits"),
        "the sentence is there for who reads JSON"
    );
}

#[test]
fn a_digest_tells_an_empty_list_from_an_unread_pool_and_a_fleet_by_what_it_asks_for() {
    let digests = |observed: &Observed, fleet: Option<&Fleet>| {
        let plan = Plan::undo(&[], observed, &options());
        let text = SavedPlan::new(plan, origin(), fleet, observed).unwrap().to_json().unwrap();
        let mut document: serde_json::Value = serde_json::from_str(&text).unwrap();
        ["observed", "fleet"].map(|key| document[key].take().as_str().map(str::to_owned))
    };
    let [empty, none] = digests(&observed(vec![]), None);
    assert!(empty.is_some() && none.is_none());
    assert_ne!(digests(&Observed { pool: None, ..observed(vec![]) }, None)[0], empty);
    assert_ne!(digests(&observed(vec![row(101, "Sol", 0)]), None)[0], empty);

    let (mut asked, mut seen) = everything();
    let planned = digests(&seen, Some(&asked));
    asked.children.reverse();
    seen.children.reverse();
    assert_eq!(digests(&seen, Some(&asked)), planned, "the order is nothing that is asked for");
    asked.children[0].hold = true;
    seen.children[0].credits = Some(0);
    let changed = digests(&seen, Some(&asked));
    assert!(changed[0] != planned[0] && changed[1] != planned[1]);
}
