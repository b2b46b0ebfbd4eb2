//! Schedule of the pace: when the next request may be sent. Pure, without clock or waiting.

use std::collections::VecDeque;
use std::time::Duration;

use super::Pace;
use crate::http::events::RequestsLeft;

/// Window of Make's limit.
pub(super) const WINDOW: Duration = Duration::from_secs(60);

/// Time for which a request can count: a server that weighs two minutes of the clock counts it until the second one's end.
pub(super) const MEMORY: Duration = Duration::from_secs(2 * 60);

/// Assumed limit until the real one is known: the least of Make's paid plans, Core.
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
    /// Nobody asked yet, or in vain; from this time on it may be asked for.
    Unasked(Duration),
    /// The server does not say.
    Assumed,
}

/// Position of a request in a group that is sent one right after the other: a look, and the write that it is for.
///
/// The first of a group waits until there is room for all of it. The others go without the gap that follows a 429, and whoever
/// comes after the group waits for theirs too. The default is a request on its own.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Group {
    /// How many requests follow at once.
    pub(crate) following: usize,
    /// Whether it is not the first.
    pub(crate) continues: bool,
}

/// Next step of the lane.
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
    /// When the pace was lowered. What was sent before cannot show that it is still too high.
    since: Duration,
    until: Duration,
    percent: u32,
}

/// Requests of the last two minutes, and what follows from them.
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
    /// How many requests of groups under way are still to come, and have their room.
    reserved: usize,
    slowed: Option<Slowed>,
}

impl Schedule {
    pub(super) fn new(pace: Pace, limit: Limit) -> Self {
        Self {
            pace,
            limit,
            under_way: 0,
            own: VecDeque::new(),
            others: Vec::new(),
            latest: None,
            reserved: 0,
            slowed: None,
        }
    }

    /// Takes a slot if one is free. Whoever has no time for a question may send without one.
    pub(super) fn next(&mut self, now: Duration, may_ask: bool, group: Group) -> Next {
        while self.own.front().is_some_and(|answered| now >= *answered + MEMORY) {
            self.own.pop_front();
        }
        let all = self.slots(now);
        let slots = all.saturating_sub(group.following + self.reserved).max(1);
        let next = match self.limit {
            Limit::Unasked(from) if !may_ask || now < from => self.free(now, slots, group),
            // A share of what is only assumed would be slow for long.
            Limit::Unasked(_) if self.percent(now) < 100 => match self.free(now, slots, group) {
                Next::Send => Next::Ask,
                later => later,
            },
            // Others who send more than the assumed limit, and are not refused, know a better one.
            Limit::Unasked(_) if self.others_within(now) > all => Next::Ask,
            // The last slot of a limit that is only assumed is for asking. It is one request, whatever the group still needs.
            Limit::Unasked(_) if slots > 1 => match self.free(now, slots - 1, group) {
                Next::Send => Next::Send,
                _ => match self.free(now, all.saturating_sub(self.reserved).max(1), Group::default()) {
                    Next::Send => Next::Ask,
                    _ => self.free(now, slots, group),
                },
            },
            _ => self.free(now, slots, group),
        };
        if matches!(next, Next::Send | Next::Ask) {
            self.under_way += 1;
            if next == Next::Send {
                self.reserved += group.following;
            }
            let owed = self.latest.filter(|_| group.continues).map(|latest| latest + self.gap(now));
            self.latest = owed.max(Some(now));
        }
        next
    }

    /// Says when a slot is free, of so many.
    fn free(&self, now: Duration, slots: usize, group: Group) -> Next {
        let mut from = self.slowed.map_or(now, |slowed| slowed.until.max(now));
        if self.under_way >= slots {
            return Next::AfterAnother;
        }
        // Fewer fit, whenever they were answered.
        let is_full = self.under_way + self.own.len() + self.others.len() >= slots;
        if is_full {
            let surplus = self.count(now, WINDOW).checked_sub(slots);
            if let Some(answered) = surplus.and_then(|surplus| self.answered(now, WINDOW).nth(surplus)) {
                from = from.max(answered + WINDOW);
            }
            if self.pace == Pace::Even {
                from = from.max(now + self.weighed_down(now, slots));
            }
        }
        if self.percent(now) < 100
            && !group.continues
            && let Some(latest) = self.latest
        {
            from = from.max(latest + self.gap(now));
        }
        if from <= now { Next::Send } else { Next::At(from) }
    }

