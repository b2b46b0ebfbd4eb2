//! Stop signal: the wish that no further step begins.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// A wish that no further step of an apply begins. What is under way is finished. Clones are one signal.
#[derive(Debug, Clone, Default)]
pub struct StopSignal(Arc<AtomicBool>);

impl StopSignal {
    /// Returns a signal that nobody has given.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Gives the signal.
    pub fn give(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    /// Says whether it was given.
    #[must_use]
    pub fn is_given(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}
