//! `mms sandbox`: the stand-in alone, for other programs to speak to.

use std::io;

use mms_sandbox::{SEED_ORGANIZATION, Sandbox};
use mms_types::OrganizationId;
use serde::Serialize;

use crate::cli::{GlobalArgs, ServeArgs};
use crate::failure::Failure;
use crate::printer::Printer;
use crate::table::{Column, Record};

/// What another program needs to speak to the sandbox.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Served {
    base_url: String,
    token: String,
    organization_id: OrganizationId,
}

impl Record for Served {
    const COLUMNS: &'static [Column<Self>] = &[
        Column::new("BASE URL", "baseUrl", |served| (&served.base_url).into()),
        Column::new("TOKEN", "token", |served| (&served.token).into()),
        Column::new("ORGANIZATION", "organizationId", |served| served.organization_id.get().into()),
    ];
}

/// Runs a sandbox until the process is asked to end.
pub(crate) async fn serve(global: &GlobalArgs, arguments: &ServeArgs, printer: &Printer) -> Result<(), Failure> {
    if global.sandbox.is_some() {
        return Err(Failure::usage("`mms sandbox serve` takes no --sandbox").hint("name its file with --data FILE"));
    }
    if !arguments.listen.ip().is_loopback() {
        printer.warn(&format!("{} can be reached from other machines, in plain HTTP", arguments.listen));
    }
    let asked_to_end =
        Ending::watch().map_err(|error| Failure::failed(format!("no signal can be awaited: {error}")))?;
    let mut builder = Sandbox::builder().listen(arguments.listen).holder("mms sandbox serve");
    if let Some(file) = &arguments.data {
        builder = builder.data(file);
    }
    let sandbox = builder.start().await?;
    let served = Served {
        base_url: sandbox.base_url().to_owned(),
        token: sandbox.token().to_owned(),
        organization_id: SEED_ORGANIZATION,
    };
    let mut outcome = printer.one(&served);
    if outcome.is_ok() {
        printer.note("Serving until Ctrl-C.");
        outcome = asked_to_end.wait().await;
    }
    outcome.and(sandbox.stop().await.map_err(Failure::from))
}

/// The signals that ask a process to end, watched from the moment of creation on.
#[cfg(unix)]
struct Ending {
    interrupt: tokio::signal::unix::Signal,
    terminate: tokio::signal::unix::Signal,
}

#[cfg(unix)]
impl Ending {
    fn watch() -> io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};

        Ok(Self { interrupt: signal(SignalKind::interrupt())?, terminate: signal(SignalKind::terminate())? })
    }

    async fn wait(mut self) -> Result<(), Failure> {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
        }
        Ok(())
    }
}

/// The console's Ctrl-C.
#[cfg(not(unix))]
struct Ending;

#[cfg(not(unix))]
impl Ending {
    #[expect(clippy::unnecessary_wraps, reason = "elsewhere, watching can fail")]
    fn watch() -> io::Result<Self> {
        Ok(Self)
    }

    async fn wait(self) -> Result<(), Failure> {
        tokio::signal::ctrl_c().await.map_err(|error| Failure::failed(format!("no signal can be awaited: {error}")))
    }
}
