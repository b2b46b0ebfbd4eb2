//! Sizes of pages: how large a page of a list is asked for, and when a page is short. Pure, but for what clones remember.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use mms_types::{PageLimit, Pagination};

/// Sizes that are asked for one after the other, where the server's own is smaller.
const LARGER: [u32; 2] = [1_000, 10_000];

/// Time for which a size that worked is asked for at once.
const MEMORY: Duration = Duration::from_secs(24 * 60 * 60);

/// What all clones of a client remember of the server's pages.
#[derive(Debug)]
pub(crate) struct PageSizeMemory {
    /// The largest page that is asked for.
    largest: u32,
    known: Mutex<Option<Known>>,
}

/// Sizes of a list's pages that a server gave, as one client finds them out and another may take them over:
/// [`Client::page_size`](crate::Client::page_size) and [`ClientBuilder::page_size`](crate::ClientBuilder::page_size).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PageSize {
    /// The server's own, where nobody asks for one.
    pub own: PageLimit,
    /// The largest limit that brought more rows than the server's own.
    pub worked: PageLimit,
}

/// Sizes that worked, and since when that is known.
#[derive(Debug, Clone, Copy)]
struct Known {
    own: u32,
    worked: u32,
    since: Duration,
}

impl Known {
    fn is_fresh(&self, now: Duration) -> bool {
        now.saturating_sub(self.since) < MEMORY
    }
}

impl PageSizeMemory {
    /// Begins with what is known at a time, if anything is.
    pub(crate) fn new(largest: PageLimit, known: Option<PageSize>, now: Duration) -> Self {
        let known = known.map(|known| Known { own: known.own.get(), worked: known.worked.get(), since: now });
        Self { largest: largest.get(), known: Mutex::new(known) }
    }

    /// Returns the sizes for a walk.
    pub(super) fn start(&self, now: Duration) -> PageSizes {
        let known = *self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let known = known.filter(|known| known.is_fresh(now));
        let (own, worked) = known.map(|known| (known.own, known.worked)).unzip();
        PageSizes { own, worked, largest: self.largest, is_refused: false }
    }

    /// Remembers the sizes of a walk in which a larger one worked.
    pub(super) fn keep(&self, sizes: &PageSizes, now: Duration) {
        let (Some(own), Some(worked)) = (sizes.own, sizes.worked) else { return };
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let lasting = known.filter(|known| known.is_fresh(now) && known.worked >= worked);
        let since = lasting.map_or(now, |known| known.since);
        *known = Some(Known { own, worked, since });
    }

    /// Forgets what worked.
    pub(super) fn forget(&self) {
        *self.known.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }
}

/// Sizes of one walk.
#[derive(Debug, Clone, Copy)]
pub(super) struct PageSizes {
    /// The server's own, where nobody asks for one.
    own: Option<u32>,
    /// The largest limit that brought more rows than the server's own.
    worked: Option<u32>,
    largest: u32,
    /// Whether the server refused a larger one, or agreed to one and gave no more rows than ever.
    is_refused: bool,
}

impl PageSizes {
    /// Returns the sizes that worked.
    pub(super) fn known(&self) -> Option<PageSize> {
        Some(PageSize { own: PageLimit::new(self.own?).ok()?, worked: self.first()? })
    }

    /// Returns the limit for the first page: one that worked before, or none.
    pub(super) fn first(&self) -> Option<PageLimit> {
        PageLimit::new(self.worked?).ok()
    }

    /// Says whether a limit is larger than the server's own.
    pub(super) fn is_larger(&self, limit: Option<PageLimit>) -> bool {
        limit.is_some_and(|limit| self.own.is_some_and(|own| limit.get() > own))
    }

    /// Returns the server's own size, after it refused a larger one.
    pub(super) fn fall_back(&mut self) -> Option<PageLimit> {
        self.is_refused = true;
        self.worked = None;
        PageLimit::new(self.own?).ok()
    }

    /// Reads the limit that an answer states; nothing where it is none. `asked` is the limit of the request.
    pub(super) fn read(
        &mut self,
        asked: Option<PageLimit>,
        pagination: Option<&Pagination>,
        rows: usize,
    ) -> Option<PageLimit> {
        let limit = pagination?.limit.filter(|limit| *limit > 0)?;
        // No page has more rows than can be asked for.
        let limit = u32::try_from(limit).unwrap_or(u32::MAX).min(i32::MAX.unsigned_abs());
        let Some(asked) = asked else {
            self.own = Some(limit);
            return PageLimit::new(limit).ok();
        };
        if limit >= asked.get()
            && let Some(own) = self.own.filter(|own| asked.get() > *own)
        {
            if count(rows) > own {
                self.worked = self.worked.max(Some(asked.get()));
            } else if count(rows) == own {
                self.is_refused = true;
            }
        }
        PageLimit::new(limit).ok()
    }

