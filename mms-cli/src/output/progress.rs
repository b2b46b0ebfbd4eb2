//! Progress of a long read, on a terminal.

use std::time::{Duration, Instant};

use super::data::grouped;
use super::printer::Printer;

/// Time after which progress is shown, and time between two lines of it.
const FIRST: Duration = Duration::from_secs(1);
const INTERVAL: Duration = Duration::from_millis(200);

/// Count of what has come so far.
pub(crate) struct Progress<'a> {
    printer: &'a Printer,
    what: &'static str,
    next: Instant,
}

impl<'a> Progress<'a> {
    /// Begins to count; `what` follows the number.
    pub(crate) fn begin(printer: &'a Printer, what: &'static str) -> Self {
        Self { printer, what, next: Instant::now() + FIRST }
    }

    /// Says how much there is by now.
    pub(crate) fn advance(&mut self, count: usize) {
        if Instant::now() < self.next {
            return;
        }
        self.next = Instant::now() + INTERVAL;
        self.printer.passing(&format!("{} {} so far…", grouped(i128::try_from(count).unwrap_or(i128::MAX)), self.what));
    }
}
