//! Random calls, faults and restarts: whatever comes in whatever order, the sandbox does what a model of it does.
//!
//! `PROPTEST_CASES` sets how many sequences are tried.

#![expect(clippy::unwrap_used, reason = "a failed unwrap fails the test at the right line")]

mod call;
#[path = "../http_client/mod.rs"]
#[expect(dead_code, reason = "the client is made for the tests in the other directory")]
mod http_client;
mod model;
mod steps;

use std::collections::BTreeMap;
use std::env;
use std::path::Path;

use mms_sandbox::types::FaultId;
use mms_sandbox::{Sandbox, SandboxBuilder};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::test_runner::TestCaseResult;
use tokio::runtime::Runtime;

use call::Call;
use http_client::Raw;
use model::{Model, TOTAL};
use steps::{Failure, Step, step};

/// The sequences that `cargo test` tries.
const CASES: u32 = 24;

/// The most steps of a sequence.
const STEPS: usize = 80;

proptest! {
    #![proptest_config(ProptestConfig { cases: cases(), ..ProptestConfig::default() })]

    #[test]
    fn the_sandbox_does_what_its_model_does(steps in vec(step(), 1..=STEPS)) {
        Runtime::new().unwrap().block_on(walk(&steps))?;
    }
}

fn cases() -> u32 {
    env::var("PROPTEST_CASES").map_or(CASES, |cases| cases.parse().unwrap())
}

/// A rule that was added and not removed.
#[derive(Debug)]
struct Armed {
    id: FaultId,
    operation: &'static str,
    failure: Failure,
    times: u64,
    acted: u64,
}

/// Takes every step in the sandbox and in the model, and compares the two after each.
async fn walk(steps: &[Step]) -> TestCaseResult {
    let directory = tempfile::tempdir().unwrap();
    let on = || on(directory.path());
    let mut sandbox = on().start().await.unwrap();
    let mut model = Model::new();
    let mut armed: Vec<Armed> = Vec::new();
    for step in steps {
        match step {
            Step::Call(call) => answer(&sandbox, &mut model, due(&mut armed, call), call).await?,
            Step::Fail { operation, failure, times } => {
                let fault = sandbox.control().add_fault(failure.rule(operation, *times)).unwrap();
                armed.push(Armed { id: fault.id, operation, failure: *failure, times: *times, acted: 0 });
            }
            Step::Forgive(index) if !armed.is_empty() => {
                let forgiven = armed.remove(index.index(armed.len()));
                let fault = sandbox.control().remove_fault(forgiven.id).unwrap();
                prop_assert_eq!(fault.acted, forgiven.acted);
            }
            Step::Forgive(_) => {}
            Step::Restart { in_good_order } => {
                if *in_good_order {
                    sandbox.stop().await.unwrap();
                } else {
                    drop(sandbox);
                }
                sandbox = on().start().await.unwrap();
                armed.clear();
            }
        }
        agree(&sandbox, &model, &armed).await?;
    }
    Ok(())
}

fn on(directory: &Path) -> SandboxBuilder {
    Sandbox::builder().data(directory.join("sandbox.db"))
}

/// Returns how a call fails, if it does: by the oldest rule that takes it and is not spent.
fn due(armed: &mut [Armed], call: &Call) -> Option<Failure> {
    let rule = armed.iter_mut().find(|rule| rule.operation == call.operation() && rule.acted < rule.times)?;
    rule.acted += 1;
    Some(rule.failure)
}

/// Sends a call, lets the model do the work unless the call fails before it, and compares the answer.
async fn answer(sandbox: &Sandbox, model: &mut Model, failure: Option<Failure>, call: &Call) -> TestCaseResult {
    let request = call.request(&model.ids());
    let expected = match failure {
        Some(failure) if failure.is_before() => None,
        _ => Some(model.answer(call)),
    };
    let answer = request.exchange(sandbox).await;
    // An answer that was cut is as good as none.
    let answer = answer.ok().flatten().filter(|answer| answer.body.len() == answer.promised());
    match (failure, expected) {
        (Some(failure), _) => prop_assert_eq!(answer.map(|answer| answer.status), failure.status()),
        (None, Some(expected)) => prop_assert_eq!(answer.map(|answer| read(call, &answer)), Some(expected)),
        (None, None) => unreachable!("only a failure keeps the model from the work"),
    }
    Ok(())
}

/// Returns what the model foretells of an answer: some fields of a success, or the status of a refusal.
fn read(call: &Call, answer: &Raw) -> Result<serde_json::Value, u16> {
    if answer.status == 200 {
        Ok(call.read(&serde_json::from_slice(&answer.body).unwrap()))
    } else {
        Err(answer.status)
    }
}

/// Compares everything that there is, by a way that no fault lies in.
async fn agree(sandbox: &Sandbox, model: &Model, armed: &[Armed]) -> TestCaseResult {
    let state = sandbox.control().state().await.unwrap();
    let distributor = &state.distributors[0];
    let children: BTreeMap<u64, u64> = distributor
        .children
        .iter()
        .map(|child| (child.organization_id.unwrap().get(), child.operations_allocated.unwrap().get()))
        .collect();
    prop_assert_eq!(distributor.operations + children.values().sum::<u64>(), TOTAL);
    prop_assert_eq!(distributor.operations, model.pool);
    prop_assert_eq!(&children, &model.children);
    prop_assert_eq!(state.next_organization_id.unwrap().get(), model.next);
    let faults = sandbox.control().faults().faults;
    let counted: Vec<_> = faults.iter().map(|fault| (fault.id, fault.acted)).collect();
    prop_assert_eq!(counted, armed.iter().map(|rule| (rule.id, rule.acted)).collect::<Vec<_>>());
    Ok(())
}
