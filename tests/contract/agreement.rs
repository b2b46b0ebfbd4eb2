//! Types and schemas of requests agree on what may be sent, whatever the value.

use jsonschema::Validator;
use mms_client::types::{
    CountryId, CreateChildOrganizationRequest, EmailAddress, Operations, OrganizationId, OrganizationName,
    OrganizationSortKey, PageLimit, PageOffset, RegionId, SortDirection, UpdateAllocationRequest, UserName,
};
use mms_tests::Document;
use proptest::prelude::*;
use serde_json::{Value, json};

/// Any text: mostly of the characters that decide, now and then of all Unicode.
fn texts() -> impl Strategy<Value = String> {
    prop_oneof![
        3 => r##"[ a-zA-Z0-9'.()*+,@_/"#$&<>?\[\]^`{|}~\\\t\r\n\x00\x1f\x7f\u{80}\u{85}\u{a0}\u{ad}\u{115f}\u{2000}\u{2800}\u{3000}\u{3164}\u{200b}\u{200d}\u{2028}\u{202e}\u{2066}\u{feff}\u{61c}ß語-]{0,12}"##,
        2 => r"\PC{0,12}",
        1 => any::<String>(),
    ]
}

/// Any whole number of JSON in 64 bits: small ones, multiples of 10,000, those at the limits, and all others.
fn numbers() -> impl Strategy<Value = i64> {
    prop_oneof![
        -20_000..=20_000_i64,
        (-20..=i64::MAX / 10_000).prop_map(|steps| steps * 10_000),
        (0..=20_000_i64).prop_map(|below| i64::MAX - below),
        (-5..=5_i64).prop_map(|near| i64::from(i32::MAX) + near),
        any::<i64>(),
    ]
}

fn organization_names() -> impl Strategy<Value = OrganizationName> {
    r"[\p{L}\p{N}'.()*+,@_/-]{1,8}( [\p{L}\p{N}'.()*+,@_/-]{1,8}){0,3}"
        .prop_filter_map("no name", |name| name.parse().ok())
}

fn user_names() -> impl Strategy<Value = UserName> {
    r"[\p{L}\p{N}\p{P}\p{S}]{1,8}( [\p{L}\p{N}\p{P}\p{S}]{1,8}){0,3}"
        .prop_filter_map("no name", |name| name.parse().ok())
}

/// Every kind of address that can be built: of all the characters that may stand in one, and of any length. What follows
/// `xn--` is real: whether it decodes is left to the server.
fn email_addresses() -> impl Strategy<Value = EmailAddress> {
    let texts = prop_oneof![
        4 => r"[a-zA-Z0-9!#$%&'*+/=?^_`{|}~-]{1,12}@[a-zA-Z0-9-]{1,10}(\.[a-zA-Z0-9-]{1,10}){1,3}",
        1 => r"[!-~]{1,6}@[a-zA-Z0-9-]{1,10}(\.[a-zA-Z0-9-]{1,10}){1,3}",
        2 => r"[a-z0-9.+_'-]{1,70}@[a-z0-9-]{1,70}(\.[a-z0-9-]{1,70}){1,4}",
        1 => r"[a-z]{1,8}@(XN|xn)--(kln-sna|bcher-kva)\.[a-z]{2,8}",
        1 => r"[a-zäß語@.]{0,6}@[a-zäß語._@-]{0,6}\.[a-zäß語.]{0,4}",
    ];
    texts.prop_filter_map("no address", |text| text.parse().ok())
}

/// Every number that an id can hold: those that are ids, and those that no contract can say.
fn ids() -> impl Strategy<Value = u64> {
    let largest = i64::MAX.unsigned_abs();
    prop_oneof![4 => 1..=largest, 1 => 0..=2_u64, 1 => largest - 2..=largest + 2, 1 => any::<u64>()]
}

fn allocations() -> impl Strategy<Value = Operations> {
    (0..=Operations::MAX.get() / Operations::STEP).prop_map(|steps| Operations::new(steps * Operations::STEP).unwrap())
}

prop_compose! {
    fn creates()(
        organization_name in organization_names(),
        user_name in user_names(),
        user_email in email_addresses(),
        region_id in ids(),
        country_id in ids(),
        operations in allocations(),
    ) -> CreateChildOrganizationRequest {
        CreateChildOrganizationRequest {
            user_email,
            user_name,
            organization_name,
            region_id: RegionId::new(region_id),
            country_id: CountryId::new(country_id),
            operations,
        }
    }
}

fn validator(schema: &str) -> Validator {
    Document::contract().unwrap().schemas().named(schema).unwrap()
}

/// Says whether a text has a tag of Unicode: the types refuse it, and no pattern can portably name it.
fn has_tag(text: &str) -> bool {
    text.chars().any(|character| ('\u{e0000}'..='\u{e007f}').contains(&character))
}

/// Returns a test of a text: whether the schema and the type take it.
fn text_test<T: std::str::FromStr>(schema: &str) -> impl Fn(&str) -> (bool, bool) {
    let validator = validator(schema);
    move |text| (validator.is_valid(&json!(text)), text.parse::<T>().is_ok())
}

