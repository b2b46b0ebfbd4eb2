//! `mms open`: the page of an organization in Make's web application.

use mms_client::ZoneHost;
use mms_types::{ChildOrganization, OrganizationId};
use serde::Serialize;

use crate::args::{GlobalArgs, OpenArgs};
use crate::config::WebPlace;
use crate::output::browser;
use crate::output::data::{Column, Record, Value};
use crate::output::failure::Failure;
use crate::output::printer::Printer;
use crate::session::Session;

/// A page, and whether it was opened.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub(crate) struct Page {
    organization_id: OrganizationId,
    url: String,
    /// Whether a browser was asked to show it.
    opened: bool,
}

impl Record for Page {
    const COLUMNS: &'static [Column<Self>] = &[
        Column::new("ID", "organizationId", |page| Value::Id(page.organization_id.get())),
        Column::new("URL", "url", |page| (&page.url).into()),
        Column::csv_only("opened", |page| if page.opened { "true" } else { "false" }.into()),
    ];
}

/// How a page is shown.
#[derive(Debug, Clone, Copy)]
struct How {
    /// Whether its address is printed alone.
    print: bool,
    is_verbose: bool,
}

impl Page {
    /// Returns the page of an organization. Make documents no address: this is the one that its web application shows.
    fn new(zone: ZoneHost, organization_id: OrganizationId) -> Self {
        let url = format!("https://{zone}/organization/{organization_id}/dashboard");
        Self { organization_id, url, opened: false }
    }

    /// Opens the page, where a person looks, and prints it.
    fn show(mut self, how: How, printer: &Printer) -> Result<(), Failure> {
        if !how.print && printer.is_terminal() {
            match browser::open(&self.url, how.is_verbose) {
                Ok(()) => self.opened = true,
                Err(error) => printer.warn(&format!("no browser could be opened: {error}")),
            }
        }
        printer.one_or_text(&self, &self.url)
    }
}

/// Opens the page of the distributor, or of a child.
pub(super) async fn run(arguments: &OpenArgs, global: &GlobalArgs, printer: &Printer) -> Result<(), Failure> {
    printer.check_columns::<Page>()?;
    let how = How { print: arguments.print, is_verbose: global.verbose > 0 };
    let place = WebPlace::find(global, printer)?;
    let Some(name) = &arguments.child else {
        return Page::new(place.zone()?, place.distributor()?).show(how, printer);
    };
    if let Some(id) = id_of(name) {
        return Page::new(place.zone()?, id).show(how, printer);
    }
    Session::with_distributor(global, printer, "open", async |session| {
        let children = session.children().await?;
        let child = children.find_to_read(name, session.invocation())?;
        if session.is_sandbox() {
            return Err(WebPlace::refuse_sandbox());
        }
        let zone = own_zone(child, printer).map_or_else(|| place.zone(), Ok)?;
        Page::new(zone, child.organization_id).show(how, printer)
    })
    .await
}

/// Reads an id, for which nothing has to be looked up.
fn id_of(text: &str) -> Option<OrganizationId> {
    text.strip_prefix("id:").unwrap_or(text).parse().ok()
}

/// Returns the zone that the list names for a child. A browser is sent to zones of Make alone, whatever a list says.
fn own_zone(child: &ChildOrganization, printer: &Printer) -> Option<ZoneHost> {
    let domain = child.zone_domain.as_deref()?;
    let zone = domain.parse().ok();
    if zone.is_none() {
        printer.warn(&format!("the list names {domain:?} as the child's zone, which this version does not know"));
    }
    zone
}
