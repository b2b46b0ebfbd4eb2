//! Place of the journal by the settings, for commands that ask no server.

use std::path::PathBuf;

use mms_client::BaseUrl;
use mms_types::OrganizationId;

use crate::args::GlobalArgs;
use crate::config::{
    SANDBOX_API_NAME, Server, Settings, StateDir, journal_beside, organization, organization_of_sandbox,
    refuse_contradiction,
};
use crate::output::failure::Failure;
use crate::output::printer::Printer;

/// File of the journal, and what it has of the settings.
#[derive(Debug)]
pub(super) struct JournalPlace {
    pub(super) file: PathBuf,
    /// The place of the API; nothing where the settings name no server.
    pub(super) api: Option<String>,
    /// The distributor; nothing where the settings name none.
    pub(super) organization_id: Option<OrganizationId>,
}

impl JournalPlace {
    /// Finds it. No token is looked up, no sandbox started, and nothing sent.
    pub(super) fn find(global: &GlobalArgs, printer: &Printer) -> Result<Self, Failure> {
        refuse_contradiction(global)?;
        let settings = Settings::read(global, printer)?;
        let api = match Server::choose(&settings, printer)? {
            Some((Server::EmbeddedSandbox(file), origin)) => {
                return Ok(Self {
                    file: journal_beside(&file),
                    api: Some(SANDBOX_API_NAME.to_owned()),
                    organization_id: organization_of_sandbox(&settings, &origin)?,
                });
            }
            Some((Server::Zone(zone), _)) => Some(BaseUrl::from(zone).place()),
            Some((Server::BaseUrl(url), _)) => Some(url.place()),
            None => None,
        };
        let organization = organization(&settings, printer)?;
        Ok(Self {
            file: StateDir::find(&settings, printer)?.journal(),
            api,
            organization_id: organization.map(|(id, _)| id),
        })
    }
}
