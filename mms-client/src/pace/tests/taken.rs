//! Tests of turns that are taken before their request.

use super::*;

async fn take(world: &World, ticket: &Ticket, deadline: Duration) -> bool {
    ticket.take_turn(deadline, Group::default(), &world.desk).await
}

async fn turn(world: &World, ticket: &Ticket, deadline: Duration) -> Option<Permit> {
    ticket.turn(deadline, Group::default(), &world.desk).await
}

#[test]
fn a_turn_that_was_taken_is_that_of_the_next_request_and_no_second_one_is_spent() {
    let world = World::new(Some(60), None);
    let ticket = world.pacer.join(Some(ORGANIZATION));
    let sent = async {
        assert!(take(&world, &ticket, FOR_EVER).await);
        // The intent is written down.
        world.clock.sleep(Duration::from_millis(5)).await;
        drop(turn(&world, &ticket, FOR_EVER).await.unwrap());
    };
    world.clock.run(sent).unwrap();
    assert_eq!(world.run(57).last().map(Duration::as_secs), Some(0), "57 of 58 slots are left at once");
    assert!(world.run(1)[0] >= Duration::from_secs(60));
}

#[test]
fn a_turn_that_was_taken_is_given_back_once_its_deadline_is_over() {
    let world = World::new(Some(60), None);
    let ticket = world.pacer.join(Some(ORGANIZATION));
    let deadline = Duration::from_secs(1);
    let late = async {
        assert!(take(&world, &ticket, deadline).await);
        world.clock.sleep(Duration::from_secs(2)).await;
        turn(&world, &ticket, deadline).await
    };
    assert!(world.clock.run(late).unwrap().is_none(), "the look would be too old");
}

#[test]
fn a_turn_that_would_come_too_late_is_not_taken() {
    let world = World::new(Some(60), None);
    world.run(58);
    let ticket = world.pacer.join(Some(ORGANIZATION));
    assert!(!world.clock.run(take(&world, &ticket, Duration::from_secs(30))).unwrap());
    assert!(world.clock.now() < Duration::from_secs(1), "that is known at once");
}
