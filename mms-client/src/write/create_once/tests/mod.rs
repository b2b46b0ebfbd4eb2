//! Tests of a create: each way in which it can go wrong, with its outcome.

mod odd_rows;
mod refusals;
mod settling;

use std::task::{Context, Waker};
use std::time::Duration;

use mms_types::{CreateChildOrganizationRequest, OrganizationId};

use super::key::{Key, KeyGuard};
use super::{CreateOnce, CreateOnceError, CreateOncePolicy, Creation, SettledIntent};
use crate::env::clock::Clock;
use crate::write::distributor::Distributor;
use crate::write::distributor::model::{Fault, ListFault, Model};
use crate::write::journal::samples::intent;
use crate::write::journal::{
    Claim, Intent, IntentId, IntentOutcome, Journal, JournalError, MemoryJournal, Moment, OpenIntent, Resolution,
};

pub(super) const PARENT: OrganizationId = OrganizationId::new(11);

pub(super) fn request(name: &str) -> CreateChildOrganizationRequest {
    CreateChildOrganizationRequest {
        organization_name: name.parse().unwrap(),
        user_name: "Ada Owner".parse().unwrap(),
        user_email: "ada@sol.example".parse().unwrap(),
        region_id: 1.try_into().unwrap(),
        country_id: 7.try_into().unwrap(),
        operations: "20000".parse().unwrap(),
    }
}

/// A distributor and a journal, of one test alone.
pub(super) struct World {
    pub(super) model: Model,
    pub(super) journal: MemoryJournal,
    pub(super) policy: CreateOncePolicy,
}

impl World {
    pub(super) fn new(test: &str) -> Self {
        Self { model: Model::new(test, 1), journal: MemoryJournal::new(), policy: CreateOncePolicy::default() }
    }

    /// Lets the next writes fail so.
    pub(super) fn failing(test: &str, faults: &[Fault]) -> Self {
        let world = Self::new(test);
        world.model.state().writes.extend(faults);
        world
    }

    pub(super) fn creation<'a>(&'a self, journal: &'a dyn Journal) -> Creation<'a, Model> {
        Creation { distributor: &self.model, journal, policy: &self.policy }
    }

    pub(super) fn create(&self) -> Result<CreateOnce, CreateOnceError> {
        self.create_by(&self.journal)
    }

    fn create_named(&self, name: &str) -> Result<CreateOnce, CreateOnceError> {
        self.model.clock.run(self.creation(&self.journal).create(PARENT, &request(name))).unwrap()
    }

    pub(super) fn create_by(&self, journal: &dyn Journal) -> Result<CreateOnce, CreateOnceError> {
        self.model.clock.run(self.creation(journal).create(PARENT, &request("Sol"))).unwrap()
    }

    fn settle(&self) -> Vec<SettledIntent> {
        self.model.clock.run(self.creation(&self.journal).settle_open(|_| true)).unwrap().unwrap()
    }

    pub(super) fn children(&self) -> Vec<OrganizationId> {
        self.model.named("Sol")
    }
}

pub(super) fn is_created(outcome: &CreateOnce) -> bool {
    matches!(outcome, CreateOnce::Created { .. })
}

pub(super) fn is_adopted(outcome: &CreateOnce) -> bool {
    matches!(outcome, CreateOnce::Adopted { .. })
}

pub(super) fn is_existed(outcome: &CreateOnce) -> bool {
    matches!(outcome, CreateOnce::Existed { .. })
}

#[test]
fn a_create_that_is_answered_is_created_and_the_next_of_its_name_exists() {
    let world = World::new("answered");
    let created = world.create().unwrap();
    assert!(is_created(&created));
    let again = world.create().unwrap();
    assert!(is_existed(&again), "{again:?}");
    assert_eq!((again.organization_id(), world.children().len()), (created.organization_id(), 1));
    assert!(world.journal.open_intents().unwrap().is_empty());
}

#[test]
fn a_child_that_was_there_before_exists_without_an_intent() {
    let world = World::new("before");
    let id = world.model.state().add("Sol", 10_000, Duration::ZERO);
    assert_eq!(world.create().unwrap().organization_id(), id);
    assert_eq!(world.model.sent(), 0);
}

