//! Carrying steps out: the journal, the run, the signals.

use std::sync::{Mutex, PoisonError};
use std::time::SystemTime;

use mms_client::{CreateOncePolicy, FileJournal, Run, RunId, SystemRandom};
use mms_fleet::{Action, Apply, ApplyError, Event, How, Report, Settled, Step, StepEnd, StopSignal};
use mms_types::OrganizationId;

use super::who::who;
use crate::output::failure::{Failure, journal_unusable};
use crate::session::Session;
use crate::signals::EndSignals;

/// Steps to be carried out, and what for.
#[derive(Debug)]
pub(crate) struct ApplyRequest<'a> {
    pub(crate) steps: &'a [Step],
    /// The command, such as `apply`.
    pub(crate) command: &'a str,
    /// The files that ask for them.
    pub(crate) files: Vec<String>,
    /// The id of the saved plan that has them.
    pub(crate) plan: Option<String>,
    /// Credits that stay in the pool.
    pub(crate) reserve: u64,
    /// Most steps under way at once; nothing for the usual number.
    pub(crate) parallel: Option<usize>,
}

impl Session {
    /// Settles what an earlier run left open.
    pub(crate) async fn settle_runs(
        &self,
        journal: &FileJournal,
        policy: &CreateOncePolicy,
    ) -> Result<Settled, Failure> {
        let (own, run) = (self.own(journal)?, self.new_run("settle", Vec::new(), None)?);
        let settled = Apply::new(self.writer()?, &own, policy, run).settle().await;
        settled.map_err(|error| self.not_applied(&error))
    }

    /// Carries steps out. With the first signal no further step begins; with the second it ends at once, and the next run settles what
    /// was under way.
    pub(crate) async fn apply(
        &self,
        journal: &FileJournal,
        policy: &CreateOncePolicy,
        request: ApplyRequest<'_>,
        observer: &(dyn Fn(Event<'_>) + Sync),
    ) -> Result<Report, Failure> {
        let (own, writer) = (self.own(journal)?, self.writer()?.batch());
        let run = self.new_run(request.command, request.files, request.plan)?;
        let mut apply = Apply::new(&writer, &own, policy, run).keeping(request.reserve);
        let recent = self.recent_allocations.iter().flat_map(|recent| recent.of(&self.client.api_name()));
        apply = apply.listing(recent.map(|recent| (recent.organization_id, recent.before)).collect());
        if let Some(parallel) = request.parallel {
            apply = apply.in_parallel(parallel);
        }
        let set = Mutex::new(Vec::new());
        let observer = |event: Event<'_>| {
            set.lock().unwrap_or_else(PoisonError::into_inner).extend(set_by(event));
            observer(event);
        };
        let stop = StopSignal::new();
        let mut signals = EndSignals::or_hang_up()?;
        let end = async {
            signals.wait().await;
            stop.give();
            self.is_interrupted.set(true);
            self.printer.note(
                "Interrupted: what is under way is finished, and nothing more begins. Once more ends it at once.",
            );
            signals.wait().await;
        };
        self.wrote.set(true);
        self.is_writing.set(true);
        let outcome = tokio::select! {
            biased;
            report = Box::pin(apply.run(request.steps, &stop, &observer)) => report.map_err(|error| self.not_applied(&error)),
            () = end => Err(Failure::unknown("interrupted: what was under way may have been carried out")
                .hint("run it again: it settles what is open first, and goes on where it stopped")),
        };
        self.is_writing.set(false);
        if let Some(recent) = &self.recent_allocations {
            // The next command knows of them, while the list lags behind.
            recent.add_all(&self.client.api_name(), &set.into_inner().unwrap_or_else(PoisonError::into_inner));
        }
        outcome
    }

    /// Says whether a signal came while steps were carried out.
    pub(crate) const fn was_interrupted(&self) -> bool {
        self.is_interrupted.get()
    }

    pub(super) fn new_run(&self, command: &str, files: Vec<String>, plan: Option<String>) -> Result<Run, Failure> {
        Ok(Run {
            id: RunId::draw(&SystemRandom),
            at: SystemTime::now().into(),
            api: self.client.api_name(),
            parent: self.organization_id()?,
            who: who(),
            command: command.to_owned(),
            files,
            plan,
        })
    }

    fn not_applied(&self, error: &ApplyError) -> Failure {
        match error.journal_error() {
            Some(journal) => journal_unusable(journal),
            None => Failure::failed(error.to_string()).hint(format!("see {}", self.invocation().command("log"))),
        }
    }
}

/// Returns what an event says of an allocation that was set: the child, what it had, and what it has now.
fn set_by(event: Event<'_>) -> Option<(OrganizationId, i64, i64)> {
    match event {
        Event::Ended { step, end: StepEnd::Done { how, .. }, .. } if *how != How::Already => match step.action {
            Action::Allocate { organization_id, before, after, .. } => {
                Some((organization_id, before, i64::try_from(after.get()).ok()?))
            }
            Action::Create { .. } => None,
        },
        _ => None,
    }
}
