//! Careful writes from end to end: what arrives at a sandbox that answers oddly, and in which order.

use std::sync::Arc;

use mms_client::types::OrganizationId;
use mms_client::{
    BaseUrl, Client, ClientBuilder, CreateOnce, CreateOncePolicy, FakeClock, Journal as _, MemoryJournal, Proof,
};
use mms_sandbox::types::{FaultAction, FaultKind, FaultRule};
use mms_sandbox::{RequestFilter, SEED_ORGANIZATION, Sandbox};

use crate::sandbox::a_child;

const CREATE: &str = "create_child_organization";
const UPDATE: &str = "update_child_organization_allocation";

/// Starts a sandbox without a limit, and the builder of a client whose waits take no time.
async fn world() -> (Sandbox, ClientBuilder) {
    let sandbox = Sandbox::builder().start().await.unwrap();
    let base_url: BaseUrl = sandbox.base_url().parse().unwrap();
    let builder = Client::builder(base_url, sandbox.token().parse().unwrap());
    (sandbox, builder.clock(Arc::new(FakeClock::hurrying())))
}

/// Answers the next writes of an operation with a status, after the work or without it.
fn refuse(sandbox: &Sandbox, kind: FaultKind, operation: &str, times: u64, after_work: bool) {
    let action = FaultAction { after_work: Some(after_work), ..kind.into() };
    sandbox.control().add_fault(FaultRule::from(action).on(operation).times(times)).unwrap();
}

/// Returns the operations that arrived, in their order.
fn arrived(sandbox: &Sandbox) -> Vec<String> {
    let log = sandbox.control().requests(&RequestFilter::default()).requests;
    log.iter().map(|request| request.operation_id.as_ref().map_or_else(String::new, |id| id.0.clone())).collect()
}

fn count(arrived: &[String], operation: &str) -> usize {
    arrived.iter().filter(|id| *id == operation).count()
}

async fn named(sandbox: &Sandbox, name: &str) -> usize {
    let state = sandbox.control().state().await.unwrap();
    state.distributors[0].children.iter().filter(|child| child.organization_name.as_str() == name).count()
}

#[tokio::test]
async fn a_429_after_the_work_is_one_post_and_one_child_however_often_it_would_come() {
    for times in [1, 2, 5] {
        let (sandbox, builder) = world().await;
        refuse(&sandbox, FaultKind::TooManyRequests, CREATE, times, true);
        let (client, journal) = (builder.build().unwrap(), MemoryJournal::new());

        let outcome =
            client.create_child_once(SEED_ORGANIZATION, &a_child("Sol"), &journal, &CreateOncePolicy::default()).await;

        assert!(matches!(outcome, Ok(CreateOnce::Adopted { .. })), "{outcome:?}");
        assert_eq!((count(&arrived(&sandbox), CREATE), named(&sandbox, "Sol").await), (1, 1), "{times}");
        assert!(journal.open_intents().unwrap().is_empty());
    }
}

#[tokio::test]
async fn a_429_before_the_work_is_followed_by_a_look_and_then_by_another_post() {
    let (sandbox, builder) = world().await;
    refuse(&sandbox, FaultKind::TooManyRequests, CREATE, 2, false);
    let (client, journal) = (builder.build().unwrap(), MemoryJournal::new());

    let outcome =
        client.create_child_once(SEED_ORGANIZATION, &a_child("Sol"), &journal, &CreateOncePolicy::default()).await;

    assert!(matches!(outcome, Ok(CreateOnce::Created { .. })), "{outcome:?}");
    let arrived = arrived(&sandbox);
    assert_eq!((count(&arrived, CREATE), named(&sandbox, "Sol").await), (3, 1));
    for (index, _) in arrived.iter().enumerate().filter(|(_, id)| *id == CREATE) {
        let look = &arrived[index - 2..index];
        assert!(look.iter().any(|id| id == "list_child_organizations"), "{arrived:?}");
        assert!(look.iter().any(|id| id == "get_organization"), "{arrived:?}");
    }
}

#[tokio::test]
async fn a_total_is_not_sent_again_after_a_429_that_came_after_the_work() {
    let (sandbox, builder) = world().await;
    refuse(&sandbox, FaultKind::TooManyRequests, UPDATE, 3, true);

    let set = builder
        .build()
        .unwrap()
        .set_allocation(SEED_ORGANIZATION, OrganizationId::new(101), "40000".parse().unwrap(), None)
        .await;

    assert_eq!(set.unwrap().proof, Proof::ReadBack);
    assert_eq!(count(&arrived(&sandbox), UPDATE), 1);
}
