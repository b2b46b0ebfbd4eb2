//! A clock that a test turns.

use std::collections::BTreeMap;
use std::pin::{Pin, pin};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Wake, Waker};
use std::time::{Duration, SystemTime};

use super::{Clock, Sleep};

/// When the wall clock of a fake begins: 2026-11-01T00:00:00Z, a whole minute.
const WALL: Duration = Duration::from_secs(1_793_491_200);

/// How long ago the machine of a fake was started at its beginning.
const BOOT: Duration = Duration::from_secs(1_000);

/// A clock that stands still until it is turned. Clones are the same clock.
///
/// ```
/// use std::time::Duration;
/// use mms_client::{Clock, FakeClock};
///
/// let clock = FakeClock::new();
/// let nap = clock.sleep(Duration::from_secs(60));
/// assert_eq!(clock.run(nap), Some(()));
/// assert_eq!(clock.now(), Duration::from_secs(60));
/// ```
#[derive(Debug, Clone, Default)]
pub struct FakeClock {
    state: Arc<Mutex<State>>,
    is_hurrying: bool,
}

#[derive(Debug, Default)]
struct State {
    now: Duration,
    /// By how much the wall clock was set forth or back, in milliseconds.
    wall_shift: i64,
    /// Who sleeps: until when, and in the order of falling asleep.
    sleepers: BTreeMap<(Duration, u64), Option<Waker>>,
    slept: u64,
}

impl FakeClock {
    /// Returns a clock at 0, whose sleepers wait for [`advance`](Self::advance) or [`run`](Self::run).
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Returns a clock on which every sleep ends as soon as it is awaited, and moves the time on by its length.
    ///
    /// It is for one task at a time over real sockets, where nobody can tell whether everything sleeps. A race against a sleep
    /// is always won by the sleep.
    #[must_use]
    pub fn hurrying() -> Self {
        Self { is_hurrying: true, ..Self::default() }
    }

    /// Moves the time on and wakes who has slept long enough, the earliest first.
    pub fn advance(&self, duration: Duration) {
        let now = self.state().now + duration;
        self.turn_to(now);
    }

    /// Sets the wall clock forth, or back, and leaves everything else as it is.
    pub fn shift_wall(&self, milliseconds: i64) {
        self.state().wall_shift += milliseconds;
    }

    /// Returns how many sleep.
    #[must_use]
    pub fn sleepers(&self) -> usize {
        self.state().sleepers.len()
    }

    /// Runs a future on this thread, and moves the time on to the next waking whenever everything sleeps.
    ///
    /// Nothing where the future waits for something that no sleep brings about.
    pub fn run<F: Future>(&self, future: F) -> Option<F::Output> {
        let woken = Arc::new(Woken(AtomicBool::new(true)));
        let waker = Waker::from(woken.clone());
        let mut context = Context::from_waker(&waker);
        let mut future = pin!(future);
        loop {
            if woken.0.swap(false, Ordering::AcqRel) {
                if let Poll::Ready(output) = future.as_mut().poll(&mut context) {
                    return Some(output);
                }
            } else {
                let next = self.state().sleepers.keys().next().map(|(end, _)| *end)?;
                self.turn_to(next);
            }
        }
    }

    fn turn_to(&self, time: Duration) {
        loop {
            let waker = {
                let mut state = self.state();
                match state.sleepers.first_entry() {
                    Some(sleeper) if sleeper.key().0 <= time => {
                        let ((end, _), waker) = sleeper.remove_entry();
                        state.now = state.now.max(end);
                        waker
                    }
                    _ => {
                        state.now = state.now.max(time);
                        return;
                    }
                }
            };
            waker.into_iter().for_each(Waker::wake);
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Clock for FakeClock {
    fn now(&self) -> Duration {
        self.state().now
    }

    fn wall(&self) -> SystemTime {
        let state = self.state();
        let time = SystemTime::UNIX_EPOCH + WALL + state.now;
        let shift = Duration::from_millis(state.wall_shift.unsigned_abs());
        if state.wall_shift < 0 { time - shift } else { time + shift }
    }

    fn since_boot(&self) -> Option<Duration> {
        Some(BOOT + self.now())
    }

    fn sleep(&self, duration: Duration) -> Sleep {
        let mut state = self.state();
        let end = state.now.saturating_add(duration);
        state.slept += 1;
        Box::pin(Sleeper { clock: self.clone(), end, number: state.slept })
    }
}

/// Notes that a future wants to be polled again.
struct Woken(AtomicBool);

impl Wake for Woken {
    fn wake(self: Arc<Self>) {
        self.0.store(true, Ordering::Release);
    }
}

struct Sleeper {
    clock: FakeClock,
    end: Duration,
    number: u64,
}

impl Future for Sleeper {
    type Output = ();

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        if self.clock.is_hurrying {
            self.clock.turn_to(self.end);
        }
        let mut state = self.clock.state();
        if state.now >= self.end {
            return Poll::Ready(());
        }
        state.sleepers.insert((self.end, self.number), Some(context.waker().clone()));
        Poll::Pending
    }
}

impl Drop for Sleeper {
    fn drop(&mut self) {
        self.clock.state().sleepers.remove(&(self.end, self.number));
    }
}

#[cfg(test)]
mod tests {
    use futures_util::future::join_all;

    use super::*;

    fn seconds(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    #[test]
    fn sleepers_wake_in_the_order_of_their_ends_and_see_them() {
        let clock = FakeClock::new();
        let log = Mutex::new(Vec::new());
        let naps = [30, 10, 20, 10].map(|length| {
            let (clock, log) = (&clock, &log);
            async move {
                clock.sleep(seconds(length)).await;
                log.lock().unwrap().push((length, clock.now()));
            }
        });
        clock.run(join_all(naps)).unwrap();
        assert_eq!(*log.lock().unwrap(), [10, 10, 20, 30].map(|length| (length, seconds(length))));
    }

    #[test]
    fn a_future_that_waits_for_nobody_is_given_up() {
        assert_eq!(FakeClock::new().run(std::future::pending::<()>()), None);
    }

    #[test]
    fn a_dropped_sleep_leaves_nothing() {
        let clock = FakeClock::new();
        let mut nap = clock.sleep(seconds(1));
        assert!(nap.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending());
        assert_eq!(clock.sleepers(), 1);
        drop(nap);
        assert_eq!(clock.sleepers(), 0);
    }

    #[test]
    fn the_wall_clock_goes_with_the_time_and_can_be_set_back() {
        let clock = FakeClock::new();
        let start = clock.wall();
        clock.advance(seconds(5));
        assert_eq!(clock.wall(), start + seconds(5));
        clock.shift_wall(-5_000);
        assert_eq!((clock.wall(), clock.now()), (start, seconds(5)));
    }

    #[test]
    fn a_hurrying_clock_ends_a_sleep_at_once() {
        let clock = FakeClock::hurrying();
        let mut nap = clock.sleep(seconds(3_600));
        assert!(nap.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_ready());
        assert_eq!(clock.now(), seconds(3_600));
    }
}
