//! Signals that ask the process to end.

use std::io;

use crate::output::failure::Failure;

/// Waits for the outcome of a write that is being sent. A signal that comes first leaves the outcome unknown.
pub(crate) async fn unless_interrupted<T>(what: &str, write: impl Future<Output = T>) -> Result<T, Failure> {
    let mut signals = EndSignals::or_hang_up()?;
    tokio::select! {
        biased;
        outcome = write => Ok(outcome),
        () = signals.wait() => Err(Failure::unknown(format!("interrupted: {what} may have been carried out"))),
    }
}

/// Signals, watched from the moment of creation on.
#[cfg(unix)]
pub(crate) struct EndSignals(Vec<tokio::signal::unix::Signal>);

#[cfg(unix)]
impl EndSignals {
    /// Watches for Ctrl-C and for a request to terminate. A terminal that closes ends the process as ever, unless `nohup`
    /// forbids it.
    pub(crate) fn watch() -> Result<Self, Failure> {
        use tokio::signal::unix::{SignalKind, signal};

        let signals = [SignalKind::interrupt(), SignalKind::terminate()].into_iter().map(signal);
        signals.collect::<io::Result<_>>().map(Self).map_err(unwatchable)
    }

    /// Watches for a terminal that closes, too.
    pub(crate) fn or_hang_up() -> Result<Self, Failure> {
        use tokio::signal::unix::{SignalKind, signal};

        let Self(mut signals) = Self::watch()?;
        signals.push(signal(SignalKind::hangup()).map_err(unwatchable)?);
        Ok(Self(signals))
    }

    /// Waits for the first signal.
    pub(crate) async fn wait(&mut self) {
        std::future::poll_fn(|context| {
            if self.0.iter_mut().any(|signal| signal.poll_recv(context).is_ready()) {
                std::task::Poll::Ready(())
            } else {
                std::task::Poll::Pending
            }
        })
        .await;
    }
}

/// Ctrl-C of the console, watched from the moment of creation on.
#[cfg(windows)]
pub(crate) struct EndSignals(tokio::signal::windows::CtrlC);

#[cfg(windows)]
impl EndSignals {
    /// Watches for Ctrl-C.
    pub(crate) fn watch() -> Result<Self, Failure> {
        tokio::signal::windows::ctrl_c().map(Self).map_err(unwatchable)
    }

    pub(crate) fn or_hang_up() -> Result<Self, Failure> {
        Self::watch()
    }

    /// Waits for the first Ctrl-C.
    pub(crate) async fn wait(&mut self) {
        self.0.recv().await;
    }
}

#[expect(clippy::needless_pass_by_value, reason = "what `map_err` hands over")]
fn unwatchable(error: io::Error) -> Failure {
    Failure::failed(format!("no signal can be awaited: {error}"))
}
