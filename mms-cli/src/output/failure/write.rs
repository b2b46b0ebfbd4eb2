//! Failed writes: exit code and hint for each error of the client's careful writes.

use std::error::Error as _;
use std::time::Duration;

use mms_client::{CreateOnceError, CreateOncePolicy, Error, IntentId, SetAllocationError};
use mms_types::OrganizationId;

use super::call::{Destination, Subject};
use super::{Failure, Hint};
use crate::invocation::Invocation;

/// Returns the steps after a create with an unknown outcome; `candidates` are the children that may have come of it.
pub(crate) fn look_in_make(invocation: &Invocation, intent: Option<&IntentId>, candidates: &[OrganizationId]) -> Hint {
    let command = |words: &str| invocation.command(words);
    let (there, child) = match candidates {
        [] => ("there".to_owned(), "ID".to_owned()),
        [id] => (id.to_string(), format!("id:{id}")),
        ids => {
            (format!("one of {}", ids.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")), "ID".to_owned())
        }
    };
    let settle_time = CreateOncePolicy::default().waits.iter().sum::<Duration>().as_secs();
    let intent = intent.map_or_else(|| "INTENT".to_owned(), ToString::to_string);
    Hint::new("do not create it by another way before you know what became of it:")
        .step(format!("look again: {}", command("child settle")))
        .step(format!("look in Make, and at what is listed: {}", command("child list")))
        .step(format!("if it is {there}: {}", command(&format!("child settle --intent {intent} --child {child}"))))
        .step(format!(
            "if it is nowhere, {settle_time} s after it was sent: {}",
            command(&format!("child settle --intent {intent} --give-up --reason TEXT"))
        ))
}

impl Destination {
    /// Explains why it is not known that a child exists.
    pub(crate) fn create_failure(&self, error: &CreateOnceError, organization_id: OrganizationId) -> Failure {
        if let (true, Some(intent), [id]) = (error.is_journal(), error.intent(), error.candidates()) {
            let child = self.invocation.command(&format!("child settle --intent {intent} --child id:{id}"));
            return Failure::unknown(error.to_string())
                .hint(format!("make room for the journal, then {child}; do not create it again"));
        }
        if error.is_contradiction() && error.intent().is_none() {
            let list = self.invocation.command("child list");
            return Failure::failed(error.to_string()).hint(format!(
                "look for it in Make and at {list}; add --allow-duplicate-name only if it is gone or a second one is meant"
            ));
        }
        if error.maybe_created() {
            return Failure::unknown(error.to_string()).hint(look_in_make(
                &self.invocation,
                error.intent(),
                error.candidates(),
            ));
        }
        // What the server or the network says is explained as for any other call.
        if let Some(cause) = error.source().and_then(|source| source.downcast_ref::<Error>()) {
            return self.failure(cause, Subject::Organization(organization_id));
        }
        let failure = Failure::failed(error.to_string());
        let list = self.invocation.command("child list");
        if error.is_elsewhere() {
            return failure.hint(
                "call `mms child settle` with that place, or add --allow-duplicate-name if it is another server",
            );
        }
        if error.is_ambiguous() {
            return failure.hint(format!("see them with {list}, or add --allow-duplicate-name to create another one"));
        }
        if error.is_unseen() { failure.hint(format!("{list} shows what is listed")) } else { failure }
    }

    /// Explains why an allocation is not what was asked for, or not known to be.
    pub(crate) fn allocation_failure(
        &self,
        error: &SetAllocationError,
        organization_id: OrganizationId,
        child_id: OrganizationId,
    ) -> Failure {
        if error.maybe_set() {
            return Failure::unknown(error.to_string());
        }
        if let Some(cause) = error.source().and_then(|source| source.downcast_ref::<Error>()) {
            let is_about_child = error.is_refused();
            let subject =
                if is_about_child { Subject::Child(child_id) } else { Subject::Organization(organization_id) };
            return self.failure(cause, subject);
        }
        let failure = Failure::failed(error.to_string());
        if error.is_unexpected() {
            let show = self.invocation.command(&format!("child show {child_id}"));
            return failure
                .hint(format!("somebody changed it since it was shown: see {show}, then run the command again"));
        }
        failure.hint(format!("{} shows the children that are there", self.invocation.command("child list")))
    }
}
