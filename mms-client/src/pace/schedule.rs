//! When the next request may be sent: the rules of the pace, without waiting.

use std::collections::VecDeque;
use std::time::Duration;

use super::Pace;

/// What Make's limit holds for.
pub(super) const WINDOW: Duration = Duration::from_secs(60);

/// How long a request can matter to a server: one that weighs two minutes of the clock counts it until the second one's end.
pub(super) const MEMORY: Duration = Duration::from_secs(2 * 60);

/// The limit to go by until the own one is known: the least of Make's paid plans, Core.
const ASSUMED: u32 = 60;

/// The share of the limit that is left after a 429, and what each minute without another gives back, in percent.
const SLOWED: u32 = 70;
const RECOVERED: u32 = 5;

/// The least share that several 429s leave, in percent.
const LEAST: u32 = 20;

/// How many requests a minute the server allows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Limit {
    /// So many: set by hand, or learnt.
    Known(u32),
    /// Nobody asked yet.
    Unasked,
    /// The server does not say.
    Assumed,
}

/// What may be done next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Next {
    /// A request may be sent; it counts as sent.
    Send,
    /// The limit should be asked for, which is a request too; it counts as sent.
    Ask,
    /// Nothing before this time.
    At(Duration),
    /// Nothing before a request that is under way has ended.
    AfterAnother,
}

/// A pause and a slower pace after a 429.
#[derive(Debug, Clone, Copy)]
struct Slowed {
    until: Duration,
    percent: u32,
}

/// What was sent of late, and what follows from it.
#[derive(Debug)]
pub(super) struct Schedule {
    pace: Pace,
    limit: Limit,
    under_way: usize,
    /// When each request of the last two minutes was answered, the oldest first.
    own: VecDeque<Duration>,
    /// The same of other processes, as far as it is known.
    others: Vec<Duration>,
    /// When the last request was sent.
    latest: Option<Duration>,
    slowed: Option<Slowed>,
}

impl Schedule {
    pub(super) fn new(pace: Pace, limit: Limit) -> Self {
        Self { pace, limit, under_way: 0, own: VecDeque::new(), others: Vec::new(), latest: None, slowed: None }
    }

    /// Takes a slot if one is free.
    pub(super) fn next(&mut self, now: Duration) -> Next {
        while self.own.front().is_some_and(|answered| now >= *answered + MEMORY) {
            self.own.pop_front();
        }
        let slots = self.slots(now);
        // The last slot of a limit that is only assumed is for asking.
        let reserved = usize::from(self.limit == Limit::Unasked && slots > 1);
        let next = self.free(now, slots - reserved);
        let next = if next != Next::Send && reserved > 0 && self.is_open(now) && self.count(now, WINDOW) < slots {
            Next::Ask
        } else {
            next
        };
        if matches!(next, Next::Send | Next::Ask) {
            self.under_way += 1;
            self.latest = Some(now);
        }
        next
    }

    /// Says when a slot is free, of so many.
    fn free(&self, now: Duration, slots: usize) -> Next {
        let mut from = self.slowed.map_or(now, |slowed| slowed.until.max(now));
        if self.under_way >= slots {
            return Next::AfterAnother;
        }
        let surplus = self.count(now, WINDOW).checked_sub(slots);
        if let Some(answered) = surplus.and_then(|surplus| self.answered(now, WINDOW).nth(surplus)) {
            from = from.max(answered + WINDOW);
        }
        if self.is_even(now, slots)
            && let Some(latest) = self.latest
        {
            from = from.max(latest + WINDOW.div_f64(f64::from(self.rate(now))));
        }
        if from <= now { Next::Send } else { Next::At(from) }
    }

    /// Says whether requests are spaced: what was sent in two minutes fills the slots, or the server is to be spared.
    fn is_even(&self, now: Duration, slots: usize) -> bool {
        self.pace == Pace::Even && (self.percent(now) < 100 || self.count(now, MEMORY) >= slots)
    }

    /// Says whether no 429 holds everything.
    fn is_open(&self, now: Duration) -> bool {
        self.slowed.is_none_or(|slowed| slowed.until <= now)
    }

    /// Counts what is under way or was answered within a time.
    fn count(&self, now: Duration, within: Duration) -> usize {
        let (own, others) = self.recent(now, within);
        self.under_way + self.own.len() - own + self.others.len() - others
    }

    /// Returns when requests were answered within a time, in order.
    fn answered(&self, now: Duration, within: Duration) -> impl Iterator<Item = Duration> + '_ {
        let (own, others) = self.recent(now, within);
        let mut own = self.own.range(own..).copied().peekable();
        let mut others = self.others[others..].iter().copied().peekable();
        std::iter::from_fn(move || match (own.peek(), others.peek()) {
            (Some(mine), Some(other)) if mine > other => others.next(),
            (None, _) => others.next(),
            _ => own.next(),
        })
    }

    /// Returns where what was answered within a time begins, of the own and of the others' requests.
    fn recent(&self, now: Duration, within: Duration) -> (usize, usize) {
        let is_old = |answered: &Duration| now >= *answered + within;
        (self.own.partition_point(is_old), self.others.partition_point(is_old))
    }

    /// Returns how many requests any 60 s may have: some less than the limit, for clocks and ways that differ.
    fn slots(&self, now: Duration) -> usize {
        let rate = self.rate(now);
        usize::try_from(rate.saturating_sub(2 + rate / 500).max(1)).unwrap_or(usize::MAX)
    }

    /// Returns how many requests a minute are sent at most.
    fn rate(&self, now: Duration) -> u32 {
        let limit = match self.limit {
            Limit::Known(limit) => limit,
            Limit::Unasked | Limit::Assumed => ASSUMED,
        };
        let slowed = u64::from(limit) * u64::from(self.percent(now)) / 100;
        u32::try_from(slowed).unwrap_or(limit).max(1)
    }

    /// Returns which share of the limit is used.
    fn percent(&self, now: Duration) -> u32 {
        self.slowed.map_or(100, |slowed| {
            let minutes = now.saturating_sub(slowed.until).as_secs() / WINDOW.as_secs();
            let recovered = u32::try_from(minutes).unwrap_or(u32::MAX).saturating_mul(RECOVERED);
            slowed.percent.saturating_add(recovered).min(100)
        })
    }

    /// Notes that a request has ended, or was given up.
    pub(super) fn ended(&mut self, now: Duration) {
        self.under_way = self.under_way.saturating_sub(1);
        self.own.push_back(now);
    }

    /// Notes a 429: nothing is sent for a time, and then less than before. Several of one pause count once.
    pub(super) fn limited(&mut self, now: Duration, wait: Duration) {
        let until = now.saturating_add(wait);
        let percent = if self.is_open(now) { (self.percent(now) * SLOWED / 100).max(LEAST) } else { self.percent(now) };
        let until = self.slowed.map_or(until, |slowed| slowed.until.max(until));
        self.slowed = Some(Slowed { until, percent });
    }

    /// Notes what other processes have sent.
    pub(super) fn heard(&mut self, mut others: Vec<Duration>, latest: Option<Duration>) {
        others.sort_unstable();
        self.others = others;
        self.latest = self.latest.max(latest);
    }

    /// Notes what the server says of its limit, if it says it.
    pub(super) fn learn(&mut self, limit: Option<u32>) {
        self.limit = limit.map_or(Limit::Assumed, Limit::Known);
    }

    /// Returns the most requests of a minute.
    pub(super) fn whole_minute(&self, now: Duration) -> usize {
        self.slots(now)
    }
}
