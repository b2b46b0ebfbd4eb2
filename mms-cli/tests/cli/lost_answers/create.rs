//! Creates whose answer is lost or proves nothing: looked for, and never sent again.

use std::sync::atomic::{AtomicBool, Ordering};

use insta::assert_snapshot;

use super::run;
use crate::support::fake_make::{Distributor, FakeMake, json, list, read_answer};
use crate::support::world::{CREATE, World};

#[test]
fn a_create_whose_answer_is_lost_is_sent_once_and_its_child_is_found() {
    let server = FakeMake::with_state(Distributor::new(), |distributor, request, body| {
        distributor.apply(request, body).and(None)
    });

    assert_snapshot!(run(&server, &CREATE.replace("--quiet", "")), @"
    exit: 0
    ----- stdout -----
    ID           125
    NAME         Dorado
    CREDITS      10000
    ZONE         -
    OWNER ID     -
    OWNER NAME   Ada
    OWNER EMAIL  ada@dorado.example
    POOL         480000
    ----- stderr -----
    About to create a child organization, which can never be deleted:
      api          LIVE http://127.0.0.1:[PORT]/api/v2
      distributor  11 Distributor
      name         Dorado
      owner        Ada <ada@dorado.example>
      region       1 EU (can never be changed)
      country      60 Czechia
      credits      10,000
      pool         490,000 -> 480,000
      journal      [HOME]/.local/state/mms/intents, 0 creates known
    No usable answer to the create (the connection broke off): looking for the child, once.
    warning: no usable answer came to the create: 125 is the one new child organization of that name and allocation, and so it is taken for it
    ");
    assert_eq!(server.requests("POST").len(), 1);
}

#[test]
fn an_adopted_child_has_the_owner_that_was_asked_for_and_the_pool_that_is_read() {
    let pool_is_denied = AtomicBool::new(false);
    let distributor = std::sync::Mutex::new(Distributor::new());
    let server = FakeMake::answering(move |request, body| {
        let mut distributor = distributor.lock().unwrap();
        match request {
            "GET /api/v2/organizations/11" if pool_is_denied.load(Ordering::SeqCst) => {
                json("403 Forbidden", r#"{"message":"Access denied","code":"SC403"}"#)
            }
            _ if request.starts_with("GET ") => distributor.read(request),
            _ => {
                pool_is_denied.store(true, Ordering::SeqCst);
                distributor.apply(request, &serde_json::from_str(body).unwrap()).and(None)
            }
        }
    });

    let row = run(&server, &format!("{CREATE} -o json")).json();

    assert_eq!((&row["userName"], &row["userEmail"]), (&"Ada".into(), &"ada@dorado.example".into()), "{row}");
    for unknown in ["userId", "userExisted", "userLanguage", "newParentOperations"] {
        assert_eq!(row[unknown], serde_json::Value::Null, "{unknown}: {row}");
    }
}

#[test]
fn a_create_of_which_nothing_is_seen_afterwards_is_unknown() {
    let server = FakeMake::with_state(Distributor::new(), |_, _, _| None);

    assert_snapshot!(run(&server, CREATE), @r#"
    exit: 5
    ----- stdout -----
    ----- stderr -----
    error: no usable answer came to the create of "Dorado" (the connection broke off), and no new child is listed: it may still appear until [CLOCK]
    hint: `mms child settle` looks again; create it by no other way before its outcome is known
    "#);
    assert_eq!(server.requests("POST").len(), 1);
}

#[test]
fn a_create_after_which_two_children_fit_is_ambiguous() {
    let server = FakeMake::with_state(Distributor::new(), |distributor, request, body| {
        distributor.apply(request, body).and_then(|_| distributor.apply(request, body)).and(None)
    });

    assert_snapshot!(run(&server, CREATE), @r#"
    exit: 5
    ----- stdout -----
    ----- stderr -----
    error: no usable answer came to the create of "Dorado" (the connection broke off), and several new children fit: 125, 126
    hint: do not create it by another way before you know what became of it:
      1. look again: `mms child settle`
      2. look in Make, and at what is listed: `mms child list`
      3. if it is one of 125, 126: `mms child settle --intent [INTENT] --child ID`
      4. if it is nowhere, 212 s after it was sent: `mms child settle --intent [INTENT] --give-up --reason TEXT`
    "#);
}

#[test]
fn a_pool_that_fell_though_no_child_shows_is_a_contradiction() {
    let (distributor, _) = Distributor::lagging();
    let server =
        FakeMake::with_state(distributor, |distributor, request, body| distributor.apply(request, body).and(None));

    assert_snapshot!(run(&server, CREATE), @r#"
    exit: 5
    ----- stdout -----
    ----- stderr -----
    error: no usable answer came to the create of "Dorado" (the connection broke off), and no new child fits, and yet the pool fell as if there were one
    hint: do not create it by another way before you know what became of it:
      1. look again: `mms child settle`
      2. look in Make, and at what is listed: `mms child list`
      3. if it is there: `mms child settle --intent [INTENT] --child ID`
      4. if it is nowhere, 212 s after it was sent: `mms child settle --intent [INTENT] --give-up --reason TEXT`
    "#);
}

#[test]
fn a_server_that_says_201_created_it() {
    let server = FakeMake::answering_writes(json("201 Created", r#"{"childOrganizationId":125,"userExisted":true}"#));

    assert_snapshot!(run(&server, &format!("{CREATE} -o csv")), @"
    exit: 0
    ----- stdout -----
    childOrganizationId,organizationName,operationsAllocated,domain,userId,userName,userEmail,userLanguage,userExisted,newParentOperations,organizationId,outcome
    125,Dorado,10000,,,,,,1,,125,created
    ----- stderr -----
    warning: ada@dorado.example has an account with Make already: the child belongs to that account, which the server does not name
    ");
}

#[cfg(target_os = "linux")]
#[test]
fn a_create_that_cannot_be_reported_warns_against_doing_it_twice() {
    let server = FakeMake::answering_writes(json("200 OK", r#"{"childOrganizationId":125}"#));
    let world = World::of(&server);
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

#[test]
fn a_create_that_was_sent_twice_on_the_way_is_told() {
    let was_made = AtomicBool::new(false);
    let server = FakeMake::start(move |request| match request {
        "POST /api/v2/organizations/11/managed-organizations" => {
            was_made.store(true, Ordering::SeqCst);
            json("200 OK", r#"{"childOrganizationId":125,"newParentOperations":470000}"#)
        }
        "GET /api/v2/organizations/11/managed-organizations" if was_made.load(Ordering::SeqCst) => {
            list([(123, "Acme", 10_000), (125, "Dorado", 10_000), (126, "Dorado", 10_000)], Some(100))
        }
        _ => read_answer(request),
    });

    assert_snapshot!(run(&server, CREATE), @r#"
    exit: 5
    ----- stdout -----
    ----- stderr -----
    error: child organization 125 was created, and the pool fell as if there were two (new beside it: 126): somebody on the way may have sent the create twice
    hint: look at `mms child list` and in Make; take the credits back from the one that is not wanted, and do not create it again
    "#);
    assert_eq!(server.requests("POST").len(), 1);
}
