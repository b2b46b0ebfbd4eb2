//! Answers of a login: zone, token and distributor, from a flag, a pipe or the person.

use std::io::{self, IsTerminal};

use mms_client::{ZoneHost, ZoneHostError};
use mms_types::{OrganizationId, OrganizationSummary};

use crate::args::GlobalArgs;
use crate::config::{Settings, TokenSource, from_stdin};
use crate::lookup::resolve;
use crate::output::failure::Failure;
use crate::output::printer::Printer;
use crate::output::questions;

/// Number of times that the zone is asked for.
const ZONE_QUESTIONS: usize = 3;

fn is_answered() -> bool {
    io::stdin().is_terminal() && io::stderr().is_terminal()
}

/// Takes a text for a zone.
pub(super) fn zone(text: &str) -> Result<ZoneHost, Failure> {
    text.parse().map_err(|error: ZoneHostError| {
        Failure::usage(format!("zone: {error}")).hint("the zone is the host that you sign in to, such as eu1.make.com")
    })
}

/// Asks for the zone, and again where the answer is none. `eu1` stands for `eu1.make.com`.
pub(super) async fn ask_for_zone(printer: &Printer) -> Result<ZoneHost, Failure> {
    if !is_answered() {
        return Err(Failure::usage("no zone given, and nobody to ask")
            .hint("add --zone eu1.make.com, the host that you sign in to"));
    }
    let mut question = 1;
    loop {
        let answer = questions::line(printer, "Zone, the host that you sign in to, such as eu1.make.com:").await?;
        match zone_of_answer(&answer) {
            Err(failure) if question < ZONE_QUESTIONS => printer.warn(failure.message()),
            zone => return zone,
        }
        question += 1;
    }
}

fn zone_of_answer(answer: &str) -> Result<ZoneHost, Failure> {
    format!("{answer}.make.com").parse().or_else(|_| zone(answer))
}

/// Takes the token from the file or the stream that is named, from a pipe, or from the person, without showing it.
pub(super) async fn token(global: &GlobalArgs, printer: &Printer) -> Result<String, Failure> {
    if global.token_file.is_some() {
        let settings = Settings::read_or_new(global, printer)?;
        if let Some(source) = TokenSource::find(&settings, printer)? {
            return source.read_text(printer).await;
        }
    }
    if !is_answered() {
        return from_stdin();
    }
    printer.note("Make's web application makes a token under Profile, API access. It is not shown here.");
    questions::secret(printer, "Token:").await
}

/// Takes the distributor of the flag, or lets the person choose among the organizations that the token may see. `former` is that
/// of an earlier login to the same server, which counts where nobody says another.
pub(super) async fn distributor(
    global: &GlobalArgs,
    printer: &Printer,
    organizations: &[OrganizationSummary],
    former: Option<OrganizationId>,
) -> Result<Option<OrganizationId>, Failure> {
    let is_seen = |id: OrganizationId| organizations.iter().any(|organization| organization.id == id);
    if let Some(id) = global.organization_id {
        if !is_seen(id) {
            printer.warn(&format!("the token shows no organization {id}: it is taken as you say"));
        }
        return Ok(Some(id));
    }
    match (organizations, former) {
        ([], Some(id)) => {
            printer.note(&format!("The token shows no organization: the distributor stays {id}."));
            Ok(Some(id))
        }
        ([], None) => {
            let set = global.invocation().profile_command("config set organization_id ID");
            printer.warn(&format!("the token shows no organization: {set} names the distributor"));
            Ok(None)
        }
        ([one], _) => {
            printer.note(&format!("The distributor is {}, the only organization of the token.", named(one)));
            Ok(Some(one.id))
        }
        (_, Some(id)) if !is_answered() && is_seen(id) => {
            printer.note(&format!("The distributor stays {id}, one of the token's organizations."));
            Ok(Some(id))
        }
        (several, _) if !is_answered() => {
            let names: Vec<_> = several.iter().map(named).collect();
            Err(Failure::usage(format!("the token shows several organizations: {}", names.join(", ")))
                .hint("name the distributor with --organization-id ID"))
        }
        (several, _) => {
            for organization in several {
                printer.note(&format!("  {}", named(organization)));
            }
            let answer = questions::line(printer, "Which one is the distributor? Its id or name:").await?;
            Ok(Some(resolve(&answer, several, &global.invocation())?.id))
        }
    }
}

fn named(organization: &OrganizationSummary) -> String {
    format!("{} {}", organization.id, organization.name.as_deref().unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_word_of_a_zone_is_enough_of_an_answer_and_no_other_host_is_a_zone() {
        for (answer, zone) in
            [("eu1", Some("eu1.make.com")), ("EU1.make.com", Some("eu1.make.com")), ("eu9", None), ("", None)]
        {
            assert_eq!(zone_of_answer(answer).ok().map(|zone| zone.as_str()), zone, "{answer:?}");
        }
        assert!(zone_of_answer("eu9").unwrap_err().message().starts_with("zone: \"eu9\" is not a zone"));
    }
}
