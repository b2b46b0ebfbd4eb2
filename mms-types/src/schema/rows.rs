//! Rows of a list, which may be many.

use std::fmt;
use std::marker::PhantomData;

use serde::de::{Deserialize, Deserializer, SeqAccess, Visitor};

/// Rows that a list has room for at first: a page of most servers' own size.
const FEW: usize = 100;

/// Rows that a list gets room for once they are more: the largest page that clients ask for. JSON does not say how many come, and a
/// list that grows by doubling is copied each time.
const MANY: usize = 10_000;

/// Reads all rows, each of which has to be readable.
pub(crate) fn all<'de, D, T>(deserializer: D) -> Result<Vec<T>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    deserializer.deserialize_seq(Rows(PhantomData))
}

struct Rows<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for Rows<T> {
    type Value = Vec<T>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a sequence")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut entries: A) -> Result<Vec<T>, A::Error> {
        let mut rows = Vec::with_capacity(FEW);
        while let Some(row) = entries.next_element()? {
            if rows.len() == rows.capacity() {
                rows.reserve(rows.len().max(MANY));
            }
            rows.push(row);
        }
        // Whoever keeps a short list keeps no more.
        rows.shrink_to_fit();
        Ok(rows)
    }
}
