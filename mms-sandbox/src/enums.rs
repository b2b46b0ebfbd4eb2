//! Make's enums: regions, zones, countries and time zones. They are constants, the same in every sandbox, and so are not in
//! the store.

use std::sync::LazyLock;

use mms_types::{
    Country, CountryId, CountryList, Region, RegionId, RegionList, Timezone, TimezoneId, TimezoneList, Zone, ZoneId,
    ZoneList,
};

/// Id, name, and the zone that hosts a new organization of the region.
const REGIONS: [(u64, &str, u64); 2] = [(1, "EU", 1), (2, "US", 3)];

/// Id, host and name.
const ZONES: [(u64, &str, &str); 4] =
    [(1, "eu1.make.com", "EU1"), (2, "eu2.make.com", "EU2"), (3, "us1.make.com", "US1"), (4, "us2.make.com", "US2")];

/// Id, IANA name and offset from UTC outside summer time.
const TIMEZONES: [(u64, &str, &str); 12] = [
    (1, "Pacific/Honolulu", "-10:00"),
    (2, "America/Los_Angeles", "-08:00"),
    (3, "America/Chicago", "-06:00"),
    (4, "America/New_York", "-05:00"),
    (5, "America/Sao_Paulo", "-03:00"),
    (6, "Etc/UTC", "+00:00"),
    (7, "Europe/London", "+00:00"),
    (8, "Europe/Prague", "+01:00"),
    (9, "Europe/Helsinki", "+02:00"),
    (10, "Asia/Kolkata", "+05:30"),
    (11, "Asia/Tokyo", "+09:00"),
    (12, "Australia/Sydney", "+10:00"),
];

static REGION_LIST: LazyLock<RegionList> = LazyLock::new(|| RegionList {
    imt_regions: REGIONS.iter().map(|(id, name, _)| Region { id: RegionId::new(*id), name: (*name).into() }).collect(),
});

static ZONE_LIST: LazyLock<ZoneList> = LazyLock::new(|| ZoneList {
    imt_zones: ZONES
        .iter()
        .map(|(id, domain, name)| Zone { id: ZoneId::new(*id), domain: (*domain).into(), name: Some((*name).into()) })
        .collect(),
});

/// Every country of ISO 3166-1. Make's ids are its own and not published, so these count the names in order, from 1.
static COUNTRY_LIST: LazyLock<CountryList> = LazyLock::new(|| {
    let mut countries = rust_iso3166::ALL.to_vec();
    countries.sort_unstable_by_key(|country| country.name);
    CountryList {
        countries: (1..)
            .zip(countries)
            .map(|(id, country)| Country {
                id: CountryId::new(id),
                name: country.name.into(),
                code: Some(country.alpha3.into()),
                code2: Some(country.alpha2.to_ascii_lowercase()),
            })
            .collect(),
    }
});

static TIMEZONE_LIST: LazyLock<TimezoneList> = LazyLock::new(|| TimezoneList {
    timezones: TIMEZONES
        .iter()
        .map(|(id, code, offset)| Timezone {
            id: TimezoneId::new(*id),
            name: format!("(GMT{offset}) {code}"),
            code: Some((*code).into()),
            offset: Some(offset.replace(':', "")),
        })
        .collect(),
});

/// Returns every region.
pub(crate) fn regions() -> &'static RegionList {
    &REGION_LIST
}

/// Returns every zone.
pub(crate) fn zones() -> &'static ZoneList {
    &ZONE_LIST
}

/// Returns every country, by its English name.
pub(crate) fn countries() -> &'static CountryList {
    &COUNTRY_LIST
}

/// Returns every time zone.
pub(crate) fn timezones() -> &'static TimezoneList {
    &TIMEZONE_LIST
}

/// Returns the zone that hosts a new organization of the region, or nothing where no region has this id.
pub(crate) fn zone_of_region(region: RegionId) -> Option<ZoneId> {
    REGIONS.iter().find(|(id, ..)| *id == region.get()).map(|(.., zone)| ZoneId::new(*zone))
}

/// Returns the zone with this id.
pub(crate) fn zone(zone: ZoneId) -> Option<&'static Zone> {
    ZONE_LIST.imt_zones.iter().find(|known| known.id == zone)
}

/// Says whether a country has this id.
pub(crate) fn is_country(country: CountryId) -> bool {
    COUNTRY_LIST.countries.iter().any(|known| known.id == country)
}

/// Returns the time zone with this id.
pub(crate) fn timezone(timezone: TimezoneId) -> Option<&'static Timezone> {
    TIMEZONE_LIST.timezones.iter().find(|known| known.id == timezone)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn all_249_countries_have_an_id_and_both_codes() {
        let countries = &countries().countries;
        assert_eq!(countries.iter().map(|country| country.id.get()).collect::<Vec<_>>(), (1..=249).collect::<Vec<_>>());
        let codes: BTreeSet<_> = countries.iter().map(|country| (&country.code, &country.code2)).collect();
        assert_eq!(codes.len(), 249);
        assert!(countries.is_sorted_by_key(|country| &country.name));
        let norway = countries.iter().find(|country| country.name == "Norway").unwrap();
        assert_eq!((norway.code.as_deref(), norway.code2.as_deref()), (Some("NOR"), Some("no")));
    }

    #[test]
    fn every_region_has_a_zone_that_exists() {
        for region in &regions().imt_regions {
            let zone = zone(zone_of_region(region.id).unwrap()).unwrap();
            assert!(zone.domain.starts_with(&region.name.to_lowercase()), "{region:?} is hosted by {zone:?}");
        }
        assert_eq!(zone_of_region(RegionId::new(3)), None);
    }

    #[test]
    fn a_time_zone_shows_its_offset_in_its_name() {
        let timezones = &timezones().timezones;
        let prague = timezones.iter().find(|timezone| timezone.code.as_deref() == Some("Europe/Prague")).unwrap();
        assert_eq!((prague.name.as_str(), prague.offset.as_deref()), ("(GMT+01:00) Europe/Prague", Some("+0100")));
    }
}
