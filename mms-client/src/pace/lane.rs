//! The queue of one organization.

use std::fmt;
use std::pin::pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use futures_util::future::{Either, select};
use tokio::sync::Notify;

use super::LookUp;
use super::log::{SendLog, SendLogKey, Sent};
use super::schedule::{MEMORY, Next, Schedule};
use crate::clock::Clock;

/// By when a request of another process has surely been counted by the server, after it was sent.
const UNDER_WAY: Duration = Duration::from_secs(1);

/// By how much the schedule's time is ahead of the clock's, so that there is a time before the start of a process.
const LEAD: Duration = Duration::from_secs(3_600);

/// The requests of one organization, in the order in which they come.
pub(super) struct Lane {
    key: SendLogKey,
    /// Whoever holds it is the first in the queue. tokio's lock goes round in the order of asking, and who gives up asking is
    /// out of the queue.
    first: tokio::sync::Mutex<()>,
    state: Mutex<State>,
    /// A request has ended.
    ended: Notify,
    /// What others have sent is written there; nothing where there are none.
    log: Option<Arc<dyn SendLog>>,
    clock: Arc<dyn Clock>,
    /// By what number this client knows its own requests in the log.
    sender: u64,
}

struct State {
    schedule: Schedule,
    /// Whether the log failed the last time.
    is_log_broken: bool,
}

impl Lane {
    pub(super) fn new(
        key: SendLogKey,
        schedule: Schedule,
        log: Option<Arc<dyn SendLog>>,
        clock: Arc<dyn Clock>,
        sender: u64,
    ) -> Self {
        let state = Mutex::new(State { schedule, is_log_broken: false });
        Self { key, first: tokio::sync::Mutex::default(), state, ended: Notify::new(), log, clock, sender }
    }

    /// Waits for a turn; nothing where it would come after the deadline.
    pub(super) async fn turn(self: Arc<Self>, deadline: Duration, look_up: &dyn LookUp) -> Option<Permit> {
        let _first = match self.first.try_lock() {
            Ok(first) => first,
            Err(_) => self.before(deadline, self.first.lock()).await?,
        };
        loop {
            let now = self.now();
            let left = deadline.saturating_sub(self.clock.now());
            if left.is_zero() {
                return None;
            }
            match self.next(now) {
                Next::Send => return Some(Permit { lane: self.clone() }),
                Next::Ask => self.ask(Permit { lane: self.clone() }, left, look_up).await,
                Next::At(time) if time.saturating_sub(now) >= left => return None,
                Next::At(time) => self.clock.sleep(time.saturating_sub(now)).await,
                Next::AfterAnother => self.before(deadline, self.ended.notified()).await?,
            }
        }
    }

    /// Waits for something; nothing where it does not come before the deadline.
    async fn before<F: Future>(&self, deadline: Duration, wanted: F) -> Option<F::Output> {
        let too_late = self.clock.sleep(deadline.saturating_sub(self.clock.now()));
        match select(pin!(wanted), too_late).await {
            Either::Left((output, _)) => Some(output),
            Either::Right(_) => None,
        }
    }

    /// Takes a slot if one is free, and notes in the log what is sent.
    fn next(&self, now: Duration) -> Next {
        let mut state = self.state();
        let Some(log) = &self.log else { return state.schedule.next(now) };
        self.hear(&**log, &mut state, now);
        let next = state.schedule.next(now);
        if matches!(next, Next::Send | Next::Ask) {
            let written = log.append(&self.key, Sent::Request { at: self.clock.wall(), sender: self.sender });
            Self::note(&mut state, written.err(), "written");
        }
        next
    }

    /// Reads from the log what others have sent.
    fn hear(&self, log: &dyn SendLog, state: &mut State, now: Duration) {
        let wall = self.clock.wall();
        let since = wall.checked_sub(MEMORY + UNDER_WAY).unwrap_or(wall);
        match log.load(&self.key, since, wall) {
            Ok(sent) => {
                // What a clock that was set back puts into the future was sent just now.
                let ago = |sent: &Sent| wall.duration_since(sent.at()).unwrap_or_default();
                let whole_minute = state.schedule.whole_minute(now);
                let others =
                    sent.iter().filter(|sent| !matches!(sent, Sent::Request { sender, .. } if *sender == self.sender));
                let (mut answered, mut latest) = (Vec::new(), None);
                for sent in others {
                    let count = if matches!(sent, Sent::Unknown { .. }) { whole_minute } else { 1 };
                    let at = now.saturating_sub(ago(sent));
                    answered.extend(std::iter::repeat_n(at + UNDER_WAY, count));
                    latest = latest.max(Some(at));
                }
                state.schedule.heard(answered, latest);
            }
            Err(error) => {
                if !state.is_log_broken {
                    let whole_minute = state.schedule.whole_minute(now);
                    state.schedule.heard(vec![now; whole_minute], Some(now));
                }
                Self::note(state, Some(error), "read");
            }
        }
    }

    /// Warns of a log that fails, once.
    fn note(state: &mut State, error: Option<std::io::Error>, what: &str) {
        if let Some(error) = error
            && !std::mem::replace(&mut state.is_log_broken, true)
        {
            tracing::warn!(%error, "the log of what was sent cannot be {what}: other processes may use up the limit");
        }
    }

    /// Asks the server for its limit, and goes by what it says. The permit is for that request.
    async fn ask(&self, permit: Permit, timeout: Duration, look_up: &dyn LookUp) {
        let Some(organization_id) = self.key.organization_id else { return };
        let answer = look_up.api_limit(organization_id, timeout).await;
        drop(permit);
        match answer {
            Ok(limit) => tracing::debug!(%organization_id, limit, "the limit of requests per minute is learnt"),
            Err(reason) => tracing::warn!(
                %organization_id,
                %reason,
                "the limit of requests per minute is not known: 60 is assumed, and can be set by hand"
            ),
        }
        self.state().schedule.learn(answer.ok());
    }

    /// Returns the schedule's time.
    fn now(&self) -> Duration {
        self.clock.now().saturating_add(LEAD)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Leave to send one request, held until that has ended. Dropping it says that it has.
pub(crate) struct Permit {
    lane: Arc<Lane>,
}

impl Permit {
    /// Notes that the server refused the request with 429: nothing of the organization is sent for this long.
    pub(crate) fn limited(self, wait: Duration) {
        tracing::warn!(
            organization_id = self.lane.key.organization_id.map(tracing::field::display),
            ?wait,
            "the server's limit of requests per minute is used up: every request waits, and then goes slower"
        );
        self.lane.state().schedule.limited(self.lane.now(), wait);
    }
}

impl Drop for Permit {
    fn drop(&mut self) {
        self.lane.state().schedule.ended(self.lane.now());
        self.lane.ended.notify_one();
    }
}

impl fmt::Debug for Permit {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Permit").field("key", &self.lane.key).finish_non_exhaustive()
    }
}
