//! Allocations that commands on this machine set a moment ago, which a list may be older than.
//!
//! They are hints for what is shown and expected next, and nothing else: a file that cannot be read has none.

use std::path::PathBuf;
use std::time::{Duration, SystemTime};
use std::{fs, io};

use mms_client::CreateOncePolicy;
use mms_types::OrganizationId;
use serde::{Deserialize, Serialize};

use super::replaced_file::replace;

/// An allocation that was set.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct RecentAllocation {
    /// The name by which the client knows the API.
    pub(crate) api: String,
    pub(crate) organization_id: OrganizationId,
    /// What the child had, as a list may show it still.
    pub(crate) before: i64,
    pub(crate) now: i64,
    /// Seconds since 1970.
    at: u64,
}

/// File of allocations that were set.
#[derive(Debug)]
pub(super) struct RecentAllocations(PathBuf);

impl RecentAllocations {
    pub(super) const fn new(file: PathBuf) -> Self {
        Self(file)
    }

    /// Returns those of an API that are so new that a list need not show them.
    pub(super) fn of(&self, api: &str) -> Vec<RecentAllocation> {
        let mut recent = self.read();
        recent.retain(|allocation| allocation.api == api);
        recent
    }

    /// Adds those that were set just now: each child, what it had, and what it has now.
    pub(super) fn add(&self, api: &str, set: &[(OrganizationId, i64, i64)]) {
        if set.is_empty() {
            return;
        }
        let mut recent = self.read();
        for (organization_id, before, now) in set {
            Self::put(&mut recent, api, *organization_id, *before, *now);
        }
        self.keep(&recent);
    }

    fn put(recent: &mut Vec<RecentAllocation>, api: &str, organization_id: OrganizationId, before: i64, now: i64) {
        let is_same = |known: &RecentAllocation| known.api == api && known.organization_id == organization_id;
        // A list that lags may show what the child had before the one before.
        let before =
            recent.iter().find(|known| is_same(known) && known.now == before).map_or(before, |known| known.before);
        recent.retain(|known| !is_same(known));
        recent.push(RecentAllocation { api: api.to_owned(), organization_id, before, now, at: seconds() });
    }

    /// Forgets those of a place, whichever sandbox is there: an API is named with its sandbox only after its first answer.
    pub(super) fn forget(&self, api: &str) {
        let place = |api: &str| api.split('#').next().map(str::to_owned);
        let mut recent = self.read();
        let before = recent.len();
        recent.retain(|allocation| place(&allocation.api) != place(api));
        if recent.len() != before {
            self.keep(&recent);
        }
    }

    fn keep(&self, recent: &[RecentAllocation]) {
        let written = serde_json::to_vec(recent).map_err(io::Error::from).and_then(|bytes| replace(&self.0, &bytes));
        if let Err(error) = written {
            tracing::debug!(%error, "what was set cannot be kept for the next command");
        }
    }

    fn read(&self) -> Vec<RecentAllocation> {
        let bytes = fs::read(&self.0).unwrap_or_default();
        let mut recent: Vec<RecentAllocation> = serde_json::from_slice(&bytes).unwrap_or_default();
        let settle_time = CreateOncePolicy::default().waits.iter().sum::<Duration>().as_secs();
        // One of a time that has not come is from before the clock was set back.
        recent.retain(|allocation| seconds().checked_sub(allocation.at).is_some_and(|age| age < settle_time));
        recent
    }
}

fn seconds() -> u64 {
    SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default().as_secs()
}

#[cfg(test)]
mod tests {
    use super::*;

    const CHILD: OrganizationId = OrganizationId::new(101);

    #[test]
    fn what_was_set_is_known_for_its_api_with_what_a_list_may_show_still() {
        let directory = tempfile::tempdir().unwrap();
        let recent = RecentAllocations::new(directory.path().join("allocations"));
        recent.add("one", &[(CHILD, 10_000, 20_000)]);
        let known =
            |api: &str| -> Vec<_> { recent.of(api).into_iter().map(|known| (known.before, known.now)).collect() };
        assert_eq!((known("one"), known("two")), (vec![(10_000, 20_000)], vec![]));
        recent.add("one", &[(CHILD, 20_000, 30_000)]);
        assert_eq!(known("one"), [(10_000, 30_000)], "a list that lags shows the first");
        recent.add("one", &[(CHILD, 90_000, 40_000)]);
        assert_eq!(known("one"), [(90_000, 40_000)], "somebody else wrote in between");
    }

    #[test]
    fn what_was_set_at_a_place_is_forgotten_for_each_of_its_sandboxes() {
        let directory = tempfile::tempdir().unwrap();
        let recent = RecentAllocations::new(directory.path().join("allocations"));
        for api in ["one", "one#sandbox", "two"] {
            recent.add(api, &[(CHILD, 10_000, 20_000)]);
        }
        recent.forget("one");
        assert_eq!(["one", "one#sandbox", "two"].map(|api| recent.of(api).len()), [0, 0, 1]);
    }

    #[test]
    fn what_is_old_or_cannot_be_read_is_nothing() {
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("allocations");
        let recent = RecentAllocations::new(file.clone());
        for at in [0, seconds() - 213, seconds() + 60] {
            let old = RecentAllocation { api: "one".to_owned(), organization_id: CHILD, before: 0, now: 10_000, at };
            fs::write(&file, serde_json::to_vec(&[old]).unwrap()).unwrap();
            assert_eq!(recent.of("one"), [], "{at}");
        }
        fs::write(&file, "[ torn").unwrap();
        assert_eq!(recent.of("one"), []);
        recent.add("one", &[(CHILD, 0, 10_000)]);
        assert_eq!(recent.of("one").len(), 1);
    }
}
