//! Speed of an apply under a limit per minute, in virtual time.

use mms_client::{Clock, Counting, SimulatedDistributor};

use crate::world::{World, allocate};

const WAYS: [Counting; 4] = [Counting::FixedWindow, Counting::SlidingLog, Counting::SlidingCounter, Counting::Bucket];

/// The least time, in seconds, in which a client that does not know how a server counts can send so many requests.
fn bound(requests: usize, limit: u32) -> f64 {
    let requests = u32::try_from(requests).unwrap();
    if requests <= limit { 0.0 } else { f64::from(requests - 1) * 60.0 / f64::from(limit) }
}

/// Applies so many steps, and returns what part of the bound it reached, by its requests.
fn reached(steps: usize, limit: u32, counting: Counting) -> f64 {
    let distributor = SimulatedDistributor::new(1_000_000_000, 1).with_limit(limit, counting);
    let children: Vec<_> = (0..steps).map(|index| distributor.add(&format!("Child {index}"), 10_000)).collect();
    let world = World::new(distributor);
    let steps: Vec<_> = children.iter().map(|child| allocate(*child, 10_000, 20_000)).collect();
    assert!(world.run(&steps).unwrap().is_done());

    let (distributor, requests) = (&world.distributor, world.distributor.requests());
    assert_eq!(distributor.limited(), 0, "{counting:?}");
    let seconds = distributor.fake_clock().now().as_secs_f64();
    println!(
        "{} steps at {limit} a minute, {counting:?}: {requests} requests in {seconds:.1} s, B = {:.1} s, of the steps alone {:.1} s",
        steps.len(),
        bound(requests, limit),
        bound(steps.len(), limit)
    );
    bound(requests, limit) / seconds
}

#[test]
fn three_hundred_steps_at_sixty_a_minute_take_what_the_limit_takes_under_every_way_of_counting() {
    for counting in WAYS {
        let reached = reached(300, 60, counting);
        assert!(reached >= 0.95, "{counting:?}: {reached:.3}");
    }
}

#[test]
fn three_thousand_steps_at_a_thousand_a_minute_take_what_the_limit_takes_under_every_way_of_counting() {
    for counting in WAYS {
        let reached = reached(3_000, 1_000, counting);
        assert!(reached >= 0.95, "{counting:?}: {reached:.3}");
    }
}
