//! Stream of all child organizations, over all pages.

use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll};

use futures_core::Stream;
use mms_types::{ChildOrganization, OrganizationId, PageLimit, PageOffset};
use progenitor_client::ClientInfo as _;
use reqwest::StatusCode;

use super::page_size::{PageSize, PageSizeMemory};
use super::paging::{List, ListAnswer, Pages};
use crate::config::settings::Settings;
use crate::error::Error;
use crate::http::generated::Client;

impl Client {
    /// Returns the sizes of pages of children that were found to work, by this client or its clones; nothing where no list was longer
    /// than a page of the server's own.
    ///
    /// ```
    /// # fn example(client: mms_client::Client) {
    /// if let Some(size) = client.page_size() {
    ///     println!("{} rows a page in place of {}", size.worked, size.own);
    /// }
    /// # }
    /// ```
    #[must_use]
    pub fn page_size(&self) -> Option<PageSize> {
        let settings = self.inner();
        settings.page_sizes.start(settings.clock.now()).known()
    }

    /// Streams the child organizations of a distributor, page by page, each child once.
    ///
    /// Whether Make pages this list is not documented. So the first request says nothing of pages, unless a larger page is known to
    /// work; a further one is sent only while the answer states a limit and has filled it, or the server's own limit where that is
    /// smaller. Children that were already seen are dropped, and a page that adds none is the last. A server that gives the whole
    /// list at once is read whole, and so is one that pages as it is asked to.
    ///
    /// Requests are what a distributor has least of: a further page is asked for with 1,000 rows, and then with 10,000
    /// ([`largest_page`](crate::ClientBuilder::largest_page)), as far as the server goes along; where it refuses that with 400, with
    /// its own size. What worked is remembered for a day, by all clones. 5,000 children take four requests.
    ///
    /// A server that cuts the list and does not say so, or gives the same page again, ends the stream without an error:
    /// [`ChildOrganizations::is_complete`] tells, and whoever concludes something from a child's absence has to ask it. A
    /// server that fills a page and refuses to give the next makes an error.
    ///
    /// Every page is a request of its own, and takes its turn at the client's pace. Nothing is sent before the stream is polled;
    /// then it asks for the next page as soon as it has one, so that the next is on its way while the rows of this one are read.
    /// It never holds more than these two pages and the ids seen, some 20 bytes each. It ends at the first error, which comes
    /// after the rows of the pages before; dropping it ends what is under way.
    ///
    /// ```no_run
    /// use futures_util::TryStreamExt;
    ///
    /// # async fn example(client: mms_client::Client) -> Result<(), mms_client::Error> {
    /// let mut children = client.child_organizations(mms_client::types::OrganizationId::new(11));
    /// while let Some(child) = children.try_next().await? {
    ///     println!("{} {}", child.organization_id, child.organization_name.unwrap_or_default());
    /// }
    /// if !children.is_complete() {
    ///     println!("there may be more: the server does not prove that these are all");
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn child_organizations(&self, organization_id: OrganizationId) -> ChildOrganizations {
        ChildOrganizations(Pages::new(self.clone(), Children(organization_id), false))
    }

    /// The same where an end counts only after one more request that brought nothing: before a create, whose child could not be
    /// told from others if the list were cut.
    pub(crate) fn confirmed_child_organizations(&self, organization_id: OrganizationId) -> ChildOrganizations {
        ChildOrganizations(Pages::new(self.clone(), Children(organization_id), true))
    }
}

/// The child organizations of a distributor, as a stream; made by [`Client::child_organizations`].
#[must_use = "a stream sends nothing until it is polled"]
pub struct ChildOrganizations(Pages<Children>);

impl ChildOrganizations {
    /// Returns how many requests were answered.
    pub(crate) const fn requests(&self) -> usize {
        self.0.requests()
    }

    /// Returns the children that have arrived and were not read yet, a page of them as a rule and one at least, and waits for a page
    /// where there are none; nothing at the end. A list of thousands is taken over so without a look at each row.
    ///
    /// ```no_run
    /// # async fn example(client: mms_client::Client) -> Result<(), mms_client::Error> {
    /// let mut children = client.child_organizations(mms_client::types::OrganizationId::new(11));
    /// while let Some(page) = children.try_next_rows().await? {
    ///     println!("{} more", page.len());
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub async fn try_next_rows(&mut self) -> Result<Option<Vec<ChildOrganization>>, Error> {
        let rows = poll_fn(|context| self.0.poll_rows(context)).await?;
        Ok(Some(rows).filter(|rows| !rows.is_empty()))
    }

    /// Says whether the stream has ended, and its last page proved the end: it had no rows after a page that had some, or fewer than
    /// the limit that it states and than the server's own, or it was such a short page that came a second time.
    ///
    /// False before the end and after an error. False at the end too where the last page proves nothing: it states no limit,
    /// or only repeats what came before. Then there may be children that the server did not give. No page can prove that the
    /// list stayed the same while it was read.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.0.is_complete()
    }
}

impl Stream for ChildOrganizations {
    type Item = Result<ChildOrganization, Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.0.poll_row(context)
    }
}

/// List of a distributor's children.
#[derive(Debug, Clone, Copy)]
struct Children(OrganizationId);

impl List for Children {
    type Row = ChildOrganization;

    fn sizes(settings: &Settings) -> &PageSizeMemory {
        &settings.page_sizes
    }

    fn id(child: &ChildOrganization) -> OrganizationId {
        child.organization_id
    }

    async fn page(
        &self,
        client: &Client,
        limit: Option<PageLimit>,
        offset: Option<PageOffset>,
    ) -> Result<ListAnswer<ChildOrganization>, Error> {
        let mut list = client.list_child_organizations().organization_id(self.0);
        if let Some(limit) = limit {
            list = list.pg_limit(limit);
        }
        if let Some(offset) = offset {
            list = list.pg_offset(offset);
        }
        let answer = list.send().await?;
        let is_whole = answer.status() == StatusCode::OK;
        let answer = answer.into_inner();
        Ok(ListAnswer { rows: answer.managed_organizations, pagination: answer.pg, is_whole })
    }
}
