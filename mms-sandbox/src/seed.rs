//! What a first start plants.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use mms_types::{CountryId, OrganizationId, TimezoneId, ZoneId};
use rusqlite::Transaction;

use crate::store::children::{self, NewChild};
use crate::store::consumption::Counters;
use crate::store::organizations::{self, NewDistributor};
use crate::store::{tokens, users};

/// The token of the seeded distributor. It has every scope that the contract names, and is no secret.
pub const SEED_TOKEN: &str = "00000000-0000-4000-8000-000000000011";

/// The distributor of a first start; 11 is the example of Make's documentation.
pub const SEED_ORGANIZATION: OrganizationId = OrganizationId::new(11);

const SCOPES: &str = "managed-organizations:read managed-organizations:write organizations:read";

/// What the distributor has to give, besides what its children hold.
const POOL: i64 = 500_000;

/// Requests a minute in the plan Teams.
const API_LIMIT: i64 = 240;

/// Countries and time zones of the catalogue.
const CZECHIA: CountryId = CountryId::new(58);
const FINLAND: CountryId = CountryId::new(75);
const UNITED_KINGDOM: CountryId = CountryId::new(234);
const UNITED_STATES: CountryId = CountryId::new(236);
const NEW_YORK: TimezoneId = TimezoneId::new(4);
const LONDON: TimezoneId = TimezoneId::new(7);
const PRAGUE: TimezoneId = TimezoneId::new(8);
const HELSINKI: TimezoneId = TimezoneId::new(9);

/// The zones `eu1.make.com` and `us1.make.com`.
const EU1: ZoneId = ZoneId::new(1);
const US1: ZoneId = ZoneId::new(3);

/// The id of the first child that a caller creates.
const FIRST_CREATED: u64 = 1001;

/// A child of the first start.
struct SeedChild {
    id: u64,
    name: &'static str,
    /// E-mail address and name.
    owner: (&'static str, &'static str),
    zone: ZoneId,
    country: CountryId,
    timezone: TimezoneId,
    operations: i64,
    counters: Counters,
}

/// One nearly used up, one in the middle of its period, one that has not begun.
const CHILDREN: [SeedChild; 3] = [
    SeedChild {
        id: 101,
        name: "Acme Bakery",
        owner: ("ada@acme-bakery.example", "Ada Baker"),
        zone: EU1,
        country: UNITED_KINGDOM,
        timezone: LONDON,
        operations: 10_000,
        counters: Counters { centicredits: 941_250, operations: 8_730, transfer: 734_003_200 },
    },
    SeedChild {
        id: 102,
        name: "Borealis Travel",
        owner: ("bo@borealis-travel.example", "Bo Lindqvist"),
        zone: EU1,
        country: FINLAND,
        timezone: HELSINKI,
        operations: 50_000,
        counters: Counters { centicredits: 1_200_300, operations: 12_003, transfer: 1_288_490_188 },
    },
    SeedChild {
        id: 103,
        name: "Cobalt Dental",
        owner: ("cleo@cobalt-dental.example", "Cleo Marsh"),
        zone: US1,
        country: UNITED_STATES,
        timezone: NEW_YORK,
        operations: 100_000,
        counters: Counters { centicredits: 0, operations: 0, transfer: 0 },
    },
];

/// Plants the distributor, its children and its token; the period of every counter is the month of `now`.
pub(crate) fn plant(transaction: &Transaction<'_>, now: Timestamp) -> rusqlite::Result<()> {
    let month = now.to_zoned_datetime(TimeZone::UTC).date().first_of_month();
    let last_reset = midnight(month);
    organizations::insert(
        transaction,
        &NewDistributor {
            id: SEED_ORGANIZATION,
            name: "Sandbox Distributor",
            zone: EU1,
            country: CZECHIA,
            timezone: PRAGUE,
            pool: POOL,
            api_limit: API_LIMIT,
            last_reset: &last_reset,
            next_reset: &midnight(month.saturating_add(1.month())),
        },
    )?;
    tokens::insert(transaction, SEED_TOKEN, SEED_ORGANIZATION, SCOPES)?;
    for child in &CHILDREN {
        plant_child(transaction, child, &last_reset)?;
    }
    children::count_from(transaction, FIRST_CREATED)
}

fn plant_child(transaction: &Transaction<'_>, child: &SeedChild, last_reset: &str) -> rusqlite::Result<()> {
    let (email, name) = child.owner;
    let owner = users::find_or_insert(transaction, email, name)?.id;
    let new = NewChild {
        id: Some(OrganizationId::new(child.id)),
        distributor: SEED_ORGANIZATION,
        name: child.name,
        owner,
        zone: child.zone,
        country: child.country,
        timezone: child.timezone,
        operations: child.operations,
    };
    children::insert(transaction, &new, &child.counters, last_reset).map(drop)
}

fn midnight(day: Date) -> String {
    format!("{day}T00:00:00Z")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue;
    use crate::store::{self, consumption};

    #[test]
    fn the_seeded_countries_zones_and_time_zones_are_what_their_names_say() {
        let countries = &catalogue::countries().countries;
        let code = |id| countries.iter().find(|country| country.id == id).unwrap().code2.as_deref().unwrap();
        assert_eq!([CZECHIA, FINLAND, UNITED_KINGDOM, UNITED_STATES].map(code), ["cz", "fi", "gb", "us"]);
        let timezones = &catalogue::timezones().timezones;
        let city = |id| timezones.iter().find(|timezone| timezone.id == id).unwrap().code.as_deref().unwrap();
        assert_eq!(
            [NEW_YORK, LONDON, PRAGUE, HELSINKI].map(city),
            ["America/New_York", "Europe/London", "Europe/Prague", "Europe/Helsinki"]
        );
        assert_eq!([EU1, US1].map(|id| catalogue::zone(id).unwrap().domain.as_str()), ["eu1.make.com", "us1.make.com"]);
    }

    #[test]
    fn the_seeded_period_is_the_month_of_the_first_start() {
        let now: Timestamp = "2026-12-31T23:59:59.5Z".parse().unwrap();
        let connection = store::in_memory(now);
        let organization = organizations::find(&connection, SEED_ORGANIZATION).unwrap();
        assert_eq!(organization.last_reset.unwrap().as_str(), "2026-12-01T00:00:00Z");
        assert_eq!(organization.next_reset.unwrap().as_str(), "2027-01-01T00:00:00Z");
        for row in consumption::list(&connection, SEED_ORGANIZATION).unwrap() {
            assert_eq!(row.last_reset.unwrap().as_str(), "2026-12-01T00:00:00Z");
        }
    }
}
