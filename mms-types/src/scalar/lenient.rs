//! Lenient fields: an optional field of an answer that cannot be read is as good as missing, and must not make the rest
//! unreadable.

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

/// Reads the entries of a list that can be read; none where the list is null or no list at all.
pub(crate) fn list<'de, D, T>(deserializer: D) -> Result<Vec<T>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    struct Entry<T>(Option<T>);
    impl<'de, T: Deserialize<'de>> Deserialize<'de> for Entry<T> {
        fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            optional(deserializer).map(Self)
        }
    }
    let entries: Option<Vec<Entry<T>>> = optional(deserializer)?;
    Ok(entries.into_iter().flatten().filter_map(|entry| entry.0).collect())
}
