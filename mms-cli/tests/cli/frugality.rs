//! Requests of each command over a fleet, counted by the sandbox that it speaks to. The guide has the same table.

use mms_sandbox::types::{ChildState, SandboxState};
use mms_sandbox::{RequestFilter, Sandbox};
use mms_types::OrganizationId;
use tokio::runtime::Builder;

use crate::support::world::World;

/// Each command, and its requests with 3, 412 and 5,000 children: the first time, and again within a day.
const REQUESTS: [(&str, [[usize; 2]; 3]); 9] = [
    ("child list", [[1, 1], [3, 2], [4, 2]]),
    ("child show 1001", [[2, 2], [4, 3], [5, 3]]),
    (
        "child create --name=Sol --owner-name=Ada --owner-email=a@b.example --region=EU --country=CZ --credits=0 --yes \
      --allow-duplicate-name",
        [[6, 4], [7, 4], [8, 4]],
    ),
    ("child allocate 1001 {} --yes", [[4, 4], [6, 5], [7, 5]]),
    ("child settle", [[0, 0], [0, 0], [0, 0]]),
    ("consumption", [[2, 2], [4, 3], [5, 3]]),
    ("region list", [[1, 1], [1, 1], [1, 1]]),
    ("status", [[2, 2], [2, 2], [2, 2]]),
    ("doctor", [[5, 5], [7, 6], [8, 6]]),
];

/// Starts a sandbox with so many children.
pub(crate) async fn sandbox_with(children: u64) -> Sandbox {
    let sandbox = Sandbox::builder().start().await.unwrap();
    let mut state: SandboxState = sandbox.control().state().await.unwrap();
    let distributor = &mut state.distributors[0];
    let sample = distributor.children[0].clone();
    distributor.operations = 1_000_000_000;
    distributor.api_limit = Some(10_000);
    distributor.children = (0..children)
        .map(|index| ChildState {
            organization_id: Some(OrganizationId::new(1_001 + index)),
            organization_name: format!("Child {index}").parse().unwrap(),
            ..sample.clone()
        })
        .collect();
    sandbox.control().replace_state(state).await.unwrap();
    sandbox
}

#[test]
fn every_command_costs_the_requests_that_the_guide_says() {
    let runtime = Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    for (size, children) in [3, 412, 5_000].into_iter().enumerate() {
        let sandbox = runtime.block_on(sandbox_with(children));
        for (command, expected) in REQUESTS {
            // The pool and what it takes over from other commands are of one world.
            let world = World::new()
                .with("MMS_BASE_URL", sandbox.base_url())
                .with("MAKE_API_KEY", sandbox.token())
                .with("MMS_ORGANIZATION_ID", "11");
            let counts = [20_000, 30_000].map(|credits| {
                sandbox.control().forget_requests();
                let seen = world.run_line(&command.replace("{}", &credits.to_string()));
                assert_eq!(seen.code, 0, "{seen}");
                sandbox.control().requests(&RequestFilter::default()).requests.len()
            });
            assert_eq!(counts, expected[size], "{command} with {children} children");
        }
        runtime.block_on(sandbox.stop()).unwrap();
    }
}
