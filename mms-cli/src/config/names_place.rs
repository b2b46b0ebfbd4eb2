//! Where the names lie that commands saw lately, for the completions of a shell.

use std::path::{Path, PathBuf};

use mms_client::BaseUrl;
use mms_types::OrganizationId;

use super::embedded_sandbox::names_beside;
use super::profile::ConfigFile;
use super::server::{Server, organization, organization_of_sandbox};
use super::settings::Settings;
use super::state_dir::StateDir;
use crate::args::GlobalArgs;
use crate::output::failure::Failure;
use crate::output::printer::Printer;

/// Place of the names of one server and distributor.
#[derive(Debug)]
pub(crate) struct NamesPlace {
    /// File, which may serve other servers and distributors, too.
    pub(crate) file: PathBuf,
    /// Key of this server and distributor in it.
    pub(crate) key: String,
}

impl NamesPlace {
    /// Finds the place of the server that the arguments choose, without a word and a request; nothing where they choose none.
    pub(crate) fn find(arguments: &GlobalArgs, printer: &Printer) -> Result<Option<Self>, Failure> {
        let settings = Settings::of_file(arguments, &ConfigFile::read()?)?;
        let Some((server, origin)) = Server::choose(&settings, printer)? else { return Ok(None) };
        let base_url = match server {
            Server::EmbeddedSandbox(file) => {
                return Ok(Some(Self::of_sandbox(&file, organization_of_sandbox(&settings, &origin)?)));
            }
            Server::Zone(zone) => zone.into(),
            Server::BaseUrl(base_url) => base_url,
        };
        let organization_id = organization(&settings, printer)?.map(|(id, _)| id);
        Ok(Some(Self::of_server(&base_url, organization_id, &StateDir::find(&settings, printer)?)))
    }

    /// Returns the place of a server's names, among all others.
    pub(super) fn of_server(base_url: &BaseUrl, organization_id: Option<OrganizationId>, state: &StateDir) -> Self {
        Self { file: state.names(), key: key(&base_url.place(), organization_id) }
    }

    /// Returns the place of the names of an embedded sandbox: beside its file.
    pub(super) fn of_sandbox(sandbox: &Path, organization_id: Option<OrganizationId>) -> Self {
        Self { file: names_beside(sandbox), key: key("", organization_id) }
    }
}

fn key(place: &str, organization_id: Option<OrganizationId>) -> String {
    organization_id.map_or_else(|| place.to_owned(), |id| format!("{place}#{id}"))
}
