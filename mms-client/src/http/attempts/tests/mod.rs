//! Tests of the attempts of one call, over a scripted transport and a fake clock.

mod cancellation;

use std::collections::VecDeque;
use std::io;
use std::num::NonZeroU32;
use std::sync::atomic::AtomicU64;
use std::sync::{Arc, Mutex};

use bytes::Bytes;
use futures_util::FutureExt;
use futures_util::future::{BoxFuture, join, join_all};
use mms_types::PageLimit;
use reqwest::Method;
use reqwest::header::{HeaderMap, RETRY_AFTER};

use super::*;
use crate::config::api_name::ApiName;
use crate::config::base_url::BaseUrl;
use crate::config::settings::Shared;
use crate::config::tls::Tls;
use crate::env::clock::{Clock, FakeClock};
use crate::env::random::{Random, SeededRandom};
use crate::error::Error;
use crate::http::events::{Observer, Wait, WaitReason};
use crate::http::retry::policy::{Budget, RetryPolicy};
use crate::http::transport::{Stage, TransportError};
use crate::pace::{LimitError, Pace, Pacer, PacerConfig};
use crate::read::page_size::PageSizeMemory;
use crate::write::look::Looks;

const ORGANIZATION: OrganizationId = OrganizationId::new(11);

/// What the server of these tests does with a request.
#[derive(Debug, Clone, Copy)]
enum Reaction {
    Status(u16),
    Wait(u16, &'static str),
    Refused,
    Distrusted,
    Reset,
    /// No answer; the attempt runs out of its time.
    Silence,
}

/// A server in memory that takes 100 ms for an answer.
#[derive(Debug, Default)]
struct Server {
    clock: FakeClock,
    script: Mutex<VecDeque<Reaction>>,
    /// When each request came.
    seen: Mutex<Vec<Duration>>,
}

const DELAY: Duration = Duration::from_millis(100);

impl Transport for &Server {
    async fn attempt(&self, _: Request, timeout: Duration) -> Result<RawResponse, AttemptError> {
        self.seen.lock().unwrap().push(self.clock.now());
        let reaction = self.script.lock().unwrap().pop_front().unwrap_or(Reaction::Status(200));
        self.clock.sleep(if matches!(reaction, Reaction::Silence) { timeout } else { DELAY }).await;
        let error = |stage, timed_out| {
            let source = Box::new(io::Error::other("broken"));
            AttemptError::NoAnswer(TransportError { stage, timed_out, host: None, source })
        };
        let reply = |status: u16, wait: Option<&'static str>| RawResponse {
            status: StatusCode::from_u16(status).unwrap(),
            headers: wait.map(|wait| (RETRY_AFTER, wait.parse().unwrap())).into_iter().collect::<HeaderMap>(),
            body: Bytes::new(),
        };
        match reaction {
            Reaction::Status(status) => Ok(reply(status, None)),
            Reaction::Wait(status, wait) => Ok(reply(status, Some(wait))),
            Reaction::Refused => Err(error(Stage::Connect, false)),
            Reaction::Distrusted => Err(error(Stage::Trust, false)),
            Reaction::Reset => Err(error(Stage::Sent, false)),
            Reaction::Silence => Err(error(Stage::Sent, true)),
        }
    }
}

/// A client of reqwest's that no request of these tests goes through.
fn unused_client() -> reqwest::Client {
    let base_url: BaseUrl = "http://127.0.0.1:1/".parse().unwrap();
    Tls::new(&base_url).unwrap().configure(reqwest::Client::builder()).build().unwrap()
}

/// Nobody to ask for a limit.
struct Nobody;

impl LimitSource for Nobody {
    fn api_limit(&self, _: OrganizationId, _: Duration) -> BoxFuture<'_, Result<u32, LimitError>> {
        async { Err(LimitError::Unknown) }.boxed()
    }
}

/// A client without a socket.
struct World {
    server: Server,
    settings: Settings,
    /// The waits that were told.
    waits: Arc<Mutex<Vec<Wait>>>,
}

impl World {
    fn new(script: impl IntoIterator<Item = Reaction>) -> Self {
        Self::with(script, RetryPolicy::default(), None)
    }