    /// Returns how long to wait until a server that weighs two minutes of its clock counts no more than the slots.
    ///
    /// It counts a request of this minute as one, and one of the minute before by the share of that minute that is younger than
    /// 60 s. Nobody knows when its minutes begin, so this looks at every beginning that can be the worst: the one just before a
    /// request, and the one a minute after. Evenness follows by itself: after a burst there is room for one request at a time.
    fn weighed_down(&self, now: Duration, slots: usize) -> Duration {
        if self.count(now, MEMORY) <= slots {
            return Duration::ZERO;
        }
        let mut ages: Vec<f64> = self.answered(now, MEMORY).map(|at| now.saturating_sub(at).as_secs_f64()).collect();
        ages.reverse();
        let window = WINDOW.as_secs_f64();
        let mut wait = 0.0_f64;
        let mut look = |since: f64, this_minute: usize, minute_before: usize| {
            let (this, before) = (self.under_way + this_minute, minute_before);
            let excess = number(before) * (1.0 - since / window) + number(this) - number(slots);
            if excess > 0.0 {
                // The weight falls until the next minute begins.
                wait = wait.max((excess * window / number(before)).min(window - since));
            }
        };
        let (mut end_of_before, mut end_of_this) = (0, 0);
        for (index, age) in ages.iter().copied().enumerate() {
            if age < window {
                while ages.get(end_of_before).is_some_and(|other| *other <= age + window) {
                    end_of_before += 1;
                }
                look(age, index + 1, end_of_before.saturating_sub(index + 1));
            } else {
                while ages.get(end_of_this).is_some_and(|other| *other <= age - window) {
                    end_of_this += 1;
                }
                look(age - window, end_of_this, (index + 1).saturating_sub(end_of_this));
            }
        }
        Duration::from_secs_f64(wait)
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

    /// Counts what others sent within a window.
    fn others_within(&self, now: Duration) -> usize {
        self.others.len() - self.recent(now, WINDOW).1
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

    /// Returns the time between two requests after a 429.
    fn gap(&self, now: Duration) -> Duration {
        WINDOW.div_f64(f64::from(u32::try_from(self.slots(now)).unwrap_or(u32::MAX)))
    }

    /// Returns the limit to go by.
    fn rate(&self, now: Duration) -> u32 {
        let limit = self.limit();
        let slowed = u64::from(limit) * u64::from(self.percent(now)) / 100;
        u32::try_from(slowed).unwrap_or(limit).max(1)
    }

    /// Returns the server's limit, or the assumed one.
    const fn limit(&self) -> u32 {
        match self.limit {
            Limit::Known(limit) => limit,
            Limit::Unasked(_) | Limit::Assumed => ASSUMED,
        }
    }

    /// Returns which share of the limit is used.
    fn percent(&self, now: Duration) -> u32 {
        self.slowed.map_or(100, |slowed| {
            let minutes = now.saturating_sub(slowed.until).as_secs() / WINDOW.as_secs();
            let recovered = u32::try_from(minutes).unwrap_or(u32::MAX).saturating_mul(RECOVERED);
            slowed.percent.saturating_add(recovered).min(100)
        })
    }

    /// Notes that a request has ended, or was given up, and whether it counts: one that never left does not.
    pub(super) fn ended(&mut self, now: Duration, counts: bool) {
        self.under_way = self.under_way.saturating_sub(1);
        if counts {
            self.own.push_back(now);
        }
    }

    /// Notes a 429 to a request that was sent at some time: nothing is sent for a while, and then less than before. Those of
    /// one burst lower the pace once.
    pub(super) fn limited(&mut self, now: Duration, sent: Duration, wait: Duration) {
        let lowers = self.slowed.is_none_or(|slowed| sent > slowed.since);
        self.slow_down(now, now.saturating_add(wait), lowers);
    }

    /// Notes that somebody else met a 429, and until when everyone has to wait. One that comes while everything waits already
    /// is of the same burst.
    pub(super) fn limited_elsewhere(&mut self, now: Duration, until: Duration) {
        let lowers = self.is_open(now);
        self.slow_down(now, until, lowers);
    }

    fn slow_down(&mut self, now: Duration, until: Duration, lowers: bool) {
        let percent = self.percent(now);
        let percent = if lowers { (percent * SLOWED / 100).max(LEAST) } else { percent };
        self.slowed = Some(Slowed {
            since: if lowers { now } else { self.slowed.map_or(now, |slowed| slowed.since) },
            until: self.slowed.map_or(until, |slowed| slowed.until.max(until)),
            percent,
        });
    }

    /// Gives back the room of requests of a group that are to come.
    pub(super) fn release(&mut self, requests: usize) {
        self.reserved = self.reserved.saturating_sub(requests);
    }

    /// Returns how many of its own requests are under way or may count.
    pub(super) fn load(&self) -> usize {
        self.under_way + self.own.len()
    }

    /// Returns what the limit allows within the 60 s up to now.
    pub(super) fn left(&self, now: Duration) -> RequestsLeft {
        let left = self.slots(now).saturating_sub(self.count(now, WINDOW));
        let is_assumed = !matches!(self.limit, Limit::Known(_));
        RequestsLeft { left: u32::try_from(left).unwrap_or(u32::MAX), per_minute: self.limit(), is_assumed }
    }

    /// Notes what other processes have sent.
    pub(super) fn heard(&mut self, mut others: Vec<Duration>, latest: Option<Duration>) {
        others.sort_unstable();
        self.others = others;
        self.latest = self.latest.max(latest);
    }

    /// Notes what is known of the limit.
    pub(super) fn learn(&mut self, limit: Limit) {
        self.limit = limit;
    }

    /// Notes what another has learnt of the limit.
    pub(super) fn learn_from_another(&mut self, limit: u32) {
        if !matches!(self.limit, Limit::Known(_)) {
            self.limit = Limit::Known(limit);
        }
    }

    /// Returns the most requests of a minute.
    pub(super) fn whole_minute(&self, now: Duration) -> usize {
        self.slots(now)
    }
}

/// Returns a count as a number to weigh with. Limits are far below what a float holds exactly.
fn number(count: usize) -> f64 {
    f64::from(u32::try_from(count).unwrap_or(u32::MAX))
}
