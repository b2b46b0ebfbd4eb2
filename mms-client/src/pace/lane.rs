//! Lane: the requests of one organization, in their order.

use std::fmt;
use std::pin::pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use futures_util::future::{Either, select};
use tokio::sync::Notify;

use super::log::{LogTime, SendLog, SendLogKey, Sent};
use super::queue::{Place, Queue};
use super::schedule::{Group, Limit, MEMORY, Next, Schedule, WINDOW};
use super::{LimitError, LimitSource};
use crate::env::clock::Clock;
use crate::http::events::{Observer, Wait, WaitReason};

/// Time after which a request of another process counts as answered: the log does not say when it was, and it rarely takes as
/// long.
const ANSWER_ALLOWANCE: Duration = Duration::from_secs(1);

/// Timeout of the question for the limit. Whoever waits for its answer has to send, too.
const LIMIT_TIMEOUT: Duration = Duration::from_secs(5);

/// Longest pause that is taken over from others.
const MAX_PAUSE: Duration = Duration::from_secs(10 * 60);

/// Offset of the schedule's time from the clock's, so that there is a time before the start of a process.
const TIME_OFFSET: Duration = Duration::from_secs(3_600);

/// Requests of one client that named no organization: when each was answered, and by whose turn.
#[derive(Debug, Default)]
pub(super) struct WithoutOrganization(Mutex<Vec<(Duration, u64)>>);

impl WithoutOrganization {
    fn note(&self, answered: Duration, sender: u64) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push((answered, sender));
    }

    /// Returns when those were answered that took the turn of another.
    fn of_others(&self, sender: u64, now: Duration) -> Vec<Duration> {
        let mut sent = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        sent.retain(|(answered, _)| now < *answered + MEMORY);
        sent.iter().filter(|(_, other)| *other != sender).map(|(answered, _)| *answered).collect()
    }
}

/// What a lane knows of requests that it did not send itself.
pub(super) enum Others {
    /// The log of all clients and processes.
    Log(Arc<dyn SendLog>),
    /// No more than the requests of this client.
    OwnClient(Arc<WithoutOrganization>),
}

/// The requests of one organization, in the order in which they come.
pub(super) struct Lane {
    key: SendLogKey,
    /// Key of requests that name no organization, and so count against each.
    key_of_none: SendLogKey,
    queue: Queue,
    state: Mutex<State>,
    /// A request has ended.
    ended: Notify,
    others: Others,
    /// Callback for a wait.
    wait: Observer<Wait>,
    clock: Arc<dyn Clock>,
    /// Number of this client's own requests in the log.
    sender: u64,
}

struct State {
    schedule: Schedule,
    /// Whether the log has failed.
    is_log_broken: bool,
    /// Whether it was said that the limit is not known.
    has_warned: bool,
    /// The latest 429 of others that is taken into account, and until when it holds everything.
    latest_refusal: Option<(SystemTime, SystemTime)>,
}

impl Lane {
    pub(super) fn new(
        key: SendLogKey,
        schedule: Schedule,
        others: Others,
        wait: Observer<Wait>,
        clock: Arc<dyn Clock>,
        sender: u64,
    ) -> Self {
        let key_of_none = SendLogKey { organization_id: None, ..key.clone() };
        let state = Mutex::new(State { schedule, is_log_broken: false, has_warned: false, latest_refusal: None });
        Self { key, key_of_none, queue: Queue::default(), state, ended: Notify::new(), others, wait, clock, sender }
    }

    /// Returns how many requests count at the moment.
    pub(super) fn load(&self) -> usize {
        self.state().schedule.load()
    }

    /// Returns the clock of the turns.
    pub(super) fn clock(&self) -> &dyn Clock {
        &*self.clock
    }

    /// Draws a number for the queue.
    pub(super) fn number(&self) -> u64 {
        self.queue.number()
    }