/// Returns a test of a number: whether the schema and the type take it.
fn number_test<N: TryFrom<i64>, T: TryFrom<N>>(schema: &str) -> impl Fn(i64) -> (bool, bool) {
    let validator = validator(schema);
    move |number| {
        (validator.is_valid(&json!(number)), N::try_from(number).is_ok_and(|number| T::try_from(number).is_ok()))
    }
}

/// Returns the reason why a create must not be sent: an id of it that is none.
fn refusal(create: &CreateChildOrganizationRequest) -> Option<String> {
    let region = RegionId::try_from(create.region_id.get()).err();
    region.or_else(|| CountryId::try_from(create.country_id.get()).err()).map(|error| error.to_string())
}

#[test]
fn any_create_that_can_be_written_keeps_to_its_schema_and_no_other_is_written() {
    let validator = validator("CreateChildOrganizationRequest");
    proptest!(|(create in creates())| {
        match serde_json::to_value(&create) {
            Ok(sent) => {
                let errors: Vec<String> = validator.iter_errors(&sent).map(|error| error.to_string()).collect();
                prop_assert_eq!(errors, Vec::<String>::new(), "{}", sent);
                prop_assert_eq!(refusal(&create), None, "{}", sent);
            }
            Err(error) => prop_assert_eq!(Some(error.to_string()), refusal(&create)),
        }
    });
}

#[test]
fn any_change_of_an_allocation_that_can_be_built_keeps_to_its_schema() {
    let validator = validator("UpdateAllocationRequest");
    proptest!(|(operations in allocations())| {
        let sent = json!(UpdateAllocationRequest { operations });
        prop_assert!(validator.is_valid(&sent), "{}", sent);
    });
}

#[test]
fn a_create_that_lacks_a_field_is_refused_by_type_and_schema() {
    let validator = validator("CreateChildOrganizationRequest");
    let written = creates().prop_filter_map("not written", |create| serde_json::to_value(create).ok());
    proptest!(|(sent in written, lost in 0..6_usize)| {
        let mut sent = sent;
        let field = sent.as_object().unwrap().keys().nth(lost).unwrap().clone();
        sent.as_object_mut().unwrap().remove(&field);
        prop_assert!(!validator.is_valid(&sent));
        prop_assert!(serde_json::from_str::<CreateChildOrganizationRequest>(&sent.to_string()).is_err());
    });
}

#[test]
fn type_and_schema_agree_on_every_organization_name() {
    let takes = text_test::<OrganizationName>("OrganizationName");
    proptest!(|(text in texts().prop_filter("a tag", |text| !has_tag(text)))| {
        let (schema, name) = takes(&text);
        prop_assert_eq!(schema, name, "{:?}", text);
    });
}

#[test]
fn type_and_schema_agree_on_every_user_name() {
    let takes = text_test::<UserName>("UserName");
    proptest!(|(text in texts().prop_filter("a tag", |text| !has_tag(text)))| {
        let (schema, name) = takes(&text);
        prop_assert_eq!(schema, name, "{:?}", text);
    });
}

#[test]
fn type_and_schema_agree_on_every_word_of_a_sort() {
    let key = text_test::<OrganizationSortKey>("OrganizationSortKey");
    let direction = text_test::<SortDirection>("SortDirection");
    proptest!(|(text in prop_oneof!["id|name|asc|desc|Name|ASC", texts()])| {
        for (schema, word) in [key(&text), direction(&text)] {
            prop_assert_eq!(schema, word, "{:?}", text);
        }
    });
}

#[test]
fn type_and_schema_agree_on_every_number() {
    let operations = number_test::<u64, Operations>("Operations");
    let limit = number_test::<u32, PageLimit>("PageLimit");
    let offset = number_test::<u32, PageOffset>("PageOffset");
    let organization = number_test::<u64, OrganizationId>("OrganizationId");
    let region = number_test::<u64, RegionId>("RegionId");
    let country = number_test::<u64, CountryId>("CountryId");
    proptest!(|(number in numbers())| {
        for (name, (schema, value)) in [
            ("Operations", operations(number)),
            ("PageLimit", limit(number)),
            ("PageOffset", offset(number)),
            ("OrganizationId", organization(number)),
            ("RegionId", region(number)),
            ("CountryId", country(number)),
        ] {
            prop_assert_eq!(schema, value, "{} {}", name, number);
        }
    });
}

#[test]
fn no_schema_of_a_request_takes_a_number_in_a_string_or_a_fraction() {
    for name in ["Operations", "PageLimit", "PageOffset", "OrganizationId", "RegionId", "CountryId"] {
        let validator = validator(name);
        for value in [json!("10000"), json!(10_000.5), json!(true), Value::Null] {
            assert!(!validator.is_valid(&value), "{name} took {value}");
        }
        assert!(validator.is_valid(&json!(10_000)), "{name}");
    }
}
