//! Optional fields of an answer: one that cannot be read is as good as missing, and must not make the rest unreadable.

use serde::de::{Deserialize, Deserializer, IgnoredAny};

/// Reads a field, or nothing where it is null or of a kind that nobody expected.
pub(crate) fn optional<'de, D, T>(deserializer: D) -> Result<Option<T>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    #[derive(serde::Deserialize)]
    #[serde(untagged, bound = "T: Deserialize<'de>")]
    enum Field<T> {
        Read(T),
        Unreadable(IgnoredAny),
    }
    Ok(match Option::deserialize(deserializer)? {
        Some(Field::Read(value)) => Some(value),
        Some(Field::Unreadable(_)) | None => None,
    })
}
