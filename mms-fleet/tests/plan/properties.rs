//! Promises of every plan, held against random fleets.
//!
//! `cargo test` runs a short form, `cargo xtask soak plan` the full one.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use mms_fleet::{Action, Appearance, Child, CreateWhen, Plan, PlanOptions, SavedPlan, Stale, Step, StopKind};
use mms_types::{NameKey, OrganizationId};

use crate::draw::{Draw, Drawn};
use crate::imported::an_import_lifts_no_doubt;
use crate::sample::TODAY;
use crate::saved::{origin, time};
use crate::world;

const SHORT: u64 = 20_000;
const FULL: u64 = 1_000_000;

/// Of so many plans one is written and read again, and imported, in the short form.
const SAVED: u64 = 25;

fn is_soak() -> bool {
    std::env::var_os("MMS_SOAK").is_some()
}

fn seeds() -> Range<u64> {
    let first: u64 = std::env::var("MMS_SOAK_SEED").map_or(0, |seed| seed.parse().unwrap());
    first..first.saturating_add(if is_soak() { FULL } else { SHORT })
}

/// Names the seed that does it again, if a case panics.
struct Culprit(u64);

impl Drop for Culprit {
    fn drop(&mut self) {
        if std::thread::panicking() {
            println!("MMS_SOAK_SEED={} begins with what failed", self.0);
        }
    }
}

/// What the cases were, so that a generator that draws only plans of nothing is seen.
#[derive(Debug, Default)]
struct Tally {
    applied: u64,
    steps: u64,
    stopped: HashMap<String, u64>,
    partial: u64,
    saved: u64,
}

#[test]
fn no_plan_of_a_random_fleet_breaks_a_promise() {
    let mut tally = Tally::default();
    for seed in seeds() {
        let _culprit = Culprit(seed);
        let mut draw = Draw::new(seed);
        let drawn = Drawn::new(&mut draw);
        let plan = Plan::new(&drawn.fleet, &drawn.observed, &drawn.options);
        the_order_of_the_input_does_not_matter(&drawn, &plan, &mut draw);
        only_what_was_asked_for_is_written(&drawn, &plan);
        a_plan_is_the_same_until_credits_end(&drawn, &plan);
        nothing_is_created_that_reads_like_another(&drawn, &plan);
        nothing_is_created_or_gone_that_may_be_a_child_of_another_name(&drawn, &plan);
        nobody_goes_below_consumption_unasked(&drawn, &plan);
        the_pool_serves_by_priority(&plan);
        if plan.stops.is_empty() {
            the_pool_is_never_short(&plan, &mut draw);
            the_plan_of_an_applied_plan_is_empty(&drawn, &plan);
            tally.applied += u64::from(!plan.is_empty());
            tally.steps += plan.steps.len() as u64;
            tally.partial += u64::from(!plan.left_out.is_empty());
        }
        for stop in &plan.stops {
            let kind = format!("{:?}", stop.kind);
            *tally.stopped.entry(kind.split([' ', '{']).next().unwrap().to_owned()).or_default() += 1;
        }
        if is_soak() || seed % SAVED == 0 {
            a_saved_plan_is_exact_and_sees_what_moved(&drawn, plan, &mut draw);
            an_import_lifts_no_doubt(&drawn);
            tally.saved += 1;
        }
    }
    println!("{} plans: {tally:?}", seeds().end - seeds().start);
    assert!(tally.applied > SHORT / 10 && tally.partial > SHORT / 100, "{tally:?}");
    assert!(tally.stopped.len() >= 14, "{tally:?}");
}

fn the_order_of_the_input_does_not_matter(drawn: &Drawn, plan: &Plan, draw: &mut Draw) {
    let other = drawn.shuffled(draw);
    assert_eq!(&Plan::new(&other.fleet, &other.observed, &other.options), plan);
}

/// Returns the entry of each step.
fn entry<'a>(drawn: &'a Drawn, step: &Step) -> &'a Child {
    drawn.fleet.children.iter().find(|child| child.name.as_str() == step.name).unwrap()
}

