//! Random fleets and the distributors that they are for: small, and full of what makes a planner err.

use std::collections::HashSet;

use jiff::civil::date;
use mms_fleet::{
    Child, CreateWhen, EnumRef, Fleet, GuardOverrides, Guards, KnownChild, Limit, Observed, ObservedChild, PlanOptions,
    Until,
};
use mms_types::{Centicredits, CountryId, NameKey, RegionId};

use crate::sample::{TODAY, catalogue, entry, fleet, id, operations};

/// Names of children; some read the same, and some look alike.
const NAMES: [&str; 15] = [
    "Sol",
    "SOL",
    "Sol Berlin",
    "Luna",
    "luna",
    "Luna Bread",
    "Mars",
    "Mars Group",
    "Io",
    "Acme Bakery",
    "ACME  Bakery",
    "Acme-Bakery",
    "Venus",
    "Ceres",
    "Pluto",
];

const OWNERS: [&str; 2] = ["ada@agency.example", "bob@agency.example"];

/// Most children and most entries.
const MOST: u64 = 8;

/// Draws by a seed (`SplitMix64`).
pub(crate) struct Draw(u64);

impl Draw {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    pub(crate) fn below(&mut self, end: u64) -> u64 {
        self.next() % end
    }

    pub(crate) fn index(&mut self, length: usize) -> usize {
        usize::try_from(self.below(length as u64)).unwrap()
    }

    /// Is true in so many of a hundred draws.
    pub(crate) fn percent(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }

    fn one<T: Copy>(&mut self, all: &[T]) -> T {
        all[self.index(all.len())]
    }

    pub(crate) fn shuffle<T>(&mut self, all: &mut [T]) {
        for last in (1..all.len()).rev() {
            let other = self.index(last + 1);
            all.swap(last, other);
        }
    }

    fn credits(&mut self) -> u64 {
        self.below(6) * 10_000
    }
}

/// What a plan is made by.
#[derive(Debug, Clone)]
pub(crate) struct Drawn {
    pub(crate) fleet: Fleet,
    pub(crate) observed: Observed,
    pub(crate) options: PlanOptions,
}

impl Drawn {
    pub(crate) fn new(draw: &mut Draw) -> Self {
        // Half of them are without the doubtful things that stop a plan, so that much is applied, too.
        let is_clean = draw.percent(50);
        let observed = observed(draw, is_clean);
        let children = entries(draw, &observed, is_clean);
        let guards = if is_clean && draw.percent(70) { Guards::default() } else { guards(draw) };
        let overridden = draw.percent(10);
        let options = PlanOptions {
            today: TODAY,
            partial: draw.percent(40),
            guards: GuardOverrides {
                max_creates: overridden.then_some(Limit::Count(MOST)),
                pool_reserve: overridden.then_some(10_000),
                ..GuardOverrides::default()
            },
        };
        Self { fleet: Fleet { guards, ..fleet(children) }, observed, options }
    }

    /// Returns the same in another order.
    pub(crate) fn shuffled(&self, draw: &mut Draw) -> Self {
        let mut other = self.clone();
        draw.shuffle(&mut other.fleet.children);
        draw.shuffle(&mut other.observed.children);
        draw.shuffle(&mut other.observed.known);
        if let Some(catalogue) = &mut other.observed.catalogue {
            draw.shuffle(&mut catalogue.regions);
            draw.shuffle(&mut catalogue.countries);
        }
        other
    }
}

