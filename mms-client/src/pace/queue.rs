//! Queue of calls, in the order in which they first came.

use std::collections::BTreeMap;
use std::future::poll_fn;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::task::{Poll, Waker};

/// Waiting calls by number: a call that has to wait again keeps its place before those that came meanwhile.
#[derive(Debug, Default)]
pub(super) struct Queue(Mutex<Waiting>);

#[derive(Debug, Default)]
struct Waiting {
    last_number: u64,
    /// By number, the waker for when it is the first.
    places: BTreeMap<u64, Option<Waker>>,
}

impl Queue {
    /// Draws a number.
    pub(super) fn number(&self) -> u64 {
        let mut waiting = self.waiting();
        waiting.last_number += 1;
        waiting.last_number
    }

    /// Takes the place of a number, until it is dropped.
    pub(super) fn place(&self, number: u64) -> Place<'_> {
        self.waiting().places.insert(number, None);
        Place { queue: self, number }
    }

    fn waiting(&self) -> MutexGuard<'_, Waiting> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A place in the queue.
#[derive(Debug)]
pub(super) struct Place<'a> {
    queue: &'a Queue,
    number: u64,
}

impl Place<'_> {
    /// Says whether nobody with a lower number waits.
    pub(super) fn is_first(&self) -> bool {
        self.queue.waiting().places.keys().next() == Some(&self.number)
    }

    /// Waits until it is the first.
    pub(super) async fn first(&self) {
        poll_fn(|context| {
            let mut waiting = self.queue.waiting();
            if waiting.places.keys().next() == Some(&self.number) {
                return Poll::Ready(());
            }
            waiting.places.insert(self.number, Some(context.waker().clone()));
            Poll::Pending
        })
        .await;
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        let waker = {
            let mut waiting = self.queue.waiting();
            waiting.places.remove(&self.number);
            waiting.places.values_mut().next().and_then(Option::take)
        };
        if let Some(waker) = waker {
            waker.wake();
        }
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt;

    use super::*;

    #[test]
    fn a_lower_number_goes_before_whoever_waits() {
        let queue = Queue::default();
        let [early, late] = [queue.number(), queue.number()];
        let waiting = queue.place(late);
        assert!(waiting.is_first());
        let back = queue.place(early);
        assert!(back.is_first() && !waiting.is_first());
        assert!(waiting.first().now_or_never().is_none());
        drop(back);
        assert!(waiting.first().now_or_never().is_some());
    }
}