fn only_what_was_asked_for_is_written(drawn: &Drawn, plan: &Plan) {
    let untouched: HashSet<_> = plan
        .unmanaged
        .iter()
        .map(|child| child.organization_id)
        .chain(plan.held.iter().filter_map(|child| child.organization_id))
        .collect();
    let mut changed = HashSet::new();
    for step in plan.steps.iter().chain(&plan.left_out) {
        let child = entry(drawn, step);
        assert!(!child.hold, "{step:?}");
        match &step.action {
            Action::Create { request } => {
                assert!(!child.retired && child.id.is_none(), "{step:?}");
                assert_eq!(Some(request.operations), child.credits_on(drawn.options.today));
            }
            Action::Allocate { organization_id, before, after, .. } => {
                let row = drawn.observed.children.iter().find(|row| row.id == *organization_id).unwrap();
                assert_eq!(row.credits, Some(*before));
                assert_eq!(Some(*after), child.credits_on(drawn.options.today));
                assert!(child.id.is_none_or(|id| id == *organization_id));
                assert!(child.id.is_some() || row.name.as_deref() == Some(child.name.as_str()));
                assert!(!untouched.contains(organization_id) && changed.insert(*organization_id), "{step:?}");
            }
        }
    }
    let all: HashSet<OrganizationId> = drawn.fleet.children.iter().filter_map(|child| child.id).collect();
    assert!(plan.unmanaged.iter().all(|child| !all.contains(&child.organization_id)));
}

fn appearance(name: &str) -> Option<Appearance> {
    Appearance::of(&NameKey::new(name))
}

fn nothing_is_created_that_reads_like_another(drawn: &Drawn, plan: &Plan) {
    let names = drawn.observed.children.iter().filter_map(|child| child.name.as_deref());
    let mut keys: HashSet<_> = names.map(NameKey::new).collect();
    if plan.unmanaged.iter().any(|child| child.name.is_none()) {
        assert_eq!(plan.creates(), 0);
    }
    let looks = drawn.observed.children.iter().filter_map(|child| appearance(child.name.as_deref()?));
    let looks: HashSet<_> = looks.collect();
    for step in plan.steps.iter().chain(&plan.left_out).filter(|step| step.is_create()) {
        let is_meant = entry(drawn, step).create == CreateWhen::Always;
        assert!(is_meant || appearance(&step.name).is_none_or(|look| !looks.contains(&look)), "{step:?}");
        assert!(keys.insert(NameKey::new(&step.name)), "{step:?}");
        assert!(drawn.observed.is_complete || !plan.stops.is_empty() || plan.left_out.contains(step));
    }
}

/// Holds that a second child is made of none that was renamed in Make, and that none keeps its credits that is called gone: by what
/// the journal knows, whatever the entry says, and by owner and region alone unless the entry says that it is new.
fn nothing_is_created_or_gone_that_may_be_a_child_of_another_name(drawn: &Drawn, plan: &Plan) {
    let (children, known) = (&drawn.observed.children, &drawn.observed.known);
    let is_listed = |id: OrganizationId| children.iter().any(|child| child.id == id);
    let is_contradicted = |child: &Child, id: OrganizationId| {
        let name = children.iter().find(|row| row.id == id).and_then(|row| row.name.as_deref());
        let region = child.region.as_ref().map(|_| 1);
        known.iter().filter(|known| known.id == id).any(|known| {
            name == Some(known.name.as_str())
                || known
                    .owner
                    .as_ref()
                    .zip(child.owner.as_ref())
                    .is_some_and(|(one, other)| *one != other.email.as_str())
                || known.region.zip(region).is_some_and(|(one, other)| one.get() != other)
        })
    };
    let new = plan.steps.iter().chain(&plan.left_out).filter(|step| step.is_create()).map(|step| step.name.as_str());
    for name in new.chain(plan.gone.iter().map(String::as_str)) {
        let child = drawn.fleet.children.iter().find(|child| child.name.as_str() == name).unwrap();
        let made: Vec<_> = known.iter().filter(|known| NameKey::new(&known.name) == NameKey::new(name)).collect();
        if child.id.is_some() {
            continue;
        }
        assert!(!made.iter().any(|known| is_listed(known.id)), "{child:?}");
        if child.retired && !made.is_empty() || !child.retired && child.create == CreateWhen::Always {
            continue;
        }
        let mut free = plan.unmanaged.iter().map(|row| row.organization_id);
        assert!(free.all(|id| is_contradicted(child, id)), "{child:?}");
    }
}

