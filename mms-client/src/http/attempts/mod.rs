//! Attempts of one operation: a turn at the pace, an attempt, and another where the retry rule allows it.

#[cfg(test)]
mod tests;

use std::sync::atomic::Ordering;
use std::time::Duration;

use mms_types::OrganizationId;
use reqwest::header::HeaderMap;
use reqwest::{Request, StatusCode};
use tracing::{Instrument, Span, field};

use crate::config::settings::{Settings, Step};
use crate::error::{Call, Cause, StopReason};
use crate::http::events::{Wait, WaitReason};
use crate::http::operation::OperationKind;
use crate::http::retry::retry_after::retry_after;
use crate::http::retry::{FailureClass, RetryDecision};
use crate::http::transport::{AttemptError, RawResponse, Transport};
use crate::pace::{Group, LimitSource, Permit, Ticket};

/// Time that a write must have left to be begun: as long as a connection may take, and at most a tenth of the whole. With less
/// its answer would hardly come in time, and to settle a lost one takes minutes.
const WRITE_RESERVE: Duration = Duration::from_secs(5);

/// Operation under way.
pub(crate) struct Attempts<'a, T> {
    pub(crate) operation_id: &'static str,
    pub(crate) kind: OperationKind,
    /// The organization whose limit the operation counts against, if the request names it.
    pub(crate) organization_id: Option<OrganizationId>,
    pub(crate) settings: &'a Settings,
    pub(crate) transport: T,
    /// Source of a limit that is not known yet.
    pub(crate) limit_source: &'a dyn LimitSource,
}

/// Progress of an operation.
struct Progress {
    deadline: Duration,
    /// When an attempt may begin at the latest.
    latest: Duration,
    attempts: u32,
    /// When the last attempt ended, or the operation began, or was given up.
    since: Duration,
    retry_after: Option<Duration>,
}

