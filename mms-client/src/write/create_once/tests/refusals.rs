//! Tests of a create that is refused, held back or answered oddly, while others act on the same distributor.

use std::time::Duration;

use futures_util::future::{join, join_all};
use mms_types::OrganizationId;

use super::{PARENT, World, is_adopted, is_created, is_existed, request};
use crate::env::clock::Clock;
use crate::write::create_once::{CreateOnce, CreateOnceError};
use crate::write::distributor::model::{Fault, ListFault};
use crate::write::journal::samples::intent;
use crate::write::journal::{Intent, IntentOutcome, Journal as _};

/// Creates "Sol" while a colleague creates a child of a name after so many seconds.
fn create_beside(world: &World, seconds: u64, name: &str, operations: i64) -> Result<CreateOnce, CreateOnceError> {
    let colleague = async {
        world.model.clock.sleep(Duration::from_secs(seconds)).await;
        let now = world.model.clock.now();
        world.model.state().add(name, operations, now);
    };
    let (creation, request) = (world.creation(&world.journal), request("Sol"));
    world.model.clock.run(join(creation.create(PARENT, &request), colleague)).unwrap().0
}

#[test]
fn a_429_that_did_nothing_is_waited_for_and_the_create_sent_again_after_another_look() {
    let world = World::failing("429", &[Fault::Limited, Fault::Limited]);
    assert!(is_created(&world.create().unwrap()));
    assert_eq!((world.model.sent(), world.children().len()), (3, 1));
    assert!(world.model.clock.now() > Duration::from_secs(120));
}

#[test]
fn a_child_that_a_colleague_creates_in_the_wait_after_a_429_is_no_reason_for_a_second() {
    let world = World::failing("429, colleague", &[Fault::Limited]);
    let outcome = create_beside(&world, 30, "Sol", 20_000).unwrap();
    assert!(is_adopted(&outcome), "nobody can tell it from ours: {outcome:?}");
    assert_eq!((world.model.sent(), world.children().len()), (1, 1));

    for name in ["Sol", "SOL"] {
        let world = World::failing(&format!("429, colleague, other figures, {name}"), &[Fault::Limited]);
        let error = create_beside(&world, 30, name, 10_000).unwrap_err();
        assert!(error.is_unproven() && error.maybe_created() && error.candidates().len() == 1, "{error}");
        assert_eq!(world.model.sent(), 1);
    }
}

#[test]
fn a_429_after_the_work_makes_one_child_which_is_adopted() {
    for lag in [0, 1, 45, 200] {
        let world = World::failing(&format!("429 after the work, {lag}"), &[Fault::LimitedAfter; 5]);
        world.model.state().lag = Duration::from_secs(lag);
        assert!(is_adopted(&world.create().unwrap()), "{lag}");
        assert_eq!((world.model.sent(), world.children().len()), (1, 1), "{lag}");
    }
}

#[test]
fn without_a_proof_by_the_pool_a_create_is_not_sent_again_after_a_429() {
    for fault in [Fault::Limited, Fault::LimitedAfter] {
        let world = World::failing(&format!("429, no pool, {fault:?}"), &[fault]);
        world.model.state().hidden.pool = true;
        world.model.state().lag = Duration::from_secs(400);
        let error = world.create().unwrap_err();
        assert!(error.is_unproven() && error.maybe_created(), "{error}");
        assert_eq!(world.model.sent(), 1);
    }
}

#[test]
fn operations_that_others_move_meanwhile_hide_no_child_from_the_proof() {
    let world = World::failing("429 after the work, others", &[Fault::LimitedAfter]);
    world.model.state().lag = Duration::from_secs(100);
    // A colleague takes back as much as our child costs.
    let colleague = async {
        world.model.clock.sleep(Duration::from_secs(30)).await;
        let mut state = world.model.state();
        *state.children[0].row.operations_allocated.as_mut().unwrap() -= 10_000;
        *state.children[1].row.operations_allocated.as_mut().unwrap() -= 10_000;
        state.pool += 20_000;
    };
    let (creation, request) = (world.creation(&world.journal), request("Sol"));
    let outcome = world.model.clock.run(join(creation.create(PARENT, &request), colleague)).unwrap().0;
    assert!(is_adopted(&outcome.unwrap()));
    assert_eq!((world.model.sent(), world.children().len()), (1, 1));
}

#[test]
fn a_limit_that_stays_used_up_is_a_refusal_and_nothing_was_created() {
    let world = World::failing("429 for ever", &[Fault::Limited; 4]);
    let error = world.create().unwrap_err();
    assert!(error.is_refused() && !error.maybe_created() && error.to_string().ends_with("429"), "{error}");
    assert!(world.journal.open_intents().unwrap().is_empty());
}

#[test]
fn a_404_after_the_work_is_adopted_as_soon_as_a_list_shows_it() {
    for (lag, hides_pool) in [(0, true), (100, true), (100, false)] {
        let world = World::failing(&format!("404 after the work, {lag}, {hides_pool}"), &[Fault::RefusedAfter]);
        world.model.state().lag = Duration::from_secs(lag);
        world.model.state().hidden.pool = hides_pool;
        assert!(is_adopted(&world.create().unwrap()), "{lag} {hides_pool}");
        assert_eq!((world.model.sent(), world.children().len()), (1, 1));
    }
}

