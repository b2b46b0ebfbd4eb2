//! Stream of all organizations that a token may see, over all pages.

use std::pin::Pin;
use std::task::{Context, Poll};

use futures_core::Stream;
use mms_types::{OrganizationId, OrganizationSummary, PageLimit, PageOffset};
use reqwest::StatusCode;

use super::page_size::PageSizeMemory;
use super::paging::{List, ListAnswer, Pages};
use crate::config::settings::Settings;
use crate::error::Error;
use crate::http::generated::Client;

impl Client {
    /// Streams the organizations that the token's user is a member of, page by page, each organization once: which ids a token may
    /// be used with.
    ///
    /// Needs the scope `organizations:read`. The child organizations of a distributor are not among them, but for those that the
    /// user is a member of. Make gives 10,000 in a page by default, so that one request does for nearly everybody; the walk is that
    /// of [`child_organizations`](Self::child_organizations), which says how a list ends.
    ///
    /// ```no_run
    /// use futures_util::TryStreamExt;
    ///
    /// # async fn example(client: mms_client::Client) -> Result<(), mms_client::Error> {
    /// let mut organizations = client.organizations();
    /// while let Some(organization) = organizations.try_next().await? {
    ///     println!("{} {}", organization.id, organization.name.unwrap_or_default());
    /// }
    /// if !organizations.is_complete() {
    ///     println!("there may be more: the server does not prove that these are all");
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn organizations(&self) -> Organizations {
        Organizations(Pages::new(self.clone(), OrganizationsOfUser, false))
    }
}

/// The organizations that a token may see, as a stream; made by [`Client::organizations`].
#[must_use = "a stream sends nothing until it is polled"]
pub struct Organizations(Pages<OrganizationsOfUser>);

impl Organizations {
    /// Says whether the stream has ended, and its last page proved the end, as
    /// [`ChildOrganizations::is_complete`](crate::ChildOrganizations::is_complete) does.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.0.is_complete()
    }
}

impl Stream for Organizations {
    type Item = Result<OrganizationSummary, Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.0.poll_row(context)
    }
}

/// List of the organizations of the token's user.
#[derive(Debug, Clone, Copy)]
struct OrganizationsOfUser;

impl List for OrganizationsOfUser {
    type Row = OrganizationSummary;

    fn sizes(settings: &Settings) -> &PageSizeMemory {
        &settings.organization_page_sizes
    }

    fn id(organization: &OrganizationSummary) -> OrganizationId {
        organization.id
    }

    async fn page(
        &self,
        client: &Client,
        limit: Option<PageLimit>,
        offset: Option<PageOffset>,
    ) -> Result<ListAnswer<OrganizationSummary>, Error> {
        let mut list = client.list_organizations();
        if let Some(limit) = limit {
            list = list.pg_limit(limit);
        }
        if let Some(offset) = offset {
            list = list.pg_offset(offset);
        }
        let answer = list.send().await?;
        let is_whole = answer.status() == StatusCode::OK;
        let answer = answer.into_inner();
        Ok(ListAnswer { rows: answer.organizations, pagination: answer.pg, is_whole })
    }
}
