//! Paging: the stream of all children, whatever the server does with pages.

use std::time::Duration;

use futures_util::TryStreamExt;
use httpmock::{Mock, MockServer};
use mms_client::types::{
    ApiError, ChildOrganization, ChildOrganizationList, OrganizationId, PageLimit, PageOffset, Pagination, samples,
};
use mms_client::{BaseUrl, Client, Error, RetryPolicy};
use mms_tests::{MockServerExt, TOKEN, client_for, deviation, operations::ListChildOrganizationsWhen};
use serde_json::json;
use tokio::time::timeout;

const DISTRIBUTOR: OrganizationId = OrganizationId::new(11);

/// What a request says of pages: limit and offset, or nothing.
type Asked = Option<(u32, u32)>;

fn asked(when: ListChildOrganizationsWhen, asked: Asked) {
    let limit = asked.map(|(limit, _)| PageLimit::new(limit).unwrap());
    let offset = asked.map(|(_, offset)| PageOffset::new(offset).unwrap());
    let _ = when.organization_id(&DISTRIBUTOR).pg_limit(limit.as_ref()).pg_offset(offset.as_ref());
}

/// Answers a request for a page with children of these ids, and with a `pg` of this limit.
fn page<'a>(server: &'a MockServer, request: Asked, ids: &[u64], limit: Option<i64>) -> Mock<'a> {
    let child = |id: &u64| samples::child(*id, &format!("Child {id}"), 10_000);
    let pg = limit.map(|limit| Pagination { limit: Some(limit), ..Pagination::default() });
    let list = ChildOrganizationList { managed_organizations: ids.iter().map(child).collect(), pg };
    server.list_child_organizations(|when, then| {
        asked(when, request);
        then.ok(&list);
    })
}

/// Returns a client that asks for no larger page than the server's own.
fn of_its_own_size(server: &MockServer) -> Client {
    let base_url: BaseUrl = format!("{}/api/v2", server.base_url()).parse().unwrap();
    let builder = Client::builder(base_url, TOKEN.parse().unwrap());
    builder.largest_page(PageLimit::new(1).unwrap()).retry(RetryPolicy::never()).build().unwrap()
}

async fn ids(client: &Client) -> Result<Vec<u64>, Error> {
    client.child_organizations(DISTRIBUTOR).map_ok(|child| child.organization_id.get()).try_collect().await
}

