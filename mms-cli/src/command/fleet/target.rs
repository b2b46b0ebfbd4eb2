//! Target of a fleet: the zone and the distributor that its files are for.

use mms_fleet::Target;

use crate::output::failure::Failure;
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
    if target.organization != found.organization {
        let Target { organization, .. } = target;
        return Err(Failure::usage(format!(
            "{files} is for distributor {organization}, and this is {}; nothing was sent",
            found.organization
        ))
        .hint(format!("choose that distributor with --organization-id {organization}, or name another file")));
    }
    match &target.zone {
        Some(zone) if found.zone.as_ref() != Some(zone) => {
            let failure = Failure::usage(format!(
                "{files} is for the zone {zone}, and this is {}; nothing was sent",
                session.place()
            ));
            let choose = format!("choose that zone with --zone {zone}");
            Err(failure.hint(if session.is_sandbox() {
                format!("{choose}; for a sandbox take a copy of the file without its line zone:")
            } else {
                format!("{choose}, or name another file")
            }))
        }
        _ => Ok(()),
    }
}
