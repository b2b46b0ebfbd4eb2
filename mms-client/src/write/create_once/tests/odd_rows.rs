//! Tests of a create beside children that the server lists without a name or an allocation.

use std::time::Duration;

use futures_util::future::join;

use super::{PARENT, World, is_adopted, is_created, is_existed, request};
use crate::env::clock::Clock as _;
use crate::write::distributor::model::{Fault, ListFault};
use crate::write::journal::Journal as _;

#[test]
fn a_child_without_a_name_may_be_the_one_and_a_person_decides() {
    let mut world = World::new("nameless");
    world.model.state().children[1].row.organization_name = None;
    let error = world.create().unwrap_err();
    assert!(error.is_ambiguous() && !error.maybe_created(), "{error}");
    assert!(error.to_string().contains("without their names (102)"), "{error}");
    assert_eq!((error.candidates(), world.model.sent()), (&[102.try_into().unwrap()][..], 0));

    world.policy.allow_same_name = true;
    assert!(is_created(&world.create().unwrap()));
}

#[test]
fn a_child_without_a_name_that_the_journal_knows_hides_nothing() {
    let world = World::new("nameless, known");
    assert!(is_created(&world.create_named("Luz").unwrap()));
    world.model.clock.advance(Duration::from_secs(3_600));
    world.model.state().children.last_mut().unwrap().row.organization_name = None;
    assert!(is_existed(&world.create_named("Luz").unwrap()), "the journal knows its id");
    assert!(is_created(&world.create().unwrap()), "and that it has another name");
    assert_eq!(world.model.sent(), 2);
}

#[test]
fn a_child_without_an_allocation_takes_the_proof_by_the_pool_and_no_create() {
    for fault in [Fault::None, Fault::LostAfter, Fault::LimitedAfter] {
        let world = World::failing(&format!("no allocation, {fault:?}"), &[fault]);
        world.model.state().children[0].row.operations_allocated = None;
        let outcome = world.create().unwrap();
        assert!(is_created(&outcome) || is_adopted(&outcome), "{outcome:?}");
        assert_eq!((world.model.sent(), world.children().len()), (1, 1));
    }
    let world = World::failing("no allocation, 429", &[Fault::Limited]);
    world.model.state().children[0].row.operations_allocated = None;
    let error = world.create().unwrap_err();
    assert!(error.is_unproven() && error.maybe_created(), "{error}");
    assert_eq!((world.model.sent(), world.journal.open_intents().unwrap().len()), (1, 1));
}

#[test]
fn a_new_child_without_a_name_after_a_refusal_is_a_doubt_until_a_list_names_it() {
    let world = World::failing("refused, nameless", &[Fault::Refused]);
    world.model.state().lists.extend([ListFault::None, ListFault::Odd, ListFault::Odd]);
    let colleague = async {
        while world.model.sent() == 0 {
            world.model.clock.sleep(Duration::from_millis(1)).await;
        }
        let now = world.model.clock.now();
        world.model.state().add("Mar", 50_000, now);
    };
    let (creation, request) = (world.creation(&world.journal), request("Sol"));
    let outcome = world.model.clock.run(join(creation.create(PARENT, &request), colleague)).unwrap().0;
    assert!(outcome.unwrap_err().is_refused());
    assert_eq!(
        (world.model.sent(), world.model.looks()),
        (1, 4),
        "only the list that names the colleague's is believed"
    );
}

#[test]
fn a_list_with_odd_rows_after_a_lost_answer_is_looked_at_again() {
    for fault in [Fault::LostAfter, Fault::LimitedAfter, Fault::RefusedAfter] {
        let world = World::failing(&format!("odd rows after {fault:?}"), &[fault]);
        world.model.state().lists.extend([ListFault::None, ListFault::Odd, ListFault::Odd]);
        assert!(is_adopted(&world.create().unwrap()));
        assert_eq!((world.model.sent(), world.children().len()), (1, 1));
    }
}
