//! Types of the control side against their schemas.

#![expect(clippy::unwrap_used, reason = "a failed unwrap fails the test at the right line")]

use mms_types::sandbox::{
    Behaviour, ChildState, ClockAdvance, ClockReading, ClockSetting, ConsumeRequest, ConsumptionRows, CopyRequest,
    CreateStatus, DiffSign, DistributorState, Fault, FaultAction, FaultId, FaultKind, FaultList, FaultRule, Foreign,
    HttpMethod, LimitBody, Limiter, OperationId, Paging, RequestList, RequestRecord, RequestSequence, RestartPeriod,
    RetryAfter, SCHEMA_NAMES, SandboxCopy, SandboxState, StateSummary, TokenState, UsageProfile, UsageShape, Verdict,
    schemas,
};
use mms_types::{
    ApiError, ApiSuberror, Centicredits, CountryId, EmailAddress, Operations, OrganizationId, OrganizationName,
    PageLimit, TimezoneId, UserId, UserName, ZoneId,
};
use proptest::prelude::*;
use proptest::string::string_regex;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};

/// Reads a text as a type and returns what the type writes, if that reads as the same again.
type Trip = fn(&str) -> Result<Value, String>;

fn trip<T: Serialize + DeserializeOwned + PartialEq>(text: &str) -> Result<Value, String> {
    let value: T = serde_json::from_str(text).map_err(|error| error.to_string())?;
    let written = json!(value);
    let again: T = serde_json::from_str(&written.to_string()).map_err(|error| format!("{written}: {error}"))?;
    if again == value { Ok(written) } else { Err(format!("{written} reads as something else")) }
}

macro_rules! trips {
    ($($name:ident),+ $(,)?) => {
        /// Every type, by the name of its schema.
        const TRIPS: &[(&str, Trip)] = &[$((stringify!($name), trip::<$name>)),+];
    };
}

trips! {
    ApiError, ApiSuberror, Behaviour, Centicredits, ChildState, ClockAdvance, ClockReading, ClockSetting,
    ConsumeRequest, ConsumptionRows, CopyRequest, CountryId, CreateStatus, DiffSign, DistributorState, EmailAddress,
    Fault, FaultAction, FaultId, FaultKind, FaultList, FaultRule, Foreign, HttpMethod, LimitBody, Limiter,
    OperationId, Operations, OrganizationId, OrganizationName, PageLimit, Paging, RequestList, RequestRecord,
    RequestSequence, RestartPeriod, RetryAfter, SandboxCopy, SandboxState, StateSummary, TimezoneId, TokenState,
    UsageProfile, UsageShape, UserId, UserName, Verdict, ZoneId,
}

/// Any value that a schema describes.
fn described(schema: &Value, schemas: &Map<String, Value>) -> BoxedStrategy<Value> {
    if let Some(target) = schema["$ref"].as_str().or_else(|| schema["allOf"][0]["$ref"].as_str()) {
        return described(&schemas[target.rsplit('/').next().unwrap()], schemas);
    }
    if let Some(values) = schema["enum"].as_array() {
        return prop::sample::select(values.clone()).boxed();
    }
    match schema["type"].as_str().unwrap() {
        "boolean" => any::<bool>().prop_map(Value::from).boxed(),
        "integer" => integer(schema),
        // Sixty-fourths are exact as floats and as decimals.
        "number" => (0..=64_u32).prop_map(|part| (f64::from(part) / 64.0).into()).boxed(),
        "string" => text(schema).prop_map(Value::from).boxed(),
        "array" => prop::collection::vec(described(&schema["items"], schemas), 0..3).prop_map(Value::from).boxed(),
        "object" => object(schema, schemas),
        other => unreachable!("a value of type {other}"),
    }
}

fn integer(schema: &Value) -> BoxedStrategy<Value> {
    let step = schema["multipleOf"].as_i64().unwrap_or(1);
    let smallest = schema["minimum"].as_i64().unwrap_or(i64::MIN) / step;
    let largest = schema["maximum"].as_i64().unwrap_or(i64::MAX) / step;
    prop_oneof![smallest..=largest, Just(smallest), Just(largest)]
        .prop_map(move |number| (number * step).into())
        .boxed()
}

fn text(schema: &Value) -> BoxedStrategy<String> {
    match (schema["format"].as_str(), schema["pattern"].as_str()) {
        (Some("date-time"), _) => {
            string_regex("20[0-9]{2}-0[1-9]-[12][0-9]T1[0-9]:[0-5][0-9]:[0-5][0-9]Z").unwrap().boxed()
        }
        (Some("email"), _) => string_regex(r"[a-z]{1,8}@[a-z]{1,8}\.example").unwrap().boxed(),
        (_, Some("^[0-9]+$")) => any::<u64>().prop_map(|number| number.to_string()).boxed(),
        // Tags are refused by the types alone: no escape for them is portable among regular expressions.
        (_, Some(pattern)) => string_regex(pattern.trim_matches(['^', '$']))
            .unwrap()
            .prop_filter("a tag", |text| !text.contains(|tag| matches!(tag, '\u{e0000}'..='\u{e007f}')))
            .boxed(),
        _ => any::<String>().boxed(),
    }
}

