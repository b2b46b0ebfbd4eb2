//! Simulation of creations under faults, full disks and deaths drawn from a seed, sixteen at a time.
//!
//! `cargo test` runs a short form, `cargo xtask soak create` the full one.

mod generated_retry;
mod process;
mod report;
mod verdict;
mod world;

use crate::env::random::seeds::{for_each, seeds};
use report::Report;
use world::{AT_ONCE, World};

/// The worlds of both forms, with sixteen schedules each: 960 and 100,000.
const SHORT: u64 = 60;
const FULL: u64 = 6_250;

#[test]
fn no_schedule_of_faults_and_deaths_makes_a_duplicate_and_every_report_is_right() {
    let mut report = Report::default();
    for_each(seeds(SHORT, FULL), |seed| {
        let world = World::new(seed);
        world.live_on();
        report.add(&world.judged());
    });
    println!("{report:?}");
    assert_eq!(report.duplicates, 0);
    let Report { created, existed, adopted, ambiguous, unproven, contradictions, .. } = report;
    assert_eq!(created + existed + adopted + ambiguous + unproven + contradictions, report.schedules);
    for (end, number) in [
        ("created", created),
        ("existed", existed),
        ("adopted", adopted),
        ("ambiguous", ambiguous),
        ("unproven", unproven),
        ("contradictions", contradictions),
        ("deaths", report.deaths),
        ("full disks", report.full_disks),
        ("dropped", report.dropped),
    ] {
        assert!(number > 0, "never seen: {end}");
    }
}

#[test]
fn the_retry_rule_of_the_generated_client_makes_duplicates_on_the_same_schedules() {
    let (mut duplicates, mut schedules) = (0, 0);
    for_each(seeds(SHORT, FULL), |seed| {
        let world = World::new(seed);
        world.live_by_the_generated_rule();
        duplicates += world.duplicates();
        schedules += AT_ONCE;
    });
    println!("{duplicates} names with duplicates of {schedules}");
    assert!(duplicates > 0);
}
