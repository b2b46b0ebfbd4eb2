//! Fields of a JSON request body, read one by one so that an error response names every invalid one.

use std::fmt::Display;

use axum::extract::{FromRequest, Request};
use http::HeaderMap;
use http::header::CONTENT_TYPE;
use serde_json::{Map, Value};

use super::validation_errors::ValidationErrors;
use crate::app_state::SharedAppState;
use crate::http::body::ReceivedBody;
use crate::http::error_response::ErrorResponse;

/// The fields of a request, and the validation errors of those that were read. Unknown fields are ignored.
#[derive(Debug)]
pub(super) struct Fields {
    object: Map<String, Value>,
    errors: ValidationErrors,
}

impl Fields {
    /// Reads a required text.
    pub(super) fn text<T>(&mut self, name: &str) -> Option<T>
    where
        T: TryFrom<String, Error: Display>,
    {
        self.required(name, |value| match value {
            Value::String(text) => T::try_from(text).map_err(|error| error.to_string()),
            other => Err(format!("expected a text, found {}", describe(&other))),
        })
    }

    /// Reads a required whole number, in whatever form JSON writes one: 20000, 20000.0 and 2e4 are the same. Answers may hold
    /// numbers in strings; a request may not.
    pub(super) fn number<T>(&mut self, name: &str) -> Option<T>
    where
        T: TryFrom<u64, Error: Display>,
    {
        self.required(name, |value| match whole_number(&value) {
            Some(number) => T::try_from(number).map_err(|error| error.to_string()),
            None => Err(format!("expected a whole number from 0, found {}", describe(&value))),
        })
    }

    fn required<T>(&mut self, name: &str, read: impl FnOnce(Value) -> Result<T, String>) -> Option<T> {
        let Some(value) = self.object.remove(name) else {
            self.errors.missing(name);
            return None;
        };
        self.errors.check(name, read(value))
    }

    /// Returns the response for the errors of the fields that were read.
    pub(super) fn into_error_response(self) -> ErrorResponse {
        self.errors.into_error_response()
    }
}

impl FromRequest<SharedAppState> for Fields {
    type Rejection = ErrorResponse;

    async fn from_request(mut request: Request, _: &SharedAppState) -> Result<Self, ErrorResponse> {
        if !is_json(request.headers()) {
            return Err(ErrorResponse::unsupported_media_type());
        }
        let Some(ReceivedBody(body)) = request.extensions_mut().remove() else {
            return Err(ErrorResponse::internal("The body of the request was not read.".to_owned()));
        };
        let value = serde_json::from_slice(&body?)
            .map_err(|error| ErrorResponse::bad_request(format!("The body is not valid JSON: {error}.")))?;
        match value {
            Value::Object(object) => Ok(Self { object, errors: ValidationErrors::default() }),
            other => {
                Err(ErrorResponse::bad_request(format!("The body must be a JSON object, found {}.", describe(&other))))
            }
        }
    }
}

/// Says whether the media type is `application/json`, whatever its parameters.
fn is_json(headers: &HeaderMap) -> bool {
    let media_type = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let essence = media_type.and_then(|text| text.split(';').next());
    essence.is_some_and(|essence| essence.trim().eq_ignore_ascii_case("application/json"))
}

/// The largest number up to which floats hold every whole number.
const EXACT: f64 = 9_007_199_254_740_992.0;

/// Returns a number from 0 without a fraction.
fn whole_number(value: &Value) -> Option<u64> {
    let float = || value.as_f64().filter(|float| float.fract() == 0.0 && (0.0..=EXACT).contains(float));
    value.as_u64().or_else(|| format!("{:.0}", float()?).parse().ok())
}

/// Describes a value of the wrong type: a number in full, anything else by its type.
fn describe(value: &Value) -> String {
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

    use super::whole_number;

    #[test]
    fn a_whole_number_may_be_written_with_a_point_or_an_exponent() {
        for value in [json!(20_000), json!(20_000.0), serde_json::from_str("2e4").unwrap()] {
            assert_eq!(whole_number(&value), Some(20_000), "{value}");
        }
        assert_eq!(whole_number(&json!(u64::MAX)), Some(u64::MAX));
        for value in [json!(20_000.5), json!(-1.0), json!(-1), json!(1e300), json!("20000"), json!(null)] {
            assert_eq!(whole_number(&value), None, "{value}");
        }
    }
}
