//! Regions and countries that cannot be compared without the lists of them.

use mms_fleet::{CatalogueNeed, Child, DriftKind, EnumRef, KnownChild, NotCompared, Observed};
use mms_types::RegionId;

use crate::sample::{asking, id, observed, plan, row, with_id};

#[test]
fn what_needs_the_lists_is_named_without_them_and_compared_with_them() {
    let of = |text: &str| Some(EnumRef { text: text.to_owned(), place: None });
    let entry = |country: &str| Child { country: of(country), region: of("US"), ..asking("Sol", 10_000) };
    let known = KnownChild { id: id(101), name: "Sol".to_owned(), owner: None, region: Some(RegionId::new(1)) };
    let read = Observed { known: vec![known], ..observed(vec![row(101, "Sol", 10_000)]) };
    let unread = Observed { catalogue: None, ..read.clone() };

    let without = plan(vec![with_id(101, entry("FR"))], &unread);
    let not_compared = |kind, wanted: &str| NotCompared {
        name: "Sol".to_owned(),
        organization_id: id(101),
        kind,
        wanted: wanted.to_owned(),
    };
    assert_eq!(without.not_compared, [not_compared(DriftKind::Country, "FR"), not_compared(DriftKind::Region, "US")]);
    assert!(without.drift.is_empty() && without.missing().catalogue == CatalogueNeed::Drift);

    let with = plan(vec![with_id(101, entry("FR"))], &read);
    assert!(with.not_compared.is_empty() && with.missing().is_empty());
    assert_eq!(with.drift.iter().map(|drift| drift.kind).collect::<Vec<_>>(), [DriftKind::Country, DriftKind::Region]);

    let by_id = plan(vec![with_id(101, Child { region: of("1"), ..entry("57") })], &unread);
    assert!(by_id.not_compared.is_empty() && by_id.missing().is_empty(), "an id needs no list");
}
