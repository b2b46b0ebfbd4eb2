//! Records for tests.

use std::collections::BTreeSet;
use std::time::SystemTime;

use mms_types::OrganizationId;

use super::record::{AllocationIntent, Intent, IntentId, IntentOutcome, Moment, Record};
use crate::env::random::SeededRandom;

/// Returns an intent whose id depends on its name alone.
pub(crate) fn intent(name: &str) -> Intent {
    let seed = u64::from(crc32fast::hash(name.as_bytes()));
    Intent {
        id: IntentId::draw(&SeededRandom::new(seed)),
        at: SystemTime::UNIX_EPOCH.into(),
        since_boot: None,
        api: "http://127.0.0.1:1/api/v2".to_owned(),
        parent: OrganizationId::new(11),
        organization_name: name.to_owned(),
        region_id: 1.try_into().unwrap(),
        country_id: 7.try_into().unwrap(),
        operations: "20000".parse().unwrap(),
        user_email: "ada@sol.example".to_owned(),
        ids_before: BTreeSet::from([101, 102].map(OrganizationId::new)).into(),
        allocated_before: 30_000,
        pool_before: Some(400_000),
        run: None,
    }
}

/// Returns the intent of an allocation whose id depends on its child's name alone.
pub(super) fn allocation(name: &str, at: Moment) -> AllocationIntent {
    let Intent { id, api, parent, operations, .. } = intent(name);
    AllocationIntent {
        id,
        at,
        since_boot: None,
        api,
        parent,
        organization_id: OrganizationId::new(101),
        organization_name: Some(name.to_owned()),
        before: 10_000,
        operations,
        run: None,
    }
}

/// Returns the outcome of the intent "Sol".
pub(super) fn outcome(organization_id: u64) -> Record {
    let organization_id = OrganizationId::new(organization_id);
    Record::Outcome {
        intent: intent("Sol").id,
        at: SystemTime::UNIX_EPOCH.into(),
        outcome: IntentOutcome::Created { organization_id },
    }
}
