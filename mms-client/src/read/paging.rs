//! Stream of all child organizations, over all pages.

use std::collections::HashSet;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::vec;

use futures_core::Stream;
use mms_types::{ChildOrganization, ChildOrganizationList, OrganizationId, PageLimit, PageOffset};
use progenitor_client::ClientInfo as _;
use reqwest::StatusCode;
use tokio::task::JoinSet;
use tracing::Instrument;
use tracing::instrument::WithSubscriber;

use super::page_size::{PageSize, PageSizes};
use crate::error::Error;
use crate::http::generated::{Client, builder};
use crate::http::runtime::ResponseValue;

impl Client {
    /// Returns the sizes of pages that were found to work, by this client or its clones; nothing where no list was longer than a
    /// page of the server's own.
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
        ChildOrganizations::over(Walk::new(self.clone(), organization_id, false))
    }

    /// The same where an end counts only after one more request that brought nothing: before a create, whose child could not be
    /// told from others if the list were cut.
    pub(crate) fn confirmed_child_organizations(&self, organization_id: OrganizationId) -> ChildOrganizations {
        ChildOrganizations::over(Walk::new(self.clone(), organization_id, true))
    }
}

/// The child organizations of a distributor, as a stream; made by [`Client::child_organizations`].
#[must_use = "a stream sends nothing until it is polled"]
pub struct ChildOrganizations {
    /// What is left of the page that is read.
    rows: vec::IntoIter<ChildOrganization>,
    /// Whether that page proves that none comes after it.
    end_is_proven: bool,
    /// The way to the page after it, where nobody is on it yet.
    next: Option<Walk>,
    /// The page after it, if there is one. It is read by a task: whoever reads the rows may take as long as they like, and call the
    /// same client meanwhile, without holding up the request or the queue that it waits in. Dropping the set ends it.
    under_way: JoinSet<NextPage>,
    is_complete: bool,
    /// How many requests were answered.
    requests: usize,
}

impl ChildOrganizations {
    fn over(walk: Walk) -> Self {
        Self {
            rows: Vec::new().into_iter(),
            end_is_proven: false,
            next: Some(walk),
            under_way: JoinSet::new(),
            is_complete: false,
            requests: 0,
        }
    }

    /// Returns how many requests were answered.
    pub(crate) const fn requests(&self) -> usize {
        self.requests
    }

    /// Says whether the stream has ended, and its last page proved the end: it had no rows after a page that had some, or fewer than
    /// the limit that it states and than the server's own, or it was such a short page that came a second time.
    ///
    /// False before the end and after an error. False at the end too where the last page proves nothing: it states no limit,
    /// or only repeats what came before. Then there may be children that the server did not give. No page can prove that the
    /// list stayed the same while it was read.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.is_complete
    }
}

impl Stream for ChildOrganizations {
    type Item = Result<ChildOrganization, Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        loop {
            if let Some(walk) = self.next.take() {
                self.under_way.spawn(walk.next_page().in_current_span().with_current_subscriber());
            }
            if let Some(child) = self.rows.next() {
                return Poll::Ready(Some(Ok(child)));
            }
            match ready!(self.under_way.poll_join_next(context)) {
                Some(Ok(Ok((page, walk)))) => {
                    self.requests += page.requests;
                    self.end_is_proven = page.proves_the_end;
                    self.rows = page.rows.into_iter();
                    self.next = walk;
                }
                Some(Ok(Err(error))) => {
                    self.end_is_proven = false;
                    return Poll::Ready(Some(Err(error)));
                }
                Some(Err(ended)) if ended.is_panic() => std::panic::resume_unwind(ended.into_panic()),
                // The runtime is being shut down.
                Some(Err(_)) => return Poll::Pending,
                None => {
                    self.is_complete = self.end_is_proven;
                    return Poll::Ready(None);
                }
            }
        }
    }
}

/// Page, and the walk on from it where there is one.
type NextPage = Result<(Page, Option<Walk>), Error>;

/// Rows that a page adds.
struct Page {
    rows: Vec<ChildOrganization>,
    proves_the_end: bool,
    /// How many requests it took: two where the server refused a larger page.
    requests: usize,
}

/// Walk over the pages of a list.
struct Walk {
    client: Client,
    organization_id: OrganizationId,
    /// Rows received so far, known ones included: the offset of the next page.
    received: usize,
    seen: HashSet<OrganizationId>,
    sizes: PageSizes,
    /// Limit of the next page; nothing for the first, unless a larger one worked before.
    limit: Option<PageLimit>,
    is_first: bool,
    /// Whether a short page is followed by one more request, which has to be empty.
    confirms: bool,
    /// How many rows the page before had, if it was short.
    short: Option<usize>,
}

impl Walk {
    fn new(client: Client, organization_id: OrganizationId, confirms: bool) -> Self {
        let settings = client.inner();
        let sizes = settings.page_sizes.start(settings.clock.now());
        let (limit, seen) = (sizes.first(), HashSet::new());
        Self { client, organization_id, received: 0, seen, sizes, limit, is_first: true, confirms, short: None }
    }

    /// Asks for the next page.
    async fn next_page(mut self) -> NextPage {
        let (answer, requests) = self.answer().await?;
        let is_whole = answer.status() == StatusCode::OK;
        let answer = answer.into_inner();
        let mut rows = answer.managed_organizations;
        let received = rows.len();
        self.received += received;
        rows.retain(|child| self.seen.insert(child.organization_id));
        let adds = !rows.is_empty();
        let limit = self.sizes.read(self.limit, answer.pg.as_ref(), received);
        let settings = self.client.inner();
        settings.page_sizes.keep(&self.sizes, settings.clock.now());

        // Nothing after other rows is the end. Nothing at all may be the end of whatever the server does not say.
        let is_empty_end = received == 0 && (!self.is_first || limit.is_some());
        let is_short = adds && limit.is_some_and(|limit| self.sizes.is_short(received, limit));
        // A short page that comes again was the list: the server takes no offset.
        let is_repeated = !adds && received > 0 && self.short == Some(received);
        let proves_the_end = is_whole && (is_empty_end || is_repeated || (is_short && !self.confirms));
        let next = limit.filter(|_| adds && is_whole && !proves_the_end);
        let next = next.and_then(|limit| self.sizes.next(self.limit, limit, received));
        let on = next.filter(|_| self.offset().is_some()).map(|limit| Self {
            limit: Some(limit),
            is_first: false,
            short: is_short.then_some(received),
            client: self.client.clone().continuing(),
            ..self
        });
        Ok((Page { rows, proves_the_end, requests }, on))
    }

    /// Asks for a page; where the server refuses a larger one than its own, once more with its own.
    async fn answer(&mut self) -> Result<(ResponseValue<ChildOrganizationList>, usize), Error> {
        match self.request().send().await {
            Err(error) if error.is_invalid() && self.sizes.is_larger(self.limit) => {
                self.client.inner().page_sizes.forget();
                self.limit = self.sizes.fall_back().filter(|_| !self.is_first);
                Ok((self.request().send().await?, 2))
            }
            answer => Ok((answer?, 1)),
        }
    }

    fn request(&self) -> builder::ListChildOrganizations<'_> {
        let list = self.client.list_child_organizations().organization_id(self.organization_id);
        match (self.limit, self.offset()) {
            (Some(limit), _) if self.is_first => list.pg_limit(limit),
            (Some(limit), Some(offset)) => list.pg_limit(limit).pg_offset(offset),
            _ => list,
        }
    }

    fn offset(&self) -> Option<PageOffset> {
        PageOffset::new(u32::try_from(self.received).ok()?).ok()
    }
}