fn nobody_goes_below_consumption_unasked(drawn: &Drawn, plan: &Plan) {
    for step in &plan.steps {
        let Action::Allocate { organization_id, before, after, .. } = step.action else { continue };
        let child = entry(drawn, step);
        if child.allow_pause || child.retired || i128::from(after.get()) >= i128::from(before) {
            continue;
        }
        let consumed = drawn.observed.consumption.as_ref().and_then(|all| all.get(&organization_id));
        let is_above = consumed.is_some_and(|consumed| after.get() * 100 > consumed.get());
        let is_stopped = plan.stops.iter().any(|stop| {
            let is_reason = matches!(stop.kind, StopKind::Pauses { .. } | StopKind::ConsumptionUnknown { .. });
            is_reason && stop.name.as_deref() == Some(step.name.as_str())
        });
        assert_ne!(is_above, is_stopped, "{step:?}");
    }
}

fn the_pool_serves_by_priority(plan: &Plan) {
    let is_ordered = |pair: &[Step]| match (pair[0].is_decrease(), pair[1].is_decrease()) {
        (true, true) => pair[0].priority <= pair[1].priority,
        (false, false) => pair[0].priority >= pair[1].priority,
        (is_first_decrease, _) => is_first_decrease,
    };
    assert!(plan.steps.windows(2).all(is_ordered), "{:?}", plan.steps);
    for left_out in &plan.left_out {
        let is_before = |step: &Step| {
            step.is_decrease() || (-step.priority, step.taken()) <= (-left_out.priority, left_out.taken())
        };
        assert!(plan.steps.iter().all(is_before) && !left_out.is_decrease());
    }
}

fn the_pool_is_never_short(plan: &Plan, draw: &mut Draw) {
    if let Some(course) = plan.pool {
        for _ in 0..2 {
            assert_eq!(world::apply(plan, draw), i128::from(course.after));
        }
    } else {
        assert!(plan.steps.iter().all(Step::is_decrease));
    }
}

fn the_plan_of_an_applied_plan_is_empty(drawn: &Drawn, plan: &Plan) {
    let observed = world::after(&drawn.observed, plan);
    let again = Plan::new(&drawn.fleet, &observed, &drawn.options);
    assert!(again.is_empty(), "{plan:?}\n{again:?}");
    assert_eq!(again.left_out, plan.left_out);
    assert_eq!(again.unmanaged, plan.unmanaged);
    assert_eq!(again.unchanged, plan.unchanged + plan.steps.len() as u64);
    assert!(again.stops.is_empty(), "{:?}", again.stops);
}

/// A saved plan is good as long as this holds.
fn a_plan_is_the_same_until_credits_end(drawn: &Drawn, plan: &Plan) {
    let on = |today| Plan::new(&drawn.fleet, &drawn.observed, &PlanOptions { today, ..drawn.options.clone() });
    let Some(last) = drawn.fleet.asks_the_same_until(TODAY) else {
        assert_eq!(on(TODAY.saturating_add(jiff::Span::new().years(100))), *plan);
        return;
    };
    assert_eq!(on(last), *plan);
    let asked = |day| drawn.fleet.children.iter().map(|child| child.credits_on(day)).collect::<Vec<_>>();
    assert_ne!(asked(last.tomorrow().unwrap()), asked(last));
}

fn a_saved_plan_is_exact_and_sees_what_moved(drawn: &Drawn, plan: Plan, draw: &mut Draw) {
    let origin = origin();
    let saved = SavedPlan::new(plan, origin.clone(), Some(&drawn.fleet), &drawn.observed).unwrap();
    let read = SavedPlan::read(&saved.to_json().unwrap()).unwrap();
    assert_eq!(read, saved);
    let check = |observed| read.check(time("2026-11-28T12:00:00Z"), &origin.place, origin.organization_id, observed);
    let stale = check(&drawn.observed);
    assert_eq!(stale.is_empty(), saved.plan.stops.is_empty(), "{stale:?}\n{:?}", saved.plan.stops);
    if drawn.observed.children.is_empty() || !stale.is_empty() {
        return;
    }
    let mut moved = drawn.observed.clone();
    let row = draw.index(moved.children.len());
    let id = moved.children[row].id;
    moved.children[row].credits = moved.children[row].credits.map(|credits| credits + 10_000);
    let is_touched = saved.plan.steps.iter().any(|step| step.organization_id() == Some(id));
    let is_named = |stale: &Stale| matches!(stale, Stale::Moved { id: named, .. } if *named == id);
    let stale = check(&moved);
    assert_eq!(stale.len(), usize::from(is_touched), "{stale:?}");
    assert!(stale.iter().all(is_named), "{stale:?}");
}
