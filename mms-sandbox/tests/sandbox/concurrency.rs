//! Concurrent requests.

use std::collections::BTreeSet;
use std::sync::Arc;

use mms_sandbox::Sandbox;
use serde_json::json;
use tokio::task::JoinSet;

use crate::fixtures::data_file;
use crate::http_client::{a_create_with, allocate, children, create, pool, sandbox, total};

async fn creates_and_allocations_at_once_keep_the_sum(sandbox: Sandbox) {
    let sandbox = Arc::new(sandbox);
    let mut creates = JoinSet::new();
    let mut allocations = JoinSet::new();
    for round in 0..40 {
        let (creating, allocating) = (sandbox.clone(), sandbox.clone());
        let email = format!("owner{}@many.example", round % 5);
        creates.spawn(async move { create(&creating, &a_create_with("userEmail", json!(email))).await });
        allocations.spawn(async move { allocate(&allocating, 101 + round % 3, 10_000 * (round % 13)).await });
    }
    let new: Vec<_> = creates.join_all().await.into_iter().filter(|answer| answer.status != 409).collect();
    let ids: BTreeSet<_> = new.iter().map(|answer| answer.body["childOrganizationId"].as_u64().unwrap()).collect();
    assert_eq!(ids.len(), new.len());
    assert!(!new.is_empty() && new.iter().all(|answer| answer.status == 200));
    assert!(allocations.join_all().await.iter().all(|answer| [200, 409].contains(&answer.status)));
    assert_eq!(children(&sandbox).await.len(), 3 + new.len());
    assert_eq!(total(&sandbox).await, 660_000);
    assert!(pool(&sandbox).await >= 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_writes_at_once_lose_no_operation_and_give_no_id_twice_in_memory() {
    creates_and_allocations_at_once_keep_the_sum(sandbox().await).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_writes_at_once_lose_no_operation_and_give_no_id_twice_in_a_file() {
    let (_directory, file) = data_file();
    let sandbox = Sandbox::builder().data(file).start().await.unwrap();
    creates_and_allocations_at_once_keep_the_sum(sandbox).await;
}
