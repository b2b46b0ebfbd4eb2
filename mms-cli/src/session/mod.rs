//! Session of one command: its client, and the reads and writes that the command makes with it.
//!
//! Writes stand in `fleet/` alone, as steps of an apply; the raw one in `writes.rs`. Server, journal and send log come from the connection.

mod cache;
mod dated_file;
mod diagnosis;
mod fleet;
mod journal;
mod names;
mod read_client;
mod reads;
mod recent_allocations;
mod replaced_file;
mod wait_notice;
mod writes;

use std::cell::{Cell, RefCell};
use std::time::Duration;

use mms_client::{ApiToken, BaseUrl, Client, PageSize};
use mms_fleet::{Consumption, StopSignal};
use mms_types::OrganizationId;
use tokio::sync::watch;

use crate::args::GlobalArgs;
use crate::config::{Connection, Setting, missing};
use crate::invocation::Invocation;
use crate::output::failure::{Destination, Failure, ServerKind, in_short};
use crate::output::printer::Printer;
use crate::signals::EndSignals;
use cache::Cache;
pub(crate) use dated_file::DatedFile;
pub(crate) use diagnosis::{FailedGreeting, Greeting};
pub(crate) use fleet::{ApplyRequest, Asked, settled_in_words};
pub(crate) use journal::open as open_journal;
pub(crate) use names::Names;
use read_client::ReadClient;
use recent_allocations::RecentAllocations;
pub(crate) use replaced_file::replace;

const USER_AGENT: &str = concat!("mms/", env!("CARGO_PKG_VERSION"));

/// What a command may do to the distributor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Access {
    /// Read, and nothing else: a dry run, and every command that is no write.
    Read,
    /// Write, too.
    Write,
}

impl Access {
    /// Returns the access of a command that writes, unless it is a dry run.
    pub(crate) const fn of_write(dry_run: bool) -> Self {
        if dry_run { Self::Read } else { Self::Write }
    }
}

/// A client on the connection of a command.
pub(crate) struct Session {
    client: ReadClient,
    /// The client that can write; nothing where the command may only read.
    writer: Option<Client>,
    connection: Connection,
    recent_allocations: Option<RecentAllocations>,
    cache: Option<Cache>,
    names: Option<Names>,
    /// Sizes of pages that the cache knew.
    page_size: Option<PageSize>,
    printer: Printer,
    /// Whether the number of requests is told at the end.
    is_verbose: bool,
    /// How long one request may take.
    timeout: Duration,
    /// Whether a write was sent.
    wrote: Cell<bool>,
    /// Whether the answer to a write is being waited for, so that a signal is the write's own matter.
    is_writing: Cell<bool>,
    /// Whether a signal is how the command is meant to end.
    is_endless: Cell<bool>,
    /// Given by a signal that comes meanwhile: the command ends after the write.
    stop: StopSignal,
    /// What the children had consumed by the last reading.
    consumption: RefCell<Option<Consumption>>,
    /// What was done, for a command that ends before its end.
    done: RefCell<Vec<String>>,
    /// Why no usable answer came to a write, while its outcome is being looked for.
    lost_answer: watch::Sender<Option<String>>,
}

impl Session {
    /// Runs a command that reads about a distributor. `name` tells other processes who holds a sandbox's file.
    pub(crate) async fn with_distributor(
        arguments: &GlobalArgs,
        printer: &Printer,
        name: &str,
        command: impl AsyncFnOnce(&Self) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        Self::with_access(Access::Read, arguments, printer, name, command).await
    }

    /// Runs a command about a distributor that may write, if `access` says so.
    pub(crate) async fn with_access(
        access: Access,
        arguments: &GlobalArgs,
        printer: &Printer,
        name: &str,
        command: impl AsyncFnOnce(&Self) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        Self::with_access_anywhere(access, true, arguments, printer, name, command).await
    }