fn calls(mocks: &[Mock<'_>]) -> Vec<usize> {
    mocks.iter().map(Mock::calls).collect()
}

/// Walks to the end, and says whether it was proven.
async fn walked(server: &MockServer) -> (Vec<u64>, bool) {
    let client = of_its_own_size(server);
    let mut children = client.child_organizations(DISTRIBUTOR);
    let mut ids = Vec::new();
    while let Some(child) = children.try_next().await.unwrap() {
        assert!(!children.is_complete(), "the end has not come");
        ids.push(child.organization_id.get());
    }
    (ids, children.is_complete())
}

/// Returns the numbers from one to another, both included.
fn range(first: u64, last: u64) -> Vec<u64> {
    (first..=last).collect()
}

#[tokio::test]
async fn a_short_page_or_one_without_rows_after_a_full_one_proves_the_end() {
    let server = MockServer::start_async().await;
    for (limit, is_complete) in [(None, false), (Some(0), false), (Some(3), true)] {
        let mut first = page(&server, None, &[], limit);
        assert_eq!(walked(&server).await, (vec![], is_complete), "no rows, and a limit of {limit:?}");
        first.delete();
    }

    let mut first = page(&server, None, &[1, 2], Some(3));
    assert_eq!(walked(&server).await, (vec![1, 2], true));
    first.delete();

    page(&server, None, &[1, 2], Some(2));
    let mut second = page(&server, Some((2, 2)), &[3], Some(2));
    assert_eq!(walked(&server).await, (vec![1, 2, 3], true));
    second.delete();

    page(&server, Some((2, 2)), &[], None);
    assert_eq!(walked(&server).await, (vec![1, 2], true));
}

#[tokio::test]
async fn children_are_taken_over_a_page_at_once_or_what_is_left_of_it() {
    let server = MockServer::start_async().await;
    page(&server, None, &[1, 2, 3], Some(3));
    page(&server, Some((3, 3)), &[1, 4], Some(3));
    let mut children = of_its_own_size(&server).child_organizations(DISTRIBUTOR);

    let mut taken = vec![vec![children.try_next().await.unwrap().unwrap()]];
    while let Some(rows) = children.try_next_rows().await.unwrap() {
        assert!(!children.is_complete(), "the end has not come");
        taken.push(rows);
    }

    let ids = |rows: &Vec<ChildOrganization>| rows.iter().map(|row| row.organization_id.get()).collect::<Vec<_>>();
    assert_eq!(taken.iter().map(ids).collect::<Vec<_>>(), [vec![1], vec![2, 3], vec![4]]);
    assert!(children.is_complete());
}

#[tokio::test]
async fn a_server_that_cuts_the_list_and_repeats_its_page_leaves_the_end_in_doubt() {
    let server = MockServer::start_async().await;
    page(&server, None, &range(1, 100), Some(100));
    page(&server, Some((100, 100)), &range(1, 100), Some(100));
    assert_eq!(walked(&server).await, (range(1, 100), false));
}

#[tokio::test]
async fn a_page_that_states_no_limit_leaves_the_end_in_doubt() {
    let server = MockServer::start_async().await;
    page(&server, None, &range(1, 100), Some(100));
    page(&server, Some((100, 100)), &range(101, 200), None);
    assert_eq!(walked(&server).await, (range(1, 200), false));
}

#[tokio::test]
async fn a_short_page_that_only_repeats_leaves_the_end_in_doubt() {
    let server = MockServer::start_async().await;
    page(&server, None, &[1, 2], Some(2));
    page(&server, Some((2, 2)), &[1], Some(2));
    assert_eq!(walked(&server).await, (vec![1, 2], false));
}

#[tokio::test]
async fn every_page_is_asked_for_once_and_a_short_one_is_the_last() {
    let server = MockServer::start_async().await;
    let pages = [
        page(&server, None, &[1, 2], Some(2)),
        page(&server, Some((2, 2)), &[3, 4], Some(2)),
        page(&server, Some((2, 4)), &[5], Some(2)),
        page(&server, Some((2, 5)), &[6], Some(2)),
    ];
    assert_eq!(ids(&of_its_own_size(&server)).await.unwrap(), [1, 2, 3, 4, 5]);
    assert_eq!(calls(&pages), [1, 1, 1, 0]);
}

#[tokio::test]
async fn an_empty_page_after_a_full_one_is_the_last() {
    let server = MockServer::start_async().await;
    let pages = [page(&server, None, &[1, 2], Some(2)), page(&server, Some((2, 2)), &[], Some(2))];
    assert_eq!(ids(&of_its_own_size(&server)).await.unwrap(), [1, 2]);
    assert_eq!(calls(&pages), [1, 1]);
}

#[tokio::test]
async fn a_distributor_without_children_is_asked_once() {
    let server = MockServer::start_async().await;
    let pages = [page(&server, None, &[], Some(100))];
    assert_eq!(ids(&of_its_own_size(&server)).await.unwrap(), Vec::<u64>::new());
    assert_eq!(calls(&pages), [1]);
}

#[tokio::test]
async fn a_server_that_allows_less_than_is_asked_for_loses_no_row() {
    let server = MockServer::start_async().await;
    let pages = [
        page(&server, None, &[1, 2, 3], Some(3)),
        page(&server, Some((3, 3)), &[4, 5], Some(2)),
        page(&server, Some((2, 5)), &[6], Some(1)),
        page(&server, Some((1, 6)), &[], Some(1)),
    ];
    assert_eq!(ids(&of_its_own_size(&server)).await.unwrap(), [1, 2, 3, 4, 5, 6]);
    assert_eq!(calls(&pages), [1, 1, 1, 1]);
}

#[tokio::test]
async fn a_server_that_ignores_paging_ends_the_walk_and_repeats_nothing() {
    let server = MockServer::start_async().await;
    let pages = [
        page(&server, None, &[1, 2, 3], Some(3)),
        page(&server, Some((3, 3)), &[1, 2, 3], Some(3)),
        page(&server, Some((3, 6)), &[1, 2, 3], Some(3)),
    ];
    assert_eq!(ids(&of_its_own_size(&server)).await.unwrap(), [1, 2, 3]);
    assert_eq!(calls(&pages), [1, 1, 0]);
}

#[tokio::test]
async fn a_server_that_answers_more_rows_than_its_limit_ends_the_walk() {
    let server = MockServer::start_async().await;
    let pages = [page(&server, None, &[1, 2, 3], Some(2)), page(&server, Some((2, 3)), &[1, 2, 3], Some(2))];
    assert_eq!(ids(&of_its_own_size(&server)).await.unwrap(), [1, 2, 3]);
    assert_eq!(calls(&pages), [1, 1]);
}

#[tokio::test]
async fn a_row_that_comes_again_is_dropped_within_a_page_and_across_pages() {
    let server = MockServer::start_async().await;
    let pages = [
        page(&server, None, &[1, 1, 2], Some(3)),
        page(&server, Some((3, 3)), &[2, 3, 4], Some(3)),
        page(&server, Some((3, 6)), &[4, 5], Some(3)),
    ];
    assert_eq!(ids(&of_its_own_size(&server)).await.unwrap(), [1, 2, 3, 4, 5]);
    assert_eq!(calls(&pages), [1, 1, 1]);
}

#[tokio::test]
async fn a_child_created_in_between_neither_repeats_a_row_nor_loses_one() {
    let server = MockServer::start_async().await;
    // Child 9 comes to stand before the others after the first page, and moves them one row on.
    let pages = [
        page(&server, None, &[1, 2], Some(2)),
        page(&server, Some((2, 2)), &[2, 3], Some(2)),
        page(&server, Some((2, 4)), &[4], Some(2)),
    ];
    assert_eq!(ids(&of_its_own_size(&server)).await.unwrap(), [1, 2, 3, 4]);
    assert_eq!(calls(&pages), [1, 1, 1]);
}

#[tokio::test]
async fn a_list_without_a_usable_limit_is_asked_for_once() {
    for (limit, is_complete) in [(None, false), (Some(0), false), (Some(-1), false), (Some(i64::MAX), true)] {
        let server = MockServer::start_async().await;
        let pages = [page(&server, None, &[1, 2], limit)];
        assert_eq!(walked(&server).await, (vec![1, 2], is_complete), "limit {limit:?}");
        assert_eq!(calls(&pages), [1], "limit {limit:?}");
    }
}

#[tokio::test]
async fn an_empty_pg_or_a_limit_of_null_ends_the_walk_and_a_limit_in_another_form_does_not() {
    for (pg, second) in [
        (json!({}), 0),
        (json!({ "limit": null }), 0),
        (json!({ "limit": 1.5 }), 0),
        (json!({ "limit": "1" }), 1),
        (json!({ "limit": " 1 " }), 1),
        (json!({ "limit": 1.0 }), 1),
    ] {
        let server = MockServer::start_async().await;
        let row = json!({ "organizationId": 1, "organizationName": "Acme", "operationsAllocated": 0 });
        let body = json!({ "managedOrganizations": [row], "pg": pg }).to_string();
        server.list_child_organizations(|when, then| {
            asked(when, None);
            deviation::answer(then.into_inner(), 200, "application/json", &body);
        });
        let next = page(&server, Some((1, 1)), &[], Some(1));
        assert_eq!(ids(&of_its_own_size(&server)).await.unwrap(), [1], "{pg}");
        assert_eq!(next.calls(), second, "{pg}");
    }
}

#[tokio::test]
async fn an_error_ends_the_walk_after_the_rows_before_it() {
    let server = MockServer::start_async().await;
    let pages = [page(&server, None, &[1, 2], Some(2)), page(&server, Some((2, 2)), &[3, 4], Some(2))];
    let third = server.list_child_organizations(|when, then| {
        asked(when, Some((2, 4)));
        then.client_error(429, &ApiError::default());
    });
    let fourth = page(&server, Some((2, 6)), &[7], Some(2));

    let client = of_its_own_size(&server);
    let mut children = client.child_organizations(DISTRIBUTOR);
    let mut seen = Vec::new();
    let error = loop {
        match children.try_next().await {
            Ok(child) => seen.push(child.unwrap().organization_id.get()),
            Err(error) => break error,
        }
    };
    assert!(error.is_rate_limited(), "{error}");
    assert_eq!(seen, [1, 2, 3, 4]);
    assert!(children.try_next().await.unwrap().is_none(), "nothing comes after an error");
    assert!(!children.is_complete());
    assert_eq!((calls(&pages), third.calls(), fourth.calls()), (vec![1, 1], 1, 0));
}

#[tokio::test]
async fn the_next_page_is_on_its_way_while_the_rows_of_one_are_read_and_no_page_further() {
    let server = MockServer::start_async().await;
    let pages = [
        page(&server, None, &[1, 2], Some(2)),
        page(&server, Some((2, 2)), &[3, 4], Some(2)),
        page(&server, Some((2, 4)), &[5], Some(2)),
    ];
    let client = of_its_own_size(&server);
    let mut children = client.child_organizations(DISTRIBUTOR);
    assert_eq!(calls(&pages), [0, 0, 0], "nothing is sent before the stream is polled");

    children.try_next().await.unwrap();
    let is_asked = async {
        while pages[1].calls() == 0 {
            tokio::task::yield_now().await;
        }
    };
    timeout(Duration::from_secs(10), is_asked).await.expect("the second page is asked for");
    assert_eq!(children.try_next().await.unwrap().unwrap().organization_id.get(), 2);
    assert_eq!(calls(&pages), [1, 1, 0], "one page ahead");
    assert_eq!(children.map_ok(|child| child.organization_id.get()).try_collect::<Vec<_>>().await.unwrap(), [3, 4, 5]);
    assert_eq!(calls(&pages), [1, 1, 1]);
}

#[tokio::test]
async fn pages_grow_to_what_the_server_gives_and_what_worked_is_asked_for_at_once() {
    let server = MockServer::start_async().await;
    let pages = [
        page(&server, None, &range(1, 100), Some(100)),
        page(&server, Some((1_000, 100)), &range(101, 1_100), Some(1_000)),
        page(&server, Some((10_000, 1_100)), &range(1_101, 5_000), Some(10_000)),
        page(&server, Some((10_000, 5_000)), &[], Some(10_000)),
    ];
    let client = client_for(&server).unwrap();
    assert_eq!(ids(&client).await.unwrap(), range(1, 5_000));
    assert_eq!(calls(&pages), [1, 1, 1, 1]);

    let at_once = server.list_child_organizations(|when, then| {
        let _ = when.organization_id(&DISTRIBUTOR).pg_limit(PageLimit::new(10_000).ok().as_ref()).pg_offset(None);
        let rows = range(1, 5_000).iter().map(|id| samples::child(*id, "Child", 0)).collect();
        let pg = Some(Pagination { limit: Some(10_000), ..Pagination::default() });
        then.ok(&ChildOrganizationList { managed_organizations: rows, pg });
    });
    assert_eq!(ids(&client).await.unwrap(), range(1, 5_000));
    assert_eq!((at_once.calls(), calls(&pages)), (1, vec![1, 1, 1, 2]), "and once more, for the end");
}

#[tokio::test]
async fn a_server_that_refuses_a_larger_page_is_asked_for_its_own() {
    let server = MockServer::start_async().await;
    let refused = server.list_child_organizations(|when, then| {
        asked(when, Some((1_000, 100)));
        then.client_error(400, &ApiError::default());
    });
    let pages = [
        page(&server, None, &range(1, 100), Some(100)),
        page(&server, Some((100, 100)), &range(101, 200), Some(100)),
        page(&server, Some((100, 200)), &range(201, 250), Some(100)),
    ];
    let client = client_for(&server).unwrap();
    let mut children = client.child_organizations(DISTRIBUTOR);
    let mut number = 0;
    while children.try_next().await.unwrap().is_some() {
        number += 1;
    }
    assert_eq!((number, children.is_complete()), (250, true));
    assert_eq!((refused.calls(), calls(&pages)), (1, vec![1, 1, 1]));
}

#[tokio::test]
async fn a_larger_limit_that_is_stated_and_not_kept_loses_no_row() {
    let server = MockServer::start_async().await;
    let pages = [
        page(&server, None, &range(1, 100), Some(100)),
        page(&server, Some((1_000, 100)), &range(101, 200), Some(1_000)),
        page(&server, Some((100, 200)), &range(201, 230), Some(100)),
    ];
    assert_eq!(ids(&client_for(&server).unwrap()).await.unwrap(), range(1, 230));
    assert_eq!(calls(&pages), [1, 1, 1]);
}
