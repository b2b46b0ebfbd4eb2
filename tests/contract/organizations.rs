//! Whose token it is, and the stream of the organizations that it may see.

use futures_util::TryStreamExt;
use httpmock::{Mock, MockServer};
use mms_client::types::{OrganizationList, OrganizationSummary, PageLimit, PageOffset, Pagination};
use mms_client::{BaseUrl, Client};
use mms_sandbox::{SEED_ORGANIZATION, Sandbox};
use mms_tests::{MockServerExt, client_for};
use serde_json::json;

/// Answers a request for a page, of a limit and an offset or without them, with organizations of these ids and a stated limit.
fn page<'a>(server: &'a MockServer, asked: Option<(u32, u32)>, ids: &[u64], stated: i64) -> Mock<'a> {
    let organizations: Vec<OrganizationSummary> =
        ids.iter().map(|id| serde_json::from_value(json!({ "id": id })).unwrap()).collect();
    let pg = Some(Pagination { limit: Some(stated), ..Pagination::default() });
    server.list_organizations(|when, then| {
        let limit = asked.map(|(limit, _)| PageLimit::new(limit).unwrap());
        let offset = asked.map(|(_, offset)| PageOffset::new(offset).unwrap());
        let _ = when.pg_limit(limit.as_ref()).pg_offset(offset.as_ref()).pg_sort_by(None).pg_sort_dir(None);
        then.ok(&OrganizationList { organizations, pg });
    })
}

/// Walks to the end, and says whether it was proven.
async fn walked(client: &Client) -> (Vec<u64>, bool) {
    let mut organizations = client.organizations();
    let mut ids = Vec::new();
    while let Some(organization) = organizations.try_next().await.unwrap() {
        ids.push(organization.id.get());
    }
    (ids, organizations.is_complete())
}

#[tokio::test]
async fn every_page_of_organizations_is_read_and_each_organization_comes_once() {
    let server = MockServer::start_async().await;
    let first: Vec<u64> = (1..=10_000).collect();
    let pages = [
        page(&server, None, &first, 10_000),
        page(&server, Some((10_000, 10_000)), &[10_000, 10_001], 10_000),
        page(&server, Some((10_000, 10_002)), &[10_002], 10_000),
    ];
    let (ids, is_complete) = walked(&client_for(&server).unwrap()).await;
    assert_eq!(ids, (1..=10_001).collect::<Vec<_>>());
    assert!(is_complete, "the second page has room for more");
    assert_eq!(pages.map(|page| page.calls()), [1, 1, 0]);
}

#[tokio::test]
async fn a_page_of_organizations_without_a_limit_leaves_the_end_in_doubt() {
    let server = MockServer::start_async().await;
    page(&server, None, &[11], 0);
    assert_eq!(walked(&client_for(&server).unwrap()).await, (vec![11], false));
}

#[tokio::test]
async fn the_size_of_a_page_of_organizations_says_nothing_of_pages_of_children() {
    let server = MockServer::start_async().await;
    page(&server, None, &(1..=100).collect::<Vec<_>>(), 100);
    page(&server, Some((1_000, 100)), &(101..=300).collect::<Vec<_>>(), 1_000);
    page(&server, Some((1_000, 300)), &[], 1_000);
    let client = client_for(&server).unwrap();
    assert_eq!(walked(&client).await.0.len(), 300);
    assert_eq!(client.page_size(), None);
}

#[tokio::test]
async fn a_token_tells_its_user_and_the_organization_to_work_with() {
    let sandbox = Sandbox::builder().start().await.unwrap();
    let base_url: BaseUrl = sandbox.base_url().parse().unwrap();
    let client = Client::builder(base_url, sandbox.token().parse().unwrap()).build().unwrap();
    assert_eq!(walked(&client).await, (vec![SEED_ORGANIZATION.get()], true));
    let user = client.get_current_user().send().await.unwrap().into_inner().auth_user;
    assert_eq!(user.name.as_deref(), Some("Administrator of Sandbox Distributor"));
    assert_eq!(user.timezone.as_deref(), Some("Europe/Prague"));
}
