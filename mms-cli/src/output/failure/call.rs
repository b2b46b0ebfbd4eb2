//! What a failed call means for the user: the exit code and the way out.

use mms_client::{Error, Operation, OperationKind, operation};
use mms_types::OrganizationId;

use crate::config::environment::is_set;
use crate::output::failure::invocation::Invocation;
use crate::output::failure::{ExitCode, Failure};

const ROOT: &str = "https://eu1.make.com/api/v2";

/// What names a proxy for HTTPS in the environment.
const PROXIES: [&str; 4] = ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"];

/// What a call is about, for the case that the server says it is not there.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Subject {
    /// Neither the distributor nor a child.
    Other,
    /// The distributor.
    Organization(OrganizationId),
    /// A further page of its children, after one that came.
    FurtherPage(OrganizationId),
    /// One of its children.
    Child(OrganizationId),
}

/// Where a failed call went to.
#[derive(Debug)]
pub(crate) struct Destination {
    /// The flags that lead there.
    pub(crate) invocation: Invocation,
    /// What the user named.
    pub(crate) side: Side,
    /// How many seconds a call may take.
    pub(crate) timeout: u32,
}

/// What kind of other side a command speaks to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Side {
    /// A sandbox within this process, with its first distributor.
    Sandbox(OrganizationId),
    /// A zone of Make.
    Zone,
    /// The root of an API, which may be wrong.
    Url,
}

/// Says in a few words why an answer is of no use: its status, or what became of the connection. The server's own words, which
/// may be many, are left to the error.
pub(crate) fn in_short(error: &Error) -> String {
    let Some(status) = error.status() else {
        return if error.is_timeout() { "timed out" } else { "the connection broke off" }.to_owned();
    };
    let reason = status.canonical_reason().map_or_else(String::new, |reason| format!(" {reason}"));
    let unreadable = if status.is_success() { ", but unreadable" } else { "" };
    format!("{}{reason}{unreadable}", status.as_u16())
}

/// Returns the way out where the pool holds less than a write takes.
pub(crate) fn ask_for_less(invocation: &Invocation) -> String {
    let allocate = invocation.command("child allocate");
    format!("ask for less, or take credits from another child with {allocate} first")
}

impl Destination {
    /// Explains why a call failed.
    pub(crate) fn failure(&self, error: &Error, subject: Subject) -> Failure {
        let operation = operation(error.operation_id());
        let failure = Failure::new(exit_code(error, operation), error.to_string());
        if error.is_not_found() {
            return self.not_found(failure, subject);
        }
        match self.way_out(error, operation, subject) {
            Some(hint) => failure.hint(hint),
            None => failure,
        }
    }

    fn not_found(&self, failure: Failure, subject: Subject) -> Failure {
        let root = format!("the base URL must be the root of an API, like {ROOT}");
        let (failure, hint) = match subject {
            Subject::Other if self.side == Side::Url => return failure.hint(root),
            Subject::Other => return failure,
            Subject::Organization(id) | Subject::FurtherPage(id) => (
                failure.about(&format!("organization {id}")),
                if let Side::Sandbox(distributor) = self.side {
                    format!("the sandbox has distributor {distributor}: leave --organization-id out")
                } else {
                    "the token must belong to a member of the distributor: check --organization-id and the zone"
                        .to_owned()
                },
            ),
            Subject::Child(id) => (
                failure.about(&format!("child organization {id}")),
                format!("{} shows the children that are there", self.invocation.command("child list")),
            ),
        };
        failure.hint(if self.side == Side::Url { format!("{hint}; {root}") } else { hint })
    }

    fn way_out(&self, error: &Error, operation: Option<&Operation>, subject: Subject) -> Option<String> {
        if error.is_unauthorized() {
            return Some("the server does not know the token: check it, and that it belongs to this zone".to_owned());
        }
        if error.is_forbidden() {
            return Some(self.forbidden(error, operation));
        }
        if error.is_invalid() && matches!(subject, Subject::FurtherPage(_)) {
            return Some(
                "the list has more pages, and the server refused to give the next: nothing was cut silently".to_owned(),
            );
        }
        if error.is_conflict() && operation.is_some_and(is_write) {
            return Some(ask_for_less(&self.invocation));
        }
        if error.is_rate_limited() {
            return Some("every tool of the organization shares its requests per minute: wait a minute".to_owned());
        }
        if error.is_deadline() && error.attempts() == 0 {
            let above = if self.timeout < 60 { " above 60" } else { "" };
            return Some(format!(
                "the requests of this minute are used up, by other commands too: wait, or raise --timeout{above}, which is {}",
                self.timeout
            ));
        }
        if error.is_connect() {
            return Some(no_connection());
        }
        if error.is_deadline() {
            return Some(format!("raise --timeout SECONDS, which is {}, to give it more time", self.timeout));
        }
        if error.is_timeout() {
            return Some("the server is silent for longer than a request waits: try again later".to_owned());
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

/// Returns the way out where no connection came about. A proxy that the environment names may be the only way out of a network.
fn no_connection() -> String {
    let check = "check --zone or --base-url, and the network";
    match PROXIES.into_iter().find(|name| is_set(name)) {
        Some(proxy) => format!("{check}; {proxy} is set, but mms uses no proxy"),
        None => check.to_owned(),
    }
}

fn is_write(operation: &Operation) -> bool {
    operation.kind != OperationKind::Read
}

/// Chooses the exit code of a failed call.
fn exit_code(error: &Error, operation: Option<&Operation>) -> ExitCode {
    if error.is_unauthorized() || error.is_forbidden() {
        return ExitCode::Unauthorized;
    }
    if operation.is_some_and(is_write) && error.maybe_sent() { ExitCode::Unknown } else { ExitCode::Failed }
}
