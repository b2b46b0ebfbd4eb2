//! Tolerance: documented answers, changed at one place at a time in ways that a client should bear.

use mms_tests::Document;
use serde_json::{Map, Value, json};

use crate::calls::{Answer, Call, call_of};

/// An object within a documented answer.
#[derive(Clone)]
struct Location<'a> {
    call: Call,
    answer: &'a Value,
    /// Where the object stands in the answer.
    pointer: String,
    /// Its schema, references followed.
    schema: &'a Value,
}

impl<'a> Location<'a> {
    /// Sends the answer after a change of this object.
    async fn with(&self, change: impl FnOnce(&mut Map<String, Value>)) -> Result<Answer, mms_client::Error> {
        self.call.answered(200, "application/json", &self.changed(change).to_string()).await
    }

    /// Returns the answer after a change of this object.
    fn changed(&self, change: impl FnOnce(&mut Map<String, Value>)) -> Value {
        let mut answer = self.answer.clone();
        change(answer.pointer_mut(&self.pointer).unwrap().as_object_mut().unwrap());
        answer
    }

    /// Returns the names and values of the object.
    fn fields(&self) -> &'a Map<String, Value> {
        self.answer.pointer(&self.pointer).unwrap().as_object().unwrap()
    }

    fn is_required(&self, field: &str) -> bool {
        self.schema["required"].as_array().into_iter().flatten().any(|name| name == field)
    }
}

/// Returns every object in every documented answer.
fn places(document: &Document) -> Vec<Location<'_>> {
    let places = document.answers().flat_map(|example| {
        let mut objects = Vec::new();
        walk(document.json(), example.schema, example.value, String::new(), &mut objects);
        objects.into_iter().map(move |(pointer, schema)| Location {
            call: call_of(example.operation),
            answer: example.value,
            pointer,
            schema,
        })
    });
    places.collect()
}

/// A field of an object within a documented answer.
struct Field<'a> {
    place: Location<'a>,
    name: &'a String,
    value: &'a Value,
}

impl Field<'_> {
    /// Sends the answer without the field.
    async fn left_out(&self) -> Result<Answer, mms_client::Error> {
        self.place.with(|object| drop(object.remove(self.name))).await
    }

    /// Sends the answer with another value in the field.
    async fn replaced(&self, value: impl Into<Value>) -> Result<Answer, mms_client::Error> {
        let value = value.into();
        self.place.with(|object| drop(object.insert(self.name.clone(), value))).await
    }

    /// Names the field, for the message of a failure.
    fn path(&self) -> String {
        format!("{} {}/{}", self.place.call.operation, self.place.pointer, self.name)
    }
}

/// Returns the fields that are wanted, of every object in every documented answer; at least one.
fn fields<'a>(document: &'a Document, wanted: impl Fn(&Field<'a>) -> bool) -> Vec<Field<'a>> {
    let fields = places(document).into_iter().flat_map(|place| {
        let fields = place.fields().iter();
        fields.map(move |(name, value)| Field { place: place.clone(), name, value })
    });
    let fields: Vec<Field<'_>> = fields.filter(wanted).collect();
    assert!(!fields.is_empty(), "the document has no such field");
    fields
}

/// Collects the objects in a value, each with its schema.
fn walk<'a>(
    document: &'a Value,
    schema: &'a Value,
    value: &Value,
    pointer: String,
    objects: &mut Vec<(String, &'a Value)>,
) {
    let reference = schema["$ref"].as_str().and_then(|reference| reference.strip_prefix('#'));
    let schema = reference.map_or(schema, |reference| document.pointer(reference).unwrap());
    match value {
        Value::Object(fields) => {
            for (name, value) in fields {
                walk(document, &schema["properties"][name], value, format!("{pointer}/{name}"), objects);
            }
            objects.push((pointer, schema));
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                walk(document, &schema["items"], item, format!("{pointer}/{index}"), objects);
            }
        }
        _ => {}
    }
}

