//! `mms sandbox`: the sandbox as a server for other programs.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use mms_sandbox::types::Behaviour;
use mms_sandbox::{Sandbox, SandboxBuilder};
use mms_types::{OrganizationId, Timestamp};
use serde::Serialize;
use serde_json::Value;

use crate::args::{GlobalArgs, SandboxCommand, ServeArgs};
use crate::config::refuse_for_serve;
use crate::output::data::{self, Column, Record};
use crate::output::failure::{Failure, SERVE};
use crate::output::printer::Printer;
use crate::signals::EndSignals;

/// What another program needs to call the sandbox.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub(super) struct Served {
    base_url: String,
    token: String,
    organization_id: OrganizationId,
    control_token: String,
}

impl Record for Served {
    const COLUMNS: &'static [Column<Self>] = &[
        Column::new("BASE URL", "baseUrl", |served| (&served.base_url).into()),
        Column::new("TOKEN", "token", |served| (&served.token).into()),
        Column::new("ORGANIZATION", "organizationId", |served| data::Value::Id(served.organization_id.get())),
        Column::new("CONTROL TOKEN", "controlToken", |served| (&served.control_token).into()),
    ];
}

/// Runs a command about the sandbox itself.
pub(super) async fn run(command: &SandboxCommand, global: &GlobalArgs, printer: &Printer) -> Result<(), Failure> {
    match command {
        SandboxCommand::Serve(arguments) => serve(global, arguments, printer).await,
    }
}

/// Runs a sandbox until the process is asked to end.
async fn serve(global: &GlobalArgs, arguments: &ServeArgs, printer: &Printer) -> Result<(), Failure> {
    refuse_for_serve(global)?;
    let mut signals = EndSignals::watch()?;
    allow_many_connections(printer);
    let sandbox = tokio::select! {
        biased;
        // A seed may come from a pipe that nobody writes, and a file may be another process's for a while.
        () = signals.wait() => return Ok(()),
        sandbox = builder(arguments)?.start() => sandbox?,
    };
    if !arguments.listen.ip().is_loopback() {
        printer.warn(&format!("{} can be reached from other machines, in plain HTTP", sandbox.base_url()));
    }
    let served = Served {
        base_url: reachable(sandbox.base_url(), arguments.listen.ip()),
        token: sandbox.token().to_owned(),
        organization_id: sandbox.organization_id(),
        control_token: sandbox.control_token().to_owned(),
    };
    let outcome = printer.one(&served);
    if outcome.is_ok() {
        printer.note("Serving until Ctrl-C.");
        signals.wait().await;
    }
    outcome.and(sandbox.stop().await.map_err(Failure::from))
}

fn builder(arguments: &ServeArgs) -> Result<SandboxBuilder, Failure> {
    let mut builder = Sandbox::builder().listen(arguments.listen).holder(SERVE).behaviour(behaviour(&arguments.set)?);
    if let Some(file) = &arguments.data {
        builder = builder.data(file);
    }
    if arguments.durable {
        builder = builder.durable();
    }
    if let Some(file) = &arguments.seed {
        builder = builder.seed_file(file);
    }
    if let Some(time) = &arguments.freeze_clock {
        builder = builder.freeze_clock(time.as_deref().map(time_of).transpose()?);
    }
    for name in &arguments.allow_host {
        builder = builder.allow_host(name);
    }
    Ok(builder)
}

/// Parses switches as the control side does, under the names and values of `openapi/sandbox.yaml`.
fn behaviour(switches: &[(String, String)]) -> Result<Behaviour, Failure> {
    let mut behaviour = serde_json::Map::new();
    for (name, value) in switches {
        let with = |value: Value| {
            let mut behaviour = behaviour.clone();
            behaviour.insert(name.clone(), value);
            serde_json::from_value::<Behaviour>(Value::Object(behaviour.clone())).map(|_| behaviour)
        };
        let read = with(Value::from(value.as_str())).or_else(|error| {
            // A number is one only where no word is expected.
            value.parse::<u32>().ok().and_then(|number| with(Value::from(number)).ok()).ok_or(error)
        });
        behaviour = read.map_err(|error| refused_switch(name, value, &error))?;
    }
    serde_json::from_value(Value::Object(behaviour)).map_err(|error| Failure::usage(format!("--set: {error}")))
}

/// Makes the failure of an unknown switch or value, with those that there are.
fn refused_switch(name: &str, value: &str, error: &serde_json::Error) -> Failure {
    let known = serde_json::to_value(Behaviour::default()).unwrap_or_default();
    let names: Vec<_> = known.as_object().into_iter().flatten().map(|(name, _)| name.as_str()).collect();
    if !names.contains(&name) {
        return Failure::usage(format!("--set: there is no switch {name:?}: expected one of {}", names.join(", ")));
    }
    let error = error.to_string();
    // serde names the words in backticks behind its own, and of a number the type alone.
    let expected = match error.split_once(", expected ") {
        Some((_, words)) if words.contains('`') => words.replace('`', ""),
        _ => "a whole number from 1".to_owned(),
    };
    Failure::usage(format!("--set {name}: {value:?} is not a value of this switch: expected {expected}"))
}

fn time_of(text: &str) -> Result<Timestamp, Failure> {
    let read = text.parse::<jiff::Timestamp>().map(|_| Timestamp::new(text));
    read.map_err(|_| Failure::usage(format!("--freeze-clock: {text:?} is no time: write it like 2026-11-01T00:00:00Z")))
}

/// Raises the limit of open files, and so of connections, as far as this user may.
fn allow_many_connections(printer: &Printer) {
    #[cfg(unix)]
    if let Err(error) = rlimit::increase_nofile_limit(u64::MAX) {
        printer.warn(&format!("the limit of open files, and so of connections, stays as it is: {error}"));
    }
    #[cfg(not(unix))]
    let _ = printer;
}

/// Returns a base URL that can be called: the loopback address in place of "all addresses".
fn reachable(base_url: &str, address: IpAddr) -> String {
    match address {
        IpAddr::V4(Ipv4Addr::UNSPECIFIED) => base_url.replacen("0.0.0.0", "127.0.0.1", 1),
        IpAddr::V6(Ipv6Addr::UNSPECIFIED) => base_url.replacen("[::]", "[::1]", 1),
        _ => base_url.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sandbox_on_every_address_is_reached_on_this_machine() {
        for (base_url, address, reached) in [
            ("http://0.0.0.0:8787/api/v2", "0.0.0.0", "http://127.0.0.1:8787/api/v2"),
            ("http://[::]:8787/api/v2", "::", "http://[::1]:8787/api/v2"),
            ("http://10.0.0.0:8787/api/v2", "10.0.0.0", "http://10.0.0.0:8787/api/v2"),
        ] {
            assert_eq!(reachable(base_url, address.parse().unwrap()), reached);
        }
    }
}