impl<T: Transport> Attempts<'_, T> {
    /// Sends a request until its outcome is settled, or may not or cannot be settled by sending it again.
    ///
    /// Dropping the future ends whatever is under way: the place in the queue, the wait, the attempt.
    pub(crate) async fn outcome(&self, request: Request) -> (Result<RawResponse, Cause>, Call) {
        let started = self.settings.clock.now();
        let deadline = started.saturating_add(self.settings.total_timeout);
        let step = self.settings.step();
        let last_call = deadline.saturating_sub(self.reserve());
        let latest = step.and_then(|step| step.latest).map_or(last_call, |latest| latest.min(last_call));
        let mut progress = Progress { deadline, latest, attempts: 0, since: started, retry_after: None };
        self.settings.budget.earn();
        let shared = step.and_then(|step| step.ticket.as_deref());
        let pacer = self.settings.pacer.as_ref().filter(|_| shared.is_none());
        let own = pacer.map(|pacer| pacer.join(self.organization_id));
        let ticket = shared.or(own.as_ref());
        let group = step.map(|step| step.group).unwrap_or_default();

        let mut request = Some(request);
        let mut last = Err(Cause::Late);
        let stop_reason = loop {
            let Some(permit) = self.turn(ticket, latest, group).await else {
                progress.since = self.settings.clock.now();
                break match progress.attempts {
                    0 if latest < last_call => StopReason::LookFirst,
                    // Without an attempt the outcome itself says so.
                    0 => StopReason::Final,
                    _ => StopReason::Deadline,
                };
            };
            let (timeout, span) = self.begin(&mut progress);
            let Some(attempt) =
                self.upcoming(&mut request, &progress).map(|request| self.transport.attempt(request, timeout))
            else {
                break StopReason::Final;
            };
            let outcome = attempt.instrument(span.clone()).await;
            self.end(&outcome, permit, &span, &mut progress);
            let further = self.further(&outcome, &progress);
            let is_limited = class(&outcome) == Some(FailureClass::RateLimited);
            last = outcome.map_err(Cause::from);
            match further {
                Ok(wait) => {
                    tracing::debug!(?wait, "the request is sent again");
                    let reason = if is_limited { WaitReason::Limit } else { WaitReason::Retry };
                    self.settings.wait.notify(&Wait::new(wait, reason));
                    self.settings.clock.sleep(wait).await;
                }
                Err(reason) => break reason,
            }
        };
        let Progress { attempts, since, retry_after, .. } = progress;
        let elapsed = since.saturating_sub(started);
        (last, Call { operation_id: self.operation_id, attempts, elapsed, retry_after, stop_reason })
    }

    /// Returns how much time an attempt must have left to be begun.
    fn reserve(&self) -> Duration {
        match self.kind {
            OperationKind::Read => Duration::ZERO,
            OperationKind::AbsoluteWrite | OperationKind::Create => WRITE_RESERVE.min(self.settings.total_timeout / 10),
        }
    }

    /// Waits for the operation's turn; nothing where it would come too late.
    async fn turn(&self, ticket: Option<&Ticket>, latest: Duration, group: Group) -> Option<Option<Permit>> {
        let Some(ticket) = ticket else {
            return (self.settings.clock.now() < latest).then_some(None);
        };
        ticket.turn(latest, group, self.limit_source).await.map(Some)
    }

    /// Begins an attempt: returns how long it may take, and the span of its traces.
    fn begin(&self, progress: &mut Progress) -> (Duration, Span) {
        let now = self.settings.clock.now();
        progress.attempts += 1;
        self.settings.sent.fetch_add(1, Ordering::Relaxed);
        let span = tracing::debug_span!(
            "attempt",
            attempt = progress.attempts,
            wait = ?now.saturating_sub(progress.since),
            status = field::Empty,
        );
        (self.settings.timeout.min(progress.deadline.saturating_sub(now)), span)
    }

    /// Returns the request for an attempt: a copy where it may be sent again.
    fn upcoming(&self, request: &mut Option<Request>, progress: &Progress) -> Option<Request> {
        let is_last = progress.attempts >= self.settings.retry.attempts;
        // No operation has a stream for a body, which is the one thing that cannot be cloned.
        let copy = if is_last { None } else { request.as_ref()?.try_clone() };
        copy.or_else(|| request.take())
    }

    /// Ends an attempt, and gives its permit back.
    fn end(
        &self,
        outcome: &Result<RawResponse, AttemptError>,
        permit: Option<Permit>,
        span: &Span,
        progress: &mut Progress,
    ) {
        if let Some(status) = status(outcome) {
            span.record("status", status.as_u16());
        }
        let clock = &self.settings.clock;
        progress.since = clock.now();
        progress.retry_after = None;
        let Some(class) = class(outcome) else { return };
        progress.retry_after = headers(outcome).and_then(|headers| retry_after(headers, clock.wall()));
        match (permit, class) {
            (Some(permit), FailureClass::RateLimited) => {
                permit.limited(self.wait(RetryDecision::AfterLimit, progress));
            }
            (Some(permit), FailureClass::NotSent | FailureClass::Untrusted) => permit.unsent(),
            _ => {}
        }
    }

    /// Returns the wait before another attempt, or why there is none.
    fn further(
        &self,
        outcome: &Result<RawResponse, AttemptError>,
        progress: &Progress,
    ) -> Result<Duration, StopReason> {
        let Some(class) = class(outcome) else { return Err(StopReason::Final) };
        let decision = self.decision(class);
        let now = self.settings.clock.now();
        if outcome.is_err() && now >= progress.deadline {
            return Err(StopReason::Deadline);
        }
        let is_limited = class == FailureClass::RateLimited;
        let too_long = progress.retry_after.filter(|_| self.settings.retry.is_too_long(progress.retry_after));
        if let Some(told) = too_long
            && (is_limited || decision != RetryDecision::Never)
        {
            return Err(StopReason::ToldTooLong(told));
        }
        if is_limited && self.kind == OperationKind::Create {
            return Err(StopReason::LookFirst);
        }
        if decision == RetryDecision::Never || progress.attempts >= self.settings.retry.attempts {
            return Err(StopReason::Final);
        }
        let wait = self.wait(decision, progress);
        if now.saturating_add(wait) >= progress.latest {
            return Err(StopReason::WaitTooLong(wait));
        }
        if decision.is_paid_for(wait) && !self.settings.budget.spend() {
            return Err(StopReason::Budget);
        }
        Ok(wait)
    }

    /// Decides about another attempt. A write that is a step of a careful call is sent once: the call looks before it goes on.
    fn decision(&self, class: FailureClass) -> RetryDecision {
        match (self.kind, self.settings.step()) {
            (OperationKind::AbsoluteWrite | OperationKind::Create, Some(Step { .. })) => RetryDecision::Never,
            (kind, _) => RetryDecision::of(class, kind),
        }
    }

    fn wait(&self, decision: RetryDecision, progress: &Progress) -> Duration {
        let Progress { attempts, retry_after, .. } = progress;
        self.settings.retry.wait(decision, *attempts, *retry_after, &*self.settings.random)
    }
}

/// Returns the class of an attempt that did not succeed; nothing of one that did.
fn class(outcome: &Result<RawResponse, AttemptError>) -> Option<FailureClass> {
    match outcome {
        Ok(reply) if reply.status.is_success() => None,
        Ok(reply) => Some(FailureClass::of_status(reply.status)),
        Err(failure) => Some(FailureClass::from(failure)),
    }
}

fn headers(outcome: &Result<RawResponse, AttemptError>) -> Option<&HeaderMap> {
    match outcome {
        Ok(RawResponse { headers, .. }) | Err(AttemptError::TruncatedBody(_, headers, _)) => Some(headers),
        Err(AttemptError::TooLong(..) | AttemptError::NoAnswer(_)) => None,
    }
}

fn status(outcome: &Result<RawResponse, AttemptError>) -> Option<StatusCode> {
    match outcome {
        Ok(reply) => Some(reply.status),
        Err(AttemptError::TruncatedBody(status, ..) | AttemptError::TooLong(status, _)) => Some(*status),
        Err(AttemptError::NoAnswer(_)) => None,
    }
}
