//! Every child organization, over all pages.

use std::collections::HashSet;

use futures_core::Stream;
use futures_util::{StreamExt, TryStreamExt, stream};
use mms_types::{ChildOrganization, OrganizationId, PageLimit, PageOffset, Pagination};

use crate::error::Error;
use crate::generated::Client;

impl Client {
    /// Streams every child organization of a distributor, page by page, each child once.
    ///
    /// Whether Make pages this list is not documented. So the first request says nothing of pages; a further one is sent only
    /// while the answer's own `pg.limit` was filled, children that were already seen are dropped, and a page that adds none is
    /// the last. A server that ignores paging and one that caps the limit both give the whole list.
    ///
    /// A server that fills the first page and refuses to give the next makes an error, not a short list: nothing is cut
    /// silently. Every page is a request of its own; the stream ends at the first error. Nothing is sent before it is polled.
    ///
    /// ```no_run
    /// use futures_util::TryStreamExt;
    ///
    /// # async fn example(client: mms_client::Client) -> Result<(), mms_client::Error> {
    /// let mut children = client.child_organizations(mms_client::types::OrganizationId::new(11));
    /// while let Some(child) = children.try_next().await? {
    ///     println!("{}", child.organization_name);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn child_organizations(
        &self,
        organization_id: OrganizationId,
    ) -> impl Stream<Item = Result<ChildOrganization, Error>> + Send + Unpin + '_ {
        let pages = Pages { client: self, organization_id, received: 0, seen: HashSet::new(), next: Next::First };
        stream::try_unfold(pages, Pages::next)
            .map_ok(|rows| stream::iter(rows.into_iter().map(Ok)))
            .try_flatten()
            .boxed()
    }
}

/// A walk over the pages of a list.
struct Pages<'a> {
    client: &'a Client,
    organization_id: OrganizationId,
    /// Rows received so far, known ones included: the offset of the next page.
    received: usize,
    seen: HashSet<OrganizationId>,
    next: Next,
}

/// What to ask for next.
enum Next {
    /// The list, as the server cuts it.
    First,
    /// A further page of it.
    Page(PageLimit, PageOffset),
    /// Nothing more.
    Done,
}

impl Pages<'_> {
    async fn next(mut self) -> Result<Option<(Vec<ChildOrganization>, Self)>, Error> {
        let list = self.client.list_child_organizations().organization_id(self.organization_id);
        let request = match self.next {
            Next::First => list,
            Next::Page(limit, offset) => list.pg_limit(limit).pg_offset(offset),
            Next::Done => return Ok(None),
        };
        let mut answer = request.send().await?.into_inner();

        let rows = answer.managed_organizations.len();
        self.received += rows;
        answer.managed_organizations.retain(|child| self.seen.insert(child.organization_id));
        let added = !answer.managed_organizations.is_empty();
        self.next = match following(answer.pg.as_ref(), rows, self.received) {
            Some((limit, offset)) if added => Next::Page(limit, offset),
            _ => Next::Done,
        };
        Ok(Some((answer.managed_organizations, self)))
    }
}

/// Returns the page after one of `rows` rows, if the server says that the page was full.
fn following(pagination: Option<&Pagination>, rows: usize, received: usize) -> Option<(PageLimit, PageOffset)> {
    let limit = u32::try_from(pagination?.limit?).ok()?;
    let is_full = rows >= usize::try_from(limit).ok()?;
    let offset = u32::try_from(received).ok()?;
    is_full.then_some((PageLimit::new(limit).ok()?, PageOffset::new(offset).ok()?))
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