    /// Says whether a page had room for more: by the limit that it states, and by the server's own, for a larger one may be stated
    /// and not be kept.
    pub(super) fn is_short(&self, rows: usize, limit: PageLimit) -> bool {
        count(rows) < limit.get().min(self.own.unwrap_or(u32::MAX))
    }

    /// Returns the limit for the page after one of so many rows, to which `asked` led, and which states `limit`.
    pub(super) fn next(&self, asked: Option<PageLimit>, limit: PageLimit, rows: usize) -> Option<PageLimit> {
        if self.is_refused {
            return PageLimit::new(self.own?.min(limit.get())).ok();
        }
        // A server that states less than it was asked for has said how far it goes.
        let is_capped = asked.is_some_and(|asked| limit < asked);
        let larger = LARGER.into_iter().find(|size| limit.get() < *size && *size <= self.largest);
        match larger {
            Some(larger) if !is_capped && count(rows) >= limit.get() => PageLimit::new(larger).ok(),
            _ => Some(limit),
        }
    }
}

fn count(rows: usize) -> u32 {
    u32::try_from(rows).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn limit(limit: u32) -> PageLimit {
        PageLimit::new(limit).unwrap()
    }

    /// Reads pages of (asked, stated, rows) one after the other, and returns the limit of the next.
    fn next(largest: u32, pages: &[(Option<u32>, i64, usize)]) -> (Option<u32>, PageSizes) {
        let mut sizes = PageSizeMemory::new(limit(largest), None, Duration::ZERO).start(Duration::ZERO);
        let mut next = None;
        for (asked, stated, rows) in pages {
            let asked = asked.map(limit);
            let pagination = Pagination { limit: Some(*stated), ..Pagination::default() };
            let stated = sizes.read(asked, Some(&pagination), *rows);
            next = stated.and_then(|stated| sizes.next(asked, stated, *rows));
        }
        (next.map(PageLimit::get), sizes)
    }

    #[test]
    fn pages_grow_as_long_as_the_server_fills_what_it_states() {
        assert_eq!(next(10_000, &[(None, 100, 100)]).0, Some(1_000));
        assert_eq!(next(10_000, &[(None, 100, 100), (Some(1_000), 1_000, 1_000)]).0, Some(10_000));
        let (last, sizes) = next(10_000, &[(None, 100, 100), (Some(1_000), 1_000, 312)]);
        assert_eq!((last, sizes.worked), (Some(1_000), Some(1_000)));
        assert_eq!(next(500, &[(None, 100, 100)]).0, Some(100), "no larger than is allowed");
        assert_eq!(next(10_000, &[(None, 2_000, 2_000)]).0, Some(10_000));
        assert_eq!(next(10_000, &[(None, 20_000, 20_000)]).0, Some(20_000));
    }

    #[test]
    fn a_server_that_states_less_than_it_is_asked_for_is_taken_at_its_word() {
        assert_eq!(next(10_000, &[(None, 100, 100), (Some(1_000), 250, 250)]).0, Some(250));
        assert_eq!(next(10_000, &[(None, 100, 100), (Some(1_000), 100, 100)]).0, Some(100));
    }

    #[test]
    fn a_larger_limit_that_is_stated_and_not_kept_is_no_short_page() {
        let (back, sizes) = next(10_000, &[(None, 100, 100), (Some(1_000), 1_000, 100)]);
        assert_eq!((back, sizes.worked), (Some(100), None));
        assert!(!sizes.is_short(100, limit(1_000)));
        let (_, sizes) = next(10_000, &[(None, 100, 100), (Some(1_000), 1_000, 250)]);
        assert!(!sizes.is_short(250, limit(1_000)), "it may keep 250");
        assert!(sizes.is_short(99, limit(1_000)));
    }

    #[test]
    fn what_worked_is_asked_for_at_once_for_a_day_and_not_after_a_refusal() {
        let memory = PageSizeMemory::new(limit(10_000), None, Duration::ZERO);
        let (_, sizes) = next(10_000, &[(None, 100, 100), (Some(1_000), 1_000, 312)]);
        memory.keep(&sizes, Duration::ZERO);
        assert_eq!(memory.start(MEMORY / 2).first(), Some(limit(1_000)));
        memory.keep(&memory.start(MEMORY / 2), MEMORY / 2);
        assert_eq!(memory.start(MEMORY).first(), None, "a day after it was found");
        memory.keep(&sizes, MEMORY);
        assert_eq!(memory.start(MEMORY + MEMORY / 2).first(), Some(limit(1_000)), "a day from when it was found again");
        memory.forget();
        assert_eq!(memory.start(Duration::ZERO).first(), None);
    }
}