#[test]
fn a_create_that_the_pace_holds_is_decided_on_a_new_look() {
    let world = World::failing("held", &[Fault::Held]);
    assert!(is_created(&world.create().unwrap()));
    assert_eq!((world.model.sent(), world.model.looks()), (1, 2));

    let world = World::failing("held, colleague", &[Fault::Held]);
    let outcome = create_beside(&world, 30, "sol", 50_000).unwrap();
    assert!(is_existed(&outcome), "{outcome:?}");
    assert_eq!(world.model.sent(), 0);
    assert!(world.journal.open_intents().unwrap().is_empty());
}

#[test]
fn a_create_that_never_left_is_decided_on_a_new_look() {
    let world = World::failing("unsent, colleague", &[Fault::Unsent, Fault::Unsent, Fault::Unsent]);
    let outcome = create_beside(&world, 2, "Sol", 50_000).unwrap();
    assert!(is_existed(&outcome), "{outcome:?}");
    assert_eq!(world.model.sent(), 0);
}

#[test]
fn an_answer_that_names_another_owner_is_as_good_as_lost() {
    let world = World::failing("another owner", &[Fault::OfAnotherOwner]);
    assert!(is_adopted(&world.create().unwrap()));
    assert_eq!(world.model.sent(), 1);
}

#[test]
fn a_create_that_somebody_on_the_way_sent_twice_is_told() {
    for (lag, seen) in [(0, 1), (100, 0)] {
        let world = World::failing(&format!("doubled and answered, {lag}"), &[Fault::DoubledAndAnswered]);
        world.model.state().lag = Duration::from_secs(lag);
        let outcome = world.create().unwrap();
        let CreateOnce::Doubled { answer, others, .. } = &outcome else { panic!("{outcome:?}") };
        assert_eq!(others.len(), seen);
        assert!(!others.contains(&answer.child_organization_id));
        assert!(world.journal.open_intents().unwrap().is_empty());
    }
}

#[test]
fn a_pool_that_fell_for_what_others_took_doubles_nothing() {
    let world = World::new("others took");
    // While the create travels, after the look.
    let colleague = async {
        while world.model.state().pools == 0 {
            world.model.clock.sleep(Duration::from_millis(1)).await;
        }
        let mut state = world.model.state();
        *state.children[0].row.operations_allocated.as_mut().unwrap() += 20_000;
        state.pool -= 20_000;
    };
    let (creation, request) = (world.creation(&world.journal), request("Sol"));
    let outcome = world.model.clock.run(join(creation.create(PARENT, &request), colleague)).unwrap().0;
    assert!(is_created(&outcome.unwrap()));
}

#[test]
fn four_spellings_of_one_name_at_once_make_one_child() {
    let world = World::new("spellings");
    let requests = ["Sol", "sol", "ＳＯＬ", "sOL"].map(request);
    let creation = world.creation(&world.journal);
    let all = join_all(requests.iter().map(|request| creation.create(PARENT, request)));
    let outcomes = world.model.clock.run(all).unwrap();
    assert_eq!(outcomes.iter().filter(|outcome| outcome.as_ref().is_ok_and(is_created)).count(), 1);
    assert!(outcomes.iter().filter_map(|outcome| outcome.as_ref().err()).all(CreateOnceError::is_in_flight));
    assert_eq!(world.model.sent(), 1);

    let again = world.model.clock.run(creation.create(PARENT, &requests[1])).unwrap().unwrap();
    assert!(is_existed(&again), "{again:?}");
}

#[test]
fn an_open_intent_of_another_spelling_is_settled_first() {
    let first = intent("SOL");
    let world = World::new(&first.api);
    world.journal.record_intent(&Intent { parent: PARENT, ..first }).unwrap();
    let error = world.create().unwrap_err();
    assert!(error.is_unproven() && error.maybe_created(), "{error}");
    assert_eq!(world.model.sent(), 0);
}

#[test]
fn an_open_or_recent_create_under_another_place_refuses_the_name_unless_a_second_is_meant() {
    for is_open in [true, false] {
        let mut world = World::new(&format!("elsewhere, {is_open}"));
        let other = Intent { parent: PARENT, at: world.model.clock.wall().into(), ..intent("SOL") };
        world.journal.record_intent(&other).unwrap();
        if !is_open {
            let outcome = IntentOutcome::Created { organization_id: OrganizationId::new(999) };
            world.journal.record_outcome(&other.id, world.model.clock.wall().into(), &outcome).unwrap();
        }
        let error = world.create().unwrap_err();
        assert!(error.is_elsewhere() && !error.maybe_created(), "{error}");
        assert!(error.to_string().contains(&other.api), "{error}");
        assert_eq!(world.model.sent(), 0);

        world.policy.allow_same_name = true;
        assert!(is_created(&world.create().unwrap()));
    }
}

#[test]
fn a_plain_refusal_is_believed_at_once_where_no_list_can_be_read() {
    let world = World::failing("refused, no list", &[Fault::Refused]);
    world.model.state().lists.extend([ListFault::None, ListFault::Failed]);
    let error = world.create().unwrap_err();
    assert!(error.is_refused() && !error.maybe_created(), "{error}");
    assert!(world.model.clock.now() < Duration::from_secs(2));
}