#[test]
fn a_second_child_of_a_name_is_created_where_the_policy_allows_it() {
    let mut world = World::new("second");
    world.policy.allow_same_name = true;
    let ids = [world.create().unwrap(), world.create().unwrap()].map(|outcome| outcome.organization_id());
    assert_eq!(world.children(), ids);
    world.model.state().writes.push_back(Fault::LostAfter);
    let third = world.create().unwrap();
    assert!(is_adopted(&third) && !ids.contains(&third.organization_id()));
}

#[test]
fn of_several_children_of_a_name_the_journal_knows_which_is_meant_or_nothing_is_sent() {
    let world = World::new("namesakes");
    let created = world.create().unwrap();
    world.model.state().add("Sol", 10_000, Duration::ZERO);
    assert_eq!(world.create().unwrap().organization_id(), created.organization_id());
    let error = world.create_by(&MemoryJournal::new()).unwrap_err();
    assert!(error.is_ambiguous() && !error.maybe_created() && error.candidates().len() == 2, "{error}");
}

#[test]
fn a_refusal_and_a_request_that_never_left_close_the_intent() {
    for (test, fault, tries) in [("refused", Fault::Refused, 1), ("unsent", Fault::Unsent, 4)] {
        let world = World::failing(test, &vec![fault; tries]);
        let error = world.create().unwrap_err();
        assert_eq!((error.is_refused(), error.maybe_created()), (fault == Fault::Refused, false), "{error}");
        assert!(std::error::Error::source(&error).is_some());
        assert!(world.journal.open_intents().unwrap().is_empty());
        assert!(is_created(&world.create().unwrap()));
    }
}

#[test]
fn way_1_a_cut_list_is_no_absence_before_a_create_and_none_after_it() {
    let world = World::new("way 1, before");
    world.model.state().lists.push_back(ListFault::Cut);
    let error = world.create().unwrap_err();
    assert!(error.is_unseen() && !error.maybe_created(), "{error}");
    assert_eq!(world.model.sent(), 0);

    let world = World::failing("way 1, after", &[Fault::LostAfter]);
    world.model.state().lists.push_back(ListFault::None);
    world.model.state().lists.extend([ListFault::Cut; 5]);
    let error = world.create().unwrap_err();
    assert!(error.is_unproven() && error.to_string().contains("a list that may be cut"), "{error}");
    let settled = world.settle();
    assert_eq!(settled[0].outcome.as_ref().unwrap().organization_id(), world.children()[0]);
}

#[test]
fn way_2_a_list_that_lags_behind_is_waited_for() {
    let world = World::failing("way 2", &[Fault::LostAfter]);
    world.model.state().lag = Duration::from_secs(200);
    assert!(is_adopted(&world.create().unwrap()));
    assert_eq!((world.model.sent(), world.model.looks()), (1, 6));
}

#[test]
fn way_2_a_child_that_the_journal_knows_exists_though_the_list_lags_behind() {
    let world = World::new("way 2, known");
    world.model.state().lag = Duration::from_secs(100);
    let created = world.create().unwrap();
    let again = world.create().unwrap();
    assert!(is_existed(&again) && again.organization_id() == created.organization_id(), "{again:?}");
}

#[test]
fn a_child_that_the_journal_knows_and_the_list_does_not_show_is_not_created_again_unless_that_is_meant() {
    let mut world = World::new("vanished");
    let created = world.create().unwrap();
    world.model.state().children.pop();
    world.model.clock.advance(Duration::from_secs(3_600));
    let error = world.create().unwrap_err();
    assert!(error.is_contradiction() && error.candidates() == [created.organization_id()], "{error}");
    world.policy.allow_same_name = true;
    assert!(is_created(&world.create().unwrap()));
}

#[test]
fn a_list_that_is_not_complete_proves_no_child_of_the_journal_gone() {
    let world = World::new("cut off");
    world.create().unwrap();
    world.model.clock.advance(Duration::from_secs(3_600));
    world.model.state().lists.push_back(ListFault::Cut);
    let error = world.create().unwrap_err();
    assert!(error.is_unseen() && !error.is_contradiction(), "{error}");
}

