//! Fleets, children and plans to test with.

use jiff::civil::{Date, date};
use mms_fleet::{
    Catalogue, Child, CreateWhen, EnumRef, Fleet, Guards, Observed, ObservedChild, Owner, Plan, PlanOptions, Stop,
    StopKind, Target,
};
use mms_types::{Centicredits, Country, CountryId, Operations, OrganizationId, Region, RegionId};

pub(crate) const TODAY: Date = date(2026, 11, 28);

pub(crate) fn id(id: u64) -> OrganizationId {
    OrganizationId::new(id)
}

pub(crate) fn operations(credits: u64) -> Operations {
    Operations::new(credits).unwrap()
}

/// An entry that a create lacks nothing of but credits.
pub(crate) fn entry(name: &str) -> Child {
    let named = |text: &str| Some(EnumRef { text: text.to_owned(), place: None });
    Child {
        name: name.parse().unwrap(),
        id: None,
        create: CreateWhen::NotRenamed,
        external_id: None,
        owner: Some(Owner { email: "ada@agency.example".parse().unwrap(), name: "Ada".parse().unwrap() }),
        region: named("EU"),
        country: named("Germany"),
        credits: None,
        until: None,
        minimum: None,
        maximum: None,
        labels: std::collections::BTreeSet::new(),
        hold: false,
        priority: 0,
        allow_pause: false,
        retired: false,
        place: None,
    }
}

/// An entry that asks for credits.
pub(crate) fn asking(name: &str, credits: u64) -> Child {
    Child { credits: Some(operations(credits)), ..entry(name) }
}

pub(crate) fn with_id(organization_id: u64, child: Child) -> Child {
    Child { id: Some(id(organization_id)), ..child }
}

pub(crate) fn fleet(children: Vec<Child>) -> Fleet {
    Fleet { target: Target { zone: None, organization: id(11) }, guards: Guards::default(), children }
}

pub(crate) fn row(organization_id: u64, name: &str, credits: i64) -> ObservedChild {
    ObservedChild {
        id: id(organization_id),
        name: Some(name.to_owned()),
        credits: Some(credits),
        country: Some(CountryId::new(57)),
    }
}

/// A distributor with everything read, a pool of 1,000,000, and children that have consumed nothing.
pub(crate) fn observed(children: Vec<ObservedChild>) -> Observed {
    let consumption = children.iter().map(|child| (child.id, Centicredits::new(0))).collect();
    Observed {
        children,
        is_complete: true,
        pool: Some(1_000_000),
        requests_per_minute: Some(60),
        consumption: Some(consumption),
        catalogue: Some(catalogue()),
        known: Vec::new(),
    }
}

pub(crate) fn catalogue() -> Catalogue {
    let country = |id, name: &str, code: &str, code2: &str| Country {
        id: CountryId::new(id),
        name: name.to_owned(),
        code: Some(code.to_owned()),
        code2: Some(code2.to_owned()),
    };
    let region = |id, name: &str| Region { id: RegionId::new(id), name: name.to_owned() };
    Catalogue {
        regions: vec![region(1, "EU"), region(2, "US")],
        countries: vec![
            country(57, "Germany", "DEU", "de"),
            country(58, "France", "FRA", "fr"),
            country(59, "Austria", "AUT", "at"),
            country(60, "Australia", "AUS", "au"),
            country(61, "Spain", "ESP", "es"),
            country(62, "Italy", "ITA", "it"),
        ],
    }
}

pub(crate) fn options() -> PlanOptions {
    PlanOptions { today: TODAY, ..PlanOptions::default() }
}

pub(crate) fn plan(children: Vec<Child>, observed: &Observed) -> Plan {
    Plan::new(&fleet(children), observed, &options())
}

pub(crate) fn kinds(plan: &Plan) -> Vec<&StopKind> {
    plan.stops.iter().map(|Stop { kind, .. }| kind).collect()
}

/// Returns the names of the steps with what they take from the pool.
pub(crate) fn steps(plan: &Plan) -> Vec<(&str, i128)> {
    plan.steps.iter().map(|step| (step.name.as_str(), step.taken())).collect()
}
