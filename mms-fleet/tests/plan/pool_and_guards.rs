//! The order of steps, the pool, the guards, and what an apply costs.

use std::collections::HashMap;

use mms_fleet::{Child, Estimate, Fleet, GuardOverrides, Guards, Limit, Observed, Plan, PlanOptions, StopKind};

use crate::sample::{asking, fleet, kinds, observed, options, plan, row, steps};

fn first(priority: i32, child: Child) -> Child {
    Child { priority, ..child }
}

fn guarded(guards: Guards, children: Vec<Child>) -> Fleet {
    Fleet { guards, ..fleet(children) }
}

fn with_pool(pool: i64, observed: Observed) -> Observed {
    Observed { pool: Some(pool), ..observed }
}

#[test]
fn decreases_go_first_and_then_what_takes_by_priority() {
    let children = vec![
        asking("Take much", 50_000),
        first(5, asking("Take first", 40_000)),
        asking("Take little", 10_000),
        asking("Free little", 20_000),
        asking("Free much", 10_000),
        first(5, asking("Free last", 0)),
        first(-1, asking("New last", 10_000)),
    ];
    let children: Vec<_> = children.into_iter().map(|child| Child { allow_pause: true, ..child }).collect();
    let rows = ["Take much", "Take first", "Take little", "Free little", "Free much", "Free last"];
    let credits = [0, 0, 0, 30_000, 40_000, 50_000];
    let rows = rows.iter().zip(credits).zip(101..).map(|((name, credits), id)| row(id, name, credits)).collect();
    let expected = [
        ("Free much", -30_000),
        ("Free little", -10_000),
        ("Free last", -50_000),
        ("Take first", 40_000),
        ("Take little", 10_000),
        ("Take much", 50_000),
        ("New last", 10_000),
    ];
    assert_eq!(steps(&plan(children, &observed(rows))), expected);
}

#[test]
fn a_pool_that_decreases_fill_suffices_for_what_takes() {
    let children = vec![asking("Sol", 10_000), asking("Luna", 30_000)];
    let seen = with_pool(0, observed(vec![row(101, "Sol", 40_000), row(102, "Luna", 0)]));
    let swap = plan(children, &seen);
    assert!(swap.stops.is_empty());
    let pool = swap.pool.unwrap();
    assert_eq!((pool.before, pool.lowest, pool.after), (0, 0, 0));
}

#[test]
fn a_pool_that_does_not_suffice_says_by_how_much_and_who_goes_short() {
    let children = vec![
        first(1, asking("Sol", 30_000)),
        asking("Luna", 10_000),
        asking("Mars", 20_000),
        first(2, asking("Io", 0)),
    ];
    let rows = vec![row(101, "Sol", 0), row(102, "Luna", 0), row(103, "Mars", 0), row(104, "Io", 0)];
    let seen = with_pool(40_000, observed(rows));
    let short = plan(children.clone(), &seen);
    assert_eq!(kinds(&short), [&StopKind::PoolTooSmall { credits: 20_000, reserve: 0 }]);
    let shortage = short.shortage.as_ref().unwrap();
    assert_eq!((shortage.credits, shortage.children.as_slice()), (20_000, &["Mars".to_owned()][..]));
    assert_eq!(short.steps.len(), 3, "what is short is shown");

    let partial = Plan::new(&fleet(children), &seen, &PlanOptions { partial: true, ..options() });
    assert!(partial.stops.is_empty());
    assert_eq!(steps(&partial), [("Sol", 30_000), ("Luna", 10_000)]);
    assert_eq!(partial.left_out[0].name, "Mars");
    assert_eq!(partial.pool.unwrap().after, 0);
}

#[test]
fn no_child_is_served_before_one_of_a_higher_priority_that_goes_short() {
    let children = vec![first(1, asking("Sol", 50_000)), asking("Luna", 10_000)];
    let seen = with_pool(40_000, observed(vec![row(101, "Sol", 0), row(102, "Luna", 0)]));
    let partial = Plan::new(&fleet(children), &seen, &PlanOptions { partial: true, ..options() });
    assert!(partial.is_empty());
    assert_eq!(partial.shortage.unwrap().children, ["Sol", "Luna"]);
}

#[test]
fn the_reserve_stays_in_the_pool_unless_it_is_lifted() {
    let reserve = Guards { pool_reserve: 30_000, ..Guards::default() };
    let fleet = guarded(reserve, vec![asking("Sol", 20_000)]);
    let seen = with_pool(40_000, observed(vec![row(101, "Sol", 0)]));
    let kept = Plan::new(&fleet, &seen, &options());
    assert_eq!(kinds(&kept), [&StopKind::PoolTooSmall { credits: 10_000, reserve: 30_000 }]);
    assert!(kept.stops[0].to_string().contains("--pool-reserve 20000"), "{}", kept.stops[0]);
    let guards = GuardOverrides { pool_reserve: Some(20_000), ..GuardOverrides::default() };
    assert!(Plan::new(&fleet, &seen, &PlanOptions { guards, ..options() }).stops.is_empty());
}