#[test]
fn somebody_elses_child_of_the_name_is_not_taken_for_the_one_that_the_journal_knows() {
    let world = World::new("lags behind a namesake");
    world.model.state().lag = Duration::from_secs(300);
    let created = world.create().unwrap().organization_id();
    let other = world.model.state().add("Sol", 20_000, Duration::ZERO);
    assert_eq!(world.create().unwrap().organization_id(), created, "the list may lag behind");
    world.model.clock.advance(Duration::from_secs(250));
    let error = world.create().unwrap_err();
    assert!(error.is_ambiguous() && error.candidates() == [other, created], "{error}");
    world.model.clock.advance(Duration::from_secs(50));
    assert_eq!(world.create().unwrap().organization_id(), created);
}

#[test]
fn way_3_a_request_that_arrives_after_the_last_look_is_unproven_and_found_later() {
    let world = World::failing("way 3", &[Fault::Late(Duration::from_secs(300))]);
    let error = world.create().unwrap_err();
    assert!(error.is_unproven() && error.maybe_created(), "{error}");
    assert!(world.create().unwrap_err().is_unproven(), "the name stays closed");
    world.model.clock.advance(Duration::from_secs(300));
    assert!(is_adopted(&world.create().unwrap()));
    assert_eq!((world.model.sent(), world.children().len()), (1, 1));
}

#[test]
fn way_4_a_name_that_the_server_changes_is_a_contradiction_and_is_not_sent_again() {
    let world = World::failing("way 4", &[Fault::LostAfter]);
    world.model.state().normalises = true;
    let error = world.create().unwrap_err();
    assert!(error.is_contradiction() && !error.is_unproven(), "{error}");
    assert_eq!(error.candidates(), world.model.named("SOL"));
    assert!(world.create().unwrap_err().is_contradiction());
    assert_eq!(world.model.sent(), 1);
}

#[test]
fn way_4_a_created_child_whose_name_the_server_changed_exists_by_its_id() {
    let world = World::new("way 4, created");
    world.model.state().normalises = true;
    let created = world.create().unwrap();
    world.model.clock.advance(Duration::from_secs(3_600));
    assert_eq!(world.create().unwrap().organization_id(), created.organization_id());
    assert_eq!(world.model.sent(), 1);
}

#[test]
fn way_5_two_creates_of_a_name_are_not_under_way_at_once_in_a_process() {
    let world = World::new("way 5");
    let key = Key::new(&world.model.api(), PARENT, "Sol");
    let turn = KeyGuard::acquire(&key).unwrap();
    let error = world.create_by(&MemoryJournal::new()).unwrap_err();
    assert!(error.is_in_flight(), "{error}");
    drop(turn);
    assert!(is_created(&world.create().unwrap()));
}

#[test]
fn way_6_a_lost_journal_leaves_the_name_in_the_list() {
    let world = World::failing("way 6", &[Fault::LostAfter]);
    let adopted = world.create().unwrap();
    let again = world.create_by(&MemoryJournal::new()).unwrap();
    assert!(is_existed(&again) && again.organization_id() == adopted.organization_id());
}

#[test]
fn way_8_a_server_error_or_an_unreadable_answer_after_the_work_is_settled() {
    for (test, fault) in [("way 8, 502", Fault::LostAfter), ("way 8, unreadable", Fault::Unreadable)] {
        let world = World::failing(test, &[fault]);
        let outcome = world.create().unwrap();
        assert!(is_adopted(&outcome) && world.children() == [outcome.organization_id()]);
    }
}

#[test]
fn way_9_a_request_that_was_doubled_on_the_way_is_ambiguous_until_a_person_decides() {
    let world = World::failing("way 9", &[Fault::Doubled]);
    let error = world.create().unwrap_err();
    assert!(error.is_ambiguous() && error.candidates() == world.children(), "{error}");
    assert!(world.create().unwrap_err().is_ambiguous());

    let reason = "the other one is on its way out".to_owned();
    let decision = Resolution::Assigned { organization_id: world.children()[1], reason };
    world.journal.resolve(error.intent().unwrap(), decision, world.model.clock.wall()).unwrap();
    assert_eq!(world.create().unwrap().organization_id(), world.children()[1]);
    assert_eq!(world.model.sent(), 1);
}

