//! Arbitrary input: taken or refused, and never a panic.

use std::fmt::{Debug, Display};
use std::ops::RangeInclusive;
use std::str::FromStr;

use mms_types::{
    CountryId, OrganizationId, PageLimit, PageOffset, RegionId, SCHEMA_NAMES, Timestamp, TimezoneId, UserId, ZoneId,
};
use proptest::prelude::*;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};

fn read<T: DeserializeOwned>(value: &Value) -> Option<T> {
    serde_json::from_str(&value.to_string()).ok()
}

/// Any text: mostly one that could pass for a number.
fn texts() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => "[+-]?[0-9]{0,22}",
        2 => "0{0,40}[0-9]{1,10}",
        1 => "[ +,._0-9a-zA-Z٣ -]{0,12}",
        1 => any::<String>(),
    ]
}

/// Any number of JSON: mostly whole ones, near the limits of the types.
fn numbers() -> impl Strategy<Value = Value> {
    let limits =
        prop::sample::select(vec![0, i32::MAX.unsigned_abs().into(), u32::MAX.into(), i64::MAX.unsigned_abs()]);
    prop_oneof![
        (limits, 0..3_u64).prop_map(|(limit, more)| json!(limit + more)),
        any::<u64>().prop_map(|number| json!(number)),
        any::<i64>().prop_map(|number| json!(number)),
        any::<f64>().prop_map(|number| json!(number)),
        any::<i32>().prop_map(|number| json!(f64::from(number) * 1e6)),
    ]
}

/// Any JSON, nested three deep.
fn values() -> impl Strategy<Value = Value> {
    let leaf =
        prop_oneof![Just(Value::Null), any::<bool>().prop_map(Value::from), numbers(), texts().prop_map(Value::from),];
    leaf.prop_recursive(3, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map("[a-z]{0,6}", inner, 0..4).prop_map(|fields| fields.into_iter().collect()),
        ]
    })
}

/// A number of the contract with its bounds.
trait Bounded: Copy + FromStr<Err: Display> + Display + Serialize + DeserializeOwned + PartialEq + Debug {
    /// What a caller may say.
    const RANGE: RangeInclusive<u64>;

    /// Returns the number that JSON says, where the type reads it.
    fn expected(value: &Value) -> Option<u64>;
}

/// An id takes from an answer whatever 64 bits hold: also as a float without a fraction, and in a string, there also with
/// blanks around it.
macro_rules! ids {
    ($($name:ident),+) => {$(
        impl Bounded for $name {
            const RANGE: RangeInclusive<u64> = 1..=i64::MAX.unsigned_abs();

            fn expected(value: &Value) -> Option<u64> {
                value.as_u64().or_else(|| whole(value)).or_else(|| digits(value.as_str()?.trim_ascii())?.parse().ok())
            }
        }
    )+};
}

ids!(CountryId, OrganizationId, RegionId, TimezoneId, UserId, ZoneId);

/// A page parameter is part of requests alone, so its range counts everywhere.
macro_rules! page_parameters {
    ($($name:ident from $minimum:literal),+) => {$(
        impl Bounded for $name {
            const RANGE: RangeInclusive<u64> = $minimum..=i32::MAX as u64;

            fn expected(value: &Value) -> Option<u64> {
                value.as_u64().filter(|rows| Self::RANGE.contains(rows))
            }
        }
    )+};
}

page_parameters!(PageLimit from 1, PageOffset from 0);

/// Returns what a float without a fraction stands for, up to 15 digits.
fn whole(value: &Value) -> Option<u64> {
    let float = value.as_f64().filter(|float| value.is_f64() && float.fract() == 0.0 && float.abs() < 1e15)?;
    format!("{:.0}", float + 0.0).parse().ok()
}

fn digits(text: &str) -> Option<&str> {
    Some(text).filter(|text| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()))
}

/// A text is taken if it is a whole number in range; what is taken is read back from what it prints and writes.
fn check_text<T: Bounded>(text: &str) -> Result<(), TestCaseError> {
    let expected = digits(text).and_then(|text| text.parse().ok()).filter(|number| T::RANGE.contains(number));
    match text.parse::<T>() {
        Ok(parsed) => {
            prop_assert_eq!(Some(parsed.to_string()), expected.map(|number| number.to_string()));
            prop_assert_eq!(parsed.to_string().parse::<T>().ok(), Some(parsed));
            prop_assert_eq!(read::<T>(&json!(parsed)), Some(parsed));
        }
        Err(error) => {
            prop_assert_eq!(expected, None, "{}", text);
            let error = error.to_string();
            prop_assert!(
                error.contains(text.trim_start_matches('0')) || error.contains(&format!("{text:?}")),
                "{}",
                error
            );
        }
    }
    Ok(())
}

/// JSON is read as text is, but for the ids of an answer, which are taken as they come: see [`Bounded::expected`].
fn check_json<T: Bounded>(value: &Value) -> Result<(), TestCaseError> {
    let expected = T::expected(value);
    let found = read::<T>(value);
    prop_assert_eq!(found.map(|found| found.to_string()), expected.map(|number| number.to_string()), "{}", value);
    if let Some(found) = found {
        let in_range = expected.is_some_and(|number| T::RANGE.contains(&number));
        prop_assert_eq!(found.to_string().parse::<T>().ok(), Some(found).filter(|_| in_range));
        prop_assert_eq!(read::<T>(&json!(found)), Some(found));
    }
    Ok(())
}

