//! Failed writes: exit code and hint for each error of the client's careful writes.

use std::error::Error as _;
use std::time::{Duration, SystemTime};

use mms_client::{CreateOnceError, CreateOncePolicy, Error, IntentId, JournalError, SetAllocationError};
use mms_types::OrganizationId;

use super::call::{Destination, Subject, in_short};
use super::journal::journal_unusable;
use super::{Failure, Hint};
use crate::invocation::Invocation;
use crate::output::time::clock_time;

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

/// Create whose outcome may be unknown.
#[derive(Debug, Clone, Copy)]
pub(crate) struct UnknownCreate<'a> {
    /// The name of the child.
    pub(crate) name: &'a str,
    /// When it was sent, or a moment before that.
    pub(crate) sent: SystemTime,
}

/// Returns the error of the call that an error of a create is about.
fn cause_of(error: &CreateOnceError) -> Option<&Error> {
    error.source().and_then(|source| source.downcast_ref::<Error>())
}

impl Destination {
    /// Explains why it is not known that a child exists. `create` is the one whose outcome that is.
    pub(crate) fn create_failure(
        &self,
        error: &CreateOnceError,
        organization_id: OrganizationId,
        create: UnknownCreate<'_>,
    ) -> Failure {
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
            return self.unknown_create(error, create);
        }
        // What the server or the network says is explained as for any other call.
        if let Some(cause) = cause_of(error) {
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

    /// Says in one sentence what is known of a create whose answer was lost, and how to go on.
    fn unknown_create(&self, error: &CreateOnceError, create: UnknownCreate<'_>) -> Failure {
        let UnknownCreate { name, sent } = create;
        let cause = cause_of(error).map_or_else(String::new, |cause| {
            let words = cause.detail().map_or_else(String::new, |detail| format!(": {detail}"));
            format!(" ({}{words})", in_short(cause))
        });
        let settle_time = CreateOncePolicy::default().waits.iter().sum::<Duration>();
        let until = sent + settle_time;
        let is_over = SystemTime::now() >= until;
        let found = if error.is_ambiguous() {
            let ids: Vec<_> = error.candidates().iter().map(ToString::to_string).collect();
            format!("several new children fit: {}", ids.join(", "))
        } else if error.is_contradiction() {
            "no new child fits, and yet the pool fell as if there were one".to_owned()
        } else if is_over {
            format!("no new child fits {} s after it was sent", settle_time.as_secs())
        } else {
            format!("no new child is listed: it may still appear until {}", clock_time(until))
        };
        let failure = Failure::unknown(format!("no usable answer came to the create of {name:?}{cause}, and {found}"));
        let failure = match cause_of(error) {
            Some(cause) => failure.of_call(cause),
            None => failure,
        };
        if is_over || error.is_ambiguous() || error.is_contradiction() {
            return failure.hint(look_in_make(&self.invocation, error.intent(), error.candidates()));
        }
        let settle = self.invocation.command("child settle");
        failure.hint(format!("{settle} looks again; create it by no other way before its outcome is known"))
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
        if let Some(journal) = error.source().and_then(|source| source.downcast_ref::<JournalError>()) {
            return journal_unusable(journal);
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
