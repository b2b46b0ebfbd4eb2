//! Request of `mms api`, made of its arguments: path, query and body.

use std::fmt::Display;
use std::io::Read;
use std::path::Path;

use mms_client::{RawMethod, RawRequest, RawRequestError};
use mms_types::OrganizationId;
use serde::de::IgnoredAny;
use serde_json::{Map, Value};

use crate::args::ApiArgs;
use crate::output::failure::Failure;

/// What stands for the distributor in a path.
const DISTRIBUTOR: &str = "{organizationId}";

/// Paths at which the API itself begins, which a documentation may show before its paths.
const ROOTS: [&str; 2] = ["api/v2", "v2"];

/// Request whose distributor may not be known yet.
#[derive(Debug)]
pub(super) struct Draft {
    method: RawMethod,
    path: String,
    query: Vec<(String, String)>,
    body: Option<Vec<u8>>,
}

impl Draft {
    /// Reads the arguments, and the file of the body. `is_token_piped` says that the token comes from standard input.
    pub(super) fn read(arguments: &ApiArgs, is_token_piped: bool) -> Result<Self, Failure> {
        let ApiArgs { method, path, fields, input, .. } = arguments;
        let has_body = matches!(method, RawMethod::Post | RawMethod::Put | RawMethod::Patch);
        let mut draft = Self { method: *method, path: path.clone(), query: Vec::new(), body: None };
        if has_body && !fields.is_empty() {
            draft.body = Some(object(fields)?.to_string().into_bytes());
        } else {
            draft.query.clone_from(fields);
        }
        if let Some(file) = input {
            if method.is_read() {
                return Err(Failure::usage(format!("--input: a {method} has no body"))
                    .hint("-f KEY=VALUE adds a parameter to its query"));
            }
            if draft.body.is_some() {
                return Err(Failure::usage("--input and --field exclude each other: both are the body")
                    .hint("put a query behind the path, as in /scenarios?teamId=3"));
            }
            draft.body = Some(body(file, is_token_piped)?);
        }
        Ok(draft)
    }

    /// Says whether the path has a place for the distributor.
    pub(super) fn names_distributor(&self) -> bool {
        self.path.contains(DISTRIBUTOR)
    }

    /// Returns the request, with the distributor in its place.
    pub(super) fn request(&self, distributor: Option<OrganizationId>) -> Result<RawRequest, Failure> {
        let path = match distributor {
            Some(id) => self.path.replace(DISTRIBUTOR, &id.to_string()),
            None => self.path.clone(),
        };
        let below = path.trim_start_matches('/');
        if let Some(root) =
            ROOTS.iter().find(|root| below.strip_prefix(**root).is_some_and(|rest| rest.starts_with('/')))
        {
            return Err(Failure::usage(format!("PATH: {path:?} begins with the root of the API"))
                .hint(format!("write what comes behind it: {}", &below[root.len()..])));
        }
        let refused = |error: RawRequestError| {
            Failure::usage(format!("PATH: {error}"))
                .hint(format!("a path looks like /organizations/{DISTRIBUTOR}/managed-organizations"))
        };
        let mut request = RawRequest::new(self.method, &path).map_err(refused)?;
        for (name, value) in &self.query {
            request = request.query(name, value);
        }
        Ok(match &self.body {
            Some(body) => request.json(body.clone()),
            None => request,
        })
    }
}

/// Reads a body, which has to be JSON.
fn body(file: &Path, is_token_piped: bool) -> Result<Vec<u8>, Failure> {
    let is_piped = file.as_os_str() == "-";
    if is_piped && is_token_piped {
        return Err(Failure::usage("--input and --token-file: standard input holds one of them")
            .hint("put the body into a file, or the token into MAKE_API_KEY"));
    }
    let mut bytes = Vec::new();
    let read = if is_piped {
        std::io::stdin().lock().read_to_end(&mut bytes).map(drop)
    } else {
        std::fs::read(file).map(|read| bytes = read)
    };
    let place = if is_piped { "standard input".to_owned() } else { file.display().to_string() };
    read.map_err(|error| Failure::usage(format!("--input: {place} cannot be read: {error}")))?;
    let no_json = |reason: &dyn Display| Failure::usage(format!("--input: {place} is no JSON: {reason}"));
    // A text that is skipped is not held to be UTF-8 by the parser, and some editors put a mark before it.
    let text = str::from_utf8(&bytes).map_err(|_| {
        no_json(&"it is not UTF-8").hint("write it anew as UTF-8; what PowerShell redirects may be UTF-16")
    })?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    serde_json::from_str::<IgnoredAny>(text).map_err(|error| no_json(&error))?;
    Ok(text.as_bytes().to_vec())
}

