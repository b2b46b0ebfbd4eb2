//! Steps of one careful write: its requests share a place in the queue of the pace.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use mms_types::OrganizationId;

use crate::config::settings::Step;
use crate::env::clock::Clock;
use crate::pace::{Group, LimitSource, Pacer, Ticket};

/// Requests of one careful write, which are made one after the other.
#[derive(Debug)]
pub(super) struct Steps {
    ticket: Option<Arc<Ticket>>,
    /// How many requests belong together.
    requests: AtomicUsize,
    /// How many of them were made.
    position: AtomicUsize,
}

impl Steps {
    /// Takes a place in the queue of a distributor's requests.
    pub(super) fn join(pacer: Option<&Pacer>, parent: OrganizationId) -> Self {
        Self { ticket: pacer.map(|pacer| Arc::new(pacer.join(Some(parent)))), ..Self::apart() }
    }

    /// Takes none: each request has one of its own, so that those of several distributors are made side by side.
    pub(super) const fn apart() -> Self {
        Self { ticket: None, requests: AtomicUsize::new(1), position: AtomicUsize::new(0) }
    }

    /// Begins so many requests that belong together.
    pub(super) fn begin(&self, requests: usize) {
        self.requests.store(requests, Ordering::Relaxed);
        self.position.store(0, Ordering::Relaxed);
    }

    /// Returns the next request. A write is one whose turn comes by `latest`; nothing follows it.
    pub(super) fn next(&self, latest: Option<Duration>) -> Step {
        let position = self.position.fetch_add(1, Ordering::Relaxed);
        let following = self.requests.load(Ordering::Relaxed).saturating_sub(position + 1);
        let group = match (&self.ticket, latest) {
            (None, _) => Group::default(),
            (Some(_), Some(_)) => Group { following: 0, continues: position > 0 },
            (Some(_), None) => Group { following, continues: position > 0 },
        };
        Step { ticket: self.ticket.clone(), group, latest }
    }

    /// Waits for the turn of a write, and takes it; false where it would come after `latest`.
    pub(super) async fn take_turn(&self, latest: Duration, clock: &dyn Clock, limit_source: &dyn LimitSource) -> bool {
        let Step { ticket, group, .. } = self.next(Some(latest));
        match ticket {
            Some(ticket) => ticket.take_turn(latest, group, limit_source).await,
            None => clock.now() < latest,
        }
    }

    /// Gives back the room that the pace keeps for what was to follow.
    pub(super) fn release(&self) {
        if let Some(ticket) = &self.ticket {
            ticket.release();
        }
    }
}
