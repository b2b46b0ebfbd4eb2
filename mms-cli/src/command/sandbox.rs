//! `mms sandbox`: the stand-in alone, for other programs to speak to.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use mms_sandbox::{SEED_ORGANIZATION, Sandbox};
use mms_types::OrganizationId;
use serde::Serialize;

use crate::cli::{GlobalArgs, ServeArgs};
use crate::ending::Ending;
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
    let ending = Ending::watch()?;
    let mut builder = Sandbox::builder().listen(arguments.listen).holder("mms sandbox serve");
    if let Some(file) = &arguments.data {
        builder = builder.data(file);
    }
    let sandbox = builder.start().await?;
    let served = Served {
        base_url: reachable(sandbox.base_url(), arguments.listen.ip()),
        token: sandbox.token().to_owned(),
        organization_id: SEED_ORGANIZATION,
    };
    let outcome = printer.one(&served);
    if outcome.is_ok() {
        printer.note("Serving until Ctrl-C.");
        ending.wait().await;
    }
    outcome.and(sandbox.stop().await.map_err(Failure::from))
}

/// Names this machine where a sandbox listens on all of its addresses, which nobody can speak to as such.
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
