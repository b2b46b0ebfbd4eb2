//! Parsing: what the types take, what they refuse, and that nothing is lost on the way. Names and addresses are in `texts.rs`.

use mms_types::{
    Allocation, ApiError, Centicredits, ChildOrganization, ChildOrganizationConsumption, ChildOrganizationList,
    CountryId, CreateChildOrganizationRequest, CreatedChildOrganization, License, Operations, OrganizationId,
    OrganizationResponse, PageLimit, PageOffset, RegionId, UpdateAllocationRequest,
};
use proptest::prelude::*;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

fn read<T: DeserializeOwned>(value: &Value) -> Result<T, serde_json::Error> {
    serde_json::from_str(&value.to_string())
}

/// Any text: mostly of the characters that decide, now and then of all Unicode.
fn any_text() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => r##"[ a-zA-Z0-9'\-.()*+,@_/!"#$%&:;<=>?\[\]^`{|}~\\\t\x00\x1f\x7f\x85äß語\u{a0}\u{ad}\u{200b}\u{200d}\u{202e}\u{2800}\u{3000}\u{3164}\u{feff}\u{e0041}]{0,12}"##,
        1 => any::<String>(),
    ]
}

proptest! {
    #[test]
    fn operations_hold_every_multiple_of_10000(steps in 0..=Operations::MAX.get() / Operations::STEP) {
        let operations = Operations::new(steps * Operations::STEP).unwrap();
        prop_assert_eq!(operations.to_string().parse::<Operations>().unwrap(), operations);
        prop_assert_eq!(read::<Operations>(&json!(operations)).unwrap(), operations);
    }

    #[test]
    fn operations_refuse_everything_else_and_name_both_neighbours(number in 0..Operations::MAX.get()) {
        prop_assume!(number % 10_000 != 0);
        let error = Operations::new(number).unwrap_err().to_string();
        let below = number / 10_000 * 10_000;
        prop_assert_eq!(&error, &format!("{number} is not a multiple of 10000: try {below} or {}", below + 10_000));
        prop_assert_eq!(number.to_string().parse::<Operations>().unwrap_err().to_string(), error);
        prop_assert!(read::<Operations>(&json!(number)).is_err());
    }

    #[test]
    fn operations_of_any_number_of_digits_that_are_too_many_are_too_large(digits in "[1-9][0-9]{19,40}") {
        let error = digits.parse::<Operations>().unwrap_err().to_string();
        prop_assert_eq!(error, format!("{digits} is too large: at most 9223372036854770000"));
    }

    #[test]
    fn operations_never_parse_into_something_that_prints_otherwise(text in any_text()) {
        if let Ok(operations) = text.parse::<Operations>() {
            prop_assert_eq!(operations.to_string(), text.trim_start_matches('0').to_owned().max("0".to_owned()));
        }
    }

    #[test]
    fn centicredits_are_exact_and_travel_as_a_string(number: u64) {
        let centicredits = Centicredits::new(number);
        prop_assert_eq!(json!(centicredits), json!(number.to_string()));
        prop_assert_eq!(read::<Centicredits>(&json!(number.to_string())).unwrap(), centicredits);
        prop_assert_eq!(read::<Centicredits>(&json!(number)).unwrap(), centicredits);
        prop_assert_eq!(number.to_string().parse::<Centicredits>().unwrap(), centicredits);
        prop_assert_eq!(centicredits.to_string().replace('.', "").parse::<u64>().unwrap(), number);
        prop_assert_eq!(centicredits.to_string().rsplit('.').next().unwrap().len(), 2);
    }

    #[test]
    fn centicredits_are_decimal_digits_and_in_json_alone_may_have_blanks_around_them(
        text in prop_oneof![r"[+-]?[0-9]{0,21}", r"[ \t\n\r\x0c]{0,2}[+-]?[0-9]{0,3}[ \t\n\r\x0c]{0,2}", any_text()],
    ) {
        let number = |text: &str| {
            let digits = text.bytes().all(|byte| byte.is_ascii_digit());
            text.parse::<u64>().ok().filter(|_| digits).map(Centicredits::new)
        };
        prop_assert_eq!(text.parse::<Centicredits>().ok(), number(&text));
        prop_assert_eq!(read::<Centicredits>(&json!(text)).ok(), number(text.trim_ascii()));
    }

    #[test]
    fn centicredits_take_width_fill_and_alignment_and_no_precision(number: u64, width in 0..30_usize, precision in 0..30_usize) {
        let centicredits = Centicredits::new(number);
        let text = centicredits.to_string();
        prop_assert_eq!(format!("{centicredits:.precision$}"), text.clone());
        prop_assert_eq!(format!("{centicredits:*>width$.precision$}"), format!("{text:*>width$}"));
        prop_assert_eq!(format!("{centicredits:*^width$.precision$}"), format!("{text:*^width$}"));
        prop_assert_eq!(format!("{centicredits:<width$.precision$}"), format!("{text:<width$}"));
        prop_assert_eq!(format!("{centicredits:width$}"), format!("{text:>width$}"), "a number is on the right");
    }

    #[test]
    fn ids_parse_whole_numbers_from_1(text in prop_oneof!["[0-9]{0,21}", any_text()]) {
        let expected = text.parse::<i64>().ok().filter(|id| *id > 0 && !text.starts_with('+')).map(i64::unsigned_abs);
        let parsed = text.parse::<OrganizationId>();
        prop_assert_eq!(parsed.as_ref().ok().map(|id| id.get()), expected);
        if let Err(error) = parsed {
            let (quoted, bare) = (format!("{text:?} is not an id"), format!("{text} is too large for an id"));
            prop_assert!(error.to_string().starts_with(&quoted) || error.to_string() == bare, "{error}");
        }
    }

    #[test]
    fn ids_are_read_from_numbers_and_from_strings(id: u64) {
        let expected = OrganizationId::new(id);
        prop_assert_eq!(read::<OrganizationId>(&json!(id)).unwrap(), expected);
        prop_assert_eq!(read::<OrganizationId>(&json!(id.to_string())).unwrap(), expected);
        prop_assert_eq!(json!(expected), json!(id));
    }

    #[test]
    fn ids_take_integer_literals(id: i32) {
        prop_assert_eq!(OrganizationId::try_from(id).ok().map(OrganizationId::get), u64::try_from(id).ok().filter(|id| *id > 0));
    }

    #[test]
    fn page_parameters_stay_in_their_range(rows: u32) {
        let in_range = rows <= i32::MAX.unsigned_abs();
        prop_assert_eq!(PageLimit::new(rows).is_ok(), in_range && rows > 0);
        prop_assert_eq!(PageOffset::new(rows).is_ok(), in_range);
        prop_assert_eq!(rows.to_string().parse::<PageLimit>(), PageLimit::new(rows));
        prop_assert_eq!(rows.to_string().parse::<PageOffset>(), PageOffset::new(rows));
    }

    #[test]
    fn counts_of_an_answer_are_read_from_numbers_and_from_strings(count: i64) {
        let number = json!({"organizationId": 1, "organizationName": "A", "operationsAllocated": count});
        let string = json!({"organizationId": "1", "organizationName": "A", "operationsAllocated": count.to_string()});
        let child: ChildOrganization = read(&number).unwrap();
        prop_assert_eq!(child.operations_allocated, Some(count));
        prop_assert_eq!(read::<ChildOrganization>(&string).unwrap(), child);
    }

    #[test]
    fn a_count_in_a_string_is_decimal_digits_after_one_sign_at_most_with_blanks_around_them_or_none(
        text in prop_oneof!["[+-]{0,2}[0-9]{0,20}", "[ \\t]{0,2}[+-]?[ ]?[0-9]{0,3}[ \\n]{0,2}", any_text()],
    ) {
        let body = json!({"organizationId": 1, "organizationName": "A", "operationsAllocated": text});
        let number = text.trim_ascii();
        let expected = number.parse::<i64>().ok().filter(|_| !number.starts_with('+'));
        prop_assert_eq!(read::<ChildOrganization>(&body).unwrap().operations_allocated, expected);
    }

    #[test]
    fn a_float_without_a_fraction_is_an_integer_up_to_15_digits(number in -2_000_000_000_000_000..2_000_000_000_000_000_i64) {
        let list = format!(r#"{{"managedOrganizations": [], "pg": {{"limit": {number}.0}}}}"#);
        let list: ChildOrganizationList = serde_json::from_str(&list).unwrap();
        let expected = Some(number).filter(|number| number.abs() < 1_000_000_000_000_000);
        prop_assert_eq!(list.pg.unwrap().limit, expected);
    }

    #[test]
    fn reading_any_text_as_any_type_is_an_error_and_never_a_panic(text in any_text()) {
        let _ = serde_json::from_str::<ApiError>(&text);
        let _ = serde_json::from_str::<ChildOrganization>(&text);
        let _ = serde_json::from_str::<Centicredits>(&text);
        let _ = serde_json::from_str::<License>(&text);
    }
}

#[test]
fn the_edges_of_operations() {
    assert_eq!("0".parse::<Operations>().unwrap(), Operations::default());
    assert_eq!(
        Operations::new(12_345).unwrap_err().to_string(),
        "12345 is not a multiple of 10000: try 10000 or 20000"
    );
    assert_eq!(Operations::new(5).unwrap_err().to_string(), "5 is not a multiple of 10000: try 0 or 10000");
    let too_large = Operations::new(u64::MAX).unwrap_err().to_string();
    assert_eq!(too_large, "18446744073709551615 is too large: at most 9223372036854770000");
    let too_large = "18446744073709551616".parse::<Operations>().unwrap_err().to_string();
    assert_eq!(too_large, "18446744073709551616 is too large: at most 9223372036854770000");
    for text in ["", "-10000", "+10000", "10,000", "1e4", "10000.0", " 10000"] {
        let error = text.parse::<Operations>().unwrap_err().to_string();
        assert!(error.starts_with(&format!("{text:?} is not a number of operations")), "{error}");
    }
}

#[test]
fn an_answer_with_an_odd_allocation_still_decodes() {
    let child: ChildOrganization =
        read(&json!({"organizationId": 1, "organizationName": "A", "operationsAllocated": 12345})).unwrap();
    assert_eq!(child.operations_allocated, Some(12_345));
}

#[test]
fn a_request_with_an_odd_allocation_cannot_be_read() {
    let error = read::<UpdateAllocationRequest>(&json!({"operations": 12345})).unwrap_err().to_string();
    assert!(error.starts_with("12345 is not a multiple of 10000: try 10000 or 20000"), "{error}");
}

#[test]
fn centicredits_print_as_credits_with_two_decimals() {
    assert_eq!(Centicredits::new(0).to_string(), "0.00");
    assert_eq!(Centicredits::new(7).to_string(), "0.07");
    assert_eq!(Centicredits::new(u64::MAX).to_string(), "184467440737095516.15");
    assert_eq!(format!("{:>8}", Centicredits::new(941)), "    9.41");
    assert_eq!("007".parse::<Centicredits>().unwrap().get(), 7);
    for value in [
        json!("18446744073709551616"),
        json!(-1),
        json!("-1"),
        json!("+5"),
        json!("-0"),
        json!(1.5),
        json!("1.5"),
        json!(""),
        json!(true),
    ] {
        assert!(read::<Centicredits>(&value).is_err(), "{value}");
    }
}

#[test]
fn whether_the_owner_existed_is_read_from_a_number_a_boolean_and_a_string() {
    for (value, expected) in [
        (json!(1), Some(true)),
        (json!(0), Some(false)),
        (json!(true), Some(true)),
        (json!(false), Some(false)),
        (json!("1"), Some(true)),
        (json!("false"), Some(false)),
        (Value::Null, None),
    ] {
        let created: CreatedChildOrganization =
            read(&json!({"childOrganizationId": 124, "userExisted": value})).unwrap();
        assert_eq!(created.user_existed, expected, "{value}");
    }
    let created: CreatedChildOrganization = read(&json!({"childOrganizationId": 124, "userExisted": true})).unwrap();
    assert_eq!(json!(created), json!({"childOrganizationId": 124, "userExisted": 1}));
    let created: CreatedChildOrganization = read(&json!({"childOrganizationId": 124, "userExisted": "yes"})).unwrap();
    assert_eq!(created.user_existed, None);
}

#[test]
fn a_boolean_of_an_answer_is_read_from_a_number_too() {
    let body = json!({"newParentOperations": 1, "newChildOperations": 2, "limitIncreased": 1});
    let allocation: Allocation = read(&body).unwrap();
    assert_eq!(allocation.limit_increased, Some(true));
    assert_eq!(json!(allocation)["limitIncreased"], json!(true));
}

#[test]
fn unknown_fields_are_ignored_and_missing_or_null_ones_are_none() {
    let response: OrganizationResponse = read(&json!({"organization": {
        "id": 11, "name": "Distributor", "teams": [], "license": {"apiLimit": "240", "users": 5},
        "lastReset": null, "unusedCenticredits": 12,
    }}))
    .unwrap();
    let license = response.organization.license.unwrap();
    assert_eq!((license.api_limit, license.operations), (Some(240), None));
    assert_eq!((response.organization.last_reset, response.organization.next_reset), (None, None));
    assert_eq!(response.organization.unused_centicredits, Some(Centicredits::new(12)));

    let row: ChildOrganizationConsumption = read(&json!({"organizationId": 1, "centicreditsConsumed": 5})).unwrap();
    assert_eq!(json!(row), json!({"organizationId": 1, "centicreditsConsumed": "5", "lastReset": null}));
}

#[test]
fn numbers_of_an_answer_may_be_whole_floats_or_have_blanks_around_them_in_a_string() {
    for value in [json!(100), json!(100.0), json!(1e2), json!("100"), json!(" 100"), json!("100\t"), json!("\r\n 100 ")]
    {
        let body = json!({"organization": {"id": value, "name": "D", "countryId": value, "unusedCenticredits": value,
            "license": {"operations": value, "apiLimit": value}}});
        let organization = read::<OrganizationResponse>(&body).unwrap().organization;
        assert_eq!((organization.id.get(), organization.country_id), (100, Some(CountryId::new(100))), "{value}");
        assert_eq!(organization.unused_centicredits, Some(Centicredits::new(100)), "{value}");
        let license = organization.license.unwrap();
        assert_eq!((license.operations, license.api_limit), (Some(100), Some(100)), "{value}");

        let list: ChildOrganizationList = read(&json!({"managedOrganizations": [], "pg": {"limit": value}})).unwrap();
        assert_eq!(list.pg.unwrap().limit, Some(100), "{value}");
    }
}

#[test]
fn fractions_and_floats_beyond_15_digits_are_not_read() {
    for value in [
        json!(100.5),
        json!("100.0"),
        json!("1e2"),
        json!("1 00"),
        json!("- 1"),
        json!("\u{a0}100"),
        json!(" "),
        json!(1_000_000_000_000_000.0),
        json!(-1_000_000_000_000_000.0),
        json!(1e300),
    ] {
        let list: ChildOrganizationList = read(&json!({"managedOrganizations": [], "pg": {"limit": value}})).unwrap();
        assert_eq!(list.pg.unwrap().limit, None, "{value}");
        assert!(read::<Centicredits>(&value).is_err(), "{value}");
        assert!(read::<OrganizationId>(&value).is_err(), "{value}");
    }
    assert_eq!(read::<Centicredits>(&json!(999_999_999_999_999.0)).unwrap().get(), 999_999_999_999_999);
    assert!(read::<Centicredits>(&json!(-1.0)).is_err());
}

#[test]
fn an_optional_field_that_cannot_be_read_is_none_and_loses_nothing_else() {
    let odd = [json!(-5), json!("-5"), json!(12.5), json!(""), json!([1]), json!({"a": 1}), json!(true)];
    for value in &odd {
        let body = json!({"organization": {"id": 11, "name": "D", "unusedCenticredits": value, "lastReset": [value],
            "license": {"operations": [value], "apiLimit": 240}}});
        let organization = read::<OrganizationResponse>(&body).unwrap().organization;
        assert_eq!((organization.unused_centicredits, organization.last_reset), (None, None), "{value}");
        let license = organization.license.unwrap();
        assert_eq!((license.operations, license.api_limit), (None, Some(240)), "{value}");

        let body = json!({"managedOrganizations": [], "pg": {"last": [value], "sortBy": [value], "limit": 100}});
        let pg = read::<ChildOrganizationList>(&body).unwrap().pg.unwrap();
        assert_eq!((pg.last, pg.sort_by, pg.limit), (None, None, Some(100)), "{value}");
    }
    let created: CreatedChildOrganization =
        read(&json!({"childOrganizationId": 124, "userId": "x", "domain": 5})).unwrap();
    assert_eq!((created.child_organization_id.get(), created.user_id, created.domain), (124, None, None));
}

#[test]
fn a_field_that_matters_is_never_guessed() {
    for value in [json!(-5), json!(1.5), json!(""), Value::Null] {
        let row = json!({"organizationId": 1, "centicreditsConsumed": value});
        assert_eq!(read::<ChildOrganizationConsumption>(&row).unwrap().centicredits_consumed, None, "{value}");
    }
    for value in [json!(1.5), json!(""), Value::Null] {
        let child = json!({"organizationId": 1, "organizationName": "A", "operationsAllocated": value});
        assert_eq!(read::<ChildOrganization>(&child).unwrap().operations_allocated, None, "{value}");
    }
}

#[test]
fn a_field_of_an_error_that_cannot_be_read_loses_nothing_else() {
    for value in [json!(400), json!(true), json!(["a"]), json!({"a": 1}), Value::Null] {
        let message = ApiError { message: Some("m".to_owned()), ..ApiError::default() };
        assert_eq!(read::<ApiError>(&json!({"code": value, "detail": value, "message": "m"})).unwrap(), message);
        let code = ApiError { code: Some("c".to_owned()), ..ApiError::default() };
        assert_eq!(read::<ApiError>(&json!({"message": value, "code": "c"})).unwrap(), code);
    }
    for value in [json!(400), json!("down"), json!({"message": "m"}), Value::Null] {
        assert_eq!(read::<ApiError>(&json!({ "suberrors": value })).unwrap(), ApiError::default(), "{value}");
    }
}

#[test]
fn a_suberror_that_cannot_be_read_loses_no_other() {
    let first = json!({"message": "first", "name": 5});
    let body = json!({"suberrors": [first, "odd", 7, null, true, {"message": ["odd"], "name": "Error"}]});
    let suberrors = read::<ApiError>(&body).unwrap().suberrors;
    assert_eq!(json!(suberrors), json!([{"message": "first"}, {"name": "Error"}]));
}

#[test]
fn an_error_body_without_suberrors_is_read() {
    let error: ApiError = read(&json!({"code": "IM011", "suberrors": null})).unwrap();
    assert_eq!(error, ApiError { code: Some("IM011".to_owned()), ..ApiError::default() });
}

#[test]
fn a_create_with_an_id_out_of_range_is_not_written() {
    let create = |region_id, country_id| CreateChildOrganizationRequest {
        user_email: "ada@acme.example".parse().unwrap(),
        user_name: "Ada".parse().unwrap(),
        organization_name: "Acme".parse().unwrap(),
        region_id: RegionId::new(region_id),
        country_id: CountryId::new(country_id),
        operations: Operations::default(),
    };
    let largest = i64::MAX.unsigned_abs();
    let written = serde_json::to_value(create(1, largest)).unwrap();
    assert_eq!((&written["regionId"], &written["countryId"]), (&json!(1), &json!(largest)));
    for (id, sentence) in [
        (0, r#""0" is not an id: expected a whole number from 1"#),
        (largest + 1, "9223372036854775808 is too large for an id"),
        (u64::MAX, "18446744073709551615 is too large for an id"),
    ] {
        assert_eq!(serde_json::to_string(&create(id, 1)).unwrap_err().to_string(), sentence);
        assert_eq!(serde_json::to_string(&create(1, id)).unwrap_err().to_string(), sentence);
        assert_eq!(json!(RegionId::new(id)), json!(id), "an answer is written as it is");
    }
}

#[test]
fn a_create_names_the_field_that_is_missing() {
    let error = read::<CreateChildOrganizationRequest>(&json!({"userEmail": "a@b.example"})).unwrap_err().to_string();
    assert!(error.starts_with("missing field `userName`"), "{error}");
}