/// Makes the object of a body.
fn object(fields: &[(String, String)]) -> Result<Value, Failure> {
    let mut object = Map::new();
    for (key, text) in fields {
        let put = levels(key).is_some_and(|levels| put(&mut object, &levels, value(text)));
        if !put {
            return Err(Failure::usage(format!("--field {key}: no place for it in the body, or one that is taken"))
                .hint("a key looks like name, scheduling[type] or ids[], and stands once unless it ends with []"));
        }
    }
    Ok(Value::Object(object))
}

/// Reads the levels of a key: `a[b][]` is a, b and an element.
fn levels(key: &str) -> Option<Vec<&str>> {
    let Some((name, rest)) = key.split_once('[') else {
        return (!key.contains(']')).then(|| vec![key]);
    };
    let rest = rest.strip_suffix(']')?;
    let levels: Vec<_> = [name].into_iter().chain(rest.split("][")).collect();
    let is_plain = |level: &&str| !level.contains(['[', ']']);
    let is_named = |level: &&str| !level.is_empty();
    // Only the last level may be an element.
    (levels.iter().all(is_plain) && levels[..levels.len() - 1].iter().all(is_named)).then_some(levels)
}

/// Puts a value to its place. Returns whether that was free.
fn put(object: &mut Map<String, Value>, levels: &[&str], value: Value) -> bool {
    match levels {
        [name] => object.insert((*name).to_owned(), value).is_none(),
        [name, ""] => {
            let list = object.entry(*name).or_insert_with(|| Value::Array(Vec::new()));
            list.as_array_mut().map(|list| list.push(value)).is_some()
        }
        [name, rest @ ..] => {
            let inner = object.entry(*name).or_insert_with(|| Value::Object(Map::new()));
            inner.as_object_mut().is_some_and(|inner| put(inner, rest, value))
        }
        [] => false,
    }
}

/// Reads a value: what is written as JSON writes a number, true, false, null or a text in quotes is that, all else is a text.
fn value(text: &str) -> Value {
    let read = serde_json::from_str::<Value>(text).ok().filter(|value| !value.is_object() && !value.is_array());
    let is_as_written = |value: &Value| serde_json::to_string(value).is_ok_and(|written| written == text);
    read.filter(is_as_written).unwrap_or_else(|| text.into())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn body_of(fields: &[(&str, &str)]) -> Result<Value, String> {
        let fields: Vec<_> = fields.iter().map(|(key, text)| ((*key).to_owned(), (*text).to_owned())).collect();
        object(&fields).map_err(|failure| failure.message().to_owned())
    }

    #[test]
    fn a_value_is_what_json_would_write_and_else_a_text() {
        for (text, read) in [
            ("20000", json!(20000)),
            ("-7", json!(-7)),
            ("1.5", json!(1.5)),
            ("true", json!(true)),
            ("null", json!(null)),
            ("", json!("")),
            ("007", json!("007")),
            ("1.50", json!("1.50")),
            ("1e3", json!("1e3")),
            ("12345678901234567890123", json!("12345678901234567890123")),
            ("True", json!("True")),
            ("\"7\"", json!("7")),
            ("Panadería Sol", json!("Panadería Sol")),
            ("{}", json!("{}")),
            ("[1]", json!("[1]")),
        ] {
            assert_eq!(value(text), read, "{text}");
        }
    }

    #[test]
    fn keys_in_brackets_are_objects_and_lists() {
        let body =
            body_of(&[("a", "1"), ("b[c]", "x"), ("b[d][e]", "true"), ("ids[]", "7"), ("ids[]", "8"), ("=", "y")]);
        assert_eq!(body, Ok(json!({"a": 1, "b": {"c": "x", "d": {"e": true}}, "ids": [7, 8], "=": "y"})));
    }

    #[test]
    fn a_key_that_has_no_place_is_refused_and_named() {
        for fields in [
            &[("a", "1"), ("a", "2")][..],
            &[("a", "1"), ("a[b]", "2")],
            &[("a[]", "1"), ("a[b]", "2")],
            &[("a[b]", "1"), ("a[]", "2")],
            &[("a[b", "1")],
            &[("a]b", "1")],
            &[("a[b]c", "1")],
            &[("a[][b]", "1")],
            &[("[a]", "1")],
        ] {
            let message = body_of(fields).unwrap_err();
            assert!(message.contains(&format!("--field {}:", fields.last().unwrap().0)), "{message}");
        }
    }
}