fn observed(draw: &mut Draw, is_clean: bool) -> Observed {
    let mut children: Vec<ObservedChild> = Vec::new();
    let mut keys = HashSet::new();
    for organization_id in 101..101 + draw.below(MOST + 1) {
        let name = draw.one(&NAMES);
        if !keys.insert(NameKey::new(name)) && (is_clean || draw.percent(70)) {
            continue;
        }
        let is_odd = !is_clean && draw.percent(5);
        let credits = i64::try_from(draw.credits()).unwrap() + if is_odd { 2_345 } else { 0 };
        children.push(ObservedChild {
            id: id(organization_id),
            name: (is_clean || draw.percent(95)).then(|| name.to_owned()),
            credits: (is_clean || draw.percent(95)).then_some(credits),
            country: draw.percent(80).then(|| CountryId::new(draw.one(&[57, 57, 58]))),
        });
    }
    let mut consumption = std::collections::HashMap::new();
    for child in &children {
        if draw.percent(85) {
            consumption.insert(child.id, Centicredits::new(draw.below(400) * 10_000));
        }
    }
    let mut known = Vec::new();
    // Under the name that the child has, or another: somebody renamed it, or Make does not list it.
    for organization_id in 101..101 + MOST {
        if draw.percent(25) {
            known.push(KnownChild {
                id: id(organization_id),
                name: draw.one(&NAMES).to_owned(),
                owner: draw.percent(80).then(|| draw.one(&OWNERS).to_owned()),
                region: draw.percent(80).then(|| RegionId::new(1 + draw.below(2))),
            });
        }
    }
    let pool = i64::try_from(draw.below(12) * 10_000).unwrap() - if is_clean { 0 } else { 10_000 };
    Observed {
        children,
        is_complete: is_clean || draw.percent(90),
        pool: (is_clean || draw.percent(90)).then_some(pool),
        requests_per_minute: None,
        consumption: (is_clean || draw.percent(90)).then_some(consumption),
        catalogue: (is_clean || draw.percent(90)).then(catalogue),
        known,
    }
}

/// Draws entries, of which no two read the same and none has another's id, as a fleet promises.
fn entries(draw: &mut Draw, observed: &Observed, is_clean: bool) -> Vec<Child> {
    let (mut keys, mut ids, mut children) = (HashSet::new(), HashSet::new(), Vec::new());
    for _ in 0..draw.below(MOST + 1) {
        let of = (!observed.children.is_empty() && draw.percent(60)).then(|| draw.index(observed.children.len()));
        let row = of.map(|index| &observed.children[index]);
        let is_renamed = draw.percent(10);
        let name = row.and_then(|row| row.name.as_deref()).filter(|_| !is_renamed).unwrap_or(draw.one(&NAMES));
        let has_id = draw.percent(60);
        let mut bound = row.map(|row| row.id).filter(|_| has_id);
        if !is_clean && draw.percent(5) {
            bound = Some(id(900 + draw.below(3)));
        }
        if bound.is_some_and(|bound| ids.contains(&bound)) || !keys.insert(NameKey::new(name)) {
            continue;
        }
        ids.extend(bound);
        children.push(child(draw, name, is_clean, bound));
    }
    children
}

fn child(draw: &mut Draw, name: &str, is_clean: bool, bound: Option<mms_types::OrganizationId>) -> Child {
    let whole = entry(name);
    let is_there = |draw: &mut Draw| is_clean || draw.percent(90);
    let country = draw.one(&["Germany", "57", "fr", "Germny"][..if is_clean { 3 } else { 4 }]);
    Child {
        id: bound,
        create: if is_clean || draw.percent(30) { CreateWhen::Always } else { CreateWhen::NotRenamed },
        owner: whole.owner.filter(|_| is_there(draw)),
        region: whole.region.filter(|_| is_there(draw)),
        country: Some(EnumRef { text: country.to_owned(), place: None }).filter(|_| is_there(draw)),
        credits: (is_clean || draw.percent(85)).then(|| operations(draw.credits())),
        until: draw.percent(20).then(|| Until {
            day: date(2026, 11, 27 + i8::try_from(draw.below(3)).unwrap()),
            then: operations(draw.credits()),
        }),
        hold: draw.percent(10),
        priority: i32::try_from(draw.below(4)).unwrap() - 1,
        allow_pause: draw.percent(if is_clean { 70 } else { 30 }),
        retired: draw.percent(10),
        ..whole
    }
}

fn guards(draw: &mut Draw) -> Guards {
    let limit = |draw: &mut Draw| match draw.below(4) {
        0 => Some(Limit::Count(draw.below(4))),
        1 => Some(Limit::Percent(u8::try_from(draw.below(101)).unwrap())),
        _ => None,
    };
    Guards { max_creates: limit(draw), max_change: limit(draw), pool_reserve: draw.below(4) * 10_000 }
}