    /// Runs a command about what is the same for every distributor.
    pub(crate) async fn without_distributor(
        arguments: &GlobalArgs,
        printer: &Printer,
        name: &str,
        command: impl AsyncFnOnce(&Self) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        Self::with_access_anywhere(Access::Read, false, arguments, printer, name, command).await
    }

    /// Runs a command that needs a distributor only where it `names` one, and may write, if `access` says so.
    pub(crate) async fn with_access_anywhere(
        access: Access,
        names_distributor: bool,
        arguments: &GlobalArgs,
        printer: &Printer,
        name: &str,
        command: impl AsyncFnOnce(&Self) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        let required = [Setting::Zone, Setting::Token, Setting::Organization];
        let required = if names_distributor { &required[..] } else { &required[..2] };
        Self::open(access, arguments, printer, name, required).await?.run(command).await
    }

    /// Runs a command that reads with a token which no setting names yet.
    pub(crate) async fn with_token(
        arguments: &GlobalArgs,
        printer: &Printer,
        base_url: BaseUrl,
        token: ApiToken,
        command: impl AsyncFnOnce(&Self) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        let connection = Connection::with_token(arguments, printer, base_url, token)?;
        Self::on(connection, Access::Read, arguments, printer)?.run(command).await
    }

    async fn open(
        access: Access,
        arguments: &GlobalArgs,
        printer: &Printer,
        name: &str,
        required: &[Setting],
    ) -> Result<Self, Failure> {
        let connection = Connection::open(arguments, printer, name, required).await?;
        Self::on(connection, access, arguments, printer)
    }

    fn on(connection: Connection, access: Access, arguments: &GlobalArgs, printer: &Printer) -> Result<Self, Failure> {
        let timeout = Duration::from_secs(arguments.timeout.into());
        let lost_answer = watch::Sender::new(None);
        let notified = lost_answer.clone();
        let mut builder = Client::builder(connection.base_url.clone(), connection.token.clone())
            .user_agent(USER_AGENT)
            .total_timeout(timeout)
            .on_wait(wait_notice::listener(printer))
            .on_lost_answer(move |error| drop(notified.send_replace(Some(in_short(error)))));
        if let Some(name) = connection.api_name {
            builder = builder.api_name(name);
        }
        if let Some(id) = connection.organization_id {
            builder = builder.organization_id(id);
        }
        if let Some(log) = &connection.send_log {
            builder = builder.send_log(log.clone());
        }
        let recent_allocations = connection.allocations.clone().map(RecentAllocations::new);
        let cache = connection.cache.clone().map(|file| Cache::new(file, &connection.base_url.place()));
        let names = connection.names.as_ref().map(Names::new);
        let page_size = cache.as_ref().and_then(Cache::page_size);
        if let Some(size) = page_size {
            builder = builder.page_size(size);
        }
        let client = builder.build().map_err(|error| Failure::failed(error.to_string()))?;
        Ok(Self {
            writer: (access == Access::Write).then(|| client.clone()),
            client: ReadClient::new(client),
            connection,
            recent_allocations,
            cache,
            names,
            page_size,
            printer: printer.clone(),
            is_verbose: arguments.verbose > 0,
            timeout,
            wrote: Cell::new(false),
            is_writing: Cell::new(false),
            is_endless: Cell::new(false),
            stop: StopSignal::new(),
            consumption: RefCell::default(),
            done: RefCell::default(),
            lost_answer,
        })
    }

    async fn run(self, command: impl AsyncFnOnce(&Self) -> Result<(), Failure>) -> Result<(), Failure> {
        let mut signals = EndSignals::watch()?;
        let outcome = tokio::select! {
            biased;
            outcome = command(&self) => outcome,
            () = self.interruption(&mut signals) => if self.is_endless.get() { Ok(()) } else { Err(self.interrupted()) },
        };
        self.printer.clear_passing();
        if self.is_verbose {
            self.printer.note(&format!("Requests: {}.", self.client.requests_sent()));
        }
        if let Some(cache) = &self.cache {
            cache.keep_page_size(self.page_size, self.client.page_size());
        }
        let (wrote, look) = (self.wrote.get(), self.invocation().command("child list"));
        let closed = self.connection.close().await.map_err(|failure| close_failure(failure, wrote, &look));
        // What went wrong first is what the caller has to know; a sandbox that does not stop well comes second.
        outcome.and(closed)
    }

