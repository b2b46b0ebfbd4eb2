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
    // One look at the whole body is quicker than one at each text in it.
    let read = |body: &[u8]| match str::from_utf8(body) {
        Ok(text) => serde_json::from_str::<Object<T>>(text).map(|object| object.0),
        Err(_) => serde_json::from_slice::<Object<T>>(body).map(|object| object.0),
    };
    // Looked for only where the body cannot be read, which is rare.
    read(body).or_else(|error| without_lone_surrogates(body).map_or(Err(error), |body| read(&body)))
}

/// Replaces halves of a character that stand alone, such as `\ud800`, by the sign for an unknown one: some servers cut a name in the
/// middle of a character, and one such name would make the whole list unreadable. Nothing where there are none.
fn without_lone_surrogates(body: &[u8]) -> Option<Vec<u8>> {
    let unit = |at: usize| -> Option<u16> {
        let escape = body.get(at..at + 6)?.strip_prefix(b"\\u")?;
        u16::from_str_radix(str::from_utf8(escape).ok()?, 16).ok()
    };
    let (mut replaced, mut at) = (body.to_vec(), 0);
    let mut is_changed = false;
    while at < body.len() {
        let length = match (body[at], unit(at), unit(at + 6)) {
            (b'\\', Some(0xd800..=0xdbff), Some(0xdc00..=0xdfff)) => 12,
            (b'\\', Some(0xd800..=0xdfff), _) => {
                replaced[at..at + 6].copy_from_slice(b"\\ufffd");
                is_changed = true;
                6
            }
            (b'\\', Some(_), _) => 6,
            // A backslash that is escaped begins nothing.
            (b'\\', None, _) => 2,
            _ => 1,
        };
        at += length;
    }
    is_changed.then_some(replaced)
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
    fn half_a_character_makes_no_list_unreadable() {
        let name = |text: &str| {
            let row = format!(r#"{{"organizationId":1,"organizationName":"{text}","operationsAllocated":0}}"#);
            let body = format!(r#"{{"managedOrganizations":[{row}]}}"#);
            from_slice::<ChildOrganizationList>(body.as_bytes())
                .map(|list| list.managed_organizations[0].organization_name.clone().unwrap())
        };
        for (text, read) in [
            (r"Ac\ud83dme", "Ac\u{fffd}me"),
            (r"\ude00", "\u{fffd}"),
            (r"\ud83d\ud83d\ude00", "\u{fffd}\u{1f600}"),
            (r"\\ud83d \uD800", r"\ud83d �"),
            (r"\ud83d\ude00", "\u{1f600}"),
        ] {
            assert_eq!(name(text).unwrap(), read, "{text}");
        }
        assert!(name(r"\ud8").is_err() && name(r"\q").is_err());
    }

    #[test]
    fn what_is_missing_is_named_with_its_place() {
        let error = from_slice::<ChildOrganizationList>(br#"{"pg": {}}"#).unwrap_err();
        assert_eq!(error.to_string(), "missing field `managedOrganizations` at line 1 column 10");
    }
}
