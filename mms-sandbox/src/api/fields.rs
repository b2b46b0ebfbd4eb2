//! Fields of a body: a JSON object, read field by field so that a refusal names every mistake.

use std::fmt::Display;

use axum::extract::{FromRequest, Request};
use http::HeaderMap;
use http::header::CONTENT_TYPE;
use serde_json::{Map, Value};

use super::Api;
use super::validation::ValidationErrors;
use crate::http::body::Received;
use crate::http::refusal::Refusal;

/// The fields of a request, and what was wrong with those that were read. Unknown fields are ignored.
#[derive(Debug)]
pub(super) struct Fields {
    object: Map<String, Value>,
    mistakes: ValidationErrors,
}

impl Fields {
    /// Reads a required text.
    pub(super) fn text<T>(&mut self, name: &str) -> Option<T>
    where
        T: TryFrom<String, Error: Display>,
    {
        self.required(name, |value| match value {
            Value::String(text) => T::try_from(text).map_err(|error| error.to_string()),
            other => Err(format!("expected a text, found {}", found(&other))),
        })
    }

    /// Reads a required whole number, in whatever form JSON writes one: 20000, 20000.0 and 2e4 are the same. Answers may hold
    /// numbers in strings; a request may not.
    pub(super) fn number<T>(&mut self, name: &str) -> Option<T>
    where
        T: TryFrom<u64, Error: Display>,
    {
        self.required(name, |value| match whole(&value) {
            Some(number) => T::try_from(number).map_err(|error| error.to_string()),
            None => Err(format!("expected a whole number from 0, found {}", found(&value))),
        })
    }

    fn required<T>(&mut self, name: &str, read: impl FnOnce(Value) -> Result<T, String>) -> Option<T> {
        let Some(value) = self.object.remove(name) else {
            self.mistakes.missing(name);
            return None;
        };
        self.mistakes.check(name, read(value))
    }

    /// Refuses the request for the mistakes in the fields that were read.
    pub(super) fn into_refusal(self) -> Refusal {
        self.mistakes.into_refusal()
    }
}

impl FromRequest<Api> for Fields {
    type Rejection = Refusal;

    async fn from_request(mut request: Request, _: &Api) -> Result<Self, Refusal> {
        if !is_json(request.headers()) {
            return Err(Refusal::unsupported_media_type());
        }
        let Some(Received(body)) = request.extensions_mut().remove() else {
            return Err(Refusal::internal("The body of the request was not read.".to_owned()));
        };
        let value = serde_json::from_slice(&body?)
            .map_err(|error| Refusal::bad_request(format!("The body is not valid JSON: {error}.")))?;
        match value {
            Value::Object(object) => Ok(Self { object, mistakes: ValidationErrors::default() }),
            other => Err(Refusal::bad_request(format!("The body must be a JSON object, found {}.", found(&other)))),
        }
    }
}

/// Says whether the media type is `application/json`, whatever its parameters.
fn is_json(headers: &HeaderMap) -> bool {
    let media_type = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let essence = media_type.and_then(|text| text.split(';').next());
    essence.is_some_and(|essence| essence.trim().eq_ignore_ascii_case("application/json"))
}

/// The largest whole number up to which every one has a float of its own.
const EXACT: f64 = 9_007_199_254_740_992.0;

/// Returns a number from 0 without a fraction.
fn whole(value: &Value) -> Option<u64> {
    let float = || value.as_f64().filter(|float| float.fract() == 0.0 && (0.0..=EXACT).contains(float));
    value.as_u64().or_else(|| format!("{:.0}", float()?).parse().ok())
}

/// Names what stands where something else was expected; a number in full.
fn found(value: &Value) -> String {
    match value {
        Value::Null => "null".to_owned(),
        Value::Bool(truth) => truth.to_string(),
        Value::Number(number) => number.to_string(),
        Value::String(_) => "a text".to_owned(),
        Value::Array(_) => "an array".to_owned(),
        Value::Object(_) => "an object".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::whole;

    #[test]
    fn a_whole_number_may_be_written_with_a_point_or_an_exponent() {
        for value in [json!(20_000), json!(20_000.0), serde_json::from_str("2e4").unwrap()] {
            assert_eq!(whole(&value), Some(20_000), "{value}");
        }
        assert_eq!(whole(&json!(u64::MAX)), Some(u64::MAX));
        for value in [json!(20_000.5), json!(-1.0), json!(-1), json!(1e300), json!("20000"), json!(null)] {
            assert_eq!(whole(&value), None, "{value}");
        }
    }
}
