//! Writes whose outcome nobody knows: sent once, never again, and said so.

use insta::assert_snapshot;

use crate::fake_make::{Answer, FakeMake, json};
use crate::world::{Seen, TOKEN, World};

const CREATE: &str = "child create --name Dorado --owner-name Ada --owner-email ada@dorado.example \
    --region EU --country CZ --credits 10000 --yes --quiet";
const ALLOCATE: &str = "child allocate Acme 20000 -y -q";

fn world(server: &FakeMake) -> World {
    World::new().with("MMS_BASE_URL", server.base_url()).with("MMS_ORGANIZATION_ID", "11").with("MAKE_API_KEY", TOKEN)
}

fn run(server: &FakeMake, command: &str) -> Seen {
    world(server).run(&command.split_whitespace().collect::<Vec<_>>())
}

#[test]
fn a_create_whose_answer_is_lost_is_sent_once_and_its_outcome_is_unknown() {
    let server = FakeMake::answering_writes(None);

    assert_snapshot!(run(&server, CREATE), @r#"
    exit: 5
    ----- stdout -----
    ----- stderr -----
    error: create_child_organization: no answer from 127.0.0.1:[PORT]: connection closed before message completed (1 attempt, [ELAPSED])
    hint: look at `mms child list` first: the child may exist, and it was not sent again
    "#);
    assert_eq!(server.requests("POST").len(), 1);
}

#[test]
fn an_allocation_whose_answer_is_lost_is_sent_once_and_its_outcome_is_unknown() {
    let server = FakeMake::answering_writes(None);

    assert_snapshot!(run(&server, ALLOCATE), @r#"
    exit: 5
    ----- stdout -----
    ----- stderr -----
    error: update_child_organization_allocation: no answer from 127.0.0.1:[PORT]: connection closed before message completed (1 attempt, [ELAPSED])
    hint: look at `mms child show 123` first: the allocation may have changed
    "#);
    assert_eq!(server.requests("PATCH"), ["PATCH /api/v2/organizations/11/managed-organizations/123"]);
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
    error: child organization 123 was asked to have 20000 credits and now has 30000: another writer, or the server decided otherwise
    hint: look at `mms child show 123` before running the command again
    "#);
    assert_eq!(server.requests("PATCH").len(), 1);
}

#[test]
fn every_answer_that_proves_nothing_leaves_the_outcome_unknown() {
    let html = |status| -> Answer { Some((status, "text/html", "<html><title>Bad</title></html>".to_owned())) };
    for answer in [
        html("502 Bad Gateway"),
        html("503 Service Unavailable"),
        html("408 Request Timeout"),
        html("307 Temporary Redirect"),
        html("200 OK"),
        json("200 OK", r#"{"userId":7}"#),
    ] {
        let server = FakeMake::answering_writes(answer.clone());

        assert_eq!(run(&server, CREATE).code, 5, "{answer:?}");
        assert_eq!(server.requests("POST").len(), 1, "{answer:?}");
    }
}

#[test]
fn a_write_that_is_refused_changed_nothing() {
    for (status, code) in [
        ("400 Bad Request", 1),
        ("404 Not Found", 1),
        ("409 Conflict", 1),
        ("429 Too Many Requests", 1),
        ("401 Unauthorized", 4),
        ("403 Forbidden", 4),
    ] {
        let server = FakeMake::answering_writes(json(status, r#"{"message":"No","detail":"Not today."}"#));

        for command in [CREATE, ALLOCATE] {
            // Too short a time to wait for another minute of the limit.
            let seen = run(&server, &format!("{command} --timeout 5"));
            assert_eq!(seen.code, code, "{seen}");
            assert!(seen.stderr.contains("Not today"), "{seen}");
        }
        assert_eq!(server.requests("P").len(), 2, "{status}");
    }
}

#[test]
fn a_server_that_says_201_created_it() {
    let server = FakeMake::answering_writes(json("201 Created", r#"{"childOrganizationId":125,"userExisted":true}"#));

    assert_snapshot!(run(&server, &format!("{CREATE} -o csv")), @r#"
    exit: 0
    ----- stdout -----
    childOrganizationId,domain,userId,userName,userEmail,userLanguage,userExisted,newParentOperations
    125,,,,,,1,
    ----- stderr -----
    "#);
}

#[cfg(target_os = "linux")]
#[test]
fn a_create_that_cannot_be_reported_warns_against_doing_it_twice() {
    let server = FakeMake::answering_writes(json("200 OK", r#"{"childOrganizationId":125}"#));
    let world = world(&server);
    let full = std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let mut command = world.command(&CREATE.split_whitespace().collect::<Vec<_>>());

    assert_snapshot!(world.seen(command.stdout(full)), @r#"
    exit: 5
    ----- stdout -----
    ----- stderr -----
    error: child organization 125 was created: standard output cannot be written: No space left on device (os error 28)
    hint: do not run the command again before you looked at `mms child list`
    "#);
}
