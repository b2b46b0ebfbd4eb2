//! Decoding of an answer, which is a JSON object.

use std::fmt;
use std::marker::PhantomData;

use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserialize, DeserializeOwned, Deserializer, MapAccess, Visitor};

/// What some servers put before a text in UTF-8.
pub(crate) const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// Reads a body that is an object as a whole, after a byte order mark or without one.
///
/// serde takes an array for a struct too, field by field: `[[]]` would read as a list without children, and who looks for a
/// lost create must not be told that there is none. This guards the body alone; for the structs within it serde's rule holds.
pub(crate) fn from_slice<T: DeserializeOwned>(body: &[u8]) -> Result<T, serde_json::Error> {
    let body = body.strip_prefix(BYTE_ORDER_MARK).unwrap_or(body);
    serde_json::from_slice::<Object<T>>(body).map(|object| object.0)
}

struct Object<T>(T);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Object<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(ObjectVisitor(PhantomData)).map(Self)
    }
}

struct ObjectVisitor<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for ObjectVisitor<T> {
    type Value = T;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<T, A::Error> {
        T::deserialize(MapAccessDeserializer::new(map))
    }
}

#[cfg(test)]
mod tests {
    use mms_types::ChildOrganizationList;

    use super::from_slice;

    #[test]
    fn an_array_is_no_object() {
        let error = from_slice::<ChildOrganizationList>(b"[[]]").unwrap_err();
        assert_eq!(error.to_string(), "invalid type: sequence, expected an object at line 1 column 0");
    }

    #[test]
    fn a_byte_order_mark_does_not_make_an_object_unreadable() {
        let list = from_slice::<ChildOrganizationList>(b"\xef\xbb\xbf{\"managedOrganizations\": []}").unwrap();
        assert_eq!(list.managed_organizations, []);
    }

    #[test]
    fn what_is_missing_is_named_with_its_place() {
        let error = from_slice::<ChildOrganizationList>(br#"{"pg": {}}"#).unwrap_err();
        assert_eq!(error.to_string(), "missing field `managedOrganizations` at line 1 column 10");
    }
}