/// Leaves out what is null: whether a missing field comes back as null does not matter.
fn without_nulls(value: &Value) -> Value {
    match value {
        Value::Object(fields) => {
            let fields = fields.iter().filter(|(_, value)| !value.is_null());
            fields.map(|(name, value)| (name.clone(), without_nulls(value))).collect()
        }
        Value::Array(items) => items.iter().map(without_nulls).collect(),
        other => other.clone(),
    }
}

#[tokio::test]
async fn unknown_fields_are_ignored_at_any_depth() {
    let document = Document::contract().unwrap();
    let places = places(&document);
    assert!(places.len() > document.answers().count(), "answers are nested");
    for place in places {
        let unknown = json!({ "teams": [1, null, {}] });
        let answer = place.with(|object| drop(object.insert("unheardOf".to_owned(), unknown))).await.unwrap();
        assert_eq!(&answer.json, place.answer, "{} {}", place.call.operation, place.pointer);
    }
}

#[tokio::test]
async fn optional_fields_may_be_missing_or_null() {
    let document = Document::contract().unwrap();
    for field in fields(&document, |field| !field.place.is_required(field.name)) {
        let expected = without_nulls(&field.place.changed(|object| drop(object.remove(field.name))));
        let missing = field.left_out().await.unwrap();
        assert_eq!(without_nulls(&missing.json), expected, "{} is missing", field.path());
        let null = field.replaced(Value::Null).await.unwrap();
        assert_eq!(without_nulls(&null.json), expected, "{} is null", field.path());
    }
}

#[tokio::test]
async fn a_missing_required_field_is_an_error_with_status_200() {
    let document = Document::contract().unwrap();
    for field in fields(&document, |field| field.place.is_required(field.name)) {
        let error = field.left_out().await.unwrap_err();
        assert_eq!(error.status().unwrap(), 200, "{}", field.path());
        assert!(error.maybe_sent(), "{}", field.path());
        assert!(error.to_string().contains(&format!("missing field `{}`", field.name)), "{error}");
    }
}

#[tokio::test]
async fn a_number_may_come_as_a_string() {
    let document = Document::contract().unwrap();
    for field in fields(&document, |field| field.value.is_number()) {
        let answer = field.replaced(field.value.to_string()).await.unwrap();
        assert_eq!(&answer.json, field.place.answer, "{}", field.path());
    }
}

#[tokio::test]
async fn centicredits_may_come_as_a_number() {
    let document = Document::contract().unwrap();
    for field in fields(&document, |field| field.name.to_lowercase().contains("centicredits")) {
        let number: u64 = field.value.as_str().unwrap().parse().unwrap();
        let answer = field.replaced(number).await.unwrap();
        assert_eq!(&answer.json, field.place.answer, "{}", field.path());
    }
}

#[tokio::test]
async fn user_existed_may_come_as_a_boolean() {
    let document = Document::contract().unwrap();
    let mut seen = Vec::new();
    for field in fields(&document, |field| field.name == "userExisted") {
        let existed = field.value == 1;
        let answer = field.replaced(existed).await.unwrap();
        assert_eq!(&answer.json, field.place.answer);
        seen.push(existed);
    }
    assert_eq!(seen, [true, false]);
}

#[tokio::test]
async fn an_allocation_off_the_step_of_10000_decodes() {
    let document = Document::contract().unwrap();
    let is_allocation = |field: &Field<'_>| field.value.is_number() && field.name.to_lowercase().contains("operations");
    for field in fields(&document, is_allocation) {
        for odd in [12_345_i64, -5, i64::MAX] {
            let answer = field.replaced(odd).await.unwrap();
            let expected = field.place.changed(|object| drop(object.insert(field.name.clone(), odd.into())));
            assert_eq!(answer.json, expected, "{}", field.path());
        }
    }
}

#[tokio::test]
async fn a_date_that_is_none_does_not_make_an_answer_unreadable() {
    let document = Document::contract().unwrap();
    for field in fields(&document, |field| field.value.is_string() && field.name.ends_with("Reset")) {
        let odd = "the day before yesterday";
        let answer = field.replaced(odd).await.unwrap();
        let expected = field.place.changed(|object| drop(object.insert(field.name.clone(), odd.into())));
        assert_eq!(answer.json, expected, "{}", field.path());
    }
}
