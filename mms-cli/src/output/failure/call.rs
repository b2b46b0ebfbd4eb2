//! Failed calls: exit code and hint for each error of the client.

use mms_client::{Error, Operation, OperationKind, RawRequest, operation};
use mms_types::OrganizationId;

use super::{ExitCode, Failure};
use crate::invocation::Invocation;

/// A root of the API, as an example.
const ROOT: &str = "https://eu1.make.com/api/v2";

/// Subject of a call: what a 404 says is not there.
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

/// Destination of a failed call.
#[derive(Debug)]
pub(crate) struct Destination {
    /// The flags with which another command goes there.
    pub(crate) invocation: Invocation,
    pub(crate) server: ServerKind,
    pub(crate) sources: Sources,
    /// How many seconds a call may take.
    pub(crate) timeout: u32,
    /// The environment variable that names a proxy, which `mms` does not use.
    pub(crate) proxy: Option<&'static str>,
}

/// Settings that led there, for hints: flags or environment variables, whichever were used.
#[derive(Debug, Clone)]
pub(crate) struct Sources {
    pub(crate) server: String,
    pub(crate) token: String,
    pub(crate) organization: String,
}

impl Sources {
    /// Names the base URL: a flag and a variable say by themselves what they set, a profile does not.
    fn base_url(&self) -> String {
        of_profile("the base URL of ", &self.server)
    }

    fn zone(&self) -> String {
        of_profile("the zone of ", &self.server)
    }

    fn organization(&self) -> String {
        of_profile("the organization_id of ", &self.organization)
    }

    fn of_server(&self, kind: ServerKind) -> String {
        match kind {
            ServerKind::BaseUrl => self.base_url(),
            ServerKind::Zone => self.zone(),
            ServerKind::EmbeddedSandbox(_) => self.server.clone(),
        }
    }
}

fn of_profile(setting: &str, source: &str) -> String {
    if source.starts_with("the profile ") { format!("{setting}{source}") } else { source.to_owned() }
}

/// Kind of server, as the user named it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ServerKind {
    /// A sandbox within this process, with its first distributor.
    EmbeddedSandbox(OrganizationId),
    /// A zone of Make.
    Zone,
    /// Any server, by the root of its API, which may be wrong.
    BaseUrl,
}

/// Returns in a few words why an answer is of no use: its status, or what became of the connection. The server's own words are left
/// to the error.
pub(crate) fn in_short(error: &Error) -> String {
    let Some(status) = error.status() else {
        return if error.is_timeout() { "timed out" } else { "the connection broke off" }.to_owned();
    };
    let reason = status.canonical_reason().map_or_else(String::new, |reason| format!(" {reason}"));
    let unreadable = if status.is_success() { ", but unreadable" } else { "" };
    format!("{}{reason}{unreadable}", status.as_u16())
}

/// Write that the server refused with 409.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Conflict {
    /// What is in the pool by now; nothing where that cannot be read.
    pub(crate) pool: Option<i64>,
    /// What the write takes from it.
    pub(crate) taken: i128,
    /// Whether it is a create, whose name may be taken.
    pub(crate) is_create: bool,
}

impl Conflict {
    /// Returns the hint: what the pool shows decides, since a 409 alone does not say what is in conflict.
    pub(crate) fn hint(self, invocation: &Invocation) -> String {
        let Self { pool, taken, is_create } = self;
        let other = if is_create {
            "the name may be taken by a child that is not listed: choose another name"
        } else {
            "see what the server says, and try again when that has passed"
        };
        match pool {
            Some(pool) if taken > i128::from(pool) => {
                format!("the pool holds {pool} credits, {taken} are needed: {}", ask_for_less(invocation))
            }
            Some(pool) => format!("it is not the credits: the pool holds {pool}, {taken} are needed; {other}"),
            None => format!("the pool cannot be read: if it is too small, {}; else {other}", ask_for_less(invocation)),
        }
    }
}

/// Returns the hint for a pool that holds less than a write takes.
pub(crate) fn ask_for_less(invocation: &Invocation) -> String {
    let allocate = invocation.command("child allocate");
    format!("ask for less, or take credits from another child with {allocate} first")
}

impl Destination {
    /// Explains why a call failed.
    pub(crate) fn failure(&self, error: &Error, subject: Subject) -> Failure {
        let operation = operation(error.operation_id());
        let code = exit_code(error, operation.is_some_and(is_write));
        let failure = Failure::new(code, error.to_string()).of_call(error);
        if error.is_not_found() {
            return self.not_found(failure, subject);
        }
        match self.hint_for(error, operation, subject) {
            Some(hint) => failure.hint(hint),
            None => failure,
        }
    }

