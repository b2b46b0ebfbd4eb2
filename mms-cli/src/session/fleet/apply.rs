//! Carrying steps out: the journal, the run, the signals.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::SystemTime;

use mms_client::{
    Client, CreateOncePolicy, ExpectedChild, FileJournal, Proof, Run, RunId, SetAllocation, SystemRandom,
};
use mms_fleet::{Apply, ApplyError, Event, Report, Settled, Step, StepResult};
use mms_types::OrganizationId;

use super::runs::Asked;
use super::who::who;
use crate::output::failure::Failure;
use crate::session::Session;
use crate::signals::EndSignals;

/// Steps to be carried out, and what for.
#[derive(Debug)]
pub(crate) struct ApplyRequest<'a> {
    pub(crate) steps: &'a [Step],
    pub(crate) asked: Asked,
    /// What is known of the children beside what the steps say.
    pub(crate) expected: HashMap<OrganizationId, ExpectedChild>,
    /// The id of the saved plan that has them.
    pub(crate) plan: Option<String>,
    /// Credits that stay in the pool.
    pub(crate) reserve: u64,
    /// Most steps under way at once; nothing for the usual number.
    pub(crate) parallel: Option<usize>,
}

impl<'a> ApplyRequest<'a> {
    /// Asks for steps, whatever stays in the pool.
    pub(crate) fn new(steps: &'a [Step], asked: Asked) -> Self {
        Self { steps, asked, expected: HashMap::new(), plan: None, reserve: 0, parallel: None }
    }
}

impl Session {
    /// Settles what an earlier run left open.
    pub(crate) async fn settle_runs(
        &self,
        journal: &FileJournal,
        policy: &CreateOncePolicy,
    ) -> Result<Settled, Failure> {
        let (own, run) = (self.own(journal)?, self.new_run(Asked::command("settle".to_owned()), None)?);
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
        let run = self.new_run(request.asked, request.plan)?;
        let mut apply = Apply::new(&writer, &own, policy, run)
            .keeping(request.reserve)
            .expecting(self.with_recent(request.expected));
        if let Some(consumption) = self.consumption.take() {
            apply = apply.knowing(consumption);
        }
        if let Some(parallel) = request.parallel {
            apply = apply.in_parallel(parallel);
        }
        let mut signals = EndSignals::or_hang_up()?;
        let end = async {
            signals.wait().await;
            self.stop.give();
            self.printer.note(
                "Interrupted: what is under way is finished, and nothing more begins. Once more ends it at once.",
            );
            signals.wait().await;
        };
        self.wrote.set(true);
        self.is_writing.set(true);
        let outcome = tokio::select! {
            biased;
            report = Box::pin(self.carry_out(&apply, request.steps, observer)) => report,
            () = end => Err(Failure::unknown("interrupted: what was under way may have been carried out")
                .hint("run it again: it settles what is open first, and goes on where it stopped")),
        };
        self.is_writing.set(false);
        outcome
    }

    /// Carries the steps of an apply out. However that ends, the next command knows of what was set.
    pub(super) async fn carry_out(
        &self,
        apply: &Apply<'_, Client>,
        steps: &[Step],
        observer: &(dyn Fn(Event<'_>) + Sync),
    ) -> Result<Report, Failure> {
        let recent = RecentSets { session: self, set: Mutex::default() };
        let (set, lost_answer) = (&recent.set, &self.lost_answer);
        let observer = |event: Event<'_>| {
            if let Event::Ended { result, .. } = event {
                lost_answer.send_replace(None);
                set.lock().unwrap_or_else(PoisonError::into_inner).extend(result.and_then(set_by));
            }
            observer(event);
        };
        apply.run(steps, &self.stop, &observer).await.map_err(|error| self.not_applied(&error))
    }

    /// Adds what a list may show still of children whose allocation was set a moment ago.
    pub(super) fn with_recent(
        &self,
        mut expected: HashMap<OrganizationId, ExpectedChild>,
    ) -> HashMap<OrganizationId, ExpectedChild> {
        for recent in self.recent_allocations.iter().flat_map(|recent| recent.of(&self.client.api_name())) {
            expected.entry(recent.organization_id).or_default().listed = Some(recent.before);
        }
        expected
    }

    /// Says whether a signal came while steps were carried out.
    pub(crate) fn was_interrupted(&self) -> bool {
        self.stop.is_given()
    }

    pub(super) fn new_run(&self, asked: Asked, plan: Option<String>) -> Result<Run, Failure> {
        Ok(Run {
            id: RunId::draw(&SystemRandom),
            at: SystemTime::now().into(),
            api: self.client.api_name(),
            parent: self.organization_id()?,
            who: who(),
            command: asked.command,
            files: asked.files,
            plan,
        })
    }

    fn not_applied(&self, error: &ApplyError) -> Failure {
        self.not_begun(error.journal_error(), error)
    }
}

/// Allocations that were set in a run: each child, what it had, and what it has now.
struct RecentSets<'a> {
    session: &'a Session,
    set: Mutex<Vec<(OrganizationId, i64, i64)>>,
}

impl Drop for RecentSets<'_> {
    fn drop(&mut self) {
        let set = self.set.get_mut().unwrap_or_else(PoisonError::into_inner);
        if let Some(recent) = &self.session.recent_allocations {
            recent.add(&self.session.client.api_name(), set);
        }
    }
}

/// Returns what a write says of an allocation that it set.
fn set_by(result: &StepResult) -> Option<(OrganizationId, i64, i64)> {
    match result {
        StepResult::Allocation { organization_id, set: Ok(SetAllocation { proof, before, now, .. }) }
            if *proof != Proof::Unchanged =>
        {
            Some((*organization_id, *before, i64::try_from(now.get()).ok()?))
        }
        _ => None,
    }
}
