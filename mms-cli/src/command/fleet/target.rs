//! Target of a fleet: the zone and the distributor that its files are for.

use mms_fleet::Target;

use crate::output::failure::{Failure, Hint};
use crate::session::Session;

/// Returns the target of a session.
pub(super) fn of(session: &Session) -> Result<Target, Failure> {
    let zone = session.zone().map(|zone| zone.as_str().to_owned());
    Ok(Target { zone, organization: session.organization_id()? })
}

/// Refuses a fleet that is for another distributor or zone; nothing was sent.
pub(super) fn check(session: &Session, target: &Target, files: &[String]) -> Result<(), Failure> {
    let found = of(session)?;
    let files = files.first().map_or("the fleet", String::as_str);
    match &target.zone {
        Some(zone) if session.is_sandbox() => return Err(not_for_a_sandbox(files, zone)),
        Some(zone) if found.zone.as_ref() != Some(zone) => {
            return Err(Failure::usage(format!(
                "{files} is for the zone {zone}, and this is {}; nothing was sent",
                session.place()
            ))
            .hint(format!("choose that zone with --zone {zone}, or name another file")));
        }
        _ => {}
    }
    if target.organization != found.organization {
        let Target { organization, .. } = target;
        return Err(Failure::usage(format!(
            "{files} is for distributor {organization}, and this is {}; nothing was sent",
            found.organization
        ))
        .hint(format!("choose that distributor with --organization-id {organization}, or name another file")));
    }
    Ok(())
}

/// Refuses a sandbox for the files of a zone: its ids are those of other children in Make, and an import or apply writes ids.
fn not_for_a_sandbox(files: &str, zone: &str) -> Failure {
    Failure::usage(format!(
        "{files} is for the zone {zone}, and this is a sandbox, whose ids would come into the file; nothing was sent"
    ))
    .hint(
        Hint::new("choose one of these:")
            .step("to try it with your own children, leave the sandbox out: `mms apply --rehearse` carries it out on a sandbox first")
            .step("to train, begin a file of the sandbox's own: `mms --sandbox import training.yaml`"),
    )
}
