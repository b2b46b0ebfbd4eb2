//! Cache of encoded lists, valid until the next write.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use axum::body::Bytes;
use mms_types::OrganizationId;
use mms_types::sandbox::ConsumptionRows;
use rusqlite::Connection;

use crate::store::{Store, StoreError};

/// The most bytes in the cache. A page of 100 children takes 22 KB.
const MAX_BYTES: usize = 4 * 1024 * 1024;

/// The key of an entry: which list, with everything that its bytes depend on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum ListKey {
    /// A page of a distributor's children.
    Children { distributor: OrganizationId, limit: u32, offset: u32 },
    /// What a distributor's children consumed.
    Consumption { distributor: OrganizationId, rows: ConsumptionRows },
}

/// The lists that were encoded for one version of the state.
#[derive(Debug, Default)]
pub(crate) struct ListCache {
    entries: Mutex<Entries>,
    /// Held while a list is encoded, so that requests for the same list wait for it instead of encoding it again.
    encoding: tokio::sync::Mutex<()>,
}

#[derive(Debug, Default)]
struct Entries {
    version: u64,
    bytes: usize,
    bodies: HashMap<ListKey, Bytes>,
    /// The newest list larger than [`MAX_BYTES`], such as the consumption of 100,000 children: one, whatever its size.
    large: Option<(ListKey, Bytes)>,
}

impl ListCache {
    /// Returns a list that was encoded for this version of the state.
    fn find(&self, key: &ListKey, version: u64) -> Option<Bytes> {
        let entries = self.entries();
        let large = entries.large.as_ref().filter(|(known, _)| known == key).map(|(_, body)| body);
        entries.bodies.get(key).or(large).filter(|_| entries.version == version).cloned()
    }

    /// Returns a list, read from the store and encoded unless it is in the cache.
    pub(crate) async fn get_or_encode(
        &self,
        key: ListKey,
        store: &Store,
        encode: impl FnOnce(&Connection) -> Result<Bytes, StoreError> + Send + 'static,
    ) -> Result<Bytes, StoreError> {
        if let Some(body) = self.find(&key, store.version()) {
            return Ok(body);
        }
        let _turn = self.encoding.lock().await;
        if let Some(body) = self.find(&key, store.version()) {
            return Ok(body);
        }
        let (body, version) = store.read(encode).await?;
        self.insert(key, version, &body);
        Ok(body)
    }

    /// Adds a list that was encoded for this version of the state. Lists of an older version are dropped.
    fn insert(&self, key: ListKey, version: u64, body: &Bytes) {
        let mut entries = self.entries();
        if version < entries.version {
            return;
        }
        if version > entries.version {
            *entries = Entries { version, ..Entries::default() };
        }
        if body.len() > MAX_BYTES {
            entries.large = Some((key, body.clone()));
            return;
        }
        if entries.bytes + body.len() > MAX_BYTES {
            entries.bodies.clear();
            entries.bytes = 0;
        }
        if entries.bodies.insert(key, body.clone()).is_none() {
            entries.bytes += body.len();
        }
    }

    fn entries(&self) -> MutexGuard<'_, Entries> {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicU32, Ordering};

    use super::*;
    use crate::store::Durability;

    fn page(offset: u32) -> ListKey {
        ListKey::Children { distributor: OrganizationId::new(11), limit: 100, offset }
    }

    #[test]
    fn an_answer_is_kept_until_the_state_has_another_version() {
        let answers = ListCache::default();
        answers.insert(page(0), 7, &Bytes::from_static(b"seven"));
        assert_eq!(answers.find(&page(0), 7).as_deref(), Some(&b"seven"[..]));
        assert_eq!(answers.find(&page(100), 7), None);
        assert_eq!(answers.find(&page(0), 8), None);
        answers.insert(page(100), 8, &Bytes::from_static(b"eight"));
        assert_eq!(answers.find(&page(0), 7), None);
    }

    #[tokio::test]
    async fn those_who_ask_the_same_at_once_share_one_answer() {
        let (store, _closed) = Store::open(None, Durability::Process).await.unwrap();
        let answers = ListCache::default();
        let encoded = Arc::new(AtomicU32::new(0));
        let ask = async || {
            let encoded = Arc::clone(&encoded);
            let encode = move |_: &Connection| {
                encoded.fetch_add(1, Ordering::Relaxed);
                Ok(Bytes::from(vec![0; MAX_BYTES + 1]))
            };
            answers.get_or_encode(page(0), &store, encode).await.unwrap()
        };

        let (first, second, third) = tokio::join!(ask(), ask(), ask());

        assert_eq!(encoded.load(Ordering::Relaxed), 1);
        assert!([second, third].iter().all(|body| body.as_ptr() == first.as_ptr()), "the same bytes, not equal ones");
    }

    #[test]
    fn a_late_answer_does_not_replace_those_of_a_newer_state() {
        let answers = ListCache::default();
        answers.insert(page(0), 8, &Bytes::from_static(b"eight"));
        answers.insert(page(0), 7, &Bytes::from_static(b"seven"));
        assert_eq!(answers.find(&page(0), 8).as_deref(), Some(&b"eight"[..]));
    }

    #[test]
    fn no_more_is_kept_than_the_budget_allows() {
        let answers = ListCache::default();
        let large = Bytes::from(vec![0; MAX_BYTES / 3]);
        for offset in 0..100 {
            answers.insert(page(offset), 1, &large);
        }
        let entries = answers.entries();
        assert!(entries.bytes <= MAX_BYTES && entries.bodies.len() <= 3);
        assert_eq!(entries.bytes, entries.bodies.values().map(Bytes::len).sum::<usize>());
    }

    #[test]
    fn of_answers_beyond_the_budget_the_newest_is_kept() {
        let answers = ListCache::default();
        let large = Bytes::from(vec![0; MAX_BYTES + 1]);
        answers.insert(page(0), 1, &Bytes::from_static(b"small"));
        answers.insert(page(100), 1, &large);
        answers.insert(page(200), 1, &large);
        let found = [0, 100, 200].map(|offset| answers.find(&page(offset), 1).is_some());
        assert_eq!(found, [true, false, true]);
        assert_eq!(answers.find(&page(200), 2), None);
    }
}
