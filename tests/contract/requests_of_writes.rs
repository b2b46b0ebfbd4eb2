//! Requests of reads and writes over a fleet, counted by the sandbox: the limit per minute is what a distributor has least of.

use futures_util::TryStreamExt;
use mms_client::types::OrganizationId;
use mms_client::{BaseUrl, Client, CreateOnce, CreateOncePolicy, MemoryJournal, Purpose};
use mms_sandbox::types::{ChildState, SandboxState};
use mms_sandbox::{RequestFilter, SEED_ORGANIZATION, Sandbox};

use crate::sandbox::a_child;

const FIRST: u64 = 1_001;

/// A sandbox with a fleet of so many children, and a client.
struct World {
    sandbox: Sandbox,
    client: Client,
}

fn client_of(sandbox: &Sandbox) -> Client {
    let base_url: BaseUrl = sandbox.base_url().parse().unwrap();
    Client::builder(base_url, sandbox.token().parse().unwrap()).unpaced().build().unwrap()
}

impl World {
    async fn with(children: u64) -> Self {
        let sandbox = Sandbox::builder().start().await.unwrap();
        let mut state: SandboxState = sandbox.control().state().await.unwrap();
        let sample: ChildState = state.distributors[0].children[0].clone();
        state.distributors[0].operations = 1_000_000_000;
        state.distributors[0].children = (0..children)
            .map(|index| ChildState {
                organization_id: Some(OrganizationId::new(FIRST + index)),
                organization_name: format!("Child {index}").parse().unwrap(),
                ..sample.clone()
            })
            .collect();
        sandbox.control().replace_state(state).await.unwrap();
        let client = client_of(&sandbox);
        Self { sandbox, client }
    }

    /// Returns how many requests came since the last time.
    fn requests(&self) -> usize {
        let number = self.sandbox.control().requests(&RequestFilter::default()).requests.len();
        self.sandbox.control().forget_requests();
        number
    }

    async fn create(&self, client: &Client, name: &str) -> CreateOnce {
        let (journal, policy) = (MemoryJournal::new(), CreateOncePolicy::default());
        client.create_child_once(SEED_ORGANIZATION, &a_child(name), &journal, &policy).await.unwrap()
    }
}

#[tokio::test]
async fn lists_creates_and_allocations_cost_few_requests_whatever_the_size_of_the_fleet() {
    for (children, list, create, allocation) in [(3, 1, 4, 3), (412, 3, 5, 5), (5_000, 4, 6, 6)] {
        let world = World::with(children).await;
        world.requests();

        let listed: Vec<_> = world.client.child_organizations(SEED_ORGANIZATION).try_collect().await.unwrap();
        assert_eq!((listed.len().try_into(), world.requests()), (Ok(children), list), "list of {children}");

        let world = World::with(children).await;
        world.requests();
        assert!(matches!(world.create(&world.client, "Sol").await, CreateOnce::Created { .. }));
        assert_eq!(world.requests(), create, "create beside {children}");

        let world = World::with(children).await;
        world.requests();
        let child = OrganizationId::new(FIRST);
        world.client.set_allocation(SEED_ORGANIZATION, child, "90000".parse().unwrap(), None).await.unwrap();
        assert_eq!(world.requests(), allocation, "allocation beside {children}");
    }
}

#[tokio::test]
async fn a_look_that_was_shown_is_the_one_that_the_next_write_is_decided_on() {
    let world = World::with(5_000).await;
    world.client.look(SEED_ORGANIZATION, Purpose::Create).await.unwrap();
    let look = world.requests();
    world.create(&world.client, "Sol").await;
    assert_eq!((look, world.requests()), (5, 1));
    world.create(&world.client, "Mar").await;
    assert!(world.requests() > 1, "and no other");

    world.client.look(SEED_ORGANIZATION, Purpose::Allocate).await.unwrap();
    world.requests();
    world.create(&world.client, "Luz").await;
    assert!(world.requests() > 1, "a look for an allocation does not prove that a name is free");
}

#[tokio::test]
async fn a_batch_of_writes_shares_one_look() {
    let world = World::with(412).await;
    let client = world.client.batch();
    world.requests();
    for index in 0..50 {
        let child = OrganizationId::new(FIRST + index);
        let set = client.set_allocation(SEED_ORGANIZATION, child, "90000".parse().unwrap(), None).await.unwrap();
        assert!(!set.shows_another_writer());
    }
    assert_eq!(world.requests(), 50 + 4);

    for index in 0..20 {
        let outcome = world.create(&client, &format!("Sol {index}")).await;
        assert!(matches!(outcome, CreateOnce::Created { .. }));
    }
    // The end of the list has to be confirmed for a create, and is by the same walk.
    assert_eq!(world.requests(), 20 + 3);
    let again = world.create(&client, "Sol 7").await;
    assert!(matches!(again, CreateOnce::Existed { .. }), "its own children are part of the look: {again:?}");
    assert_eq!(world.requests(), 0);
}

#[tokio::test]
async fn a_batch_does_not_overwrite_in_silence_what_somebody_else_sets_in_between() {
    let world = World::with(3).await;
    let client = world.client.batch();
    let (first, second) = (OrganizationId::new(FIRST), OrganizationId::new(FIRST + 1));
    client.set_allocation(SEED_ORGANIZATION, first, "90000".parse().unwrap(), None).await.unwrap();
    let colleague = client_of(&world.sandbox);
    colleague.set_allocation(SEED_ORGANIZATION, second, "70000".parse().unwrap(), None).await.unwrap();

    let set = client.set_allocation(SEED_ORGANIZATION, second, "80000".parse().unwrap(), None).await.unwrap();
    assert_eq!(set.overwritten, Some(mms_client::Overwritten::Had(70_000)));
}