    /// Nothing is paced without a limit; one of 0 is asked for.
    fn with(script: impl IntoIterator<Item = Reaction>, retry: RetryPolicy, limit: Option<u32>) -> Self {
        let server = Server { script: Mutex::new(script.into_iter().collect()), ..Server::default() };
        let clock: Arc<dyn Clock> = Arc::new(server.clock.clone());
        let random: Arc<dyn Random> = Arc::new(SeededRandom::new(7));
        let waits: Arc<Mutex<Vec<Wait>>> = Arc::default();
        let told = waits.clone();
        let wait = Observer::new(move |wait: &Wait| told.lock().unwrap().push(*wait));
        let pacer = limit.map(|limit| {
            let limit = NonZeroU32::new(limit);
            let config = PacerConfig {
                pace: Pace::Even,
                limit,
                own: None,
                base_url: String::new(),
                log: None,
                wait: wait.clone(),
            };
            Pacer::new(config, clock.clone(), random.clone())
        });
        let settings = Settings::from(Shared {
            api: ApiName::new(None, &"http://127.0.0.1:1".parse().unwrap()),
            lost_answer: Observer::default(),
            wait,
            token: "token".parse().unwrap(),
            unpooled: unused_client(),
            timeout: Duration::from_secs(10),
            read_timeout: Duration::from_secs(30),
            total_timeout: Duration::from_secs(180),
            answer_limit: 0,
            page_sizes: PageSizeMemory::new(PageLimit::LARGEST, None, Duration::ZERO),
            organization_page_sizes: PageSizeMemory::new(PageLimit::LARGEST, None, Duration::ZERO),
            sent: AtomicU64::default(),
            looks: Looks::default(),
            budget: Budget::new(&retry),
            retry,
            pacer,
            clock,
            random,
        });
        Self { server, settings, waits }
    }

    async fn send(&self, kind: OperationKind) -> Outcome {
        let attempts = Attempts {
            operation_id: "list_regions",
            kind,
            organization_id: Some(ORGANIZATION),
            settings: &self.settings,
            transport: &self.server,
            limit_source: &Nobody,
        };
        let request = Request::new(Method::GET, "http://127.0.0.1/".parse().unwrap());
        let (result, call) = attempts.outcome(request).await;
        Outcome { status: result.as_ref().ok().map(|reply| reply.status.as_u16()), error: result.err(), call }
    }

    fn run(&self, kind: OperationKind) -> Outcome {
        self.server.clock.run(self.send(kind)).unwrap()
    }

    fn requests(&self) -> usize {
        self.server.seen.lock().unwrap().len()
    }
}

struct Outcome {
    status: Option<u16>,
    error: Option<Cause>,
    call: Call,
}

impl Outcome {
    fn error(self) -> Error {
        Error::new(self.error.unwrap(), self.call)
    }
}

use OperationKind::{AbsoluteWrite, Create, Read};

#[test]
fn a_read_is_sent_again_until_it_is_answered() {
    let world = World::new([Reaction::Reset, Reaction::Status(502), Reaction::Silence]);
    let outcome = world.run(Read);
    assert_eq!((outcome.status, outcome.call.attempts, world.requests()), (Some(200), 4, 4));
    assert!(outcome.call.elapsed >= Duration::from_millis(10_300), "{:?}", outcome.call.elapsed);
}

#[test]
fn a_write_that_may_have_been_sent_is_sent_once() {
    for kind in [AbsoluteWrite, Create] {
        for reaction in [Reaction::Reset, Reaction::Silence, Reaction::Status(500), Reaction::Status(408)] {
            let world = World::new([reaction]);
            let outcome = world.run(kind);
            assert_eq!((outcome.call.attempts, world.requests()), (1, 1), "{kind:?} {reaction:?}");
        }
    }
}

#[test]
fn what_was_not_sent_is_sent_again_unless_it_is_a_create() {
    for (kind, status, attempts) in [(Read, Some(200), 3), (AbsoluteWrite, Some(200), 3), (Create, None, 1)] {
        let outcome = World::new([Reaction::Refused, Reaction::Refused]).run(kind);
        assert_eq!((outcome.status, outcome.call.attempts), (status, attempts), "{kind:?}");
        let outcome = World::new([Reaction::Distrusted]).run(kind);
        assert_eq!(outcome.call.attempts, 1, "{kind:?}");
    }
}