    /// Waits for the turn of a number; nothing where it would come after the deadline.
    pub(super) async fn turn(
        self: Arc<Self>,
        number: u64,
        deadline: Duration,
        (group, names_none): (Group, bool),
        limit_source: &dyn LimitSource,
    ) -> Option<Permit> {
        let place: Place<'_> = self.queue.place(number);
        loop {
            if !place.is_first() {
                self.before(deadline, place.first()).await?;
            }
            let time = self.clock.now();
            let (now, left) = (time.saturating_add(TIME_OFFSET), deadline.saturating_sub(time));
            if left.is_zero() {
                return None;
            }
            // From before the look at what is under way, so that no end is missed in between.
            let mut ended = pin!(self.ended.notified());
            ended.as_mut().enable();
            let wall = self.clock.wall();
            let permit =
                |names_none| Permit { lane: self.clone(), sent: now, noted_at: wall, names_none, counts: true };
            match self.next(now, wall, left > LIMIT_TIMEOUT, (group, names_none)) {
                Next::Send => return Some(permit(names_none)),
                Next::Ask => self.ask(permit(false), limit_source).await,
                Next::At(time) if time.saturating_sub(now) >= left => return None,
                Next::At(time) => {
                    let duration = time.saturating_sub(now);
                    let requests = Some(self.state().schedule.left(now));
                    self.wait.notify(&Wait { requests, ..Wait::new(duration, WaitReason::Limit) });
                    self.clock.sleep(duration).await;
                }
                Next::AfterAnother => self.before(deadline, ended).await?,
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

    /// Takes a slot if one is free, by what the log says that others have sent, and notes there what is sent.
    fn next(&self, now: Duration, wall: SystemTime, may_ask: bool, (group, names_none): (Group, bool)) -> Next {
        let mut state = self.state();
        let log = match &self.others {
            Others::Log(log) => log,
            Others::OwnClient(of_none) => {
                state.schedule.heard(of_none.of_others(self.sender, now), None);
                return state.schedule.next(now, may_ask, group);
            }
        };
        let log_time = LogTime { wall, since_boot: self.clock.since_boot() };
        let since = wall.checked_sub(MEMORY + ANSWER_ALLOWANCE).unwrap_or(wall);
        let request = Sent::Request { at: wall, sender: self.sender };
        let mut next = None;
        let mut exchanged = log.exchange(&self.key, since, log_time, &mut |sent| {
            self.hear(&mut state, sent, now, wall);
            let found = state.schedule.next(now, may_ask, group);
            next = Some(found);
            matches!(found, Next::Send | Next::Ask).then_some(request)
        });
        if exchanged.is_ok() && next == Some(Next::Send) && names_none {
            exchanged = self.note_of_none(&**log, log_time, request);
        }
        if exchanged.is_err() && next.is_none() && !state.is_log_broken {
            let whole_minute = state.schedule.whole_minute(now);
            state.schedule.heard(vec![now; whole_minute], Some(now));
        }
        Self::note(&mut state, exchanged.err());
        next.unwrap_or_else(|| state.schedule.next(now, may_ask, group))
    }

    /// Notes what names no organization a second time, for those who keep another's limit.
    fn note_of_none(&self, log: &dyn SendLog, now: LogTime, sent: Sent) -> std::io::Result<()> {
        if self.key == self.key_of_none {
            return Ok(());
        }
        log.exchange(&self.key_of_none, now.wall, now, &mut |_| Some(sent))
    }

    /// Notes something in the log, if there is one.
    fn log(&self, state: &mut State, line: impl Fn(SystemTime) -> Sent) {
        let Others::Log(log) = &self.others else { return };
        let now = LogTime::read(&*self.clock);
        Self::note(state, log.exchange(&self.key, now.wall, now, &mut |_| Some(line(now.wall))).err());
    }

    /// Takes into account what others have sent, and what the server refused them.
    fn hear(&self, state: &mut State, sent: &[Sent], now: Duration, wall: SystemTime) {
        let before = |time: SystemTime| now.saturating_sub(wall.duration_since(time).unwrap_or_default());
        let whole_minute = state.schedule.whole_minute(now);
        let (mut answered, mut latest) = (Vec::new(), None);
        // One from a time that has not come yet is from before the clock was set back.
        state.latest_refusal = state.latest_refusal.min(Some((wall, wall)));
        for sent in sent.iter().filter(|sent| sent.sender() != Some(self.sender)) {
            let at = before(sent.at());
            match sent {
                Sent::Unsent { .. } => continue,
                Sent::Request { .. } => answered.push(at + ANSWER_ALLOWANCE),
                Sent::Limit { per_minute, .. } => {
                    state.schedule.learn_from_another(*per_minute);
                    continue;
                }
                Sent::Unknown { .. } => answered.extend(std::iter::repeat_n(at + ANSWER_ALLOWANCE, whole_minute)),
                Sent::Refused { at, until, .. } => {
                    if state.latest_refusal < Some((*at, *until)) {
                        state.latest_refusal = Some((*at, *until));
                        let left = until.duration_since(wall).unwrap_or_default().min(MAX_PAUSE);
                        state.schedule.limited_elsewhere(now, before(*until) + left);
                    }
                    continue;
                }
            }
            latest = latest.max(Some(at));
        }
        state.schedule.heard(answered, latest);
    }

    /// Warns of a log that fails, once.
    fn note(state: &mut State, error: Option<std::io::Error>) {
        if let Some(error) = error
            && !std::mem::replace(&mut state.is_log_broken, true)
        {
            tracing::warn!(%error, "the log of what was sent cannot be used: other processes may use up the limit");
        }
    }

    /// Asks the server for its limit, and goes by what it says. The permit is for that request.
    async fn ask(&self, permit: Permit, limit_source: &dyn LimitSource) {
        let Some(organization_id) = self.key.organization_id else { return };
        // Whoever stops waiting for the answer leaves no question to those behind it.
        self.state().schedule.learn(Limit::Unasked(self.now() + WINDOW));
        let answer = limit_source.api_limit(organization_id, LIMIT_TIMEOUT).await;
        match answer {
            Err(LimitError::Limited(wait)) => permit.limited(wait),
            _ => drop(permit),
        }
        let now = self.now();
        let mut state = self.state();
        match answer {
            Ok(limit) => tracing::debug!(%organization_id, limit, "the limit of requests per minute is learnt"),
            Err(reason) if !std::mem::replace(&mut state.has_warned, true) => tracing::warn!(
                %organization_id,
                %reason,
                "the limit of requests per minute is not known: 60 is assumed, and can be set by hand"
            ),
            Err(_) => {}
        }
        if let Ok(per_minute) = answer {
            self.log(&mut state, |at| Sent::Limit { at, sender: self.sender, per_minute });
        }
        state.schedule.learn(match answer {
            Ok(limit) => Limit::Known(limit),
            // Whoever waits comes first, and then the next question.
            Err(LimitError::Limited(wait)) => Limit::Unasked(now + wait + WINDOW),
            Err(reason) if reason.may_pass() => Limit::Unasked(now + WINDOW),
            Err(_) => Limit::Assumed,
        });
    }

    /// Gives back the room that was kept for what is left of a group.
    pub(super) fn release(&self, requests: usize) {
        self.state().schedule.release(requests);
        self.ended.notify_waiters();
    }

    /// Returns the schedule's time.
    fn now(&self) -> Duration {
        self.clock.now().saturating_add(TIME_OFFSET)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Permit to send one request, held until the request has ended, and then dropped.
pub(crate) struct Permit {
    lane: Arc<Lane>,
    /// When it was given, by the schedule's time.
    sent: Duration,
    /// The same as the log has it.
    noted_at: SystemTime,
    /// Whether the request names no organization.
    names_none: bool,
    /// Whether the request counts against the limit.
    counts: bool,
}

impl Permit {
    /// Notes that the request never left: no connection came about, so that the server counts nothing.
    pub(crate) fn unsent(mut self) {
        self.counts = false;
        let lane = &self.lane;
        let mut state = lane.state();
        let unsent = Sent::Unsent { at: self.noted_at, sender: lane.sender };
        lane.log(&mut state, |_| unsent);
        if let (true, Others::Log(log)) = (self.names_none, &lane.others) {
            Lane::note(&mut state, lane.note_of_none(&**log, LogTime::read(&*lane.clock), unsent).err());
        }
    }

    /// Notes that the server refused the request with 429: nothing of the organization is sent for this long, by nobody who
    /// shares the log.
    pub(crate) fn limited(self, wait: Duration) {
        let lane = &self.lane;
        tracing::warn!(
            organization_id = lane.key.organization_id.map(tracing::field::display),
            ?wait,
            "the server's limit of requests per minute is used up: every request waits, and then goes slower"
        );
        let mut state = lane.state();
        state.schedule.limited(lane.now(), self.sent, wait);
        lane.log(&mut state, |at| Sent::Refused { at, sender: lane.sender, until: at.checked_add(wait).unwrap_or(at) });
    }
}

impl Drop for Permit {
    fn drop(&mut self) {
        let (now, counts) = (self.lane.now(), self.counts);
        if let (true, true, Others::OwnClient(of_none)) = (self.names_none, counts, &self.lane.others) {
            of_none.note(now, self.lane.sender);
        }
        self.lane.state().schedule.ended(now, counts);
        self.lane.ended.notify_waiters();
    }
}

impl fmt::Debug for Permit {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Permit").field("key", &self.lane.key).finish_non_exhaustive()
    }
}
