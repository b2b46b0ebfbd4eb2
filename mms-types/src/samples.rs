//! Answers for tests: values as a server sends them, with every optional field that a test does not name left out.

use crate::scalar::centicredits::Centicredits;
use crate::scalar::id::OrganizationId;
use crate::schema::child::ChildOrganization;
use crate::schema::consumption::ChildOrganizationConsumption;
use crate::schema::organization::{License, Organization};

/// Returns a child with a name and an allocation.
#[must_use]
pub fn child(id: u64, name: &str, operations_allocated: i64) -> ChildOrganization {
    ChildOrganization {
        organization_id: OrganizationId::new(id),
        organization_name: Some(name.to_owned()),
        operations_allocated: Some(operations_allocated),
        country_id: None,
        timezone_id: None,
        zone_id: None,
        zone_domain: None,
        zone_name: None,
    }
}

/// Returns what a child has consumed, in centicredits.
#[must_use]
pub fn consumption(id: u64, centicredits: u64) -> ChildOrganizationConsumption {
    ChildOrganizationConsumption {
        organization_id: OrganizationId::new(id),
        centicredits_consumed: Some(Centicredits::new(centicredits)),
        centicredits_extra: None,
        operations_consumed: None,
        operations_extra: None,
        transfer_consumed: None,
        transfer_extra: None,
        last_reset: None,
    }
}

/// Returns a distributor with a pool, in operations; [`None`] stands for a pool that the answer leaves out.
#[must_use]
pub fn distributor(id: u64, pool: Option<i64>) -> Organization {
    Organization {
        id: OrganizationId::new(id),
        name: "Distributor".to_owned(),
        zone: None,
        country_id: None,
        timezone_id: None,
        last_reset: None,
        next_reset: None,
        is_paused: None,
        license: Some(License { operations: pool, api_limit: None, restart_period: None }),
        unused_centicredits: None,
    }
}