#[test]
fn a_429_waits_for_a_window_or_as_told_by_seconds_or_by_a_date() {
    // The fake wall clock begins at 2026-11-01T00:00:00Z, and the answer takes 0.1 s.
    let date = "Sun, 01 Nov 2026 00:00:30 GMT";
    for (reaction, second) in [
        (Reaction::Status(429), 60_100),
        (Reaction::Wait(429, "7"), 7_100),
        (Reaction::Wait(429, date), 30_000),
        (Reaction::Wait(429, "120"), 120_100),
    ] {
        for kind in [Read, AbsoluteWrite] {
            let world = World::new([reaction]);
            assert_eq!(world.run(kind).status, Some(200));
            let seen = world.server.seen.lock().unwrap().clone();
            assert_eq!(seen, [Duration::ZERO, Duration::from_millis(second)], "{reaction:?}");
        }
    }
}

#[test]
fn a_create_is_not_sent_again_after_a_429_and_its_error_says_how_long_to_wait() {
    let world = World::new([Reaction::Wait(429, "7")]);
    let outcome = world.run(Create);
    assert_eq!((outcome.status, world.requests()), (Some(429), 1));
    assert_eq!(outcome.call.retry_after, Some(Duration::from_secs(7)));
    assert_eq!(outcome.call.stop_reason, StopReason::LookFirst);
}

#[test]
fn a_wait_beyond_the_cap_is_not_cut_short_but_given_up_with_the_servers_own_time() {
    for kind in [Read, AbsoluteWrite, Create] {
        let world = World::new([Reaction::Wait(429, "121")]);
        let outcome = world.run(kind);
        assert_eq!((outcome.status, world.requests()), (Some(429), 1), "{kind:?}");
        assert_eq!(outcome.call.stop_reason, StopReason::ToldTooLong(Duration::from_secs(121)));
    }
}

#[test]
fn a_write_that_is_a_step_of_a_careful_call_is_sent_once_and_not_after_its_look_is_too_old() {
    let step = |latest| Step { ticket: None, group: Group::default(), latest: Some(latest) };
    for reaction in [Reaction::Status(429), Reaction::Refused] {
        let mut world = World::new([reaction]);
        world.settings = world.settings.for_step(step(Duration::from_secs(2)));
        assert_eq!((world.run(AbsoluteWrite).call.attempts, world.requests()), (1, 1), "{reaction:?}");
    }
    let mut world = World::new([]);
    world.server.clock.advance(Duration::from_secs(2));
    world.settings = world.settings.for_step(step(Duration::from_secs(2)));
    let outcome = world.run(AbsoluteWrite);
    assert_eq!((outcome.call.stop_reason, world.requests()), (StopReason::LookFirst, 0));
    assert!(outcome.error().is_stale());
}

#[test]
fn a_wait_before_another_attempt_is_told() {
    let world = World::new([Reaction::Wait(429, "7"), Reaction::Wait(503, "2")]);
    assert_eq!(world.run(Read).status, Some(200));
    let waits = [(7, WaitReason::Limit), (2, WaitReason::Retry)];
    let waits = waits.map(|(seconds, reason)| Wait::new(Duration::from_secs(seconds), reason));
    assert_eq!(*world.waits.lock().unwrap(), waits);
}

#[test]
fn the_last_attempts_outcome_is_reported_with_all_attempts() {
    let world = World::new([Reaction::Status(503); 9]);
    let outcome = world.run(Read);
    assert_eq!((outcome.status, outcome.call.attempts, outcome.call.stop_reason), (Some(503), 4, StopReason::Final));
    let world = World::with([Reaction::Reset], RetryPolicy::never(), None);
    assert_eq!(world.run(Read).call.attempts, 1);
}