#[test]
fn way_11_a_child_that_was_unlinked_before_it_was_seen_is_unproven() {
    let world = World::failing("way 11", &[Fault::LostAfter]);
    let unlink = async {
        world.model.clock.sleep(Duration::from_millis(300)).await;
        let mut state = world.model.state();
        let child = state.children.pop().unwrap();
        state.pool += child.row.operations_allocated.unwrap();
    };
    world.model.state().lag = Duration::from_secs(1);
    let creation = world.creation(&world.journal);
    let (parent, child) = (PARENT, request("Sol"));
    let both = futures_util::future::join(creation.create(parent, &child), unlink);
    let (outcome, ()) = world.model.clock.run(both).unwrap();
    let error = outcome.unwrap_err();
    assert!(error.is_unproven(), "{error}");
}

#[test]
fn way_12_a_person_who_creates_the_same_name_makes_it_ambiguous() {
    let world = World::failing("way 12", &[Fault::LostAfter]);
    let person = async {
        // After the list was read, and before it is read again.
        world.model.clock.sleep(Duration::from_millis(201)).await;
        world.model.state().add("Sol", 20_000, Duration::ZERO);
    };
    world.model.state().lag = Duration::from_secs(0);
    let creation = world.creation(&world.journal);
    let child = request("Sol");
    let both = futures_util::future::join(creation.create(PARENT, &child), person);
    let (outcome, ()) = world.model.clock.run(both).unwrap();
    let error = outcome.unwrap_err();
    assert!(error.is_ambiguous() && error.candidates().len() == 2, "{error}");
}

#[test]
fn an_absence_stops_the_name_until_a_person_gives_the_intent_up() {
    let world = World::failing("given up", &[Fault::LostBefore]);
    let error = world.create().unwrap_err();
    assert!(error.is_unproven(), "{error}");
    assert_eq!(world.model.looks(), 6, "before, at once, and after 2, 30, 60 and 120 s");
    let started = world.model.clock.now();
    assert!(world.settle()[0].outcome.as_ref().unwrap_err().is_unproven());
    assert!(world.model.clock.now() < started + Duration::from_secs(1), "who has waited once looks once");
    assert_eq!(world.model.sent(), 1);

    let reason = "an hour later it was in no list".to_owned();
    world.journal.resolve(error.intent().unwrap(), Resolution::GivenUp { reason }, world.model.clock.wall()).unwrap();
    assert!(is_created(&world.create().unwrap()));
}

#[test]
fn a_pool_that_fell_while_no_child_shows_is_a_contradiction_and_one_that_cannot_be_read_is_none() {
    for (test, hides_pool) in [("pool shows", false), ("pool hides", true)] {
        let world = World::failing(test, &[Fault::LostAfter]);
        world.model.state().lag = Duration::from_secs(3_600);
        world.model.state().hidden.pool = hides_pool;
        let error = world.create().unwrap_err();
        assert_eq!((error.is_contradiction(), error.is_unproven()), (!hides_pool, hides_pool), "{error}");
        world.model.clock.advance(Duration::from_secs(3_600));
        assert!(is_adopted(&world.create().unwrap()));
    }
}

#[test]
fn lists_that_cannot_be_read_leave_it_unproven_with_their_reason() {
    let world = World::failing("no lists", &[Fault::LostAfter]);
    world.model.state().lists.push_back(ListFault::None);
    world.model.state().lists.extend([ListFault::Failed; 5]);
    let error = world.create().unwrap_err();
    assert!(error.is_unproven() && error.to_string().ends_with(": no list"), "{error}");
    let open = world.journal.open_intents().unwrap();
    assert_eq!(open[0].stopped, None, "nobody has looked yet");
}

#[test]
fn an_answer_that_names_the_child_of_another_intent_is_as_good_as_lost() {
    let world = World::failing("misnamed", &[Fault::None, Fault::Misnamed]);
    // The first child is in no list yet, so that only the journal knows whose it is.
    world.model.state().lag = Duration::from_secs(60);
    let first = world.create().unwrap().organization_id();
    let (creation, child) = (world.creation(&world.journal), request("Cielo"));
    let second = world.model.clock.run(creation.create(PARENT, &child)).unwrap().unwrap();
    assert!(is_adopted(&second), "{second:?}");
    assert_eq!(world.model.named("Cielo"), [second.organization_id()]);
    let claims: Vec<_> = world.journal.claims().unwrap().iter().map(|claim| claim.organization_id).collect();
    assert_eq!(claims, [first, second.organization_id()]);
}
