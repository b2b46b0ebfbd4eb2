//! What a plan of 5,000 children costs, in CPU time and memory beyond what it is made by; run by `bench/fleet.sh`.
#![expect(clippy::print_stdout, reason = "it shows what it measured")]

use std::collections::BTreeSet;
use std::error::Error;
use std::time::Duration;

use allocation_counter::measure;
use mms_fleet::{
    Catalogue, Child, CreateWhen, EnumRef, Fleet, Guards, Observed, ObservedChild, Origin, Owner, Plan, PlanOptions,
    SavedPlan, Target,
};
use mms_types::{Centicredits, Country, CountryId, Operations, OrganizationId, Region, RegionId};
use rustix::time::{ClockId, clock_gettime};

type Fault = Box<dyn Error>;

const CHILDREN: u64 = 5_000;

/// How often each plan is made; the median counts.
const ROUNDS: usize = 31;

/// How a fleet and a distributor differ.
#[derive(Clone, Copy)]
struct Case {
    what: &'static str,
    /// Whether entries have ids.
    ids: bool,
    /// What the children have beside the 20,000 that is asked for, in turn.
    credits: [i64; 2],
    /// How many children of the fleet the distributor lacks.
    missing: u64,
    /// How many it has that the fleet does not name.
    unmanaged: u64,
    create: CreateWhen,
    suffix: &'static str,
}

const NOTHING: Case = Case {
    what: "nothing to do, by id",
    ids: true,
    credits: [20_000, 20_000],
    missing: 0,
    unmanaged: 0,
    create: CreateWhen::NotRenamed,
    suffix: "Ltd",
};

const CASES: [Case; 6] = [
    NOTHING,
    Case { what: "5,000 changes, by name", ids: false, credits: [10_000, 30_000], ..NOTHING },
    Case { what: "5,000 creates, `id: new`", ids: false, missing: CHILDREN, create: CreateWhen::Always, ..NOTHING },
    Case {
        what: "2,500 creates beside 2,500 changes",
        ids: false,
        credits: [10_000; 2],
        missing: CHILDREN / 2,
        ..NOTHING
    },
    Case {
        what: "5,000 unknown names beside 5,000 children",
        ids: false,
        missing: CHILDREN,
        unmanaged: CHILDREN,
        ..NOTHING
    },
    Case {
        what: "the same, with names beyond ASCII",
        ids: false,
        missing: CHILDREN,
        unmanaged: CHILDREN,
        suffix: "Bäckerei",
        ..NOTHING
    },
];

fn main() -> Result<(), Fault> {
    println!("{:<44} {:>8} {:>8} {:>9} {:>11}", "plan of 5,000 children", "steps", "stops", "CPU ms", "memory MiB");
    for case in CASES {
        let (fleet, observed) = (fleet(case)?, observed(case));
        let options = PlanOptions::default();
        let mut plan = None;
        let memory = measure(|| plan = Some(Plan::new(&fleet, &observed, &options)));
        let plan = plan.ok_or("no plan was made")?;
        let figures = [plan.steps.len(), plan.stops.len()];
        row(case.what, figures, cpu(|| drop(Plan::new(&fleet, &observed, &options))), memory.bytes_max);
        if plan.stops.is_empty() && !plan.is_empty() {
            let saved = SavedPlan::new(plan, origin()?, Some(&fleet), &observed)?;
            let text = saved.to_json()?;
            let read = || SavedPlan::read(&text).is_ok();
            let memory = measure(|| assert!(read()));
            row("  its document is read", figures, cpu(|| assert!(read())), memory.bytes_max);
        }
    }
    Ok(())
}

#[expect(clippy::cast_precision_loss, reason = "megabytes need few digits")]
fn row(what: &str, [steps, stopped]: [usize; 2], cpu: Duration, bytes: u64) {
    let (cpu, memory) = (cpu.as_secs_f64() * 1_000.0, bytes as f64 / f64::from(1 << 20));
    println!("{what:<44} {steps:>8} {stopped:>8} {cpu:>9.1} {memory:>11.1}");
}

/// Returns the median of the CPU time of a call.
fn cpu(mut call: impl FnMut()) -> Duration {
    let mut times: Vec<_> = (0..ROUNDS)
        .map(|_| {
            let start = spent();
            call();
            spent().saturating_sub(start)
        })
        .collect();
    times.sort_unstable();
    times[ROUNDS / 2]
}

fn spent() -> Duration {
    Duration::try_from(clock_gettime(ClockId::ProcessCPUTime)).unwrap_or_default()
}

fn name(index: u64, suffix: &str) -> String {
    const WORDS: [&str; 7] = ["Sol", "Luna", "Mars", "Venus", "Ceres", "Pluto", "Vesta"];
    format!("{} {suffix} {index}", WORDS[usize::try_from(index).unwrap_or(0) % WORDS.len()])
}

fn fleet(case: Case) -> Result<Fleet, Fault> {
    let named = |text: &str| Some(EnumRef { text: text.to_owned(), place: None });
    let child = |index: u64| -> Result<Child, Fault> {
        Ok(Child {
            name: name(index, case.suffix).parse()?,
            id: case.ids.then(|| OrganizationId::new(100 + index)),
            create: case.create,
            external_id: None,
            owner: Some(Owner { email: "ada@agency.example".parse()?, name: "Ada".parse()? }),
            region: named("EU"),
            country: named("Country 7"),
            credits: Some(Operations::new(20_000)?),
            until: None,
            minimum: None,
            maximum: None,
            labels: BTreeSet::new(),
            hold: false,
            priority: 0,
            allow_pause: false,
            retired: false,
            place: None,
        })
    };
    let children = (0..CHILDREN).map(child).collect::<Result<_, _>>()?;
    let target = Target { zone: None, organization: OrganizationId::new(11) };
    Ok(Fleet { target, guards: Guards::default(), children })
}

fn observed(case: Case) -> Observed {
    let child = |index: u64| ObservedChild {
        id: OrganizationId::new(100 + index),
        name: Some(name(index, case.suffix)),
        credits: Some(case.credits[usize::from(index.is_multiple_of(2))]),
        country: Some(CountryId::new(7)),
    };
    let managed = case.missing..CHILDREN;
    let children: Vec<_> = managed.chain(CHILDREN..CHILDREN + case.unmanaged).map(child).collect();
    let consumption = children.iter().map(|child| (child.id, Centicredits::new(0))).collect();
    let country = |id: u64| Country {
        id: CountryId::new(id),
        name: format!("Country {id}"),
        code: Some(format!("C{id}")),
        code2: Some(format!("c{id}")),
    };
    let regions = vec![Region { id: RegionId::new(1), name: "EU".to_owned() }];
    Observed {
        children,
        is_complete: true,
        pool: Some(i64::MAX),
        requests_per_minute: None,
        consumption: Some(consumption),
        catalogue: Some(Catalogue { regions, countries: (1..=250).map(country).collect() }),
        known: Vec::new(),
    }
}

fn origin() -> Result<Origin, Fault> {
    Ok(Origin {
        id: "7f3a".to_owned(),
        created_at: "2026-11-28T10:00:00Z".parse()?,
        expires_at: "2026-11-29T10:00:00Z".parse()?,
        place: "https://eu1.make.com/api/v2".to_owned(),
        organization_id: OrganizationId::new(11),
        files: Vec::new(),
    })
}
