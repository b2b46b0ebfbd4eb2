//! Concurrent changes of the clock and the state.

use std::time::Duration;

use mms_sandbox::types::{ClockReading, ClockSetting, ConsumeRequest, FaultRule};
use mms_sandbox::{Sandbox, types};
use mms_types::{OrganizationId, Timestamp};
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;
use tokio::task::JoinSet;

use crate::fixtures::data_file;
use crate::http_client::{CHILDREN, Request, a_create, address, children, sandbox};

fn at(time: &str) -> Timestamp {
    Timestamp::new(time)
}

fn frozen(now: &str) -> ClockReading {
    ClockReading { now: Timestamp::new(now), frozen: true }
}

#[tokio::test(flavor = "multi_thread")]
async fn no_turn_of_the_clock_is_lost() {
    let sandbox = Sandbox::builder().freeze_clock(Some(at("2026-11-02T00:00:00Z"))).start().await.unwrap();
    let mut turns = JoinSet::new();
    for _ in 0..24 {
        let control = sandbox.control().clone();
        turns.spawn(async move { control.advance_clock(Duration::from_secs(3600)).await.unwrap() });
    }
    turns.join_all().await;
    assert_eq!(sandbox.control().clock(), frozen("2026-11-03T00:00:00Z"));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_clock_never_ends_before_a_time_that_was_accepted() {
    let sandbox = Sandbox::builder().freeze_clock(Some(at("2026-11-02T00:00:00Z"))).start().await.unwrap();
    let mut turns = JoinSet::new();
    for day in 3..28 {
        let control = sandbox.control().clone();
        turns.spawn(async move {
            let now = Some(Timestamp::new(format!("2026-11-{day:02}T00:00:00Z")));
            control.set_clock(ClockSetting { now, frozen: None }).await.is_ok()
        });
    }
    turns.join_all().await;
    assert_eq!(sandbox.control().clock(), frozen("2026-11-27T00:00:00Z"), "the latest is always accepted");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_under_way_does_not_bring_an_old_time_into_a_new_state() {
    let sandbox = Sandbox::builder().freeze_clock(Some(at("2026-11-02T00:00:00Z"))).start().await.unwrap();
    let first = sandbox.control().state().await.unwrap();
    for _ in 0..20 {
        let later = ClockSetting { now: Some(at("2031-05-02T00:00:00Z")), frozen: None };
        sandbox.control().set_clock(later).await.unwrap();
        let mut changes = JoinSet::new();
        for _ in 0..6 {
            let control = sandbox.control().clone();
            changes.spawn(async move {
                let amount = ConsumeRequest { operations: 1, ..ConsumeRequest::default() };
                control.consume(OrganizationId::new(103), amount).await.unwrap();
            });
        }
        sandbox.control().reset().await.unwrap();
        changes.join_all().await;
        let state = sandbox.control().state().await.unwrap();
        assert_eq!(state.clock, first.clock);
        assert_eq!(state.distributors[0].last_reset, first.distributors[0].last_reset);
        assert_eq!(state.distributors[0].next_reset, first.distributors[0].next_reset);
    }
}

#[tokio::test]
async fn a_reset_comes_back_to_the_frozen_time() {
    let sandbox = Sandbox::builder().freeze_clock(Some(at("2024-02-29T00:00:00Z"))).start().await.unwrap();
    sandbox.control().advance_clock(Duration::from_secs(86_400)).await.unwrap();
    assert_eq!(sandbox.control().reset().await.unwrap().clock, frozen("2024-02-29T00:00:00Z"));
}

#[tokio::test]
async fn a_file_keeps_its_time_when_it_is_frozen_again() {
    let (_directory, file) = data_file();
    let start = || Sandbox::builder().data(&file).freeze_clock(Some(at("2026-11-01T00:00:00Z"))).start();
    let sandbox = start().await.unwrap();
    sandbox.control().advance_clock(Duration::from_secs(3600)).await.unwrap();
    sandbox.stop().await.unwrap();
    assert_eq!(start().await.unwrap().control().clock(), frozen("2026-11-01T01:00:00Z"));
}

#[tokio::test]
async fn a_reset_goes_back_to_what_the_file_was_planted_with() {
    let (_directory, file) = data_file();
    let seed = serde_json::from_value(serde_json::json!({
        "distributors": [{ "organizationId": 77, "operations": 10_000, "tokens": [{ "token": "t", "scopes": [] }] }],
    }));
    Sandbox::builder().data(&file).state(seed.unwrap()).start().await.unwrap().stop().await.unwrap();
    let sandbox = Sandbox::builder().data(&file).start().await.unwrap();
    sandbox.control().reset().await.unwrap();
    let state = sandbox.control().state().await.unwrap();
    assert_eq!(state.distributors[0].organization_id, sandbox.organization_id());
    assert_eq!(sandbox.organization_id(), OrganizationId::new(77));
}

#[tokio::test]
async fn a_caller_that_hangs_up_during_a_delay_does_not_stop_the_work() {
    let sandbox = sandbox().await;
    let delay = types::FaultAction {
        kind: types::FaultKind::DelayBefore,
        milliseconds: Some(30),
        ..types::FaultAction::default()
    };
    let fault = sandbox.control().add_fault(FaultRule::from(delay).on("create_child_organization").times(1)).unwrap();
    let request = Request::new("POST", CHILDREN).json(&a_create()).written(address(&sandbox), "close");
    let mut stream = TcpStream::connect(address(&sandbox)).await.unwrap();
    stream.write_all(&request).await.unwrap();
    while sandbox.control().fault(fault.id).unwrap().acted == 0 {
        tokio::task::yield_now().await;
    }
    drop(stream);
    while children(&sandbox).await.len() < 4 {
        tokio::task::yield_now().await;
    }
}
