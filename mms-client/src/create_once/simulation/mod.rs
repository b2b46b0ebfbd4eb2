//! Thousands of bad days: creates under faults and deaths drawn from a seed, sixteen at a time.
//!
//! `MMS_SCHEDULES` says how many creates; 480 without it. A failure names the seed of its world.

mod process;
mod world;

use world::{AT_ONCE, Report, World};

/// Returns the seeds of so many worlds as the schedules need.
fn seeds() -> std::ops::Range<u64> {
    let schedules = std::env::var("MMS_SCHEDULES").map_or(480, |number| number.parse().unwrap());
    0..u64::div_ceil(schedules, AT_ONCE)
}

#[test]
fn no_schedule_of_faults_and_deaths_makes_a_duplicate_and_every_report_is_right() {
    let mut report = Report::default();
    for seed in seeds() {
        let mut world = World::new(seed);
        world.live_on();
        report.add(&world.judged());
    }
    println!("{report:?}");
    assert_eq!(report.duplicates, 0);
    let ends = [report.created, report.existed, report.adopted, report.unproven, report.deaths];
    assert!(ends.iter().all(|end| *end > 0), "something never happened: {report:?}");
    if report.schedules >= 5_000 {
        assert!(report.ambiguous > 0, "{report:?}");
    }
}

#[test]
fn the_rule_to_retry_on_any_error_makes_duplicates_on_the_same_schedules() {
    let (mut duplicates, mut schedules) = (0, 0);
    for seed in seeds() {
        let mut world = World::new(seed);
        world.live_on_by_retrying();
        duplicates += world.duplicates();
        schedules += AT_ONCE;
    }
    println!("{duplicates} names with duplicates of {schedules}");
    assert!(duplicates > 0);
}
