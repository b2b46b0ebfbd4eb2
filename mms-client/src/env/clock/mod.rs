//! Clock: time as it comes in from outside.

#[cfg(any(test, feature = "test-util"))]
mod fake;

use std::fmt;
use std::pin::Pin;
use std::sync::LazyLock;
use std::time::{Duration, Instant, SystemTime};

#[cfg(any(test, feature = "test-util"))]
pub use fake::FakeClock;

/// A sleep on its way. Dropping it ends it and leaves nothing behind.
pub type Sleep = Pin<Box<dyn Future<Output = ()> + Send>>;

/// Tells the time and waits for it.
///
/// Whatever of the client waits or dates something does so through this trait, so that a test of it takes no time. Timeouts of
/// sockets alone are left to tokio.
pub trait Clock: Send + Sync + fmt::Debug {
    /// Returns the time since an arbitrary start. It never goes back, and means nothing to another process.
    fn now(&self) -> Duration;

    /// Returns the time of the wall clock, which other processes share and which may be set back.
    fn wall(&self) -> SystemTime;

    /// Returns the time since the machine was started, its sleep included, which nobody can set; nothing where it is not known.
    fn since_boot(&self) -> Option<Duration> {
        None
    }

    /// Waits for as long as said, counted from the call.
    fn sleep(&self, duration: Duration) -> Sleep;
}

/// The clock of this machine. It waits by tokio's timer, which must be running where a sleep is awaited.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Duration {
        static START: LazyLock<Instant> = LazyLock::new(Instant::now);
        START.elapsed()
    }

    fn wall(&self) -> SystemTime {
        SystemTime::now()
    }

    #[cfg(any(target_os = "linux", target_os = "android", target_vendor = "apple"))]
    fn since_boot(&self) -> Option<Duration> {
        #[cfg(not(target_vendor = "apple"))]
        let clock = rustix::time::ClockId::Boottime;
        // Apple's goes on while the machine sleeps.
        #[cfg(target_vendor = "apple")]
        let clock = rustix::time::ClockId::Monotonic;
        let time = rustix::time::clock_gettime(clock);
        Some(Duration::new(u64::try_from(time.tv_sec).ok()?, u32::try_from(time.tv_nsec).ok()?))
    }

    fn sleep(&self, duration: Duration) -> Sleep {
        let end = self.now().saturating_add(duration);
        Box::pin(async move { tokio::time::sleep(end.saturating_sub(Self.now())).await })
    }
}
