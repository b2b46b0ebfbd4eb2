//! Writes of commands that name their children: steps of an apply, too, one by one, and none after one that is not done.

use std::collections::HashMap;
use std::time::SystemTime;

use mms_client::{
    CreateOnce, CreateOnceError, CreateOncePolicy, Error, ExpectedChild, FileJournal, SetAllocationError,
};
use mms_fleet::{Action, Apply, Event, NotBegun, Report, Step, StepEnd, StepResult};
use mms_types::{CreateChildOrganizationRequest, OrganizationId};

use super::apply::ApplyRequest;
use super::runs::Asked;
use crate::args::SettleTime;
use crate::output::failure::{Conflict, Failure, Subject, UnknownCreate, ask_for_less};
use crate::session::Session;

impl Session {
    /// Creates a child at most once, and looks for it where no usable answer comes.
    pub(crate) async fn create_child(
        &self,
        journal: &FileJournal,
        asked: Asked,
        request: &CreateChildOrganizationRequest,
        allow_same_name: bool,
        settle_time: SettleTime,
    ) -> Result<CreateOnce, Failure> {
        let policy = CreateOncePolicy { waits: settle_time.waits(), allow_same_name };
        let how_long = settle_time.in_words();
        let note =
            |cause: &str| format!("No usable answer to the create ({cause}): looking for the child, {how_long}.");
        let create = UnknownCreate { name: request.organization_name.as_str(), sent: SystemTime::now() };
        let action = Action::Create { request: request.clone() };
        let steps = [Step { name: request.organization_name.to_string(), priority: 0, action }];
        let request = ApplyRequest::new(&steps, asked);
        let made = self.one_by_one(journal, &policy, request, "the create", note, &|_| {}).await;
        let mut report = made.map_err(|failure| {
            let settle = self.invocation().command("child settle");
            failure.hint_if_unknown(format!("{settle} tells whether the child exists; the create is not sent again"))
        })?;
        let report = report.steps.pop();
        if let Some(StepEnd::NotBegun { why: NotBegun::PoolTooSmall { pool } }) =
            report.as_ref().map(|report| &report.end)
        {
            let needed = steps[0].taken();
            let reason = format!("the pool is too small: it holds {pool} credits, {needed} are needed");
            return Err(Failure::failed(reason).hint(ask_for_less(self.invocation())));
        }
        match report.and_then(|report| report.result) {
            Some(StepResult::Create(Ok(created))) => Ok(created),
            Some(StepResult::Create(Err(error))) => Err(self.create_failure(&error, create, &steps[0]).await),
            _ => Err(self.interrupted()),
        }
    }

    async fn create_failure(&self, error: &CreateOnceError, create: UnknownCreate<'_>, step: &Step) -> Failure {
        let failure = match self.organization_id() {
            Ok(id) => self.destination().create_failure(error, id, create),
            Err(failure) => return failure,
        };
        self.explained(failure, error.is_refused(), error, step).await
    }

    /// Sets allocations, each if its child still has what is expected, and reads a child back where no usable answer comes. Several
    /// share a look for up to 60 s.
    pub(crate) async fn set_allocations(
        &self,
        journal: &FileJournal,
        asked: Asked,
        steps: &[Step],
        expected: HashMap<OrganizationId, ExpectedChild>,
        observer: &(dyn Fn(Event<'_>) + Sync),
    ) -> Result<Report, Failure> {
        let note = |cause: &str| {
            format!(
                "No usable answer to the change ({cause}): reading the child, and sending it again if nothing changed."
            )
        };
        let request = ApplyRequest { expected, ..ApplyRequest::new(steps, asked) };
        let policy = CreateOncePolicy::default();
        self.one_by_one(journal, &policy, request, "the change of the allocation", note, observer).await
    }

    /// Makes the failure of an allocation that was not set.
    pub(crate) async fn allocation_failure(
        &self,
        error: &SetAllocationError,
        child: OrganizationId,
        step: &Step,
    ) -> Failure {
        let failure = match self.organization_id() {
            Ok(id) => self.destination().allocation_failure(error, id, child),
            Err(failure) => return failure,
        };
        self.explained(failure, error.is_refused(), error, step).await
    }

    /// Makes the failure of a decrease whose child's consumption cannot be read.
    pub(crate) fn unread(&self, error: &(dyn std::error::Error + Send + Sync + 'static), reason: &str) -> Failure {
        match (error.downcast_ref::<Error>(), self.organization_id()) {
            (Some(cause), Ok(id)) => self.destination().failure(cause, Subject::Organization(id)),
            _ => Failure::failed(reason),
        }
    }

    async fn one_by_one(
        &self,
        journal: &FileJournal,
        policy: &CreateOncePolicy,
        request: ApplyRequest<'_>,
        what: &str,
        note: impl Fn(&str) -> String,
        observer: &(dyn Fn(Event<'_>) + Sync),
    ) -> Result<Report, Failure> {
        let (own, writer) = (self.own(journal)?, self.writer()?);
        let writer = if request.steps.len() > 1 { writer.batch() } else { writer.clone() };
        let run = self.new_run(request.asked, None)?;
        let mut apply = Apply::new(&writer, &own, policy, run)
            .expecting(self.with_recent(request.expected))
            .one_by_one()
            .without_reading_back();
        if let Some(consumption) = self.consumption.take() {
            apply = apply.knowing(consumption);
        }
        self.write(what, note, Box::pin(self.carry_out(&apply, request.steps, observer))).await?
    }

    /// Adds to the failure of a write what the pool says of a 409; reads it for that.
    async fn explained(
        &self,
        failure: Failure,
        is_refused: bool,
        error: &dyn std::error::Error,
        step: &Step,
    ) -> Failure {
        let cause = error.source().and_then(|source| source.downcast_ref::<Error>());
        if !is_refused || !cause.is_some_and(Error::is_conflict) {
            return failure;
        }
        let conflict =
            Conflict { pool: self.pool_afterwards().await, taken: step.taken(), is_create: step.is_create() };
        failure.hint(conflict.hint(self.invocation()))
    }
}