#[test]
fn a_pool_below_its_reserve_stops_nothing_that_only_fills_it() {
    let reserve = Guards { pool_reserve: 90_000, ..Guards::default() };
    let seen = with_pool(40_000, observed(vec![row(101, "Sol", 20_000)]));
    let plan = Plan::new(&guarded(reserve, vec![asking("Sol", 10_000)]), &seen, &options());
    assert!(plan.stops.is_empty());
    assert_eq!(plan.pool.unwrap().lowest, 40_000);
}

#[test]
fn more_creates_than_the_guard_allows_stop_and_one_flag_lifts_it() {
    let guards = Guards { max_creates: Some(Limit::Count(1)), ..Guards::default() };
    let fleet = guarded(guards, vec![asking("Sol", 10_000), asking("Luna", 10_000)]);
    let refused = Plan::new(&fleet, &observed(vec![]), &options());
    assert_eq!(kinds(&refused), [&StopKind::TooManyCreates { creates: 2, allowed: 1 }]);
    assert_eq!(
        refused.stops[0].to_string(),
        "2 children would be created and max_creates allows 1: --max-creates 2 allows it once"
    );
    for (lift, stops) in [
        (GuardOverrides { max_creates: Some(Limit::Count(2)), ..GuardOverrides::default() }, 0),
        (GuardOverrides { max_change: Some(Limit::Count(9)), ..GuardOverrides::default() }, 1),
    ] {
        let lifted = Plan::new(&fleet, &observed(vec![]), &PlanOptions { guards: lift, ..options() });
        assert_eq!(lifted.stops.len(), stops, "{lift:?}");
    }
}

#[test]
fn a_share_counts_from_ten_children_on() {
    let guards = Guards { max_change: Some(Limit::Percent(20)), ..Guards::default() };
    for (children, changes, allowed) in
        [(9, 9, None), (10, 2, Some(2)), (10, 3, Some(2)), (14, 3, Some(2)), (15, 3, Some(3))]
    {
        let rows = (0..children).map(|index| row(101 + index, &format!("Child {index}"), 0)).collect();
        let asked = (0..changes).map(|index| asking(&format!("Child {index}"), 10_000)).collect();
        let plan = Plan::new(&guarded(guards, asked), &observed(rows), &options());
        assert_eq!(plan.allowance.changes, allowed);
        let is_exceeded = allowed.is_some_and(|allowed| changes > allowed);
        assert_eq!(!plan.stops.is_empty(), is_exceeded, "{changes} of {children}");
    }
}

#[test]
fn a_plan_of_nothing_costs_nothing_to_apply_and_others_their_looks_and_writes() {
    assert_eq!(plan(vec![], &observed(vec![])).estimate(60, 2), Estimate::default());
    let writes = |count: u64| {
        let rows = (0..count).map(|index| row(101 + index, &format!("Child {index}"), 0)).collect();
        let asked = (0..count).map(|index| asking(&format!("Child {index}"), 10_000)).collect();
        plan(asked, &Observed { pool: Some(i64::MAX), ..observed(rows) })
    };
    // One look, the writes, and a look at the end fit into the first burst.
    assert_eq!(writes(50).estimate(60, 2), Estimate { requests: 54, seconds: 0 });
    // 58 requests in any minute, of which a look takes 2.
    let estimate = writes(300).estimate(60, 2);
    assert_eq!(estimate, Estimate { requests: 314, seconds: 324 });
    assert_eq!(estimate.minutes(), 6);
    // Decreases read the consumption again each minute but the first.
    let rows = (0..300).map(|index| row(101 + index, &format!("Child {index}"), 20_000)).collect();
    let lowered = (0..300).map(|index| asking(&format!("Child {index}"), 10_000)).collect();
    let lowered = plan(lowered, &Observed { consumption: Some(HashMap::new()), ..observed(rows) });
    assert_eq!(lowered.estimate(60, 2).requests, 314 + 5);
    // Where a look takes more than a minute's requests, each write has its own.
    assert_eq!(writes(10).estimate(10, 20).requests, 10 + 11 * 20);
    assert_eq!(writes(50).estimate_after(12, 1_000, 2).requests, 12 + 50 + 2, "all that is read before counts");
    assert_eq!(writes(50).estimate_after(12, 60, 2).seconds, writes(60).estimate(60, 2).seconds);
    assert_eq!(writes(0).estimate_after(12, 60, 2), Estimate::default());
}
