//! Stream of all child organizations, over all pages.

use std::collections::HashSet;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::vec;

use futures_core::Stream;
use mms_types::{ChildOrganization, OrganizationId, PageLimit, PageOffset, Pagination};
use tokio::task::JoinSet;
use tracing::Instrument;
use tracing::instrument::WithSubscriber;

use crate::error::Error;
use crate::http::generated::Client;

impl Client {
    /// Streams the child organizations of a distributor, page by page, each child once.
    ///
    /// Whether Make pages this list is not documented. So the first request says nothing of pages; a further one is sent only
    /// while the answer's own `pg.limit` was filled, children that were already seen are dropped, and a page that adds none is
    /// the last. A server that gives the whole list at once is read whole, and so is one that pages as it is asked to.
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
    ///     println!("{}", child.organization_name);
    /// }
    /// if !children.is_complete() {
    ///     println!("there may be more: the server does not prove that these are all");
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn child_organizations(&self, organization_id: OrganizationId) -> ChildOrganizations {
        let walk = Walk { client: self.clone(), organization_id, received: 0, seen: HashSet::new(), next: Next::First };
        ChildOrganizations {
            rows: Vec::new().into_iter(),
            end_is_proven: false,
            next: Some(walk),
            under_way: JoinSet::new(),
            is_complete: false,
            requests: 0,
        }
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
    /// How many pages have come.
    requests: usize,
}

impl ChildOrganizations {
    /// Returns how many pages have come.
    pub(crate) const fn requests(&self) -> usize {
        self.requests
    }

    /// Says whether the stream has ended, and its last page proved the end: it had fewer rows than its own `pg.limit`, or none.
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
                    self.requests += 1;
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
}

/// Walk over the pages of a list.
struct Walk {
    client: Client,
    organization_id: OrganizationId,
    /// Rows received so far, known ones included: the offset of the next page.
    received: usize,
    seen: HashSet<OrganizationId>,
    next: Next,
}

/// Next request of a walk.
enum Next {
    /// The list, as the server cuts it.
    First,
    /// A further page of it.
    Page(PageLimit, PageOffset),
}

impl Walk {
    /// Asks for the next page.
    async fn next_page(mut self) -> NextPage {
        let list = self.client.list_child_organizations().organization_id(self.organization_id);
        let is_first = matches!(self.next, Next::First);
        let request = match self.next {
            Next::First => list,
            Next::Page(limit, offset) => list.pg_limit(limit).pg_offset(offset),
        };
        let answer = request.send().await?.into_inner();

        let mut rows = answer.managed_organizations;
        let received = rows.len();
        self.received += received;
        rows.retain(|child| self.seen.insert(child.organization_id));
        let adds = !rows.is_empty();
        let is_short = is_short(answer.pg.as_ref(), received);
        // Nothing after a full page is the end. Nothing at all may be the end of whatever the server does not say.
        let proves_the_end = if received == 0 { !is_first || is_short } else { adds && is_short };
        let following = following(answer.pg.as_ref(), received, self.received).filter(|_| adds);
        let on = following.map(|(limit, offset)| Self {
            next: Next::Page(limit, offset),
            client: self.client.clone().continuing(),
            ..self
        });
        Ok((Page { rows, proves_the_end }, on))
    }
}

/// Returns the page after one of `rows` rows, if the server says that the page was full.
fn following(pagination: Option<&Pagination>, rows: usize, received: usize) -> Option<(PageLimit, PageOffset)> {
    let limit = u32::try_from(pagination?.limit?).ok()?;
    let is_full = rows >= usize::try_from(limit).ok()?;
    let offset = u32::try_from(received).ok()?;
    is_full.then_some((PageLimit::new(limit).ok()?, PageOffset::new(offset).ok()?))
}

/// Says whether a page of `rows` rows had room for more, by the server's own limit.
fn is_short(pagination: Option<&Pagination>, rows: usize) -> bool {
    let limit = pagination.and_then(|pagination| pagination.limit);
    limit.is_some_and(|limit| i64::try_from(rows).is_ok_and(|rows| rows < limit))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(limit: Option<i64>) -> Pagination {
        Pagination { limit, ..Pagination::default() }
    }

    #[test]
    fn a_further_page_is_asked_for_only_while_the_servers_own_limit_was_filled() {
        let expected = Some((PageLimit::new(100).unwrap(), PageOffset::new(300).unwrap()));
        assert_eq!(following(Some(&page(Some(100))), 100, 300), expected);
        assert_eq!(following(Some(&page(Some(100))), 99, 299), None);
    }

    #[test]
    fn an_answer_without_a_limit_is_the_last() {
        assert_eq!(following(None, 100, 100), None);
        assert_eq!(following(Some(&page(None)), 100, 100), None);
        assert_eq!(following(Some(&page(Some(0))), 0, 0), None);
        assert_eq!(following(Some(&page(Some(-1))), 5, 5), None);
    }
}