    /// Waits for a signal that is not the matter of a write.
    async fn interruption(&self, signals: &mut EndSignals) {
        loop {
            signals.wait().await;
            if !self.is_writing.get() {
                return;
            }
        }
    }

    /// Makes the failure of a command that a signal ended between its requests.
    pub(crate) fn interrupted(&self) -> Failure {
        match self.done.borrow().as_slice() {
            [] => Failure::interrupted("interrupted: nothing was changed"),
            done => Failure::interrupted(format!("interrupted; done before that: {}", done.join("; "))),
        }
    }

    /// Says that a signal is how this command ends.
    pub(crate) fn end_by_signal(&self) {
        self.is_endless.set(true);
    }

    /// Notes what was done, for a command that a signal ends later.
    pub(crate) fn note_done(&self, done: impl IntoIterator<Item = String>) {
        self.done.borrow_mut().extend(done);
    }

    /// Returns why no usable answer came to a write, while its outcome is being looked for.
    pub(crate) fn lost_answer(&self) -> watch::Receiver<Option<String>> {
        self.lost_answer.subscribe()
    }

    /// Returns the printer of the command.
    pub(crate) const fn printer(&self) -> &Printer {
        &self.printer
    }

    /// Returns how this command was called, for hints that name another one.
    pub(crate) const fn invocation(&self) -> &Invocation {
        &self.destination().invocation
    }

    /// Returns the root of the API; nothing for an embedded sandbox.
    pub(crate) fn base_url(&self) -> Option<&BaseUrl> {
        self.connection.lasting_base_url()
    }

    /// Says whether the server is a sandbox, or one that says of itself that it is.
    pub(crate) fn is_sandbox(&self) -> bool {
        self.connection.is_embedded() || self.client.api_name().contains('#')
    }

    /// Says whether the server is a zone of Make.
    pub(crate) const fn is_zone(&self) -> bool {
        matches!(self.connection.destination.server, ServerKind::Zone)
    }

    /// Names the server as a person knows it: the sandbox's file, or the root of the API.
    pub(crate) fn place(&self) -> &str {
        &self.connection.place
    }

    /// Says whether more is to be shown than usually.
    pub(crate) const fn is_verbose(&self) -> bool {
        self.is_verbose
    }

    /// Returns the distributor; an error where nobody named one.
    pub(crate) fn organization_id(&self) -> Result<OrganizationId, Failure> {
        self.connection.organization_id.ok_or_else(|| missing(&[Setting::Organization], self.invocation()))
    }

    /// Names where the token comes from.
    pub(crate) fn token_source(&self) -> &str {
        &self.destination().sources.token
    }

    /// Returns the share in percent from which a child counts as near its limit.
    pub(crate) const fn near(&self) -> u64 {
        self.connection.near
    }

    const fn destination(&self) -> &Destination {
        &self.connection.destination
    }
}

/// Makes the failure of a sandbox that does not stop well, after a command that may have written.
fn close_failure(failure: Failure, wrote: bool, look: &str) -> Failure {
    if wrote { failure.after("the command itself is done", look) } else { failure }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::output::failure::ExitCode;

    #[test]
    fn a_sandbox_that_stops_badly_leaves_only_a_write_in_doubt() {
        let stop = |wrote| close_failure(Failure::failed("the disk is full"), wrote, "`mms --sandbox child list`");

        assert_eq!(stop(false).code(), ExitCode::Failed);
        assert_eq!(stop(true).code(), ExitCode::Unknown);
        assert!(stop(true).hint_line().unwrap().contains("`mms --sandbox child list`"));
    }
}