/// Runs a check for the six ids and both page parameters.
macro_rules! check_each {
    ($check:ident, $input:expr) => {
        $check::<CountryId>($input)?;
        $check::<OrganizationId>($input)?;
        $check::<RegionId>($input)?;
        $check::<TimezoneId>($input)?;
        $check::<UserId>($input)?;
        $check::<ZoneId>($input)?;
        $check::<PageLimit>($input)?;
        $check::<PageOffset>($input)?;
    };
}

/// Reads a value as a type; what is read can be written and read again, with nothing lost.
fn check_reading<T: DeserializeOwned + Serialize + PartialEq + Debug>(value: &Value) -> Result<(), TestCaseError> {
    if let Some(found) = read::<T>(value) {
        match serde_json::to_value(&found) {
            Ok(written) => prop_assert_eq!(read::<T>(&written), Some(found)),
            Err(error) => prop_assert!(error.to_string().contains("id"), "a create with an id out of range: {}", error),
        }
    }
    Ok(())
}

/// Declares the types that read whatever arrives.
macro_rules! types {
    ($($name:ident),+ $(,)?) => {
        const TYPES: &[&str] = &[$(stringify!($name)),+];

        fn check_reading_as_every_type(value: &Value) -> Result<(), TestCaseError> {
            $(check_reading::<mms_types::$name>(value)?;)+
            Ok(())
        }
    };
}

types! {
    Allocation,
    ApiError,
    ApiSuberror,
    Centicredits,
    ChildOrganization,
    ChildOrganizationConsumption,
    ChildOrganizationConsumptionList,
    ChildOrganizationList,
    Country,
    CountryId,
    CountryList,
    CreateChildOrganizationRequest,
    CreatedChildOrganization,
    CurrentAuthorization,
    CurrentAuthorizationResponse,
    CurrentUser,
    CurrentUserResponse,
    EmailAddress,
    License,
    Operations,
    Organization,
    OrganizationId,
    OrganizationList,
    OrganizationName,
    OrganizationResponse,
    OrganizationSortKey,
    OrganizationSummary,
    PageLimit,
    PageOffset,
    Pagination,
    Region,
    RegionId,
    RegionList,
    SortDirection,
    Timezone,
    TimezoneId,
    TimezoneList,
    UpdateAllocationRequest,
    UserId,
    UserName,
    Zone,
    ZoneId,
    ZoneList,
}

#[test]
fn every_type_of_the_registry_is_put_to_the_test() {
    assert_eq!(TYPES, SCHEMA_NAMES);
}

/// Values that are nearly what a schema says: a field may be missing, and a tenth of them is any JSON.
fn near(schemas: &Value, schema: &Value) -> BoxedStrategy<Value> {
    if let Some(name) = schema["$ref"].as_str().and_then(|reference| reference.rsplit('/').next()) {
        return near(schemas, &schemas[name]);
    }
    let meant = match schema["type"].as_str() {
        Some("object") => {
            let properties = schema["properties"].as_object().into_iter().flatten();
            let fields: Vec<_> = properties
                .map(|(name, property)| (Just(name.clone()), prop::option::weighted(0.95, near(schemas, property))))
                .collect();
            fields
                .prop_map(|fields| {
                    let present = fields.into_iter().filter_map(|(name, value)| Some((name, value?)));
                    Value::Object(present.collect::<Map<_, _>>())
                })
                .boxed()
        }
        Some("array") => prop::collection::vec(near(schemas, &schema["items"]), 0..3).prop_map(Value::from).boxed(),
        Some("string") => texts().prop_map(Value::from).boxed(),
        Some("boolean") => any::<bool>().prop_map(Value::from).boxed(),
        _ => any::<i64>().prop_map(Value::from).boxed(),
    };
    prop_oneof![9 => meant, 1 => values()].boxed()
}

proptest! {
    #[test]
    fn ids_and_page_parameters_take_whole_numbers_in_range_and_nothing_else(text in texts()) {
        check_each!(check_text, &text);
    }

    #[test]
    fn ids_and_page_parameters_read_json_as_they_read_text_but_for_how_an_answer_writes_ids(value in prop_oneof![texts().prop_map(Value::from), numbers(), values()]) {
        check_each!(check_json, &value);
    }

    #[test]
    fn a_timestamp_is_any_text_and_no_other_json(value in prop_oneof![texts().prop_map(Value::from), values()]) {
        let timestamp = read::<Timestamp>(&value);
        prop_assert_eq!(timestamp.as_ref().map(Timestamp::as_str), value.as_str());
        if let Some(timestamp) = timestamp {
            prop_assert_eq!(json!(timestamp.to_string()), value.clone());
            prop_assert_eq!(json!(timestamp), value);
        }
    }

    #[test]
    fn any_json_is_read_or_refused_by_every_type(value in values()) {
        check_reading_as_every_type(&value)?;
    }
}

#[test]
fn what_is_nearly_documented_is_read_or_refused_by_every_type() {
    let document: Value = serde_json::from_str(include_str!("../../openapi/mms.json")).unwrap();
    let schemas = &document["components"]["schemas"];
    for schema in schemas.as_object().unwrap().values() {
        proptest!(ProptestConfig::with_cases(32), |(value in near(schemas, schema))| {
            check_reading_as_every_type(&value)?;
        });
    }
}
