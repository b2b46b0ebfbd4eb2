//! Cache of encoded lists, kept until the next write.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use axum::body::Bytes;
use mms_types::OrganizationId;
use mms_types::sandbox::ConsumptionRows;
use rusqlite::Connection;

use crate::store::{Store, StoreError};

/// How many bytes of answers are kept. A page of 100 children takes 22 KB.
const BUDGET: usize = 4 * 1024 * 1024;

/// A list that can be asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum ListKey {
    /// A page of a distributor's children.
    Children { distributor: OrganizationId, limit: u32, offset: u32 },
    /// What a distributor's children consumed.
    Consumption { distributor: OrganizationId, rows: ConsumptionRows },
}

/// The answers of one version of the state.
#[derive(Debug, Default)]
pub(crate) struct ListCache {
    kept: Mutex<Kept>,
    /// Whoever encodes an answer: one at a time, so that those who ask the same wait for it instead of doing it again.
    encoding: tokio::sync::Mutex<()>,
}

#[derive(Debug, Default)]
struct Kept {
    version: u64,
    bytes: usize,
    bodies: HashMap<ListKey, Bytes>,
    /// The newest answer beyond the budget, such as the consumption of 100,000 children: one, whatever its size.
    large: Option<(ListKey, Bytes)>,
}

impl ListCache {
    /// Returns the answer to a question if it was given in this version of the state.
    fn find(&self, question: &ListKey, version: u64) -> Option<Bytes> {
        let kept = self.kept();
        let large = kept.large.as_ref().filter(|(known, _)| known == question).map(|(_, body)| body);
        kept.bodies.get(question).or(large).filter(|_| kept.version == version).cloned()
    }

    /// Returns the answer to a question, read from the state and encoded if it is not kept.
    pub(crate) async fn find_or_encode(
        &self,
        question: ListKey,
        store: &Store,
        encode: impl FnOnce(&Connection) -> Result<Bytes, StoreError> + Send + 'static,
    ) -> Result<Bytes, StoreError> {
        if let Some(body) = self.find(&question, store.version()) {
            return Ok(body);
        }
        let _turn = self.encoding.lock().await;
        if let Some(body) = self.find(&question, store.version()) {
            return Ok(body);
        }
        let (body, version) = store.read(encode).await?;
        self.keep(question, version, &body);
        Ok(body)
    }

    /// Keeps an answer for as long as the state has this version.
    fn keep(&self, question: ListKey, version: u64, body: &Bytes) {
        let mut kept = self.kept();
        if version < kept.version {
            return;
        }
        if version > kept.version {
            *kept = Kept { version, ..Kept::default() };
        }
        if body.len() > BUDGET {
            kept.large = Some((question, body.clone()));
            return;
        }
        if kept.bytes + body.len() > BUDGET {
            kept.bodies.clear();
            kept.bytes = 0;
        }
        if kept.bodies.insert(question, body.clone()).is_none() {
            kept.bytes += body.len();
        }
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
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
        answers.keep(page(0), 7, &Bytes::from_static(b"seven"));
        assert_eq!(answers.find(&page(0), 7).as_deref(), Some(&b"seven"[..]));
        assert_eq!(answers.find(&page(100), 7), None);
        assert_eq!(answers.find(&page(0), 8), None);
        answers.keep(page(100), 8, &Bytes::from_static(b"eight"));
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
                Ok(Bytes::from(vec![0; BUDGET + 1]))
            };
            answers.find_or_encode(page(0), &store, encode).await.unwrap()
        };

        let (first, second, third) = tokio::join!(ask(), ask(), ask());

        assert_eq!(encoded.load(Ordering::Relaxed), 1);
        assert!([second, third].iter().all(|body| body.as_ptr() == first.as_ptr()), "the same bytes, not equal ones");
    }

    #[test]
    fn a_late_answer_does_not_replace_those_of_a_newer_state() {
        let answers = ListCache::default();
        answers.keep(page(0), 8, &Bytes::from_static(b"eight"));
        answers.keep(page(0), 7, &Bytes::from_static(b"seven"));
        assert_eq!(answers.find(&page(0), 8).as_deref(), Some(&b"eight"[..]));
    }

    #[test]
    fn no_more_is_kept_than_the_budget_allows() {
        let answers = ListCache::default();
        let large = Bytes::from(vec![0; BUDGET / 3]);
        for offset in 0..100 {
            answers.keep(page(offset), 1, &large);
        }
        let kept = answers.kept();
        assert!(kept.bytes <= BUDGET && kept.bodies.len() <= 3);
        assert_eq!(kept.bytes, kept.bodies.values().map(Bytes::len).sum::<usize>());
    }

    #[test]
    fn of_answers_beyond_the_budget_the_newest_is_kept() {
        let answers = ListCache::default();
        let large = Bytes::from(vec![0; BUDGET + 1]);
        answers.keep(page(0), 1, &Bytes::from_static(b"small"));
        answers.keep(page(100), 1, &large);
        answers.keep(page(200), 1, &large);
        let found = [0, 100, 200].map(|offset| answers.find(&page(offset), 1).is_some());
        assert_eq!(found, [true, false, true]);
        assert_eq!(answers.find(&page(200), 2), None);
    }
}
