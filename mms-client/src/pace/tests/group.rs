//! Tests of groups: a look and its write, sent one right after the other.

use super::*;

/// One request that takes a tenth of a second, as part of a group.
async fn send(world: &World, ticket: &Ticket, group: Group) -> Duration {
    let permit = ticket.turn(FOR_EVER, group, &world.desk).await.unwrap();
    let sent = world.clock.now();
    world.clock.sleep(Duration::from_millis(100)).await;
    drop(permit);
    sent
}

/// A group of three.
async fn send_group(world: &World) -> Vec<Duration> {
    let ticket = world.pacer.join(Some(ORGANIZATION));
    let mut times = Vec::new();
    for (following, continues) in [(2, false), (1, true), (0, true)] {
        times.push(send(world, &ticket, Group { following, continues }).await);
    }
    times
}

#[test]
fn a_group_waits_until_there_is_room_for_all_of_it_and_then_nobody_comes_between() {
    let world = World::new(Some(60), None);
    world.run(57);
    let others = join_all((0..20).map(|_| async { world.send(1).await[0] }));
    let (group, others) = world.clock.run(join(send_group(&world), others)).unwrap();
    assert!(group[0] >= Duration::from_secs(60), "one slot was left at once: {group:?}");
    assert!(group[2] < group[0] + Duration::from_millis(300), "{group:?}");
    let between = others.iter().filter(|time| group[0] < **time && **time < group[2]);
    assert_eq!(between.count(), 0, "{group:?} {others:?}");
}

#[test]
fn a_group_that_the_assumed_limit_has_no_room_for_asks_for_the_limit_while_one_slot_is_left() {
    for sent in [54, 55, 56, 57] {
        let world = World::at(&FakeClock::new(), None, None, Ok(1000));
        world.run(sent);
        let group = world.clock.run(send_group(&world)).unwrap();
        assert_eq!(*world.desk.asked.lock().unwrap(), u32::from(sent > 54), "{sent} before");
        assert!(group[2] < Duration::from_secs(1), "{sent} before: {group:?}");
    }
}

#[test]
fn a_group_goes_without_gaps_after_a_429_and_whoever_comes_next_waits_for_them() {
    let world = World::new(Some(60), None);
    let refused = async { world.turn().await.limited(Duration::from_secs(5)) };
    world.clock.run(refused).unwrap();
    let times = world.clock.run(send_group(&world)).unwrap();
    assert!(times[2] < times[0] + Duration::from_millis(300), "{times:?}");
    // 40 slots a minute are 1.5 s each.
    let next = world.run(1)[0];
    assert_eq!(next, times[0] + Duration::from_millis(4_500), "{times:?} {next:?}");
}

#[test]
fn a_limit_that_is_smaller_than_a_group_still_sends_it() {
    let world = World::new(Some(3), None);
    assert_eq!(seconds(&world.clock.run(send_group(&world)).unwrap()), [0, 60, 120]);
}

#[test]
fn a_group_that_ends_early_gives_its_room_back() {
    let world = World::new(Some(60), None);
    let ticket = world.pacer.join(Some(ORGANIZATION));
    world.clock.run(send(&world, &ticket, Group { following: 2, continues: false })).unwrap();
    drop(ticket);
    assert_eq!(seconds(&world.run(57)), [0; 57]);
}
