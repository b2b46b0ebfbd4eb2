//! What stops and drift say: one sentence that names the value and the way out.

use mms_fleet::{Drift, DriftKind, Place, Stop, StopKind};
use mms_types::Centicredits;

use crate::sample::{id, operations};

#[test]
fn every_stop_names_its_value_and_a_way_out() {
    let texts = |all: &[&str]| all.iter().map(|&text| text.to_owned()).collect::<Vec<_>>();
    let unknown = |nearest: &[&str]| StopKind::UnknownEnum {
        what: "country".to_owned(),
        text: "Germny".to_owned(),
        nearest: texts(nearest),
    };
    for (kind, text) in [
        (
            StopKind::ListIncomplete,
            "the list of children is not proven to be whole, and what it lacks may exist: plan again",
        ),
        (
            StopKind::TooManyChanges { changes: 30, allowed: 10 },
            "the allocation of 30 children would change and max_change allows 10: --max-change 30 allows it once",
        ),
        (
            StopKind::PoolTooSmall { credits: 20_000, reserve: 0 },
            "the pool lacks 20000 credits: ask for less, or --partial leaves out the children of the lowest priority",
        ),
        (
            StopKind::PoolTooSmall { credits: 20_000, reserve: 50_000 },
            "the pool lacks 20000 credits beside a pool_reserve of 50000: ask for less, or --partial leaves out the \
             children of the lowest priority, or --pool-reserve 30000 allows it once",
        ),
        (
            StopKind::Pauses { after: operations(10_000), consumed: Some(Centicredits::new(1_234_567)) },
            "it would have 10000 credits and has consumed 12345.67, which pauses its scenarios: ask for more, or write \
             `allow_pause: true`",
        ),
        (
            StopKind::Pauses { after: operations(0), consumed: None },
            "it would have 0 credits, which pauses its scenarios: ask for more, or write `allow_pause: true`",
        ),
        (
            StopKind::NoSuchChild { id: id(101) },
            "the distributor has no child 101: correct the id, remove the entry, or write `retired: true`",
        ),
        (
            StopKind::SeveralOfThatName { ids: vec![id(101), id(102)] },
            "2 children in Make have that name: write the id of one, 101 or 102",
        ),
        (
            StopKind::MaybeRenamed { candidates: vec![id(101), id(102)], others: 6 },
            "it may be a child of another name in Make: write its id, 101 or 102 or one of 6 more, or `id: new` to create it; `mms import` adds the children that no entry names",
        ),
        (
            StopKind::Incomplete { missing: texts(&["owner", "region"]) },
            "it is not in Make, and a create needs owner, region: add what is missing, or its id if it has another name \
             in Make",
        ),
        (unknown(&["Germany"]), "there is no country \"Germny\": write \"Germany\""),
        (unknown(&[]), "there is no country \"Germny\": `mms country list` shows them all"),
        (
            StopKind::ChangedSince { expected: 20_000, found: 40_000 },
            "the run left 20000 credits and the child has 40000: somebody changed it since, and it is not undone",
        ),
    ] {
        assert_eq!(kind.to_string(), text);
    }
}

#[test]
fn a_stop_begins_with_its_place_and_its_child() {
    let place = Place { file: "fleet.yaml".into(), line: 12, column: 3 };
    let stop = Stop { kind: StopKind::NamedTwice, name: Some("Sol".to_owned()), place: Some(place) };
    let text = "fleet.yaml:12:3: \"Sol\": the fleet names this child more than once: keep one of the entries";
    assert_eq!(stop.to_string(), text);
    let document = serde_json::to_value(&stop).unwrap();
    assert_eq!(document["message"], text);
    assert_eq!(serde_json::from_value::<Stop>(document).unwrap(), stop);
}

#[test]
fn drift_says_what_both_have_and_that_the_api_cannot_mend_it() {
    let drift = |kind| Drift {
        name: "Sol".to_owned(),
        organization_id: id(101),
        kind,
        wanted: "Sol".to_owned(),
        found: "Sol Berlin".to_owned(),
    };
    assert_eq!(
        drift(DriftKind::Name).to_string(),
        "child 101 is called \"Sol Berlin\" in Make and \"Sol\" in the fleet: rename one of the two"
    );
    assert!(drift(DriftKind::Country).to_string().starts_with("\"Sol\": the country is \"Sol Berlin\" in Make"));
}
