//! Client against sandbox, from end to end.

use futures_util::TryStreamExt;
use mms_client::types::{Centicredits, CreateChildOrganizationRequest, Operations, OrganizationId};
use mms_client::{BaseUrl, Client};
use mms_sandbox::{SEED_ORGANIZATION, Sandbox};

/// Starts a sandbox and a client with its token.
async fn sandbox_and_client() -> (Sandbox, Client) {
    let sandbox = Sandbox::builder().start().await.unwrap();
    let base_url: BaseUrl = sandbox.base_url().parse().unwrap();
    let client = Client::builder(base_url, sandbox.token().parse().unwrap()).build().unwrap();
    (sandbox, client)
}

fn operations(number: u64) -> Operations {
    Operations::new(number).unwrap()
}

pub(crate) fn a_child(name: &str) -> CreateChildOrganizationRequest {
    CreateChildOrganizationRequest {
        organization_name: name.parse().unwrap(),
        user_name: "Ada Owner".parse().unwrap(),
        user_email: "ada@sol.example".parse().unwrap(),
        region_id: 1.try_into().unwrap(),
        country_id: 7.try_into().unwrap(),
        operations: operations(20_000),
    }
}

/// Returns the pool of the seeded distributor.
async fn pool(client: &Client) -> i64 {
    let answer = client.get_organization().organization_id(SEED_ORGANIZATION).send().await.unwrap();
    answer.organization.license.as_ref().unwrap().operations.unwrap()
}

#[tokio::test]
async fn a_created_child_is_listed_and_its_allocation_comes_from_the_pool() {
    let (_sandbox, client) = sandbox_and_client().await;
    let before = pool(&client).await;
    let request = client.create_child_organization().organization_id(SEED_ORGANIZATION).body(a_child("Panadería Sol"));
    let created = request.send().await.unwrap().into_inner();
    assert_eq!(created.new_parent_operations, Some(before - 20_000));
    assert_eq!(pool(&client).await, before - 20_000);

    let children: Vec<_> = client.child_organizations(SEED_ORGANIZATION).try_collect().await.unwrap();
    let child = children.iter().find(|child| child.organization_id == created.child_organization_id).unwrap();
    assert_eq!((child.organization_name.as_deref(), child.operations_allocated), (Some("Panadería Sol"), Some(20_000)));

    let consumption = client.list_child_organization_consumption().organization_id(SEED_ORGANIZATION).send().await;
    let rows = consumption.unwrap().into_inner().managed_organizations_consumption;
    let row = rows.iter().find(|row| row.organization_id == created.child_organization_id).unwrap();
    assert_eq!(row.centicredits_consumed.map(Centicredits::get), Some(0));
    assert_eq!(rows.len(), children.len());
}

#[tokio::test]
async fn an_allocation_is_a_total_and_moves_the_difference() {
    let (_sandbox, client) = sandbox_and_client().await;
    let before = pool(&client).await;
    let children: Vec<_> = client.child_organizations(SEED_ORGANIZATION).try_collect().await.unwrap();
    let child = &children[0];
    for total in [50_000, 0, 20_000] {
        let change = client
            .update_child_organization_allocation()
            .organization_id(SEED_ORGANIZATION)
            .child_organization_id(child.organization_id)
            .body(mms_client::types::UpdateAllocationRequest { operations: operations(total) });
        let answer = change.send().await.unwrap();
        let total = i64::try_from(total).unwrap();
        assert_eq!(answer.new_child_operations, total);
        assert_eq!(answer.new_parent_operations, before + child.operations_allocated.unwrap() - total);
    }
}

#[tokio::test]
async fn the_stream_gives_every_child_once_whatever_the_page_size() {
    let (_sandbox, client) = sandbox_and_client().await;
    let create = |index| {
        let mut child = a_child(&format!("Child {index}"));
        child.operations = operations(0);
        client.create_child_organization().organization_id(SEED_ORGANIZATION).body(child).send()
    };
    let mut ids = Vec::new();
    for index in 0..205 {
        ids.push(create(index).await.unwrap().child_organization_id);
    }
    let children: Vec<_> = client.child_organizations(SEED_ORGANIZATION).try_collect().await.unwrap();
    assert_eq!(children.len(), 3 + ids.len());
    assert!(ids.iter().all(|id| children.iter().any(|child| child.organization_id == *id)));
}

#[tokio::test]
async fn organization_authorization_and_enums_read_as_the_create_needs_them() {
    let (_sandbox, client) = sandbox_and_client().await;
    let organization = client.get_organization().organization_id(SEED_ORGANIZATION).send().await.unwrap();
    assert_eq!(organization.organization.id, SEED_ORGANIZATION);
    let scopes = client.get_current_authorization().send().await.unwrap().into_inner().authorization.scope;
    for operation in mms_client::operations() {
        assert!(operation.scopes.iter().all(|needed| scopes.iter().any(|scope| scope == needed)), "{}", operation.id);
    }
    let regions = client.list_regions().send().await.unwrap().into_inner().imt_regions;
    assert!(["EU", "US"].iter().all(|name| regions.iter().any(|region| region.name == *name)));
    let countries = client.list_countries().send().await.unwrap().into_inner().countries;
    let spain = countries.iter().find(|country| country.code.as_deref() == Some("ESP")).unwrap();
    assert_eq!((spain.name.as_str(), spain.code2.as_deref()), ("Spain", Some("es")));
    let zones = client.list_zones().send().await.unwrap().into_inner().imt_zones;
    assert!(zones.iter().all(|zone| mms_client::zones().any(|host| host == zone.domain)), "{zones:?}");
    let timezones = client.list_timezones().send().await.unwrap().into_inner().timezones;
    assert!(timezones.iter().any(|timezone| timezone.code.as_deref() == Some("Europe/Prague")));
}

#[tokio::test]
async fn refusals_answer_to_their_predicates() {
    let (sandbox, client) = sandbox_and_client().await;
    let create = |organization: OrganizationId, child| {
        client.create_child_organization().organization_id(organization).body(child).send()
    };
    let not_mine = create(OrganizationId::new(12), a_child("Acme")).await.unwrap_err();
    assert!(not_mine.is_not_found() && !not_mine.maybe_sent(), "{not_mine}");

    let mut greedy = a_child("Acme");
    greedy.operations = operations(9_000_000);
    let too_much = create(SEED_ORGANIZATION, greedy).await.unwrap_err();
    assert!(too_much.is_conflict() && !too_much.maybe_sent(), "{too_much}");

    // The one value that the types let through unchecked.
    let zero = client.get_organization().organization_id(OrganizationId::new(0)).send().await.unwrap_err();
    assert!(zero.is_invalid() && !zero.maybe_sent(), "{zero}");
    assert_eq!((zero.code(), zero.suberrors().len()), (Some("SC400"), 1));

    let base_url: BaseUrl = sandbox.base_url().parse().unwrap();
    let stranger = Client::builder(base_url, "00000000-0000-4000-8000-0000000000ff".parse().unwrap()).build().unwrap();
    let unknown = stranger.list_regions().send().await.unwrap_err();
    assert!(unknown.is_unauthorized() && !unknown.maybe_sent(), "{unknown}");
}
