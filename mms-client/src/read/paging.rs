//! Walk over all pages of a list, whatever the server does with pages.

use std::collections::HashSet;
use std::task::{Context, Poll, ready};
use std::{mem, vec};

use mms_types::{OrganizationId, PageLimit, PageOffset, Pagination};
use progenitor_client::ClientInfo as _;
use tokio::task::JoinSet;
use tracing::Instrument;
use tracing::instrument::WithSubscriber;

use super::page_size::{PageSizeMemory, PageSizes};
use crate::config::settings::Settings;
use crate::error::Error;
use crate::http::generated::Client;

/// List of organizations that is read page by page.
pub(super) trait List: Send + Sync + Unpin + 'static {
    /// One row of it.
    type Row: Send + Unpin + 'static;

    /// Returns what the clones of a client remember of its pages.
    fn sizes(settings: &Settings) -> &PageSizeMemory;

    /// Returns by what a row is known when it comes again.
    fn id(row: &Self::Row) -> OrganizationId;

    /// Asks for a page.
    fn page(
        &self,
        client: &Client,
        limit: Option<PageLimit>,
        offset: Option<PageOffset>,
    ) -> impl Future<Output = Result<ListAnswer<Self::Row>, Error>> + Send;
}

/// Answer to a request for a page.
pub(super) struct ListAnswer<R> {
    pub(super) rows: Vec<R>,
    /// What it says of pages.
    pub(super) pagination: Option<Pagination>,
    /// Whether the status is 200, and not that of a part.
    pub(super) is_whole: bool,
}

/// Rows of a list over all pages, as the streams of children and organizations give them.
pub(super) struct Pages<L: List> {
    /// What is left of the page that is read.
    rows: vec::IntoIter<L::Row>,
    /// Whether that page proves that none comes after it.
    end_is_proven: bool,
    /// The way to the page after it, where nobody is on it yet.
    next: Option<Walk<L>>,
    /// The page after it, if there is one. It is read by a task: whoever reads the rows may take as long as they like, and call the
    /// same client meanwhile, without holding up the request or the queue that it waits in. Dropping the set ends it.
    under_way: JoinSet<NextPage<L>>,
    is_complete: bool,
    /// How many requests were answered.
    requests: usize,
}

impl<L: List> Pages<L> {
    /// Begins a walk. Where it `confirms`, an end counts only after one more request that brought nothing.
    pub(super) fn new(client: Client, list: L, confirms: bool) -> Self {
        Self {
            rows: Vec::new().into_iter(),
            end_is_proven: false,
            next: Some(Walk::new(client, list, confirms)),
            under_way: JoinSet::new(),
            is_complete: false,
            requests: 0,
        }
    }

    /// Returns how many requests were answered.
    pub(super) const fn requests(&self) -> usize {
        self.requests
    }

    /// Says whether the last page was read, and proved the end.
    pub(super) const fn is_complete(&self) -> bool {
        self.is_complete
    }

    /// Returns the next row, and asks for the page after this one meanwhile.
    pub(super) fn poll_row(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<L::Row, Error>>> {
        let arrived = ready!(self.poll_arrived(context));
        Poll::Ready(arrived.map(|()| self.rows.next()).transpose())
    }

    /// Returns all rows that have arrived and are not read, none at the end, and asks for the next page meanwhile.
    pub(super) fn poll_rows(&mut self, context: &mut Context<'_>) -> Poll<Result<Vec<L::Row>, Error>> {
        let arrived = ready!(self.poll_arrived(context));
        Poll::Ready(arrived.map(|()| mem::take(&mut self.rows).collect()))
    }

    /// Waits until there is a row to read, or the end has come.
    fn poll_arrived(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Error>> {
        loop {
            if let Some(walk) = self.next.take() {
                self.under_way.spawn(walk.next_page().in_current_span().with_current_subscriber());
            }
            if self.rows.len() > 0 {
                return Poll::Ready(Ok(()));
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
                    return Poll::Ready(Err(error));
                }
                Some(Err(ended)) if ended.is_panic() => std::panic::resume_unwind(ended.into_panic()),
                // The runtime is being shut down.
                Some(Err(_)) => return Poll::Pending,
                None => {
                    self.is_complete = self.end_is_proven;
                    return Poll::Ready(Ok(()));
                }
            }
        }
    }
}

/// Page, and the walk on from it where there is one.
type NextPage<L> = Result<(Page<L>, Option<Walk<L>>), Error>;

/// Rows that a page adds.
struct Page<L: List> {
    rows: Vec<L::Row>,
    proves_the_end: bool,
    /// How many requests it took: two where the server refused a larger page.
    requests: usize,
}

/// Walk over the pages of a list.
struct Walk<L> {
    client: Client,
    list: L,
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

impl<L: List> Walk<L> {
    fn new(client: Client, list: L, confirms: bool) -> Self {
        let settings = client.inner();
        let sizes = L::sizes(settings).start(settings.clock.now());
        let (limit, seen) = (sizes.first(), HashSet::new());
        Self { client, list, received: 0, seen, sizes, limit, is_first: true, confirms, short: None }
    }

    /// Asks for the next page.
    async fn next_page(mut self) -> NextPage<L> {
        let (ListAnswer { mut rows, pagination, is_whole }, requests) = self.answer().await?;
        let received = rows.len();
        self.received += received;
        self.seen.reserve(received);
        rows.retain(|row| self.seen.insert(L::id(row)));
        let adds = !rows.is_empty();
        let limit = self.sizes.read(self.limit, pagination.as_ref(), received);
        let settings = self.client.inner();
        L::sizes(settings).keep(&self.sizes, settings.clock.now());

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
    async fn answer(&mut self) -> Result<(ListAnswer<L::Row>, usize), Error> {
        match self.page().await {
            Err(error) if error.is_invalid() && self.sizes.is_larger(self.limit) => {
                L::sizes(self.client.inner()).forget();
                self.limit = self.sizes.fall_back().filter(|_| !self.is_first);
                Ok((self.page().await?, 2))
            }
            answer => Ok((answer?, 1)),
        }
    }

    async fn page(&self) -> Result<ListAnswer<L::Row>, Error> {
        let offset = self.offset().filter(|_| !self.is_first && self.limit.is_some());
        let limit = self.limit.filter(|_| self.is_first || offset.is_some());
        self.list.page(&self.client, limit, offset).await
    }

    fn offset(&self) -> Option<PageOffset> {
        PageOffset::new(u32::try_from(self.received).ok()?).ok()
    }
}
