//! Children joined with their consumption.

use std::time::Duration;

use mms_client::types::{Centicredits, OrganizationId};
use mms_client::{BaseUrl, Client};
use mms_sandbox::Sandbox;
use mms_sandbox::types::{Behaviour, ConsumeRequest, ConsumptionRows};
use mms_tests::{RawServer, Reaction, client_at};
use tokio::time::timeout;

use crate::sandbox::a_child;

const DISTRIBUTOR: OrganizationId = OrganizationId::new(11);

#[tokio::test]
async fn both_lists_are_read_side_by_side() {
    let server = RawServer::start(Reaction::Stall(Vec::new())).await.unwrap();
    let client = client_at(&server.base_url()).unwrap();
    let both_came = async {
        while server.requests().len() < 2 {
            tokio::task::yield_now().await;
        }
    };
    tokio::select! {
        outcome = client.children_with_consumption(DISTRIBUTOR) => panic!("nothing was answered: {outcome:?}"),
        came = timeout(Duration::from_secs(10), both_came) => came.expect("neither waits for the other"),
    }
}

/// Starts a sandbox that says nothing of idle children, and a client of it.
async fn sandbox_and_client() -> (Sandbox, Client) {
    let behaviour = Behaviour { consumption_rows: ConsumptionRows::Active, ..Behaviour::default() };
    let sandbox = Sandbox::builder().behaviour(behaviour).start().await.unwrap();
    let url: BaseUrl = sandbox.base_url().parse().unwrap();
    let client = Client::builder(url, sandbox.token().parse().unwrap()).build().unwrap();
    (sandbox, client)
}

#[tokio::test]
async fn a_child_of_which_no_consumption_is_said_is_kept_and_marked() {
    let (sandbox, client) = sandbox_and_client().await;
    let created = client.create_child_organization().organization_id(DISTRIBUTOR).body(a_child("Idle"));
    let idle = created.send().await.unwrap().child_organization_id;
    let spent = OrganizationId::new(101);
    let amount = ConsumeRequest { centicredits: Centicredits::new(12_345), operations: 0, transfer: 0 };
    sandbox.control().consume(spent, amount).await.unwrap();

    let fleet = client.children_with_consumption(DISTRIBUTOR).await.unwrap();

    let row = |id| fleet.rows.iter().find(|row| row.organization_id == id).unwrap();
    assert!(fleet.is_complete);
    assert!(row(idle).child.is_some() && row(idle).consumption.is_none(), "{:?}", row(idle));
    assert!(
        row(spent).consumption.as_ref().unwrap().centicredits_consumed.unwrap().get() >= 12_345,
        "{:?}",
        row(spent)
    );
}

#[tokio::test]
async fn a_distributor_that_the_token_may_not_read_is_one_error() {
    let (_sandbox, client) = sandbox_and_client().await;
    let error = client.children_with_consumption(OrganizationId::new(999_999)).await.unwrap_err();
    assert!(error.is_forbidden() || error.is_not_found(), "{error}");
}
