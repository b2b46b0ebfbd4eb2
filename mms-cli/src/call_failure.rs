//! What a failed call means for the user: the exit code and the way out.

use mms_client::{Error, Operation, OperationKind, operation};
use mms_types::OrganizationId;

use crate::failure::{ExitCode, Failure};
use crate::invocation::Invocation;

const ROOT: &str = "https://eu1.make.com/api/v2";

/// The operation whose first page asks for nothing that a server could refuse as invalid.
const LIST: &str = "list_child_organizations";

/// What a call is about, for the case that the server says it is not there.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Subject {
    /// Neither the distributor nor a child.
    Other,
    /// The distributor.
    Organization(OrganizationId),
    /// One of its children.
    Child(OrganizationId),
}

/// Where a failed call went to.
#[derive(Debug)]
pub(crate) struct Destination {
    /// The flags that lead there.
    pub(crate) invocation: Invocation,
    /// Whether the user named the root of the API, which may be wrong.
    pub(crate) named_by_url: bool,
}

impl Destination {
    /// Explains why a call failed.
    pub(crate) fn failure(&self, error: &Error, subject: Subject) -> Failure {
        let operation = error.operation_id().and_then(operation);
        let failure = Failure::new(exit_code(error, operation), error.to_string());
        if error.is_not_found() {
            return self.not_found(failure, subject);
        }
        match self.way_out(error, operation) {
            Some(hint) => failure.hint(hint),
            None => failure,
        }
    }

    fn not_found(&self, failure: Failure, subject: Subject) -> Failure {
        let root = format!("the base URL must be the root of an API, like {ROOT}");
        let (failure, hint) = match subject {
            Subject::Other if self.named_by_url => return failure.hint(root),
            Subject::Other => return failure,
            Subject::Organization(id) => (
                failure.about(&format!("organization {id}")),
                "the token must belong to a member of the distributor: check --organization-id and the zone".to_owned(),
            ),
            Subject::Child(id) => (
                failure.about(&format!("child organization {id}")),
                format!("{} shows the children that are there", self.invocation.command("child list")),
            ),
        };
        failure.hint(if self.named_by_url { format!("{hint}; {root}") } else { hint })
    }

    fn way_out(&self, error: &Error, operation: Option<&Operation>) -> Option<String> {
        if error.is_unauthorized() {
            return Some("the server does not know the token: check it, and that it belongs to this zone".to_owned());
        }
        if error.is_forbidden() {
            return Some(self.forbidden(error, operation));
        }
        if error.is_invalid() && operation.is_some_and(|operation| operation.id == LIST) {
            return Some(
                "the list has more pages, and the server refused to give the next: nothing was cut silently".to_owned(),
            );
        }
        if error.is_rate_limited() {
            return Some("every tool of the organization shares its requests per minute: wait a minute".to_owned());
        }
        if error.is_connect() {
            return Some("check --zone or --base-url, and the network".to_owned());
        }
        error
            .is_undocumented()
            .then(|| format!("is this the root of Make's API, like {ROOT}? if it is, the API has changed"))
    }

    /// Tells a scope that is missing, which Make refuses with a code of its own, from a refusal before Make.
    fn forbidden(&self, error: &Error, operation: Option<&Operation>) -> String {
        let scopes = operation.map_or(&[][..], |operation| operation.scopes);
        if scopes.is_empty() || error.code().is_none() {
            return "the server's edge refused this program, not the token: check the network and --base-url"
                .to_owned();
        }
        let status = self.invocation.command("status");
        format!("the call needs the scope {}: {status} shows what the token has", scopes.join(", "))
    }
}

/// Chooses the exit code of a failed call.
fn exit_code(error: &Error, operation: Option<&Operation>) -> ExitCode {
    if error.is_unauthorized() || error.is_forbidden() {
        return ExitCode::Unauthorized;
    }
    let write = operation.is_some_and(|operation| operation.kind != OperationKind::Read);
    if write && error.maybe_sent() { ExitCode::Unknown } else { ExitCode::Failed }
}
