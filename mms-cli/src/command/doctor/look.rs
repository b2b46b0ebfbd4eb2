//! Look: all checks, once.

use super::check::{Check, OF_SERVER};
use super::kept::Kept;
use super::observation::Observation;
use super::server::{self, Seen};
use super::setup::Setup;
use super::{files, journal};
use crate::args::GlobalArgs;
use crate::args::help::version;
use crate::config::proxy;
use crate::output::failure::{ExitCode, Failure};
use crate::output::printer::Printer;
use crate::session::Session;

/// What one look found.
pub(super) struct Look {
    pub(super) checks: Vec<Check>,
    pub(super) requests: u64,
    news: Option<(Kept, Observation)>,
}

impl Look {
    /// Runs the checks; those that need a request, too, unless it is told to stay offline. No check ends the others.
    pub(super) async fn take(
        offline: bool,
        global: &GlobalArgs,
        printer: &Printer,
        before: Option<&Observation>,
    ) -> Result<Self, Failure> {
        // Whatever others warn of is a check here.
        let muted = printer.muted();
        let (setup, settings) = Setup::read(global, &muted);
        let mut checks = vec![Check::ok("version", format!("mms {}", version()))];
        checks.extend(settings);
        checks.push(Check::ok(
            "proxy",
            match proxy() {
                Some(variable) => format!("{variable} is set, and mms uses no proxy"),
                None => "no variable names one".to_owned(),
            },
        ));
        checks.extend(files::examine(&setup));
        let seen =
            if offline { offline_checks(&setup, &muted).await } else { online(&setup, global, &muted, before).await? };
        let (api, organization_id) = seen.place.unzip();
        let organization_id = organization_id.flatten().or(setup.organization_id);
        checks.extend(journal::examine(&setup, api.as_deref(), organization_id, &global.invocation()));
        checks.extend(seen.checks);
        for check in &mut checks {
            check.found = printer.in_words(&check.found);
        }
        Ok(Self { checks, requests: seen.requests, news: seen.news })
    }

    /// Keeps what was seen for the next look, once it was told. Returns it.
    pub(super) fn keep(self, printer: &Printer) -> Option<Observation> {
        let (kept, observation) = self.news?;
        if let Err(error) = kept.put(&observation) {
            printer.warn(&format!("what was seen cannot be kept, so that the next look knows nothing of it: {error}"));
        }
        Some(observation)
    }
}

/// What the server said, or why it was not asked.
#[derive(Default)]
struct Outcome {
    checks: Vec<Check>,
    /// Name of the API and distributor, where an answer told them.
    place: Option<(String, Option<mms_types::OrganizationId>)>,
    requests: u64,
    news: Option<(Kept, Observation)>,
}

impl Outcome {
    /// Makes the outcome of a server that was not asked. One of the checks may have found why.
    fn unasked(found: Option<&Check>, reason: &str) -> Self {
        let skipped = |name: &&'static str| match found {
            Some(found) if found.name == *name => found.clone(),
            _ => Check::skipped(name, reason),
        };
        Self { checks: OF_SERVER.iter().map(skipped).collect(), ..Self::default() }
    }
}

/// Reads the token, and asks nobody.
async fn offline_checks(setup: &Setup, printer: &Printer) -> Outcome {
    let token = match &setup.token {
        Some(token) => Some(match token.read(printer).await {
            Ok(_) => Check::ok("token", format!("readable, from {}", token.name())),
            Err(failure) => Check::failed("token", &failure),
        }),
        None => None,
    };
    Outcome::unasked(token.as_ref(), "nothing is sent with --offline")
}

async fn online(
    setup: &Setup,
    global: &GlobalArgs,
    printer: &Printer,
    before: Option<&Observation>,
) -> Result<Outcome, Failure> {
    if !setup.is_connectable {
        return Ok(Outcome::unasked(None, "the settings do not say all that it takes"));
    }
    let mut seen = None;
    let ended = Session::without_distributor(global, printer, "doctor", async |session| {
        seen = Some(server::examine(session, before).await);
        Ok(())
    });
    match (ended.await, seen) {
        (Err(failure), _) if failure.code() == ExitCode::Interrupted => Err(failure),
        (Err(failure), None) => {
            let (check, reason) = if setup.is_embedded {
                ("connection", "the sandbox cannot be used")
            } else {
                ("token", "there is no token to ask with")
            };
            Ok(Outcome::unasked(Some(&Check::failed(check, &failure)), reason))
        }
        (ended, Some(Seen { mut checks, api, organization_id, requests, news })) => {
            checks.extend(ended.err().map(|failure| Check::failed("connection", &failure)));
            Ok(Outcome { checks, place: Some((api, organization_id)), requests, news })
        }
        (Ok(()), None) => Ok(Outcome::unasked(None, "the server was not asked")),
    }
}