fn object(schema: &Value, schemas: &Map<String, Value>) -> BoxedStrategy<Value> {
    let properties: Vec<BoxedStrategy<(String, Option<Value>)>> = schema["properties"]
        .as_object()
        .unwrap()
        .iter()
        .map(|(name, property)| {
            let value = described(property, schemas);
            let name = name.clone();
            let value = if required(schema).contains(&name.as_str()) {
                value.prop_map(Some).boxed()
            } else {
                prop::option::of(value).boxed()
            };
            value.prop_map(move |value| (name.clone(), value)).boxed()
        })
        .collect();
    let object = |fields: Vec<(String, Option<Value>)>| {
        fields.into_iter().filter_map(|(name, value)| Some((name, value?))).collect::<Map<_, _>>().into()
    };
    properties.prop_map(object).boxed()
}

fn required(schema: &Value) -> Vec<&str> {
    schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str).collect()
}

/// Any type with a value that its schema describes.
fn any_described() -> impl Strategy<Value = (&'static str, Trip, Value)> {
    let schemas = schemas();
    prop::sample::select(TRIPS)
        .prop_flat_map(move |(name, trip)| (Just(name), Just(trip), described(&schemas[name], &schemas)))
}

/// Says whether everything in `part` stands in `whole` too; a field of `whole` may have been added as a default.
fn is_within(part: &Value, whole: &Value) -> bool {
    match (part, whole) {
        (Value::Object(part), Value::Object(whole)) => part.iter().all(|(name, value)| {
            let empty = value.as_array().is_some_and(Vec::is_empty);
            whole.get(name).map_or(empty, |found| is_within(value, found))
        }),
        (Value::Array(part), Value::Array(whole)) => {
            part.len() == whole.len() && part.iter().zip(whole).all(|(part, whole)| is_within(part, whole))
        }
        _ => part == whole,
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn what_a_schema_describes_is_read_and_written_again((name, trip, value) in any_described()) {
        let written = trip(&value.to_string()).map_err(|error| TestCaseError::fail(format!("{name}: {error}")))?;
        prop_assert!(is_within(&value, &written), "{name}: {value} became {written}");
    }

    #[test]
    fn a_field_that_is_unknown_or_missing_is_refused((name, trip, value) in any_described()) {
        let schemas = schemas();
        let closed = schemas[name]["additionalProperties"] == json!(false);
        let Value::Object(fields) = value else { return Ok(()) };
        if closed {
            let mut fields = fields.clone();
            fields.insert("unheardOf".to_owned(), json!(1));
            let error = trip(&json!(fields).to_string()).unwrap_err();
            prop_assert!(error.starts_with("unknown field `unheardOf`"), "{name}: {error}");
        }
        for field in required(&schemas[name]) {
            let mut fields = fields.clone();
            fields.remove(field);
            let error = trip(&json!(fields).to_string()).unwrap_err();
            prop_assert!(error.starts_with(&format!("missing field `{field}`")), "{name}: {error}");
        }
    }

    #[test]
    fn reading_any_text_is_an_error_and_never_a_panic(text: String, (_, trip) in prop::sample::select(TRIPS)) {
        let _ = trip(&text);
        let _ = trip(&json!(text).to_string());
    }
}

#[test]
fn every_schema_has_its_type_in_these_tests() {
    let names: Vec<&str> = TRIPS.iter().map(|(name, _)| *name).collect();
    assert_eq!(names, SCHEMA_NAMES);
}

#[test]
fn every_object_but_an_error_is_closed() {
    for (name, schema) in schemas() {
        let is_open = schema["type"] == "object" && schema["additionalProperties"] != json!(false);
        assert_eq!(is_open, name.starts_with("Api"), "{name}");
    }
}

#[test]
fn an_enum_is_a_list_of_values() {
    assert_eq!(
        schemas()["LimitBody"]["enum"],
        json!(["text", "json"]),
        "one list, though each value has a description in the code"
    );
    for (name, schema) in schemas() {
        assert!(schema.get("oneOf").is_none(), "{name}");
    }
}

#[test]
fn a_switch_that_is_left_out_has_its_default() {
    let behaviour: Behaviour = serde_json::from_str(r#"{"retryAfter": "present"}"#).unwrap();
    assert_eq!(behaviour, Behaviour { retry_after: RetryAfter::Present, ..Behaviour::default() });
    assert!(serde_json::from_str::<Behaviour>(r#"{"retryAfter": "sometimes"}"#).is_err());
}

#[test]
fn what_is_left_out_stays_out() {
    assert_eq!(json!(ClockSetting::default()), json!({}));
    let rule = json!({"action": {"kind": "close_after"}});
    assert_eq!(json!(serde_json::from_value::<FaultRule>(rule.clone()).unwrap()), rule);
    let state = json!({"distributors": []});
    assert_eq!(json!(serde_json::from_value::<SandboxState>(state.clone()).unwrap()), state);
}

#[test]
fn a_state_refuses_an_allocation_off_the_step_and_names_its_neighbours() {
    let child = json!({"organizationName": "Acme", "operationsAllocated": 12_345});
    let error = serde_json::from_value::<ChildState>(child).unwrap_err().to_string();
    assert!(error.starts_with("12345 is not a multiple of 10000: try 10000 or 20000"), "{error}");
}
