//! What stops and drift say: one sentence that names the value and the way out.

use mms_fleet::{Candidate, Drift, DriftKind, Place, Stop, StopKind};
use mms_types::Centicredits;

use crate::sample::{id, operations};

fn candidate(organization_id: u64, name: Option<&str>) -> Candidate {
    Candidate { organization_id: id(organization_id), name: name.map(str::to_owned) }
}

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
            StopKind::TooManyChanges { changes: 1_300, allowed: 1_000 },
            "the allocation of 1,300 children would change and max_change allows 1,000: --max-change 1300 allows it once",
        ),
        (
            StopKind::PoolTooSmall { credits: 20_000, reserve: 0 },
            "the pool lacks 20,000 credits: ask for less, or --partial leaves out the children of the lowest priority",
        ),
        (
            StopKind::PoolTooSmall { credits: 20_000, reserve: 50_000 },
            "the pool lacks 20,000 credits beside a pool_reserve of 50,000: ask for less, or --partial leaves out the \
             children of the lowest priority, or --pool-reserve 30000 allows it once",
        ),
        (
            StopKind::Pauses { after: operations(10_000), consumed: Some(Centicredits::new(1_234_567)) },
            "it would have 10,000 credits and has consumed 12,345.67, which pauses its scenarios: ask for more, or write \
             `allow_pause: true`",
        ),
        (
            StopKind::Pauses { after: operations(0), consumed: None },
            "it would have 0 credits, which pauses its scenarios: ask for more, or write `allow_pause: true`",
        ),
        (
            StopKind::NoSuchChild { id: id(101), named: None },
            "the distributor has no child 101: correct the id, remove the entry, or write `retired: true`",
        ),
        (
            StopKind::NoSuchChild { id: id(999), named: Some(id(101)) },
            "the distributor has no child 999, and child 101 has that name: write `id: 101` if it is meant, else another name",
        ),
        (
            StopKind::LooksLikeChild { id: id(101), name: "Acme Bakery".to_owned(), entry: None },
            "child 101 is called \"Acme Bakery\" in Make, which looks the same: write `id: 101` if it is meant, or `id: new` \
             if this is another client",
        ),
        (
            StopKind::LooksLikeChild { id: id(101), name: "Acme Bakery".to_owned(), entry: Some("Acme".to_owned()) },
            "child 101 is called \"Acme Bakery\" in Make, which looks the same, and the entry \"Acme\" is that child: write \
             `id: new` if this is another client, else remove the entry",
        ),
        (
            StopKind::LooksLikeEntry { name: "Acme Bakery".to_owned() },
            "the entry \"Acme Bakery\" looks the same: write `id: new` if this is another client, else keep one of the two",
        ),
        (
            StopKind::SeveralOfThatName { ids: vec![id(101), id(102)] },
            "2 children in Make have that name: write the id of one, 101 or 102",
        ),
        (
            StopKind::MaybeRenamed {
                candidates: vec![candidate(101, Some("Sol Berlin")), candidate(102, None)],
                others: 6,
            },
            "it may be a child of another name in Make: write the id of 101 \"Sol Berlin\" or 102 or of one of 6 more if it is, or \
             `id: new` to create it",
        ),
        (
            StopKind::MaybeThere { candidates: vec![candidate(101, Some("Sol Berlin"))], others: 0 },
            "it is given up, and may be a child of another name in Make: write the id of 101 \"Sol Berlin\" if it is, else \
             remove the entry",
        ),
        (
            StopKind::CreatedAs { id: id(101), name: Some("Sol Berlin".to_owned()), entry: None },
            "it was created before from this machine as 101, which is called \"Sol Berlin\" in Make: write `id: 101` if it is \
             meant, else another name",
        ),
        (
            StopKind::CreatedAs { id: id(101), name: None, entry: Some("Mars".to_owned()) },
            "it was created before from this machine as 101, which Make lists without its name, and the entry \"Mars\" has its \
             id: remove one of the two entries, or give this one another name",
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
            "the run left 20,000 credits and the child has 40,000: somebody changed it since, and it is not undone",
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
