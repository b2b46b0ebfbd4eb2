//! Allocations whose answer is lost, or shows somebody else: read back, and told.

use std::sync::atomic::{AtomicBool, Ordering};

use insta::assert_snapshot;

use super::run;
use crate::support::fake_make::{Distributor, FakeMake, json, read_answer};
use crate::support::world::ALLOCATE;

#[test]
fn an_allocation_whose_answer_is_lost_is_read_back() {
    let server = FakeMake::with_state(Distributor::new(), |distributor, request, body| {
        distributor.apply(request, body).and(None)
    });

    assert_snapshot!(run(&server, &ALLOCATE.replace("-q", "")), @"
    exit: 0
    ----- stdout -----
    ID       123
    NAME     Acme
    CREDITS  20000
    CHANGE   10000
    POOL     -
    ----- stderr -----
    About to change the allocation of a child organization:
      api       LIVE http://127.0.0.1:[PORT]/api/v2
      child     123 Acme
      credits   10,000 -> 20,000 (+10,000)
      consumed  5,000.00
      pool      490,000 -> 480,000
    No usable answer to the change (the connection broke off): reading the child, and sending it again if nothing changed.
    warning: no usable answer came to the change: the list shows that 123 has 20000 credits
    ");
    assert_eq!(server.requests("PATCH"), ["PATCH /api/v2/organizations/11/managed-organizations/123"]);
}

#[test]
fn an_allocation_that_cannot_be_read_back_is_unknown() {
    let was_sent = AtomicBool::new(false);
    let server = FakeMake::start(move |request| match request {
        "GET /api/v2/organizations/11/managed-organizations" if was_sent.load(Ordering::SeqCst) => {
            json("404 Not Found", r#"{"message":"Not Found"}"#)
        }
        _ if request.starts_with("GET ") => read_answer(request),
        _ => {
            was_sent.store(true, Ordering::SeqCst);
            None
        }
    });

    assert_snapshot!(run(&server, ALLOCATE), @"
    exit: 5
    ----- stdout -----
    ----- stderr -----
    error: allocation of 20000 to child 123: no usable answer came, and the child is not seen to have it: read the child before anything else: no answer from 127.0.0.1:[PORT]: connection closed before message completed (1 attempt, [ELAPSED])
    hint: look at `mms child show 123` first: the allocation may have changed
    ");
    assert_eq!(server.requests("PATCH").len(), 1);
}

#[test]
fn a_pool_that_somebody_else_moved_at_the_same_time_is_remarked() {
    let server = FakeMake::answering_writes(json(
        "200 OK",
        r#"{"newParentOperations":470000,"newChildOperations":20000,"operationsDiff":10000,"limitIncreased":true}"#,
    ));

    assert_snapshot!(run(&server, ALLOCATE), @r#"
    exit: 0
    ----- stdout -----
    ID       123
    NAME     Acme
    CREDITS  20000
    CHANGE   10000
    POOL     470000
    ----- stderr -----
    warning: the pool holds 470000 credits where 480000 were expected: somebody else moved some at the same time
    "#);
}

#[test]
fn an_allocation_that_was_not_obeyed_is_no_success() {
    let server = FakeMake::answering_writes(json(
        "200 OK",
        r#"{"newParentOperations":480000,"newChildOperations":30000,"operationsDiff":20000,"limitIncreased":true}"#,
    ));

    assert_snapshot!(run(&server, ALLOCATE), @r#"
    exit: 5
    ----- stdout -----
    ----- stderr -----
    error: allocation of 20000 to child 123: it has 30000: another writer, or the server decided otherwise; see who did before setting it again
    hint: look at `mms child show 123` first: the allocation may have changed
    "#);
    assert_eq!(server.requests("PATCH").len(), 1);
}

#[test]
fn an_allocation_that_somebody_else_set_meanwhile_is_named_when_it_is_overwritten() {
    let server = FakeMake::answering_writes(json(
        "200 OK",
        r#"{"newParentOperations":480000,"newChildOperations":20000,"operationsDiff":-70000,"limitIncreased":false}"#,
    ));

    assert_snapshot!(run(&server, ALLOCATE), @r#"
    exit: 0
    ----- stdout -----
    ID       123
    NAME     Acme
    CREDITS  20000
    CHANGE   -70000
    POOL     480000
    ----- stderr -----
    warning: child organization 123 had 90000 credits when 20000 were set, and not 10000 as shown: somebody else changed it meanwhile, which is overwritten
    "#);
}

#[test]
fn an_allocation_that_was_overwritten_after_a_resend_leaves_a_doubt() {
    let was_lost = AtomicBool::new(false);
    let server = FakeMake::start(move |request| match request {
        _ if request.starts_with("GET ") => read_answer(request),
        _ if was_lost.swap(true, Ordering::SeqCst) => json(
            "200 OK",
            r#"{"newParentOperations":480000,"newChildOperations":20000,"operationsDiff":-70000,"limitIncreased":false}"#,
        ),
        _ => None,
    });

    assert_snapshot!(run(&server, ALLOCATE), @r#"
    exit: 5
    ----- stdout -----
    ID       123
    NAME     Acme
    CREDITS  20000
    CHANGE   -70000
    POOL     480000
    ----- stderr -----
    error: the total was sent more than once, and child organization 123 had 90000 credits when 20000 were set, and not 10000 as shown: somebody else changed it meanwhile, which is overwritten
    hint: ask who else changes it, and look at `mms child show 123`
    "#);
    assert_eq!(server.requests("PATCH").len(), 2);
}
