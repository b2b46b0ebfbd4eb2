//! Writes at the same time as somebody else's: what is told of it.

use std::sync::atomic::{AtomicBool, Ordering};

use insta::assert_snapshot;

use crate::support::fake_make::{FakeMake, json, read_answer};
use crate::support::world::{ALLOCATE, World, words};

#[test]
fn a_pool_that_somebody_else_moved_at_the_same_time_is_remarked() {
    let server = FakeMake::answering_writes(json(
        "200 OK",
        r#"{"newParentOperations":470000,"newChildOperations":20000,"operationsDiff":10000,"limitIncreased":true}"#,
    ));

    assert_snapshot!(World::of(&server).run(&words(ALLOCATE)), @r#"
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
fn an_allocation_that_somebody_else_set_meanwhile_is_named_when_it_is_overwritten() {
    let server = FakeMake::answering_writes(json(
        "200 OK",
        r#"{"newParentOperations":480000,"newChildOperations":20000,"operationsDiff":-70000,"limitIncreased":false}"#,
    ));

    assert_snapshot!(World::of(&server).run(&words(ALLOCATE)), @r#"
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

    assert_snapshot!(World::of(&server).run(&words(ALLOCATE)), @r#"
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
