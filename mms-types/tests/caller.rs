//! What an answer says of the caller: its user and its organizations.

use mms_types::{CurrentUserResponse, OrganizationList, OrganizationSortKey, SortDirection};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

fn read<T: DeserializeOwned>(value: &Value) -> Result<T, serde_json::Error> {
    serde_json::from_str(&value.to_string())
}

#[test]
fn one_odd_row_makes_no_list_of_organizations_unreadable() {
    let rows = json!([{ "id": "11", "name": 5, "timezoneId": null, "zone": {} }, { "id": 12, "name": "Workshop" }]);
    let list: OrganizationList = read(&json!({ "organizations": rows, "pg": "none" })).unwrap();
    assert_eq!(list.organizations.iter().map(|row| row.id.get()).collect::<Vec<_>>(), [11, 12]);
    assert_eq!(list.organizations.iter().map(|row| row.name.as_deref()).collect::<Vec<_>>(), [None, Some("Workshop")]);
    assert_eq!(list.pg, None);
}

#[test]
fn of_a_user_the_id_is_read_whatever_the_rest_looks_like() {
    let user = json!({ "id": 7, "name": null, "email": 5, "localeId": "18", "features": { "allow_apps": true } });
    let user = read::<CurrentUserResponse>(&json!({ "authUser": user })).unwrap().auth_user;
    assert_eq!((user.id.get(), user.name, user.email, user.locale_id), (7, None, None, Some(18)));
    assert!(read::<CurrentUserResponse>(&json!({ "authUser": { "name": "Ada" } })).is_err());
}

#[test]
fn a_sort_takes_the_documented_words_alone_and_names_them() {
    for text in ["id", "name"] {
        let key: OrganizationSortKey = text.parse().unwrap();
        assert_eq!((key.to_string(), json!(key)), (text.to_owned(), json!(text)));
    }
    for text in ["asc", "desc"] {
        let direction: SortDirection = text.parse().unwrap();
        assert_eq!((direction.to_string(), json!(direction)), (text.to_owned(), json!(text)));
    }
    let error = "ASC".parse::<SortDirection>().unwrap_err();
    assert_eq!(error.to_string(), r#""ASC" is not known: expected asc or desc"#);
}
