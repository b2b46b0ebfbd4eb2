//! A server whose list of children may be cut: what it lacks is not taken to be absent.

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};

use insta::assert_snapshot;

use crate::support::fake_make::{Distributor, FakeMake, json, list, read_answer};
use crate::support::world::{Seen, World};

const CREATE: &str = "child create --name Dorado --owner-name Ada --owner-email ada@dorado.example --region EU --country CZ \
    --credits 10000 --yes --quiet";

/// Starts a server whose page of children is full, whatever page it is asked for, and that does every write.
fn cut() -> FakeMake {
    FakeMake::start(|request| {
        if request.starts_with("GET /api/v2/organizations/11/managed-organizations?")
            || request == "GET /api/v2/organizations/11/managed-organizations"
        {
            return json(
                "200 OK",
                r#"{"managedOrganizations":[{"organizationId":123,"organizationName":"Acme","operationsAllocated":10000}],
                    "pg":{"limit":1,"offset":0}}"#,
            );
        }
        match request {
            "POST /api/v2/organizations/11/managed-organizations" => {
                json("200 OK", r#"{"childOrganizationId":124,"newParentOperations":480000}"#)
            }
            "PATCH /api/v2/organizations/11/managed-organizations/123" => {
                json("200 OK", r#"{"newParentOperations":480000,"newChildOperations":20000}"#)
            }
            _ => read_answer(request),
        }
    })
}

fn run(server: &FakeMake, command: &str) -> Seen {
    World::of(server).run_line(command)
}

#[test]
fn a_child_that_is_not_listed_is_not_called_unknown() {
    let server = cut();

    assert_snapshot!(run(&server, "child show Bakery"), @r#"
    exit: 1
    ----- stdout -----
    ----- stderr -----
    error: child organization "Bakery" is not listed: the server's list of children may be cut, since no page proves to be the last
    hint: `mms child list` shows what is listed: name the child by its id, like id:123, if it is there
    "#);
    for command in ["child show 125", "child allocate Bakery 20000 --yes", "child allocate id:125 20000 --yes"] {
        let seen = run(&server, command);
        assert_eq!((seen.code, seen.stdout.as_str()), (1, ""), "{seen}");
        assert!(seen.stderr.contains("the server's list of children may be cut"), "{seen}");
        assert!(seen.stderr.contains("hint: "), "{seen}");
    }
    assert!(server.requests("PATCH").is_empty());
}

#[test]
fn a_child_that_is_listed_is_shown() {
    for child in ["Acme", "123", "id:123"] {
        let seen = run(&cut(), &format!("child show {child} -o json"));
        assert_eq!(seen.json()["organizationId"], 123, "{seen}");
    }
}

#[test]
fn an_allocation_takes_the_id_alone_where_another_child_may_have_the_name() {
    let server = cut();

    assert_snapshot!(run(&server, "child allocate Acme 20000 --yes"), @r#"
    exit: 1
    ----- stdout -----
    ----- stderr -----
    error: child organization "Acme" may not be the only one of that name: the server's list of children may be cut, since no page proves to be the last
    hint: name the child by its id: id:123 if 123 "Acme" is meant
    "#);
    assert!(server.requests("PATCH").is_empty());
    for child in ["123", "id:123"] {
        let seen = run(&server, &format!("child allocate {child} 20000 --yes"));
        assert_eq!(seen.code, 0, "{seen}");
    }
    assert_eq!(server.requests("PATCH").len(), 2);
}

#[test]
fn nothing_is_created_where_its_child_could_not_be_found_again() {
    let server = cut();

    assert_snapshot!(run(&server, CREATE), @r#"
    exit: 1
    ----- stdout -----
    ----- stderr -----
    error: the server's list of children may be cut, since no page proves to be the last: nothing was sent, for the child could not be told from others if no usable answer comes
    hint: create it in Make itself, after you looked at `mms child list`; no flag of this command lifts that
    "#);
    let duplicate = run(&server, &format!("{CREATE} --allow-duplicate-name"));
    assert_eq!(duplicate.to_string(), run(&server, CREATE).to_string());
    assert!(run(&server, &CREATE.replace("Dorado", "acme")).stderr.contains(r#"named "Acme" exists: 123"#));
    assert!(server.requests("POST").is_empty());
}

#[test]
fn lists_are_printed_with_a_warning() {
    assert_snapshot!(run(&cut(), "child list --quiet"), @r#"
    exit: 0
    ----- stdout -----
     ID  NAME  CREDITS  ZONE
    123  Acme    10000  -
    ----- stderr -----
    warning: the server's list of children may be cut, since no page proves to be the last
    "#);
    assert_snapshot!(run(&cut(), "consumption --quiet"), @"
    exit: 0
    ----- stdout -----
     ID  NAME  CREDITS  CONSUMED     LEFT  USED  STATE         LAST RESET
    123  Acme    10000   5000.00  5000.00   50%  ok            -
    124  -           -      0.07        -     -  not_reported  -
    125  -           -      0.09        -     -  not_reported  [TIME]
    ----- stderr -----
    warning: the server's list of children may be cut, since no page proves to be the last
    ");
}

#[test]
fn a_list_of_which_the_server_states_no_limit_may_be_cut_too() {
    let server = FakeMake::start(|request| match request {
        "GET /api/v2/organizations/11/managed-organizations" => json(
            "200 OK",
            r#"{"managedOrganizations":[{"organizationId":123,"organizationName":"Acme","operationsAllocated":0}]}"#,
        ),
        _ => read_answer(request),
    });

    assert!(run(&server, "child list").stderr.starts_with("warning: the server's list of children may be cut"));
    assert_eq!(run(&server, CREATE).code, 1);
}

#[test]
fn a_list_that_is_proven_whole_brings_no_warning() {
    let server = FakeMake::answering_writes(None);

    for command in ["child list", "consumption"] {
        assert_eq!(run(&server, command).stderr, "", "{command}");
    }
}

#[test]
fn a_create_beside_another_that_grows_the_list_while_it_is_read_is_made() {
    let distributor = Mutex::new(Distributor::of(&[(1, 10_000), (2, 10_000)]));
    let is_shifted = AtomicBool::new(true);
    let server = FakeMake::answering(move |request, body| {
        let children = "GET /api/v2/organizations/11/managed-organizations?";
        if request.starts_with(children) {
            // Once a child that another program created stands before the last one, which so comes again.
            let again = is_shifted.swap(false, Ordering::SeqCst).then_some((2, "Child 2", 10_000));
            return list(again, Some(100));
        }
        let mut distributor = distributor.lock().unwrap();
        if request.starts_with("GET ") {
            return distributor.read(request);
        }
        distributor.apply(request, &serde_json::from_str(body).unwrap())
    });

    let seen = run(&server, CREATE);

    assert_eq!((seen.code, server.requests("POST").len()), (0, 1), "{seen}");
}