    /// Explains why a raw request failed, in the words of its method and path.
    pub(crate) fn raw_failure(&self, error: &Error, request: &RawRequest) -> Failure {
        let (method, path, text) = (request.method(), request.path(), error.to_string());
        let words = text.split_once(": ").map_or(text.as_str(), |(_, words)| words);
        let code = exit_code(error, !method.is_read());
        let failure = Failure::new(code, format!("{method} {path}: {words}")).of_call(error);
        let hint = if error.is_not_found() {
            let server = self.sources.of_server(self.server);
            Some(format!(
                "the path counts from the root of the API and in exact case, and what the token may not see is not there for it; \
                 check {server}, too"
            ))
        } else {
            self.hint_for(error, request.operation(), Subject::Other)
        };
        match hint {
            Some(hint) => failure.hint(hint),
            None => failure,
        }
    }

    fn not_found(&self, failure: Failure, subject: Subject) -> Failure {
        let root = format!("{} must be the root of an API, like {ROOT}", self.sources.base_url());
        let (failure, hint) = match subject {
            Subject::Other if self.server == ServerKind::BaseUrl => return failure.hint(root),
            Subject::Other => return failure,
            Subject::Organization(id) | Subject::FurtherPage(id) => (
                failure.about(&format!("organization {id}")),
                if let ServerKind::EmbeddedSandbox(distributor) = self.server {
                    format!("the sandbox has distributor {distributor}: leave --organization-id out")
                } else {
                    let check = if self.server == ServerKind::BaseUrl {
                        self.sources.organization()
                    } else {
                        format!("{} and {}", self.sources.organization(), self.sources.zone())
                    };
                    format!("the token must belong to a member of the distributor: check {check}")
                },
            ),
            Subject::Child(id) => (
                failure.about(&format!("child organization {id}")),
                format!("{} shows the children that are there", self.invocation.command("child list")),
            ),
        };
        failure.hint(if self.server == ServerKind::BaseUrl { format!("{hint}; {root}") } else { hint })
    }

    fn hint_for(&self, error: &Error, operation: Option<&Operation>, subject: Subject) -> Option<String> {
        if error.is_unauthorized() {
            let token = &self.sources.token;
            let place = if self.server == ServerKind::BaseUrl {
                format!("that {} is the server that it was made at", self.sources.base_url())
            } else {
                format!("that {} is its zone", self.sources.zone())
            };
            return Some(format!("the server does not know the token from {token}: check it, and {place}"));
        }
        if error.is_forbidden() {
            return Some(self.forbidden(error, operation));
        }
        if error.is_invalid() && matches!(subject, Subject::FurtherPage(_)) {
            return Some(
                "the list has more pages, and the server refused to give the next: nothing was cut silently".to_owned(),
            );
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
            return Some(self.no_connection());
        }
        if error.is_deadline() {
            return Some(format!("raise --timeout SECONDS, which is {}, to give it more time", self.timeout));
        }
        if error.is_timeout() {
            return Some("the server is silent for longer than a request waits: try again later".to_owned());
        }
        error.is_undocumented().then(|| match self.server {
            ServerKind::BaseUrl => {
                format!(
                    "is {} the root of Make's API, like {ROOT}? if it is, the API has changed",
                    self.sources.base_url()
                )
            }
            ServerKind::Zone | ServerKind::EmbeddedSandbox(_) => "the API has changed: look for a newer mms".to_owned(),
        })
    }

    /// Returns the hint for a 403: Make refuses a missing scope with a code of its own, its edge without one.
    fn forbidden(&self, error: &Error, operation: Option<&Operation>) -> String {
        let scopes = operation.map_or(&[][..], |operation| operation.scopes);
        if operation.is_none() && error.code().is_some() {
            let status = self.invocation.command("status");
            return format!(
                "the token lacks the scope of this call, or its user may not make it: {status} shows its scopes"
            );
        }
        if scopes.is_empty() || error.code().is_none() {
            let server = self.sources.of_server(self.server);
            return format!("the server's edge refused this program, not the token: check the network and {server}");
        }
        let status = self.invocation.command("status");
        format!("the call needs the scope {}: {status} shows what the token has", scopes.join(", "))
    }

    /// Returns the hint for a connection that did not come about. A proxy that the environment names may be the only way out
    /// of a network.
    fn no_connection(&self) -> String {
        let check = format!("check {}, and the network", self.sources.of_server(self.server));
        match self.proxy {
            Some(proxy) => format!("{check}; {proxy} is set, but mms uses no proxy"),
            None => check,
        }
    }
}

fn is_write(operation: &Operation) -> bool {
    operation.kind != OperationKind::Read
}

/// Returns the exit code of a failed call.
fn exit_code(error: &Error, is_write: bool) -> ExitCode {
    if error.is_unauthorized() || error.is_forbidden() {
        return ExitCode::Unauthorized;
    }
    if is_write && error.maybe_sent() {
        return ExitCode::Unknown;
    }
    if error.is_not_found() {
        return ExitCode::NotFound;
    }
    let is_server_fault = error.status().is_some_and(|status| status.is_server_error());
    let is_passing = error.is_rate_limited() || error.is_timeout() || error.is_deadline() || is_server_fault;
    if is_passing || error.is_retryable() { ExitCode::TryLater } else { ExitCode::Failed }
}