#[test]
fn a_wait_that_would_end_after_the_deadline_is_not_begun() {
    let world = World::new([Reaction::Status(429); 9]);
    let outcome = world.run(AbsoluteWrite);
    assert_eq!((outcome.status, outcome.call.attempts), (Some(429), 3));
    assert_eq!(outcome.call.stop_reason, StopReason::WaitTooLong(Duration::from_secs(60)));
    assert_eq!(outcome.call.elapsed, Duration::from_millis(120_300));
}

#[test]
fn the_deadline_cuts_an_attempt_short_and_is_named() {
    let retry = RetryPolicy { base: Duration::ZERO, attempts: 100, budget: 100, ..RetryPolicy::default() };
    let world = World::with([Reaction::Silence; 100], retry, None);
    let outcome = world.run(Read);
    assert_eq!((outcome.call.attempts, outcome.call.elapsed), (18, Duration::from_secs(180)));
    let error = outcome.error();
    assert!(error.is_deadline() && error.is_timeout() && error.maybe_sent() && error.is_retryable());
    assert_eq!(
        error.to_string(),
        "list_regions: no answer from the server: broken (18 attempts, 180.0 s; the deadline passed)"
    );
}

#[test]
fn a_turn_that_comes_after_the_deadline_is_not_waited_for() {
    let world = World::with([], RetryPolicy::default(), Some(1));
    let both = async { (world.send(Create).await, world.send(Create).await) };
    let (first, second) = world.server.clock.run(both).unwrap();
    assert_eq!((first.status, second.status), (Some(200), Some(200)), "a minute is within the deadline");

    let calls = world.server.clock.run(join_all((0..5).map(|_| world.send(Create)))).unwrap();
    let (sent, late): (Vec<_>, Vec<_>) = calls.into_iter().partition(|outcome| outcome.status.is_some());
    assert_eq!((sent.len(), late.len(), world.requests()), (2, 3, 4));
    for outcome in late {
        assert_eq!(outcome.call.attempts, 0);
        let error = outcome.error();
        assert!(error.is_deadline() && error.is_timeout() && error.is_retryable() && !error.maybe_sent());
        assert!(error.to_string().starts_with("list_regions: not sent: its turn would come only after"), "{error}");
    }
}

#[test]
fn a_write_whose_turn_comes_when_hardly_any_time_is_left_is_not_sent() {
    for (kind, attempts) in [(Read, 1), (AbsoluteWrite, 0), (Create, 0)] {
        let world = World::with([], RetryPolicy::default(), Some(1));
        let last = async {
            // Its turn is 180.3 s after the start, and its deadline 183 s.
            world.server.clock.sleep(Duration::from_secs(3)).await;
            world.send(kind).await
        };
        let others = join_all((0..3).map(|_| world.send(Read)));
        let (_, last) = world.server.clock.run(join(others, last)).unwrap();
        assert_eq!(
            (last.call.attempts, world.requests()),
            (attempts, 3 + usize::try_from(attempts).unwrap()),
            "{kind:?}"
        );
        assert_eq!(last.status.is_none(), attempts == 0, "{kind:?}");
    }
}

#[test]
fn an_outage_costs_a_tenth_more_requests_after_the_first_20() {
    let world = World::new(vec![Reaction::Status(503); 2_000]);
    let operations = 1_000;
    for _ in 0..operations {
        assert_eq!(world.run(Read).status, Some(503));
    }
    let further = world.requests() - operations;
    assert!((100..=120).contains(&further), "{further}");
    let ending = world.run(Read).call.stop_reason;
    assert!(matches!(ending, StopReason::Budget | StopReason::Final), "{ending:?}");
}

#[test]
fn waiting_calls_wait_too_after_a_429() {
    let world = World::with([Reaction::Status(429)], RetryPolicy::default(), Some(60));
    let both = async {
        let first = world.send(Read);
        let second = async {
            world.server.clock.sleep(Duration::from_secs(1)).await;
            world.send(Read).await
        };
        join(first, second).await
    };
    let (first, second) = world.server.clock.run(both).unwrap();
    assert_eq!((first.status, second.status), (Some(200), Some(200)));
    let seen = world.server.seen.lock().unwrap().clone();
    assert_eq!(seen.len(), 3);
    assert!(seen[1..].iter().all(|time| *time >= Duration::from_millis(60_100)), "{seen:?}");
}
