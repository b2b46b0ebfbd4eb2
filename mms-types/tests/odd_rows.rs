//! Rows of a list that lack something, or have something odd in its place.

use mms_types::{ChildOrganization, ChildOrganizationConsumption, ChildOrganizationList, OrganizationId};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

fn read<T: DeserializeOwned>(value: &Value) -> Result<T, serde_json::Error> {
    serde_json::from_str(&value.to_string())
}

#[test]
fn an_odd_row_is_kept_with_what_it_has_and_a_row_without_an_id_is_no_list() {
    for name in [json!("A"), json!(null), json!(7), json!(["A"]), json!({})] {
        for operations in [json!(10_000), json!(null), json!("a lot"), json!(1.5), json!([])] {
            let odd = json!({"organizationId": 2, "organizationName": name, "operationsAllocated": operations});
            let list = json!({"managedOrganizations": [odd, {"organizationId": 1, "organizationName": "B", "operationsAllocated": 0}]});
            let list: ChildOrganizationList = read(&list).unwrap();
            let [odd, whole] = &list.managed_organizations[..] else { panic!("{list:?}") };
            assert_eq!(odd.organization_name.as_deref(), name.as_str());
            assert_eq!(odd.operations_allocated, operations.as_i64());
            assert_eq!(odd.is_incomplete(), !name.is_string() || !operations.is_i64());
            assert!(!whole.is_incomplete());
        }
    }
    for id in [json!(" 101 "), json!("101\n"), json!(101), json!(101.0)] {
        let child: ChildOrganization = read(&json!({"organizationId": id})).unwrap();
        assert_eq!(child.organization_id, OrganizationId::new(101));
    }
    for odd in
        [json!({}), json!({"organizationId": null}), json!({"organizationId": "1 01"}), json!(null), json!("101")]
    {
        assert!(read::<ChildOrganizationList>(&json!({"managedOrganizations": [odd]})).is_err(), "{odd}");
    }
    for list in [json!({}), json!({"managedOrganizations": null}), json!({"managedOrganizations": {}})] {
        assert!(read::<ChildOrganizationList>(&list).is_err(), "{list}");
    }
}

#[test]
fn consumption_that_cannot_be_read_is_unknown_and_may_be_the_largest() {
    let row = |consumed: Value| -> ChildOrganizationConsumption {
        read(&json!({"organizationId": 1, "centicreditsConsumed": consumed})).unwrap()
    };
    let (unknown, little, much) = (row(json!(null)), row(json!("5")), row(json!("700")));
    assert_eq!(unknown.centicredits_consumed, None);
    assert_eq!(row(json!("much")).centicredits_consumed, None);
    let largest = [&much, &unknown, &little].into_iter().max_by(|one, other| one.compare_consumed(other));
    assert_eq!(largest, Some(&unknown));
    assert_eq!(little.compare_consumed(&much), std::cmp::Ordering::Less);
}

#[test]
fn a_list_is_read_whole_whatever_its_length() {
    for length in [0, 1, 100, 101, 10_100, 10_101] {
        let rows: Vec<_> = (1..=length).map(|id| format!(r#"{{"organizationId":{id}}}"#)).collect();
        let list = format!(r#"{{"managedOrganizations":[{}]}}"#, rows.join(","));
        let list: ChildOrganizationList = serde_json::from_str(&list).unwrap();
        let ids = list.managed_organizations.iter().map(|child| child.organization_id.get());
        assert!(ids.eq(1..=length), "{length}");
    }
}
