//! Progress of an apply: a line that is redrawn on a terminal, and one each ten seconds off it.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use mms_fleet::{Event, StepEnd};
use tokio::sync::watch;

use super::applied::AppliedStep;
use crate::output::data::grouped;
use crate::output::printer::Printer;
use crate::session::Session;

/// Time between two lines, on a terminal and off it.
const REDRAWN: Duration = Duration::from_millis(200);
const LINES: Duration = Duration::from_secs(10);

/// What was done so far, told as it happens.
pub(super) struct Progress<'a> {
    printer: &'a Printer,
    /// Why no usable answer came to a write, while its outcome is being looked for.
    lost_answer: watch::Receiver<Option<String>>,
    steps: usize,
    /// Time that the limit needs for all of them.
    expected: Duration,
    /// Whether each step is a line of data, at once.
    is_streamed: bool,
    begun: Instant,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    under_way: usize,
    done: usize,
    failed: usize,
    told: Option<Instant>,
}

impl<'a> Progress<'a> {
    /// Begins with so many steps, for which the limit needs so long.
    pub(super) fn begin(session: &'a Session, steps: usize, expected: Duration, is_streamed: bool) -> Self {
        let (printer, lost_answer) = (session.printer(), session.lost_answer());
        Self { printer, lost_answer, steps, expected, is_streamed, begun: Instant::now(), state: Mutex::default() }
    }

    /// Takes note of an event.
    pub(super) fn observe(&self, event: Event<'_>) {
        let mut state = self.state();
        match event {
            Event::Begun { .. } => state.under_way += 1,
            Event::Ended { step, end, .. } => {
                match end {
                    StepEnd::NotBegun { .. } => {}
                    StepEnd::Done { .. } => state.done += 1,
                    _ => state.failed += 1,
                }
                state.under_way = state.under_way.saturating_sub(usize::from(!matches!(end, StepEnd::NotBegun { .. })));
                if self.is_streamed {
                    // A closed pipe shows where the report is written.
                    let _ = self.printer.json_line(&AppliedStep::new(step, end, None));
                }
            }
            _ => {}
        }
        self.tell(&mut state);
    }

    /// Tells how far it is, though nothing happened.
    pub(super) fn tell_time(&self) {
        self.tell(&mut self.state());
    }

    fn tell(&self, state: &mut State) {
        let since = state.told.map_or_else(|| self.begun.elapsed(), |told| told.elapsed());
        if since >= REDRAWN && self.printer.passing(&self.line(state)) {
            state.told = Some(Instant::now());
        } else if since >= LINES && !self.is_streamed {
            state.told = Some(Instant::now());
            self.printer.note(&self.line(state));
        }
    }

    fn line(&self, state: &State) -> String {
        let State { under_way, done, failed, .. } = state;
        let count = |number: usize| grouped(i128::try_from(number).unwrap_or(i128::MAX));
        let failed = if *failed == 0 { String::new() } else { format!(", {} failed", count(*failed)) };
        let left = self.expected.saturating_sub(self.begun.elapsed());
        let then = match &*self.lost_answer.borrow() {
            Some(cause) => format!(": no usable answer to one ({cause}), looking what became of it"),
            None if left.is_zero() => String::new(),
            None => format!(", about {} left", in_words(left)),
        };
        format!("{} of {} done{failed}, {} under way{then}", count(*done), count(self.steps), count(*under_way))
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Names a time in whole minutes, or in seconds below two of them.
pub(in crate::command::fleet) fn in_words(duration: Duration) -> String {
    match duration.as_secs() {
        seconds @ ..120 => format!("{seconds} s"),
        seconds => format!("{} min", seconds.div_ceil(60)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_in_seconds_below_two_minutes_and_in_begun_minutes_from_there() {
        let words = |seconds| in_words(Duration::from_secs(seconds));
        assert_eq!([words(0), words(119), words(120), words(301)], ["0 s", "119 s", "2 min", "6 min"]);
    }
}
